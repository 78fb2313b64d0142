"""Which days a shop keeps closed, as its own history tells: closing weekdays and closing holidays."""

from __future__ import annotations

import numpy as np

from colmado_insights.analytics.history import WEEK, BoolArray, History

CLOSED_AFTER_WEEKS = 8
"""A weekday without a sale for so many weeks is a closing day."""


def closed_ahead(history: History, horizon: int) -> BoolArray:
    """Which of the days after a history the shop keeps closed: its closing weekdays and closing holidays."""
    known, ahead = slice(0, len(history)), slice(len(history), len(history) + horizon)
    is_closing: BoolArray = np.isin(history.calendar.weekday, list(closing_weekdays(history)))
    holiday = history.calendar.frame["holiday"].to_numpy()
    shut = np.isnan(history.values)
    # A holiday that fell on a closing weekday says nothing about the holiday.
    told = np.where(is_closing[known], "", holiday[known])
    kept = [name for name in set(holiday[ahead]) - {""} if _is_always_shut(shut, told == name)]
    return is_closing[ahead] | np.isin(holiday[ahead], kept)


def closing_weekdays(history: History) -> frozenset[int]:
    """Weekdays without a sale in the last 8 weeks, where the shop was open on others in most of them."""
    span = CLOSED_AFTER_WEEKS * WEEK
    recent, weekday = history.values[-span:], history.weekday[-span:]
    weeks_seen = len(recent) // WEEK
    weeks_open = sum(
        not np.isnan(recent[week * WEEK : (week + 1) * WEEK]).all() for week in range(weeks_seen)
    )
    if weeks_open < 2 or weeks_open * 2 < weeks_seen:
        return frozenset()
    return frozenset(number for number in range(WEEK) if np.isnan(recent[weekday == number]).all())


def _is_always_shut(shut: BoolArray, such_days: BoolArray) -> bool:
    """Tell whether the shop was closed on at least two such days and on every one."""
    return bool(np.count_nonzero(such_days) >= 2 and shut[such_days].all())
