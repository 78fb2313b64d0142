"""What is worth doing and what came of what was advised, for the owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from colmado_insights import text
from colmado_insights.charts import Bar
from colmado_insights.insights import Advice, LedgerEntry, LedgerSum, sum_ledger
from colmado_insights.reports.report import (
    Audience,
    Card,
    Cell,
    Column,
    Kind,
    Numbers,
    Paragraph,
    Report,
    Section,
    Table,
    Trend,
)
from colmado_insights.reports.sections.first_rows import MOST_BARS, bars_of_rows
from colmado_insights.text import _

PAPER_ENTRIES = 40


def actions_report(
    advices: Sequence[Advice], ledger: Sequence[LedgerEntry], shop_name: str, made_at: datetime
) -> Report:
    """The advice that stands, and the ledger of all that was ever given."""
    brought, anyway = sum_ledger(ledger), sum_ledger(ledger, is_taken=False)
    sections: list[Section] = [
        Numbers(_cards(advices, ledger, brought)),
        *_gain_chart(advices),
        _advices_table(advices),
        _sums_table(brought, anyway),
        _ledger_table(ledger),
    ]
    if not advices and not ledger:
        sections = [Paragraph(_("Todavía no se ha aconsejado nada."))]
    return Report(
        title=_("Qué hacer"),
        subtitle=text.capitalized(text.long_date(made_at.date())),
        shop_name=shop_name,
        made_at=made_at,
        sections=tuple(sections),
        audience=Audience.OWNER,
    )


def _cards(
    advices: Sequence[Advice], ledger: Sequence[LedgerEntry], brought: Sequence[LedgerSum]
) -> tuple[Card, ...]:
    taken = sum(entry.is_taken is True for entry in ledger)
    cards = [
        Card(_("Por hacer"), len(advices), Kind.COUNT, comparison=_("consejos de hoy")),
        Card(
            _("Hechos"), taken, Kind.COUNT, comparison=_("de {n} aconsejados").format(n=text.number(len(ledger)))
        ),
    ]  # fmt: skip
    for each in brought:
        low, high = text.money(each.change.lo, signed=True), text.money(each.change.hi, signed=True)
        sure = Trend.UP if each.change.lo > 0 else Trend.DOWN if each.change.hi < 0 else Trend.SAME
        cards.append(
            Card(
                _("Lo hecho trajo"),
                each.change.mean,
                Kind.ESTIMATE,
                chip=_("entre {lo} y {hi}").format(lo=low, hi=high),
                trend=sure,
                comparison=_goal_words(each.goal),
            )
        )
    return tuple(cards)


def _goal_words(goal: str) -> str:
    return _("de ganancia") if goal == "profit" else _("de venta")


def _gain_chart(advices: Sequence[Advice]) -> tuple[Section, ...]:
    gains = [(advice, advice.gain_cents) for advice in advices[:MOST_BARS] if advice.gain_cents]
    # Excel draws the first rows of the table: without a gap those are all that bring something.
    if not gains or [advice for advice, _gain in gains] != list(advices[: len(gains)]):
        return ()
    bars = [Bar(text.sentence(advice.what), gain, text.money(gain, signed=True)) for advice, gain in gains]
    return (bars_of_rows(_("Lo que más deja en dos semanas"), bars, "advices", 1),)


def _advices_table(advices: Sequence[Advice]) -> Table:
    return Table(
        key="advices",
        title=_("Qué hacer ahora"),
        columns=(
            Column(_("Consejo"), Kind.TEXT, 2.8),
            Column(_("Deja en dos semanas"), Kind.ESTIMATE, 1.1),
            Column(_("Es"), Kind.TEXT, 1.2),
            Column(_("Por qué"), Kind.TEXT, 4.0),
        ),
        rows=tuple(
            (
                text.sentence(advice.what),
                advice.gain_cents,
                _goal_words(advice.goal) if advice.gain_cents else "",
                text.sentence(advice.why),
            )
            for advice in advices
        ),
        empty=_("Nada pendiente."),
    )


def _sums_table(brought: Sequence[LedgerSum], anyway: Sequence[LedgerSum]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (said, _goal_words(each.goal), each.advices, each.change.mean, each.change.lo, each.change.hi)
        for said, sums in ((_("Lo que se hizo"), brought), (_("Lo que no se hizo"), anyway))
        for each in sums
    ]
    return Table(
        key="sums",
        title=_("Lo que trajeron los consejos"),
        columns=(
            Column(_("Consejos"), Kind.TEXT, 1.6),
            Column(_("Es"), Kind.TEXT, 1.0),
            Column(_("Medidos"), Kind.COUNT, 0.8),
            Column(_("Diferencia"), Kind.ESTIMATE, 1.1),
            Column(_("Desde"), Kind.ESTIMATE, 1.1),
            Column(_("Hasta"), Kind.ESTIMATE, 1.1),
        ),
        rows=tuple(rows),
        note=_(
            "Contra lo que se esperaba sin hacer nada. Lo que no se hizo dice cuánto habría cambiado igual."
        ),
        empty=_("Ningún consejo se ha podido medir todavía: se mira a las dos semanas."),
    )


def _ledger_table(ledger: Sequence[LedgerEntry]) -> Table:
    return Table(
        key="ledger",
        title=_("Todo lo aconsejado"),
        columns=(
            Column(_("Día"), Kind.DATE, 1.0),
            Column(_("Consejo"), Kind.TEXT, 2.8),
            Column(_("Respuesta"), Kind.TEXT, 1.4),
            Column(_("Se esperaba de él"), Kind.ESTIMATE, 1.1),
            Column(_("Trajo"), Kind.ESTIMATE, 1.1),
            Column(_("Qué pasó"), Kind.TEXT, 2.8),
            Column(_("Contestado"), Kind.DATE, on_paper=False),
            Column(_("Trajo: desde"), Kind.ESTIMATE, on_paper=False),
            Column(_("Trajo: hasta"), Kind.ESTIMATE, on_paper=False),
            Column(_("Habría sido sin él"), Kind.ESTIMATE, on_paper=False),
            Column(_("Fue"), Kind.ESTIMATE, on_paper=False),
        ),
        rows=tuple(_entry_row(entry) for entry in ledger),
        paper_rows=PAPER_ENTRIES,
        empty=_("Todavía no se ha aconsejado nada."),
    )


def _entry_row(entry: LedgerEntry) -> tuple[Cell, ...]:
    answers = {True: _("hecho"), False: _("ahora no"), None: _("sin respuesta")}
    outcome = entry.outcome
    change = outcome.change if outcome else None
    return (
        entry.shown_at.date(),
        text.sentence(entry.advice.what),
        answers[entry.is_taken],
        entry.advice.gain_cents,
        change.mean if change else None,
        text.sentence(outcome.reasons[0]) if outcome and outcome.reasons else "",
        entry.answered_at.date() if entry.answered_at else None,
        change.lo if change else None,
        change.hi if change else None,
        outcome.expected.mean if outcome and outcome.expected else None,
        outcome.actual if outcome else None,
    )
