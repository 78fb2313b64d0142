"""Rolling origins for counts: choice, error and intervals where zero is an answer and the logarithm is none.

The protocol is that of `backtest`: at each origin a method sees only the days before it, and what is
reported was chosen, and its intervals learnt, from the origins whose outcome was known on that day.

References
----------
F. J. Anscombe, "The transformation of Poisson, binomial and negative-binomial data", Biometrika 35, 1948.
V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World", 2005 (conformal intervals).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from colmado_insights.analytics.backtest import NAIVE, SHARES, bias, score, wape
from colmado_insights.analytics.history import WEEK, FloatArray
from colmado_insights.analytics.results import Backtest

_ANSCOMBE = 3 / 8
_NARROWEST = 0.05
_ROUNDING = 1e-6
_POISSON_SPREAD = 0.5
"""The standard deviation of a Poisson count on the scale of roots, for when not one error is known."""
_NORMAL = {0.80: 1.28, 0.95: 1.96}
_ENOUGH_ERRORS = 60
_BIAS_ALLOWED = 0.10
_CLEARLY = 1.25
_LEAST_ORIGINS = 4

Bounds = Mapping[float, tuple[FloatArray, FloatArray]]


@dataclass(frozen=True)
class CountTrials:
    """What every method said at every origin, and what came.

    `origins[i]` is how many days were known; `actual` and each of `predicted` have shape
    (origins, horizon) or (origins, horizon, hours), in the target's unit, NaN in `actual` where the
    shop was closed or the day is still ahead. Zero is a count like any other.
    """

    origins: NDArray[np.int64]
    actual: FloatArray
    predicted: dict[str, FloatArray]

    def known_at(self, days: int) -> FloatArray:
        """`actual` as far as it was known after `days` days."""
        ahead = self.origins[:, None] + np.arange(1, self.actual.shape[1] + 1)
        is_known = (ahead <= days).reshape(ahead.shape + (1,) * (self.actual.ndim - 2))
        return np.where(is_known, self.actual, np.nan)

    def blend(self, names: Sequence[str]) -> FloatArray:
        """Mean of several methods' forecasts."""
        mean: FloatArray = np.mean([self.predicted[name] for name in names], axis=0)
        return mean


@dataclass(frozen=True)
class CountChoice:
    """The methods blended, best first, and every candidate's WAPE on the origins looked at."""

    names: tuple[str, ...]
    ranking: tuple[tuple[str, float], ...]

    @property
    def model(self) -> str:
        """What the forecast calls itself, such as `share+tsb`."""
        return "+".join(self.names)

    @classmethod
    def of(cls, trials: CountTrials, actual: FloatArray, usual: str) -> CountChoice:
        """Stay with `usual`, and blend in the best method where it was better beyond chance.

        Few sales tell little about which method is better: picking the best by them erred 2 % more on
        products of a grocery than never choosing at all. The yardstick is only used where it beats
        both beyond chance.
        """
        errors = {name: wape(forecast, actual) for name, forecast in trials.predicted.items()}
        losses = {name: _loss(forecast, actual) for name, forecast in trials.predicted.items()}
        leader = usual if usual in losses else min(losses, key=lambda name: (losses[name], name))
        if np.isnan(errors[leader]):
            return cls((leader,), ())
        order = sorted(losses, key=lambda name: (losses[name], name))
        ranking = tuple((name, errors[name]) for name in order)
        rival = order[0]
        if rival == leader or not _is_clearly_better(trials, rival, leader, actual):
            return cls((leader,), ranking)
        return cls((rival,) if rival == NAIVE else (rival, leader), ranking)


@dataclass(frozen=True)
class CountIntervals:
    """Conformal intervals on the scale of roots, where few and many scatter alike; never below zero.

    `low[share][block]` and `high[share][block]` are added to the root of a forecast; a block is a week
    ahead. Where so few are expected that none at all is likely, the interval begins at zero and all that
    it may miss lies above: there `top[share][block]` is added. `unit` is what counts as one: 1 for
    counts, the usual line's cents for money.
    """

    low: dict[float, tuple[float, ...]]
    high: dict[float, tuple[float, ...]]
    top: dict[float, tuple[float, ...]]
    unit: float

    @classmethod
    def of(cls, predicted: FloatArray, actual: FloatArray, unit: float = 1.0) -> CountIntervals:
        """Learn from forecasts and outcomes of shape (origins, horizon) or (origins, horizon, hours)."""
        errors = _root(actual, unit) - _root(predicted, unit)
        blocks = [_block(errors, start) for start in range(0, errors.shape[1], WEEK)]
        return cls(
            low={s: tuple(-_reach(-block, (1 - s) / 2, s) for block in blocks) for s in SHARES},
            high={s: tuple(_reach(block, (1 - s) / 2, s) for block in blocks) for s in SHARES},
            top={s: tuple(_reach(block, 1 - s, s) for block in blocks) for s in SHARES},
            unit=unit,
        )

    def widened(self, factor: float) -> CountIntervals:
        """The widest of the blocks for all of them, so many times as wide: for when little is known."""
        return CountIntervals(
            low={share: (min(values) * factor,) for share, values in self.low.items()},
            high={share: (max(values) * factor,) for share, values in self.high.items()},
            top={share: (max(values) * factor,) for share, values in self.top.items()},
            unit=self.unit,
        )

    def bounds(self, predicted: FloatArray, share: float) -> tuple[FloatArray, FloatArray]:
        """Lower and upper bounds around forecasts of shape (horizon,) or (horizon, hours)."""
        block = np.minimum(np.arange(len(predicted)) // WEEK, len(self.low[share]) - 1)
        shape = (len(predicted),) + (1,) * (predicted.ndim - 1)
        low, high, top = (
            _unroot(_root(predicted, self.unit) + np.array(reach[share])[block].reshape(shape), self.unit)
            for reach in (self.low, self.high, self.top)
        )
        # None at all comes with a chance of exp(-mean) or, where sales are lumpy, with a larger one.
        is_rare = predicted / self.unit < -np.log((1.0 - share) / 2)
        # A bound that is a count must hold that count: roots and squares lose the last digits.
        low = np.where(is_rare, 0.0, np.maximum(low - _ROUNDING * self.unit, 0.0))
        high = np.where(is_rare, top, high) + _ROUNDING * self.unit
        # Where nearly every day brings nothing, the mean itself lies above what nine of ten bring.
        return np.minimum(low, predicted), np.maximum(high, predicted)


def actuals(values: FloatArray, origins: NDArray[np.int64], horizon: int) -> FloatArray:
    """What came after each origin: values of shape (days, …) as (origins, horizon, …), NaN beyond them."""
    ahead = origins[:, None] + np.arange(horizon)[None, :]
    is_known = (ahead < len(values)).reshape(ahead.shape + (1,) * (values.ndim - 1))
    return np.where(is_known, values[np.minimum(ahead, len(values) - 1)], np.nan)


def nested_backtest(trials: CountTrials, first_day: int, usual: str, unit: float = 1.0) -> Backtest | None:
    """Score what would have been used: method and intervals of each origin from what was known then.

    Parameters
    ----------
    trials : CountTrials
        All methods on all origins; the seasonal naive among them.
    first_day : int
        Day number of the first value.
    usual : str
        The method used where nothing was known yet.
    unit : float
        What counts as one, see `CountIntervals`.

    Returns
    -------
    Backtest or None
        None when nothing was sold on any day scored.
    """
    chosen = np.full(trials.actual.shape, np.nan)
    bounds = {share: (chosen.copy(), chosen.copy()) for share in SHARES}
    # The oldest third only teaches, so that no choice rests on a week or two.
    for row in range(len(trials.origins) // 3, len(trials.origins)):
        known = trials.known_at(int(trials.origins[row]))
        if np.isnan(known).all():
            # With a single origin there is nothing before it: its own score is all there is.
            known = trials.actual
        names = CountChoice.of(trials, known, usual).names
        forecast = trials.blend(names)
        chosen[row] = forecast[row]
        intervals = CountIntervals.of(forecast, known, unit)
        for share, (low, high) in bounds.items():
            low[row], high[row] = intervals.bounds(forecast[row], share)
    if np.isnan(wape(chosen, trials.actual)):
        return None
    return score(trials, chosen, first_day, bounds)


def _loss(predicted: FloatArray, actual: FloatArray) -> float:
    """WAPE, and what the totals are wrong by beyond a tenth and beyond chance on top.

    Alone, the error of single days is smallest for whoever says zero of all that sells seldom.
    """
    allowed = max(_BIAS_ALLOWED, 2 * _noise(predicted, actual))
    return wape(predicted, actual) + max(0.0, abs(bias(predicted, actual)) - allowed)


def _is_clearly_better(trials: CountTrials, one: str, other: str, actual: FloatArray) -> bool:
    """Tell whether one method erred less than the other by more than chance makes, origin by origin."""
    errors = [np.abs(trials.predicted[name] - actual).reshape(len(actual), -1) for name in (other, one)]
    gain = np.nansum(errors[0] - errors[1], axis=1)[~np.isnan(errors[0]).all(axis=1)]
    if len(gain) < _LEAST_ORIGINS:
        return False
    return bool(gain.sum() > _CLEARLY * gain.std(ddof=1) * np.sqrt(len(gain)))


def _noise(predicted: FloatArray, actual: FloatArray) -> float:
    """How far (as a share) totals of right forecasts would lie from what came, by chance alone."""
    is_known = ~np.isnan(actual) & ~np.isnan(predicted)
    came = float(actual[is_known].sum())
    return float(np.sqrt(((predicted - actual)[is_known] ** 2).sum())) / came if came > 0 else 1.0


def without_unplayed(trials: CountTrials, is_played: NDArray[np.bool_]) -> CountTrials:
    """The same trials with `actual` only where `is_played`, shaped as it (hours in which a shop is closed)."""
    return replace(trials, actual=np.where(is_played, trials.actual, np.nan))


def _root(values: FloatArray, unit: float) -> FloatArray:
    root: FloatArray = np.sqrt(np.maximum(values, 0.0) / unit + _ANSCOMBE)
    return root


def _unroot(root: FloatArray, unit: float) -> FloatArray:
    values: FloatArray = unit * np.maximum(np.maximum(root, 0.0) ** 2 - _ANSCOMBE, 0.0)
    return values


def _block(errors: FloatArray, start: int) -> FloatArray:
    """The known errors of one week ahead, ascending; of all weeks where it has too few."""
    block = errors[:, start : start + WEEK]
    if np.count_nonzero(~np.isnan(block)) < _ENOUGH_ERRORS:
        block = errors
    return np.sort(block[~np.isnan(block)])


def _reach(errors: FloatArray, tail: float, share: float) -> float:
    """How far up an interval must go to leave `tail` of the errors above it, few errors counted cautiously."""
    known = np.sort(errors)
    # The (n + 1) of conformal prediction: the next error is one more among the past ones.
    rank = tail * (len(known) + 1) - 1
    if rank < 0:
        widest = float(np.abs(known).max()) if len(known) else 0.0
        return max(_NORMAL[share] * _POISSON_SPREAD, widest)
    return max(float(np.interp(len(known) - 1 - rank, np.arange(len(known)), known)), _NARROWEST)
