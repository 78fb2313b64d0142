"""What is normal: by weekday, pay phase and holiday, with bands that keep their word and verdicts beyond noise."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.normal import (
    as_usual,
    compare_span,
    compute_normal,
    compute_normal_basket,
    compute_normal_span,
    judge,
    judged,
)
from colmado_insights.analytics.results import Normal, NormalSpan, NotEnough, Usual, Verdict
from colmado_insights.domain import DAILY_COLUMNS, Reason, Target, day_number
from tests.accuracy.simulated_days import Truth, simulate_days

DAYS = DominicanDays()
FRIDAY = date(2026, 6, 26)  # in the middle of the pay cycle
PAY_FRIDAY = date(2026, 5, 15)


def days_of(counts: dict[date, float], basket_cents: int = 100_00) -> pd.DataFrame:
    """A DAILY frame of these receipts a day, every purchase the same."""
    frame = pd.DataFrame({"day": [day_number(day) for day in counts], "receipts": list(counts.values())})
    frame = frame.assign(
        revenue_cents=frame["receipts"] * basket_cents, units_milli=frame["receipts"] * 2000, lines=0,
        returns_cents=0,
    )  # fmt: skip
    return frame[list(DAILY_COLUMNS)].astype(DAILY_COLUMNS)


def shop(days: int = 180, until: date = FRIDAY, friday: float = 1.5, payday: float = 1.3) -> pd.DataFrame:
    """100 receipts a day, more on Fridays and on pay days, until the day before."""
    past = [until - timedelta(days=back) for back in range(days, 0, -1)]
    return days_of(
        {
            day: round(
                100
                * (friday if day.weekday() == 4 else 1)
                * (payday if DAYS.pay_phase(day) == "payday" else 1)
            )
            for day in past
        }
    )


def normal(daily: pd.DataFrame, day: date = FRIDAY, target: Target = Target.RECEIPTS) -> Normal:
    found = compute_normal(daily, target, day, DAYS)
    assert isinstance(found, Normal)
    assert found.lo95 <= found.lo <= found.mean <= found.hi <= found.hi95
    return found


def test_a_day_is_compared_with_its_weekday_and_pay_phase() -> None:
    assert normal(shop()).mean == pytest.approx(150, rel=0.03)
    assert normal(shop(), FRIDAY + timedelta(days=1)).mean == pytest.approx(100, rel=0.03)
    pay_friday = normal(shop(until=PAY_FRIDAY), PAY_FRIDAY)
    assert pay_friday.mean == pytest.approx(195, rel=0.04)
    (payday,) = [part for part in pay_friday.parts if part.reason == Reason.of("payday")]
    assert payday.amount == pytest.approx(45, rel=0.15)


def test_like_says_the_days_behind_it() -> None:
    assert normal(shop()).like == Reason.of(
        "normal_like", weekday=5, pay_phase="middle", holiday="", days=180
    )
    christmas = date(2025, 12, 25)
    like = normal(shop(until=christmas), christmas).like
    assert (like["weekday"], like["holiday"]) == (4, "navidad")
    eve = normal(shop(until=date(2026, 2, 26)), date(2026, 2, 26)).like
    assert eve["holiday"] == "eve"


def test_few_days_fall_back_step_by_step() -> None:
    few = shop(days=10, friday=1.0)
    assert normal(few).like == Reason.of("normal_all_weekdays", days=10, weekday=5)
    assert normal(few).mean == pytest.approx(100, rel=0.05)
    assert normal(few).hi - normal(few).lo > normal(shop(friday=1.0)).hi - normal(shop(friday=1.0)).lo
    assert compute_normal(shop(days=2), Target.RECEIPTS, FRIDAY, DAYS) == NotEnough(
        3, 2, "days", FRIDAY - timedelta(days=1)
    )


def test_the_day_itself_and_later_ones_are_not_looked_at() -> None:
    later = days_of({FRIDAY: 900, FRIDAY + timedelta(days=1): 900})
    assert normal(pd.concat([shop(), later])) == normal(shop())


def test_order_of_rows_does_not_matter() -> None:
    assert normal(shop().sample(frac=1, random_state=3)) == normal(shop())


def test_an_unseen_holiday_has_a_wider_band_and_one_seen_is_known() -> None:
    saint = date(2026, 1, 21)  # a Wednesday
    plain = normal(shop(until=saint), saint - timedelta(days=1))
    unseen = normal(shop(until=saint), saint)
    assert unseen.hi95 - unseen.lo95 > 1.5 * (plain.hi95 - plain.lo95)
    year = shop(days=500, until=saint)
    year.loc[year["day"] == day_number(date(2025, 1, 21)), ["receipts", "revenue_cents"]] = [40, 40 * 100_00]
    assert normal(year, saint).mean < unseen.mean


def test_counts_scatter_at_least_by_chance() -> None:
    even = days_of({FRIDAY - timedelta(days=back): 9 for back in range(1, 181)})
    band = normal(even)
    assert band.hi - band.lo > 2 * 9**0.5 * 0.9


def test_closed_days_are_no_low_days() -> None:
    daily = shop()
    open_days = daily[(daily["day"] % 5) != 0]
    assert normal(open_days).mean == pytest.approx(normal(daily).mean, rel=0.02)


def test_power_cuts_neither_lower_nor_widen_what_is_normal() -> None:
    daily = simulate_days(Truth(days=360, power_cut_share=0.0, closed_share=0.0), 5)
    cut = daily.copy()
    rows = np.arange(7, 350, 23)
    cut.loc[rows, ["receipts", "revenue_cents"]] //= 4
    day = date(2024, 1, 1) + timedelta(days=360)
    before, after = normal(daily, day), normal(cut, day)
    assert after.mean == pytest.approx(before.mean, rel=0.03)
    assert after.hi95 - after.lo95 < 1.3 * (before.hi95 - before.lo95)
    assert judge(cut["receipts"].iloc[int(rows[-1])], after) is Verdict.LESS


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(84.9, Verdict.LESS), (85, Verdict.AS_USUAL), (115, Verdict.AS_USUAL), (115.1, Verdict.MORE)],
)
def test_different_only_outside_the_band_of_nineteen_in_twenty(value: float, verdict: Verdict) -> None:
    found = Normal(100, 90, 110, 85, 115, 30, Reason.of("normal_like"), ())
    assert judge(value, found) is verdict
    assert judged(found, value).verdict is verdict
    assert as_usual(found) == Usual(100, 90, 110, 30)


def test_nothing_to_compare_is_unknown() -> None:
    assert judge(None, Normal(1, 1, 1, 1, 1, 3, Reason.of("normal_like"), ())) is Verdict.UNKNOWN
    assert judge(100, None) is Verdict.UNKNOWN


def test_units_are_whole_ones() -> None:
    assert normal(shop(), target=Target.UNITS).mean == pytest.approx(300, rel=0.03)


def test_parts_add_up_to_the_difference_from_a_plain_such_day() -> None:
    eve_of_pay = date(2026, 1, 5)  # a Monday that is Reyes, moved
    found = normal(shop(days=500, until=eve_of_pay), eve_of_pay)
    plain = found.mean - sum(part.amount for part in found.parts)
    assert plain == pytest.approx(100, rel=0.06)
    assert {part.reason.code for part in found.parts} <= {
        "holiday",
        "eve",
        "payday",
        "before_payday",
        "occasion",
    }


# -- stretches --


def test_a_stretch_is_the_sum_of_its_days() -> None:
    first, last = date(2026, 6, 16), date(2026, 6, 30)
    daily = shop(until=first)
    found = compute_normal_span(daily, Target.RECEIPTS, first, last, DAYS)
    assert isinstance(found, Normal)
    days = [normal(daily, first + timedelta(days=d)).mean for d in range(15)]
    assert found.mean == pytest.approx(sum(days), rel=0.02)
    assert found.like == Reason.of("normal_span", days=15, paydays=3, holidays=0)
    lively = simulate_days(Truth(days=400), 2)
    monday = date(1970, 1, 1) + timedelta(days=int(lively["day"].max()) + 1)
    one = normal(lively, monday)
    many = compute_normal_span(lively, Target.RECEIPTS, monday, monday + timedelta(days=14), DAYS)
    assert isinstance(many, Normal)
    assert (many.hi - many.lo) / many.mean < (one.hi - one.lo) / one.mean, "chance evens out"


def test_weekdays_and_holidays_that_stay_shut_add_nothing() -> None:
    daily = shop(days=400, until=date(2026, 1, 1))
    without_sundays = daily[(daily["day"] + 4) % 7 != 0]
    week = date(2026, 1, 12), date(2026, 1, 18)
    found = compare_span(without_sundays, *week, DAYS)
    assert isinstance(found, NormalSpan)
    assert found.open_days == 6
    new_year = daily[daily["day"] != day_number(date(2025, 1, 1))]
    first_days = compare_span(new_year, date(2026, 1, 1), date(2026, 1, 3), DAYS)
    assert isinstance(first_days, NormalSpan)
    assert first_days.open_days == 2


def test_a_holiday_that_was_kept_open_last_time_is_open() -> None:
    daily = shop(days=720, until=date(2026, 1, 1))
    daily = daily[daily["day"] != day_number(date(2024, 2, 27))]
    found = compare_span(daily, date(2026, 2, 26), date(2026, 2, 28), DAYS)
    assert isinstance(found, NormalSpan)
    assert found.open_days == 3


def test_a_fortnight_is_judged_as_a_whole() -> None:
    first, last = date(2026, 6, 1), date(2026, 6, 15)
    past = simulate_days(Truth(first_day=date(2025, 6, 1), days=365), 3)
    coming = shop(days=15, until=date(2026, 6, 16))

    def verdict(factor: float) -> Verdict:
        level = float(past["receipts"].tail(60).mean()) / 107
        rows = coming.assign(
            receipts=(coming["receipts"] * level * factor).astype("int64"),
            revenue_cents=(coming["receipts"] * level * factor * 120_00).astype("int64"),
        )
        found = compare_span(pd.concat([past, rows]), first, last, DAYS)
        assert isinstance(found, NormalSpan)
        assert found.until < first
        assert found.receipts is not None
        return found.receipts.verdict

    assert [verdict(factor) for factor in (0.6, 1.0, 1.5)] == [Verdict.LESS, Verdict.AS_USUAL, Verdict.MORE]


def test_a_stretch_without_a_past_is_not_compared() -> None:
    assert isinstance(compare_span(shop(days=10), date(2026, 6, 1), date(2026, 6, 15), DAYS), NotEnough)


# -- the mean purchase --


def test_the_mean_of_few_purchases_says_little() -> None:
    rng = np.random.default_rng(4)
    daily = shop()
    daily["revenue_cents"] = (daily["receipts"] * 100_00 * np.exp(rng.normal(0, 0.05, len(daily)))).astype(
        "int64"
    )
    many = compute_normal_basket(daily, FRIDAY, DAYS, receipts=150)
    few = compute_normal_basket(daily, FRIDAY, DAYS, receipts=5)
    assert isinstance(many, Normal) and isinstance(few, Normal)
    assert many.mean == pytest.approx(100_00, rel=0.03)
    assert few.hi95 - few.lo95 > 2 * (many.hi95 - many.lo95)


def test_refunds_do_not_make_purchases_small() -> None:
    daily = shop().assign(returns_cents=50_00)
    daily["revenue_cents"] -= 50_00
    found = compute_normal_basket(daily, FRIDAY, DAYS)
    assert isinstance(found, Normal)
    assert found.mean == pytest.approx(100_00, rel=0.02)
    assert isinstance(compute_normal_basket(shop(days=2), FRIDAY, DAYS), NotEnough)


# -- how often it speaks up --


def test_bands_hold_what_they_say_and_false_alarms_are_rare() -> None:
    """200 days of a shop with chance, drift and pay days: about one in twenty is called different."""
    daily = simulate_days(Truth(days=400, power_cut_share=0.0), 9)
    numbers = daily["day"].to_numpy()
    inside, alarms = [], []
    for place in range(120, len(daily), 3):
        day = date(1970, 1, 1) + timedelta(days=int(numbers[place]))
        found = normal(daily.iloc[:place], day)
        actual = float(daily["receipts"].iloc[place])
        inside.append(found.lo <= actual <= found.hi)
        alarms.append(judge(actual, found) is not Verdict.AS_USUAL)
    assert 0.7 <= np.mean(inside) <= 0.9
    assert np.mean(alarms) <= 0.10
