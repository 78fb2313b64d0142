"""Experiments with ways to ask Grok, the calls made for them, and the answers that wait for the owner's thumb."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from colmado_insights.domain import Arm, CallOutcome, Experiment, Topic, moment_of, wall_seconds
from colmado_insights.storage.answers import MAY_BE_SAID
from colmado_insights.storage.database import Database

_COLUMNS = "id, topic, arms, started_at, ended_at, adopted, replaced"


@dataclass(frozen=True, slots=True)
class ArmCall:
    """What the ledger tells of one call of an experiment."""

    at: datetime
    prompt: str  # variant and version, such as "plain-1"
    model: str
    outcome: CallOutcome
    cost_nano: int
    latency_ms: int | None
    vote: int


@dataclass(frozen=True, slots=True)
class VotableAnswer:
    """An answer of an experiment that is still kept; `body` is its JSON."""

    call_id: int
    subject: str
    made_at: datetime
    prompt: str
    model: str
    vote: int
    body: str


def read_experiments(database: Database) -> tuple[Experiment, ...]:
    """All experiments, the newest first."""
    rows = database.read(f"SELECT {_COLUMNS} FROM grok_experiment ORDER BY id DESC")
    return tuple(map(_experiment, rows))


def read_running(database: Database, topic: Topic) -> Experiment | None:
    """The experiment that deals out the questions of a topic, if one does."""
    rows = database.read(
        f"SELECT {_COLUMNS} FROM grok_experiment WHERE topic = ? AND ended_at IS NULL", (topic,)
    )
    return _experiment(rows[0]) if rows else None


def write_experiment(database: Database, topic: Topic, arms: Sequence[Arm], now: datetime) -> int | None:
    """Begin an experiment; its id, or None where one of that topic runs."""
    with database.transaction() as connection:
        made = connection.execute(
            "INSERT OR IGNORE INTO grok_experiment (topic, arms, started_at) VALUES (?, ?, ?)",
            (topic, json.dumps([(arm.prompt, arm.model) for arm in arms]), wall_seconds(now)),
        )
        return made.lastrowid if made.rowcount else None


def write_end(
    database: Database,
    experiment_id: int,
    now: datetime,
    adopted: Arm | None = None,
    replaced: Arm | None = None,
) -> bool:
    """End a running experiment, with the arm adopted and what it replaced; False when none of that id runs."""
    with database.transaction() as connection:
        ended = connection.execute(
            "UPDATE grok_experiment SET ended_at = ?, adopted = ?, replaced = ? WHERE id = ? AND ended_at IS NULL",
            (wall_seconds(now), _cell(adopted), _cell(replaced), experiment_id),
        )
        return bool(ended.rowcount)


def delete_end(database: Database, experiment_id: int) -> bool:
    """Let an ended experiment run on; False when it did not end, or another of its topic runs."""
    with database.transaction() as connection:
        resumed = connection.execute(
            "UPDATE OR IGNORE grok_experiment SET ended_at = NULL, adopted = NULL, replaced = NULL"
            " WHERE id = ? AND ended_at IS NOT NULL",
            (experiment_id,),
        )
        return bool(resumed.rowcount)


def read_arm_calls(database: Database, experiment_id: int) -> tuple[ArmCall, ...]:
    """The calls made for an experiment, oldest first."""
    rows = database.read(
        "SELECT at, prompt, model, outcome, cost_nano, latency_ms, vote FROM grok_call"
        " WHERE experiment_id = ? ORDER BY id",
        (experiment_id,),
    )
    return tuple(
        ArmCall(moment_of(at), prompt, model, CallOutcome(outcome), cost, latency, vote)
        for at, prompt, model, outcome, cost, latency, vote in rows
    )


def read_votable(database: Database, experiment_id: int) -> tuple[VotableAnswer, ...]:
    """The answers of an experiment that are still kept and may be shown, the newest first."""
    rows = database.read(
        f"SELECT call_id, subject, made_at, call.prompt, call.model, vote, body FROM (SELECT * FROM grok_answer WHERE {MAY_BE_SAID})"
        " JOIN (SELECT id, prompt, model, vote, experiment_id FROM grok_call) AS call ON call.id = call_id"
        " WHERE experiment_id = ? ORDER BY call_id DESC",
        (experiment_id,),
    )
    return tuple(
        VotableAnswer(call, subject, moment_of(made), prompt, model, vote, body)
        for call, subject, made, prompt, model, vote, body in rows
    )


def _cell(arm: Arm | None) -> str | None:
    return None if arm is None else json.dumps((arm.prompt, arm.model))


def _arm(cell: str | None) -> Arm | None:
    return None if cell is None else Arm(*json.loads(cell))


def _experiment(row: Any) -> Experiment:
    number, topic, arms, started, ended, adopted, replaced = row
    return Experiment(
        experiment_id=number,
        topic=Topic(topic),
        arms=tuple(Arm(*arm) for arm in json.loads(arms)),
        started_at=moment_of(started),
        ended_at=None if ended is None else moment_of(ended),
        adopted=_arm(adopted),
        replaced=_arm(replaced),
    )
