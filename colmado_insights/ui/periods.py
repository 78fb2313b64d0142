"""Stretches of days a shopkeeper speaks of: today, yesterday, this fortnight, last fortnight, this month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from colmado_insights import text
from colmado_insights.text import N_


class PeriodKind(StrEnum):
    """The choices of the period bar."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_FORTNIGHT = "this_fortnight"
    LAST_FORTNIGHT = "last_fortnight"
    THIS_MONTH = "this_month"
    OTHER = "other"


PERIOD_WORDS: dict[PeriodKind, str] = {
    PeriodKind.TODAY: N_("Hoy"),
    PeriodKind.YESTERDAY: N_("Ayer"),
    PeriodKind.THIS_FORTNIGHT: N_("Esta quincena"),
    PeriodKind.LAST_FORTNIGHT: N_("Quincena pasada"),
    PeriodKind.THIS_MONTH: N_("Este mes"),
    PeriodKind.OTHER: N_("Otro…"),
}


@dataclass(frozen=True)
class Period:
    """A stretch of whole days, both ends included."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def words(self) -> str:
        """The stretch in words: vie 20 nov, or dom 1 nov – dom 15 nov."""
        if self.first == self.last:
            return text.short_date(self.first)
        return f"{text.short_date(self.first)} – {text.short_date(self.last)}"


def fortnight_start(day: date) -> date:
    """First day of the half month that `day` is in."""
    return day.replace(day=1 if day.day <= 15 else 16)


def period_of(kind: PeriodKind, today: date) -> Period:
    """The stretch that the word means on that day; none reaches past today."""
    makers: dict[PeriodKind, Callable[[], tuple[date, date]]] = {
        PeriodKind.TODAY: lambda: (today, today),
        PeriodKind.YESTERDAY: lambda: (today - timedelta(days=1),) * 2,
        PeriodKind.THIS_FORTNIGHT: lambda: (fortnight_start(today), today),
        PeriodKind.LAST_FORTNIGHT: lambda: _fortnight_before(today),
        PeriodKind.THIS_MONTH: lambda: (today.replace(day=1), today),
        PeriodKind.OTHER: lambda: (today, today),
    }
    first, last = makers[kind]()
    return Period(kind, first, last)


def _fortnight_before(today: date) -> tuple[date, date]:
    last = fortnight_start(today) - timedelta(days=1)
    return fortnight_start(last), last
