"""The rhythms of the shop: hours of the week, the pay cycle, the seasons."""

from __future__ import annotations

from datetime import date

from colmado_insights.analytics.patterns import (
    DAYS_FOR_PAY_CURVE,
    DAYS_FOR_SEASONS,
    LEAST_DAYS,
    compute_pattern,
    compute_pay_curve,
    compute_seasons,
)
from colmado_insights.analytics.results import HourPattern, NotEnough, PayCurve, Seasons
from colmado_insights.config import Settings
from colmado_insights.domain import Target, day_number
from colmado_insights.insights.keeping import calendar, kept, read_until, shop_parameters
from colmado_insights.storage import sales
from colmado_insights.storage.database import Database


def find_pattern(database: Database, as_of: date | None = None) -> HourPattern | NotEnough:
    """When people come: mean receipts of each weekday and hour."""
    until = read_until(database, as_of)
    if until is None:
        return NotEnough(needed=LEAST_DAYS, have=0, unit="days")
    last = day_number(until)
    first = last - 182
    return compute_pattern(
        sales.read_hourly(database, first, last), sales.read_daily(database, first, last), until
    )


def find_pay_curve(
    database: Database, settings: Settings, target: Target, as_of: date | None = None
) -> PayCurve | NotEnough:
    """How the days around a pay day stand to plain ones."""
    until = read_until(database, as_of)
    if until is None:
        return NotEnough(needed=DAYS_FOR_PAY_CURVE, have=0, unit="days")
    return kept(
        database, "pay_curve", until, f"{target} {shop_parameters(settings)}", PayCurve,
        lambda: compute_pay_curve(
            sales.read_daily(database, last=day_number(until)), target, calendar(settings), until
        ),
    )  # fmt: skip


def find_seasons(
    database: Database, settings: Settings, target: Target, as_of: date | None = None
) -> Seasons | NotEnough:
    """What weekdays, months, holidays and the years do."""
    until = read_until(database, as_of)
    if until is None:
        return NotEnough(needed=DAYS_FOR_SEASONS, have=0, unit="days")
    return kept(
        database, "seasons", until, f"{target} {shop_parameters(settings)}", Seasons,
        lambda: compute_seasons(
            sales.read_daily(database, last=day_number(until)), target, calendar(settings), until
        ),
    )  # fmt: skip
