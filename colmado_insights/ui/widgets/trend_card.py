"""How one segment goes week by week, or two on one scale; and the words when that is not known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from colmado_insights import charts
from colmado_insights.analytics.results import Segment
from colmado_insights.text import _
from colmado_insights.ui.segment_book import SegmentBook
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import chip, label
from colmado_insights.ui.widgets.lacking import Lacking
from colmado_insights.ui.widgets.segment_profile import growth_words

HEIGHT = 130


class TrendCard(Card):
    """A line over the weeks, under what it comes to."""

    def __init__(self, look: Look, tasks: Tasks, book: SegmentBook, height: int = HEIGHT) -> None:
        super().__init__(look, _("Cómo va: vendido por día abierto, semana a semana"), "trending-up")
        self._book = book
        self._growth = QHBoxLayout()
        self._growth.setSpacing(look.px(8))
        self._chart = ChartView(look, tasks, height)
        self._lacking = Lacking(look, book)
        self.body.addLayout(self._growth)
        self.body.addWidget(self._chart, 1)
        self.body.addWidget(self._lacking, 1)

    def show_segments(self, segments: Sequence[Segment]) -> None:
        """Show how these did, or why that is not known."""
        shown = self._book.performance_of(segments)
        clear_layout(self._growth)
        self._chart.setVisible(bool(shown))
        self._lacking.stand_in(not shown)
        if not shown:
            return
        if len(segments) == 1:
            mark, tone, words = growth_words(shown[0])
            if mark:
                self._growth.addWidget(chip(self.look, mark, tone))
            self._growth.addWidget(label(self.look, words, 13, 400, "soft", wrap=True), 1)
        names = self._book.names()
        said = ", ".join(charts.last_week_words(each, names) for each in shown)
        self._chart.show_chart(partial(charts.segment_trend, shown, names), said)
