"""Answers of Grok that passed their checks, as kept: by the very question, and the last one of each subject.

An answer about a customer is written and read only while they are known and have not said no.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from colmado_insights.domain import Consent, KeptAnswer, Topic, moment_of, wall_seconds
from colmado_insights.storage.database import Database

KEPT_DAYS = 90
"""Longer than that no answer stays that a newer one of its subject has followed."""

_COLUMNS = "question_key, topic, subject, language, model, prompt, call_id, made_at, body"
MAY_BE_SAID = (
    f"(topic <> '{Topic.CUSTOMER}'"
    f" OR EXISTS (SELECT 1 FROM customer WHERE id = CAST(subject AS INTEGER) AND consent <> {int(Consent.NO)}))"
)
"""Of a row with `topic` and `subject`: it is of no customer, or of one who is known and has not said no."""


def write_answer(database: Database, answer: KeptAnswer) -> bool:
    """Keep an answer in the place of one to the same question; drop what is older than `KEPT_DAYS` before it.

    False of a customer who said no, or was erased, while it was under way: nobody may read it.
    """
    row = (
        answer.question_key, answer.topic, answer.subject, answer.language, answer.model, answer.prompt,
        answer.call_id, wall_seconds(answer.made_at), answer.body,
    )  # fmt: skip
    oldest = wall_seconds(answer.made_at - timedelta(days=KEPT_DAYS))
    with database.transaction() as connection:
        written = connection.execute(
            f"INSERT OR REPLACE INTO grok_answer ({_COLUMNS})"
            f" SELECT ?1, topic, subject, ?4, ?5, ?6, ?7, ?8, ?9 FROM (SELECT ?2 AS topic, ?3 AS subject)"
            f" WHERE {MAY_BE_SAID}",
            row,
        )
        connection.execute(
            "DELETE FROM grok_answer WHERE topic = ? AND subject = ? AND language = ? AND made_at < ?",
            (answer.topic, answer.subject, answer.language, oldest),
        )
        return bool(written.rowcount)


def read_answer(database: Database, question_key: str) -> KeptAnswer | None:
    """The answer to that very question."""
    return _first(
        database.read(
            f"SELECT {_COLUMNS} FROM grok_answer WHERE question_key = ? AND {MAY_BE_SAID}", (question_key,)
        )
    )


def read_last_answer(database: Database, topic: Topic, subject: str, language: str) -> KeptAnswer | None:
    """The answer about a subject that came last, whatever the clock said then."""
    return _first(
        database.read(
            f"SELECT {_COLUMNS} FROM grok_answer WHERE topic = ? AND subject = ? AND language = ?"
            f" AND {MAY_BE_SAID} ORDER BY call_id DESC LIMIT 1",
            (topic, subject, language),
        )
    )


def _first(rows: list[Any]) -> KeptAnswer | None:
    if not rows:
        return None
    key, topic, subject, language, model, prompt, call_id, made_at, body = rows[0]
    return KeptAnswer(
        key, Topic(topic), subject, language, model, prompt, call_id, moment_of(made_at), body
    )  # fmt: skip


def write_vote(database: Database, call_id: int, vote: int) -> bool:
    """Note the owner's thumb for what a call answered: 1 up, -1 down, 0 takes it back; False without such a call."""
    with database.transaction() as connection:
        return bool(
            connection.execute("UPDATE grok_call SET vote = ? WHERE id = ?", (vote, call_id)).rowcount
        )


def read_vote(database: Database, call_id: int) -> int:
    """The owner's thumb for what a call answered."""
    return int(database.read_one("SELECT vote FROM grok_call WHERE id = ?", (call_id,)) or 0)
