"""What a product or an hour is a part of: the shop's whole days, those known and those to come.

The days of a whole shop can be forecast far better than those of one product. So the shop is forecast
once at every origin, and its parts ask how large their part of it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from colmado_insights.analytics.backtest import run_trials, weekly_origins
from colmado_insights.analytics.closed_days import closed_ahead
from colmado_insights.analytics.forecast_methods import CalendarRidge, Theta, WeekdayMean
from colmado_insights.analytics.history import WEEK, FloatArray, History
from colmado_insights.progress import Progress

LONGEST_HORIZON = 28
_ORIGINS = 26
_LEAST_DAYS = 4 * WEEK
_ENOUGH_ORIGINS = 4
_CUT_SHORT = 0.25
"""A day with less than this share of its weekday's usual sales was cut short: a power cut, an early close."""


@dataclass(frozen=True)
class Market:
    """The shop's days and what was expected of the days after each origin.

    `history` holds what a whole day brings (receipts, or cents), NaN where closed or cut short.
    `origins` are weekly, the last one is the end of the history; `ahead[i]` are the expected
    whole days after `origins[i]`, shape (origins, 28), 0 where the shop keeps closed.
    """

    history: History
    origins: NDArray[np.int64]
    ahead: FloatArray

    @classmethod
    def of(cls, history: History, progress: Progress | None = None) -> Market:
        """Forecast the whole days after each weekly origin, and after the end."""
        history = History(_without_cut_days(history), history.calendar)
        past = weekly_origins(len(history), _ORIGINS, _row_of(history, _LEAST_DAYS))
        origins = np.append(past, len(history))
        trials = run_trials(history, [WeekdayMean, CalendarRidge, Theta], origins, LONGEST_HORIZON, progress)
        able = [method.name for method in (CalendarRidge, Theta) if method.name in trials.predicted]
        ahead = trials.blend(able or [WeekdayMean.name])
        ahead *= np.array([_lift(ahead, trials.known_at(int(origin))) for origin in origins])[:, None]
        closed = np.array([closed_ahead(history.before(int(origin)), LONGEST_HORIZON) for origin in origins])
        return cls(history, origins, np.where(closed, 0.0, ahead))

    @property
    def past_origins(self) -> NDArray[np.int64]:
        """The origins after which something is known."""
        return self.origins[:-1]

    @cached_property
    def effects(self) -> FloatArray:
        """What each column of the calendar does to the whole shop, in logs; nothing while it is young."""
        if len(self.history.open_days) < _LEAST_DAYS:
            return np.zeros(self.history.calendar.effects.shape[1])
        return CalendarRidge().fit(self.history).centred_effects(self.history)

    def ahead_of(self, days: int) -> FloatArray:
        """What is expected of the 28 days after one of the origins."""
        return np.asarray(self.ahead[int(np.searchsorted(self.origins, days))], dtype=np.float64)


def _without_cut_days(history: History) -> FloatArray:
    """The values without days that brought a small part of what their weekday brings."""
    usual = np.exp(history.filled) if len(history.open_days) >= _LEAST_DAYS else np.zeros(len(history))
    return np.where(history.values < _CUT_SHORT * usual, np.nan, history.values)


def _row_of(history: History, open_days: int) -> int:
    """The row after so many days with sales, or after all of them."""
    rows = history.open_days
    return int(rows[min(open_days, len(rows)) - 1]) + 1 if len(rows) else 0


def _lift(predicted: FloatArray, known: FloatArray) -> float:
    """What brings forecasts made in logs, which lie in the middle of a day, to the mean of such days."""
    is_known = ~np.isnan(known)
    if int(is_known.any(axis=1).sum()) < _ENOUGH_ORIGINS:
        return 1.0
    factor = float(known[is_known].sum() / predicted[is_known].sum())
    return float(np.clip(factor, 0.8, 1.25))
