"""Taking one import back out of the sales, in statements over all its receipts at once.

A *version* of a receipt is the work of one batch, its owner. It stands from the batch that
set the version before aside (`start`, 0 for the first) until the one that set it aside in
turn (`until`, STANDING when it still stands). Its *heir* is the first other batch that saw
it in that time. A version without an heir goes; what it had set aside returns, or stands
behind the next change. How a receipt was paid, by whom it was sold and bought stays as last
told, as long as one of the imports that stay tells such things of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from colmado_insights.domain import SECONDS_A_DAY
from colmado_insights.progress import Progress
from colmado_insights.storage import sales
from colmado_insights.storage.catalog import drop_unmentioned
from colmado_insights.storage.importing.basket import SAME_RECEIPT_SECONDS
from colmado_insights.text import _

if TYPE_CHECKING:
    from sqlite3 import Connection

STANDING = 2**62
"""Later than every batch: the end of a version that still stands."""

_SET_ASIDE = (("superseded_line", "sale_id"), ("superseded_sale", "id"))
_TEMPORARY = {
    "touched": "id INTEGER PRIMARY KEY",
    "touched_days": "day INTEGER PRIMARY KEY",
    "version": "of_id INTEGER, start, until, heir, has_lines, PRIMARY KEY (of_id, until)",
    "told": "id INTEGER, knows INTEGER",
}


def take_back(connection: Connection, batch: int, progress: Progress) -> None:
    """Leave the sales as the other imports alone would have made them; inside the caller's transaction."""
    for table, columns in _TEMPORARY.items():
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
        connection.execute(f"CREATE TEMP TABLE {table} ({columns})")
    undo = _Undo(connection, batch)
    steps = (undo.find_touched, undo.pass_on, undo.hand_back, undo.forget, undo.refresh)
    for number, step in enumerate(steps):
        progress.step(number, len(steps), _("Deshaciendo la importación"))
        step()


class _Undo:
    """The steps, in their order."""

    def __init__(self, connection: Connection, batch: int) -> None:
        self._run = connection.execute
        self._connection = connection
        self._batch = batch

    def find_touched(self) -> None:
        """Fill the temporary table `touched` with receipts that may change, and `touched_days` with their days."""
        self._run(
            """INSERT OR IGNORE INTO touched
            SELECT id FROM sale WHERE batch_id = ?1
            UNION ALL SELECT id FROM superseded_sale WHERE batch_id = ?1 OR by_batch = ?1
            UNION ALL SELECT sale.id FROM seen CROSS JOIN sale ON sale.id BETWEEN first_id AND last_id
                WHERE seen.batch_id = ?1
            UNION ALL SELECT old.id FROM seen CROSS JOIN superseded_sale AS old
                ON old.id BETWEEN first_id AND last_id WHERE seen.batch_id = ?1""",
            (self._batch,),
        )
        self._note_days()

    def _note_days(self) -> None:
        self._run(
            f"INSERT OR IGNORE INTO touched_days SELECT DISTINCT sold_at / {SECONDS_A_DAY}"
            " FROM touched CROSS JOIN sale USING (id)"
        )

    def pass_on(self) -> None:
        """Find the versions that this batch owns, and give those that another batch saw to it."""
        self._run(
            f"""INSERT INTO version
            SELECT id, coalesce((SELECT max(by_batch) FROM superseded_sale AS s WHERE s.id = sale.id), 0),
                {STANDING}, NULL, line_count > 0
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
            f"UPDATE sale SET batch_id = heir FROM version WHERE of_id = sale.id AND until = {STANDING} AND heir"
        )
        self._run(
            "UPDATE superseded_sale SET batch_id = heir FROM version"
            " WHERE of_id = superseded_sale.id AND until = by_batch AND heir"
        )
        for table, key in _SET_ASIDE:
            self._run(
                f"UPDATE {table} SET by_batch = heir FROM version"
                f" WHERE of_id = {key} AND by_batch = ?1 AND start = ?1 AND heir",
                (self._batch,),
            )

    def _take_lines_from_heirs_without(self) -> None:
        """A version whose heir knows no lines keeps only its header."""
        heirs = "SELECT of_id FROM version JOIN batch ON batch.id = heir WHERE has_lines AND NOT knows & 1"
        bare = "line_count = 0, units_milli = 0, fingerprint = 0"
        now, then = f"({heirs} AND until = {STANDING})", f"({heirs} AND until = by_batch)"
        self._run(f"DELETE FROM sale_line WHERE sale_id IN {now}")
        self._run(f"UPDATE sale SET {bare} WHERE id IN {now}")
        self._run(f"DELETE FROM superseded_line WHERE sale_id IN {then}")
        self._run(f"UPDATE superseded_sale SET {bare} WHERE id IN {then}")

    def hand_back(self) -> None:
        """What has no heir goes; what this batch had set aside returns, or stands behind the next change."""
        self._hand_to_next_change()
        self._pick(f"SELECT of_id FROM version WHERE until = {STANDING} AND heir IS NULL AND start <> ?1")
        sales.delete_picked(self._connection)
        self._return_changed()
        self._return_cancelled()

    def _hand_to_next_change(self) -> None:
        """A lost version that was itself changed later: the change now stands on what was before, or is a first."""
        lost = f"SELECT of_id, until FROM version WHERE until <> {STANDING} AND heir IS NULL"
        for table, key in _SET_ASIDE:
            self._run(f"DELETE FROM {table} WHERE ({key}, by_batch) IN ({lost})")
            self._run(
                f"UPDATE {table} SET by_batch = until FROM version"
                f" WHERE of_id = {key} AND by_batch = ?1 AND start = ?1 AND until <> {STANDING} AND heir IS NULL",
                (self._batch,),
            )
        # A later batch may have added the lines of a receipt that this one had changed: it owns the change now.
        for table, key in _SET_ASIDE:
            self._run(
                f"UPDATE {table} SET by_batch = sale.batch_id FROM sale"
                f" WHERE sale.id = {table}.{key} AND by_batch = ?1 AND sale.batch_id > ?1",
                (self._batch,),
            )

    def _return_changed(self) -> None:
        self._pick(
            f"SELECT of_id FROM version WHERE until = {STANDING} AND heir IS NULL AND start = ?1"
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
            for table, key in _SET_ASIDE:
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
        self._run("UPDATE quarantine SET mended_by = NULL, fix = NULL WHERE mended_by = ?", (self._batch,))
        self._run(
            """INSERT INTO told
            SELECT touched.id, knows FROM seen JOIN batch ON batch.id = batch_id
                CROSS JOIN touched ON touched.id BETWEEN first_id AND last_id
            UNION ALL SELECT touched.id, knows FROM touched CROSS JOIN sale USING (id)
                JOIN batch ON batch.id = batch_id
            UNION ALL SELECT touched.id, knows FROM touched CROSS JOIN superseded_sale USING (id)
                JOIN batch ON batch.id = batch_id"""
        )
        for table in ("sale", "superseded_sale"):
            self._run(
                f"""UPDATE {table} SET
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
        sales.refresh_sums(self._connection, [day for (day,) in self._run("SELECT day FROM touched_days")])

    def _pick(self, query: str) -> None:
        sales.pick(
            self._connection, [key for (key,) in self._run(query, (self._batch,) if "?1" in query else ())]
        )
