"""Rows that could not become sales: kept with their reason, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from colmado_insights.domain import BadRow
from colmado_insights.storage.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection


def write_bad_rows(connection: Connection, batch: int, rows: Sequence[BadRow]) -> None:
    """Keep bad rows of a batch."""
    connection.executemany(
        "INSERT INTO quarantine (batch_id, line, code, detail, raw) VALUES (?, ?, ?, ?, ?)",
        ((batch, row.line, row.code, row.detail, row.raw) for row in rows),
    )


def read_bad_rows(database: Database, batch: int) -> list[BadRow]:
    """The bad rows of a batch, in file order."""
    return [
        BadRow(line, raw, code, detail)
        for line, raw, code, detail in database.read(
            "SELECT line, raw, code, detail FROM quarantine WHERE batch_id = ? ORDER BY line", (batch,)
        )
    ]
