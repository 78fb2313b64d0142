"""Experiments are kept, run one a topic, end and go on; their calls and answers are found again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from colmado_insights.domain import Arm, CallOutcome, Topic, wall_seconds
from colmado_insights.storage import experiments
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 17, 22)
PLAIN, STORY = Arm("plain", "grok-3"), Arm("story", "grok-3-mini")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def add_call(database: Database, experiment: int | None, **values: Any) -> int:
    """A row of the ledger, and where `body` is given the answer kept of it."""
    body = values.pop("body", None)
    row = {
        "at": wall_seconds(NOW), "topic": "segment", "subject": "fresh", "question_key": "q", "model": "grok-3",
        "prompt": "plain-1", "attempt": 1, "sent_bytes": 9, "cost_nano": 5, "is_estimate": 0,
        "outcome": "answered", "latency_ms": 900, "experiment_id": experiment, **values,
    }  # fmt: skip
    with database.transaction() as connection:
        call = connection.execute(
            f"INSERT INTO grok_call ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", (*row.values(),)
        ).lastrowid
        assert call is not None
        if body is not None:
            connection.execute(
                "INSERT INTO grok_answer VALUES (?, ?, ?, 'es', ?, ?, ?, ?, ?)",
                (
                    f"q{call}",
                    row["topic"],
                    row["subject"],
                    row["model"],
                    row["prompt"],
                    call,
                    row["at"],
                    body,
                ),
            )
    return call


def test_one_experiment_a_topic_at_a_time(database: Database) -> None:
    first = experiments.write_experiment(database, Topic.SEGMENT, (PLAIN, STORY), NOW)
    assert first is not None
    assert experiments.write_experiment(database, Topic.SEGMENT, (STORY, PLAIN), NOW) is None
    assert experiments.write_experiment(database, Topic.WEEK, (STORY, PLAIN), NOW) is not None
    running = experiments.read_running(database, Topic.SEGMENT)
    assert running is not None
    assert (running.experiment_id, running.arms, running.started_at) == (first, (PLAIN, STORY), NOW)
    assert experiments.read_running(database, Topic.CUSTOMER) is None


def test_an_end_can_be_taken_back_unless_another_runs(database: Database) -> None:
    first = experiments.write_experiment(database, Topic.SEGMENT, (PLAIN, STORY), NOW)
    assert first is not None
    later = NOW + timedelta(days=9)
    assert experiments.write_end(database, first, later, STORY, PLAIN)
    assert not experiments.write_end(database, first, later)
    (ended,) = experiments.read_experiments(database)
    assert (ended.ended_at, ended.adopted, ended.replaced) == (later, STORY, PLAIN)
    assert experiments.read_running(database, Topic.SEGMENT) is None
    assert experiments.delete_end(database, first)
    assert not experiments.delete_end(database, first)
    (running,) = experiments.read_experiments(database)
    assert (running.ended_at, running.adopted, running.replaced) == (None, None, None)
    assert experiments.write_end(database, first, later)
    assert experiments.write_experiment(database, Topic.SEGMENT, (PLAIN, STORY), later) is not None
    assert not experiments.delete_end(database, first)
    assert not experiments.write_end(database, 99, later)


def test_calls_and_answers_are_those_of_the_experiment(database: Database) -> None:
    mine = experiments.write_experiment(database, Topic.SEGMENT, (PLAIN, STORY), NOW)
    other = experiments.write_experiment(database, Topic.WEEK, (PLAIN, STORY), NOW)
    assert mine is not None
    add_call(database, None, body="{}")
    add_call(database, other, body="{}")
    good = add_call(database, mine, body='{"a": 1}', vote=1)
    add_call(database, mine, outcome="rejected", prompt="story-2", model="grok-3-mini", latency_ms=None)
    calls = experiments.read_arm_calls(database, mine)
    assert [(call.prompt, call.outcome, call.vote) for call in calls] == [
        ("plain-1", CallOutcome.ANSWERED, 1),
        ("story-2", CallOutcome.REJECTED, 0),
    ]
    assert calls[1].latency_ms is None
    (answer,) = experiments.read_votable(database, mine)
    assert (answer.call_id, answer.body, answer.subject, answer.vote) == (good, '{"a": 1}', "fresh", 1)
