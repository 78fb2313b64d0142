"""Grok in words a shopkeeper knows: what it may be asked, how it stands, what it costs, what became of a call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from colmado_insights import text
from colmado_insights.domain import GrokCall, ModelPrice, Reason, TokenUse, Topic
from colmado_insights.personas.budget import GrokState, find_cost
from colmado_insights.text import _
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


def state_tone(state: GrokState) -> Tone:
    """Good when it can be asked, plain when nobody wants that."""
    if not state.allowed:
        return Tone.PLAIN
    return Tone.GOOD if state.can_ask else Tone.ACCENT


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
    return text.about_dollars(SEGMENTS * find_cost(price, use))


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
