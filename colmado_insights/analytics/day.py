"""One day against what is usual for it: so far, hour by hour, and what is still to come.

A day runs from midnight to midnight, as in the daily sums.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import DayView, Usual
from colmado_insights.analytics.usual import (
    Receipts,
    UsualDays,
    get_receipts,
    get_usual,
    get_usual_basket,
    get_usual_days,
)
from colmado_insights.domain import SECONDS_A_DAY, day_of, wall_seconds

_SHOWN_HOUR_SHARE = 0.25


def compute_day(history: pd.DataFrame, now: datetime, days: DominicanDays) -> DayView:
    """Compute the day of `now`, up to `now`, against what is usual.

    Parameters
    ----------
    history : DataFrame
        HISTORY_COLUMNS of the last 60 days with data, in any order; what comes after `now` is passed over.
    now : datetime
        Naive wall-clock time; the end of a past day shows that day whole.
    days : DominicanDays
        The shop's calendar.

    Returns
    -------
    DayView
        Revenue is net of refunds, receipts are sales. `hours` runs from the first to the last hour in
        which more than a quarter of the usual days, or today, had a sale. Sales without a time count in today's
        revenue and receipts, and in nothing that has a clock. The band of each `Usual` is the 80 %
        prediction interval for one more such day, mean ± t(0.90, n - 1) · s · √(1 + 1/n), not below 0.

    References
    ----------
    G. J. Hahn and W. Q. Meeker, Statistical Intervals, 1991, section 4.7.
    """
    moment = wall_seconds(now)
    today, second = divmod(moment, SECONDS_A_DAY)
    everything, timed = get_receipts(history)
    current = everything.take((everything.day == today) & (everything.sold_at <= moment))
    past = timed.take(timed.day < today)
    so_far = timed.take((timed.day == today) & (timed.sold_at <= moment) & timed.is_sale)
    usual = get_usual_days(past, today, days)
    sold = int(current.is_sale.sum())
    sold_cents = int(current.cents[current.is_sale].sum())
    hours = _shown_hours(past, so_far, usual)
    return DayView(
        day=day_of(today),
        until=now,
        is_open_day=sold > 0,
        revenue_cents=int(current.cents.sum()),
        receipts=sold,
        avg_basket_cents=round(sold_cents / sold) if sold else None,
        **_usual_parts(past, usual, second),
        hours=hours,
        receipts_by_hour=_receipts_by_hour(so_far, hours, second),
        usual_by_hour=_usual_by_hour(past, usual, hours),
        normal=usual.reason if usual else None,
    )


def _usual_parts(past: Receipts, usual: UsualDays | None, second: int) -> dict[str, Usual | None]:
    """The four usual numbers of a day cut at a second of its clock."""
    names = ("usual_revenue", "usual_receipts", "usual_basket", "remaining_revenue")
    if usual is None:
        return dict.fromkeys(names)
    before, after = past.take(past.second <= second), past.take(past.second > second)
    sales = before.take(before.is_sale)
    counts = usual.sums(sales.day)
    parts = (
        get_usual(usual.sums(before.day, before.cents)),
        get_usual(counts),
        get_usual_basket(counts, usual.sums(sales.day, sales.cents)),
        get_usual(usual.sums(after.day, after.cents)),
    )
    return dict(zip(names, parts, strict=True))


def _hour_counts(past: Receipts, usual: UsualDays) -> np.ndarray:
    """Sales of each usual day and hour, (n, 24)."""
    position = usual.positions(past.day)
    wanted = (position >= 0) & past.is_sale
    key = position[wanted] * 24 + past.second[wanted] // 3600
    return np.bincount(key, minlength=usual.numbers.size * 24).reshape(-1, 24)


def _shown_hours(past: Receipts, so_far: Receipts, usual: UsualDays | None) -> tuple[int, ...]:
    """The hours of the day that are worth drawing."""
    is_shown = np.bincount(so_far.second // 3600, minlength=24) > 0
    if usual is not None:
        is_shown |= (_hour_counts(past, usual) > 0).mean(axis=0) > _SHOWN_HOUR_SHARE
    shown = np.flatnonzero(is_shown)
    return tuple(range(int(shown[0]), int(shown[-1]) + 1)) if shown.size else ()


def _receipts_by_hour(so_far: Receipts, hours: tuple[int, ...], second: int) -> tuple[int | None, ...]:
    """Today's sales by hour, None where the hour is still ahead."""
    counts = np.bincount(so_far.second // 3600, minlength=24).tolist()
    return tuple(counts[hour] if hour * 3600 <= second else None for hour in hours)


def _usual_by_hour(
    past: Receipts, usual: UsualDays | None, hours: tuple[int, ...]
) -> tuple[Usual | None, ...]:
    """What is usual in each hour shown."""
    if usual is None:
        return (None,) * len(hours)
    counts = _hour_counts(past, usual)
    return tuple(get_usual(counts[:, hour]) for hour in hours)
