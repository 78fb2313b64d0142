"""uniCenta oPOS, Chromis and Openbravo POS: their tables dumped to CSV, at least receipts, tickets and lines.

Prices are net of tax: lines become what the customer paid by the rate of their tax, and add up
to the payments to the cent. Receipts of money put into or taken from the drawer have no ticket
and are no sales; a debt that was paid is none either and comes as void, for the count.
"""

from __future__ import annotations

import html
import re
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
    is_rounding,
    is_somebody,
    moment_cell,
    name_cell,
    number_of,
    recognise_dump,
    round_together,
)
from colmado_insights.storage.importing.fields import Field
from colmado_insights.storage.importing.made import Row

NAME = "unicenta"
FIELDS = (
    Field.RECEIPT, Field.MOMENT, Field.KIND, Field.STATUS, Field.PRODUCT, Field.SKU, Field.CATEGORY,
    Field.QUANTITY, Field.LINE_TOTAL, Field.COST, Field.PAYMENT, Field.CASHIER, Field.CUSTOMER,
    Field.REGISTER,
)  # fmt: skip

RECEIPTS = DumpTable(
    "RECEIPTS", ("ID", "MONEY", "DATENEW"), ("ID", "MONEY", "DATENEW", "PERSON"), key=("ID",)
)
TICKETS = DumpTable(
    "TICKETS",
    ("ID", "TICKETTYPE", "TICKETID"),
    ("ID", "TICKETTYPE", "TICKETID", "PERSON", "CUSTOMER"),
    key=("ID",),
)
LINES = DumpTable(
    "TICKETLINES",
    ("TICKET", "LINE", "UNITS", "PRICE"),
    ("TICKET", "LINE", "PRODUCT", "UNITS", "PRICE", "TAXID", "ATTRIBUTES"),
    key=("TICKET", "LINE"),
)
PAYMENTS = DumpTable(
    "PAYMENTS", ("ID", "RECEIPT", "PAYMENT", "TOTAL"), ("ID", "RECEIPT", "PAYMENT", "TOTAL"), key=("ID",)
)
TAX_LINES = DumpTable(
    "TAXLINES",
    ("RECEIPT", "TAXID", "BASE", "AMOUNT"),
    ("RECEIPT", "TAXID", "BASE", "AMOUNT"),
    key=("RECEIPT", "TAXID"),
)
TAXES = DumpTable("TAXES", ("ID", "NAME", "RATE"), ("ID", "RATE"), key=("ID",))
PRODUCTS = DumpTable(
    "PRODUCTS",
    ("ID", "CODE", "NAME", "PRICEBUY"),
    ("ID", "CODE", "REFERENCE", "NAME", "PRICEBUY", "CATEGORY"),
    key=("ID",),
)
CUSTOMERS = DumpTable("CUSTOMERS", ("ID", "SEARCHKEY", "NAME"), ("ID", "NAME"))
CASH_UPS = DumpTable("CLOSEDCASH", ("MONEY", "HOST", "HOSTSEQUENCE"), ("MONEY", "HOST"), key=("MONEY",))
CATEGORIES = DumpTable("CATEGORIES", ("ID", "NAME"), ("ID", "NAME"), is_common=True)
PEOPLE = DumpTable("PEOPLE", ("ID", "NAME"), ("ID", "NAME"), is_common=True)
TABLES = (
    RECEIPTS, TICKETS, LINES, PAYMENTS, TAX_LINES, TAXES, PRODUCTS, CUSTOMERS, CASH_UPS, CATEGORIES, PEOPLE,
)  # fmt: skip

_SALE, _REFUND, _DEBT_PAYMENT, _NO_SALE, _INVOICE = "0", "1", "2", "3", "4"
_NOT_OF_SALES = frozenset({"cashin", "cashout", "debtpaid"})
_PAID = {
    "cash": "efectivo", "magcard": "tarjeta", "ccard": "tarjeta", "cheque": "cheque", "bank": "transferencia",
    "debt": "fiado", "paper": "vales", "voucher": "vales", "slip": "transferencia",
}  # fmt: skip
_DIRECTIONS = re.compile(r"(refund|in|out)$")
_ENTRY = re.compile(r"<entry\s+key=\"([^\"]+)\"[^>]*>(.*?)</entry>", re.DOTALL)
_HEX = re.compile(r"(?:0x|\\x|x')?((?:[0-9a-f]{2}){8,})'?", re.IGNORECASE)
_LARGEST_TAX = Decimal("1.5")


@dataclass(frozen=True, slots=True)
class _Ticket:
    """What the lines of a ticket share."""

    number: str
    moment: str
    type: str
    paid: Decimal | None
    payment: str
    cashier: str
    customer: str
    register: str


@dataclass(frozen=True, slots=True)
class _Product:
    name: str
    code: str
    category: str
    unit_cost: Decimal | None


@dataclass(frozen=True)
class _Rates:
    """Tax rates by tax, and by receipt and tax where the tax itself was not exported."""

    by_tax: Mapping[str, Decimal]
    by_receipt: Mapping[tuple[str, str], Decimal]

    def of(self, receipt: str, tax: str) -> Decimal | None:
        """The share that comes on top of the price; None where nothing tells it."""
        return self.by_tax.get(tax, self.by_receipt.get((receipt, tax)))


def recognise(path: Path, head: bytes) -> float:
    """How sure it is that a file is one of uniCenta's tables, by its columns."""
    return recognise_dump(path, head, TABLES)


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """The lines of all sales and refunds.

    Raises
    ------
    UnknownColumns
        Receipts, tickets or lines are missing, or all that tells the taxes, or the names of products.
    FileProblem
        A file cannot be read, or there are no tickets in it.
    """
    dumps = Dumps(paths, TABLES, "uniCenta")
    for table in (RECEIPTS, TICKETS, LINES):
        dumps.require(table.name)
    dumps.require(TAXES.name, TAX_LINES.name, PAYMENTS.name)
    dumps.require_rows(TICKETS.name)
    tickets = _read_tickets(dumps)
    products = _read_products(dumps)
    rates = _read_rates(dumps)
    with_lines: set[str] = set()
    for key, records in gather(lambda: dumps.rows(LINES.name), "TICKET"):
        with_lines.add(key)
        ticket = tickets.get(key) or _Ticket(key, "", _SALE, None, "", "", "", "")
        if ticket.type in (_NO_SALE, _DEBT_PAYMENT):
            continue
        if any(_needs_product(record, products) for record in records):
            dumps.require(PRODUCTS.name)
        yield from _rows(key, ticket, records, products, rates)
    for key, ticket in tickets.items():
        if ticket.type == _DEBT_PAYMENT:
            yield _row(ticket, "sale", ("", "", ""), "1", "0.00", "", status="void")
        elif key not in with_lines and ticket.paid and ticket.type != _NO_SALE:
            cents = cents_of(ticket.paid)
            is_refund = ticket.type == _REFUND or cents < 0
            cell = amount_cell(cents)
            yield _row(ticket, "refund" if is_refund else "sale", ("", "", ""), "1", cell, "")


# ── tables ──


def _read_tickets(dumps: Dumps) -> dict[str, _Ticket]:
    people = dumps.names(PEOPLE.name, "NAME")
    customers = dumps.names(CUSTOMERS.name, "NAME")
    hosts = {record["MONEY"]: record["HOST"] for record in dumps.rows(CASH_UPS.name)}
    style = dumps.date_style(RECEIPTS.name, "DATENEW")
    receipts = {
        record["ID"]: (moment_cell(record["DATENEW"], style), record["MONEY"], record["PERSON"])
        for record in dumps.rows(RECEIPTS.name)
        if record["ID"] and not record[BROKEN]
    }
    payments = _read_payments(dumps)
    tickets: dict[str, _Ticket] = {}
    given: set[tuple[str, str]] = set()
    for record in dumps.rows(TICKETS.name):
        key = record["ID"]
        if record[BROKEN] or not key:
            continue  # its lines find no ticket, and are kept aside with their reason
        moment, money, person = receipts.get(key, ("", "", ""))
        paid, payment = payments.get(key, (None, ""))
        customer = name_cell(customers.get(record["CUSTOMER"], ""))
        tickets[key] = _Ticket(
            number=_number(key, record, given),
            moment=moment,
            type=_type(record["TICKETTYPE"]),
            paid=paid,
            payment=payment,
            cashier=name_cell(people.get(record["PERSON"] or person, "")),
            customer=customer if is_somebody(customer) else "",
            register=name_cell(hosts.get(money, "")),
        )
    return tickets


def _type(text: str) -> str:
    """The ticket's type as a digit; what is unknown counts as a sale."""
    number = number_of(text)
    return _SALE if number is None else str(int(number))


def _number(key: str, record: Record, given: set[tuple[str, str]]) -> str:
    """The number on the receipt; each type counts by itself, and a number given twice is told by its key."""
    type_ = _type(record["TICKETTYPE"])
    prefix = {_DEBT_PAYMENT: "P-", _NO_SALE: "N-", _INVOICE: "F-"}.get(type_, "")
    shown = record["TICKETID"]
    number = f"{prefix}{shown}" if shown and shown != "0" else prefix + key
    if (type_, number) in given:
        number = f"{number}-{key[:8]}"
    given.add((type_, number))
    return number


def _read_payments(dumps: Dumps) -> dict[str, tuple[Decimal, str]]:
    """What was paid on each receipt, and how."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    kinds: dict[str, dict[str, None]] = defaultdict(dict)
    for record in dumps.rows(PAYMENTS.name):
        kind, amount = record["PAYMENT"].casefold(), number_of(record["TOTAL"])
        if record[BROKEN] or amount is None or kind in _NOT_OF_SALES:
            continue
        totals[record["RECEIPT"]] += amount
        if amount:
            plain = _DIRECTIONS.sub("", kind)
            kinds[record["RECEIPT"]][_PAID.get(plain, plain)] = None
    return {
        receipt: (total, "mixto" if len(kinds[receipt]) > 1 else next(iter(kinds[receipt]), ""))
        for receipt, total in totals.items()
    }


def _read_products(dumps: Dumps) -> dict[str, _Product]:
    categories = dumps.names(CATEGORIES.name, "NAME")
    return {
        record["ID"]: _Product(
            name=name_cell(record["NAME"]),
            code=record["CODE"] or record["REFERENCE"],
            category=name_cell(categories.get(record["CATEGORY"], "")),
            unit_cost=number_of(record["PRICEBUY"]),
        )
        for record in dumps.rows(PRODUCTS.name)
        if record["ID"] and not record[BROKEN]
    }


def _read_rates(dumps: Dumps) -> _Rates:
    by_tax = {record["ID"]: number_of(record["RATE"]) for record in dumps.rows(TAXES.name)}
    by_receipt: dict[tuple[str, str], Decimal] = {}
    if not dumps.has(TAXES.name):
        for record in dumps.rows(TAX_LINES.name):
            base, amount = number_of(record["BASE"]), number_of(record["AMOUNT"])
            if base and amount is not None:
                by_receipt[record["RECEIPT"], record["TAXID"]] = amount / base
    return _Rates({tax: rate for tax, rate in by_tax.items() if rate is not None}, by_receipt)


# ── lines ──


def _needs_product(record: Record, products: Mapping[str, _Product]) -> bool:
    """True when only the missing catalog knows the line's name."""
    return bool(record["PRODUCT"]) and not products and not _attributes(record).get("product.name")


def _rows(
    key: str, ticket: _Ticket, records: Sequence[Record], products: Mapping[str, _Product], rates: _Rates
) -> Iterator[Row]:
    units = [number_of(record["UNITS"]) for record in records]
    cells = _line_totals(key, ticket, records, units, rates)
    kind, sign = _kind(ticket, cells)
    for record, count, cents in zip(records, units, cells, strict=True):
        product = products.get(record["PRODUCT"]) or _Product("", "", "", None)
        attributes = _attributes(record)
        name = name_cell(attributes.get("product.name", "")) or product.name
        code = product.code or attributes.get("product.code", "")
        row = _row(
            ticket, kind, (name, code, product.category),
            record["UNITS"] if count is None else str(count * sign),
            "" if cents is None else amount_cell(cents * sign),
            _cost(product, count, kind),
        )  # fmt: skip
        yield _kept_aside(row) if record[BROKEN] else row


def _line_totals(
    key: str,
    ticket: _Ticket,
    records: Sequence[Record],
    units: Sequence[Decimal | None],
    rates: _Rates,
) -> list[int | None]:
    """Cents of each line with its tax, adding up to the payments where only rounding lies between."""
    prices = [number_of(record["PRICE"]) for record in records]
    net = [
        None if price is None or count is None else price * count
        for price, count in zip(prices, units, strict=True)
    ]
    known = [amount for amount in net if amount is not None]
    shares = [
        rates.of(key, record["TAXID"])
        for record, amount in zip(records, net, strict=True)
        if amount is not None
    ]
    paid = ticket.paid
    if paid is not None and ticket.type == _REFUND and paid * sum(known, Decimal(0)) < 0:
        paid = -paid
    gross = _gross(known, shares, paid if len(known) == len(net) else None)
    cents = iter(round_together(gross, paid if len(known) == len(net) else None))
    return [None if amount is None else next(cents) for amount in net]


def _gross(
    net: Sequence[Decimal], shares: Sequence[Decimal | None], paid: Decimal | None
) -> Sequence[Decimal]:
    """Amounts with tax: by the rates, unless the payments prove that prices hold it already."""
    taxed = [amount * (1 + (share or 0)) for amount, share in zip(net, shares, strict=True)]
    if paid is None or is_rounding(taxed, paid):
        return taxed
    if is_rounding(net, paid):
        return net
    whole = sum(net, Decimal(0))
    if None in shares and whole and 1 <= paid / whole <= _LARGEST_TAX:
        return [amount * paid / whole for amount in net]
    return taxed


def _kind(ticket: _Ticket, cents: Sequence[int | None]) -> tuple[str, int]:
    """The kind of the rows and the sign that makes a refund negative.

    A refund that also has lines of the other sign (a discount taken back) keeps its signs and is
    told by its negative total.
    """
    known = [amount for amount in cents if amount]
    total = sum(known)
    if ticket.type != _REFUND and total >= 0:
        return "sale", 1
    if len({amount > 0 for amount in known}) < 2:
        return "refund", 1
    return "", -1 if ticket.type == _REFUND and total > 0 else 1


def _cost(product: _Product, count: Decimal | None, kind: str) -> str:
    """What the line cost by the catalog; unknown for single lines that give back within a sale."""
    if not product.unit_cost or count is None or not kind or (kind == "sale" and count < 0):
        return ""
    return str(product.unit_cost * count)


def _row(
    ticket: _Ticket, kind: str, product: tuple[str, str, str], quantity: str, total: str, cost: str,
    *, status: str = "",
) -> Row:  # fmt: skip
    return (
        ticket.number, ticket.moment, kind, status, *product, quantity, total, cost,
        ticket.payment, ticket.cashier, ticket.customer, ticket.register,
    )  # fmt: skip


def _kept_aside(row: Row) -> Row:
    """The row without its moment, so that it goes to quarantine."""
    return (row[0], "", *row[2:])


def _attributes(record: Record) -> dict[str, str]:
    """The properties that the till keeps with a line, as XML or as the hex of it."""
    text = record["ATTRIBUTES"]
    if found := _HEX.fullmatch(text):
        text = bytes.fromhex(found[1]).decode("utf-8", "replace")
    if "<entry" not in text:
        return {}
    return {key: html.unescape(value) for key, value in _ENTRY.findall(text)}
