"""Today against an independent slow recomputation, and every rule of the live insights at its edge."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.alcohol import AlcoholHours
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import (
    LiveInsight,
    LiveType,
    NotEnough,
    Segment,
    Segments,
    SegmentType,
)
from colmado_insights.analytics.today import (
    HISTORY_COLUMNS,
    Today,
    compute_live,
    compute_rest_of_day,
    compute_traffic,
    is_shop_open,
    merge_live,
)
from colmado_insights.analytics.usual import get_receipts
from colmado_insights.domain import Category, Payment, Reason, moment_of, wall_seconds
from tests.analytics.simulated_sales import FRIDAY, Sale, make_history, sales_of, usual_weeks

DAYS = DominicanDays()
NOW = datetime(2026, 6, 26, 17, 30)


def today_so_far(last_hour: int, cents: int = 100_00) -> list[Sale]:
    """Ten sales an hour, and so many between 16:30 and 17:30."""
    morning = sales_of(FRIDAY, 10, hours=range(8, 16))
    return morning + [(NOW - timedelta(seconds=10 * i), cents) for i in range(last_hour)]


def live(sales: list[Sale], now: datetime = NOW, **given: object) -> dict[str, LiveInsight]:
    found = compute_live(make_history(sales), now, DAYS, **given)
    assert len({(insight.type, insight.subject) for insight in found}) == len(found)
    return {insight.subject: insight for insight in found}


def make_segment(
    segment_id: str, kind: SegmentType, peak_hours: tuple[int, ...], **changes: object
) -> Segment:
    segment = Segment(
        segment_id=segment_id, type=kind, transaction_count=60, share=0.2, revenue_cents=600_00,
        avg_basket_cents=10_00, avg_items_per_basket=1.5, peak_hours=peak_hours, peak_days=(5,),
        confidence_score=0.8, top_categories=((Category.OTHER, 0.5), (Category.ALCOHOL, 0.3), (Category.SNACKS, 0.2)),
        payment_preferences=((Payment.CASH, 1.0),), frequency_pattern="daily",
        receipts_by_hour=tuple(10 if hour in peak_hours else 1 for hour in range(24)), growth=None,
        usual_pair=(Category.ALCOHOL, Category.SNACKS, 0.4),
    )  # fmt: skip
    return replace(segment, **changes)


def make_segments(*segments: Segment) -> Segments:
    return Segments(segments, {}, 100, date(2026, 5, 28), FRIDAY, 30)


# Slow recomputation: plain loops over datetimes, by the words of the rule.


def slow_usual_days(sales: list[Sale], now: datetime) -> list[date]:
    days = sorted({moment.date() for moment, _cents in sales if moment.date() < now.date()})[-30:]
    if DAYS.holiday(now.date()) is None:
        days = [day for day in days if DAYS.holiday(day) is None]
    same = [day for day in days if day.weekday() == now.weekday()]
    if len(same) >= 3:
        return same
    return days if len(days) >= 3 else []


def slow_window(sales: list[Sale], now: datetime, day: date) -> list[int]:
    """Amounts of the sales in the hour that ends at the clock of `now` on `day`."""
    end = datetime.combine(day, now.time())
    return [cents for moment, cents in sales if end - timedelta(hours=1) < moment <= end]


def slow_basket_windows(sales: list[Sale], now: datetime) -> list[list[int]]:
    """Windows of the same weekday that sold, or of all weekdays where those are fewer than three."""
    days = sorted({moment.date() for moment, _cents in sales if moment.date() < now.date()})[-30:]
    if DAYS.holiday(now.date()) is None:
        days = [day for day in days if DAYS.holiday(day) is None]
    sold = {day: window for day in days if (window := slow_window(sales, now, day))}
    same = [window for day, window in sold.items() if day.weekday() == now.weekday()]
    return same if len(same) >= 3 else list(sold.values())


def slow_live(sales: list[Sale], now: datetime, rest_cents: float) -> dict[str, tuple[float, float]]:
    """Subject → (now, usual) of the insights that should be there."""
    days = slow_usual_days(sales, now)
    if not days:
        return {}
    found: dict[str, tuple[float, float]] = {}
    current = slow_window(sales, now, now.date())
    windows = [slow_window(sales, now, day) for day in days]
    usual = sum(map(len, windows)) / len(days)
    if usual > 0 and len(current) > 1.5 * usual:
        found["busy"] = (len(current), usual)
    if len(current) < 0.5 * usual and is_shop_open(make_history(sales), now):
        found["slow"] = (len(current), usual)
    baskets = [sum(window) / len(window) for window in slow_basket_windows(sales, now)]
    if current and len(baskets) >= 3:
        mean, basket = sum(current) / len(current), sum(baskets) / len(baskets)
        if mean > 1.3 * basket:
            found["basket"] = (mean, basket)
    rest = sum(cents for m, cents in sales if m.date() in days and m.time() > now.time()) / len(days)
    if rest > 0 and rest_cents > 1.2 * rest:
        found["rest_of_day"] = (rest_cents, rest)
    return found


def random_sales(seed: int) -> tuple[list[Sale], datetime]:
    """A shop with closed days, uneven hours, nights past twelve; some with a handful of days only."""
    rng = np.random.default_rng(seed)
    day = date(2026, 1, 1) + timedelta(days=int(rng.integers(0, 360)))
    now = datetime.combine(day, datetime.min.time()) + timedelta(seconds=int(rng.integers(0, 86_400)))
    span = int(rng.choice([3, 9, 20, 60]))
    pace = float(rng.choice([0.3, 2.0, 8.0]))
    sales: list[Sale] = []
    for back in range(span):
        if back and rng.random() < 0.15:
            continue
        lift = rng.choice([0.3, 1.0, 3.0]) if back == 0 else 1.0
        midnight = datetime.combine(day - timedelta(days=back), datetime.min.time())
        for hour in (*range(7, 24), 0):
            for _ in range(rng.poisson(pace * lift)):
                cents = int(rng.integers(1, 300_00))
                sales.append((midnight + timedelta(hours=hour, seconds=int(rng.integers(3600))), cents))
    return [sale for sale in sales if sale[0] <= now], now


@pytest.mark.parametrize("seed", range(60))
def test_live_agrees_with_a_slow_recomputation(seed: int) -> None:
    sales, now = random_sales(seed)
    rest_cents = float(np.random.default_rng(seed).integers(0, 5000_00))
    expected = slow_live(sales, now, rest_cents)
    found = live(sales, now, rest_forecast_cents=rest_cents)
    assert found.keys() == expected.keys()
    for subject, (value, usual) in expected.items():
        said = [number for _name, number in found[subject].message.values]
        assert said == pytest.approx(
            [value, usual], abs=0.51 if subject in ("basket", "rest_of_day") else 1e-9
        )


def test_random_shops_meet_every_rule() -> None:
    met = {subject for seed in range(60) for subject in slow_live(*random_sales(seed), 1000_00)}
    assert met == {"busy", "slow", "basket", "rest_of_day"}


def test_sales_without_a_time_say_nothing_live() -> None:
    dates_only = make_history(sales_of(FRIDAY, 1, hours=range(1)) * 40, has_time=False)
    history = pd.concat([make_history(usual_weeks() + today_so_far(10)), dates_only], ignore_index=True)
    assert compute_live(history, NOW, DAYS) == ()
    assert compute_live(make_history([]), NOW, DAYS) == ()


# The rules at their edges: ten sales an hour are usual, five of them after each half past.


@pytest.mark.parametrize(
    ("count", "subject"), [(16, "busy"), (15, None), (5, None), (4, "slow"), (0, "slow")]
)
def test_traffic_at_its_edges(count: int, subject: str | None) -> None:
    found = live(usual_weeks() + today_so_far(count))
    assert set(found) == ({subject} if subject else set())


def test_busy_says_what_to_do_until_when_and_why() -> None:
    busy = live(usual_weeks() + today_so_far(25))["busy"]
    assert busy.message == Reason.of("traffic_busy", now=25, usual=10.0)
    assert busy.actions == ("open_second_till", "refill_fast_movers", "prepare_change")
    assert (busy.confidence, busy.type) == (0.9, LiveType.TRAFFIC)
    assert (busy.created_at, busy.expires_at) == (NOW, NOW + timedelta(minutes=30))
    assert busy.why[0] == Reason.of("usual_same_weekday", days=4, weekday=5)


def test_slow_says_what_to_do_until_when() -> None:
    slow = live(usual_weeks() + today_so_far(2))["slow"]
    assert slow.actions == ("count_stock", "clean_and_refill", "prepare_next_peak")
    assert (slow.confidence, slow.expires_at) == (0.8, NOW + timedelta(minutes=60))


def test_closed_shop_is_not_slow() -> None:
    assert live(usual_weeks()) == {}


def test_confidence_falls_with_few_days() -> None:
    assert live(usual_weeks(days=21) + today_so_far(25))["busy"].confidence == pytest.approx(0.675)
    assert live(usual_weeks(days=4) + today_so_far(25))["busy"].confidence == pytest.approx(0.45)
    assert live(usual_weeks(days=2) + today_so_far(25)) == {}


@pytest.mark.parametrize(("cents", "is_large"), [(130_00, False), (130_01, True), (400_00, True)])
def test_basket_at_its_edge(cents: int, is_large: bool) -> None:
    found = live(usual_weeks() + today_so_far(10, cents))
    assert ("basket" in found) is is_large
    if is_large:
        basket = found["basket"]
        assert basket.message == Reason.of("basket_high", now_cents=cents, usual_cents=100_00)
        assert basket.actions == ("offer_complements", "have_bags_ready", "family_combos")
        assert (basket.type, basket.confidence) == (LiveType.OPERATIONAL, 0.7)
        assert basket.expires_at == NOW + timedelta(hours=2)


def test_revenue_at_its_edge() -> None:
    sales = usual_weeks() + today_so_far(10)
    usual = 10 * 4 * 100_00  # from 18:00 to 22:00; those of 17:00 came in its first half
    assert live(sales, rest_forecast_cents=1.2 * usual) == {}
    assert live(sales, rest_forecast_cents=None) == {}
    revenue = live(sales, rest_forecast_cents=1.2 * usual + 1)["rest_of_day"]
    assert revenue.message == Reason.of("revenue_rest_high", expected_cents=4_800_01, usual_cents=usual)
    assert revenue.actions == ("upsell", "everyone_on_floor", "stay_open_longer")
    assert (revenue.type, revenue.confidence) == (LiveType.REVENUE, 0.8)
    assert revenue.expires_at == NOW + timedelta(hours=4)


def test_rest_of_day_by_the_usual_share() -> None:
    history = make_history(usual_weeks())
    assert compute_rest_of_day(history, NOW, DAYS, 14_000.0) == pytest.approx(4_000.0)
    assert compute_rest_of_day(make_history(usual_weeks(days=2)), NOW, DAYS, 14_000.0) is None


@pytest.mark.parametrize("seed", range(20))
def test_traffic_is_the_last_hour_and_its_usual(seed: int) -> None:
    sales, now = random_sales(seed)
    found = compute_traffic(make_history(sales), now, DAYS)
    assert found.count == len(slow_window(sales, now, now.date()))
    windows = [len(slow_window(sales, now, day)) for day in slow_usual_days(sales, now)]
    if windows:
        assert found.usual is not None
        assert (found.usual.mean, found.usual.days) == (pytest.approx(np.mean(windows)), len(windows))
    else:
        assert found.usual is None


def test_the_last_hour_begins_after_sixty_minutes() -> None:
    ages = (timedelta(0), timedelta(seconds=3599), timedelta(seconds=3600))
    assert compute_traffic(make_history([(NOW - age, 1) for age in ages]), NOW, DAYS).count == 2


def test_window_reaches_across_midnight() -> None:
    half_past_twelve = datetime(2026, 6, 27, 0, 30)
    nights = [
        (half_past_twelve - timedelta(days=back, minutes=minute), 100_00)
        for back in range(1, 31)
        for minute in (10, 40)
    ]
    tonight = [(half_past_twelve - timedelta(minutes=minute), 100_00) for minute in (5, 35, 45, 59)]
    busy = live(nights + tonight, half_past_twelve)["busy"]
    assert busy.message == Reason.of("traffic_busy", now=4, usual=2.0)


def test_demand_comes_from_the_segments_that_peak_now() -> None:
    temporal = make_segment("after_work", SegmentType.TEMPORAL, (17, 18))
    beer = make_segment("beer_and_snacks", SegmentType.PRODUCT_PREFERENCE, (17,), confidence_score=0.6)
    morning = make_segment("morning_commute", SegmentType.TEMPORAL, (7,))
    found = compute_live(make_history([]), NOW, DAYS, segments=make_segments(temporal, beer, morning))
    assert [insight.subject for insight in found] == ["beer_and_snacks", "after_work"]
    first = found[0]
    assert first.message == Reason.of(
        "segment_peak", segment="beer_and_snacks", hour=17, categories=("alcohol", "snacks")
    )
    assert first.actions == ("stock_top_category", "fast_lane", "offer_usual_pair")
    assert (first.type, first.confidence) == (LiveType.PRODUCT_DEMAND, 0.6)
    assert first.expires_at == NOW + timedelta(hours=2)
    assert Reason.of("usual_pair", first="alcohol", second="snacks", share=0.4) in first.why


MIDNIGHT = datetime(2026, 6, 29)  # of a Sunday: no alcohol from now on
PARTY = make_segment("late_night", SegmentType.TEMPORAL, (22, 23, 0))
BEER = make_segment("beer_and_snacks", SegmentType.PRODUCT_PREFERENCE, (22, 23, 0))


def test_no_alcohol_is_asked_for_after_its_hours() -> None:
    segments = make_segments(BEER, PARTY)
    before = compute_live(make_history([]), MIDNIGHT - timedelta(minutes=30), DAYS, segments=segments)
    assert [insight.subject for insight in before] == ["beer_and_snacks", "late_night"]
    assert {insight.expires_at for insight in before} == {MIDNIGHT}
    assert before[1].message["categories"] == ("alcohol", "snacks")
    (after,) = compute_live(make_history([]), MIDNIGHT, DAYS, segments=segments)
    assert (after.subject, after.message["categories"]) == ("late_night", ("snacks",))
    assert "offer_usual_pair" not in after.actions
    assert not any(why.code == "usual_pair" for why in after.why)
    assert after.expires_at == MIDNIGHT + timedelta(hours=2)
    assert merge_live(before, (after,), MIDNIGHT) == (replace(after),)


def test_a_segment_of_alcohol_alone_is_silent_after_its_hours() -> None:
    only = replace(PARTY, top_categories=((Category.OTHER, 0.6), (Category.ALCOHOL, 0.4)), usual_pair=None)
    assert compute_live(make_history([]), MIDNIGHT, DAYS, segments=make_segments(only)) == ()
    late = AlcoholHours(until_hour=26)
    (found,) = compute_live(
        make_history([]), MIDNIGHT, DAYS, segments=make_segments(only), alcohol_hours=late
    )
    assert found.message["categories"] == ("alcohol",)


def test_good_friday_asks_for_no_alcohol_all_day() -> None:
    for hour in (9, 17, 23):
        now = datetime(2026, 4, 3, hour)
        peaks = make_segments(replace(BEER, peak_hours=(hour,)), replace(PARTY, peak_hours=(hour,)))
        found = compute_live(make_history([]), now, DAYS, segments=peaks)
        assert [insight.message["categories"] for insight in found] == [("snacks",)]


def test_baskets_fall_back_to_all_weekdays_where_few_same_ones_sold_at_this_hour() -> None:
    mornings = [
        sale
        for back in range(1, 31)
        for sale in sales_of(FRIDAY - timedelta(days=back), 10, hours=range(8, 12))
    ]
    evenings = [(NOW - timedelta(days=back), 100_00) for back in (1, 2, 3, 7)]
    found = live(mornings + evenings + today_so_far(10, 200_00))
    assert found["basket"].why[0] == Reason.of("usual_all_weekdays", days=4)
    assert found["basket"].confidence == pytest.approx(0.7 * 2 / 4)
    assert found["busy"].why[0] == Reason.of("usual_same_weekday", days=4, weekday=5)


def test_why_holds_what_each_day_brought() -> None:
    why = {reason.code: reason for reason in live(usual_weeks() + today_so_far(25, 300_00))["busy"].why}
    fridays = [(FRIDAY - timedelta(weeks=weeks)).isoformat() for weeks in (1, 2, 3, 4)]
    assert why["receipts_by_day"]["by_day"] == tuple((day, 10) for day in fridays)
    baskets = {r.code: r for r in live(usual_weeks() + today_so_far(25, 300_00))["basket"].why}
    assert baskets["baskets_by_day"]["by_day_cents"] == tuple((day, 100_00) for day in fridays)


@pytest.mark.parametrize("seed", range(10))
def test_a_day_asked_at_any_moment_sees_nothing_later(seed: int) -> None:
    sales, now = random_sales(seed)
    noon = now.replace(hour=12, minute=30, second=0)
    _everything, timed = get_receipts(make_history(sales))
    rules = Today(timed, wall_seconds(now) // 86_400, DAYS)
    before = [sale for sale in sales if sale[0] <= noon]
    assert rules.find(noon) == compute_live(make_history(before), noon, DAYS)
    assert rules.is_open(noon) == is_shop_open(make_history(before), noon)
    assert rules.traffic(noon) == compute_traffic(make_history(before), noon, DAYS)


def test_no_pair_no_offer() -> None:
    alone = make_segment("fresh", SegmentType.PRODUCT_PREFERENCE, (17,), usual_pair=None, top_categories=())
    (found,) = compute_live(make_history([]), NOW, DAYS, segments=make_segments(alone))
    assert found.actions == ("fast_lane",)
    assert compute_live(make_history([]), NOW, DAYS, segments=NotEnough(1, 0, "receipts")) == ()


@pytest.mark.parametrize(
    ("ahead", "is_jump"),
    [
        (timedelta(minutes=5), False),
        (timedelta(minutes=5, seconds=1), True),
        (timedelta(days=400), True),
        (timedelta(0), False),
    ],
)
def test_clock_that_jumped_silences_everything_else(ahead: timedelta, is_jump: bool) -> None:
    beer = make_segments(make_segment("beer_and_snacks", SegmentType.PRODUCT_PREFERENCE, (17,)))
    sales = [*usual_weeks(), *today_so_far(25), (NOW + ahead, 100_00)]
    found = live(sales, segments=beer, rest_forecast_cents=1e9)
    if is_jump:
        assert set(found) == {"clock"}
        assert found["clock"].type == LiveType.CLOCK
        last = wall_seconds(NOW + ahead)
        assert found["clock"].message == Reason.of(
            "clock_jumped", now_at=wall_seconds(NOW), last_sale_at=last
        )
        assert found["clock"].actions == ("check_clock",)
    else:
        assert set(found) == {"busy", "rest_of_day", "beer_and_snacks"}
        assert found["busy"].message["now"] == 26


def test_pc_date_before_the_last_sale_is_a_jump() -> None:
    just_before = datetime(2026, 6, 25, 23, 59)
    found = live([(datetime(2026, 6, 26, 0, 1), 100_00)], just_before)
    assert set(found) == {"clock"}


def insight(kind: LiveType, subject: str, created: datetime, minutes: int = 30) -> LiveInsight:
    return LiveInsight(kind, subject, Reason.of("x"), (), 0.9, created, created + timedelta(minutes=minutes))


BUSY = insight(LiveType.TRAFFIC, "busy", NOW)
LATER = NOW + timedelta(minutes=10)


def test_merge_extends_what_still_holds() -> None:
    new = replace(BUSY, message=Reason.of("y"), created_at=LATER, expires_at=LATER + timedelta(minutes=30))
    (merged,) = merge_live((BUSY,), (new,), LATER)
    assert merged == replace(new, created_at=NOW)


def test_merge_keeps_until_expiry_and_then_forgets() -> None:
    assert merge_live((BUSY,), (), LATER) == (BUSY,)
    assert merge_live((BUSY,), (), NOW + timedelta(minutes=30)) == ()
    again = insight(LiveType.TRAFFIC, "busy", NOW + timedelta(minutes=31))
    assert merge_live((BUSY,), (again,), again.created_at) == (again,)


def test_merge_never_says_busy_and_slow() -> None:
    slow = insight(LiveType.TRAFFIC, "slow", LATER)
    basket = insight(LiveType.OPERATIONAL, "basket", NOW)
    assert merge_live((BUSY, basket), (slow,), LATER) == (slow, basket)


def test_merge_silences_all_under_a_jumped_clock_and_recovers() -> None:
    clock = insight(LiveType.CLOCK, "clock", LATER)
    assert merge_live((BUSY,), (clock,), LATER) == (clock,)
    assert merge_live((clock,), (BUSY,), LATER) == (BUSY,)
    assert merge_live((clock,), (), LATER) == ()


def test_merge_forgets_what_was_said_in_the_future() -> None:
    assert merge_live((insight(LiveType.TRAFFIC, "busy", LATER),), (), NOW) == ()


def test_merge_keeps_one_per_subject_in_order_of_urgency() -> None:
    revenue = insight(LiveType.REVENUE, "rest_of_day", NOW)
    beer = insight(LiveType.PRODUCT_DEMAND, "beer_and_snacks", NOW)
    fresh = insight(LiveType.PRODUCT_DEMAND, "fresh", NOW)
    merged = merge_live((beer, revenue, fresh), (fresh, BUSY, beer), NOW)
    assert [item.subject for item in merged] == ["busy", "rest_of_day", "fresh", "beer_and_snacks"]


@pytest.mark.slow
def test_thirty_thousand_receipts_in_ten_milliseconds() -> None:
    rng = np.random.default_rng(1)
    last = wall_seconds(NOW)
    history = pd.DataFrame(
        {
            "sold_at": np.sort(last - rng.integers(0, 60 * 86_400, 30_000)),
            "has_time": True,
            "kind": (rng.random(30_000) < 0.01).astype(int),
            "total_cents": rng.integers(10_00, 400_00, 30_000),
        }
    ).astype(HISTORY_COLUMNS)
    assert moment_of(int(history["sold_at"].max())) <= NOW
    seconds = []
    for _ in range(20):
        started = time.process_time()
        compute_live(history, NOW, DAYS, rest_forecast_cents=1e6)
        seconds.append(time.process_time() - started)
    assert np.median(seconds) <= 0.010
