"""Bring all answers up to date, and load the libraries they need while nobody waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.forecast_methods import load_libraries
from colmado_insights.analytics.results import Segments
from colmado_insights.config import Settings
from colmado_insights.domain import SHOP_TARGETS, day_of
from colmado_insights.insights.categorizing import categorizer
from colmado_insights.insights.features import refresh_features
from colmado_insights.insights.forecasts import find_forecast
from colmado_insights.insights.segments import find_segments
from colmado_insights.insights.summary import read_summary
from colmado_insights.progress import Progress
from colmado_insights.storage.database import Database


def warm_up(progress: Progress) -> None:
    """Load what the first analysis needs, piece by piece: at first use it would hold the window up."""
    for load in (lambda: DominicanDays().holiday(day_of(0)), load_libraries, categorizer):
        progress.step()
        load()


def refresh(database: Database, settings: Settings, progress: Progress | None = None) -> dict[str, Any]:
    """Bring features, segments and forecasts up to date; what was done, for the CLI."""
    started = datetime.now()
    days = refresh_features(database, settings, progress)
    segments = find_segments(database, settings, progress=progress)
    for target in SHOP_TARGETS:
        find_forecast(database, settings, target, progress=progress)
    return {
        "days": days,
        "receipts": read_summary(database).receipts,
        "segments": len(segments.segments) if isinstance(segments, Segments) else 0,
        "clusters": 0,
        "seconds": round((datetime.now() - started) / timedelta(seconds=1), 3),
    }
