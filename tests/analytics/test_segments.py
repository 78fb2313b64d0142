"""The twelve rule segments: the rules at their edges, the numbers of a window, a slow recomputation."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.features import VALUE_SHARE_COLUMNS, compute_features
from colmado_insights.analytics.results import RULE_TYPES, NotEnough, Segment, Segments, SegmentType
from colmado_insights.analytics.segments import (
    NO_SEGMENT,
    SEGMENT_IDS,
    SEGMENT_TYPES,
    assign_segments,
    compute_segments,
)
from colmado_insights.domain import (
    CATEGORIES,
    CATEGORY_CODE,
    LINE_COLUMNS,
    PAYMENT_CODE,
    PAYMENTS,
    RECEIPT_COLUMNS,
    Category,
    Payment,
    SaleKind,
    day_number,
    wall_seconds,
)

DAYS = DominicanDays()
UNTIL = date(2026, 3, 31)
Basket = dict[Category, int]


def sale(moment: datetime, basket: Basket | None = None, lines: int | None = None, **receipt: object) -> dict:
    """A receipt with one line a category, or with `lines` lines of the first."""
    basket = {Category.OTHER: 100_00} if basket is None else basket
    return {"sold_at": wall_seconds(moment), "basket": basket, "lines": lines} | receipt


def features_of(sales: list[dict]) -> pd.DataFrame:
    receipts, goods = [], []
    for position, row in enumerate(sales):
        row = dict(row)
        basket, count = row.pop("basket"), row.pop("lines")
        parts = [(category, cents) for category, cents in basket.items()]
        if count is not None:
            parts = [(category, cents / count) for category, cents in parts[:1] for _ in range(count)]
        goods += [(position, 0, CATEGORY_CODE[category], 1000, cents) for category, cents in parts]
        receipts.append(
            dict.fromkeys(RECEIPT_COLUMNS, 0)
            | {"sale_id": position + 1, "has_time": True, "total_cents": sum(basket.values())}
            | row
        )
    return compute_features(
        pd.DataFrame(receipts, columns=list(RECEIPT_COLUMNS)).astype(RECEIPT_COLUMNS),
        pd.DataFrame(goods, columns=list(LINE_COLUMNS)).astype(LINE_COLUMNS),
        DAYS,
    )


def label(kind: SegmentType, *args: object, **receipt: object) -> str | None:
    code = assign_segments(features_of([sale(*args, **receipt)])).loc[0, str(kind)]
    return None if code == NO_SEGMENT else SEGMENT_IDS[code]


def named(found: Segments | NotEnough) -> dict[str, Segment]:
    assert isinstance(found, Segments)
    return {segment.segment_id: segment for segment in found.segments}


def random_features(seed: int, receipts: int = 2500, days: int = 70) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    sales = []
    for _ in range(receipts):
        moment = datetime.combine(UNTIL, datetime.min.time()) - timedelta(days=int(rng.integers(-2, days)))
        moment += timedelta(seconds=int(rng.integers(0, 86_400)))
        chosen = rng.choice(len(CATEGORIES), size=int(rng.integers(0, 4)), replace=False)
        basket = {CATEGORIES[i]: int(rng.choice([50_00, 100_00, 150_00, 400_00])) for i in chosen}
        kind = int(rng.random() < 0.05)
        if kind == SaleKind.REFUND:
            basket = {category: -cents for category, cents in basket.items()}
        row = sale(moment, basket, kind=kind, payment=int(rng.integers(0, 4)), has_time=rng.random() < 0.9)
        sales.append(row)
    return features_of(sales)


@pytest.mark.parametrize(
    ("hours", "segment"),
    [
        ((6, 7, 8, 9), "morning_commute"),
        ((11, 12, 13, 14), "lunch_rush"),
        ((17, 18, 19, 20), "after_work"),
        ((21, 22, 23, 0, 1), "late_night"),
        ((2, 3, 4, 5, 10, 15, 16), None),
    ],
)
def test_every_hour_has_its_temporal_segment(hours: tuple[int, ...], segment: str | None) -> None:
    assert {label(SegmentType.TEMPORAL, datetime(2026, 3, 3, hour, 59)) for hour in hours} == {segment}


def test_sale_without_a_time_is_in_no_temporal_segment() -> None:
    midnight = datetime(2026, 3, 3)
    assert label(SegmentType.TEMPORAL, midnight) == "late_night"
    assert label(SegmentType.TEMPORAL, midnight, has_time=False) is None
    assert label(SegmentType.BASKET_VALUE, midnight, has_time=False) == "quick_picks"


@pytest.mark.parametrize(
    ("cents", "segment"),
    [
        (0, "quick_picks"),
        (199_99, "quick_picks"),
        (200_00, "regular_shoppers"),
        (499_99, "regular_shoppers"),
        (500_00, "big_shoppers"),
        (999_99, "big_shoppers"),
        (1000_00, "bulk_buyers"),
    ],
)
def test_basket_value_steps(cents: int, segment: str) -> None:
    assert label(SegmentType.BASKET_VALUE, datetime(2026, 3, 3, 9), {Category.OTHER: cents}) == segment


A, S, B = Category.ALCOHOL, Category.SNACKS, Category.BEVERAGES


@pytest.mark.parametrize(
    ("basket", "segment"),
    [
        ({A: 400_00, Category.STAPLES: 300_00, Category.MEAT: 300_00}, "beer_and_snacks"),  # the largest
        ({A: 300_00, Category.STAPLES: 300_00}, "beer_and_snacks"),  # a tie
        ({A: 100_00, S: 250_00, B: 250_00, Category.STAPLES: 400_00}, "beer_and_snacks"),  # 60 % together
        ({A: 100_00, S: 250_00, B: 249_00, Category.STAPLES: 401_00}, None),  # 59.9 % together
        ({S: 500_00, B: 500_00}, None),  # a party without alcohol
        ({A: 340_00, Category.FRESH: 330_00, Category.MEAT: 330_00}, "beer_and_snacks"),  # the first wins
        ({Category.HOUSEHOLD: 300_00, Category.PERSONAL_CARE: 200_00, S: 500_00}, "household"),
        ({Category.HOUSEHOLD: 499_00, S: 501_00}, None),
        ({Category.HOUSEHOLD: 500_00, Category.FRESH: 500_00}, "household"),  # the first wins
        ({Category.FRESH: 200_00, Category.MEAT: 200_00, Category.BAKERY: 100_00, S: 500_00}, "fresh"),
        ({Category.TOBACCO: 100_00, S: 99_99}, "convenience"),
        ({Category.TOBACCO: 100_00, S: 100_00}, None),
        ({Category.TOBACCO: 50_00, S: 50_00, B: 50_00}, None),  # three lines
        ({Category.FRESH: 50_00}, "fresh"),
        ({}, None),  # no lines: what was bought is not known
    ],
)
def test_product_preferences(basket: Basket, segment: str | None) -> None:
    assert label(SegmentType.PRODUCT_PREFERENCE, datetime(2026, 3, 3, 9), basket) == segment


def test_convenience_counts_lines_not_categories() -> None:
    moment = datetime(2026, 3, 3, 9)
    assert label(SegmentType.PRODUCT_PREFERENCE, moment, {S: 90_00}, lines=2) == "convenience"
    assert label(SegmentType.PRODUCT_PREFERENCE, moment, {S: 90_00}, lines=3) is None


def test_refunds_are_in_no_segment() -> None:
    refund = sale(datetime(2026, 3, 3, 9), {A: -100_00}, kind=int(SaleKind.REFUND))
    features = features_of([refund, sale(datetime(2026, 3, 3, 9))])
    labels = assign_segments(features)
    assert (labels.loc[0, [str(kind) for kind in RULE_TYPES]] == NO_SEGMENT).all()
    segments = compute_segments(features, until=UNTIL)
    assert isinstance(segments, Segments)
    assert segments.receipts == 1


def test_one_sale_gets_the_labels_it_has_among_many() -> None:
    features = random_features(9, 400)
    together = assign_segments(features)
    alone = pd.concat([assign_segments(features.iloc[[i]]) for i in range(len(features))])
    pd.testing.assert_frame_equal(together, alone)


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_a_slow_recomputation(seed: int) -> None:
    features = random_features(seed)
    window_days = (30, 14, 45)[seed]
    segments = compute_segments(features, until=UNTIL, window_days=window_days, previous=features)
    assert isinstance(segments, Segments)
    is_sale = features["kind"] == SaleKind.SALE
    last = int(features.loc[is_sale & (features["day"] <= day_number(UNTIL)), "day"].max())
    in_window = is_sale & (features["day"] <= last) & (features["day"] > last - window_days)
    now = features[in_window]
    was = features[
        is_sale & (features["day"] <= last - window_days) & (features["day"] > last - 2 * window_days)
    ]
    labels, old = assign_segments(now), assign_segments(was)
    open_days = sorted(set(now["day"]))
    assert segments.receipts == len(now)
    for code, segment in enumerate(segments.segments):
        kind = str(SEGMENT_TYPES[SEGMENT_IDS[code]])
        rows = now[labels[kind] == code]
        assert segment.transaction_count == len(rows)
        assert segment.share == pytest.approx(len(rows) / len(now))
        assert segment.revenue_cents == sum(rows["total_value"])
        assert segment.avg_basket_cents == round(sum(rows["total_value"]) / len(rows))
        assert segment.avg_items_per_basket == pytest.approx(sum(rows["item_count"]) / len(rows))
        hours = Counter(hour for hour in rows["hour_of_day"] if hour >= 0)
        assert segment.receipts_by_hour == tuple(hours[hour] for hour in range(24))
        ranked = sorted(hours, key=lambda hour: (-hours[hour], hour))
        assert segment.peak_hours == tuple(h for h in ranked if hours[h] >= 0.75 * hours[ranked[0]])[:4]
        per_day = {
            weekday: sum(rows["day_of_week"] == weekday) / sum((d + 4) % 7 == weekday for d in open_days)
            for weekday in {(d + 4) % 7 for d in open_days}
        }
        mean = sum(per_day.values()) / len(per_day)
        best = sorted(per_day, key=lambda weekday: (-per_day[weekday], weekday))
        assert segment.peak_days == tuple(d for d in best if per_day[d] >= mean)[:3]
        payments = Counter(PAYMENTS[code] for code in rows["payment"])
        assert dict(segment.payment_preferences) == pytest.approx(
            {payment: count / len(rows) for payment, count in payments.items()}
        )
        value = {
            category: sum(rows["total_value"] * rows[column])
            for category, column in zip(CATEGORIES, VALUE_SHARE_COLUMNS, strict=True)
        }
        top = sorted((c for c in value if value[c] > 0), key=lambda c: -value[c])[:5]
        assert [category for category, _share in segment.top_categories] == top
        assert dict(segment.top_categories) == pytest.approx(
            {category: value[category] / sum(value.values()) for category in top}, rel=1e-5
        )
        old_count = sum(old[kind] == code)
        if old_count < 10:
            assert segment.growth is None
        else:
            rate, old_rate = len(rows) / len(open_days), old_count / len(set(was["day"]))
            assert segment.growth == pytest.approx(rate / old_rate - 1)


def test_shares_of_a_type_and_the_rest_are_everything() -> None:
    segments = compute_segments(random_features(5), until=UNTIL)
    assert isinstance(segments, Segments)
    assert len(segments.segments) == 12
    for kind in RULE_TYPES:
        shares = [segment.share for segment in segments.segments if segment.type == kind]
        assert sum(shares) + segments.unassigned[kind] == pytest.approx(1)
        assert len(shares) == 4
    assert segments.unassigned[SegmentType.BASKET_VALUE] == 0
    assert segments.unassigned[SegmentType.TEMPORAL] > 0.1


@pytest.mark.parametrize(
    ("count", "confidence"),
    [(1, 0.3), (9, 0.3), (10, 0.6), (49, 0.6), (50, 0.8), (99, 0.8), (100, 0.9), (500, 0.9)],
)
def test_confidence_by_sample_size(count: int, confidence: float) -> None:
    features = features_of([sale(datetime(2026, 3, 30, 8))] * count)
    assert named(compute_segments(features, until=UNTIL))["morning_commute"].confidence_score == confidence


def evening_sales(days: list[int]) -> list[dict]:
    return [sale(datetime(2026, 3, day, 18)) for day in days]


def pattern_of(evenings: list[int], opened: range = range(2, 32)) -> str:
    mornings = [sale(datetime(2026, 3, day, 8)) for day in opened]
    found = compute_segments(features_of(mornings + evening_sales(evenings)), until=UNTIL)
    return named(found)["after_work"].frequency_pattern


def test_ten_receipts_every_day_are_daily() -> None:
    assert pattern_of(list(range(2, 32)) * 10) == "daily"


def test_frequency_pattern_at_its_edges() -> None:
    assert pattern_of(list(range(11, 32))) == "daily"  # 21 of 30 open days
    assert pattern_of(list(range(12, 32))) == "weekly"  # 20 of 30, but 3 of 4 weeks
    assert pattern_of([31, 24, 17]) == "weekly"  # one in each of 3 of 4 weeks
    assert pattern_of([31, 24]) == "occasional"  # 2 of 4
    assert pattern_of([2, 3] * 50) == "occasional"  # many receipts, few days


def test_closed_days_do_not_make_a_segment_rare() -> None:
    assert pattern_of([10, 11, 12], opened=range(10, 14)) == "daily"


def test_peak_days_are_per_open_day() -> None:
    # Five Sundays and four Mondays in the window: more receipts on Sundays, more per Monday.
    sundays = [sale(datetime(2026, 3, day, 8)) for day in (1, 8, 15, 22, 29) for _ in range(9)]
    mondays = [sale(datetime(2026, 3, day, 8)) for day in (2, 9, 16, 23) for _ in range(11)]
    found = compute_segments(features_of(sundays + mondays), until=date(2026, 3, 29), window_days=30)
    assert named(found)["morning_commute"].peak_days == (1,)


def test_window_ends_on_the_last_day_with_data() -> None:
    old = [sale(datetime(2026, 1, day, 8)) for day in (1, 2, 31)]
    future = sale(datetime(2027, 1, 1, 8))
    segments = compute_segments(features_of([*old, future]), until=date(2026, 11, 1))
    assert isinstance(segments, Segments)
    assert (segments.first_day, segments.until) == (date(2026, 1, 2), date(2026, 1, 31))
    assert segments.receipts == 2


def test_growth_needs_a_window_before() -> None:
    now = evening_sales(list(range(17, 32)))
    before = [sale(datetime(2026, 3, day, 18)) for day in range(2, 17) for _ in range(2)]
    features = features_of(now + before)
    after_work = named(compute_segments(features, until=UNTIL, window_days=15, previous=features))[
        "after_work"
    ]
    assert after_work.growth == pytest.approx(-0.5)
    assert named(compute_segments(features, until=UNTIL, window_days=15))["after_work"].growth is None
    short = features_of(before[:12])  # six open days cannot be compared with fifteen
    sparse = compute_segments(features, until=UNTIL, window_days=15, previous=short)
    assert named(sparse)["after_work"].growth is None
    rare = features_of(now + evening_sales(list(range(2, 11))) + [sale(datetime(2026, 3, 2, 8))] * 10)
    found = named(compute_segments(rare, until=UNTIL, window_days=15, previous=rare))
    assert found["after_work"].growth is None  # nine receipts before
    assert found["morning_commute"].growth == -1


def pair_of(together: int, first_only: int, second_only: int, neither: int, **other: Category) -> object:
    a, b = other.get("a", Category.STAPLES), other.get("b", Category.MEAT)
    moment = datetime(2026, 3, 30, 18)
    sales = (
        [sale(moment, {a: 400_00, b: 400_00})] * together
        + [sale(moment, {a: 700_00})] * first_only
        + [sale(moment, {b: 700_00})] * second_only
        + [sale(moment, {Category.TOBACCO: 700_00})] * neither
    )
    return named(compute_segments(features_of(sales), until=UNTIL))["big_shoppers"].usual_pair


def test_usual_pair_is_the_surest_direction() -> None:
    assert pair_of(60, 90, 15, 200) == (Category.MEAT, Category.STAPLES, pytest.approx(60 / 75))


def test_usual_pair_is_not_what_everybody_buys() -> None:
    moment = datetime(2026, 3, 30, 18)
    bread, meat, soap = Category.BAKERY, Category.MEAT, Category.HOUSEHOLD
    sales = (
        [sale(moment, {meat: 400_00, bread: 400_00})] * 100  # every one with meat, as most others do
        + [sale(moment, {A: 400_00, S: 400_00})] * 40
        + [sale(moment, {A: 800_00})] * 40
        + [sale(moment, {soap: 400_00, bread: 400_00})] * 120
    )
    pair = named(compute_segments(features_of(sales), until=UNTIL))["big_shoppers"].usual_pair
    assert pair == (S, A, 1.0)  # 100 % where 27 % have it; bread goes with 100 % of meat but 73 % of all


def test_usual_pair_needs_receipts_lift_and_more_than_chance() -> None:
    assert pair_of(30, 30, 30, 200) is not None
    assert pair_of(29, 30, 30, 200) is None  # too few
    assert pair_of(400, 400, 400, 400) is None  # lift 1
    assert pair_of(1060, 940, 940, 1060) is None  # no chance, but lift 1.06 is nothing to act on
    assert pair_of(32, 30, 30, 47) is None  # lift 1.16, which chance alone may give
    assert pair_of(60, 90, 15, 200, a=Category.OTHER) is None
    assert pair_of(60, 90, 15, 200, b=Category.RECHARGES) is None


def test_usual_pairs_of_independent_shelves_are_rare() -> None:
    rng = np.random.default_rng(3)
    shelves = [category for category in CATEGORIES if category not in (Category.OTHER, Category.RECHARGES)]
    assert len(list(permutations(shelves, 2))) == 90
    sales = [
        sale(datetime(2026, 3, 30, 18), {shelf: 150_00 for shelf in shelves if rng.random() < 0.5})
        for _ in range(2000)
    ]
    found = named(compute_segments(features_of(sales), until=UNTIL))
    assert found["after_work"].usual_pair is None


def test_empty_segment_is_still_there() -> None:
    quick = compute_segments(features_of(evening_sales([30])), until=UNTIL)
    bulk = named(quick)["bulk_buyers"]
    assert (bulk.transaction_count, bulk.share, bulk.avg_basket_cents) == (0, 0, 0)
    assert (bulk.peak_hours, bulk.peak_days, bulk.top_categories) == ((), (), ())
    assert (bulk.frequency_pattern, bulk.confidence_score) == ("occasional", 0.3)


def test_payment_shares_are_most_used_first() -> None:
    moment = datetime(2026, 3, 30, 18)
    cash, credit = PAYMENT_CODE[Payment.CASH], PAYMENT_CODE[Payment.CREDIT]
    features = features_of([sale(moment, payment=cash)] * 3 + [sale(moment, payment=credit)])
    preferences = named(compute_segments(features, until=UNTIL))["after_work"].payment_preferences
    assert preferences == ((Payment.CASH, 0.75), (Payment.CREDIT, 0.25))


def test_no_sales_is_not_enough() -> None:
    assert compute_segments(features_of([]), until=UNTIL) == NotEnough(1, 0, "receipts", UNTIL)
