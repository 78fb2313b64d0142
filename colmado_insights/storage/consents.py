"""What the owner allowed to leave this PC: a log that only grows; the last word about a topic holds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from colmado_insights.domain import Topic, wall_seconds
from colmado_insights.storage.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection

_LAST_WORD = "SELECT is_allowed FROM grok_consent WHERE topic = ? ORDER BY id DESC LIMIT 1"


def write_consent(database: Database, topic: Topic, *, is_allowed: bool, at: datetime, user: str) -> None:
    """Note that the owner allowed a topic, or took that back; what was said before stays in the log."""
    with database.transaction() as connection:
        if is_topic_allowed(connection, topic) != is_allowed:
            connection.execute(
                "INSERT INTO grok_consent (at, topic, is_allowed, user) VALUES (?, ?, ?, ?)",
                (wall_seconds(at), topic, is_allowed, user),
            )


def read_allowed(database: Database) -> frozenset[Topic]:
    """The topics that are allowed now; none in a new shop."""
    return frozenset(topic for topic in Topic if database.read_one(_LAST_WORD, (topic,)))


def is_topic_allowed(connection: Connection, topic: Topic) -> bool:
    """Whether a topic is allowed, as the transaction of that connection sees it."""
    word = connection.execute(_LAST_WORD, (topic,)).fetchone()
    return word is not None and bool(word[0])


def carry_log(source: Database, target: Database) -> None:
    """Let in another file of the shop hold what was said in this one."""
    said = source.read("SELECT id, at, topic, is_allowed, user FROM grok_consent")
    with target.transaction() as connection:
        connection.execute("DELETE FROM grok_consent")
        connection.executemany(
            "INSERT INTO grok_consent (id, at, topic, is_allowed, user) VALUES (?, ?, ?, ?, ?)", said
        )
