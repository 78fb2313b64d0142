"""Shopify, Orders → Export: `orders_export.csv`, one row a line, the order's own cells on its first row only.

What counts is Subtotal: the goods after every discount, without shipping, added taxes and
duties. A line is quantity × price less its own discount; what is still missing to Subtotal
is the order's discount and is shared out over the lines to the cent.

The file does not tell when or what was refunded. A refund is one receipt of its own
(`#1001-R`) on the order's moment: all lines when everything went back, the one line whose
amount it is, or else a line without a name. It never exceeds the goods, because Refunded
Amount holds shipping and taxes too. An order cancelled, voided or expired is void whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from colmado_insights.storage.importing.cleaning import is_voided
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
    pesos,
    row_of,
    share_out,
    stray_row,
)

NAME = "shopify"
FIELDS = (
    Field.RECEIPT, Field.MOMENT, Field.KIND, Field.STATUS, Field.PRODUCT, Field.SKU, Field.QUANTITY,
    Field.LINE_TOTAL, Field.DISCOUNT, Field.PAYMENT, Field.CUSTOMER, Field.CASHIER, Field.STORE,
)  # fmt: skip
LAYOUT = Layout(
    names={
        "name": ("Name",),
        "status": ("Financial Status",),
        "created": ("Created at",),
        "paid": ("Paid at",),
        "cancelled": ("Cancelled at",),
        "subtotal": ("Subtotal",),
        "total": ("Total",),
        "refunded": ("Refunded Amount",),
        "discount": ("Discount Amount",),
        "payment": ("Payment Method",),
        "customer": ("Billing Name",),
        "shipped": ("Shipping Name",),
        "cashier": ("Employee",),
        "store": ("Location",),
        "qty": ("Lineitem quantity",),
        "item": ("Lineitem name",),
        "price": ("Lineitem price",),
        "sku": ("Lineitem sku",),
        "less": ("Lineitem discount",),
    },
    numbers=frozenset({"subtotal", "total", "refunded", "discount", "qty", "price", "less"}),
    moments={"created at": ("created",), "paid at": ("paid",)},
)
_NEEDED = {"name", "created", "qty", "item", "price"}
_USUAL = {"status", "subtotal", "total", "sku"}


@dataclass(frozen=True)
class _Line:
    """A line of an order; `net` is a text where an amount could not be read."""

    row: NamedRow
    net: Number
    discount: int = 0  # cents

    @property
    def amount(self) -> int | None:
        """Net cents, None where they could not be read."""
        return cents(self.net)


def recognise(path: Path, head: bytes) -> float:
    """How surely a file is Shopify's of orders."""
    table = peek(path, head)
    found = LAYOUT.find(table.header).keys() if table else set()
    if not found >= _NEEDED:
        return 0.0
    return 0.7 + 0.25 * len(found & _USUAL) / len(_USUAL)


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """The lines of the orders, each followed by its refund.

    Raises
    ------
    FileProblem
        A file cannot be read.
    """
    told = Told()
    for path in paths:
        told.begin_file()
        heads: dict[str, NamedRow] = {}
        last = ""

        def order_of(row: NamedRow) -> str:
            nonlocal last
            last = "" if row.stray else row.texts["name"] or last
            return last

        for number, rows in itertools.groupby(LAYOUT.read(path), order_of):
            orders = list(rows)
            yield from _strays(orders)
            if number and number not in heads and told.has(number):
                continue
            yield from _order(number, [row for row in orders if not row.stray], heads)


def _strays(rows: Sequence[NamedRow]) -> Iterator[Row]:
    return (stray_row(FIELDS, row.stray) for row in rows if row.stray)


def _order(number: str, rows: list[NamedRow], heads: dict[str, NamedRow]) -> Iterator[Row]:
    """An order's rows; where they stand apart in the file the later ones find their head in `heads`."""
    if not rows:
        return
    head = heads.setdefault(number, rows[0])
    is_continued = head is not rows[0]
    lines = [_line(row) for row in rows if _has_line(row)]
    if not lines:
        lines = [_Line(rows[0], rows[0].numbers["subtotal"])]
    elif not is_continued:
        lines = _share_discount(lines, head)
    shared = _shared_cells(number, head)
    yield from (row_of(FIELDS, shared | _line_cells(line)) for line in lines)
    if not shared[Field.STATUS] and not is_continued:
        back = {Field.RECEIPT: f"{number}-R", Field.KIND: "refund"}
        yield from (row_of(FIELDS, shared | cells | back) for cells in _refund(head, lines))


def _has_line(row: NamedRow) -> bool:
    return bool(row.texts["item"]) or row.numbers["price"] is not None


def _line(row: NamedRow) -> _Line:
    """Quantity × price less the line's own discount; a missing quantity is one."""
    quantity, price, less = (row.numbers[name] for name in ("qty", "price", "less"))
    units = 1.0 if quantity is None else quantity
    reduction = 0.0 if less is None else less
    if not (isinstance(units, float) and isinstance(price, float) and isinstance(reduction, float)):
        unread = next((cell for cell in (price, less, quantity) if isinstance(cell, str)), None)
        return _Line(row, unread)
    gross, off = cents(units * price) or 0, abs(cents(reduction) or 0)
    return _Line(row, (gross - off) / 100, off)


def _share_discount(lines: list[_Line], head: NamedRow) -> list[_Line]:
    """Bring the lines' sum down to Subtotal, or by the order's discount where there is no Subtotal."""
    amounts = [line.amount for line in lines]
    if any(amount is None or amount < 0 for amount in amounts):
        return lines
    known = [amount or 0 for amount in amounts]
    subtotal = cents(head.numbers["subtotal"])
    if subtotal is None:
        discount = abs(cents(head.numbers["discount"]) or 0) - sum(line.discount for line in lines)
        subtotal = sum(known) - max(discount, 0)
    if not 0 <= subtotal < sum(known):
        return lines
    parts = share_out(sum(known) - subtotal, known)
    return [
        _Line(line.row, (amount - part) / 100, line.discount + part)
        for line, amount, part in zip(lines, known, parts, strict=True)
    ]


def _shared_cells(number: str, head: NamedRow) -> dict[Field, Cell]:
    """What the order says of all its lines."""
    texts = head.texts
    is_void = bool(texts["cancelled"]) or is_voided(texts["status"]) or folded(texts["status"]) == "expired"
    return {
        Field.RECEIPT: number,
        Field.MOMENT: texts["created at"] or texts["paid at"],
        Field.KIND: "sale",
        Field.STATUS: "void" if is_void else "",
        Field.PAYMENT: texts["payment"].replace("Shopify Payments", "card"),
        Field.CUSTOMER: texts["customer"] or texts["shipped"],
        Field.CASHIER: texts["cashier"],
        Field.STORE: texts["store"],
    }


def _line_cells(line: _Line) -> dict[Field, Cell]:
    return {
        Field.PRODUCT: line.row.texts["item"],
        Field.SKU: line.row.texts["sku"],
        Field.QUANTITY: line.row.numbers["qty"],
        Field.LINE_TOTAL: line.net,
        Field.DISCOUNT: pesos(line.discount),
    }


def _refund(head: NamedRow, lines: list[_Line]) -> Iterator[dict[Field, Cell]]:
    """The lines of what went back, if anything did."""
    status = folded(head.texts["status"])
    back = abs(cents(head.numbers["refunded"]) or 0)
    goods = sum(line.amount or 0 for line in lines)
    is_all = (status == "refunded" and not back) or 0 < goods <= back
    if is_all:
        yield from map(_line_cells, lines)
    elif back:
        same = [line for line in lines if line.amount == back]
        if len(same) == 1:
            yield _line_cells(same[0])
        else:
            yield {Field.LINE_TOTAL: pesos(back)}
