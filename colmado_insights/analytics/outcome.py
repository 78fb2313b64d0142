"""What followed an advice, against what the same thing did before, beside the rest of the shop.

References
----------
K. H. Brodersen and others, "Inferring causal impact using Bayesian structural time-series models", Annals of
Applied Statistics 9, 2015: the idea of a counterfactual from what was not touched.
A. Abadie, A. Diamond, J. Hainmueller, "Synthetic control methods for comparative case studies", J. of the American
Statistical Association 105, 2010: placebos in place of assumptions about the noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import AdviceOutcome, Estimate, Outcome
from colmado_insights.domain import DAILY_COLUMNS, Reason, day_number

MEASURE_COLUMNS: dict[str, str] = {
    "day": "int64",
    "cents": "int64",  # what is judged: profit, or revenue where no cost is known
    "revenue_cents": "int64",  # its part of what the shop sold
}
"""One row a day on which something of what an advice is about was sold or came back."""

JUDGED_DAYS = 14
BEFORE_DAYS = 28
"""The level from which is judged: four weeks, so that every weekday counts alike."""
HISTORY_DAYS = 364
LEAST_PLACEBOS = 3
"""Stretches of before that do not overlap; fewer cannot tell how much such sums waver by themselves."""
NEEDED_DAYS = BEFORE_DAYS + LEAST_PLACEBOS * JUDGED_DAYS
LEAST_OPEN = 7

_WEEK = 7
_SLOPE, _SLOPE_SPREAD = 1.0, 0.5
"""Before its own days say otherwise, a part follows the rest of the shop one to one, give or take a half."""
_ROUNDS = 3
_LEAST_VARIANCE = 1e-6
_USUAL_DAYS = 2.0
"""Sales of what did not sell at all are a success from so many of its usual days on."""

FloatArray = NDArray[np.float64]


def compute_outcome(
    measure: pd.DataFrame | None,
    shop: pd.DataFrame,
    *,
    taken: date,
    until: date,
    promised_cents: int | None = None,
) -> AdviceOutcome:
    """Compare the 14 days after an advice with what was to be expected without it.

    Parameters
    ----------
    measure : DataFrame or None
        Columns of MEASURE_COLUMNS of what the advice is about; None where nothing shows whether it helped.
    shop : DataFrame
        Columns of DAILY_COLUMNS of the whole shop.
    taken : date
        Day of the answer; what is judged begins on the next.
    until : date
        Last complete day of data.
    promised_cents : int, optional
        What the advice promised for the 14 days.

    Returns
    -------
    AdviceOutcome
        BETTER or WORSE only where the difference is beyond what stretches of 14 days differed by themselves
        (95 %); intervals hold 80 %. UNKNOWN where nothing can be measured.

    Assumes
    -------
    Without the advice the measure would have kept its level of the last 28 days, moved as far by the rest of
    the shop as such stretches were before (a regression with a prior of moving alike, whose doubt widens
    what is expected where the shop moved far), up to an error like that of the placebos: the same sum at
    every earlier day of the last year. Two advices taken together for
    the same thing cannot be told apart.
    """
    check_frame(shop, DAILY_COLUMNS, "shop")
    if measure is not None:
        check_frame(measure, MEASURE_COLUMNS, "measure")
    start, last = day_number(taken) + 1, day_number(until)
    is_open = shop["day"].between(start, min(last, start + JUDGED_DAYS - 1)) & (shop["receipts"] > 0)
    days = int(shop.loc[is_open, "day"].nunique())
    verdict = _Verdict(days, until, promised_cents)
    if last < start + JUDGED_DAYS - 1:
        return verdict.without(Outcome.TOO_EARLY, Reason.of("outcome_too_early", days=JUDGED_DAYS))
    if measure is None:
        return verdict.without(Outcome.UNKNOWN, Reason.of("outcome_not_measurable"))
    if days < LEAST_OPEN:
        return verdict.without(Outcome.UNKNOWN, Reason.of("outcome_closed", days=days))
    sums = _Days.of(measure, shop, start)
    if sums is None:
        return verdict.without(Outcome.UNKNOWN, Reason.of("outcome_little_history", days=NEEDED_DAYS))
    if not sums.sold_before:
        return verdict.of_silent(sums)
    return verdict.of_windows(_Windows.of(sums), sums.actual)


@dataclass(frozen=True)
class _Days:
    """Days side by side up to the end of what is judged; each array has shape (days,), 0 where closed."""

    cents: FloatArray
    revenue: FloatArray
    rest: FloatArray  # of the shop
    weight: FloatArray  # what such a weekday usually is for the shop, 1 on average; 0 when closed

    @classmethod
    def of(cls, measure: pd.DataFrame, shop: pd.DataFrame, start: int) -> _Days | None:
        """None with too little before."""
        opened = shop.loc[(shop["receipts"] > 0) & (shop["day"] >= start - HISTORY_DAYS), "day"]
        if opened.empty or int(opened.min()) > start - NEEDED_DAYS:
            return None
        span = range(int(opened.min()), start + JUDGED_DAYS)
        cents, revenue = (
            _spread(measure.groupby("day")[name].sum(), span) for name in ("cents", "revenue_cents")
        )
        whole = _spread(shop.groupby("day")["revenue_cents"].sum(), span)
        is_open = _spread(shop.groupby("day")["receipts"].sum(), span) > 0
        return cls(cents, revenue, np.maximum(whole - revenue, 0.0), _weights(whole, is_open))

    @property
    def actual(self) -> float:
        """The sum of the days judged."""
        return float(self.cents[-JUDGED_DAYS:].sum())

    @property
    def sold_before(self) -> bool:
        """Whether anything sold in the four weeks before."""
        return bool(self.revenue[-JUDGED_DAYS - BEFORE_DAYS : -JUDGED_DAYS].sum() > 0)

    @property
    def usual_day(self) -> float:
        """Cents of a day on which it sold, before; 0 when it never did."""
        before = self.cents[:-JUDGED_DAYS]
        return float(np.median(before[before > 0])) if (before > 0).any() else 0.0


def _spread(values: pd.Series, span: range) -> FloatArray:
    filled: FloatArray = values.reindex(span, fill_value=0).to_numpy(np.float64)
    return filled


def _weights(whole: FloatArray, is_open: NDArray[np.bool_]) -> FloatArray:
    """Each day's part by its place in the week, learnt from the days before what is judged."""
    place = np.arange(len(whole)) % _WEEK
    before = is_open.copy()
    before[-JUDGED_DAYS:] = False
    count = np.bincount(place[before], minlength=_WEEK)
    mean = np.bincount(place[before], whole[before], minlength=_WEEK) / np.maximum(count, 1)
    usual = float(whole[before].mean())
    profile = np.where((count > 0) & (mean > 0), mean / usual, 1.0) if usual > 0 else np.ones(_WEEK)
    return np.asarray(profile[place] * is_open)


@dataclass(frozen=True)
class _Windows:
    """Each stretch of 14 days beside the 28 before it, the judged one last; arrays of shape (windows,).

    Errors are shares of what the measure was to sell, for a profit may be near nothing.
    """

    base: FloatArray  # cents, if the level had stayed
    scale: FloatArray  # revenue, if the level had stayed
    change: FloatArray  # of the measure against its base, as a share of the scale
    drift: FloatArray  # what moving with the rest of the shop makes, as a share of the scale

    @classmethod
    def of(cls, days: _Days) -> _Windows:
        weight_after, weight_before = _after(days.weight), _before(days.weight)
        is_used = (weight_after > 0) & (weight_before > 0) & (_before(days.revenue) > 0)
        is_used[-1] = True
        step = (weight_after / np.maximum(weight_before, 1e-9))[is_used]
        base, scale = (_before(days.cents)[is_used] * step, _before(days.revenue)[is_used] * step)
        rest_before, rest_after = _before(days.rest)[is_used] * step, _after(days.rest)[is_used]
        moved = np.where(rest_before > 0, rest_after / np.maximum(rest_before, 1e-9) - 1.0, 0.0)
        change = (_after(days.cents)[is_used] - base) / scale
        return cls(base, scale, change, moved * base / scale)

    def fit(self) -> _Fit:
        """How far the measure moves with the rest of the shop, and what its placebos are off by then."""
        change, drift = self.change[:-JUDGED_DAYS], self.drift[:-JUDGED_DAYS]
        slope = _SLOPE
        for _round in range(_ROUNDS):
            variance = max(float(((change - slope * drift) ** 2).mean()), _LEAST_VARIANCE)
            # Windows overlap: so many days of them are one of its own.
            told = float(drift @ drift) / JUDGED_DAYS / variance
            precision = told + 1 / _SLOPE_SPREAD**2
            pulled = float(drift @ change) / JUDGED_DAYS / variance
            slope = (pulled + _SLOPE / _SLOPE_SPREAD**2) / precision
        return _Fit(slope, precision**-0.5, change - slope * drift)


@dataclass(frozen=True)
class _Fit:
    """Slope on the rest of the shop with its standard error, and the errors of the placebos."""

    slope: float
    doubt: float
    placebos: FloatArray


def _before(values: FloatArray) -> FloatArray:
    """Sums of the 28 days up to each window."""
    sums = np.append(0.0, np.cumsum(values))
    return np.asarray(sums[BEFORE_DAYS:-JUDGED_DAYS] - sums[: -JUDGED_DAYS - BEFORE_DAYS])


def _after(values: FloatArray) -> FloatArray:
    """Sums of the 14 days of each window."""
    sums = np.append(0.0, np.cumsum(values))
    return np.asarray(sums[BEFORE_DAYS + JUDGED_DAYS :] - sums[BEFORE_DAYS:-JUDGED_DAYS])


@dataclass(frozen=True)
class _Verdict:
    """What every outcome tells, and the ways to reach one."""

    days: int
    until: date
    promised_cents: int | None

    def without(self, outcome: Outcome, reason: Reason) -> AdviceOutcome:
        """An outcome without numbers."""
        return AdviceOutcome(outcome, None, None, None, self.promised_cents, self.days, self.until, (reason,))

    def of_silent(self, days: _Days) -> AdviceOutcome:
        """What did not sell for four weeks is expected not to; one sale may always happen."""
        usual, actual = days.usual_day, days.actual
        is_better = usual > 0 and actual >= _USUAL_DAYS * usual
        outcome = Outcome.BETTER if is_better else Outcome.AS_BEFORE
        reasons = (_told(outcome, actual, 0.0), Reason.of("outcome_was_silent", days=BEFORE_DAYS))
        return self._with(outcome, Estimate(0.0, 0.0, usual), actual, reasons)

    def of_windows(self, windows: _Windows, actual: float) -> AdviceOutcome:
        """The judged stretch against its expectation, with the scatter of those that ended before it."""
        from scipy.special import ndtri, stdtrit

        freedom = (len(windows.change) - JUDGED_DAYS) / JUDGED_DAYS
        if freedom < LEAST_PLACEBOS - 1:
            return self.without(Outcome.UNKNOWN, Reason.of("outcome_little_history", days=NEEDED_DAYS))
        fit = windows.fit()
        scale, drift = float(windows.scale[-1]), float(windows.drift[-1])
        expected = float(windows.base[-1]) + fit.slope * drift * scale
        sizes, doubt = np.abs(fit.placebos), fit.doubt * drift

        def reach(share: float) -> float:
            """How far the sum strays in that share of stretches; few of them, or doubt of the slope, widen it."""
            normal = float(ndtri((1 + share) / 2))
            few = float(stdtrit(freedom, (1 + share) / 2)) / normal
            return few * float(np.hypot(np.quantile(sizes, share), normal * doubt)) * scale

        half, noise = reach(0.80), reach(0.95)
        difference = actual - expected
        outcome = Outcome.AS_BEFORE
        if abs(difference) > noise:
            outcome = Outcome.BETTER if difference > 0 else Outcome.WORSE
        reasons = (
            _told(outcome, difference, expected),
            Reason.of("outcome_placebos", count=len(fit.placebos)),
        )
        return self._with(outcome, Estimate(expected, expected - half, expected + half), actual, reasons)

    def _with(
        self, outcome: Outcome, expected: Estimate, actual: float, reasons: tuple[Reason, ...]
    ) -> AdviceOutcome:
        change = Estimate(actual - expected.mean, actual - expected.hi, actual - expected.lo)
        return AdviceOutcome(
            outcome, expected, actual, change, self.promised_cents, self.days, self.until, reasons
        )


def _told(outcome: Outcome, difference: float, expected: float) -> Reason:
    if outcome is Outcome.AS_BEFORE:
        return Reason.of("outcome_as_before")
    code = "outcome_better" if outcome is Outcome.BETTER else "outcome_worse"
    return Reason.of(code, cents=round(abs(difference)), expected_cents=round(expected))
