"""Grok in words a shopkeeper knows: what it may be asked, how it stands, what it costs, what became of a call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from colmado_insights import text
from colmado_insights.domain import GrokCall, ModelPrice, Reason, TokenUse, Topic
from colmado_insights.personas.budget import GrokState, find_cost
from colmado_insights.text import _, ngettext
from colmado_insights.text.sentences import SENTENCES
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.vault import KeyPlace

TOPIC_SYMBOLS: dict[Topic, str] = {
    Topic.SEGMENT: "users",
    Topic.CUSTOMER: "contact",
    Topic.WEEK: "calendar-days",
    Topic.QUESTION: "circle-question-mark",
}
TYPICAL = TokenUse(1_200, 0, 400)
"""What one question about a segment consumes until this shop's own calls say it better."""
SEGMENTS = 12


def state_words(state: GrokState, today: date) -> tuple[str, str, Tone]:
    """How Grok stands: a headline, what follows from it, and its tone."""
    if not state.allowed:
        return (
            _("Grok está apagado. No sale nada."),
            _("Y no te hace falta: todo el programa trabaja sin internet."),
            Tone.PLAIN,
        )
    them = text.topics_words(state.allowed)
    if state.key_place is None:
        return (
            _("Falta la llave: todavía no sale nada."),
            _("Diste permiso para {them}. Pega tu llave de xAI para que pueda contestar.").format(them=them),
            Tone.ACCENT,
        )
    if state.price is None:
        return (
            _("No se sabe cuánto cuesta {model}: no se le pregunta nada.").format(model=state.model),
            _("Actualiza la lista de modelos o escoge otro."),
            Tone.ACCENT,
        )
    if not state.limit_nano:
        return (
            _("El límite está en cero: no sale nada."),
            _("Ponle un límite al mes para que pueda contestar."),
            Tone.ACCENT,
        )
    if not state.price.is_offered:
        return (
            _("Grok ya no ofrece {model}: no se le pregunta nada.").format(model=state.model),
            _("Escoge otro modelo más abajo."),
            Tone.ACCENT,
        )
    if state.is_spent:
        return (
            _("Se llegó al límite de este mes: no sale nada más."),
            _("El {day} empieza un mes nuevo. Mientras, el programa escribe con sus propias reglas.").format(
                day=text.short_date(_next_month(today))
            ),
            Tone.ACCENT,
        )
    return (
        _("Grok está encendido para {them}.").format(them=them),
        _("Lo demás no sale. Puedes apagarlo cuando quieras."),
        Tone.GOOD,
    )


def short_state_words(state: GrokState) -> str:
    """One line for another page: Apagado. No sale nada."""
    if not state.allowed:
        return _("Apagado: nada sale de esta computadora.")
    them = text.topics_words(state.allowed)
    if state.key_place is None:
        return _("Permitido para {them}, pero falta la llave: nada sale.").format(them=them)
    return _("Encendido para {them}. Este mes van {spent} de {limit}.").format(
        them=them, spent=text.dollars(state.spent_nano), limit=text.dollars(state.limit_nano)
    )


def key_words(place: KeyPlace | None) -> str:
    """Where the key is kept."""
    if place is None:
        return _("No hay llave en esta computadora.")
    return {
        KeyPlace.VAULT: _("Guardada en el llavero de esta computadora."),
        KeyPlace.SESSION: _(
            "Guardada solo hasta que cierres el programa: esta computadora no tiene llavero."
        ),
        KeyPlace.ENVIRONMENT: _("Viene de esta computadora (XAI_API_KEY): ahí se cambia o se quita."),
    }[place]


def spent_words(state: GrokState) -> str:
    """What is left of the month's limit."""
    if not state.limit_nano:
        return _("Con un límite de cero no sale nada.")
    if state.spent_nano >= state.limit_nano:
        return _("No queda nada hasta el mes que viene.")
    left = text.dollars(state.limit_nano - state.spent_nano)
    if state.is_spent:
        return _("Quedan {left}: no alcanza para otra pregunta.").format(left=left)
    if state.is_warned:
        return _("Cuidado: ya va más del 80 %. Quedan {left}.").format(left=left)
    return _("Quedan {left}.").format(left=left)


def hit_words(state: GrokState) -> str:
    """De 40 preguntas, 28 se contestaron con lo guardado."""
    asked = state.hits + state.misses
    if not asked:
        return _("Lo que contesta se guarda: si nada cambió, no se vuelve a pagar.")
    return ngettext(
        "De {n} pregunta, {kept} se contestó con lo guardado, sin pagar.",
        "De {n} preguntas, {kept} se contestaron con lo guardado, sin pagar.",
        asked,
    ).format(n=text.number(asked), kept=text.number(state.hits))


def typical_use(calls: Iterable[GrokCall]) -> TokenUse:
    """What a question about a segment consumed on average, or usually does."""
    known = [call.tokens for call in calls if call.tokens and call.topic is Topic.SEGMENT]
    if not known:
        return TYPICAL
    mean = [
        round(sum(part) / len(known)) for part in zip(*((t.prompt, t.answer) for t in known), strict=True)
    ]
    return TokenUse(mean[0], 0, mean[1])


def about_words(price: ModelPrice, use: TokenUse) -> str:
    """unos US$ 0.11: what the twelve segments cost with a model."""
    return _("unos {cost}").format(cost=text.dollars(SEGMENTS * find_cost(price, use)))


def twelve_words(price: ModelPrice, use: TokenUse) -> str:
    """los doce segmentos, unos US$ 0.11"""
    return _("los doce segmentos, {cost}").format(cost=about_words(price, use))


def failed_words(call: GrokCall) -> str:
    """Which checks the answer failed; nothing when it failed none."""
    return " ".join(text.sentence(Reason.of(code)) for code in call.failed_checks if code in SENTENCES)


def seconds_words(call: GrokCall) -> str:
    """2.3 s, or a dash."""
    return "–" if call.latency_ms is None else f"{text.number(call.latency_ms / 1000, 1)} s"


def moment_words(moment: datetime) -> str:
    """vie 20 nov, 5:22 p. m."""
    return f"{text.short_date(moment.date())}, {text.clock(moment)}"


def _next_month(today: date) -> date:
    year, month = divmod(today.year * 12 + today.month, 12)
    return date(year, month + 1, 1)
