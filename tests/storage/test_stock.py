"""Stock is the last count less what was sold since; a merged product is one; care is computed from one walk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from colmado_insights.domain import day_number
from colmado_insights.storage.corrections import merge_products, undo_merge
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.history import undo_batch
from colmado_insights.storage.products import write_cost
from colmado_insights.storage.schema import open_database
from colmado_insights.storage.stock import CareFrames, read_stamp, read_stock, write_stock, write_supplier
from tests.storage.till import LAST, NOW, bring_lines


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def left(shop: Database, as_of: date | None = None) -> dict[int, int]:
    stock = read_stock(shop, as_of)
    return dict(zip(stock["product_id"].tolist(), stock["stock_milli"].tolist(), strict=True))


def test_a_count_goes_down_with_sales_and_up_with_refunds(shop: Database, tmp_path: Path) -> None:
    bring_lines(
        shop, tmp_path, (9, "Pan", 5, "25", ""), (5, "Pan", 2, "10", ""), (3, "Pan", -1, "-5", ""),
        (0, "Pan", 4, "20", ""), (0, "Café", 1, "40", ""),
    )  # fmt: skip
    assert left(shop) == {}
    write_stock(shop, 1, 20_000, LAST - timedelta(days=9))  # what was sold that day is counted already
    assert left(shop) == {1: 15_000}
    assert left(shop, LAST - timedelta(days=1)) == {1: 19_000}
    assert left(shop, LAST - timedelta(days=10)) == {}
    write_stock(shop, 1, 3_000, LAST - timedelta(days=1))
    assert left(shop) == {1: -1_000}  # more was sold than was there: a delivery came


def test_a_merged_product_is_counted_as_one(shop: Database, tmp_path: Path) -> None:
    bring_lines(
        shop,
        tmp_path,
        (9, "Pan", 1, "5", ""),
        (9, "PAN", 1, "5", ""),
        (2, "Pan", 2, "10", ""),
        (1, "PAN", 3, "15", ""),
    )
    counted = LAST - timedelta(days=5)
    write_stock(shop, 1, 10_000, counted)
    write_stock(shop, 2, 4_000, counted)
    assert left(shop) == {1: 8_000, 2: 1_000}
    merge = merge_products(shop, 1, [2], NOW)
    assert left(shop) == {1: 9_000}
    write_stock(shop, 2, 30_000, counted)  # of either name, it is one product now
    assert left(shop) == {1: 25_000}
    undo_merge(shop, merge, NOW)
    assert left(shop) == {1: 28_000}


def test_what_the_owner_counted_outlives_the_import(shop: Database, tmp_path: Path) -> None:
    batch = bring_lines(
        shop, tmp_path, (1, "Pan", 1, "5", ""), (1, "Café", 1, "5", ""), (1, "Ron", 1, "5", "")
    ).batch
    assert batch is not None
    write_stock(shop, 1, 7_000, LAST)
    write_supplier(shop, 2, "  Industrias   Banilejas ")
    undo_batch(shop, batch, now=NOW)
    assert shop.read("SELECT name, supplier FROM product ORDER BY id") == [
        ("Pan", ""),
        ("Café", "Industrias Banilejas"),
    ]
    assert left(shop) == {1: 7_000}


def test_nothing_is_written_of_a_product_that_is_not_there(shop: Database) -> None:
    write_stock(shop, 7, 1_000, LAST)
    write_supplier(shop, 7, "Nadie")
    assert shop.read("SELECT * FROM product_stock") == []


def test_care_reads_lines_costs_suppliers_and_goods_by_amount(shop: Database, tmp_path: Path) -> None:
    asked = [(day, "Salami", quantity, total, "") for day, quantity, total in (
        (0, "0.167", "25.00"), (1, "0.333", "50.00"), (2, "0.067", "10.00"), (3, "1.000", "150.00"),
    )]  # fmt: skip
    bring_lines(shop, tmp_path, *asked, (9, "Pan", 2, "10", "3.00"), (1, "PAN", -1, "-5", "3.00"))
    merge_products(shop, 2, [3], NOW)
    write_supplier(shop, 3, "Panadería")
    write_cost(shop, 1, 90_00, LAST)
    write_stock(shop, 2, 9_000, LAST - timedelta(days=2))
    frames = CareFrames(shop, LAST)
    assert frames.goods.to_dict("list") == {
        "product_id": [1, 2], "category": frames.goods["category"].tolist(), "supplier": ["", "Panadería"],
        "is_by_amount": [True, False],
    }  # fmt: skip
    bread = frames.sold[frames.sold["product_id"] == 2].sort_values("day")
    assert bread[["quantity_milli", "amount_cents", "cost_cents"]].to_numpy().tolist() == [
        [2000, 10_00, 6_00], [-1000, -5_00, -3_00],
    ]  # fmt: skip
    assert frames.costs.to_numpy().tolist() == [[1, day_number(LAST), 90_00]]
    assert frames.stock["stock_milli"].tolist() == [10_000]


def test_what_was_counted_after_the_last_whole_day_stands_as_counted(shop: Database, tmp_path: Path) -> None:
    bring_lines(shop, tmp_path, (3, "Pan", 1, "5", ""), (1, "Pan", 2, "10", ""), (0, "Pan", 4, "20", ""))
    write_stock(shop, 1, 9_000, LAST - timedelta(days=2))
    write_stock(shop, 1, 30_000, LAST)
    yesterday = LAST - timedelta(days=1)
    assert CareFrames(shop, yesterday).stock["stock_milli"].tolist() == [7_000]
    today = CareFrames(shop, yesterday, LAST).stock
    assert today.to_numpy().tolist() == [[1, day_number(yesterday), 30_000]]


def test_the_stamp_tells_every_change(shop: Database, tmp_path: Path) -> None:
    bring_lines(shop, tmp_path, (1, "Pan", 1, "5", ""), (1, "PAN", 1, "5", ""))
    stamps = [read_stamp(shop)]
    for change in (
        lambda: write_stock(shop, 1, 1_000, LAST), lambda: write_stock(shop, 1, 2_000, LAST),
        lambda: write_cost(shop, 1, 3_00, LAST), lambda: write_supplier(shop, 1, "Uno"),
        lambda: merge_products(shop, 1, [2], NOW),
    ):  # fmt: skip
        change()
        stamps.append(read_stamp(shop))
    assert len(set(stamps)) == len(stamps)
