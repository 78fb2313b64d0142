"""Dexie: the database of a till that runs in the browser (IndexedDB), exported as JSON.

Also the plain dumps of other exporters. Sales hold their items; products, customers, users
and shifts are joined by id. Decisions:

* A sale's lines say what was sold, also where some of it came back later: what the `returns`
  table tells becomes a refund of its own. Only a sale that no return speaks of gives its own
  returned quantities back, so nothing is subtracted twice.
* A line's amount is what the customer paid for it. Where the sale's total differs from its lines
  by exactly its own discount, tax or surcharge, that is spread over the lines; any other
  difference is left alone. Tips are not sales.
* Cancelled, parked and empty sales, payments of debts and money put in or taken out of the till
  are told as void: counted for the owner, never as revenue.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from colmado_insights.errors import NotSales
from colmado_insights.storage.importing.dumps import amount_cell, is_somebody
from colmado_insights.storage.importing.fields import Field
from colmado_insights.storage.importing.json_cells import (
    Record,
    cents_of,
    find,
    find_all,
    first_number,
    fold_key,
    has_moment,
    id_of,
    is_near,
    is_yes,
    name_of,
    number_of,
    text_of,
    when,
    word_of,
)
from colmado_insights.storage.importing.json_lines import (
    Line,
    at_sold_price,
    fill_amounts,
    net_of,
    part_of,
    spread_difference,
)
from colmado_insights.storage.importing.json_records import (
    as_list,
    read_records,
    revive,
    unpack_head,
)
from colmado_insights.storage.importing.made import Cell, Row
from colmado_insights.text import _

NAME = "dexie"
FIELDS: tuple[Field, ...] = (
    Field.RECEIPT, Field.MOMENT, Field.PRODUCT, Field.SKU, Field.CATEGORY, Field.QUANTITY, Field.LINE_TOTAL,
    Field.DISCOUNT, Field.COST, Field.PAYMENT, Field.CUSTOMER, Field.CASHIER, Field.STORE, Field.REGISTER,
    Field.KIND, Field.STATUS,
)  # fmt: skip

_TABLES = {
    "sales": "sale sales venta ventas",
    "documents": "receipt receipts recibo recibos ticket tickets factura facturas invoice invoices order orders"
    " pedido pedidos transaction transactions transaccion transacciones",
    "lines": "saleitem saleitems salesitems saleline salelines saledetail saledetails salesdetails ventaitems"
    " ventadetalle ventadetalles detalleventa detalleventas detallesventa lineasventa orderitems",
    "returns": "return returns refund refunds salereturns salesreturns devolucion devoluciones reembolsos",
    "products": "product products producto productos item items articulo articulos inventory inventario",
    "categories": "category categories categoria categorias departments departamentos",
    "customers": "customer customers client clients cliente clientes",
    "users": "user users usuario usuarios cashier cashiers cajero cajeros employee employees empleado empleados",
    "shifts": "shift shifts turno turnos cashshifts cashsessions sesiones",
    "payments": "payment payments salepayments pago pagos ventapagos",
}
_KIND_OF_TABLE = {name: kind for kind, names in _TABLES.items() for name in names.split()}

_REFUND = frozenset(
    [
        "refund",
        "return",
        "returned",
        "devolucion",
        "reembolso",
        "creditnote",
        "notacredito",
        "notadecredito",
        "e34",
        "b04",
    ]
)
_REFUNDED = frozenset(
    ["refunded", "returned", "devuelta", "devuelto", "reembolsada", "reembolsado", "fullyrefunded"]
)
_NO_SALE = frozenset(
    [
        "debtpayment",
        "abono",
        "abonodeuda",
        "pagodeuda",
        "pagodedeuda",
        "cobrodeuda",
        "expense",
        "gasto",
        "cashin",
        "cashout",
        "withdrawal",
        "retiro",
        "apertura",
        "cierre",
        "opening",
        "closing",
        "quote",
        "cotizacion",
        "proforma",
        "purchase",
        "compra",
    ]
)
_MONEY_ONLY = frozenset(
    ["payment", "pago", "cobro", "debt", "deuda", "deposit", "deposito", "ingreso", "adjustment", "ajuste"]
)
"""No sale either where there are no items."""

_VOID = frozenset(
    [
        "void",
        "voided",
        "cancelled",
        "canceled",
        "cancel",
        "anulada",
        "anulado",
        "cancelada",
        "cancelado",
        "nula",
        "nulo",
        "deleted",
        "eliminada",
        "eliminado",
        "draft",
        "borrador",
        "hold",
        "held",
        "onhold",
        "parked",
        "enespera",
        "suspendida",
        "suspended",
        "quote",
        "cotizacion",
        "proforma",
    ]
)
_FORMAT = re.compile(rb'"formatName"\s*:\s*"dexie"')
_LIST_KEY = re.compile(rb'"([^"\\]{1,40})"\s*:\s*\[\s*[{\[\]]')
_TABLE_KEY = re.compile(rb'"(?:table|tabla|tableName|name)"\s*:\s*"([^"\\]{1,40})"')
_ROWS_KEY = re.compile(rb'"rows"\s*:\s*\[')
_NUMBERS_KEPT = 20_000
_HEAD_BYTES = 256 * 1024
_SEARCHED = 4 * 1024 * 1024
_ROWS_LOOKED_AT = 20
_LONG_ROW = 10_000


# ── the two doors ──


def recognise(path: Path, head: bytes) -> float:
    """How sure it is, 0 to 1, that a file is a dump of a browser till, from its first bytes."""
    if path.is_dir():
        return 0.0
    body = _plain_head(head)
    if body[:1] not in (b"{", b"["):
        return 0.0
    if _FORMAT.search(body[:4096]):
        return 0.99
    if body.startswith(b"[") and not _ROWS_KEY.search(body):  # no tables: the sales themselves
        return 0.6 if _has_items(body, 1) else 0.0
    kinds = {_kind_of(name) for name in _tables_in(body)}
    if kinds & {"sales", "documents"}:
        return 0.9 if "lines" in kinds or any(_has_items(body, at) for at in _sales_in(body)) else 0.0
    return 0.9 if len(head) >= _HEAD_BYTES and _stands_further_on(path) else 0.0


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """The lines of the sales in some dumps, a row each, in the order of FIELDS.

    Raises
    ------
    FileProblem
        A dump is damaged, or has no table of sales.
    """
    seen: set[int] = set()
    for path in paths:
        yield from _Dump(path, seen).rows()


def _plain_head(head: bytes) -> bytes:
    body = unpack_head(head)
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        body = body.decode("utf-16", "replace").encode()
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()


def _tables_in(body: bytes) -> Iterator[str]:
    """Names of lists in an object, and of tables in a list of them."""
    pattern = _TABLE_KEY if body.startswith(b"[") else _LIST_KEY
    return (found.decode("utf-8", "replace") for found in pattern.findall(body))


def _sales_in(body: bytes) -> Iterator[int]:
    """Where the rows of a table of sales begin."""
    if body.startswith(b"["):
        named = (found for found in _TABLE_KEY.finditer(body) if _is_of_sales(found[1]))
        rows = (_ROWS_KEY.search(body, found.end()) for found in named)
        yield from (found.end() for found in rows if found)
    else:
        yield from (found.end(1) + 1 for found in _LIST_KEY.finditer(body) if _is_of_sales(found[1]))


def _is_of_sales(name: bytes) -> bool:
    return _kind_of(name.decode("utf-8", "replace")) in ("sales", "documents")


def _has_items(body: bytes, at: int) -> bool:
    """True where one of the first rows from here has items; also where even the first is too long to tell."""
    text = body[at:].decode("utf-8", "replace").lstrip(" \t\r\n:[")
    for place in range(_ROWS_LOOKED_AT):
        try:
            row, end = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            return place == 0 and len(text) > _LONG_ROW
        record = _record_of(row)[1]
        if record is not None and find(record, "items") is not None:
            return has_moment(record) or find(record, "total") is not None
        text = text[end:].lstrip(" \t\r\n,")
    return False


def _stands_further_on(path: Path) -> bool:
    """True where a table of sales comes after the first bytes; the file is searched, not parsed."""
    rest = b""
    try:
        with path.open("rb") as stream:
            while block := stream.read(_SEARCHED):
                if any(map(_is_of_sales, _LIST_KEY.findall(rest + block))):
                    return True
                rest = block[-100:]
    except OSError:
        return False
    return False


# ── one dump ──


@dataclass(frozen=True)
class _Product:
    name: str = ""
    barcode: str = ""
    category: str = ""
    cost: float | None = None
    price: float | None = None


_NO_PRODUCT = _Product()


@dataclass(frozen=True)
class _Head:
    """What all lines of a receipt share."""

    number: str
    moment: str
    payment: str
    customer: str
    cashier: str
    store: str
    register: str
    is_refund: bool
    is_void: bool


@dataclass
class _Tables:
    """What the small tables of a dump say, by id."""

    products: dict[str, _Product] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    shifts: dict[str, Record] = field(default_factory=dict)
    lines: dict[str, list[Record]] = field(default_factory=dict)
    payments: dict[str, list[Record]] = field(default_factory=dict)
    returns: list[Record] = field(default_factory=list)
    returned_sales: set[str] = field(default_factory=set)


class _Dump:
    """One file, read twice: first the small tables, then the sales."""

    def __init__(self, path: Path, seen: set[int]) -> None:
        self._path = path
        self._seen = seen
        self._tables = _Tables()
        self._sale_tables: set[str] = set()
        self._kept: dict[str, tuple[_Head, list[Line]]] = {}
        self._numbers: OrderedDict[tuple[str, ...], str] = OrderedDict()
        self._look_around()

    def rows(self) -> Iterator[Row]:
        """The rows of all sales, then those of the returns."""
        for at, (table, value) in enumerate(read_records(self._path), start=1):
            if table not in self._sale_tables:
                continue
            key, record = _record_of(value)
            if record is None:
                yield _unreadable(f"«{self._path.name} #{at}»")
            elif table or _looks_like_sale(record):
                yield from self._sale(key, record)
        for record in self._tables.returns:
            yield from self._return(record)

    # ── the small tables ──

    def _look_around(self) -> None:
        """Take in the small tables and choose which hold the sales."""
        found: dict[str, bool] = {}  # table of sales: whether some row has items
        others: dict[str, list[Record]] = {}
        for table, value in read_records(self._path):
            kind = _kind_of(table) if table else "sales"
            if kind in ("sales", "documents"):
                if not found.get(table):
                    record = _record_of(value)[1]
                    found[table] = record is not None and find(record, "items") is not None
            elif kind:
                record = _record_of(value)[1]
                if record is not None:
                    others.setdefault(kind, []).append(record)
        self._fill_names(others)
        self._fill_lists(others)
        self._sale_tables = self._choose(found)
        if not self._sale_tables:
            raise NotSales(
                _("«{file}» no trae ventas con sus productos.").format(file=self._path.name),
                _("En la caja, exporta la base de datos completa, con las ventas."),
            )

    def _choose(self, found: dict[str, bool]) -> set[str]:
        """The tables named sales, else those of documents with items; totals alone only of a true till."""
        has_lines = bool(self._tables.lines)
        with_items = {table for table, has_items in found.items() if has_items or has_lines}
        named = {table for table in found if table and _kind_of(table) == "sales"}
        is_till = _is_dexie(self._path)
        if named and (is_till or named & with_items):
            return named
        return with_items or (set(found) if is_till else set())

    def _fill_names(self, others: dict[str, list[Record]]) -> None:
        tables = self._tables
        for kind, names in (
            ("categories", tables.categories), ("customers", tables.customers), ("users", tables.users),
        ):  # fmt: skip
            for record in filter(id_of, others.get(kind, ())):
                names[id_of(record)] = text_of(find(record, "person") or find(record, "name"))
        for record in filter(id_of, others.get("products", ())):
            category = text_of(find(record, "category"))
            product = _Product(
                name=text_of(find(record, "name")),
                barcode=text_of(find(record, "barcode")),
                category=tables.categories.get(category, category),
                cost=number_of(find(record, "cost")),
                price=number_of(find(record, "price")),
            )
            tables.products[id_of(record)] = product
        tables.shifts.update((id_of(record), record) for record in filter(id_of, others.get("shifts", ())))

    def _fill_lists(self, others: dict[str, list[Record]]) -> None:
        tables = self._tables
        for kind, lists in (("lines", tables.lines), ("payments", tables.payments)):
            for record in others.get(kind, ()):
                if sale := text_of(find(record, "sale_ref")):
                    lists.setdefault(sale, []).append(record)
        tables.returns = others.get("returns", [])
        for record in tables.returns:
            tables.returned_sales.update(_references(record))

    # ── sales ──

    def _sale(self, key: str, record: Record) -> Iterator[Row]:
        own = text_of(find(record, "id")) or key
        head = self._head(record, own)
        is_again = self._is_again(own, head.number, head.moment, str(head.is_refund))
        lines = self._settle(record, [self._line(item) for item in self._items(record, own)])
        if not lines:
            head = replace(head, is_void=True)
            lines = [Line("", "", "", 1.0, 0, None, None, 0.0, "")]
        if sum(line.cents or 0 for line in lines) < 0:
            head = replace(head, is_refund=True)
        references = {f"id {own}", f"number {head.number}"} & self._tables.returned_sales
        for reference in references:
            self._kept[reference] = head, lines
        if is_again:
            return
        head = replace(head, number=self._one_number(head, own))
        yield from _rows(head, lines)
        if not references and not head.is_void and not head.is_refund:
            yield from self._own_returns(record, head, lines)

    def _is_again(self, *identity: str) -> bool:
        """True for what came before, in a repeated table or in another dump; what has no number is never again."""
        if not any(identity[:2]):
            return False
        known = hash(identity)
        if known in self._seen:
            return True
        self._seen.add(known)
        return False

    def _head(self, record: Record, own: str) -> _Head:
        kind = word_of(find(record, "kind"))
        status = word_of(find(record, "status"))
        is_void = (
            status in _VOID
            or kind in _VOID
            or kind in _NO_SALE
            or (kind in _MONEY_ONLY and not as_list(find(record, "items")))
            or any(map(is_yes, find_all(record, "void")))
        )
        return _Head(
            number=text_of(find(record, "number")) or own,
            moment=when(record),
            payment=self._payment(record, own),
            customer=self._person(record, "customer", self._tables.customers),
            cashier=self._cashier(record),
            store=name_of(find(record, "store")),
            register=name_of(find(record, "register")),
            is_refund=kind in _REFUND,
            is_void=is_void,
        )

    def _one_number(self, head: _Head, own: str) -> str:
        """The receipt's number, told apart where another sale within hours has it too."""
        key = (head.number, head.register, head.store, str(head.is_refund))
        before = self._numbers.get(key)
        self._numbers[key] = head.moment
        if len(self._numbers) > _NUMBERS_KEPT:
            self._numbers.popitem(last=False)
        if before is None or not own or own == head.number or not is_near(before, head.moment):
            return head.number
        return f"{head.number}-{own}"

    def _items(self, record: Record, own: str) -> list[Record]:
        value = find(record, "items")
        if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                value = None
        listed = as_list(value)
        if listed is None:
            listed = list(value.values()) if isinstance(value, dict) else []
        items = [revive(item) for item in listed if isinstance(item, dict)]
        return items or self._tables.lines.get(own, [])

    def _line(self, item: Record) -> Line:
        nested = find(item, "product")
        key = text_of(find(item, "product_id"))
        inner: Record = nested if isinstance(nested, dict) else {}
        if inner:
            key = key or id_of(inner)
        product = self._tables.products.get(key, _NO_PRODUCT)
        name = text_of(_either(item, inner, "name")) or product.name
        if not name and nested and not inner:
            name = self._tables.products.get(text_of(nested), _Product(name=text_of(nested))).name
        category = text_of(_either(item, inner, "category"))
        quantity = number_of(find(item, "quantity"))
        count = 1.0 if quantity is None else quantity
        raw = find(item, "amount")
        amount = number_of(raw)
        told_price = number_of(_either(item, inner, "price"))
        cents, discount = net_of(amount, told_price, number_of(find(item, "discount")), count)
        cost = first_number(_either(item, inner, "cost"), product.cost)
        price = None if cents is not None else first_number(told_price, product.price)
        returned = find(item, "returned")
        return Line(
            name=name or (_("Producto {number}").format(number=key) if key else ""),
            sku=text_of(_either(item, inner, "barcode")) or product.barcode,
            category=self._tables.categories.get(category, category) or product.category,
            quantity=count,
            cents=cents,
            discount=discount,
            cost=None if cost is None or math.isnan(count) else cents_of(abs(cost * count)),
            weight=abs(count * price) if price and not math.isnan(count) else 0.0,
            product=key or name,
            told=None if cents is None or amount is None else cents_of(amount),
            returned=0.0 if returned is None else abs(number_of(returned) or 0.0),
            trouble="" if cents is not None or raw is None else text_of(raw) or "?",
        )

    def _settle(self, record: Record, lines: list[Line]) -> list[Line]:
        """The lines with amounts for those that have none, and with the receipt's own discount and tax."""
        total = number_of(find(record, "total"))
        whole = None if total is None or math.isnan(total) else cents_of(total)
        if not lines:
            return [Line("", "", "", 1.0, whole, None, None, 0.0, "")] if whole else []
        if any(line.trouble or math.isnan(line.quantity) for line in lines):
            return lines
        told = [line.told for line in lines if line.told is not None]
        if len(told) == len(lines) and sum(told) == whole:
            return [replace(line, cents=line.told) for line in lines]
        if any(line.cents is None for line in lines):
            lines = fill_amounts(lines, whole)
        if whole is None or any(line.cents is None for line in lines):
            return lines
        return spread_difference(record, lines, whole)

    # ── returns ──

    def _own_returns(self, record: Record, head: _Head, lines: list[Line]) -> Iterator[Row]:
        """What the sale itself says came back, where no table of returns speaks of it."""
        listed = as_list(find(record, "returns")) or []
        inner = [revive(value) for value in listed if isinstance(value, dict)]
        if inner:
            for place, value in enumerate(inner, start=1):
                yield from self._refund(value, head, lines, id_of(value) or str(place))
            return
        back = [line for line in lines if line.returned and line.quantity]
        if not back and word_of(find(record, "status")) in _REFUNDED:
            back = [replace(line, returned=abs(line.quantity)) for line in lines]
        back = [part_of(line, min(line.returned, abs(line.quantity))) for line in back]
        if back:
            refund = replace(head, number=f"{head.number}-D", is_refund=True, payment="")
            yield from _rows(refund, back)

    def _return(self, record: Record) -> Iterator[Row]:
        """A row of the table of returns, with what is known of its sale."""
        references = _references(record)
        sale = next((self._kept[reference] for reference in references if reference in self._kept), None)
        head, lines = sale if sale else (self._head(record, id_of(record)), [])
        yield from self._refund(record, head, lines, id_of(record))

    def _refund(self, record: Record, sale: _Head, sold: list[Line], own: str) -> Iterator[Row]:
        said = self._head(record, own)
        told = text_of(find(record, "return_number"))
        bought = text_of(find(record, "receipt_ref")) or _sale_of(record) or sale.number
        head = _Head(
            number=told or f"{bought}-D{own}",  # from this row alone: the sale may be in another dump
            moment=said.moment or ("" if has_moment(record) else sale.moment),
            payment=said.payment,
            customer=said.customer or sale.customer,
            cashier=said.cashier or sale.cashier,
            store=said.store or sale.store,
            register=said.register or sale.register,
            is_refund=True,
            is_void=said.is_void or (bool(sold) and sale.is_void),
        )
        if self._is_again(own, head.number, head.moment, "return"):
            return
        lines = [self._line(item) for item in self._items(record, f"return {own}")]
        lines = [at_sold_price(line, sold) for line in lines]
        if not lines and find(record, "product_id") is not None:
            lines = [at_sold_price(self._line(record), sold)]
        lines = self._settle(record, lines)
        yield from _rows(head, lines or [Line("", "", "", 1.0, None, None, None, 0.0, "")])

    # ── who and how ──

    def _person(self, record: Record, what: str, known: dict[str, str]) -> str:
        value = find(record, what)
        name = name_of(value)
        if name in known:
            name = known[name]
        elif isinstance(value, int | float):
            name = ""
        name = name or known.get(text_of(find(record, f"{what}_id")), "")
        return name if name and _is_known(name) else ""

    def _cashier(self, record: Record) -> str:
        name = self._person(record, "cashier", self._tables.users)
        shift = self._tables.shifts.get(text_of(find(record, "shift_id")))
        return name or (self._person(shift, "cashier", self._tables.users) if shift else "")

    def _payment(self, record: Record, own: str) -> str:
        value = find(record, "payment")
        listed = as_list(value)
        if listed is None and value is None:
            listed = list(self._tables.payments.get(own, ()))
        if listed is not None:
            words = [_payment_word(part) for part in listed]
            value = " + ".join(dict.fromkeys(word for word in words if word))
        if not value and any(map(is_yes, find_all(record, "is_credit"))):
            return "fiado"
        return _payment_word(value)


# ── rows ──


def _rows(head: _Head, lines: list[Line]) -> Iterator[Row]:
    """Lines as rows; where a refund holds lines of both signs, the signs themselves say what it is."""
    signs = {math.copysign(1, line.cents) for line in lines if line.cents}
    is_mixed = len(signs) == 2
    flip = -1 if head.is_refund and is_mixed and sum(line.cents or 0 for line in lines) > 0 else 1
    kind = "" if head.is_refund and is_mixed else "refund" if head.is_refund else "sale"
    for line in lines:
        yield (
            head.number, head.moment, line.name, line.sku, line.category,
            "?" if math.isnan(line.quantity) else repr(flip * line.quantity),
            line.trouble or ("" if line.cents is None else amount_cell(flip * line.cents)),
            "" if line.discount is None else amount_cell(line.discount),
            "" if line.cost is None else amount_cell(line.cost),
            head.payment, head.customer, head.cashier, head.store, head.register,
            kind, "void" if head.is_void else "",
        )  # fmt: skip


def _unreadable(where: str) -> Row:
    """A row that is no sale at all, for the quarantine."""
    cells: dict[Field, Cell] = {Field.RECEIPT: where}
    return tuple(cells.get(name, "") for name in FIELDS)


def _record_of(value: Any) -> tuple[str, Record | None]:
    """The key and the object of a row, be it an object or a `[key, value]` pair."""
    value = revive(value)
    if isinstance(value, dict) and (pair := as_list(value)) is not None and len(pair) == 2:
        value = pair
    if isinstance(value, list) and len(value) == 2:
        key, inner = text_of(value[0]), revive(value[1])
        return key, ({"id": value[0], **inner} if isinstance(inner, dict) else None)
    return "", value if isinstance(value, dict) else None


def _either(item: Record, inner: Record, wanted: str) -> Any:
    """What an item tells itself, or else the product inside it."""
    value = find(item, wanted)
    return find(inner, wanted) if value is None and inner else value


def _payment_word(part: Any) -> str:
    """How a part of the sale was paid; a part of nothing says nothing."""
    if not isinstance(part, dict):
        return text_of(part)
    if number_of(find(part, "paid")) == 0:
        return ""
    return name_of(find(part, "payment")) or name_of(part) or text_of(find(part, "kind"))


# ── tables ──


@functools.lru_cache(maxsize=4096)
def _is_known(name: str) -> bool:
    return is_somebody(name)


@functools.lru_cache(maxsize=4096)
def _kind_of(table: str) -> str:
    """What a table holds, or "" for what is not needed here."""
    name = fold_key(table)
    for prefix in ("", "tbl", "pos"):
        if name.startswith(prefix) and (kind := _KIND_OF_TABLE.get(name.removeprefix(prefix))):
            return kind
    return ""


def _is_dexie(path: Path) -> bool:
    with path.open("rb") as stream:
        return _FORMAT.search(_plain_head(stream.read(8192))[:4096]) is not None


def _looks_like_sale(record: Record) -> bool:
    return has_moment(record) and (find(record, "items") is not None or find(record, "total") is not None)


def _references(record: Record) -> set[str]:
    """The sales that a return may be of, by id or by number."""
    sale = _sale_of(record)
    numbers = [text_of(value) for value in find_all(record, "receipt_ref")]
    if sale and not sale.isdecimal():  # some tills refer to a sale by its number
        numbers.append(sale)
    return {f"number {text}" for text in numbers if text} | ({f"id {sale}"} if sale else set())


def _sale_of(record: Record) -> str:
    """What a return tells of its sale: its id, or the sale itself."""
    value = find(record, "sale_ref")
    return id_of(value) if isinstance(value, dict) else text_of(value)
