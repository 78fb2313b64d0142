"""Segments: who buys, by hour, by size of the purchase, by taste, and as the purchases themselves fall."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import (
    LearnedSegments,
    NotEnough,
    Segment,
    Segments,
    SegmentType,
)
from colmado_insights.domain import Role
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.pages.segment import SegmentPage
from colmado_insights.ui.segment_book import GROUPS, SegmentBook
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.learned_view import LearnedView
from colmado_insights.ui.widgets.persona_batch import PersonaBatch
from colmado_insights.ui.widgets.segment_card import SegmentCard, shown_hours
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.switch_place import SwitchPlace
from colmado_insights.ui.widgets.weeks_card import WeeksCard

KINDS = tuple(kind for kind, _words in GROUPS)


class SegmentsPage(Page):
    """The segments of one group at a time: a card each, and how they go week by week."""

    NAME = "segments"
    TITLE = N_("Segmentos")
    ICON = "users"
    ROLE = Role.MANAGER
    REPORT = "segments"
    BLOCKS = ((36, (5, 2)), (190, (1, 1)), (190, (1, 1)), (210, (1,)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self.book = SegmentBook(ctx, self)
        self._group = Segmented(look, [_(words) for _kind, words in GROUPS])
        self._group.chosen.connect(self._show_group)
        self._summary = label(look, "", 13, 400, "soft", wrap=True)
        self.batch = PersonaBatch(ctx)
        self.body.addWidget(self._make_top())
        self.body.addWidget(self.batch)
        self._cards: list[SegmentCard] = []
        self._grid = CardGrid(look, 340, 3)
        self._weeks = WeeksCard(look, ctx.tasks, self.book)
        self._rules = QWidget()
        column = QVBoxLayout(self._rules)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        column.addWidget(self._grid)
        column.addWidget(self._weeks, 1)
        self._learned = LearnedView(look, ctx.tasks, self.book)
        self._learned.opened.connect(self.open_segment)
        self.body.addWidget(self._rules, 1)
        self.body.addWidget(self._learned, 1)
        self.book.learned_changed.connect(self._show_summary)
        self.book.performance_changed.connect(self._show_performance)

    def read(self, progress: Progress) -> Segments | NotEnough:
        """The rule segments of the window; the rest is read beside them."""
        return self.ctx.shop.compute_segments(self.ctx.clock().date(), progress)

    def show_result(self, result: Segments) -> None:
        """Fill the cards of the group that is chosen, and have the rest read."""
        self.book.take(result)
        self.batch.refresh()
        self._show_group(self._group.index)

    def open_segment(self, segment: Segment) -> None:
        """Show the profile of one segment."""
        page = self.ctx.go(SegmentPage.NAME)
        if isinstance(page, SegmentPage):
            page.show_segment(segment.segment_id)

    def show_kind(self, kind: SegmentType) -> None:
        """Show one of the groups."""
        self._group.set_index(KINDS.index(kind))
        self._show_group(self._group.index)

    # -- parts --

    def _make_top(self) -> QWidget:
        """The switch, what it counts, Grok and Excel; one below the other when the words are large."""
        words = QWidget()
        row = QHBoxLayout(words)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.look.px(10))
        row.addWidget(self._summary, 1)
        row.addWidget(self.batch.button)
        write_excel = partial(self.ctx.write_report, self.REPORT, ".xlsx")
        row.addWidget(button(self.look, _("Excel"), write_excel, symbol="file-spreadsheet"))
        top = CardGrid(self.look, 420, 2, shares=(4, 6))
        top.add(SwitchPlace(self.look, self._group))
        top.add(words)
        return top

    # -- showing --

    def _show_group(self, index: int) -> None:
        is_learned = KINDS[index] is SegmentType.LEARNED
        self._rules.setVisible(not is_learned)
        self._learned.setVisible(is_learned)
        self._show_summary()
        if not is_learned:
            self._show_cards(KINDS[index])

    def _show_cards(self, kind: SegmentType) -> None:
        if self.book.segments is None:
            return
        segments = self.book.segments.segments
        hours = shown_hours(segments)
        wanted = [each for each in segments if each.type == kind]
        if wanted == [card.segment for card in self._cards]:
            return  # a reading that brought nothing new leaves the keyboard where it is
        self._grid.clear()
        self._cards = [SegmentCard(self.look, each, hours) for each in wanted]
        for card in self._cards:
            card.opened.connect(self.open_segment)
            self._grid.add(card)
        self._show_performance()

    def _show_performance(self) -> None:
        known = {each.segment_id: each for each in self.book.performances()}
        for card in self._cards:
            card.show_performance(known.get(card.segment.segment_id))
        self._weeks.show_segments([card.segment for card in self._cards])

    def _show_summary(self) -> None:
        kind = KINDS[self._group.index]
        if kind is SegmentType.LEARNED:
            learned = self.book.learned
            self._summary.setText(learned_words(learned) if isinstance(learned, LearnedSegments) else "")
        elif self.book.segments is not None:
            self._summary.setText(summary_words(self.book.segments, kind))


def summary_words(segments: Segments, kind: SegmentType) -> str:
    """8,512 compras de los últimos 30 días · 8 % no cae en ningún segmento."""
    words = _window_words(segments)
    rest = segments.unassigned.get(kind, 0.0)
    if round(rest * 100) < 1:
        return words
    return words + " · " + _("{share} no cae en ningún segmento").format(share=text.percent(rest))


def learned_words(learned: LearnedSegments) -> str:
    """8,512 compras de los últimos 30 días · 9 grupos."""
    count = len(learned.segments)
    return _window_words(learned) + " · " + ngettext("{n} grupo", "{n} grupos", count).format(n=count)


def _window_words(found: Segments | LearnedSegments) -> str:
    receipts = ngettext("{n} compra", "{n} compras", found.receipts).format(n=text.number(found.receipts))
    return _("{receipts} de los últimos {days} días, hasta el {until}").format(
        receipts=receipts, days=found.window_days, until=text.short_date(found.until)
    )
