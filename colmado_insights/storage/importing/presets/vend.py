"""Lightspeed Retail (Vend), sales history → Export: sales, their lines and their payments in one table.

Three kinds of rows take turns: `Sale` holds the totals, each `Sale Line` a product and each
`Payment` a method, both named under Details. Only the lines count, or everything would
count twice; a sale without lines counts as one line without a name. Parked sales are no sales yet.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from colmado_insights.domain import Payment
from colmado_insights.storage.importing.cleaning import is_voided, payment_of
from colmado_insights.storage.importing.fields import Field
from colmado_insights.storage.importing.made import Cell, Row
from colmado_insights.storage.importing.presets.tables import (
    Layout,
    NamedRow,
    Number,
    Told,
    cents,
    folded,
    peek,
    row_of,
    stray_row,
)

NAME = "vend"
FIELDS = (
    Field.RECEIPT, Field.MOMENT, Field.KIND, Field.STATUS, Field.PRODUCT, Field.SKU, Field.QUANTITY,
    Field.LINE_TOTAL, Field.DISCOUNT, Field.PAYMENT, Field.CUSTOMER, Field.CASHIER, Field.REGISTER,
)  # fmt: skip
LAYOUT = Layout(
    names={
        "date": ("Date",),
        "number": ("Receipt Number",),
        "type": ("Line Type",),
        "customer": ("Customer Name",),
        "qty": ("Quantity",),
        "subtotal": ("Subtotal",),
        "discount": ("Discount",),
        "total": ("Total",),
        "paid": ("Paid",),
        "details": ("Details",),
        "register": ("Register",),
        "user": ("User",),
        "status": ("Status",),
        "sku": ("Sku",),
    },
    numbers=frozenset({"qty", "subtotal", "discount", "total", "paid"}),
    moments={"moment": ("date",)},
)
_NEEDED = {"date", "number", "type", "details", "total"}
_PARKED = frozenset({"saved", "parked", "open", "pending"})


def recognise(path: Path, head: bytes) -> float:
    """How surely a file is Vend's of sales."""
    table = peek(path, head)
    if table is None or not LAYOUT.find(table.header).keys() >= _NEEDED:
        return 0.0
    place = LAYOUT.find(table.header)["type"]
    types = {folded(row[place]) for row in table.sample if place < len(row)}
    return 0.95 if "sale line" in types else 0.0


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """The lines of the sales with the methods of their payments.

    Raises
    ------
    FileProblem
        A file cannot be read.
    """
    told = Told()
    for path in paths:
        told.begin_file()
        for number, rows in itertools.groupby(LAYOUT.read(path), lambda row: row.texts["number"]):
            sale = list(rows)
            if not (number and told.has(number, sale[0].texts["moment"])):
                yield from _sale(number, sale)


def _sale(number: str, rows: Sequence[NamedRow]) -> Iterator[Row]:
    """The lines of one sale; rows of a kind that nobody knows are kept aside."""
    kinds: dict[str, list[NamedRow]] = {"sale": [], "sale line": [], "payment": []}
    for row in rows:
        if folded(row.texts["type"]) in kinds:
            kinds[folded(row.texts["type"])].append(row)
        else:
            yield stray_row(FIELDS, row.stray or " | ".join(filter(None, row.texts.values())))
    lines = kinds["sale line"] or kinds["sale"]
    if not lines:
        yield from (
            stray_row(FIELDS, " | ".join(filter(None, row.texts.values()))) for row in kinds["payment"]
        )
        return
    head = (kinds["sale"] or lines)[0]
    shared = _shared_cells(number, head, [_total(line) for line in lines]) | {
        Field.PAYMENT: _method(kinds["payment"])
    }
    for line in lines:
        yield row_of(FIELDS, shared | _line_cells(line, is_line=bool(kinds["sale line"])))


def _shared_cells(number: str, head: NamedRow, totals: Sequence[Number]) -> dict[Field, Cell]:
    """What the sale says of all its lines."""
    texts = head.texts
    negative = [number < 0 for number in totals if isinstance(number, float) and number]
    kind = "refund" if negative and all(negative) else "" if any(negative) else "sale"
    is_out = is_voided(texts["status"]) or folded(texts["status"]) in _PARKED
    return {
        Field.RECEIPT: number,
        Field.MOMENT: texts["moment"],
        Field.KIND: kind,
        Field.STATUS: "void" if is_out else "",
        Field.CUSTOMER: texts["customer"],
        Field.CASHIER: texts["user"],
        Field.REGISTER: texts["register"],
    }


def _line_cells(line: NamedRow, *, is_line: bool) -> dict[Field, Cell]:
    return {
        Field.PRODUCT: line.texts["details"] if is_line else "",
        Field.SKU: line.texts["sku"],
        Field.QUANTITY: line.numbers["qty"],
        Field.LINE_TOTAL: _total(line),
        Field.DISCOUNT: line.numbers["discount"],
    }


def _total(row: NamedRow) -> Number:
    """What the customer paid for it, tax included; else the amount without tax."""
    return row.numbers["subtotal"] if row.numbers["total"] is None else row.numbers["total"]


def _method(payments: Sequence[NamedRow]) -> str:
    """The methods of the payments: `mixed` when of several kinds."""
    methods = dict.fromkeys(
        row.texts["details"] for row in payments if row.numbers["paid"] is None or cents(row.numbers["paid"])
    )
    is_mixed = len({payment_of(method) for method in methods}) > 1
    return str(Payment.MIXED) if is_mixed else next(iter(methods), "")
