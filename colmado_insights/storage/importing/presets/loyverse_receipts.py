"""Loyverse, back office → Receipts → export: `receipts-….csv`, one row a receipt.

The only file of the pair with the payment. Net sales stand for the total, so that both
files of a pair agree; tax and tips are not the shop's revenue.
"""

from __future__ import annotations

from colmado_insights.storage.importing.mapping import AmountRule, Field
from colmado_insights.storage.importing.presets.loyverse_items import HEADERS
from colmado_insights.storage.importing.presets.preset import named_preset

_SHARED = (
    Field.RECEIPT, Field.MOMENT, Field.KIND, Field.GROSS_TOTAL, Field.DISCOUNT, Field.TAX,
    Field.REGISTER, Field.STORE, Field.CASHIER, Field.CUSTOMER, Field.CONTACT, Field.STATUS,
)  # fmt: skip

PRESET = named_preset(
    "loyverse_receipts",
    {field: HEADERS[field] for field in _SHARED}
    | {
        Field.RECEIPT_TOTAL: HEADERS[Field.LINE_TOTAL],
        Field.PAYMENT: ("Payment type", "Tipo de pago"),
        Field.TIP: ("Tips", "Propinas"),
    },
    required=(
        Field.RECEIPT, Field.MOMENT, Field.KIND, Field.RECEIPT_TOTAL, Field.PAYMENT, Field.STATUS,
    ),
    amount=AmountRule.RECEIPT_TOTAL,
)  # fmt: skip
