"""The one path by which sales come in: read → map → clean → group → write or quarantine → report.

Everything of a file happens in one transaction: killed at any instant, the database
holds whole batches only. Every row of the file ends in exactly one of new, unchanged,
replaced, voided or quarantined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Choices
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from colmado_insights.domain import SECONDS_A_DAY, ImportReport, MappingChoice, Reason, day_of, wall_seconds
from colmado_insights.errors import EmptyFile, UnknownColumns
from colmado_insights.progress import Progress
from colmado_insights.storage import sales
from colmado_insights.storage.catalog import Categorize, drop_unmentioned
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing import mending
from colmado_insights.storage.importing.basket import Lines, split_last
from colmado_insights.storage.importing.layouts import read_layouts, write_layout
from colmado_insights.storage.importing.ledger import Ledger
from colmado_insights.storage.importing.lines import NUMERIC, TEXTUAL, Cleaner
from colmado_insights.storage.importing.mapping import AmountRule, Field
from colmado_insights.storage.importing.pulse import listening
from colmado_insights.storage.importing.sources import Source, open_sources
from colmado_insights.storage.importing.tally import Tally
from colmado_insights.text import _, bad_row_reason

if TYPE_CHECKING:
    from sqlite3 import Connection


def import_files(
    database: Database,
    paths: Sequence[Path],
    *,
    categorize: Categorize,
    now: datetime,
    progress: Progress | None = None,
    preset: str = "",
    is_dry_run: bool = False,
    choices: Choices[Path, MappingChoice] | None = None,
    who: str = "",
) -> list[ImportReport]:
    """Import several files, those with lines before those with only receipts, so that pairs join.

    Raises
    ------
    FileProblem
        A file cannot be used; those before it stay.
    Cancelled
        The user asked to stop; the file at hand leaves nothing behind.
    """
    wanted = choices or {}

    def remember(source: Source) -> Callable[[Connection, int], None]:
        def write(connection: Connection, _batch: int) -> None:
            for path in source.paths:
                if path in wanted:
                    write_layout(connection, source.table.header, wanted[path], now)

        return write

    layouts = read_layouts(database)
    with (
        listening(progress),
        open_sources(paths, preset, choices=wanted, layouts=layouts) as sources,
    ):
        return [
            import_source(
                database, source, categorize=categorize, now=now, progress=progress,
                is_dry_run=is_dry_run, look=remember(source), who=who,
            )
            for source in sources
        ]  # fmt: skip


def import_source(
    database: Database,
    source: Source,
    *,
    categorize: Categorize,
    now: datetime,
    progress: Progress | None = None,
    is_dry_run: bool = False,
    is_mending: bool = False,
    is_continued: bool = False,
    look: Callable[[Connection, int], None] | None = None,
    who: str = "",
) -> ImportReport:
    """Import one file in one transaction and say what became of its rows.

    Parameters
    ----------
    is_mending
        The rows are missing parts of receipts that are kept already: they are added to them.
    is_continued
        The rows belong to a feed that brings sales one by one: they go into its batch of the day.
    look
        Called with the connection and the batch's id before the transaction ends, even in a dry run.

    Raises
    ------
    FileProblem
        The file breaks off, or not one row could be read as a sale; nothing is changed then.
    Cancelled
        The user asked to stop; nothing is changed then.
    """
    try:
        with database.transaction() as connection:
            batch = (_find_batch(connection, source) if is_continued else 0) or _open_batch(
                connection, source, now, who
            )
            tally = _bring_in(
                connection, source, batch, categorize, progress or Progress(),
                is_mending=is_mending, is_continued=is_continued,
            )  # fmt: skip
            _close_batch(connection, batch, tally)
            if look is not None:
                look(connection, batch)
            if is_dry_run:
                raise _DryRun
    except _DryRun:
        return _report(source, None, tally)
    return _report(source, batch, tally)


class _DryRun(Exception):
    """Rolls a trial run back."""


def _bring_in(
    connection: Connection,
    source: Source,
    batch: int,
    categorize: Categorize,
    progress: Progress,
    *,
    is_mending: bool,
    is_continued: bool,
) -> Tally:
    """All pieces of the file, one after the other."""
    tally = Tally()
    seen_until = connection.execute("SELECT max(day) FROM daily").fetchone()[0]
    repeats_total = source.has_lines and source.mapping.amount is AmountRule.RECEIPT_TOTAL
    cleaner = Cleaner(connection, batch, source.table.header, source.mapping, categorize, tally)
    ledger = Ledger(
        connection,
        batch,
        tally,
        repeats_total=repeats_total,
        is_mending=is_mending,
        is_continued=is_continued,
    )
    waiting: Lines | None = None
    for chunk in source.table.chunks(*_columns(source)):
        progress.step(chunk.done, chunk.total, _("Leyendo {file}").format(file=source.table.name))
        lines = cleaner.clean(chunk)
        lines = waiting.followed_by(lines) if waiting is not None else lines
        ready, waiting = split_last(lines)
        ledger.write(ready)
    if waiting is not None:
        ledger.write(waiting)
    ledger.finish()
    _refuse_useless(source, tally)
    progress.step()
    if tally.voided or tally.quarantined:
        drop_unmentioned(connection)  # names that only rows without a sale spoke of
    sales.refresh_sums(connection, tally.days)
    tally.late = _count_late(connection, batch, seen_until) if tally.days else None
    return tally


def _count_late(connection: Connection, batch: int, seen_until: int | None) -> tuple[int, int] | None:
    """Receipts that the batch brought to days before the last one known, and the first of these days."""
    if seen_until is None:
        return None
    count, first = connection.execute(
        "SELECT count(*), min(sold_at) FROM sale WHERE batch_id = ? AND sold_at < ?",
        (batch, seen_until * SECONDS_A_DAY),
    ).fetchone()
    return (count, first // SECONDS_A_DAY) if count else None


def _columns(source: Source) -> tuple[list[int], list[int]]:
    """Columns to read as text, and those of plain numbers that the reader itself can convert."""
    columns = source.mapping.columns
    plain = [column for column in NUMERIC if column in columns and _is_plain(source, column)]
    texts = {columns[column] for column in (*TEXTUAL, *NUMERIC) if column in columns and column not in plain}
    return sorted(texts), [columns[column] for column in plain if columns[column] not in texts]


def _is_plain(source: Source, column: Field) -> bool:
    """True when the sample's cells are numbers as programs write them."""
    if source.mapping.decimal_of(column) != ".":
        return False
    position = source.mapping.columns[column]
    cells = [row[position] for row in source.table.sample if position < len(row) and row[position]]
    try:
        return all(np.isfinite(float(cell)) for cell in cells)
    except ValueError:
        return False


def _refuse_useless(source: Source, tally: Tally) -> None:
    if tally.rows_read == 0:
        raise EmptyFile(
            _("«{file}» no trae ninguna fila de ventas.").format(file=source.table.name),
            _("Escoge un período con ventas y expórtalo otra vez."),
        )
    if tally.quarantined == tally.rows_read:
        code = tally.codes.most_common(1)[0][0]
        raise UnknownColumns(
            _("Ninguna fila de «{file}» se pudo leer como venta ({why}).").format(
                file=source.table.name, why=bad_row_reason(code)
            ),
            _("Mira si las columnas de fecha, producto y monto son las que deben. No se cambió nada."),
        )


# ── the batch and its report ──


def _find_batch(connection: Connection, source: Source) -> int:
    """The standing batch of a feed, 0 when it has none."""
    row = connection.execute(
        "SELECT id FROM batch WHERE file = ? AND preset = ? AND undone_at IS NULL ORDER BY id DESC",
        (source.table.name, source.preset),
    ).fetchone()
    return int(row[0]) if row else 0


def _open_batch(connection: Connection, source: Source, now: datetime, who: str) -> int:
    row = connection.execute(
        "INSERT INTO batch (file, preset, imported_at, rows_read, knows, mapping, who)"
        " VALUES (?, ?, ?, 0, ?, ?, ?) RETURNING id",
        (
            source.table.name,
            source.preset,
            wall_seconds(now),
            source.knows,
            mending.remember_columns(source.table.header, source.mapping),
            who,
        ),
    ).fetchone()
    return int(row[0])


def _close_batch(connection: Connection, batch: int, tally: Tally) -> None:
    connection.execute(
        "UPDATE batch SET rows_read = rows_read + ?, new = new + ?, unchanged = unchanged + ?,"
        " replaced = replaced + ?, voided = voided + ?, quarantined = quarantined + ?,"
        " receipts_new = receipts_new + ?, first_day = coalesce(min(first_day, ?8), ?8, first_day),"
        " last_day = coalesce(max(last_day, ?9), ?9, last_day) WHERE id = ?10",
        (
            tally.rows_read, tally.new, tally.unchanged, tally.replaced, tally.voided,
            tally.quarantined, tally.receipts_new,
            min(tally.days, default=None), max(tally.days, default=None), batch,
        ),
    )  # fmt: skip


def _report(source: Source, batch: int | None, tally: Tally) -> ImportReport:
    reasons = [Reason.of("quarantined", code=code, rows=rows) for code, rows in tally.codes.most_common()]
    if source.table.other_tables:
        reasons.append(Reason.of("other_tables", names=", ".join(source.table.other_tables)))
    if tally.late is not None:
        count, day = tally.late
        reasons.append(Reason.of("late_receipts", day=day_of(day).isoformat(), receipts=count))
    if tally.totals_rows:
        reasons.append(Reason.of("totals_rows", rows=tally.totals_rows))
    return ImportReport(
        file=source.table.name,
        preset=source.preset,
        rows_read=tally.rows_read,
        new=tally.new,
        unchanged=tally.unchanged,
        replaced=tally.replaced,
        voided=tally.voided,
        quarantined=tally.quarantined,
        receipts_new=tally.receipts_new,
        first_day=day_of(min(tally.days)) if tally.days else None,
        last_day=day_of(max(tally.days)) if tally.days else None,
        batch=batch,
        revenue_cents=tally.revenue_cents,
        reasons=(*source.mapping.reasons, *reasons),
    )
