"""What is answered about a day or a stretch of days, against what is normal for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from colmado_insights.analytics.results.answer import Verdict
from colmado_insights.analytics.results.forecasts import Driver
from colmado_insights.domain import Reason


@dataclass(frozen=True, slots=True)
class Normal:
    """What is normal for one day (or a stretch of it): by weekday, pay phase and kind of holiday.

    `lo` and `hi` hold 80 % of such days, `lo95` and `hi95` 95 %. `like` tells which days stand behind it.
    """

    mean: float
    lo: float
    hi: float
    lo95: float
    hi95: float
    days: int  # of the shop's history that it was learnt from
    like: Reason  # normal_like: weekday, pay_phase, holiday
    parts: tuple[Driver, ...]  # what pay phase, holiday, occasion add to a plain such weekday
    verdict: Verdict = Verdict.UNKNOWN  # of the number it is compared with


@dataclass(frozen=True, slots=True)
class Usual:
    """What is normal for a stretch of the day: mean and the band that 8 of 10 such days fall into."""

    mean: float
    lo: float
    hi: float
    days: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """Receipts of the last 60 minutes, and the usual number at this time."""

    count: int
    usual: Usual | None


@dataclass(frozen=True, slots=True)
class DayView:
    """One day against what is normal for it, up to `until`.

    `usual_*` compare the same clock window (from opening to `until`); `normal` says which days stand
    behind "usual" (code `normal_like` or `normal_all_weekdays`); the verdicts say what is beyond noise.
    """

    day: date
    until: datetime
    is_open_day: bool  # False: no sale yet on this day
    revenue_cents: int
    receipts: int
    avg_basket_cents: int | None
    usual_revenue: Usual | None
    usual_receipts: Usual | None
    usual_basket: Usual | None
    remaining_revenue: Usual | None  # still to come until closing, from the usual hours ahead
    hours: tuple[int, ...]  # the opening hours shown, ascending
    receipts_by_hour: tuple[int | None, ...]  # None = still ahead
    usual_by_hour: tuple[Usual | None, ...]
    normal: Reason | None
    verdict_revenue: Verdict = Verdict.UNKNOWN
    verdict_receipts: Verdict = Verdict.UNKNOWN
    verdict_basket: Verdict = Verdict.UNKNOWN
    parts: tuple[Driver, ...] = ()  # what pay phase, holiday, occasion add to the usual revenue


@dataclass(frozen=True, slots=True)
class NormalSpan:
    """A stretch of whole days against what is normal for such a stretch, verdicts included.

    `basket` is the mean purchase; each is None where too little is known.
    """

    first: date
    last: date
    revenue: Normal | None
    receipts: Normal | None
    basket: Normal | None
    open_days: int  # on which the shop usually opens
    until: date  # last day learnt from
