"""What is said in words of a segment, a customer or a week, and who says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from colmado_insights import text
from colmado_insights.domain import Source, Topic
from colmado_insights.text import _


@dataclass(frozen=True)
class Persona:
    """Who they are (of a week: how it went), what to sell them, how to serve them."""

    description: str
    marketing: tuple[str, ...]
    operations: tuple[str, ...]
    source: Source = Source.RULES
    made_at: datetime | None = None  # of Grok's answer; rules are of now
    model: str = ""
    prompt: str = ""  # variant and version it was asked with
    is_old: bool = False  # older than two hours, or of other figures than today's
    call_id: int | None = None  # the row of the ledger, for the owner's thumb
    vote: int = 0
    cost_nano: int = 0  # thousand-millionths of a US$ that it cost now; 0 for one that was kept
    trouble: str = ""  # why it is not Grok's though Grok was asked, and what to do


@dataclass(frozen=True)
class Question:
    """All that may be said to Grok about one subject, and the words that the rules have for it.

    `facts` holds plain JSON values: rounded figures and codes or words of ours, nothing that a till or a person
    wrote (no names of products, customers, cashiers or files).
    """

    topic: Topic
    subject: str  # a segment's id, a customer's id, else ""; never sent
    language: str
    facts: Mapping[str, Any]
    by_rules: Persona


@dataclass(frozen=True)
class Preview:
    """What would leave this PC for one question, to the letter, and what it would cost at most."""

    topic: Topic
    url: str
    text: str  # the body of the request, as it is sent; "" when nothing would be
    most_tokens: int  # sent and answered together
    most_nano: int | None  # thousand-millionths of a US$; None when the price is not known
    is_kept: bool  # a fresh answer is at hand: nothing would be sent


@dataclass(frozen=True)
class PersonaRun:
    """What came of asking about several subjects: every one has a persona, whoever wrote it."""

    personas: Mapping[str, Persona]  # by subject
    requests: int = 0  # that left this PC, tries again among them
    kept: int = 0  # served from fresh answers without asking
    cost_nano: int = 0
    trouble: str = ""  # why the rest was written by rules
    todo: str = ""


def name_source(persona: Persona) -> str:
    """Who wrote it: this program's rules, Grok, or Grok some time ago."""
    if persona.source is Source.RULES:
        return _("Por reglas de este programa")
    return _("Sugerencia de Grok, de antes") if persona.is_old else _("Sugerencia de Grok")


def describe_source(persona: Persona, today: date | None = None) -> str:
    """Who wrote it, with what and when: Sugerencia de Grok · grok-3 · hoy, 5:22 p. m.; on paper, its date."""
    who = name_source(persona)
    if persona.source is Source.RULES or persona.made_at is None:
        return who
    day = persona.made_at.date()
    when = f"{text.near_day(day, today) if today else text.short_date(day)}, {text.clock(persona.made_at)}"
    return " · ".join(filter(None, (who, persona.model, when)))
