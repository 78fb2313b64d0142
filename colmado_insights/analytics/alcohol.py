"""The hours at which alcohol may be sold: no advice may push beer outside them.

References
----------
Decree 308-06 of 24 July 2006: until midnight from Sunday to Thursday, until two in the morning on Friday
and Saturday night.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from colmado_insights.analytics.dominican_days import DominicanDays

_GOOD_FRIDAY = "viernes_santo"
_LATE_WEEKDAYS = (4, 5)  # of date.weekday(): Friday and Saturday


@dataclass(frozen=True, slots=True)
class AlcoholHours:
    """When a shop may sell alcohol; hours count from the midnight a night began, so 26 is two in the morning.

    Parameters
    ----------
    from_hour : int
        Hour of the day at which sale begins.
    until_hour : int
        Hour at which it ends from Sunday to Thursday.
    until_hour_late : int
        Hour at which it ends on Friday and Saturday.
    on_good_friday : bool
        Whether it may be sold on Good Friday.
    """

    from_hour: int = 8
    until_hour: int = 24
    until_hour_late: int = 26
    on_good_friday: bool = False

    def close_of(self, now: datetime, days: DominicanDays) -> datetime | None:
        """The moment until which alcohol may be sold without a break; None where it may not be sold now."""
        for day in (now.date() - timedelta(days=1), now.date()):
            first, end = self._span(day, days)
            if first <= now < end:
                return end
        return None

    def _span(self, day: date, days: DominicanDays) -> tuple[datetime, datetime]:
        """From when until when alcohol may be sold on the day whose night this is; empty on Good Friday."""
        midnight = datetime.combine(day, time())
        if self._is_dry(day, days):
            return midnight, midnight
        until = self.until_hour_late if day.weekday() in _LATE_WEEKDAYS else self.until_hour
        end = midnight + timedelta(hours=until)
        if self._is_dry(day + timedelta(days=1), days):
            end = min(end, midnight + timedelta(days=1))
        return midnight + timedelta(hours=self.from_hour), end

    def _is_dry(self, day: date, days: DominicanDays) -> bool:
        return not self.on_good_friday and days.holiday(day) == _GOOD_FRIDAY
