"""The ways to forecast a shop's days: small classes of one shape, `fit(history)` and `predict(history, horizon)`.

To add a method: write a class with `name`, `needs_days`, `fit` and `predict`, and put it into
`CANDIDATES`. The back-test decides whether a shop uses it. What `fit` learns must not hold the
level of the day it was fitted on: `predict` is handed the history up to its own origin, so that
a slow fit may serve several origins.

References
----------
V. Assimakopoulos, K. Nikolopoulos, "The theta model", International Journal of Forecasting 16, 2000.
R. J. Hyndman, A. B. Koehler, J. K. Ord, R. D. Snyder, "Forecasting with Exponential Smoothing", 2008.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.dominican_days import HOLIDAYS, OCCASIONS, OTHER_HOLIDAY, DominicanDays
from colmado_insights.domain import PAY_PHASES, PayPhase, day_of

FloatArray = NDArray[np.float64]
WEEK = 7
YEAR = 364
"""A year of whole weeks, so that a day's last year is the same weekday."""
_OUTLIER_SIGMAS = 3.5
_LEAST_SCATTER = 0.1
"""In logs: whatever stays within a third of the usual day is no outlier, however regular the shop."""
_LONGEST_MEMORY = 3 * YEAR
"""Older days teach a growing shop little and cost time."""


@dataclass(frozen=True)
class Calendar:
    """The calendar of an unbroken run of days, as columns of 0 and 1 that effects are learnt for.

    `effects` has shape (days, columns); `names[j]` is (driver code, id) of column j and
    `spread[j]` how large (in logs) such an effect usually is: the prior that shrinks rare ones.
    """

    first: int
    weekday: NDArray[np.int64]
    effects: FloatArray
    names: tuple[tuple[str, str], ...]
    spread: FloatArray
    frame: pd.DataFrame

    @classmethod
    def of(cls, days: DominicanDays, first: int, last: int) -> Calendar:
        """Lay out the calendar from one day number to another, both included."""
        frame = days.frame(day_of(first), day_of(last))
        columns: list[tuple[str, str, float, NDArray[np.bool_]]] = []
        weekday = frame["weekday"].to_numpy(dtype=np.int64)
        for number in range(WEEK):
            columns.append(("weekday", str(number), 0.5, weekday == number))
        phase = frame["pay_phase"].to_numpy()
        columns.append(("payday", "", 0.2, phase == PAY_PHASES.index(PayPhase.PAYDAY)))
        columns.append(("before_payday", "", 0.2, phase == PAY_PHASES.index(PayPhase.BEFORE)))
        since = frame["days_since_payroll"].to_numpy()
        for number in range(3):
            columns.append(("payday", str(number), 0.1, since == number))
        holiday = frame["holiday"].to_numpy()
        columns.append(("holiday", "", 0.2, holiday != ""))
        for name in (*HOLIDAYS, OTHER_HOLIDAY):
            columns.append(("holiday", name, 0.2, holiday == name))
        columns.append(("eve", "", 0.2, frame["is_eve"].to_numpy(dtype=bool)))
        occasion = frame["occasion"].to_numpy()
        for name in OCCASIONS:
            columns.append(("occasion", name, 0.2, occasion == name))
        months = np.array([day_of(number).month for number in range(first, last + 1)])
        columns.append(("december", "", 0.2, months == 12))
        return cls(
            first=first,
            weekday=weekday,
            effects=np.column_stack([column for *_, column in columns]).astype(np.float64),
            names=tuple((code, name) for code, name, *_ in columns),
            spread=np.array([spread for _, _, spread, _ in columns]),
            frame=frame,
        )


@dataclass(frozen=True)
class History:
    """One target on an unbroken run of days; NaN where nothing was sold (closed is not zero).

    `values` has shape (days,), in the target's unit; row i of `calendar` belongs to `values[i]`,
    and the calendar goes on beyond the last value as far as forecasts are asked for.
    """

    values: FloatArray
    calendar: Calendar

    def __len__(self) -> int:
        return len(self.values)

    def before(self, days: int) -> History:
        """What was known after the first `days` days."""
        return History(self.values[:days], self.calendar)

    @property
    def last_day(self) -> int:
        """Day number of the last value."""
        return self.calendar.first + len(self) - 1

    @cached_property
    def open_days(self) -> NDArray[np.int64]:
        """Rows of the days with sales."""
        return np.flatnonzero(~np.isnan(self.values))

    @cached_property
    def weekday(self) -> NDArray[np.int64]:
        """Weekday of each day, 0 = Sunday."""
        return self.calendar.weekday[: len(self)]

    @cached_property
    def logs(self) -> FloatArray:
        """Natural logarithms; NaN where nothing (or less) was sold."""
        logs: FloatArray = np.full(len(self), np.nan)
        np.log(self.values, out=logs, where=self.values > 0)
        return logs

    @cached_property
    def clean(self) -> FloatArray:
        """Logarithms with wild days pulled in: a power cut must not teach the level anything."""
        expected = self._rough
        rest = self.logs - expected
        sigma = max(_robust_sigma(rest), _LEAST_SCATTER)
        return expected + np.clip(rest, -_OUTLIER_SIGMAS * sigma, _OUTLIER_SIGMAS * sigma)

    @cached_property
    def filled(self) -> FloatArray:
        """`clean` without gaps: days without sales get what their weekday and the weeks around say."""
        return np.where(np.isnan(self.clean), self._rough, self.clean)

    @cached_property
    def weekday_effect(self) -> FloatArray:
        """Median distance in logs of each weekday to the weeks around it; shape (7,)."""
        rest = self.logs - self._local_median
        return np.array([_median(rest[(self.weekday == number)][-26:]) for number in range(WEEK)])

    @cached_property
    def _local_median(self) -> FloatArray:
        medians = pd.Series(self.logs).rolling(35, center=True, min_periods=3).median()
        return np.asarray(medians.ffill().bfill(), dtype=np.float64)

    @cached_property
    def _rough(self) -> FloatArray:
        # A weekday the shop never opens has no effect to know; nobody is promised that day anyway.
        return self._local_median + np.nan_to_num(self.weekday_effect)[self.weekday]


class Method(Protocol):
    """The one shape of every candidate.

    `needs_days` is how many days with sales it must have to be fitted on. `predict` answers the expected
    values of the `horizon` days after the history, in the target's unit, shape (horizon,).
    """

    name: str
    needs_days: int

    def fit(self, history: History) -> Self:
        """Learn from a history; returns self."""
        ...

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Forecast the days after a history with what was learnt."""
        ...


class SeasonalNaive:
    """The same weekday of the last week that had it: the yardstick, never the promise."""

    name = "seasonal_naive"
    needs_days = 1

    def fit(self, history: History) -> Self:
        """Nothing to learn."""
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Repeat the last value of each weekday."""
        last = np.array([_last(history.values[history.weekday == number]) for number in range(WEEK)])
        last = np.where(np.isnan(last), _mean(history.values[-28:]), last)
        return last[_ahead(history, horizon)]


class WeekdayMean:
    """Mean of the same weekday over the last weeks.

    Parameters
    ----------
    weeks : int
        How many weeks back the mean reaches.
    """

    name = "weekday_mean"
    needs_days = 3

    def __init__(self, weeks: int = 8) -> None:
        self.weeks = weeks

    def fit(self, history: History) -> Self:
        """Nothing to learn."""
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Average each weekday; weekdays not seen get the mean of all days."""
        span = self.weeks * WEEK
        values = np.exp(history.clean[-span:])
        weekday = history.weekday[-span:]
        means = np.array([_mean(values[weekday == number]) for number in range(WEEK)])
        means = np.where(np.isnan(means), _mean(values), means)
        return means[_ahead(history, horizon)]


class Smoothing:
    """Exponential smoothing of logs with an additive week (ETS A,N,A).

    Attributes
    ----------
    level_, seasonal_ : float
        Smoothing weights with the smallest one-step error. They come from a small grid, not from
        an optimiser: same answer everywhere, no convergence to fear.
    """

    name = "ets"
    needs_days = 21
    _LEVELS = (0.01, 0.03, 0.06, 0.1, 0.2, 0.35)
    _SEASONALS = (0.005, 0.03, 0.1)

    def fit(self, history: History) -> Self:
        """Choose the two weights."""
        errors = {pair: self._smooth(history, *pair)[1] for pair in product(self._LEVELS, self._SEASONALS)}
        self.level_, self.seasonal_ = min(errors, key=lambda pair: (errors[pair], pair))
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Run the filter over the history and carry its state on."""
        return np.exp(self._smooth(history, self.level_, self.seasonal_, horizon)[0])

    def _smooth(
        self, history: History, level: float, seasonal: float, horizon: int = 1
    ) -> tuple[FloatArray, float]:
        from statsmodels.tsa.holtwinters import ExponentialSmoothing

        model = ExponentialSmoothing(
            history.filled[-YEAR:],
            seasonal="add",
            seasonal_periods=WEEK,
            initialization_method="heuristic",
        )
        fitted = model.fit(smoothing_level=level, smoothing_seasonal=seasonal, optimized=False)
        error = float(np.abs(fitted.resid[2 * WEEK :]).sum())
        return np.asarray(fitted.forecast(horizon), dtype=np.float64), error


class Theta:
    """The theta method on logs freed of their week: simple smoothing and half the line through all days.

    Written out here because statsmodels' own fits its weight by a state-space likelihood that is
    infinite for a shop without scatter.

    Attributes
    ----------
    alpha_ : float
        Smoothing weight with the smallest one-step error, from a small grid.
    """

    name = "theta"
    needs_days = 28
    _ALPHAS = (0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5)

    def fit(self, history: History) -> Self:
        """Choose the smoothing weight."""
        rest, _ = self._deseasonalised(history)
        errors = {
            alpha: float(np.abs(rest[1:] - _smoothed(rest, alpha)[:-1])[WEEK:].sum())
            for alpha in self._ALPHAS
        }
        self.alpha_ = min(errors, key=lambda alpha: (errors[alpha], alpha))
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Forecast the level and give the week back."""
        rest, effect = self._deseasonalised(history)
        level = _smoothed(rest, self.alpha_)[-1]
        slope = np.polynomial.polynomial.polyfit(np.arange(len(rest)), rest, 1)[1]
        lag = (1.0 - (1.0 - self.alpha_) ** len(rest)) / self.alpha_
        logs: FloatArray = level + slope / 2 * (np.arange(horizon) + lag) + effect[_ahead(history, horizon)]
        return np.exp(logs)

    def _deseasonalised(self, history: History) -> tuple[FloatArray, FloatArray]:
        """The last year's logs without their weekday, and the weekdays' effects."""
        effect: FloatArray = np.nan_to_num(history.weekday_effect)
        return (history.filled - effect[history.weekday])[-YEAR:], effect


class CalendarRidge:
    """Ridge on logs: calendar effects over a slow level, then the level's own next step.

    Each calendar column has a prior spread, so an effect seen twice is believed half and one
    seen fifty times wholly. What the calendar leaves is followed by three memories (5, 20 and
    90 days) and by what the level did a year ago; ridge weighs them.

    Attributes
    ----------
    effects_ : ndarray of shape (columns,)
        Effect of each calendar column in logs.
    weights_ : ndarray
        Weights of the level's features.
    """

    name = "ridge"
    needs_days = 28
    _HALF_LIVES = (5.0, 20.0, 90.0)
    _LEVEL_SPREAD = 0.3

    def fit(self, history: History) -> Self:
        """Learn the calendar's effects, then the weights of the level's memories."""
        start = max(0, len(history) - _LONGEST_MEMORY)
        self.effects_ = _calendar_effects(history, start)
        self.weights_ = self._fit_level(history, start)
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Carry the level on and put the calendar of each day over it."""
        rest, effects = self.split(history)
        _, level = self.level_ahead(rest, np.array([len(rest) - 1]), np.arange(1, horizon + 1))
        logs: FloatArray = level[0] + effects[len(history) : len(history) + horizon]
        return np.exp(logs)

    def centred_effects(self, history: History) -> FloatArray:
        """Effects with the weekdays' measured from the mean of the weekdays the shop opens."""
        effects = self.effects_.copy()
        is_weekday = np.array([code == "weekday" for code, _ in history.calendar.names])
        is_open = np.array([bool((~np.isnan(history.logs[history.weekday == n])).any()) for n in range(WEEK)])
        effects[is_weekday] -= effects[is_weekday][is_open].mean()
        return effects

    def trend(self, history: History, horizon: int) -> FloatArray:
        """How far (in logs) the level ahead lies from that of the last three months."""
        rest, _ = self.split(history)
        _, level = self.level_ahead(rest, np.array([len(rest) - 1]), np.arange(1, horizon + 1))
        distance: FloatArray = level[0] - _mean(rest[-13 * WEEK :])
        return distance

    def split(self, history: History) -> tuple[FloatArray, FloatArray]:
        """Logs freed of the calendar, shape (days,), and the calendar's part of every day it knows."""
        effects = history.calendar.effects @ self.effects_
        return history.clean - effects[: len(history)], effects

    def level_ahead(
        self, rest: FloatArray, origins: NDArray[np.int64], horizons: NDArray[np.int64]
    ) -> tuple[FloatArray, FloatArray]:
        """Features (origins, horizons, k) of the level's next step, and the level expected there."""
        features, base = self._level_features(rest, origins, horizons)
        return features, base + features @ self.weights_

    def _fit_level(self, history: History, start: int) -> FloatArray:
        rest = self.split(history)[0][start:]
        horizons = np.arange(1, min(2 * WEEK, len(rest) // 2) + 1)
        origins = np.arange(min(2 * WEEK, len(rest) // 2), len(rest) - 1)
        features, base = self._level_features(rest, origins, horizons)
        ahead = origins[:, None] + horizons
        target = rest[np.minimum(ahead, len(rest) - 1)] - base
        known = (ahead < len(rest)) & ~np.isnan(target)
        # Neighbouring origins tell the same story: count each week once, not every pair.
        return _ridge(features[known], target[known], self._LEVEL_SPREAD, discount=1 / (2 * WEEK))

    def _level_features(
        self, rest: FloatArray, origins: NDArray[np.int64], horizons: NDArray[np.int64]
    ) -> tuple[FloatArray, FloatArray]:
        """Features (origins, horizons, k) of the level's next step, and the level (origins, horizons)."""
        series = pd.Series(rest)
        memories = [np.asarray(series.ewm(halflife=half).mean()) for half in self._HALF_LIVES]
        ones = np.ones((len(origins), len(horizons)))
        fast, base, slow = (memory[origins][:, None] * ones for memory in memories)
        far = horizons[None, :] / (2 * WEEK) * ones
        recent, long_past = fast - base, slow - base
        year = _year_ago(rest, origins, horizons)
        return np.stack([recent, long_past, year, recent * far, long_past * far, far], axis=-1), base


class Boosting:
    """Gradient boosting (L1 loss) on what the ridge leaves: habits that are no sum of calendar effects.

    The ridge carries growth and level, so the trees never have to reach beyond what they have seen.
    They are small and few: a shop's days are mostly scatter, and deep trees learn that by heart.

    Parameters
    ----------
    rounds : int
        Trees grown. Early stopping was tried: on so few independent weeks it stops at random.
    random_state : int
        Seed of the rows drawn.

    Attributes
    ----------
    ridge_ : CalendarRidge
        What the trees correct.
    model_ : HistGradientBoostingRegressor
        The trees.
    """

    name = "boosting"
    needs_days = 90
    _ROWS = 6000
    _CALENDAR = ("weekday", "days_since_payroll", "days_to_payroll", "week_of_month", "is_holiday", "is_eve")

    def __init__(self, rounds: int = 90, random_state: int = 0) -> None:
        self.rounds = rounds
        self.random_state = random_state

    def fit(self, history: History) -> Self:
        """Grow the trees on past origins and horizons, drawn down to a few thousand rows."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        self.ridge_ = CalendarRidge().fit(history)
        first = max(4 * WEEK, len(history) - _LONGEST_MEMORY)
        origins = np.arange(first, len(history) - 1)
        features, base, ahead = self._rows(history, origins, np.arange(1, 4 * WEEK + 1))
        target = history.clean[np.minimum(ahead, len(history) - 1)] - base
        rows = np.flatnonzero(((ahead < len(history)) & ~np.isnan(target)).ravel())
        if len(rows) > self._ROWS:
            rng = np.random.default_rng(self.random_state)
            rows = np.sort(rng.choice(rows, self._ROWS, replace=False))
        self.model_ = HistGradientBoostingRegressor(
            loss="absolute_error",
            learning_rate=0.03,
            max_iter=self.rounds,
            max_leaf_nodes=6,
            min_samples_leaf=int(np.clip(len(rows) // 20, 20, 200)),
            l2_regularization=50.0,
            early_stopping=False,
            random_state=self.random_state,
        )
        with _one_thread():
            self.model_.fit(features[rows], target.ravel()[rows])
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """The ridge's forecast, corrected by the trees."""
        features, base, _ = self._rows(history, np.array([len(history) - 1]), np.arange(1, horizon + 1))
        with _one_thread():
            logs: FloatArray = base[0] + self.model_.predict(features)
        return np.exp(logs)

    def _rows(
        self, history: History, origins: NDArray[np.int64], horizons: NDArray[np.int64]
    ) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
        """Features (origins * horizons, k), the ridge's logs (origins, horizons) and the days meant (same)."""
        rest, effects = self.ridge_.split(history)
        memory, level = self.ridge_.level_ahead(rest, origins, horizons)
        ahead = origins[:, None] + horizons[None, :]
        frame = history.calendar.frame
        parts = [memory[..., 0], memory[..., 1], memory[..., 2], np.broadcast_to(horizons, ahead.shape)]
        parts += [lag - level for lag in _weekday_lags(rest, origins, horizons)]
        parts += [frame[column].to_numpy(dtype=np.float64)[ahead] for column in self._CALENDAR]
        angle = 2 * np.pi * (history.calendar.first + ahead) / 365.25
        parts += [np.sin(angle), np.cos(angle)]
        return np.stack(parts, axis=-1).reshape(ahead.size, -1), level + effects[ahead], ahead


CANDIDATES: tuple[type[Method], ...] = (
    SeasonalNaive,
    WeekdayMean,
    Smoothing,
    Theta,
    CalendarRidge,
    Boosting,
)


def _calendar_effects(history: History, start: int) -> FloatArray:
    """Ridge effects (in logs) of the calendar's columns over a slow level; shape (columns,)."""
    logs = history.clean[start:]
    design = history.calendar.effects[start : len(history)]
    known = ~np.isnan(logs)
    effects: FloatArray = np.zeros(design.shape[1])
    sigma = 0.3
    for _ in range(4):
        level = _smooth_level(logs - design @ effects)
        target = logs - level
        penalty = np.diag((sigma / history.calendar.spread) ** 2)
        rows = design[known]
        effects = _solve(rows.T @ rows + penalty, rows.T @ target[known])
        sigma = max(_robust_sigma(target - design @ effects), 0.02)
    return effects


def _smooth_level(rest: FloatArray, spread_days: float = 45.0) -> FloatArray:
    """Gaussian-weighted mean of the days around each day, gaps left out."""
    reach = int(3 * spread_days)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread_days) ** 2)
    known = ~np.isnan(rest)
    total = np.convolve(np.where(known, rest, 0.0), kernel)[reach:-reach]
    weight = np.convolve(known.astype(np.float64), kernel)[reach:-reach]
    level: FloatArray = total / np.maximum(weight, 1e-12)
    return level


def _ridge(features: FloatArray, target: FloatArray, spread: float, discount: float) -> FloatArray:
    """Ridge weights with a common prior spread; `discount` is what one row counts."""
    if len(target) == 0:
        return np.zeros(features.shape[1])
    sigma = max(_robust_sigma(target), 0.02)
    penalty = np.eye(features.shape[1]) * (sigma / spread) ** 2 / discount
    return _solve(features.T @ features + penalty, features.T @ target)


def _solve(matrix: FloatArray, target: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.solve(matrix, target), dtype=np.float64)


def _smoothed(rest: FloatArray, alpha: float) -> FloatArray:
    """Simple exponential smoothing: the level after each day."""
    return np.asarray(pd.Series(rest).ewm(alpha=alpha, adjust=False).mean(), dtype=np.float64)


def _year_ago(rest: FloatArray, origins: NDArray[np.int64], horizons: NDArray[np.int64]) -> FloatArray:
    """How the level moved a year ago between the same two days; 0 where nobody knows."""
    level = np.asarray(pd.Series(rest).rolling(21, center=True, min_periods=10).mean())
    before = origins[:, None] - YEAR + 0 * horizons[None, :]
    after = before + horizons[None, :]
    moved = level[np.maximum(after, 0)] - level[np.maximum(before, 0)]
    return np.where(before >= 0, np.nan_to_num(moved), 0.0)


def _weekday_lags(
    clean: FloatArray, origins: NDArray[np.int64], horizons: NDArray[np.int64]
) -> list[FloatArray]:
    """The last same weekday known at each origin, and the mean of the last four."""
    weeks = (horizons + WEEK - 1) // WEEK * WEEK
    last = origins[:, None] + horizons[None, :] - weeks[None, :]
    lags = np.stack([clean[np.maximum(last - WEEK * back, 0)] for back in range(4)])
    known = ~np.isnan(lags)
    total = np.where(known, lags, 0.0).sum(axis=0)
    mean = np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)
    return [lags[0], mean]


def _one_thread() -> AbstractContextManager[object]:
    """Keep OpenMP to one thread: for so few rows more threads only wait for each other."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    # Without it scikit-learn starts another program to count the machine's cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    limits: AbstractContextManager[object] = threadpool_limits(limits=1)
    return limits


def _ahead(history: History, horizon: int) -> NDArray[np.int64]:
    """Weekdays of the days after a history."""
    return history.calendar.weekday[len(history) : len(history) + horizon]


def _robust_sigma(rest: FloatArray) -> float:
    """Standard deviation as the median distance tells it, deaf to outliers."""
    known = rest[~np.isnan(rest)]
    if len(known) == 0:
        return 0.0
    return float(1.4826 * np.median(np.abs(known - np.median(known))))


def _median(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _mean(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _last(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(known[-1]) if len(known) else float("nan")


def load_libraries() -> None:
    """Import what the methods need, so that the first forecast need not wait for it."""
    import sklearn.ensemble  # noqa: F401
    import statsmodels.tsa.holtwinters  # noqa: F401
    import threadpoolctl  # noqa: F401
