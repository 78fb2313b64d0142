"""Loyverse's two files, in both languages, as the machine writes them (tests/data)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from colmado_insights.domain import PAYMENTS, Payment, SaleKind
from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.history import undo_batch
from colmado_insights.storage.importing.readers import open_table
from colmado_insights.storage.importing.sources import choose_preset
from colmado_insights.storage.schema import open_database
from tests.storage.till import NOW, bring_in, bring_one, dump

DATA = Path(__file__).parent.parent / "data"
ITEMS, RECEIPTS = (
    DATA / "receipts-by-item-2026-10-01-2026-10-31.csv",
    DATA / "receipts-2026-10-01-2026-10-31.csv",
)
ITEMS_ES, RECEIPTS_ES = DATA / "receipts-by-item-es.csv", DATA / "receipts-es.csv"
KEPT = ["2-1678", "2-1679", "2-1680", "2-1681", "2-1683"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "preset"),
    [
        (ITEMS, "loyverse_items"),
        (ITEMS_ES, "loyverse_items"),
        (RECEIPTS, "loyverse_receipts"),
        (RECEIPTS_ES, "loyverse_receipts"),
    ],
)
def test_the_export_is_known_by_its_content(path: Path, preset: str, tmp_path: Path) -> None:
    renamed = tmp_path / "ventas.txt"
    renamed.write_bytes(path.read_bytes())
    assert choose_preset(open_table(renamed)).name == preset


def test_one_renamed_column_and_missing_options_do_not_matter(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    text = (
        ITEMS.read_text(encoding="utf-8").replace(",Item,", ",Item name,").replace("Dining option", "Comida")
    )
    path.write_text(text, encoding="utf-8-sig")
    assert bring_one(database, path).preset == "loyverse_items"


@pytest.mark.parametrize("path", [ITEMS, ITEMS_ES])
def test_items_alone(database: Database, path: Path) -> None:
    report = bring_one(database, path)
    assert (report.rows_read, report.new, report.voided, report.quarantined) == (8, 7, 1, 0)
    assert report.receipts_new == 5
    assert (report.first_day, report.last_day) == (date(2026, 10, 1), date(2026, 10, 14))
    assert report.revenue_cents == 199_88 + 500_00 - 250_00 + 40_00 + 20_00
    sales = {row[0]: row for row in dump(database)["sales"]}
    assert list(sales) == KEPT
    assert sales["2-1680"][3:7] == (SaleKind.REFUND, -250_00, 1, -1000)
    assert sales["2-1681"][1] % 86_400 == 30 * 60  # half past midnight, not past noon
    assert sales["2-1679"][7:] == (0, "Colmado La Esquina · POS 2", "Owner", "Doña Ana")
    lines = [line for line in dump(database)["lines"] if line[0] == "2-1678"]
    assert [line[3:] for line in lines] == [
        (0, "ACE 1 LB", 6000, 119_88, 0, 90_72),
        (1, "ARROZ SELECTO LB", 2500, 80_00, 7_50, 60_00),
    ]
    twins = [line[3:7] for line in dump(database)["lines"] if line[0] == "2-1683"]
    assert twins == [(0, "PAN SOBAO (Grande)", 1000, 10_00), (1, "PAN SOBAO (Grande)", 1000, 10_00)]


@pytest.mark.parametrize("path", [RECEIPTS, RECEIPTS_ES])
def test_receipts_alone(database: Database, path: Path) -> None:
    report = bring_one(database, path)
    assert (report.rows_read, report.new, report.voided, report.receipts_new) == (6, 5, 1, 5)
    sales = dump(database)["sales"]
    assert [(row[0], row[3], row[4], row[5], PAYMENTS[row[7]]) for row in sales] == [
        ("2-1678", 0, 199_88, 0, Payment.CASH),
        ("2-1679", 0, 500_00, 0, Payment.CREDIT),
        ("2-1680", 1, -250_00, 0, Payment.CASH),
        ("2-1681", 0, 40_00, 0, Payment.CARD),
        ("2-1683", 0, 20_00, 0, Payment.CASH),
    ]


def test_the_pair_ends_the_same_in_every_order_and_language(tmp_path: Path) -> None:
    states = []
    for items, receipts in itertools.product((ITEMS, ITEMS_ES), (RECEIPTS, RECEIPTS_ES)):
        for name, steps in (
            ("together", [(items, receipts)]),
            ("together backwards", [(receipts, items)]),
            ("items first", [(items,), (receipts,)]),
            ("receipts first", [(receipts,), (items,)]),
        ):
            with open_database(tmp_path / f"{items.stem}-{receipts.stem}-{name}.db") as database:
                for paths in steps:
                    assert all(report.is_accounted for report in bring_in(database, *paths))
                states.append(dump(database))
                again = bring_in(database, items, receipts)
                assert [(r.new, r.replaced, r.receipts_new) for r in again] == [(0, 0, 0)] * 2
                assert health.find_problems(database) == ()
    assert all(state == states[0] for state in states)
    assert [row[7] for row in states[0]["sales"]] == [1, 4, 1, 2, 1]


def test_the_same_sales_in_the_other_language_add_nothing(database: Database) -> None:
    bring_in(database, ITEMS_ES, RECEIPTS_ES)
    before = dump(database)
    assert [report.new + report.replaced for report in bring_in(database, ITEMS, RECEIPTS)] == [0, 0]
    assert dump(database) == before


@pytest.mark.parametrize("first", [(ITEMS, RECEIPTS), (RECEIPTS, ITEMS)])
@pytest.mark.parametrize("undone", [0, 1])
def test_undo_of_one_half_leaves_the_other(tmp_path: Path, first: tuple[Path, Path], undone: int) -> None:
    with open_database(tmp_path / "pair.db") as database, open_database(tmp_path / "half.db") as half:
        for path in first:
            bring_one(database, path)
        undo_batch(database, undone + 1, now=NOW)
        bring_one(half, first[1 - undone])
        assert dump(database) == dump(half)
        bring_one(database, first[undone])
        bring_one(half, first[undone])
        assert dump(database) == dump(half)
