"""Kept forecasts against what came: hindsight stays out, back-tests are named as such, drift is heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.results import (
    Backtest,
    Forecast,
    ModelTrack,
    NotEnough,
    TrackedWeek,
    WeekError,
)
from colmado_insights.analytics.tracking import compute_track, find_drift, has_drifted
from colmado_insights.domain import FORECAST_COLUMNS, Target, day_number, day_of
from tests.analytics.simulated_parts import LAST, UNTIL

ACTUAL = pd.Series(np.tile([100.0, 90, 80, 110, 120, 150, 160], 40), index=range(LAST - 279, LAST + 1))


def kept_of(
    *untils: int, factor: float = 1.0, late: int = 0, model: str = "ridge", span: int = 14
) -> pd.DataFrame:
    """Forecasts that say the truth times a factor, made on the morning after `until`, or so many days later."""
    rows = [
        (
            until, day, *(ACTUAL.get(day, 100.0) * factor * bound for bound in (1.0, 0.9, 1.1, 0.8, 1.2)),
            until + 1 + late, model,
        )
        for until in untils
        for day in range(until + 1, until + 1 + span)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(FORECAST_COLUMNS)).astype(FORECAST_COLUMNS)


def forecast_of(model: str = "ridge", weeks: int = 6) -> Forecast:
    errors = tuple(
        WeekError(UNTIL - timedelta(days=7 * back - 1), 0.12, 0.2, 0.01) for back in range(weeks, 0, -1)
    )
    test = Backtest(0.12, 0.2, 0.8, 0.95, 0.6, weeks, 14, errors)
    ranking = (("ridge", 0.12), ("seasonal_naive", 0.2))
    return Forecast(Target.REVENUE, model, UNTIL, (), test, (), ranking, 0.9, ())


def track_of(
    kept: pd.DataFrame, forecast: Forecast | None = None, actual: pd.Series[float] = ACTUAL
) -> ModelTrack:
    found = compute_track(kept, actual, forecast, Target.REVENUE, until=UNTIL)
    assert isinstance(found, ModelTrack)
    return found


def test_a_forecast_that_came_true_has_no_error() -> None:
    track = track_of(kept_of(LAST - 14, LAST - 7))
    assert [week.week for week in track.weeks] == [day_of(LAST - 13), day_of(LAST - 6)]
    assert (track.wape, track.bias, track.coverage80, track.days) == (0.0, 0.0, 1.0, 14)
    assert track.naive_wape == 0.0


def test_error_and_bias_by_hand() -> None:
    track = track_of(kept_of(LAST - 7, factor=1.2))
    assert track.wape == pytest.approx(0.2)
    assert track.bias == pytest.approx(0.2)
    assert track.weeks[0].coverage80 == 0.0
    assert track.coverage95 == 1.0


def test_weeks_do_not_overlap_though_a_forecast_was_made_every_day() -> None:
    track = track_of(kept_of(*range(LAST - 30, LAST)))
    assert [week.week for week in track.weeks] == [day_of(LAST - 29 + 7 * turn) for turn in range(4)]


def test_what_was_made_with_hindsight_is_left_out() -> None:
    """A replay of a past day, made weeks later, would look better than it was."""
    replays = kept_of(LAST - 21, late=20)
    honest = kept_of(LAST - 7, factor=1.1)
    track = track_of(pd.concat([replays, honest], ignore_index=True))
    assert [week.week for week in track.weeks] == [day_of(LAST - 6)]
    assert isinstance(compute_track(replays, ACTUAL, None, Target.REVENUE, until=UNTIL), NotEnough)


def test_weeks_not_over_yet_wait() -> None:
    assert isinstance(compute_track(kept_of(LAST - 6), ACTUAL, None, Target.REVENUE, until=UNTIL), NotEnough)
    assert len(track_of(kept_of(LAST - 7)).weeks) == 1


def test_closed_days_are_nobodys_fault() -> None:
    closed = ACTUAL.drop(index=LAST - 3)
    track = track_of(kept_of(LAST - 7), actual=closed)
    assert (track.days, track.wape) == (6, 0.0)


def test_a_week_without_demand_has_no_error_in_per_cent_but_counts_in_the_sums() -> None:
    actual = ACTUAL.copy()
    actual.loc[LAST - 13 : LAST - 7] = 0.0
    track = track_of(kept_of(LAST - 14, LAST - 7), actual=actual)
    assert [day_number(week.week) for week in track.weeks] == [LAST - 6]
    assert track.days == 14
    assert track.wape == pytest.approx(1)  # right on one week, and as much again promised for the other
    assert track.bias == pytest.approx(1)


def test_what_never_sells_is_not_scored() -> None:
    found = compute_track(kept_of(LAST - 14), ACTUAL * 0, None, Target.UNITS, until=UNTIL)
    assert found == NotEnough(1, 0, "weeks", UNTIL)


def test_the_naive_knows_the_mean_where_a_weekday_was_never_open() -> None:
    actual = pd.Series(100.0, index=range(LAST - 27, LAST + 1)).drop(
        [LAST - 7 * weeks for weeks in (1, 2, 3)]
    )
    actual[LAST] = 200.0
    track = track_of(kept_of(LAST - 7), actual=actual)
    assert track.naive_wape == pytest.approx(100 / 800)


def test_the_back_test_stands_in_and_says_so() -> None:
    track = track_of(kept_of(), forecast_of())
    assert len(track.weeks) == 6
    assert not any(week.is_kept for week in track.weeks)
    assert [reason.code for reason in track.reasons] == ["track_backtest"]
    assert track.challengers[0] == ("ridge", 0.12)
    both = track_of(kept_of(LAST - 7), forecast_of())
    assert [week.is_kept for week in both.weeks] == [False] * 5 + [True]
    assert [reason.code for reason in both.reasons] == ["track_partly"]
    assert both.days == 7
    assert [reason.code for reason in track_of(kept_of(LAST - 7)).reasons] == ["track_kept"]


def test_nothing_kept_and_no_back_test_is_not_enough() -> None:
    nothing = replace(forecast_of(), backtest=None)
    assert compute_track(kept_of(), ACTUAL, nothing, Target.REVENUE, until=UNTIL) == NotEnough(
        1, 0, "weeks", UNTIL
    )


def test_since_when_which_method_is_used() -> None:
    kept = pd.concat(
        [kept_of(LAST - 21, LAST - 14, model="ets"), kept_of(LAST - 7, model="ridge")], ignore_index=True
    )
    assert track_of(kept, forecast_of("ridge")).changes == (
        (day_of(LAST - 20), "ets"),
        (day_of(LAST - 6), "ridge"),
    )


def weeks_of(errors: list[float], biases: list[float]) -> list[TrackedWeek]:
    return [
        TrackedWeek(day_of(LAST + 7 * turn), error, 0.2, bias, 0.8, 7, "ridge", True)
        for turn, (error, bias) in enumerate(zip(errors, biases, strict=True))
    ]


def noisy(seed: int, weeks: int, error: float = 0.12, bias: float = 0.0) -> tuple[list[float], list[float]]:
    rng = np.random.default_rng(seed)
    return (error + rng.normal(0, 0.03, weeks)).tolist(), (bias + rng.normal(0, 0.06, weeks)).tolist()


def code_of(weeks: list[TrackedWeek]) -> str | None:
    drift = find_drift(weeks)
    return drift.code if drift else None


@pytest.mark.parametrize(
    ("error", "bias", "code"),
    [(0.30, 0.0, "drift_worse"), (0.12, 0.25, "drift_bias_high"), (0.12, -0.25, "drift_bias_low")],
)
def test_a_change_is_heard(error: float, bias: float, code: str) -> None:
    for seed in range(10):
        early, late = noisy(seed, 14), noisy(seed + 100, 5, error, bias)
        assert code_of(weeks_of(early[0] + late[0], early[1] + late[1])) == code


def test_chance_is_no_change() -> None:
    alarms = sum(code_of(weeks_of(*noisy(seed, 26))) != "drift_none" for seed in range(200))
    assert alarms <= 12


def test_a_sure_but_small_change_is_not_told() -> None:
    early, late = [0.12, 0.121] * 8, [0.13] * 8
    assert code_of(weeks_of(early + late, [0.0] * 16 + [0.04] * 8)) == "drift_none"


def test_few_weeks_say_nothing_of_drift() -> None:
    assert find_drift(weeks_of(*noisy(1, 8))) is None
    assert find_drift(weeks_of(*noisy(1, 9))) is not None


def test_drift_asks_for_methods_to_be_chosen_anew() -> None:
    early, late = noisy(1, 14), noisy(2, 5, error=0.3)
    track = track_of(kept_of(LAST - 7))
    assert not has_drifted(track)
    drifted = find_drift(weeks_of(early[0] + late[0], early[1] + late[1]))
    assert has_drifted(replace(track, drift=drifted))
    assert not has_drifted(replace(track, drift=find_drift(weeks_of(*noisy(3, 20)))))
