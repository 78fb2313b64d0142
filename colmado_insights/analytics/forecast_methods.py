"""The ways to forecast a shop's days: small classes of one shape, `fit(history)` and `predict(history, horizon)`.

To add a method: write a class with `name`, `needs_days`, `fit` and `predict`, and put it into
`CANDIDATES`. The back-test decides whether a shop uses it. What `fit` learns must not hold the
level of the day it was fitted on: `predict` is handed the history up to its own origin, so that
a slow fit may serve several origins.

References
----------
V. Assimakopoulos, K. Nikolopoulos, "The theta model", International Journal of Forecasting 16, 2000.
R. J. Hyndman, A. B. Koehler, J. K. Ord, R. D. Snyder, "Forecasting with Exponential Smoothing", 2008.
"""

from __future__ import annotations

from itertools import product
from typing import Protocol, Self

import numpy as np
import pandas as pd

from colmado_insights.analytics.forecast_boosting import Boosting
from colmado_insights.analytics.forecast_ridge import CalendarRidge
from colmado_insights.analytics.history import (
    WEEK,
    YEAR,
    Calendar,
    FloatArray,
    History,
    last_of,
    mean_of,
    weekdays_ahead,
)

__all__ = [
    "CANDIDATES",
    "WEEK",
    "Boosting",
    "Calendar",
    "CalendarRidge",
    "FloatArray",
    "History",
    "Method",
    "SeasonalNaive",
    "Smoothing",
    "Theta",
    "WeekdayMean",
    "load_libraries",
]


class Method(Protocol):
    """The one shape of every candidate.

    `needs_days` is how many days with sales it must have to be fitted on. `predict` answers the expected
    values of the `horizon` days after the history, in the target's unit, shape (horizon,).
    """

    name: str
    needs_days: int

    def fit(self, history: History) -> Self:
        """Learn from a history; returns self."""
        ...

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Forecast the days after a history with what was learnt."""
        ...


class SeasonalNaive:
    """The same weekday of the last week that had it: the yardstick, never the promise."""

    name = "seasonal_naive"
    needs_days = 1

    def fit(self, history: History) -> Self:
        """Nothing to learn."""
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Repeat the last value of each weekday."""
        last = np.array([last_of(history.values[history.weekday == number]) for number in range(WEEK)])
        last = np.where(np.isnan(last), history.values[history.open_days[-28:]].mean(), last)
        return last[weekdays_ahead(history, horizon)]


class WeekdayMean:
    """Mean of the same weekday over the last weeks.

    Parameters
    ----------
    weeks : int
        How many weeks back the mean reaches.
    """

    name = "weekday_mean"
    needs_days = 3

    def __init__(self, weeks: int = 8) -> None:
        self.weeks = weeks

    def fit(self, history: History) -> Self:
        """Nothing to learn."""
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Average each weekday; weekdays not seen get the mean of all days."""
        # Counted from the last sale: a shop that was closed for months has no other weeks to go by.
        end = int(history.open_days[-1]) + 1
        span = slice(max(0, end - self.weeks * WEEK), end)
        values, weekday = np.exp(history.clean[span]), history.weekday[span]
        means = np.array([mean_of(values[weekday == number]) for number in range(WEEK)])
        means = np.where(np.isnan(means), mean_of(values), means)
        return means[weekdays_ahead(history, horizon)]


class Smoothing:
    """Exponential smoothing of logs with an additive week (ETS A,N,A).

    Attributes
    ----------
    level_, seasonal_ : float
        Smoothing weights with the smallest one-step error. They come from a small grid, not from
        an optimiser: same answer everywhere, no convergence to fear.
    """

    name = "ets"
    needs_days = 42
    _LEVELS = (0.01, 0.03, 0.06, 0.1, 0.2, 0.35)
    _SEASONALS = (0.005, 0.03, 0.1)

    def fit(self, history: History) -> Self:
        """Choose the two weights."""
        errors = {pair: self._smooth(history, *pair)[1] for pair in product(self._LEVELS, self._SEASONALS)}
        self.level_, self.seasonal_ = min(errors, key=lambda pair: (errors[pair], pair))
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Run the filter over the history and carry its state on."""
        return np.exp(self._smooth(history, self.level_, self.seasonal_, horizon)[0])

    def _smooth(
        self, history: History, level: float, seasonal: float, horizon: int = 1
    ) -> tuple[FloatArray, float]:
        from statsmodels.tsa.holtwinters import ExponentialSmoothing

        model = ExponentialSmoothing(
            history.filled[-YEAR:],
            seasonal="add",
            seasonal_periods=WEEK,
            initialization_method="heuristic",
        )
        with np.errstate(divide="ignore"):  # statsmodels takes the log of the error, which may be none
            fitted = model.fit(smoothing_level=level, smoothing_seasonal=seasonal, optimized=False)
            ahead = np.asarray(fitted.forecast(horizon), dtype=np.float64)
        return ahead, float(np.abs(fitted.resid[2 * WEEK :]).sum())


class Theta:
    """The theta method on logs freed of their week: simple smoothing and half the line through all days.

    Written out here because statsmodels' own fits its weight by a state-space likelihood that is
    infinite for a shop without scatter.

    Attributes
    ----------
    alpha_ : float
        Smoothing weight with the smallest one-step error, from a small grid.
    """

    name = "theta"
    needs_days = 42
    _ALPHAS = (0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5)

    def fit(self, history: History) -> Self:
        """Choose the smoothing weight."""
        rest, _ = self._deseasonalised(history)
        errors = {
            alpha: float(np.abs(rest[1:] - _smoothed(rest, alpha)[:-1])[WEEK:].sum())
            for alpha in self._ALPHAS
        }
        self.alpha_ = min(errors, key=lambda alpha: (errors[alpha], alpha))
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Forecast the level and give the week back."""
        rest, effect = self._deseasonalised(history)
        level = _smoothed(rest, self.alpha_)[-1]
        slope = np.polynomial.polynomial.polyfit(np.arange(len(rest)), rest, 1)[1]
        lag = (1.0 - (1.0 - self.alpha_) ** len(rest)) / self.alpha_
        logs: FloatArray = (
            level + slope / 2 * (np.arange(horizon) + lag) + effect[weekdays_ahead(history, horizon)]
        )
        return np.exp(logs)

    def _deseasonalised(self, history: History) -> tuple[FloatArray, FloatArray]:
        """The last year's logs without their weekday, and the weekdays' effects."""
        effect: FloatArray = np.nan_to_num(history.weekday_effect)
        return (history.filled - effect[history.weekday])[-YEAR:], effect


CANDIDATES: tuple[type[Method], ...] = (
    SeasonalNaive,
    WeekdayMean,
    Smoothing,
    Theta,
    CalendarRidge,
    Boosting,
)


def _smoothed(rest: FloatArray, alpha: float) -> FloatArray:
    """Simple exponential smoothing: the level after each day."""
    return np.asarray(pd.Series(rest).ewm(alpha=alpha, adjust=False).mean(), dtype=np.float64)


def load_libraries() -> None:
    """Import what the methods need, so that the first forecast need not wait for it."""
    import sklearn.ensemble  # noqa: F401
    import statsmodels.tsa.holtwinters  # noqa: F401
    import threadpoolctl  # noqa: F401
