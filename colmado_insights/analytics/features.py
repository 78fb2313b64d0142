"""Transaction features: what can be said of one receipt alone.

Lines are counted by an integer key (category, receipt) instead of being grouped,
which is several times as fast as a group-by; `bench/features.py` measures it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from colmado_insights.analytics.dominican_days import OCCASIONS, DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.domain import (
    CATEGORIES,
    CATEGORY_CODE,
    LINE_COLUMNS,
    NO_HOUR,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    Category,
    SaleKind,
    day_of,
)

LARGE_BASKET_CENTS = 500_00
SMALL_BASKET_CENTS = 100_00

NO_OCCASION = 0
"""Code of an ordinary day in the `occasion` column."""
OCCASION_IDS: tuple[str, ...] = ("", *OCCASIONS)
"""Occasions by their code in the `occasion` column."""

SHARE_COLUMNS: tuple[str, ...] = tuple(f"share_{category}" for category in CATEGORIES)
"""Share of the receipt's lines, one column a category in the order of CATEGORIES."""
VALUE_SHARE_COLUMNS: tuple[str, ...] = tuple(f"value_share_{category}" for category in CATEGORIES)
"""Share of the receipt's value, one column a category in the order of CATEGORIES."""

_HAS_COLUMNS: dict[str, Category] = {
    "has_alcohol": Category.ALCOHOL,
    "has_fresh_produce": Category.FRESH,
    "has_household_items": Category.HOUSEHOLD,
    "has_snacks": Category.SNACKS,
    "has_beverages": Category.BEVERAGES,
}

FEATURE_COLUMNS: dict[str, str] = (
    {
        "sale_id": "int64",
        "kind": "int8",  # SaleKind
        "day": "int32",  # day number since 1970-01-01
        "hour_of_day": "int8",  # 0-23; NO_HOUR for a sale without a time
        "day_of_week": "int8",  # 0 = Sunday
        "week_of_month": "int8",  # 1-5
        "is_weekend": "bool",
        "is_payroll_day": "bool",
        "pay_phase": "int8",  # position in PAY_PHASES
        "is_holiday": "bool",
        "occasion": "int8",  # position in OCCASION_IDS
        "total_value": "int64",  # cents, negative for a refund
        "item_count": "int32",  # lines
        "unit_count": "float64",  # sum of quantities, negative for a refund
        "avg_item_price": "float64",  # cents a line; NaN without lines
        "is_large_basket": "bool",
        "is_small_basket": "bool",
        "payment": "int8",  # position in PAYMENTS
        "cashier_id": "int64",
        "shift_id": "int64",
    }
    | dict.fromkeys(_HAS_COLUMNS, "bool")
    | dict.fromkeys(SHARE_COLUMNS, "float32")
    | dict.fromkeys(VALUE_SHARE_COLUMNS, "float32")
)
"""One row a receipt, in the order of the receipts."""

_RECEIPT_COLUMNS = ("sale_id", "kind", "payment", "cashier_id", "shift_id")
_CALENDAR_COLUMNS: dict[str, str] = {
    "weekday": "day_of_week",  # the calendar's name: ours
    "week_of_month": "week_of_month",
    "is_weekend": "is_weekend",
    "is_payroll_day": "is_payroll_day",
    "pay_phase": "pay_phase",
    "is_holiday": "is_holiday",
}

_Columns = dict[str, np.ndarray]


def compute_features(
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    days: DominicanDays,
    *,
    small_basket_cents: int = SMALL_BASKET_CENTS,
    large_basket_cents: int = LARGE_BASKET_CENTS,
) -> pd.DataFrame:
    """Compute every transaction feature of every receipt.

    Parameters
    ----------
    receipts : DataFrame
        RECEIPT_COLUMNS, n rows in any order.
    lines : DataFrame
        LINE_COLUMNS, m rows in any order; `receipt` is a row position in `receipts`.
    days : DominicanDays
        The shop's calendar.
    small_basket_cents, large_basket_cents : int
        A basket is small below the first and large above the second.

    Returns
    -------
    DataFrame
        FEATURE_COLUMNS, n rows in the order of `receipts`, index 0 … n - 1. A refund is a row like any
        other: its total and units are negative, its shares are positive, `kind` tells it apart.

        `share_*` is the share of the receipt's lines and adds to 1; without lines every share is 0.
        `value_share_*` is the share of what the receipt's categories cost: of each category the sum of its
        amounts, counted as 0 when it runs against the receipt (a discount line or a returned bottle in a
        sale, a charge in a refund). It adds to 1 unless nothing in the receipt has a value (no lines, all
        free), where every value share is 0.

    Raises
    ------
    TypeError
        A column is missing or of another dtype.
    ValueError
        A line belongs to no receipt or has an unknown category.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    check_frame(lines, LINE_COLUMNS, "lines")
    total = receipts["total_cents"].to_numpy()
    is_refund = receipts["kind"].to_numpy() == SaleKind.REFUND
    columns: _Columns = {name: receipts[name].to_numpy(copy=True) for name in _RECEIPT_COLUMNS}
    columns |= _time_columns(receipts["sold_at"].to_numpy(), receipts["has_time"].to_numpy(), days)
    columns |= _basket_columns(lines, total, is_refund)
    columns["total_value"] = total.copy()
    columns["is_large_basket"] = total > large_basket_cents
    columns["is_small_basket"] = total < small_basket_cents
    return pd.DataFrame(
        {name: columns[name].astype(dtype, copy=False) for name, dtype in FEATURE_COLUMNS.items()},
        copy=False,
    )


def _time_columns(sold_at: np.ndarray, has_time: np.ndarray, days: DominicanDays) -> _Columns:
    """Hour, day and calendar of n receipts from their wall-clock seconds."""
    day, second = np.divmod(sold_at, SECONDS_A_DAY)
    columns = {"day": day, "hour_of_day": np.where(has_time, second // 3600, NO_HOUR)}
    # The calendar is asked once a day that occurs: a bad date of 1970 must not cost fifty years.
    seen, position = _days_seen(day)
    calendar = _calendar(seen, days)
    return columns | {name: values[position] for name, values in calendar.items()}


def _days_seen(day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different days, ascending, and the position of each of the n days among them."""
    if day.size == 0:
        return day, day
    first = day.min()
    offset = day - first
    is_seen = np.zeros(offset.max() + 1, dtype=bool)
    is_seen[offset] = True
    rank = np.cumsum(is_seen) - 1
    return np.flatnonzero(is_seen) + first, rank[offset]


def _calendar(seen: np.ndarray, days: DominicanDays) -> _Columns:
    """The calendar columns of the days seen, one stretch of consecutive days at a time."""
    stretches = np.split(seen, np.flatnonzero(np.diff(seen) > 1) + 1) if seen.size else []
    frames = [days.frame(day_of(stretch[0]), day_of(stretch[-1])) for stretch in stretches]
    frame = pd.concat(frames, ignore_index=True) if frames else days.frame(day_of(0), day_of(-1))
    columns = {
        ours: frame[theirs].to_numpy().astype(FEATURE_COLUMNS[ours])
        for theirs, ours in _CALENDAR_COLUMNS.items()
    }
    code = {occasion: code for code, occasion in enumerate(OCCASION_IDS)}
    columns["occasion"] = np.array([code[occasion] for occasion in frame["occasion"]], dtype=np.int8)
    return columns


def _basket_columns(lines: pd.DataFrame, total: np.ndarray, is_refund: np.ndarray) -> _Columns:
    """What the m lines say of the n receipts: counts, shares by category, averages."""
    n = total.size
    receipt = lines["receipt"].to_numpy()
    category = lines["category"].to_numpy()
    _check_codes(receipt, n, "receipt")
    _check_codes(category, len(CATEGORIES), "category")
    # One row of the table a category, so that lines ordered by receipt write along twelve streams.
    key = category * np.int64(n) + receipt
    shape = (len(CATEGORIES), n)
    counts = np.bincount(key, minlength=shape[0] * n).reshape(shape)
    amounts = np.bincount(key, lines["amount_cents"].to_numpy(), minlength=shape[0] * n).reshape(shape)
    units = np.bincount(receipt, lines["quantity_milli"].to_numpy(), minlength=n)
    item_count = counts.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        average = np.where(item_count > 0, total / item_count, np.nan)
    columns: _Columns = {"item_count": item_count, "unit_count": units / 1000, "avg_item_price": average}
    columns |= {name: counts[CATEGORY_CODE[wanted]] > 0 for name, wanted in _HAS_COLUMNS.items()}
    columns |= dict(zip(SHARE_COLUMNS, _shares(counts, item_count), strict=True))
    np.negative(amounts, out=amounts, where=is_refund)
    np.maximum(amounts, 0, out=amounts)
    columns |= dict(zip(VALUE_SHARE_COLUMNS, _shares(amounts, amounts.sum(axis=0)), strict=True))
    return columns


def _check_codes(codes: np.ndarray, count: int, name: str) -> None:
    """Raise ValueError unless every code is in 0 … count - 1."""
    if codes.size and (codes.min() < 0 or codes.max() >= count):
        raise ValueError(f"lines: {name} outside 0 … {count - 1}")


def _shares(parts: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Each part of its whole as float32, 0 where there is none; (k, n) and (n,) give (k, n)."""
    per_unit = np.divide(1.0, whole, out=np.zeros(whole.shape), where=whole != 0)
    shares: np.ndarray = (parts * per_unit).astype(np.float32)
    return shares
