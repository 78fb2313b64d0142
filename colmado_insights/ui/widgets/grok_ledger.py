"""Everything that left this PC for Grok: month by month as a chart, request by request as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.domain import CallOutcome, GrokCall, MonthSpending, Topic
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.data_table import Column, DataTable
from colmado_insights.ui.widgets.grok_words import (
    failed_words,
    moment_words,
    seconds_words,
)
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.picker import Picker

MOST_CALLS = 2_000
"""A table of more is nobody's reading; the months' sums hold them all."""
USED, UNUSED, UNKNOWN = "used", "unused", "unknown"
_ENDS: dict[str, frozenset[CallOutcome]] = {
    USED: frozenset({CallOutcome.ANSWERED}),
    UNUSED: frozenset({CallOutcome.REJECTED, CallOutcome.REFUSED, CallOutcome.BUSY}),
    UNKNOWN: frozenset({CallOutcome.LOST, CallOutcome.SENT}),
}


class SpendingCard(Card):
    """Twelve months of costs under the limit."""

    def __init__(self, look: Look, tasks: Tasks) -> None:
        super().__init__(look, _("Lo gastado cada mes"), "chart-column")
        self.chart = ChartView(look, tasks, 190)
        self.body.addWidget(self.chart, 1)

    def show_months(self, months: Sequence[MonthSpending], limit_nano: int) -> None:
        """Draw them."""
        words = "; ".join(text.month_spending(each) for each in months if each.calls)
        draw = partial(charts.spending_months, months, limit_nano)
        self.chart.show_chart(draw, words or _("No se ha gastado nada."))


class LedgerCard(Card):
    """The requests, narrowed by topic and end, sorted by any column."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, _("Cada pregunta que salió"), "receipt")
        self._sum = label(look, "", 12.5, 400, "soft", wrap=True)
        self._filters = self._make_filters()
        self.table: DataTable[GrokCall] = DataTable(
            look, call_columns(), lambda call: call.call_id, sort_by=0, name=_("Cada pregunta que salió")
        )
        self.table.sort_by(0, is_down=True)
        self.table.setMinimumHeight(look.px(320))
        self._none = label(look, "", 14, 400, "soft", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for part in (self._filters, self.table, self._none, self._sum):
            self.body.addWidget(part, 1 if part is self.table else 0)
        self._calls: tuple[GrokCall, ...] = ()

    def show_calls(self, calls: Sequence[GrokCall]) -> None:
        """Fill the table; what was asked for still is."""
        self._calls = tuple(calls)
        self.table.set_rows(calls)
        self.narrow()

    def narrow(self) -> None:
        """Show those of the topic and the end that are wanted."""
        topic, ends = self.topic.key, _ENDS.get(self.end.key)

        def is_wanted(call: GrokCall) -> bool:
            return (not topic or call.topic == topic) and (ends is None or call.outcome in ends)

        self.table.narrow(is_wanted)
        shown = self.table.rows.shown
        self._filters.setVisible(bool(self._calls))
        self.table.setVisible(bool(shown))
        self._none.setVisible(not shown)
        self._none.setText(
            _("Ninguna pregunta es así.")
            if self._calls
            else _("Todavía no ha salido ninguna pregunta. Cuando salga una, aquí queda apuntada.")
        )
        self._sum.setVisible(bool(shown))
        self._sum.setText(sum_words(shown, is_all=len(self._calls) < MOST_CALLS))

    def _make_filters(self) -> QWidget:
        look, holder = self.look, QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        topics = [(str(topic), text.call_subject(topic)) for topic in Topic]
        self.topic = Picker(look, [("", _("De cualquier cosa")), *topics], width=180)
        self.topic.setAccessibleName(_("De qué"))
        ends = ((USED, _("Contestó")), (UNUSED, _("No sirvió")), (UNKNOWN, _("No volvió")))
        self.end = Picker(look, [("", _("Como haya terminado")), *ends], width=200)
        self.end.setAccessibleName(_("Cómo terminó"))
        for picker in (self.topic, self.end):
            picker.picked.connect(lambda _key: self.narrow())
            row.addWidget(picker)
        row.addStretch(1)
        return holder


def call_columns() -> tuple[Column[GrokCall], ...]:
    """What the table says of a request, what matters most first."""
    return (
        Column(_("Cuándo"), lambda call: moment_words(call.at), lambda call: (call.at, call.call_id)),
        Column(_("De qué"), _subject, _subject, 130, hint=_subject, grows=True),
        Column(_("Costó"), text.call_cost, lambda call: call.cost_nano, 112, True, hint=_cost_hint, ink=_cost_ink),
        Column(_("Cómo terminó"), text.call_outcome, text.call_outcome, 190, ink=_outcome_ink, hint=_outcome_hint),
        Column(
            _("Tokens"), _tokens(lambda call: call.tokens.prompt + call.tokens.answer if call.tokens else None),
            lambda call: call.tokens.prompt + call.tokens.answer if call.tokens else None, 84, True,
            hint=lambda _call: _("Lo que salió y lo que llegó, contado como lo cobra Grok."),
        ),
        Column(
            _("Con rebaja"), _tokens(lambda call: call.tokens.cached if call.tokens else None),
            lambda call: call.tokens.cached if call.tokens else None, 100, True,
            hint=lambda _call: _("Tokens que Grok ya tenía y cobró más baratos."),
        ),
        Column(_("Segundos"), seconds_words, lambda call: call.latency_ms, 90, True),
        Column(_("Modelo"), lambda call: call.model, lambda call: call.model, 110, hint=_asked_hint, ink=_soft),
    )  # fmt: skip


def sum_words(calls: Sequence[GrokCall], *, is_all: bool = True) -> str:
    """24 preguntas, US$ 0.19 en total; and what ≈ means, where it stands."""
    count = ngettext("{n} pregunta", "{n} preguntas", len(calls)).format(n=text.number(len(calls)))
    cost = text.dollars(sum(call.cost_nano for call in calls))
    words = _("{calls}, {cost} en total.").format(calls=count, cost=cost)
    if not is_all:
        words += " " + _("Las más viejas ya no salen aquí, pero sí en los meses.")
    if any(call.is_estimate for call in calls):
        words += " " + _("≈ es lo más que pudo costar: la cuenta no llegó.")
    return words


def _subject(call: GrokCall) -> str:
    return text.call_subject(call.topic, call.subject)


def _tokens(count: Callable[[GrokCall], int | None]) -> Callable[[GrokCall], str]:
    def words(call: GrokCall) -> str:
        number = count(call)
        return "–" if number is None else text.number(number)

    return words


def _cost_hint(call: GrokCall) -> str:
    if call.is_estimate:
        return _("Lo más que pudo costar: la cuenta no llegó, y se toma por gastado.")
    return _("Lo que costó, según los tokens que Grok contó.")


def _cost_ink(call: GrokCall) -> str:
    return "accent" if call.is_estimate else "ink"


def _outcome_ink(call: GrokCall) -> str:
    return {CallOutcome.ANSWERED: "ink", CallOutcome.SENT: "soft"}.get(call.outcome, "accent")


def _outcome_hint(call: GrokCall) -> str:
    parts = [text.capitalized(text.call_outcome(call)), failed_words(call)]
    if call.attempt > 1:
        parts.append(_("Intento número {n}.").format(n=call.attempt))
    if call.status is not None:
        parts.append(_("Respuesta {code} del servicio.").format(code=call.status))
    return "\n".join(filter(None, parts))


def _asked_hint(call: GrokCall) -> str:
    if call.topic is Topic.QUESTION:  # that is asked in one way only
        return call.model
    name, _dash, version = call.prompt.rpartition("-")
    return _("{model} · {prompt}, versión {version}").format(
        model=call.model, prompt=text.prompt_name(name), version=version
    )


def _soft(_call: GrokCall) -> str:
    return "soft"
