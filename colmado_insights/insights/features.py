"""Transaction features of every day, made when a day lacks them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from colmado_insights.analytics.features import compute_features
from colmado_insights.config import Settings
from colmado_insights.insights.assigning import read_model, write_learned_days, write_rule_days
from colmado_insights.insights.keeping import calendar
from colmado_insights.progress import Progress
from colmado_insights.storage import results, sales
from colmado_insights.storage.database import Database
from colmado_insights.text import _

FEATURES = "features"
"""The work that one thread at a time does."""
FEATURE_DAYS_AT_ONCE = 60


def refresh_features(database: Database, settings: Settings, progress: Progress | None = None) -> int:
    """Make the features of the days that lack them, and each day's segments; returns how many days."""
    with database.alone(FEATURES, progress):  # an import and the job that follows it would do the same twice
        return _refresh_features(database, settings, progress or Progress())


def _refresh_features(database: Database, settings: Settings, progress: Progress) -> int:
    missing = results.find_days_without_features(database)
    learned = read_model(database) if missing else None
    for start in range(0, len(missing), FEATURE_DAYS_AT_ONCE):
        progress.step(start, len(missing), _("Entendiendo las compras"))
        part = missing[start : start + FEATURE_DAYS_AT_ONCE]
        for first, last in _stretches(part):
            features = _make_features(database, settings, first, last)
            results.write_features(database, features)
            write_rule_days(database, features)
            if learned is not None:
                write_learned_days(database, features, learned)
    progress.step(len(missing), len(missing), _("Entendiendo las compras"))
    return len(missing)


def _stretches(days: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of days that follow each other, closed days between them allowed."""
    numbers = np.array(days)
    for run in np.split(numbers, np.flatnonzero(np.diff(numbers) > 7) + 1):
        yield int(run[0]), int(run[-1])


def _make_features(database: Database, settings: Settings, first: int, last: int) -> pd.DataFrame:
    frames = sales.read_sales(database, first, last)
    return compute_features(
        frames.receipts,
        frames.lines,
        calendar(settings),
        small_basket_cents=settings.small_basket_cents,
        large_basket_cents=settings.large_basket_cents,
    )


def read_features(database: Database, settings: Settings, first: int, last: int) -> pd.DataFrame:
    """Transaction features between two day numbers: the kept ones, or made now where a day lacks them."""
    kept = results.read_features(database, first, last)
    return kept if kept is not None else _make_features(database, settings, first, last)
