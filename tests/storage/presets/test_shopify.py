"""Shopify's orders become sales and refunds whose lines sum to the order's Subtotal."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.presets import shopify
from colmado_insights.storage.importing.quarantine import read_bad_rows
from colmado_insights.storage.schema import open_database
from tests.storage.presets.made import DATA, bring_made, can_come_in, expected, mutate, sold
from tests.storage.till import dump

FOLDER = DATA / "shopify"
ORDERS = FOLDER / "orders" / "orders_export.csv"
EXPORTS = sorted(folder for folder in FOLDER.iterdir())
COLUMNS = (
    "Name", "Financial Status", "Subtotal", "Total", "Discount Amount", "Created at", "Cancelled at",
    "Refunded Amount", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem discount",
)  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def write(tmp_path: Path, *rows: dict[str, object]) -> Path:
    """A small export; what a row does not say is blank, as on continuation rows."""
    path = tmp_path / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def order(number: int, **cells: object) -> dict[str, object]:
    """The first row of an order of one line."""
    return {
        "Name": f"#{number}", "Financial Status": "paid", "Created at": "2026-05-01 18:30:00 -0400",
        "Lineitem quantity": 1, "Lineitem name": "Pan", "Lineitem price": "10.00",
    } | {name.replace("_", " "): cell for name, cell in cells.items()}  # fmt: skip


def facts(database: Database) -> list[tuple[str, str, str, str]]:
    """Number, product, quantity and amount of each line."""
    return [(line[0], line[3], line[6], line[7]) for line in sold(database)]


@pytest.mark.parametrize("folder", EXPORTS, ids=lambda folder: folder.name)
def test_every_variant_comes_in_to_the_cent_and_the_minute(database: Database, folder: Path) -> None:
    path = folder / "orders_export.csv"
    report = bring_made(database, shopify, path)
    assert sold(database) == expected(folder)
    assert report.quarantined == 0
    before = dump(database)
    again = bring_made(database, shopify, path)
    assert (again.new, again.replaced, again.receipts_new) == (0, 0, 0)
    assert dump(database) == before
    assert health.find_problems(database) == ()


def test_every_order_sums_to_its_subtotal(database: Database) -> None:
    bring_made(database, shopify, ORDERS)
    with ORDERS.open(encoding="utf-8", newline="") as stream:
        subtotals = {row["Name"]: row["Subtotal"] for row in csv.DictReader(stream) if row["Subtotal"]}
    kept = database.read("SELECT number, total_cents FROM sale WHERE kind = 0")
    assert len(kept) == 5
    assert all(f"{cents / 100:.2f}" == subtotals[number] for number, cents in kept)


def test_voided_and_cancelled_orders_do_not_count(database: Database, tmp_path: Path) -> None:
    path = write(
        tmp_path, order(1), order(2, Financial_Status="voided"), order(3, Cancelled_at="2026-05-01 19:00:00 -0400"),
        order(4, Financial_Status="refunded", Cancelled_at="2026-05-01 19:00:00 -0400", Refunded_Amount="10.00"),
        order(5, Financial_Status="expired"), order(6, Financial_Status="pending"),
    )  # fmt: skip
    report = bring_made(database, shopify, path)
    assert (report.new, report.voided) == (2, 4)
    assert [number for number, *_rest in facts(database)] == ["#1", "#6"]


def test_utc_evenings_stay_on_their_own_day(database: Database, tmp_path: Path) -> None:
    bring_made(database, shopify, write(tmp_path, order(1, Created_at="2026-05-02 02:30:00 +0000")))
    assert sold(database)[0][1] == "2026-05-01 22:30:00"


@pytest.mark.parametrize(
    ("discount", "subtotal", "amounts"),
    [
        ("0.01", "29.99", ["10.00", "10.00", "9.99"]),
        ("10.00", "20.00", ["6.67", "6.66", "6.67"]),
        ("30.00", "0.00", ["0.00", "0.00", "0.00"]),
        ("10.00", "", ["6.67", "6.66", "6.67"]),
        ("0.00", "35.00", ["10.00", "10.00", "10.00"]),  # more than its lines: nothing is invented
        ("0.00", "veinte", ["10.00", "10.00", "10.00"]),
    ],
)
def test_the_orders_discount_is_shared_out_to_the_cent(
    database: Database, tmp_path: Path, discount: str, subtotal: str, amounts: list[str]
) -> None:
    more = {"Name": "#1", "Lineitem quantity": 1, "Lineitem name": "Pan", "Lineitem price": "10.00"}
    path = write(tmp_path, order(1, Discount_Amount=discount, Subtotal=subtotal), more, more)
    bring_made(database, shopify, path)
    found = [amount for *_rest, amount in facts(database)]
    assert sorted(found) == sorted(amounts)


def test_a_lines_own_discount_is_not_taken_twice(database: Database, tmp_path: Path) -> None:
    """Discount Amount holds the lines' discounts too."""
    path = write(
        tmp_path, order(1, Lineitem_quantity=2, Lineitem_discount="5.00", Discount_Amount="5.00", Subtotal="15.00"),
        order(2, Lineitem_quantity=2, Lineitem_discount="5.00", Discount_Amount="5.00"),
    )  # fmt: skip
    bring_made(database, shopify, path)
    assert facts(database) == [("#1", "Pan", "2.000", "15.00"), ("#2", "Pan", "2.000", "15.00")]


@pytest.mark.parametrize(
    ("cells", "back"),
    [
        ({"Refunded_Amount": "120.00", "Financial_Status": "refunded"}, [("Pan", "-2.000", "-100.00")]),
        ({"Refunded_Amount": "0.00", "Financial_Status": "refunded"}, [("Pan", "-2.000", "-100.00")]),
        (
            {"Refunded_Amount": "40.00", "Financial_Status": "partially_refunded"},
            [("SIN NOMBRE", "-1.000", "-40.00")],
        ),
        ({"Refunded_Amount": "0.00", "Financial_Status": "partially_refunded"}, []),
    ],
)
def test_what_was_refunded_is_one_receipt_of_its_own(
    database: Database, tmp_path: Path, cells: dict[str, str], back: list[tuple[str, str, str]]
) -> None:
    whole = order(
        1001, Lineitem_quantity=2, Lineitem_price="50.00", Subtotal="100.00", Total="120.00", **cells
    )
    bring_made(database, shopify, write(tmp_path, whole))
    assert [line[1:] for line in facts(database) if line[0] == "#1001-R"] == back
    assert database.read_one("SELECT count(*) FROM sale WHERE kind = 1") == bool(back)


def test_a_refund_that_grows_replaces_the_one_before(database: Database, tmp_path: Path) -> None:
    for back in ("3.00", "7.00"):
        path = write(tmp_path, order(1, Subtotal="10.00", Refunded_Amount=back))
        bring_made(database, shopify, path)
    assert database.read_one("SELECT sum(total_cents) FROM sale") == 3_00


def test_continuation_rows_without_the_name_belong_to_the_order_above(
    database: Database, tmp_path: Path
) -> None:
    more = {"Lineitem quantity": 3, "Lineitem name": "Leche", "Lineitem price": "40.00"}
    report = bring_made(database, shopify, write(tmp_path, order(1), more, order(2)))
    assert report.receipts_new == 2
    assert ("#1", "Leche", "3.000", "120.00") in facts(database)


def test_an_unreadable_price_is_kept_aside_and_the_rest_comes_in(database: Database, tmp_path: Path) -> None:
    more = {"Name": "#1", "Lineitem quantity": 3, "Lineitem name": "Leche", "Lineitem price": "caro"}
    lost = {"Name": "#2", "Lineitem quantity": 3, "Lineitem name": "Queso", "Lineitem price": "5.00"}
    report = bring_made(database, shopify, write(tmp_path, order(1, Subtotal="130.00"), more, lost))
    assert report.batch is not None
    assert [(bad.code, "Leche" in bad.raw) for bad in read_bad_rows(database, report.batch)] == [
        ("bad_amount", True),
        ("no_date", False),
    ]
    assert facts(database) == [("#1", "Pan", "1.000", "10.00")]


def test_files_that_overlap_tell_each_sale_once(database: Database, tmp_path: Path) -> None:
    again = tmp_path / "otra vez.csv"
    again.write_bytes(ORDERS.read_bytes())
    bring_made(database, shopify, ORDERS, again)
    assert sold(database) == expected(ORDERS.parent)


def test_it_is_known_by_its_columns_and_others_are_not_taken(tmp_path: Path) -> None:
    renamed = tmp_path / "x.dat"
    renamed.write_bytes(ORDERS.read_bytes())
    assert shopify.recognise(renamed, renamed.read_bytes()) > 0.9
    for path in [*DATA.glob("*.csv"), *(DATA / "odoo").rglob("*.*"), *(DATA / "refused").glob("*.*")]:
        assert shopify.recognise(path, path.read_bytes()) == 0


def test_broken_files_are_refused_with_a_sentence_or_read(database: Database, tmp_path: Path) -> None:
    chance = random.Random(12)
    read = 0
    for _round in range(200):
        path = tmp_path / "orders.csv"
        path.write_bytes(mutate(chance, ORDERS.read_bytes()))
        assert 0 <= shopify.recognise(path, path.read_bytes()) <= 1
        read += can_come_in(database, shopify, [path])
    assert read > 100
