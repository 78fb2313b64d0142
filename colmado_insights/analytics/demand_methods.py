"""The ways to forecast what sells of one product or category: small classes of one shape.

To add a method: write a class with `name`, `needs_days`, `fit` and `predict`, and put it into
`DEMAND_METHODS` or, when it works on logarithms and so knows no zero, into `FAST_METHODS`.
The back-test decides whether a product uses it.

References
----------
J. D. Croston, "Forecasting and stock control for intermittent demands", Operational Research Quarterly 23, 1972.
A. A. Syntetos, J. E. Boylan, "The accuracy of intermittent demand estimates", Int. J. of Forecasting 21, 2005.
R. H. Teunter, A. A. Syntetos, M. Z. Babai, "Intermittent demand: linking forecasting to inventory
obsolescence", European Journal of Operational Research 214, 2011.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from colmado_insights.analytics.backtest import NAIVE
from colmado_insights.analytics.forecast_methods import Boosting, CalendarRidge, Method, Theta
from colmado_insights.analytics.history import WEEK, FloatArray, History
from colmado_insights.analytics.market import Market

_MONTH = 4 * WEEK
_PROFILE_WEEKS = 8
_WILD_SHARE = 0.92
"""Of the days with a sale: above lies what is wild. Lower errs less and promises less: on 200 products of a grocery
0.90 brought 0.3 % less error for 1.5 % less in total, and goods are ordered by totals."""
_SMOOTH_DAYS = 45.0
_OWN_SPREAD = 0.25
"""How far a part's calendar usually lies from the whole shop's, as a share of the shop's own effects."""
_PRIOR_DAYS = 3.0
"""A new product's first days are weighed against what products of its category sell, as so many days."""


@dataclass(frozen=True)
class Demand:
    """What sold of one thing on an unbroken run of days: zero where none, NaN where the shop was closed.

    `values` has shape (days,) in whole units (or cents), NaN also before the first sale; `prior`
    are the calendar's effects in logs that its category is known by, shape (columns,), relative to
    the shop's own; `usual` is what such a product's part of the shop's traffic usually is, 0 = unknown.
    `unit` is what counts as one; a broad demand, that of a category, is worth the slow methods.
    """

    values: FloatArray
    market: Market
    prior: FloatArray
    usual: float = 0.0
    unit: float = 1.0
    is_broad: bool = False

    def __len__(self) -> int:
        return len(self.values)

    def before(self, days: int) -> Demand:
        """What was known after the first `days` days."""
        return replace(self, values=self.values[:days])

    @property
    def weekday(self) -> NDArray[np.int64]:
        """Weekday of each day, 0 = Sunday."""
        return self.market.history.calendar.weekday[: len(self)]

    @property
    def traffic(self) -> FloatArray:
        """How many came to the whole shop on each day; shape (days,)."""
        return self.market.history.values[: len(self)]

    @property
    def known(self) -> FloatArray:
        """The values of the days it was on sale, without gaps."""
        return self.values[~np.isnan(self.values)]

    def is_open_ahead(self, horizon: int) -> FloatArray:
        """1 for each of the days ahead on which the shop opens, else 0."""
        return (self.market.ahead_of(len(self))[:horizon] > 0).astype(np.float64)


class DemandMethod(Protocol):
    """The one shape of every candidate: `predict` answers the mean expected of each day ahead."""

    name: str
    needs_days: int

    def fit(self, demand: Demand) -> Self:
        """Learn from what is known; returns self."""
        ...

    def predict(self, demand: Demand, horizon: int) -> FloatArray:
        """Forecast the days after what is known, shape (horizon,); never negative."""
        ...


class LastWeek:
    """The same weekday of the last week that had it: the yardstick, never the promise."""

    name = NAIVE
    needs_days = 1

    def fit(self, demand: Demand) -> Self:
        """Nothing to learn."""
        return self

    def predict(self, demand: Demand, horizon: int) -> FloatArray:
        """Repeat the last value of each weekday."""
        last = np.full(WEEK, demand.known[-_MONTH:].mean())
        is_known = ~np.isnan(demand.values)
        last[demand.weekday[is_known]] = demand.values[is_known]
        return last[_weekdays_ahead(demand, horizon)] * demand.is_open_ahead(horizon)


class RecentMean:
    """The plain rule: the mean of the last 28 days, times how the weekday stood in the last 8 weeks."""

    name = "recent_mean"
    needs_days = 14

    def fit(self, demand: Demand) -> Self:
        """Nothing to learn."""
        return self

    def predict(self, demand: Demand, horizon: int) -> FloatArray:
        """Mean times weekday."""
        span = _PROFILE_WEEKS * WEEK
        values, weekday = demand.values[-span:], demand.weekday[-span:]
        mean = demand.known[-_PROFILE_WEEKS * WEEK :].mean()
        profile = np.ones(WEEK)
        if mean > 0:
            for number in range(WEEK):
                such = values[(weekday == number) & ~np.isnan(values)]
                profile[number] = such.mean() / mean if len(such) else 1.0
        forecast: FloatArray = demand.known[-_MONTH:].mean() * profile[_weekdays_ahead(demand, horizon)]
        return forecast * demand.is_open_ahead(horizon)


class TrafficShare:
    """A part of the shop's expected day, with the calendar's effects of its own.

    The part follows the last weeks by two memories; a wild day (someone's bulk purchase) counts only
    as much as a large one. The effects are those of a Poisson regression over that part, shrunk to
    those of the category, so a product that sold ten times has its category's week, and one that sold
    ten thousand times its own.

    Attributes
    ----------
    effects_ : ndarray of shape (columns,)
        The calendar's effects in logs, relative to the whole shop's.
    ceiling_ : float
        What a day counts at most.
    """

    name = "share"
    needs_days = 3
    half_lives = (7.0, 30.0)

    def fit(self, demand: Demand) -> Self:
        """Learn the ceiling and the effects."""
        sold = demand.values[-2 * 182 :]
        sold = sold[sold > 0]
        self.ceiling_ = float(np.quantile(sold, _WILD_SHARE)) if len(sold) >= 10 else np.inf
        self.effects_ = own_effects(demand, np.minimum(demand.values, self.ceiling_))
        return self

    def predict(self, demand: Demand, horizon: int) -> FloatArray:
        """The part's size now, times the days expected, times the calendar."""
        calendar = demand.market.history.calendar
        factor = np.exp(calendar.effects[: len(demand) + horizon] @ self.effects_)
        base = demand.traffic * factor[: len(demand)]
        is_known = ~np.isnan(demand.values) & ~np.isnan(base)
        sold = np.where(is_known, np.minimum(demand.values, self.ceiling_), 0.0)
        base = np.where(is_known, base, 0.0)
        start = _PRIOR_DAYS * base[is_known].mean() if demand.usual > 0 and is_known.any() else 0.0
        parts = []
        for half_life in self.half_lives:
            weight = 0.5 ** (np.arange(len(demand))[::-1] / half_life)
            # What such products sell stands before the first day, and is forgotten as days are.
            prior = start * 0.5 ** (int(is_known.sum()) / half_life)
            exposure = float(weight @ base) + prior
            parts.append((float(weight @ sold) + prior * demand.usual) / exposure if exposure > 0 else 0.0)
        forecast: FloatArray = np.mean(parts) * demand.market.ahead_of(len(demand))[:horizon]
        return np.maximum(forecast, 0.0) * factor[len(demand) :]


class Croston:
    """Croston's method with the correction of Syntetos and Boylan: size over interval, both smoothed."""

    name = "croston"
    needs_days = 28
    alpha = 0.1

    def fit(self, demand: Demand) -> Self:
        """Nothing to learn."""
        return self

    def predict(self, demand: Demand, horizon: int) -> FloatArray:
        """The same rate for every open day."""
        return croston_rate(demand.known, self.alpha) * demand.is_open_ahead(horizon)


class Tsb:
    """Teunter, Syntetos and Babai: chance of a sale and size of a sale, each smoothed; the chance fades.

    Attributes
    ----------
    alpha_, beta_ : float
        Smoothing weights of size and chance with the smallest squared one-step error, from a small grid.
    """

    name = "tsb"
    needs_days = 28
    _ALPHAS = (0.02, 0.1)
    _BETAS = (0.01, 0.03, 0.1)

    def fit(self, demand: Demand) -> Self:
        """Choose the two weights."""
        errors = {
            pair: float(((tsb_rates(demand.known, *pair)[:-1] - demand.known[1:]) ** 2).sum())
            for pair in product(self._ALPHAS, self._BETAS)
        }
        self.alpha_, self.beta_ = min(errors, key=lambda pair: (errors[pair], pair))
        return self

    def predict(self, demand: Demand, horizon: int) -> FloatArray:
        """The same rate for every open day."""
        rate = float(tsb_rates(demand.known, self.alpha_, self.beta_)[-1])
        return rate * demand.is_open_ahead(horizon)


class _Fast:
    """A method for whole shops, on what sells every day; days without a sale are gaps to it."""

    method: type[Method]

    def fit(self, demand: Demand) -> Self:
        """Fit the shop's method."""
        self.fitted_ = self.method().fit(_as_history(demand))
        return self

    def predict(self, demand: Demand, horizon: int) -> FloatArray:
        """Its forecast, held within twice what ever sold, on the days the shop opens."""
        forecast = self.fitted_.predict(_as_history(demand), horizon) * demand.is_open_ahead(horizon)
        return np.minimum(forecast, 2 * float(demand.known.max()))


class FastRidge(_Fast):
    """Ridge on logs with the calendar."""

    method = CalendarRidge
    name = CalendarRidge.name
    needs_days = 90


class FastTheta(_Fast):
    """The theta method on logs."""

    method = Theta
    name = Theta.name
    needs_days = 90


class FastBoosting(_Fast):
    """Boosted trees on what the ridge leaves."""

    method = Boosting
    name = Boosting.name
    needs_days = 180


DEMAND_METHODS: tuple[type[DemandMethod], ...] = (LastWeek, RecentMean, TrafficShare, Croston, Tsb)
FAST_METHODS: tuple[type[DemandMethod], ...] = (FastRidge, FastTheta)
"""For what sells nearly every day."""
BROAD_METHODS: tuple[type[DemandMethod], ...] = (FastBoosting,)
"""For categories that do: too slow for hundreds of products."""


def croston_rate(sold: FloatArray, alpha: float) -> float:
    """Units a day by Croston's method, less its bias (Syntetos and Boylan); `sold` has shape (days,)."""
    rows = np.flatnonzero(sold > 0)
    if not len(rows):
        return 0.0
    size, gap = float(sold[rows[0]]), float(rows[0] + 1)
    for before, row in pairwise(rows):
        size += alpha * (float(sold[row]) - size)
        gap += alpha * (float(row - before) - gap)
    return (1 - alpha / 2) * size / gap


def tsb_rates(sold: FloatArray, alpha: float, beta: float) -> FloatArray:
    """Units a day that TSB expects after each day; `sold` and the answer have shape (days,)."""
    start = sold[:_MONTH]
    chance = float((start > 0).mean())
    size = float(start[start > 0].mean()) if chance else 0.0
    rates = np.empty(len(sold))
    for day, units in enumerate(sold.tolist()):
        if units > 0:
            size += alpha * (units - size) if size else units
            chance += beta * (1.0 - chance)
        else:
            chance -= beta * chance
        rates[day] = chance * size
    return rates


def own_effects(demand: Demand, sold: FloatArray, rounds: int = 5) -> FloatArray:
    """The calendar's effects in logs on a part of the shop's traffic, shape (columns,).

    Penalised quasi-Poisson regression over a slow level: `sold` has shape (days,); the sparser and the
    lumpier it is, the nearer the answer stays to `demand.prior`.
    """
    calendar = demand.market.history.calendar
    traffic = demand.traffic
    is_known = ~np.isnan(sold) & ~np.isnan(traffic)
    sold, traffic = sold[is_known] / demand.unit, traffic[is_known]
    if not (sold > 0).any():
        return demand.prior
    design = calendar.effects[: len(demand)][is_known]
    rows = np.flatnonzero(is_known)
    penalty = 1.0 / (_OWN_SPREAD * calendar.spread) ** 2
    effects = demand.prior
    level_sold = _smooth(rows, sold, len(demand))
    for _ in range(rounds):
        base = traffic * np.exp(design @ effects)
        mean = np.maximum(level_sold / np.maximum(_smooth(rows, base, len(demand)), 1e-9) * base, 1e-6)
        lumps = max(1.0, float(((sold - mean) ** 2 / mean).mean()))
        slope = design.T @ (sold - mean) / lumps - penalty * (effects - demand.prior)
        curve = (design.T * mean) @ design / lumps + np.diag(penalty)
        effects = effects + np.clip(np.linalg.solve(curve, slope), -0.5, 0.5)
    return np.asarray(effects, dtype=np.float64)


def _smooth(rows: NDArray[np.int64], values: FloatArray, days: int) -> FloatArray:
    """Gaussian-weighted sums of the days around each of `rows`, in the unit of `values`."""
    reach = int(3 * _SMOOTH_DAYS)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _SMOOTH_DAYS) ** 2)
    full = np.zeros(days)
    full[rows] = values
    smooth: FloatArray = np.convolve(full, kernel)[reach : reach + days][rows]
    return smooth


def _as_history(demand: Demand) -> History:
    return History(np.where(demand.values > 0, demand.values, np.nan), demand.market.history.calendar)


def _weekdays_ahead(demand: Demand, horizon: int) -> NDArray[np.int64]:
    return demand.market.history.calendar.weekday[len(demand) : len(demand) + horizon]
