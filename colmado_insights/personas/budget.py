"""What a question can cost at most, what the month has cost, and the ledger's rows around its requests."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from colmado_insights import vault
from colmado_insights.config import Settings
from colmado_insights.domain import (
    NANO_A_DOLLAR,
    CallOutcome,
    GrokCall,
    ModelPrice,
    MonthSpending,
    TokenUse,
    Topic,
)
from colmado_insights.errors import DataProblem
from colmado_insights.insights.freshness import read_cache_use
from colmado_insights.storage import consents, spending
from colmado_insights.storage.database import Database

if TYPE_CHECKING:
    from colmado_insights.grok import Attempt
    from colmado_insights.vault import KeyPlace

log = logging.getLogger(__name__)

FRAME_TOKENS = 1_000
"""What the service may put around a request; the question itself has at most a token a byte."""
THINKING_TOKENS = 16_000
"""What a model that thinks before it answers may think, paid like the answer: ours is no limit that surely binds it."""
WARN_SHARE = 0.8
CACHE_KIND = "grok"
"""Under which hits and misses of Grok's kept answers are counted."""

_TYPICAL_BYTES = 6_000
_TYPICAL_ANSWER = 800
_MOST_TOKENS = 10**9
_UNFIT = ("code", "vision", "image")
"""Parts of the names of models that write programs or look at pictures."""


@dataclass(frozen=True)
class GrokState:
    """How things stand with Grok: what is allowed, with which model, and what the month has cost."""

    allowed: frozenset[Topic]
    key_place: KeyPlace | None
    model: str
    price: ModelPrice | None  # None: not known, and nothing is asked
    limit_nano: int
    spent_nano: int  # all that counts against the limit, what is only reserved too
    reserved_nano: int  # of it: the most that requests can have cost which told no cost (yet)
    is_warned: bool  # 80 % of the limit
    is_spent: bool  # no usual question fits into the month any more
    hits: int
    misses: int
    replacement: str = ""  # a model to take instead of one that is offered no more

    @property
    def can_ask(self) -> bool:
        """Nothing stands in the way of a question about what is allowed."""
        is_priced = self.price is not None and self.price.is_offered
        return bool(self.allowed and self.key_place and self.limit_nano and is_priced and not self.is_spent)


# ── prices ──


def find_model(models: Sequence[ModelPrice], name: str) -> ModelPrice | None:
    """The model of that name or alias; one that is offered no more only when no other bears the name.

    Of several with that alias the dearest: nobody knows which of them answers.
    """
    for is_meant in (
        lambda model: model.is_offered and model.name == name,
        lambda model: model.is_offered and name in model.aliases,
        lambda model: model.name == name,
    ):
        if found := list(filter(is_meant, models)):
            return max(found, key=_usual_cost)
    return None


def find_replacement(models: Iterable[ModelPrice]) -> str:
    """A model to take instead of one that is offered no more: what costs least for a usual question; "" for none."""
    fit = [model for model in models if model.is_offered and not any(part in model.name for part in _UNFIT)]
    return min(fit, key=lambda model: (_usual_cost(model), model.name)).name if fit else ""


def thinks(model: str) -> bool:
    """Whether a model may think before it answers; of those that this program does not know, all may."""
    is_plain = model.startswith(("grok-2", "grok-3")) and "mini" not in model
    return not is_plain and "non-reasoning" not in model


def find_cost(price: ModelPrice, tokens: TokenUse) -> int:
    """What tokens cost, rounded up to whole thousand-millionths of a US$."""
    tenths = (
        (tokens.prompt - tokens.cached) * price.prompt_price
        + tokens.cached * price.cached_price
        + tokens.answer * price.answer_price
    )  # of a thousand-millionth: a ten-thousandth of a US$ for a million tokens
    return -(-tenths // 10)


def find_most_tokens(model: str, size: int, answer_tokens: int) -> TokenUse:
    """The most tokens that a request of so many bytes can take, with so many for the answer."""
    return TokenUse(size + FRAME_TOKENS, 0, answer_tokens + THINKING_TOKENS * thinks(model))


def _usual_cost(model: ModelPrice) -> int:
    return find_cost(model, find_most_tokens(model.name, _TYPICAL_BYTES, _TYPICAL_ANSWER))


# ── the month ──


def limit_nano(settings: Settings) -> int:
    """The month's limit."""
    return settings.grok_limit_cents * NANO_A_DOLLAR // 100


def read_state(database: Database, settings: Settings, now: datetime) -> GrokState:
    """How things stand with Grok at a moment."""
    models = spending.read_models(database)
    price = find_model(models, settings.grok_model)
    limit = limit_nano(settings)
    spent, reserved = spending.read_spent(database, now)
    uses = {use.kind: use for use in read_cache_use(database)}
    use = uses.get(CACHE_KIND)
    return GrokState(
        allowed=consents.read_allowed(database),
        key_place=vault.key_place(),
        model=settings.grok_model,
        price=price,
        limit_nano=limit,
        spent_nano=spent,
        reserved_nano=reserved,
        is_warned=spent >= WARN_SHARE * limit,
        is_spent=spent >= limit or (price is not None and spent + _usual_cost(price) > limit),
        hits=use.hits if use else 0,
        misses=use.misses if use else 0,
        replacement="" if price and price.is_offered else find_replacement(models),
    )


def read_spending(database: Database, now: datetime, months: int) -> tuple[MonthSpending, ...]:
    """What the last months cost, oldest first; the one of `now` with all that lies after it, as the limit sees it."""
    first, following = now.date().replace(day=1), None
    found = []
    for _month in range(months):
        found.append(MonthSpending(first, *spending.read_month(database, first, following)))
        first, following = (first - timedelta(days=1)).replace(day=1), first
    return tuple(reversed(found))


# ── the ledger ──


@dataclass
class Ledger:
    """The rows of one question's requests: reserved before each leaves, completed when it came back.

    It is what `grok.Client` knows as its `CallLog`.
    """

    database: Database
    question: GrokCall  # as the first request would be written, with the most it can cost
    price: ModelPrice
    limit_nano: int
    calls: dict[int, GrokCall] = field(default_factory=dict)

    @property
    def cost_nano(self) -> int:
        """What all requests cost, or can have cost."""
        return sum(call.cost_nano for call in self.calls.values())

    def begin(self, attempt: int) -> int:
        """Reserve the most that a request can cost; its id.

        Raises
        ------
        NotAllowed, BudgetSpent
            It must not leave.
        """
        call = replace(self.question, attempt=attempt)
        call_id = spending.begin_call(self.database, call, self.limit_nano)
        self.calls[call_id] = replace(call, call_id=call_id)
        return call_id

    def finish(self, call_id: int, attempt: Attempt) -> None:
        """Write down what became of a request; where the file cannot be written, its reservation stays."""
        call = replace(
            self.calls[call_id],
            outcome=attempt.outcome,
            status=attempt.status,
            tokens=attempt.tokens if _can_be(attempt.tokens) else None,
            latency_ms=attempt.latency_ms,
        )
        if attempt.cost_nano:  # a retired name may have led to another model, at its price
            call = replace(call, cost_nano=attempt.cost_nano, is_estimate=False)
        elif call.tokens is not None:
            call = replace(call, cost_nano=find_cost(self.price, call.tokens), is_estimate=False)
        elif _is_free(call):
            call = replace(call, cost_nano=0, is_estimate=False)
        try:
            spending.finish_call(self.database, call)
            self.calls[call_id] = call
        except DataProblem:
            log.warning("a request stays in the ledger as sent: the file could not be written")


def _can_be(tokens: TokenUse | None) -> bool:
    """Whether a service can have used so many tokens; what cannot be is as good as not told."""
    if tokens is None:
        return False
    counts = (tokens.prompt, tokens.cached, tokens.answer)
    return all(0 <= count <= _MOST_TOKENS for count in counts) and tokens.cached <= tokens.prompt


def _is_free(call: GrokCall) -> bool:
    """Whether the service refused before it worked; after its other errors it may have worked, and charged."""
    is_refused = call.status is not None and (400 <= call.status < 500 or call.status == 503)
    return is_refused and call.outcome in (CallOutcome.REFUSED, CallOutcome.BUSY)
