"""What a stretch of days sold, beside what is normal for such days and what a month before brought."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from colmado_insights.analytics.results import NormalSpan, NotEnough
from colmado_insights.progress import Progress

if TYPE_CHECKING:
    from colmado_insights.shop import Shop


@dataclass(frozen=True)
class Span:
    """Sums of a stretch of days, both ends included; `by_day` holds every day, closed ones with 0."""

    first: date
    last: date
    revenue_cents: int
    receipts: int
    days_open: int
    by_day: tuple[tuple[date, int], ...]

    @property
    def avg_basket_cents(self) -> int | None:
        """Mean purchase; None without any."""
        return round(self.revenue_cents / self.receipts) if self.receipts else None


@dataclass(frozen=True)
class SpanView:
    """A stretch and what it is compared with."""

    span: Span
    whole: Span  # without today, which is not sold out yet
    before: Span  # the days of `whole` a month earlier
    normal: NormalSpan | None  # what is normal for `whole`


def read_span_view(shop: Shop, first: date, last: date, today: date, progress: Progress) -> SpanView:
    """Read a stretch, what is normal for its whole days, and the same days of the month before."""
    until = min(last, today - timedelta(days=1))
    normal = shop.compute_normal_span(first, until) if first <= until else None
    return SpanView(
        span=read_span(shop, first, last, progress),
        whole=read_span(shop, first, until, progress),
        before=read_span(shop, month_before(first), month_before(until), progress),
        normal=None if isinstance(normal, NotEnough) else normal,
    )


def read_span(shop: Shop, first: date, last: date, progress: Progress) -> Span:
    """Subtract the sums up to each day from those up to the next."""
    sums = []
    days = (last - first).days + 1
    for place in range(days + 1):
        progress.step(place, days)
        sums.append(shop.read_summary(first + timedelta(days=place - 1)))
    by_day = tuple(
        (first + timedelta(days=place), sums[place + 1].revenue_cents - sums[place].revenue_cents)
        for place in range(days)
    )
    return Span(
        first=first,
        last=last,
        revenue_cents=sums[-1].revenue_cents - sums[0].revenue_cents,
        receipts=sums[-1].receipts - sums[0].receipts,
        days_open=sums[-1].days_open - sums[0].days_open,
        by_day=by_day,
    )


def month_before(day: date) -> date:
    """The same day of the month before, or its last day if it is shorter."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
