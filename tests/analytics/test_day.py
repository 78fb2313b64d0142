"""A day against what is normal for it: what it counts, what stands beside it, and when it speaks up."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.day import compute_day, fit_day_normals
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import DayView, Usual, Verdict
from colmado_insights.analytics.usual import HISTORY_COLUMNS
from colmado_insights.domain import DAILY_COLUMNS, Reason, SaleKind, day_number, wall_seconds
from tests.analytics.simulated_sales import FRIDAY, Sale, make_history, sales_of, usual_weeks

DAYS = DominicanDays()
NOW = datetime(2026, 6, 26, 17, 30)
END = datetime(2026, 6, 26, 23, 59, 59)
NOON = datetime(2026, 6, 26, 12, 0)


def lively_weeks(seed: int, until: date = FRIDAY, days: int = 60) -> list[Sale]:
    """About ten sales an hour of RD$ 20 to 500, more on Fridays, with chance in all of it."""
    rng = np.random.default_rng(seed)
    sales: list[Sale] = []
    for back in range(1, days + 1):
        midnight = datetime.combine(until - timedelta(days=back), datetime.min.time())
        for hour in range(8, 22):
            count = rng.poisson(15 if midnight.weekday() == 4 else 10)
            seconds, cents = rng.integers(0, 3600, count), rng.integers(20_00, 500_00, count)
            sales += [
                (midnight + timedelta(hours=hour, seconds=second), amount)
                for second, amount in zip(seconds.tolist(), cents.tolist(), strict=True)
            ]
    return sales


def day_at(now: datetime, sales: list[Sale]) -> DayView:
    return compute_day(make_history(sales), now, DAYS)


def slow_shown_hours(sales: list[Sale], now: datetime) -> tuple[int, ...]:
    """By the words of the rule: from the first to the last hour of a quarter of the Fridays, or of today."""
    fridays = {m.date() for m, _ in sales if m.date() < now.date() and (now.date() - m.date()).days % 7 == 0}
    recent = sorted(fridays)[-4:]
    hours = {m.hour for m, _ in sales if m.date() == now.date() and m <= now}
    for hour in range(24):
        if sum(any(m.date() == d and m.hour == hour for m, _ in sales) for d in recent) > len(recent) / 4:
            hours.add(hour)
    return tuple(range(min(hours), max(hours) + 1))


@pytest.mark.parametrize("seed", range(4))
def test_day_counts_what_was_sold_up_to_now(seed: int) -> None:
    today = lively_weeks(seed + 50, until=FRIDAY + timedelta(days=1), days=1)
    sales = lively_weeks(seed) + today
    found = day_at(NOW, [*sales, (NOW + timedelta(days=1), 999_00)])
    so_far = [(moment, cents) for moment, cents in today if moment <= NOW]
    cents = sum(cents for _moment, cents in so_far)
    assert (found.day, found.until, found.is_open_day) == (FRIDAY, NOW, True)
    assert (found.receipts, found.revenue_cents) == (len(so_far), cents)
    assert found.avg_basket_cents == round(cents / len(so_far))
    assert found.hours == slow_shown_hours(sales, NOW)
    counts = [sum(m.hour == hour for m, _ in so_far) if hour <= 17 else None for hour in found.hours]
    assert list(found.receipts_by_hour) == counts


def about(usual: Usual | None, mean: float) -> bool:
    assert usual is not None
    return usual.mean == pytest.approx(mean, rel=0.02) and usual.lo <= usual.mean <= usual.hi


def test_in_a_shop_of_equal_days_a_part_of_the_day_is_its_share() -> None:
    found = day_at(NOW, usual_weeks() + sales_of(FRIDAY, 10))
    assert about(found.usual_receipts, 100)  # ten hours, the last of them in its first half
    assert about(found.usual_revenue, 100 * 100_00)
    assert about(found.remaining_revenue, 40 * 100_00)
    assert about(found.usual_basket, 100_00)
    assert all(about(usual, 10) for usual in found.usual_by_hour)
    assert {found.verdict_revenue, found.verdict_receipts, found.verdict_basket} == {Verdict.AS_USUAL}
    assert found.normal == Reason.of("normal_like", weekday=5, pay_phase="middle", holiday="", days=42)


def test_the_day_at_its_end_is_whole() -> None:
    found = day_at(END, usual_weeks() + sales_of(FRIDAY, 12, cents=50_00))
    assert (found.receipts, found.revenue_cents, found.avg_basket_cents) == (12 * 14, 12 * 14 * 50_00, 50_00)
    assert found.hours == tuple(range(8, 22))
    assert found.receipts_by_hour == (12,) * 14
    assert about(found.usual_receipts, 140)
    assert found.remaining_revenue is not None
    assert found.remaining_revenue.mean == 0


def test_the_day_before_opening() -> None:
    found = day_at(datetime(2026, 6, 26, 7), usual_weeks())
    assert (found.is_open_day, found.receipts, found.avg_basket_cents) == (False, 0, None)
    assert about(found.remaining_revenue, 10 * 14 * 100_00)
    assert set(found.receipts_by_hour) == {None}
    assert found.verdict_receipts is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("hourly", "verdict"),
    [(2, Verdict.LESS), (9, Verdict.AS_USUAL), (11, Verdict.AS_USUAL), (22, Verdict.MORE)],
)
@pytest.mark.parametrize("now", [NOON, NOW, END])
def test_only_what_is_beyond_noise_is_called_different(now: datetime, hourly: int, verdict: Verdict) -> None:
    found = day_at(now, lively_weeks(3, until=FRIDAY) + sales_of(FRIDAY, round(hourly * 1.5), 260_00))
    assert (found.verdict_receipts, found.verdict_revenue) == (verdict, verdict)
    assert found.verdict_basket is Verdict.AS_USUAL


def test_a_dear_day_is_seen_in_the_basket_alone() -> None:
    found = day_at(NOW, lively_weeks(3) + sales_of(FRIDAY, 13, 420_00))
    assert (found.verdict_receipts, found.verdict_basket) == (Verdict.AS_USUAL, Verdict.MORE)


def test_few_purchases_make_no_dear_basket() -> None:
    """Two purchases of RD$ 420 at the first hour are chance; the same mean over a day is not."""
    eight = datetime(2026, 6, 26, 8, 40)
    found = day_at(eight, lively_weeks(3) + [(eight - timedelta(minutes=m), 420_00) for m in (5, 30)])
    assert found.verdict_basket is Verdict.AS_USUAL


def test_a_pay_day_is_compared_with_pay_days() -> None:
    """Twice as many come on the 15th and the two days after: that is normal then, and a lot on another day."""

    def hourly(day: date) -> int:
        return 20 if DAYS.pay_phase(day) == "payday" else 10

    pay_day = date(2026, 7, 15)
    past = [pay_day - timedelta(days=back) for back in range(1, 121)]
    daily = pd.DataFrame(
        {"day": [day_number(day) for day in past], "receipts": [14 * hourly(day) for day in past]}
    )
    daily = daily.assign(revenue_cents=daily["receipts"] * 100_00, lines=0, units_milli=0, returns_cents=0)
    normals = fit_day_normals(daily[list(DAILY_COLUMNS)].astype("int64"), pay_day, DAYS)
    sales = [sale for day in past[:60] for sale in sales_of(day, hourly(day))] + sales_of(pay_day, 20)
    found = compute_day(make_history(sales), datetime.combine(pay_day, NOW.time()), DAYS, normals)
    assert found.usual_receipts is not None
    assert found.usual_receipts.mean == pytest.approx(200, rel=0.08)
    assert found.verdict_receipts is Verdict.AS_USUAL
    assert found.normal is not None
    assert found.normal["pay_phase"] == "payday"
    assert [part.reason.code for part in found.parts] == ["payday"]


def test_few_days_lean_on_all_weekdays_and_say_so() -> None:
    found = day_at(NOW, usual_weeks(days=10) + sales_of(FRIDAY, 10))
    assert found.normal == Reason.of("normal_all_weekdays", days=10, weekday=5)
    assert about(found.usual_receipts, 100)


def test_two_days_are_no_comparison() -> None:
    found = day_at(NOW, usual_weeks(days=2) + sales_of(FRIDAY, 10))
    assert (found.usual_revenue, found.usual_receipts, found.usual_basket, found.normal) == (None,) * 4
    assert set(found.usual_by_hour) == {None}
    assert found.verdict_receipts is Verdict.UNKNOWN


def test_refunds_lower_revenue_but_are_no_visit() -> None:
    history = make_history([(NOW, 300_00), (NOW, 100_00), (NOW, -150_00)])
    history.loc[2, "kind"] = int(SaleKind.REFUND)
    found = compute_day(history, NOW, DAYS)
    assert (found.revenue_cents, found.receipts, found.avg_basket_cents) == (250_00, 2, 200_00)


def test_sales_without_a_time_have_no_clock() -> None:
    dates_only = make_history(sales_of(FRIDAY, 1, hours=range(1)) * 40, has_time=False)
    history = pd.concat([make_history(usual_weeks() + sales_of(FRIDAY, 10)), dates_only], ignore_index=True)
    found = compute_day(history, NOW, DAYS)
    assert found.receipts == 100 + 40
    assert found.hours == tuple(range(8, 22))


def test_days_with_some_sales_without_a_time_are_compared_whole() -> None:
    """Every day sold 140 times, a third of them without a time: by half past five 100 are to be expected."""
    rng = np.random.default_rng(5)
    history = make_history(usual_weeks() + sales_of(FRIDAY, 10))
    history["has_time"] = rng.random(len(history)) < 2 / 3
    found = compute_day(history, NOW, DAYS)
    assert found.usual_receipts is not None
    assert found.usual_receipts.mean == pytest.approx(100, rel=0.03)
    assert found.usual_by_hour[2] is not None
    assert found.usual_by_hour[2].mean == pytest.approx(20 / 3, rel=0.2)


def test_a_till_without_times_is_compared_when_the_day_is_over() -> None:
    history = make_history(usual_weeks() + sales_of(FRIDAY, 10), has_time=False)
    assert compute_day(history, NOW, DAYS).usual_revenue is None
    whole = compute_day(history, END, DAYS)
    assert about(whole.usual_revenue, 140 * 100_00)
    assert whole.verdict_revenue is Verdict.AS_USUAL


def test_empty_shop_has_an_empty_day() -> None:
    found = compute_day(make_history([]), NOW, DAYS)
    assert (found.is_open_day, found.hours, found.usual_by_hour, found.normal) == (False, (), (), None)


def test_sale_of_this_very_second_is_not_still_to_come() -> None:
    found = day_at(NOW, [(NOW - timedelta(days=back), 70_00) for back in range(1, 5)])
    assert found.remaining_revenue is not None
    assert found.remaining_revenue.mean == 0


def test_quiet_hours_have_no_band_below_nothing() -> None:
    view = day_at(NOON, [sale for sale in lively_weeks(3) if sale[1] < 60_00])
    bands = [band for band in view.usual_by_hour if band is not None]
    assert min(band.mean for band in bands) < 1.5
    assert all(0 <= band.lo <= band.mean <= band.hi for band in bands)


def test_hours_shown_are_those_of_more_than_a_quarter_of_the_days() -> None:
    fridays = [NOW - timedelta(weeks=weeks) for weeks in (1, 2, 3, 4)]
    once, twice = [fridays[0].replace(hour=6)], [friday.replace(hour=20) for friday in fridays[:2]]
    sales = [(moment, 1) for moment in [*fridays, *once, *twice]]
    assert day_at(NOW, sales).hours == (17, 18, 19, 20)


def test_normals_of_another_day_are_not_used() -> None:
    history = make_history(usual_weeks() + sales_of(FRIDAY, 10))
    empty = fit_day_normals(pd.DataFrame(columns=list(DAILY_COLUMNS)).astype("int64"), date(2020, 1, 1), DAYS)
    assert compute_day(history, NOW, DAYS, empty) == compute_day(history, NOW, DAYS)


@pytest.mark.slow
def test_thirty_thousand_receipts_in_fifty_milliseconds() -> None:
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
    seconds = []
    for _ in range(10):
        started = time.process_time()
        compute_day(history, NOW, DAYS)
        seconds.append(time.process_time() - started)
    assert np.median(seconds) <= 0.050
