"""Answers are kept with their freshness: computed once, and again only when sales or settings changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar

import msgspec

from colmado_insights import __version__
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import day_number, day_of
from colmado_insights.insights.freshness import count_use
from colmado_insights.progress import Progress
from colmado_insights.storage import results, sales
from colmado_insights.storage.database import Database

T = TypeVar("T")

LEAP_DAYS = 60

_ONLY_SAID = (
    "shop_name",
    "alcohol_from_hour",
    "alcohol_until_hour",
    "alcohol_until_hour_late",
    "alcohol_on_good_friday",
)
"""Settings of the shop that no kept answer depends on."""


def kept(
    database: Database,
    kind: str,
    until: date,
    parameters: str,
    shape: type[T],
    make: Callable[[], T | NotEnough],
    progress: Progress | None = None,
) -> T | NotEnough:
    """The kept answer if it is still fresh, else a new one, which is kept; nobody makes the same one beside.

    Raises
    ------
    Cancelled
        When asked to stop while somebody else makes it, or as `make` says.
    """
    with database.alone(kind, progress):
        version = sales.read_data_version(database)
        body = results.read_result(database, kind, day_number(until), parameters)
        count_use(database, kind.split(":")[0], is_hit=body is not None)
        if (known := decode(body, shape)) is not None:
            return known
        answer = make()
        if not isinstance(answer, NotEnough):
            results.write_result(
                database, kind, day_number(until), parameters, msgspec.to_builtins(answer),
                made_at=datetime.now(), version=version,
            )  # fmt: skip
        return answer


def read_kept(database: Database, kind: str, until: int, shape: type[T]) -> T | None:
    """The newest kept answer from data up to a day number, fresh or not; None without one that can be read."""
    return decode(results.read_latest_result(database, kind, until), shape)


def decode(body: str | None, shape: type[T]) -> T | None:
    """What was kept as JSON; None when another version of the program kept it in another shape."""
    try:
        return None if body is None else msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError:
        return None


def read_until(database: Database, as_of: date | None) -> date | None:
    """The last day of data up to and including `as_of`; without one, not what a till's wrong clock put years ahead."""
    last = sales.read_last_day(database, as_of or _before_leap(database))
    return None if last is None else day_of(last)


def _before_leap(database: Database) -> date | None:
    """Today, when all sales after it lie far ahead of the others; None where the PC's own clock may be behind."""
    today = date.today()
    newest, known = sales.read_last_day(database), sales.read_last_day(database, today)
    if newest is None or known is None or newest <= day_number(today):
        return None
    return today if sales.read_next_day(database, known) - known > LEAP_DAYS else None


def yesterday(now: datetime) -> date:
    """The last day that is surely over: a day still being sold would count as a bad one."""
    return now.date() - timedelta(days=1)


def shop_parameters(settings: Settings) -> str:
    """What an answer depends on besides the sales: the shop's settings, and the program that gave it.

    What another version kept may lack a number that this one's sentences speak of.
    """
    shop = settings.part(machine=False) | {"program": __version__}
    for name in _ONLY_SAID:
        del shop[name]
    return msgspec.json.encode(shop, order="sorted").decode()


def calendar(settings: Settings) -> DominicanDays:
    """The shop's calendar."""
    return DominicanDays(settings.pay_days, settings.pay_on_bank_day)
