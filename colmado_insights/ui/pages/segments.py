"""Segments: who buys, by hour, by size of the purchase, by taste."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import HourPattern, NotEnough, Segment, Segments, SegmentType
from colmado_insights.domain import Role
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.dialogs.segment_ideas import SegmentIdeas
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.segment_card import SegmentCard, shown_hours
from colmado_insights.ui.widgets.segmented import Segmented

GROUPS = (
    (SegmentType.TEMPORAL, N_("Por hora")),
    (SegmentType.BASKET_VALUE, N_("Por tamaño de compra")),
    (SegmentType.PRODUCT_PREFERENCE, N_("Por gusto")),
)


@dataclass(frozen=True)
class SegmentsView:
    """The segments and the week's pattern behind them."""

    segments: Segments
    pattern: HourPattern | NotEnough


class SegmentsPage(Page):
    """The twelve segments, four at a time, and when people come."""

    NAME = "segments"
    TITLE = N_("Segmentos")
    ICON = "users"
    ROLE = Role.MANAGER
    REPORT = "segments"
    BLOCKS = ((36, (5, 2)), (190, (1, 1)), (190, (1, 1)), (210, (1,)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self._view: SegmentsView | None = None
        self._group = Segmented(look, [_(words) for _type, words in GROUPS])
        self._group.chosen.connect(self._show_group)
        self._summary = label(look, "", 13, 400, "soft", wrap=True)
        self.body.addWidget(self._make_top())
        self._cards = CardGrid(look, 420, 2)
        self.body.addWidget(self._cards)
        self._week = Card(look, _("Cuándo viene la gente"), "calendar-days")
        self._heat = ChartView(look, ctx.tasks, 195, near="xy")
        self._week.body.addWidget(self._heat, 1)
        self.body.addWidget(self._week, 1)

    def read(self, progress: Progress) -> SegmentsView | NotEnough:
        """The segments of the window, and the pattern of the week."""
        segments = self.ctx.shop.compute_segments(progress=progress)
        if isinstance(segments, NotEnough):
            return segments
        return SegmentsView(segments, self.ctx.shop.compute_pattern())

    def show_result(self, result: SegmentsView) -> None:
        """Fill the cards of the group that is chosen."""
        self._view = result
        self._show_group(self._group.index)
        self._week.setVisible(isinstance(result.pattern, HourPattern))
        if isinstance(result.pattern, HourPattern):
            words = _("Compras por día abierto; más oscuro, más gente")
            self._heat.show_chart(partial(charts.pattern_heatmap, result.pattern), words)

    def _make_top(self) -> QWidget:
        """The switch, what it counts, and Excel; one below the other when the words are large."""
        words = QWidget()
        row = QHBoxLayout(words)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._summary, 1)
        write_excel = partial(self.ctx.write_report, self.REPORT, ".xlsx")
        row.addWidget(button(self.look, _("Excel"), write_excel, symbol="file-spreadsheet"))
        switch = QWidget()
        line = QHBoxLayout(switch)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._group)
        line.addStretch(1)
        top = CardGrid(self.look, 340, 2, shares=(3, 7))
        top.add(switch)
        top.add(words)
        return top

    def found_segments(self) -> tuple[Segment, ...]:
        """The segments shown last, for the quick list."""
        return self._view.segments.segments if self._view else ()

    def show_ideas(self, segment: Segment) -> None:
        """Open what is known of one segment."""
        place = next(i for i, (kind, _words) in enumerate(GROUPS) if kind == segment.type)
        self._group.set_index(place)
        self._show_group(place)
        SegmentIdeas(self.look, segment, self.window()).show()

    def _show_group(self, index: int) -> None:
        if self._view is None:
            return
        kind, segments = GROUPS[index][0], self._view.segments
        self._summary.setText(summary_words(segments, kind))
        self._cards.clear()
        hours = shown_hours(segments.segments)
        for segment in segments.segments:
            if segment.type == kind:
                card = SegmentCard(self.look, segment, hours)
                card.ideas_asked.connect(self.show_ideas)
                self._cards.add(card)


def summary_words(segments: Segments, kind: SegmentType) -> str:
    """8,512 compras de los últimos 30 días · 8 % no cae en ningún segmento."""
    receipts = ngettext("{n} compra", "{n} compras", segments.receipts).format(
        n=text.number(segments.receipts)
    )
    words = _("{receipts} de los últimos {days} días, hasta el {until}").format(
        receipts=receipts, days=segments.window_days, until=text.short_date(segments.until)
    )
    rest = segments.unassigned.get(kind, 0.0)
    if round(rest * 100) < 1:
        return words
    return words + " · " + _("{share} no cae en ningún segmento").format(share=text.percent(rest))
