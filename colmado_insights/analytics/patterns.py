"""The rhythm of the week: what each hour of each weekday brings."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import HourPattern, NotEnough
from colmado_insights.domain import DAILY_COLUMNS, HOURLY_COLUMNS, NO_HOUR, day_number, day_of

WINDOW_DAYS = 91
"""Thirteen weeks: thirteen days behind each cell, and still this season."""
LEAST_DAYS = 7
_TIMED_SHARE = 0.5


def compute_pattern(
    hourly: pd.DataFrame, daily: pd.DataFrame, until: date, *, window_days: int = WINDOW_DAYS
) -> HourPattern | NotEnough:
    """Compute the mean receipts and revenue per open day of each weekday and hour.

    Parameters
    ----------
    hourly : DataFrame
        HOURLY_COLUMNS, rows in any order.
    daily : DataFrame
        DAILY_COLUMNS of the same sales.
    until : date
        Last day looked at; the window ends on the last usable day up to it.
    window_days : int
        Length of the window, in calendar days.

    Returns
    -------
    HourPattern or NotEnough
        7 x 24 means, 0 where a weekday was never open. Revenue is net of refunds. A day is usable when it
        has a sale and at least half of its receipts have a time: a till that gave only dates for half a
        year must not make every hour look half as busy. Fewer than seven usable days are `NotEnough`.
    """
    check_frame(hourly, HOURLY_COLUMNS, "hourly")
    check_frame(daily, DAILY_COLUMNS, "daily")
    days = _usable_days(hourly, daily, day_number(until))
    days = days[days > days.max() - window_days] if days.size else days
    if days.size < LEAST_DAYS:
        return NotEnough(needed=LEAST_DAYS, have=days.size, unit="days", until=until)
    timed = hourly[(hourly["hour"] != NO_HOUR) & hourly["day"].isin(days)]
    cell = (timed["day"].to_numpy() + 4) % 7 * 24 + timed["hour"].to_numpy()
    open_days = np.bincount((days + 4) % 7, minlength=7)
    return HourPattern(
        receipts=_means(cell, timed["receipts"].to_numpy(), open_days),
        revenue_cents=_means(cell, timed["revenue_cents"].to_numpy(), open_days),
        open_days=tuple(open_days.tolist()),
        first_day=day_of(days.min()),
        until=day_of(days.max()),
    )


def _usable_days(hourly: pd.DataFrame, daily: pd.DataFrame, until: int) -> np.ndarray:
    """Day numbers up to `until` with sales most of which have a time, ascending."""
    is_timed = hourly["hour"] != NO_HOUR
    timed = hourly[is_timed].groupby("day")["receipts"].sum()
    whole = daily.set_index("day")["receipts"]
    share = timed.reindex(whole.index, fill_value=0) / whole.where(whole > 0)
    return np.sort(whole.index[(share >= _TIMED_SHARE) & (whole.index <= until)].to_numpy())


def _means(cell: np.ndarray, amounts: np.ndarray, open_days: np.ndarray) -> tuple[tuple[float, ...], ...]:
    """Sums by weekday and hour over the open days of the weekday, 7 x 24."""
    sums = np.bincount(cell, amounts, minlength=7 * 24).reshape(7, 24)
    means = sums / np.maximum(open_days, 1)[:, np.newaxis]
    return tuple(tuple(row) for row in means.tolist())
