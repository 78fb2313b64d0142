"""Requests to Grok in words: what they were about, what became of them, what they cost, and at what price."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from colmado_insights.domain import (
    NANO_A_DOLLAR,
    PRICE_UNITS_A_DOLLAR,
    CallOutcome,
    GrokCall,
    ModelPrice,
    MonthSpending,
    Topic,
)
from colmado_insights.text.formats import dollars, month_name, number, short_date
from colmado_insights.text.language import N_, _, ngettext
from colmado_insights.text.names import join_words, segment_name

_TOPICS = {
    Topic.SEGMENT: N_("los segmentos"),
    Topic.CUSTOMER: N_("los clientes"),
    Topic.WEEK: N_("la semana"),
    Topic.QUESTION: N_("tus preguntas"),
}
_SUBJECTS = {
    Topic.SEGMENT: N_("Un segmento"),
    Topic.CUSTOMER: N_("Un cliente"),
    Topic.WEEK: N_("La semana"),
    Topic.QUESTION: N_("Una pregunta"),
}


def topics_words(topics: Collection[Topic]) -> str:
    """los segmentos y la semana: topics within a sentence, always in the same order."""
    return join_words([_(words) for topic, words in _TOPICS.items() if topic in topics])


def call_subject(topic: Topic, subject: str = "") -> str:
    """Mañaneros, Un cliente …: what a request was about; of a customer only that it was one."""
    return segment_name(subject) if topic is Topic.SEGMENT and subject else _(_SUBJECTS[topic])


def call_outcome(call: GrokCall) -> str:
    """What became of a request."""
    if call.outcome is CallOutcome.REFUSED:
        known = {
            401: _("no aceptó la llave"),
            403: _("no aceptó la llave"),
            404: _("no tiene ese modelo"),
        }
        return known.get(call.status or 0, _("no aceptó la pregunta"))
    if call.outcome is CallOutcome.BUSY:
        return _("pidió esperar") if call.status == 429 else _("estaba caído")
    return {
        CallOutcome.SENT: _("no ha vuelto"),
        CallOutcome.ANSWERED: _("contestó"),
        CallOutcome.REJECTED: _("contestó mal: no se usó"),
        CallOutcome.LOST: _("no llegó completa"),
    }[call.outcome]


def call_cost(call: GrokCall) -> str:
    """US$ 0.0066; with ≈ before what is only the most it can have cost."""
    words = dollars(call.cost_nano)
    return f"≈ {words}" if call.is_estimate else words


def month_spending(month: MonthSpending) -> str:
    """octubre 2026: US$ 1.20 en 31 preguntas."""
    calls = ngettext("{n} pregunta", "{n} preguntas", month.calls).format(n=number(month.calls))
    name = f"{month_name(month.first_day.month)} {month.first_day.year}"
    return _("{month}: {cost} en {calls}").format(month=name, cost=dollars(month.cost_nano), calls=calls)


def model_price(price: ModelPrice) -> str:
    """US$ 3.00 por millón de tokens que salen, US$ 15.00 por millón que llegan."""
    sent, answered = (
        dollars(units * NANO_A_DOLLAR // PRICE_UNITS_A_DOLLAR)
        for units in (price.prompt_price, price.answer_price)
    )
    return _("{sent} por millón de tokens que salen, {answered} por millón que llegan").format(
        sent=sent, answered=answered
    )


def prices_age(models: Iterable[ModelPrice]) -> str:
    """How old the list of models and prices is."""
    read = [each.read_at for each in models if each.read_at is not None]
    if not read:
        return _("Precios con que vino el programa: actualízalos cuando tengas internet.")
    return _("Lista de precios del {day}.").format(day=short_date(max(read).date()))
