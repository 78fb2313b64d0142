"""Kept answers come back by their question and by their subject, and never about who said no or is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights.domain import CallOutcome, Consent, Customer, GrokCall, KeptAnswer, Topic
from colmado_insights.storage import consents, customer_results, spending
from colmado_insights.storage.answers import (
    KEPT_DAYS,
    read_answer,
    read_last_answer,
    read_vote,
    write_answer,
    write_vote,
)
from colmado_insights.storage.customers import erase_customer, read_customer, write_customer
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 12, 0)
SECRET = "Compra yaniqueque los lunes"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        for topic in Topic:
            consents.write_consent(opened, topic, is_allowed=True, at=NOW, user="")
        yield opened


def asked(
    shop: Database, topic: Topic = Topic.SEGMENT, subject: str = "after_work", at: datetime = NOW
) -> int:
    call = GrokCall(0, at, topic, subject, "key", "grok-3", "plain-1", 1, 900, 5, outcome=CallOutcome.SENT)
    return spending.begin_call(shop, call, 10**12)


def answer(shop: Database, key: str = "k1", *, at: datetime = NOW, **changed: object) -> KeptAnswer:
    topic = changed.get("topic", Topic.SEGMENT)
    subject = changed.get("subject", "after_work")
    assert isinstance(topic, Topic) and isinstance(subject, str)
    call_id = asked(shop, topic, subject, at)
    body = f'{{"description": "{SECRET}"}}'
    made = KeptAnswer(key, topic, subject, "es", "grok-3", "plain-1", call_id, at, body)
    write_answer(shop, made)
    return made


def test_an_answer_comes_back_as_it_went(shop: Database) -> None:
    made = answer(shop)
    assert read_answer(shop, "k1") == made
    assert read_last_answer(shop, Topic.SEGMENT, "after_work", "es") == made
    assert read_answer(shop, "k2") is None
    assert read_last_answer(shop, Topic.SEGMENT, "after_work", "en") is None
    assert read_last_answer(shop, Topic.SEGMENT, "lunch_rush", "es") is None


def test_the_last_one_is_the_one_that_came_last_whatever_the_clock_said(shop: Database) -> None:
    answer(shop, "ahead", at=NOW + timedelta(days=400))
    made = answer(shop, "later")
    assert read_last_answer(shop, Topic.SEGMENT, "after_work", "es") == made


def test_a_new_answer_takes_the_place_of_one_to_the_same_question(shop: Database) -> None:
    answer(shop)
    newer = answer(shop, at=NOW + timedelta(hours=3))
    assert read_answer(shop, "k1") == newer
    assert shop.read_one("SELECT count(*) FROM grok_answer") == 1


def test_old_answers_go_when_a_newer_of_their_subject_comes(shop: Database) -> None:
    answer(shop, "old")
    answer(shop, "other", subject="lunch_rush")
    answer(shop, "new", at=NOW + timedelta(days=KEPT_DAYS, seconds=1))
    assert read_answer(shop, "old") is None
    assert read_answer(shop, "other") is not None


def test_a_thumb_is_kept_with_the_call(shop: Database) -> None:
    call_id = answer(shop).call_id
    assert read_vote(shop, call_id) == 0
    assert write_vote(shop, call_id, -1)
    assert read_vote(shop, call_id) == -1
    assert not write_vote(shop, 999, 1)


# ── customers ──


def customer(shop: Database, name: str = "Ana") -> tuple[int, KeptAnswer]:
    key = write_customer(shop, Customer(0, name), NOW)
    return key, answer(shop, f"about {name}", topic=Topic.CUSTOMER, subject=str(key))


def test_of_who_says_no_nothing_is_kept_or_told(shop: Database) -> None:
    key, made = customer(shop)
    assert read_answer(shop, made.question_key) == made
    write_customer(shop, replace(read_customer(shop, key), consent=Consent.NO), NOW)
    assert shop.read_one("SELECT count(*) FROM grok_answer") == 0
    assert [call.subject for call in spending.read_calls(shop, 9)] == [""]
    write_answer(shop, made)  # one that was under way meanwhile
    assert shop.read_one("SELECT count(*) FROM grok_answer") == 0


def test_an_answer_that_slipped_in_is_not_told_of_who_said_no(shop: Database) -> None:
    key, made = customer(shop)
    shop.connection.execute("UPDATE customer SET consent = ? WHERE id = ?", (int(Consent.NO), key))
    assert read_answer(shop, made.question_key) is None
    assert read_last_answer(shop, Topic.CUSTOMER, str(key), "es") is None


def test_of_who_was_erased_nothing_remains(shop: Database) -> None:
    first, _made = customer(shop, "Ñoña Pérez")
    # Where an older version kept two writings of a name apart, they are one person.
    shop.connection.execute("INSERT INTO customer (id, name) VALUES (77, 'NOÑA PEREZ'), (78, 'nona perez')")
    shop.connection.execute("UPDATE customer SET name = 'Ñoña perez' WHERE id = 77")
    answer(shop, "the other writing", topic=Topic.CUSTOMER, subject="77")
    other, stays = customer(shop, "Luis")
    erase_customer(shop, first, NOW)
    left = {row[0] for row in shop.read("SELECT id FROM customer")}
    gone = {str(key) for key in {first, 77, 78} - left}
    assert {str(first), "77"} <= gone
    assert shop.read("SELECT subject FROM grok_answer") == [(str(other),)]
    assert sorted(call.subject for call in spending.read_calls(shop, 9)) == ["", "", str(other)]
    assert read_answer(shop, stays.question_key) == stays
    erase_customer(shop, other, NOW)
    shop.close()
    for path in shop.path.parent.glob("shop.db*"):
        assert SECRET.encode() not in path.read_bytes()


def test_the_person_is_told_what_was_written_of_them(shop: Database) -> None:
    key, _made = customer(shop)
    told = customer_results.read_findings(shop, key)["grok"]
    assert told == [{"made_at": NOW.isoformat(), "description": SECRET}]
