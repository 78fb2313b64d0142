"""Grok in words a shopkeeper knows: what it may be asked, how it stands, what it costs, what became of a call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from colmado_insights import text
from colmado_insights.domain import CallOutcome, GrokCall, ModelPrice, Reason, TokenUse, Topic
from colmado_insights.personas.budget import GrokState, find_cost
from colmado_insights.text import N_, _, ngettext
from colmado_insights.text.sentences import SENTENCES
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.vault import KeyPlace

TOPIC_SYMBOLS: dict[Topic, str] = {
    Topic.SEGMENT: "users",
    Topic.CUSTOMER: "contact",
    Topic.WEEK: "calendar-days",
    Topic.QUESTION: "circle-question-mark",
}
THEM: dict[Topic, str] = {
    Topic.SEGMENT: N_("los segmentos"),
    Topic.CUSTOMER: N_("los clientes"),
    Topic.WEEK: N_("la semana"),
    Topic.QUESTION: N_("tus preguntas"),
}
CALL_SUBJECTS: dict[Topic, str] = {
    Topic.SEGMENT: N_("Un segmento"),
    Topic.CUSTOMER: N_("Un cliente"),
    Topic.WEEK: N_("La semana"),
    Topic.QUESTION: N_("Una pregunta"),
}
"""Of a customer the ledger never says who."""
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
    them = text.join_words([_(THEM[topic]) for topic in Topic if topic in state.allowed])
    if state.key_place is None:
        return (
            _("Falta la llave: todavía no sale nada."),
            _("Permitiste {them}. Pega tu llave de xAI para que pueda contestar.").format(them=them),
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
    them = text.join_words([_(THEM[topic]) for topic in Topic if topic in state.allowed])
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


def price_words(price: ModelPrice) -> str:
    """US$ 3.00 por millón de tokens que salen, US$ 15.00 por millón que llegan."""
    return _("{sent} por millón de tokens que salen, {answered} por millón que llegan").format(
        sent=million_words(price.prompt_price), answered=million_words(price.answer_price)
    )


def million_words(price: int) -> str:
    """US$ 3.00, of a price in ten-thousandths of a US$."""
    return text.dollars(price * 100_000)


def list_words(models: Iterable[ModelPrice]) -> str:
    """How old the list of models and prices is."""
    read = [each.read_at for each in models if each.read_at is not None]
    if not read:
        return _("Precios con que vino el programa: actualízalos cuando tengas internet.")
    return _("Lista de precios del {day}.").format(day=text.short_date(max(read).date()))


def outcome_words(call: GrokCall) -> str:
    """What became of a call."""
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


def failed_words(call: GrokCall) -> str:
    """Which checks the answer failed; nothing when it failed none."""
    return " ".join(text.sentence(Reason.of(code)) for code in call.failed_checks if code in SENTENCES)


def cost_words(call: GrokCall) -> str:
    """US$ 0.0066; with ≈ before what is only the most it can have cost."""
    words = text.dollars(call.cost_nano)
    return f"≈ {words}" if call.is_estimate else words


def seconds_words(call: GrokCall) -> str:
    """2.3 s, or a dash."""
    return "–" if call.latency_ms is None else f"{text.number(call.latency_ms / 1000, 1)} s"


def moment_words(moment: datetime) -> str:
    """vie 20 nov, 5:22 p. m."""
    return f"{text.short_date(moment.date())}, {text.clock(moment)}"


def subject_words(call: GrokCall) -> str:
    """Segmento: Mañaneros; of a customer only that it was one."""
    if call.topic is Topic.SEGMENT and call.subject:
        return text.segment_name(call.subject)
    return _(CALL_SUBJECTS[call.topic])


def _next_month(today: date) -> date:
    year, month = divmod(today.year * 12 + today.month, 12)
    return date(year, month + 1, 1)
