"""Past imports, and taking one of them back whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from colmado_insights.domain import day_of, moment_of, wall_seconds
from colmado_insights.errors import UnknownBatch
from colmado_insights.progress import Progress
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.undo import take_back
from colmado_insights.text import _


@dataclass(frozen=True)
class Batch:
    """One import as the history shows it."""

    batch: int
    file: str
    preset: str
    at: datetime
    rows_read: int
    new: int
    unchanged: int
    replaced: int
    voided: int
    quarantined: int
    receipts_new: int
    first_day: date | None
    last_day: date | None
    is_undone: bool
    revenue_cents: int = 0  # of the receipts that it brought and still holds
    who: str = ""


def read_batches(database: Database) -> tuple[Batch, ...]:
    """All imports, newest first."""
    rows = database.read(
        "SELECT id, file, preset, imported_at, rows_read, new, unchanged, replaced, voided, quarantined,"
        " receipts_new, first_day, last_day, undone_at, who, coalesce(cents, 0) FROM batch LEFT JOIN"
        " (SELECT batch_id, sum(total_cents) AS cents FROM sale GROUP BY batch_id) ON batch_id = id"
        " ORDER BY id DESC"
    )
    return tuple(map(_batch_of, rows))


def _batch_of(row: tuple[Any, ...]) -> Batch:
    number, file, preset, at, read, new, unchanged, replaced, voided, bad, receipts, *rest = row
    first, last, undone, who, cents = rest
    return Batch(
        batch=number,
        file=file,
        preset=preset,
        at=moment_of(at),
        rows_read=read,
        new=new,
        unchanged=unchanged,
        replaced=replaced,
        voided=voided,
        quarantined=bad,
        receipts_new=receipts,
        first_day=None if first is None else day_of(first),
        last_day=None if last is None else day_of(last),
        is_undone=undone is not None,
        revenue_cents=cents,
        who=who,
    )


def undo_batch(database: Database, batch: int, *, now: datetime, progress: Progress | None = None) -> None:
    """Take an import back, so that what stays is what the other imports alone would have given.

    Receipts that another import also holds pass to it; what this one changed or cancelled
    returns, unless a later import says the same; the sums follow.

    Raises
    ------
    UnknownBatch
        There is no such import, or it was already undone.
    """
    with database.transaction() as connection:
        row = connection.execute("SELECT undone_at FROM batch WHERE id = ?", (batch,)).fetchone()
        if row is None or row[0] is not None:
            raise UnknownBatch(
                _("No hay una importación número {batch} que se pueda deshacer.").format(batch=batch),
                _("Mira la lista de importaciones."),
            )
        take_back(connection, batch, progress or Progress())
        connection.execute("UPDATE batch SET undone_at = ? WHERE id = ?", (wall_seconds(now), batch))
