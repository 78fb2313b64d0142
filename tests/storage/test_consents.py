"""Nothing is allowed at first; the last word about a topic holds, and every word stays in the log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights.domain import Topic
from colmado_insights.storage.consents import read_allowed, write_consent
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 12, 0)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def say(shop: Database, topic: Topic, is_allowed: bool, at: datetime = NOW) -> None:
    write_consent(shop, topic, is_allowed=is_allowed, at=at, user="doña")


def test_nothing_is_allowed_at_first(shop: Database) -> None:
    assert read_allowed(shop) == frozenset()


def test_each_topic_is_allowed_by_itself(shop: Database) -> None:
    say(shop, Topic.SEGMENT, True)
    say(shop, Topic.WEEK, True)
    say(shop, Topic.WEEK, False)
    assert read_allowed(shop) == {Topic.SEGMENT}


def test_the_last_word_holds_whatever_the_clock_said(shop: Database) -> None:
    say(shop, Topic.SEGMENT, True, NOW + timedelta(days=400))
    say(shop, Topic.SEGMENT, False)
    assert read_allowed(shop) == frozenset()


def test_every_word_stays_and_none_is_said_twice(shop: Database) -> None:
    for is_allowed in (False, True, True, False):
        say(shop, Topic.CUSTOMER, is_allowed)
    rows = shop.read("SELECT topic, is_allowed, user FROM grok_consent ORDER BY id")
    assert rows == [("customer", 1, "doña"), ("customer", 0, "doña")]


def test_a_topic_of_a_newer_program_is_no_trouble(shop: Database) -> None:
    shop.connection.execute(
        "INSERT INTO grok_consent (at, topic, is_allowed, user) VALUES (0, 'dreams', 1, '')"
    )
    assert read_allowed(shop) == frozenset()
