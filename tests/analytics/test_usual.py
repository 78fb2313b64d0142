"""What is usual: which days stand behind it, how wide its band is, when the shop is open."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.usual import (
    UsualDays,
    get_receipts,
    get_usual,
    get_usual_days,
    is_shop_open,
)
from colmado_insights.domain import Reason, SaleKind, day_number, day_of
from tests.analytics.simulated_sales import make_history

DAYS = DominicanDays()
MONDAY = date(2026, 6, 29)


def at(day: date, hour: float) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)


def opened(days: list[date], hours: tuple[float, ...] = (8, 12, 20)) -> list[tuple[datetime, int]]:
    return [(at(day, hour), 100_00) for day in days for hour in hours]


def before(today: date, count: int) -> list[date]:
    return [today - timedelta(days=back) for back in range(1, count + 1)]


def chosen(rows: list[tuple[datetime, int]], today: date) -> tuple[list[date], Reason] | None:
    _everything, timed = get_receipts(make_history(rows))
    found = get_usual_days(timed.take(timed.day < day_number(today)), day_number(today), DAYS)
    return found and ([day_of(number) for number in found.numbers], found.reason)


def test_same_weekday_of_the_last_thirty_days_with_data() -> None:
    days, reason = chosen(opened(before(MONDAY, 60)), MONDAY)
    assert days == [MONDAY - timedelta(weeks=weeks) for weeks in (4, 3, 2, 1)]
    assert reason == Reason.of("usual_same_weekday", days=4, weekday=1)


def test_closed_days_reach_further_back() -> None:
    # Open on Mondays, Wednesdays and Fridays only: thirty such days are ten weeks, less 4 May.
    open_days = [day for day in before(MONDAY, 100) if day.weekday() in (0, 2, 4)]
    days, _reason = chosen(opened(open_days), MONDAY)
    assert len(days) == 9
    assert days[0] == MONDAY - timedelta(weeks=10)


def test_holidays_are_left_out_unless_today_is_one() -> None:
    corpus = date(2026, 6, 4)  # a Thursday
    days, _reason = chosen(opened(before(date(2026, 6, 25), 40)), date(2026, 6, 25))
    assert corpus not in days
    assert len(days) == 3
    mercedes = date(2026, 9, 24)  # a holiday, a Thursday too
    days, _reason = chosen(opened([corpus, date(2026, 6, 11), date(2026, 6, 18)]), mercedes)
    assert corpus in days


def test_all_weekdays_stand_in_for_fewer_than_three() -> None:
    days, reason = chosen(opened(before(MONDAY, 14)), MONDAY)
    assert len(days) == 14
    assert reason == Reason.of("usual_all_weekdays", days=14)
    assert chosen(opened(before(MONDAY, 3)), MONDAY)[1]["days"] == 3


def test_each_day_has_its_place_among_the_usual_ones_and_others_none() -> None:
    usual = UsualDays(np.array([3, 10, 17]), Reason.of("x"), 3)
    assert usual.positions(np.array([17, 2, 3, 4, 10, 18])).tolist() == [2, -1, 0, -1, 1, -1]


def test_two_days_are_not_usual() -> None:
    assert chosen(opened(before(MONDAY, 2)), MONDAY) is None
    assert chosen([], MONDAY) is None


def test_refunds_alone_do_not_open_a_day() -> None:
    history = make_history(opened(before(MONDAY, 3)), kind=int(SaleKind.REFUND))
    _everything, timed = get_receipts(history)
    assert get_usual_days(timed, day_number(MONDAY), DAYS) is None


def test_confidence_falls_with_few_days() -> None:
    def confidence(rows: list[tuple[datetime, int]]) -> float:
        _everything, timed = get_receipts(make_history(rows))
        found = get_usual_days(timed, day_number(MONDAY), DAYS)
        assert found is not None
        return found.confidence(0.8)

    assert confidence(opened(before(MONDAY, 30))) == 0.8
    assert confidence(opened(before(MONDAY, 21))) == 0.6  # three Mondays of four
    assert confidence(opened(before(MONDAY, 3))) == 0.3  # three other days, worth one and a half
    assert confidence(opened(before(MONDAY, 8))) == 0.8


@pytest.mark.parametrize("n", [3, 4, 10, 30])
def test_band_is_the_prediction_interval(n: int) -> None:
    values = np.random.default_rng(n).normal(100, 10, n)
    usual = get_usual(values)
    half = stats.t.ppf(0.9, n - 1) * values.std(ddof=1) * np.sqrt(1 + 1 / n)
    assert (usual.mean, usual.days) == (pytest.approx(values.mean()), n)
    assert (usual.lo, usual.hi) == pytest.approx((values.mean() - half, values.mean() + half), rel=1e-3)


def test_eight_of_ten_days_fall_inside_the_band() -> None:
    rng = np.random.default_rng(0)
    trials = rng.poisson(15, (4000, 5)).astype(float)
    inside = [band.lo <= row[4] <= band.hi for row in trials for band in [get_usual(row[:4])]]
    assert 0.76 < np.mean(inside) < 0.86


def test_band_never_goes_below_zero() -> None:
    assert get_usual(np.array([0.0, 0.0, 9.0])).lo == 0


@pytest.mark.parametrize(
    ("hour", "is_open"), [(7, False), (8.01, True), (12, True), (20, True), (20.5, False), (23, False)]
)
def test_open_between_the_usual_first_and_last_sale(hour: float, is_open: bool) -> None:
    history = make_history([*opened(before(MONDAY, 30)), (at(MONDAY, 6), 50_00)])
    assert is_shop_open(history, at(MONDAY, hour)) is is_open


def test_not_open_before_the_first_sale_of_the_day() -> None:
    history = make_history([*opened(before(MONDAY, 30)), (at(MONDAY, 13), 50_00)])
    assert not is_shop_open(history, at(MONDAY, 12))
    assert is_shop_open(history, at(MONDAY, 14))


def test_bar_is_open_past_midnight() -> None:
    nights = opened(before(MONDAY, 30), (9, 21, 25.5))  # until 1:30 of the next day
    assert is_shop_open(make_history(nights), at(MONDAY, 1))
    assert not is_shop_open(make_history(nights), at(MONDAY, 2))


def test_short_sundays_close_sundays_only() -> None:
    sunday = MONDAY - timedelta(days=1)
    days = before(sunday, 30)
    rows = [sale for day in days for sale in opened([day], (8, 12) if day.weekday() == 6 else (8, 20))]
    assert is_shop_open(make_history([*rows, (at(sunday, 8), 1)]), at(sunday, 11))
    assert not is_shop_open(make_history([*rows, (at(sunday, 8), 1)]), at(sunday, 15))
    assert is_shop_open(make_history([*rows, (at(MONDAY, 8), 1)]), at(MONDAY, 15))


def test_a_shop_of_two_days_is_not_known_to_be_open() -> None:
    assert not is_shop_open(make_history(opened([MONDAY, *before(MONDAY, 2)])), at(MONDAY, 12))
    assert not is_shop_open(make_history([]), at(MONDAY, 12))
