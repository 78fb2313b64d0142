"""What is normal for a day or a stretch of days: the comparison that every page uses."""

from __future__ import annotations

from datetime import date, timedelta

from colmado_insights.analytics.normal import (
    LEAST_DAYS,
    compare_span,
    compute_normal,
    compute_normal_basket,
)
from colmado_insights.analytics.results import Normal, NormalSpan, NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import Target, day_number
from colmado_insights.insights.keeping import calendar, read_until
from colmado_insights.storage import sales
from colmado_insights.storage.database import Database


def find_normal(
    database: Database, settings: Settings, target: Target, day: date, as_of: date | None = None
) -> Normal | NotEnough:
    """What is normal for a whole day, learnt from the days before it (up to `as_of`)."""
    until = _until(database, day, as_of)
    if until is None:
        return NotEnough(LEAST_DAYS, 0, "days")
    daily = sales.read_daily(database, last=day_number(until))
    return compute_normal(daily, target, day, calendar(settings), until=until)


def find_normal_basket(
    database: Database,
    settings: Settings,
    day: date,
    receipts: int | None = None,
    as_of: date | None = None,
) -> Normal | NotEnough:
    """What mean purchase (cents) is normal for a day of so many receipts."""
    until = _until(database, day, as_of)
    if until is None:
        return NotEnough(LEAST_DAYS, 0, "days")
    daily = sales.read_daily(database, last=day_number(until))
    return compute_normal_basket(daily, day, calendar(settings), receipts=receipts, until=until)


def find_normal_span(
    database: Database, settings: Settings, first: date, last: date
) -> NormalSpan | NotEnough:
    """What a stretch of whole days sold, judged by what is normal for such a stretch.

    What is normal is learnt from the days before the first.
    """
    until = read_until(database, first - timedelta(days=1))
    if until is None or last < first:
        return NotEnough(LEAST_DAYS, 0, "days")
    daily = sales.read_daily(database, last=day_number(last))
    return compare_span(daily, first, last, calendar(settings))


def _until(database: Database, day: date, as_of: date | None) -> date | None:
    """The last day with sales that may be learnt from."""
    before = day - timedelta(days=1)
    return read_until(database, min(before, as_of) if as_of else before)
