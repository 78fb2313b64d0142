"""Choice, error and intervals of counts: what is reported was fixed before its outcome was known."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.backtest import coverage
from colmado_insights.analytics.count_trials import (
    CountChoice,
    CountIntervals,
    CountTrials,
    actuals,
    nested_backtest,
    without_unplayed,
)
from colmado_insights.analytics.history import FloatArray

ORIGINS = np.arange(100, 100 + 7 * 20, 7)


def trials_of(seed: int = 0, **errors: float) -> CountTrials:
    """Counts around ten; each method says ten plus noise of its size."""
    rng = np.random.default_rng(seed)
    values = rng.poisson(10.0, 300).astype(np.float64)
    predicted = {name: 10.0 + rng.normal(0, size, (len(ORIGINS), 14)) for name, size in errors.items()}
    return CountTrials(ORIGINS, actuals(values, ORIGINS, 14), predicted)


def test_actuals_end_with_what_is_known_and_zero_is_known() -> None:
    values = np.array([1.0, 0.0, np.nan, 3.0])
    found = actuals(values, np.array([1, 3]), 2)
    assert found.tolist()[0][0] == 0.0
    assert np.isnan(found[0, 1])
    assert found[1, 0] == 3.0
    assert np.isnan(found[1, 1])


def test_nothing_after_the_day_is_known() -> None:
    trials = trials_of(usual=1.0)
    known = trials.known_at(100 + 10)
    assert np.isnan(known[0, 10:]).all()
    assert np.isfinite(known[0, :10]).all()
    assert np.isfinite(known[1, :3]).all()
    assert np.isnan(known[1, 3:]).all()
    assert np.isnan(known[2:]).all()


def test_the_usual_method_stays_until_another_is_clearly_better() -> None:
    same = trials_of(seasonal_naive=4.0, usual=1.0, other=1.0)
    assert CountChoice.of(same, same.actual, "usual").names == ("usual",)
    better = trials_of(seasonal_naive=4.0, usual=5.0, other=0.1)
    assert CountChoice.of(better, better.actual, "usual").names == ("other", "usual")


def test_who_wins_by_saying_too_little_is_not_better() -> None:
    """Zero of what sells every fourth day has the smallest error of single days, and the wrong total."""
    rng = np.random.default_rng(2)
    values = (rng.random(300) < 0.25).astype(np.float64)
    shape = (len(ORIGINS), 14)
    predicted = {
        name: np.full(shape, level)
        for name, level in (("seasonal_naive", 0.9), ("rate", 0.25), ("zero", 0.0))
    }
    trials = CountTrials(ORIGINS, actuals(values, ORIGINS, 14), predicted)
    choice = CountChoice.of(trials, trials.actual, "rate")
    assert choice.names == ("rate",)
    assert dict(choice.ranking)["zero"] < dict(choice.ranking)["rate"]


def test_the_yardstick_is_used_where_it_is_clearly_best() -> None:
    trials = trials_of(seasonal_naive=0.1, usual=6.0)
    assert CountChoice.of(trials, trials.actual, "usual").names == ("seasonal_naive",)


def test_nothing_sold_leaves_the_usual_method_and_no_score() -> None:
    trials = trials_of(seasonal_naive=1.0, usual=1.0)
    nothing = CountTrials(ORIGINS, np.zeros_like(trials.actual), trials.predicted)
    assert CountChoice.of(nothing, nothing.actual, "usual") == CountChoice(("usual",), ())
    assert nested_backtest(nothing, 0, "usual") is None


@pytest.mark.parametrize("mean", [0.2, 1.0, 3.0, 30.0])
def test_intervals_of_counts_keep_their_word_and_are_never_below_zero(mean: float) -> None:
    rng = np.random.default_rng(4)
    predicted = np.full((60, 14), mean)
    intervals = CountIntervals.of(predicted[:30], rng.poisson(mean, (30, 14)).astype(np.float64))
    later = rng.poisson(mean, (30, 14)).astype(np.float64)
    for share in (0.80, 0.95):
        bounds = [intervals.bounds(row, share) for row in predicted[30:]]
        low, high = (np.array([pair[side] for pair in bounds]) for side in (0, 1))
        covered = coverage(low, high, later)
        # A count is whole: an interval that holds eight of ten may have to hold nine.
        assert covered >= share - 0.03
        assert covered <= share + 0.06 or mean < 10
        assert (low >= 0).all()
        assert (low <= predicted[30:]).all()
        assert (high >= predicted[30:]).all()


def test_money_scatters_like_its_receipts() -> None:
    rng = np.random.default_rng(4)
    counts = rng.poisson(4.0, (40, 14)).astype(np.float64)
    plain = CountIntervals.of(np.full((40, 14), 4.0), counts).bounds(np.full(14, 4.0), 0.8)
    cents = CountIntervals.of(np.full((40, 14), 400.0), counts * 100, unit=100.0).bounds(
        np.full(14, 400.0), 0.8
    )
    for one, other in zip(plain, cents, strict=True):
        assert other == pytest.approx(one * 100)


def test_the_back_test_knows_no_outcome_before_its_time() -> None:
    """What comes after an origin's horizon began may change as it likes: the earlier weeks are scored alike."""
    trials = trials_of(seasonal_naive=4.0, usual=2.0, other=1.0)
    changed: FloatArray = trials.actual.copy()
    changed[-1, 7:] += 50
    before, after = (
        nested_backtest(CountTrials(ORIGINS, actual, trials.predicted), 0, "usual")
        for actual in (trials.actual, changed)
    )
    assert before is not None
    assert after is not None
    assert before.weeks == after.weeks
    assert before.wape != after.wape
    assert before.origins == len(ORIGINS) - len(ORIGINS) // 3


def test_hours_in_which_a_shop_is_closed_are_not_scored() -> None:
    actual = np.zeros((3, 7, 24))
    is_played = np.zeros((3, 7, 24), bool)
    is_played[:, :, 8:20] = True
    trials = without_unplayed(CountTrials(ORIGINS[:3], actual, {}), is_played)
    assert np.isnan(trials.actual[:, :, :8]).all()
    assert (trials.actual[:, :, 8:20] == 0).all()
