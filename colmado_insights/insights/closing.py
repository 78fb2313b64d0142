"""When a shop's day is over: learnt from its own sales, so that nobody has to set it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from colmado_insights.domain import NO_HOUR, day_number, day_of, moment_of
from colmado_insights.insights.keeping import read_until
from colmado_insights.storage import sales
from colmado_insights.storage.database import Database

MIDNIGHT = 24
HISTORY_DAYS = 28
USUAL_SHARE = 0.9
"""Of the days, the shop sold nothing more from the closing hour on."""
QUIET = timedelta(minutes=20)
"""Without a sale, after which nobody waits at the counter."""


def find_closing_hour(last_hours: Sequence[int]) -> int:
    """The hour from which the shop is closed on most days, by the hour of each day's last sale; 24 without any.

    >>> find_closing_hour([21] * 26 + [23, 23])
    22
    """
    if not last_hours:
        return MIDNIGHT
    ordered = sorted(last_hours)
    return ordered[min(len(ordered) - 1, int(USUAL_SHARE * len(ordered)))] + 1


def find_day_over(now: datetime, closing_hour: int, last_sale: datetime | None) -> date:
    """The last day that is over: today once the shop has closed and nobody bought for a while, else yesterday."""
    is_closed = now.hour >= closing_hour and not is_selling(now, last_sale)
    return now.date() if is_closed else now.date() - timedelta(days=1)


def is_selling(now: datetime, last_sale: datetime | None) -> bool:
    """Whether something was sold in the last minutes; a sale after `now` tells only of a wrong clock."""
    return last_sale is not None and timedelta(0) <= now - last_sale < QUIET


def read_closing_hour(database: Database, now: datetime) -> int:
    """The closing hour by the sales of the last four weeks before today."""
    today = day_number(now.date())
    hourly = sales.read_hourly(database, today - HISTORY_DAYS, today - 1)
    sold = hourly[(hourly["receipts"] > 0) & (hourly["hour"] > NO_HOUR)]
    return find_closing_hour(sold.groupby("day")["hour"].max().tolist())


def read_last_sale(database: Database) -> datetime | None:
    """The moment of the last sale."""
    last = sales.read_last_moment(database)
    return None if last is None else moment_of(last)


def read_whole_day(database: Database, now: datetime) -> date | None:
    """The last day with sales that is over; None without one."""
    over = find_day_over(now, read_closing_hour(database, now), read_last_sale(database))
    last = sales.read_last_day(database, over)
    return None if last is None else day_of(last)


def read_whole_until(database: Database, as_of: date | None) -> date | None:
    """The last day with sales that is over, up to and including `as_of`; None without one.

    A day that others follow is over; the newest one is when the shop has closed, by the PC's clock.
    """
    until, newest = read_until(database, as_of), read_until(database, None)
    return until if until != newest else read_whole_day(database, datetime.now()) or until
