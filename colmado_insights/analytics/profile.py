"""One known customer from what they bought: habits, hours, payment, brands, how they choose, whether they stay."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.crowd import (
    Crowd,
    SoldLines,
    find_bargains,
    find_sales,
    find_sold_lines,
    find_treats,
)
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import (
    BrandTaste,
    CustomerProfile,
    DecisionStyle,
    NotEnough,
    ProductHabit,
)
from colmado_insights.analytics.rfm_scores import IN_TIME, LATE, LATE_DAYS
from colmado_insights.analytics.rhythm import Visits, compute_rhythms
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
LEVEL = 0.05
"""Chance may make so many of the findings of one kind about one customer, all its questions together."""
_LEAST_TIMES = 3
_HABIT_DAYS = 365
_LEAST_GAPS = 2
_LEAST_BRANDED = 5
_REPEATED = 3
_LEAST_STYLE_LINES, _LEAST_STYLE_RECEIPTS = 20, 8
_CLEARLY = 0.10
"""A style needs a share so far above the crowd's: what is sure may still be small."""
_MOST_STYLE_CONFIDENCE = 0.95
_TREND_DAYS, _TREND_RECEIPTS = 90, 10
_LONG_TENURE_DAYS = 180
_FAITHFUL_WEEKS = 0.7
_LEAST_WEEKS = 4
_CONFIDENCE = ((10, 0.3), (50, 0.6), (100, 0.8))
_MOST_CONFIDENCE = 0.9
_WILSON = 1.96

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


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


@dataclass(frozen=True, slots=True)
class _Style:
    """One way of choosing: how sure it is (p), how far beyond the crowd, and in words."""

    style: DecisionStyle
    p: float
    beyond: float
    reason: Reason


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
    *Preferred* is what the customer does more often than all others and than chance: a binomial tail against
    the others' share, under 5 % for all hours (weekdays, brands) together by Holm [1]_, and three times at
    least. *Brands* are compared among purchases where there was a choice: with what the others take of the
    same thing of the same category, so that who buys water is not said to love the brand of water. Their
    confidence is the lower end of the 95 % Wilson interval [2]_ of the share, as a part of the way from the
    others' share to 1.

    *Regularity* is 1 less the coefficient of variation of the gaps between purchases, corrected for few gaps
    [3]_: 1 for a clock, 0 for chance (whose gaps are exponential) or worse.

    *Style* is asked from 20 lines and 8 receipts on. Regular: more lines are of products bought three times
    than so many draws from what everybody buys would repeat. Bargain: more lines were paid 3 % or more under
    the usual price. Impulse: more receipts are one or two snacks or soft drinks and nothing else. The surest
    one at 5 % by Holm, ten points beyond the crowd, is answered, else UNKNOWN.

    References
    ----------
    .. [1] S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Stat. 6 (1979).
    .. [2] E. B. Wilson, "Probable inference", JASA 22 (1927).
    .. [3] R. R. Sokal, F. J. Rohlf, "Biometry", 3rd ed. (1995): V* = (1 + 1/4n) V.
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
    style, style_confidence, style_reasons = _decide(shared_lines, products, shared_sales, crowd)
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
        brands=_brands(shared_lines, crowd),
        style=style,
        style_confidence=style_confidence,
        style_reasons=style_reasons,
        loyalty=_loyalty(sales),
        recent=_recent(receipts, lines, is_known),
        confidence=next((sure for below, sure in _CONFIDENCE if count < below), _MOST_CONFIDENCE),
        reasons=(
            Reason.of("profile_sample", purchases=count, days_known=int(last - sales.visit_days[0]) + 1),
        ),
    )


def find_preferred(own: Counts, everybody: Counts) -> tuple[int, ...]:
    """Positions where a customer's counts are beyond everybody else's shares and beyond chance, ascending.

    Parameters
    ----------
    own, everybody : ndarray of int64, shape (k,)
        How often at each position; everybody's hold the customer's own.
    """
    others = np.maximum(everybody - own, 0) + 0.5  # a place where nobody else comes is rare, not impossible
    tails = _tails(own, int(own.sum()), others / others.sum())
    return tuple(np.flatnonzero(_holm(tails) & (own >= _LEAST_TIMES)).tolist())


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


def _tails(count: Counts | Floats, whole: int, share: Floats) -> Floats:
    """The chance of so many or more out of a whole, each with its share: binomial tails."""
    from scipy.special import bdtrc

    tails: Floats = np.where(
        count > 0, bdtrc(np.maximum(count - 1, 0), max(whole, 1), np.clip(share, 0, 1)), 1.0
    )
    return tails


def _holm(tails: Floats) -> NDArray[np.bool_]:
    """Which findings stand when all questions together may err in 5 %."""
    order = np.argsort(tails, kind="stable")
    stands = tails[order] <= LEVEL / np.arange(tails.size, 0, -1)
    found = np.zeros(tails.size, dtype=bool)
    found[order[: tails.size if stands.all() else int(np.argmin(stands))]] = True
    return found


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


# ── brands ──


def _brands(sold: SoldLines, crowd: Crowd) -> tuple[BrandTaste, ...]:
    """Brands taken more often than all others take them of the same things, the surest first."""
    own: Counter[tuple[int, str, str]] = Counter()
    for product, code in zip(sold.product.tolist(), sold.category.tolist(), strict=True):
        if product in crowd.brands:
            own[code, crowd.brands[product].thing, crowd.brands[product].brand] += 1
    asked = [taste for code in sorted({key[0] for key in own}) for taste in _tastes(code, own, crowd)]
    if not asked:
        return ()
    is_real = _holm(np.array([p for p, _taste in asked]))
    found = [
        taste
        for (_p, taste), real in zip(asked, is_real, strict=True)
        if real and taste.purchases >= _LEAST_TIMES and taste.confidence > 0
    ]
    return tuple(sorted(found, key=lambda taste: (-taste.confidence, taste.category, taste.brand)))


def _tastes(code: int, own: Counter[tuple[int, str, str]], crowd: Crowd) -> list[tuple[float, BrandTaste]]:
    """Each brand bought of one category with its chance; none where too little was chosen."""
    bought = {(thing, brand): count for (of, thing, brand), count in own.items() if of == code}
    others = _others(code, bought, crowd)
    of_thing: Counter[str] = Counter()
    for (thing, _brand), count in bought.items():
        of_thing[thing] += count
    tastes = []
    for brand in sorted({brand for _thing, brand in bought}):
        # A thing of which there is one brand leaves nothing to choose.
        things = [thing for thing, brands in others.items() if brand in brands and len(brands) > 1]
        whole = sum(of_thing[thing] for thing in things)
        if whole < _LEAST_BRANDED:
            continue
        count = sum(bought.get((thing, brand), 0) for thing in things)
        usual = sum(of_thing[thing] * others[thing][brand] / sum(others[thing].values()) for thing in things)
        share = usual / whole
        p = float(_tails(np.array([count]), whole, np.array([share]))[0])
        sure = (_wilson_low(count, whole) - share) / max(1 - share, 1e-9)
        tastes.append((p, BrandTaste(brand, CATEGORIES[code], count / whole, max(sure, 0.0), count)))
    return tastes


def _others(code: int, bought: dict[tuple[str, str], int], crowd: Crowd) -> dict[str, dict[str, float]]:
    """What all others take of each thing, brand by brand; half a line more, so that no brand is impossible."""
    table: dict[str, dict[str, float]] = {thing: {} for thing, _brand in bought}
    for product, brand in crowd.brands.items():
        if brand.thing in table and crowd.categories.get(product) == code:
            row = table[brand.thing]
            row[brand.brand] = row.get(brand.brand, 0.0) + crowd.lines[product]
    for (thing, name), count in bought.items():
        table[thing][name] = max(table[thing].get(name, 0.0) - count, 0.0) + 0.5
    return table


def _wilson_low(count: int, whole: int) -> float:
    """The lower end of the 95 % Wilson interval of a share."""
    share, z2 = count / whole, _WILSON**2
    spread = _WILSON * float(np.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole)))
    return (share + z2 / (2 * whole) - spread) / (1 + z2 / whole)


# ── style ──


def _styles(sold: SoldLines, products: pd.DataFrame, sales: _Sales, crowd: Crowd) -> tuple[_Style, ...]:
    """The three ways of choosing, each against the crowd."""
    named = sold.among(products)
    lines = named.product.size
    repeated = sum(count for count in Counter(named.product.tolist()).values() if count >= _REPEATED)
    is_priced, is_bargain = find_bargains(named, crowd.usual_cents, day_number(crowd.until))
    priced, bargains = int(is_priced.sum()), int(is_bargain.sum())
    treats = int(find_treats(sold, int(sales.receipt.max()) + 1).sum())
    return (
        _style(DecisionStyle.REGULAR, repeated, lines, _expected_repeats(lines, crowd)),
        _style(DecisionStyle.BARGAIN, bargains, priced, crowd.bargain_share),
        _style(DecisionStyle.IMPULSE, treats, sales.receipt.size, crowd.treat_share),
    )


def _style(style: DecisionStyle, count: int, whole: int, usual: float) -> _Style:
    """One way of choosing from a count, and what the crowd's would be."""
    share = count / whole if whole else 0.0
    p = float(_tails(np.array([count]), whole, np.array([usual]))[0]) if whole else 1.0
    return _Style(style, p, share - usual, Reason.of(f"style_{style}", share=share, usual_share=usual))


def _expected_repeats(lines: int, crowd: Crowd) -> float:
    """The share of lines of products drawn three times, when all lines are drawn as everybody buys."""
    from scipy.special import bdtrc

    if not crowd.lines or lines < _REPEATED:
        return 0.0
    share = np.array(list(crowd.lines.values()), dtype=np.float64)
    share /= share.sum()
    return float(share @ bdtrc(_REPEATED - 2, lines - 1, share))


def _decide(
    sold: SoldLines, products: pd.DataFrame, sales: _Sales, crowd: Crowd
) -> tuple[DecisionStyle, float, tuple[Reason, ...]]:
    """The surest style that is clearly beyond the crowd, its confidence and its reasons."""
    if sold.receipt.size < _LEAST_STYLE_LINES or sales.receipt.size < _LEAST_STYLE_RECEIPTS:
        return DecisionStyle.UNKNOWN, 0.0, (Reason.of("style_few", purchases=sales.receipt.size),)
    styles = _styles(sold, products, sales, crowd)
    is_real = _holm(np.array([style.p for style in styles]))
    found = [style for style, real in zip(styles, is_real, strict=True) if real and style.beyond >= _CLEARLY]
    if not found:
        return DecisionStyle.UNKNOWN, 0.0, (Reason.of("style_like_all", purchases=sales.receipt.size),)
    found.sort(key=lambda style: -style.beyond)
    confidence = min(1 - len(styles) * found[0].p, _MOST_STYLE_CONFIDENCE)
    return found[0].style, confidence, tuple(style.reason for style in found)


# ── loyalty ──


def _loyalty(sales: _Sales) -> tuple[Reason, ...]:
    """Signs that a customer stays, or goes: how long, in their rhythm, how many weeks, more or less lately."""
    tenure = int(sales.until - sales.visit_days[0]) + 1
    signs = []
    if tenure >= _LONG_TENURE_DAYS:
        signs.append(Reason.of("loyalty_tenure", months_known=tenure // 30))
    weeks = tenure // 7
    if weeks >= _LEAST_WEEKS:
        ages = (sales.until - sales.visit_days) // 7
        share = float(np.unique(ages[ages < weeks]).size / weeks)
        signs.append(
            Reason.of("loyalty_weeks" if share >= _FAITHFUL_WEEKS else "loyalty_some_weeks", share=share)
        )
    return (*signs, *_rhythm_sign(sales), *_trend_sign(sales, tenure))


def _rhythm_sign(sales: _Sales) -> tuple[Reason, ...]:
    """Whether they are late in their own rhythm: the gap in which half of their time passes."""
    visits = sales.visit_days.size
    if visits <= _LEAST_GAPS:
        return ()
    rhythms = compute_rhythms(Visits(np.zeros(1, np.int64), np.array([0, visits]), sales.visit_days))
    wait, usual = float(rhythms.wait[0]), max(1, round(float(rhythms.gap[0])))
    away = int(sales.until - sales.visit_days[-1])
    if away <= IN_TIME * wait or away < LATE_DAYS:
        return (Reason.of("loyalty_in_rhythm", gap_days=usual),)
    if away > LATE * wait:
        return (Reason.of("loyalty_late", days_away=away, gap_days=usual),)
    return ()


def _trend_sign(sales: _Sales, tenure: int) -> tuple[Reason, ...]:
    """Whether they come more or less in the last 90 days than in the 90 before, beyond chance."""
    if tenure < 2 * _TREND_DAYS:
        return ()
    age = sales.until - sales.visit_days
    now = int((age < _TREND_DAYS).sum())
    before = int(((age >= _TREND_DAYS) & (age < 2 * _TREND_DAYS)).sum())
    if now + before < _TREND_RECEIPTS:
        return ()
    more, less = _tails(np.array([now, before]), now + before, np.array([0.5, 0.5]))
    visits = {"purchases": now, "purchases_before": before, "days": _TREND_DAYS}
    if min(more, less) > LEVEL / 2:
        return (Reason.of("loyalty_steady", **visits),)
    return (Reason.of("loyalty_more" if now > before else "loyalty_less", **visits),)


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
