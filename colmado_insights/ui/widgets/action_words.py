"""What is said of advice in a few words: what it brings and of what, what came of it, what all of it brought."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from colmado_insights import text
from colmado_insights.analytics.results import AdviceOutcome, Estimate, Outcome
from colmado_insights.insights import LedgerEntry, LedgerSum
from colmado_insights.insights.actions import DISMISSED_DAYS
from colmado_insights.insights.actions.advice import GAIN_DAYS, PROFIT
from colmado_insights.text import _, ngettext
from colmado_insights.ui.widgets.label import Tone

MARKS = {Outcome.BETTER: Tone.GOOD, Outcome.AS_BEFORE: Tone.PLAIN, Outcome.WORSE: Tone.BAD}
"""How what is known bears on it; a sign and a word always say it too."""


def goal_words(goal: str) -> str:
    """What a gain is of."""
    return _("de ganancia") if goal == PROFIT else _("de venta")


def gain_words(goal: str) -> str:
    """De ganancia en 2 semanas."""
    return _("{what} en 2 semanas").format(what=goal_words(goal))


def outcome_mark(entry: LedgerEntry) -> tuple[str, Tone]:
    """▲ mejor, = igual, ▼ peor, or how many days it still takes."""
    outcome = entry.outcome.outcome if entry.outcome else Outcome.TOO_EARLY
    words = {
        Outcome.BETTER: _("▲ mejor que sin él"),
        Outcome.AS_BEFORE: _("= como sin él"),
        Outcome.WORSE: _("▼ peor que sin él"),
        Outcome.UNKNOWN: _("no se puede medir"),
    }
    if outcome in words:
        return words[outcome], MARKS.get(outcome, Tone.PLAIN)
    return left_words(entry), Tone.BRAND


def left_words(entry: LedgerEntry) -> str:
    """Faltan 6 días: until it is judged."""
    if entry.outcome is None:
        return _("pronto se sabrá")
    left = max(1, GAIN_DAYS - (entry.outcome.until - entry.began).days)
    return ngettext("falta {n} día", "faltan {n} días", left).format(n=text.number(left))


def between_words(change: Estimate) -> str:
    """Entre +RD$ 1,400 y +RD$ 2,800."""
    low, high = (text.money(cents, signed=True) for cents in (change.lo, change.hi))
    return _("entre {low} y {high}").format(low=low, high=high)


def answered_words(entry: LedgerEntry) -> str:
    """Hecho el vie 6 nov · prometía +RD$ 1,980 de ganancia."""
    day = text.short_date(entry.began)
    words = _("Hecho el {day}").format(day=day) if entry.is_taken else _("Dejado el {day}").format(day=day)
    promised = entry.advice.gain_cents
    if not entry.is_taken:
        back = text.short_date(entry.began + timedelta(days=DISMISSED_DAYS))
        return words + " · " + _("vuelve a salir el {day}").format(day=back)
    if not promised:
        return words
    said = _("se esperaba {money} {goal}").format(
        money=text.money(promised, signed=True), goal=goal_words(entry.advice.goal)
    )
    return f"{words} · {said}"


def outcome_words(outcome: AdviceOutcome) -> str:
    """What came of it and how that is known, in sentences."""
    return " ".join(text.sentence(reason) for reason in outcome.reasons)


def sum_mark(found: LedgerSum) -> tuple[str, Tone]:
    """Whether what was brought is beyond chance."""
    if found.change.lo > 0:
        return _("▲ no es azar"), Tone.GOOD
    if found.change.hi < 0:
        return _("▼ no es azar"), Tone.BAD
    return _("= puede ser azar"), Tone.PLAIN


def sum_words(found: LedgerSum) -> str:
    """+RD$ 2,100 de ganancia (entre +RD$ 1,400 y +RD$ 2,800)."""
    money = text.money(found.change.mean, signed=True)
    return f"{money} {goal_words(found.goal)} ({between_words(found.change)})"


def latest_of(entries: Iterable[LedgerEntry], key: str) -> LedgerEntry | None:
    """The newest telling of an advice: one that came back after its answer bears its number behind the key."""
    told = [entry for entry in entries if entry.advice.key.partition("#")[0] == key]
    return max(told, key=lambda entry: (entry.shown_at, entry.advice.key), default=None)
