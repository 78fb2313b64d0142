"""The price that pays best inside what was tried, and what every other price there would bring.

References
----------
R. L. Phillips, "Pricing and Revenue Optimization", 2005, chapter 3 (constant elasticity and the best price).
A. Gelman et al., "Bayesian Data Analysis", 2013, chapter 9 (a decision by its gain over all that may be true).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import (
    Elasticity,
    ElasticityType,
    Estimate,
    NotEnough,
    PriceAdvice,
    PricePoint,
)
from colmado_insights.domain import CATEGORIES, PRICE_DAY_COLUMNS, Category, Reason, day_number

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

BEYOND = 0.15
"""How far beyond the prices that were tried one may look, as a share of them."""
RECENT_DAYS = 56
"""What sells now is what sold in these last days."""
LONGER_DAYS = 182
"""… or in these, of what is seldom bought."""
FINE_BELOW = 4
"""A price under so many steps of the grid moves in whole pesos: RD$5 on RD$10 is no small step."""
STEP = 0.10
"""Buyers forgive a price that moves so much at once, and what it did can be seen before the next step."""
LEAST_LINES = 3
"""Fewer purchases in that time say nothing of a week."""

_DRAWS = 600
_SEED = 20
_LO80, _HI80 = 0.1, 0.9
_Z95 = 1.96
_DISPERSION = 1.5
_BEYOND_DOUBT = 1.5
"""Past the prices that were tried, the answer may be stronger by so much: standard deviation of the elasticity."""
_ENOUGH_LINES = 8
_WEEK = 7
_PESO = 100
_PER_UNIT = 1000.0
_COST_DAYS = 90
_COST_ROSE = 0.02
_KNOWN_PLACE = 20
"""What sells this often is known by heart: people compare its price."""


def compute_price_advice(
    price_days: pd.DataFrame,
    elasticity: Elasticity,
    *,
    until: date,
    grid_pesos: int = 5,
    place: int | None = None,
) -> PriceAdvice | NotEnough:
    """The price of one product that pays best, and what the others would bring.

    Parameters
    ----------
    price_days : DataFrame
        PRICE_DAY_COLUMNS, of this product at least.
    elasticity : Elasticity
        How its buyers answer.
    until : date
        Last complete day; what sold in the `RECENT_DAYS` that end with it is what sells.
    grid_pesos : int
        Prices end in multiples of it; those under `FINE_BELOW` of them in whole pesos.
    place : int, optional
        Where the product stands among the most bought, 1 the first.

    Returns
    -------
    PriceAdvice or NotEnough
        Per week. Points' intervals (80 %) hold what is unknown of the elasticity and of the demand, and a week's own
        chance; those of the changes leave a week's chance out, which is the same at both prices. The best price
        equals the current one unless the change gains at the lower end of its interval; always that of top-ups,
        which the phone company sets. NotEnough for what has hardly sold lately.

    Assumes
    -------
    Units go with the price to the power of the elasticity; past the prices that were tried they may fall faster, and
    by how much nobody knows. Who asks for an amount of money goes on asking for that amount. One price for everybody.

    References
    ----------
    See the module.
    """
    check_frame(price_days, PRICE_DAY_COLUMNS, "price_days")
    last = day_number(until)
    mine = _Rows.of(price_days, elasticity.product_id, last)
    recent = mine.since(last - RECENT_DAYS + 1)
    if recent.bought < _ENOUGH_LINES:
        recent = mine.since(last - LONGER_DAYS + 1)
    if recent.bought < LEAST_LINES or not (recent.price > 0).any():
        return NotEnough(LEAST_LINES, recent.bought, "receipts", until)
    demand = _Demand.of(mine, recent, elasticity, last - int(max(mine.day[0], recent.first)) + 1)
    grid = _grid_cents(demand.price, grid_pesos)
    low, high = _bounds(elasticity, demand.price)
    points = np.unique(
        np.append(np.arange(-(-low // grid) * grid, high + 1, grid, dtype=np.int64), demand.price)
    )
    outcome = demand.outcome(points)
    best, sureness = _best(outcome, demand, elasticity)
    changes, step = outcome.change(best), _step(points, outcome.now, best, demand.cost or 0)
    _units, step_revenue, step_profit = outcome.change(step)
    return PriceAdvice(
        product_id=elasticity.product_id,
        elasticity=elasticity,
        current_cents=demand.price,
        optimal_cents=int(points[best]),
        goal="revenue" if demand.cost is None else "profit",
        cost_cents=demand.cost,
        grid_cents=grid,
        lowest_cents=low,
        highest_cents=high,
        points=outcome.points(),
        units_change=changes[0],
        revenue_change=changes[1],
        profit_change=changes[2],
        until=until,
        confidence=round(min(elasticity.confidence, sureness), 3),
        reasons=tuple(_reasons(points, best, demand, elasticity, mine, place)),
        step_cents=int(points[step]),
        step_change=step_profit or step_revenue,
    )


def _grid_cents(price: int, grid_pesos: int) -> int:
    return grid_pesos * _PESO if price >= FINE_BELOW * grid_pesos * _PESO else _PESO


def _bounds(elasticity: Elasticity, price: int) -> tuple[int, int]:
    """The lowest and the highest price that may be advised; the present one is always among them."""
    low = int(np.ceil(elasticity.lowest_cents * (1 - BEYOND)))
    high = int(np.floor(elasticity.highest_cents * (1 + BEYOND)))
    return min(low, price), max(high, price)


def _step(points: IntArray, now: int, best: int, cost: int) -> int:
    """Position of the furthest price towards the best that is a small step away, or of the next one; none at a loss."""
    way = np.arange(now, best, np.sign(best - now))[1:] if best != now else np.empty(0, np.int64)
    way = np.append(way, best)
    way = way[(points[way] >= cost) | (way == best)]
    near = way[np.abs(points[way] - points[now]) <= STEP * points[now]]
    return int(near[-1] if len(near) else way[0])


@dataclass(frozen=True)
class _Rows:
    """The days of one product as arrays of one length, oldest first; `first` is the day from which they are."""

    first: int
    day: IntArray
    category: IntArray
    price: IntArray
    cost: IntArray
    lines: IntArray
    by_quantity: IntArray  # thousandths, less what came back
    by_amount: IntArray

    @classmethod
    def of(cls, price_days: pd.DataFrame, product_id: int, last: int) -> _Rows:
        """Up to the last day."""
        columns = {name: price_days[name].to_numpy() for name in PRICE_DAY_COLUMNS}
        place = np.flatnonzero((columns["product_id"] == product_id) & (columns["day"] <= last))
        place = place[np.argsort(columns["day"][place], kind="stable")]
        mine = {name: values[place] for name, values in columns.items()}
        return cls(
            first=int(mine["day"][0]) if len(place) else last,
            day=mine["day"],
            category=mine["category"],
            price=mine["price_cents"],
            cost=mine["cost_cents"],
            lines=mine["lines"],
            by_quantity=mine["units_milli"]
            + mine["unclear_milli"]
            + mine["off_milli"]
            - mine["returned_milli"],
            by_amount=mine["by_amount_milli"],
        )

    def since(self, first: int) -> _Rows:
        """Those from a day number on."""
        at = int(np.searchsorted(self.day, first))
        names = ("day", "category", "price", "cost", "lines", "by_quantity", "by_amount")
        return _Rows(first, *(getattr(self, name)[at:] for name in names))

    @property
    def bought(self) -> int:
        """How often it was bought."""
        return int(self.lines.sum())


@dataclass(frozen=True)
class _Demand:
    """What sells in a week at the present price, in all the ways it may be; draws have shape (draws,)."""

    price: int
    cost: int | None
    by_quantity: FloatArray  # units a week, of buyers who ask for a quantity
    by_amount: float  # units a week, of those who ask for an amount
    answers: FloatArray  # elasticities
    beyond: FloatArray  # how much stronger they are, at zero or above, past the prices that were tried
    tried: tuple[int, int]  # those, in cents
    luck: FloatArray  # standard normal, of a single week
    is_set_elsewhere: bool  # a top-up: the phone company says what it costs

    @classmethod
    def of(cls, mine: _Rows, recent: _Rows, elasticity: Elasticity, span: int) -> _Demand:
        """From what was sold in the recent days, so many of them."""
        price = int(recent.price[recent.price > 0][-1])
        costs = mine.cost[mine.cost > 0]
        weeks = span / _WEEK
        asked = float(recent.by_amount.sum()) / _PER_UNIT
        units = max(float(recent.by_quantity.sum()) / _PER_UNIT, 0.0)
        rng = np.random.default_rng(_SEED)
        # Each draw with its opposite: means of draws are then those of what is drawn from.
        half = rng.standard_normal((4, _DRAWS // 2))
        slopes, levels, luck, beyond = np.concatenate([half, -half], axis=1)
        doubt = np.sqrt(_DISPERSION / max(units, 1.0))
        spread = (elasticity.hi95 - elasticity.lo95) / (2 * _Z95)
        return cls(
            price=price,
            cost=int(costs[-1]) if len(costs) else None,
            by_quantity=units / weeks * np.exp(doubt * levels - doubt**2 / 2),
            by_amount=asked / weeks,
            answers=elasticity.elasticity + spread * slopes,
            beyond=_BEYOND_DOUBT * np.abs(beyond),
            tried=(elasticity.lowest_cents, elasticity.highest_cents),
            luck=luck,
            is_set_elsewhere=CATEGORIES[int(mine.category[-1])] is Category.RECHARGES,
        )

    def outcome(self, prices: IntArray) -> _Outcome:
        """What a week at each price would bring."""
        ratio = prices / self.price
        # exp rather than a power: draws of extreme elasticities must stay finite.
        # Both ways it costs: a price far above loses more buyers, one far below wins fewer than hoped.
        lowest, highest = (max(self.tried[0], 1), max(self.tried[1], self.price))
        past = np.log(np.maximum(prices / highest, 1.0)) + np.log(np.maximum(lowest / prices, 1.0))
        logs = np.log(ratio)[:, None] * self.answers - past[:, None] * self.beyond
        factor = np.exp(np.clip(logs, -5, 5))
        units = self.by_quantity * factor + (self.by_amount / ratio)[:, None]
        return _Outcome(prices, units, self.cost, int(np.flatnonzero(prices == self.price)[0]), self.luck)


@dataclass(frozen=True)
class _Outcome:
    """Weeks at each price: units of shape (prices, draws); `now` is the position of the present price."""

    prices: IntArray
    units: FloatArray
    cost: int | None
    now: int
    luck: FloatArray

    def revenue(self, units: FloatArray) -> FloatArray:
        """Cents a week, shape (prices, draws)."""
        return np.asarray(units * self.prices[:, None])

    def profit(self, units: FloatArray) -> FloatArray | None:
        """Cents a week, shape (prices, draws); None without a cost."""
        return None if self.cost is None else np.asarray(units * (self.prices - self.cost)[:, None])

    @property
    def goal(self) -> FloatArray:
        """What is to be as large as can be, shape (prices, draws)."""
        profit = self.profit(self.units)
        return self.revenue(self.units) if profit is None else profit

    def points(self) -> tuple[PricePoint, ...]:
        """Every price with its means and the intervals of a single week."""
        week = np.maximum(self.units + np.sqrt(_DISPERSION * self.units) * self.luck, 0.0)
        profit, week_profit = self.profit(self.units), self.profit(week)
        revenue, week_revenue = self.revenue(self.units), self.revenue(week)
        gains: tuple[Estimate | None, ...] = (None,) * len(self.prices)
        if profit is not None and week_profit is not None:
            gains = _estimates(profit, week_profit, 0)
        return tuple(
            PricePoint(int(price), units, money, gain)
            for price, units, money, gain in zip(
                self.prices, _estimates(self.units, week, 2), _estimates(revenue, week_revenue, 0), gains,
                strict=True,
            )
        )  # fmt: skip

    def change(self, at: int) -> tuple[Estimate, Estimate, Estimate | None]:
        """Units, revenue and profit at a price against the present one."""
        found: list[Estimate | None] = []
        for values, digits in (
            (self.units, 2), (self.revenue(self.units), 0), (self.profit(self.units), 0),
        ):  # fmt: skip
            gain = None if values is None else values[[at]] - values[[self.now]]
            found.append(None if gain is None else _estimates(gain, gain, digits)[0])
        units, revenue, profit = found
        assert units is not None and revenue is not None
        return units, revenue, profit


def _estimates(means: FloatArray, spread: FloatArray, digits: int) -> tuple[Estimate, ...]:
    """The mean of each row of `means` and the middle 80 % of each row of `spread`; both (rows, draws)."""
    mean = means.mean(axis=1)
    lo, hi = np.quantile(spread, [_LO80, _HI80], axis=1)
    # A skew mean may lie outside the middle 80 %; it is never told as if it did.
    rows = np.round(np.stack([mean, np.minimum(lo, mean), np.maximum(hi, mean)], axis=1), digits)
    return tuple(Estimate(*row) for row in rows.tolist())


def _best(outcome: _Outcome, demand: _Demand, elasticity: Elasticity) -> tuple[int, float]:
    """Position of the price that gains most of those that surely gain, else of the present one; and how sure it is."""
    goal = outcome.goal
    gain = goal - goal[outcome.now]
    is_sure = np.quantile(gain, _LO80, axis=1) > 0
    if demand.cost is not None:
        is_sure &= outcome.prices >= demand.cost
    is_unknown = elasticity.type is ElasticityType.UNUSUAL or elasticity.hi95 > 0
    loses_now = demand.cost is not None and demand.price < demand.cost
    if is_unknown and not loses_now:
        is_sure &= outcome.prices < demand.price
    if demand.is_set_elsewhere or not is_sure.any():
        return outcome.now, 1.0
    best = int(np.argmax(np.where(is_sure, gain.mean(axis=1), -np.inf)))
    return best, float((gain[best] > 0).mean())


def _reasons(
    points: IntArray,
    best: int,
    demand: _Demand,
    elasticity: Elasticity,
    mine: _Rows,
    place: int | None,
) -> list[Reason]:
    """What moved the price, and what to mind."""
    price, optimal = demand.price, int(points[best])
    reasons = []
    if (old := _cost_before(mine, demand.cost)) is not None:
        reasons.append(Reason.of("price_cost_rose", old_cents=old, new_cents=demand.cost))
    if demand.cost is None:
        reasons.append(Reason.of("price_without_cost"))
    elif price < demand.cost:
        reasons.append(Reason.of("price_below_cost", cost_cents=demand.cost))
    if demand.is_set_elsewhere:
        reasons.append(Reason.of("price_set_elsewhere"))
    elif optimal == price and demand.cost is not None and price < demand.cost:
        reasons.append(Reason.of("price_check_cost"))
    elif optimal == price:
        is_unknown = elasticity.type is ElasticityType.UNUSUAL or elasticity.hi95 > 0
        reasons.append(Reason.of("price_uncertain" if is_unknown else "price_stay"))
    elif optimal > price:
        code = "price_elastic_raise" if elasticity.elasticity < -1 else "price_inelastic"
        reasons.append(Reason.of(code, share=_fall(elasticity)))
    else:
        reasons.append(Reason.of("price_elastic", share=_fall(elasticity)))
    if optimal != price and best in (0, len(points) - 1):
        reasons.append(
            Reason.of(
                "price_at_bound", lowest_cents=elasticity.lowest_cents, highest_cents=elasticity.highest_cents
            )
        )
    if optimal > price and place is not None and place <= _KNOWN_PLACE:
        reasons.append(Reason.of("price_known_item", place=place))
    if demand.by_amount > 0:
        reasons.append(Reason.of("price_part_by_amount"))
    return reasons


def _fall(elasticity: Elasticity) -> float:
    """By what share units fall when the price rises by a tenth."""
    return round(float(min(abs(1 - 1.1**elasticity.elasticity), 1.0)), 3)


def _cost_before(mine: _Rows, cost: int | None) -> int | None:
    """The cost of three months ago, when it is lower than today's."""
    if cost is None:
        return None
    is_known = mine.cost > 0
    day, costs = mine.day[is_known], mine.cost[is_known]
    earlier = costs[day <= day[-1] - _COST_DAYS]
    return int(earlier[-1]) if len(earlier) and cost > earlier[-1] * (1 + _COST_ROSE) else None
