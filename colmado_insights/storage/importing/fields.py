"""What the columns of a sales file can be, and what was understood of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from colmado_insights.domain import Reason
from colmado_insights.storage.importing.moments import DateStyle


class Field(StrEnum):
    """What a column of a sales file can hold."""

    RECEIPT = "receipt"
    MOMENT = "moment"  # date and time together
    DATE = "date"
    TIME = "time"
    PRODUCT = "product"
    VARIANT = "variant"  # of the product: size, flavour
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
    cost_is_per_unit: bool = False

    def decimal_of(self, column: Field) -> str:
        """The decimal sign of one column."""
        return self.decimals.get(column, self.decimal)


NUMERIC_FIELDS = (
    Field.QUANTITY,
    Field.UNIT_PRICE,
    Field.LINE_TOTAL,
    Field.GROSS_TOTAL,
    Field.RECEIPT_TOTAL,
    Field.DISCOUNT,
    Field.TAX,
    Field.TIP,
    Field.COST,
)
AMOUNT_FIELDS = (Field.LINE_TOTAL, Field.GROSS_TOTAL, Field.RECEIPT_TOTAL, Field.UNIT_PRICE)
MATCHED_FIELDS = tuple(name for name in Field if name not in (Field.DATE, Field.VARIANT))
"""Those with header words; whether a moment is only a date is seen from its cells, and only presets know variants."""
