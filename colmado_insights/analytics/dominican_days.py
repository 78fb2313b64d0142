"""What kind of day it is in a colmado: pay day, public holiday, occasion, eve.

References
----------
Law 139-97 (moving of public holidays); Supreme Court of Justice, ruling 14 of
20 February 2008 (16 August never moves); Labour Code, art. 219 (Christmas salary
by 20 December).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd

from colmado_insights.domain import PAY_PHASES, PayPhase, day_number, day_of

PAYDAY_LASTS = 2
"""Days after a pay day on which its money is still being spent."""
BEFORE_LASTS = 2
"""Days before a pay day on which the purse is empty."""

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5  # of date.weekday(), where Monday is 0
_SUNDAY = 6

# A holiday is known by where in the year it can fall, not by the library's name for
# it: that name changes with the language of the machine.
_HOLIDAY_SPANS: tuple[tuple[str, tuple[int, int], tuple[int, int]], ...] = (
    ("ano_nuevo", (1, 1), (1, 1)),
    ("reyes", (1, 4), (1, 10)),
    ("altagracia", (1, 21), (1, 21)),
    ("duarte", (1, 24), (1, 30)),
    ("independencia", (2, 27), (2, 27)),
    ("viernes_santo", (3, 20), (4, 23)),
    ("trabajo", (4, 29), (5, 5)),
    ("corpus_christi", (5, 21), (6, 24)),
    ("restauracion", (8, 14), (8, 20)),
    ("mercedes", (9, 24), (9, 24)),
    ("constitucion", (11, 4), (11, 10)),
    ("navidad", (12, 25), (12, 25)),
)
OTHER_HOLIDAY = "feriado"
"""Id of a free day the library knows and the law of 1997 does not."""
HOLIDAYS: tuple[str, ...] = tuple(name for name, _first, _last in _HOLIDAY_SPANS)
OCCASIONS: tuple[str, ...] = (
    "san_valentin",
    "semana_santa",
    "mothers_day",
    "fathers_day",
    "back_to_school",
    "double_salary",
    "nochebuena",
    "new_years_eve",
)

_HOLIDAY_LIBRARY_LAST_YEAR = 2100


@dataclass(frozen=True)
class DominicanDays:
    """The calendar of one shop: the country's days and the owner's pay days.

    Parameters
    ----------
    pay_days : tuple of int
        Days of the month (1-31) on which people are paid; in a month too short for one, its last day.
    pay_on_bank_day : bool
        Pay that falls on a weekend or holiday arrives on the bank day before.
    """

    pay_days: tuple[int, ...] = (15, 30)
    pay_on_bank_day: bool = False

    def __post_init__(self) -> None:
        if not self.pay_days or not all(1 <= day <= 31 for day in self.pay_days):
            raise ValueError(f"pay days are days of the month, not {self.pay_days}")

    def is_payroll_day(self, day: date) -> bool:
        """Tell whether people are paid on this day."""
        return day_number(day) in self._pay_numbers(day, day)

    def holiday(self, day: date) -> str | None:
        """Id of the public holiday kept on this day (one of `HOLIDAYS`), or None."""
        return _year_holidays(day.year).get(day)

    def occasion(self, day: date) -> str | None:
        """Id of the occasion that moves sales on this day (one of `OCCASIONS`), or None."""
        return _year_occasions(day.year).get(day)

    def is_eve(self, day: date) -> bool:
        """Tell whether the next day is a public holiday."""
        return self.holiday(day + _ONE_DAY) is not None

    def pay_phase(self, day: date) -> PayPhase:
        """Where this day stands in the pay cycle; a pay day wins over the next one's `before`."""
        since, ahead = _distances(np.array([day_number(day)]), self._pay_numbers(day, day))
        return PAY_PHASES[int(_phase_codes(since, ahead)[0])]

    def frame(self, first_day: date, last_day: date) -> pd.DataFrame:
        """Compute the calendar features of every day of a period.

        Parameters
        ----------
        first_day, last_day : date
            Both included; the frame is empty when the last is before the first.

        Returns
        -------
        DataFrame
            One row a day, in order: `day` (int64 day number), `weekday` (0 = Sunday), `week_of_month`
            (1-5), `is_weekend`, `is_payroll_day`, `days_since_payroll` and `days_to_payroll` (days,
            both 0 on a pay day), `pay_phase` (int8, position in PAY_PHASES), `is_holiday`, `holiday`
            and `occasion` (ids, "" when none), `is_eve`.
        """
        numbers = np.arange(day_number(first_day), day_number(last_day) + 1, dtype=np.int64)
        dates = [day_of(int(number)) for number in numbers]
        weekday = (numbers + 4) % 7
        since, ahead = _distances(numbers, self._pay_numbers(first_day, last_day))
        holidays = [self.holiday(day) or "" for day in dates]
        return pd.DataFrame(
            {
                "day": numbers,
                "weekday": weekday,
                "week_of_month": np.array([(day.day + 6) // 7 for day in dates], dtype=np.int64),
                "is_weekend": (weekday == 0) | (weekday == 6),
                "is_payroll_day": since == 0,
                "days_since_payroll": since,
                "days_to_payroll": ahead,
                "pay_phase": _phase_codes(since, ahead),
                "is_holiday": np.array([name != "" for name in holidays], dtype=bool),
                "holiday": pd.Series(holidays, dtype="str"),
                "occasion": pd.Series([self.occasion(day) or "" for day in dates], dtype="str"),
                "is_eve": np.array([self.is_eve(day) for day in dates], dtype=bool),
            }
        )

    def _pay_numbers(self, first_day: date, last_day: date) -> np.ndarray:
        """Sorted day numbers of the pay days of a period, and of at least one before and after it."""
        # Two months around: pay moved to the bank day before may leave its own month.
        months = _months(first_day - timedelta(days=62), last_day + timedelta(days=62))
        numbers = {
            number
            for year, month in months
            for number in _month_pay_numbers(year, month, self.pay_days, self.pay_on_bank_day)
        }
        return np.array(sorted(numbers), dtype=np.int64)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    References
    ----------
    J.-M. Oudin, 1940; in P. K. Seidelmann (ed.), Explanatory Supplement to the
    Astronomical Almanac, 1992, section 12.4.
    """
    century = year // 100
    golden = year % 19
    moon = (century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    offset = moon - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


@lru_cache(maxsize=256)
def _year_holidays(year: int) -> dict[date, str]:
    """The free days of a year: the library's, put right where the law says otherwise."""
    # The library is asked without `language=`: in the frozen program it has no catalogues.
    from holidays import country_holidays

    if year > _HOLIDAY_LIBRARY_LAST_YEAR:
        return {date(year, 1, 1): "ano_nuevo"}  # so that 31 December 2100 is an eve
    named: dict[date, str] = {}
    for day in country_holidays("DO", years=year):
        name = _holiday_name(day)
        named[_lawful(name, day)] = name
    return named


def _holiday_name(day: date) -> str:
    """The id of the holiday whose span holds this day."""
    for name, first, last in _HOLIDAY_SPANS:
        if first <= (day.month, day.day) <= last:
            return name
    return OTHER_HOLIDAY


def _lawful(name: str, day: date) -> date:
    """The day on which the law keeps a holiday, wherever the library put it."""
    if name == "restauracion":
        return date(day.year, 8, 16)
    if name == "trabajo" and date(day.year, 5, 1).weekday() == _SUNDAY:
        return date(day.year, 5, 2)
    return day


@lru_cache(maxsize=256)
def _year_occasions(year: int) -> dict[date, str]:
    """The days of a year that move sales without being free."""
    palm_sunday = easter(year) - timedelta(days=7)
    named = {palm_sunday + timedelta(days=offset): "semana_santa" for offset in range(8)}
    named |= {date(year, 8, day): "back_to_school" for day in range(16, 32)}
    named |= {date(year, 12, day): "double_salary" for day in range(18, 24)}
    named |= {
        date(year, 2, 14): "san_valentin",
        _last_sunday(year, 5): "mothers_day",
        _last_sunday(year, 7): "fathers_day",
        date(year, 12, 24): "nochebuena",
        date(year, 12, 31): "new_years_eve",
    }
    return named


def _last_sunday(year: int, month: int) -> date:
    """The last Sunday of a month."""
    last = date(year, month, calendar.monthrange(year, month)[1])
    return last - timedelta(days=(last.weekday() + 1) % 7)


@lru_cache(maxsize=4096)
def _month_pay_numbers(
    year: int, month: int, pay_days: tuple[int, ...], pay_on_bank_day: bool
) -> frozenset[int]:
    """Day numbers of the pay days that belong to a month, moved to a bank day where asked."""
    last = calendar.monthrange(year, month)[1]
    days = (date(year, month, min(day, last)) for day in pay_days)
    return frozenset(day_number(_bank_day(day) if pay_on_bank_day else day) for day in days)


def _bank_day(day: date) -> date:
    """This day when banks work on it, else the last bank day before."""
    while day.weekday() >= _SATURDAY or day in _year_holidays(day.year):
        day -= _ONE_DAY
    return day


def _months(first_day: date, last_day: date) -> Iterator[tuple[int, int]]:
    """Every (year, month) from that of the first day to that of the last."""
    for index in range(first_day.year * 12 + first_day.month - 1, last_day.year * 12 + last_day.month):
        yield index // 12, index % 12 + 1


def _distances(numbers: np.ndarray, pay: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days since the last pay day and to the next one, both 0 on a pay day; shapes as `numbers`."""
    since = numbers - pay[np.searchsorted(pay, numbers, side="right") - 1]
    ahead = pay[np.searchsorted(pay, numbers, side="left")] - numbers
    return since, ahead


def _phase_codes(since: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Position in PAY_PHASES of each day (int8), from its distances to pay days."""
    codes = np.select(
        [since <= PAYDAY_LASTS, ahead <= BEFORE_LASTS],
        [PAY_PHASES.index(PayPhase.PAYDAY), PAY_PHASES.index(PayPhase.BEFORE)],
        PAY_PHASES.index(PayPhase.MIDDLE),
    )
    return codes.astype(np.int8)
