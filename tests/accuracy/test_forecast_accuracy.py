"""Forecasts on simulated shops: the truth comes back, intervals keep their word, the naive is beaten.

At every origin the whole of `compute_forecast` sees the past only. The margins recorded here are a
little under those measured when the methods were chosen, so that a loss of accuracy shows.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from colmado_insights.analytics.backtest import coverage, wape
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.forecast import compute_forecast
from colmado_insights.analytics.forecast_methods import SeasonalNaive, WeekdayMean
from colmado_insights.analytics.results import Forecast
from colmado_insights.domain import SHOP_TARGETS, Target, day_number, day_of, weekday_of
from tests.accuracy.simulated_days import Truth, simulate_days, simulate_history

pytestmark = pytest.mark.accuracy

HORIZON = 14
ORIGINS = 14
STEP = 12
"""Days between origins: no multiple of 7, so that every weekday is one."""
SHOPS = {
    "colmado": Truth(),
    "young": Truth(days=330, receipts=120, drift=0.04),
    "busy": Truth(days=1000, receipts=400, scatter=0.08, pay_lift=0.2),
    "small": Truth(days=500, receipts=25),
    "wild": Truth(scatter=0.3, power_cut_share=0.05),
}


@dataclass(frozen=True)
class Run:
    """One shop's forecasts over all origins, (origins, horizon)."""

    wape: float
    naive_wape: float
    mean_wape: float
    coverage80: float
    coverage95: float
    reported_wape: float


@cache
def run(name: str, target: Target) -> Run:
    """Forecast one shop from many days and score the fortnights after."""
    truth = SHOPS[name]
    seed = len(name)
    daily = simulate_days(truth, seed)
    history = simulate_history(truth, seed, target)
    values, first = history.values, history.calendar.first
    origins = [truth.days - HORIZON - step for step in range(0, min(ORIGINS * STEP, truth.days - 150), STEP)]
    results = [
        compute_forecast(
            daily, target, until=day_of(first + origin - 1), horizon=HORIZON, days=DominicanDays()
        )
        for origin in origins
    ]
    points = {
        field: np.array(
            [
                [getattr(point, field) for point in result.points]
                for result in results
                if isinstance(result, Forecast)
            ]
        )
        for field in ("mean", "lo80", "hi80", "lo95", "hi95")
    }
    actual = np.array([values[origin : origin + HORIZON] for origin in origins])
    pasts = [history.before(origin) for origin in origins]
    return Run(
        wape=wape(points["mean"], actual),
        naive_wape=wape(np.array([SeasonalNaive().predict(past, HORIZON) for past in pasts]), actual),
        mean_wape=wape(np.array([WeekdayMean().predict(past, HORIZON) for past in pasts]), actual),
        coverage80=coverage(points["lo80"], points["hi80"], actual),
        coverage95=coverage(points["lo95"], points["hi95"], actual),
        reported_wape=float(
            np.mean([r.backtest.wape for r in results if isinstance(r, Forecast) and r.backtest])
        ),
    )


@pytest.mark.parametrize("target", SHOP_TARGETS)
@pytest.mark.parametrize("name", SHOPS)
def test_it_beats_the_seasonal_naive_and_the_weekday_mean(name: str, target: Target) -> None:
    have = run(name, target)
    assert have.wape < 0.80 * have.naive_wape
    # Where 25 receipts a day scatter by themselves (.16), there is little left to win.
    assert have.wape < have.mean_wape


@pytest.mark.parametrize("target", SHOP_TARGETS)
def test_it_beats_them_clearly_over_all_shops(target: Target) -> None:
    shops = [run(name, target) for name in SHOPS]
    assert np.mean([shop.wape / shop.naive_wape for shop in shops]) < 0.70
    assert np.mean([shop.wape / shop.mean_wape for shop in shops]) < 0.90


@pytest.mark.parametrize("target", SHOP_TARGETS)
def test_intervals_cover_what_they_say(target: Target) -> None:
    shops = [run(name, target) for name in SHOPS]
    assert 0.75 <= np.mean([shop.coverage80 for shop in shops]) <= 0.87
    assert 0.92 <= np.mean([shop.coverage95 for shop in shops]) <= 0.99
    # Days of one shop's fortnights are kin: two hundred of them scatter like fifty.
    assert all(0.65 <= shop.coverage80 <= 0.92 for shop in shops)


@pytest.mark.parametrize("name", SHOPS)
def test_the_error_it_reports_is_the_error_that_comes(name: str) -> None:
    have = run(name, Target.REVENUE)
    assert have.reported_wape == pytest.approx(have.wape, rel=0.25)


@pytest.mark.parametrize("lift", [0.0, 0.15, 0.40])
def test_the_pay_day_lift_comes_back(lift: float) -> None:
    truth = Truth(pay_lift=lift)
    shares = []
    for seed in range(4):
        daily = simulate_days(truth, seed=seed)
        result = compute_forecast(
            daily,
            Target.REVENUE,
            until=truth.first_day + timedelta(truth.days - 1),
            horizon=28,
            days=DominicanDays(),
        )
        assert isinstance(result, Forecast)
        for point, drivers in zip(result.points, result.drivers, strict=True):
            if DominicanDays().frame(point.day, point.day)["days_since_payroll"][0] > 2:
                continue
            amount = sum(driver.amount for driver in drivers if driver.reason.code == "payday")
            shares.append(amount / (point.mean - amount))
    assert np.mean(shares) == pytest.approx(lift, abs=0.06)


def test_the_week_comes_back() -> None:
    truth = Truth()
    effect = np.log1p(np.array(truth.weekday))
    expected = np.exp(effect - effect.mean()) - 1
    daily = simulate_days(truth, seed=3)
    result = compute_forecast(
        daily,
        Target.RECEIPTS,
        until=truth.first_day + timedelta(truth.days - 1),
        horizon=7,
        days=DominicanDays(),
    )
    assert isinstance(result, Forecast)
    for point, drivers in zip(result.points, result.drivers, strict=True):
        amount = sum(driver.amount for driver in drivers if driver.reason.code == "weekday")
        weekday = weekday_of(day_number(point.day))
        assert amount / (point.mean - amount) == pytest.approx(expected[weekday], abs=0.06)


def test_holidays_lower_and_december_lifts() -> None:
    truth = Truth(first_day=date(2022, 1, 1), days=365 * 3 - 15, holiday=-0.4, december=0.5)
    until = date(2024, 12, 15)
    daily = simulate_days(truth, seed=8)
    result = compute_forecast(daily, Target.REVENUE, until=until, horizon=14, days=DominicanDays())
    assert isinstance(result, Forecast)
    christmas = dict(zip([point.day for point in result.points], result.drivers, strict=True))[
        date(2024, 12, 25)
    ]
    amounts = {driver.reason.code: driver.amount for driver in christmas}
    assert amounts["holiday"] < 0 < amounts["december"]


def test_four_years_of_days_are_quick() -> None:
    truth = Truth(first_day=date(2021, 1, 1), days=4 * 365)
    daily = simulate_days(truth, seed=1)
    until = truth.first_day + timedelta(truth.days - 1)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        compute_forecast(daily, Target.REVENUE, until=until, days=DominicanDays())
        seconds.append(time.process_time() - start)
    assert min(seconds) < 4.0
