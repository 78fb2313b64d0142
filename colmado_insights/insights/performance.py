"""How every segment, rule and learned, has done, and what to do with it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.clusters import assign_learned
from colmado_insights.analytics.performance import SEGMENT_DAY_COLUMNS, WEEKS, compute_performance
from colmado_insights.analytics.results import (
    LearnedSegments,
    NotEnough,
    Segment,
    SegmentPerformance,
    SegmentType,
)
from colmado_insights.config import Settings
from colmado_insights.domain import day_number
from colmado_insights.insights.assigning import day_rows, read_model, segment_ids
from colmado_insights.insights.features import read_features, refresh_features
from colmado_insights.insights.keeping import calendar
from colmado_insights.insights.learned import find_learned
from colmado_insights.insights.segments import find_segments
from colmado_insights.progress import Progress
from colmado_insights.storage import assignments, sales
from colmado_insights.storage.database import Database


def find_performance(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> tuple[SegmentPerformance, ...]:
    """The performance of the rule segments, then of the learned ones, up to the last whole day or `as_of`.

    Empty without a sale.
    """
    refresh_features(database, settings, progress)
    learned = find_learned(database, settings, as_of, progress)
    until = learned.until or as_of
    rules = find_segments(database, settings, until, progress)
    if isinstance(rules, NotEnough):
        return ()
    own = () if isinstance(learned, NotEnough) else learned.segments
    segments = (*rules.segments, *own)
    last = day_number(rules.until)
    first = last - max(2 * rules.window_days, 7 * WEEKS)
    kept = assignments.read_assignments(database, first, last)
    sums = _by_position(kept, segments)
    if isinstance(learned, LearnedSegments) and not _is_newest(database, learned):
        sums = _relabelled(database, settings, sums, learned, len(rules.segments), first, last)
    return compute_performance(
        sums,
        sales.read_daily(database, first, last),
        segments,
        until=rules.until,
        window_days=rules.window_days,
        calendar=calendar(settings),
    )


def _is_newest(database: Database, learned: LearnedSegments) -> bool:
    """True when the days kept were labelled by this run."""
    newest = read_model(database)
    return newest is not None and newest.until == learned.until and newest.centres == learned.centres


def _by_position(kept: pd.DataFrame, segments: tuple[Segment, ...]) -> pd.DataFrame:
    """What was kept of these segments, as SEGMENT_DAY_COLUMNS."""
    position = {segment.segment_id: place for place, segment in enumerate(segments)}
    place = np.array([position.get(name, -1) for name in kept["segment_id"]], dtype=np.int64)
    frame = kept.assign(segment=place)[list(SEGMENT_DAY_COLUMNS)]
    return frame[place >= 0].astype(SEGMENT_DAY_COLUMNS)


def _relabelled(
    database: Database,
    settings: Settings,
    sums: pd.DataFrame,
    learned: LearnedSegments,
    rules: int,
    first: int,
    last: int,
) -> pd.DataFrame:
    """The sums with the learned segments labelled by this run, for a look back at a past moment."""
    features = read_features(database, settings, first, last)
    ids = segment_ids(learned)
    rows = day_rows(features, assign_learned(features, learned), ids, SegmentType.LEARNED)
    place = {segment_id: rules + code for code, segment_id in enumerate(ids)}
    made = pd.DataFrame(
        ((day, place[name], count, cents) for day, name, _kind, count, cents in rows),
        columns=list(SEGMENT_DAY_COLUMNS),
    ).astype(SEGMENT_DAY_COLUMNS)
    return pd.concat([sums[sums["segment"] < rules], made], ignore_index=True)
