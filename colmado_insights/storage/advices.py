"""The ledger of advice: what was shown and when, how it was answered, what came of it.

The owner's answers stay in `advice_answer`; a new answer makes an outcome judged by the old one void.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from colmado_insights.domain import SECONDS_A_DAY, day_number, moment_of, wall_seconds
from colmado_insights.storage.database import Database

_OFFER, _PRODUCT = "offer ", "product:"


@dataclass(frozen=True, slots=True)
class ShownAdvice:
    """An advice as it was shown; `body` is JSON."""

    key: str
    kind: str
    measure: str
    body: Any
    gain_cents: int | None


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """One advice of the ledger with its answer and outcome (JSON), where there are any."""

    shown: ShownAdvice
    shown_at: datetime
    seen_at: datetime
    answered_at: datetime | None
    is_done: bool | None
    outcome: Any | None
    judged_at: datetime | None


def write_shown(database: Database, advices: Iterable[ShownAdvice], at: datetime) -> int:
    """Note that these were shown, each at most once a day; returns how many were noted.

    A first showing that lies in the future, from a clock set wrong, is moved to now.
    """
    now = wall_seconds(at)
    today = now // SECONDS_A_DAY
    noted = {
        key
        for (key,) in database.read(
            f"SELECT key FROM advice WHERE seen_at / {SECONDS_A_DAY} = ? AND shown_at <= ?", (today, now)
        )
    }
    new = [advice for advice in advices if advice.key not in noted]
    if not new:
        return 0
    with database.transaction() as connection:
        connection.executemany(
            "INSERT INTO advice (key, kind, measure, body, gain_cents, shown_at, seen_at)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (key) DO UPDATE SET"
            " shown_at = min(shown_at, excluded.shown_at), seen_at = excluded.seen_at",
            [
                (
                    each.key,
                    each.kind,
                    each.measure,
                    json.dumps(each.body, ensure_ascii=False),
                    each.gain_cents,
                    now,
                )
                for each in new
            ],
        )
    return len(new)


def read_advices(database: Database) -> tuple[AdviceRow, ...]:
    """All advice that was ever shown, the newest first."""
    rows = database.read(
        "SELECT advice.key, kind, measure, body, gain_cents, shown_at, seen_at, answered_at, done, outcome, judged_at"
        " FROM advice LEFT JOIN advice_answer USING (key) ORDER BY shown_at DESC, advice.key"
    )
    return tuple(
        AdviceRow(
            ShownAdvice(key, kind, measure, json.loads(body), gain),
            moment_of(shown),
            moment_of(seen),
            None if answered is None else moment_of(answered),
            None if done is None else bool(done),
            None if outcome is None else json.loads(outcome),
            None if judged is None else moment_of(judged),
        )
        for key, kind, measure, body, gain, shown, seen, answered, done, outcome, judged in rows
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the owner said to an advice, and whether what came of it is known."""

    is_done: bool  # False = not now
    at: datetime
    is_judged: bool


def read_answers(database: Database) -> dict[str, Answer]:
    """The answers by key of their advice."""
    rows = database.read(
        "SELECT key, done, answered_at, outcome IS NOT NULL FROM advice_answer LEFT JOIN advice USING (key)"
    )
    return {key: Answer(bool(done), moment_of(at), bool(judged)) for key, done, at, judged in rows}


def has_advice(database: Database, key: str) -> bool:
    """Whether an advice of that key was ever shown."""
    return bool(database.read_one("SELECT 1 FROM advice WHERE key = ?", (key,)))


def write_answer(database: Database, key: str, *, done: bool, at: datetime) -> None:
    """Remember the owner's answer to one advice; what was judged before it is void."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO advice_answer (key, done, answered_at) VALUES (?, ?, ?)",
            (key, done, wall_seconds(at)),
        )
        connection.execute("UPDATE advice SET outcome = NULL, judged_at = NULL WHERE key = ?", (key,))


def offer_key(subject: str, at: datetime) -> str:
    """Under what the answer to an offer at the till is kept: one each time, so that they can be counted."""
    return f"{_OFFER}{subject} {at:%Y-%m-%dT%H:%M:%S}"


def count_offers(database: Database, as_of: date | None = None) -> dict[int, tuple[int, int]]:
    """By product how often it was taken, and how often offered, as the cashier answered until the end of a day."""
    begin = f"{_OFFER}{_PRODUCT}"
    rows = database.read(
        "SELECT CAST(substr(key, ?) AS INTEGER), sum(done), count(*) FROM advice_answer"
        " WHERE key BETWEEN ? AND ? AND answered_at < ? GROUP BY 1",
        (
            len(begin) + 1,
            begin,
            f"{begin}:",  # what comes after every digit
            2**62 if as_of is None else (day_number(as_of) + 1) * SECONDS_A_DAY,
        ),
    )
    return {product: (taken, offered) for product, taken, offered in rows}


def delete_answer(database: Database, key: str) -> bool:
    """Take an answer back with what was judged by it; False when there was none."""
    with database.transaction() as connection:
        count = connection.execute("DELETE FROM advice_answer WHERE key = ?", (key,)).rowcount
        connection.execute("UPDATE advice SET outcome = NULL, judged_at = NULL WHERE key = ?", (key,))
    return bool(count)


def write_outcomes(database: Database, outcomes: Iterable[tuple[str, Any]], at: datetime) -> None:
    """Keep what came of advices: keys and outcomes as JSON."""
    with database.transaction() as connection:
        connection.executemany(
            "UPDATE advice SET outcome = ?, judged_at = ? WHERE key = ?",
            [(json.dumps(body, ensure_ascii=False), wall_seconds(at), key) for key, body in outcomes],
        )
