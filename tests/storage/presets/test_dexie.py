"""Dumps of a browser till come in the same however they write lists, dates and keys; nothing is subtracted twice."""

from __future__ import annotations

import gzip
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from colmado_insights.errors import NotSales, ShopError, UnreadableFile
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing import json_records
from colmado_insights.storage.importing.fields import Field
from colmado_insights.storage.importing.json_records import as_list, read_records, revive
from colmado_insights.storage.importing.presets import dexie
from colmado_insights.storage.importing.quarantine import read_bad_rows
from colmado_insights.storage.schema import open_database
from tests.storage.presets.made import DATA, bring_made, can_come_in, expected, mutate, sold
from tests.storage.till import dump

FOLDER = DATA / "dexie"
FILES = sorted(FOLDER.glob("*.json"))
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)

Lines = list[tuple[Any, ...]]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def rows_of(tmp_path: Path, tables: Any, *wanted: Field) -> Lines:
    """The wanted cells of what a dump gives."""
    path = tmp_path / "dump.json"
    path.write_text(tables if isinstance(tables, str) else json.dumps(tables), encoding="utf-8")
    places = [dexie.FIELDS.index(name) for name in wanted or dexie.FIELDS]
    return [tuple(row[place] for place in places) for row in dexie.read_rows([path])]


def sale(**changes: Any) -> dict[str, Any]:
    """One sale of 2 × 35."""
    plain = {
        "id": 1, "date": "2026-09-19T20:15:00.000Z", "total": 70, "receiptNumber": "A-001",
        "items": [{"description": "Arroz", "quantity": 2, "unitPrice": 35, "amount": 70}],
    }  # fmt: skip
    return plain | changes


def amounts(tmp_path: Path, **changes: Any) -> list[Any]:
    return [cell for (cell,) in rows_of(tmp_path, {"sales": [sale(**changes)]}, Field.LINE_TOTAL)]


# The same shop in every writing


@every_file
def test_every_writing_gives_the_same_sales(database: Database, path: Path) -> None:
    report = bring_made(database, dexie, path)
    assert sold(database) == expected(FOLDER)
    # Void: the cancelled one, the payment of a debt, the empty one. Kept aside: the one without a date.
    assert (report.new, report.voided, report.quarantined) == (5, 3, 1)
    assert report.batch is not None
    [bad] = read_bad_rows(database, report.batch)
    assert bad.code == "no_date"
    assert "A-007" in bad.raw


@every_file
def test_every_writing_is_recognised(path: Path) -> None:
    is_dexie = b'"formatName"' in path.read_bytes()
    assert dexie.recognise(path, path.read_bytes()) == (0.99 if is_dexie else 0.9)


def test_a_second_import_in_another_writing_adds_nothing(database: Database) -> None:
    bring_made(database, dexie, FILES[0])
    before = dump(database)
    for path in FILES[1:]:
        again = bring_made(database, dexie, path)
        assert (again.new, again.replaced, again.receipts_new, again.unchanged) == (0, 0, 0, 5)
    assert dump(database) == before


def test_two_exports_together_count_each_sale_once(database: Database) -> None:
    bring_made(database, dexie, FILES[0], FILES[1])
    assert sold(database) == expected(FOLDER)


def test_packed_files_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "dump.json.gz"
    path.write_bytes(gzip.compress(FILES[0].read_bytes()))
    assert dexie.recognise(path, path.read_bytes()) > 0.8
    assert list(dexie.read_rows([path])) == list(dexie.read_rows([FILES[0]]))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    source = FOLDER / "tagged-lists.json"
    path = tmp_path / "dump.json"
    path.write_bytes(source.read_text(encoding="utf-8").encode(encoding))
    assert dexie.recognise(path, path.read_bytes()) == 0.99
    assert list(dexie.read_rows([path])) == list(dexie.read_rows([source]))


# The JSON itself


def test_a_table_in_pieces_and_keys_in_any_order(tmp_path: Path) -> None:
    tables = {
        "formatName": "dexie",
        "data": {
            "data": [
                {"rows": [sale()], "inbound": True, "tableName": "sales"},
                {"tableName": "sales", "inbound": True, "rows": [sale(), sale(id=2, receiptNumber="A-002")]},
            ]
        },
    }
    assert rows_of(tmp_path, tables, Field.RECEIPT) == [("A-001",), ("A-002",)]


def test_a_list_of_sales_without_any_table(tmp_path: Path) -> None:
    assert rows_of(tmp_path, [sale()], Field.RECEIPT, Field.LINE_TOTAL) == [("A-001", "70.00")]
    assert dexie.recognise(tmp_path / "dump.json", (tmp_path / "dump.json").read_bytes()) == 0.6


def test_tagged_values_come_back() -> None:
    row = {
        "date": 1790000000000, "none": None, "big": "12345678901234567890", "bad": "NaN",
        "items": {"0": {"at": 1790000000000}, "1": 5, "length": 2}, "a.b": 0,
        "$types": {"date": "date", "none": "undef", "big": "bigint", "bad": "nan", "items": "arrayNonindexKeys",
                   "items.0.at": "date", "a~1b": "date", "gone.3.x": "date"},
    }  # fmt: skip
    assert revive(row) == {
        "date": "2026-09-21 10:13:20", "none": None, "big": 12345678901234567890, "bad": None,
        "items": [{"at": "2026-09-21 10:13:20"}, 5], "a.b": "1969-12-31 20:00:00",
    }  # fmt: skip
    assert revive({"$": [1, {"d": 0}], "$types": {"$": {"": "arrayNonindexKeys", "1.d": "date"}}}) == [
        1,
        {"d": "1969-12-31 20:00:00"},
    ]


@pytest.mark.parametrize(
    ("value", "listed"),
    [
        ([1], [1]), ({"0": "a", "1": "b", "length": 2}, ["a", "b"]), ({"10": "b", "2": "a"}, ["a", "b"]),
        ({"length": 0}, []), ({}, None), ({"a": 1}, None), ("x", None), ({"0": 1, "name": 2}, None),
    ],
)  # fmt: skip
def test_lists_in_three_writings(value: Any, listed: Any) -> None:
    assert as_list(value) == listed


def test_values_cut_by_the_end_of_a_block_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [list(read_records(path)) for path in FILES]
    for size in (1, 7, 64, 1000):
        monkeypatch.setattr(json_records, "BLOCK", size)
        assert [list(read_records(path)) for path in FILES] == whole


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_file_that_breaks_off_is_refused_and_changes_nothing(
    database: Database, tmp_path: Path, part: float
) -> None:
    path = tmp_path / "half.json"
    content = (FOLDER / "tagged-lists.json").read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(UnreadableFile) as refused:
        bring_made(database, dexie, path)
    assert "half.json" in refused.value.what
    assert database.read_one("SELECT count(*) FROM sale") == 0


def test_nesting_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        rows_of(tmp_path, '{"sales":[' + "[" * 200_000)
    with pytest.raises(ShopError):
        rows_of(tmp_path, '{"a":' * 200_000)


# Moments


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2026-09-20T00:30:00.000Z", "2026-09-19 20:30:00"),  # the evening's sale stays in its day
        ("2026-09-19T20:30:00-04:00", "2026-09-19 20:30:00"),
        ("2026-09-19T20:30:00", "2026-09-19 20:30:00"),
        ("2026-09-19 20:30", "2026-09-19 20:30:00"),
        ("2026-09-19", "2026-09-19"),
        (1789864200000, "2026-09-19 20:30:00"),
        ("1789864200000", "2026-09-19 20:30:00"),
        (1789864200, "2026-09-19 20:30:00"),
        ("19/9/2026, 8:30:00 p.\u00a0m.", "2026-09-19 20:30:00"),
        ("05/09/2026 20:30", "2026-09-05 20:30:00"),
        ("Sat Sep 19 2026 20:30:00 GMT-0400 (hora de Bolivia)", "2026-09-19 20:30:00"),
        ("Invalid Date", "Invalid Date"),
        ("NaN", "NaN"),
        (None, ""),
        (True, ""),
    ],
)
def test_moments_are_the_shops_wall_clock(tmp_path: Path, told: Any, moment: str) -> None:
    assert rows_of(tmp_path, {"sales": [sale(date=told)]}, Field.MOMENT) == [(moment,)]


def test_a_day_takes_its_hour_from_beside_it(tmp_path: Path) -> None:
    beside = {"sales": [sale(date="2026-09-19", hora="8:30 p. m.")]}
    assert rows_of(tmp_path, beside, Field.MOMENT) == [("2026-09-19 20:30:00",)]
    made = {"sales": [sale(date="2026-09-19", createdAt="2026-09-20T00:30:00Z")]}
    assert rows_of(tmp_path, made, Field.MOMENT) == [("2026-09-19 20:30:00",)]


# Amounts


@pytest.mark.parametrize(
    ("item", "total", "amount"),
    [
        ({"quantity": 2, "unitPrice": 35}, 70, "70.00"),
        ({"qty": "2", "price": "RD$ 35.00"}, 70, "70.00"),
        ({"quantity": 2, "unitPrice": 35, "amount": 70, "discount": 10}, 60, "60.00"),  # told before it
        ({"quantity": 2, "unitPrice": 35, "amount": 60, "discount": 10}, 60, "60.00"),  # told after it
        ({"quantity": 1, "unitPrice": 60, "amount": 60, "discount": 10}, 60, "60.00"),  # price after it
        ({"quantity": 0.455, "unitPrice": 35}, 15.93, "15.93"),
        ({"quantity": 2}, 70, "70.00"),
        ({"unitPrice": 0, "quantity": 1}, 0, "0.00"),
        ({"quantity": -1, "unitPrice": 35, "amount": 35}, None, "35.00"),
    ],
)
def test_an_amount_is_what_was_paid(tmp_path: Path, item: dict[str, Any], total: Any, amount: str) -> None:
    [told] = amounts(tmp_path, items=[{"name": "Arroz", **item}], total=total)
    assert told.removeprefix("-") == amount


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"discount": 10, "total": 90}, ["63.00", "27.00"]),
        ({"discount": 10, "total": 90.00, "subtotal": 100}, ["63.00", "27.00"]),
        ({"discount": 7, "total": 93}, ["65.10", "27.90"]),
        ({"discount": 20, "total": 80}, ["56.00", "24.00"]),
        ({"itbis": 18, "total": 118}, ["82.60", "35.40"]),
        ({"itbis": 18, "descuento": 10, "total": 108}, ["75.60", "32.40"]),
        ({"tip": 10, "total": 110}, ["70.00", "30.00"]),  # a tip is no sale
        ({"total": 70, "hasReturns": True}, ["70.00", "30.00"]),  # less what came back: not twice
        ({"total": 100.01}, ["70.01", "30.00"]),
    ],
)
def test_only_what_the_sale_itself_explains_is_spread(
    tmp_path: Path, changes: dict[str, Any], lines: list[str]
) -> None:
    items = [{"name": "A", "amount": 70}, {"name": "B", "amount": 30}]
    assert amounts(tmp_path, items=items, **changes) == lines


def test_lines_without_amounts_share_the_total_by_the_products_prices(tmp_path: Path) -> None:
    tables = {
        "products": [{"id": 1, "name": "A", "price": 75}, {"id": 2, "name": "B", "price": 25}],
        "sales": [sale(items=[{"productId": 1, "quantity": 1}, {"productId": 2, "quantity": 1}], total=90)],
    }
    assert rows_of(tmp_path, tables, Field.PRODUCT, Field.LINE_TOTAL) == [("A", "67.50"), ("B", "22.50")]


def test_a_text_that_is_no_amount_goes_to_quarantine(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    items = [{"name": "A", "amount": "setenta"}, {"name": "B", "amount": 30, "quantity": "dos"}]
    sales = [sale(items=items), sale(id=2, receiptNumber="A-002")]
    path.write_text(json.dumps({"sales": sales}), encoding="utf-8")
    report = bring_made(database, dexie, path)
    assert report.batch is not None
    codes = [bad.code for bad in read_bad_rows(database, report.batch)]
    assert codes == ["bad_amount", "bad_quantity"]


def test_money_without_items_still_counts(tmp_path: Path) -> None:
    assert amounts(tmp_path, items=[], total=70) == ["70.00"]


# Returns


def test_quantities_returned_count_where_no_table_of_returns_speaks(tmp_path: Path) -> None:
    items = [{"description": "Arroz", "quantity": 2, "unitPrice": 35, "amount": 70, "returnedQuantity": 1}]
    wanted = (Field.RECEIPT, Field.KIND, Field.QUANTITY, Field.LINE_TOTAL)
    bought, back = ("A-001", "sale", "2.0", "70.00"), ("A-001-D", "refund", "1.0", "35.00")
    tables: dict[str, Any] = {"sales": [sale(items=items, hasReturns=True)]}
    assert rows_of(tmp_path, tables, *wanted) == [bought, back]
    for reference, number in (
        ({"saleId": 1}, "1"), ({"receiptNumber": "A-001"}, "A-001"), ({"ventaId": "A-001"}, "A-001"),
        ({"sale": {"id": 1}}, "1"),
    ):  # fmt: skip
        tables["returns"] = [
            {"id": 4, "date": 1790000000000, "items": [{"description": "Arroz"}], **reference}
        ]
        assert rows_of(tmp_path, tables, *wanted) == [bought, (f"{number}-D4", "refund", "1.0", "35.00")]


def test_a_sale_marked_as_refunded_comes_back_whole(tmp_path: Path) -> None:
    wanted = (Field.KIND, Field.LINE_TOTAL)
    told = rows_of(tmp_path, {"sales": [sale(status="refunded")]}, *wanted)
    assert told == [("sale", "70.00"), ("refund", "70.00")]


def test_what_came_back_of_a_cancelled_sale_is_no_refund(tmp_path: Path) -> None:
    tables = {
        "sales": [sale(status="cancelled")],
        "returns": [{"id": 1, "saleId": 1, "date": 1790000000000, "total": 70}],
    }
    assert rows_of(tmp_path, tables, Field.KIND, Field.STATUS) == [("sale", "void"), ("refund", "void")]


def test_two_returns_of_one_sale_are_two_refunds(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    back = [
        {"id": at, "saleId": 1, "date": 1790000000000, "items": [{"description": "Arroz"}]} for at in (1, 2)
    ]
    path.write_text(json.dumps({"sales": [sale()], "returns": back}), encoding="utf-8")
    bring_made(database, dexie, path)
    assert database.read("SELECT count(*), sum(total_cents) FROM sale") == [(3, 0)]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_refund_among_the_sales_is_one_whatever_its_sign(tmp_path: Path, sign: int) -> None:
    items = [{"name": "Arroz", "quantity": sign, "amount": sign * 35}]
    told = rows_of(
        tmp_path, {"sales": [sale(type="return", items=items, total=sign * 35)]}, Field.KIND, Field.LINE_TOTAL
    )
    assert [(kind, cell.removeprefix("-")) for kind, cell in told] == [("refund", "35.00")]


def test_an_exchange_keeps_both_signs(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    items = [{"name": "A", "quantity": -1, "amount": -100}, {"name": "B", "quantity": 1, "amount": 60}]
    path.write_text(json.dumps({"sales": [sale(items=items, total=-40)]}), encoding="utf-8")
    bring_made(database, dexie, path)
    assert database.read("SELECT total_cents, kind FROM sale") == [(-4000, 1)]


def test_a_return_has_its_number_also_without_its_sale(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    items = [{"description": "Arroz", "quantity": 1, "amount": 35}]
    back = [{"id": 4, "saleId": 1, "date": 1790000000000, "items": items}]
    path.write_text(json.dumps({"sales": [sale()], "returns": back}), encoding="utf-8")
    bring_made(database, dexie, path)
    later = sale(id=2, receiptNumber="A-002")  # an export of the later sales only, with all returns
    path.write_text(json.dumps({"sales": [later], "returns": back}), encoding="utf-8")
    report = bring_made(database, dexie, path)
    assert (report.new, report.unchanged) == (1, 1)


# What is void, who and how


@pytest.mark.parametrize(
    "mark",
    [
        {"cancelled": True}, {"anulada": 1}, {"estado": "Anulada"}, {"status": "void"}, {"voidedAt": 1790000000000},
        {"type": "debtPayment"}, {"tipo": "abono"}, {"tipo": "Pago de deuda"}, {"status": "draft"},
        {"tipo": "cotización"}, {"deleted": "true"}, {"type": "payment", "items": []},
    ],
)  # fmt: skip
def test_what_is_no_sale_is_void(tmp_path: Path, mark: dict[str, Any]) -> None:
    assert rows_of(tmp_path, {"sales": [sale(**mark)]}, Field.STATUS) == [("void",)]


@pytest.mark.parametrize(
    "mark",
    [
        {"cancelled": False}, {"anulada": 0}, {"estado": "completada"}, {"voidedAt": None}, {"type": "sale"},
        {"deleted": "false"}, {"status": "pending"}, {"tipo": "crédito"}, {"type": "payment"},
    ],
)  # fmt: skip
def test_what_is_a_sale_is_not(tmp_path: Path, mark: dict[str, Any]) -> None:
    assert rows_of(tmp_path, {"sales": [sale(**mark)]}, Field.STATUS) == [("",)]


@pytest.mark.parametrize(
    ("told", "payment"),
    [
        ({"paymentMethod": "tarjeta"}, "tarjeta"),
        ({"payment": {"method": "efectivo", "amount": 70}}, "efectivo"),
        ({"payments": [{"method": "cash", "amount": 70}, {"method": "card", "amount": 0}]}, "cash"),
        ({"pagos": ["efectivo", "transferencia"]}, "efectivo + transferencia"),
        ({"payments": [{"name": "Efectivo", "type": "CASH", "money_amount": 70}]}, "Efectivo"),
        ({"payment": {"type": "card"}}, "card"),
        ({"fiado": True}, "fiado"),
        ({}, ""),
    ],
)
def test_payments_in_their_many_places(tmp_path: Path, told: dict[str, Any], payment: str) -> None:
    assert rows_of(tmp_path, {"sales": [sale(**told)]}, Field.PAYMENT) == [(payment,)]


def test_people_are_told_by_name_and_nobody_by_number(tmp_path: Path) -> None:
    tables = {
        "sales": [
            sale(customerId=7, userId=3),
            sale(id=2, customerId=99, cashier={"id": 3, "name": "Luis"}),
            sale(id=3, customer="Consumidor final", cashier=3),
            sale(id=4, customer={"name": "Ana", "phone": "809-555-0101"}),
            sale(id=5, customer={"phone": "809-555-0101", "type": "frecuente"}),
        ],
        "customers": [{"id": 7, "name": "Ana Díaz", "phone": "809-555-0101"}, {"name": "Sin número"}],
        "users": [{"id": 3, "username": "yoka"}],
    }
    told = rows_of(tmp_path, tables, Field.CUSTOMER, Field.CASHIER)
    assert told == [("Ana Díaz", "yoka"), ("", "Luis"), ("", "yoka"), ("Ana", ""), ("", "")]


def test_lines_and_payments_of_tables_of_their_own_are_joined(tmp_path: Path) -> None:
    head = {key: value for key, value in sale().items() if key != "items"}
    tables = {
        "sales": [head],
        "saleItems": [{"saleId": 1, "productName": "Arroz", "quantity": 2, "price": 35}],
        "payments": [{"saleId": 1, "method": "efectivo", "amount": 70}],
    }
    wanted = (Field.PRODUCT, Field.LINE_TOTAL, Field.PAYMENT)
    assert rows_of(tmp_path, tables, *wanted) == [("Arroz", "70.00", "efectivo")]


def test_one_number_of_two_sales_within_hours_is_told_apart(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    sales = [sale(), sale(id=2, date="2026-09-19T21:00:00Z"), sale(id=3, date="2026-09-25T21:00:00Z")]
    path.write_text(json.dumps({"sales": sales}), encoding="utf-8")
    bring_made(database, dexie, path)
    assert database.read("SELECT number, total_cents FROM sale ORDER BY id") == [
        ("A-001", 7000), ("A-001-2", 7000), ("A-001", 7000),
    ]  # fmt: skip


def test_the_receipts_of_an_interface_are_told_alike(tmp_path: Path) -> None:
    """Loyverse's own interface answers with receipts in JSON, times in UTC."""
    receipt = {
        "receipt_number": "2-1009", "receipt_type": "REFUND", "refund_for": "2-1008", "cancelled_at": None,
        "created_at": "2026-09-21T12:00:00.000Z", "receipt_date": "2026-09-20T00:30:00.000Z", "total_money": 66,
        "line_items": [{"item_name": "Café", "sku": "10001", "quantity": 2, "price": 33, "total_money": 66, "cost": 20}],
        "payments": [{"name": "Efectivo", "type": "CASH", "money_amount": 66}],
    }  # fmt: skip
    wanted = (
        Field.RECEIPT, Field.MOMENT, Field.PRODUCT, Field.SKU, Field.LINE_TOTAL, Field.COST, Field.PAYMENT, Field.KIND,
    )  # fmt: skip
    assert rows_of(tmp_path, {"receipts": [receipt], "cursor": None}, *wanted) == [
        ("2-1009", "2026-09-19 20:30:00", "Café", "10001", "66.00", "40.00", "Efectivo", "refund")
    ]


# What is refused


@pytest.mark.parametrize(
    "tables",
    [
        {"products": [{"id": 1, "name": "Arroz"}], "customers": []},
        {"formatName": "dexie", "data": {"data": [{"tableName": "dailySummaries", "rows": [{"total": 1}]}]}},
        {"sales": [{"date": "2026-09-19", "total": 5000, "receipts": 40}]},  # sums of days
        {},
        [],
        [{"word": "leer"}],
    ],
)
def test_dumps_without_sales_are_refused_with_what_to_do(tmp_path: Path, tables: Any) -> None:
    with pytest.raises(NotSales) as refused:
        rows_of(tmp_path, tables)
    assert refused.value.todo


@pytest.mark.parametrize(
    "head",
    [
        b"", b"Recibo,Fecha\n1,2\n", b"{}", b"[]", b'{"name":"colmado","version":"1.0"}', b"[[1,2],[3,4]]",
        b'{"type":"FeatureCollection","features":[{"type":"Feature"}]}',
        b'[{"fecha":"2026-09-19","producto":"Arroz","total":70}]',
        b'{"ventas":[{"fecha":"2026-09-19","producto":"Arroz","total":70}]}', b"\x1f\x8b broken", b"PK\x03\x04",
    ],
)  # fmt: skip
def test_other_files_are_left_to_others(tmp_path: Path, head: bytes) -> None:
    assert dexie.recognise(tmp_path / "x.json", head) == 0.0


def test_sales_far_behind_other_tables_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    products = [{"id": at, "name": f"Producto {at}"} for at in range(12_000)]
    path.write_text(json.dumps({"products": products, "sales": [sale()]}), encoding="utf-8")
    with path.open("rb") as stream:
        head = stream.read(256 * 1024)
    assert b"receiptNumber" not in head
    assert dexie.recognise(path, head) == 0.9


# Damage and size


def test_mutated_dumps_raise_nothing_but_sentences(database: Database, tmp_path: Path) -> None:
    chance = random.Random(7)
    path = tmp_path / "mutated.json"
    came_in = 0
    for _turn in range(300):
        source = chance.choice(FILES).read_bytes()
        if chance.random() < 0.5:  # types mixed: the text stays JSON
            text = source.decode()
            for _change in range(chance.randint(1, 4)):
                old = chance.choice(
                    ("70", "true", "null", '"efectivo"', "[", "7460012345678", "2026", "60", '"A-001"')
                )
                new = chance.choice(
                    ("null", "[]", "{}", '"x"', "1e400", "-5", "false", "NaN", '"\\ud800"', "9" * 25)
                )
                text = text.replace(old, new, chance.randint(1, 3))
            path.write_text(text, encoding="utf-8")
        else:
            path.write_bytes(mutate(chance, source))
        dexie.recognise(path, path.read_bytes())
        came_in += can_come_in(database, dexie, [path])
    assert came_in > 30


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    row = json.dumps(sale(items=sale()["items"] * 20))
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"formatName":"dexie","data":{"data":[{"tableName":"sales","inbound":true,"rows":[')
        for at in range(40_000):
            stream.write(
                ("," if at else "") + row.replace('"id": 1', f'"id": {at}').replace("A-001", f"A-{at}")
            )
        stream.write("]}]}}")
    assert path.stat().st_size > 60_000_000
    process = psutil.Process()
    before, most, started = process.memory_info().rss, 0, time.perf_counter()
    for at, _row in enumerate(dexie.read_rows([path])):
        if at % 5_000 == 0:
            most = max(most, process.memory_info().rss)
    assert at + 1 == 800_000
    assert most - before < 60_000_000
    assert time.perf_counter() - started < 120
