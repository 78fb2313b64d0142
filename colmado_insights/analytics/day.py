"""One day against what is normal for it: so far, hour by hour, and what is still to come.

A day runs from midnight to midnight, as in the daily sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from colmado_insights.analytics.clock import DayClock
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.normal import (
    NormalDays,
    as_usual,
    fit_normal,
    fit_normal_basket,
    judge,
)
from colmado_insights.analytics.results import DayView, Normal, NotEnough, Usual
from colmado_insights.analytics.usual import Receipts, UsualDays, get_receipts, get_usual_days
from colmado_insights.domain import DAILY_COLUMNS, SECONDS_A_DAY, Target, day_of, wall_seconds

_SHOWN_HOUR_SHARE = 0.25
_LEAST_EXPECTED = 1.0
"""Before so many visits are to be expected, nothing is called more or less than normal."""


@dataclass(frozen=True)
class DayNormals:
    """What was learnt of the days before one: visits, money, mean purchase; None where too little is known.

    Fit once a day with `fit_day_normals`, good for every moment of it.
    """

    day: date
    receipts: NormalDays | None
    revenue: NormalDays | None
    basket: NormalDays | None


def fit_day_normals(daily: pd.DataFrame, day: date, days: DominicanDays) -> DayNormals:
    """Learn what is normal from the days before `day`.

    Parameters
    ----------
    daily : DataFrame
        DAILY_COLUMNS, rows in any order.
    day : date
        The day to be compared.
    days : DominicanDays
        The shop's calendar.
    """
    until = day - timedelta(days=1)
    fits = (
        fit_normal(daily, Target.RECEIPTS, days, until),
        fit_normal(daily, Target.REVENUE, days, until),
        fit_normal_basket(daily, days, until),
    )
    return DayNormals(day, *(None if isinstance(fit, NotEnough) else fit for fit in fits))


def compute_day(
    history: pd.DataFrame, now: datetime, days: DominicanDays, normals: DayNormals | None = None
) -> DayView:
    """Compute the day of `now`, up to `now`, against what is normal.

    Parameters
    ----------
    history : DataFrame
        HISTORY_COLUMNS of the last 60 days with data, in any order; what comes after `now` is passed over.
    now : datetime
        Naive wall-clock time; the end of a past day shows that day whole.
    days : DominicanDays
        The shop's calendar.
    normals : DayNormals, optional
        What was learnt from all days before; else it is learnt from those of the history.

    Returns
    -------
    DayView
        Revenue is net of refunds, receipts are sales. `hours` runs from the first to the last hour in
        which more than a quarter of the same weekdays, or today, had a sale. Sales without a time count in
        today's revenue and receipts, and in nothing that has a clock. What is usual so far is what is
        normal for the day times the share of such a day that is usually sold by now (see `clock`); once
        the day is over it is what is normal for the whole day.

    References
    ----------
    See `normal` and `clock`.
    """
    moment = wall_seconds(now)
    today, second = divmod(moment, SECONDS_A_DAY)
    everything, timed = get_receipts(history)
    current = everything.take((everything.day == today) & (everything.sold_at <= moment))
    before, past = everything.take(everything.day < today), timed.take(timed.day < today)
    so_far = timed.take((timed.day == today) & (timed.sold_at <= moment) & timed.is_sale)
    if normals is None or normals.day != now.date():
        normals = fit_day_normals(_sum_days(before), now.date(), days)
    normal = _Comparison(normals, DayClock.of(before, past, today, second, days), second)
    sold = int(current.is_sale.sum())
    cents = int(current.cents.sum())
    basket = round(int(current.cents[current.is_sale].sum()) / sold) if sold else None
    revenue, receipts, usual_basket = normal.revenue(), normal.receipts(), normal.basket(sold)
    can_judge = sold > 0 and receipts is not None and receipts.mean >= _LEAST_EXPECTED
    hours = _shown_hours(past, so_far, get_usual_days(past, today, days))
    return DayView(
        day=day_of(today),
        until=now,
        is_open_day=sold > 0,
        revenue_cents=cents,
        receipts=sold,
        avg_basket_cents=basket,
        usual_revenue=_usual(revenue),
        usual_receipts=_usual(receipts),
        usual_basket=_usual(usual_basket),
        remaining_revenue=_usual(normal.to_come()),
        hours=hours,
        receipts_by_hour=_receipts_by_hour(so_far, hours, second),
        usual_by_hour=normal.by_hour(hours),
        normal=receipts.like if receipts else None,
        verdict_revenue=judge(cents if can_judge else None, revenue),
        verdict_receipts=judge(sold if can_judge else None, receipts),
        verdict_basket=judge(basket if can_judge else None, usual_basket),
        parts=revenue.parts if revenue else (),
    )


@dataclass(frozen=True)
class _Comparison:
    """What is normal for the day, cut at a second of its clock."""

    normals: DayNormals
    clock: DayClock | None
    second: int

    @property
    def is_over(self) -> bool:
        """True when the whole day can be compared, with or without a clock."""
        return self.second == SECONDS_A_DAY - 1 or (self.clock is not None and self.clock.is_over)

    def revenue(self) -> Normal | None:
        """Money that is normal by now."""
        return self._by_now(self.normals.revenue, DayClock.money_by_now)

    def receipts(self) -> Normal | None:
        """Visits that are normal by now."""
        return self._by_now(self.normals.receipts, DayClock.visits_by_now)

    def basket(self, receipts: int) -> Normal | None:
        """The mean purchase that is normal by now, of so many receipts."""
        model = self.normals.basket
        if model is None:
            return None
        if self.clock is not None:
            return self.clock.basket_by_now(model, receipts)
        return model.day(self.normals.day, receipts or None) if self.is_over else None

    def _by_now(
        self, model: NormalDays | None, cut: Callable[[DayClock, NormalDays], Normal]
    ) -> Normal | None:
        if model is None:
            return None
        if self.is_over:
            return model.day(self.normals.day)
        return None if self.clock is None else cut(self.clock, model)

    def to_come(self) -> Normal | None:
        """Money that is normal from now to the end of the day."""
        model = self.normals.revenue
        return self.clock.money_to_come(model) if model and self.clock else None

    def by_hour(self, hours: tuple[int, ...]) -> tuple[Usual | None, ...]:
        """Visits that are normal in each hour."""
        model = self.normals.receipts
        return self.clock.hours(model, hours) if model and self.clock else (None,) * len(hours)


def _usual(normal: Normal | None) -> Usual | None:
    return None if normal is None else as_usual(normal)


def _sum_days(receipts: Receipts) -> pd.DataFrame:
    """The daily sums of some receipts, as far as what is normal asks for them."""
    numbers, place = np.unique(receipts.day, return_inverse=True)

    def sums(weights: np.ndarray) -> np.ndarray:
        return np.bincount(place, weights, len(numbers)).astype(np.int64)

    known = {
        "day": numbers,
        "receipts": sums(receipts.is_sale),
        "revenue_cents": sums(receipts.cents),
        "returns_cents": sums(-receipts.cents * ~receipts.is_sale),
    }
    return pd.DataFrame({name: known.get(name, np.zeros_like(numbers)) for name in DAILY_COLUMNS})


def _shown_hours(past: Receipts, so_far: Receipts, usual: UsualDays | None) -> tuple[int, ...]:
    """The hours of the day that are worth drawing."""
    is_shown = np.bincount(so_far.second // 3600, minlength=24) > 0
    if usual is not None:
        is_shown |= (_hour_counts(past, usual) > 0).mean(axis=0) > _SHOWN_HOUR_SHARE
    shown = np.flatnonzero(is_shown)
    return tuple(range(int(shown[0]), int(shown[-1]) + 1)) if shown.size else ()


def _hour_counts(past: Receipts, usual: UsualDays) -> np.ndarray:
    """Sales of each usual day and hour, (n, 24)."""
    position = usual.positions(past.day)
    wanted = (position >= 0) & past.is_sale
    key = position[wanted] * 24 + past.second[wanted] // 3600
    return np.bincount(key, minlength=usual.numbers.size * 24).reshape(-1, 24)


def _receipts_by_hour(so_far: Receipts, hours: tuple[int, ...], second: int) -> tuple[int | None, ...]:
    """Today's sales by hour, None where the hour is still ahead."""
    counts = np.bincount(so_far.second // 3600, minlength=24).tolist()
    return tuple(counts[hour] if hour * 3600 <= second else None for hour in hours)
