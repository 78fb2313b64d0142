"""The days ahead, kept to be compared with what came."""

from __future__ import annotations

from datetime import date, datetime

from colmado_insights.analytics.forecast import compute_forecast
from colmado_insights.analytics.results import Forecast, NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import Target, day_number
from colmado_insights.insights.keeping import calendar, kept, read_until, shop_parameters, yesterday
from colmado_insights.progress import Progress
from colmado_insights.storage import results, sales
from colmado_insights.storage.database import Database

HORIZON_DAYS = 14


def find_forecast(
    database: Database,
    settings: Settings,
    target: Target,
    horizon: int = HORIZON_DAYS,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> Forecast | NotEnough:
    """The forecast from the day after the last whole day of data: `as_of`, or else yesterday."""
    until = read_until(database, as_of or yesterday(datetime.now()))
    if until is None:
        return NotEnough(needed=3, have=0, unit="days")

    def make() -> Forecast | NotEnough:
        daily = sales.read_daily(database, last=day_number(until))
        answer = compute_forecast(
            daily, target, until=until, horizon=horizon, days=calendar(settings), progress=progress
        )
        if isinstance(answer, Forecast):
            points = ((day_number(p.day), p.mean, p.lo80, p.hi80, p.lo95, p.hi95) for p in answer.points)
            results.write_forecast(
                database, target, day_number(until), answer.model, points, made_at=datetime.now()
            )
        return answer

    return kept(database, f"forecast:{target}:{horizon}", until, shop_parameters(settings), Forecast, make)
