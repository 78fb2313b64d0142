"""Files that hold no sales one by one: sums, catalogs, tax formats. Each is told what to export instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from colmado_insights.errors import FileProblem, NotSales, ShopError
from colmado_insights.storage.importing.encoding import detect_encoding
from colmado_insights.storage.importing.mapping import guess_mapping
from colmado_insights.storage.importing.presets import (
    catalogs,
    erpnext,
    odoo,
    shopify,
    square,
    square_transactions,
    vend,
)
from colmado_insights.storage.importing.presets.tables import peek
from colmado_insights.storage.importing.readers import Table
from colmado_insights.storage.importing.vocabulary import fold, fold_header
from colmado_insights.text import N_, _

_KNOWN = 0.5
_Z_LINES = 40

_FROM_LOYVERSE = N_(
    "En Loyverse entra a Informes, Recibos, Exportar, y escoge «Recibos por artículo»: trae cada venta con su "
    "número de recibo."
)
_FROM_TILL = N_(
    "Exporta desde la caja el detalle de ventas: una fila por artículo vendido, con número de recibo, fecha y hora."
)


@dataclass(frozen=True)
class _Report:
    """A report known by its headers: one of each group of `needed`, none of `absent`."""

    needed: tuple[tuple[str, ...], ...]
    absent: tuple[str, ...]
    what: str
    todo: str

    def is_this(self, header: frozenset[str]) -> bool:
        """True for a table with these folded headers."""
        return all(any(fold_header(name) in header for name in group) for group in self.needed) and not any(
            fold_header(name) in header for name in self.absent
        )


_RECEIPT = ("Receipt number", "Número de recibo", "Transaction ID", "Order Ref")
_NET = ("Net sales", "Ventas netas")
_GROSS = ("Gross sales", "Ventas brutas")
_SOLD = ("Items sold", "Artículos vendidos")
_REPORTS = (
    _Report(
        (("Order #", "Order", "N.º de pedido", "Pedido", "Pedido n.º"), ("Product(s)", "Producto(s)"), _SOLD),
        (),
        N_("«{file}» es el análisis de pedidos de WooCommerce: trae el total de cada pedido, no sus artículos."),
        N_(
            "Exporta los pedidos con un complemento de WooCommerce que escriba una fila por artículo, con cantidad "
            "y precio."
        ),
    ),
    _Report(
        (("Payment Date",), ("Payment ID",), ("Tender",), ("Amount",)),
        ("Item", "Item name"),
        N_("«{file}» es la lista de pagos de Clover: dice cuánto se cobró, no qué se vendió."),
        N_("Exporta desde Clover las órdenes con sus artículos (Orders, Line items)."),
    ),
    _Report(
        (("Item name", "Item", "Artículo", "Nombre del artículo"), _SOLD, _NET),
        _RECEIPT,
        N_("«{file}» es el resumen de ventas por artículo de Loyverse: no dice qué se vendió en cada venta."),
        _FROM_LOYVERSE,
    ),
    _Report(
        (("Date", "Fecha"), _GROSS, ("Refunds", "Reembolsos"), _NET, ("Margin", "Margen", "Gross profit", "Beneficio bruto")),
        (*_RECEIPT, "Item name", "Item", "Artículo"),
        N_("«{file}» es el resumen de ventas por día de Loyverse: no trae las ventas una por una."),
        _FROM_LOYVERSE,
    ),
    _Report(
        (
            (
                "Category", "Categoria", "Employee", "Empleado", "Payment type", "Tipo de pago", "Modifier",
                "Modificador", "Hour", "Hora", "Name", "Nombre",
            ),
            ("Net sales", "Ventas netas", "Net amount", "Importe neto"),
            (
                "Items sold", "Artículos vendidos", "Receipts", "Recibos", "Payment transactions",
                "Transacciones de pago", "Average sale", "Venta promedio", "Refunds", "Reembolsos",
            ),
        ),
        (*_RECEIPT, "Item", "Artículo", "Item name"),
        N_("«{file}» es un resumen de Loyverse: trae sumas, no las ventas una por una."),
        _FROM_LOYVERSE,
    ),
)  # fmt: skip

_DGII = re.compile(r"\s*(60[67])\s*\|\s*[\d-]{9,13}\s*\|\s*\d{6}\s*\|")
_NCF_LINE = re.compile(r"\s*\d{0,11}\s*\|\s*[123]?\s*\|\s*[BE]\d{10,12}\s*\|(?:[^|\r\n]*\|){18,20}")
_E_CF = re.compile(r"<(RFCE|ARECF|ACECF|ANECF)\b")
_Z_REPORT = re.compile(
    r"\b(?:reporte|informe|corte|cierre|arqueo|resumen) (?:fiscal )?(?:z\b|de caja\b|de turno\b|del dia\b|diario z\b)"
    r"|\bz[ -]report\b|\bend of day report\b|\bcierre z\b"
)


def refuse(path: Path, head: bytes) -> ShopError | None:
    """What to tell of a file that holds no sales, or None; ask after the presets that know a structure.

    Parameters
    ----------
    head
        The first 256 KB of the file.
    """
    text = head.decode(detect_encoding(head), errors="replace").lstrip("\ufeff") if head else ""
    if error := _refuse_tax_format(path, text):
        return error
    table = peek(path, head)
    if table is not None and _is_known(path, head):
        return None
    if table is not None:
        header = frozenset(map(fold_header, table.header))
        for report in _REPORTS:
            if report.is_this(header):
                return NotSales(_(report.what).format(file=path.name), _(report.todo))
        if error := _refuse_catalog(path, head):
            return error
    return _refuse_sums(path, text, table)


def _is_known(path: Path, head: bytes) -> bool:
    presets = (square, square_transactions, shopify, odoo, erpnext, vend)
    return any(preset.recognise(path, head) >= _KNOWN for preset in presets)


def _refuse_tax_format(path: Path, text: str) -> ShopError | None:
    """The DGII's monthly formats, and electronic papers without items."""
    found = _DGII.match(text)
    if (found and found[1] == "607") or (not found and _NCF_LINE.match(text)):
        return NotSales(
            _("«{file}» es el formato 607 de la DGII: trae comprobantes sin artículos ni horas.").format(
                file=path.name
            ),
            _(_FROM_TILL),
        )
    if found:
        return NotSales(
            _("«{file}» es el formato 606 de la DGII: son las compras del negocio, no sus ventas.").format(
                file=path.name
            ),
            _(_FROM_TILL),
        )
    paper = _E_CF.search(text[:4000])
    if paper is None:
        return None
    if paper[1] == "RFCE":
        return NotSales(
            _("«{file}» es el resumen de una factura de consumo electrónica: no trae los artículos.").format(
                file=path.name
            ),
            _("Importa el XML completo de la factura (e-CF), el que guarda tu programa de facturación."),
        )
    return NotSales(
        _("«{file}» es un acuse o una anulación de comprobantes electrónicos, no una venta.").format(
            file=path.name
        ),
        _("Importa los XML de las facturas (e-CF) que guarda tu programa de facturación."),
    )


def _refuse_catalog(path: Path, head: bytes) -> ShopError | None:
    """Lists of products and of customers have pages of their own."""
    if catalogs.recognise(path, head) < catalogs.LIKELY:
        return None
    if catalogs.lists_customers(path, head):
        return NotSales(
            _("«{file}» es una lista de clientes, no de ventas.").format(file=path.name),
            _("Impórtala en Clientes: de ahí salen sus teléfonos."),
        )
    return NotSales(
        _("«{file}» es un catálogo de productos, no de ventas.").format(file=path.name),
        _("Impórtalo en Productos: de ahí salen los costos y las categorías."),
    )


def _refuse_sums(path: Path, text: str, table: Table | None) -> ShopError | None:
    """Closing reports of the till, and sums per day, hour or product."""
    trouble: FileProblem | None = None
    if table is not None:
        try:
            guess_mapping(table.header, table.sample, file_name=path.name)
        except FileProblem as exc:
            trouble = exc
        else:
            return None
    if _Z_REPORT.search(fold(_opening(text, table))):
        return NotSales(
            _("«{file}» es un cierre de caja (reporte Z): trae totales, no las ventas una por una.").format(
                file=path.name
            ),
            _(_FROM_TILL),
        )
    return trouble if isinstance(trouble, NotSales) else None


def _opening(text: str, table: Table | None) -> str:
    """The first lines of a file as one text; a workbook's come from its table."""
    if text.startswith("PK") or "\x00" in text[:1000]:
        rows: list[Sequence[str]] = [] if table is None else [table.header, *table.sample[:_Z_LINES]]
        return " ".join(cell for row in rows for cell in row)[:4000]
    return " ".join(text[:4000].splitlines()[:_Z_LINES])
