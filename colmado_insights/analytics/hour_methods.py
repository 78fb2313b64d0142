"""The ways to forecast a shop's hours: small classes of one shape, `fit(history)` and `predict(history, horizon)`.

To add a method: write a class with `name`, `fit` and `predict`, and put it into `HOUR_METHODS`.
The back-test decides whether a shop uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from colmado_insights.analytics.backtest import NAIVE
from colmado_insights.analytics.history import WEEK, FloatArray
from colmado_insights.analytics.market import Market
from colmado_insights.analytics.threads import one_thread
from colmado_insights.domain import PAY_PHASES

HOURS = 24
_HALF_LIFE = 60.0
"""Days after which what an hour's part of the day was counts half: habits move with the season."""
_WEEKDAY_PRIOR = 150.0
_PHASE_PRIOR = 400.0
"""Receipts that the profile of all days counts as, against a weekday's or a pay phase's own."""
_MEAN_WEEKS = 8
_MOST = 3.0
_PHASES = len(PAY_PHASES)


@dataclass(frozen=True)
class HourHistory:
    """What each hour brought, shape (days, 24): zero where nobody came, NaN on days the shop was closed.

    `market` is the whole day's history and what is expected of the days ahead; `unit` what counts as one
    (1 receipt, or the usual receipt's cents).
    """

    values: FloatArray
    market: Market
    unit: float = 1.0

    def __len__(self) -> int:
        return len(self.values)

    def before(self, days: int) -> HourHistory:
        """What was known after the first `days` days."""
        return replace(self, values=self.values[:days])

    @property
    def is_open(self) -> NDArray[np.bool_]:
        """Days with sales."""
        is_open: NDArray[np.bool_] = ~np.isnan(self.values[:, 0])
        return is_open

    def weekday(self, horizon: int = 0) -> NDArray[np.int64]:
        """Weekday of each known day and of `horizon` days after them."""
        return self.market.history.calendar.weekday[: len(self) + horizon]

    def phase(self, horizon: int = 0) -> NDArray[np.int64]:
        """Pay phase of the same days, as positions in PAY_PHASES."""
        frame = self.market.history.calendar.frame
        return np.asarray(frame["pay_phase"].to_numpy()[: len(self) + horizon], dtype=np.int64)

    def opens_ahead(self, horizon: int) -> FloatArray:
        """1 for each of the days ahead on which the shop opens, else 0; shape (horizon, 1)."""
        return (self.market.ahead_of(len(self))[:horizon, None] > 0).astype(np.float64)


class HourMethod(Protocol):
    """The one shape of every candidate: `predict` answers means of shape (horizon, 24), never negative."""

    name: str

    def fit(self, history: HourHistory) -> Self:
        """Learn from what is known; returns self."""
        ...

    def predict(self, history: HourHistory, horizon: int) -> FloatArray:
        """Forecast the hours of the days after what is known."""
        ...


class LastWeekHours:
    """The same hour of the last such weekday: the yardstick, never the promise."""

    name = NAIVE

    def fit(self, history: HourHistory) -> Self:
        """Nothing to learn."""
        return self

    def predict(self, history: HourHistory, horizon: int) -> FloatArray:
        """Repeat the last such day."""
        rows = np.flatnonzero(history.is_open)
        last = np.tile(history.values[rows[-WEEK:]].mean(axis=0), (WEEK, 1))
        last[history.weekday()[rows]] = history.values[rows]
        return last[history.weekday(horizon)[len(history) :]] * history.opens_ahead(horizon)


class HourMean:
    """The plain rule: the mean of the same hour on the same weekdays of the last 8 weeks."""

    name = "hour_mean"

    def fit(self, history: HourHistory) -> Self:
        """Nothing to learn."""
        return self

    def predict(self, history: HourHistory, horizon: int) -> FloatArray:
        """Average each weekday's hours."""
        span = slice(max(0, len(history) - _MEAN_WEEKS * WEEK), None)
        values, weekday = history.values[span], history.weekday()[span]
        is_open = history.is_open[span]
        means = np.tile(values[is_open].mean(axis=0) if is_open.any() else np.zeros(HOURS), (WEEK, 1))
        for number in range(WEEK):
            such = is_open & (weekday == number)
            if such.any():
                means[number] = values[such].mean(axis=0)
        return means[history.weekday(horizon)[len(history) :]] * history.opens_ahead(horizon)


class DayProfile:
    """The day's forecast, parted over its hours as such days were.

    A weekday's hours are believed as far as its receipts go, beyond that those of all days; the pay
    phase bends them the same way.

    Attributes
    ----------
    profile_ : ndarray of shape (7, phases, 24)
        Each hour's part of a day.
    """

    name = "hour_profile"

    def fit(self, history: HourHistory) -> Self:
        """Nothing that must not be learnt anew each week: see `predict`."""
        return self

    def predict(self, history: HourHistory, horizon: int) -> FloatArray:
        """Day times profile."""
        profile = hour_profile(history)
        weekday, phase = history.weekday(horizon)[len(history) :], history.phase(horizon)[len(history) :]
        days = history.market.ahead_of(len(history))[:horizon]
        return np.asarray(days[:, None] * profile[weekday, phase])


class HourBoosting:
    """Gradient boosting with Poisson loss over the hours of past days, held near the profile's answer.

    Parameters
    ----------
    rounds : int
        Trees grown.
    random_state : int
        Seed of the horizons drawn.

    Attributes
    ----------
    model_ : HistGradientBoostingRegressor
        The trees.
    """

    name = "hour_boosting"
    _DAYS = 364
    _CALENDAR = ("weekday", "days_since_payroll", "days_to_payroll", "is_holiday", "is_eve")
    _MEMORIES = (5.0, 20.0, 80.0)

    def __init__(self, rounds: int = 100, random_state: int = 0) -> None:
        self.rounds = rounds
        self.random_state = random_state

    def fit(self, history: HourHistory) -> Self:
        """Grow the trees on the hours of the last year, each seen from one to fourteen days before."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        rng = np.random.default_rng(self.random_state)
        targets = np.flatnonzero(history.is_open)
        targets = targets[(targets >= 4 * WEEK) & (targets >= len(history) - self._DAYS)]
        features = self._features(history, targets, rng.integers(1, 2 * WEEK + 1, len(targets)))
        self.model_ = HistGradientBoostingRegressor(
            loss="poisson",
            learning_rate=0.05,
            max_iter=self.rounds,
            max_leaf_nodes=8,
            min_samples_leaf=40,
            l2_regularization=10.0,
            early_stopping=False,
            random_state=self.random_state,
        )
        with one_thread():
            self.model_.fit(features, np.maximum(history.values[targets], 0.0).ravel() / history.unit)
        return self

    def predict(self, history: HourHistory, horizon: int) -> FloatArray:
        """What the trees say, at most three times and at least a third of what the profile says.

        Poisson loss can explode on a lump; nobody may be told of a hundred customers because of it.
        """
        steps = np.arange(1, horizon + 1)
        features = self._features(history, len(history) + steps - 1, steps)
        with one_thread():
            told = self.model_.predict(features).reshape(horizon, HOURS) * history.unit
        usual = DayProfile().predict(history, horizon)
        return np.asarray(np.clip(told, usual / _MOST, usual * _MOST), dtype=np.float64)

    def _features(
        self, history: HourHistory, rows: NDArray[np.int64], steps: NDArray[np.int64]
    ) -> FloatArray:
        """Rows (days * 24, k) for the hours of `rows`, from what was known `steps` days before each."""
        known = rows - steps
        hours = np.broadcast_to(np.arange(HOURS), (len(rows), HOURS))
        frame = history.market.history.calendar.frame
        parts: list[Any] = [hours]
        parts += [memory[known] for memory in self._memories(history.values)]
        totals = [memory[known] for memory in self._memories(history.values.sum(axis=1, keepdims=True))]
        parts += [np.broadcast_to(total, hours.shape) for total in totals]
        parts.append(_same_weekday_mean(history.values, rows, steps))
        parts += [
            np.broadcast_to(frame[name].to_numpy(dtype=np.float64)[rows][:, None], hours.shape)
            for name in self._CALENDAR
        ]
        return np.stack(parts, axis=-1).reshape(hours.size, -1).astype(np.float64)

    def _memories(self, values: FloatArray) -> list[FloatArray]:
        """Exponentially weighted means after each day, gaps left out."""
        import pandas as pd

        frame = pd.DataFrame(values)
        return [np.asarray(frame.ewm(halflife=half).mean().ffill()) for half in self._MEMORIES]


HOUR_METHODS: tuple[type[HourMethod], ...] = (LastWeekHours, HourMean, DayProfile, HourBoosting)


def hour_profile(history: HourHistory) -> FloatArray:
    """Each hour's part of a day by weekday and pay phase, shape (7, phases, 24); the hours of a day sum to 1."""
    rows = np.flatnonzero(history.is_open)
    weight = 0.5 ** ((len(history) - 1 - rows) / _HALF_LIFE)
    came = np.maximum(history.values[rows], 0.0) / history.unit * weight[:, None]
    total = came.sum()
    if total <= 0:
        return np.full((WEEK, _PHASES, HOURS), 1.0 / HOURS)
    overall = came.sum(axis=0) / total
    weekday, phase = history.weekday()[rows], history.phase()[rows]
    by_weekday = np.stack([_shrunk(came[weekday == n], overall, _WEEKDAY_PRIOR) for n in range(WEEK)])
    by_phase = np.stack([_shrunk(came[phase == n], overall, _PHASE_PRIOR) for n in range(_PHASES)])
    bend = by_phase / np.maximum(overall, 1e-12)
    profile = by_weekday[:, None, :] * bend[None, :, :]
    return np.asarray(profile / profile.sum(axis=2, keepdims=True))


def _shrunk(came: FloatArray, overall: FloatArray, prior: float) -> FloatArray:
    counts: FloatArray = came.sum(axis=0) + prior * overall
    return np.asarray(counts / counts.sum(), dtype=np.float64)


def _same_weekday_mean(values: FloatArray, rows: NDArray[np.int64], steps: NDArray[np.int64]) -> FloatArray:
    """Mean of the last four same weekdays known `steps` days before each row; NaN where none was open."""
    weeks = (steps + WEEK - 1) // WEEK
    back = np.stack([rows - WEEK * (weeks + turn) for turn in range(4)])
    lags = np.where((back >= 0)[:, :, None], values[np.maximum(back, 0)], np.nan)
    is_known = ~np.isnan(lags)
    total = np.where(is_known, lags, 0.0).sum(axis=0)
    count = is_known.sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
