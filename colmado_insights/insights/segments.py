"""The twelve rule segments of the window that ends with the last day of data."""

from __future__ import annotations

from datetime import date

from colmado_insights.analytics.results import NotEnough, Segments
from colmado_insights.analytics.segments import compute_segments
from colmado_insights.config import Settings
from colmado_insights.domain import day_number
from colmado_insights.insights.features import read_features
from colmado_insights.insights.keeping import kept, read_until, shop_parameters
from colmado_insights.progress import Progress
from colmado_insights.storage.database import Database
from colmado_insights.text import _


def find_segments(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> Segments | NotEnough:
    """The twelve rule segments of the window that ends with the last day of data."""
    until = read_until(database, as_of)
    if until is None:
        return NotEnough(needed=1, have=0, unit="receipts")
    if progress:
        progress.step(0, 2, _("Buscando segmentos"))

    def make() -> Segments | NotEnough:
        window = settings.segment_window_days
        last = day_number(until)
        features = read_features(database, settings, last - window + 1, last)
        before = read_features(database, settings, last - 2 * window + 1, last - window)
        return compute_segments(
            features, until=until, window_days=window, previous=before if len(before) else None
        )

    return kept(database, "segments", until, shop_parameters(settings), Segments, make, progress)
