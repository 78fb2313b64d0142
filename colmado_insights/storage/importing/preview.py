"""What would come of files, by the very code that imports them, rolled back at the end."""

from __future__ import annotations

from collections.abc import Mapping as Choices
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from colmado_insights.domain import (
    CATEGORIES,
    PAYMENTS,
    SECONDS_A_DAY,
    MappingChoice,
    Preview,
    PreviewLine,
    PreviewSale,
    SaleKind,
    moment_of,
)
from colmado_insights.errors import FileProblem
from colmado_insights.progress import Progress
from colmado_insights.storage.catalog import Categorize
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.intake import import_source
from colmado_insights.storage.importing.layouts import read_layouts
from colmado_insights.storage.importing.pulse import listening
from colmado_insights.storage.importing.sources import Source, open_sources

if TYPE_CHECKING:
    from sqlite3 import Connection

SALES_SHOWN = 6
ROWS_SHOWN = 6


def preview_files(
    database: Database,
    paths: Sequence[Path],
    *,
    categorize: Categorize,
    now: datetime,
    progress: Progress | None = None,
    choices: Choices[Path, MappingChoice] | None = None,
) -> tuple[Preview, ...]:
    """What was understood of each file, its first sales and the consequences; nothing is written.

    Files are looked at one after the other, so each tells what would be new if it came alone; what is new
    of all of them, `count_receipts` tells.
    """
    previews: list[Preview] = []
    troubles: list[Preview] = []

    def note(
        path: Path, trouble: FileProblem, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
    ) -> None:
        troubles.append(
            Preview(
                path, path.name, header=header, examples=rows[:ROWS_SHOWN],
                trouble=str(trouble), can_map=bool(header), date_order="dmy", decimal=".", amount="line_total",
            )
        )  # fmt: skip

    with (
        listening(progress),
        open_sources(paths, choices=choices, layouts=read_layouts(database), on_trouble=note) as sources,
    ):
        for source in sources:
            previews.append(_preview(database, source, categorize, now, progress))
    return (*previews, *troubles)


def count_receipts(previews: Sequence[Preview]) -> int:
    """How many receipts would be new if these all came in: one that two of them hold counts once."""
    known: dict[int, frozenset[str]] = {}
    count = 0
    for preview in previews:
        count += 0 if preview.report is None else preview.report.receipts_new
        for key, tills in preview.receipts.items():
            others = known.get(key)
            if others is None:
                known[key] = tills
            elif others == tills:  # as between the files of a pair, of which there may be very many
                count -= len(tills)
            else:
                count -= _count_same(others, tills)
                known[key] = others | tills
    return count


def _count_same(tills: frozenset[str], others: frozenset[str]) -> int:
    """Receipts of one number, kind and day that are the same: as many as come of the same till, or of one unknown."""
    if "" in tills or "" in others:
        return min(len(tills), len(others))
    return len(tills & others)


def _preview(
    database: Database, source: Source, categorize: Categorize, now: datetime, progress: Progress | None
) -> Preview:
    sales: list[PreviewSale] = []
    receipts: dict[int, frozenset[str]] = {}
    report, trouble = None, ""
    ((last,),) = database.read("SELECT coalesce(max(id), 0) FROM sale")

    def look(connection: Connection, batch: int) -> None:
        sales.extend(_read_sales(connection, batch))
        receipts.update(_read_receipts(connection, last))

    try:
        report = import_source(
            database, source, categorize=categorize, now=now, progress=progress, is_dry_run=True, look=look
        )
    except FileProblem as problem:
        trouble = str(problem)
    mapping = source.mapping
    return Preview(
        path=source.paths[0],
        file=source.table.name,
        preset=source.preset,
        confidence=source.confidence,
        header=source.table.header,
        columns={str(field): place for field, place in mapping.columns.items()},
        examples=tuple(source.table.sample[:ROWS_SHOWN]),
        date_order=mapping.dates.order,
        decimal=mapping.decimal,
        amount=str(mapping.amount),
        sales=tuple(sales),
        report=report,
        is_remembered=source.is_remembered,
        trouble=trouble,
        can_map=not source.is_structured,
        others=source.paths[1:],
        receipts=receipts,
    )


def _read_receipts(connection: Connection, last: int) -> dict[int, frozenset[str]]:
    """The receipts written after the one that was the last, as `Preview` tells them."""
    named = {key: frozenset({name}) for key, name in connection.execute("SELECT id, name FROM till")}
    nameless = frozenset({""})
    found: dict[int, frozenset[str]] = {}
    for number, day, kind, till in connection.execute(
        "SELECT number, sold_at / ?, kind, till_id FROM sale WHERE id > ?", (SECONDS_A_DAY, last)
    ):
        key, tills = hash((number, day, kind)), named.get(till, nameless)
        found[key] = found[key] | tills if key in found else tills
    return found


def _read_sales(connection: Connection, batch: int) -> list[PreviewSale]:
    """The first receipts of a batch, as they stand inside its transaction."""
    found = connection.execute(
        "SELECT id, number, sold_at, has_time, kind, total_cents, payment FROM sale"
        " WHERE batch_id = ? ORDER BY id LIMIT ?",
        (batch, SALES_SHOWN),
    ).fetchall()
    return [
        PreviewSale(
            number=number,
            sold_at=moment_of(sold_at),
            has_time=bool(has_time),
            kind=SaleKind(kind),
            total_cents=total,
            payment=PAYMENTS[payment],
            lines=tuple(
                PreviewLine(name, CATEGORIES[category], quantity, amount)
                for name, category, quantity, amount in connection.execute(
                    "SELECT name, category_id, quantity_milli, amount_cents FROM sale_line"
                    " JOIN product ON product.id = product_id WHERE sale_id = ? ORDER BY line_no",
                    (key,),
                )
            ),
        )
        for key, number, sold_at, has_time, kind, total, payment in found
    ]
