"""What is answered about rhythms: hours, pay days, seasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from colmado_insights.domain import Reason, Target


@dataclass(frozen=True, slots=True)
class HourPattern:
    """Mean receipts and revenue per open day for each weekday (0 = Sunday) and hour."""

    receipts: tuple[tuple[float, ...], ...]  # 7 x 24
    revenue_cents: tuple[tuple[float, ...], ...]  # 7 x 24
    open_days: tuple[int, ...]  # days seen of each weekday
    first_day: date
    until: date


@dataclass(frozen=True, slots=True)
class Effect:
    """A factor on a plain day (1 = none) with its 95 % interval, and the days it was seen on."""

    factor: float
    lo: float
    hi: float
    days: int


@dataclass(frozen=True, slots=True)
class PayCurve:
    """The pay cycle: how each day around a pay day stands to a plain day of its weekday."""

    target: Target
    points: tuple[tuple[int, Effect], ...]  # days after the nearest pay day, ascending; before it < 0
    first_day: date
    until: date
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Seasons:
    """Weekdays, months, holidays and the long run, each freed of the others."""

    target: Target
    weekdays: tuple[Effect, ...]  # 0 = Sunday
    months: tuple[tuple[int, Effect], ...]  # 1-12; only months seen, and only with a year of data
    holidays: tuple[tuple[str, Effect], ...]  # ids of holidays and occasions seen
    levels: tuple[tuple[date, float], ...]  # first day of each month → mean a day with sales
    trend: Effect | None  # growth factor a year
    shifts: tuple[tuple[date, float], ...]  # from this day on the level was so many times the one before
    first_day: date
    until: date
    reasons: tuple[Reason, ...] = ()
