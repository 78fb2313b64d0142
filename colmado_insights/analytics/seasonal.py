"""Products whose time of the year is coming: a month or an occasion in the next six weeks.

An index says how many times as often as in other times a product is taken: a month against the year around it,
an occasion against the weeks around it. Nothing is said that was not seen at least twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.analytics.basket_matrix import lay_baskets
from colmado_insights.analytics.discovery import adjust
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import SeasonalProduct
from colmado_insights.domain import LINE_COLUMNS, RECEIPT_COLUMNS, SHELF_COLUMNS, day_number, day_of
from colmado_insights.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

HISTORY_DAYS = 5 * 366
AHEAD_DAYS = 42
LEAST_SEEN = 2
LEAST_INDEX = 1.2
"""Of the lower end of the interval: less needs no preparing."""
FALSE_FINDS = 0.01
LEAD_DAYS = 6
"""People buy for an occasion in the days before it too."""
AROUND_DAYS = 35
HALF_YEAR = 182
_FEWEST_RECEIPTS = 30
_FEWEST_INSIDE, _FEWEST_AROUND = 8, 12
_FEWEST_OPEN = 0.6
"""A month or the time around it counts when the shop sold on so many of its days."""


@dataclass(frozen=True)
class _Season:
    """One time of the year as it was seen: which days it held, and which it is compared with."""

    occasion: str
    month: int
    seen: tuple[tuple[NDArray[np.bool_], NDArray[np.bool_]], ...]  # over the days of the history


def compute_seasonal(
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    shelf: pd.DataFrame,
    *,
    until: date,
    days: DominicanDays,
    progress: Progress | None = None,
) -> tuple[SeasonalProduct, ...]:
    """Find what sells far more at a time of the year that comes in the next six weeks.

    Parameters
    ----------
    receipts, lines : DataFrame
        RECEIPT_COLUMNS and LINE_COLUMNS of several years; without two of them nothing is said.
    shelf : DataFrame
        SHELF_COLUMNS; other products are not looked at.
    until : date
        Last day of data.
    days : DominicanDays
        Knows the occasions.

    Returns
    -------
    tuple of SeasonalProduct
        The strongest first; of a product the time that stands out most.

    Raises
    ------
    TypeError
        When a frame is not what was declared.

    Assumes
    -------
    Receipts with a product scatter like Poisson counts, and one year differs from the next as much for one
    product as for the others.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    check_frame(lines, LINE_COLUMNS, "lines")
    check_frame(shelf, SHELF_COLUMNS, "shelf")
    progress = progress or Progress()
    last = day_number(until)
    baskets = lay_baskets(
        receipts,
        lines,
        first=last - HISTORY_DAYS + 1,
        last=last,
        product_ids=shelf["product_id"].to_numpy(),
        fewest=_FEWEST_RECEIPTS,
    )
    if not len(baskets.day):
        return ()
    first = int(baskets.day[0])
    counts = baskets.count_days(first, last)
    best: dict[int, SeasonalProduct] = {}
    for season in _seasons(counts.sum(axis=1) > 0, first, until, days):
        progress.step()
        for found in _stand_out(season, counts, baskets.product_ids):
            if found.product_id not in best or best[found.product_id].lo < found.lo:
                best[found.product_id] = found
    return tuple(sorted(best.values(), key=lambda each: (-each.lo, each.product_id)))


def _seasons(is_open: NDArray[np.bool_], first: int, until: date, days: DominicanDays) -> Iterator[_Season]:
    """The months and occasions of the next six weeks that were seen often enough."""
    calendar = [day_of(first + at) for at in range(len(is_open))]
    coming = [until + timedelta(days=ahead) for ahead in range(1, AHEAD_DAYS + 1)]
    month_of = np.array([day.year * 12 + day.month - 1 for day in calendar])
    for month in dict.fromkeys(day.month for day in coming):
        stretches = [month_of == number for number in np.unique(month_of) if number % 12 + 1 == month]
        season = _season("", month, stretches, is_open, HALF_YEAR)
        if len(season.seen) >= LEAST_SEEN:
            yield season
    occasion_of = np.array([days.occasion(day) or "" for day in calendar])
    year_of = np.array([day.year for day in calendar])
    for occasion in dict.fromkeys(name for day in coming if (name := days.occasion(day))):
        stretches = [
            _with_lead((occasion_of == occasion) & (year_of == year))
            for year in np.unique(year_of[occasion_of == occasion])
        ]
        season = _season(occasion, 0, stretches, is_open, AROUND_DAYS)
        if len(season.seen) >= LEAST_SEEN:
            yield season


def _with_lead(stretch: NDArray[np.bool_]) -> NDArray[np.bool_]:
    led = stretch.copy()
    led[max(0, int(np.argmax(stretch)) - LEAD_DAYS) : int(np.argmax(stretch))] = True
    return led


def _season(
    occasion: str, month: int, stretches: list[NDArray[np.bool_]], is_open: NDArray[np.bool_], reach: int
) -> _Season:
    """Each stretch with the days around it that are none of the season, where both were open enough."""
    own = np.any(stretches, axis=0) if stretches else np.zeros(len(is_open), bool)
    seen = []
    for stretch in stretches:
        place = np.flatnonzero(stretch)
        around = np.zeros(len(is_open), dtype=bool)
        around[max(0, place[0] - reach) : place[-1] + reach + 1] = True
        around &= ~own
        is_whole = is_open[stretch].mean() >= _FEWEST_OPEN and stretch.sum() >= (28 if month else 1)
        if is_whole and (is_open & around).sum() >= _FEWEST_OPEN * reach:
            seen.append((stretch & is_open, around & is_open))
    return _Season(occasion, month, tuple(seen))


def _stand_out(
    season: _Season, counts: NDArray[np.int64], product_ids: NDArray[np.int64]
) -> Iterator[SeasonalProduct]:
    """The products whose index is surely above that of other times."""
    from scipy.special import ndtr

    inside = np.array([counts[stretch].sum(axis=0) for stretch, _around in season.seen])
    due = np.array(
        [counts[around].sum(axis=0) * stretch.sum() / around.sum() for stretch, around in season.seen]
    )
    around = np.array([counts[around].sum(axis=0) for _stretch, around in season.seen])
    known = np.flatnonzero(((around >= _FEWEST_AROUND) & (inside >= _FEWEST_INSIDE)).all(axis=0))
    if not len(known):
        return
    inside, due, around = inside[:, known], due[:, known], around[:, known]
    each = np.log((inside + 0.5) / (due + 0.5))
    chance = 1 / (inside + 0.5) + 1 / around
    years = len(season.seen)
    # What one year differs from the next beyond counting, taken over all products: two years tell too little of one.
    apart = max(0.0, float(np.median(each.var(axis=0, ddof=1) - chance.mean(axis=0))))
    log_index = np.log((inside.sum(axis=0) + 0.5) / (due.sum(axis=0) + 0.5))
    spread = np.sqrt(1 / (inside.sum(axis=0) + 0.5) + 1 / around.sum(axis=0) + apart / years)
    p = adjust(ndtr(-log_index / spread))
    low, high = np.exp(log_index - 1.96 * spread), np.exp(log_index + 1.96 * spread)
    shop = np.log(inside.sum() / max(due.sum(), 1e-9))  # what moves everything is no season of one product
    always = (each > max(0.0, shop)).all(axis=0)
    for at in np.flatnonzero((p <= FALSE_FINDS) & (low >= LEAST_INDEX) & always):
        yield SeasonalProduct(
            product_id=int(product_ids[known[at]]),
            occasion=season.occasion,
            month=season.month,
            index=float(np.exp(log_index[at])),
            lo=float(low[at]),
            hi=float(high[at]),
            seen=years,
        )
