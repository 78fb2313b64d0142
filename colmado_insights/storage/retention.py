"""What is kept of old answers: enough to look back, not every day's copy.

Sales are never thinned. Of the answers

- kept results stay for two weeks, the newest of each kind for 90 days (of a product that is sold no more, nobody asks):
  all can be computed again;
- of runs that later ones are compared with (`RUN_KINDS`) one a month stays for two years, so that
  migration between segments can be shown over seasons;
- forecasts stay for 400 days before the newest of their target: a year of weeks to score them by;
- what was said of customers at month ends stays for three years, the page of one whom nobody looked at for two months goes;
- notices that were pushed stay for two months, snoozes until they end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from colmado_insights.domain import day_number, day_of, moment_of, wall_seconds
from colmado_insights.storage.database import Database

RUN_KINDS = ("learned",)
"""Kinds of result, by their first word, whose old runs are compared with new ones."""
FRESH_DAYS = 14
NEWEST_DAYS = 90
RUN_MONTHS = 24
FORECAST_DAYS = 400
MONTH_END_DAYS = 3 * 366
PAGE_DAYS = 60
NOTICE_DAYS = 60


@dataclass(frozen=True, slots=True)
class KeptResult:
    """One kept result, without its body."""

    row: int
    kind: str
    until: date
    made_at: datetime

    @property
    def is_run(self) -> bool:
        """True when later runs are compared with it."""
        return self.kind.split(":")[0] in RUN_KINDS


def choose_kept(results: Iterable[KeptResult], now: datetime) -> set[int]:
    """Which rows stay."""
    fresh_from, newest_from = now - timedelta(days=FRESH_DAYS), now - timedelta(days=NEWEST_DAYS)
    kept: set[int] = set()
    kinds: set[str] = set()
    months: dict[str, set[tuple[int, int]]] = {}
    for result in sorted(results, key=lambda one: (one.until, one.made_at), reverse=True):
        seen = months.setdefault(result.kind, set())
        month = (result.until.year, result.until.month)
        is_monthly = result.is_run and month not in seen and len(seen) < RUN_MONTHS
        is_newest = result.kind not in kinds and result.made_at >= newest_from
        if is_newest or result.made_at >= fresh_from or is_monthly:
            kept.add(result.row)
            seen.add(month)
        kinds.add(result.kind)
    return kept


def thin_answers(database: Database, now: datetime) -> int:
    """Delete what age has made superfluous, in one transaction; returns how many rows went."""
    found = [
        KeptResult(row, kind, day_of(until), moment_of(made_at))
        for row, kind, until, made_at in database.read("SELECT rowid, kind, until, made_at FROM result")
    ]
    old = {result.row for result in found} - choose_kept(found, now)
    with database.transaction() as connection:
        before = connection.total_changes
        connection.executemany("DELETE FROM result WHERE rowid = ?", [(row,) for row in old])
        connection.execute(
            "DELETE FROM forecast WHERE until < ? + (SELECT max(newest.until) FROM forecast AS newest"
            " WHERE newest.target = forecast.target)",
            (-FORECAST_DAYS,),
        )
        connection.execute(
            "DELETE FROM customer_month WHERE day < ?",
            (day_number(now.date() - timedelta(days=MONTH_END_DAYS)),),
        )
        connection.execute(
            "DELETE FROM customer_profile WHERE made_at < ?",
            (wall_seconds(now - timedelta(days=PAGE_DAYS)),),
        )
        connection.execute(
            "DELETE FROM notice WHERE at < ?", (wall_seconds(now - timedelta(days=NOTICE_DAYS)),)
        )
        connection.execute("DELETE FROM snooze WHERE until < ?", (wall_seconds(now),))
        return connection.total_changes - before
