"""Rows of the ledger as an experiment leaves them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from colmado_insights.domain import wall_seconds
from colmado_insights.storage.database import Database


def add_call(
    database: Database, at: datetime, experiment: int | None, *, body: str | None = None, **values: Any
) -> int:
    """One call, answered unless said otherwise, and the answer kept of it where there is a `body`; its id."""
    row = {
        "at": wall_seconds(at), "topic": "segment", "subject": "fresh", "question_key": "q", "model": "grok-3",
        "prompt": "plain-1", "attempt": 1, "sent_bytes": 9, "cost_nano": 5, "is_estimate": 0,
        "outcome": "answered", "latency_ms": 900, "experiment_id": experiment, **values,
    }  # fmt: skip
    with database.transaction() as connection:
        call = connection.execute(
            f"INSERT INTO grok_call ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", (*row.values(),)
        ).lastrowid
        assert call is not None
        if body is not None:
            kept = ("topic", "subject", "model", "prompt", "at")
            topic, subject, model, prompt, made_at = (row[name] for name in kept)
            connection.execute(
                "INSERT INTO grok_answer VALUES (?, ?, ?, 'es', ?, ?, ?, ?, ?)",
                (f"q{call}", topic, subject, model, prompt, call, made_at, body),
            )
    return call
