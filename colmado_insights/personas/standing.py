"""How Grok stands, in words: whether it may be asked, and what the month has cost."""

from __future__ import annotations

from datetime import date

from colmado_insights import text
from colmado_insights.personas.budget import GrokState
from colmado_insights.text import _, ngettext


def state_words(state: GrokState, today: date) -> tuple[str, str]:
    """How Grok stands: a headline, and what follows from it."""
    if not state.allowed:
        return (
            _("Grok está apagado. No sale nada."),
            _("Y no te hace falta: todo el programa trabaja sin internet."),
        )
    them = text.topics_words(state.allowed)
    if state.key_place is None:
        return (
            _("Falta la llave: todavía no sale nada."),
            _("Diste permiso para {them}. Pega tu llave de xAI para que pueda contestar.").format(them=them),
        )
    if state.price is None:
        return (
            _("No se sabe cuánto cuesta {model}: no se le pregunta nada.").format(model=state.model),
            _("Actualiza la lista de modelos o escoge otro."),
        )
    if not state.limit_nano:
        return (
            _("El límite está en cero: no sale nada."),
            _("Ponle un límite al mes para que pueda contestar."),
        )
    if not state.price.is_offered:
        return (
            _("Grok ya no ofrece {model}: no se le pregunta nada.").format(model=state.model),
            _("Escoge otro modelo más abajo."),
        )
    if state.is_spent:
        return (
            _("Se llegó al límite de este mes: no sale nada más."),
            _("El {day} empieza un mes nuevo. Mientras, el programa escribe con sus propias reglas.").format(
                day=text.short_date(_next_month(today))
            ),
        )
    return (
        _("Grok está encendido para {them}.").format(them=them),
        _("Lo demás no sale. Puedes apagarlo cuando quieras."),
    )


def short_state_words(state: GrokState, today: date) -> str:
    """One line for another page: Grok está apagado. No sale nada."""
    headline, _follows = state_words(state, today)
    return f"{headline} {month_words(state)}." if state.can_ask else headline


def month_words(state: GrokState) -> str:
    """Este mes: US$ 0.50 de US$ 5.00"""
    spent, limit = text.dollars(state.spent_nano), text.dollars(state.limit_nano)
    return _("Este mes: {spent} de {limit}").format(spent=spent, limit=limit)


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
    """Lo guardado contestó 28 de 40 preguntas."""
    asked = state.hits + state.misses
    if not asked:
        return _("Lo que contesta se guarda: si nada cambió, no se vuelve a pagar.")
    return ngettext(
        "Lo guardado contestó {kept} de {n} pregunta, sin pagar.",
        "Lo guardado contestó {kept} de {n} preguntas, sin pagar.",
        asked,
    ).format(n=text.number(asked), kept=text.number(state.hits))


def _next_month(today: date) -> date:
    year, month = divmod(today.year * 12 + today.month, 12)
    return date(year, month + 1, 1)
