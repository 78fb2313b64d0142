"""What each kind of day does to a shop's sales, learnt all at once from its own days, with honest doubt.

References
----------
C. E. Rasmussen, C. K. I. Williams, "Gaussian Processes for Machine Learning", 2006, section 2.7 and 5.4
(linear effects with a prior, their posterior, and the choice of the prior by marginal likelihood).
K. L. Lange, R. J. A. Little, J. M. G. Taylor, "Robust statistical modeling using the t distribution",
Journal of the American Statistical Association 84, 1989 (weights that let wild days teach little).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.dominican_days import HOLIDAYS, OCCASIONS, OTHER_HOLIDAY, DominicanDays
from colmado_insights.analytics.history import OCCASION_PRIOR
from colmado_insights.domain import PAY_PHASES, PayPhase, Target, day_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Name = tuple[str, str]

WEEK = 7
PAY_OFFSETS = tuple(range(-7, 15))
"""Days from the nearest pay day that are told apart; negative before it."""

BASKET_FLOOR = 1.5
"""Relative variance of what one receipt adds to a day's money: purchases scatter by 0.7 of their mean."""

TARGET_COLUMN = {Target.REVENUE: "revenue_cents", Target.RECEIPTS: "receipts", Target.UNITS: "units_milli"}
"""Where each target stands in a frame with DAILY_COLUMNS."""

_HOLIDAY_PRIOR = {"viernes_santo": -0.25, "navidad": -0.2, "ano_nuevo": -0.2}
_PAYDAY_PRIOR = 0.08
_DRIFTS = (0.003, 0.008, 0.02, 0.04, 0.08)
"""How far (in logs) the level may wander in a week, tried in turn."""
_FIRST_LEVEL_SPREAD = 3.0
_STUDENT_DF = 5.0
_ROUNDS = 6
_LARGEST_STEP = 1.5  # in logs; a first guess far off must not overshoot
_USUAL_SCATTER = 0.15
_SCATTER_WORTH = 8.0
"""A shop nobody knows scatters so much beyond chance, and that is believed like so many days."""


@dataclass(frozen=True)
class Columns:
    """Effects to learn: a column of 0 and 1 a kind of day, and how large such an effect usually is.

    `matrix` has shape (days, columns); `names[j]` is (code, id); `prior[j]` and `spread[j]` are mean
    and standard deviation, in logs, of what is thought of column j before any sale is seen.
    """

    matrix: FloatArray
    names: tuple[Name, ...]
    prior: FloatArray
    spread: FloatArray

    def codes(self, *wanted: str) -> BoolArray:
        """Which columns have one of these codes."""
        return np.array([code in wanted for code, _ in self.names])


def lay_out(frame: pd.DataFrame, *, boldness: float = 1.0) -> Columns:
    """Lay out the calendar of some days (rows of `DominicanDays.frame`) as columns of effects.

    `boldness` scales what is thought beforehand: money a visit moves less with the calendar than visits do.
    """
    columns: list[tuple[str, str, float, float, BoolArray]] = []
    weekday = frame["weekday"].to_numpy()
    columns += [("weekday", str(number), 0.0, 0.3, weekday == number) for number in range(WEEK)]
    phase = frame["pay_phase"].to_numpy()
    is_payday = phase == PAY_PHASES.index(PayPhase.PAYDAY)
    columns.append(("payday", "", _PAYDAY_PRIOR, 0.15, is_payday))
    # A pay day on a Friday is more, or less, than a pay day and a Friday.
    columns += [("payday", str(number), 0.0, 0.06, is_payday & (weekday == number)) for number in range(WEEK)]
    columns.append(("before_payday", "", 0.0, 0.1, phase == PAY_PHASES.index(PayPhase.BEFORE)))
    offset = pay_offset(frame)
    columns += [("pay", str(number), 0.0, 0.06, offset == number) for number in PAY_OFFSETS]
    holiday, occasion = frame["holiday"].to_numpy(), frame["occasion"].to_numpy()
    columns.append(("holiday", "", 0.0, 0.12, holiday != ""))
    columns += [
        ("holiday", name, _HOLIDAY_PRIOR.get(name, 0.0), 0.15, holiday == name)
        for name in (*HOLIDAYS, OTHER_HOLIDAY)
    ]
    columns.append(("eve", "", 0.04, 0.12, frame["is_eve"].to_numpy(dtype=bool)))
    columns += [
        ("occasion", name, OCCASION_PRIOR.get(name, 0.0), 0.15, occasion == name) for name in OCCASIONS
    ]
    months = np.array([day_of(number).month for number in frame["day"].tolist()])
    columns.append(("december", "", 0.03, 0.1, months == 12))
    return Columns(
        matrix=np.column_stack([rows for *_, rows in columns]).astype(np.float64),
        names=tuple((code, name) for code, name, *_ in columns),
        prior=boldness * np.array([prior for _, _, prior, *_ in columns]),
        spread=boldness * np.array([spread for _, _, _, spread, _ in columns]),
    )


def pay_offset(frame: pd.DataFrame) -> IntArray:
    """Days from the nearest pay day of each row, negative before it; between two, the one gone by."""
    since = frame["days_since_payroll"].to_numpy(dtype=np.int64)
    ahead = frame["days_to_payroll"].to_numpy(dtype=np.int64)
    return np.where(since <= ahead, since, -ahead)


@dataclass(frozen=True)
class PastDays:
    """The days to learn from, oldest first: what each brought, and how far counting alone would scatter it.

    `values` has shape (days,), cents, receipts or whole units; `receipts_each` is how many receipts one unit
    of value stands for, and `floor` the relative variance that one receipt adds.
    """

    numbers: IntArray
    values: FloatArray
    receipts_each: float
    floor: float

    @classmethod
    def of(cls, daily: pd.DataFrame, target: Target) -> PastDays:
        """Take one target from rows of DAILY_COLUMNS."""
        daily = daily.sort_values("day")
        numbers = daily["day"].to_numpy()
        values = daily[TARGET_COLUMN[target]].to_numpy(dtype=np.float64) / (
            1000 if target is Target.UNITS else 1
        )
        if target is Target.RECEIPTS:
            return cls(numbers, values, 1.0, 1.0)
        total = float(values.sum())
        return cls(numbers, values, float(daily["receipts"].sum()) / (total or 1.0), BASKET_FLOOR)

    def calendar(self, days: DominicanDays) -> pd.DataFrame:
        """The calendar of these days."""
        frame = days.frame(day_of(self.numbers[0]), day_of(self.numbers[-1]))
        return pd.DataFrame(frame.iloc[self.numbers - self.numbers[0]]).reset_index(drop=True)

    def fit(self, columns: Columns) -> Effects:
        """Effects learnt from these days."""
        return Effects(self.floor).fit(self.numbers, self.values, columns, self.receipts_each)


@dataclass(frozen=True)
class Noise:
    """How far days lie apart by chance: (relative variance) = excess² + floor / receipts of the day."""

    excess: float
    floor: float

    def variance(self, receipts: FloatArray) -> FloatArray:
        """Relative variance of days with so many receipts expected."""
        return np.asarray(self.excess**2 + self.floor / np.maximum(receipts, 0.5), dtype=np.float64)


class Effects:
    """Values a day = level × effects of its calendar × chance; level wanders, effects stay.

    The level is a line through knots a week apart that walks at random; effects have a prior each, so that
    one seen once is believed a little and one seen fifty times wholly. Values may be zero or negative (a day
    of refunds): the fit is by ratios to what is expected, not by logarithms of what came. Wild days, such
    as those of a power cut, weigh little (Student's t).

    Parameters
    ----------
    floor : float
        Variance of one receipt's part in the day: 1 for counts (Poisson), more for money.

    Attributes
    ----------
    level_, beta_ : ndarray
        Log level at the knots; effects of the columns, in logs.
    covariance_ : ndarray
        Of (level_, beta_), jointly.
    drift_ : float
        Spread of the level's walk a week, in logs.
    noise_ : Noise
        Scatter of days around what is expected of them.
    residuals_ : ndarray
        One a day learnt from: relative distance to what was expected, in units of its own spread, as if
        the day had not been learnt from.
    """

    def __init__(self, floor: float = 1.0) -> None:
        self.floor = floor

    def fit(
        self, numbers: IntArray, values: FloatArray, columns: Columns, receipts_each: FloatArray | float
    ) -> Effects:
        """Learn from days.

        Parameters
        ----------
        numbers : ndarray of int, shape (n,)
            Day numbers, ascending; days that are missing were closed.
        values : ndarray, shape (n,)
            What each day brought, at least one above 0.
        columns : Columns
            Of the same days.
        receipts_each : ndarray or float
            Receipts that one unit of value stands for, or the receipts of each day.
        """
        self.last_day_ = int(numbers[-1])
        self.columns_ = columns
        self.scale_ = _middle(values)
        self.first_knot_ = self.last_day_ - WEEK * -(-(self.last_day_ - int(numbers[0])) // WEEK)
        rows = np.hstack([self._level_rows(numbers), columns.matrix])
        self._fit(rows, np.asarray(values / self.scale_, dtype=np.float64), receipts_each)
        self.numbers_ = numbers
        return self

    def _fit(self, rows: FloatArray, values: FloatArray, receipts_each: FloatArray | float) -> None:
        self.drift_ = _DRIFTS[2]
        noise = Noise(_USUAL_SCATTER, self.floor)
        beta = self._mean(rows.shape[1])
        weight = np.ones(len(values))
        for turn in range(_ROUNDS):
            expected = np.exp(rows @ beta)
            variance = noise.variance(self._receipts(expected, receipts_each))
            ratio = np.clip((values - expected) / expected, -_LARGEST_STEP, _LARGEST_STEP)
            weight = (_STUDENT_DF + 1) / (_STUDENT_DF + ratio**2 / variance) if turn else weight
            precision = weight / variance
            target = rows @ beta + ratio
            gram, moment = (rows.T * precision) @ rows, (rows.T * precision) @ target
            if turn == _ROUNDS // 2:
                self.drift_ = self._choose_drift(rows, target, precision, gram, moment)
            prior, centre = self._precision(rows.shape[1]), self._mean(rows.shape[1])
            covariance = np.linalg.inv(gram + prior)
            beta = covariance @ (moment + prior @ centre)
            expected = np.exp(rows @ beta)
            leverage = np.clip(precision * ((rows @ covariance) * rows).sum(axis=1), 0.0, 0.9)
            rest = (values / expected - 1) / np.sqrt(1 - leverage)
            receipts = self._receipts(expected, receipts_each)
            noise = self._learn_noise(rest, receipts)
        knots = rows.shape[1] - len(self.columns_.names)
        self.level_, self.beta_, self.covariance_, self.noise_ = beta[:knots], beta[knots:], covariance, noise
        self.residuals_ = rest / np.sqrt(noise.variance(receipts))
        self.receipts_each_ = receipts_each if isinstance(receipts_each, float) else 0.0

    def _receipts(self, expected: FloatArray, receipts_each: FloatArray | float) -> FloatArray:
        if isinstance(receipts_each, float):
            return np.asarray(expected * self.scale_ * receipts_each, dtype=np.float64)
        return receipts_each

    def _learn_noise(self, rest: FloatArray, receipts: FloatArray) -> Noise:
        """What scatter is left beyond chance, pulled towards that of an unknown shop when days are few."""
        seen = (1.4826 * float(np.median(np.abs(rest)))) ** 2 - float(
            np.mean(self.floor / np.maximum(receipts, 0.5))
        )
        n = len(rest)
        square = (n * max(seen, 0.0) + _SCATTER_WORTH * _USUAL_SCATTER**2) / (n + _SCATTER_WORTH)
        return Noise(square**0.5, self.floor)

    def _mean(self, size: int) -> FloatArray:
        return np.concatenate([np.zeros(size - len(self.columns_.names)), self.columns_.prior])

    def _precision(self, size: int) -> FloatArray:
        """Inverse of the prior's covariance: a walk over the knots, each effect for itself."""
        knots = size - len(self.columns_.names)
        precision = np.zeros((size, size))
        step = 1.0 / self.drift_**2
        inner = np.arange(knots - 1)
        precision[inner, inner] += step
        precision[inner + 1, inner + 1] += step
        precision[inner, inner + 1] -= step
        precision[inner + 1, inner] -= step
        precision[0, 0] += 1.0 / _FIRST_LEVEL_SPREAD**2
        effects = np.arange(knots, size)
        precision[effects, effects] = 1.0 / self.columns_.spread**2
        return precision

    def _choose_drift(
        self,
        rows: FloatArray,
        target: FloatArray,
        precision: FloatArray,
        gram: FloatArray,
        moment: FloatArray,
    ) -> float:
        """How far the level walks in a week: root mean square over all tried, by how likely each makes the days."""
        size = rows.shape[1]
        steps = size - len(self.columns_.names) - 1
        evidence = {}
        for drift in _DRIFTS:
            self.drift_ = drift
            prior, centre = self._precision(size), self._mean(size)
            whole = gram + prior
            beta = np.linalg.solve(whole, moment + prior @ centre)
            off, rest = beta - centre, target - rows @ beta
            _sign, log_determinant = np.linalg.slogdet(whole)
            misfit = float((precision * rest**2).sum() + off @ prior @ off)
            evidence[drift] = -0.5 * (misfit + log_determinant) - steps * np.log(drift)
        best = max(evidence.values())
        weight = {drift: float(np.exp(likely - best)) for drift, likely in evidence.items()}
        square = sum(weight[drift] * drift**2 for drift in _DRIFTS) / sum(weight.values())
        return float(square**0.5)

    def _level_rows(self, numbers: IntArray) -> FloatArray:
        """How much each knot has in the level of each day: hats a week wide to both sides."""
        knots = (self.last_day_ - self.first_knot_) // WEEK + 1
        place = np.clip((numbers - self.first_knot_) / WEEK, 0, knots - 1)
        hats: FloatArray = np.clip(1 - np.abs(place[:, None] - np.arange(knots)), 0.0, None)
        return hats

    # ── what is expected ──

    def rows(self, numbers: IntArray, columns: Columns) -> FloatArray:
        """Days as rows of (level, effects), for `expect` and `doubt`; after the last day the level stays."""
        return np.hstack([self._level_rows(numbers), columns.matrix])

    def expect(self, rows: FloatArray) -> FloatArray:
        """What such days bring, shape (days,)."""
        logs = rows @ np.concatenate([self.level_, self.beta_])
        return np.asarray(self.scale_ * np.exp(logs), dtype=np.float64)

    def doubt(self, rows: FloatArray, numbers: IntArray) -> FloatArray:
        """Covariance, in logs, of what is expected of some days: (days, days).

        Beyond the last day learnt from, the level may have walked on.
        """
        ahead = np.maximum(numbers - self.last_day_, 0) / WEEK
        walked = self.drift_**2 * np.minimum(ahead[:, None], ahead[None, :])
        return np.asarray(rows @ self.covariance_ @ rows.T + walked, dtype=np.float64)


def _middle(values: FloatArray) -> float:
    """A size to measure by: the median of what is above nothing."""
    return float(np.median(values[values > 0]))
