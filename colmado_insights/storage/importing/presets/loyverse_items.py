"""Loyverse, back office → Receipts → export: `receipts-by-item-….csv`, one row a line.

No line id and no unit price; the cost is the whole line's. The payment is only in the
other file of the pair (`loyverse_receipts`), which fills it in by receipt number.
"""

from __future__ import annotations

from colmado_insights.storage.importing.mapping import AmountRule, Field
from colmado_insights.storage.importing.presets.preset import named_preset

HEADERS = {
    Field.RECEIPT: ("Receipt number", "Número de recibo"),
    Field.MOMENT: ("Date", "Fecha"),
    Field.KIND: ("Receipt type", "Tipo de recibo"),
    Field.GROSS_TOTAL: ("Gross sales", "Ventas brutas"),
    Field.DISCOUNT: ("Discounts", "Descuentos"),
    Field.LINE_TOTAL: ("Net sales", "Ventas netas"),
    Field.TAX: ("Taxes", "Impuestos"),
    Field.COST: ("Cost of goods", "Costo de los bienes"),
    Field.CATEGORY: ("Category", "Categoria"),
    Field.SKU: ("SKU", "REF"),
    Field.PRODUCT: ("Item", "Item name", "Artículo"),
    Field.VARIANT: ("Variant", "Variante"),
    Field.QUANTITY: ("Quantity", "Cantidad"),
    Field.REGISTER: ("POS", "TPV"),
    Field.STORE: ("Store", "Tienda"),
    Field.CASHIER: ("Cashier name", "Nombre del cajero"),
    Field.CUSTOMER: ("Customer name", "Nombre del cliente"),
    Field.CONTACT: ("Customer contacts", "Contactos del cliente"),
    Field.STATUS: ("Status", "Estado"),
}

PRESET = named_preset(
    "loyverse_items",
    HEADERS,
    required=(
        Field.RECEIPT, Field.MOMENT, Field.KIND, Field.PRODUCT, Field.QUANTITY,
        Field.GROSS_TOTAL, Field.LINE_TOTAL, Field.STATUS,
    ),
    amount=AmountRule.LINE_TOTAL,
)  # fmt: skip
