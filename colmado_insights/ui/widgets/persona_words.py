"""Who says a text, always told apart: this program's rules, Grok, or Grok some time ago."""

from __future__ import annotations

import re
from datetime import date, datetime

from colmado_insights import text
from colmado_insights.domain import Source, Topic
from colmado_insights.personas import Persona, name_source
from colmado_insights.text import N_, _
from colmado_insights.ui.widgets.label import Tone

IDEAS: dict[Topic, tuple[str, str]] = {
    Topic.SEGMENT: (N_("Para vender más"), N_("Para atenderlos mejor")),
    Topic.CUSTOMER: (N_("Para venderle más"), N_("Para atenderle mejor")),
    Topic.WEEK: (N_("Para vender más"), N_("Para atender mejor")),
}
"""What stands above the ideas to sell and the ideas to serve."""


_NEXT_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-záéíóúñ]|[¿¡«\"])")


def first_sentence(words: str) -> str:
    """The words up to where the second sentence begins; a clock's "p. m." ends none in the middle."""
    return _NEXT_SENTENCE.split(words, 1)[0]


def source_mark(persona: Persona) -> tuple[str, str, Tone]:
    """The symbol, the words and the ground of who says it."""
    who = name_source(persona)
    if persona.source is Source.RULES:
        return "list-checks", who, Tone.PLAIN
    return ("clock", who, Tone.ACCENT) if persona.is_old else ("sparkles", who, Tone.BRAND)


def source_words(persona: Persona, today: date) -> str:
    """hoy 3:10 p. m. · grok-3; guardada el 18 nov · grok-3; the rules' are of now."""
    if persona.source is Source.RULES or persona.made_at is None:
        return ""
    day = _day_words(persona.made_at, today)
    when = _("guardada {day}").format(day=day) if persona.is_old else day
    return " · ".join(filter(None, (when, persona.model)))


def _day_words(moment: datetime, today: date) -> str:
    if moment.date() == today:
        return _("hoy {time}").format(time=text.clock(moment))
    month = text.month_name(moment.month, short=True)
    words = _("el {day} {month}").format(day=moment.day, month=month)
    return words if moment.year == today.year else f"{words} {moment.year}"
