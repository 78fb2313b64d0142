"""Performance of segments: weeks and growth to the receipt, noise that stays noise, a strategy for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.performance import SEGMENT_DAY_COLUMNS, WEEKS, compute_performance
from colmado_insights.analytics.results import Segment, SegmentPerformance, SegmentType
from colmado_insights.domain import DAILY_COLUMNS, Category, PayPhase, day_number, day_of
from colmado_insights.personas import describe_strategy

UNTIL = date(2026, 3, 31)  # a Tuesday
LAST = day_number(UNTIL)

PLAIN = Segment(
    segment_id="learned_1",
    type=SegmentType.LEARNED,
    transaction_count=600,
    share=0.1,
    revenue_cents=600 * 150_00,
    avg_basket_cents=150_00,
    avg_items_per_basket=2.5,
    peak_hours=(12,),
    peak_days=(),
    confidence_score=0.8,
    top_categories=((Category.MEAT, 0.9),),
    payment_preferences=(),
    frequency_pattern="daily",
    receipts_by_hour=(0,) * 7 + (40,) * 15 + (0,) * 2,
    growth=None,
    usual_pair=None,
)


def frames(
    receipts: np.ndarray, *, cents: int = 150_00, others: int = 50_000_00
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sums of one segment with so many receipts a day up to UNTIL, and the days of a shop that sells more."""
    day = LAST - np.arange(len(receipts))[::-1]
    sums = pd.DataFrame({"day": day, "segment": 0, "receipts": receipts, "revenue_cents": receipts * cents})
    daily = pd.DataFrame(
        {
            "day": day,
            "receipts": receipts + 300,
            "lines": 400,
            "units_milli": 400_000,
            "revenue_cents": receipts * cents + others,
            "returns_cents": 0,
        }
    )
    return sums[sums["receipts"] > 0].astype(SEGMENT_DAY_COLUMNS), daily.astype(DAILY_COLUMNS)


def perform(receipts: np.ndarray, segment: Segment = PLAIN, **arguments) -> SegmentPerformance:
    (found,) = compute_performance(*frames(receipts, **arguments), [segment], until=UNTIL)
    return found


def test_weeks_begin_on_monday_and_hold_every_receipt() -> None:
    receipts = np.arange(200) % 13
    found = perform(receipts)
    assert len(found.weeks) == WEEKS
    assert all(week.week.weekday() == 0 for week in found.weeks)
    assert found.weeks[-1].week == date(2026, 3, 30)
    assert found.weeks[-1].open_days == 2
    assert found.weeks[-1].receipts == receipts[-2:].sum()
    assert found.weeks[-2].receipts == receipts[-9:-2].sum()
    assert found.weeks[-2].revenue_cents == receipts[-9:-2].sum() * 150_00
    assert found.weeks[-2].open_days == 7


def test_a_young_shop_has_few_weeks_and_nothing_to_compare() -> None:
    found = perform(np.full(20, 10))
    assert len(found.weeks) == 4
    assert found.receipts_growth is None
    assert found.revenue_growth is None
    assert not found.is_beyond_noise
    assert "segment_not_compared" in [reason.code for reason in found.why]


def test_growth_is_per_open_day() -> None:
    receipts = np.concatenate([np.full(30, 10), np.full(30, 15)])
    sums, daily = frames(receipts)
    is_closed = daily["day"] > LAST - 10  # ten of the last thirty days shut
    found = compute_performance(sums[sums["day"] <= LAST - 10], daily[~is_closed], [PLAIN], until=UNTIL)[0]
    # The window ends on the last open day: 20 days of 15 and 10 of 10, against 20 of 10.
    assert found.receipts_growth == pytest.approx((20 * 15 + 10 * 10) / 30 / 10 - 1)
    assert found.revenue_growth == pytest.approx(found.receipts_growth)


def test_share_is_of_what_the_shop_sold() -> None:
    found = perform(np.full(60, 20), cents=100_00, others=18_000_00)
    assert found.revenue_share == pytest.approx(0.1)


@pytest.mark.parametrize(("cents", "others"), [(-100_00, 18_000_00), (100_00, -18_000_00), (0, 0)])
def test_sales_below_zero_make_no_share(cents: int, others: int) -> None:
    assert perform(np.full(60, 20), cents=cents, others=others).revenue_share == 0


def test_noise_is_not_called_a_change() -> None:
    rng = np.random.default_rng(4)
    alarms = 0
    for _ in range(200):
        # Days that differ more than Poisson, and a strong weekend: what shops are like.
        weekend = np.where((LAST - np.arange(60)[::-1] + 4) % 7 % 6 == 0, 1.8, 1.0)
        mean = 20 * weekend * rng.lognormal(0, 0.3, 60)
        alarms += perform(rng.poisson(mean)).is_beyond_noise
    assert alarms <= 6  # 3 % of tries, at a level of 1 %


def test_a_real_change_is_seen() -> None:
    rng = np.random.default_rng(5)
    seen = [
        perform(np.concatenate([rng.poisson(20, 30), rng.poisson(20 * factor, 30)]))
        for factor in (0.7, 1.4)
        for _ in range(20)
    ]
    assert sum(found.is_beyond_noise for found in seen) >= 38
    assert {found.strategy.code for found in seen[:20] if found.is_beyond_noise} == {"strategy_win_back"}
    assert {found.strategy.code for found in seen[20:] if found.is_beyond_noise} == {"strategy_grow"}


def test_a_segment_that_vanished_is_a_change() -> None:
    found = perform(np.concatenate([np.full(30, 10), np.zeros(30, dtype=int)]))
    assert found.is_beyond_noise
    assert found.receipts_growth == -1
    assert found.strategy.code == "strategy_win_back"


STEADY = np.full(60, 20)


@pytest.mark.parametrize(
    ("segment", "arguments", "strategy", "why"),
    [
        (replace(PLAIN, transaction_count=20), {}, "strategy_wait", None),
        (PLAIN, {"others": 3_000_00}, "strategy_protect", None),
        (
            replace(PLAIN, avg_items_per_basket=1.3, receipts_by_hour=(0,) * 7 + (200, 200, 100) + (10,) * 14),
            {}, "strategy_serve_fast", "segment_rush",
        ),
        (
            replace(
                PLAIN, avg_items_per_basket=1.3, avg_basket_cents=50_00,
                usual_pair=(Category.MEAT, Category.FRESH, 0.4),
            ),
            {}, "strategy_raise_basket", "usual_pair",
        ),
        (PLAIN, {}, "strategy_watch", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_segment_gets_the_strategy_of_the_first_rule_that_holds(
    segment: Segment, arguments: dict[str, int], strategy: str, why: str | None
) -> None:
    found = perform(STEADY, segment, **arguments)
    assert found.strategy.code == strategy
    assert found.why[0].code == "segment_earns"
    assert why is None or why in [reason.code for reason in found.why]
    assert describe_strategy(found)


def test_strategy_in_words() -> None:
    found = perform(np.concatenate([np.full(30, 20), np.full(30, 40)]))
    assert describe_strategy(found) == (
        "Apóyalos, que van creciendo: surte más y ponlo a la vista. Dejan 11 % de lo que vendes. "
        "Compran 100 % más veces por día que en los 30 días de antes."
    )


def pay_days() -> np.ndarray:
    """Which of the last 26 weeks' days pay is spent on."""
    calendar, days = DominicanDays(), [day_of(LAST - back) for back in reversed(range(7 * WEEKS))]
    return np.array([calendar.pay_phase(day) is PayPhase.PAYDAY for day in days])


@pytest.mark.parametrize("planted", [0.0, 0.5])
def test_what_pay_days_lift_is_found_and_nothing_where_they_lift_nothing(planted: float) -> None:
    rng, seen = np.random.default_rng(7), []
    for _ in range(20):
        receipts = rng.poisson(40 * (1 + planted * pay_days()) * rng.gamma(50, 1 / 50, 7 * WEEKS))
        (found,) = compute_performance(*frames(receipts), [PLAIN], until=UNTIL, calendar=DominicanDays())
        seen += [] if found.pay_lift is None else [found.pay_lift]
        assert perform(receipts).pay_lift is None
    assert len(seen) == 20 if planted else len(seen) <= 2
    assert not planted or np.mean(seen) == pytest.approx(planted, abs=0.05)


def test_who_comes_on_pay_days_only_has_no_lift() -> None:
    sums = frames(30 * pay_days())
    (found,) = compute_performance(*sums, [PLAIN], until=UNTIL, calendar=DominicanDays())
    assert found.pay_lift is None


def test_no_open_day_no_performance() -> None:
    sums, daily = frames(np.full(5, 3))
    assert compute_performance(sums, daily, [PLAIN], until=UNTIL - timedelta(days=60)) == ()


def test_days_that_are_no_longer_sold_on_are_passed_over() -> None:
    sums, daily = frames(np.full(60, 20))
    found = compute_performance(sums, daily[daily["day"] != LAST - 3], [PLAIN], until=UNTIL)[0]
    assert sum(week.receipts for week in found.weeks) == 59 * 20
