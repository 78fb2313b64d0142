"""Which column is what: guessed from the header's words, the cells' types and sums that must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from colmado_insights.domain import Reason
from colmado_insights.storage.importing.cleaning import DateStyle


class Field(StrEnum):
    """What a column of a sales file can hold."""

    RECEIPT = "receipt"
    MOMENT = "moment"  # date and time together
    DATE = "date"
    TIME = "time"
    PRODUCT = "product"
    SKU = "sku"
    CATEGORY = "category"
    QUANTITY = "quantity"
    UNIT_PRICE = "unit_price"
    LINE_TOTAL = "line_total"  # net, after discount
    GROSS_TOTAL = "gross_total"  # before discount
    RECEIPT_TOTAL = "receipt_total"
    DISCOUNT = "discount"
    TAX = "tax"
    TIP = "tip"
    COST = "cost"
    PAYMENT = "payment"
    CUSTOMER = "customer"
    CONTACT = "contact"
    CASHIER = "cashier"
    STORE = "store"
    REGISTER = "register"
    KIND = "kind"
    STATUS = "status"


class AmountRule(StrEnum):
    """How a line's net amount is had."""

    LINE_TOTAL = "line_total"
    GROSS_LESS_DISCOUNT = "gross_less_discount"  # a missing discount column counts as 0
    PRICE_TIMES_QUANTITY = "price_times_quantity"  # less the discount where there is one; no quantity = 1
    RECEIPT_TOTAL = "receipt_total"  # one row a receipt, or lines without amounts of their own


@dataclass(frozen=True)
class Mapping:
    """What was understood of a table's columns, how sure, and why."""

    columns: dict[Field, int]  # column position
    dates: DateStyle
    decimal: str  # "." or ","
    amount: AmountRule
    confidence: float  # 0 to 1
    reasons: tuple[Reason, ...]
    decimals: dict[Field, str] = field(default_factory=dict)  # of each numeric column
    discount_is_percent: bool = False

    def decimal_of(self, column: Field) -> str:
        """The decimal sign of one column."""
        return self.decimals.get(column, self.decimal)


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """Position of the header among the first rows: titles may stand before it."""
    raise NotImplementedError


def guess_mapping(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, file_name: str = ""
) -> Mapping:
    """The columns of a table of sales.

    Raises
    ------
    UnknownColumns
        No date, or neither a product nor a receipt, or no amount can be found.
    NotSales
        The table holds sums (per product, per day), not sales.
    """
    raise NotImplementedError
