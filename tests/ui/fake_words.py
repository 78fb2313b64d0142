"""Answers to questions without a database: a number, a customer, and what nobody can know."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from colmado_insights.domain import Role, Source
from colmado_insights.questions import ShopAnswer

SUGGESTIONS = (
    "¿cómo va la quincena?",
    "¿cuánto vendí ayer?",
    "¿qué se está acabando?",
    "¿qué le falta a Doña Tata?",
)
BEER = ShopAnswer(
    "", "El domingo 15 vendiste RD$ 8,420 de cerveza: 12 % más que un domingo normal.", True, "sold",
    (("vendido", "RD$ 8,420"), ("unidades", "64"), ("compras", "31")), Source.RULES, (), "products",
)  # fmt: skip
DUE = ShopAnswer(
    "", "A Doña Tata le toca la leche: la lleva cada 7 días y la última fue hace 8.", True, "due",
    (("leche", "hace 8 días"),), Source.RULES, (), "customer", "1",
)  # fmt: skip
UNKNOWN = ShopAnswer(
    "", "Eso no lo sé: aquí solo están tus ventas.", False, "", (), Source.RULES, SUGGESTIONS[:2]
)  # fmt: skip


@dataclass(kw_only=True)
class FakeWords:
    """The part of the fake shop that is asked in words."""

    asked: list[tuple[str, bool]] = field(default_factory=list)  # question, and whether Grok was to help
    ask_trouble: Exception | None = None

    def ask(
        self,
        question: str,
        now: datetime,
        progress: Any = None,
        *,
        with_grok: bool = False,
        role: Role = Role.OWNER,
    ) -> ShopAnswer:
        self.asked.append((question, with_grok))
        if self.ask_trouble is not None:
            raise self.ask_trouble
        if with_grok:
            return replace(BEER, question=question, source=Source.GROK)
        known = {"cerveza": BEER, "Tata": DUE}
        found = next((answer for word, answer in known.items() if word in question), UNKNOWN)
        return replace(found, question=question)

    def suggest_questions(self, now: datetime, *, role: Role = Role.OWNER) -> tuple[str, ...]:
        return SUGGESTIONS
