"""Live insights the owner put to sleep, and those that were pushed to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from colmado_insights.domain import Notice, Snooze, moment_of, wall_seconds
from colmado_insights.storage.database import Database

KEEP_DAYS = 30
"""How long it is remembered what was pushed."""


def read_snoozes(database: Database, now: datetime | None = None) -> tuple[Snooze, ...]:
    """What sleeps at a moment, or all that was put to sleep last, the first to wake first."""
    after = -1 if now is None else wall_seconds(now)
    rows = database.read(
        "SELECT type, subject, until FROM snooze WHERE until > ? ORDER BY until, type, subject", (after,)
    )
    return tuple(Snooze(kind, subject, moment_of(until)) for kind, subject, until in rows)


def write_snooze(database: Database, snooze: Snooze, now: datetime) -> None:
    """Put an insight to sleep in the place of an earlier sleep of it; what is awake again is forgotten."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM snooze WHERE until <= ?", (wall_seconds(now),))
        connection.execute(
            "INSERT OR REPLACE INTO snooze (type, subject, until) VALUES (?, ?, ?)",
            (snooze.type, snooze.subject, wall_seconds(snooze.until)),
        )


def delete_snooze(database: Database, kind: str, subject: str) -> bool:
    """Wake an insight; False when it did not sleep."""
    with database.transaction() as connection:
        gone = connection.execute("DELETE FROM snooze WHERE type = ? AND subject = ?", (kind, subject))
        return bool(gone.rowcount)


def read_notices(database: Database, since: datetime) -> tuple[Notice, ...]:
    """What was pushed since a moment, oldest first."""
    rows = database.read(
        "SELECT type, subject, at FROM notice WHERE at >= ? ORDER BY at", (wall_seconds(since),)
    )
    return tuple(Notice(kind, subject, moment_of(at)) for kind, subject, at in rows)


def take_notices(
    database: Database, now: datetime, choose: Callable[[Sequence[Notice]], Iterable[tuple[str, str]]]
) -> None:
    """Note as pushed at `now` what is chosen in the light of what was pushed in the last days.

    Choosing and noting are one transaction: two windows on one shop do not push twice.
    """
    with database.transaction() as connection:
        chosen = list(choose(read_notices(database, now - timedelta(days=1))))
        connection.execute(
            "DELETE FROM notice WHERE at < ?", (wall_seconds(now - timedelta(days=KEEP_DAYS)),)
        )
        connection.executemany(
            "INSERT OR IGNORE INTO notice (type, subject, at) VALUES (?, ?, ?)",
            [(kind, subject, wall_seconds(now)) for kind, subject in chosen],
        )
