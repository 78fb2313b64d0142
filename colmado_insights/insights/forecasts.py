"""The days ahead of the shop, kept to be compared with what came."""

from __future__ import annotations

from datetime import date, datetime

from colmado_insights.analytics.forecast import compute_forecast
from colmado_insights.analytics.hours import HOUR_HISTORY_DAYS, compute_hours
from colmado_insights.analytics.outages import compute_open_share
from colmado_insights.analytics.results import Forecast, HourForecast, NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import SHOP_TARGETS, Subject, Target, day_number
from colmado_insights.insights.demands import make_demand, write_points
from colmado_insights.insights.keeping import (
    calendar,
    kept,
    read_kept,
    read_until,
    shop_parameters,
    yesterday,
)
from colmado_insights.progress import Progress
from colmado_insights.storage import sales
from colmado_insights.storage.database import Database

HORIZON_DAYS = 14


def find_forecast(
    database: Database,
    settings: Settings,
    subject: Subject | Target,
    horizon: int = HORIZON_DAYS,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> Forecast | NotEnough:
    """The forecast from the day after the last whole day of data: `as_of`, or else yesterday.

    A target alone means the whole shop's.
    """
    subject = subject if isinstance(subject, Subject) else Subject(subject)
    until = read_until(database, as_of or yesterday(datetime.now()))
    if until is None:
        return NotEnough(needed=3, have=0, unit="days")

    def make() -> Forecast | NotEnough:
        is_part = subject.category is not None or subject.product_id is not None
        answer = (make_demand if is_part else _make_shop_forecast)(
            database, settings, subject, until, horizon, progress
        )
        if isinstance(answer, Forecast):
            write_points(database, subject, answer)
        return answer

    kind = _kind(subject, horizon)
    return kept(database, kind, until, shop_parameters(settings), Forecast, make, progress)


def read_shop_forecast(database: Database, target: Target, until: date) -> Forecast | None:
    """The newest forecast of the whole shop kept from data up to a day; None where none was made yet."""
    return read_kept(database, _kind(Subject(target), HORIZON_DAYS), day_number(until), Forecast)


def _kind(subject: Subject, horizon: int) -> str:
    """What the kept answer is filed under."""
    return f"forecast:{subject.key}:{horizon}"


def find_hours(
    database: Database,
    settings: Settings,
    target: Target,
    horizon: int = HORIZON_DAYS,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> HourForecast | NotEnough:
    """The hours from the day after the last whole day of data: `as_of`, or else yesterday."""
    until = read_until(database, as_of or yesterday(datetime.now()))
    if until is None:
        return NotEnough(needed=7, have=0, unit="days")

    def make() -> HourForecast | NotEnough:
        last = day_number(until)
        hourly = sales.read_hourly(database, last - HOUR_HISTORY_DAYS + 1, last)
        return compute_hours(
            hourly, target, until=until, horizon=horizon, days=calendar(settings), progress=progress
        )

    kind = f"hours:{target}:{horizon}"
    return kept(database, kind, until, shop_parameters(settings), HourForecast, make, progress)


def _make_shop_forecast(
    database: Database,
    settings: Settings,
    subject: Subject,
    until: date,
    horizon: int,
    progress: Progress | None,
) -> Forecast | NotEnough:
    """Revenue or receipts of the whole shop."""
    if subject.target not in SHOP_TARGETS:
        raise ValueError("units are of a category or a product")
    last, days = day_number(until), calendar(settings)
    daily = sales.read_daily(database, last=last)
    share = compute_open_share(sales.read_hourly(database, last=last), until=until, days=days)
    return compute_forecast(
        daily, subject.target, until=until, horizon=horizon, days=days, progress=progress, open_share=share
    )
