"""Square's items and transactions, together and alone, become sales to the cent and the minute."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from colmado_insights.domain import PAYMENTS
from colmado_insights.errors import EmptyFile
from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.presets import square, square_transactions
from colmado_insights.storage.importing.quarantine import read_bad_rows
from colmado_insights.storage.schema import open_database
from tests.storage.presets.made import DATA, bring_made, can_come_in, expected, mutate, sold
from tests.storage.till import dump

FOLDER = DATA / "square"
ITEMS = FOLDER / "pair" / "items-2026-09-13-2026-09-15.csv"
TRANSACTIONS = FOLDER / "pair" / "transactions-2026-09-13-2026-09-15.csv"
EXPORTS = sorted(folder for folder in FOLDER.iterdir())


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name != "expected.csv")


def changed(path: Path, tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The file with some of its words changed."""
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    copy = tmp_path / path.name
    copy.write_text(text, encoding="utf-8")
    return copy


@pytest.mark.parametrize("folder", EXPORTS, ids=lambda folder: folder.name)
def test_every_variant_comes_in_to_the_cent_and_the_minute(database: Database, folder: Path) -> None:
    report = bring_made(database, square, *files(folder))
    assert sold(database) == expected(folder)
    assert (report.voided, report.quarantined) == (0, 0)
    before = dump(database)
    again = bring_made(database, square, *files(folder))
    assert (again.new, again.replaced, again.receipts_new) == (0, 0, 0)
    assert dump(database) == before
    assert health.find_problems(database) == ()


def test_items_alone_do_not_tell_the_payment(database: Database) -> None:
    bring_made(database, square, ITEMS)
    assert sold(database) == [(*line[:9], "unknown", *line[10:]) for line in expected(FOLDER / "pair")]


def test_transactions_alone_are_receipts_without_lines_tax_or_tips(database: Database) -> None:
    report = bring_made(database, square_transactions, TRANSACTIONS)
    assert report.revenue_cents == 1255_00 + 18_00 - 15_00 + 45_50
    receipts = [(row[0], row[4], row[5], str(PAYMENTS[row[7]])) for row in dump(database)["sales"]]
    assert receipts == [
        ("PA3", -15_00, 0, "card"),
        ("SQA1x", 1255_00, 0, "card"),
        ("SQA2x", 18_00, 0, "cash"),
        ("SQA4x", 45_50, 0, "mixed"),
    ]


@pytest.mark.parametrize(
    "steps", list(itertools.permutations(((square, ITEMS), (square_transactions, TRANSACTIONS))))
)
def test_one_file_after_the_other_ends_like_both_together(tmp_path: Path, steps: tuple[object, ...]) -> None:
    with open_database(tmp_path / "a.db") as together, open_database(tmp_path / "b.db") as apart:
        bring_made(together, square, ITEMS, TRANSACTIONS)
        for preset, path in steps:  # type: ignore[misc]
            bring_made(apart, preset, path)
        assert dump(apart) == dump(together)
        again = bring_made(apart, square, TRANSACTIONS, ITEMS)
        assert (again.new, again.replaced) == (0, 0)


def test_a_transaction_without_its_items_still_counts(database: Database, tmp_path: Path) -> None:
    lines = ITEMS.read_text(encoding="utf-8").splitlines(keepends=True)
    fewer = tmp_path / "items.csv"
    fewer.write_text("".join(line for line in lines if "SQA4x" not in line), encoding="utf-8")
    report = bring_made(database, square, fewer, TRANSACTIONS)
    assert report.revenue_cents == 1255_00 + 18_00 - 15_00 + 45_50
    assert ("SQA4x", "SIN NOMBRE", "45.50", "mixed") in [
        (line[0], line[3], line[7], line[9]) for line in sold(database)
    ]


def test_a_sale_paid_in_two_parts_is_one_sale(database: Database, tmp_path: Path) -> None:
    path = changed(
        TRANSACTIONS, tmp_path, ("SQA2x,PA2", "SQA1x,PA9"), ("2026-09-13,11:30:00", "2026-09-13,10:02:20")
    )
    bring_made(database, square_transactions, path)
    sale = next(row for row in dump(database)["sales"] if row[0] == "SQA1x")
    assert (sale[4], str(PAYMENTS[sale[7]])) == (1273_00, "mixed")


def test_files_that_overlap_tell_each_sale_once(database: Database, tmp_path: Path) -> None:
    again = tmp_path / "otra vez.csv"
    again.write_bytes(ITEMS.read_bytes())
    bring_made(database, square, ITEMS, TRANSACTIONS, again, TRANSACTIONS)
    assert sold(database) == expected(FOLDER / "pair")


def test_a_failed_payment_is_void(database: Database, tmp_path: Path) -> None:
    path = changed(
        TRANSACTIONS,
        tmp_path,
        (
            "Speckled Mug,Payment,Autumn Fair,,,,,,$0.00,,,,,,,,Complete",
            "Speckled Mug,Payment,Autumn Fair,,,,,,$0.00,,,,,,,,Failed",
        ),
    )
    report = bring_made(database, square_transactions, path)
    assert (report.new, report.voided) == (3, 1)


def test_rows_that_are_no_sale_are_kept_aside_not_dropped(database: Database, tmp_path: Path) -> None:
    path = changed(
        ITEMS, tmp_path, ("2026-09-13,11:30:00", "ayer,"), (",$45.50,", ",mucho,"),
        ("7460001000015,Physical Good,,Rosa,,,,,", "7460001000015,Physical Good,,Rosa,,,,,,más que la cabecera"),
    )  # fmt: skip
    report = bring_made(database, square, path)
    assert report.rows_read == 5
    assert report.batch is not None
    bad = read_bad_rows(database, report.batch)
    assert sorted(row.code for row in bad) == ["bad_amount", "bad_date", "no_date"]
    assert any("cabecera" in row.raw for row in bad)


def test_day_first_dates_are_seen_by_the_whole_file(database: Database, tmp_path: Path) -> None:
    """The first hundreds of rows fit both readings; the last row decides."""
    header = "Date,Time,Item,Qty,Gross Sales,Discounts,Net Sales,Transaction ID,Payment ID,Event Type\n"
    rows = [f"05/09/2026,10:00:{n % 60:02d},Pan,1,$5.00,$0.00,$5.00,T{n},P{n},Payment\n" for n in range(600)]
    path = tmp_path / "items.csv"
    path.write_text(header + "".join(rows) + rows[0].replace("05/09", "25/09").replace("T0", "T9999"))
    report = bring_made(database, square, path)
    assert str(report.first_day) == "2026-09-05"
    assert str(report.last_day) == "2026-09-25"


@pytest.mark.parametrize(("path", "least"), [(ITEMS, 0.9), (TRANSACTIONS, 0.85)])
def test_it_is_known_by_its_content_whatever_its_name_and_order(
    path: Path, least: float, tmp_path: Path
) -> None:
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines() if '"' not in line]
    turned = tmp_path / "ventas.txt"
    turned.write_text("\n".join(",".join(reversed(row)) for row in rows), encoding="utf-8")
    assert square.recognise(turned, turned.read_bytes()) >= least


def test_transactions_are_claimed_by_their_own_preset() -> None:
    head = TRANSACTIONS.read_bytes()
    assert square_transactions.recognise(TRANSACTIONS, head) > square.recognise(TRANSACTIONS, head)
    assert square_transactions.recognise(ITEMS, ITEMS.read_bytes()) == 0


def test_other_files_are_not_taken() -> None:
    for path in [*DATA.glob("*.csv"), *(DATA / "odoo").rglob("*.*"), *(DATA / "refused").glob("*.*")]:
        assert square.recognise(path, path.read_bytes()) == 0


def test_a_header_alone_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(ITEMS.read_bytes().splitlines()[0])
    with pytest.raises(EmptyFile):
        list(square.read_rows([path]))


def test_broken_files_are_refused_with_a_sentence_or_read(database: Database, tmp_path: Path) -> None:
    chance = random.Random(21)
    read = 0
    for turn in range(200):
        paths = [tmp_path / ITEMS.name, tmp_path / TRANSACTIONS.name]
        for path, source in zip(paths, (ITEMS, TRANSACTIONS), strict=True):
            path.write_bytes(mutate(chance, source.read_bytes()))
            assert 0 <= square.recognise(path, path.read_bytes()) <= 1
        read += can_come_in(database, square, paths)
        if turn % 4 == 0:
            can_come_in(database, square_transactions, paths[1:])
    assert read > 90
