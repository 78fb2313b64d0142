"""uniCenta's and Chromis's table dumps become sales with their tax, equal to the payments to the cent."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from colmado_insights.errors import UnknownColumns
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.presets import unicenta
from colmado_insights.storage.importing.quarantine import read_bad_rows
from colmado_insights.storage.schema import open_database
from tests.storage.presets.made import DATA, bring_made, can_come_in, expected, mutate, sold
from tests.storage.till import dump

FOLDER = DATA / "unicenta"
EXPORT = sorted(path for path in FOLDER.glob("*.csv") if path.stem != "expected")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def without(*stems: str) -> list[Path]:
    """The export less some of its tables."""
    return [path for path in EXPORT if path.stem not in stems]


def amounts(lines: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Number, moment, kind and amount of each line."""
    return [(line[0], line[1], line[2], line[7]) for line in lines]


def test_lines_come_in_with_their_tax_equal_to_the_payments(database: Database) -> None:
    report = bring_made(database, unicenta, *EXPORT)
    assert sold(database) == expected(FOLDER)
    # The debt that was paid is void; money taken from the drawer and the open drawer are nothing at all.
    assert (report.new, report.voided, report.quarantined) == (11, 1, 1)
    paid = {"1": 11_500, "2": 10_000, "F-3": 18_700, "4": 6_000}
    rows = database.read("SELECT number, total_cents FROM sale WHERE kind = 0")
    assert dict(rows) == paid
    assert database.read_one("SELECT sum(total_cents) FROM sale WHERE kind = 1") == -4_500 - 9_000


def test_a_dump_of_chromis_in_another_writing_reads_the_same(database: Database, tmp_path: Path) -> None:
    """MySQL's own export: lower case names, tabs, backslash N for nothing."""
    for path in EXPORT:
        with (
            path.open(encoding="utf-8", newline="") as stream,
            (tmp_path / f"{path.stem}.txt").open("w", encoding="utf-8", newline="") as target,
        ):
            header, *rows = csv.reader(stream)
            writer = csv.writer(target, delimiter="\t", lineterminator="\n")
            writer.writerow([name.lower() for name in header])
            writer.writerows([["\\N" if cell in ("", "NULL") else cell for cell in row] for row in rows])
    paths = sorted(tmp_path.glob("*.txt"))
    assert all(unicenta.recognise(path, path.read_bytes()) >= 0.7 for path in paths)
    bring_made(database, unicenta, *paths)
    assert sold(database) == expected(FOLDER)


def test_a_line_without_its_ticket_is_kept_aside_by_name(database: Database) -> None:
    report = bring_made(database, unicenta, *EXPORT)
    assert report.batch is not None
    [bad] = read_bad_rows(database, report.batch)
    assert bad.code == "no_date"
    assert "r-9999-zzzz" in bad.raw


def test_the_same_export_twice_adds_nothing(database: Database) -> None:
    bring_made(database, unicenta, *EXPORT)
    before = dump(database)
    report = bring_made(database, unicenta, *EXPORT)
    assert (report.new, report.replaced, report.unchanged) == (0, 0, 11)
    assert dump(database) == before


def test_the_tax_is_found_in_the_tax_lines_when_the_taxes_are_missing(database: Database) -> None:
    bring_made(database, unicenta, *without("taxes"))
    assert amounts(sold(database)) == amounts(expected(FOLDER))


def test_the_tax_is_found_in_the_payments_when_nothing_else_tells_it(database: Database) -> None:
    bring_made(database, unicenta, *without("taxes", "taxlines"))
    totals = dict(database.read("SELECT number, total_cents FROM sale WHERE kind = 0"))
    assert totals == {"1": 11_500, "2": 10_000, "F-3": 18_700, "4": 6_000}


def test_without_payments_the_rate_alone_gives_the_amounts(database: Database) -> None:
    bring_made(database, unicenta, *without("payments"))
    rows = database.read("SELECT number, total_cents FROM sale WHERE kind = 0")
    assert dict(rows) == {"1": 11_500, "2": 9_999, "F-3": 18_700}  # 3 × 33.33, nobody knows of the cent
    assert {line[9] for line in sold(database)} == {"unknown"}


def test_prices_that_hold_the_tax_already_are_not_taxed_twice(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "ticketlines.csv"
    text = (FOLDER / path.name).read_text(encoding="utf-8")
    text = (
        text.replace("38.1355932203", "45").replace("28.2457627119", "33.33").replace("1.5,100,", "1.5,118,")
    )
    path.write_text(text, encoding="utf-8")
    bring_made(database, unicenta, path, *without("ticketlines"))
    assert amounts(sold(database)) == amounts(expected(FOLDER))


def test_attributes_in_hex_tell_the_name_too(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "ticketlines.csv"
    xml = '<properties><entry key="product.name">Hielo &amp; agua</entry></properties>'
    path.write_text(
        "TICKET,LINE,PRODUCT,UNITS,PRICE,TAXID,ATTRIBUTES\n"
        f"r-0009-aaad,0,NULL,2,30,exento,0x{xml.encode().hex().upper()}\n",
        encoding="utf-8",
    )
    bring_made(database, unicenta, path, *without("ticketlines"))
    assert [line[3:8] for line in sold(database) if line[0] == "4"] == [
        ("Hielo & agua", "", "", "2.000", "60.00")
    ]


def test_a_number_given_twice_stays_two_sales(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    text = (FOLDER / path.name).read_text(encoding="utf-8")
    path.write_text(text.replace("r-0009-aaad,0,4", "r-0009-aaad,0,2"), encoding="utf-8")
    bring_made(database, unicenta, path, *without("tickets"))
    numbers = {line[0]: line[1] for line in sold(database) if line[2] == "sale"}
    assert numbers["2"] == "2026-10-01 08:03:10"
    assert numbers["2-r-0009-a"] == "2026-10-01 18:00:00"


@pytest.mark.parametrize("table", ["receipts", "tickets", "ticketlines"])
def test_a_missing_table_is_asked_for_by_name(table: str) -> None:
    with pytest.raises(UnknownColumns, match=f"sin la tabla {table.upper()} de uniCenta") as refused:
        list(unicenta.read_rows(without(table)))
    assert table.upper() in refused.value.todo


def test_taxes_are_asked_for_when_nothing_tells_them() -> None:
    with pytest.raises(UnknownColumns, match="TAXES"):
        list(unicenta.read_rows(without("taxes", "taxlines", "payments")))


def test_products_are_asked_for_when_lines_do_not_name_them(tmp_path: Path) -> None:
    path = tmp_path / "ticketlines.csv"
    path.write_text("TICKET,LINE,PRODUCT,UNITS,PRICE,TAXID\nr-0009-aaad,0,prod-1,2,30,exento\n")
    others = without("ticketlines", "products")
    with pytest.raises(UnknownColumns, match="PRODUCTS"):
        list(unicenta.read_rows([path, *others]))


@pytest.mark.parametrize("path", EXPORT, ids=lambda path: path.stem)
def test_each_table_is_recognised_by_its_columns(path: Path) -> None:
    assert unicenta.recognise(path, path.read_bytes()) >= 0.7


def test_tables_are_recognised_whatever_the_file_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "Downloads"
    folder.mkdir()
    for number, path in enumerate(EXPORT):
        if path.stem not in ("categories", "people"):
            copy = shutil.copy(path, folder / f"query_{number}.csv")
            assert unicenta.recognise(Path(copy), path.read_bytes()) > 0.9


def test_other_files_are_not_taken() -> None:
    for path in [*DATA.glob("*.csv"), *(DATA / "eleventa").glob("*.csv")]:
        assert unicenta.recognise(path, path.read_bytes()) == 0


def test_broken_files_are_refused_with_a_sentence_or_come_in(database: Database, tmp_path: Path) -> None:
    chance = random.Random(13)
    contents = {path.name: path.read_bytes() for path in EXPORT}
    read = 0
    for _round in range(200):
        name = chance.choice(sorted(contents))
        for other, content in contents.items():
            (tmp_path / other).write_bytes(mutate(chance, content) if other == name else content)
        assert 0 <= unicenta.recognise(tmp_path / name, (tmp_path / name).read_bytes()) <= 1
        read += can_come_in(database, unicenta, sorted(tmp_path.glob("*.csv")))
    assert read > 100
