"""One known customer from what they bought: habits, hours, payment, brands, how they choose, whether they stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.beyond_chance import Counts, find_preferred
from colmado_insights.analytics.choosing import decide_style
from colmado_insights.analytics.crowd import Crowd, SoldLines, find_sales, find_sold_lines
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.loyalty import find_signs
from colmado_insights.analytics.results import CustomerProfile, NotEnough, ProductHabit
from colmado_insights.analytics.tastes import find_tastes
from colmado_insights.domain import (
    CATEGORIES,
    LINE_COLUMNS,
    PAY_PHASES,
    PAYMENT_CODE,
    PAYMENTS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    Category,
    Payment,
    Reason,
    day_number,
    day_of,
)

MOST_HABITS, MOST_RECENT, MONTHS = 30, 20, 24
_HABIT_DAYS = 365
_LEAST_GAPS = 2
_CONFIDENCE = ((10, 0.3), (50, 0.6), (100, 0.8))
_MOST_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class _Sales:
    """The sales of one customer up to a day, oldest first."""

    receipt: Counts  # row positions in the frame
    sold_at: Counts
    day: Counts
    visit_days: Counts  # each day once, ascending
    until: int

    def between(self, first: int, last: int) -> _Sales:
        """The sales from one day number to another, both included."""
        is_in, is_visit = (((day >= first) & (day <= last)) for day in (self.day, self.visit_days))
        return _Sales(
            self.receipt[is_in], self.sold_at[is_in], self.day[is_in], self.visit_days[is_visit], last
        )


def compute_profile(
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    products: pd.DataFrame,
    *,
    customer_id: int,
    until: date,
    crowd: Crowd,
    days: DominicanDays | None = None,
) -> CustomerProfile | NotEnough:
    """Tell what the purchases of one customer say about them.

    Parameters
    ----------
    receipts, lines : DataFrame
        RECEIPT_COLUMNS and LINE_COLUMNS, only of this customer; in any order, refunds included.
    products : DataFrame
        `product_id`, `name`, `category` (code) of the catalogue, as for the crowd; only what is in it can be a
        habit. The owner's category counts, not the line's.
    customer_id : int
        Who it is.
    until : date
        Last day looked at.
    crowd : Crowd
        What all customers do (`crowd.compute_crowd`), this one among them. What is held against it is taken
        from the same days only.
    days : DominicanDays, optional
        The shop's pay days.

    Returns
    -------
    CustomerProfile or NotEnough
        `NotEnough` when they never bought.

    Notes
    -----
    Preferred hours and weekdays are told by `beyond_chance.find_preferred`, brands by `tastes.find_tastes`, the
    style by `choosing.decide_style`, signs of loyalty by `loyalty.find_signs`.

    *Regularity* is 1 less the coefficient of variation of the gaps between purchases, corrected for few gaps
    [1]_: 1 for a clock, 0 for chance (whose gaps are exponential) or worse.

    References
    ----------
    .. [1] R. R. Sokal, F. J. Rohlf, "Biometry", 3rd ed. (1995): V* = (1 + 1/4n) V.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    check_frame(lines, LINE_COLUMNS, "lines")
    last = day_number(until)
    sales = _sales(receipts, last)
    if not sales.receipt.size:
        return NotEnough(needed=1, have=0, unit="receipts", until=until)
    sold = find_sold_lines(receipts, lines, last)
    category_of = dict(zip(products["product_id"].tolist(), products["category"].tolist(), strict=True))
    count = sales.receipt.size
    cents = receipts["total_cents"].to_numpy()
    payment = receipts["payment"].to_numpy()
    is_known = receipts["sold_at"].to_numpy() // SECONDS_A_DAY <= last
    spent = int(cents[is_known].sum())
    has_time = receipts["has_time"].to_numpy()
    gaps = np.diff(sales.visit_days)
    span = day_number(crowd.since), day_number(crowd.until)
    shared_sales, shared_lines = sales.between(*span), sold.between(*span)
    style, style_confidence, style_reasons = decide_style(shared_lines, products, shared_sales.receipt, crowd)
    return CustomerProfile(
        customer_id=customer_id,
        until=until,
        first_day=day_of(sales.visit_days[0]),
        last_day=day_of(sales.visit_days[-1]),
        receipts=count,
        spent_cents=spent,
        avg_basket_cents=round(spent / count),
        avg_lines=sold.receipt.size / count,
        rhythm_days=float(np.median(gaps)) if gaps.size else None,
        months=_months(receipts, is_known, sales, until),
        hours=tuple(_by_hour(sales, has_time).tolist()),
        weekdays=tuple(_by_weekday(sales).tolist()),
        preferred_hours=find_preferred(_by_hour(shared_sales, has_time), np.array(crowd.hours)),
        preferred_weekdays=find_preferred(_by_weekday(shared_sales), np.array(crowd.weekdays)),
        pay_phases=_pay_phases(sales, days or DominicanDays()),
        payments=_payments(payment[sales.receipt]),
        credit_share=_credit_share(cents[is_known], payment[is_known]),
        categories=_categories(sold, category_of),
        habits=_habits(sold.among(products), sales, category_of, crowd),
        brands=find_tastes(shared_lines, crowd),
        style=style,
        style_confidence=style_confidence,
        style_reasons=style_reasons,
        loyalty=find_signs(sales.visit_days, last),
        recent=_recent(receipts, lines, is_known),
        confidence=next((sure for below, sure in _CONFIDENCE if count < below), _MOST_CONFIDENCE),
        reasons=(
            Reason.of("profile_sample", purchases=count, days_known=int(last - sales.visit_days[0]) + 1),
        ),
    )


def _sales(receipts: pd.DataFrame, last: int) -> _Sales:
    sold_at, sale_id = receipts["sold_at"].to_numpy(), receipts["sale_id"].to_numpy()
    order = np.lexsort((sale_id, sold_at))
    receipt = order[find_sales(receipts, last)[order]]
    day = sold_at[receipt] // SECONDS_A_DAY
    return _Sales(receipt, sold_at[receipt], day, np.unique(day), last)


def _by_hour(sales: _Sales, has_time: NDArray[np.bool_]) -> Counts:
    """Sales in each of 24 hours, of those whose till told the time."""
    return np.bincount(sales.sold_at[has_time[sales.receipt]] % SECONDS_A_DAY // 3600, minlength=24)


def _by_weekday(sales: _Sales) -> Counts:
    """Sales on each weekday, 0 = Sunday."""
    return np.bincount((sales.day + 4) % 7, minlength=7)


def _months(
    receipts: pd.DataFrame, is_known: NDArray[np.bool_], sales: _Sales, until: date
) -> tuple[tuple[date, int, int], ...]:
    """Receipts and cents of each month since the first purchase, the last two years; months without as 0."""

    def number(days: Counts) -> Counts:
        months: Counts = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        return months

    last = (until.year - 1970) * 12 + until.month - 1
    first = max(int(number(sales.visit_days[:1])[0]), last - MONTHS + 1)
    size = last - first + 1
    bought = number(sales.day) - first
    counts = np.bincount(bought[bought >= 0], minlength=size)
    paid = number(receipts["sold_at"].to_numpy()[is_known] // SECONDS_A_DAY) - first
    cents = np.bincount(
        paid[paid >= 0], receipts["total_cents"].to_numpy()[is_known][paid >= 0], minlength=size
    )
    return tuple(
        (date(1970 + (first + i) // 12, (first + i) % 12 + 1, 1), int(counts[i]), round(float(cents[i])))
        for i in range(size)
    )


def _pay_phases(sales: _Sales, days: DominicanDays) -> tuple[tuple[str, float], ...]:
    """Share of receipts in each phase of the pay cycle, in the order of PAY_PHASES."""
    frame = days.frame(day_of(sales.visit_days[0]), day_of(sales.visit_days[-1]))
    phase = frame["pay_phase"].to_numpy()[sales.day - sales.visit_days[0]]
    shares = np.bincount(phase, minlength=len(PAY_PHASES)) / phase.size
    return tuple((str(name), float(share)) for name, share in zip(PAY_PHASES, shares, strict=True))


def _payments(payment: NDArray[np.int8]) -> tuple[tuple[Payment, float], ...]:
    """Share of receipts of each payment used, the most used first."""
    counts = np.bincount(payment, minlength=len(PAYMENTS))
    order = np.argsort(-counts, kind="stable")
    return tuple((PAYMENTS[code], float(counts[code] / payment.size)) for code in order if counts[code])


def _credit_share(cents: Counts, payment: NDArray[np.int8]) -> float:
    """The part of what was spent that went on the account, refunds taken off both."""
    spent, on_credit = int(cents.sum()), int(cents[payment == PAYMENT_CODE[Payment.CREDIT]].sum())
    return min(max(on_credit / spent, 0.0), 1.0) if spent > 0 else 0.0


def _categories(sold: SoldLines, category_of: dict[int, int]) -> tuple[tuple[Category, float], ...]:
    """Share of spending of each category, the largest first."""
    codes = np.array(
        [
            category_of.get(product, code)
            for product, code in zip(sold.product.tolist(), sold.category.tolist(), strict=True)
        ],
        dtype=np.int64,
    )
    cents = np.bincount(codes, sold.amount, minlength=len(CATEGORIES))
    whole = float(cents.sum()) or 1.0
    return tuple(
        (CATEGORIES[code], float(cents[code] / whole))
        for code in np.argsort(-cents, kind="stable").tolist()
        if cents[code] > 0
    )


def _recent(
    receipts: pd.DataFrame, lines: pd.DataFrame, is_known: NDArray[np.bool_]
) -> tuple[tuple[int, date, int, int], ...]:
    """The last receipts, refunds included, newest first."""
    sold_at, sale_id = receipts["sold_at"].to_numpy(), receipts["sale_id"].to_numpy()
    order = np.lexsort((sale_id, sold_at))[::-1]
    newest = order[is_known[order]][:MOST_RECENT]
    many = np.bincount(lines["receipt"].to_numpy(), minlength=len(receipts))
    cents = receipts["total_cents"].to_numpy()
    return tuple(
        (int(sale_id[row]), day_of(sold_at[row] // SECONDS_A_DAY), int(cents[row]), int(many[row]))
        for row in newest.tolist()
    )


# ── habits ──


def _habits(
    sold: SoldLines, sales: _Sales, category_of: dict[int, int], crowd: Crowd
) -> tuple[ProductHabit, ...]:
    """How each product of the last year is bought, the most often bought first."""
    is_recent = sold.day > sales.until - _HABIT_DAYS
    weeks = max((sales.until - max(int(sales.visit_days[0]), sales.until - _HABIT_DAYS + 1) + 1) / 7, 1.0)
    by_amount = frozenset(crowd.by_amount)
    rank = np.zeros(int(sales.receipt.max()) + 1, dtype=np.int64)
    rank[sales.receipt] = np.arange(sales.receipt.size)
    order = np.lexsort((sold.unit, rank[sold.receipt], sold.product))
    order = order[is_recent[order]]
    bounds = np.flatnonzero(np.diff(sold.product[order])) + 1
    habits = [
        _habit(sold, rows, weeks, category_of, by_amount) for rows in np.split(order, bounds) if rows.size
    ]
    habits.sort(key=lambda habit: (-habit.times, -habit.spent_cents, habit.product_id))
    return tuple(habits[:MOST_HABITS])


def _habit(
    sold: SoldLines, rows: Counts, weeks: float, category_of: dict[int, int], by_amount: frozenset[int]
) -> ProductHabit:
    """One product; its rows are in the order of time."""
    product = int(sold.product[rows[0]])
    gaps = np.diff(np.unique(sold.day[rows]))
    priced = sold.unit[rows][sold.unit[rows] > 0]
    is_by_amount = product in by_amount or not priced.size
    return ProductHabit(
        product_id=product,
        category=CATEGORIES[category_of.get(product, int(sold.category[rows[0]]))],
        times=int(np.unique(sold.receipt[rows]).size),
        quantity_per_week_milli=round(float(sold.quantity[rows].sum()) / weeks),
        regularity=_regularity(gaps),
        gap_days=float(np.median(gaps)) if gaps.size else None,
        last_day=day_of(int(sold.day[rows[-1]])),
        last_price_cents=None if is_by_amount else int(priced[-1]),
        spent_cents=int(sold.amount[rows].sum()),
    )


def _regularity(gaps: NDArray[Any]) -> float | None:
    """1 for a clock, 0 for chance; None with under three purchases."""
    if gaps.size < _LEAST_GAPS:
        return None
    variation = (1 + 1 / (4 * gaps.size)) * float(gaps.std(ddof=1) / gaps.mean())
    return min(max(1 - variation, 0.0), 1.0)
