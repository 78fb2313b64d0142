"""What the background brings up to date, one question a function; and the libraries loaded while nobody waits."""

from __future__ import annotations

from datetime import datetime

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.forecast_methods import load_libraries
from colmado_insights.analytics.results import Segments
from colmado_insights.config import Settings
from colmado_insights.domain import SHOP_TARGETS, day_of
from colmado_insights.insights.categorizing import categorizer
from colmado_insights.insights.closing import read_whole_day
from colmado_insights.insights.forecasts import find_forecast
from colmado_insights.insights.segments import find_segments
from colmado_insights.progress import Progress
from colmado_insights.storage.database import Database


def warm_up(progress: Progress) -> None:
    """Load what the first analysis needs, piece by piece: at first use it would hold the window up."""
    for load in (lambda: DominicanDays().holiday(day_of(0)), load_libraries, categorizer):
        progress.step()
        load()


def refresh_segments(database: Database, settings: Settings, now: datetime, progress: Progress) -> int:
    """Have the rule segments up to the moment ready; returns how many there are."""
    segments = find_segments(database, settings, now.date(), progress)
    return len(segments.segments) if isinstance(segments, Segments) else 0


def refresh_forecasts(database: Database, settings: Settings, now: datetime, progress: Progress) -> None:
    """Forecast the shop from its last whole day on."""
    if (until := read_whole_day(database, now)) is None:
        return
    for target in SHOP_TARGETS:
        find_forecast(database, settings, target, as_of=until, progress=progress)
