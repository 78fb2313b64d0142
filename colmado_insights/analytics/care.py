"""What each product weighs and leaves, what sleeps on the shelf, and how long the stock will last.

References
----------
D. R. Cox, "Renewal Theory", 1962: how long until a sum of random demands reaches a level.
J. L. Folks, R. S. Chhikara, "The inverse Gaussian distribution and its statistical application - a
review", J. of the Royal Statistical Society B 40, 1978: the scatter of that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import CareBoard, Estimate, MarginPart, NotEnough, ProductCare
from colmado_insights.domain import (
    CATEGORIES,
    GOODS_COLUMNS,
    SOLD_COLUMNS,
    STOCK_COLUMNS,
    TOLD_COST_COLUMNS,
    Reason,
    day_number,
    day_of,
)
from colmado_insights.progress import Progress

WINDOW_DAYS = 90
LEAST_DAYS = 7
"""Fewer open days in the window than this say nothing of a product's weight."""
A_PERCENT, B_PERCENT = 80, 95
DEAD_DAYS = 60
DEAD_OPEN_DAYS = 30
"""… of which the shop was open on so many: a shop that was shut for two months has no dead products."""
QUIET_DAYS = 14
DEMAND_DAYS = 56
"""Open days that tell how fast a product sells now."""
LEAST_SALES = 3
OLD_COUNT_DAYS = 30
"""A count of the stock that is older has likely missed a delivery."""
FARTHEST_DAYS = 730.0

_CHANCE_OF_LIFE = 0.05
"""A silence that its own rhythm would bring less often than this has ended it."""
_SURELY_DEAD_DAYS = 180
"""… and so has half a year, unless it was silent for as long before."""
_LEAST_EXPOSURE = 30.0
"""A product seen on fewer days than this may still find its rhythm."""
_YEAR, _SEASON_DAYS, _SEASON_SHARE = 365, 60, 0.6
_PER_UNIT = 1000
_WEEK = 7
_LEAST_WEEKS = 4
_NORMAL_80 = 1.2816
_ENOUGH_DAYS = 56
_UNKNOWN = -1

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def compute_care(
    sold: pd.DataFrame,
    goods: pd.DataFrame,
    costs: pd.DataFrame,
    stock: pd.DataFrame,
    *,
    until: date,
    window_days: int = WINDOW_DAYS,
    progress: Progress | None = None,
) -> CareBoard | NotEnough:
    """Weigh every product: ABC class, margin, silence, money asleep, days of stock left.

    Parameters
    ----------
    sold : DataFrame
        Columns of SOLD_COLUMNS, all history up to `until`; later rows are not looked at.
    goods : DataFrame
        Columns of GOODS_COLUMNS, one row a product; holds at least every product sold.
    costs : DataFrame
        Columns of TOLD_COST_COLUMNS.
    stock : DataFrame
        Columns of STOCK_COLUMNS; empty where no stock is known.
    until : date
        Last day of data.
    window_days : int
        Days that revenue, units and margins are summed over.
    progress : Progress, optional
        Told of every step; raises Cancelled when asked to stop.

    Returns
    -------
    CareBoard or NotEnough
        Money in cents. A margin is of the part with a known cost, told beside it as `costed_share`.

    Raises
    ------
    ValueError
        If a product was sold that `goods` does not hold.

    Assumes
    -------
    A line costs what was told for its day, else what the till says with it or said before, else what was
    told first later.
    Deliveries are not known: stock only falls until it is counted again. Days until sold out follow the
    demand of the last eight weeks: the time T until demand reaches a stock of S units has a squared
    relative scatter of k (1/S + 1/N), with N the units seen and k the variance of demand over its mean
    (the larger of days and weeks, so that runs of good weeks count); T is taken as log-normal.
    """
    check_frame(sold, SOLD_COLUMNS, "sold")
    check_frame(goods, GOODS_COLUMNS, "goods")
    check_frame(costs, TOLD_COST_COLUMNS, "costs")
    check_frame(stock, STOCK_COLUMNS, "stock")
    progress = progress or Progress()
    goods = goods.sort_values("product_id")
    ids = goods["product_id"].to_numpy()
    lines = _Lines.of(sold, ids, day_number(until))
    open_days = np.unique(lines.day)
    first = day_number(until) - window_days + 1
    days = int((open_days >= first).sum())
    if days < LEAST_DAYS:
        return NotEnough(LEAST_DAYS, days, "days", until)
    progress.step(1, 4)
    told = _Told.of(costs, ids)
    costing = _Costing.of(lines, told)
    progress.step(2, 4)
    sums = _Sums.of(lines, costing, first, len(ids))
    rhythm = _Rhythm.of(lines, open_days, len(ids))
    progress.step(3, 4)
    shelf = _Shelf.of(stock, ids, day_number(until))
    left = _days_left(lines, open_days, rhythm, shelf)
    unit_costs = _unit_costs(lines, told, day_number(until), len(ids))
    return _board(
        goods, sums, rhythm, shelf, left, unit_costs, until=until, window_days=window_days, days=days
    )


# ── frames into arrays; products are positions in the sorted ids ──


@dataclass(frozen=True)
class _Lines:
    """Lines as arrays of one length, ordered by product and day, then by what they say."""

    product: IntArray
    day: IntArray
    quantity: IntArray
    amount: IntArray
    cost: IntArray

    @classmethod
    def of(cls, sold: pd.DataFrame, ids: IntArray, last: int) -> _Lines:
        known = sold[sold["day"] <= last] if len(sold) and sold["day"].max() > last else sold
        product = _positions(known["product_id"].to_numpy(), ids)
        if (product < 0).any():
            raise ValueError("sold: a product is not in goods")
        day = known["day"].to_numpy()
        quantity, amount, cost = (
            known[name].to_numpy() for name in ("quantity_milli", "amount_cents", "cost_cents")
        )
        # Costs that differ within a day must not depend on the order of rows.
        order = np.lexsort((cost, quantity, _keys(product, day)))
        return cls(product[order], day[order], quantity[order], amount[order], cost[order])

    @property
    def is_bought(self) -> BoolArray:
        """Lines that took goods away: refunds bring them back."""
        return self.quantity > 0


def _positions(values: IntArray, ids: IntArray) -> IntArray:
    """Place of each value among sorted ids; -1 where it is not among them."""
    if not len(ids):
        return np.full(len(values), -1, np.int64)
    place = np.minimum(np.searchsorted(ids, values), len(ids) - 1)
    return np.where(ids[place] == values, place, -1).astype(np.int64)


def _keys(product: IntArray, day: IntArray) -> IntArray:
    """One number that orders by product, then by day."""
    return product * (1 << 32) + day


@dataclass(frozen=True)
class _Told:
    """Costs told, ordered by product and day."""

    product: IntArray
    day: IntArray
    unit: IntArray

    @classmethod
    def of(cls, costs: pd.DataFrame, ids: IntArray) -> _Told:
        product = _positions(costs["product_id"].to_numpy(), ids)
        day, unit = costs["day"].to_numpy(), costs["cost_cents"].to_numpy()
        is_used = (product >= 0) & (unit > 0)
        product, day, unit = product[is_used], day[is_used], unit[is_used]
        order = np.lexsort((unit, day, product))
        return cls(product[order], day[order], unit[order])

    def find(self, product: IntArray, day: IntArray) -> tuple[IntArray, IntArray]:
        """The cost of a unit told last by each day, and the one told first after it; 0 = none."""
        none = np.zeros(len(product), np.int64)
        if not len(self.unit):
            return none, none
        after = np.searchsorted(_keys(self.product, self.day), _keys(product, day), side="right")
        return self._at(after - 1, product), self._at(after, product)

    def _at(self, place: IntArray, product: IntArray) -> IntArray:
        inside = np.clip(place, 0, len(self.unit) - 1)
        is_own = (place == inside) & (self.product[inside] == product)
        return np.where(is_own, self.unit[inside], 0)


@dataclass(frozen=True)
class _Costing:
    """What each line cost the shop in cents, where that is known, and where it was told only later."""

    cost: IntArray
    is_known: BoolArray
    is_assumed: BoolArray

    @classmethod
    def of(cls, lines: _Lines, told: _Told) -> _Costing:
        then, later = told.find(lines.product, lines.day)
        by_till = _told_by_till(lines)
        is_assumed = (then == 0) & (by_till == 0) & (later > 0)
        unit = np.where(then > 0, then, np.where(by_till > 0, by_till, later))
        is_own = (then == 0) & (lines.cost != 0)
        cost = np.where(is_own, lines.cost, np.rint(unit * (lines.quantity / _PER_UNIT)).astype(np.int64))
        return cls(cost, is_own | (unit > 0), is_assumed)


def _told_by_till(lines: _Lines) -> IntArray:
    """The cost of a unit that each line, or else the last line of its product before it, tells; 0 = none."""
    costed = lines.is_bought & (lines.cost > 0)
    unit = np.rint(lines.cost / np.maximum(lines.quantity, 1) * _PER_UNIT).astype(np.int64)
    teller = np.maximum.accumulate(np.where(costed, np.arange(len(costed)), -1))
    is_own = (teller >= 0) & (lines.product[teller] == lines.product)
    return np.where(is_own, unit[teller], 0)


# ── sums of the window ──


@dataclass(frozen=True)
class _Sums:
    """Sums of the window by product: cents and thousandths."""

    revenue: IntArray
    units: IntArray
    costed: IntArray  # revenue whose cost is known
    margin: IntArray  # of that part
    turned: IntArray  # sums without signs, so that refunds do not bend shares
    turned_costed: IntArray
    turned_assumed: IntArray

    @classmethod
    def of(cls, lines: _Lines, costing: _Costing, first: int, size: int) -> _Sums:
        start = lines.day >= first
        product, amount = lines.product[start], lines.amount[start]
        known, assumed = costing.is_known[start], costing.is_assumed[start]

        def total(values: NDArray[np.generic]) -> IntArray:
            # Sums of cents stay far below 2**53, where floats are exact.
            return np.rint(np.bincount(product, weights=values, minlength=size)).astype(np.int64)

        return cls(
            revenue=total(amount),
            units=total(lines.quantity[start]),
            costed=total(amount * known),
            margin=total((amount - costing.cost[start]) * known),
            turned=total(np.abs(amount)),
            turned_costed=total(np.abs(amount) * known),
            turned_assumed=total(np.abs(amount) * assumed),
        )


def _classes(revenue: IntArray) -> list[str]:
    """A, B or C of each product: what is sold of the ones above it, so that equals share a letter."""
    earned = np.maximum(revenue, 0)
    ascending = np.sort(earned)
    upto = np.append(0, np.cumsum(ascending))
    total = int(upto[-1])
    above = total - upto[np.searchsorted(ascending, earned, side="right")]
    place = (100 * above >= A_PERCENT * total).astype(int) + (100 * above >= B_PERCENT * total)
    return ["ABC"[int(at)] for at in np.where(earned > 0, place, 2)]


# ── rhythm ──


@dataclass(frozen=True)
class _Rhythm:
    """How often each product sells, counted in days the shop was open."""

    last_day: IntArray  # day number, -1 = never sold
    first_place: IntArray  # among the open days
    gap: FloatArray  # the usual open days between two days with sales; nan with fewer than two
    is_beyond: BoolArray  # silent for longer than its own rhythm explains
    quiet: IntArray  # calendar days
    quiet_open: IntArray
    is_coming: BoolArray  # sold mostly in these coming weeks of the year: its season is ahead

    @classmethod
    def of(cls, lines: _Lines, open_days: IntArray, size: int) -> _Rhythm:
        bought = lines.is_bought
        product, day = lines.product[bought], lines.day[bought]
        is_new = np.append(True, (product[1:] != product[:-1]) | (day[1:] != day[:-1]))[: len(product)]
        product, day = product[is_new], day[is_new]
        place = np.searchsorted(open_days, day)
        count = np.bincount(product, minlength=size)
        first, last, last_day = (np.full(size, -1, np.int64) for _ in range(3))
        first[product[::-1]] = place[::-1]
        last[product] = place
        last_day[product] = day
        longest = np.zeros(size, np.int64)
        is_same = product[1:] == product[:-1]
        np.maximum.at(longest, product[1:][is_same], np.diff(place)[is_same])
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = np.where(count > 1, (last - first) / (count - 1.0), np.nan)
        # Of a product with `count` sales in `exposure` days, the chance of none in `quiet` more (Poisson,
        # its rate unknown).
        exposure = np.maximum(np.nan_to_num(gap) * count, _LEAST_EXPOSURE)
        quiet_open = np.where(count > 0, len(open_days) - 1 - last, 0)
        quiet = np.where(count > 0, open_days[-1] - last_day, 0)
        chance = (exposure / (exposure + quiet_open)) ** count
        ahead = (day - open_days[-1]) % _YEAR
        soon = np.bincount(product[(ahead >= 1) & (ahead <= _SEASON_DAYS)], minlength=size)
        is_beyond = (quiet_open > longest) & ((chance < _CHANCE_OF_LIFE) | (quiet >= _SURELY_DEAD_DAYS))
        is_coming = soon >= _SEASON_SHARE * np.maximum(count, 1)
        return cls(last_day, first, gap, is_beyond & (count > 0), quiet, quiet_open, is_coming)

    @property
    def is_dead(self) -> BoolArray:
        """Which products have stopped, for long enough to say so."""
        is_long: BoolArray = (self.quiet >= DEAD_DAYS) & (self.quiet_open >= DEAD_OPEN_DAYS)
        return self.is_beyond & is_long & ~self.is_coming


# ── stock ──


@dataclass(frozen=True)
class _Shelf:
    """What is left of each product in thousandths, and how many days ago it was counted; -1 = not known."""

    stock: IntArray
    age: IntArray

    @classmethod
    def of(cls, stock: pd.DataFrame, ids: IntArray, last: int) -> _Shelf:
        place = _positions(stock["product_id"].to_numpy(), ids)
        is_used = (place >= 0) & (stock["day"].to_numpy() <= last)
        left, age = np.zeros(len(ids), np.int64), np.full(len(ids), -1, np.int64)
        left[place[is_used]] = stock["stock_milli"].to_numpy()[is_used]
        age[place[is_used]] = last - stock["day"].to_numpy()[is_used]
        return cls(left, age)

    @property
    def is_known(self) -> BoolArray:
        """Which products were ever counted."""
        return self.age >= 0


def _days_left(
    lines: _Lines, open_days: IntArray, rhythm: _Rhythm, shelf: _Shelf
) -> dict[int, tuple[float, float, float]]:
    """Mean and 80 % bounds of the calendar days until each known stock is sold, by product position."""
    recent = open_days[-DEMAND_DAYS:]
    pace = (int(recent[-1]) - int(recent[0]) + 1) / len(recent)
    wanted = np.flatnonzero(shelf.is_known & (shelf.stock > 0))
    row = np.full(len(shelf.stock), -1, np.int64)
    row[wanted] = np.arange(len(wanted))
    is_used = (lines.day >= recent[0]) & (row[lines.product] >= 0)
    place = row[lines.product[is_used]] * len(recent) + np.searchsorted(recent, lines.day[is_used])
    sold = np.bincount(place, lines.quantity[is_used], minlength=len(wanted) * len(recent))
    daily = np.maximum(sold, 0.0).reshape(len(wanted), len(recent)) / _PER_UNIT
    start = np.maximum(rhythm.first_place[wanted] - (len(open_days) - len(recent)), 0)
    answers: dict[int, tuple[float, float, float]] = {}
    for at, days, since in zip(wanted.tolist(), daily, start.tolist(), strict=True):
        seen = days[since:]
        if (seen > 0).sum() < LEAST_SALES:
            continue
        units = shelf.stock[at] / _PER_UNIT
        mean = units / seen.mean() * pace
        spread = np.sqrt(np.log1p(_lumps(seen) * (1 / units + 1 / seen.sum())))
        middle = mean * np.exp(-(spread**2) / 2)
        low, high = middle * np.exp(-_NORMAL_80 * spread), middle * np.exp(_NORMAL_80 * spread)
        low, mean, high = np.minimum([low, mean, max(high, mean)], FARTHEST_DAYS)
        answers[at] = float(mean), float(low), float(high)
    return answers


def _lumps(sold: FloatArray) -> float:
    """Variance of demand over its mean, by days or by weeks, whichever is larger; shape (days,)."""
    lumps = float(sold.var() / sold.mean())
    weeks = len(sold) // _WEEK
    if weeks >= _LEAST_WEEKS:
        weekly = sold[-weeks * _WEEK :].reshape(weeks, _WEEK).sum(axis=1)
        lumps = max(lumps, float(weekly.var(ddof=1) / weekly.mean()) if weekly.any() else 0.0)
    return lumps


def _unit_costs(lines: _Lines, told: _Told, last: int, size: int) -> IntArray:
    """What one unit of each product costs now: as told, else as the till last said; 0 = unknown."""
    everything = np.arange(size)
    then, later = told.find(everything, np.full(size, last))
    by_till = np.zeros(size, np.int64)
    by_till[lines.product] = _told_by_till(lines)  # ordered by day: the last one stays
    return np.where(then > 0, then, np.where(by_till > 0, by_till, later))


# ── the answer ──


def _board(
    goods: pd.DataFrame,
    sums: _Sums,
    rhythm: _Rhythm,
    shelf: _Shelf,
    left: dict[int, tuple[float, float, float]],
    unit_costs: IntArray,
    *,
    until: date,
    window_days: int,
    days: int,
) -> CareBoard:
    asleep = _asleep_cents(rhythm, shelf, unit_costs)
    return CareBoard(
        products=tuple(_products(goods, sums, rhythm, shelf, left, asleep)),
        by_category=_parts(sums, [str(CATEGORIES[code]) for code in goods["category"].tolist()]),
        by_supplier=_parts(sums, goods["supplier"].tolist()),
        revenue_cents=int(sums.revenue.sum()),
        margin_cents=int(sums.margin.sum()) if sums.turned_costed.any() else None,
        costed_share=_share(sums.turned_costed.sum(), sums.turned.sum()),
        asleep_cents=int(asleep[asleep != _UNKNOWN].sum()) if (asleep != _UNKNOWN).any() else None,
        dead=int(rhythm.is_dead.sum()),
        first_day=day_of(day_number(until) - window_days + 1),
        until=until,
        window_days=window_days,
        confidence=0.9 * min(1.0, days / _ENOUGH_DAYS),
        reasons=tuple(_board_reasons(sums, shelf, days)),
    )


def _asleep_cents(rhythm: _Rhythm, shelf: _Shelf, unit_costs: IntArray) -> IntArray:
    """Money in what sleeps; _UNKNOWN of what does not, and without a count or a cost."""
    is_known = rhythm.is_dead & shelf.is_known & (unit_costs > 0)
    cents = np.rint(np.maximum(shelf.stock, 0) * (unit_costs / _PER_UNIT)).astype(np.int64)
    return np.where(is_known, cents, _UNKNOWN)


def _products(
    goods: pd.DataFrame,
    sums: _Sums,
    rhythm: _Rhythm,
    shelf: _Shelf,
    left: dict[int, tuple[float, float, float]],
    asleep: IntArray,
) -> Iterator[ProductCare]:
    """What sells most first."""
    ids, codes = goods["product_id"].to_numpy(), goods["category"].tolist()
    by_amount = goods["is_by_amount"].tolist()
    total, letters = int(sums.revenue.sum()), _classes(sums.revenue)
    for at in np.lexsort((ids, -sums.revenue)).tolist():
        revenue, costed = int(sums.revenue[at]), int(sums.costed[at])
        has_margin = sums.turned_costed[at] > 0
        is_quiet = rhythm.is_beyond[at] and rhythm.quiet[at] >= QUIET_DAYS
        estimate = left.get(at)
        if estimate is None and shelf.is_known[at] and shelf.stock[at] <= 0:
            estimate = (0.0, 0.0, 0.0)
        yield ProductCare(
            product_id=int(ids[at]),
            category=CATEGORIES[codes[at]],
            abc=letters[at],
            revenue_cents=revenue,
            revenue_share=revenue / total if total > 0 else 0.0,
            units_milli=int(sums.units[at]),
            margin_cents=int(sums.margin[at]) if has_margin else None,
            margin_share=int(sums.margin[at]) / costed if has_margin and costed > 0 else None,
            costed_share=_share(sums.turned_costed[at], sums.turned[at]),
            last_sold=day_of(rhythm.last_day[at]) if rhythm.last_day[at] >= 0 else None,
            quiet_days=int(rhythm.quiet[at]) if is_quiet else None,
            is_dead=bool(rhythm.is_dead[at]),
            stock_milli=int(shelf.stock[at]) if shelf.is_known[at] else None,
            asleep_cents=None if asleep[at] == _UNKNOWN else int(asleep[at]),
            days_left=None if estimate is None else Estimate(*estimate),
            stock_age_days=int(shelf.age[at]) if shelf.is_known[at] else None,
            reasons=tuple(_product_reasons(at, sums, rhythm, shelf, by_amount[at])),
        )


def _share(part: np.integer, whole: np.integer) -> float:
    return float(part / whole) if whole else 0.0


def _parts(sums: _Sums, keys: list[str]) -> tuple[MarginPart, ...]:
    """Margins of what shares a key, most revenue first; what has none or was not sold is left out."""
    members: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        if key and sums.turned[at]:
            members.setdefault(key, []).append(at)
    parts = []
    for key, places in members.items():
        costed = int(sums.costed[places].sum())
        margin = int(sums.margin[places].sum())
        parts.append(
            MarginPart(
                key=key,
                revenue_cents=int(sums.revenue[places].sum()),
                margin_cents=margin,
                margin_share=margin / costed if costed > 0 else None,
                costed_share=_share(sums.turned_costed[places].sum(), sums.turned[places].sum()),
                products=len(places),
            )
        )
    return tuple(sorted(parts, key=lambda part: (-part.revenue_cents, part.key)))


def _product_reasons(at: int, sums: _Sums, rhythm: _Rhythm, shelf: _Shelf, by_amount: bool) -> list[Reason]:
    reasons = []
    if rhythm.is_beyond[at] and rhythm.quiet[at] >= QUIET_DAYS:
        gap = float(rhythm.gap[at])
        code = "care_quiet_once" if np.isnan(gap) else "care_quiet"
        values = {} if np.isnan(gap) else {"gap": max(1, round(gap))}
        reasons.append(Reason.of(code, days=int(rhythm.quiet[at]), **values))
    if sums.turned_costed[at] and sums.margin[at] < 0:
        reasons.append(Reason.of("care_under_cost", cents=-int(sums.margin[at])))
    if by_amount:
        reasons.append(Reason.of("care_by_amount"))
    if shelf.is_known[at] and shelf.stock[at] <= 0:
        reasons.append(Reason.of("care_stock_gone", days=int(shelf.age[at])))
    elif shelf.age[at] > OLD_COUNT_DAYS:
        reasons.append(Reason.of("care_stock_old", days=int(shelf.age[at])))
    return reasons


def _board_reasons(sums: _Sums, shelf: _Shelf, days: int) -> list[Reason]:
    reasons = [Reason.of("care_window", days=days)]
    turned = sums.turned.sum()
    uncosted = 1 - _share(sums.turned_costed.sum(), turned)
    if uncosted > 0:
        reasons.append(Reason.of("care_uncosted", share=uncosted))
    assumed = _share(sums.turned_assumed.sum(), turned)
    if assumed > 0:
        reasons.append(Reason.of("care_costs_told_later", share=assumed))
    counted = int(shelf.is_known.sum())
    reasons.append(Reason.of("care_stock_known", count=counted) if counted else Reason.of("care_no_stock"))
    return reasons
