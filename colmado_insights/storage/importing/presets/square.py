"""Square, Transactions → Export: `items-….csv`, one row a line, joined with `transactions-….csv`.

Only the second file tells the payment, as amounts under Card, Cash, Other Tender…; Net Sales
counts, so that tax and tips do not. A sale is known by its Transaction ID. A refund may
have the sale's own Transaction ID or a new one, but always a Payment ID of its own,
so that this is its number. The transactions file alone is read by `square_transactions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from colmado_insights.domain import Payment, SaleKind
from colmado_insights.storage.importing.cleaning import is_voided, kind_of, payment_of
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
from colmado_insights.storage.importing.readers import open_table

NAME = "square"
FIELDS = (
    Field.RECEIPT, Field.MOMENT, Field.KIND, Field.STATUS, Field.PRODUCT, Field.VARIANT, Field.SKU,
    Field.CATEGORY, Field.QUANTITY, Field.LINE_TOTAL, Field.DISCOUNT, Field.TAX, Field.PAYMENT,
    Field.CUSTOMER, Field.CASHIER, Field.STORE, Field.REGISTER,
)  # fmt: skip

TENDERS = {
    "card": ("Card",),
    "cash": ("Cash",),
    "gift card": ("Square Gift Card", "Gift Card"),
    "cash app": ("Cash App",),
    "other": ("Other Tender", "Other"),
}
"""Columns of amounts; the method is the one that is not zero."""

LAYOUT = Layout(
    names={
        "date": ("Date",),
        "time": ("Time",),
        "item": ("Item", "Item Name"),
        "qty": ("Qty", "Quantity"),
        "variant": ("Price Point Name", "Item Variation", "Variation"),
        "sku": ("SKU",),
        "gtin": ("GTIN",),
        "category": ("Category",),
        "gross": ("Gross Sales",),
        "discount": ("Discounts", "Discount"),
        "net": ("Net Sales",),
        "tax": ("Tax",),
        "collected": ("Total Collected",),
        "transaction": ("Transaction ID",),
        "payment": ("Payment ID",),
        "event": ("Event Type",),
        "status": ("Transaction Status",),
        "device": ("Device Name",),
        "location": ("Location",),
        "customer": ("Customer Name",),
        "staff": ("Employee", "Staff Name"),
        "tender": ("Other Tender Type",),
        **TENDERS,
    },
    numbers=frozenset({"qty", "gross", "discount", "net", "tax", *TENDERS}),
    moments={"moment": ("date", "time")},
)
SALE, REFUND = "sale", "refund"
_ITEM_COLUMNS = {"date", "item", "qty", "gross", "net", "transaction"}
_TRANSACTION_COLUMNS = {"date", "gross", "net", "transaction", "collected", "card", "cash"}
_PLAIN_VARIANTS = frozenset({"regular", "normal"})
_NO_CATEGORY = frozenset({"none", "uncategorized"})


@dataclass(frozen=True)
class Paid:
    """A receipt as the transactions file tells it; `first` is its first row."""

    first: NamedRow
    net: Number
    methods: frozenset[str]
    payments: frozenset[str]
    """The ids of its payments; those of files that overlap count once."""

    @property
    def method(self) -> str:
        """The payment in a word: `mixed` where methods of several kinds were used."""
        kinds = {payment_of(method) for method in self.methods}
        return str(Payment.MIXED) if len(kinds) > 1 else min(self.methods, default="")

    def with_more(self, other: Paid) -> Paid:
        """The receipt together with another payment of it."""
        if other.payments <= self.payments:
            return self
        parts = (cents(self.net), cents(other.net))
        net: Number = sum(parts) / 100 if None not in parts else self.net or other.net  # type: ignore[arg-type]
        return Paid(self.first, net, self.methods | other.methods, self.payments | other.payments)


Payments = dict[tuple[str, str], Paid]
"""By number and kind."""


def recognise(path: Path, head: bytes) -> float:
    """How surely a file is Square's, of items or of transactions."""
    table = peek(path, head)
    if table is None:
        return 0.0
    if is_items(table.header):
        return 0.95
    return 0.9 if is_transactions(table.header) else 0.0


def is_items(header: Sequence[str]) -> bool:
    """True for the file with a row for each line."""
    found = LAYOUT.find(header).keys()
    return found >= _ITEM_COLUMNS and bool(found & {"event", "payment"})


def is_transactions(header: Sequence[str]) -> bool:
    """True for the file with a row for each payment."""
    found = LAYOUT.find(header).keys()
    return found >= _TRANSACTION_COLUMNS and "item" not in found


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """The lines of the items files with the payments of the transactions files.

    A transaction that no items file holds comes as one line without a name: its money counts.

    Raises
    ------
    FileProblem
        A file cannot be read.
    """
    are_payments = [is_transactions(open_table(path).header) for path in paths]
    payments: Payments = {}
    for path, is_payment in zip(paths, are_payments, strict=True):
        if is_payment:
            yield from read_payments(path, payments, FIELDS)
    refunds = {paid.first.texts["transaction"]: key for key, paid in payments.items() if key[1] == REFUND}
    matched: set[tuple[str, str]] = set()
    told = Told()
    for path, is_payment in zip(paths, are_payments, strict=True):
        told.begin_file()
        for row in () if is_payment else LAYOUT.read(path):
            if row.stray:
                yield stray_row(FIELDS, row.stray)
                continue
            key = key_of(row)
            if told.has(*key):
                continue
            if key not in payments and key[1] == REFUND:
                key = refunds.get(row.texts["transaction"], key)
            matched.add(key)
            paid = payments.get(key)
            yield _line(row, paid.method if paid else "")
    for key, paid in payments.items():
        if key not in matched:
            yield row_of(FIELDS, receipt_cells(paid) | {Field.LINE_TOTAL: paid.net})


def read_payments(path: Path, payments: Payments, fields: Sequence[Field]) -> Iterator[Row]:
    """Take the receipts of a transactions file into `payments`; yields the rows that are none."""
    for row in LAYOUT.read(path):
        if row.stray:
            yield stray_row(fields, row.stray)
            continue
        payment = row.texts["payment"] or row.texts["moment"]
        paid = Paid(row, _net(row), _methods(row), frozenset({payment}))
        before = payments.get(key_of(row))
        payments[key_of(row)] = before.with_more(paid) if before else paid


def receipt_cells(paid: Paid) -> dict[Field, Cell]:
    """What a receipt of the transactions file says, but for its amount."""
    return _shared_cells(paid.first) | {Field.PAYMENT: paid.method}


def key_of(row: NamedRow) -> tuple[str, str]:
    """The receipt's number and kind."""
    kind = _kind(row)
    transaction, payment = row.texts["transaction"], row.texts["payment"]
    return (payment or transaction if kind == REFUND else transaction or payment), kind


def _kind(row: NamedRow) -> str:
    event = kind_of(row.texts["event"])
    if event is None:
        return "" if row.texts["event"] else SALE
    return REFUND if event is SaleKind.REFUND else SALE


def _shared_cells(row: NamedRow) -> dict[Field, Cell]:
    """The cells that both files have."""
    texts = row.texts
    number, kind = key_of(row)
    is_void = is_voided(texts["status"]) or folded(texts["status"]) == "failed"
    return {
        Field.RECEIPT: number,
        Field.MOMENT: texts["moment"],
        Field.KIND: kind,
        Field.STATUS: "void" if is_void else "",
        Field.CUSTOMER: texts["customer"],
        Field.CASHIER: texts["staff"],
        Field.STORE: texts["location"],
        Field.REGISTER: texts["device"],
    }


def _line(row: NamedRow, method: str) -> Row:
    """A row of the items file."""
    texts, numbers = row.texts, row.numbers
    discount = numbers["discount"]
    cells: dict[Field, Cell] = {
        Field.PRODUCT: texts["item"],
        Field.VARIANT: "" if folded(texts["variant"]) in _PLAIN_VARIANTS else texts["variant"],
        Field.SKU: texts["sku"] or texts["gtin"],
        Field.CATEGORY: "" if folded(texts["category"]) in _NO_CATEGORY else texts["category"],
        Field.QUANTITY: numbers["qty"],
        Field.LINE_TOTAL: _net(row),
        Field.DISCOUNT: abs(discount) if isinstance(discount, float) else discount,
        Field.TAX: numbers["tax"],
        Field.PAYMENT: method,
    }
    return row_of(FIELDS, _shared_cells(row) | cells)


def _net(row: NamedRow) -> Number:
    """Net sales; where the cell is empty gross less discounts, which are written negative."""
    net, gross, discount = (row.numbers[name] for name in ("net", "gross", "discount"))
    if net is None and isinstance(gross, float):
        less = abs(discount) if isinstance(discount, float) else 0.0
        return gross + less if gross < 0 else gross - less
    return net


def _methods(row: NamedRow) -> frozenset[str]:
    """The methods whose amount is not zero; other tender by the name the shop gave it."""
    used = (name for name in TENDERS if cents(row.numbers[name]))
    return frozenset(row.texts["tender"] or name if name == "other" else name for name in used)
