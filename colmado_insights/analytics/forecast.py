"""What the shop will sell in the next days: by the methods that did best here before, with honest intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.backtest import (
    NAIVE,
    SHARES,
    LogIntervals,
    Trials,
    balance,
    blend,
    run_trials,
    score,
    wape,
    weekly_origins,
    wide_reach,
)
from colmado_insights.analytics.closed_days import closed_ahead, closing_weekdays
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.drivers import explain_days
from colmado_insights.analytics.forecast_methods import CANDIDATES, WeekdayMean
from colmado_insights.analytics.forecast_ridge import CalendarRidge
from colmado_insights.analytics.history import WEEK, BoolArray, Calendar, FloatArray, History
from colmado_insights.analytics.importance import compute_importance
from colmado_insights.analytics.outages import without_outages
from colmado_insights.analytics.results import Backtest, Driver, Forecast, ForecastPoint, NotEnough
from colmado_insights.analytics.threads import with_one_algebra_thread
from colmado_insights.domain import DAILY_COLUMNS, Reason, Target, day_number, day_of
from colmado_insights.progress import Progress

LEAST_DAYS = 3
"""Fewer days with sales than this carry no forecast at all."""
DAYS_TO_CHOOSE = 14
"""Fewer days with sales than this carry the weekday mean, with wide intervals."""
DAYS_TO_COMPETE = 28
"""Fewer say little about which method is best: what is thought beforehand decides."""
LONGEST_HORIZON = 28

_ORIGINS = 26
_ORIGINS_TO_EXPLAIN = 6
_LONG_SILENCE_DAYS = 60
_ABSURD = 20.0
"""A day of so many usual days is a mistyped amount: a storm or a feast brings two to five."""
_NAMED_ABSURD = 3
_LONGEST_HISTORY = 5 * 365
_CHART_DAYS = 8 * WEEK
_COLUMN = {Target.REVENUE: "revenue_cents", Target.RECEIPTS: "receipts"}
_SEVERITY = 40.0
_ORIGINS_HALF_BELIEVED = 4
_YOUNG_DAYS = 60
"""Until then the weekday mean and the ridge halve their errors in each other's company (11 shops)."""
_LEAST_WEIGHT = 0.05
_BELIEF = {"ridge": 2.0, "boosting": 2.0, "weekday_mean": 0.3}
"""What is thought of a method before it is tried here; 1 for the others. Fixed on other shops."""
_FEW_RECEIPTS = 40
_LEAST_CONFIDENCE = 0.2
_USUAL_SCATTER = 0.3
"""In logs: how far the days of an unknown shop lie apart."""


@with_one_algebra_thread
def compute_forecast(
    daily: pd.DataFrame,
    target: Target,
    *,
    until: date,
    horizon: int = 14,
    days: DominicanDays,
    progress: Progress | None = None,
    open_share: pd.Series[float] | None = None,
) -> Forecast | NotEnough:
    """Forecast revenue or receipts of the days after `until`.

    Parameters
    ----------
    daily : DataFrame
        Columns of DAILY_COLUMNS, one row a day with sales, in any order. Rows after `until` are not
        looked at.
    target : Target
        Revenue (cents) or receipts (count) a day.
    until : date
        Last *complete* day: a day still running must not be handed over as one.
    horizon : int
        Days ahead, 1 to 28.
    days : DominicanDays
        The calendar of the shop.
    progress : Progress, optional
        Told of every step; raises Cancelled when asked to stop.
    open_share : Series, optional
        Share of its usual business each day was open for, by day number: `compute_open_share`.

    Returns
    -------
    Forecast or NotEnough
        `points[i]` is the (i + 1)th day after `until`. With fewer than 14 days of sales, the weekday
        mean with wide intervals and the reason `little_history`; with fewer than 3, NotEnough.

    Raises
    ------
    ValueError
        If the horizon is not 1 to 28.

    Assumes
    -------
    Days without a row are closed or lost, not days without demand. The point forecast lies between
    the middle of what may come (smallest absolute error) and its mean (right totals): see `balance`.

    References
    ----------
    See `backtest` for the protocol by which the method is chosen and scored.
    """
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise ValueError(f"horizon must be 1 to {LONGEST_HORIZON} days, not {horizon}")
    check_frame(daily, DAILY_COLUMNS, "daily")
    values, first = _daily_values(daily, target, until)
    open_days = int(np.count_nonzero(~np.isnan(values)))
    if open_days < LEAST_DAYS:
        return NotEnough(LEAST_DAYS, open_days, "days", until)
    calendar = Calendar.of(days, first, day_number(until) + LONGEST_HORIZON)
    history, absurd = _without_absurd_days(History(values, calendar))
    if open_share is not None:
        history = without_outages(history, open_share)
    if open_days < DAYS_TO_CHOOSE:
        answer = _forecast_from_little(history, target, until, horizon, open_days)
    else:
        answer = _forecast_by_choice(history, values, target, until, horizon, progress)
    return replace(answer, reasons=(*answer.reasons, *absurd))


def _without_absurd_days(history: History) -> tuple[History, list[Reason]]:
    """Leave out days of a mistyped amount, and name the newest of them."""
    usual = np.exp(history.level_around(np.zeros(len(history))))
    times = history.values / usual
    absurd = np.flatnonzero(times > _ABSURD)
    if not len(absurd):
        return history, []
    values = history.values.copy()
    values[absurd] = np.nan
    reasons = [
        Reason.of("absurd_day", day=str(day_of(history.calendar.first + row)), times=round(times[row]))
        for row in absurd[-_NAMED_ABSURD:].tolist()
    ]
    return History(values, history.calendar), reasons


@dataclass(frozen=True)
class Choice:
    """The methods blended with their weights (the heaviest first), and every candidate's error."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    ranking: tuple[tuple[str, float], ...]

    @property
    def model(self) -> str:
        """What the forecast calls itself, such as `ridge+ets`, the heaviest method first."""
        return "+".join(self.names)

    @classmethod
    def of(cls, trials: Trials, actual: FloatArray) -> Choice:
        """Weigh the methods by their errors on the outcomes known.

        Which of several near equals leads changes from week to week, their blend does not. With many
        origins a method five per cent worse than the best keeps a seventh of its weight; with few, more.
        What does not beat the seasonal naive is not used at all.
        """
        errors = {name: wape(forecast, actual) for name, forecast in trials.predicted.items()}
        ranking = tuple(sorted(errors.items(), key=lambda pair: (pair[1], pair[0])))
        able = {name: error for name, error in ranking if error < errors[NAIVE]}
        if not able:
            return cls((NAIVE,), (1.0,), ranking)
        best = min(able.values())
        origins = np.count_nonzero(~np.isnan(actual).all(axis=1))
        severity = _SEVERITY * origins / (origins + _ORIGINS_HALF_BELIEVED)
        is_young = int(trials.origins[-1]) < _YOUNG_DAYS
        belief = _BELIEF | ({"weekday_mean": _BELIEF["ridge"]} if is_young else {})
        heft = {
            name: belief.get(name, 1.0) * float(np.exp(-severity * (error / best - 1.0)))
            for name, error in able.items()
        }
        least = _LEAST_WEIGHT * sum(heft.values())
        kept = sorted(((w, name) for name, w in heft.items() if w >= least), reverse=True)
        total = sum(weight for weight, _ in kept)
        return cls(tuple(name for _, name in kept), tuple(weight / total for weight, _ in kept), ranking)

    def forecast(self, trials: Trials) -> FloatArray:
        """The weighted blend of what the methods said at every origin."""
        return trials.blend(self.names, self.weights)


def _daily_values(daily: pd.DataFrame, target: Target, until: date) -> tuple[FloatArray, int]:
    """The target on every day from the first with sales to `until`, NaN where nothing was sold."""
    last = day_number(until)
    seen = daily.loc[daily["day"] <= last, ["day", _COLUMN[target]]].groupby("day").sum()[_COLUMN[target]]
    seen = _since_long_silence(seen[(seen > 0) & (seen.index > last - _LONGEST_HISTORY)])
    if seen.empty:
        return np.empty(0), last
    first = int(seen.index.min())
    return np.asarray(seen.reindex(range(first, last + 1)), dtype=np.float64), first


def _since_long_silence(seen: pd.Series[int]) -> pd.Series[int]:
    """Leave out what lies before months of silence, where enough came after: that was another shop."""
    starts = np.flatnonzero(np.diff(seen.index) > _LONG_SILENCE_DAYS) + 1
    return seen.iloc[starts[-1] :] if len(starts) and len(seen) - starts[-1] >= _LONG_SILENCE_DAYS else seen


def _forecast_by_choice(
    history: History, seen: FloatArray, target: Target, until: date, horizon: int, progress: Progress | None
) -> Forecast:
    """Back-test the candidates, blend the best and explain each day; `seen` is what was sold, power or not."""
    # A horizon under a week would always score the same weekday.
    tested = max(horizon, WEEK)
    least_open = max(
        WEEK if len(history.open_days) < DAYS_TO_COMPETE else 2 * WEEK, len(history.open_days) // 3
    )
    least_days = int(history.open_days[least_open - 1]) + 1
    origins = weekly_origins(len(history), _ORIGINS, least_days)
    trials = run_trials(history, CANDIDATES, origins, tested, progress)
    choice = Choice.of(trials, trials.actual)
    if progress:
        progress.step()
    by_name = {method.name: method for method in CANDIDATES}
    fitted = {name: by_name[name]().fit(history) for name in choice.names}
    tried = choice.forecast(trials)
    factor = balance(tried, trials.actual)
    mean = factor * blend([fitted[name].predict(history, horizon) for name in choice.names], choice.weights)
    closed = closed_ahead(history, horizon)
    mean = np.where(closed, 0.0, _within_reason(mean, history))
    ridge = CalendarRidge().fit(history)
    backtest = _nested_backtest(trials, history.calendar.first)
    is_scored = not np.isnan(backtest.wape)
    return Forecast(
        target=target,
        model=choice.model,
        until=until,
        points=_points(until, mean, LogIntervals.of(tried * factor, trials.actual)),
        backtest=backtest if is_scored else None,
        drivers=_drivers(history, ridge, mean),
        candidates=choice.ranking if is_scored else (),
        confidence=float(np.clip(1.0 - backtest.wape, _LEAST_CONFIDENCE, 0.95))
        if is_scored
        else _LEAST_CONFIDENCE,
        history=_chart_history(History(seen, history.calendar)),
        reasons=(
            *_method_reasons(choice, backtest),
            *_closed_reasons(history, horizon, closed),
            *_young_reasons(history),
            *_shift_reasons(history, ridge),
            *_outage_reasons(history, seen),
            *_volume_reasons(history, target),
        ),
        importance=_importance(history, choice, trials, horizon, progress) if is_scored else (),
    )


def _method_reasons(choice: Choice, backtest: Backtest) -> list[Reason]:
    """Which method, and its error beside the naive's, where it is another."""
    if np.isnan(backtest.wape):
        return []
    if choice.names == (NAIVE,):
        return [Reason.of("forecast_naive", model=choice.model, wape=backtest.wape)]
    return [
        Reason.of("forecast_method", model=choice.model, wape=backtest.wape, naive_wape=backtest.naive_wape)
    ]


def _importance(
    history: History, choice: Choice, trials: Trials, horizon: int, progress: Progress | None
) -> tuple[tuple[str, float], ...]:
    """What the blend lives on, where there are enough origins to tell."""
    by_name = {method.name: method for method in CANDIDATES}
    methods = [by_name[name] for name in choice.names]
    if len(trials.origins) < _ORIGINS_TO_EXPLAIN:
        return ()
    return compute_importance(history, methods, choice.weights, trials.origins, horizon, progress)


def _young_reasons(history: History) -> list[Reason]:
    """Say so where a choice between methods was not possible yet."""
    days = len(history.open_days)
    return [Reason.of("little_history", days=days, needed=DAYS_TO_COMPETE)] if days < DAYS_TO_COMPETE else []


def _shift_reasons(history: History, model: CalendarRidge) -> list[Reason]:
    """Say since when the shop sells clearly more or less than before."""
    if len(history.open_days) < DAYS_TO_COMPETE:
        return []
    shift = model.level_shift(history)
    if shift is None:
        return []
    code = "level_shift_up" if shift.size > 0 else "level_shift_down"
    day = str(day_of(history.calendar.first + shift.row))
    return [Reason.of(code, day=day, share=float(abs(np.expm1(shift.size))))]


def _outage_reasons(history: History, seen: FloatArray) -> list[Reason]:
    """Say on how many of the last weeks' days less was open than usual."""
    changed = (history.values != seen) & ~np.isnan(seen)
    days = int(np.count_nonzero(changed[-_CHART_DAYS:]))
    return [Reason.of("days_cut_short", days=days)] if days else []


def _within_reason(mean: FloatArray, history: History) -> FloatArray:
    """Keep what a method extrapolates near what the shop has ever sold in a day."""
    return np.clip(mean, np.nanmin(history.values) / 2, np.nanmax(history.values) * 2)


def _nested_backtest(trials: Trials, first_day: int) -> Backtest:
    """Score what would have been used: method and intervals of each origin from what was known then."""
    chosen = np.full(trials.actual.shape, np.nan)
    bounds = {share: (chosen.copy(), chosen.copy()) for share in SHARES}
    # The oldest third only teaches, so that no choice rests on a week or two.
    for row in range(len(trials.origins) // 3, len(trials.origins)):
        known = trials.known_at(int(trials.origins[row]))
        if np.isnan(known).all():
            # With a single origin there is nothing before it: the score of the choice itself is all there is.
            known = trials.actual
        forecast = Choice.of(trials, known).forecast(trials)
        forecast = forecast * balance(forecast, known)
        chosen[row] = forecast[row]
        intervals = LogIntervals.of(forecast, known)
        for share, (low, high) in bounds.items():
            low[row], high[row] = intervals.bounds(forecast[row], share)
    return score(trials, chosen, first_day, bounds)


def _forecast_from_little(
    history: History, target: Target, until: date, horizon: int, open_days: int
) -> Forecast:
    """The weekday mean, drawn towards the mean of all days, between wide bounds."""
    weekday_mean = WeekdayMean().fit(history).predict(history, horizon)
    overall = float(np.nanmean(history.values))
    mean = blend([weekday_mean, np.full(horizon, overall)])
    logs = history.logs[~np.isnan(history.logs)]
    reach = {share: wide_reach(_spread_out(logs), share) for share in SHARES}
    intervals = LogIntervals(
        low={share: (-reach[share],) for share in SHARES},
        high={share: (reach[share],) for share in SHARES},
    )
    return Forecast(
        target=target,
        model=WeekdayMean.name,
        until=until,
        points=_points(until, mean, intervals),
        backtest=None,
        drivers=((),) * horizon,
        candidates=(),
        confidence=_LEAST_CONFIDENCE,
        history=_chart_history(history),
        reasons=(Reason.of("little_history", days=open_days, needed=DAYS_TO_CHOOSE),),
    )


def _spread_out(logs: FloatArray) -> FloatArray:
    """Distances of a few days from their mean, made at least as wide as days of a shop usually lie."""
    rest: FloatArray = logs - logs.mean()
    scatter = float(rest.std())
    if scatter == 0:
        return rest + _USUAL_SCATTER
    return rest * max(1.0, _USUAL_SCATTER / scatter)


def _points(until: date, mean: FloatArray, intervals: LogIntervals) -> tuple[ForecastPoint, ...]:
    """Days with nested intervals around their means."""
    low80, high80 = intervals.bounds(mean, 0.80)
    low95, high95 = intervals.bounds(mean, 0.95)
    low95, high95 = np.minimum(low95, low80), np.maximum(high95, high80)
    first = day_number(until) + 1
    rows = zip(mean, low80, high80, low95, high95, strict=True)
    return tuple(
        ForecastPoint(day_of(first + ahead), *(float(value) for value in row))
        for ahead, row in enumerate(rows)
    )


def _closed_reasons(history: History, horizon: int, closed: BoolArray) -> list[Reason]:
    """Which of the days ahead are closing weekdays, Monday first."""
    weekday = history.calendar.weekday[len(history) : len(history) + horizon]
    usual = closing_weekdays(history)
    shut = sorted(usual & set(weekday[closed].tolist()), key=lambda number: (number - 1) % WEEK)
    if len(shut) > 1:
        return [Reason.of("closed_weekdays", weekdays=tuple(shut))]
    return [Reason.of("closed_weekday", weekday=number) for number in shut]


def _volume_reasons(history: History, target: Target) -> list[Reason]:
    """Say what is possible at all where receipts are few: counts scatter by themselves."""
    usual = float(history.values[history.open_days[-4 * WEEK :]].mean())
    if target is not Target.RECEIPTS or usual >= _FEW_RECEIPTS:
        return []
    # Mean absolute deviation of a Poisson count, over its mean.
    return [Reason.of("few_receipts", receipts=round(usual), floor=float(np.sqrt(2 / (np.pi * usual))))]


def _chart_history(history: History) -> tuple[tuple[date, float], ...]:
    """The last weeks, days without sales left out."""
    rows = history.open_days[history.open_days >= len(history) - _CHART_DAYS]
    return tuple((day_of(history.calendar.first + row), float(history.values[row])) for row in rows)


def _drivers(history: History, model: CalendarRidge, mean: FloatArray) -> tuple[tuple[Driver, ...], ...]:
    """What each calendar effect adds to each day, from the calendar model, largest first."""
    trend = model.trend(history, len(mean))
    return explain_days(history.calendar, len(history), mean, model.centred_effects(history), trend)
