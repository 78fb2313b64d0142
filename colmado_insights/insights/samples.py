"""A few typical purchases of one segment, such as may be shown outside: nobody's in particular.

They are of whole weeks, so that they change once a week and not with every sale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.clusters import assign_learned
from colmado_insights.analytics.features import SHARE_COLUMNS
from colmado_insights.analytics.results import LearnedSegments
from colmado_insights.analytics.segments import SEGMENT_IDS, SEGMENT_TYPES, assign_segments
from colmado_insights.config import Settings
from colmado_insights.domain import CATEGORIES, Category, SaleKind, day_number
from colmado_insights.insights.assigning import segment_ids as learned_ids
from colmado_insights.insights.features import read_features
from colmado_insights.storage import sales
from colmado_insights.storage.database import Database

Table = NDArray[np.int64]

WEEKS = 4
FEWEST_LIKE = 5
"""A mix of categories that fewer purchases of the segment share could tell whose it was."""
FEWEST_RECEIPTS = 10
_USUAL = (0.05, 0.95)
"""Purchases outside these fractiles of the segment's totals are too unusual to be shown."""
_SPREAD = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Where in the segment's totals the samples stand."""


@dataclass(frozen=True, slots=True)
class SampleBasket:
    """One purchase without its date, number, products and people."""

    hour: int  # NO_HOUR where the till tells none
    total_cents: int
    lines: int
    categories: tuple[Category, ...]


def find_samples(
    database: Database,
    settings: Settings,
    segment_ids: Sequence[str],
    until: date,
    learned: LearnedSegments | None = None,
) -> dict[str, tuple[SampleBasket, ...]]:
    """Up to five purchases of each segment, spread over its sizes, of the four whole weeks before a day.

    Only those of unknown customers, of usual size and with a mix of categories that others bought too;
    none where under ten are left. The same sales give the same samples.
    """
    last = _last_sunday(day_number(until))
    features = read_features(database, settings, last - 7 * WEEKS + 1, last)
    known = sales.read_known_sales(database, last - 7 * WEEKS + 1, last)
    is_nobodys = (
        (features["kind"] == SaleKind.SALE) & (features["item_count"] > 0) & ~features["sale_id"].isin(known)
    )
    nobodys = features[is_nobodys.to_numpy()]
    return {
        segment_id: _spread(_without_unusual(_table(nobodys[is_mine])))
        for segment_id, is_mine in _members(nobodys, segment_ids, learned)
    }


def _last_sunday(day: int) -> int:
    """The day itself, or the last Sunday before it."""
    return day - (day + 4) % 7


def _members(
    features: pd.DataFrame, segment_ids: Sequence[str], learned: LearnedSegments | None
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Which receipts each segment holds; none of one that there is not."""
    by_rules = assign_segments(features)
    by_learned = None if learned is None else assign_learned(features, learned)
    own = () if learned is None else learned_ids(learned)
    for segment_id in segment_ids:
        if segment_id in SEGMENT_TYPES:
            codes = by_rules[str(SEGMENT_TYPES[segment_id])].to_numpy()
            yield segment_id, codes == SEGMENT_IDS.index(segment_id)
        elif segment_id in own:
            yield segment_id, np.asarray(by_learned == own.index(segment_id))
        else:
            yield segment_id, np.zeros(len(features), dtype=bool)


def _table(mine: pd.DataFrame) -> Table:
    """One row a purchase: total, lines, hour and mix, which has a bit for each category."""
    has = mine[list(SHARE_COLUMNS)].to_numpy() > 0
    mix = has @ (1 << np.arange(len(SHARE_COLUMNS), dtype=np.int64))
    plain = mine[["total_value", "item_count", "hour_of_day"]].to_numpy(dtype=np.int64)
    return np.column_stack([plain, mix])


def _without_unusual(table: Table) -> Table:
    """The purchases that are nothing special."""
    if len(table) < FEWEST_RECEIPTS:
        return table[:0]
    total, lines, mix = table[:, 0], table[:, 1], table[:, 3]
    lo, hi = np.quantile(total, _USUAL)
    _mixes, place, alike = np.unique(mix, return_inverse=True, return_counts=True)
    is_usual = (total >= lo) & (total <= hi) & (lines <= np.quantile(lines, _USUAL[1]))
    usual: Table = table[is_usual & (alike[place] >= FEWEST_LIKE)]
    return usual


def _spread(table: Table) -> tuple[SampleBasket, ...]:
    """Those that stand at the fractiles of the totals; ties by what they are, never by who came first."""
    if len(table) < FEWEST_RECEIPTS:
        return ()
    ordered = table[np.lexsort(table.T[::-1])]
    places = [round(fractile * (len(ordered) - 1)) for fractile in _SPREAD]
    return tuple(
        SampleBasket(
            hour=hour,
            total_cents=total,
            lines=lines,
            categories=tuple(category for code, category in enumerate(CATEGORIES) if mix >> code & 1),
        )
        for total, lines, hour, mix in ordered[places].tolist()
    )
