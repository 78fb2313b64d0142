"""How a file was read, in words: the export, what each column can be, orders of dates, ways to an amount."""

from __future__ import annotations

from colmado_insights import text
from colmado_insights.domain import Preview
from colmado_insights.text import N_, _

PRESETS: dict[str, str] = {
    "loyverse_items": N_("Loyverse, recibos por artículo"),
    "loyverse_receipts": N_("Loyverse, recibos"),
    "aronium": "Aronium",
    "dexie": N_("Caja web (Dexie)"),
    "ecf": N_("Comprobantes electrónicos (e-CF)"),
    "eleventa": "Eleventa",
    "erpnext": "ERPNext",
    "odoo": "Odoo",
    "shopify": "Shopify",
    "square": N_("Square, artículos"),
    "square_transactions": N_("Square, transacciones"),
    "unicenta": N_("uniCenta o Chromis"),
    "vend": "Vend",
    "catalog": N_("Lista de productos"),
    "generic": N_("Tabla de ventas"),
}
"""The exports that are recognised; one not named here is called by its own name."""

FIELDS: dict[str, str] = {
    "receipt": N_("Número de recibo"),
    "moment": N_("Fecha y hora"),
    "date": N_("Fecha"),
    "time": N_("Hora"),
    "product": N_("Producto"),
    "variant": N_("Variante"),
    "sku": N_("Código"),
    "category": N_("Categoría"),
    "quantity": N_("Cantidad"),
    "unit_price": N_("Precio de una unidad"),
    "line_total": N_("Monto de la línea"),
    "gross_total": N_("Monto antes del descuento"),
    "receipt_total": N_("Total del recibo"),
    "discount": N_("Descuento"),
    "tax": N_("Impuesto"),
    "tip": N_("Propina"),
    "cost": N_("Costo"),
    "payment": N_("Forma de pago"),
    "customer": N_("Cliente"),
    "contact": N_("Teléfono o correo"),
    "cashier": N_("Cajero"),
    "store": N_("Tienda"),
    "register": N_("Caja"),
    "kind": N_("Venta o devolución"),
    "status": N_("Estado"),
}
"""What a column of a table of sales can be, in the order offered."""

DATE_ORDERS: dict[str, str] = {
    "dmy": N_("día/mes/año"),
    "mdy": N_("mes/día/año"),
    "ymd": N_("año-mes-día"),
}
DECIMALS: dict[str, str] = {".": "1,234.50", ",": "1.234,50"}
AMOUNTS: dict[str, str] = {
    "line_total": N_("El monto de cada línea"),
    "gross_less_discount": N_("El monto menos el descuento"),
    "price_times_quantity": N_("El precio por la cantidad"),
    "receipt_total": N_("El total del recibo"),
}
SURE = 0.9


def preset_name(preset: str) -> str:
    """Loyverse, recibos por artículo."""
    return _(PRESETS[preset]) if preset in PRESETS else preset.replace("_", " ").capitalize()


def understood_words(preview: Preview, *, is_chosen: bool = False) -> str:
    """Loyverse, recibos por artículo · 100 % seguro."""
    if is_chosen:
        return _("{what} · con las columnas que elegiste").format(what=preset_name(preview.preset))
    if preview.is_remembered:
        return _("{what} · como lo dijiste la otra vez").format(what=preset_name(preview.preset))
    sure = text.percent(preview.confidence)
    return _("{what} · {share} seguro").format(what=preset_name(preview.preset), share=sure)


def reading_words(preview: Preview, *, is_chosen: bool = False) -> str:
    """What was understood, or that nothing was."""
    if preview.preset and not preview.trouble:
        return understood_words(preview, is_chosen=is_chosen)
    return _("No se entendió como ventas.") if preview.can_map else _("No se pudo leer.")


def is_sure(preview: Preview) -> bool:
    """True when nothing needs a look before the file is brought in."""
    is_clean = preview.report is not None and not preview.report.quarantined
    return is_clean and (preview.confidence >= SURE or preview.is_remembered)
