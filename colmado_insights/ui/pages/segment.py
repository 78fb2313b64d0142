"""One segment: who they are, when they come, what they take, how it goes and what to do; or two, compared."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import NotEnough, Segment, Segments
from colmado_insights.domain import Role, Topic
from colmado_insights.personas import describe_segment
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.context import Context
from colmado_insights.ui.icons import segment_icon
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.segment_book import GROUPS, SegmentBook
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.label import Tone, label
from colmado_insights.ui.widgets.persona_card import PersonaCard
from colmado_insights.ui.widgets.picker import Picker
from colmado_insights.ui.widgets.segment_card import shown_hours
from colmado_insights.ui.widgets.segment_comparison import (
    Side,
    categories_card,
    differences_card,
    heading_card,
    hours_card,
    numbers_card,
)
from colmado_insights.ui.widgets.segment_profile import (
    figures_card,
    goods_card,
    payment_card,
    plan_card,
    when_card,
)
from colmado_insights.ui.widgets.slot import Slot
from colmado_insights.ui.widgets.state_view import Message
from colmado_insights.ui.widgets.trend_card import TrendCard
from colmado_insights.ui.words_book import WordsBook

COMPARED_HEIGHT = 190


class SegmentPage(Page):
    """The profile of the segment that was chosen; the picker puts another one beside it."""

    NAME = "segment"
    TITLE = N_("Segmento")
    ICON = "users"
    PARENT = "segments"
    ROLE = Role.MANAGER
    REPORT = "segments"
    BLOCKS = ((44, (1,)), (390, (5, 6)), (210, (5, 6)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._chosen, self._other = "", ""
        self._shown: tuple[object, ...] = ()
        self.book = SegmentBook(ctx, self)
        self.words = WordsBook(ctx, Topic.SEGMENT, self)
        self._heading = self._make_heading()
        self._profile = self._make_profile()
        self._comparison = self._make_comparison()
        self._absent = Slot()
        self.body.addWidget(self._heading)
        for part in (self._profile, self._comparison, self._absent):
            self.body.addWidget(part, 1)
        self.book.learned_changed.connect(self._show)
        self.book.performance_changed.connect(self._show)
        for keys, by in (("Alt+Left", -1), ("Alt+Right", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(partial(self.step, by))

    def read(self, progress: Progress) -> Segments | NotEnough:
        """The rule segments of the window; the rest is read beside them."""
        return self.ctx.shop.compute_segments(self.ctx.clock().date(), progress)

    def show_result(self, result: Segments) -> None:
        """Show the segment that was asked for, or the first."""
        self._chosen = self._chosen or result.segments[0].segment_id
        self.book.take(result)
        self._show()

    def show_segment(self, segment_id: str) -> None:
        """Show this one, by itself."""
        self._chosen, self._other = segment_id, ""
        self._show()

    def compare_with(self, segment_id: str) -> None:
        """Put another one beside it; an empty id takes it away."""
        self._other = segment_id
        self._show()

    def step(self, by: int) -> None:
        """Go to the next segment that anyone bought in, or to the one before."""
        ids = [each.segment_id for each in self.book.all() if each.transaction_count]
        if self._chosen in ids:
            self.show_segment(ids[(ids.index(self._chosen) + by) % len(ids)])

    # -- parts that stay --

    def _make_heading(self) -> QWidget:
        look = self.look
        left, right = QWidget(), QWidget()
        row = QHBoxLayout(left)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(10))
        back = partial(self.ctx.go, self.PARENT)
        row.addWidget(
            button(look, "", back, kind="icon", symbol="arrow-left", hint=_("Volver a Segmentos")),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        self._symbol = Slot()
        row.addWidget(self._symbol, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._name = label(look, "", 17, 650, wrap=True)
        self._about = label(look, "", 12.5, 400, "soft", wrap=True)
        words.addWidget(self._name)
        words.addWidget(self._about)
        row.addLayout(words, 1)
        tools = QHBoxLayout(right)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(look.px(8))
        tools.addStretch(1)
        for symbol, by, hint in (
            ("chevron-left", -1, _("Segmento anterior (Alt+←)")),
            ("chevron-right", 1, _("Segmento siguiente (Alt+→)")),
        ):
            tools.addWidget(button(look, "", partial(self.step, by), kind="icon", symbol=symbol, hint=hint))
        self._picker_place = Slot()
        tools.addWidget(self._picker_place)
        write_excel = partial(self.ctx.write_report, self.REPORT, ".xlsx")
        tools.addWidget(button(look, _("Excel"), write_excel, symbol="file-spreadsheet"))
        heading = CardGrid(look, 430, 2, shares=(6, 5))
        heading.add(left)
        heading.add(right)
        return heading

    def _make_profile(self) -> QWidget:
        """At the left what is counted, at the right who they are in words; the trend takes the room that is left."""
        look = self.look
        self._figures, self._plan, self._when, self._goods, self._payment = (Slot() for _place in range(5))
        self._trend = TrendCard(look, self.ctx.tasks, self.book)
        persona = PersonaCard(self.ctx, self.words, _("Quiénes son y qué ofrecerles"), "users")
        spent = CardGrid(look, 230, 2)
        spent.add(self._goods)
        spent.add(self._payment)
        profile = CardGrid(look, 400, 2, shares=(5, 6))
        profile.add(self._stacked(self._figures, self._plan, self._when, spent))
        profile.add(self._stacked(persona, self._trend))
        return profile

    def _make_comparison(self) -> QWidget:
        """What differs in words, the cards of both in two columns, and both on one scale."""
        self._differences, self._pairs = Slot(), Slot()
        self._trends = TrendCard(self.look, self.ctx.tasks, self.book, COMPARED_HEIGHT)
        return self._stacked(self._differences, self._pairs, self._trends)

    def _stacked(self, *parts: QWidget) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.look.px(12))
        for part in parts:
            column.addWidget(part)
        column.setStretchFactor(parts[-1], 1)  # a taller window gives its room to the last
        return holder

    # -- showing --

    def _show(self) -> None:
        if self.book.segments is None:
            return
        segment, other = self.book.find(self._chosen), self.book.find(self._other)
        shown = (segment, other, self.book.all(), self.book.performance, self.book.learned is None)
        if shown == self._shown:
            return  # a reading that brought nothing new leaves the page alone
        self._shown = shown
        self._heading.setVisible(segment is not None)
        self._profile.setVisible(segment is not None and other is None)
        self._comparison.setVisible(segment is not None and other is not None)
        self._absent.setVisible(segment is None)
        if segment is None:
            self._absent.fill(self._absent_message())
            return
        self._show_heading(segment)
        if other is None:
            self._show_profile(segment)
        else:
            self._show_comparison(segment, other)

    def _show_heading(self, segment: Segment) -> None:
        self._symbol.fill(SymbolTile(self.look, segment_icon(segment)))
        self._name.setText(text.segment_title(segment))
        group = next(words for kind, words in GROUPS if kind == segment.type)
        about = text.segment_about(segment) or _("Nadie compró así en estos días.")
        self._about.setText(f"{_(group)} · {about}")
        self.picker = self._make_picker(segment)
        self._picker_place.fill(self.picker)

    def _make_picker(self, segment: Segment) -> Picker:
        groups = dict(GROUPS)
        others = [
            (each.segment_id, f"{text.segment_title(each)} · {_(groups[each.type]).lower()}")
            for each in self.book.all()
            if each.segment_id != segment.segment_id and each.transaction_count
        ]
        nobody = _("Dejar de comparar") if self._other else _("Comparar con…")
        picker = Picker(self.look, [("", nobody), *others], self._other, width=210)
        picker.setAccessibleName(_("Comparar con…"))
        picker.picked.connect(self.compare_with)
        return picker

    def _show_profile(self, segment: Segment) -> None:
        look = self.look
        (performance,) = self.book.performance_of([segment]) or (None,)
        by_rules = describe_segment(segment, performance)
        self.words.open(segment.segment_id, by_rules, is_ready=self.book.learned is not None)
        self._figures.fill(figures_card(look, segment, performance))
        self._plan.setVisible(performance is not None)
        if performance is not None:
            self._plan.fill(plan_card(look, performance))
        for part in (self._when, self._goods, self._payment, self._trend):
            part.setVisible(bool(segment.transaction_count))
        if not segment.transaction_count:
            return
        self._when.fill(when_card(look, segment, shown_hours(self.book.all())))
        self._goods.fill(goods_card(look, segment))
        self._payment.fill(payment_card(look, segment))
        self._trend.show_segments([segment])

    def _show_comparison(self, segment: Segment, other: Segment) -> None:
        look, known = self.look, {each.segment_id: each for each in self.book.performances()}
        one, two = (Side(each, known.get(each.segment_id)) for each in (segment, other))
        hours = shown_hours((segment, other))
        grid = CardGrid(look, 400, 2)
        grid.add(heading_card(look, one, Tone.BRAND))
        grid.add(heading_card(look, two, Tone.ACCENT))
        for make in (numbers_card, partial(hours_card, hours=hours), categories_card):
            grid.add(make(look, one, two))
            grid.add(make(look, two, one))
        self._differences.fill(differences_card(look, one, two))
        self._pairs.fill(grid)
        self._trends.show_segments([segment, other])

    def _absent_message(self) -> Message:
        """The group asked for is being looked for, or is no more."""
        if self.book.learned is None:
            what, todo = _("Buscando grupos en tus compras…"), _("El perfil sale en cuanto estén.")
        else:
            what = _("Ese grupo ya no está.")
            todo = _("Los grupos cambian con las compras; mira los que hay ahora.")
        back = partial(self.ctx.go, self.PARENT)
        return Message(self.look, "users", what, todo, ((_("Ver los segmentos"), back),))
