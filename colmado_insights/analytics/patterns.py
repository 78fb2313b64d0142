"""The rhythms of a shop: the hours of the week, the pay cycle, the seasons and the long run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.dominican_days import HOLIDAYS, OCCASIONS, OTHER_HOLIDAY, DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.effects import (
    PAY_OFFSETS,
    TARGET_COLUMN,
    WEEK,
    BoolArray,
    Columns,
    Effects,
    FloatArray,
    IntArray,
    PastDays,
    lay_out,
    pay_offset,
)
from colmado_insights.analytics.results import Effect, HourPattern, NotEnough, PayCurve, Seasons
from colmado_insights.domain import (
    DAILY_COLUMNS,
    HOURLY_COLUMNS,
    NO_HOUR,
    Reason,
    Target,
    day_number,
    day_of,
)

WINDOW_DAYS = 91
"""Thirteen weeks: thirteen days behind each cell, and still this season."""
LEAST_DAYS = 7
DAYS_FOR_PAY_CURVE = 42
"""About three pay days."""
DAYS_FOR_SEASONS = 28
_TIMED_SHARE = 0.5
_LONGEST_HISTORY = 3 * 364
_DAYS_FOR_TREND = 182
_DAYS_FOR_MONTHS = 360
_PAY_SPREAD = 0.2
_MONTH_SPREAD = 0.15
_TREND_SPREAD = 0.3
_SHIFT_REACH = 42
_LEAST_SHIFT = 0.14  # in logs: 15 % up or 13 % down, six weeks against the six before
_SHIFT_SIGMAS = 5.0
_Z95 = 2.1
"""A little over Gauss's 1.96, for what no model of this kind knows: with it 95 % of planted effects were held."""


def compute_pattern(
    hourly: pd.DataFrame, daily: pd.DataFrame, until: date, *, window_days: int = WINDOW_DAYS
) -> HourPattern | NotEnough:
    """Compute the mean receipts and revenue per open day of each weekday and hour.

    Parameters
    ----------
    hourly : DataFrame
        HOURLY_COLUMNS, rows in any order.
    daily : DataFrame
        DAILY_COLUMNS of the same sales.
    until : date
        Last day looked at; the window ends on the last usable day up to it.
    window_days : int
        Length of the window, in calendar days.

    Returns
    -------
    HourPattern or NotEnough
        7 x 24 means, 0 where a weekday was never open. Revenue is net of refunds. A day is usable when it
        has a sale and at least half of its receipts have a time: a till that gave only dates for half a
        year must not make every hour look half as busy. Fewer than seven usable days are `NotEnough`.
    """
    check_frame(hourly, HOURLY_COLUMNS, "hourly")
    check_frame(daily, DAILY_COLUMNS, "daily")
    days = _usable_days(hourly, daily, day_number(until))
    days = days[days > days.max() - window_days] if days.size else days
    if days.size < LEAST_DAYS:
        return NotEnough(needed=LEAST_DAYS, have=days.size, unit="days", until=until)
    timed = hourly[(hourly["hour"] != NO_HOUR) & hourly["day"].isin(days)]
    cell = (timed["day"].to_numpy() + 4) % 7 * 24 + timed["hour"].to_numpy()
    open_days = np.bincount((days + 4) % 7, minlength=7)
    return HourPattern(
        receipts=_means(cell, timed["receipts"].to_numpy(), open_days),
        revenue_cents=_means(cell, timed["revenue_cents"].to_numpy(), open_days),
        open_days=tuple(open_days.tolist()),
        first_day=day_of(days.min()),
        until=day_of(days.max()),
    )


def _usable_days(hourly: pd.DataFrame, daily: pd.DataFrame, until: int) -> np.ndarray:
    """Day numbers up to `until` with sales most of which have a time, ascending."""
    is_timed = hourly["hour"] != NO_HOUR
    timed = hourly[is_timed].groupby("day")["receipts"].sum()
    whole = daily.set_index("day")["receipts"]
    share = timed.reindex(whole.index, fill_value=0) / whole.where(whole > 0)
    return np.sort(whole.index[(share >= _TIMED_SHARE) & (whole.index <= until)].to_numpy())


def _means(cell: np.ndarray, amounts: np.ndarray, open_days: np.ndarray) -> tuple[tuple[float, ...], ...]:
    """Sums by weekday and hour over the open days of the weekday, 7 x 24."""
    sums = np.bincount(cell, amounts, minlength=7 * 24).reshape(7, 24)
    means = sums / np.maximum(open_days, 1)[:, np.newaxis]
    return tuple(tuple(row) for row in means.tolist())


def compute_pay_curve(
    daily: pd.DataFrame, target: Target, days: DominicanDays, until: date
) -> PayCurve | NotEnough:
    """Compute how the days around a pay day stand to a plain day in the middle of the cycle.

    Parameters
    ----------
    daily : DataFrame
        DAILY_COLUMNS, rows in any order.
    target : Target
        Revenue, receipts or units.
    days : DominicanDays
        The shop's calendar.
    until : date
        Last day looked at.

    Returns
    -------
    PayCurve or NotEnough
        A factor for each day from 7 before to 14 after the *nearest* pay day, as far as the cycle has them,
        freed of weekday, level, holidays and December; 1 is the mean of the days more than two from a pay
        day. Under 42 days with sales, `NotEnough`.

    References
    ----------
    See `effects`; the intervals hold 95 % of what is thought of a factor after seeing the days.
    """
    past = _read_past(daily, target, until)
    if len(past.numbers) < DAYS_FOR_PAY_CURVE:
        return NotEnough(DAYS_FOR_PAY_CURVE, len(past.numbers), "days", until)
    frame = past.calendar(days)
    columns = lay_out(frame)
    is_pay = columns.codes("payday", "before_payday", "pay")
    columns = replace(columns, spread=np.where(columns.codes("pay"), _PAY_SPREAD, columns.spread))
    model = past.fit(columns)
    offset = pay_offset(frame)
    plain = _mean_row(columns, is_pay, np.abs(offset) > 2)
    points = []
    for number in PAY_OFFSETS:
        rows = offset == number
        if rows.any():
            contrast = _mean_row(columns, is_pay, rows) - plain
            points.append((number, _effect(model, contrast, int(rows.sum()))))
    return PayCurve(
        target=target,
        points=tuple(points),
        first_day=day_of(past.numbers[0]),
        until=day_of(past.numbers[-1]),
        reasons=_pay_reasons(points, int(frame["is_payroll_day"].sum()), len(past.numbers)),
    )


def _pay_reasons(points: list[tuple[int, Effect]], pay_days: int, days: int) -> tuple[Reason, ...]:
    """Whether pay days are felt, and on how many that stands."""
    sample = Reason.of("pay_curve_sample", paydays=pay_days, days=days)
    felt = [(offset, effect) for offset, effect in points if 0 <= offset <= 2 and effect.lo > 1]
    if not felt:
        return (Reason.of("pay_curve_flat"), sample)
    share = float(np.mean([effect.factor for offset, effect in points if 0 <= offset <= 2])) - 1
    return (Reason.of("pay_curve_peak", share=share), sample)


def compute_seasons(
    daily: pd.DataFrame, target: Target, days: DominicanDays, until: date
) -> Seasons | NotEnough:
    """Compute what weekdays, months, holidays and the years do, each freed of the others.

    Parameters as in `compute_pay_curve`.

    Returns
    -------
    Seasons or NotEnough
        Factors with 95 % intervals: of weekdays and months around their mean, of a holiday or occasion
        against the same day without it (`eve` is that of a free day). Months and the trend of a year need
        a year and half a year of days. `shifts` are days since when six weeks lie beyond chance, and at
        least 13 %, above or below the six weeks before. Under 28 days with sales, `NotEnough`. A weekday
        never opened has factor 0 and no days.

    References
    ----------
    See `effects`.
    """
    past = _read_past(daily, target, until)
    if len(past.numbers) < DAYS_FOR_SEASONS:
        return NotEnough(DAYS_FOR_SEASONS, len(past.numbers), "days", until)
    frame = past.calendar(days)
    months = np.array([day_of(number).month for number in past.numbers.tolist()])
    length = int(past.numbers[-1] - past.numbers[0]) + 1
    has_months, has_trend = length >= _DAYS_FOR_MONTHS, length >= _DAYS_FOR_TREND
    columns = _season_columns(lay_out(frame), months if has_months else None, past.numbers)
    model = past.fit(columns)
    return Seasons(
        target=target,
        weekdays=_weekday_effects(model, columns, frame["weekday"].to_numpy()),
        months=_month_effects(model, columns, months) if has_months else (),
        holidays=_holiday_effects(model, columns, frame),
        levels=_monthly_levels(past.numbers, past.values),
        trend=_effect(model, columns.codes("trend").astype(np.float64), length) if has_trend else None,
        shifts=_find_shifts(model, columns, past),
        first_day=day_of(past.numbers[0]),
        until=day_of(past.numbers[-1]),
        reasons=(
            Reason.of("seasons_sample", days=len(past.numbers)),
            *(() if has_months else (Reason.of("months_need_year", days=length),)),
        ),
    )


def _read_past(daily: pd.DataFrame, target: Target, until: date) -> PastDays:
    """The days of the last three years that sold anything of the target."""
    check_frame(daily, DAILY_COLUMNS, "daily")
    last = day_number(until)
    is_past = (daily["day"] <= last) & (daily["day"] > last - _LONGEST_HISTORY)
    return PastDays.of(daily[is_past & (daily[TARGET_COLUMN[target]] > 0)], target)


def _season_columns(columns: Columns, months: IntArray | None, numbers: IntArray) -> Columns:
    """The calendar with months in place of December, and years gone by."""
    added: list[tuple[str, str, float, FloatArray]] = []
    if months is not None:
        added += [
            ("month", str(month), _MONTH_SPREAD, (months == month).astype(np.float64))
            for month in range(1, 13)
        ]
    added.append(("trend", "", _TREND_SPREAD, (numbers - numbers.mean()) / 365.25))
    kept = ~columns.codes("december") if months is not None else np.ones(len(columns.names), dtype=bool)
    return Columns(
        matrix=np.column_stack([columns.matrix[:, kept], *(rows for *_, rows in added)]),
        names=(
            *(name for name, is_kept in zip(columns.names, kept, strict=True) if is_kept),
            *((code, name) for code, name, *_ in added),
        ),
        prior=np.concatenate([columns.prior[kept], np.zeros(len(added))]),
        spread=np.concatenate([columns.spread[kept], [spread for _, _, spread, _ in added]]),
    )


def _mean_row(columns: Columns, codes: BoolArray, rows: BoolArray) -> FloatArray:
    """How much of each column of these codes some days have on average; all 0 without days."""
    if not rows.any():
        return np.zeros(len(columns.names))
    return np.where(codes, columns.matrix[rows].mean(axis=0), 0.0)


def _effect(model: Effects, contrast: FloatArray, days: int) -> Effect:
    """A sum of effects as a factor with its 95 % interval."""
    knots = len(model.level_)
    logs = float(contrast @ model.beta_)
    spread = float(contrast @ model.covariance_[knots:, knots:] @ contrast) ** 0.5
    low, high = np.exp([logs - _Z95 * spread, logs + _Z95 * spread]).tolist()
    return Effect(factor=float(np.exp(logs)), lo=low, hi=high, days=days)


def _weekday_effects(model: Effects, columns: Columns, weekday: IntArray) -> tuple[Effect, ...]:
    counts = np.bincount(weekday, minlength=WEEK)
    centre = np.zeros(len(columns.names))
    places = np.flatnonzero(columns.codes("weekday"))
    centre[places[counts > 0]] = 1 / np.count_nonzero(counts)
    return tuple(
        _effect(model, _unit(columns, place) - centre, count) if count else Effect(0.0, 0.0, 0.0, 0)
        for place, count in zip(places.tolist(), counts.tolist(), strict=True)
    )


def _month_effects(model: Effects, columns: Columns, months: IntArray) -> tuple[tuple[int, Effect], ...]:
    counts = np.bincount(months, minlength=13)[1:]
    centre = np.zeros(len(columns.names))
    places = np.flatnonzero(columns.codes("month"))
    centre[places[counts > 0]] = 1 / np.count_nonzero(counts)
    return tuple(
        (month, _effect(model, _unit(columns, place) - centre, count))
        for month, place, count in zip(range(1, 13), places.tolist(), counts.tolist(), strict=True)
        if count
    )


def _unit(columns: Columns, place: int) -> FloatArray:
    """One whole column and nothing else."""
    row: FloatArray = np.zeros(len(columns.names))
    row[place] = 1.0
    return row


def _holiday_effects(model: Effects, columns: Columns, frame: pd.DataFrame) -> tuple[tuple[str, Effect], ...]:
    """What all that makes a day special adds up to, on the days of each holiday and occasion seen."""
    holiday, occasion = frame["holiday"].to_numpy(), frame["occasion"].to_numpy()
    codes = columns.codes("holiday", "eve", "occasion")
    rows = {name: holiday == name for name in (*HOLIDAYS, OTHER_HOLIDAY)}
    rows |= {name: (occasion == name) & (holiday == "") for name in OCCASIONS}
    found = [
        (name, _effect(model, _mean_row(columns, codes, days), int(days.sum())))
        for name, days in rows.items()
        if days.any()
    ]
    eves = frame["is_eve"].to_numpy(dtype=bool)
    if eves.any():
        contrast = _mean_row(columns, columns.codes("eve"), eves)
        found.append(("eve", _effect(model, contrast, int(eves.sum()))))
    return tuple(found)


def _monthly_levels(numbers: IntArray, values: FloatArray) -> tuple[tuple[date, float], ...]:
    """Mean of the days with sales of each month, oldest first."""
    firsts = [day_of(number).replace(day=1) for number in numbers.tolist()]
    means = pd.Series(values).groupby(firsts).mean()
    return tuple(zip(means.index, means.tolist(), strict=True))


def _find_shifts(model: Effects, columns: Columns, past: PastDays) -> tuple[tuple[date, float], ...]:
    """Days since when the level lies another way, freed of the calendar: the clearest first, none near it."""
    calm = ~columns.codes("trend")
    logs = np.log(past.values / model.scale_) - columns.matrix[:, calm] @ model.beta_[calm]
    sigma = float(model.noise_.variance(past.values * past.receipts_each).mean()) ** 0.5
    middle = pd.Series(logs).rolling(15, center=True, min_periods=1).median().to_numpy()
    logs = np.clip(logs, middle - 2 * sigma, middle + 2 * sigma)
    steps = _steps(past.numbers, logs)
    least = max(_LEAST_SHIFT, _SHIFT_SIGMAS * sigma * (2 / _SHIFT_REACH) ** 0.5)
    found: list[int] = []
    for place in np.argsort(-np.abs(steps)).tolist():
        far = all(abs(past.numbers[place] - past.numbers[other]) > _SHIFT_REACH for other in found)
        if abs(steps[place]) < least:
            break
        if far:
            found.append(place)
    return tuple((day_of(past.numbers[place]), float(np.exp(steps[place]))) for place in sorted(found))


def _steps(numbers: IntArray, logs: FloatArray) -> FloatArray:
    """Mean of the six weeks from each day on, less that of the six weeks before; 0 where either has few days."""
    sums = np.concatenate([[0.0], np.cumsum(logs)])
    here = np.arange(len(numbers))
    ends = np.searchsorted(numbers, numbers + _SHIFT_REACH)
    starts = np.searchsorted(numbers, numbers - _SHIFT_REACH)
    after, before = ends - here, here - starts
    whole = (after >= _SHIFT_REACH // 2) & (before >= _SHIFT_REACH // 2)
    ahead = (sums[ends] - sums[here]) / np.maximum(after, 1)
    behind = (sums[here] - sums[starts]) / np.maximum(before, 1)
    return np.where(whole, ahead - behind, 0.0)
