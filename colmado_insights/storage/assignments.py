"""What was kept of segments day by day, the runs of an analysis, and one receipt alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.domain import LINE_COLUMNS, RECEIPT_COLUMNS
from colmado_insights.storage.catalog import read_category_codes, read_roots
from colmado_insights.storage.database import Database
from colmado_insights.storage.sales import SalesFrames

SEGMENT_DAYS: dict[str, str] = {
    "day": "int64",
    "segment_id": "object",
    "receipts": "int64",
    "revenue_cents": "int64",
}
"""One row a day and segment with at least one receipt."""


def read_assignments(database: Database, first: int, last: int) -> pd.DataFrame:
    """Receipts and cents of each segment and day between two day numbers, both included (SEGMENT_DAYS)."""
    rows = database.read(
        "SELECT day, name, receipts, revenue_cents FROM segment_assignment"
        " JOIN segment ON segment.id = segment_id WHERE day BETWEEN ? AND ?",
        (first, last),
    )
    columns = list(zip(*rows, strict=True)) or [()] * len(SEGMENT_DAYS)
    return pd.DataFrame(
        {
            name: np.array(values, dtype=dtype)
            for (name, dtype), values in zip(SEGMENT_DAYS.items(), columns, strict=True)
        }
    ).astype({"segment_id": object})


def read_run(database: Database, kind: str, until: int, parameters: str) -> str | None:
    """The kept answer from data up to `until` as JSON, whatever was sold since; None when there is none."""
    body: str | None = database.read_one(
        "SELECT body FROM result WHERE kind = ? AND until = ? AND parameters = ?", (kind, until, parameters)
    )
    return body


def find_last_run(database: Database, kind: str) -> int | None:
    """The last day of data of the newest kept answer of a kind."""
    last: int | None = database.read_one("SELECT max(until) FROM result WHERE kind = ?", (kind,))
    return last


def find_receipts(database: Database, number: str) -> tuple[int, ...]:
    """Ids of the receipts with that number, the newest first; several tills may give the same one."""
    rows = database.read("SELECT id FROM sale WHERE number = ? ORDER BY sold_at DESC", (number,))
    return tuple(sale_id for (sale_id,) in rows)


def read_receipt(database: Database, sale_id: int) -> SalesFrames | None:
    """One receipt with its lines; None when there is none of this id."""
    header = database.read(
        "SELECT id, sold_at, has_time, kind, total_cents, payment, coalesce(cashier_id, 0),"
        " coalesce(shift_id, 0), coalesce(customer_id, 0) FROM sale WHERE id = ?",
        (sale_id,),
    )
    if not header:
        return None
    rows = database.read(
        "SELECT product_id, quantity_milli, amount_cents FROM sale_line WHERE sale_id = ? ORDER BY line_no",
        (sale_id,),
    )
    lines = np.array(rows, dtype=np.int64).reshape(-1, 3)
    values: dict[str, NDArray[Any]] = {
        "receipt": np.zeros(len(lines), dtype=np.int64),
        "product_id": read_roots(database)[lines[:, 0]],
        "category": read_category_codes(database)[lines[:, 0]],
        "quantity_milli": lines[:, 1],
        "amount_cents": lines[:, 2],
    }
    return SalesFrames(
        pd.DataFrame(
            {
                name: np.array([value], dtype=dtype)
                for (name, dtype), value in zip(RECEIPT_COLUMNS.items(), header[0], strict=True)
            }
        ),
        pd.DataFrame({name: values[name].astype(dtype) for name, dtype in LINE_COLUMNS.items()}),
    )
