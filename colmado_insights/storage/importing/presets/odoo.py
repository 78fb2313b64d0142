"""Odoo point of sale, any list of orders → Export (CSV or XLSX), with field labels or technical names.

The order's own cells stand on its first row only (one2many expansion, merged cells); rows
that carry only another payment follow the lines. A line counts with its Subtotal, tax
included as in the order's Total. Times are taken as they stand. Returns have negative quantities;
an order named REFUND or REEMBOLSO with positive ones is a return too. Also the report of
sales details: `Order, Order Date, Product, Qty Ordered, Unit Price, Total`.
"""

from __future__ import annotations

import re
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
    peek,
    pesos,
    row_of,
    stray_row,
)
from colmado_insights.storage.importing.vocabulary import fold

NAME = "odoo"
FIELDS = (
    Field.RECEIPT, Field.MOMENT, Field.KIND, Field.STATUS, Field.PRODUCT, Field.SKU, Field.CATEGORY,
    Field.QUANTITY, Field.LINE_TOTAL, Field.DISCOUNT, Field.COST, Field.PAYMENT, Field.CUSTOMER,
    Field.CASHIER, Field.REGISTER,
)  # fmt: skip

_LINES = (
    "Order lines", "lines", "Líneas del pedido", "Líneas de pedido", "Líneas de la orden", "Líneas de orden",
    "Líneas", "Lines/Order lines",
)  # fmt: skip
_PAYMENTS = ("Payments", "payment_ids", "Pagos", "Pago")


def _of(parents: Sequence[str], children: Sequence[str]) -> tuple[str, ...]:
    """The path of every child under every parent, as Odoo joins them."""
    return tuple(f"{parent}/{child}" for child in children for parent in parents)


_ORDER = {
    "name": (
        "Order Ref", "Order Reference", "name", "Order", "Referencia del pedido", "Ref. del pedido", "Ref. de pedido",
        "Referencia de la orden", "Ref. de orden", "Referencia de pedido", "Pedido", "Orden",
    ),
    "receipt": ("Receipt Number", "pos_reference", "Número de recibo", "No. de recibo", "N.º de recibo"),
    "date": (
        "Date", "date_order", "Order Date", "Fecha", "Fecha de la orden", "Fecha de orden", "Fecha del pedido",
        "Fecha de pedido",
    ),
    "state": ("Status", "state", "Estado"),
    "customer": ("Customer", "partner_id", "partner_id/name", "Cliente", "Customer/Name", "Cliente/Nombre"),
    "cashier": (
        "Cashier", "Employee", "employee_id", "Responsible", "user_id", "User", "Cajero", "Empleado", "Responsable",
        "Usuario", "Cashier/Responsible", "user_id/name",
    ),
    "register": ("Point of Sale", "config_id", "Punto de venta"),
    "amount": ("Total", "amount_total", "Importe total"),
}  # fmt: skip
_LINE = {
    "product": (
        "Product", "product_id", "product_id/display_name", "Product/Display Name", "Full Product Name",
        "full_product_name", "product_id/name", "Product/Name", "Producto", "Producto/Nombre mostrado",
        "Producto/Nombre", "Nombre completo del producto",
    ),
    "category": (
        "Product/Product Category", "Product/Point of Sale Category", "Product/POS Product Category",
        "product_id/categ_id", "product_id/pos_categ_id", "Producto/Categoría de producto",
        "Producto/Categoría del producto", "Producto/Categoría del punto de venta",
    ),
    "qty": ("Quantity", "qty", "Qty Ordered", "Cantidad", "Cantidad pedida", "Cant. pedida"),
    "price": ("Unit Price", "price_unit", "Precio unitario", "Precio unidad"),
    "less": ("Discount (%)", "discount", "Descuento (%)", "Desc. (%)", "Desc (%)", "Disc. (%)"),
    "untaxed": (
        "Subtotal w/o Tax", "price_subtotal", "Subtotal sin impuestos", "Subtotal sin impuesto", "Tax Excl.",
        "Subtotal (sin impuestos)",
    ),
    "line total": ("Subtotal", "price_subtotal_incl", "Total", "Tax Incl.", "Importe", "Subtotal con impuestos"),
    "code": (
        "Product/Barcode", "product_id/barcode", "Product/Internal Reference", "product_id/default_code",
        "Producto/Código de barras", "Producto/Referencia interna",
    ),
    "cost": ("Total Cost", "total_cost", "Costo total", "Coste total"),
}  # fmt: skip
_PAID = {
    "method": (
        "Payment Method", "payment_method_id", "payment_method_id/name", "Método de pago", "Payment Method/Name",
        "Metodo de pago", "Método de pago/Nombre",
    ),
    "paid": ("Amount", "amount", "Importe", "Monto", "Cantidad"),
}  # fmt: skip
_NUMBERS = frozenset({"qty", "price", "less", "untaxed", "line total", "cost", "paid", "amount"})
_MOMENT = {"moment": ("date",)}

EXPANDED = Layout(
    names=_ORDER
    | {name: _of(_LINES, children) for name, children in _LINE.items()}
    | {name: _of(_PAYMENTS, children) for name, children in _PAID.items()},
    numbers=_NUMBERS,
    moments=_MOMENT,
)
"""The list of orders with their lines under a path."""

FLAT = Layout(
    names={name: headers for name, headers in _ORDER.items() if name != "amount"}
    | _LINE
    | {"method": _PAID["method"], "paid": (), "amount": ()},
    numbers=_NUMBERS,
    moments=_MOMENT,
)
"""The report, whose rows are lines."""

_REPORT_ONLY = {"qty ordered", "cantidad pedida", "cant. pedida"}
_CODE = re.compile(r"\[([^\]]+)\]\s*(.*)", re.DOTALL)
_REFUND = re.compile(r"refund|reembolso|devolucion|rectificativ")
_ON_ACCOUNT = frozenset({"customer account", "pay later"})
_DRAFT = frozenset({"draft", "new", "nuevo", "nueva", "borrador", "ongoing", "en curso"})


def recognise(path: Path, head: bytes) -> float:
    """How surely a file is Odoo's of orders of the point of sale."""
    table = peek(path, head)
    if table is None:
        return 0.0
    expanded = EXPANDED.find(table.header).keys()
    if {"date", "product"} <= expanded and expanded & {"qty", "line total", "untaxed"}:
        return 0.95 if expanded & {"name", "receipt"} else 0.8
    flat = FLAT.find(table.header).keys()
    is_report = any(fold(cell) in _REPORT_ONLY for cell in table.header)
    return 0.85 if is_report and {"name", "date", "product", "qty"} <= flat else 0.0


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """The lines of the orders.

    Raises
    ------
    FileProblem
        A file cannot be read.
    """
    told = Told()
    for path in paths:
        table = peek(path, b"")
        is_expanded = table is None or "product" in EXPANDED.find(table.header)
        yield from read_orders(path, EXPANDED if is_expanded else FLAT, told)


def read_orders(path: Path, layout: Layout, told: Told) -> Iterator[Row]:
    """The lines of a file in which an order's own cells stand on its first row; `layout` has our names.

    Orders that earlier files have `told` are left out.

    Raises
    ------
    FileProblem
        The file cannot be read.
    """
    told.begin_file()
    order: list[NamedRow] = []
    for row in layout.read(path):
        if row.stray:
            yield stray_row(FIELDS, row.stray)
        elif order and _continues(order[0], row):
            order.append(row)
        else:
            yield from _order(order, told)
            order = [row]
    yield from _order(order, told)


def _number(row: NamedRow) -> str:
    return row.texts["name"] or row.texts["receipt"]


def _continues(head: NamedRow, row: NamedRow) -> bool:
    """True for a row whose order cells are blank, or say again what the first row said."""
    number, moment = _number(row), row.texts["moment"]
    if not number:
        return not moment or (moment == head.texts["moment"] and not _number(head))
    return number == _number(head) and moment in ("", head.texts["moment"])


def _order(rows: list[NamedRow], told: Told) -> Iterator[Row]:
    """The lines of one order; a row with only a payment is none."""
    if not rows or (rows[0].texts["moment"] and told.has(_number(rows[0]), rows[0].texts["moment"])):
        return
    head = rows[0]
    lines = [row for row in rows if _has_line(row)]
    if not lines:
        total = head.numbers["amount"]
        yield row_of(FIELDS, _shared_cells(rows, [total]) | {Field.LINE_TOTAL: total})
        return
    nets = [_net(row) for row in lines]
    shared = _shared_cells(rows, [row.numbers["qty"] for row in lines] + nets)
    for row, net in zip(lines, nets, strict=True):
        yield row_of(FIELDS, shared | _line_cells(row, net))


def _has_line(row: NamedRow) -> bool:
    names = ("qty", "price", "line total", "untaxed")
    return bool(row.texts["product"]) or any(row.numbers[name] is not None for name in names)


def _shared_cells(rows: list[NamedRow], signed: Sequence[Number]) -> dict[Field, Cell]:
    """What the order says of all its lines."""
    head = rows[0]
    texts = head.texts
    is_out = fold(texts["state"]) in _DRAFT or is_voided(texts["state"])
    return {
        Field.RECEIPT: _number(head),
        Field.MOMENT: texts["moment"],
        Field.KIND: _kind(head, signed),
        Field.STATUS: "void" if is_out else "",
        Field.PAYMENT: _payment(rows),
        Field.CUSTOMER: texts["customer"],
        Field.CASHIER: texts["cashier"],
        Field.REGISTER: texts["register"],
    }


def _kind(head: NamedRow, signed: Sequence[Number]) -> str:
    """Sale or refund; "" for an exchange, whose lines keep their own signs."""
    has_negative = any(isinstance(number, float) and number < 0 for number in signed)
    has_positive = any(isinstance(number, float) and number > 0 for number in signed)
    if has_negative:
        return "" if has_positive else "refund"
    return "refund" if _REFUND.search(fold(f"{head.texts['name']} {head.texts['receipt']}")) else "sale"


def _payment(rows: Sequence[NamedRow]) -> str:
    """The methods of the order's payments: `mixed` when of several kinds."""
    methods = dict.fromkeys(
        "on account" if fold(row.texts["method"]) in _ON_ACCOUNT else row.texts["method"]
        for row in rows
        if row.texts["method"] and (row.numbers["paid"] is None or cents(row.numbers["paid"]) != 0)
    )
    is_mixed = len({payment_of(method) for method in methods}) > 1
    return str(Payment.MIXED) if is_mixed else next(iter(methods), "")


def _net(row: NamedRow) -> Number:
    """The line's amount with tax, else without, else quantity × price less the discount."""
    for name in ("line total", "untaxed"):
        if row.numbers[name] is not None:
            return row.numbers[name]
    quantity, price, less = (row.numbers[name] for name in ("qty", "price", "less"))
    units = 1.0 if quantity is None else quantity
    if isinstance(units, float) and isinstance(price, float):
        share = less / 100 if isinstance(less, float) and 0 <= less <= 100 else 0.0
        return (cents(units * price * (1 - share)) or 0) / 100
    return next((cell for cell in (price, quantity) if isinstance(cell, str)), None)


def _line_cells(row: NamedRow, net: Number) -> dict[Field, Cell]:
    code, name = row.texts["code"], row.texts["product"]
    if found := _CODE.fullmatch(name):
        code, name = code or found[1], found[2].strip() or found[1]
    return {
        Field.PRODUCT: name,
        Field.SKU: code,
        Field.CATEGORY: row.texts["category"].rpartition("/")[2].strip(),
        Field.QUANTITY: row.numbers["qty"],
        Field.LINE_TOTAL: net,
        Field.DISCOUNT: _discount(row),
        Field.COST: row.numbers["cost"],
    }


def _discount(row: NamedRow) -> str | None:
    """The discount in money; the file has it in percent."""
    quantity, price, less = (row.numbers[name] for name in ("qty", "price", "less"))
    if not (isinstance(less, float) and isinstance(price, float) and 0 <= less <= 100):
        return None
    units = quantity if isinstance(quantity, float) else 1.0
    return pesos(abs(cents(units * price * less / 100) or 0))
