"""Rows that could not become sales: kept with their reason, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from colmado_insights.domain import BadRow
from colmado_insights.storage.database import Database
from colmado_insights.text import N_, _

if TYPE_CHECKING:
    from sqlite3 import Connection

REASONS = {
    "no_date": N_("no tiene fecha"),
    "bad_date": N_("la fecha no se entiende"),
    "no_amount": N_("no tiene monto"),
    "bad_amount": N_("el monto no es un número"),
    "bad_quantity": N_("la cantidad no es un número"),
    "too_many_cells": N_("tiene más celdas que columnas"),
}


def describe(code: str) -> str:
    """The reason in words."""
    return _(REASONS.get(code, code))


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
