"""The numbers on top of what to do: what waits, what was done, what that brought, and what was put off."""

from __future__ import annotations

from collections.abc import Sequence

from colmado_insights import text
from colmado_insights.analytics.results import Outcome
from colmado_insights.insights import Advice, LedgerEntry, count_outcomes, sum_ledger
from colmado_insights.insights.actions.advice import PROFIT
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.action_words import (
    between_words,
    gain_words,
    goal_words,
    sum_mark,
    sum_words,
)
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.number_card import NumberCard


def action_cards(
    look: Look, advices: Sequence[Advice], taken: Sequence[LedgerEntry], dismissed: Sequence[LedgerEntry]
) -> tuple[NumberCard, ...]:
    """The four cards."""
    return (
        _waiting_card(look, advices),
        _taken_card(look, taken),
        _brought_card(look, taken),
        _dismissed_card(look, dismissed),
    )


def _waiting_card(look: Look, advices: Sequence[Advice]) -> NumberCard:
    best = next((advice for advice in advices if advice.gain_cents), None)
    words = _("todo atendido")
    if best is not None and best.gain_cents:
        words = _("el primero trae {money} {what}").format(
            money=text.money(best.gain_cents, signed=True), what=gain_words(best.goal)
        )
    elif advices:
        words = _("sin monto que se pueda decir")
    return NumberCard(look, _("Por hacer"), "list-checks", text.number(len(advices)), words=words)


def _taken_card(look: Look, taken: Sequence[LedgerEntry]) -> NumberCard:
    title = _("Hecho")
    if not taken:
        return NumberCard(look, title, "check", "0", words=_("marca «Hecho» en lo que hagas"))
    counts = count_outcomes(taken)
    better, same, worse = (counts[each] for each in (Outcome.BETTER, Outcome.AS_BEFORE, Outcome.WORSE))
    unmeasured = counts[Outcome.UNKNOWN]
    waiting = len(taken) - better - same - worse - unmeasured
    parts = [
        _("mejor, igual o peor que sin él") if better + same + worse else "",
        ngettext("{n} por saberse", "{n} por saberse", waiting).format(n=text.number(waiting)) if waiting else "",
        ngettext("{n} no se puede medir", "{n} no se pueden medir", unmeasured).format(n=text.number(unmeasured))
        if unmeasured
        else "",
    ]  # fmt: skip
    known = better + same + worse
    mark = f"▲ {text.number(better)} · = {text.number(same)} · ▼ {text.number(worse)}"
    tone = Tone.GOOD if better > worse else Tone.BAD if worse > better else Tone.PLAIN
    return NumberCard(
        look, title, "check", text.number(len(taken)), mark=mark if known else "", tone=tone,
        words=" · ".join(filter(None, parts)),
    )  # fmt: skip


def _brought_card(look: Look, taken: Sequence[LedgerEntry]) -> NumberCard:
    """Profit where any is known; revenue is told beside it, never added to it."""
    title, sums = _("Lo que trajo lo hecho"), sorted(sum_ledger(taken), key=lambda each: each.goal != PROFIT)
    if not sums:
        words = _("se sabe a las dos semanas de hacer algo")
        return NumberCard(look, title, "coins", "–", words=words)
    first, *rest = sums
    mark, tone = sum_mark(first)
    words = f"{goal_words(first.goal)}, {between_words(first.change)}"
    if rest:
        words = f"{words}; " + _("aparte, {sum}").format(sum=sum_words(rest[0]))
    money = text.money(first.change.mean, signed=True)
    return NumberCard(look, title, "coins", money, mark=mark, tone=tone, words=words)


def _dismissed_card(look: Look, dismissed: Sequence[LedgerEntry]) -> NumberCard:
    words = _("abajo se pueden traer de vuelta") if dismissed else _("nada descartado")
    return NumberCard(look, _("Ahora no"), "clock", text.number(len(dismissed)), words=words)
