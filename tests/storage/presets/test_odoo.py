"""Odoo's orders, by labels in two languages or technical names, become sales to the cent and the minute."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.presets import odoo
from colmado_insights.storage.importing.quarantine import read_bad_rows
from colmado_insights.storage.schema import open_database
from tests.storage.presets.made import DATA, bring_made, can_come_in, expected, mutate, sold
from tests.storage.till import dump

FOLDER = DATA / "odoo"
EXPORTS = sorted(folder for folder in FOLDER.iterdir())
HEADER = (
    "Order Ref,Date,Customer,Total,Status,Order lines/Product,Order lines/Quantity,Order lines/Unit Price,"
)
HEADER += "Order lines/Discount (%),Order lines/Subtotal,Payments/Payment Method,Payments/Amount\n"
PAN = "Pan,2.0,10.0,0.0,20.0"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def only_file(folder: Path) -> Path:
    return next(path for path in folder.iterdir() if path.name != "expected.csv")


def write(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "pos.order.csv"
    path.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def facts(database: Database) -> list[tuple[str, str, str, str, str]]:
    """Number, kind, product, quantity and amount of each line."""
    return [(line[0], line[2], line[3], line[6], line[7]) for line in sold(database)]


@pytest.mark.parametrize("folder", EXPORTS, ids=lambda folder: folder.name)
def test_every_variant_comes_in_to_the_cent_and_the_minute(database: Database, folder: Path) -> None:
    report = bring_made(database, odoo, only_file(folder))
    assert sold(database) == expected(folder)
    assert report.quarantined == 0
    before = dump(database)
    again = bring_made(database, odoo, only_file(folder))
    assert (again.new, again.replaced, again.receipts_new) == (0, 0, 0)
    assert dump(database) == before
    assert health.find_problems(database) == ()


def test_the_same_order_by_technical_names_is_the_same_sale(database: Database) -> None:
    bring_made(database, odoo, only_file(FOLDER / "labels-en"))
    report = bring_made(database, odoo, only_file(FOLDER / "technical"))
    assert report.receipts_new == 1  # only Colmado/0003, which the first file has as cancelled


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("paid", True), ("done", True), ("invoiced", True), ("Posted", True), ("Facturado", True),
        ("draft", False), ("New", False), ("Nuevo", False), ("cancel", False), ("Cancelado", False),
    ],
)  # fmt: skip
def test_only_what_was_paid_counts(database: Database, tmp_path: Path, state: str, counts: bool) -> None:
    path = write(
        tmp_path, f"S/1,2026-09-19 20:15:00,,20.0,{state},{PAN},Cash,20.0", f"S/2,2026-09-19 21:00:00,,20.0,paid,{PAN},,"
    )  # fmt: skip
    report = bring_made(database, odoo, path)
    assert (report.new, report.voided) == ((2, 0) if counts else (1, 1))


@pytest.mark.parametrize(
    ("number", "line", "kind", "quantity", "amount"),
    [
        ("S/1 REFUND", "Pan,-2.0,10.0,0.0,-20.0", "refund", "-2.000", "-20.00"),
        ("S/1 REEMBOLSO", "Pan,2.0,10.0,0.0,20.0", "refund", "-2.000", "-20.00"),
        ("S/2", "Pan,-2.0,10.0,0.0,-20.0", "refund", "-2.000", "-20.00"),
        ("S/3", "Pan,2.0,10.0,0.0,20.0", "sale", "2.000", "20.00"),
    ],
)
def test_a_return_is_told_by_its_sign_or_its_name(
    database: Database, tmp_path: Path, number: str, line: str, kind: str, quantity: str, amount: str
) -> None:
    bring_made(database, odoo, write(tmp_path, f"{number},2026-09-19 20:15:00,,20.0,paid,{line},Cash,20.0"))
    assert facts(database) == [(number, kind, "Pan", quantity, amount)]


def test_an_exchange_keeps_the_sign_of_each_line(database: Database, tmp_path: Path) -> None:
    path = write(
        tmp_path, "S/1,2026-09-19 20:15:00,,-30.0,paid,Ron,-1.0,50.0,0.0,-50.0,Cash,-30.0", f",,,,,{PAN},,"
    )  # fmt: skip
    bring_made(database, odoo, path)
    assert facts(database) == [
        ("S/1", "refund", "Ron", "-1.000", "-50.00"),
        ("S/1", "refund", "Pan", "2.000", "20.00"),
    ]


def test_without_subtotals_the_price_the_quantity_and_the_percent_tell(
    database: Database, tmp_path: Path
) -> None:
    header = HEADER.replace("Order lines/Subtotal,", "")
    path = write(
        tmp_path, "S/1,2026-09-19 20:15:00,,0,paid,[001] Queso,0.455,164.84,10.0,Cash,67.5", header=header
    )
    bring_made(database, odoo, path)
    line = sold(database)[0]
    assert (line[3], line[4], line[6], line[7]) == ("Queso", "001", "0.455", "67.50")
    assert database.read_one("SELECT discount_cents FROM sale_line") == 7_50


def test_payments_below_the_lines_are_no_lines(database: Database, tmp_path: Path) -> None:
    path = write(
        tmp_path, f"S/1,2026-09-19 20:15:00,,20.0,paid,{PAN},Cash,20.0", ",,,,,,,,,,Card,0.0",
        f"S/2,2026-09-19 20:20:00,,20.0,paid,{PAN},Efectivo,15.0", ",,,,,,,,,,Tarjeta,5.0",
    )  # fmt: skip
    report = bring_made(database, odoo, path)
    assert (report.new, report.quarantined) == (2, 0)
    assert [line[9] for line in sold(database)] == ["cash", "mixed"]


def test_rows_without_an_order_are_kept_aside(database: Database, tmp_path: Path) -> None:
    """The file was cut, or grouped in the list before it was exported."""
    path = write(
        tmp_path, f",,,,,{PAN},,", "Septiembre 2026 (12),,,240.0,,,,,,,,",
        f"S/1,2026-09-19 20:15:00,,20.0,paid,{PAN},Cash,20.0",
    )  # fmt: skip
    report = bring_made(database, odoo, path)
    assert (report.new, report.quarantined) == (1, 2)
    assert report.batch is not None
    assert {bad.code for bad in read_bad_rows(database, report.batch)} == {"no_date"}


def test_orders_without_a_reference_are_told_apart_by_their_moment(
    database: Database, tmp_path: Path
) -> None:
    header = HEADER.replace("Order Ref,", "")
    path = write(
        tmp_path, f"2026-09-19 20:15:00,,40.0,paid,{PAN},Cash,40.0", f",,,,{PAN},,",
        f"2026-09-19 20:16:00,,20.0,paid,{PAN},Cash,20.0", header=header,
    )  # fmt: skip
    report = bring_made(database, odoo, path)
    assert (report.new, report.receipts_new) == (3, 2)


def test_late_orders_come_with_their_old_date(database: Database, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"S/9,2026-09-19 20:15:00,,20.0,paid,{PAN},Cash,20.0",
        f"S/1,2026-07-01 08:00:00,,20.0,paid,{PAN},Cash,20.0",
    )
    report = bring_made(database, odoo, path)
    assert (str(report.first_day), str(report.last_day)) == ("2026-07-01", "2026-09-19")


@pytest.mark.parametrize("folder", EXPORTS, ids=lambda folder: folder.name)
def test_it_is_known_by_its_columns(folder: Path, tmp_path: Path) -> None:
    source = only_file(folder)
    renamed = tmp_path / "datos"
    renamed.write_bytes(source.read_bytes())
    assert odoo.recognise(renamed, renamed.read_bytes()) >= 0.85


def test_files_that_overlap_tell_each_sale_once(database: Database, tmp_path: Path) -> None:
    again = tmp_path / "otra vez.csv"
    again.write_bytes(only_file(FOLDER / "labels-en").read_bytes())
    bring_made(database, odoo, only_file(FOLDER / "labels-en"), again)
    assert sold(database) == expected(FOLDER / "labels-en")


def test_other_files_are_not_taken() -> None:
    for path in [*DATA.glob("*.csv"), *(DATA / "square").rglob("*.csv"), *(DATA / "refused").glob("*.*")]:
        assert odoo.recognise(path, path.read_bytes()) == 0


def test_broken_files_are_refused_with_a_sentence_or_read(database: Database, tmp_path: Path) -> None:
    chance = random.Random(11)
    sources = [only_file(folder) for folder in EXPORTS]
    read = 0
    for _round in range(200):
        source = chance.choice(sources)
        path = tmp_path / source.name
        path.write_bytes(mutate(chance, source.read_bytes()))
        assert 0 <= odoo.recognise(path, path.read_bytes()) <= 1
        read += can_come_in(database, odoo, [path])
    assert read > 80  # few workbooks outlive a flipped byte
