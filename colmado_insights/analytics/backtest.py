"""How good a forecast would have been: rolling origins, errors and intervals that keep their word.

Protocol. At each origin (one a week, newest last) every method sees only the days before it and
forecasts the days after it. Methods that are slow to fit are fitted afresh every few origins and
otherwise only handed the newer days, which can make them look worse than they are, never better.
What is *reported* is chosen before it is scored: the method used for an origin is picked by the
origins whose outcome was already known on that day, and its intervals come from their errors alone.

References
----------
L. J. Tashman, "Out-of-sample tests of forecasting accuracy", Int. Journal of Forecasting 16, 2000.
V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World", 2005 (conformal intervals).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from colmado_insights.analytics.forecast_methods import Method
from colmado_insights.analytics.history import WEEK, FloatArray, History
from colmado_insights.analytics.results import Backtest, WeekError
from colmado_insights.domain import day_of
from colmado_insights.progress import Progress

NAIVE = "seasonal_naive"
SHARES = (0.80, 0.95)
_REFIT_EVERY = 8
_ENOUGH_ERRORS = 20
_NORMAL = {0.80: 1.28, 0.95: 1.96}
_BLIND = 0.5
"""Standard deviation in logs supposed where not one error is known."""
_NARROWEST = 0.02
_BALANCE = 1 / 3
_MOST_BALANCE = 1.25


@dataclass(frozen=True)
class Trials:
    """What every method said at every origin, and what came.

    `origins[i]` is how many days were known; `actual` and each of `predicted` have shape
    (origins, horizon), in the target's unit, NaN in `actual` where nothing was sold or the day
    is still ahead.
    """

    origins: NDArray[np.int64]
    actual: FloatArray
    predicted: dict[str, FloatArray]

    def known_at(self, days: int) -> FloatArray:
        """`actual` as far as it was known after `days` days."""
        horizon = np.arange(1, self.actual.shape[1] + 1)
        return np.where(self.origins[:, None] + horizon <= days, self.actual, np.nan)

    def blend(self, names: Sequence[str], weights: Sequence[float] | None = None) -> FloatArray:
        """Geometric mean of several methods' forecasts, all alike or weighted."""
        return blend([self.predicted[name] for name in names], weights)


@dataclass(frozen=True)
class LogIntervals:
    """Conformal intervals: the quantiles of past errors in logs, one set for each week ahead.

    `low[share][block]` and `high[share][block]` are added to the logarithm of a forecast.
    """

    low: dict[float, tuple[float, ...]]
    high: dict[float, tuple[float, ...]]

    @classmethod
    def of(cls, predicted: FloatArray, actual: FloatArray) -> LogIntervals:
        """Learn from forecasts and outcomes, both of shape (origins, horizon)."""
        errors = log_errors(predicted, actual)
        blocks = range(0, errors.shape[1], WEEK)
        low: dict[float, tuple[float, ...]] = {}
        high: dict[float, tuple[float, ...]] = {}
        for share in SHARES:
            pairs = [_conformal_pair(errors, start, share) for start in blocks]
            low[share] = tuple(pair[0] for pair in pairs)
            high[share] = tuple(pair[1] for pair in pairs)
        return cls(low, high)

    def bounds(self, predicted: FloatArray, share: float) -> tuple[FloatArray, FloatArray]:
        """Lower and upper bounds around forecasts whose last axis is the horizon."""
        block = np.arange(predicted.shape[-1]) // WEEK
        block = np.minimum(block, len(self.low[share]) - 1)
        low = np.array(self.low[share])[block]
        high = np.array(self.high[share])[block]
        return predicted * np.exp(low), predicted * np.exp(high)


def weekly_origins(days: int, most: int, least_days: int) -> NDArray[np.int64]:
    """How many days are known at each origin: one a week back from the end, oldest first.

    Parameters
    ----------
    days : int
        Length of the history.
    most : int
        At most so many origins.
    least_days : int
        What the oldest origin must have before it.
    """
    count = min(most, max(0, (days - least_days) // WEEK))
    return days - WEEK * np.arange(count, 0, -1, dtype=np.int64)


def run_trials(
    history: History,
    methods: Sequence[type[Method]],
    origins: NDArray[np.int64],
    horizon: int,
    progress: Progress | None = None,
) -> Trials:
    """Let every method forecast from every origin.

    Methods that need more days with sales than the oldest origin has do not take part.
    """
    pasts = [history.before(int(origin)) for origin in origins]
    entrants = [method for method in methods if method.needs_days <= len(pasts[0].open_days)]
    predicted = {method.name: np.empty((len(origins), horizon)) for method in entrants}
    for index, method in enumerate(entrants):
        fitted = method()
        for turn, past in enumerate(pasts):
            if progress:
                progress.step(index * len(origins) + turn, len(entrants) * len(origins))
            if turn % _REFIT_EVERY == 0:
                fitted = method().fit(past)
            predicted[method.name][turn] = fitted.predict(past, horizon)
    return Trials(origins, _actuals(history, origins, horizon), predicted)


class Tried(Protocol):
    """What was said at every origin and what came, of days or of hours."""

    @property
    def origins(self) -> NDArray[np.int64]:
        """How many days were known at each origin."""
        ...

    @property
    def actual(self) -> FloatArray:
        """What came, shape (origins, horizon) or (origins, horizon, hours)."""
        ...

    @property
    def predicted(self) -> dict[str, FloatArray]:
        """What each method said, shapes as `actual`."""
        ...


def score(
    trials: Tried,
    chosen: FloatArray,
    first_day: int,
    bounds: Mapping[float, tuple[FloatArray, FloatArray]],
) -> Backtest:
    """Sum up forecasts of shape (origins, horizon) or (origins, horizon, hours) beside the seasonal naive's.

    Parameters
    ----------
    chosen : ndarray
        The forecasts to score, in the target's unit; NaN rows are left out.
    first_day : int
        Day number of the history's first day.
    bounds : mapping
        Lower and upper bounds by share (0.80 and 0.95), shapes as `chosen`.
    """
    scored = ~np.isnan(chosen)
    actual = np.where(scored, trials.actual, np.nan)
    naive = trials.predicted[NAIVE]
    weeks = [
        WeekError(
            week=day_of(first_day + int(origin)),
            wape=wape(chosen[row, :WEEK], actual[row, :WEEK]),
            naive_wape=wape(naive[row, :WEEK], actual[row, :WEEK]),
            bias=bias(chosen[row, :WEEK], actual[row, :WEEK]),
        )
        for row, origin in enumerate(trials.origins)
    ]
    return Backtest(
        wape=wape(chosen, actual),
        naive_wape=wape(naive, actual),
        coverage80=coverage(*bounds[0.80], actual),
        coverage95=coverage(*bounds[0.95], actual),
        within15=within(chosen, actual, 0.15),
        origins=int(scored.reshape(len(chosen), -1).any(axis=1).sum()),
        horizon=chosen.shape[1],
        # A week in which nothing was sold has no share that the error could be of.
        weeks=tuple(week for week in weeks if not np.isnan(week.wape)),
    )


def wape(predicted: FloatArray, actual: FloatArray) -> float:
    """Sum of absolute errors over the sum of actuals; days without an actual are left out."""
    known = ~np.isnan(actual) & ~np.isnan(predicted)
    total = float(actual[known].sum())
    return float(np.abs(predicted - actual)[known].sum()) / total if total > 0 else float("nan")


def bias(predicted: FloatArray, actual: FloatArray) -> float:
    """Sum of errors over the sum of actuals: above 0 is too much promised."""
    known = ~np.isnan(actual) & ~np.isnan(predicted)
    total = float(actual[known].sum())
    return float((predicted - actual)[known].sum()) / total if total > 0 else float("nan")


def coverage(low: FloatArray, high: FloatArray, actual: FloatArray) -> float:
    """Share of known days that lie inside their interval."""
    known = ~np.isnan(actual) & ~np.isnan(low)
    inside = (low <= actual) & (actual <= high)
    return float(inside[known].mean()) if known.any() else float("nan")


def within(predicted: FloatArray, actual: FloatArray, share: float) -> float:
    """Share of known days on which the forecast was at most `share` of the actual away."""
    known = ~np.isnan(actual) & ~np.isnan(predicted)
    near = np.abs(predicted - actual) <= share * actual
    return float(near[known].mean()) if known.any() else float("nan")


def blend(forecasts: Sequence[FloatArray], weights: Sequence[float] | None = None) -> FloatArray:
    """Geometric mean of several forecasts: the mean of their logarithms, all alike or weighted."""
    logs = [np.log(np.maximum(forecast, 1e-9)) for forecast in forecasts]
    mean: FloatArray = np.average(logs, axis=0, weights=weights)
    return np.exp(mean)


def balance(predicted: FloatArray, actual: FloatArray) -> float:
    """Factor that brings forecasts, made to lie in the middle, part of the way to right totals.

    The middle of a skewed day lies below its mean, so weeks of such forecasts sum up to too little
    (by 6 % in a take-away's till). The whole correction costs 1-2 % of WAPE, a third of it nothing that could
    be measured on 16 series. Both of shape (origins, horizon); few origins are believed less. One mistyped
    sale may bring a hundred times a usual day: the factor stays near 1 whatever came.
    """
    known = ~np.isnan(actual) & ~np.isnan(predicted)
    told, came = float(predicted[known].sum()), float(actual[known].sum())
    if told <= 0 or came <= 0:
        return 1.0
    origins = int(known.any(axis=1).sum())
    factor = (came / told) ** (_BALANCE * origins / (origins + 4))
    return float(np.clip(factor, 1 / _MOST_BALANCE, _MOST_BALANCE))


def log_errors(predicted: FloatArray, actual: FloatArray) -> FloatArray:
    """Logarithm of actual over forecast; NaN where either is unknown or not positive."""
    known = (actual > 0) & (predicted > 0)
    errors: FloatArray = np.full(actual.shape, np.nan)
    np.divide(actual, predicted, out=errors, where=known)
    np.log(errors, out=errors, where=known)
    return errors


def wide_reach(errors: FloatArray, share: float) -> float:
    """Half-width in logs for few errors: the normal one, stretched, and never inside the worst seen."""
    if len(errors) == 0:
        return _BLIND * _NORMAL[share]
    sigma = float(np.sqrt((errors**2).mean())) * (1.0 + 3.0 / len(errors))
    return max(_NORMAL[share] * sigma, float(np.abs(errors).max()), _NARROWEST)


def _actuals(history: History, origins: NDArray[np.int64], horizon: int) -> FloatArray:
    """What came after each origin, shape (origins, horizon)."""
    ahead = origins[:, None] + np.arange(horizon)[None, :]
    values = np.where(history.values > 0, history.values, np.nan)
    return np.where(ahead < len(values), values[np.minimum(ahead, len(values) - 1)], np.nan)


def _conformal_pair(errors: FloatArray, start: int, share: float) -> tuple[float, float]:
    """Quantiles that leave (1 - share) / 2 of the errors on either side, few errors counted cautiously."""
    block = errors[:, start : start + WEEK]
    if np.count_nonzero(~np.isnan(block)) < _ENOUGH_ERRORS:
        block = errors
    known = np.sort(block[~np.isnan(block)])
    tail = (1.0 - share) / 2
    # The (n + 1) of conformal prediction: the next error is one more among the past ones.
    rank = tail * (len(known) + 1) - 1
    if rank < 0:
        # Too few errors to have seen so rare a one.
        reach = wide_reach(known, share)
        return -reach, reach
    positions = np.arange(len(known))
    low = float(np.interp(rank, positions, known))
    high = float(np.interp(len(known) - 1 - rank, positions, known))
    return min(low, -_NARROWEST), max(high, _NARROWEST)
