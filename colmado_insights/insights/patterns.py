"""When people come."""

from __future__ import annotations

from datetime import date

from colmado_insights.analytics.patterns import compute_pattern
from colmado_insights.analytics.results import HourPattern, NotEnough
from colmado_insights.domain import day_number
from colmado_insights.insights.keeping import read_until
from colmado_insights.storage import sales
from colmado_insights.storage.database import Database


def find_pattern(database: Database, as_of: date | None = None) -> HourPattern | NotEnough:
    """When people come: mean receipts of each weekday and hour."""
    until = read_until(database, as_of)
    if until is None:
        return NotEnough(needed=7, have=0, unit="days")
    last = day_number(until)
    first = last - 182
    return compute_pattern(
        sales.read_hourly(database, first, last), sales.read_daily(database, first, last), until
    )
