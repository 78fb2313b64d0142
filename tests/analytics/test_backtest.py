"""Rolling origins see no future, errors are counted as defined, intervals cover what they say."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import pytest

from colmado_insights.analytics.backtest import (
    LogIntervals,
    balance,
    bias,
    coverage,
    run_trials,
    wape,
    weekly_origins,
    within,
)
from colmado_insights.analytics.forecast_methods import (
    CANDIDATES,
    FloatArray,
    History,
    SeasonalNaive,
)
from colmado_insights.progress import Cancelled, Progress
from tests.accuracy.simulated_days import Truth, simulate_history

NAN = float("nan")


@pytest.fixture(scope="module")
def history() -> History:
    """Two hundred days of a shop and 28 days of calendar after them."""
    return simulate_history(Truth(days=200), seed=5)


def test_errors_are_counted_as_defined() -> None:
    predicted = np.array([[90.0, 130.0, 50.0, 1.0]])
    actual = np.array([[100.0, 100.0, 100.0, NAN]])
    assert wape(predicted, actual) == pytest.approx((10 + 30 + 50) / 300)
    assert bias(predicted, actual) == pytest.approx((-10 + 30 - 50) / 300)
    assert within(predicted, actual, 0.15) == pytest.approx(1 / 3)
    assert coverage(predicted - 10, predicted + 10, actual) == pytest.approx(1 / 3)


def test_a_score_of_nothing_is_unknown_not_perfect() -> None:
    nothing = np.full((2, 7), NAN)
    assert np.isnan(wape(np.ones((2, 7)), nothing))
    assert np.isnan(coverage(np.zeros((2, 7)), np.ones((2, 7)), nothing))


def test_origins_are_a_week_apart_and_leave_a_week_to_score() -> None:
    assert weekly_origins(60, most=4, least_days=20).tolist() == [32, 39, 46, 53]
    assert weekly_origins(60, most=99, least_days=20).tolist() == [25, 32, 39, 46, 53]
    assert weekly_origins(14, most=26, least_days=7).tolist() == [7]
    assert weekly_origins(6, most=26, least_days=7).tolist() == []


def test_what_was_not_known_at_an_origin_is_hidden(history: History) -> None:
    origins = weekly_origins(len(history), most=3, least_days=100)
    trials = run_trials(history, [SeasonalNaive], origins, horizon=14)
    known = trials.known_at(int(origins[1]))
    # One week after the first origin, half of its fortnight had been seen; of the others nothing.
    assert np.array_equal(known[0, :7], trials.actual[0, :7], equal_nan=True)
    assert np.isnan(known[0, 7:]).all()
    assert np.isnan(known[1:]).all()


class Spy:
    """Records how much it was shown."""

    name = "seasonal_naive"
    needs_days = 1
    fitted_on: ClassVar[list[int]] = []
    asked_at: ClassVar[list[int]] = []

    def fit(self, history: History) -> Self:
        self.fitted_on.append(len(history))
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        self.asked_at.append(len(history))
        return np.ones(horizon)


def test_slow_fits_are_shared_but_never_borrowed_from_later(history: History) -> None:
    origins = weekly_origins(len(history), most=10, least_days=100)
    run_trials(history, [Spy], origins, horizon=7)
    assert Spy.asked_at == origins.tolist()
    assert Spy.fitted_on == [origins[0], origins[8]]


def test_a_method_that_needs_more_days_than_the_oldest_origin_has_stays_out(history: History) -> None:
    trials = run_trials(history.before(60), CANDIDATES, np.array([45, 52]), horizon=7)
    assert "boosting" not in trials.predicted
    assert {"seasonal_naive", "weekday_mean", "ets", "theta", "ridge"} <= set(trials.predicted)


def test_cancelling_stops_between_two_fits(history: History) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        run_trials(history, CANDIDATES, np.array([150, 157]), 7, progress)


def test_intervals_cover_fresh_errors_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    predicted = np.full((400, 14), 1000.0)
    # The second week scatters twice as much and leans down: one width for both would fail one of them.
    scatter = np.repeat([0.1, 0.2], 7)
    actual = predicted * np.exp(rng.normal(-0.05, scatter, (400, 14)))
    intervals = LogIntervals.of(predicted[:200], actual[:200])
    for share in (0.80, 0.95):
        low, high = intervals.bounds(predicted[200:], share)
        for week in (slice(0, 7), slice(7, 14)):
            covered = coverage(low[:, week], high[:, week], actual[200:, week])
            assert covered == pytest.approx(share, abs=0.025)


def test_balance_goes_part_of_the_way_to_right_totals() -> None:
    predicted = np.full((20, 7), 100.0)
    assert balance(predicted, predicted) == 1.0
    assert 1.02 < balance(predicted, predicted * 1.10) < 1.04
    assert balance(predicted[:1], predicted[:1] * 1.10) < balance(predicted, predicted * 1.10)
    assert balance(predicted, np.full((20, 7), NAN)) == 1.0


def test_few_errors_make_wide_intervals() -> None:
    predicted = np.full((1, 7), 100.0)
    actual = np.array([[90.0, 110.0, 95.0, 105.0, 80.0, 120.0, 100.0]])
    intervals = LogIntervals.of(predicted, actual)
    low80, high80 = intervals.bounds(predicted[0], 0.80)
    low95, high95 = intervals.bounds(predicted[0], 0.95)
    assert low80[0] <= 80.0 and high80[0] >= 120.0
    assert low95[0] < low80[0] and high95[0] > high80[0]


def test_no_error_known_at_all_still_makes_an_interval() -> None:
    intervals = LogIntervals.of(np.full((1, 7), 100.0), np.full((1, 7), NAN))
    low, high = intervals.bounds(np.full(7, 100.0), 0.80)
    assert (low < 60).all() and (high > 170).all()


def test_balance_stays_near_one_whatever_came() -> None:
    told = np.full((20, 7), 100.0)
    came = told.copy()
    came[3, 3] = 1e9
    assert balance(told, came) == 1.25
    assert balance(came, told) == 0.8
