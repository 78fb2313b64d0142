"""Who went where since groups were last looked for: a picture of the flows, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import Flow, Migration, NotEnough
from colmado_insights.text import _
from colmado_insights.ui.segment_book import MigrationAnswer
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.data_table import Column, DataTable
from colmado_insights.ui.widgets.label import label

HEIGHT = 330
ALMOST_ALL = 0.995
LEAST_SHARE = 0.0005


class MigrationCard(Card):
    """Ribbons at the left, rows at the right; on the first run, why there is nothing to compare."""

    def __init__(self, look: Look, tasks: Tasks) -> None:
        super().__init__(look, _("Qué cambió desde la vez anterior"), "combine")
        self._total = 1
        self._names: Mapping[str, str] = {}
        self._words = label(look, "", 13, 400, "soft", wrap=True)
        self.body.addWidget(self._words)
        self._chart = ChartView(look, tasks, HEIGHT, near="xy")
        self.table = self._make_table()
        self._parts = CardGrid(look, 430, 2, shares=(1, 1), gap=18)
        self._parts.add(self._chart)
        self._parts.add(self._make_side())
        self.body.addWidget(self._parts)
        self.show_answer(None)

    def show_answer(self, answer: MigrationAnswer) -> None:
        """Show what is known of it."""
        self._parts.setVisible(isinstance(answer, Migration))
        self._words.setText(migration_words(answer))
        if not isinstance(answer, Migration):
            return
        self._names = migration_names(answer)
        self._total = max(1, sum(flow.receipts for flow in answer.flows))
        self.table.set_rows(flow for flow in answer.flows if flow.receipts)
        self._chart.show_chart(partial(charts.migration_flows, answer, self._names), self._words.text())

    def _make_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        return side

    def _make_table(self) -> DataTable[Flow]:
        def name(segment_id: str) -> str:
            return charts.segment_words(segment_id, self._names)

        def source(flow: Flow) -> str:
            return name(flow.source)

        def target(flow: Flow) -> str:
            return _("siguen ahí") if flow.source == flow.target else name(flow.target)

        def place(flow: Flow) -> tuple[bool, int]:
            """What moved comes before what stayed, however much that is."""
            return flow.source != flow.target, flow.receipts

        columns: tuple[Column[Flow], ...] = (
            Column(_("De"), source, source, hint=source),
            Column(
                _("A"), target, lambda flow: name(flow.target), hint=target,
                ink=lambda flow: "soft" if flow.source == flow.target else "ink",
            ),
            Column(_("Compras"), lambda flow: text.number(flow.receipts), place, 112, True),
            Column(_("Parte"), lambda flow: part_words(flow.receipts / self._total), place, 80, True),
        )  # fmt: skip
        table: DataTable[Flow] = DataTable(
            self.look, columns, lambda flow: (flow.source, flow.target), sort_by=2,
            name=_("Compras que cambiaron de grupo"),
        )  # fmt: skip
        table.setMinimumHeight(self.look.px(HEIGHT))
        return table


def migration_names(migration: Migration) -> dict[str, str]:
    """What the segments of both runs are called."""
    return {
        segment_id: text.segment_name(segment_id) if name is None else text.sentence(name)
        for segment_id, name in migration.names
    }


def migration_words(answer: MigrationAnswer) -> str:
    """How much stayed as it was, or why that cannot be said."""
    if answer is None:
        return _("Comparando con la vez anterior…")
    if isinstance(answer, NotEnough):
        return _(
            "Todavía no hay con qué comparar: es la primera vez que se buscan. La próxima vez se verá aquí"
            " qué compras siguen en su grupo y cuáles se mudaron."
        )
    if isinstance(answer, Exception):
        return _("No se pudo comparar con la vez anterior. Los grupos de arriba sí valen.")
    day = text.short_date(answer.before)
    if ALMOST_ALL <= answer.stayed < 1:
        return _("Casi todas las compras siguen en el mismo grupo que el {day}.").format(day=day)
    share = text.percent(answer.stayed)
    return _("{share} de las compras siguen en el mismo grupo que el {day}.").format(share=share, day=day)


def part_words(share: float) -> str:
    """3 %; what is too little for a figure says so."""
    return "< 0.1 %" if 0 < share < LEAST_SHARE else text.percent(share)
