"""How the forecasts turned out: those kept at the time against what came, week by week, and whether they drift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from colmado_insights.analytics.backtest import bias, coverage, wape
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.history import WEEK, FloatArray, mean_of
from colmado_insights.analytics.results import Forecast, ModelTrack, NotEnough, TrackedWeek
from colmado_insights.domain import FORECAST_COLUMNS, Reason, Target, day_number, day_of

LEAST_WEEKS_FOR_DRIFT = 9
"""Six weeks to know what is usual, three to see it change."""

_LEAST_DAYS = 4
_RECENT_WEEKS = 8
_SLACK = 0.5
_ALARM = 4.0
"""In standard deviations: with this slack a false alarm comes once in some 300 weeks."""
_LEAST_SPREAD = 0.02
_HONEST_BIAS = 0.05
_MATTERS = 1.15
"""A change smaller than this, however sure, is nothing to tell an owner."""
_DRIFTED = ("drift_worse", "drift_bias_high", "drift_bias_low")


def compute_track(
    kept: pd.DataFrame,
    actual: pd.Series[float],
    forecast: Forecast | None,
    target: Target,
    *,
    until: date,
) -> ModelTrack | NotEnough:
    """Score the kept forecasts against what happened.

    Parameters
    ----------
    kept : DataFrame
        Columns of FORECAST_COLUMNS: the points of all forecasts kept for one subject. A point that was
        made after its day (a replay of the past) is left out: it may have been made with hindsight.
    actual : Series
        What came, by day number, in the target's unit; days on which the shop was closed are not in it.
    forecast : Forecast or None
        The newest forecast: its back-test stands in for the weeks nobody kept one for, and its
        candidates are the challengers.
    target : Target
        What the forecasts are about.
    until : date
        Last complete day; nothing later is looked at.

    Returns
    -------
    ModelTrack or NotEnough
        `weeks` are windows of seven days that do not overlap, each the first week of one forecast. One
        in which nothing was sold has no error in per cent; what was promised for it counts in the sums.

    Assumes
    -------
    A day without an actual was closed, and no forecast is blamed for it.

    References
    ----------
    E. S. Page, "Continuous inspection schemes", Biometrika 41, 1954 (cumulative sums, for drift).
    D. W. Trigg, "Monitoring a forecasting system", Operational Research Quarterly 15, 1964.
    """
    check_frame(kept, FORECAST_COLUMNS, "kept")
    last = day_number(until)
    came = actual[actual.index <= last].astype("float64").sort_index()
    points = kept[(kept["made_day"] <= kept["day"]) & (kept["day"] <= last) & (kept["until"] < kept["day"])]
    windows = _windows(points, came, last)
    sold = [window for window in windows if came.reindex(window["day"]).sum() > 0]
    windows = windows if sold else []
    stand_ins = _stand_ins(forecast, windows[0]["until"].iloc[0] if windows else last + 1)
    weeks = (*stand_ins, *(_tracked(window, came) for window in sold))
    if not weeks:
        return NotEnough(1, 0, "weeks", until)
    drift = find_drift(weeks)
    sums = _sums(windows, came, forecast)
    return ModelTrack(
        target=target,
        until=until,
        model=forecast.model if forecast else weeks[-1].model,
        challengers=forecast.candidates if forecast else (),
        weeks=weeks,
        wape=sums.wape,
        naive_wape=sums.naive_wape,
        bias=sums.bias,
        coverage80=sums.coverage80,
        coverage95=sums.coverage95,
        days=sums.days,
        changes=_changes(points, forecast),
        drift=drift,
        reasons=_reasons(len(stand_ins), len(sold)),
    )


def has_drifted(track: ModelTrack) -> bool:
    """Whether the errors have changed beyond chance, so that the methods should be chosen anew."""
    return track.drift is not None and track.drift.code in _DRIFTED


def find_drift(weeks: Sequence[TrackedWeek]) -> Reason | None:
    """Watch the last weeks by cumulative sums of their errors against the weeks before.

    The sum grows by what a week lies above its usual value beyond half a standard deviation, falls back
    to zero otherwise, and is an alarm at four, if the change is also large enough to matter. It is kept for
    the error (only upward) and for the bias (both ways). What is usual comes from the weeks before the last
    eight, or from the older two thirds.

    Returns
    -------
    Reason or None
        drift_none, drift_worse, drift_bias_high or drift_bias_low; None with fewer than nine weeks.
    """
    if len(weeks) < LEAST_WEEKS_FOR_DRIFT:
        return None
    recent = min(_RECENT_WEEKS, len(weeks) // 3)
    errors = np.array([week.wape for week in weeks])
    biases = np.array([week.bias for week in weeks])
    usual_error = float(errors[:-recent].mean())
    # A bias that always was there is no reason to call the last weeks right.
    usual_bias = float(np.clip(biases[:-recent].mean(), -_HONEST_BIAS, _HONEST_BIAS))
    lately = float(errors[-recent:].mean())
    if lately > _MATTERS * usual_error and _is_alarm(errors, usual_error, recent):
        return Reason.of("drift_worse", weeks=recent, wape=lately, before_wape=usual_error)
    for code, sign in (("drift_bias_high", 1.0), ("drift_bias_low", -1.0)):
        wrong = sign * float(biases[-recent:].mean())
        if wrong > _HONEST_BIAS and _is_alarm(sign * biases, sign * usual_bias, recent):
            return Reason.of(code, weeks=recent, share=wrong)
    return Reason.of("drift_none", weeks=len(weeks))


def _is_alarm(values: FloatArray, usual: float, recent: int) -> bool:
    """Whether the cumulative sum of the last weeks stands above the alarm."""
    spread = max(float(values[:-recent].std(ddof=1)), _LEAST_SPREAD)
    total = 0.0
    for value in values[-recent:]:
        total = max(0.0, total + (float(value) - usual) / spread - _SLACK)
    return total > _ALARM


def _windows(points: pd.DataFrame, came: pd.Series[float], last: int) -> list[pd.DataFrame]:
    """The first week of forecasts that lie a week or more apart, oldest first, each whole by `last`."""
    windows: list[pd.DataFrame] = []
    next_until = -(2**62)
    for until, made in points.sort_values(["until", "day"]).groupby("until"):
        first = int(str(until)) + 1
        if first - 1 < next_until or first + WEEK - 1 > last:
            continue
        week = made[made["day"] < first + WEEK]
        if int(week["day"].isin(came.index).sum()) >= _LEAST_DAYS:
            windows.append(week)
            next_until = first - 1 + WEEK
    return windows


def _tracked(window: pd.DataFrame, came: pd.Series[float]) -> TrackedWeek:
    """One week of a kept forecast against what came."""
    until = int(window["until"].iloc[0])
    mean, actual, naive = _pairs(window, came)
    low, high = (np.asarray(window[name], dtype=np.float64) for name in ("lo80", "hi80"))
    return TrackedWeek(
        week=day_of(until + 1),
        wape=wape(mean, actual),
        naive_wape=wape(naive, actual),
        bias=bias(mean, actual),
        coverage80=coverage(low, high, actual),
        days=int(np.count_nonzero(~np.isnan(actual))),
        model=str(window["model"].iloc[0]),
        is_kept=True,
    )


def _pairs(window: pd.DataFrame, came: pd.Series[float]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Forecast, actual (NaN where closed) and what the seasonal naive would have said; one value a day."""
    actual = np.asarray(came.reindex(window["day"]), dtype=np.float64)
    known, values = came.index.to_numpy(), came.to_numpy()
    naive = np.empty(len(window))
    for place, (day, until) in enumerate(zip(window["day"], window["until"], strict=True)):
        before = known <= until
        same = values[before & (known % WEEK == day % WEEK)]
        # A weekday never open before has nothing to repeat: the mean of the last four weeks, as in `SeasonalNaive`.
        naive[place] = same[-1] if len(same) else mean_of(values[before][-4 * WEEK :])
    # Of days before all sales that are known now the naive says nothing, right or wrong.
    return np.asarray(window["mean"], dtype=np.float64), actual, np.where(np.isnan(naive), actual, naive)


def _stand_ins(forecast: Forecast | None, before: int) -> tuple[TrackedWeek, ...]:
    """The back-test's weeks that end before a kept forecast begins."""
    if forecast is None or forecast.backtest is None:
        return ()
    return tuple(
        TrackedWeek(
            week=week.week,
            wape=week.wape,
            naive_wape=week.naive_wape,
            bias=week.bias,
            coverage80=forecast.backtest.coverage80,
            days=WEEK,
            model=forecast.model,
            is_kept=False,
        )
        for week in forecast.backtest.weeks
        if day_number(week.week) + WEEK - 1 <= before
    )


@dataclass(frozen=True)
class _Sums:
    """Error, bias and coverage over many days."""

    wape: float
    naive_wape: float
    bias: float
    coverage80: float
    coverage95: float
    days: int


def _sums(windows: list[pd.DataFrame], came: pd.Series[float], forecast: Forecast | None) -> _Sums:
    """Over all kept weeks; the back-test's own where none was kept."""
    if not windows:
        assert forecast is not None
        assert forecast.backtest is not None
        test = forecast.backtest
        bias_of_weeks = float(np.mean([week.bias for week in test.weeks]))
        days = WEEK * len(test.weeks)
        return _Sums(test.wape, test.naive_wape, bias_of_weeks, test.coverage80, test.coverage95, days)
    joined = pd.concat(windows)
    mean, actual, naive = _pairs(joined, came)
    low80, high80, low95, high95 = (
        np.asarray(joined[name], dtype=np.float64) for name in ("lo80", "hi80", "lo95", "hi95")
    )
    return _Sums(
        wape=wape(mean, actual),
        naive_wape=wape(naive, actual),
        bias=bias(mean, actual),
        coverage80=coverage(low80, high80, actual),
        coverage95=coverage(low95, high95, actual),
        days=int(np.count_nonzero(~np.isnan(actual))),
    )


def _changes(points: pd.DataFrame, forecast: Forecast | None) -> tuple[tuple[date, str], ...]:
    """From which day on each method made the forecasts, oldest first; two in a row are told once."""
    made = points.sort_values("until").drop_duplicates("until")
    rows = [
        (day_of(until + 1), str(model)) for until, model in zip(made["until"], made["model"], strict=True)
    ]
    if forecast is not None:
        rows.append((forecast.until + timedelta(days=1), forecast.model))
    return (*rows[:1], *(new for old, new in pairwise(rows) if new[1] != old[1]))


def _reasons(stand_ins: int, kept: int) -> tuple[Reason, ...]:
    """Say which weeks are the back-test's."""
    if not kept:
        return (Reason.of("track_backtest", weeks=stand_ins),)
    if stand_ins:
        return (Reason.of("track_partly", weeks=kept, tried=stand_ins),)
    return (Reason.of("track_kept", weeks=kept),)
