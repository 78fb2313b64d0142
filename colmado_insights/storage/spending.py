"""What Grok costs: the ledger of the requests that left this PC, and the prices of the models.

A row stands in the ledger before its request leaves, with the most that it can cost; consent and the month's limit
are looked at in the same transaction, so that nobody passes between. What never came back keeps that cost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from colmado_insights.domain import (
    SECONDS_A_DAY,
    CallOutcome,
    GrokCall,
    ModelPrice,
    TokenUse,
    Topic,
    day_number,
    moment_of,
    wall_seconds,
)
from colmado_insights.errors import BudgetSpent, NotAllowed
from colmado_insights.storage.answers import MAY_BE_SAID
from colmado_insights.storage.consents import is_topic_allowed
from colmado_insights.storage.database import Database
from colmado_insights.text import _

SHIPPED = (ModelPrice("grok-3", 30_000, 7_500, 150_000),)
"""What is known of prices before a list was ever read."""

# ── calls ──

_COLUMNS = (
    "at, topic, subject, question_key, model, prompt, attempt, sent_bytes, cost_nano, is_estimate, outcome, status,"
    " prompt_tokens, cached_tokens, answer_tokens, latency_ms, experiment_id, failed_checks, vote"
)
_PLACES = ", ".join("?" * len(_COLUMNS.split(",")))


def begin_call(database: Database, call: GrokCall, limit_nano: int) -> int:
    """Write a request into the ledger before it leaves, with the most it can cost; returns its id.

    Raises
    ------
    NotAllowed
        The owner has not allowed the topic, or the customer said no or is known no more: it must not leave.
    BudgetSpent
        With it the month's spending could pass the limit: it must not leave.
    """
    with database.transaction() as connection:
        may_be_said = connection.execute(
            f"SELECT {MAY_BE_SAID} FROM (SELECT ? AS topic, ? AS subject)", (call.topic, call.subject)
        ).fetchone()[0]
        if not (is_topic_allowed(connection, call.topic) and may_be_said):
            raise not_allowed()
        spent = connection.execute(_SPENT, (_month_start(call.at),)).fetchone()[0]
        if spent + call.cost_nano > limit_nano:
            raise BudgetSpent(
                _("Con otra pregunta se podría pasar el límite de este mes."),
                _("Espera al mes que viene, o sube el límite en la página de Grok."),
            )
        row = connection.execute(f"INSERT INTO grok_call ({_COLUMNS}) VALUES ({_PLACES})", _row(call))
        assert row.lastrowid is not None
        return row.lastrowid


def not_allowed() -> NotAllowed:
    """The error of what may not leave."""
    return NotAllowed(
        _("No has permitido que esas cifras salgan de esta computadora."),
        _("Si quieres, permítelo en la página de Grok."),
    )


def finish_call(database: Database, call: GrokCall) -> None:
    """Complete a row with what became of its request: outcome, status, tokens, time and cost."""
    with database.transaction() as connection:
        connection.execute(
            "UPDATE grok_call SET cost_nano = ?, is_estimate = ?, outcome = ?, status = ?,"
            " prompt_tokens = ?, cached_tokens = ?, answer_tokens = ?, latency_ms = ? WHERE id = ?",
            (
                call.cost_nano, call.is_estimate, call.outcome, call.status, *_token_cells(call.tokens),
                call.latency_ms, call.call_id,
            ),
        )  # fmt: skip


def reject_call(database: Database, call_id: int, failed_checks: Sequence[str]) -> None:
    """Note of a call that its answer failed these checks and is not used."""
    with database.transaction() as connection:
        connection.execute(
            "UPDATE grok_call SET outcome = ?, failed_checks = ? WHERE id = ?",
            (CallOutcome.REJECTED, json.dumps(list(failed_checks)), call_id),
        )


def read_calls(database: Database, limit: int) -> tuple[GrokCall, ...]:
    """The last requests, newest first, in the order they left whatever the clock said."""
    rows = database.read(f"SELECT id, {_COLUMNS} FROM grok_call ORDER BY id DESC LIMIT ?", (limit,))
    return tuple(_call(row) for row in rows)


def carry_calls(source: Database, target: Database) -> None:
    """Bring into another file of the shop the calls it does not know: what was spent stays spent."""
    columns = _COLUMNS.replace(" experiment_id,", "")  # which that file may not know
    places = ", ".join("?" * len(columns.split(",")))
    calls = source.read(f"SELECT id, at, question_key, attempt, {columns} FROM grok_call ORDER BY id")
    with target.transaction() as connection:
        known = set(connection.execute("SELECT at, question_key, attempt FROM grok_call"))
        last = connection.execute("SELECT coalesce(max(id), 0) FROM grok_call").fetchone()[0]
        # Under their own numbers, which a request that is still out will ask for; those taken get new ones after all.
        for number, *cells in sorted(
            (call for call in calls if call[1:4] not in known), key=lambda call: call[0] <= last
        ):
            connection.execute(
                f"INSERT INTO grok_call (id, {columns}) VALUES (?, {places})",
                (number if number > last else None, *cells[3:]),
            )


def _row(call: GrokCall) -> tuple[Any, ...]:
    return (
        wall_seconds(call.at), call.topic, call.subject, call.question_key, call.model, call.prompt, call.attempt,
        call.sent_bytes, call.cost_nano, call.is_estimate, call.outcome, call.status, *_token_cells(call.tokens),
        call.latency_ms, call.experiment_id, json.dumps(call.failed_checks), call.vote,
    )  # fmt: skip


def _token_cells(tokens: TokenUse | None) -> tuple[int | None, ...]:
    return (None, None, None) if tokens is None else (tokens.prompt, tokens.cached, tokens.answer)


def _call(row: Sequence[Any]) -> GrokCall:
    call_id, at, topic, *rest = row
    subject, key, model, prompt, attempt, size, cost, is_estimate, outcome, status, *tokens = rest[:13]
    latency_ms, experiment_id, failed_checks, vote = rest[13:]
    return GrokCall(
        call_id=call_id,
        at=moment_of(at),
        topic=Topic(topic),
        subject=subject,
        question_key=key,
        model=model,
        prompt=prompt,
        attempt=attempt,
        sent_bytes=size,
        cost_nano=cost,
        is_estimate=bool(is_estimate),
        outcome=CallOutcome(outcome),
        status=status,
        tokens=None if tokens[0] is None else TokenUse(*tokens),
        latency_ms=latency_ms,
        experiment_id=experiment_id,
        failed_checks=tuple(json.loads(failed_checks)),
        vote=vote,
    )


# ── months ──

_SPENT = "SELECT coalesce(sum(cost_nano), 0) FROM grok_call WHERE at >= ?"
"""Since a month's first second, the future included: a clock that was ahead does not make money come back."""


def read_spent(database: Database, now: datetime) -> tuple[int, int]:
    """What counts against the limit of `now`'s month, and how much of it is not known but reserved (nano-dollars)."""
    since = (_month_start(now),)
    return (
        int(database.read_one(_SPENT, since)),
        int(database.read_one(f"{_SPENT} AND is_estimate", since)),
    )


def read_month(database: Database, first: date, following: date | None) -> tuple[int, int, int]:
    """Cost, requests and those answered, from a month's first day to the next month's; to the end of time without."""
    until = 2**62 if following is None else _seconds(following)
    rows = database.read(
        "SELECT coalesce(sum(cost_nano), 0), count(*), coalesce(sum(outcome = ?), 0) FROM grok_call"
        " WHERE at >= ? AND at < ?",
        (CallOutcome.ANSWERED, _seconds(first), until),
    )
    cost, calls, answered = rows[0]
    return cost, calls, answered


def _month_start(moment: datetime) -> int:
    return _seconds(moment.date().replace(day=1))


def _seconds(day: date) -> int:
    return day_number(day) * SECONDS_A_DAY


# ── prices ──


def write_models(database: Database, models: Iterable[ModelPrice], at: datetime) -> None:
    """Keep the list as the service gave it; what it holds no more stays with its last price, as not offered.

    A price that cannot be is none, and an empty list tells nothing.
    """
    listed = {
        model.name: replace(model, is_offered=True, read_at=at) for model in models if _is_priced(model)
    }
    if not listed:
        return
    gone = [replace(model, is_offered=False) for model in read_models(database) if model.name not in listed]
    rows = [
        (
            model.name, model.prompt_price, model.cached_price, model.answer_price, json.dumps(model.aliases),
            model.is_offered, wall_seconds(model.read_at or at),
        )
        for model in (*listed.values(), *gone)
    ]  # fmt: skip
    with database.transaction() as connection:
        connection.executemany("INSERT OR REPLACE INTO grok_model VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _is_priced(model: ModelPrice) -> bool:
    prices = (model.prompt_price, model.answer_price, model.cached_price)
    return all(0 < price < 10**9 for price in prices[:2]) and 0 <= prices[2] <= model.prompt_price


def read_models(database: Database) -> tuple[ModelPrice, ...]:
    """All models whose price is known, by name; those this program was shipped with until a list was read."""
    rows = database.read(
        "SELECT name, prompt_price, cached_price, answer_price, aliases, is_offered, read_at FROM grok_model ORDER BY name"
    )
    return SHIPPED if not rows else tuple(_model(*row) for row in rows)


def _model(
    name: str, prompt: int, cached: int, answer: int, aliases: str, is_offered: int, read_at: int
) -> ModelPrice:
    return ModelPrice(
        name, prompt, cached, answer, tuple(json.loads(aliases)), bool(is_offered), moment_of(read_at)
    )
