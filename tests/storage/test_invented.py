"""The sample shop goes whole with one click: sales, people, costs and stock; what is the owner's own stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from colmado_insights.domain import Customer
from colmado_insights.shop import Shop
from tests.storage.till import write_rows

NOW = datetime(2026, 11, 20, 18, 30)
OWN = Customer(0, "Doña Milagros de la esquina", phone="809-555-0101")
HEADER = ("Recibo", "Fecha", "Producto", "Total")
ROWS = (
    ("A-1", "2026-11-20 09:00", "Pan de Agua", 10),
    ("A-2", "2026-11-20 09:05", "Funda de hielo de la casa", 25),
)
EVERYTHING = (
    "SELECT (SELECT count(*) FROM sale), (SELECT count(*) FROM product), (SELECT count(*) FROM customer),"
    " (SELECT count(*) FROM product_cost), (SELECT count(*) FROM product_stock),"
    " (SELECT count(*) FROM product WHERE supplier <> ''), (SELECT count(*) FROM setting WHERE name = 'sample')"
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "shop.db"
    with Shop(path) as made:
        made.make_sample(days=4, now=NOW)
    return path


@pytest.fixture
def shop(sample: Path, tmp_path: Path) -> Iterator[Shop]:
    with Shop(shutil.copy(sample, tmp_path / "shop.db")) as opened:
        yield opened


def count(shop: Shop) -> tuple[int, ...]:
    return tuple(shop._database.read(EVERYTHING)[0])


@pytest.mark.parametrize("which", [0, -1])
def test_one_of_its_imports_taken_back_takes_all_of_it_back(shop: Shop, which: int) -> None:
    assert all(count(shop))
    shop.undo_import(shop.read_imports()[which].batch)
    assert count(shop) == (0, 0, 0, 0, 0, 0, 0)
    assert all(batch.is_undone for batch in shop.read_imports())


def test_what_is_the_owners_own_stays(shop: Shop, tmp_path: Path) -> None:
    bread = next(each for each in shop.read_catalog() if each.name == "Pan de Agua")
    own = shop.write_customer(OWN)
    shop.write_cost(bread.product_id, 800)
    shop.import_files([write_rows(tmp_path / "ventas.csv", ROWS, HEADER)])
    sample = shop.read_imports()[-1]
    shop.undo_import(sample.batch)
    assert [(each.customer_id, each.phone) for each in shop.read_customers()] == [(own, "809-555-0101")]
    assert {each.name: each.cost_cents for each in shop.read_catalog()} == {
        "Pan de Agua": 800,
        "Funda de hielo de la casa": None,
    }
    assert shop.read_suppliers() == {}
    assert shop.read_summary().receipts == 2


def test_another_import_taken_back_leaves_the_sample_alone(shop: Shop, tmp_path: Path) -> None:
    before = count(shop)
    shop.import_files([write_rows(tmp_path / "ventas.csv", ROWS, HEADER)])
    shop.undo_import(shop.read_imports()[0].batch)
    assert count(shop) == before


def test_a_sample_made_again_can_be_taken_back_again(shop: Shop) -> None:
    shop.undo_import(shop.read_imports()[0].batch)
    shop.make_sample(days=4, now=NOW)
    assert all(count(shop))
    shop.undo_import(shop.read_imports()[0].batch)
    assert count(shop) == (0, 0, 0, 0, 0, 0, 0)
