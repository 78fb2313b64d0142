"""Square's `transactions-….csv` alone, or after its items: one receipt a Transaction ID, without lines.

Net Sales is the total, so that it agrees with the sum of the lines in the items file (`square`)
and the database joins the two by number like Loyverse's pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from colmado_insights.storage.importing.fields import Field
from colmado_insights.storage.importing.made import Row
from colmado_insights.storage.importing.presets import square
from colmado_insights.storage.importing.presets.tables import peek, row_of

NAME = "square_transactions"
FIELDS = (
    Field.RECEIPT, Field.MOMENT, Field.KIND, Field.STATUS, Field.RECEIPT_TOTAL, Field.PAYMENT,
    Field.CUSTOMER, Field.CASHIER, Field.STORE, Field.REGISTER,
)  # fmt: skip


def recognise(path: Path, head: bytes) -> float:
    """How surely a file is Square's of transactions."""
    table = peek(path, head)
    return 0.95 if table is not None and square.is_transactions(table.header) else 0.0


def read_rows(paths: Sequence[Path]) -> Iterator[Row]:
    """One row a receipt, its payments together.

    Raises
    ------
    FileProblem
        A file cannot be read.
    """
    payments: square.Payments = {}
    for path in paths:
        yield from square.read_payments(path, payments, FIELDS)
    for paid in payments.values():
        yield row_of(FIELDS, square.receipt_cells(paid) | {Field.RECEIPT_TOTAL: paid.net})
