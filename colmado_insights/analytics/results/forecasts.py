"""What is answered about the days and hours ahead, and how earlier answers turned out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from colmado_insights.domain import Category, Reason, Target


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """One day ahead, in the target's unit (cents for revenue)."""

    day: date
    mean: float
    lo80: float
    hi80: float
    lo95: float
    hi95: float


@dataclass(frozen=True, slots=True)
class Driver:
    """What one cause adds to one day's forecast, in the target's unit.

    `reason.code` is one of weekday, payday, before_payday, holiday, eve, occasion, december, trend.
    """

    reason: Reason
    amount: float


@dataclass(frozen=True, slots=True)
class WeekError:
    """How one week of the back-test went: WAPE and bias, as shares of what was sold."""

    week: date
    wape: float
    naive_wape: float
    bias: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """Rolling-origin errors of the method used, the seasonal naive's beside them.

    WAPE = sum of absolute errors / sum of actuals; coverage is the share of days inside the interval.
    """

    wape: float
    naive_wape: float
    coverage80: float
    coverage95: float
    within15: float  # share of days within 15 % of what happened
    origins: int
    horizon: int
    weeks: tuple[WeekError, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast with its own back-test. `drivers[i]` explains `points[i]`."""

    target: Target
    model: str
    until: date
    points: tuple[ForecastPoint, ...]
    backtest: Backtest | None
    drivers: tuple[tuple[Driver, ...], ...]
    candidates: tuple[tuple[str, float], ...]  # (method, WAPE), best first
    confidence: float
    history: tuple[tuple[date, float], ...]  # the days before, for the chart
    reasons: tuple[Reason, ...] = ()
    category: Category | None = None  # of one category only
    product_id: int | None = None  # of one product only
    importance: tuple[
        tuple[str, float], ...
    ] = ()  # (feature group, loss in WAPE when it is shuffled), largest first


@dataclass(frozen=True, slots=True)
class HourPoint:
    """One hour ahead, in the target's unit."""

    day: date
    hour: int
    mean: float
    lo80: float
    hi80: float
    lo95: float
    hi95: float


@dataclass(frozen=True, slots=True)
class HourForecast:
    """A forecast by the hour; hours in which the shop is closed have no point."""

    target: Target
    model: str
    until: date
    points: tuple[HourPoint, ...]
    backtest: Backtest | None  # errors of single hours
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackedWeek:
    """How one week of forecasts turned out; `is_kept` tells those made at the time from the back-test's."""

    week: date  # first day forecast
    wape: float
    naive_wape: float
    bias: float
    coverage80: float
    days: int
    model: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class ModelTrack:
    """A forecast against what happened since: errors by week, champion and challengers, drift."""

    target: Target
    until: date
    model: str  # the champion now
    challengers: tuple[tuple[str, float], ...]  # (method, WAPE in the back-test), best first
    weeks: tuple[TrackedWeek, ...]  # oldest first
    wape: float
    naive_wape: float
    bias: float
    coverage80: float
    coverage95: float
    days: int  # scored
    changes: tuple[tuple[date, str], ...]  # from when which method was used
    drift: (
        Reason | None
    )  # drift_none, drift_worse, drift_bias_high, drift_bias_low …; None with too few weeks
    reasons: tuple[Reason, ...] = ()
