"""Gradient boosting on what the calendar's ridge leaves of a shop's days.

References
----------
J. H. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29, 2001.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from colmado_insights.analytics.forecast_ridge import LONGEST_MEMORY, CalendarRidge
from colmado_insights.analytics.history import WEEK, FloatArray, History
from colmado_insights.analytics.threads import one_thread

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingRegressor


class Boosting:
    """Gradient boosting (L1 loss) on what the ridge leaves: habits that are no sum of calendar effects.

    The ridge carries growth and level, so the trees never have to reach beyond what they have seen.
    They are small and few: a shop's days are mostly scatter, and deep trees learn that by heart.
    How many trees are worth growing is told by the last weeks, which the first fit does not see
    (early stopping); the second fit grows so many on all days.

    Parameters
    ----------
    most_rounds : int
        Trees grown at most.
    random_state : int
        Seed of the rows drawn.

    Attributes
    ----------
    ridge_ : CalendarRidge
        What the trees correct.
    rounds_ : int
        Trees that helped on the last weeks; 0 where none did, and the ridge speaks alone.
    model_ : HistGradientBoostingRegressor or None
        The trees.
    """

    name = "boosting"
    needs_days = 90
    _ROWS = 6000
    _HELD_BACK = 1 / 5
    _PATIENCE = 20
    _CALENDAR = ("weekday", "days_since_payroll", "days_to_payroll", "week_of_month", "is_holiday", "is_eve")

    def __init__(self, most_rounds: int = 200, random_state: int = 0) -> None:
        self.most_rounds = most_rounds
        self.random_state = random_state

    def fit(self, history: History) -> Self:
        """Grow the trees on past origins and horizons, drawn down to a few thousand rows."""
        self.ridge_ = CalendarRidge().fit(history)
        features, target, days = self._training(history)
        held_back = days >= len(history) - int(len(history) * self._HELD_BACK)
        early, late = self._drawn(~held_back), self._drawn(held_back)
        self.rounds_ = self._worthwhile(features[early], target[early], features[late], target[late])
        every = self._drawn(np.ones(len(days), dtype=bool))
        self.model_ = None
        if self.rounds_:
            self.model_ = self._trees(len(every), self.rounds_)
            with one_thread():
                self.model_.fit(features[every], target[every])
        return self

    def _training(self, history: History) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
        """Features (rows, k), what the ridge left (rows,) and the days it happened on (rows,)."""
        first = max(4 * WEEK, len(history) - LONGEST_MEMORY)
        origins = np.arange(first, len(history) - 1)
        features, base, ahead = self._rows(history, origins, np.arange(1, 4 * WEEK + 1))
        target = history.clean[np.minimum(ahead, len(history) - 1)] - base
        known = ((ahead < len(history)) & ~np.isnan(target)).ravel()
        return features[known], target.ravel()[known], ahead.ravel()[known]

    def _drawn(self, wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Positions of the rows wanted, drawn down to a few thousand."""
        rows = np.flatnonzero(wanted)
        if len(rows) <= self._ROWS:
            return rows
        return np.sort(np.random.default_rng(self.random_state).choice(rows, self._ROWS, replace=False))

    def _worthwhile(
        self, features: FloatArray, target: FloatArray, later_features: FloatArray, later_target: FloatArray
    ) -> int:
        """Trees with the smallest absolute error on the weeks held back; 0 where nothing was sold in them."""
        if not len(target) or not len(later_target):
            return 0
        model = self._trees(len(target), self.most_rounds)
        model.set_params(early_stopping=True, n_iter_no_change=self._PATIENCE, scoring="loss")
        with one_thread():
            model.fit(features, target, X_val=later_features, y_val=later_target)
        # The scores begin with that of no tree at all.
        return int(np.argmax(model.validation_score_))

    def _trees(self, rows: int, rounds: int) -> HistGradientBoostingRegressor:
        """Small trees that learn slowly."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        return HistGradientBoostingRegressor(
            loss="absolute_error",
            learning_rate=0.03,
            max_iter=rounds,
            max_leaf_nodes=6,
            min_samples_leaf=int(np.clip(rows // 20, 20, 200)),
            l2_regularization=50.0,
            early_stopping=False,
            random_state=self.random_state,
        )

    def predict(self, history: History, horizon: int) -> FloatArray:
        """The ridge's forecast, corrected by the trees."""
        features, base, _ = self._rows(history, np.array([len(history) - 1]), np.arange(1, horizon + 1))
        if self.model_ is None:
            return np.asarray(np.exp(base[0]), dtype=np.float64)
        with one_thread():
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
