"""The groups found in the purchases themselves: how firm, who, how they go, and what changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights.analytics.results import LearnedSegments, NotEnough
from colmado_insights.progress import Cancelled
from colmado_insights.text import _
from colmado_insights.ui.segment_book import SegmentBook
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.firmness_card import FirmnessCard
from colmado_insights.ui.widgets.migration_card import MigrationCard
from colmado_insights.ui.widgets.segment_card import SegmentCard, shown_hours
from colmado_insights.ui.widgets.state_view import Message, StateView, not_enough_words, trouble_message
from colmado_insights.ui.widgets.weeks_card import WeeksCard
from colmado_insights.ui.widgets.work_strip import WorkStrip

BLOCKS = ((66, (1,)), (230, (1, 1, 1)), (230, (1, 1, 1)))


class LearnedView(QWidget):
    """One of four states at a time, as every page; the book says which."""

    opened = Signal(object)

    def __init__(self, look: Look, tasks: Tasks, book: SegmentBook) -> None:
        super().__init__()
        self._look, self._book = look, book
        self._work = WorkStrip(look, _("Buscando grupos en tus compras…"))
        self._work.stop_asked.connect(book.stop_search)
        book.progressed.connect(self._work.show_progress)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        self._firmness = FirmnessCard(look, tasks)
        self._grid = CardGrid(look, 340, 3)
        self._weeks = WeeksCard(look, tasks, book)
        self._migration = MigrationCard(look, tasks)
        for part in (self._firmness, self._grid, self._weeks, self._migration):
            column.addWidget(part)
        column.addStretch(1)
        self.state = StateView(look, content, BLOCKS)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(look.px(12))
        box.addWidget(self._work)
        box.addWidget(self.state, 1)
        self._cards: list[SegmentCard] = []
        book.learned_changed.connect(self.show_learned)
        book.performance_changed.connect(self.show_performance)
        book.migration_changed.connect(lambda: self._migration.show_answer(book.migration))
        self.show_learned()

    def show_learned(self) -> None:
        """Show what came of the search."""
        answer = self._book.learned
        self._work.setVisible(answer is None)
        if answer is None:
            self._work.start()
            self.state.show_loading()
        elif isinstance(answer, LearnedSegments):
            self._show_segments(answer)
            self.state.show_result()
        else:
            self.state.show_message(self._message(answer, self._book.search))

    def show_performance(self) -> None:
        """Show how each of them did."""
        if not isinstance(self._book.learned, LearnedSegments):
            return
        known = {each.segment_id: each for each in self._book.performances()}
        for card in self._cards:
            card.show_performance(known.get(card.segment.segment_id))
        self._weeks.show_segments(self._book.learned.segments)

    def _show_segments(self, learned: LearnedSegments) -> None:
        self._firmness.show_learned(learned)
        self._grid.clear()
        hours = shown_hours(learned.segments)
        self._cards = [SegmentCard(self._look, segment, hours) for segment in learned.segments]
        for card in self._cards:
            card.opened.connect(self.opened)
            self._grid.add(card)
        self.show_performance()

    def _message(self, answer: NotEnough | Exception, again: Callable[[], object]) -> Message:
        if isinstance(answer, NotEnough):
            words = _("{needed} Los otros grupos, por hora, tamaño y gusto, ya se pueden ver.")
            return Message(
                self._look,
                "hourglass",
                _("Todavía hay pocas compras para hallar grupos en ellas."),
                words.format(needed=not_enough_words(answer)),
            )
        if isinstance(answer, Cancelled):
            return Message(
                self._look,
                "combine",
                _("Se paró la búsqueda."),
                _("Los otros grupos siguen ahí. Busca otra vez cuando quieras: tarda unos segundos."),
                ((_("Buscar otra vez"), again),),
            )
        return trouble_message(self._look, answer, again)
