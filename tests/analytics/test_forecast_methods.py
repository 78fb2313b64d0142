"""Each way to forecast: known answers, no look ahead, and days that must not mislead it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.forecast_methods import (
    CANDIDATES,
    Calendar,
    CalendarRidge,
    FloatArray,
    History,
    Method,
    SeasonalNaive,
    Smoothing,
    Theta,
    WeekdayMean,
)
from colmado_insights.domain import day_number, day_of
from tests.accuracy.simulated_days import Truth, simulate_history

NAN = float("nan")
SUNDAY = date(2025, 1, 5)


def history_of(values: FloatArray | list[float], first: date = SUNDAY) -> History:
    calendar = Calendar.of(DominicanDays(), day_number(first), day_number(first) + len(values) + 27)
    return History(np.asarray(values, dtype=np.float64), calendar)


@pytest.fixture(scope="module")
def history() -> History:
    return simulate_history(Truth(days=200), seed=5)


@pytest.mark.parametrize("method", CANDIDATES, ids=lambda method: method.name)
def test_no_method_sees_the_future(method: type[Method], history: History) -> None:
    known = 150
    changed = history.values.copy()
    changed[known:] *= 7.0
    changed[known + 3] = NAN
    told = method().fit(history.before(known)).predict(history.before(known), 14)
    other = History(changed, history.calendar)
    assert np.array_equal(told, method().fit(other.before(known)).predict(other.before(known), 14))


@pytest.mark.parametrize("method", CANDIDATES, ids=lambda method: method.name)
def test_every_method_answers_finite_positive_days_of_the_right_size(
    method: type[Method], history: History
) -> None:
    forecast = method().fit(history).predict(history, 28)
    assert forecast.shape == (28,)
    usual = np.nanmean(history.values[-28:])
    assert np.all((forecast > usual / 3) & (forecast < usual * 3))


@pytest.mark.parametrize("method", CANDIDATES, ids=lambda method: method.name)
@pytest.mark.parametrize("silence", ["before until", "in the middle", "all but one day a month"])
def test_every_method_has_an_answer_whatever_the_silence(
    method: type[Method], history: History, silence: str
) -> None:
    values = history.values.copy()
    if silence == "before until":
        values[-100:] = NAN
    elif silence == "in the middle":
        values[20:-20] = NAN
    else:
        values[np.arange(len(values)) % 30 != 0] = NAN
    silent = History(values, history.calendar)
    if len(silent.open_days) < method.needs_days:
        pytest.skip("too few days for the method")
    forecast = method().fit(silent).predict(silent, 28)
    assert np.all((forecast > np.nanmin(values) / 3) & (forecast < np.nanmax(values) * 3))


@pytest.mark.parametrize("method", CANDIDATES, ids=lambda method: method.name)
def test_every_method_follows_a_shop_that_never_changes(method: type[Method]) -> None:
    week = [900.0, 300.0, 300.0, 300.0, 400.0, 600.0, 700.0]
    history = history_of(week * 18)  # a week later comes Mother's Day, of which more is expected
    forecast = method().fit(history).predict(history, 14)
    assert forecast == pytest.approx(np.array(week * 2), rel=0.05)


def test_the_naive_repeats_the_last_of_each_weekday() -> None:
    history = history_of([1, 2, 3, 4, 5, 6, 7, 10, 20, NAN, 40, 50, 60, 70])
    assert SeasonalNaive().fit(history).predict(history, 8).tolist() == [10, 20, 3, 40, 50, 60, 70, 10]


def test_the_weekday_mean_looks_eight_weeks_back() -> None:
    values = np.concatenate([np.full(70, 9_000.0), np.tile([100.0, 110.0], 28)])
    mean = WeekdayMean().fit(history_of(values)).predict(history_of(values), 7)
    assert mean == pytest.approx(105, abs=6)


def test_a_weekday_never_seen_gets_the_mean_of_all() -> None:
    history = history_of([100.0, 200.0, 300.0])
    assert WeekdayMean().fit(history).predict(history, 7)[0] == pytest.approx(200, rel=0.3)


def test_theta_adds_half_the_line() -> None:
    growth = 0.004
    history = history_of(np.exp(5 + growth * np.arange(200)))
    forecast = np.log(Theta().fit(history).predict(history, 14))
    assert np.diff(forecast) == pytest.approx(growth / 2, abs=growth / 10)


def test_smoothing_moves_to_a_new_level_the_faster_the_clearer_it_is() -> None:
    rng = np.random.default_rng(2)
    walk = np.exp(8 + np.cumsum(rng.normal(0, 0.1, 250)))
    still = np.exp(8 + rng.normal(0, 0.1, 250))
    assert Smoothing().fit(history_of(walk)).level_ > Smoothing().fit(history_of(still)).level_


def test_the_ridge_recovers_the_calendar() -> None:
    truth = Truth(days=900, pay_lift=0.3, holiday=-0.3, scatter=0.05, drift=0.01, receipts=500)
    history = simulate_history(truth, seed=7)
    model = CalendarRidge().fit(history)
    columns = np.arange(len(history.calendar.names))
    pay_day = next(row for row in range(900) if day_of(history.calendar.first + row) == date(2024, 3, 15))
    by_code = {
        code: sum(
            model.effects_[column] * history.calendar.effects[pay_day, column]
            for column in columns
            if history.calendar.names[column][0] == code
        )
        for code in ("payday", "holiday")
    }
    assert by_code["payday"] == pytest.approx(np.log(1.3), abs=0.05)
    assert by_code["holiday"] == 0
    weekday = model.centred_effects(history)[:7]
    expected = np.log1p(np.array(truth.weekday))
    assert weekday == pytest.approx(expected - expected.mean(), abs=0.04)


def test_an_effect_seen_once_is_believed_less_than_one_seen_often() -> None:
    rng = np.random.default_rng(4)
    values = np.exp(8 + rng.normal(0, 0.2, 150))
    values[day_number(date(2025, 2, 27)) - day_number(SUNDAY)] *= 2
    history = history_of(values)
    effects = CalendarRidge().fit(history).effects_
    holiday = sum(
        effect
        for effect, (code, name) in zip(effects, history.calendar.names, strict=True)
        if code == "holiday" and name in ("", "independencia")
    )
    assert 0.05 < holiday < 0.6 * np.log(2)


def test_wild_days_are_pulled_in_and_gaps_filled() -> None:
    rng = np.random.default_rng(3)
    values = 1_000 * np.exp(rng.normal(0, 0.05, 100))
    values[50] = 20.0
    values[60] = NAN
    values[70] = -500.0
    history = history_of(values)
    assert np.exp(history.clean[50]) > 600
    assert np.isnan(history.clean[60]) and np.isnan(history.clean[70])
    assert np.exp(history.filled[[60, 70]]) == pytest.approx(1_000, rel=0.15)
    untouched = np.delete(np.arange(100), [50, 60, 70])
    # Cube roots instead of logs: next to nothing on a regular shop's days.
    assert np.exp(history.clean[untouched]) == pytest.approx(values[untouched], rel=0.01)


def test_a_history_knows_its_days() -> None:
    history = history_of([1.0, NAN, 3.0])
    assert day_of(history.last_day) == date(2025, 1, 7)
    assert history.weekday.tolist() == [0, 1, 2]
    assert history.open_days.tolist() == [0, 2]
    assert len(history.before(2)) == 2
