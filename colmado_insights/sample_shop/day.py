"""The days of a shop: how many receipts are expected, and at which minutes it sells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.domain import (
    PAY_PHASES,
    SECONDS_A_DAY,
    PayPhase,
    day_of,
)
from colmado_insights.sample_shop.chance import Flags, Floats, Ints, bell
from colmado_insights.sample_shop.parameters import (
    Holidays,
    Opening,
    Ration,
    ShopParameters,
    Storm,
)

MINUTES = 26 * 60
"""Minutes of a business day, from its midnight: it may end at two in the morning of the next."""

_SUMMER = (6, 7, 8, 9)


@dataclass(frozen=True)
class Cut:
    """A power cut in wall-clock seconds, end excluded."""

    start: int
    end: int


@dataclass(frozen=True)
class Days:
    """The days of the shop, one position a business day."""

    numbers: Ints
    weekday: Ints
    phase: Ints
    month: Ints
    expected: Floats  # receipts a normal, uncut day would bring
    open: Flags  # (days, minutes): open and with power
    dry: Flags  # days without alcohol
    closed: Flags
    half: Flags
    beer_left: Floats  # share of the demand for beer that could be served
    storm_units: Floats  # factor on what is stored up for a storm
    cuts: tuple[Cut, ...]
    calendar: pd.DataFrame


def make_days(shop: ShopParameters, first_day: date, last_day: date, rng: np.random.Generator) -> Days:
    """Plan the days from the first to the last: lifts, hours, cuts, rationed weeks, storms."""
    calendar = DominicanDays(pay_days=shop.pay.days).frame(first_day, last_day)
    numbers = calendar["day"].to_numpy(dtype=np.int64)
    weekday = (numbers + 4) % 7
    dates = [day_of(number) for number in numbers]
    month = np.array([day.month for day in dates], dtype=np.int64)
    holiday = calendar["holiday"].to_numpy(dtype=object)
    closed = np.isin(holiday, shop.opening.closed)
    half = np.isin(holiday, shop.opening.half_days)
    storm = _storm_days(shop.storm, month, rng)
    cuts = _power_cuts(shop, numbers, month, closed, rng)
    return Days(
        numbers=numbers,
        weekday=weekday,
        phase=calendar["pay_phase"].to_numpy(dtype=np.int64),
        month=month,
        expected=_expected_receipts(shop, calendar, dates, weekday, storm),
        open=_open_minutes(shop.opening, numbers, weekday, closed, half, cuts),
        dry=half,
        closed=closed,
        half=half,
        beer_left=_rationed(shop.ration, numbers, rng),
        storm_units=np.where(storm, rng.uniform(*shop.storm.units, len(numbers)), 1.0),
        cuts=cuts,
        calendar=calendar,
    )


def _expected_receipts(
    shop: ShopParameters, calendar: pd.DataFrame, dates: Sequence[date], weekday: Ints, storm: Flags
) -> Floats:
    """Receipts of each day before chance: the product of all that is planted."""
    phase = calendar["pay_phase"].to_numpy(dtype=np.int64)
    by_phase = {PayPhase.BEFORE: shop.pay.before, PayPhase.PAYDAY: shop.pay.payday}
    pay = np.array([by_phase.get(each, 1.0) for each in PAY_PHASES])[phase]
    of_month = np.array([day.day for day in dates])
    # Where pay day and the government's fall together, the pay day's lift is the whole of it.
    bump = np.where((of_month == shop.pay.bump_day) & (pay == 1.0), shop.pay.bump, 1.0)
    feast = np.array(
        [
            _feast(shop.holidays, holiday, occasion, eve)
            for holiday, occasion, eve in zip(
                calendar["holiday"], calendar["occasion"], calendar["is_eve"], strict=True
            )
        ]
    )
    december = np.array([shop.holidays.december if day.month == 12 else 1.0 for day in dates])
    growth = (1 + shop.growth_a_year) ** (np.arange(len(dates)) / 365.0)
    stormy = np.where(storm, shop.storm.receipts, 1.0)
    ordinary = shop.receipts_a_day * np.array(shop.weekday)[weekday]
    expected: Floats = ordinary * pay * bump * feast * december * growth * stormy
    return expected


def _feast(holidays: Holidays, holiday: str, occasion: str, is_eve: bool) -> float:
    """The strongest of what makes a day special: feasts do not multiply one another."""
    factors = [holidays.occasions.get(occasion, 1.0)]
    if is_eve:
        factors.append(holidays.eve)
    if holiday:
        factors.append(holidays.named.get(holiday, holidays.free_day))
        if holiday in holidays.named:
            return holidays.named[holiday]
    return max(factors)


def _storm_days(storm: Storm, month: Ints, rng: np.random.Generator) -> Flags:
    """Days of storms: as many as the period is long, in their season."""
    flags = np.zeros(len(month), dtype=bool)
    season = np.flatnonzero(np.isin(month, storm.months))
    if season.size:
        for start in rng.choice(season, size=round(len(month) / storm.days_between), replace=True):
            flags[start : start + storm.days] = True
    return flags


def _rationed(ration: Ration, numbers: Ints, rng: np.random.Generator) -> Floats:
    """Share of beer that could be served, day by day; a delivery serves Monday to Sunday."""
    week = (numbers + 3) // 7
    weeks = np.unique(week)
    short = rng.choice(weeks, size=round(len(weeks) * ration.share_of_weeks), replace=False)
    left = dict(zip(short.tolist(), rng.uniform(*ration.left, len(short)).tolist(), strict=True))
    return np.array([left.get(number, 1.0) for number in week.tolist()])


def _power_cuts(
    shop: ShopParameters, numbers: Ints, month: Ints, closed: Flags, rng: np.random.Generator
) -> tuple[Cut, ...]:
    """Cuts between opening and early evening, a few a week, at most one a day."""
    power = shop.power
    cuts = []
    for first in range(0, len(numbers), 7):
        week = np.flatnonzero(~closed[first : first + 7]) + first
        if not week.size:
            continue
        rate = power.summer_cuts_a_week if month[week[0]] in _SUMMER else power.cuts_a_week
        count = min(int(rng.poisson(rate * len(week) / 7)), power.most_a_week, len(week))
        for place in rng.choice(week, size=count, replace=False):
            hours = float(
                np.clip(
                    rng.lognormal(np.log(power.median_hours), power.spread),
                    power.shortest_hours,
                    power.longest_hours,
                )
            )
            begin = float(rng.uniform(shop.opening.opens, 20.0))
            start = int(numbers[place]) * SECONDS_A_DAY + round(begin * 60) * 60
            cuts.append(Cut(start, start + round(hours * 60) * 60))
    return tuple(sorted(cuts, key=lambda cut: cut.start))


def _open_minutes(
    opening: Opening, numbers: Ints, weekday: Ints, closed: Flags, half: Flags, cuts: Iterable[Cut]
) -> Flags:
    """Minutes, counted from each business day's midnight, at which the shop can sell."""
    minute = np.arange(MINUTES)
    closes = np.where(half, opening.half_day_closes, np.array(opening.closes)[weekday])
    is_open = (minute >= opening.opens * 60) & (minute < closes[:, None] * 60) & ~closed[:, None]
    for cut in cuts:
        day = cut.start // SECONDS_A_DAY - int(numbers[0])
        # A cut may reach into the hours after midnight of the day before, and into the next day.
        for place in range(max(day - 1, 0), min(day + 2, len(numbers))):
            start = (cut.start - int(numbers[place]) * SECONDS_A_DAY) // 60
            end = (cut.end - int(numbers[place]) * SECONDS_A_DAY) // 60
            is_open[place, max(start, 0) : max(end, 0)] = False
    return np.asarray(is_open)


def day_shapes(shop: ShopParameters) -> Floats:
    """Share of an ordinary day's receipts in each minute, (weekday, minute); rows sum to one."""
    hour = np.arange(MINUTES) / 60.0
    weights = np.array([hump.weight for hump in shop.humps])
    bells = np.array([bell(hour, hump.centre, hump.width) / hump.width for hump in shop.humps])
    shapes = weights.T @ bells
    closes = np.array(shop.opening.closes)[:, None]
    shapes = np.where((hour >= shop.opening.opens) & (hour < closes), shapes, 0.0)
    return np.asarray(shapes / shapes.sum(axis=1, keepdims=True))
