"""The rhythms: hours against sums made by hand, pay curve and seasons against what was planted."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.patterns import compute_pattern, compute_pay_curve, compute_seasons
from colmado_insights.analytics.results import Effect, HourPattern, NotEnough, PayCurve, Seasons
from colmado_insights.domain import DAILY_COLUMNS, HOURLY_COLUMNS, NO_HOUR, Target, day_number, day_of

SUNDAY = day_number(date(2026, 3, 1))


def frames(rows: list[tuple[int, int, int, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hourly and daily frames from (day, hour, receipts, revenue_cents)."""
    wide = [(day, hour, receipts, receipts, receipts * 1000, cents, 0) for day, hour, receipts, cents in rows]
    hourly = pd.DataFrame(wide, columns=list(HOURLY_COLUMNS)).astype(HOURLY_COLUMNS)
    daily = hourly.drop(columns="hour").groupby("day", as_index=False).sum()
    return hourly, daily.astype(DAILY_COLUMNS)


def weeks(count: int, first: int = SUNDAY) -> list[tuple[int, int, int, int]]:
    """Every day 5 receipts at 8 and, on Sundays, 20 at 21."""
    return [(first + d, 8, 5, 500_00) for d in range(7 * count)] + [
        (first + 7 * week, 21, 20, 3000_00) for week in range(count)
    ]


def pattern(
    rows: list[tuple[int, int, int, int]], until: date = date(2026, 12, 31), **window: int
) -> HourPattern:
    found = compute_pattern(*frames(rows), until, **window)
    assert isinstance(found, HourPattern)
    return found


def test_means_are_per_open_day_of_the_weekday() -> None:
    rows = weeks(4)
    rows[7] = (SUNDAY + 7, 8, 9, 900_00)
    found = pattern(rows)
    assert found.receipts[0][8] == (5 + 9 + 5 + 5) / 4
    assert found.revenue_cents[0][8] == (3 * 500_00 + 900_00) / 4
    assert (found.receipts[0][21], found.receipts[1][21], found.receipts[3][12]) == (20, 0, 0)
    assert found.open_days == (4,) * 7
    assert (found.first_day, found.until) == (date(2026, 3, 1), date(2026, 3, 28))


def test_closed_days_are_not_in_the_mean() -> None:
    rows = [row for row in weeks(4) if row[0] != SUNDAY + 14]
    found = pattern(rows)
    assert found.receipts[0][21] == 20
    assert found.open_days == (3, 4, 4, 4, 4, 4, 4)


def test_quiet_hour_of_an_open_day_is_in_the_mean() -> None:
    found = pattern([row for row in weeks(4) if row[:2] != (SUNDAY + 14, 21)])
    assert found.receipts[0][21] == 15


def test_days_without_times_are_not_in_the_mean() -> None:
    mostly_dates = [(SUNDAY + 28 + d, NO_HOUR, 100, 1) for d in range(7)]
    some_hours = [(SUNDAY + 28 + d, 8, 5, 1) for d in range(7)]
    assert pattern(weeks(4) + mostly_dates + some_hours) == pattern(weeks(4))
    halves = pattern(weeks(4) + [(SUNDAY + d, NO_HOUR, 5, 0) for d in range(28)])
    assert halves.receipts == pattern(weeks(4)).receipts


def test_window_ends_on_the_last_usable_day_up_to_until() -> None:
    assert pattern(weeks(40), window_days=14).open_days == (2,) * 7
    assert pattern(weeks(40), date(2026, 4, 4)) == pattern(weeks(5))
    assert pattern(weeks(2), date(2026, 12, 31), window_days=7).until == date(2026, 3, 14)


def test_six_days_are_not_enough() -> None:
    until = date(2026, 3, 6)
    assert compute_pattern(*frames(weeks(1)), until) == NotEnough(7, 6, "days", until)
    assert isinstance(compute_pattern(*frames(weeks(1)), until + timedelta(days=1)), HourPattern)
    assert compute_pattern(*frames([]), until) == NotEnough(7, 0, "days", until)


@pytest.mark.parametrize("seed", range(3))
def test_sums_come_back_from_the_means(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = rng.choice(60 * 24, 700, replace=False)
    rows = [
        (SUNDAY + int(c) // 24, int(c) % 24, int(rng.integers(1, 30)), int(rng.integers(0, 9999)))
        for c in cells
    ]
    found = pattern(rows)
    receipts = np.array(found.receipts).T @ np.array(found.open_days)
    assert receipts.tolist() == pytest.approx(
        [sum(n for _d, hour, n, _c in rows if hour == h) for h in range(24)]
    )


# -- the pay cycle and the seasons --

DAYS = DominicanDays()
FIRST, LAST = date(2024, 9, 1), date(2026, 8, 31)


def lively_days(
    first: date = FIRST, last: date = LAST, *, growth: float = 0.0, shift: tuple[date, float] | None = None
) -> pd.DataFrame:
    """200 receipts a day; Fridays 1.3, pay days 1.25, the 25th 1.1, eves 1.2, December 1.15, Christmas 0.6."""
    frame = DAYS.frame(first, last)
    rng = np.random.default_rng(3)
    dates = [day_of(number) for number in frame["day"]]
    mean = 200 * np.where(frame["weekday"] == 5, 1.3, 1.0) * np.where(frame["pay_phase"] == 1, 1.25, 1.0)
    mean *= np.where(frame["is_eve"], 1.2, 1.0) * np.where(frame["holiday"] == "navidad", 0.6, 1.0)
    mean *= np.array([1.15 if day.month == 12 else 1.0 for day in dates])
    mean *= np.array([1.1 if day.day == 25 else 1.0 for day in dates])
    mean *= (1 + growth) ** (np.arange(len(frame)) / 365)
    if shift:
        mean *= np.where(frame["day"] >= day_number(shift[0]), shift[1], 1.0)
    receipts = rng.poisson(mean * np.exp(rng.normal(0, 0.06, len(frame))))
    daily = pd.DataFrame({"day": frame["day"], "receipts": receipts, "revenue_cents": receipts * 120_00})
    return daily.assign(lines=0, units_milli=receipts * 2000, returns_cents=0)[list(DAILY_COLUMNS)].astype(
        DAILY_COLUMNS
    )


@pytest.fixture(scope="module")
def curve() -> PayCurve:
    found = compute_pay_curve(lively_days(), Target.RECEIPTS, DAYS, LAST)
    assert isinstance(found, PayCurve)
    return found


@pytest.fixture(scope="module")
def seasons() -> Seasons:
    found = compute_seasons(lively_days(), Target.RECEIPTS, DAYS, LAST)
    assert isinstance(found, Seasons)
    return found


def assert_holds(effect: Effect, truth: float) -> None:
    """The truth lies in the interval, and the interval is worth having."""
    assert effect.lo <= truth <= effect.hi
    assert effect.lo < effect.factor < effect.hi


def test_pay_curve_has_the_days_nearest_to_each_pay_day(curve: PayCurve) -> None:
    offsets = [offset for offset, _effect in curve.points]
    assert offsets == list(range(-7, 9))
    assert (curve.first_day, curve.until) == (FIRST, LAST)
    assert curve.reasons[0].code == "pay_curve_peak"
    assert curve.reasons[0]["share"] == pytest.approx(0.25, abs=0.05)


def test_pay_curve_recovers_what_was_planted(curve: PayCurve) -> None:
    points = dict(curve.points)
    for offset in (0, 1, 2):
        assert_holds(points[offset], 1.25)
        assert points[offset].hi - points[offset].lo < 0.12
    others = [points[offset].factor for offset in (-7, -2, -1, 4, 5, 6)]
    assert others == pytest.approx([1.0] * 6, abs=0.05)
    # The government pays on the 25th, which comes before one pay day in two.
    assert points[-5].factor > max(points[-6].factor, points[-4].factor) + 0.01


def test_pay_days_that_nobody_feels_make_a_flat_curve() -> None:
    other = DominicanDays(pay_days=(8, 22))
    found = compute_pay_curve(lively_days(), Target.REVENUE, other, LAST)
    assert isinstance(found, PayCurve)
    assert dict(found.points)[0].lo < 1.0


def test_pay_curve_of_a_shop_without_pay_days_says_it_is_flat() -> None:
    daily = lively_days()
    even = daily.assign(receipts=200, revenue_cents=200 * 120_00)
    found = compute_pay_curve(even, Target.RECEIPTS, DAYS, LAST)
    assert isinstance(found, PayCurve)
    assert all(effect.factor == pytest.approx(1, abs=0.03) for _offset, effect in found.points)


def test_too_few_days_for_a_curve_or_for_seasons() -> None:
    few = lively_days().head(20)
    assert compute_pay_curve(few, Target.RECEIPTS, DAYS, LAST) == NotEnough(42, 20, "days", LAST)
    assert compute_seasons(few, Target.RECEIPTS, DAYS, LAST) == NotEnough(28, 20, "days", LAST)


def test_seasons_recover_weekdays_months_and_holidays(seasons: Seasons) -> None:
    mean = 1.3 ** (1 / 7)
    assert_holds(seasons.weekdays[5], 1.3 / mean)
    assert_holds(seasons.weekdays[2], 1 / mean)
    months, holidays = dict(seasons.months), dict(seasons.holidays)
    assert sorted(months) == list(range(1, 13))
    assert_holds(months[12], 1.15 / 1.15 ** (1 / 12))
    assert_holds(holidays["eve"], 1.2)
    assert_holds(holidays["navidad"], 0.6)
    assert_holds(holidays["altagracia"], 1.0)
    assert holidays["navidad"].days == 2
    assert holidays["nochebuena"].lo > 1.0, "it is the eve of a free day"


def test_trend_is_the_growth_of_a_year(seasons: Seasons) -> None:
    assert seasons.trend is not None
    assert_holds(seasons.trend, 1.0)
    found = compute_seasons(lively_days(growth=0.2), Target.RECEIPTS, DAYS, LAST)
    assert isinstance(found, Seasons)
    assert found.trend is not None
    assert_holds(found.trend, 1.2)
    assert found.shifts == ()


def test_levels_are_the_means_of_months(seasons: Seasons) -> None:
    daily = lively_days()
    first = daily[daily["day"] <= day_number(date(2024, 9, 30))]
    assert seasons.levels[0] == (date(2024, 9, 1), pytest.approx(first["receipts"].mean()))
    assert len(seasons.levels) == 24


@pytest.mark.parametrize("factor", [0.7, 1.4])
def test_a_new_level_is_seen_with_its_day(factor: float) -> None:
    moved = date(2026, 2, 10)
    found = compute_seasons(lively_days(shift=(moved, factor)), Target.RECEIPTS, DAYS, LAST)
    assert isinstance(found, Seasons)
    ((day, seen),) = found.shifts
    assert abs((day - moved).days) <= 7
    assert seen == pytest.approx(factor, rel=0.1)


def test_months_wait_for_a_year() -> None:
    found = compute_seasons(lively_days(date(2026, 1, 1)), Target.UNITS, DAYS, LAST)
    assert isinstance(found, Seasons)
    assert found.months == ()
    assert [reason.code for reason in found.reasons] == ["seasons_sample", "months_need_year"]
    assert found.levels[0][1] == pytest.approx(450, rel=0.1), "units are whole ones"


def test_a_weekday_that_stays_shut_has_no_factor() -> None:
    daily = lively_days()
    found = compute_seasons(daily[(daily["day"] + 4) % 7 != 0], Target.RECEIPTS, DAYS, LAST)
    assert isinstance(found, Seasons)
    assert found.weekdays[0] == Effect(0.0, 0.0, 0.0, 0)


def test_what_comes_after_is_not_looked_at(curve: PayCurve) -> None:
    later = lively_days(LAST, date(2026, 12, 31)).assign(receipts=1)
    assert compute_pay_curve(pd.concat([lively_days(), later[1:]]), Target.RECEIPTS, DAYS, LAST) == curve
