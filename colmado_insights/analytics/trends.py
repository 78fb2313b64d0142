"""Products that grow or fall beyond what the shop, their own season and chance explain."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.analytics.basket_matrix import Baskets, lay_baskets
from colmado_insights.analytics.discovery import adjust
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import ProductTrend
from colmado_insights.domain import (
    CATEGORIES,
    LINE_COLUMNS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    SHELF_COLUMNS,
    day_number,
)
from colmado_insights.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEEK = 7
RECENT_WEEKS, BEFORE_WEEKS = 4, 12
YEAR_WEEKS = 52
FEWEST_RECEIPTS = 24
"""In the weeks before, else a few sales more are a boom."""
FALSE_FINDS = 0.05
_POOLED_WEEKS = 10
"""How much the products' common restlessness counts beside each one's own."""
_FEWEST_OF_A_FAMILY = 50


def compute_trends(
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    shelf: pd.DataFrame,
    *,
    until: date,
    progress: Progress | None = None,
) -> tuple[ProductTrend, ...]:
    """Compare the last 4 weeks of each product with the 12 before, less what the shop and the season did.

    Parameters
    ----------
    receipts, lines : DataFrame
        RECEIPT_COLUMNS and LINE_COLUMNS of at least 16 weeks; with a year more the season is known too.
    shelf : DataFrame
        SHELF_COLUMNS; other products are not looked at.
    until : date
        Last day of data.

    Returns
    -------
    tuple of ProductTrend
        Those beyond chance, of all looked at together, the strongest growth first; empty when nothing is.

    Raises
    ------
    TypeError
        When a frame is not what was declared.

    Assumes
    -------
    Receipts with a product are counts that scatter like a product's own past weeks, at least like Poisson's.
    The season of a product is that of its family, against the shop, in the same weeks of the year before.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    check_frame(lines, LINE_COLUMNS, "lines")
    check_frame(shelf, SHELF_COLUMNS, "shelf")
    progress = progress or Progress()
    last = day_number(until)
    weeks = RECENT_WEEKS + BEFORE_WEEKS
    first = last - (weeks + YEAR_WEEKS) * WEEK + 1
    baskets = lay_baskets(
        receipts,
        lines,
        first=first,
        last=last,
        product_ids=shelf["product_id"].to_numpy(),
        fewest=FEWEST_RECEIPTS,
    )
    if not len(baskets.day) or last - int(baskets.day[0]) + 1 < weeks * WEEK:
        return ()
    progress.step()
    by_week = _weekly(baskets, first, last)
    now, year_ago = by_week[-weeks:], by_week[:weeks]
    recent, before = now[-RECENT_WEEKS:].sum(axis=0), now[:BEFORE_WEEKS].sum(axis=0)
    shop = now.sum(axis=1)
    wanted = np.flatnonzero(before >= FEWEST_RECEIPTS)
    if not len(wanted) or not shop[:BEFORE_WEEKS].sum() or not shop[-RECENT_WEEKS:].sum():
        return ()
    family = _families(baskets, shelf)
    # Half a season is none: a shop of thirteen months knows this autumn's end, not its beginning.
    knows_season = int(baskets.day[0]) < first + WEEK
    season, season_variance = _season(year_ago if knows_season else year_ago * 0, family)
    growth_of_shop = shop[-RECENT_WEEKS:].sum() / shop[:BEFORE_WEEKS].sum()
    restless = _restlessness(now[:BEFORE_WEEKS, wanted], shop[:BEFORE_WEEKS])
    expected = before * growth_of_shop * season
    log_growth = np.log((recent + 0.5) / (expected + 0.5))[wanted]
    spread = np.sqrt(restless * (1 / (recent[wanted] + 0.5) + 1 / before[wanted]) + season_variance[wanted])
    return _beyond_chance(baskets, lines, receipts, wanted, log_growth, spread, last)


def _weekly(baskets: Baskets, first: int, last: int) -> NDArray[np.int64]:
    """Receipts with each product in each week, the last week ending with the last day."""
    daily = baskets.count_days(first, last)
    return np.asarray(daily.reshape(-1, WEEK, daily.shape[1]).sum(axis=1))


def _families(baskets: Baskets, shelf: pd.DataFrame) -> NDArray[np.int64]:
    code = shelf.set_index("product_id")["category"]
    return code.reindex(baskets.product_ids).to_numpy().astype(np.int64)


def _season(
    year_ago: NDArray[np.int64], family: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How each product's family moved against the shop in the same weeks a year ago, with the variance of its log."""
    factor, variance = np.ones(len(family)), np.zeros(len(family))
    recent, before = year_ago[-RECENT_WEEKS:].sum(axis=0), year_ago[:BEFORE_WEEKS].sum(axis=0)
    if not before.sum() or not recent.sum():
        return factor, variance
    size = len(CATEGORIES)
    now, then = np.bincount(family, recent, size), np.bincount(family, before, size)
    shop = recent.sum() / before.sum()
    known = (now >= _FEWEST_OF_A_FAMILY) & (then >= _FEWEST_OF_A_FAMILY)
    of_family = np.where(known, now / np.maximum(then, 1) / shop, 1.0)
    by_week = np.stack([np.bincount(family, week, size) for week in year_ago])
    restless = _restlessness(by_week[:BEFORE_WEEKS], by_week[:BEFORE_WEEKS].sum(axis=1))
    doubt = np.where(known, restless * (1 / np.maximum(now, 1) + 1 / np.maximum(then, 1)), 0.0)
    return of_family[family], doubt[family]


def _restlessness(weekly: NDArray[np.int64], shop: NDArray[np.int64]) -> NDArray[np.float64]:
    """Variance over mean of each product's weeks, at least 1, drawn towards what is common."""
    expected = np.maximum(np.outer(shop / shop.sum(), weekly.sum(axis=0)), 1e-9)
    own = ((weekly - expected) ** 2 / expected).sum(axis=0) / (len(weekly) - 1)
    weight = len(weekly) - 1
    return np.asarray(
        np.maximum(1.0, (weight * own + _POOLED_WEEKS * np.median(own)) / (weight + _POOLED_WEEKS))
    )


def _beyond_chance(
    baskets: Baskets,
    lines: pd.DataFrame,
    receipts: pd.DataFrame,
    wanted: NDArray[np.int64],
    log_growth: NDArray[np.float64],
    spread: NDArray[np.float64],
    last: int,
) -> tuple[ProductTrend, ...]:
    from scipy.special import stdtr, stdtrit

    freedom = BEFORE_WEEKS - 1 + _POOLED_WEEKS
    p = adjust(2 * stdtr(freedom, -np.abs(log_growth) / spread))
    reach = float(stdtrit(freedom, 0.975)) * spread
    units = _weekly_units(receipts, lines, baskets.product_ids, last)
    found = [
        ProductTrend(
            product_id=int(baskets.product_ids[product]),
            growth=float(np.exp(log_growth[at]) - 1),
            lo=float(np.exp(log_growth[at] - reach[at]) - 1),
            hi=float(np.exp(log_growth[at] + reach[at]) - 1),
            p_value=float(p[at]),
            recent_units=float(units[0][product]),
            before_units=float(units[1][product]),
        )
        for at, product in enumerate(wanted)
        if p[at] <= FALSE_FINDS
    ]
    return tuple(sorted(found, key=lambda trend: (-trend.growth, trend.product_id)))


def _weekly_units(
    receipts: pd.DataFrame, lines: pd.DataFrame, product_ids: NDArray[np.int64], last: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Units a week of each product, in the last weeks and in those before; what came back is taken off."""
    day = receipts["sold_at"].to_numpy()[lines["receipt"].to_numpy()] // SECONDS_A_DAY
    week = (last - day) // WEEK
    order = np.argsort(product_ids)
    place = np.searchsorted(product_ids, lines["product_id"].to_numpy(), sorter=order)
    place = order[np.minimum(place, len(order) - 1)]
    known = (product_ids[place] == lines["product_id"].to_numpy()) & (day <= last)
    quantity = lines["quantity_milli"].to_numpy() / 1000

    def each_week(chosen: NDArray[np.bool_], weeks: int) -> NDArray[np.float64]:
        sums = np.bincount(place[chosen], quantity[chosen], minlength=len(product_ids))
        return np.asarray(np.round(sums / weeks, 3))

    recent = known & (week < RECENT_WEEKS)
    before = known & (week >= RECENT_WEEKS) & (week < RECENT_WEEKS + BEFORE_WEEKS)
    return each_week(recent, RECENT_WEEKS), each_week(before, BEFORE_WEEKS)
