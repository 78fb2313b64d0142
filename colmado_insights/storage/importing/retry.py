"""Rows in quarantine by their reason: looked at, mended once for all of a reason and tried again, or put aside."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping as Fix
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from colmado_insights.domain import BadGroup, BadRow, ImportReport, wall_seconds
from colmado_insights.errors import UnknownBatch
from colmado_insights.progress import Progress
from colmado_insights.storage.catalog import Categorize
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.intake import import_source
from colmado_insights.storage.importing.made import MadeTable
from colmado_insights.storage.importing.mending import mend_cells, recall_columns
from colmado_insights.storage.importing.sources import Source
from colmado_insights.text import _

if TYPE_CHECKING:
    from sqlite3 import Connection

EXAMPLES = 5
_WAITING = "dismissed_at IS NULL AND mended_by IS NULL"


def read_groups(database: Database) -> tuple[BadGroup, ...]:
    """The rows that wait, by their reason, the most frequent first."""
    groups = []
    for code, rows in database.read(
        f"SELECT code, count(*) FROM quarantine WHERE {_WAITING} GROUP BY code ORDER BY 2 DESC, code"
    ):
        batches = database.read(
            f"SELECT DISTINCT batch_id, file FROM quarantine JOIN batch ON batch.id = batch_id"
            f" WHERE code = ? AND {_WAITING} ORDER BY batch_id",
            (code,),
        )
        groups.append(
            BadGroup(
                code=code,
                rows=rows,
                batches=tuple(batch for batch, _file in batches),
                files=tuple(dict.fromkeys(file for _batch, file in batches)),
                examples=tuple(read_waiting(database, code, EXAMPLES)),
            )
        )
    return tuple(groups)


def read_waiting(database: Database, code: str = "", most: int = -1) -> list[BadRow]:
    """Rows that wait, of one reason or of all, in the order in which they came."""
    return [
        BadRow(line, raw, reason, detail)
        for line, raw, reason, detail in database.read(
            f"SELECT line, raw, code, detail FROM quarantine WHERE {_WAITING} AND (? = '' OR code = ?)"
            " ORDER BY id LIMIT ?",
            (code, code, most),
        )
    ]


def dismiss(database: Database, code: str, *, now: datetime) -> int:
    """Put the rows of a reason aside as no sales; they stay in their import's history. Returns how many."""
    with database.transaction() as connection:
        found = connection.execute(
            f"UPDATE quarantine SET dismissed_at = ? WHERE code = ? AND {_WAITING}", (wall_seconds(now), code)
        )
        return int(found.rowcount)


def retry(
    database: Database,
    code: str,
    fix: Fix[str, str],
    *,
    categorize: Categorize,
    now: datetime,
    progress: Progress | None = None,
) -> ImportReport:
    """Mend all rows of a reason alike and bring them in; what still cannot be read goes on waiting.

    Each file's rows come in as an import of their own, which can be undone: they wait again then.

    Raises
    ------
    UnknownBatch
        No row waits for this reason, or it came in by a version that kept no columns.
    """
    batches = [
        batch
        for (batch,) in database.read(
            f"SELECT DISTINCT batch_id FROM quarantine JOIN batch ON batch.id = batch_id"
            f" WHERE code = ? AND {_WAITING} AND mapping IS NOT NULL ORDER BY batch_id",
            (code,),
        )
    ]
    if not batches:
        raise UnknownBatch(
            _("No hay filas por revisar con esa razón que se puedan traer."),
            _("Importa otra vez el archivo del que salieron."),
        )
    reports = [
        _retry_batch(database, batch, code, fix, categorize, now, progress or Progress()) for batch in batches
    ]
    return _summed(reports)


def _retry_batch(
    database: Database,
    batch: int,
    code: str,
    fix: Fix[str, str],
    categorize: Categorize,
    now: datetime,
    progress: Progress,
) -> ImportReport:
    ((file, preset, kept),) = database.read("SELECT file, preset, mapping FROM batch WHERE id = ?", (batch,))
    columns = recall_columns(kept)
    waiting = database.read(
        f"SELECT id, raw FROM quarantine WHERE batch_id = ? AND code = ? AND {_WAITING} ORDER BY id",
        (batch, code),
    )
    rows = [mend_cells(json.loads(raw), columns, fix) for _key, raw in waiting]
    table = MadeTable(file, columns.header, lambda: rows, size=len(rows))
    keys = [key for key, _raw in waiting]

    def settle(connection: Connection, made: int) -> None:
        still_bad = {
            line - 1
            for (line,) in connection.execute("SELECT line FROM quarantine WHERE batch_id = ?", (made,))
        }
        connection.execute("DELETE FROM quarantine WHERE batch_id = ?", (made,))
        connection.executemany(
            "UPDATE quarantine SET mended_by = ?, fix = ? WHERE id = ?",
            [(made, json.dumps(dict(fix)), key) for place, key in enumerate(keys) if place not in still_bad],
        )

    return import_source(
        database,
        Source(table, preset, columns.mapping),
        categorize=categorize,
        now=now,
        progress=progress,
        is_mending=True,
        look=settle,
    )


def _summed(reports: Sequence[ImportReport]) -> ImportReport:
    """Several imports told as one."""
    first = reports[0]
    for more in reports[1:]:
        first = dataclasses.replace(
            first,
            file=_("{first} y otros").format(first=reports[0].file),
            rows_read=first.rows_read + more.rows_read,
            new=first.new + more.new,
            unchanged=first.unchanged + more.unchanged,
            replaced=first.replaced + more.replaced,
            voided=first.voided + more.voided,
            quarantined=first.quarantined + more.quarantined,
            receipts_new=first.receipts_new + more.receipts_new,
            revenue_cents=first.revenue_cents + more.revenue_cents,
        )
    return first
