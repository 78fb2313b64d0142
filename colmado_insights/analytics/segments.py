"""The twelve rule segments: when people buy, how much, and what.

Three ways of cutting the same receipts; a receipt is in at most one segment of each.
Refunds are in none: they are no visit, and their negative amounts would hide a sale's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.features import FEATURE_COLUMNS, SHARE_COLUMNS, VALUE_SHARE_COLUMNS
from colmado_insights.analytics.results import RULE_TYPES, NotEnough, Segment, Segments, SegmentType
from colmado_insights.domain import (
    CATEGORIES,
    CATEGORY_CODE,
    NO_HOUR,
    PAYMENTS,
    Category,
    Payment,
    Reason,
    SaleKind,
    day_number,
    day_of,
)

WINDOW_DAYS = 30

SEGMENT_TYPES: dict[str, SegmentType] = {
    "morning_commute": SegmentType.TEMPORAL,
    "lunch_rush": SegmentType.TEMPORAL,
    "after_work": SegmentType.TEMPORAL,
    "late_night": SegmentType.TEMPORAL,
    "quick_picks": SegmentType.BASKET_VALUE,
    "regular_shoppers": SegmentType.BASKET_VALUE,
    "big_shoppers": SegmentType.BASKET_VALUE,
    "bulk_buyers": SegmentType.BASKET_VALUE,
    "beer_and_snacks": SegmentType.PRODUCT_PREFERENCE,
    "household": SegmentType.PRODUCT_PREFERENCE,
    "fresh": SegmentType.PRODUCT_PREFERENCE,
    "convenience": SegmentType.PRODUCT_PREFERENCE,
}
SEGMENT_IDS: tuple[str, ...] = tuple(SEGMENT_TYPES)
"""The segments; a segment's code in frames is its position here."""
NO_SEGMENT = -1

ASSIGNMENT_COLUMNS: dict[str, str] = {"sale_id": "int64"} | {str(kind): "int8" for kind in RULE_TYPES}
"""One row a receipt: of each type the position in SEGMENT_IDS, or NO_SEGMENT."""

_HOURS: dict[str, tuple[int, ...]] = {
    "morning_commute": (6, 7, 8, 9),
    "lunch_rush": (11, 12, 13, 14),
    "after_work": (17, 18, 19, 20),
    "late_night": (21, 22, 23, 0, 1),
}
_BASKET_STEPS_CENTS = (200_00, 500_00, 1000_00)
"""Where each basket value segment after the first begins."""
_BEER_AND_SNACKS_SHARE = 0.60
_HOUSEHOLD_SHARE = 0.50
_FRESH_SHARE = 0.50
_CONVENIENCE_LINES = 2
_CONVENIENCE_CENTS = 200_00
_ROUNDING = 1e-6  # shares are float32: three fifths may arrive as 0.59999996

_CONFIDENCE = ((10, 0.3), (50, 0.6), (100, 0.8))
_MOST_CONFIDENCE = 0.9
_PATTERN_SHARE = 0.7
_PEAK_HOURS, _PEAK_DAYS, _TOP_CATEGORIES = 4, 3, 5
_PEAK_OF_BUSIEST = 0.75
_GROWTH_RECEIPTS = 10
_PAIR_RECEIPTS = 30
_PAIR_LIFT = 1.1
_PAIR_DEVIATIONS = 3.0
_UNPAIRED = (Category.OTHER, Category.RECHARGES)


@dataclass(frozen=True, slots=True)
class Window:
    """The sales of one window; days are day numbers, `until` included."""

    sales: pd.DataFrame
    first_day: int
    until: int
    open_days: np.ndarray  # with at least one sale, ascending


def assign_segments(features: pd.DataFrame) -> pd.DataFrame:
    """Tell the segments of each receipt, of a million or of the one just sold.

    Parameters
    ----------
    features : DataFrame
        FEATURE_COLUMNS, n rows.

    Returns
    -------
    DataFrame
        ASSIGNMENT_COLUMNS, n rows in the order and with the index of `features`. A sale without a time is
        in no temporal segment. Where two preferences hold, the first in SEGMENT_IDS wins, and a tie for
        the largest value share goes to alcohol. A receipt without lines is no Convenience: what was bought
        is not known. Refunds are NO_SEGMENT in all three.
    """
    check_frame(features, FEATURE_COLUMNS, "features")
    labels = {
        SegmentType.TEMPORAL: _temporal(features["hour_of_day"].to_numpy()),
        SegmentType.BASKET_VALUE: _basket_value(features["total_value"].to_numpy()),
        SegmentType.PRODUCT_PREFERENCE: _preference(features),
    }
    is_sale = features["kind"].to_numpy() == SaleKind.SALE
    columns = {str(kind): np.where(is_sale, codes, NO_SEGMENT) for kind, codes in labels.items()}
    columns["sale_id"] = features["sale_id"].to_numpy(copy=True)
    return pd.DataFrame(
        {name: columns[name].astype(dtype, copy=False) for name, dtype in ASSIGNMENT_COLUMNS.items()},
        index=features.index,
    )


def compute_segments(
    features: pd.DataFrame,
    *,
    until: date,
    window_days: int = WINDOW_DAYS,
    previous: pd.DataFrame | None = None,
) -> Segments | NotEnough:
    """Compute the twelve segments of the last days of data.

    Parameters
    ----------
    features : DataFrame
        FEATURE_COLUMNS; rows outside the window are passed over, their order does not matter.
    until : date
        Last day looked at. The window ends on the last day with a sale up to it, so that a shop whose
        till was imported a month ago still has segments.
    window_days : int
        Length of the window, in calendar days.
    previous : DataFrame, optional
        FEATURE_COLUMNS with the window before; without it, or with less than half as many open days as
        this one, there is no growth, nor for a segment that had fewer than 10 receipts there.
        `features` itself will do when it reaches back far enough.

    Returns
    -------
    Segments or NotEnough
        Twelve segments in the order of SEGMENT_IDS, also those without a receipt (count 0). Peak hours
        and days come busiest first: hours with at least three quarters of the receipts of the busiest,
        weekdays with at least the mean receipts per open day. Weeks of the frequency pattern are blocks of
        seven days counted back from the last, a remainder of the window left out. Shares are of the sales
        of the window; `NotEnough` when there is none.

    Notes
    -----
    The usual pair is (A, B, share of the segment's receipts with A that also have B). Of the ordered pairs
    of categories with 30 receipts or more having both, lift above 1.1, and more than three standard
    deviations (hypergeometric) above chance, it is the one with the largest added value, that share less
    the share of B in the whole segment: the highest share alone would always name what everybody buys.
    Lines of no known category and top-ups, which are nothing to offer, are left out.
    """
    check_frame(features, FEATURE_COLUMNS, "features")
    window = find_window(features, until, window_days)
    if window is None:
        return NotEnough(needed=1, have=0, unit="receipts", until=until)
    before = find_window_before(previous, window, window_days)
    labels = assign_segments(window.sales)
    labels_before = None if before is None else assign_segments(before.sales)
    return Segments(
        segments=tuple(
            _rule_segment(code, window, labels, before, labels_before) for code in range(len(SEGMENT_IDS))
        ),
        unassigned={kind: float((labels[str(kind)] == NO_SEGMENT).mean()) for kind in RULE_TYPES},
        receipts=len(window.sales),
        first_day=day_of(window.first_day),
        until=day_of(window.until),
        window_days=window_days,
    )


def _temporal(hour: np.ndarray) -> np.ndarray:
    """Code of the temporal segment of each hour."""
    by_hour = np.full(25, NO_SEGMENT, dtype=np.int8)  # the last place is read by NO_HOUR = -1
    for segment_id, hours in _HOURS.items():
        by_hour[list(hours)] = SEGMENT_IDS.index(segment_id)
    codes: np.ndarray = by_hour[hour]
    return codes


def _basket_value(total: np.ndarray) -> np.ndarray:
    """Code of the basket value segment of each total in cents."""
    first = SEGMENT_IDS.index("quick_picks")
    return first + np.searchsorted(_BASKET_STEPS_CENTS, total, side="right")


def _preference(features: pd.DataFrame) -> np.ndarray:
    """Code of the product preference of each receipt."""
    value = {
        category: features[column].to_numpy(dtype=np.float64)
        for category, column in zip(CATEGORIES, VALUE_SHARE_COLUMNS, strict=True)
    }
    alcohol = value[Category.ALCOHOL]
    largest = np.max(list(value.values()), axis=0)
    party = alcohol + value[Category.SNACKS] + value[Category.BEVERAGES]
    cleaning = value[Category.HOUSEHOLD] + value[Category.PERSONAL_CARE]
    fresh = value[Category.FRESH] + value[Category.MEAT] + value[Category.BAKERY]
    lines = features["item_count"].to_numpy()
    rules = {
        "beer_and_snacks": (alcohol > 0)
        & ((alcohol >= largest - _ROUNDING) | (party >= _BEER_AND_SNACKS_SHARE - _ROUNDING)),
        "household": cleaning >= _HOUSEHOLD_SHARE - _ROUNDING,
        "fresh": fresh >= _FRESH_SHARE - _ROUNDING,
        "convenience": (lines >= 1)
        & (lines <= _CONVENIENCE_LINES)
        & (features["total_value"].to_numpy() < _CONVENIENCE_CENTS),
    }
    codes = [SEGMENT_IDS.index(segment_id) for segment_id in rules]
    return np.select(list(rules.values()), codes, NO_SEGMENT)


def find_window(features: pd.DataFrame, until: date, window_days: int) -> Window | None:
    """The window that ends on the last day with a sale up to `until`; None without a sale."""
    day = features["day"].to_numpy()
    is_sale = (features["kind"].to_numpy() == SaleKind.SALE) & (day <= day_number(until))
    if not is_sale.any():
        return None
    last = int(day[is_sale].max())
    return _window_between(features, last - window_days + 1, last)


def find_window_before(previous: pd.DataFrame | None, window: Window, window_days: int) -> Window | None:
    """The window before another one; None when less than half as many days of it had sales."""
    if previous is None:
        return None
    check_frame(previous, FEATURE_COLUMNS, "previous")
    before = _window_between(previous, window.first_day - window_days, window.first_day - 1)
    return None if 2 * before.open_days.size < window.open_days.size else before


def _window_between(features: pd.DataFrame, first_day: int, until: int) -> Window:
    """The sales of a stretch of days, both ends included."""
    day = features["day"].to_numpy()
    is_sale = features["kind"].to_numpy() == SaleKind.SALE
    sales = features[is_sale & (day >= first_day) & (day <= until)]
    return Window(sales, first_day, until, np.unique(sales["day"].to_numpy()))


def _rule_segment(
    code: int,
    window: Window,
    labels: pd.DataFrame,
    before: Window | None,
    labels_before: pd.DataFrame | None,
) -> Segment:
    """One rule segment of the window."""
    segment_id = SEGMENT_IDS[code]
    kind = str(SEGMENT_TYPES[segment_id])
    was = None if labels_before is None else int((labels_before[kind].to_numpy() == code).sum())
    is_in = labels[kind].to_numpy() == code
    return make_segment(segment_id, SEGMENT_TYPES[segment_id], is_in, window, before, was)


def make_segment(
    segment_id: str,
    kind: SegmentType,
    is_in: np.ndarray,
    window: Window,
    before: Window | None = None,
    was: int | None = None,
) -> Segment:
    """Describe a part of a window's sales as a segment.

    Parameters
    ----------
    segment_id, kind : str, SegmentType
        What it is called, and how it was cut.
    is_in : ndarray of bool
        Which rows of `window.sales` are in it.
    window : Window
        The sales it is a part of.
    before, was : Window, int, optional
        The window before, and how many receipts the segment had there; without them there is no growth.

    Returns
    -------
    Segment
        Without a name; its confidence is by sample size alone.
    """
    rows = window.sales[is_in]
    count = len(rows)
    revenue = int(rows["total_value"].sum())
    hour = rows["hour_of_day"].to_numpy()
    by_hour = np.bincount(hour[hour != NO_HOUR], minlength=24)
    return Segment(
        segment_id=segment_id,
        type=kind,
        transaction_count=count,
        share=count / len(window.sales),
        revenue_cents=revenue,
        avg_basket_cents=round(revenue / count) if count else 0,
        avg_items_per_basket=float(rows["item_count"].mean()) if count else 0.0,
        peak_hours=_peak_hours(by_hour),
        peak_days=_peak_days(rows["day"].to_numpy(), window.open_days),
        confidence_score=_confidence(count),
        top_categories=_top_categories(rows),
        payment_preferences=_payment_shares(rows["payment"].to_numpy()),
        frequency_pattern=_frequency_pattern(rows["day"].to_numpy(), window),
        receipts_by_hour=tuple(by_hour.tolist()),
        growth=_growth(count, was, window, before),
        usual_pair=_usual_pair(rows),
        reasons=(Reason.of("segment_sample", receipts=count, open_days=window.open_days.size),),
    )


def _confidence(count: int) -> float:
    """Confidence by sample size."""
    return next((confidence for below, confidence in _CONFIDENCE if count < below), _MOST_CONFIDENCE)


def _busiest_first(rates: np.ndarray, at_least: float, most: int) -> tuple[int, ...]:
    """Positions of the highest rates, ties by position; nothing where nothing was sold."""
    order = np.argsort(-rates, kind="stable")[:most]
    return tuple(int(i) for i in order if rates[i] > 0 and rates[i] >= at_least)


def _peak_hours(by_hour: np.ndarray) -> tuple[int, ...]:
    """The busiest hours; every hour was open on the same days, so counts rank like rates."""
    return _busiest_first(by_hour, _PEAK_OF_BUSIEST * by_hour.max(), _PEAK_HOURS)


def _peak_days(day: np.ndarray, open_days: np.ndarray) -> tuple[int, ...]:
    """The busiest weekdays, by receipts per open day of that weekday."""
    opened = np.bincount((open_days + 4) % 7, minlength=7)
    rates = np.bincount((day + 4) % 7, minlength=7) / np.maximum(opened, 1)
    mean = float(rates[opened > 0].mean())
    return _busiest_first(rates, mean * (1 - _ROUNDING), _PEAK_DAYS)


def _top_categories(rows: pd.DataFrame) -> tuple[tuple[Category, float], ...]:
    """The categories with the highest value and their share of all value that has a category."""
    shares = rows[list(VALUE_SHARE_COLUMNS)].to_numpy(dtype=np.float64)
    value = rows["total_value"].to_numpy() @ shares
    if not value.sum() > 0:
        return ()
    order = _busiest_first(value, 0.0, _TOP_CATEGORIES)
    return tuple((CATEGORIES[i], float(value[i] / value.sum())) for i in order)


def _payment_shares(payment: np.ndarray) -> tuple[tuple[Payment, float], ...]:
    """Share of receipts of each payment used, most used first."""
    counts = np.bincount(payment, minlength=len(PAYMENTS))
    return tuple(
        (PAYMENTS[i], float(counts[i] / payment.size)) for i in _busiest_first(counts, 0.0, len(PAYMENTS))
    )


def _frequency_pattern(day: np.ndarray, window: Window) -> str:
    """How regularly the segment comes: `daily`, `weekly` or `occasional`."""
    if np.unique(day).size / window.open_days.size >= _PATTERN_SHARE:
        return "daily"
    whole_weeks = max(1, (window.until - window.first_day + 1) // 7)
    open_weeks = np.unique((window.until - window.open_days) // 7)
    seen_weeks = np.unique((window.until - day) // 7)
    seen, opened = ((weeks < whole_weeks).sum() for weeks in (seen_weeks, open_weeks))
    return "weekly" if seen / opened >= _PATTERN_SHARE else "occasional"


def _growth(count: int, was: int | None, window: Window, before: Window | None) -> float | None:
    """Receipts per open day against the window before; None where that had too few to compare."""
    if before is None or was is None or was < _GROWTH_RECEIPTS:
        return None
    return (count / window.open_days.size) / (was / before.open_days.size) - 1


def _usual_pair(rows: pd.DataFrame) -> tuple[Category, Category, float] | None:
    """The category that most often goes with another one, when it is more than chance."""
    has = (rows[list(SHARE_COLUMNS)].to_numpy() > 0).astype(np.float32)
    has[:, [CATEGORY_CODE[category] for category in _UNPAIRED]] = 0
    count = len(rows)
    both = (has.T @ has).astype(np.float64)
    with_first = np.diag(both)[:, np.newaxis]
    with_second = with_first.T
    expected = with_first * with_second / max(count, 1)
    variance = expected * (count - with_first) * (count - with_second) / max(count * (count - 1), 1)
    is_real = (
        (both >= _PAIR_RECEIPTS)
        & (both > _PAIR_LIFT * expected)
        & (both - expected > _PAIR_DEVIATIONS * np.sqrt(variance))
    )
    np.fill_diagonal(is_real, False)
    if not is_real.any():
        return None
    share = both / np.maximum(with_first, 1)
    added_value = np.where(is_real, share - with_second / count, -np.inf)
    first, second = np.unravel_index(int(np.argmax(added_value)), share.shape)
    return CATEGORIES[int(first)], CATEGORIES[int(second)], float(share[first, second])
