"""Power cuts and shortened days: how much of its usual day a shop was open, told by silence in its hours.

A till falls silent when the power goes. Silence where receipts are usually many cannot be chance;
silence where one an hour is usual says nothing. So every stretch of a day is compared with what such
a day's other hours let expect, and only a stretch too improbable counts as lost.

References
----------
J. I. Naus, "Approximations for distributions of scan statistics", Journal of the American
Statistical Association 77, 1982 (why one day's many stretches need a stricter limit).
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.history import WEEK, BoolArray, FloatArray, History
from colmado_insights.domain import HOURLY_COLUMNS, NO_HOUR, day_number, day_of

LEAST_OPEN_SHARE = 0.6
"""A day open for less is no measure of a whole one."""
_HOURS = 24
_WEEKS_AROUND = 13
"""Same weekdays, centred on a day, whose hours are its usual ones."""
_POOLED_DAYS = 2.0
"""How many days of the whole week's profile are mixed into a weekday's own."""
_FIRMNESS = 15.0
"""Shape of the gamma prior of a day's size around its usual one: days scatter by about a quarter."""
_FALSE_ALARM = 0.002
"""Chance that a whole, undisturbed day is called partial."""
_NEAR_SILENCE = 0.25
"""A stretch that sold more than this part of what it should is a slow one, not a lost one."""
_HABIT = 0.4
"""An hour lost on so many of the days around is how the shop opens now, not an accident."""
_HABIT_DAYS = 15
_PASSES = 2
"""Lost hours of the first pass are left out of the usual day of the second."""


def compute_open_share(hourly: pd.DataFrame, *, until: date, days: DominicanDays) -> pd.Series[float]:
    """Share of its usual business that each day was open for.

    Parameters
    ----------
    hourly : DataFrame
        HOURLY_COLUMNS, one row an hour with sales. Rows after `until` are not looked at; sales
        without a time of day neither.
    until : date
        Last *complete* day.
    days : DominicanDays
        The calendar of the shop. Opening late or closing early on a holiday belongs to the holiday; only
        silence between two sales of such a day counts as lost.

    Returns
    -------
    Series
        Indexed by day number, one value a day with timed sales, 0 < share ≤ 1; 1 where nothing
        speaks against a whole day. Days without sales are not in it.

    Assumes
    -------
    Receipts of an hour are Poisson around the usual hour times the day's size. Silence at the same
    hours on many days around is a habit (new opening hours), not a loss.

    References
    ----------
    See the module.
    """
    check_frame(hourly, HOURLY_COLUMNS, "hourly")
    timed = hourly[(hourly["hour"] != NO_HOUR) & (hourly["day"] <= day_number(until))]
    counts = timed.pivot_table(index="day", columns="hour", values="receipts", aggfunc="sum", fill_value=0)
    counts = counts.reindex(columns=range(_HOURS), fill_value=0)
    counts = counts[counts.sum(axis=1) > 0]
    if counts.empty:
        return pd.Series(dtype="float64")
    numbers = counts.index.to_numpy(dtype=np.int64)
    table = counts.to_numpy(dtype=np.float64)
    is_holiday = np.array([days.holiday(day_of(int(number))) is not None for number in numbers])
    lost = np.zeros(table.shape, dtype=bool)
    share = np.ones(len(table))
    for _ in range(_PASSES):
        profile = _usual_profile(numbers, table, lost)
        usual = _usual_receipts(numbers, table, profile, lost)
        lost = _lost_hours(table, usual[:, None] * profile)
        lost &= ~_habits(numbers, lost) & (_is_between_sales(table) | ~is_holiday[:, None])
        share = _share_open(table, usual[:, None] * profile, lost)
    return pd.Series(share, index=numbers)


def without_outages(history: History, open_share: pd.Series[float]) -> History:
    """The same history as it would have been with power.

    A day open for 60 % of its business or more is scaled up to a whole one; a shorter one becomes a gap.
    """
    days = history.calendar.first + np.arange(len(history))
    share = np.array(open_share.reindex(days).fillna(1.0), dtype=np.float64)
    return History(np.where(share >= LEAST_OPEN_SHARE, history.values / share, np.nan), history.calendar)


def _usual_profile(days: NDArray[np.int64], table: FloatArray, lost: BoolArray) -> FloatArray:
    """Usual share of each hour in the receipts of each day, (days, 24); rows sum to one."""
    frame = pd.DataFrame(np.where(lost, np.nan, table), index=days)
    around = _WEEKS_AROUND * WEEK
    pooled = frame.rolling(around, center=True, min_periods=1).mean().fillna(0.0)
    own = pd.DataFrame(index=days, columns=frame.columns, dtype="float64")
    for weekday in range(WEEK):
        rows = frame[days % WEEK == weekday]
        own.loc[rows.index] = rows.rolling(_WEEKS_AROUND, center=True, min_periods=1).mean()
    seen = float(min(_WEEKS_AROUND, max(1, len(days) // WEEK)))
    mixed = (own.fillna(pooled) * seen + pooled * _POOLED_DAYS) / (seen + _POOLED_DAYS)
    sums = mixed.sum(axis=1).replace(0.0, 1.0)
    return np.asarray(mixed.div(sums, axis=0), dtype=np.float64)


def _usual_receipts(
    days: NDArray[np.int64], table: FloatArray, profile: FloatArray, lost: BoolArray
) -> FloatArray:
    """Receipts of such a day when whole: the middle one of the same weekdays around; (days,)."""
    open_part = np.where(lost, 0.0, profile).sum(axis=1)
    totals = pd.Series(np.where(lost, 0.0, table).sum(axis=1) / np.maximum(open_part, 0.05), index=days)
    usual = pd.Series(index=days, dtype="float64")
    for weekday in range(WEEK):
        rows = totals[days % WEEK == weekday]
        usual.loc[rows.index] = rows.rolling(_WEEKS_AROUND, center=True, min_periods=1).median()
    return np.asarray(usual, dtype=np.float64)


def _lost_hours(table: FloatArray, expected: FloatArray) -> BoolArray:
    """Hours of stretches whose silence is beyond chance, (days, 24); at most two stretches a day."""
    lost = np.zeros(table.shape, dtype=bool)
    for _ in range(2):
        # What was found already belongs neither to a stretch nor to the rest of its day.
        start, end, chance = _least_probable(np.where(lost, 0.0, table), np.where(lost, 0.0, expected))
        hours = np.arange(_HOURS)
        stretch = (hours >= start[:, None]) & (hours < end[:, None])
        lost |= stretch & (chance < _FALSE_ALARM / _stretches(expected))[:, None]
    return lost


def _stretches(expected: FloatArray) -> FloatArray:
    """How many stretches a day's opening hours have, (days,): so many chances to be fooled."""
    is_open = expected > expected.sum(axis=1, keepdims=True) * 0.005
    hours = is_open.sum(axis=1)
    return np.asarray(hours * (hours + 1) / 2, dtype=np.float64)


def _least_probable(
    table: FloatArray, expected: FloatArray
) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """The most surprising silence of each day: first hour, end (excluded) and its probability, (days,)."""
    from scipy.special import betainc

    start, end = np.triu_indices(_HOURS + 1, k=1)
    sums = np.concatenate([np.zeros((len(table), 1)), table.cumsum(axis=1)], axis=1)
    hopes = np.concatenate([np.zeros((len(table), 1)), expected.cumsum(axis=1)], axis=1)
    seen, hoped = sums[:, end] - sums[:, start], hopes[:, end] - hopes[:, start]
    # The day's size as the rest of it tells: gamma prior, Poisson counts.
    shape = _FIRMNESS + sums[:, -1:] - seen
    rate = _FIRMNESS + hopes[:, -1:] - hoped
    likely = hoped * shape / rate
    chance = np.ones(seen.shape)
    quiet = (likely > 1.0) & (seen <= _NEAR_SILENCE * likely)
    chance[quiet] = betainc(shape[quiet], seen[quiet] + 1.0, (rate / (rate + hoped))[quiet])
    best = chance.argmin(axis=1)
    return start[best], end[best], chance[np.arange(len(table)), best]


def _is_between_sales(table: FloatArray) -> BoolArray:
    """Hours with a sale before and after them on the same day, (days, 24)."""
    sold = table > 0
    before = np.maximum.accumulate(sold, axis=1)
    after = np.maximum.accumulate(sold[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(before & after)


def _habits(days: NDArray[np.int64], lost: BoolArray) -> BoolArray:
    """Hours lost on many of the days around as well, (days, 24)."""
    frame = pd.DataFrame(lost.astype(np.float64), index=days)
    around = frame.rolling(_HABIT_DAYS, center=True, min_periods=1).mean()
    return np.asarray(around >= _HABIT) & (len(days) >= _HABIT_DAYS)


def _share_open(table: FloatArray, expected: FloatArray, lost: BoolArray) -> FloatArray:
    """What was sold over what would have been, had the lost hours sold at the pace of the others."""
    seen = table.sum(axis=1)
    rest = np.where(lost, 0.0, table).sum(axis=1)
    hoped = np.where(lost, expected, 0.0).sum(axis=1)
    pace = (_FIRMNESS + rest) / (_FIRMNESS + np.where(lost, 0.0, expected).sum(axis=1))
    missed = np.where(lost.any(axis=1), hoped * pace - (seen - rest), 0.0)
    return np.asarray(seen / np.maximum(seen + np.maximum(missed, 0.0), 1e-9), dtype=np.float64)
