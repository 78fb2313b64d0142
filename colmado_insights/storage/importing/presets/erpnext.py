"""ERPNext, POS Invoice → Data Export: one row a line, child columns named `Quantity (Items)`.

The invoice's own cells stand on its first row only, like Odoo's, whose way of reading it shares.
Returns are invoices of their own with negative quantities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from colmado_insights.storage.importing.made import Row
from colmado_insights.storage.importing.presets import odoo
from colmado_insights.storage.importing.presets.tables import Layout, Told, peek

NAME = "erpnext"
FIELDS = odoo.FIELDS
LAYOUT = Layout(
    names={
        "name": ("ID",),
        "receipt": (),
        "date": ("Date", "Posting Date"),
        "time": ("Posting Time",),
        "state": ("Status",),
        "customer": ("Customer Name", "Customer"),
        "cashier": ("Cashier", "Sales Person"),
        "register": ("POS Profile",),
        "amount": ("Grand Total", "Net Total"),
        "product": ("Item Name (Items)", "Item (Items)", "Item Code (Items)"),
        "code": ("Barcode (Items)", "Item Code (Items)", "Item (Items)"),
        "category": ("Item Group (Items)",),
        "qty": ("Quantity (Items)",),
        "price": ("Rate (Items)",),
        "less": (),
        "untaxed": ("Net Amount (Items)",),
        "line total": ("Amount (Items)",),
        "cost": (),
        "method": ("Mode of Payment (Payments)", "Mode of Payment (Sales Invoice Payment)"),
        "paid": ("Amount (Payments)", "Amount (Sales Invoice Payment)"),
    },
    numbers=frozenset({"amount", "qty", "price", "less", "untaxed", "line total", "cost", "paid"}),
    moments={"moment": ("date", "time")},
)
_NEEDED = {"name", "date", "product", "qty"}


def recognise(path: Path, head: bytes) -> float:
    """How surely a file is ERPNext's of invoices."""
    table = peek(path, head)
    found = LAYOUT.find(table.header).keys() if table else set()
    return 0.9 if found >= _NEEDED and found & {"line total", "untaxed", "price"} else 0.0


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """The lines of the invoices.

    Raises
    ------
    FileProblem
        A file cannot be read.
    """
    told = Told()
    for path in paths:
        yield from odoo.read_orders(path, LAYOUT, told)
