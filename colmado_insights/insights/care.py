"""The care of products: weight, margin, what sleeps and what runs out; kept until sales, costs or stock change."""

from __future__ import annotations

from datetime import date, datetime

from colmado_insights.analytics.care import LEAST_DAYS, compute_care
from colmado_insights.analytics.results import CareBoard, NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import day_number
from colmado_insights.insights.closing import read_whole_day
from colmado_insights.insights.keeping import kept, read_until
from colmado_insights.progress import Progress
from colmado_insights.storage import results
from colmado_insights.storage.database import Database
from colmado_insights.storage.stock import CareFrames, read_stamp

CARE = "care"
"""Kind of the kept boards."""


def find_care(
    database: Database,
    as_of: date | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> CareBoard | NotEnough:
    """All products' care from the sales up to the last whole day and the stock counted by now, or both by `as_of`."""
    now = now or datetime.now()
    if as_of is None:
        return _find(database, read_whole_day(database, now), now.date(), progress)
    return _find(database, read_until(database, as_of), as_of, progress)


def _find(
    database: Database, until: date | None, counted: date, progress: Progress | None
) -> CareBoard | NotEnough:
    if until is None:
        return NotEnough(needed=LEAST_DAYS, have=0, unit="days")

    def make() -> CareBoard | NotEnough:
        # Each cost that is told makes another board: only the last one is worth keeping.
        results.delete_results(database, CARE, day_number(until))
        frames = CareFrames(database, until, counted)
        return compute_care(
            frames.sold, frames.goods, frames.costs, frames.stock, until=until, progress=progress
        )

    # Neither a cost that is told nor a count of the stock changes a sale.
    parameters = f"{read_stamp(database)} {max(counted, until).isoformat()}"
    return kept(database, CARE, until, parameters, CareBoard, make, progress)


def refresh_care(database: Database, _settings: Settings, now: datetime, progress: Progress) -> int:
    """Have the board up to the last whole day ready; returns how many products are on it."""
    found = _find(database, read_whole_day(database, now), now.date(), progress)
    return len(found.products) if isinstance(found, CareBoard) else 0
