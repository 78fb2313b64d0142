"""Experiments are kept, run one a topic, end and go on; their calls and answers are found again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights.domain import Arm, CallOutcome, Topic
from colmado_insights.storage import experiments
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database
from tests.storage.arm_calls import add_call

NOW = datetime(2026, 11, 20, 17, 22)
PLAIN, STORY = Arm("plain", "grok-3"), Arm("story", "grok-3-mini")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


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
    add_call(database, NOW, None, body="{}")
    add_call(database, NOW, other, body="{}")
    good = add_call(database, NOW, mine, body='{"a": 1}', vote=1)
    add_call(database, NOW, mine, outcome="rejected", prompt="story-2", model="grok-3-mini", latency_ms=None)
    calls = experiments.read_arm_calls(database, mine)
    assert [(call.prompt, call.outcome, call.vote) for call in calls] == [
        ("plain-1", CallOutcome.ANSWERED, 1),
        ("story-2", CallOutcome.REJECTED, 0),
    ]
    assert calls[1].latency_ms is None
    (answer,) = experiments.read_votable(database, mine)
    assert (answer.call_id, answer.body, answer.subject, answer.vote) == (good, '{"a": 1}', "fresh", 1)
