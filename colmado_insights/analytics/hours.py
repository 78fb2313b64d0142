"""What the hours of the next days will bring: the day's forecast parted over its hours, or what did better here."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.count_trials import (
    CountChoice,
    CountIntervals,
    CountTrials,
    actuals,
    nested_backtest,
    without_unplayed,
)
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.history import WEEK, YEAR, Calendar, FloatArray, History
from colmado_insights.analytics.hour_methods import (
    HOUR_METHODS,
    HOURS,
    DayProfile,
    HourBoosting,
    HourHistory,
    HourMean,
    HourMethod,
)
from colmado_insights.analytics.market import LONGEST_HORIZON, Market
from colmado_insights.analytics.results import Backtest, HourForecast, HourPoint, NotEnough
from colmado_insights.analytics.threads import with_one_algebra_thread
from colmado_insights.domain import HOURLY_COLUMNS, NO_HOUR, Reason, Target, day_number, day_of
from colmado_insights.progress import Progress

LEAST_DAYS = 7
"""Fewer days with sales than this carry no forecast of hours."""
DAYS_TO_CHOOSE = 42
"""Fewer days with sales than this carry the day's profile, with wide intervals."""
HOUR_HISTORY_DAYS = 2 * YEAR
"""How far back the hourly sums should reach."""

BoolArray = NDArray[np.bool_]

_COLUMN = {Target.REVENUE: "revenue_cents", Target.RECEIPTS: "receipts"}
_ORIGINS = 16
_REFIT_EVERY = 8
_BOOSTING_DAYS = 90
_OPENING_WEEKS = 12
_OPEN_SHARE = 0.1
"""An hour counts as open when it had a sale on at least this share of such weekdays."""
_LEAST_CONFIDENCE = 0.2
_WIDER = 1.3
_FEW_AN_HOUR = 3.0


@with_one_algebra_thread
def compute_hours(
    hourly: pd.DataFrame,
    target: Target,
    *,
    until: date,
    horizon: int = 14,
    days: DominicanDays,
    progress: Progress | None = None,
) -> HourForecast | NotEnough:
    """Forecast receipts or revenue of each hour of the days after `until`.

    Parameters
    ----------
    hourly : DataFrame
        Columns of HOURLY_COLUMNS, in any order. Rows after `until` are not looked at.
    target : Target
        Revenue (cents) or receipts (count) an hour.
    until : date
        Last complete day.
    horizon : int
        Days ahead, 1 to 28.
    days : DominicanDays
        The shop's calendar.
    progress : Progress, optional
        Told of every step; raises Cancelled when asked to stop.

    Returns
    -------
    HourForecast or NotEnough
        Points in order of day and hour. Hours and days on which the shop is closed have none. Means, so
        that they may be added up.

    Raises
    ------
    ValueError
        If the horizon is not 1 to 28, or the target is units.

    Assumes
    -------
    Sales without a time are like the others; they are left out, and the reason `without_hour` says how many.

    References
    ----------
    See `count_trials` for the protocol by which the method is chosen and scored.
    """
    check_frame(hourly, HOURLY_COLUMNS, "hourly")
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise ValueError(f"horizon must be 1 to {LONGEST_HORIZON} days, not {horizon}")
    if target not in _COLUMN:
        raise ValueError(f"hours are of receipts or revenue, not {target}")
    last = day_number(until)
    recent = hourly[(hourly["day"] <= last) & (hourly["day"] > last - HOUR_HISTORY_DAYS)]
    timed = recent[recent["hour"] != NO_HOUR]
    seen = np.unique(timed["day"].to_numpy()[timed["receipts"].to_numpy() > 0])
    if len(seen) < LEAST_DAYS:
        return NotEnough(LEAST_DAYS, len(seen), "days", until)
    first = int(seen[0])
    calendar = Calendar.of(days, first, last + LONGEST_HORIZON)
    values = _values(timed, target, first, last)
    totals = _totals(values)
    if (sold := int(np.count_nonzero(~np.isnan(totals)))) < LEAST_DAYS:
        return NotEnough(LEAST_DAYS, sold, "days", until)
    market = Market.of(History(totals, calendar), progress)
    values[np.isnan(market.history.values)] = np.nan
    history = HourHistory(values, market, _unit(timed, target))
    left_out = _left_out_reasons(recent)
    if len(seen) < DAYS_TO_CHOOSE or not len(_origins(history)):
        return _forecast_from_little(history, target, until, horizon, left_out)
    return _forecast_by_choice(history, target, until, horizon, left_out, progress)


def opening_hours(history: HourHistory) -> BoolArray:
    """The hours in which the shop sells, shape (7, 24), from the last 12 weeks.

    Where a weekday is hardly known, all weekdays tell. A single hour without sales between two others
    counts as open, for nobody closes for that long.
    """
    span = slice(max(0, len(history) - _OPENING_WEEKS * WEEK), None)
    is_open, weekday = history.is_open[span], history.weekday()[span]
    sold = (history.values[span] > 0)[is_open]
    everyday = sold.mean(axis=0) >= _OPEN_SHARE if len(sold) else np.zeros(HOURS, bool)
    hours = np.tile(everyday, (WEEK, 1))
    for number in range(WEEK):
        such = sold[weekday[is_open] == number]
        if len(such) >= 4:
            hours[number] = such.mean(axis=0) >= _OPEN_SHARE
    between = np.roll(hours, 1, axis=1) & np.roll(hours, -1, axis=1)
    between[:, [0, HOURS - 1]] = False
    return np.asarray(hours | between, dtype=np.bool_)


def _values(timed: pd.DataFrame, target: Target, first: int, last: int) -> FloatArray:
    """The target by day and hour, shape (days, 24), NaN on days without a sale."""
    size = last - first + 1
    rows = timed["day"].to_numpy() - first
    is_wanted = rows >= 0
    place = rows[is_wanted] * HOURS + timed["hour"].to_numpy()[is_wanted]
    values = np.bincount(place, timed[_COLUMN[target]].to_numpy()[is_wanted], minlength=size * HOURS)
    sold = np.bincount(place, timed["receipts"].to_numpy()[is_wanted], minlength=size * HOURS)
    values = np.maximum(values.reshape(size, HOURS), 0.0)
    values[sold.reshape(size, HOURS).sum(axis=1) == 0] = np.nan
    return np.asarray(values, dtype=np.float64)


def _totals(values: FloatArray) -> FloatArray:
    """Whole days; NaN where there is none, or where more came back than was sold."""
    totals = values.sum(axis=1)
    return np.where(totals > 0, totals, np.nan)


def _unit(timed: pd.DataFrame, target: Target) -> float:
    """What counts as one: a receipt, or the usual receipt's cents."""
    if target is Target.RECEIPTS:
        return 1.0
    return max(1.0, float(timed["revenue_cents"].sum()) / max(1, int(timed["receipts"].sum())))


def _origins(history: HourHistory) -> NDArray[np.int64]:
    rows = np.flatnonzero(history.is_open)
    least = rows[min(max(DAYS_TO_CHOOSE // 2, len(rows) // 3), len(rows)) - 1] + 1
    origins = history.market.past_origins
    return np.asarray(origins[origins >= least][-_ORIGINS:], dtype=np.int64)


def _entrants(history: HourHistory) -> list[type[HourMethod]]:
    """All methods; trees only where there are days enough to grow them on."""
    open_days = int(history.is_open.sum())
    return [method for method in HOUR_METHODS if method is not HourBoosting or open_days >= _BOOSTING_DAYS]


def _forecast_by_choice(
    history: HourHistory,
    target: Target,
    until: date,
    horizon: int,
    left_out: list[Reason],
    progress: Progress | None,
) -> HourForecast:
    trials = _trials(history, max(horizon, WEEK), progress)
    choice = CountChoice.of(trials, trials.actual, DayProfile.name)
    methods = [method for method in HOUR_METHODS if method.name in choice.names]
    mean = np.mean([_predict(method().fit(history), history, horizon) for method in methods], axis=0)
    intervals = CountIntervals.of(trials.blend(choice.names), trials.actual, history.unit)
    backtest = nested_backtest(trials, history.market.history.calendar.first, DayProfile.name, history.unit)
    reasons = [*left_out, *_volume_reasons(history, target)]
    if backtest:
        reasons.insert(
            0,
            Reason.of(
                "forecast_method",
                model=choice.model,
                wape=backtest.wape,
                naive_wape=backtest.naive_wape,
            ),
        )
    return HourForecast(
        target=target,
        model=choice.model,
        until=until,
        points=_points(history, until, mean, intervals),
        backtest=backtest,
        confidence=_confidence(backtest),
        reasons=tuple(reasons),
    )


def _trials(history: HourHistory, horizon: int, progress: Progress | None) -> CountTrials:
    """Every method at every origin; hours that seemed closed only count when something sold in them."""
    origins = _origins(history)
    pasts = [history.before(int(origin)) for origin in origins]
    methods = _entrants(pasts[0])
    predicted = {method.name: np.empty((len(origins), horizon, HOURS)) for method in methods}
    for method in methods:
        fitted = method()
        for turn, past in enumerate(pasts):
            if progress:
                progress.step()
            if turn % _REFIT_EVERY == 0:
                fitted = method().fit(past)
            predicted[method.name][turn] = _predict(fitted, past, horizon)
    actual = actuals(history.values, origins, horizon)
    is_played = np.stack([_opens_ahead(past, horizon) for past in pasts]) | (actual > 0)
    return without_unplayed(CountTrials(origins, actual, predicted), is_played)


def _predict(fitted: HourMethod, history: HourHistory, horizon: int) -> FloatArray:
    """A method's forecast, nothing where the shop is closed."""
    return np.where(_opens_ahead(history, horizon), fitted.predict(history, horizon), 0.0)


def _opens_ahead(history: HourHistory, horizon: int) -> BoolArray:
    """The hours ahead in which the shop sells, shape (horizon, 24)."""
    hours = opening_hours(history)[history.weekday(horizon)[len(history) :]]
    return hours & (history.opens_ahead(horizon) > 0)


def _forecast_from_little(
    history: HourHistory, target: Target, until: date, horizon: int, left_out: list[Reason]
) -> HourForecast:
    """The profile so far, between bounds from how the known days lay around the plain mean, made wider."""
    mean = _predict(DayProfile().fit(history), history, horizon)
    known = history.values[history.is_open]
    usual = np.broadcast_to(HourMean().predict(history, WEEK).mean(axis=0), known.shape)
    hours = opening_hours(history).any(axis=0)
    intervals = CountIntervals.of(usual[:, hours][None], known[:, hours][None], history.unit).widened(_WIDER)
    little = Reason.of("little_history", days=len(known), needed=DAYS_TO_CHOOSE)
    return HourForecast(
        target=target,
        model=DayProfile.name,
        until=until,
        points=_points(history, until, mean, intervals),
        backtest=None,
        confidence=_LEAST_CONFIDENCE,
        reasons=(little, *left_out, *_volume_reasons(history, target)),
    )


def _points(
    history: HourHistory, until: date, mean: FloatArray, intervals: CountIntervals
) -> tuple[HourPoint, ...]:
    """One point an open hour, with nested intervals."""
    low80, high80 = intervals.bounds(mean, 0.80)
    low95, high95 = intervals.bounds(mean, 0.95)
    bounds = np.stack([mean, low80, high80, np.minimum(low95, low80), np.maximum(high95, high80)], axis=-1)
    first = day_number(until) + 1
    places = np.argwhere(_opens_ahead(history, len(mean)))
    return tuple(
        HourPoint(day_of(first + int(ahead)), int(hour), *map(float, bounds[ahead, hour]))
        for ahead, hour in places
    )


def _confidence(backtest: Backtest | None) -> float:
    if backtest is None:
        return _LEAST_CONFIDENCE
    return float(np.clip(1.0 - backtest.wape, _LEAST_CONFIDENCE, 0.95))


def _left_out_reasons(recent: pd.DataFrame) -> list[Reason]:
    """Say which part of the receipts has no time and takes no part."""
    receipts = int(recent["receipts"].sum())
    without = int(recent.loc[recent["hour"] == NO_HOUR, "receipts"].sum())
    return [Reason.of("without_hour", share=without / receipts)] if without else []


def _volume_reasons(history: HourHistory, target: Target) -> list[Reason]:
    """Say what is possible at all where few come in an hour: counts scatter by themselves."""
    hours = opening_hours(history)
    means = HourMean().predict(history, WEEK)
    open_means = means[hours[history.weekday(WEEK)[len(history) :]] & (means > 0)]
    if target is not Target.RECEIPTS or not len(open_means) or open_means.mean() >= _FEW_AN_HOUR:
        return []
    return [Reason.of("few_an_hour", receipts=round(float(open_means.mean()), 1))]
