"""Past imports, and taking one of them back whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from colmado_insights.domain import SECONDS_A_DAY, day_of, moment_of, wall_seconds
from colmado_insights.errors import UnknownBatch
from colmado_insights.progress import Progress
from colmado_insights.storage import sales
from colmado_insights.storage.catalog import drop_unmentioned
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.basket import SAME_RECEIPT_SECONDS
from colmado_insights.text import _

if TYPE_CHECKING:
    from sqlite3 import Connection

_NOW = 2**62
"""Later than every batch: the end of a version that still stands."""


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
        " receipts_new, first_day, last_day, undone_at FROM batch ORDER BY id DESC"
    )
    return tuple(map(_batch_of, rows))


def _batch_of(row: tuple[Any, ...]) -> Batch:
    number, file, preset, at, read, new, unchanged, replaced, voided, bad, receipts, first, last, undone = row
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
    progress = progress or Progress()
    with database.transaction() as connection:
        row = connection.execute("SELECT undone_at FROM batch WHERE id = ?", (batch,)).fetchone()
        if row is None or row[0] is not None:
            raise UnknownBatch(
                _("No hay una importación número {batch} que se pueda deshacer.").format(batch=batch),
                _("Mira la lista de importaciones."),
            )
        undo = _Undo(connection, batch)
        steps = (undo.find_touched, undo.pass_on, undo.hand_back, undo.forget, undo.refresh)
        for number, step in enumerate(steps):
            progress.step(number, len(steps), _("Deshaciendo la importación"))
            step()
        connection.execute("UPDATE batch SET undone_at = ? WHERE id = ?", (wall_seconds(now), batch))


class _Undo:
    """Taking one batch back, in statements over all its receipts at once.

    A *version* of a receipt is the work of one batch, its owner. It stands from the batch
    that set the version before aside (`start`, 0 for the first) until the one that set it
    aside in turn (`until`, NOW when it still stands). Its *heir* is the first other batch
    that saw it in that time.
    """

    def __init__(self, connection: Connection, batch: int) -> None:
        self._run = connection.execute
        self._connection = connection
        self._batch = batch

    def find_touched(self) -> None:
        """Fill the temporary table `touched` with receipts that may change, and `touched_day` with their days."""
        for table in ("touched", "version", "undone_day"):
            self._run(f"DROP TABLE IF EXISTS temp.{table}")
        self._run("CREATE TEMP TABLE touched (id INTEGER PRIMARY KEY)")
        self._run("CREATE TEMP TABLE undone_day (day INTEGER PRIMARY KEY)")
        self._run(
            """INSERT OR IGNORE INTO touched
            SELECT id FROM sale WHERE batch_id = ?1
            UNION ALL SELECT id FROM superseded_sale WHERE batch_id = ?1 OR by_batch = ?1
            UNION ALL SELECT sale.id FROM seen CROSS JOIN sale ON sale.id BETWEEN first_id AND last_id
                WHERE seen.batch_id = ?1""",
            (self._batch,),
        )
        self._note_days()

    def _note_days(self) -> None:
        self._run(
            f"INSERT OR IGNORE INTO undone_day SELECT DISTINCT sold_at / {SECONDS_A_DAY}"
            " FROM touched CROSS JOIN sale USING (id)"
        )

    def pass_on(self) -> None:
        """Find the versions that this batch owns, and give those that another batch saw to it."""
        self._run(
            "CREATE TEMP TABLE version (of_id INTEGER, start, until, heir, has_lines, PRIMARY KEY (of_id, until))"
        )
        self._run(
            f"""INSERT INTO version
            SELECT id, coalesce((SELECT max(by_batch) FROM superseded_sale AS s WHERE s.id = sale.id), 0),
                {_NOW}, NULL, line_count > 0
            FROM sale WHERE batch_id = ?1
            UNION ALL
            SELECT id, coalesce((SELECT max(by_batch) FROM superseded_sale AS s
                                 WHERE s.id = o.id AND s.by_batch < o.by_batch), 0),
                by_batch, NULL, line_count > 0
            FROM superseded_sale AS o WHERE batch_id = ?1""",
            (self._batch,),
        )
        # A batch without lines inherits a version with lines only where nothing older stands behind it.
        self._run(
            """UPDATE version SET heir = found.heir FROM (
                SELECT of_id AS found_id, until AS found_until,
                    coalesce(min(CASE WHEN knows & 1 OR NOT has_lines THEN batch_id END),
                             CASE WHEN start <> ?1 THEN min(batch_id) END) AS heir
                FROM seen JOIN batch ON batch.id = batch_id
                CROSS JOIN version ON of_id BETWEEN first_id AND last_id
                WHERE batch_id <> ?1 AND batch_id >= start AND batch_id < until
                GROUP BY of_id, until) AS found
            WHERE of_id = found_id AND until = found_until""",
            (self._batch,),
        )
        self._take_lines_from_heirs_without()
        self._run(
            f"UPDATE sale SET batch_id = heir FROM version WHERE of_id = sale.id AND until = {_NOW} AND heir"
        )
        self._run(
            "UPDATE superseded_sale SET batch_id = heir FROM version"
            " WHERE of_id = superseded_sale.id AND until = by_batch AND heir"
        )
        for table, key in (("superseded_sale", "id"), ("superseded_line", "sale_id")):
            self._run(
                f"UPDATE {table} SET by_batch = heir FROM version"
                f" WHERE of_id = {key} AND by_batch = ?1 AND start = ?1 AND heir",
                (self._batch,),
            )

    def _take_lines_from_heirs_without(self) -> None:
        """A version whose heir knows no lines keeps only its header."""
        heirs = "SELECT of_id FROM version JOIN batch ON batch.id = heir WHERE has_lines AND NOT knows & 1"
        bare = "line_count = 0, units_milli = 0, fingerprint = 0"
        now, then = f"({heirs} AND until = {_NOW})", f"({heirs} AND until = by_batch)"
        self._run(f"DELETE FROM sale_line WHERE sale_id IN {now}")
        self._run(f"UPDATE sale SET {bare} WHERE id IN {now}")
        self._run(f"DELETE FROM superseded_line WHERE sale_id IN {then}")
        self._run(f"UPDATE superseded_sale SET {bare} WHERE id IN {then}")

    def hand_back(self) -> None:
        """What has no heir goes; what this batch had set aside returns, or stands behind the next change."""
        self._hand_to_next_change()
        self._pick(f"SELECT of_id FROM version WHERE until = {_NOW} AND heir IS NULL AND start <> ?1")
        sales.delete_picked(self._connection)
        self._return_changed()
        self._return_cancelled()

    def _hand_to_next_change(self) -> None:
        """A lost version that was itself changed later: the change now stands on what was before, or is a first."""
        lost = f"SELECT of_id, until FROM version WHERE until <> {_NOW} AND heir IS NULL"
        for table, key in (("superseded_line", "sale_id"), ("superseded_sale", "id")):
            self._run(f"DELETE FROM {table} WHERE ({key}, by_batch) IN ({lost})")
            self._run(
                f"UPDATE {table} SET by_batch = until FROM version"
                f" WHERE of_id = {key} AND by_batch = ?1 AND start = ?1 AND until <> {_NOW} AND heir IS NULL",
                (self._batch,),
            )
        # A later batch may have added the lines of a receipt that this one had changed: it owns the change now.
        for table, key in (("superseded_line", "sale_id"), ("superseded_sale", "id")):
            self._run(
                f"UPDATE {table} SET by_batch = sale.batch_id FROM sale"
                f" WHERE sale.id = {table}.{key} AND by_batch = ?1 AND sale.batch_id > ?1",
                (self._batch,),
            )

    def _return_changed(self) -> None:
        self._pick(
            f"SELECT of_id FROM version WHERE until = {_NOW} AND heir IS NULL AND start = ?1"
            " AND of_id IN (SELECT id FROM superseded_sale WHERE by_batch = ?1)"
        )
        self._run(
            """UPDATE superseded_sale AS old SET
                payment = CASE WHEN old.payment = 0 THEN sale.payment ELSE old.payment END,
                cashier_id = coalesce(old.cashier_id, sale.cashier_id),
                customer_id = coalesce(old.customer_id, sale.customer_id)
            FROM sale WHERE sale.id = old.id AND old.by_batch = ? AND old.id IN (SELECT id FROM picked)""",
            (self._batch,),
        )
        sales.restore_picked(self._connection, self._batch)

    def _return_cancelled(self) -> None:
        """Bring back what this batch cancelled, unless a later one cancels it too or brought it back itself."""
        cancelled = "by_batch = ?1 AND id NOT IN (SELECT id FROM sale)"
        near = f"abs({{other}}.sold_at - old.sold_at) <= {SAME_RECEIPT_SECONDS}"
        rows = self._run(
            f"""SELECT old.id,
                (SELECT min(c.batch_id) FROM cancelled AS c WHERE c.batch_id > ?1 AND c.number = old.number
                    AND {near.format(other="c")}),
                (SELECT s.id FROM sale AS s WHERE s.number_key = old.number_key AND s.number = old.number
                    AND s.kind = old.kind AND {near.format(other="s")}),
                (SELECT s.batch_id FROM sale AS s WHERE s.number_key = old.number_key AND s.number = old.number
                    AND s.kind = old.kind AND {near.format(other="s")})
            FROM superseded_sale AS old WHERE {cancelled}""",
            (self._batch,),
        ).fetchall()
        returning = []
        for sale_id, later, live, owner in rows:
            if later is None and live is None:
                returning.append(sale_id)
                continue
            target = (later, sale_id) if live is None else (owner, live)
            for table, key in (("superseded_sale", "id"), ("superseded_line", "sale_id")):
                self._run(
                    f"UPDATE OR IGNORE {table} SET by_batch = ?, {key} = ? WHERE by_batch = ? AND {key} = ?",
                    (*target, self._batch, sale_id),
                )
        sales.pick(self._connection, returning)
        sales.restore_picked(self._connection, self._batch)

    def forget(self) -> None:
        """Drop what was kept for this batch, and what only it knew of payments, cashiers and customers."""
        for table, key in (
            ("superseded_sale", "by_batch"), ("superseded_line", "by_batch"),
            ("seen", "batch_id"), ("cancelled", "batch_id"), ("quarantine", "batch_id"),
        ):  # fmt: skip
            self._run(f"DELETE FROM {table} WHERE {key} = ?", (self._batch,))
        self._run("DROP TABLE IF EXISTS temp.told")
        self._run("CREATE TEMP TABLE told (id INTEGER, knows INTEGER)")
        self._run(
            """INSERT INTO told
            SELECT touched.id, knows FROM seen JOIN batch ON batch.id = batch_id
                CROSS JOIN touched ON touched.id BETWEEN first_id AND last_id
            UNION ALL SELECT touched.id, knows FROM touched CROSS JOIN sale USING (id)
                JOIN batch ON batch.id = batch_id
            UNION ALL SELECT touched.id, knows FROM touched CROSS JOIN superseded_sale USING (id)
                JOIN batch ON batch.id = batch_id"""
        )
        self._run(
            """UPDATE sale SET
                payment = iif(tells_payment, payment, 0),
                cashier_id = iif(tells_cashier, cashier_id, NULL),
                customer_id = iif(tells_customer, customer_id, NULL)
            FROM (SELECT id AS of_id, max(knows & 2) AS tells_payment, max(knows & 4) AS tells_cashier,
                    max(knows & 8) AS tells_customer FROM told GROUP BY id)
            WHERE id = of_id AND NOT (tells_payment AND tells_cashier AND tells_customer)"""
        )

    def refresh(self) -> None:
        """Forget names that nothing mentions any more and make the sums of the touched days anew."""
        self._note_days()
        drop_unmentioned(self._connection)
        sales.refresh_sums(self._connection, [day for (day,) in self._run("SELECT day FROM undone_day")])

    def _pick(self, query: str) -> None:
        sales.pick(
            self._connection, [key for (key,) in self._run(query, (self._batch,) if "?1" in query else ())]
        )
