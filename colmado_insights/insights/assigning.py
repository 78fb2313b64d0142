"""Which receipts fall into which segment: day by day for the books, and for the sale just made."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from colmado_insights.analytics.clusters import CLUSTER_COLUMNS, assign_learned
from colmado_insights.analytics.features import compute_features
from colmado_insights.analytics.results import RULE_TYPES, LearnedSegments, SegmentType
from colmado_insights.analytics.segments import NO_SEGMENT, SEGMENT_IDS, assign_segments
from colmado_insights.config import Settings
from colmado_insights.domain import SaleKind
from colmado_insights.insights.keeping import calendar, read_kept
from colmado_insights.storage import assignments, results
from colmado_insights.storage.database import Database

LEARNED = "learned"
"""Kind of the kept runs."""
_FAR = 2**31


def read_run(database: Database, until: int = _FAR) -> LearnedSegments | None:
    """The newest run of learned segments from data up to a day number, fresh or not."""
    return read_kept(database, LEARNED, until, LearnedSegments)


def read_model(database: Database, until: int = _FAR) -> LearnedSegments | None:
    """The same when it can still tell receipts their segment: not when an older program saw other columns."""
    run = read_run(database, until)
    return run if run is not None and run.columns == CLUSTER_COLUMNS else None


def write_rule_days(database: Database, features: pd.DataFrame) -> None:
    """Keep what fell into each rule segment on each of these days."""
    labels = assign_segments(features)
    rows = [
        row
        for kind in RULE_TYPES
        for row in day_rows(features, labels[str(kind)].to_numpy(), SEGMENT_IDS, kind)
    ]
    results.write_assignments(database, features["day"].unique(), RULE_TYPES, rows)


def write_learned_days(database: Database, features: pd.DataFrame, learned: LearnedSegments) -> None:
    """Keep what fell into each learned segment on each of these days."""
    rows = day_rows(features, assign_learned(features, learned), segment_ids(learned), SegmentType.LEARNED)
    results.write_assignments(database, features["day"].unique(), [SegmentType.LEARNED], rows)


def segment_ids(learned: LearnedSegments) -> tuple[str, ...]:
    """The ids of a run, by their code in `assign_learned`."""
    return tuple(segment.segment_id for segment in learned.segments)


def day_rows(
    features: pd.DataFrame, codes: np.ndarray, ids: tuple[str, ...], kind: SegmentType
) -> Iterator[tuple[int, str, str, int, int]]:
    """Day, segment, type, receipts and cents of everything sold in a segment; codes are positions in `ids`."""
    is_in = (features["kind"].to_numpy() == SaleKind.SALE) & (codes != NO_SEGMENT)
    day, total = features["day"].to_numpy()[is_in].astype(np.int64), features["total_value"].to_numpy()[is_in]
    key, place = np.unique(day * len(ids) + codes[is_in], return_inverse=True)
    counts = np.bincount(place, minlength=len(key))
    # Sums of cents stay exact in a double up to 2**53.
    cents = np.bincount(place, total, minlength=len(key)).astype(np.int64)
    for one, count, amount in zip(key.tolist(), counts.tolist(), cents.tolist(), strict=True):
        yield one // len(ids), ids[one % len(ids)], str(kind), count, amount


def find_sale_segments(database: Database, settings: Settings, sale_id: int) -> tuple[str, ...]:
    """The segments of one sale, rule segments first; none for a refund or a sale that is not there."""
    sale = assignments.read_receipt(database, sale_id)
    if sale is None:
        return ()
    features = compute_features(sale.receipts, sale.lines, calendar(settings))
    labels = assign_segments(features)
    found = [int(labels[str(kind)].iloc[0]) for kind in RULE_TYPES]
    names = [SEGMENT_IDS[code] for code in found if code != NO_SEGMENT]
    learned = read_model(database)
    if learned is not None:
        code = int(assign_learned(features, learned)[0])
        names += [learned.segments[code].segment_id] if code != NO_SEGMENT else []
    return tuple(names)
