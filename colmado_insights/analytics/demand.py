"""What will sell of one category or one product: zero is an answer here, and a little is learnt from the many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
)
from colmado_insights.analytics.demand_methods import (
    BROAD_METHODS,
    DEMAND_METHODS,
    FAST_METHODS,
    Croston,
    Demand,
    DemandMethod,
    TrafficShare,
    Tsb,
    own_effects,
)
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.drivers import explain_days
from colmado_insights.analytics.history import WEEK, YEAR, Calendar, FloatArray, History
from colmado_insights.analytics.market import LONGEST_HORIZON, Market
from colmado_insights.analytics.results import Backtest, Driver, Forecast, ForecastPoint, NotEnough
from colmado_insights.analytics.threads import with_one_algebra_thread
from colmado_insights.domain import (
    CATEGORIES,
    DAILY_COLUMNS,
    PRODUCT_SERIES_COLUMNS,
    SERIES_COLUMNS,
    Category,
    Reason,
    Target,
    day_number,
    day_of,
)
from colmado_insights.progress import Progress

LEAST_SALES = 3
"""Fewer days with a sale than this carry no forecast."""
DAYS_TO_CHOOSE = 56
"""Fewer open days than this since the first sale carry the part of the shop's traffic, with wide intervals."""
DEMAND_HISTORY_DAYS = 2 * YEAR
"""How far back the series and the shop's days should reach."""
MOST_PRODUCTS = 200

_REFIT_EVERY = 8
_CHART_DAYS = 8 * WEEK
_SILENT_DAYS = 28
_FAST_UNITS = 10.0
_FAST_SHARE = 0.97
_LEAST_CONFIDENCE = 0.2
_MOST = 2.0
_WIDER = 1.5
_TREND_DAYS = 13 * WEEK
_FLAT = {Croston.name, Tsb.name}
_SMOOTH_GAP = 1.32
_SMOOTH_LUMPS = 0.49
_SCALE = {Target.UNITS: ("units_milli", 1000.0), Target.REVENUE: ("revenue_cents", 1.0)}


@dataclass(frozen=True)
class Family:
    """The category that a product belongs to: its days (SERIES_COLUMNS) and how many products it sells."""

    days: pd.DataFrame
    products: int


@with_one_algebra_thread
def compute_demand(
    series: pd.DataFrame,
    shop: pd.DataFrame,
    target: Target = Target.UNITS,
    *,
    until: date,
    horizon: int = 14,
    days: DominicanDays,
    family: Family | None = None,
    category: Category | None = None,
    product_id: int | None = None,
    progress: Progress | None = None,
) -> Forecast | NotEnough:
    """Forecast what sells of one category or product on the days after `until`.

    Parameters
    ----------
    series : DataFrame
        Columns of SERIES_COLUMNS, one row a day on which something was sold, in any order.
    shop : DataFrame
        Columns of DAILY_COLUMNS of the whole shop: which days it was open, and how busy.
    target : Target
        Units (whole ones) or revenue (cents) a day.
    until : date
        Last complete day; later rows are not looked at.
    horizon : int
        Days ahead, 1 to 28.
    days : DominicanDays
        The shop's calendar.
    family : Family, optional
        The category of a product, which teaches what its own few sales cannot.
    category, product_id : optional
        What the series is of; handed through to the answer.
    progress : Progress, optional
        Told of every step; raises Cancelled when asked to stop.

    Returns
    -------
    Forecast or NotEnough
        Points lie a little under the mean, for a wild day (someone's bulk purchase) counts as a large one
        only: totals came out 2-8 % low on two files. Closed days are 0.

    Raises
    ------
    ValueError
        If the horizon is not 1 to 28, or the target is receipts.

    Assumes
    -------
    A day on which the shop sold and this did not is a day without demand: the shop's stock is not
    known, so what was out of stock counts as not wanted.

    References
    ----------
    See `demand_methods` and `count_trials`; A. A. Syntetos, J. E. Boylan, J. D. Croston, "On the
    categorization of demand patterns", J. of the Operational Research Society 56, 2005.
    """
    check_frame(series, SERIES_COLUMNS, "series")
    check_frame(shop, DAILY_COLUMNS, "shop")
    if target not in _SCALE:
        raise ValueError(f"demand is units or revenue, not {target}")
    market = _market_of(shop, until, horizon, days, progress)
    if isinstance(market, NotEnough):
        return market
    prior, usual = _family_of(family, market, target)
    demand = replace(_demand_of(series, market, target, prior, usual), is_broad=product_id is None)
    label = _Label(target, until, category, product_id)
    return _forecast(demand, horizon, label, progress)


@with_one_algebra_thread
def compute_demands(
    series: pd.DataFrame,
    shop: pd.DataFrame,
    *,
    until: date,
    horizon: int = 14,
    days: DominicanDays,
    families: Mapping[Category, Family] | None = None,
    progress: Progress | None = None,
) -> tuple[Forecast, ...]:
    """Forecast the units of many products at once, the same as `compute_demand` one by one, and faster.

    Parameters
    ----------
    series : DataFrame
        Columns of PRODUCT_SERIES_COLUMNS.
    shop, until, horizon, days
        As in `compute_demand`.
    families : mapping, optional
        The categories of the products.
    progress : Progress, optional
        Told of every product; raises Cancelled when asked to stop.

    Returns
    -------
    tuple of Forecast
        In the order of `product_id`; products with too little are left out.
    """
    check_frame(series, PRODUCT_SERIES_COLUMNS, "series")
    check_frame(shop, DAILY_COLUMNS, "shop")
    progress = progress or Progress()
    market = _market_of(shop, until, horizon, days, progress)
    if isinstance(market, NotEnough):
        return ()
    known = {
        category: _family_of(family, market, Target.UNITS) for category, family in (families or {}).items()
    }
    products = np.unique(series["product_id"].to_numpy())
    answers = []
    for done, product_id in enumerate(products):
        progress.step(done, len(products))
        part = series[series["product_id"] == product_id]
        category = CATEGORIES[int(part["category"].iloc[0])]
        prior, usual = known.get(category) or _family_of(None, market, Target.UNITS)
        demand = _demand_of(part, market, Target.UNITS, prior, usual)
        label = _Label(Target.UNITS, until, None, int(product_id))
        answer = _forecast(demand, horizon, label, progress.quiet() if progress else None)
        if isinstance(answer, Forecast):
            answers.append(answer)
    return tuple(answers)


@dataclass(frozen=True)
class _Label:
    """What the answer says of itself."""

    target: Target
    until: date
    category: Category | None
    product_id: int | None


def _market_of(
    shop: pd.DataFrame, until: date, horizon: int, days: DominicanDays, progress: Progress | None
) -> Market | NotEnough:
    """The shop's days by their receipts: how many come is forecast best, and each carries its part out."""
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise ValueError(f"horizon must be 1 to {LONGEST_HORIZON} days, not {horizon}")
    last = day_number(until)
    came = shop.set_index("day")["receipts"].sort_index()
    came = came[(came.index <= last) & (came.index > last - DEMAND_HISTORY_DAYS) & (came > 0)]
    if len(came) < LEAST_SALES:
        return NotEnough(LEAST_SALES, len(came), "days", until)
    first = int(came.index.min())
    values: FloatArray = np.asarray(came.reindex(range(first, last + 1)), dtype=np.float64)
    calendar = Calendar.of(days, first, last + LONGEST_HORIZON)
    return Market.of(History(values, calendar), progress)


def _family_of(family: Family | None, market: Market, target: Target) -> tuple[FloatArray, float]:
    """The calendar's effects on a category, and the usual part of one of its products in the traffic."""
    nothing = np.zeros(market.history.calendar.effects.shape[1])
    if family is None or family.days.empty or not family.products:
        return nothing, 0.0
    whole = _demand_of(family.days, market, target, nothing, 0.0)
    if not (whole.known > 0).any():
        return nothing, 0.0
    is_known = ~np.isnan(whole.values)
    part = float(whole.values[is_known].sum() / whole.traffic[is_known].sum())
    return own_effects(whole, whole.values), part / family.products


def _demand_of(
    series: pd.DataFrame, market: Market, target: Target, prior: FloatArray, usual: float
) -> Demand:
    """Each open day since the first sale; days cut short, like closed ones, say nothing."""
    column, scale = _SCALE[target]
    first, size = market.history.calendar.first, len(market.history)
    sums = series.loc[(series["day"] >= first) & (series["day"] < first + size)].groupby("day").sum()
    values: FloatArray = np.asarray(sums[column].reindex(range(first, first + size), fill_value=0)) / scale
    values = np.maximum(values, 0.0)
    is_sold = np.flatnonzero(values > 0)
    values[: is_sold[0] if len(is_sold) else size] = np.nan
    values[np.isnan(market.history.values)] = np.nan
    units = float(sums["units_milli"].clip(lower=0).sum()) / 1000
    unit = max(1.0, float(sums[column].clip(lower=0).sum()) / scale / max(units, 1.0))
    return Demand(values, market, prior, usual, unit)


def _forecast(demand: Demand, horizon: int, label: _Label, progress: Progress | None) -> Forecast | NotEnough:
    days_sold = int(np.count_nonzero(demand.known > 0))
    if days_sold < LEAST_SALES:
        return NotEnough(LEAST_SALES, days_sold, "days", label.until)
    trials = _trials(demand, horizon, progress)
    if trials is None:
        return _forecast_from_little(demand, horizon, label)
    choice = CountChoice.of(trials, trials.actual, TrafficShare.name)
    methods = [method for method in _entrants(demand) if method.name in choice.names]
    tried = trials.blend(choice.names)
    mean = np.mean([method().fit(demand).predict(demand, horizon) for method in methods], axis=0)
    # Nobody may be told to order a truckload because a method exploded on one lump.
    mean = np.minimum(mean, _MOST * demand.known.max())
    backtest = nested_backtest(trials, demand.market.history.calendar.first, TrafficShare.name, demand.unit)
    reasons = (
        *_method_reasons(choice.model, backtest),
        _pattern_reason(demand.known),
        *_silence_reasons(demand.known),
    )
    return _answer(
        demand,
        label,
        choice.model,
        mean,
        CountIntervals.of(tried, trials.actual, demand.unit),
        backtest,
        choice.ranking if backtest else (),
        reasons,
    )


def _entrants(demand: Demand) -> list[type[DemandMethod]]:
    """The methods that fit how this sells: those for whole shops only where hardly a day is without."""
    open_days = len(demand.known)
    recent = demand.known[-26 * WEEK :]
    is_fast = (recent > 0).mean() >= _FAST_SHARE and recent.mean() >= _FAST_UNITS * demand.unit
    fast = (*FAST_METHODS, *(BROAD_METHODS if demand.is_broad else ()))
    methods = [*DEMAND_METHODS, *(fast if is_fast else ())]
    return [method for method in methods if method.needs_days <= open_days]


def _trials(demand: Demand, horizon: int, progress: Progress | None) -> CountTrials | None:
    """Every method at every origin; None with too little to learn from and to score on."""
    is_known = np.flatnonzero(~np.isnan(demand.values))
    if len(is_known) < DAYS_TO_CHOOSE:
        return None
    least = int(is_known[max(DAYS_TO_CHOOSE // 2, len(is_known) // 3) - 1]) + 1
    possible = demand.market.past_origins
    origins = possible[possible >= least]
    if not len(origins):
        return None
    tested = max(horizon, WEEK)
    pasts = [demand.before(int(origin)) for origin in origins]
    methods = [method for method in _entrants(demand) if method.needs_days <= len(pasts[0].known)]
    predicted = {method.name: np.empty((len(origins), tested)) for method in methods}
    for method in methods:
        fitted = method()
        for turn, past in enumerate(pasts):
            if progress:
                progress.step()
            if turn % _REFIT_EVERY == 0:
                fitted = method().fit(past)
            predicted[method.name][turn] = fitted.predict(past, tested)
    return CountTrials(origins, actuals(demand.values, origins, tested), predicted)


def _forecast_from_little(demand: Demand, horizon: int, label: _Label) -> Forecast:
    """The part of the traffic so far, between wide bounds from how the days lay around it."""
    mean = TrafficShare().fit(demand).predict(demand, horizon)
    level = np.full((1, len(demand.known)), demand.known.mean())
    widest = CountIntervals.of(level, demand.known[None, :], demand.unit).widened(_WIDER)
    reason = Reason.of("little_history", days=len(demand.known), needed=DAYS_TO_CHOOSE)
    return _answer(demand, label, TrafficShare.name, mean, widest, None, (), (reason,))


def _answer(
    demand: Demand,
    label: _Label,
    model: str,
    mean: FloatArray,
    intervals: CountIntervals,
    backtest: Backtest | None,
    candidates: tuple[tuple[str, float], ...],
    reasons: tuple[Reason, ...],
) -> Forecast:
    return Forecast(
        target=label.target,
        model=model,
        until=label.until,
        points=_points(label.until, mean, intervals, demand.is_open_ahead(len(mean)) > 0),
        backtest=backtest,
        drivers=_drivers(demand, model, mean) if backtest else ((),) * len(mean),
        candidates=candidates,
        confidence=float(np.clip(1.0 - backtest.wape, _LEAST_CONFIDENCE, 0.95))
        if backtest
        else _LEAST_CONFIDENCE,
        history=_chart_history(demand),
        reasons=reasons,
        category=label.category,
        product_id=label.product_id,
    )


def _points(
    until: date, mean: FloatArray, intervals: CountIntervals, is_open: NDArray[np.bool_]
) -> tuple[ForecastPoint, ...]:
    """Days with nested intervals around their means; nothing on closed ones."""
    low80, high80 = intervals.bounds(mean, 0.80)
    low95, high95 = intervals.bounds(mean, 0.95)
    rows = np.stack([mean, low80, high80, np.minimum(low95, low80), np.maximum(high95, high80)], axis=1)
    rows[~is_open] = 0.0
    first = day_number(until) + 1
    return tuple(
        ForecastPoint(day_of(first + ahead), *map(float, row)) for ahead, row in enumerate(rows.tolist())
    )


def _drivers(demand: Demand, model: str, mean: FloatArray) -> tuple[tuple[Driver, ...], ...]:
    """What the calendar adds to each day; nothing of what sells seldom or is expected alike on every day."""
    usual = float(demand.known[-_TREND_DAYS:].mean())
    if usual < demand.unit or set(model.split("+")) <= _FLAT:
        return ((),) * len(mean)
    calendar = demand.market.history.calendar
    own = TrafficShare().fit(demand).effects_
    weekdays = np.array([code == "weekday" for code, _ in calendar.names])
    effects = demand.market.effects + own - np.where(weekdays, own[weekdays].mean(), 0.0)
    ahead = slice(len(demand), len(demand) + len(mean))
    # The calendar explains the shape of the days ahead, the trend what is left of their level.
    shape = np.exp(calendar.effects[ahead] @ effects)
    is_open = demand.is_open_ahead(len(mean)) > 0
    level = float(mean[is_open].sum() / shape[is_open].sum()) if is_open.any() else 0.0
    trend = np.full(len(mean), np.log(level / usual) if level > 0 else 0.0)
    return explain_days(calendar, len(demand), np.where(is_open, mean, 0.0), effects, trend)


def _chart_history(demand: Demand) -> tuple[tuple[date, float], ...]:
    """The last weeks, days on which the shop was closed left out."""
    first = demand.market.history.calendar.first
    rows = np.flatnonzero(~np.isnan(demand.values))
    return tuple(
        (day_of(first + int(row)), float(demand.values[row]))
        for row in rows[rows >= len(demand) - _CHART_DAYS]
    )


def _method_reasons(model: str, backtest: Backtest | None) -> list[Reason]:
    if backtest is None:
        return []
    return [Reason.of("forecast_method", model=model, wape=backtest.wape, naive_wape=backtest.naive_wape)]


def _pattern_reason(sold: FloatArray) -> Reason:
    """How it sells, by the mean days between sales and the squared scatter of their sizes."""
    sizes = sold[sold > 0]
    gap = len(sold) / len(sizes)
    lumps = float((sizes.std() / sizes.mean()) ** 2)
    code = {
        (False, False): "demand_smooth",
        (False, True): "demand_erratic",
        (True, False): "demand_intermittent",
        (True, True): "demand_lumpy",
    }[gap >= _SMOOTH_GAP, lumps >= _SMOOTH_LUMPS]
    return Reason.of(code, sold_days=len(sizes), open_days=len(sold))


def _silence_reasons(sold: FloatArray) -> list[Reason]:
    """Say so when it has not sold for weeks."""
    silent = len(sold) - 1 - int(np.flatnonzero(sold > 0)[-1])
    return [Reason.of("not_sold_lately", days=silent)] if silent >= _SILENT_DAYS else []
