"""Eleventa (AbarrotesPDV): its Firebird tables dumped to CSV or Excel, at least tickets and their articles.

FOLIO begins anew in each till, so ID is the number. A cancelled ticket keeps its amounts and
comes as void; an open one is no sale yet. What was given back stands in tables of its own and
comes as refunds "D-…" while the ticket keeps what was sold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from colmado_insights.storage.importing.dumps import (
    BROKEN,
    Dumps,
    DumpTable,
    Record,
    amount_cell,
    cents_of,
    gather,
    is_somebody,
    is_true,
    moment_cell,
    name_cell,
    number_of,
    recognise_dump,
    round_together,
)
from colmado_insights.storage.importing.fields import Field
from colmado_insights.storage.importing.made import Row
from colmado_insights.storage.importing.vocabulary import fold

NAME = "eleventa"
FIELDS = (
    Field.RECEIPT, Field.MOMENT, Field.KIND, Field.STATUS, Field.PRODUCT, Field.SKU, Field.CATEGORY,
    Field.QUANTITY, Field.LINE_TOTAL, Field.COST, Field.PAYMENT, Field.CASHIER, Field.CUSTOMER,
    Field.REGISTER,
)  # fmt: skip

TICKETS = DumpTable(
    "VENTATICKETS",
    marks=("ID", "CAJA_ID", "ESTA_ABIERTO", "ESTA_CANCELADO"),
    columns=(
        "ID", "CAJA_ID", "CAJERO_ID", "CREADO_EN", "VENDIDO_EN", "TOTAL", "ESTA_ABIERTO", "ESTA_CANCELADO",
        "FORMA_PAGO", "CLIENTE_ID",
    ),
    key=("ID",),
)  # fmt: skip
ARTICLES = DumpTable(
    "VENTATICKETS_ARTICULOS",
    marks=("TICKET_ID", "PRODUCTO_CODIGO", "PRODUCTO_NOMBRE", "CANTIDAD"),
    columns=(
        "ID", "TICKET_ID", "PRODUCTO_CODIGO", "PRODUCTO_NOMBRE", "CANTIDAD", "GANANCIA", "DEPARTAMENTO_ID",
        "PORCENTAJE_DESCUENTO", "IMPUESTO_UNITARIO", "PRECIO_USADO", "CANTIDAD_DEVUELTA", "TOTAL_ARTICULO",
    ),
    key=("ID", "TICKET_ID"),
)  # fmt: skip
MIXED = DumpTable(
    "PAGOS_MIXTOS",
    marks=("TICKET_ID", "FORMA_DE_PAGO", "MONTO"),
    columns=("TICKET_ID", "FORMA_DE_PAGO", "MONTO"),
    key=("TICKET_ID", "FORMA_DE_PAGO", "MONTO"),
)
RETURNED = DumpTable(
    "DEVOLUCIONES_ARTICULOS",
    marks=("CODIGO_PRODUCTO", "CANTIDAD_DEVUELTA", "DINERO_DEVUELTO"),
    columns=(
        "ID", "DEVOLUCION_ID", "TICKET_ID", "CODIGO_PRODUCTO", "DESCRIPCION_PRODUCTO", "CANTIDAD_DEVUELTA",
        "DINERO_DEVUELTO", "DEVUELTO_EN",
    ),
    key=("ID", "DEVOLUCION_ID", "TICKET_ID"),
)  # fmt: skip
RETURNS = DumpTable(
    "DEVOLUCIONES",
    marks=("ID", "DEVUELTO_EN"),
    columns=("ID", "TICKET_ID", "DEVUELTO_EN", "CAJERO_ID", "TOTAL_DEVUELTO", "DINERO_DEVUELTO"),
    key=("ID",),
)
PRODUCTS = DumpTable(
    "PRODUCTOS",
    marks=("CODIGO", "DESCRIPCION", "PVENTA"),
    columns=("CODIGO", "DESCRIPCION", "DEPT"),
    key=("CODIGO",),
)
DEPARTMENTS = DumpTable("DEPARTAMENTOS", ("ID", "NOMBRE"), ("ID", "NOMBRE"), is_common=True)
USERS = DumpTable("USUARIOS", ("ID",), ("ID", "NOMBRE_COMPLETO", "NOMBRE", "USUARIO"), is_common=True)
CUSTOMERS = DumpTable("CLIENTES", ("ID", "NOMBRE"), ("ID", "NOMBRE"), is_common=True)
TABLES = (TICKETS, ARTICLES, MIXED, RETURNED, RETURNS, PRODUCTS, DEPARTMENTS, USERS, CUSTOMERS)

_PAYMENTS = {"e": "efectivo", "t": "tarjeta", "c": "crédito", "v": "vales", "m": "mixto"}
_RETURN = "D-"
_NO_DEPARTMENT = "sin departamento"


@dataclass(frozen=True, slots=True)
class _Ticket:
    """What the lines of a ticket share."""

    id: str
    moment: str
    is_void: bool
    total: Decimal | None
    payment: str
    cashier: str
    customer: str
    register: str

    def cells(self) -> tuple[str, ...]:
        """The cells that begin a row."""
        return (self.id, self.moment, "sale", "void" if self.is_void else "")

    def people(self) -> tuple[str, ...]:
        """The cells that end a row."""
        return (self.payment, self.cashier, self.customer, self.register)


@dataclass(frozen=True)
class _Names:
    """What codes and ids stand for; empty where a table was not exported."""

    products: Mapping[str, tuple[str, str]]  # name, department
    departments: Mapping[str, str]

    def name(self, written: str, code: str) -> str:
        """The name on the ticket, else that of the catalog."""
        return name_cell(written) or self.products.get(code, ("", ""))[0]

    def category(self, department: str, code: str) -> str:
        """The department on the ticket, else that of the catalog."""
        name = self.departments.get(department or self.products.get(code, ("", ""))[1], "")
        return "" if _NO_DEPARTMENT in fold(name) else name


def recognise(path: Path, head: bytes) -> float:
    """How sure it is that a file is one of Eleventa's tables, by its columns."""
    return recognise_dump(path, head, TABLES)


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """The lines of all closed tickets, then what was given back.

    Raises
    ------
    UnknownColumns
        Tickets or articles are missing.
    FileProblem
        A file cannot be read, or there are no tickets in it.
    """
    dumps = Dumps(paths, TABLES, "Eleventa")
    dumps.require(TICKETS.name)
    dumps.require(ARTICLES.name)
    dumps.require_rows(TICKETS.name)
    names = _Names(
        products={
            record["CODIGO"]: (name_cell(record["DESCRIPCION"]), record["DEPT"])
            for record in dumps.rows(PRODUCTS.name)
            if record["CODIGO"] and not record[BROKEN]
        },
        departments={
            number: name_cell(name) for number, name in dumps.names(DEPARTMENTS.name, "NOMBRE").items()
        },
    )
    tickets, open_ids = _read_tickets(dumps)
    yield from _read_sales(dumps, tickets, open_ids, names)
    yield from _read_returns(dumps, tickets, names)


def _read_tickets(dumps: Dumps) -> tuple[dict[str, _Ticket], set[str]]:
    """The tickets by id, and the ids of those still open."""
    users = dumps.names(USERS.name, "NOMBRE_COMPLETO", "NOMBRE", "USUARIO")
    customers = dumps.names(CUSTOMERS.name, "NOMBRE")
    mixed = _read_mixed(dumps)
    sold, made = (dumps.date_style(TICKETS.name, column) for column in ("VENDIDO_EN", "CREADO_EN"))
    tickets: dict[str, _Ticket] = {}
    open_ids: set[str] = set()
    for record in dumps.rows(TICKETS.name):
        if record[BROKEN] or not record["ID"]:
            continue  # its lines find no ticket, and are kept aside with their reason
        is_void = is_true(record["ESTA_CANCELADO"])
        if is_true(record["ESTA_ABIERTO"]) and not is_void:
            open_ids.add(record["ID"])
            continue
        paid = record["FORMA_PAGO"]
        customer = name_cell(customers.get(record["CLIENTE_ID"], ""))
        tickets[record["ID"]] = _Ticket(
            id=record["ID"],
            moment=moment_cell(record["VENDIDO_EN"], sold) or moment_cell(record["CREADO_EN"], made),
            is_void=is_void,
            total=number_of(record["TOTAL"]),
            payment=mixed.get(record["ID"]) or _PAYMENTS.get(paid.casefold(), paid),
            cashier=name_cell(users.get(record["CAJERO_ID"], "")),
            customer=customer if is_somebody(customer) else "",
            register=_register(record["CAJA_ID"]),
        )
    return tickets, open_ids


def _read_mixed(dumps: Dumps) -> dict[str, str]:
    """How tickets with several payments were paid: "mixto", unless all were of one kind."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for record in dumps.rows(MIXED.name):
        if not record[BROKEN] and number_of(record["MONTO"]):
            paid = record["FORMA_DE_PAGO"]
            kinds[record["TICKET_ID"]].add(_PAYMENTS.get(paid.casefold(), paid))
    return {ticket: "mixto" if len(paid) > 1 else next(iter(paid)) for ticket, paid in kinds.items()}


def _register(number: str) -> str:
    return f"Caja {number}" if number else ""


# ── sales ──


def _read_sales(
    dumps: Dumps, tickets: Mapping[str, _Ticket], open_ids: set[str], names: _Names
) -> Iterator[Row]:
    knows_returns = dumps.has(RETURNED.name) or dumps.has(RETURNS.name)
    with_lines: set[str] = set()
    for number, records in gather(lambda: dumps.rows(ARTICLES.name), "TICKET_ID"):
        if number in open_ids:
            continue
        ticket = tickets.get(number) or _unknown_ticket(number)
        with_lines.add(number)
        for record, cell in zip(records, _line_totals(records, ticket.total), strict=True):
            yield _line(ticket, record, cell, names)
        if not knows_returns and not ticket.is_void:
            yield from _undated_returns(ticket, records, names)
    for ticket in tickets.values():
        if ticket.id not in with_lines and (ticket.total or ticket.is_void):
            cell = amount_cell(cents_of(ticket.total or Decimal(0)))
            yield (*ticket.cells(), "", "", "", "1", cell, "", *ticket.people())


def _unknown_ticket(number: str) -> _Ticket:
    """A ticket that was not exported: without a moment its lines are kept aside."""
    return _Ticket(number, "", False, None, "", "", "", "")


def _line(ticket: _Ticket, record: Record, total: str, names: _Names) -> Row:
    code = record["PRODUCTO_CODIGO"]
    number, moment, kind, status = ticket.cells()
    return (
        number, "" if record[BROKEN] else moment, kind, status,
        names.name(record["PRODUCTO_NOMBRE"], code), code,
        names.category(record["DEPARTAMENTO_ID"], code),
        _plain(record["CANTIDAD"]), total, _cost(record), *ticket.people(),
    )  # fmt: skip


def _line_totals(records: Sequence[Record], total: Decimal | None) -> list[str]:
    """What each line brought, adding up to the ticket where only rounding or tax lies between."""
    amounts = [_amount(record) for record in records]
    if None in amounts:
        return [
            record["TOTAL_ARTICULO"] if amount is None else amount_cell(cents_of(amount))
            for record, amount in zip(records, amounts, strict=True)
        ]
    known = [amount for amount in amounts if amount is not None]
    if total is not None and cents_of(sum(known, Decimal(0))) != cents_of(total):
        taxed = [
            amount
            + (number_of(record["IMPUESTO_UNITARIO"]) or Decimal(0))
            * (number_of(record["CANTIDAD"]) or Decimal(0))
            for record, amount in zip(records, known, strict=True)
        ]
        if cents_of(sum(taxed, Decimal(0))) == cents_of(total):
            known = taxed
    return [amount_cell(cents) for cents in round_together(known, total)]


def _amount(record: Record) -> Decimal | None:
    """TOTAL_ARTICULO, or in older versions without it the price used less its discount."""
    if record["TOTAL_ARTICULO"]:
        return number_of(record["TOTAL_ARTICULO"])
    price, quantity = number_of(record["PRECIO_USADO"]), number_of(record["CANTIDAD"])
    if price is None or quantity is None:
        return None
    percent = number_of(record["PORCENTAJE_DESCUENTO"]) or Decimal(0)
    return price * quantity * (100 - percent) / 100


def _cost(record: Record) -> str:
    """What the line cost the shop: its total less its gain."""
    total, gain = number_of(record["TOTAL_ARTICULO"]), number_of(record["GANANCIA"])
    if total is None or gain is None or total < gain:
        return ""
    return amount_cell(cents_of(total - gain))


def _plain(text: str) -> str:
    """A number as it is read below; what is none stays, so that the row is kept aside for it."""
    number = number_of(text)
    return text if number is None else str(number)


# ── what was given back ──


def _read_returns(dumps: Dumps, tickets: Mapping[str, _Ticket], names: _Names) -> Iterator[Row]:
    users = dumps.names(USERS.name, "NOMBRE_COMPLETO", "NOMBRE", "USUARIO")
    style = dumps.date_style(RETURNS.name, "DEVUELTO_EN")
    line_style = dumps.date_style(RETURNED.name, "DEVUELTO_EN")
    headers = {
        record["ID"]: record for record in dumps.rows(RETURNS.name) if record["ID"] and not record[BROKEN]
    }
    by_ticket = {record["TICKET_ID"]: record["ID"] for record in headers.values() if record["TICKET_ID"]}
    with_lines: set[str] = set()
    first_lines: dict[tuple[str, str], str] = {}
    for record in dumps.rows(RETURNED.name):
        number = record["DEVOLUCION_ID"] or by_ticket.get(record["TICKET_ID"], "")
        header = headers.get(number, {})
        with_lines.add(number)
        ticket = record["TICKET_ID"] or header.get("TICKET_ID", "")
        moment = moment_cell(record["DEVUELTO_EN"], line_style) or moment_cell(
            header.get("DEVUELTO_EN", ""), style
        )
        if not number:
            number = first_lines.setdefault((ticket, moment), record["ID"] or ticket)
        code = record["CODIGO_PRODUCTO"]
        yield _returned(
            tickets.get(ticket), number, "" if record[BROKEN] else moment,
            (names.name(record["DESCRIPCION_PRODUCTO"], code), code, names.category("", code)),
            _plain(record["CANTIDAD_DEVUELTA"]), record["DINERO_DEVUELTO"],
            users.get(header.get("CAJERO_ID", ""), ""),
        )  # fmt: skip
    for number, header in headers.items():
        money = header["TOTAL_DEVUELTO"] or header["DINERO_DEVUELTO"]
        if number not in with_lines and number_of(money):
            moment = moment_cell(header["DEVUELTO_EN"], style)
            cashier = users.get(header["CAJERO_ID"], "")
            ticket_of = tickets.get(header["TICKET_ID"])
            yield _returned(ticket_of, number, moment, ("", "", ""), "1", money, cashier)


def _returned(
    ticket: _Ticket | None, number: str, moment: str, product: tuple[str, str, str], quantity: str,
    money: str, cashier: str,
) -> Row:  # fmt: skip
    """A line given back; void where its ticket was cancelled whole and counts for nothing anyway."""
    amount = number_of(money)
    return (
        _RETURN + number, moment, "refund", "void" if ticket and ticket.is_void else "", *product,
        quantity, money if amount is None else amount_cell(cents_of(amount)), "",
        "", name_cell(cashier), ticket.customer if ticket else "", ticket.register if ticket else "",
    )  # fmt: skip


def _undated_returns(ticket: _Ticket, records: Sequence[Record], names: _Names) -> Iterator[Row]:
    """Articles marked as given back in an export without the table that says when: kept aside."""
    for record in records:
        returned, quantity = number_of(record["CANTIDAD_DEVUELTA"]), number_of(record["CANTIDAD"])
        amount = _amount(record)
        if returned and quantity and amount is not None:
            code = record["PRODUCTO_CODIGO"]
            product = (names.name(record["PRODUCTO_NOMBRE"], code), code, "")
            money = str(amount * returned / quantity)
            yield _returned(ticket, ticket.id, "", product, str(returned), money, "")
