"""Ridge on logs: what each calendar effect does to a day, over a level that is followed.

References
----------
A. E. Hoerl, R. W. Kennard, "Ridge regression", Technometrics 12, 1970.
P. Speckman, "Kernel smoothing in partial linear models", Journal of the Royal Statistical Society B 50, 1988.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.history import WEEK, YEAR, FloatArray, History, mean_of, robust_sigma
from colmado_insights.analytics.level_shift import LevelShift, aligned, find_level_shift

LONGEST_MEMORY = 3 * YEAR
"""Older days teach a growing shop little and cost time."""
_FIRST_SCATTER = 0.3
_LEAST_SIGMA = 0.02
_ROUNDS = 3
_FEAST_DOUBT = 1.2
"""Feast days scatter so many times as much as plain ones; tuned on the sample shops of seeds 201 to 205."""
_FEASTS = ("holiday", "eve", "occasion")


class CalendarRidge:
    """Ridge on logs: calendar effects over a slow level, then the level's own next step.

    Each calendar column has a prior spread, so an effect seen twice is believed half and one
    seen fifty times wholly. What the calendar leaves is followed by three memories (5, 20 and
    90 days) and by what the level did a year ago; ridge weighs them.

    Attributes
    ----------
    effects_ : ndarray of shape (columns,)
        Effect of each calendar column in logs.
    covariance_ : ndarray of shape (columns, columns)
        How well they are known.
    weights_ : ndarray
        Weights of the level's features.
    """

    name = "ridge"
    needs_days = 7
    _HALF_LIVES = (5.0, 20.0, 90.0)
    _LEVEL_SPREAD = 0.3

    def fit(self, history: History) -> Self:
        """Learn the calendar's effects, then the weights of the level's memories."""
        start = max(0, len(history) - LONGEST_MEMORY)
        learnt = _fit_calendar(_with_feasts(history)[start:], history, start)
        for _ in range(2):
            # What a feast does is known now: days are wild only when they are off what it lets expect.
            self.effects_, self.covariance_ = learnt.effects, learnt.covariance
            rest, effects = self.split(history)
            learnt = _fit_calendar((rest + effects[: len(history)])[start:], history, start)
        self.effects_, self.covariance_ = learnt.effects, learnt.covariance
        self.weights_ = self._fit_level(history, start)
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Carry the level on and put the calendar of each day over it."""
        rest, effects = self.split(history)
        _, level = self.level_ahead(rest, np.array([len(rest) - 1]), np.arange(1, horizon + 1))
        logs: FloatArray = level[0] + effects[len(history) : len(history) + horizon]
        return np.exp(logs)

    def centred_effects(self, history: History) -> FloatArray:
        """Effects with the weekdays' measured from the mean of the weekdays the shop opens."""
        effects = self.effects_.copy()
        is_weekday = np.array([code == "weekday" for code, _ in history.calendar.names])
        is_open = np.array([bool((~np.isnan(history.logs[history.weekday == n])).any()) for n in range(WEEK)])
        effects[is_weekday] -= effects[is_weekday][is_open].mean()
        return effects

    def effects_of(self, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        """What days with these calendar columns (days, columns) add up to, and its standard error, in logs."""
        variance = np.einsum("ij,jk,ik->i", rows, self.covariance_, rows)
        return rows @ self.effects_, np.sqrt(variance)

    def trend(self, history: History, horizon: int) -> FloatArray:
        """How far (in logs) the level ahead lies from that of the last three months."""
        rest, _ = self.split(history)
        _, level = self.level_ahead(rest, np.array([len(rest) - 1]), np.arange(1, horizon + 1))
        distance: FloatArray = level[0] - mean_of(rest[-13 * WEEK :])
        return distance

    def split(self, history: History) -> tuple[FloatArray, FloatArray]:
        """Logs freed of the calendar, shape (days,), and the calendar's part of every day it knows.

        What lies before a level shift is moved to the level after it, so that the new level is learnt at once.
        """
        effects = history.calendar.effects @ self.effects_
        rest = self._rest(history, effects[: len(history)])
        return aligned(rest, find_level_shift(rest)), effects

    def level_shift(self, history: History) -> LevelShift | None:
        """The level shift of the last weeks, if there was one."""
        return find_level_shift(self._rest(history, history.calendar.effects[: len(history)] @ self.effects_))

    def _rest(self, history: History, effects: FloatArray) -> FloatArray:
        """Logs freed of the calendar, wild days pulled in."""
        return history.around(history.level_around(effects) + effects) - effects

    def level_ahead(
        self, rest: FloatArray, origins: NDArray[np.int64], horizons: NDArray[np.int64]
    ) -> tuple[FloatArray, FloatArray]:
        """Features (origins, horizons, k) of the level's next step, and the level expected there."""
        features, base = self._level_features(rest, origins, horizons)
        return features, base + features @ self.weights_

    def _fit_level(self, history: History, start: int) -> FloatArray:
        rest = self.split(history)[0][start:]
        horizons = np.arange(1, min(2 * WEEK, len(rest) // 2) + 1)
        origins = np.arange(min(2 * WEEK, len(rest) // 2), len(rest) - 1)
        features, base = self._level_features(rest, origins, horizons)
        ahead = origins[:, None] + horizons
        target = rest[np.minimum(ahead, len(rest) - 1)] - base
        known = (ahead < len(rest)) & ~np.isnan(target)
        # Neighbouring origins tell the same story: count each week once, not every pair.
        return _ridge(features[known], target[known], self._LEVEL_SPREAD, discount=1 / (2 * WEEK))

    def _level_features(
        self, rest: FloatArray, origins: NDArray[np.int64], horizons: NDArray[np.int64]
    ) -> tuple[FloatArray, FloatArray]:
        """Features (origins, horizons, k) of the level's next step, and the level (origins, horizons)."""
        series = pd.Series(rest)
        memories = [np.asarray(series.ewm(halflife=half).mean()) for half in self._HALF_LIVES]
        ones = np.ones((len(origins), len(horizons)))
        fast, base, slow = (memory[origins][:, None] * ones for memory in memories)
        far = horizons[None, :] / (2 * WEEK) * ones
        recent, long_past = fast - base, slow - base
        year = _year_ago(rest, origins, horizons)
        return np.stack([recent, long_past, year, recent * far, long_past * far, far], axis=-1), base


def _with_feasts(history: History) -> FloatArray:
    """Clean logs, but feasts as they were: what they do is still to be learnt, however wild it looks."""
    codes = np.array([code in _FEASTS for code, _ in history.calendar.names])
    is_feast = history.calendar.effects[: len(history), codes].any(axis=1)
    return np.where(is_feast, history.logs, history.clean)


@dataclass(frozen=True)
class _CalendarFit:
    """Effects in logs, shape (columns,), and the covariance of what is not known about them."""

    effects: FloatArray
    covariance: FloatArray


def _fit_calendar(logs: FloatArray, history: History, start: int) -> _CalendarFit:
    """Ridge effects of the calendar's columns over a slow level, shrunk to what is usual.

    The level is smoothed out of both the days and the columns (Speckman), so that a month-long effect
    is not taken for a change of level twice.
    """
    design = history.calendar.effects[start : len(history)]
    known = ~np.isnan(logs)
    level = _smooth_level(np.column_stack([logs, np.where(known[:, None], design, np.nan)]))
    rows = (design - level[:, 1:])[known]
    target = (logs - level[:, 0])[known]
    spread, prior = history.calendar.spread, history.calendar.prior
    sigma, effects = _FIRST_SCATTER, prior
    for _ in range(_ROUNDS):
        penalty = (sigma / spread) ** 2
        inverse = np.linalg.inv(rows.T @ rows + np.diag(penalty))
        effects = inverse @ (rows.T @ target + penalty * prior)
        sigma = max(robust_sigma(target - rows @ effects), _LEAST_SIGMA)
    return _CalendarFit(effects, np.asarray(inverse * (sigma * _FEAST_DOUBT) ** 2, dtype=np.float64))


def _smooth_level(rest: FloatArray, spread_days: float = 45.0) -> FloatArray:
    """Gaussian-weighted mean of the days around each day, column by column, gaps left out."""
    from scipy.ndimage import gaussian_filter1d

    known = ~np.isnan(rest)
    total = gaussian_filter1d(np.where(known, rest, 0.0), spread_days, axis=0, mode="constant", truncate=3.0)
    weight = gaussian_filter1d(known.astype(np.float64), spread_days, axis=0, mode="constant", truncate=3.0)
    level: FloatArray = total / np.maximum(weight, 1e-12)
    return level


def _ridge(features: FloatArray, target: FloatArray, spread: float, discount: float) -> FloatArray:
    """Ridge weights with a common prior spread; `discount` is what one row counts."""
    if len(target) == 0:
        return np.zeros(features.shape[1])
    sigma = max(robust_sigma(target), 0.02)
    penalty = np.eye(features.shape[1]) * (sigma / spread) ** 2 / discount
    return _solve(features.T @ features + penalty, features.T @ target)


def _solve(matrix: FloatArray, target: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.solve(matrix, target), dtype=np.float64)


def _year_ago(rest: FloatArray, origins: NDArray[np.int64], horizons: NDArray[np.int64]) -> FloatArray:
    """How the level moved a year ago between the same two days; 0 where nobody knows."""
    level = np.asarray(pd.Series(rest).rolling(21, center=True, min_periods=10).mean())
    before = origins[:, None] - YEAR + 0 * horizons[None, :]
    after = before + horizons[None, :]
    moved = level[np.maximum(after, 0)] - level[np.maximum(before, 0)]
    return np.where(before >= 0, np.nan_to_num(moved), 0.0)
