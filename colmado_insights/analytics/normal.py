"""What is normal for a day, a stretch of days or the mean purchase: by weekday, pay phase and kind of holiday.

Every page compares with these. The rule of the verdict: a number is *more* or *less* than normal only when
it lies outside the band that holds 95 % of such days, so that an ordinary day is called different once in
twenty. The inner band (80 %) is for the eye.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.effects import (
    WEEK,
    Columns,
    Effects,
    FloatArray,
    IntArray,
    PastDays,
    lay_out,
)
from colmado_insights.analytics.results import Driver, Normal, NormalSpan, NotEnough, Usual, Verdict
from colmado_insights.domain import DAILY_COLUMNS, PAY_PHASES, PayPhase, Reason, Target, day_number, day_of

LEAST_DAYS = 3
"""With fewer days of sales than this nothing is normal."""
WINDOW_DAYS = 728
"""Days learnt from: holidays come once a year, and the level forgets by itself."""

_SAME_WEEKDAYS = 3
_JUDGED_DAYS = 364
_BORROWED_DAYS = 20.0
"""Until so many days are known, the shape of chance is half assumed (Student) and half the shop's own."""
_PURCHASE_FLOOR = 0.3
"""Least relative variance of one purchase; where purchases scatter more, the days themselves tell."""
_BASKET_BOLDNESS = 0.5
_OPENS_WEEKS = 8
_WILD = 4.0  # as far as one day may count in a mean
_WILDEST = 8.0  # and in the width of a sum
_CUT_SHORT = 4.0  # so far below what was expected nobody sells without a power cut
_LEAST_SHAPE = 0.8
_NEW_DAYS = 1.05
"""Days to come lie a little further off than days left out: habits change slowly. Measured on simulated shops."""
_SPAN_DF = 30
_SHARES = (0.1, 0.9, 0.025, 0.975)
_GAUSS = {0.1: -1.2816, 0.9: 1.2816, 0.025: -1.96, 0.975: 1.96}


def judge(value: float | None, normal: Normal | None) -> Verdict:
    """Tell how a number stands to what is normal: different only outside the 95 % band."""
    if value is None or normal is None:
        return Verdict.UNKNOWN
    if value < normal.lo95:
        return Verdict.LESS
    return Verdict.MORE if value > normal.hi95 else Verdict.AS_USUAL


def judged(normal: Normal, value: float | None) -> Normal:
    """The same normal with the verdict on a number."""
    return replace(normal, verdict=judge(value, normal))


def as_usual(normal: Normal) -> Usual:
    """The mean and the 80 % band alone."""
    return Usual(normal.mean, normal.lo, normal.hi, normal.days)


def compute_normal(
    daily: pd.DataFrame, target: Target, day: date, days: DominicanDays, *, until: date | None = None
) -> Normal | NotEnough:
    """Compute what is normal for a day.

    Parameters
    ----------
    daily : DataFrame
        DAILY_COLUMNS, rows in any order.
    target : Target
        Revenue in cents, receipts as a count, or units (whole ones).
    day : date
        The day to be compared; whatever it sold is not looked at.
    days : DominicanDays
        The shop's calendar.
    until : date, optional
        Last day learnt from; the day before `day` unless said otherwise.

    Returns
    -------
    Normal or NotEnough
        With fewer than three days of this weekday, `like` is `normal_all_weekdays`; with fewer than three
        days of sales, `NotEnough`.

    Assumes
    -------
    Days without a row were closed, and say nothing about demand. Two years are looked at; their level
    wanders and forgets, weekday, pay phase and holidays stay what they are.

    References
    ----------
    See `effects`. The bands are quantiles of the days' own distances to what was expected of them, each
    measured as if the day had not been learnt from (J. Lei et al., "Distribution-free predictive inference
    for regression", Journal of the American Statistical Association 113, 2018), widened by what is not
    known of this day.
    """
    model = fit_normal(daily, target, days, until or day - timedelta(days=1))
    return model if isinstance(model, NotEnough) else model.day(day)


def compute_normal_span(
    daily: pd.DataFrame,
    target: Target,
    first: date,
    last: date,
    days: DominicanDays,
    *,
    until: date | None = None,
) -> Normal | NotEnough:
    """Compute what is normal for the sum of a stretch of days, both ends included.

    Parameters and references as in `compute_normal`; `until` is the day before `first` unless said
    otherwise. Days on which the shop usually stays shut add nothing. The band reckons with what the days
    of a stretch share: the doubt about the level, about the effects, and how far a good day follows a good day.
    """
    model = fit_normal(daily, target, days, until or first - timedelta(days=1))
    return model if isinstance(model, NotEnough) else model.span(first, last)


def compute_normal_basket(
    daily: pd.DataFrame,
    day: date,
    days: DominicanDays,
    *,
    receipts: int | None = None,
    until: date | None = None,
) -> Normal | NotEnough:
    """Compute the mean purchase (cents, refunds not counted) that is normal for a day.

    As `compute_normal`; the fewer `receipts` it is the mean of, the wider the band.
    """
    model = fit_normal_basket(daily, days, until or day - timedelta(days=1))
    return model if isinstance(model, NotEnough) else model.day(day, receipts)


def compare_span(daily: pd.DataFrame, first: date, last: date, days: DominicanDays) -> NormalSpan | NotEnough:
    """Judge what a stretch of whole days sold by what is normal for it, learnt from the days before.

    Parameters
    ----------
    daily : DataFrame
        DAILY_COLUMNS of the stretch and of the days before it.
    first, last : date
        Both included.
    days : DominicanDays
        The shop's calendar.

    Returns
    -------
    NormalSpan or NotEnough
        Each number with its verdict. The mean purchase is that of as many receipts as there were.
    """
    until = first - timedelta(days=1)
    models = {target: fit_normal(daily, target, days, until) for target in (Target.REVENUE, Target.RECEIPTS)}
    basket_model = fit_normal_basket(daily, days, until)
    receipts_model = models[Target.RECEIPTS]
    if isinstance(receipts_model, NotEnough):
        return receipts_model
    within = daily[(daily["day"] >= day_number(first)) & (daily["day"] <= day_number(last))]
    count = int(within["receipts"].sum())
    sums = {Target.REVENUE: float(within["revenue_cents"].sum()), Target.RECEIPTS: float(count)}
    found: dict[Target, Normal | None] = {}
    for target, model in models.items():
        found[target] = None
        if isinstance(model, NormalDays):
            found[target] = judged(model.span(first, last), sums[target])
    basket = None
    if isinstance(basket_model, NormalDays) and count:
        sold = float((within["revenue_cents"] + within["returns_cents"]).sum())
        weights = receipts_model.expect(first, last)[0]
        basket = judged(basket_model.mean(first, last, weights, count), sold / count)
    return NormalSpan(
        first=first,
        last=last,
        revenue=found[Target.REVENUE],
        receipts=found[Target.RECEIPTS],
        basket=basket,
        open_days=receipts_model.count_open(first, last),
        until=day_of(int(receipts_model.numbers_[-1])),
    )


def fit_normal(
    daily: pd.DataFrame, target: Target, days: DominicanDays, until: date
) -> NormalDays | NotEnough:
    """Learn what is normal from the days up to `until`; parameters as in `compute_normal`."""
    past = PastDays.of(_past(daily, until), target)
    have = len(past.numbers)
    if have < LEAST_DAYS or past.values.sum() <= 0:
        return NotEnough(LEAST_DAYS, min(have, LEAST_DAYS - 1), "days", until)
    return NormalDays(days, past.floor).fit(past.numbers, past.values, past.receipts_each)


def fit_normal_basket(daily: pd.DataFrame, days: DominicanDays, until: date) -> NormalDays | NotEnough:
    """Learn what mean purchase is normal from the days up to `until`."""
    past = _past(daily, until)
    past = past[past["receipts"] > 0]
    values = (past["revenue_cents"] + past["returns_cents"]) / past["receipts"]
    if len(past) < LEAST_DAYS or values.sum() <= 0:
        return NotEnough(LEAST_DAYS, min(len(past), LEAST_DAYS - 1), "days", until)
    receipts = past["receipts"].to_numpy(dtype=np.float64)
    model = NormalDays(days, _PURCHASE_FLOOR, boldness=_BASKET_BOLDNESS)
    return model.fit(past["day"].to_numpy(), values.to_numpy(dtype=np.float64), receipts)


def _past(daily: pd.DataFrame, until: date) -> pd.DataFrame:
    """The days learnt from, oldest first."""
    check_frame(daily, DAILY_COLUMNS, "daily")
    last = day_number(until)
    is_past = (daily["day"] <= last) & (daily["day"] > last - WINDOW_DAYS) & (daily["receipts"] > 0)
    return daily[is_past].sort_values("day")


@dataclass(frozen=True)
class Quantiles:
    """Of the days' distances to what was expected, in units of their own spread."""

    at: dict[float, float]
    mean: float
    wide: float  # standard deviation, wild days included: what counts in a sum
    shared: float  # part of the scatter that days of one week have in common

    def together(self, numbers: IntArray) -> FloatArray:
        """Correlation of the distances of some days: less with every day between, none beyond a week."""
        apart = np.abs(numbers[:, None] - numbers[None, :])
        near = self.shared * np.clip(1 - apart / WEEK, 0.0, None)
        return np.where(apart == 0, 1.0, near)

    @classmethod
    def of(cls, numbers: IntArray, residuals: FloatArray) -> Quantiles:
        """Half Student's and half the shop's own with few days, wholly its own with many."""
        recent = residuals[numbers > numbers[-1] - _JUDGED_DAYS]
        worth = len(recent) / (len(recent) + _BORROWED_DAYS)
        # A day cut short by a power cut is no measure of how low a normal day may be.
        calm = recent[recent > -_CUT_SHORT]
        own = dict(zip(_SHARES, np.quantile(calm, _SHARES).tolist(), strict=True))
        student = {share: _student(z, len(residuals) + 3) for share, z in _GAUSS.items()}
        return cls(
            at={
                share: _at_least(worth * own[share] + (1 - worth) * student[share], share)
                for share in _SHARES
            },
            mean=worth * float(np.clip(recent, -_WILD, _WILD).mean()),
            wide=1 + worth * (max(float(np.clip(recent, -_WILDEST, _WILDEST).std()), 1.0) - 1),
            shared=worth * _shared_in_a_week(numbers, np.clip(residuals, -_WILD, _WILD)),
        )

    def leaning(self, share: float) -> Quantiles:
        """The same, with so much of the scatter that of plain chance (Gauss)."""
        at = {part: (1 - share) * own + share * _GAUSS[part] for part, own in self.at.items()}
        return Quantiles(at, self.mean, self.wide, self.shared)


def _shared_in_a_week(numbers: IntArray, residuals: FloatArray) -> float:
    """How much days of one week have in common: a week without beer, a week of rain.

    For a part c in common that fades over a week, the correlations one to six days apart add up to 3 c.
    """
    square = float((residuals**2).mean())
    if len(numbers) < 2 * WEEK or square <= 0:
        return 0.0
    line = np.full(int(numbers[-1] - numbers[0]) + 1, np.nan)
    line[numbers - numbers[0]] = residuals
    products = [line[apart:] * line[:-apart] for apart in range(1, WEEK)]
    total = sum(float(np.nanmean(both)) for both in products if not np.isnan(both).all())
    return float(np.clip(total / square / 3, 0.0, 0.9))


def _at_least(z: float, share: float) -> float:
    """No shop is so regular that counting alone would not scatter it."""
    least = _LEAST_SHAPE * _GAUSS[share]
    return max(z, least) if least > 0 else min(z, least)


def _student(z: float, df: int) -> float:
    """Quantile of Student's t from the normal one (Hill's expansion; good to 1 % from 5 degrees on)."""
    return z + (z**3 + z) / (4 * df) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)


class NormalDays:
    """What is normal for the days of one shop: `day`, `days` and `span` after `fit`.

    Parameters
    ----------
    calendar : DominicanDays
        The shop's calendar.
    floor : float
        Variance that one receipt adds by chance; see `Effects`.
    boldness : float
        How far calendar effects may reach before any is seen, beside those of visits.

    Attributes
    ----------
    effects_ : Effects
        Level, effects and noise.
    numbers_ : ndarray of int
        Days learnt from.
    """

    def __init__(self, calendar: DominicanDays, floor: float, *, boldness: float = 1.0) -> None:
        self.calendar = calendar
        self.floor = floor
        self.boldness = boldness

    def fit(self, numbers: IntArray, values: FloatArray, receipts_each: FloatArray | float) -> NormalDays:
        """Learn from days in ascending order."""
        self.numbers_ = numbers
        self.frame_ = self.calendar.frame(day_of(numbers[0]), day_of(numbers[-1]))
        frame = self.frame_.iloc[numbers - numbers[0]]
        columns = lay_out(frame, boldness=self.boldness)
        self.effects_ = Effects(self.floor).fit(numbers, values, columns, receipts_each)
        self.quantiles_ = Quantiles.of(numbers, self.effects_.residuals_)
        self.receipts_ = (
            float(np.median(receipts_each[-_JUDGED_DAYS:])) if isinstance(receipts_each, np.ndarray) else None
        )
        return self

    def expect(self, first: date, last: date) -> tuple[FloatArray, FloatArray]:
        """What each day of a stretch brings, and its doubt without chance (relative), both shape (days,)."""
        numbers, rows, _columns, _frame = self._rows(first, last)
        doubt = np.sqrt(np.diag(self.effects_.doubt(rows, numbers)))
        return self.effects_.expect(rows), doubt

    def day(self, day: date, receipts: int | None = None) -> Normal:
        """What is normal for one day; for a mean purchase, that of so many receipts."""
        mean = float(self.expect(day, day)[0][0])
        count = receipts or self.receipts_ or mean * self.effects_.receipts_each_
        chance = float(self.effects_.noise_.variance(np.array([count]))[0])
        return self.cut(day, 1.0, chance, self.quantiles_)

    def cut(self, day: date, share: float, chance: float, quantiles: Quantiles) -> Normal:
        """What is normal for a share of a day, whose relative variance by chance is `chance`."""
        numbers, rows, columns, frame = self._rows(day, day)
        mean = share * float(self.effects_.expect(rows)[0])
        spread = _NEW_DAYS * mean * float(chance + self.effects_.doubt(rows, numbers)[0, 0]) ** 0.5
        at = {part: max(0.0, mean + z * spread) for part, z in quantiles.at.items()}
        return Normal(
            mean=mean,
            lo=min(mean, at[0.1]),
            hi=max(mean, at[0.9]),
            lo95=min(mean, at[0.025]),
            hi95=max(mean, at[0.975]),
            days=len(self.numbers_),
            like=self._like(frame),
            parts=self._parts(columns, frame, np.array([mean])),
        )

    def span(self, first: date, last: date) -> Normal:
        """What is normal for the sum of a stretch, over the days on which the shop usually opens."""
        numbers, rows, columns, frame = self._rows(first, last)
        opens = self._opens(frame)
        numbers, rows, frame = numbers[opens], rows[opens], frame[opens]
        columns = replace(columns, matrix=columns.matrix[opens])
        means = self.effects_.expect(rows)
        noise = np.sqrt(self.effects_.noise_.variance(means * self.effects_.receipts_each_))
        # A stretch holds its share of wild days: its sum is a mean, not a middle.
        total = float((means * (1 + self.quantiles_.mean * noise)).sum())
        chance = means * noise * self.quantiles_.wide
        shared = means @ self.effects_.doubt(rows, numbers) @ means
        spread = float(shared + chance @ self.quantiles_.together(numbers) @ chance) ** 0.5
        return self._around(total, spread, frame, self._parts(columns, frame, means))

    def mean(self, first: date, last: date, weights: FloatArray, receipts: int) -> Normal:
        """What is normal for the mean over a stretch, its days weighted (shape (days,)), of so many receipts."""
        numbers, rows, columns, frame = self._rows(first, last)
        weights = weights * self._opens(frame)
        weights = weights / weights.sum() if weights.sum() > 0 else np.full(len(numbers), 1 / len(numbers))
        means = self.effects_.expect(rows)
        total = float(weights @ means)
        noise = self.effects_.noise_
        chance = weights * means * noise.excess * self.quantiles_.wide
        shared = (weights * means) @ self.effects_.doubt(rows, numbers) @ (weights * means)
        counted = noise.floor / max(receipts, 1) * total**2
        spread = float(shared + chance @ self.quantiles_.together(numbers) @ chance + counted) ** 0.5
        return self._around(total, spread, frame, self._parts(columns, frame, weights * means))

    def count_open(self, first: date, last: date) -> int:
        """On how many days of a stretch the shop usually opens."""
        return int(self._opens(self.calendar.frame(first, last)).sum())

    def _around(self, mean: float, spread: float, frame: pd.DataFrame, parts: tuple[Driver, ...]) -> Normal:
        """A normal of many days: their chance adds up to nearly Gauss's."""
        inner, outer = (_NEW_DAYS * _student(-_GAUSS[share], _SPAN_DF) * spread for share in (0.1, 0.025))
        return Normal(
            mean=mean,
            lo=max(0.0, mean - inner),
            hi=mean + inner,
            lo95=max(0.0, mean - outer),
            hi95=mean + outer,
            days=len(self.numbers_),
            like=self._like_span(frame),
            parts=parts,
        )

    def _rows(self, first: date, last: date) -> tuple[IntArray, FloatArray, Columns, pd.DataFrame]:
        frame = self.calendar.frame(first, last)
        numbers = frame["day"].to_numpy()
        columns = lay_out(frame, boldness=self.boldness)
        return numbers, self.effects_.rows(numbers, columns), columns, frame

    def _opens(self, frame: pd.DataFrame) -> np.ndarray:
        """Which days the shop usually opens: by its weekday lately, and by the same holiday last time."""
        last, first = int(self.numbers_[-1]), int(self.numbers_[0])
        was_shut = ~self.frame_["day"].isin(self.numbers_)
        shut_last_time = dict(zip(self.frame_["holiday"], was_shut, strict=True))
        shut = [name for name, is_shut in shut_last_time.items() if name and is_shut]
        recent = np.arange(max(first, last - 7 * _OPENS_WEEKS + 1), last + 1)
        was_open = np.isin(recent, self.numbers_)
        share = np.array(
            [
                was_open[(recent + 4) % 7 == w].mean() if ((recent + 4) % 7 == w).any() else 1.0
                for w in range(7)
            ]
        )
        opens = (share >= 0.5)[frame["weekday"].to_numpy()] & ~frame["holiday"].isin(shut).to_numpy()
        return np.asarray(opens, dtype=bool)

    def _like(self, frame: pd.DataFrame) -> Reason:
        """Which days stand behind the normal of one."""
        row = frame.iloc[0]
        same = int(((self.numbers_ + 4) % 7 == row["weekday"]).sum())
        if same < _SAME_WEEKDAYS:
            return Reason.of("normal_all_weekdays", days=len(self.numbers_), weekday=int(row["weekday"]))
        return Reason.of(
            "normal_like",
            weekday=int(row["weekday"]),
            pay_phase=PAY_PHASES[int(row["pay_phase"])].value,
            holiday=str(row["holiday"] or row["occasion"] or ("eve" if row["is_eve"] else "")),
            days=len(self.numbers_),
        )

    def _like_span(self, frame: pd.DataFrame) -> Reason:
        is_payday = frame["pay_phase"] == PAY_PHASES.index(PayPhase.PAYDAY)
        return Reason.of(
            "normal_span",
            days=len(frame),
            paydays=int(is_payday.sum()),
            holidays=int(frame["is_holiday"].sum()),
        )

    def _parts(self, columns: Columns, frame: pd.DataFrame, means: FloatArray) -> tuple[Driver, ...]:
        """What each cause adds to plain days: the whole difference shared out by the logs, so that it adds up."""
        effects = _by_cause(columns, frame, self.effects_.beta_)
        if not effects:
            return ()
        worth = means * _log_mean_factor(np.sum(list(effects.values()), axis=0))
        amounts = {cause: float((worth * effect).sum()) for cause, effect in effects.items()}
        return tuple(
            Driver(Reason.of(code, **{code: name}) if name else Reason.of(code), amount)
            for (code, name), amount in sorted(amounts.items(), key=lambda item: (-abs(item[1]), item[0]))
        )


def _by_cause(columns: Columns, frame: pd.DataFrame, beta: FloatArray) -> dict[tuple[str, str], FloatArray]:
    """Effect, in logs, of each cause on each day; only causes that touch a day."""
    phase, holiday = frame["pay_phase"].to_numpy(), frame["holiday"].to_numpy()
    phases = {
        "payday": phase == PAY_PHASES.index(PayPhase.PAYDAY),
        "before_payday": phase == PAY_PHASES.index(PayPhase.BEFORE),
    }
    # A pay phase is its own effect and the finer one of each of its days; in mid-cycle that counts as plain.
    masks: list[tuple[str, str, tuple[str, ...], NDArray[np.bool_]]] = [
        (code, "", (code, "pay"), rows) for code, rows in phases.items()
    ]
    masks += [("holiday", name, ("holiday",), holiday == name) for name in np.unique(holiday[holiday != ""])]
    masks += [
        (code, name, (code,), columns.matrix[:, place] > 0)
        for place, (code, name) in enumerate(columns.names)
        if code in ("eve", "december")
    ]
    occasion = frame["occasion"].to_numpy()
    masks += [
        ("occasion", name, ("occasion",), occasion == name) for name in np.unique(occasion[occasion != ""])
    ]
    found: dict[tuple[str, str], FloatArray] = {}
    for code, name, codes, rows in masks:
        if rows.any():
            places = columns.codes(*codes)
            found[code, str(name)] = np.where(rows, columns.matrix[:, places] @ beta[places], 0.0)
    return found


def _log_mean_factor(logs: FloatArray) -> FloatArray:
    """(1 - exp(-x)) / x: what of a day belongs to each unit of its effects' logs."""
    safe = np.where(np.abs(logs) < 1e-9, 1.0, logs)
    return np.where(np.abs(logs) < 1e-9, 1.0, (1 - np.exp(-safe)) / safe)
