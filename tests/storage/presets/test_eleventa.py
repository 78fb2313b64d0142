"""Eleventa's table dumps become sales, voids and refunds to the cent and the minute."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from colmado_insights.errors import EmptyFile, UnknownColumns
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.presets import eleventa
from colmado_insights.storage.importing.quarantine import read_bad_rows
from colmado_insights.storage.schema import open_database
from tests.storage.presets.made import DATA, bring_made, can_come_in, expected, mutate, sold
from tests.storage.till import dump

FOLDER = DATA / "eleventa"
EXPORT = sorted(path for path in FOLDER.glob("*.csv") if path.stem != "expected")
NECESSARY = [FOLDER / "VENTATICKETS.csv", FOLDER / "VENTATICKETS_ARTICULOS.csv"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def changed(tmp_path: Path, name: str, *changes: tuple[str, str]) -> list[Path]:
    """The export with some words of one of its files changed."""
    folder = tmp_path / "dump"
    folder.mkdir(exist_ok=True)
    for path in EXPORT:
        shutil.copy(path, folder / path.name)
    text = (folder / name).read_bytes().decode("cp1252")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / name).write_bytes(text.encode("cp1252"))
    return sorted(folder.glob("*.csv"))


def test_sales_credit_mixed_payments_and_returns_come_in_to_the_cent(database: Database) -> None:
    report = bring_made(database, eleventa, *EXPORT)
    assert sold(database) == expected(FOLDER)
    # The open ticket is no sale yet; the line without its ticket is kept aside.
    assert (report.new, report.voided, report.quarantined) == (9, 1, 1)
    assert database.read_one("SELECT sum(total_cents) FROM sale") == 73_775


def test_a_line_without_its_ticket_is_kept_aside_by_name(database: Database) -> None:
    report = bring_made(database, eleventa, *EXPORT)
    assert report.batch is not None
    [bad] = read_bad_rows(database, report.batch)
    assert bad.code == "no_date"
    assert "9999" in bad.raw and "Pan de agua" in bad.raw


def test_the_same_export_twice_adds_nothing(database: Database) -> None:
    bring_made(database, eleventa, *EXPORT)
    before = dump(database)
    report = bring_made(database, eleventa, *EXPORT)
    assert (report.new, report.replaced, report.unchanged) == (0, 0, 9)
    assert dump(database) == before


def test_a_ticket_cancelled_later_is_removed(database: Database, tmp_path: Path) -> None:
    bring_made(database, eleventa, *EXPORT)
    later = changed(
        tmp_path, "VENTATICKETS.csv",
        ("2026-10-05 18:45:30.0000,f,11", "2026-10-05 18:45:30.0000,t,11"),
    )  # fmt: skip
    report = bring_made(database, eleventa, *later)
    assert report.voided == 2
    assert [line for line in sold(database) if line[0] == "1005"] == []


def test_a_ticket_closed_later_comes_in_then(database: Database, tmp_path: Path) -> None:
    bring_made(database, eleventa, *EXPORT)
    later = changed(
        tmp_path, "VENTATICKETS.csv",
        ("25.00,5.00,t,,,t,,DOP,1.000,,f,11,,,f,,", "25.00,5.00,f,,2026-10-06 12:00:00,t,,DOP,1.000,,f,11,,,f,e,"),
    )  # fmt: skip
    report = bring_made(database, eleventa, *later)
    assert report.receipts_new == 1
    [line] = [line for line in sold(database) if line[0] == "1004"]
    assert (line[1], line[7]) == ("2026-10-06 12:00:00", "25.00")


@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("T", "F"), ("true", "false")])
def test_booleans_are_read_as_every_dump_writes_them(
    database: Database, tmp_path: Path, yes: str, no: str
) -> None:
    paths = changed(tmp_path, "VENTATICKETS.csv", (",t,", f",{yes},"), (",f,", f",{no},"))
    report = bring_made(database, eleventa, *paths)
    assert (report.new, report.voided) == (9, 1)


def test_semicolons_commas_and_day_first_dates_read_the_same(database: Database, tmp_path: Path) -> None:
    """FlameRobin on a Windows in Spanish."""
    folder = tmp_path / "dump"
    folder.mkdir()
    for name in ("VENTATICKETS", "VENTATICKETS_ARTICULOS", "DEVOLUCIONES", "DEVOLUCIONES_ARTICULOS"):
        text = (FOLDER / f"{name}.csv").read_bytes().decode("cp1252")
        quoted = text.split('"')
        for place in range(0, len(quoted), 2):
            quoted[place] = quoted[place].replace(",", ";").replace(".", ",")
        text = '"'.join(quoted)
        for day in ("05", "06"):
            text = text.replace(f"2026-10-{day} ", f"{day}.10.2026 ")
        (folder / f"{name}.csv").write_bytes(text.encode("cp1252"))
    bring_made(database, eleventa, *sorted(folder.glob("*.csv")))
    facts = [(line[0], line[1], line[6], line[7], line[8]) for line in sold(database)]
    assert facts == [(line[0], line[1], line[6], line[7], line[8]) for line in expected(FOLDER)]


def test_what_was_given_back_without_its_date_is_kept_aside(database: Database) -> None:
    """The returns' own tables were not exported: the mark on the article must not go unseen."""
    report = bring_made(database, eleventa, *NECESSARY)
    assert report.quarantined == 2
    assert report.batch is not None
    assert any("D-1006" in bad.raw for bad in read_bad_rows(database, report.batch))
    assert database.read_one("SELECT count(*) FROM sale WHERE kind = 1") == 0
    assert database.read_one("SELECT sum(total_cents) FROM sale") == 80_775
    bring_made(database, eleventa, *EXPORT)
    assert [(line[0], line[7]) for line in sold(database)] == [
        (line[0], line[7]) for line in expected(FOLDER)
    ]


def test_a_return_without_its_articles_keeps_its_money(database: Database) -> None:
    bring_made(database, eleventa, *NECESSARY, FOLDER / "DEVOLUCIONES.csv")
    [line] = [line for line in sold(database) if line[2] == "refund"]
    assert (line[:4], line[7]) == (("D-7", "2026-10-06 10:20:15", "refund", "SIN NOMBRE"), "-70.00")


def test_what_was_given_back_of_a_cancelled_ticket_is_void_too(database: Database, tmp_path: Path) -> None:
    cancelled = changed(
        tmp_path, "VENTATICKETS.csv", ("2026-10-05 19:03:05.0000,f,12", "2026-10-05 19:03:05.0000,t,12")
    )
    report = bring_made(database, eleventa, *cancelled)
    assert report.voided == 3
    assert database.read_one("SELECT count(*) FROM sale WHERE kind = 1 OR number = '1006'") == 0


def test_a_name_with_a_bare_comma_does_not_shift_amounts(database: Database, tmp_path: Path) -> None:
    paths = changed(tmp_path, "VENTATICKETS_ARTICULOS.csv", ("Ron Añejo 700 ml", "Ron Añejo, 700 ml"))
    report = bring_made(database, eleventa, *paths)
    assert (report.new, report.quarantined) == (8, 2)
    assert [line for line in sold(database) if line[0] == "1005"] == []


def test_the_tables_saved_from_a_spreadsheet_read_the_same(database: Database, tmp_path: Path) -> None:
    for path in EXPORT:
        with (
            path.open(encoding="cp1252", newline="") as stream,
            xlsxwriter.Workbook(tmp_path / f"{path.stem}.xlsx") as book,
        ):
            sheet = book.add_worksheet()
            for at, row in enumerate(csv.reader(stream)):
                sheet.write_row(at, 0, row)
    bring_made(database, eleventa, *sorted(tmp_path.glob("*.xlsx")))
    assert sold(database) == expected(FOLDER)


def test_two_months_that_overlap_are_one_export(database: Database, tmp_path: Path) -> None:
    again = tmp_path / "otra vez"
    again.mkdir()
    for path in NECESSARY:
        shutil.copy(path, again / f"{path.stem}_2.csv")
    bring_made(database, eleventa, *EXPORT, *sorted(again.glob("*.csv")))
    assert sold(database) == expected(FOLDER)


def test_lines_scattered_over_the_dump_are_brought_together(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "VENTATICKETS_ARTICULOS.csv"
    header, *lines = (FOLDER / path.name).read_bytes().splitlines(keepends=True)
    path.write_bytes(header + b"".join(sorted(lines, key=lambda line: line[3:4] + line[:4])))
    others = [other for other in EXPORT if other.name != path.name]
    report = bring_made(database, eleventa, path, *others)
    assert report.new == 9
    assert database.read_one("SELECT sum(total_cents) FROM sale") == 73_775


def test_an_older_version_without_line_totals_is_reckoned_from_the_price(
    database: Database, tmp_path: Path
) -> None:
    text = (FOLDER / "VENTATICKETS_ARTICULOS.csv").read_bytes().decode("cp1252")
    path = tmp_path / "VENTATICKETS_ARTICULOS.csv"
    path.write_bytes(text.replace("TOTAL_ARTICULO", "OTRO").encode("cp1252"))
    bring_made(database, eleventa, path, *(other for other in EXPORT if other.name != path.name))
    wanted = [(line[0], line[7], line[8]) for line in expected(FOLDER)]
    assert [(line[0], line[7]) for line in sold(database)] == [line[:2] for line in wanted]
    assert {line[8] for line in sold(database)} == {""}


@pytest.mark.parametrize(("left_out", "named"), [(0, "VENTATICKETS"), (1, "VENTATICKETS_ARTICULOS")])
def test_a_missing_table_is_asked_for_by_name(left_out: int, named: str) -> None:
    with pytest.raises(UnknownColumns, match=named) as refused:
        list(eleventa.read_rows([NECESSARY[1 - left_out]]))
    assert f"Exporta también {named} " in refused.value.todo


def test_an_export_without_tickets_is_empty(tmp_path: Path) -> None:
    paths = [tmp_path / path.name for path in NECESSARY]
    for path, source in zip(paths, NECESSARY, strict=True):
        path.write_bytes(source.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(EmptyFile):
        list(eleventa.read_rows(paths))


@pytest.mark.parametrize("path", EXPORT, ids=lambda path: path.stem)
def test_each_table_is_recognised_by_its_columns(path: Path, tmp_path: Path) -> None:
    head = path.read_bytes()
    assert eleventa.recognise(path, head) >= 0.7
    if path in NECESSARY:
        assert eleventa.recognise(tmp_path / "datos.csv", head) > 0.9


def test_other_files_are_not_taken(tmp_path: Path) -> None:
    for path in [*DATA.glob("*.csv"), *(DATA / "unicenta").glob("*.csv")]:
        assert eleventa.recognise(path, path.read_bytes()) == 0


def test_broken_files_are_refused_with_a_sentence_or_come_in(database: Database, tmp_path: Path) -> None:
    chance = random.Random(14)
    contents = {path.name: path.read_bytes() for path in EXPORT}
    read = 0
    for _round in range(200):
        name = chance.choice(sorted(contents))
        for other, content in contents.items():
            (tmp_path / other).write_bytes(mutate(chance, content) if other == name else content)
        assert 0 <= eleventa.recognise(tmp_path / name, (tmp_path / name).read_bytes()) <= 1
        read += can_come_in(database, eleventa, sorted(tmp_path.glob("*.csv")))
    assert read > 100
