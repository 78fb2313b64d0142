"""Advice from the forecast: the strong day that comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date

from colmado_insights.analytics.results import Forecast
from colmado_insights.config import Settings
from colmado_insights.domain import Reason, Target
from colmado_insights.insights.actions.advice import Advice
from colmado_insights.insights.forecasts import find_forecast
from colmado_insights.progress import Progress
from colmado_insights.storage.database import Database

PEAK_SHARE = 0.10
"""A coming day is worth preparing for when it is this much above the mean of the days ahead."""


def find_peak(
    database: Database, settings: Settings, whole: date, progress: Progress | None
) -> Iterator[Advice]:
    """The strongest of the next seven days, when it stands out."""
    forecast = find_forecast(database, settings, Target.REVENUE, as_of=whole, progress=progress)
    if not isinstance(forecast, Forecast):
        return
    week = [point for point in forecast.points[:7] if point.day > whole]
    if not week:  # nothing was sold for so long that those days are over
        return
    mean = sum(point.mean for point in forecast.points) / len(forecast.points)
    peak = max(week, key=lambda point: point.mean)
    place = forecast.points.index(peak)
    if mean <= 0 or peak.mean < (1 + PEAK_SHARE) * mean:
        return
    causes = forecast.drivers[place] if forecast.drivers else ()
    cause = max(causes, key=lambda driver: driver.amount, default=None)
    yield Advice(
        key=f"peak:{peak.day.isoformat()}",
        what=Reason.of("prepare_peak_day", day=peak.day.isoformat(), cents=round(peak.mean)),
        why=Reason.of(
            "peak_above_mean", share=peak.mean / mean - 1, cause=asdict(cause.reason) if cause else None
        ),
        gain_cents=round(peak.mean - mean),
        icon="calendar",
        kind="peak",
        measure="shop",
        page="forecast",
    )
