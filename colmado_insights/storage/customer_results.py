"""What the batch says of each customer, kept: outlooks, profiles, how each stood at month ends, and how often it serves.

Bodies are JSON as the analyses' side writes and reads it; here they are only kept, with their freshness beside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from colmado_insights.domain import (
    CUSTOMER_MONTH_COLUMNS,
    Consent,
    Topic,
    day_number,
    day_of,
    moment_of,
    wall_seconds,
)
from colmado_insights.storage.database import Database


@dataclass(frozen=True, slots=True)
class KeptBody:
    """One kept answer about a customer."""

    body: str
    until: date  # last day of data used
    made_at: datetime
    version: int  # of the sales it was made from


_KEPT = "body, until, made_at, data_version"
_STAYS = f"(SELECT 1 FROM customer WHERE id = ? AND consent <> {int(Consent.NO)})"
"""Who was erased, or said no, while the answers were made gets none."""


def _kept(body: str, until: int, made_at: int, version: int) -> KeptBody:
    return KeptBody(body, day_of(until), moment_of(made_at), version)


# ── outlooks ──


def write_outlooks(
    database: Database,
    outlooks: Iterable[tuple[int, str, str]],
    *,
    until: date,
    made_at: datetime,
    version: int,
) -> None:
    """Put the outlooks of a batch in the place of all before: rows of customer, segment and body."""
    mark = (day_number(until), wall_seconds(made_at), version)
    rows = [(key, *mark, segment, body, key) for key, segment, body in outlooks]
    with database.transaction() as connection:
        connection.execute("DELETE FROM customer_outlook")
        connection.executemany(
            "INSERT INTO customer_outlook (customer_id, until, made_at, data_version, segment, body)"
            f" SELECT ?, ?, ?, ?, ?, ? WHERE EXISTS {_STAYS}",
            rows,
        )


def read_outlooks(database: Database) -> list[tuple[int, KeptBody]]:
    """All outlooks with their customers."""
    rows = database.read(f"SELECT customer_id, {_KEPT} FROM customer_outlook ORDER BY customer_id")
    return [(key, _kept(*rest)) for key, *rest in rows]


def read_outlooks_made_at(database: Database) -> datetime | None:
    """When the outlooks that are kept were made."""
    made_at = database.read_one("SELECT max(made_at) FROM customer_outlook")
    return None if made_at is None else moment_of(made_at)


def read_outlook(database: Database, customer_id: int) -> KeptBody | None:
    """The outlook of one customer."""
    rows = database.read(f"SELECT {_KEPT} FROM customer_outlook WHERE customer_id = ?", (customer_id,))
    return _kept(*rows[0]) if rows else None


# ── profiles ──


def write_profile(
    database: Database, customer_id: int, body: str, *, until: date, made_at: datetime, version: int
) -> None:
    """Keep the profile of one customer."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO customer_profile (customer_id, until, made_at, data_version, body)"
            f" SELECT ?, ?, ?, ?, ? WHERE EXISTS {_STAYS}",
            (customer_id, day_number(until), wall_seconds(made_at), version, body, customer_id),
        )


def read_profile(database: Database, customer_id: int) -> KeptBody | None:
    """The profile of one customer."""
    rows = database.read(f"SELECT {_KEPT} FROM customer_profile WHERE customer_id = ?", (customer_id,))
    return _kept(*rows[0]) if rows else None


# ── month ends ──


def write_month(database: Database, day: date, rows: Iterable[tuple[object, ...]]) -> None:
    """Keep what is said on a day as what was said at its month's end, until a later day of that month says it.

    Rows hold the columns of CUSTOMER_MONTH_COLUMNS after `day`, None where nothing is said.
    """
    number, first = day_number(day), day_number(day.replace(day=1))
    places = ", ".join("?" * len(CUSTOMER_MONTH_COLUMNS))
    with database.transaction() as connection:
        connection.execute("DELETE FROM customer_month WHERE day BETWEEN ? AND ?", (first, number))
        connection.executemany(
            f"INSERT INTO customer_month ({', '.join(CUSTOMER_MONTH_COLUMNS)}) SELECT {places} WHERE EXISTS {_STAYS}",
            [(number, *row, row[0]) for row in rows],
        )


def read_months(database: Database, last: date) -> pd.DataFrame:
    """What was said of each customer at month ends up to a day (CUSTOMER_MONTH_COLUMNS)."""
    rows = database.read(
        f"SELECT {', '.join(CUSTOMER_MONTH_COLUMNS)} FROM customer_month WHERE day <= ? ORDER BY day, customer_id",
        (day_number(last),),
    )
    return pd.DataFrame(rows, columns=list(CUSTOMER_MONTH_COLUMNS)).astype(CUSTOMER_MONTH_COLUMNS)


def read_month_segments(database: Database, customer_id: int) -> list[tuple[date, str]]:
    """The segment that one customer was in at each month's end, oldest first."""
    rows = database.read(
        "SELECT day, segment FROM customer_month WHERE customer_id = ? ORDER BY day", (customer_id,)
    )
    return [(day_of(day), segment) for day, segment in rows]


def read_findings(database: Database, customer_id: int) -> dict[str, Any]:
    """All that was found out and advised of one customer, for who asks what is known of them."""
    found: dict[str, Any] = {}
    for name, kept in (
        ("outlook", read_outlook(database, customer_id)),
        ("profile", read_profile(database, customer_id)),
    ):
        if kept is not None:
            found[name] = {"made_at": kept.made_at.isoformat(), **json.loads(kept.body)}
    columns = tuple(name for name in CUSTOMER_MONTH_COLUMNS if name != "customer_id")
    months = database.read(
        f"SELECT {', '.join(columns)} FROM customer_month WHERE customer_id = ? ORDER BY day", (customer_id,)
    )
    found["months"] = [
        dict(zip(columns, (day_of(day).isoformat(), *rest), strict=True)) for day, *rest in months
    ]
    found["advice"] = [
        json.loads(body)
        for (body,) in database.read(
            "SELECT body FROM advice WHERE measure = ? ORDER BY shown_at", (f"customer:{customer_id}",)
        )
    ]
    found["grok"] = [
        {"made_at": moment_of(made_at).isoformat(), **json.loads(body)}
        for made_at, body in database.read(
            "SELECT made_at, body FROM grok_answer WHERE topic = ? AND subject = ? ORDER BY call_id",
            (Topic.CUSTOMER, str(customer_id)),
        )
    ]
    return found


# ── how often kept answers serve ──


def add_uses(database: Database, uses: Mapping[str, tuple[int, int]]) -> None:
    """Count on: hits and misses by kind of answer."""
    with database.transaction() as connection:
        connection.executemany(
            "INSERT INTO answer_use (kind, hits, misses) VALUES (?, ?, ?)"
            " ON CONFLICT (kind) DO UPDATE SET hits = hits + excluded.hits, misses = misses + excluded.misses",
            [(kind, hits, misses) for kind, (hits, misses) in uses.items()],
        )


def read_uses(database: Database) -> dict[str, tuple[int, int]]:
    """Hits and misses so far, by kind of answer."""
    return {
        kind: (hits, misses)
        for kind, hits, misses in database.read("SELECT kind, hits, misses FROM answer_use ORDER BY kind")
    }
