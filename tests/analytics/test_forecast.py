"""Forecasts of days: what goes in, what comes out, and the traps of a shop's real days."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.forecast import compute_forecast
from colmado_insights.analytics.results import Forecast, NotEnough
from colmado_insights.domain import (
    DAILY_COLUMNS,
    Target,
    day_number,
    day_of,
    weekday_of,
)
from colmado_insights.progress import Cancelled, Progress
from tests.accuracy.simulated_days import Truth, simulate_days

DAYS = DominicanDays()
FIRST = date(2025, 1, 6)  # a Monday


def days_of(values: list[float] | np.ndarray, first: date = FIRST) -> pd.DataFrame:
    """A DAILY frame with these revenues (cents), NaN for days without a row."""
    revenue = np.asarray(values, dtype=np.float64)
    frame = pd.DataFrame(
        {"day": day_number(first) + np.arange(len(revenue)), "revenue_cents": revenue}
    ).dropna()
    frame = frame.assign(receipts=(frame["revenue_cents"] / 10_000).clip(lower=1).round())
    return frame.reindex(columns=list(DAILY_COLUMNS), fill_value=0).astype(DAILY_COLUMNS)


def last_day(daily: pd.DataFrame) -> date:
    return day_of(int(daily["day"].max()))


def forecast(daily: pd.DataFrame, until: date | None = None, **options: object) -> Forecast:
    result = compute_forecast(
        daily,
        Target.REVENUE,
        until=until or last_day(daily),
        days=DAYS,
        **options,  # type: ignore[arg-type]
    )
    assert isinstance(result, Forecast)
    return result


def means(result: Forecast) -> np.ndarray:
    return np.array([point.mean for point in result.points])


@cache
def shop() -> pd.DataFrame:
    """Half a year of a small colmado."""
    return simulate_days(Truth(days=180, first_day=FIRST), seed=11)


@cache
def shop_forecast() -> Forecast:
    return forecast(shop())


def test_points_are_the_days_after_until_with_nested_intervals() -> None:
    result = shop_forecast()
    until = last_day(shop())
    assert [point.day for point in result.points] == [until + timedelta(days=ahead) for ahead in range(1, 15)]
    for point in result.points:
        assert 0 < point.lo95 <= point.lo80 <= point.mean <= point.hi80 <= point.hi95
    assert len(result.drivers) == len(result.points)
    assert result.until == until
    assert result.history[-1] == (until, float(shop()["revenue_cents"].iloc[-1]))
    assert result.history[0][0] == until - timedelta(days=55)


def test_it_says_how_good_it_was_beside_the_naive_and_every_candidate() -> None:
    result = shop_forecast()
    assert result.backtest is not None
    assert 0 < result.backtest.wape < result.backtest.naive_wape
    assert len(result.candidates) >= 5
    assert [error for _, error in result.candidates] == sorted(error for _, error in result.candidates)
    assert set(result.model.split("+")) <= {name for name, _ in result.candidates}
    assert result.confidence == pytest.approx(1 - result.backtest.wape)
    reason = next(reason for reason in result.reasons if reason.code == "forecast_method")
    assert reason["wape"] == result.backtest.wape
    weeks = [week.week for week in result.backtest.weeks]
    assert weeks == sorted(weeks) and all(day <= result.until for day in weeks)


def test_it_survives_json() -> None:
    assert json.loads(json.dumps(asdict(shop_forecast()), default=str, allow_nan=False))["model"]


def test_rows_in_any_order_give_the_same_answer_and_stay_as_they_were() -> None:
    shuffled = shop().sample(frac=1, random_state=3)
    kept = shuffled.copy()
    assert forecast(shuffled, last_day(shop())) == shop_forecast()
    pd.testing.assert_frame_equal(shuffled, kept)


def test_days_after_until_are_not_looked_at() -> None:
    until = last_day(shop())
    later = days_of([9e9] * 30, until + timedelta(days=1))
    assert forecast(pd.concat([shop(), later]), until) == shop_forecast()


def test_receipts_are_forecast_too_and_few_of_them_come_with_what_is_possible() -> None:
    small = simulate_days(Truth(days=150, first_day=FIRST, receipts=8), seed=2)
    result = compute_forecast(small, Target.RECEIPTS, until=last_day(small), days=DAYS)
    assert isinstance(result, Forecast)
    assert 2 < means(result).mean() < 20
    reason = next(reason for reason in result.reasons if reason.code == "few_receipts")
    assert reason["floor"] == pytest.approx(np.sqrt(2 / (np.pi * reason["receipts"])), rel=0.1)


def test_a_shop_closed_on_sundays_is_promised_nothing_then() -> None:
    daily = simulate_days(Truth(days=150, first_day=FIRST, closed_weekday=0), seed=4)
    result = forecast(daily, FIRST + timedelta(days=149))
    sundays = [weekday_of(day_number(point.day)) == 0 for point in result.points]
    assert sum(sundays) == 2
    assert [point.mean == 0 == point.hi95 for point in result.points] == sundays
    assert all(drivers == () for drivers, shut in zip(result.drivers, sundays, strict=True) if shut)
    assert [reason["weekday"] for reason in result.reasons if reason.code == "closed_weekday"] == [0]


def test_a_holiday_always_kept_closed_is_promised_nothing() -> None:
    values = np.full(365 * 2 + 180, 3_000_000.0)
    first = date(2023, 6, 1)
    for year in (2023, 2024):
        values[day_number(date(year, 12, 25)) - day_number(first)] = np.nan
    until = date(2025, 12, 20)
    values = np.append(values, np.full(day_number(until) - day_number(first) + 1 - len(values), 3_000_000.0))
    result = forecast(days_of(values, first), until, horizon=7)
    assert {point.day: point.mean for point in result.points}[date(2025, 12, 25)] == 0
    assert means(result)[:4].min() > 2_900_000


def test_a_holiday_on_closing_weekdays_only_is_not_a_closing_holiday() -> None:
    # 16 August was a Friday in 2024 and a Saturday in 2025: both closing days of this shop until 2026.
    first, until = date(2024, 6, 3), date(2026, 8, 10)
    rng = np.random.default_rng(1)
    values = 1_000_000 * np.exp(rng.normal(0, 0.1, day_number(until) - day_number(first) + 1))
    weekday = (day_number(first) + np.arange(len(values)) + 4) % 7
    values[(weekday == 5) | (weekday == 6)] = np.nan
    result = forecast(days_of(values, first), until, horizon=7)
    by_day = {point.day: point.mean for point in result.points}
    assert by_day[date(2026, 8, 14)] == by_day[date(2026, 8, 15)] == 0
    assert by_day[date(2026, 8, 16)] > 500_000


def test_days_without_a_row_are_not_days_without_demand() -> None:
    rng = np.random.default_rng(9)
    values = 3_000_000 * np.exp(rng.normal(0, 0.05, 120))
    values[rng.random(120) < 0.2] = np.nan
    assert means(forecast(days_of(values))).mean() == pytest.approx(3_000_000, rel=0.05)


def test_a_power_cut_does_not_pull_the_forecast_down() -> None:
    rng = np.random.default_rng(10)
    values = 3_000_000 * np.exp(rng.normal(0, 0.05, 120))
    cut = values.copy()
    cut[-2] = 150_000
    assert means(forecast(days_of(cut))) == pytest.approx(means(forecast(days_of(values))), rel=0.06)


def test_a_day_known_to_be_cut_short_counts_as_a_whole_one() -> None:
    daily = shop().copy()
    share = pd.Series(1.0, index=daily["day"].to_numpy())
    cut = daily["day"].isin(daily["day"].tail(40).iloc[::3])
    share[cut.to_numpy()] = 0.7
    daily.loc[cut, "revenue_cents"] = (daily.loc[cut, "revenue_cents"] * 0.7).astype("int64")
    told = forecast(daily, open_share=share)
    assert means(told) == pytest.approx(means(shop_forecast()), rel=0.01)
    assert means(forecast(daily)).mean() < 0.97 * means(told).mean()
    assert [reason["days"] for reason in told.reasons if reason.code == "days_cut_short"] == [14]
    # The chart shows what was sold.
    assert told.history[-1][1] == float(daily["revenue_cents"].iloc[-1])


def test_growth_is_carried_on() -> None:
    rng = np.random.default_rng(12)
    level = np.linspace(np.log(1_000_000), np.log(3_000_000), 300)
    result = forecast(days_of(np.exp(level + rng.normal(0, 0.05, 300))))
    assert means(result).mean() == pytest.approx(3_050_000, rel=0.06)


def test_a_steep_rise_is_not_carried_to_the_sky() -> None:
    rng = np.random.default_rng(14)
    level = np.log(1_000_000) + np.append(np.zeros(90), np.linspace(0, np.log(2), 40))
    result = forecast(days_of(np.exp(level + rng.normal(0, 0.05, 130))), horizon=28)
    # At that pace it would be 3,200,000 by then.
    assert 1_700_000 < means(result)[-7:].mean() < 2_700_000


def test_sunday_is_not_saturday() -> None:
    rng = np.random.default_rng(13)
    shape = np.array([2.0, 1.0, 1.0, 1.0, 1.0, 1.2, 0.5])  # Sunday doubles, Saturday halves
    weekdays = [weekday_of(day_number(FIRST) + row) for row in range(140)]
    result = forecast(days_of(1_000_000 * shape[weekdays] * np.exp(rng.normal(0, 0.05, 140))))
    by_weekday = {weekday_of(day_number(point.day)): point.mean for point in result.points}
    assert by_weekday[0] / by_weekday[6] == pytest.approx(4.0, rel=0.15)


def test_drivers_explain_the_day_largest_first() -> None:
    truth = Truth(days=365, first_day=FIRST, pay_lift=0.4, scatter=0.05)
    daily = simulate_days(truth, seed=6)
    result = forecast(daily, FIRST + timedelta(days=364), horizon=28)
    for point, drivers in zip(result.points, result.drivers, strict=True):
        amounts = [abs(driver.amount) for driver in drivers]
        assert amounts == sorted(amounts, reverse=True)
        assert all(amount > 0.01 * point.mean for amount in amounts)
    payday = [driver for drivers in result.drivers for driver in drivers if driver.reason.code == "payday"]
    assert all(driver.amount > 0 for driver in payday)
    assert {driver.reason["days"] for driver in payday} == {0, 1, 2}
    friday = next(
        drivers
        for point, drivers in zip(result.points, result.drivers, strict=True)
        if point.day.weekday() == 4
    )
    assert any(driver.reason.code == "weekday" and driver.amount > 0 for driver in friday)


def test_a_method_that_does_not_beat_the_naive_is_not_used() -> None:
    result = forecast(days_of(np.full(90, 2_000_000.0)))
    assert result.model == "seasonal_naive"
    assert means(result) == pytest.approx(2_000_000)


def test_under_fourteen_days_the_weekday_mean_comes_with_wide_bounds_and_a_reason() -> None:
    result = forecast(days_of([1_000_000.0, 1_100_000, 900_000, 1_050_000, 950_000]))
    assert result.model == "weekday_mean"
    assert result.backtest is None and result.candidates == ()
    assert result.reasons[0].code == "little_history" and result.reasons[0]["days"] == 5
    first = result.points[0]
    assert first.hi80 / first.lo80 > 2 and first.hi95 / first.lo95 > first.hi80 / first.lo80
    assert means(result).mean() == pytest.approx(1_000_000, rel=0.1)


def test_two_to_four_weeks_have_their_pay_days_already_and_say_they_are_few() -> None:
    daily = simulate_days(Truth(days=24, first_day=FIRST, power_cut_share=0, closed_share=0), seed=5)
    result = forecast(daily)
    assert "ridge" in result.model.split("+")
    reason = next(reason for reason in result.reasons if reason.code == "little_history")
    assert (reason["days"], reason["needed"]) == (24, 28)


def test_what_moves_the_shop_is_told_largest_first() -> None:
    importance = dict(shop_forecast().importance)
    assert max(importance, key=lambda name: importance[name]) == "weekday"
    assert set(importance) == {"weekday", "payday", "holiday", "season", "recent"}


@pytest.mark.parametrize("have", [0, 1, 2])
def test_two_days_are_not_enough(have: int) -> None:
    result = compute_forecast(days_of([1000.0] * have), Target.REVENUE, until=FIRST + timedelta(9), days=DAYS)
    assert result == NotEnough(needed=3, have=have, unit="days", until=FIRST + timedelta(9))


@pytest.mark.parametrize("length", [3, 13, 14, 15, 20, 21, 27, 28, 35, 42, 60, 95, 130])
@pytest.mark.parametrize("kind", ["scatter", "constant", "gaps", "one_weekday_only", "tiny"])
def test_every_length_of_history_has_a_finite_answer(length: int, kind: str) -> None:
    rng = np.random.default_rng(length)
    values = 2_000_000 * np.exp(rng.normal(0, 0.4, length))
    if kind == "constant":
        values[:] = 2_000_000
    if kind == "gaps":
        values[rng.random(length) < 0.6] = np.nan
    if kind == "one_weekday_only":
        values[np.arange(length) % 7 != 0] = np.nan
    if kind == "tiny":
        values = np.maximum(np.round(values / 1_500_000), 0.0) * 100
        values[values == 0] = np.nan
    result = compute_forecast(
        days_of(values), Target.REVENUE, until=FIRST + timedelta(length - 1), horizon=28, days=DAYS
    )
    if isinstance(result, NotEnough):
        assert result.have < 3
        return
    for point in result.points:
        assert 0 <= point.lo95 <= point.lo80 <= point.mean <= point.hi80 <= point.hi95 < 1e9
    json.dumps(asdict(result), default=str, allow_nan=False)


def test_a_long_silence_before_until_still_has_an_answer() -> None:
    result = forecast(shop(), last_day(shop()) + timedelta(days=80))
    assert means(result).mean() == pytest.approx(shop()["revenue_cents"].tail(60).mean(), rel=0.25)


def test_months_of_silence_in_the_middle_do_no_harm() -> None:
    early = days_of([50_000.0] * 7, FIRST - timedelta(days=200))
    assert means(forecast(pd.concat([early, shop()]))) == pytest.approx(means(shop_forecast()), rel=0.1)


@pytest.mark.parametrize("lately", [20, 45, 59])
def test_a_shop_just_open_again_after_two_years_has_an_answer(lately: int) -> None:
    rng = np.random.default_rng(lately)
    values = np.full(730 + lately, np.nan)
    values[:100], values[-lately:] = rng.normal(1e6, 1e5, 100), rng.normal(2e6, 2e5, lately)
    until = FIRST + timedelta(days=len(values) - 1)
    result = compute_forecast(days_of(values), Target.REVENUE, until=until, days=DAYS)
    assert 1e6 < means(result).mean() < 3e6
    json.dumps(asdict(result), default=str, allow_nan=False)


def test_one_sale_every_day_is_forecast_as_one_sale() -> None:
    values = [1.0] * 100
    daily = days_of(values).assign(receipts=1)
    result = compute_forecast(
        daily, Target.RECEIPTS, until=FIRST + timedelta(days=len(values) - 1), days=DAYS
    )
    assert means(result) == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize("horizon", [0, 29])
def test_a_horizon_nobody_can_promise_is_refused(horizon: int) -> None:
    with pytest.raises(ValueError, match="horizon"):
        forecast(shop(), horizon=horizon)


def test_one_day_ahead_is_scored_on_all_weekdays() -> None:
    result = forecast(shop(), horizon=1)
    assert len(result.points) == 1
    assert result.backtest is not None and result.backtest.horizon == 7


def test_cancel_is_obeyed() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        forecast(shop(), progress=progress)


def test_it_reports_its_steps() -> None:
    seen: list[tuple[int, int]] = []
    forecast(shop(), progress=Progress(lambda done, total, _text: seen.append((done, total))))
    assert seen and all(0 <= done <= total for done, total in seen)


def test_a_mistyped_amount_is_left_out_and_named() -> None:
    daily = simulate_days(Truth(days=150, first_day=FIRST), seed=6)
    spoilt = daily.copy()
    row = len(spoilt) - 40
    spoilt.loc[spoilt.index[row], "revenue_cents"] *= 2_000
    until = day_of(int(daily["day"].max()))
    plain = compute_forecast(daily, Target.REVENUE, until=until, days=DominicanDays())
    result = compute_forecast(spoilt, Target.REVENUE, until=until, days=DominicanDays())
    assert isinstance(plain, Forecast)
    assert isinstance(result, Forecast)
    means = [point.mean for point in result.points]
    assert means == pytest.approx([point.mean for point in plain.points], rel=0.1)
    (named,) = [reason for reason in result.reasons if reason.code == "absurd_day"]
    assert named["day"] == str(day_of(int(spoilt["day"].iloc[row])))
    assert named["times"] > 1_000


def test_several_closing_days_are_said_at_once() -> None:
    daily = simulate_days(Truth(days=200, first_day=FIRST), seed=4)
    open_days = daily[daily["day"].map(lambda number: weekday_of(number) in (0, 5, 6))]
    until = day_of(int(daily["day"].max()))
    result = compute_forecast(open_days, Target.RECEIPTS, until=until, days=DominicanDays())
    assert isinstance(result, Forecast)
    assert [reason["weekdays"] for reason in result.reasons if reason.code.startswith("closed")] == [
        (1, 2, 3, 4)
    ]
