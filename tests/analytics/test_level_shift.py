"""Level shifts: steps that stay are found, wandering, growth and bad weeks are not."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.forecast import compute_forecast
from colmado_insights.analytics.forecast_ridge import CalendarRidge
from colmado_insights.analytics.history import History
from colmado_insights.analytics.level_shift import aligned, find_level_shift
from colmado_insights.analytics.results import Forecast
from colmado_insights.domain import Target
from tests.accuracy.simulated_days import Truth, simulate_days, simulate_history

NOISE = np.random.default_rng(8).normal(0, 0.15, 300)


@pytest.mark.parametrize("size", [-0.5, 0.4])
@pytest.mark.parametrize("after", [10, 20, 50])
def test_a_step_is_found_where_it_was(size: float, after: int) -> None:
    rest = NOISE.copy()
    rest[-after:] += size
    shift = find_level_shift(rest)
    assert shift is not None
    assert shift.row == pytest.approx(300 - after, abs=2)
    assert shift.size == pytest.approx(size, abs=0.12)


def test_gaps_do_not_hide_a_step() -> None:
    rest = NOISE.copy()
    rest[-20:] += 0.5
    rest[::7] = np.nan
    shift = find_level_shift(rest)
    assert shift is not None and shift.row == pytest.approx(280, abs=2)


def test_noise_growth_and_a_bad_week_are_no_shift() -> None:
    assert find_level_shift(NOISE) is None
    assert find_level_shift(NOISE + np.linspace(0, 1.5, 300)) is None
    week = NOISE.copy()
    week[-14:-7] -= 0.6
    assert find_level_shift(week) is None
    assert find_level_shift(NOISE[:10]) is None
    assert find_level_shift(np.full(100, np.nan)) is None


def test_a_shop_that_always_wanders_so_has_no_shift() -> None:
    level = np.repeat(np.random.default_rng(1).normal(0, 0.35, 22), 14)[:300]
    assert find_level_shift(NOISE + level) is None


def test_days_before_a_shift_are_moved_to_the_new_level() -> None:
    rest = NOISE.copy()
    rest[-20:] += 0.5
    shift = find_level_shift(rest)
    moved = aligned(rest, shift)
    assert moved[:280].mean() == pytest.approx(moved[280:].mean(), abs=0.1)
    assert aligned(rest, None) is rest


def test_a_new_level_is_believed_within_a_fortnight() -> None:
    past = simulate_history(Truth(days=400), seed=3)
    history = History(np.append(past.values[:-12], past.values[-12:] * 0.6), past.calendar)
    usual = CalendarRidge().fit(past).predict(past, 14)
    told = CalendarRidge().fit(history).predict(history, 14)
    assert told / usual == pytest.approx(np.full(14, 0.6), abs=0.1)


def test_the_forecast_says_since_when_and_how_much() -> None:
    truth = Truth(days=330)
    daily = simulate_days(truth, seed=4)
    is_after = daily["day"] > daily["day"].max() - 21
    daily.loc[is_after, "revenue_cents"] = (daily.loc[is_after, "revenue_cents"] * 1.6).astype("int64")
    until = truth.first_day + timedelta(days=truth.days - 1)
    result = compute_forecast(daily, Target.REVENUE, until=until, days=DominicanDays())
    assert isinstance(result, Forecast)
    reason = next(reason for reason in result.reasons if reason.code == "level_shift_up")
    assert abs((date.fromisoformat(reason["day"]) - (until - timedelta(days=20))).days) <= 3
    assert reason["share"] == pytest.approx(0.6, abs=0.15)
