"""What the background brings up to date, one question a function; and the libraries loaded while nobody waits."""

from __future__ import annotations

from datetime import date, datetime

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.forecast_methods import load_libraries
from colmado_insights.analytics.results import Segments
from colmado_insights.config import Settings
from colmado_insights.domain import SHOP_TARGETS, day_number, day_of
from colmado_insights.insights.categorizing import categorizer
from colmado_insights.insights.closing import read_whole_day
from colmado_insights.insights.demands import refresh_demands
from colmado_insights.insights.forecasts import HORIZON_DAYS, find_forecast, find_hours
from colmado_insights.insights.keeping import read_kept
from colmado_insights.insights.segments import find_segments
from colmado_insights.insights.tracking import find_drifted
from colmado_insights.progress import Progress
from colmado_insights.storage import results, sales
from colmado_insights.storage.database import Database

DRIFT = "drift"
"""Kind of the kept answers of `refresh_drift`."""


def warm_up(progress: Progress) -> None:
    """Load what the first analysis needs, piece by piece: at first use it would hold the window up."""
    for load in (lambda: DominicanDays().holiday(day_of(0)), load_libraries, _load_clusters, categorizer):
        progress.step()
        load()


def _load_clusters() -> None:
    """Import what learning segments needs."""
    import scipy.cluster.hierarchy  # noqa: F401
    import sklearn.cluster
    import sklearn.metrics  # noqa: F401


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


def refresh_hours(database: Database, settings: Settings, now: datetime, progress: Progress) -> None:
    """Forecast the shop's hours from its last whole day on."""
    if (until := read_whole_day(database, now)) is None:
        return
    for target in SHOP_TARGETS:
        find_hours(database, settings, target, as_of=until, progress=progress)


def refresh_products(database: Database, settings: Settings, now: datetime, progress: Progress) -> int:
    """Forecast what will sell of the best sellers from the last whole day on; returns how many were made."""
    until = read_whole_day(database, now)
    return 0 if until is None else refresh_demands(database, settings, until, HORIZON_DAYS, progress)


def refresh_drift(database: Database, settings: Settings, now: datetime, progress: Progress) -> None:
    """Look whether the shop's forecasts have become worse than chance explains, and keep the answer."""
    if (until := read_whole_day(database, now)) is None:
        return
    version = sales.read_data_version(database)
    drifted = [subject.key for subject in find_drifted(database, settings, until, progress)]
    results.write_result(
        database, DRIFT, day_number(until), "", drifted, made_at=datetime.now(), version=version
    )


def read_drift(database: Database, as_of: date) -> tuple[str, ...]:
    """The forecasts, by their subject's key, that were found to have drifted when last looked at."""
    return read_kept(database, DRIFT, day_number(as_of), tuple[str, ...]) or ()
