"""A shop's days as forecasts see them: one number a day, gaps where nothing was sold, and the calendar beside.

What is wild or cut short is told apart here, once, so that no method has to.

References
----------
E. B. Wilson, M. M. Hilferty, "The distribution of chi-square", Proc. of the National Academy of Sciences
17, 1931 (cube roots of gamma-like amounts are nearly normal).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.dominican_days import HOLIDAYS, OCCASIONS, OTHER_HOLIDAY, DominicanDays
from colmado_insights.domain import PAY_PHASES, PayPhase, day_of

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
WEEK = 7
YEAR = 364
"""A year of whole weeks, so that a day's last year is the same weekday."""
_OUTLIER_SIGMAS = 3.5
_ROOT = 1 / 3
_LEAST_SCATTER = 0.1
"""In logs: whatever stays within a third of the usual day is no outlier, however regular the shop."""

OCCASION_PRIOR = {"nochebuena": 0.15, "new_years_eve": 0.15, "mothers_day": 0.1, "double_salary": 0.05}
"""What every colmado feels of an occasion, in logs."""
_OCCASION_SPREAD = {"back_to_school": 0.07, "semana_santa": 0.12, "double_salary": 0.12}
"""Those of a week or two move a day less than a feast does, and must not pass for a change of level."""


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
    prior: FloatArray

    @classmethod
    def of(cls, days: DominicanDays, first: int, last: int) -> Calendar:
        """Lay out the calendar from one day number to another, both included."""
        frame = days.frame(day_of(first), day_of(last))
        columns: list[tuple[str, str, float, float, NDArray[np.bool_]]] = []
        weekday = frame["weekday"].to_numpy(dtype=np.int64)
        for number in range(WEEK):
            columns.append(("weekday", str(number), 0.0, 0.5, weekday == number))
        phase = frame["pay_phase"].to_numpy()
        columns.append(("payday", "", 0.08, 0.2, phase == PAY_PHASES.index(PayPhase.PAYDAY)))
        columns.append(("before_payday", "", 0.0, 0.2, phase == PAY_PHASES.index(PayPhase.BEFORE)))
        since = frame["days_since_payroll"].to_numpy()
        for number in range(3):
            columns.append(("payday", str(number), 0.0, 0.1, since == number))
        holiday = frame["holiday"].to_numpy()
        columns.append(("holiday", "", 0.0, 0.2, holiday != ""))
        for name in (*HOLIDAYS, OTHER_HOLIDAY):
            columns.append(("holiday", name, 0.0, 0.2, holiday == name))
        is_eve = frame["is_eve"].to_numpy(dtype=bool)
        occasion = frame["occasion"].to_numpy()
        # Nochebuena is always an eve, and so is a Thursday of Semana Santa: feasts do not multiply.
        columns.append(("eve", "", 0.0, 0.2, is_eve & (occasion == "")))
        columns.append(("eve", "semana_santa", 0.0, 0.2, is_eve & (occasion == "semana_santa")))
        for name in OCCASIONS:
            prior, spread = OCCASION_PRIOR.get(name, 0.0), _OCCASION_SPREAD.get(name, 0.2)
            columns.append(("occasion", name, prior, spread, occasion == name))
        months = np.array([day_of(number).month for number in range(first, last + 1)])
        columns.append(("december", "", 0.0, 0.2, months == 12))
        return cls(
            first=first,
            weekday=weekday,
            effects=np.column_stack([column for *_, column in columns]).astype(np.float64),
            names=tuple((code, name) for code, name, *_ in columns),
            spread=np.array([spread for _, _, _, spread, _ in columns]),
            frame=frame,
            prior=np.array([prior for _, _, prior, _, _ in columns]),
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
        return self.around(self._rough)

    def around(self, expected: FloatArray) -> FloatArray:
        """Logarithms with days that lie wildly off what was expected (logs, one a day) pulled in towards it."""
        # Cube roots make counts and sums of few receipts lie evenly around their middle, where logs
        # stretch the bad days: a tiny shop was promised a sixth too little.
        rest = np.expm1((self.logs - expected) * _ROOT) / _ROOT
        sigma = max(robust_sigma(rest), _LEAST_SCATTER)
        pulled: FloatArray = expected + np.clip(rest, -_OUTLIER_SIGMAS * sigma, _OUTLIER_SIGMAS * sigma)
        return pulled

    def level_around(self, effects: FloatArray) -> FloatArray:
        """Middle of the five weeks around each day of logs freed of some effects (days,)."""
        rest = self.logs - effects
        medians = pd.Series(rest).rolling(35, center=True, min_periods=3).median()
        # A shop that opens once a month has never three days in five weeks.
        return np.asarray(medians.ffill().bfill().fillna(median_of(rest)), dtype=np.float64)

    @cached_property
    def filled(self) -> FloatArray:
        """`clean` without gaps: days without sales get what their weekday and the weeks around say."""
        return np.where(np.isnan(self.clean), self._rough, self.clean)

    @cached_property
    def weekday_effect(self) -> FloatArray:
        """Median distance in logs of each weekday to the weeks around it; shape (7,)."""
        rest = self.logs - self._local_median
        return np.array([median_of(rest[(self.weekday == number)][-26:]) for number in range(WEEK)])

    @cached_property
    def _local_median(self) -> FloatArray:
        return self.level_around(np.zeros(len(self)))

    @cached_property
    def _rough(self) -> FloatArray:
        # A weekday the shop never opens has no effect to know; nobody is promised that day anyway.
        return self._local_median + np.nan_to_num(self.weekday_effect)[self.weekday]


def weekdays_ahead(history: History, horizon: int) -> NDArray[np.int64]:
    """Weekdays of the days after a history."""
    return history.calendar.weekday[len(history) : len(history) + horizon]


def robust_sigma(rest: FloatArray) -> float:
    """Standard deviation as the median distance tells it, deaf to outliers."""
    known = rest[~np.isnan(rest)]
    if len(known) == 0:
        return 0.0
    return float(1.4826 * np.median(np.abs(known - np.median(known))))


def median_of(values: FloatArray) -> float:
    """Median of what is known; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")


def mean_of(values: FloatArray) -> float:
    """Mean of what is known; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def last_of(values: FloatArray) -> float:
    """The last that is known; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(known[-1]) if len(known) else float("nan")
