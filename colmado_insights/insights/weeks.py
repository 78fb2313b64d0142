"""The last whole week against what is normal, and what the week after it brings."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import date, timedelta

from colmado_insights.analytics.results import NormalSpan, NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import CATEGORIES, Category, Target, day_number
from colmado_insights.insights.closing import read_whole_until
from colmado_insights.insights.forecasts import read_shop_forecast
from colmado_insights.insights.keeping import calendar
from colmado_insights.insights.normal import find_normal_span
from colmado_insights.progress import Progress
from colmado_insights.storage import sales, series
from colmado_insights.storage.database import Database

DAYS = 7
EARLIER_WEEKS = 8
FEWEST_EARLIER = 4
LEAST_SHARE = 0.03
"""A category with less of the income is not worth a word."""
DEVIATIONS = 3.0
"""A dozen categories are looked at each week, against few earlier ones: two would cry wolf."""
LEAST_CHANGE = 0.10


@dataclass(frozen=True)
class CategoryWeek:
    """One category of a week beside its earlier weeks; `change` is None within the noise of those."""

    category: Category
    revenue_cents: int
    usual_cents: int
    share: float  # of the week's income
    change: float | None


@dataclass(frozen=True)
class SpecialDay:
    """A day that moves sales: `what` is `payday` or the code of a holiday or an occasion."""

    day: date
    what: str


@dataclass(frozen=True)
class ShopWeek:
    """A week from Monday to Sunday, beside what is normal for it, and what is known of the next."""

    first: date
    last: date
    revenue_cents: int
    receipts: int
    open_days: int
    normal: NormalSpan | None
    categories: tuple[CategoryWeek, ...]  # most revenue first
    special: tuple[SpecialDay, ...]
    next_special: tuple[SpecialDay, ...]
    forecast_cents: int | None  # of the next week; None where no forecast is kept

    @property
    def avg_basket_cents(self) -> int:
        """The mean purchase."""
        return round(self.revenue_cents / self.receipts) if self.receipts else 0


def find_week(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> ShopWeek | NotEnough:
    """The last week from Monday to Sunday that is over, looked at from the last whole day or from `as_of`."""
    progress = progress or Progress()
    until = read_whole_until(database, as_of)
    if until is None:
        return NotEnough(needed=DAYS, have=0, unit="days")
    last = until - timedelta(days=(until.weekday() + 1) % DAYS)
    first = last - timedelta(days=DAYS - 1)
    daily = sales.read_daily(database, day_number(first), day_number(last))
    receipts = int(daily["receipts"].sum())
    if not receipts:
        return NotEnough(needed=DAYS, have=(until - last).days, unit="days", until=until)
    progress.step()
    normal = find_normal_span(database, settings, first, last)
    revenue = int(daily["revenue_cents"].sum())
    progress.step()
    return ShopWeek(
        first=first,
        last=last,
        revenue_cents=revenue,
        receipts=receipts,
        open_days=int((daily["receipts"] > 0).sum()),
        normal=None if isinstance(normal, NotEnough) else normal,
        categories=_categories(database, first, revenue),
        special=find_special_days(settings, first, last),
        next_special=find_special_days(settings, last + timedelta(days=1), last + timedelta(days=DAYS)),
        forecast_cents=_forecast(database, last),
    )


def find_special_days(settings: Settings, first: date, last: date) -> tuple[SpecialDay, ...]:
    """Pay days, holidays and occasions of a stretch of days; a spell of them counts where it begins."""
    days, found = calendar(settings), []
    before = days.occasion(first - timedelta(days=1))
    for day in (first + timedelta(days=each) for each in range((last - first).days + 1)):
        occasion = days.occasion(day)
        names = [days.holiday(day), occasion if occasion != before else None]
        names += ["payday"] if days.is_payroll_day(day) else []
        found += [SpecialDay(day, name) for name in names if name]
        before = occasion
    return tuple(found)


def _categories(database: Database, first: date, revenue: int) -> tuple[CategoryWeek, ...]:
    """What each category brought; a change counts when it is beyond three deviations of its earlier weeks."""
    start = day_number(first)
    parts = series.read_sold_parts(database, start - DAYS * EARLIER_WEEKS, start + DAYS - 1)
    found = []
    for category in CATEGORIES:
        days = parts.category_series(category)
        sums = days.groupby((days["day"] - start) // DAYS)["revenue_cents"].sum()
        now = int(sums.get(0, 0))
        earlier = [int(cents) for cents in sums[sums.index < 0]]
        if revenue <= 0 or now / revenue < LEAST_SHARE or len(earlier) < FEWEST_EARLIER:
            continue
        usual = statistics.fmean(earlier)
        change = now / usual - 1 if usual > 0 else 0.0
        noise = DEVIATIONS * statistics.stdev(earlier)
        is_real = abs(now - usual) > noise and abs(change) >= LEAST_CHANGE
        found.append(CategoryWeek(category, now, round(usual), now / revenue, change if is_real else None))
    return tuple(sorted(found, key=lambda each: -each.revenue_cents))


def _forecast(database: Database, last: date) -> int | None:
    """What the seven days after the week should bring, by the newest forecast that is kept."""
    forecast = read_shop_forecast(database, Target.REVENUE, last)
    if forecast is None:
        return None
    ahead = {last + timedelta(days=each) for each in range(1, DAYS + 1)}
    means = [point.mean for point in forecast.points if point.day in ahead]
    return round(sum(means)) if len(means) == DAYS else None
