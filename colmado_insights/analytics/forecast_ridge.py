"""Ridge on logs: what each calendar effect does to a day, over a level that is followed.

References
----------
A. E. Hoerl, R. W. Kennard, "Ridge regression", Technometrics 12, 1970.
"""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.history import WEEK, YEAR, FloatArray, History, mean_of, robust_sigma

LONGEST_MEMORY = 3 * YEAR
"""Older days teach a growing shop little and cost time."""


class CalendarRidge:
    """Ridge on logs: calendar effects over a slow level, then the level's own next step.

    Each calendar column has a prior spread, so an effect seen twice is believed half and one
    seen fifty times wholly. What the calendar leaves is followed by three memories (5, 20 and
    90 days) and by what the level did a year ago; ridge weighs them.

    Attributes
    ----------
    effects_ : ndarray of shape (columns,)
        Effect of each calendar column in logs.
    weights_ : ndarray
        Weights of the level's features.
    """

    name = "ridge"
    needs_days = 28
    _HALF_LIVES = (5.0, 20.0, 90.0)
    _LEVEL_SPREAD = 0.3

    def fit(self, history: History) -> Self:
        """Learn the calendar's effects, then the weights of the level's memories."""
        start = max(0, len(history) - LONGEST_MEMORY)
        self.effects_ = _calendar_effects(history, start)
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

    def trend(self, history: History, horizon: int) -> FloatArray:
        """How far (in logs) the level ahead lies from that of the last three months."""
        rest, _ = self.split(history)
        _, level = self.level_ahead(rest, np.array([len(rest) - 1]), np.arange(1, horizon + 1))
        distance: FloatArray = level[0] - mean_of(rest[-13 * WEEK :])
        return distance

    def split(self, history: History) -> tuple[FloatArray, FloatArray]:
        """Logs freed of the calendar, shape (days,), and the calendar's part of every day it knows."""
        effects = history.calendar.effects @ self.effects_
        return history.clean - effects[: len(history)], effects

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


def _calendar_effects(history: History, start: int) -> FloatArray:
    """Ridge effects (in logs) of the calendar's columns over a slow level; shape (columns,)."""
    logs = history.clean[start:]
    design = history.calendar.effects[start : len(history)]
    known = ~np.isnan(logs)
    effects: FloatArray = np.zeros(design.shape[1])
    sigma = 0.3
    for _ in range(4):
        level = _smooth_level(logs - design @ effects)
        target = logs - level
        penalty = np.diag((sigma / history.calendar.spread) ** 2)
        rows = design[known]
        effects = _solve(rows.T @ rows + penalty, rows.T @ target[known])
        sigma = max(robust_sigma(target - design @ effects), 0.02)
    return effects


def _smooth_level(rest: FloatArray, spread_days: float = 45.0) -> FloatArray:
    """Gaussian-weighted mean of the days around each day, gaps left out."""
    reach = int(3 * spread_days)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread_days) ** 2)
    known = ~np.isnan(rest)
    total = np.convolve(np.where(known, rest, 0.0), kernel)[reach:-reach]
    weight = np.convolve(known.astype(np.float64), kernel)[reach:-reach]
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
