"""What a stretch of days sold: day by day against normal, by hour, by product and by category."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from colmado_insights.analytics.normal import compute_normal
from colmado_insights.analytics.results import Normal, NormalSpan, NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import CATEGORIES, NO_HOUR, Category, Target, day_number, day_of
from colmado_insights.insights.keeping import calendar
from colmado_insights.insights.normal import find_normal_span
from colmado_insights.progress import Progress
from colmado_insights.storage import catalog, sales
from colmado_insights.storage.database import Database

MOST_JUDGED = 62
"""Days of a stretch that are each compared with their own normal; a longer one is judged as a whole only."""
HOURS = 24


@dataclass(frozen=True)
class DaySold:
    """One day of the stretch; `normal` is of its revenue in cents."""

    day: date
    revenue_cents: int
    receipts: int
    normal: Normal | None


@dataclass(frozen=True)
class ProductSold:
    """What one product sold in the stretch, and in as many days before it."""

    product_id: int
    units_milli: int
    revenue_cents: int
    before_cents: int


@dataclass(frozen=True)
class CategorySold:
    """The same of a category."""

    category: Category
    revenue_cents: int
    before_cents: int


@dataclass(frozen=True)
class SpanSales:
    """A stretch of whole days, both ends included, beside as many days right before it."""

    first: date
    last: date
    revenue_cents: int
    receipts: int
    before_cents: int
    days: tuple[DaySold, ...]  # those with sales
    receipts_by_hour: tuple[int, ...]  # of the 24 hours
    before_by_hour: tuple[int, ...]
    products: tuple[ProductSold, ...]  # most revenue first
    categories: tuple[CategorySold, ...]
    normal: NormalSpan | None


def find_span(
    database: Database, settings: Settings, first: date, last: date, progress: Progress | None = None
) -> SpanSales | NotEnough:
    """The stretch from `first` to `last`, both included; NotEnough without a sale in it."""
    progress = progress or Progress()
    start, end = day_number(first), day_number(last)
    before = 2 * start - end - 1
    daily = sales.read_daily(database, before, end)
    sold = daily[daily["day"] >= start]
    if sold.empty:
        return NotEnough(needed=1, have=0, unit="sales", until=last)
    progress.step()
    normal = find_normal_span(database, settings, first, last)
    hourly = sales.read_hourly(database, before, end)
    products = _products(database, before, start, end)
    progress.step()
    return SpanSales(
        first=first,
        last=last,
        revenue_cents=int(sold["revenue_cents"].sum()),
        receipts=int(sold["receipts"].sum()),
        before_cents=int(daily[daily["day"] < start]["revenue_cents"].sum()),
        days=_days(database, settings, first, last, progress),
        receipts_by_hour=_hours(hourly[hourly["day"] >= start]),
        before_by_hour=_hours(hourly[hourly["day"] < start]),
        products=products,
        categories=_categories(database, products),
        normal=None if isinstance(normal, NotEnough) else normal,
    )


def _days(
    database: Database, settings: Settings, first: date, last: date, progress: Progress
) -> tuple[DaySold, ...]:
    """Each day with sales beside what is normal for it, learnt from the days before the stretch."""
    daily = sales.read_daily(database, last=day_number(last))
    until, days = first - timedelta(days=1), calendar(settings)
    found = []
    sold = daily.loc[daily["day"] >= day_number(first), ["day", "revenue_cents", "receipts"]]
    for number, cents, receipts in sold.to_numpy().tolist():
        progress.step()
        day, normal = day_of(number), None
        if (last - first).days < MOST_JUDGED:
            compared = compute_normal(daily, Target.REVENUE, day, days, until=until)
            normal = None if isinstance(compared, NotEnough) else compared
        found.append(DaySold(day, cents, receipts, normal))
    return tuple(found)


def _hours(hourly: pd.DataFrame) -> tuple[int, ...]:
    known = hourly[hourly["hour"] > NO_HOUR]
    counts = np.bincount(known["hour"], known["receipts"], HOURS)
    return tuple(round(count) for count in counts)


def _products(database: Database, before: int, start: int, end: int) -> tuple[ProductSold, ...]:
    """What each product sold, merged ones as the one they count as."""
    lines, roots = sales.read_sold_lines(database, before, end), catalog.read_roots(database)
    product, is_now = roots[lines.product], lines.day >= start
    size = len(roots)
    units = np.bincount(product[is_now], lines.quantity[is_now], size)
    now = np.bincount(product[is_now], lines.amount[is_now], size)
    then = np.bincount(product[~is_now], lines.amount[~is_now], size)
    found = np.flatnonzero((now != 0) | (then != 0))
    best = found[np.lexsort((-then[found], -now[found]))]
    return tuple(
        ProductSold(int(each), round(units[each]), round(now[each]), round(then[each])) for each in best
    )


def _categories(database: Database, products: tuple[ProductSold, ...]) -> tuple[CategorySold, ...]:
    codes = catalog.read_category_codes(database)
    now, then = dict.fromkeys(CATEGORIES, 0), dict.fromkeys(CATEGORIES, 0)
    for each in products:
        category = CATEGORIES[int(codes[each.product_id])]
        now[category] += each.revenue_cents
        then[category] += each.before_cents
    found = [CategorySold(each, now[each], then[each]) for each in CATEGORIES if now[each] or then[each]]
    return tuple(sorted(found, key=lambda each: -each.revenue_cents))
