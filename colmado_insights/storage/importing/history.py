"""Past imports, and taking one of them back whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from colmado_insights.domain import SECONDS_A_DAY, day_of, moment_of, wall_seconds
from colmado_insights.errors import UnknownBatch
from colmado_insights.progress import Progress
from colmado_insights.storage import sales
from colmado_insights.storage.database import Database
from colmado_insights.text import _

if TYPE_CHECKING:
    from sqlite3 import Connection

_BATCH_AT = sales.SALE_COLUMNS.index("batch_id")


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


def read_batches(database: Database) -> tuple[Batch, ...]:
    """All imports, newest first."""
    rows = database.read(
        "SELECT id, file, preset, imported_at, rows_read, new, unchanged, replaced, voided, quarantined,"
        " receipts_new, first_day, last_day, undone_at IS NOT NULL FROM batch ORDER BY id DESC"
    )
    return tuple(
        Batch(
            batch, file, preset, moment_of(at), *counts,
            first_day=None if first is None else day_of(first),
            last_day=None if last is None else day_of(last),
            is_undone=bool(undone),
        )
        for batch, file, preset, at, *counts, first, last, undone in rows
    )  # fmt: skip


def undo_batch(database: Database, batch: int, *, now: datetime, progress: Progress | None = None) -> None:
    """Take an import back: what it brought goes, what it changed returns, the sums follow.

    Later imports stay. Where one of them changed the same receipt again, it keeps its
    version, and what stood before `batch` becomes the version it can itself return to.

    Raises
    ------
    UnknownBatch
        There is no such import, or it was already undone.
    """
    progress = progress or Progress()
    with database.transaction() as connection:
        row = connection.execute("SELECT undone_at FROM batch WHERE id = ?", (batch,)).fetchone()
        if row is None or row[0] is not None:
            raise UnknownBatch(
                _("No hay una importación número {batch} que se pueda deshacer.").format(batch=batch),
                _("Mira la lista de importaciones."),
            )
        progress.step(0, 3, _("Deshaciendo la importación"))
        days = {
            int(day)
            for (day,) in connection.execute(
                f"SELECT DISTINCT sold_at / {SECONDS_A_DAY} FROM sale WHERE batch_id = ?", (batch,)
            )
        }
        days |= _hand_back(connection, batch)
        progress.step(1, 3, _("Deshaciendo la importación"))
        connection.execute(
            "DELETE FROM sale_line WHERE sale_id IN (SELECT id FROM sale WHERE batch_id = ?)", (batch,)
        )
        connection.execute("DELETE FROM sale WHERE batch_id = ?", (batch,))
        connection.execute("DELETE FROM quarantine WHERE batch_id = ?", (batch,))
        connection.execute("UPDATE batch SET undone_at = ? WHERE id = ?", (wall_seconds(now), batch))
        _drop_orphans(connection)
        progress.step(2, 3, _("Deshaciendo la importación"))
        sales.refresh_sums(connection, days)


def _hand_back(connection: Connection, batch: int) -> set[int]:
    """Return what `batch` had changed to what it was; the days touched."""
    days: set[int] = set()
    changed = connection.execute(
        "SELECT sale_id, sale FROM superseded WHERE batch_id = ?", (batch,)
    ).fetchall()
    for sale_id, archived in changed:
        later = connection.execute(
            "SELECT min(batch_id) FROM superseded WHERE sale_id = ? AND batch_id > ?", (sale_id, batch)
        ).fetchone()[0]
        if later is None:
            now_on = connection.execute("SELECT sold_at FROM sale WHERE id = ?", (sale_id,)).fetchone()
            if now_on:
                days.add(now_on[0] // SECONDS_A_DAY)
            days.add(sales.restore_sale(connection, archived))
        else:
            connection.execute(
                "UPDATE superseded SET sale = ? WHERE sale_id = ? AND batch_id = ?",
                (archived, sale_id, later),
            )
    # A receipt that `batch` brought and a later import changed now counts as that import's own.
    for later, sale_id, archived in connection.execute(
        "SELECT batch_id, sale_id, sale FROM superseded WHERE batch_id > ?", (batch,)
    ).fetchall():
        header, lines = json.loads(archived)
        if header[_BATCH_AT] == batch and lines is not None:
            connection.execute(
                "DELETE FROM superseded WHERE batch_id = ? AND sale_id = ?", (later, sale_id)
            )
    connection.execute("DELETE FROM superseded WHERE batch_id = ?", (batch,))
    return days


def _drop_orphans(connection: Connection) -> None:
    """Forget the products and people that no receipt mentions any more."""
    connection.execute("DELETE FROM product WHERE id NOT IN (SELECT product_id FROM sale_line)")
    for table in ("customer", "cashier", "till"):
        connection.execute(
            f"DELETE FROM {table} WHERE id NOT IN"
            f" (SELECT {table}_id FROM sale WHERE {table}_id IS NOT NULL)"
        )
