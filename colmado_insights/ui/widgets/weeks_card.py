"""How segments go, week by week: a small line each, and the words when there is nothing to draw."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QResizeEvent

from colmado_insights import charts
from colmado_insights.analytics.results import Segment
from colmado_insights.text import _
from colmado_insights.ui.segment_book import SegmentBook
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.lacking import Lacking

ROW_HEIGHT = 122


class WeeksCard(Card):
    """Small pictures of several segments; as high as its rows need."""

    def __init__(self, look: Look, tasks: Tasks, book: SegmentBook) -> None:
        super().__init__(look, _("Cómo va cada uno: vendido por día abierto, semana a semana"), "trending-up")
        self._book, self._count = book, 0
        self._chart = ChartView(look, tasks, ROW_HEIGHT, near="xy")
        self._lacking = Lacking(look, book)
        self.body.addWidget(self._chart, 1)
        self.body.addWidget(self._lacking, 1)
        self.show_segments(())

    def show_segments(self, segments: Sequence[Segment]) -> None:
        """Show how these did, or why that is not known."""
        shown = self._book.performance_of(segments)
        self._chart.setVisible(bool(shown))
        self._lacking.stand_in(not shown)
        if not shown:
            return
        names = self._book.names()
        self._count = len(shown)
        self._fit()
        self._chart.show_chart(
            partial(charts.segment_panels, shown, names),
            ", ".join(charts.last_week_words(each, names) for each in shown),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower card needs more rows."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        rows = charts.panel_rows(self._count, self._chart.width(), self.look.scale)
        self._chart.setMinimumHeight(rows * self.look.px(ROW_HEIGHT))
