"""Features against a slow recomputation, receipt by receipt, and against the spec's rules."""

from __future__ import annotations

import math
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.features import (
    FEATURE_COLUMNS,
    OCCASION_IDS,
    SHARE_COLUMNS,
    VALUE_SHARE_COLUMNS,
    compute_features,
)
from colmado_insights.domain import (
    CATEGORIES,
    CATEGORY_CODE,
    LINE_COLUMNS,
    NO_HOUR,
    PAY_PHASES,
    RECEIPT_COLUMNS,
    Category,
    SaleKind,
    day_number,
    moment_of,
    wall_seconds,
)

DAYS = DominicanDays()


def make_receipts(rows: list[dict]) -> pd.DataFrame:
    filled = [
        dict.fromkeys(RECEIPT_COLUMNS, 0) | {"has_time": True, "sale_id": position + 1} | row
        for position, row in enumerate(rows)
    ]
    return pd.DataFrame(filled, columns=list(RECEIPT_COLUMNS)).astype(RECEIPT_COLUMNS)


def make_lines(rows: list[tuple[int, Category, int, int]]) -> pd.DataFrame:
    """Lines from (receipt, category, quantity_milli, amount_cents)."""
    filled = [(receipt, 0, CATEGORY_CODE[category], units, cents) for receipt, category, units, cents in rows]
    return pd.DataFrame(filled, columns=list(LINE_COLUMNS)).astype(LINE_COLUMNS)


def features_of(moment: datetime, **receipt: object) -> pd.Series:
    receipts = make_receipts([{"sold_at": wall_seconds(moment)} | receipt])
    return compute_features(receipts, make_lines([]), DAYS).iloc[0]


def random_shop(seed: int, receipts: int = 300, lines: int = 700) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A shop with refunds, discount lines, receipts without lines and without a time."""
    rng = np.random.default_rng(seed)
    first = day_number(date(2026, 1, 1)) * 86_400
    frame = pd.DataFrame(
        {
            "sale_id": np.arange(receipts) + 1,
            "sold_at": np.sort(first + rng.integers(0, 400 * 86_400, receipts)),
            "has_time": rng.random(receipts) < 0.9,
            "kind": (rng.random(receipts) < 0.1).astype(int),
            "total_cents": rng.integers(-100, 900_00, receipts),
            "payment": rng.integers(0, 9, receipts),
            "cashier_id": rng.integers(0, 4, receipts),
            "shift_id": rng.integers(0, 50, receipts),
            "customer_id": 0,
        }
    ).astype(RECEIPT_COLUMNS)
    frame.loc[frame["kind"] == SaleKind.REFUND, "total_cents"] *= -1
    receipt = np.sort(rng.integers(0, receipts, lines))
    sign = np.where(frame["kind"].to_numpy()[receipt] == SaleKind.REFUND, -1, 1)
    amounts = rng.integers(-50_00, 300_00, lines) * (rng.random(lines) < 0.95)
    goods = pd.DataFrame(
        {
            "receipt": receipt,
            "product_id": rng.integers(1, 50, lines),
            "category": rng.integers(0, len(CATEGORIES), lines),
            "quantity_milli": rng.integers(1, 4000, lines) * sign,
            "amount_cents": amounts * sign,
        }
    ).astype(LINE_COLUMNS)
    return frame, goods


def slow_features(receipt: pd.Series, lines: pd.DataFrame) -> dict[str, object]:
    """The same features by the words of the spec, one receipt at a time."""
    moment = moment_of(receipt["sold_at"])
    day = moment.date()
    total, count = int(receipt["total_cents"]), len(lines)
    sign = -1 if receipt["kind"] == SaleKind.REFUND else 1
    codes = [CATEGORY_CODE[category] for category in CATEGORIES]
    values = [
        max(0, sign * int(lines.loc[lines["category"] == code, "amount_cents"].sum())) for code in codes
    ]
    present = set(lines["category"])
    return {
        "sale_id": receipt["sale_id"],
        "kind": receipt["kind"],
        "day": day_number(day),
        "hour_of_day": moment.hour if receipt["has_time"] else NO_HOUR,
        "day_of_week": (day.weekday() + 1) % 7,
        "week_of_month": math.ceil(day.day / 7),
        "is_weekend": day.weekday() >= 5,
        "is_payroll_day": DAYS.is_payroll_day(day),
        "pay_phase": PAY_PHASES.index(DAYS.pay_phase(day)),
        "is_holiday": DAYS.holiday(day) is not None,
        "occasion": OCCASION_IDS.index(DAYS.occasion(day) or ""),
        "total_value": total,
        "item_count": count,
        "unit_count": lines["quantity_milli"].sum() / 1000,
        "avg_item_price": total / count if count else math.nan,
        "is_large_basket": total > 500_00,
        "is_small_basket": total < 100_00,
        "payment": receipt["payment"],
        "cashier_id": receipt["cashier_id"],
        "shift_id": receipt["shift_id"],
        "has_alcohol": CATEGORY_CODE[Category.ALCOHOL] in present,
        "has_fresh_produce": CATEGORY_CODE[Category.FRESH] in present,
        "has_household_items": CATEGORY_CODE[Category.HOUSEHOLD] in present,
        "has_snacks": CATEGORY_CODE[Category.SNACKS] in present,
        "has_beverages": CATEGORY_CODE[Category.BEVERAGES] in present,
        **{
            name: (lines["category"] == code).sum() / count if count else 0.0
            for name, code in zip(SHARE_COLUMNS, codes, strict=True)
        },
        **{
            name: value / sum(values) if sum(values) else 0.0
            for name, value in zip(VALUE_SHARE_COLUMNS, values, strict=True)
        },
    }


@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_a_slow_recomputation(seed: int) -> None:
    receipts, lines = random_shop(seed)
    expected = pd.DataFrame(
        [slow_features(receipts.iloc[i], lines[lines["receipt"] == i]) for i in range(len(receipts))]
    ).astype(FEATURE_COLUMNS)
    pd.testing.assert_frame_equal(compute_features(receipts, lines, DAYS), expected, rtol=1e-6)


def test_order_of_lines_does_not_matter() -> None:
    receipts, lines = random_shop(1)
    shuffled = lines.sample(frac=1, random_state=7)
    pd.testing.assert_frame_equal(
        compute_features(receipts, lines, DAYS), compute_features(receipts, shuffled, DAYS)
    )


def test_shares_add_to_one_where_there_are_lines() -> None:
    receipts, lines = random_shop(2)
    features = compute_features(receipts, lines, DAYS)
    sums = features[list(SHARE_COLUMNS)].sum(axis=1)
    has_lines = features["item_count"] > 0
    assert has_lines.any() and (~has_lines).any()
    np.testing.assert_allclose(sums[has_lines], 1, atol=1e-6)
    assert (sums[~has_lines] == 0).all()


def test_receipt_without_lines_has_no_average_price() -> None:
    row = features_of(datetime(2026, 3, 3, 10), total_cents=75_00)
    assert math.isnan(row["avg_item_price"])
    assert row["item_count"] == 0


@pytest.mark.parametrize(("day", "week"), [(1, 1), (7, 1), (8, 2), (14, 2), (28, 4), (29, 5), (31, 5)])
def test_week_of_month_is_ceil_of_day_by_seven(day: int, week: int) -> None:
    assert features_of(datetime(2026, 3, day, 9))["week_of_month"] == week


def test_sunday_is_zero_and_saturday_six() -> None:
    assert features_of(datetime(2026, 3, 1, 9))["day_of_week"] == 0
    saturday = features_of(datetime(2026, 3, 7, 23, 59, 59))
    assert (saturday["day_of_week"], saturday["hour_of_day"], saturday["is_weekend"]) == (6, 23, True)


def test_sale_without_a_time_has_no_hour_but_a_day() -> None:
    row = features_of(datetime(2026, 2, 27), has_time=False)
    assert row["hour_of_day"] == NO_HOUR
    assert row["is_holiday"]


def test_last_of_february_is_a_pay_day() -> None:
    assert features_of(datetime(2026, 2, 28, 9))["is_payroll_day"]
    assert not features_of(datetime(2026, 3, 28, 9))["is_payroll_day"]


@pytest.mark.parametrize(
    ("cents", "is_small", "is_large"),
    [(99_99, True, False), (100_00, False, False), (500_00, False, False), (500_01, False, True)],
)
def test_basket_thresholds_are_strict(cents: int, is_small: bool, is_large: bool) -> None:
    row = features_of(datetime(2026, 3, 3, 9), total_cents=cents)
    assert (row["is_small_basket"], row["is_large_basket"]) == (is_small, is_large)


def test_owner_sets_basket_thresholds() -> None:
    receipts = make_receipts([{"total_cents": 150_00}])
    features = compute_features(
        receipts, make_lines([]), DAYS, small_basket_cents=200_00, large_basket_cents=120_00
    )
    assert features.loc[0, ["is_small_basket", "is_large_basket"]].tolist() == [True, True]


def test_discount_line_takes_from_no_other_category() -> None:
    lines = make_lines([(0, Category.ALCOHOL, 1000, 300_00), (0, Category.OTHER, 1000, -50_00)])
    row = compute_features(make_receipts([{"total_cents": 250_00}]), lines, DAYS).iloc[0]
    assert row["value_share_alcohol"] == 1
    assert row["value_share_other"] == 0
    assert row["share_other"] == 0.5


def test_refund_has_positive_shares_and_negative_total() -> None:
    receipts = make_receipts([{"total_cents": -90_00, "kind": int(SaleKind.REFUND)}])
    lines = make_lines([(0, Category.MEAT, -500, -30_00), (0, Category.BAKERY, -1000, -60_00)])
    row = compute_features(receipts, lines, DAYS).iloc[0]
    assert row["value_share_meat"] == pytest.approx(1 / 3)
    assert (row["total_value"], row["unit_count"], row["avg_item_price"]) == (-90_00, -1.5, -45_00)


def test_free_receipt_has_no_value_shares() -> None:
    row = compute_features(
        make_receipts([{"total_cents": 0}]), make_lines([(0, Category.SNACKS, 1000, 0)]), DAYS
    ).iloc[0]
    assert row[list(VALUE_SHARE_COLUMNS)].sum() == 0
    assert row["share_snacks"] == 1


def test_years_between_sales_ask_only_the_days_sold() -> None:
    moments = [datetime(2026, 12, 25, 12), datetime(1970, 1, 1), datetime(2026, 12, 24, 12)]
    receipts = make_receipts([{"sold_at": wall_seconds(moment)} for moment in moments])
    asked: list[tuple[date, date]] = []

    class Watched(DominicanDays):
        def frame(self, first_day: date, last_day: date) -> pd.DataFrame:
            asked.append((first_day, last_day))
            return super().frame(first_day, last_day)

    features = compute_features(receipts, make_lines([]), Watched())
    assert features["day_of_week"].tolist() == [5, 4, 4]
    assert features["is_holiday"].tolist() == [True, False, False]
    assert asked == [(date(1970, 1, 1), date(1970, 1, 1)), (date(2026, 12, 24), date(2026, 12, 25))]


def test_changing_the_answer_leaves_the_receipts_alone() -> None:
    receipts, lines = random_shop(3)
    before = receipts.copy()
    features = compute_features(receipts, lines, DAYS)
    features.loc[:, "total_value"] = 0
    features["sale_id"] += 1
    pd.testing.assert_frame_equal(receipts, before)


def test_wrong_frames_are_refused_by_name() -> None:
    receipts, lines = random_shop(4)
    with pytest.raises(TypeError, match=r"receipts: column kind is missing"):
        compute_features(receipts.drop(columns="kind"), lines, DAYS)
    with pytest.raises(TypeError, match=r"lines: column amount_cents is float64"):
        compute_features(receipts, lines.astype({"amount_cents": "float64"}), DAYS)
    with pytest.raises(ValueError, match="receipt outside"):
        compute_features(receipts.head(10), lines, DAYS)
    with pytest.raises(ValueError, match="category outside"):
        compute_features(receipts, lines.assign(category=np.int8(12)), DAYS)
