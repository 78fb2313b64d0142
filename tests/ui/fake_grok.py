"""Grok without a network: what is allowed, kept, spent and said, for every page that has to do with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import CallOutcome, GrokCall, ModelPrice, MonthSpending, Source, TokenUse, Topic
from colmado_insights.errors import NoKey, NotAllowed
from colmado_insights.personas import Persona, PersonaRun, Preview
from colmado_insights.personas.budget import GrokState
from colmado_insights.vault import KeyPlace

NOW = datetime(2026, 11, 20, 17, 22)
MODEL = "grok-3"
PRICES = (
    ModelPrice("grok-3", 30_000, 7_500, 150_000, ("grok-3-latest",), read_at=NOW - timedelta(days=3)),
    ModelPrice("grok-3-mini", 3_000, 750, 5_000, read_at=NOW - timedelta(days=3)),
    ModelPrice("grok-4", 30_000, 7_500, 150_000, ("grok-4-latest",), read_at=NOW - timedelta(days=3)),
    ModelPrice("grok-2", 20_000, 20_000, 100_000, is_offered=False, read_at=NOW - timedelta(days=40)),
)
SEGMENTS = (
    "morning_commute", "lunch_rush", "after_work", "late_night", "quick_picks", "regular_shoppers",
    "big_shoppers", "bulk_buyers", "beer_and_snacks", "household", "fresh", "convenience",
)  # fmt: skip
US_DOLLAR = 1_000_000_000
_OUTCOMES = (  # outcome, HTTP status, failed checks
    (CallOutcome.ANSWERED, 200, ()), (CallOutcome.ANSWERED, 200, ()), (CallOutcome.REJECTED, 200, ("numbers",)),
    (CallOutcome.ANSWERED, 200, ()), (CallOutcome.BUSY, 429, ()), (CallOutcome.ANSWERED, 200, ()),
    (CallOutcome.LOST, None, ()), (CallOutcome.ANSWERED, 200, ()), (CallOutcome.REFUSED, 404, ()),
)  # fmt: skip
_TOPICS = (Topic.SEGMENT, Topic.SEGMENT, Topic.SEGMENT, Topic.WEEK, Topic.CUSTOMER, Topic.QUESTION)


def make_persona(topic: Topic = Topic.SEGMENT, subject: str = "", source: Source = Source.RULES) -> Persona:
    """Words of Grok's or of the rules; Grok's have a date, a cost and a call to vote on."""
    if topic is Topic.WEEK:
        words = Persona(
            "La semana cerró con RD$ 84,200, un 6 % más que la anterior. El viernes fue el día más fuerte.",
            ("Repite el combo del viernes.", "Pon el hielo junto a la cerveza.", "Ofrece picadera a las 6 p. m."),
            ("Pide el pan antes del sábado.", "Ten menudo el día 30."),
        )  # fmt: skip
    else:
        words = Persona(
            "Vienen después del trabajo por la cena. Gastan RD$ 142 por compra en 3.1 productos.",
            (
                "Arma un combo de cerveza y picadera para el viernes.",
                "Pon los plátanos a la entrada.",
                "Ofrece hielo a las 6 p. m.",
            ),
            ("Abre la segunda caja a las 6 p. m.", "Repón el frío a las 5 p. m."),
        )
    if source is Source.RULES:
        return words
    return replace(
        words, source=source, made_at=NOW - timedelta(minutes=25), model=MODEL, prompt="plain-1", call_id=40,
        cost_nano=6_600_000 if source is Source.GROK else 0,
    )  # fmt: skip


def make_calls(count: int = 24) -> tuple[GrokCall, ...]:
    """Requests of the last days, newest first, of every topic and outcome."""
    made = []
    for place in range(count):
        outcome, status, failed = _OUTCOMES[place % len(_OUTCOMES)]
        topic = _TOPICS[place % len(_TOPICS)]
        has_answer = outcome in (CallOutcome.ANSWERED, CallOutcome.REJECTED)
        tokens = TokenUse(980 + 13 * place, 640 if place % 2 else 0, 350 + 7 * place) if has_answer else None
        subjects = {Topic.SEGMENT: SEGMENTS[place % len(SEGMENTS)], Topic.CUSTOMER: "3"}
        made.append(
            GrokCall(
                call_id=count - place, at=NOW - timedelta(hours=7 * place, minutes=11), topic=topic,
                subject=subjects.get(topic, ""), question_key=f"{place:064x}", model=MODEL, prompt="plain-1",
                attempt=1 + (outcome is CallOutcome.BUSY), sent_bytes=4_100 + 60 * place,
                cost_nano=(6_600_000 + 90_000 * place) if has_answer else 0 if status else 15_400_000,
                is_estimate=status is None, outcome=outcome, status=status, tokens=tokens,
                latency_ms=None if status is None else 1_900 + 230 * (place % 7), failed_checks=failed,
                vote=(1, 0, 0, -1, 0)[place % 5] if outcome is CallOutcome.ANSWERED else 0,
            )
        )  # fmt: skip
    return tuple(made)


def make_spending(months: int = 12) -> tuple[MonthSpending, ...]:
    """Months up to this one, oldest first, spending more and more."""
    made = []
    for back in range(months - 1, -1, -1):
        year, month = divmod(NOW.year * 12 + NOW.month - 1 - back, 12)
        calls = max(0, 90 - 11 * back)
        made.append(MonthSpending(date(year, month + 1, 1), calls * 24_000_000, calls, round(calls * 0.9)))
    return tuple(made)


@dataclass(kw_only=True)
class FakeGrok:
    """The part of the fake shop that knows Grok: off at first, as in a new shop."""

    grok_allowed: set[Topic] = field(default_factory=set)
    grok_key: str = ""
    grok_key_place: KeyPlace = KeyPlace.VAULT  # where a key that is given is put
    grok_spent_nano: int = 0
    grok_replacement: str = ""
    grok_calls: tuple[GrokCall, ...] = ()
    grok_prices: tuple[ModelPrice, ...] = PRICES
    grok_spending: tuple[MonthSpending, ...] | None = None  # none: nothing was ever spent
    grok_trouble: Exception | None = None  # what every request to the network ends in
    grok_asked: list[tuple[Topic, tuple[str, ...]]] = field(
        default_factory=list
    )  # what Grok was asked, in order
    grok_votes: list[tuple[int, int]] = field(default_factory=list)

    def turn_grok_on(self) -> None:
        """Allow every topic, with a key and some history."""
        self.grok_allowed = set(Topic)
        self.grok_key = "xai-fake-key-of-a-test"
        self.grok_calls, self.grok_spending = make_calls(), make_spending()
        self.grok_spent_nano = self.grok_spending[-1].cost_nano

    def read_words(
        self, topic: Topic, subject: str = "", as_of: date | None = None, now: datetime | None = None,
        progress: Any = None,
    ) -> Persona | NotEnough:  # fmt: skip
        if not self._grok_knows:
            return NotEnough(30, 0, "receipts")
        is_kept = any(topic is asked and subject in subjects for asked, subjects in self.grok_asked)
        persona = make_persona(topic, subject, Source.CACHE if is_kept else Source.RULES)
        return replace(persona, vote=dict(self.grok_votes).get(persona.call_id or 0, 0))

    def ask_words(
        self, topic: Topic, subjects: Sequence[str] = (), as_of: date | None = None,
        now: datetime | None = None, progress: Any = None,
    ) -> PersonaRun:  # fmt: skip
        wanted = tuple(subjects) or (SEGMENTS if topic is Topic.SEGMENT else ("",))
        if topic not in self.grok_allowed:
            raise NotAllowed("No has permitido preguntarle eso a Grok.", "Permítelo en «Grok y privacidad».")
        if self.grok_trouble is not None:
            personas = {each: make_persona(topic, each) for each in wanted}
            return PersonaRun(personas, requests=1, trouble=str(self.grok_trouble), todo="Prueba más tarde.")
        kept = sum(topic is asked and set(wanted) <= set(had) for asked, had in self.grok_asked)
        self.grok_asked.append((topic, wanted))
        source = Source.CACHE if kept else Source.GROK
        personas = {each: make_persona(topic, each, source) for each in wanted}
        requests = 0 if kept else len(wanted)
        return PersonaRun(personas, requests, len(wanted) - requests, requests * 6_600_000)

    def preview_words(
        self, topic: Topic, subject: str = "", as_of: date | None = None, now: datetime | None = None
    ) -> Preview | NotEnough:
        if not self._grok_knows:
            return NotEnough(30, 0, "receipts")
        facts = {
            "compras": 842,
            "gasto_por_compra": 142,
            "horas": [17, 18, 19],
            "categorias": {"abarrotes": 0.41},
        }
        messages = [
            {"role": "system", "content": "Escribes en español dominicano para el dueño de un colmado."},
            {"role": "user", "content": json.dumps(facts, ensure_ascii=False)},
        ]
        body = {"model": MODEL, "messages": messages, "temperature": 0.3, "max_tokens": 800}
        words = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        is_kept = any(topic is asked and subject in subjects for asked, subjects in self.grok_asked)
        return Preview(topic, "https://api.x.ai/v1/chat/completions", words, 1_240, 15_400_000, is_kept)

    def write_vote(self, call_id: int, vote: int) -> None:
        self.grok_votes.append((call_id, vote))

    def read_grok(self, now: datetime) -> GrokState:
        limit = self.settings.grok_limit_cents * US_DOLLAR // 100  # type: ignore[attr-defined]
        model = self.settings.grok_model  # type: ignore[attr-defined]
        if getattr(self, "mood", "small") == "failing":
            raise ZeroDivisionError("an analysis fails")
        return GrokState(
            allowed=frozenset(self.grok_allowed), key_place=self.grok_key_place if self.grok_key else None,
            model=model, price=next((each for each in self.grok_prices if each.name == model), None),
            limit_nano=limit, spent_nano=self.grok_spent_nano, reserved_nano=0,
            is_warned=self.grok_spent_nano >= 0.8 * limit, is_spent=self.grok_spent_nano >= limit,
            hits=28 if self.grok_calls else 0, misses=12 if self.grok_calls else 0,
            replacement=self.grok_replacement,
        )  # fmt: skip

    def allow_grok(self, topic: Topic, is_allowed: bool) -> None:
        (self.grok_allowed.add if is_allowed else self.grok_allowed.discard)(topic)

    def write_grok_key(self, key: str) -> KeyPlace:
        self.grok_key = key
        return self.grok_key_place

    def forget_grok_key(self) -> None:
        self.grok_key = ""

    def read_models_online(self, progress: Any) -> tuple[ModelPrice, ...]:
        if not self.grok_key:
            raise NoKey("No hay llave de Grok en esta computadora.", "Pégala en «Grok y privacidad».")
        if self.grok_trouble is not None:
            raise self.grok_trouble
        self.grok_prices = tuple(
            replace(each, read_at=NOW if each.is_offered else each.read_at) for each in self.grok_prices
        )
        return self.grok_prices

    def read_models(self) -> tuple[ModelPrice, ...]:
        return self.grok_prices

    def read_grok_calls(self, limit: int = 200) -> tuple[GrokCall, ...]:
        return self.grok_calls[:limit]

    def read_spending(self, now: datetime, months: int = 12) -> tuple[MonthSpending, ...]:
        if self.grok_spending is not None:
            return self.grok_spending[-months:]
        return tuple(replace(each, cost_nano=0, calls=0, answered=0) for each in make_spending(months))

    @property
    def _grok_knows(self) -> bool:
        mood = getattr(self, "mood", "small")
        if mood == "failing":
            raise ZeroDivisionError("an analysis fails")
        return mood != "empty"
