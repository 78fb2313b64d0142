"""Gradient boosting on what the calendar's ridge leaves of a shop's days.

References
----------
J. H. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29, 2001.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import Self

import numpy as np
from numpy.typing import NDArray

from colmado_insights.analytics.forecast_ridge import LONGEST_MEMORY, CalendarRidge
from colmado_insights.analytics.history import WEEK, FloatArray, History


class Boosting:
    """Gradient boosting (L1 loss) on what the ridge leaves: habits that are no sum of calendar effects.

    The ridge carries growth and level, so the trees never have to reach beyond what they have seen.
    They are small and few: a shop's days are mostly scatter, and deep trees learn that by heart.

    Parameters
    ----------
    rounds : int
        Trees grown. Early stopping was tried: on so few independent weeks it stops at random.
    random_state : int
        Seed of the rows drawn.

    Attributes
    ----------
    ridge_ : CalendarRidge
        What the trees correct.
    model_ : HistGradientBoostingRegressor
        The trees.
    """

    name = "boosting"
    needs_days = 90
    _ROWS = 6000
    _CALENDAR = ("weekday", "days_since_payroll", "days_to_payroll", "week_of_month", "is_holiday", "is_eve")

    def __init__(self, rounds: int = 90, random_state: int = 0) -> None:
        self.rounds = rounds
        self.random_state = random_state

    def fit(self, history: History) -> Self:
        """Grow the trees on past origins and horizons, drawn down to a few thousand rows."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        self.ridge_ = CalendarRidge().fit(history)
        first = max(4 * WEEK, len(history) - LONGEST_MEMORY)
        origins = np.arange(first, len(history) - 1)
        features, base, ahead = self._rows(history, origins, np.arange(1, 4 * WEEK + 1))
        target = history.clean[np.minimum(ahead, len(history) - 1)] - base
        rows = np.flatnonzero(((ahead < len(history)) & ~np.isnan(target)).ravel())
        if len(rows) > self._ROWS:
            rng = np.random.default_rng(self.random_state)
            rows = np.sort(rng.choice(rows, self._ROWS, replace=False))
        self.model_ = HistGradientBoostingRegressor(
            loss="absolute_error",
            learning_rate=0.03,
            max_iter=self.rounds,
            max_leaf_nodes=6,
            min_samples_leaf=int(np.clip(len(rows) // 20, 20, 200)),
            l2_regularization=50.0,
            early_stopping=False,
            random_state=self.random_state,
        )
        with _one_thread():
            self.model_.fit(features[rows], target.ravel()[rows])
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """The ridge's forecast, corrected by the trees."""
        features, base, _ = self._rows(history, np.array([len(history) - 1]), np.arange(1, horizon + 1))
        with _one_thread():
            logs: FloatArray = base[0] + self.model_.predict(features)
        return np.exp(logs)

    def _rows(
        self, history: History, origins: NDArray[np.int64], horizons: NDArray[np.int64]
    ) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
        """Features (origins * horizons, k), the ridge's logs (origins, horizons) and the days meant (same)."""
        rest, effects = self.ridge_.split(history)
        memory, level = self.ridge_.level_ahead(rest, origins, horizons)
        ahead = origins[:, None] + horizons[None, :]
        frame = history.calendar.frame
        parts = [memory[..., 0], memory[..., 1], memory[..., 2], np.broadcast_to(horizons, ahead.shape)]
        parts += [lag - level for lag in _weekday_lags(rest, origins, horizons)]
        parts += [frame[column].to_numpy(dtype=np.float64)[ahead] for column in self._CALENDAR]
        angle = 2 * np.pi * (history.calendar.first + ahead) / 365.25
        parts += [np.sin(angle), np.cos(angle)]
        return np.stack(parts, axis=-1).reshape(ahead.size, -1), level + effects[ahead], ahead


def _weekday_lags(
    clean: FloatArray, origins: NDArray[np.int64], horizons: NDArray[np.int64]
) -> list[FloatArray]:
    """The last same weekday known at each origin, and the mean of the last four."""
    weeks = (horizons + WEEK - 1) // WEEK * WEEK
    last = origins[:, None] + horizons[None, :] - weeks[None, :]
    lags = np.stack([clean[np.maximum(last - WEEK * back, 0)] for back in range(4)])
    known = ~np.isnan(lags)
    total = np.where(known, lags, 0.0).sum(axis=0)
    mean = np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)
    return [lags[0], mean]


def _one_thread() -> AbstractContextManager[object]:
    """Keep OpenMP to one thread: for so few rows more threads only wait for each other."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    # Without it scikit-learn starts another program to count the machine's cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    limits: AbstractContextManager[object] = threadpool_limits(limits=1)
    return limits
