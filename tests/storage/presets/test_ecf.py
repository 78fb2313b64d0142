"""Electronic receipts come in with what the customer paid, to the cent, whatever else lies in the folder."""

from __future__ import annotations

import random
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from colmado_insights.errors import EmptyFile, NotSales, ShopError, UnreadableFile
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.ecf_files import survey
from colmado_insights.storage.importing.fields import Field
from colmado_insights.storage.importing.presets import ecf
from colmado_insights.storage.importing.quarantine import read_bad_rows
from colmado_insights.storage.schema import open_database
from tests.storage.presets.made import DATA, bring_made, can_come_in, expected, mutate, sold
from tests.storage.till import dump

FOLDER = DATA / "ecf" / "emitidos"
ONE = FOLDER / "131000001E320000000001.xml"
WITH_TAX = FOLDER / "131000001E320000000002.xml"
BOMB = DATA / "ecf" / "bomba.xml"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def cells(row: tuple[object, ...], *wanted: Field) -> tuple[object, ...]:
    return tuple(row[ecf.FIELDS.index(name)] for name in wanted)


def read_or_refuse(*paths: Path) -> list[tuple[object, ...]] | ShopError:
    """The rows, or the sentence that refuses them; anything else is a failure."""
    try:
        return [tuple(row) for row in ecf.read_rows(paths)]
    except ShopError as refused:
        assert refused.what.strip()
        return refused


def changed(tmp_path: Path, *changes: tuple[str, str], source: Path = ONE) -> list[tuple[object, ...]]:
    """The rows of a receipt in which some text was replaced."""
    text = source.read_bytes().decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "one.xml"
    path.write_text(text, encoding="utf-8")
    return [tuple(row) for row in ecf.read_rows([path])]


# What comes in


def test_lines_add_up_to_what_the_customer_paid(database: Database) -> None:
    report = bring_made(database, ecf, FOLDER)
    assert sold(database) == expected(FOLDER.parent)
    assert (report.new, report.voided, report.quarantined) == (18, 1, 1)
    totals = dict(database.read("SELECT number, total_cents FROM sale"))
    for path in FOLDER.glob("131000001E*.xml"):
        body = path.read_bytes()
        text = body.decode("utf-16" if b"\x00" in body else "latin-1")
        number, total = re.search(r"E\d{12}", text), re.search(r"<MontoTotal>([\d.]+)<", text)
        if number and total and number[0] in totals and "(1)" not in path.name:
            is_free = "<TipoPago>3<" in text
            sign = -1 if number[0].startswith("E34") else 1
            assert totals[number[0]] == (0 if is_free else sign * round(float(total[1]) * 100)), path.name


def test_the_same_folder_twice_adds_nothing(database: Database) -> None:
    bring_made(database, ecf, FOLDER)
    before = dump(database)
    again = bring_made(database, ecf, FOLDER)
    assert (again.new, again.unchanged, again.replaced, again.receipts_new) == (0, 18, 0, 0)
    assert dump(database) == before


def test_files_one_by_one_give_what_the_folder_gives(database: Database, tmp_path: Path) -> None:
    bring_made(database, ecf, FOLDER)
    with open_database(tmp_path / "other.db") as other:
        for path in survey([FOLDER]).sales:
            if path[0].name != "131000001E320000000006.xml":  # the broken one
                bring_made(other, ecf, path[0])
        assert sold(other) == sold(database)


def test_a_broken_file_is_kept_aside_by_name_and_loses_no_other(database: Database) -> None:
    report = bring_made(database, ecf, FOLDER)
    assert report.batch is not None
    [bad] = read_bad_rows(database, report.batch)
    assert bad.code == "no_date"
    assert "131000001E320000000006.xml" in bad.raw


def test_notices_summaries_and_purchases_are_counted_and_never_sold() -> None:
    found = survey([FOLDER])
    assert found.ignored == {
        "RFCE": 1, "ARECF": 1, "ACECF": 1, "ANECF": 1, "E41": 1, "E43": 1, "E47": 1, "received": 1,
        "repeated": 1, "other": 1,
    }  # fmt: skip
    assert found.issuer == "131000001"


def test_rows_come_in_the_order_of_the_files_names() -> None:
    numbers = [row[0] for row in ecf.read_rows([FOLDER])]
    known = [str(number) for number in numbers if str(number).startswith("E")]
    assert known == sorted(known)


# Amounts


def test_without_totals_by_rate_the_rates_themselves_are_used(tmp_path: Path) -> None:
    sums = ("MontoGravadoTotal", "MontoGravadoI1", "MontoExento", "TotalITBIS", "TotalITBIS1", "MontoTotal")
    text = ONE.read_text(encoding="utf-8")
    for name in sums:
        text = re.sub(f"<{name}>.*?</{name}>", "", text)
    path = tmp_path / "bare.xml"
    path.write_text(text, encoding="utf-8")
    assert [cells(tuple(row), Field.LINE_TOTAL, Field.DISCOUNT) for row in ecf.read_rows([path])] == [
        ("106.20", "11.80"),  # (100 - 10) * 1.18
        ("120.00", ""),
    ]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("<MontoTotal>226.20<", "<MontoTotal>226.21<", ["106.20", "120.01"]),  # a cent of rounding
        # The legal tip of a tenth is a tax on the whole: nobody says which line bears it.
        (
            "<MontoTotal>226.20<",
            "<MontoImpuestoAdicional>22.62</MontoImpuestoAdicional><MontoTotal>248.82<",
            ["116.82", "132.00"],
        ),
    ],
)
def test_what_is_left_is_spread_over_the_lines(tmp_path: Path, old: str, new: str, lines: list[str]) -> None:
    rows = changed(tmp_path, (old, new))
    amounts = [str(cells(row, Field.LINE_TOTAL)[0]) for row in rows]
    total = re.search(r"<MontoTotal>([\d.]+)", new)
    assert total
    assert round(sum(map(float, amounts)), 2) == float(total[1])
    assert amounts == lines


def test_an_amount_that_is_none_keeps_the_whole_receipt_aside(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "in" / "bad.xml"
    path.parent.mkdir()
    path.write_text(ONE.read_text(encoding="utf-8").replace(">120.00<", ">ciento veinte<"), encoding="utf-8")
    shutil.copy(WITH_TAX, path.parent)
    report = bring_made(database, ecf, path.parent)
    assert (report.new, report.quarantined) == (3, 2)
    assert database.read_one("SELECT count(*) FROM sale") == 1


# Moments, payments, names


@pytest.mark.parametrize(
    ("signed", "moment"),
    [
        ("19-09-2026 16:15:07", "2026-09-19 16:15:07"),
        ("19/09/2026 04:15:07 p. m.", "2026-09-19 16:15:07"),
        ("19-09-2026 12:05 AM", "2026-09-19 00:05:00"),
        ("20-09-2026 16:15:07", "2026-09-19"),  # sent later: the hour of the sale is unknown
        ("", "2026-09-19"),
        ("19-09-2026 99:99:99", "2026-09-19"),
    ],
)
def test_the_hour_is_the_signatures_of_the_same_day(tmp_path: Path, signed: str, moment: str) -> None:
    rows = changed(tmp_path, ("<FechaHoraFirma>19-09-2026 16:15:07<", f"<FechaHoraFirma>{signed}<"))
    assert {cells(row, Field.MOMENT) for row in rows} == {(moment,)}


def test_a_receipt_without_hour_has_none(database: Database) -> None:
    bring_made(database, ecf, FOLDER)
    assert database.read("SELECT number FROM sale WHERE NOT has_time") == [("E320000000005",)]


def test_a_day_that_is_none_goes_to_quarantine_with_its_number(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    text = ONE.read_text(encoding="utf-8").replace("<FechaEmision>19-09-2026<", "<FechaEmision>31-02-2026<")
    (folder / "a.xml").write_text(text, encoding="utf-8")
    shutil.copy(WITH_TAX, folder)
    report = bring_made(database, ecf, folder)
    assert report.batch is not None
    assert {bad.code for bad in read_bad_rows(database, report.batch)} == {"bad_date"}
    assert all("E320000000001" in bad.raw for bad in read_bad_rows(database, report.batch))


# Twice in a folder


def test_of_two_copies_the_one_signed_last_counts(tmp_path: Path) -> None:
    shutil.copy(ONE, tmp_path / "z.xml")
    shutil.copy(FOLDER / "131000001E320000000001 (1).xml", tmp_path / "zz.xml")  # signed a minute before
    rows = [tuple(row) for row in ecf.read_rows([tmp_path])]
    assert [cells(row, Field.LINE_TOTAL) for row in rows] == [("106.20",), ("120.00",)]


def test_an_older_copy_helps_out_where_the_last_is_broken(tmp_path: Path) -> None:
    shutil.copy(ONE, tmp_path / "a.xml")
    text = ONE.read_text(encoding="utf-8").replace("16:15:07", "16:20:00").replace("</Item>", "</Itm>", 1)
    (tmp_path / "b.xml").write_text(text, encoding="utf-8")
    rows = [tuple(row) for row in ecf.read_rows([tmp_path])]
    assert str(rows[0][0]).startswith("«b.xml»")
    assert [cells(row, Field.LINE_TOTAL) for row in rows] == [("",), ("106.20",), ("120.00",)]


def test_one_number_of_two_issuers_is_two_receipts(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(ONE, folder)
    shutil.copy(WITH_TAX, folder)
    text = ONE.read_text(encoding="utf-8").replace("131000001", "131000002").replace("LA FE", "LA PAZ")
    (folder / "other.xml").write_text(text.replace("<Sucursal>Los Mina</Sucursal>", ""), encoding="utf-8")
    bring_made(database, ecf, folder)
    assert database.read("SELECT count(*), sum(total_cents) FROM sale") == [(3, 22_620 * 2 + 24_800)]


def test_a_folder_of_what_the_shop_bought_is_refused(tmp_path: Path) -> None:
    text = (FOLDER / "102000002E310000000777.xml").read_text(encoding="utf-8")
    (tmp_path / "a.xml").write_text(text, encoding="utf-8")
    (tmp_path / "b.xml").write_text(text.replace("102000002", "102000003"), encoding="utf-8")
    with pytest.raises(NotSales) as refused:
        list(ecf.read_rows([tmp_path]))
    assert "compras" in refused.value.what


# What is refused


def test_entities_of_its_own_are_refused_unread() -> None:
    started = time.perf_counter()
    with pytest.raises(UnreadableFile) as refused:
        list(ecf.read_rows([BOMB]))
    assert "DOCTYPE" in refused.value.what
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_no_encoding_hides_entities(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "bomb.xml"
    text = BOMB.read_text(encoding="utf-8").replace(
        'version="1.0"', f'version="1.0" encoding="{encoding[:6]}"'
    )
    path.write_bytes(text.encode(encoding))
    with pytest.raises(UnreadableFile):
        list(ecf.read_rows([path]))


def test_a_bomb_among_receipts_loses_none_of_them(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(FOLDER, folder)
    shutil.copy(BOMB, folder)
    report = bring_made(database, ecf, folder)
    assert (report.new, report.quarantined) == (18, 2)


def test_only_notices_are_refused_with_what_to_choose(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "RFCE_131000001E320000000001.xml", tmp_path)
    with pytest.raises(NotSales) as refused:
        list(ecf.read_rows([tmp_path]))
    assert "E32" in refused.value.todo


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        list(ecf.read_rows([tmp_path]))


@pytest.mark.parametrize(
    "content", [b"", b"<", b"<ECF>", b"hola", b"\x00" * 100, b"<ECF></ECF>", b"<config/>"]
)
def test_what_is_no_receipt_never_crashes(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes(content)
    rows = read_or_refuse(path)
    assert isinstance(rows, ShopError) or all(cells(row, Field.MOMENT) == ("",) for row in rows)


# Recognised


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.xml")), ids=lambda path: path.name)
def test_receipts_and_notices_are_recognised_by_content(path: Path) -> None:
    sure = ecf.recognise(path, path.read_bytes())
    is_notice = path.name.startswith(("RFCE", "ARECF", "ACECF", "ANECF"))
    assert sure == (0.0 if path.name == "configuracion.xml" else 0.9 if is_notice else 0.98)


def test_a_folder_is_recognised_by_what_is_in_it(tmp_path: Path) -> None:
    assert ecf.recognise(FOLDER, b"") == 0.98
    assert ecf.recognise(tmp_path, b"") == 0.0
    assert ecf.recognise(tmp_path / "a.csv", b"Recibo,Fecha\n1,2\n") == 0.0
    shutil.copytree(FOLDER, tmp_path / "2026" / "09")
    assert ecf.recognise(tmp_path, b"") == 0.98


# Damage and speed


def test_mutated_receipts_raise_nothing_but_sentences(database: Database, tmp_path: Path) -> None:
    chance = random.Random(34)
    sources = [path.read_bytes() for path in sorted(FOLDER.glob("*.xml"))]
    for turn in range(300):
        folder = tmp_path / str(turn)
        folder.mkdir()
        shutil.copy(ONE, folder / "whole.xml")
        (folder / "mutated.xml").write_bytes(mutate(chance, chance.choice(sources)))
        rows = read_or_refuse(folder)
        assert isinstance(rows, list)  # the whole one comes in, whatever became of the other
        assert "E320000000001" in {row[0] for row in rows} or survey([folder]).ignored["received"]
        can_come_in(database, ecf, [folder])


@pytest.mark.slow
def test_a_thousand_files_a_second(tmp_path: Path) -> None:
    text = ONE.read_text(encoding="utf-8")
    for number in range(3_000):
        (tmp_path / f"{number:06}.xml").write_text(
            text.replace("E320000000001", f"E32{number:010}"), encoding="utf-8"
        )
    started = time.perf_counter()
    assert sum(1 for _row in ecf.read_rows([tmp_path])) == 6_000
    assert 3_000 / (time.perf_counter() - started) > 1_000
