"""The hours ahead: they follow weekday and hour, closed ones have no point, sales without a time stay out."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.history import Calendar, FloatArray, History
from colmado_insights.analytics.hour_methods import (
    DayProfile,
    HourHistory,
    HourMean,
    LastWeekHours,
    hour_profile,
)
from colmado_insights.analytics.hours import DAYS_TO_CHOOSE, compute_hours, opening_hours
from colmado_insights.analytics.market import LONGEST_HORIZON, Market
from colmado_insights.analytics.results import HourForecast, NotEnough
from colmado_insights.domain import NO_HOUR, Target
from colmado_insights.progress import Cancelled, Progress
from tests.analytics.simulated_parts import LAST, UNTIL, WEEK_FACTORS, shop_hours

DAYS = DominicanDays()
HOURS = np.array([0] * 7 + [2, 4, 3, 2, 3, 6, 5, 3, 2, 3, 6, 9, 8, 6, 4] + [0] * 2, dtype=np.float64)
RATES = WEEK_FACTORS[:, None] * HOURS[None, :]
SALES = shop_hours(200, RATES)


def forecast_of(sales: object = SALES, target: Target = Target.RECEIPTS, **how: object) -> HourForecast:
    found = compute_hours(sales, target, until=UNTIL, days=DAYS, **how)  # type: ignore[arg-type]
    assert isinstance(found, HourForecast)
    return found


@pytest.fixture(scope="module")
def found() -> HourForecast:
    return forecast_of()


def grid(found: HourForecast, days: int = 14) -> FloatArray:
    """Means by day and hour; NaN where there is no point."""
    cells = np.full((days, 24), np.nan)
    for point in found.points:
        cells[(point.day - found.until).days - 1, point.hour] = point.mean
    return cells


def test_points_are_the_open_hours_in_order(found: HourForecast) -> None:
    assert [(p.day, p.hour) for p in found.points] == [
        (UNTIL + timedelta(days=ahead), hour) for ahead in range(1, 15) for hour in range(7, 22)
    ]


def test_the_rates_come_back(found: HourForecast) -> None:
    weekday = [(UNTIL + timedelta(days=ahead)).isoweekday() % 7 for ahead in range(1, 15)]
    truth = RATES[weekday][:, 7:22]
    means = grid(found)[:, 7:22]
    assert np.abs(means - truth).sum() / truth.sum() < 0.13
    assert means.sum() == pytest.approx(truth.sum(), rel=0.08)


def test_a_week_of_single_hours_is_beaten_and_intervals_keep_their_word(found: HourForecast) -> None:
    assert found.backtest is not None
    assert found.backtest.wape < 0.8 * found.backtest.naive_wape
    assert 0.77 <= found.backtest.coverage80 <= 0.87
    assert 0.93 <= found.backtest.coverage95 <= 0.99
    assert found.confidence == pytest.approx(1 - found.backtest.wape)
    for p in found.points:
        assert 0 <= p.lo95 <= p.lo80 <= p.mean <= p.hi80 <= p.hi95


def test_a_closing_weekday_has_no_point() -> None:
    found = forecast_of(shop_hours(120, RATES, closed_weekday=1))
    assert {p.day.isoweekday() % 7 for p in found.points} == {0, 2, 3, 4, 5, 6}


def test_a_midday_break_and_short_sundays_have_no_point() -> None:
    rates = RATES.copy()
    rates[:, 13:15] = 0
    rates[0, 12:] = 0
    cells = grid(forecast_of(shop_hours(200, rates)))
    sunday = np.array([(UNTIL + timedelta(days=ahead)).isoweekday() == 7 for ahead in range(1, 15)])
    assert np.isnan(cells[:, 13:15]).all()
    assert np.isnan(cells[sunday, 12:]).all()
    assert np.isfinite(cells[~sunday, 15:22]).all()


def test_sales_without_a_time_are_left_out_and_said() -> None:
    untimed = SALES.sample(frac=0.2, random_state=1).index
    mixed = SALES.assign(hour=SALES["hour"].where(~SALES.index.isin(untimed), NO_HOUR))
    share = mixed.loc[untimed, "receipts"].sum() / mixed["receipts"].sum()
    found = forecast_of(mixed.groupby(["day", "hour"], as_index=False).sum())
    (reason,) = [reason for reason in found.reasons if reason.code == "without_hour"]
    assert reason["share"] == pytest.approx(share)
    assert found.points == forecast_of(SALES.drop(index=untimed)).points


def test_only_sales_without_a_time_are_not_enough() -> None:
    nothing = compute_hours(SALES.assign(hour=NO_HOUR), Target.RECEIPTS, until=UNTIL, days=DAYS)
    assert nothing == NotEnough(7, 0, "days", UNTIL)


def test_little_history_is_said_and_wide() -> None:
    found = forecast_of(shop_hours(20, RATES))
    (reason,) = [reason for reason in found.reasons if reason.code == "little_history"]
    assert (reason["days"], reason["needed"]) == (20, DAYS_TO_CHOOSE)
    assert found.backtest is None
    wide, known = (
        np.mean([(p.hi80 - p.lo80) / max(p.mean, 1) for p in each.points]) for each in (found, forecast_of())
    )
    assert wide > known
    assert isinstance(compute_hours(shop_hours(6, RATES), Target.RECEIPTS, until=UNTIL, days=DAYS), NotEnough)


def test_few_customers_an_hour_are_sensible_and_said() -> None:
    found = forecast_of(shop_hours(200, RATES * 0.1))
    assert "few_an_hour" in [reason.code for reason in found.reasons]
    assert found.backtest is not None
    assert found.backtest.coverage80 >= 0.77
    assert all(p.lo80 >= 0 and p.hi80 < 8 for p in found.points)


def test_revenue_is_receipts_times_their_worth(found: HourForecast) -> None:
    cents = forecast_of(target=Target.REVENUE)
    assert [p.mean for p in cents.points] == pytest.approx([p.mean * 120_00 for p in found.points], rel=1e-6)


def test_later_rows_are_not_looked_at() -> None:
    until = UNTIL - timedelta(days=30)
    early = compute_hours(SALES[SALES["day"] <= LAST - 30], Target.RECEIPTS, until=until, days=DAYS)
    assert compute_hours(SALES, Target.RECEIPTS, until=until, days=DAYS) == early


def test_a_lunch_hour_of_pay_days_is_known() -> None:
    """On pay days everybody comes at seven in the evening."""
    calendar = DAYS.frame(UNTIL - timedelta(days=400), UNTIL + timedelta(days=20)).set_index("day")
    sales = shop_hours(250, RATES * 4)
    is_pay = calendar["pay_phase"].reindex(sales["day"]).to_numpy() == 1
    sales = sales.assign(
        receipts=np.where(is_pay & (sales["hour"] == 19), sales["receipts"] * 3, sales["receipts"])
    )
    cells = grid(forecast_of(sales))
    pay = np.array([calendar.loc[LAST + ahead, "pay_phase"] == 1 for ahead in range(1, 15)])
    part = cells[:, 19] / np.nansum(cells, axis=1)
    assert part[pay].mean() > 1.5 * part[~pay].mean()


def test_stops_when_asked() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        forecast_of(progress=progress)


@pytest.mark.parametrize("horizon", [0, 29])
def test_horizons_are_one_to_twenty_eight(horizon: int) -> None:
    with pytest.raises(ValueError, match="horizon"):
        forecast_of(horizon=horizon)


def test_units_have_no_hours() -> None:
    with pytest.raises(ValueError, match="receipts or revenue"):
        forecast_of(target=Target.UNITS)


def history_of(values: FloatArray) -> HourHistory:
    first = LAST - len(values) + 1
    calendar = Calendar.of(DAYS, first, LAST + LONGEST_HORIZON)
    return HourHistory(values, Market.of(History(values.sum(axis=1), calendar)))


def test_the_profile_sums_to_one_and_leans_on_all_days() -> None:
    """A weekday with hardly a receipt has the hours of all days; one with many has its own."""
    values = np.tile(HOURS * 100, (70, 1))
    weekday = np.array([(LAST - 69 + row + 4) % 7 for row in range(70)])
    values[weekday == 1] = 0
    values[weekday == 1, 3] = 1
    values[weekday == 5] = 0
    values[weekday == 5, 4] = 5000
    profile = hour_profile(history_of(values))
    assert profile.sum(axis=2) == pytest.approx(np.ones(profile.shape[:2]))
    assert profile[1, :, 3].max() < 0.1
    assert profile[5, :, 4].min() > 0.7
    assert profile[2, 2, 18] == pytest.approx(HOURS[18] / HOURS.sum(), rel=0.15)


def test_an_hour_between_two_open_ones_is_open() -> None:
    values = np.tile(HOURS, (70, 1))
    values[:, 12] = 0
    hours = opening_hours(history_of(values))
    assert hours[:, 7:22].all()
    assert not hours[:, :7].any()
    assert not hours[:, 22:].any()


def test_the_plain_rule_and_the_yardstick_by_hand() -> None:
    values = np.repeat(np.arange(1.0, 71.0)[:, None], 24, axis=1)
    history = history_of(values)
    assert LastWeekHours().fit(history).predict(history, 8)[:, 9].tolist() == [64, 65, 66, 67, 68, 69, 70, 64]
    assert HourMean().fit(history).predict(history, 1)[0, 9] == pytest.approx(np.mean(np.arange(15, 71, 7)))
    assert DayProfile().fit(history).predict(history, 3).shape == (3, 24)


def test_a_shop_that_sells_for_nothing_has_too_little_to_forecast() -> None:
    free = SALES.assign(revenue_cents=0)
    found = compute_hours(free, Target.REVENUE, until=UNTIL, days=DAYS)
    assert isinstance(found, NotEnough)
    assert found.have == 0
