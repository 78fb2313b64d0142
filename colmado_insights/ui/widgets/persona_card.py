"""A subject in words, ideas to sell more and to serve better, and at the foot who says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import Source
from colmado_insights.personas import Persona
from colmado_insights.text import _
from colmado_insights.ui.context import Context
from colmado_insights.ui.dialogs.sent_text import SentText
from colmado_insights.ui.icons import Icon, icon
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.label import Tone, chip, hairline, label
from colmado_insights.ui.widgets.persona_words import IDEAS, first_sentence, source_mark, source_words
from colmado_insights.ui.widgets.slot import Slot
from colmado_insights.ui.widgets.state_view import not_enough_words

if TYPE_CHECKING:
    from colmado_insights.ui.words_book import WordsBook

THUMBS = (("thumbs-up", 1), ("thumbs-down", -1))
GROK_PAGE = "grok"
BRIEF_WIDTH = 640


class PersonaCard(Card):
    """What a `WordsBook` holds: the words of the rules stand until Grok's are there, and when Grok has none.

    Without a `title` it is a part of another card: one line, the first sentence and who says it, that unfolds
    into all the rest.
    """

    def __init__(self, ctx: Context, book: WordsBook, title: str = "", symbol: str = "") -> None:
        look = ctx.look
        super().__init__(look, title, symbol, kind="card" if title else "part")
        self.book, self._clock = book, ctx.clock
        self._shown: Persona | NotEnough | None = None
        self._said = label(look, "", 15, 400, wrap=True)
        self._ideas, self._who, self._brief_who = Slot(), Slot(), Slot()
        self._brief = label(look, "", 14, 400, wrap=True)
        self._about = label(look, _("En pocas palabras"), 13, 600, "soft")
        self._about.hide()
        self._note_row, self._note_sign, self._note = self._make_note()
        self._brief_row = self._make_brief()
        self._waiting = self._make_waiting()
        self._whole = self._make_whole(self._make_acts(partial(ctx.go, GROK_PAGE)))
        self._whole.setVisible(bool(title))
        if not title:
            self.body.setContentsMargins(0, 0, 0, 0)
            self.body.addLayout(self._brief_row)
        self.body.addWidget(self._whole, 1)
        book.changed.connect(self._show)
        book.previewed.connect(lambda preview: SentText(look, self.window(), preview).open())
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked is read now."""
        super().showEvent(event)
        self.book.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Large words need the whole width."""
        super().resizeEvent(event)
        self._arrange_brief()

    # -- parts that stay: the keyboard keeps its place while words change --

    def _make_brief(self) -> QBoxLayout:
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(self.look.px(10))
        self._more = button(self.look, _("Ver más"), self._unfold, kind="link")
        row.addWidget(self._about, 1)
        row.addWidget(self._brief_who, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self._brief, 1)
        row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        return row

    def _arrange_brief(self) -> None:
        """Side by side, or one below the other where the sentence would be a narrow column."""
        is_row = self.width() >= self.look.px(BRIEF_WIDTH) or self._brief.isHidden()
        direction = QBoxLayout.Direction.LeftToRight if is_row else QBoxLayout.Direction.TopToBottom
        self._brief_row.setDirection(direction)

    def _make_whole(self, acts: QWidget) -> QWidget:
        """Words and ideas; below the line who says it and what can be done about it."""
        look, holder = self.look, QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(6))
        foot, flow = QWidget(), Flow(look, 10, is_spread=True)
        foot.setLayout(flow)
        flow.addWidget(self._who)
        flow.addWidget(acts)
        column.addWidget(self._said)
        column.addWidget(self._ideas)
        column.addStretch(1)
        column.addSpacing(look.px(3))
        for part in (hairline(), self._note_row, foot, self._waiting):
            column.addWidget(part)
        return holder

    def _make_note(self) -> tuple[QWidget, Slot, QLabel]:
        look = self.look
        holder, sign = QWidget(), Slot()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(7))
        words = label(look, "", 13, 500, wrap=True)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        return holder, sign, words

    def _make_acts(self, go_to_grok: Callable[[], object]) -> QWidget:
        """The thumbs, what is sent, and asking; or where Grok is allowed."""
        look, holder = self.look, QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        self._voted = label(look, "", 12.5, 500, "soft")
        self.thumbs = tuple(self._make_thumb(symbol, vote) for symbol, vote in THUMBS)
        self.preview_link = button(look, _("Ver lo que se manda"), self.book.preview, kind="link")
        self.ask_button = button(look, _("Pedir a Grok"), self.book.ask, symbol="sparkles")
        self.allow_link = button(look, _("Grok puede escribir esto: ver cómo"), go_to_grok, kind="link")
        for part in (self._voted, *self.thumbs, self.preview_link, self.ask_button, self.allow_link):
            part.hide()  # all at once they would ask for more room than there is
            row.addWidget(part)
        return holder

    def _make_thumb(self, symbol: str, vote: int) -> QPushButton:
        hint = _("Me sirve") if vote > 0 else _("No me sirve")
        made = button(self.look, "", partial(self.book.vote, vote), kind="small", symbol=symbol, hint=hint)
        made.setIcon(icon(self.look, symbol, "soft", checked="brand"))
        made.setCheckable(True)
        return made

    def _make_waiting(self) -> QWidget:
        look, holder = self.look, QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(10))
        words = label(look, _("Preguntándole a Grok… Puedes seguir en otra cosa."), 13, 500, wrap=True)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(words.text())
        column = QVBoxLayout()
        column.setSpacing(look.px(5))
        column.addWidget(words)
        column.addWidget(bar)
        row.addLayout(column, 1)
        row.addWidget(button(look, _("Parar"), self.book.stop))
        return holder

    # -- showing --

    def _show(self) -> None:
        book = self.book
        if book.persona is None or book.persona != self._shown:
            self._shown = book.persona
            self._show_words(book.persona)
        persona = book.persona if isinstance(book.persona, Persona) else None
        is_by_grok = persona is not None and persona.source is not Source.RULES
        has_call = is_by_grok and persona is not None and persona.call_id is not None
        for thumb, (_symbol, vote) in zip(self.thumbs, THUMBS, strict=True):
            thumb.setVisible(has_call)
            thumb.setChecked(persona is not None and persona.vote == vote)
        vote = persona.vote if persona is not None and has_call else 0
        self._voted.setText({1: _("Te sirvió"), -1: _("No te sirvió")}.get(vote, ""))
        self._voted.setVisible(bool(vote))
        self.preview_link.setVisible(book.is_allowed and not book.is_asking)
        self.ask_button.setVisible(book.can_ask and not book.is_asking)
        can_allow = book.state is not None and not book.is_allowed
        self.allow_link.setVisible(can_allow and persona is not None and not is_by_grok)
        self._waiting.setVisible(book.is_asking)
        self._show_note()

    def _show_note(self) -> None:
        book = self.book
        self._note_row.setVisible(bool(book.note))
        self._note.setText(book.note)
        symbol, ink = ("triangle-alert", "accent") if book.has_trouble else ("circle-check", "brand")
        self._note_sign.fill(Icon(self.look, symbol, ink, 16))

    def _show_words(self, answer: Persona | NotEnough | None) -> None:
        if not isinstance(answer, Persona):
            words = _("Poniéndolo en palabras…") if answer is None else not_enough_words(answer)
            self._said.setText(words)
            self._brief.setText(words)
            for slot in (self._ideas, self._who, self._brief_who):
                slot.fill(QWidget())
            return
        self._said.setText(answer.description)
        self._brief.setText(first_sentence(answer.description))
        self._ideas.fill(self._make_ideas(answer))
        self._who.fill(self._make_who(answer))
        self._brief_who.fill(chip(self.look, *source_mark(answer)[1:]))

    def _make_ideas(self, persona: Persona) -> QWidget:
        sell, serve = IDEAS[self.book.topic]
        parts = [
            (title, symbol, ideas)
            for title, symbol, ideas in (
                (_(sell), "trending-up", persona.marketing),
                (_(serve), "heart-handshake", persona.operations),
            )
            if ideas
        ]
        grid = CardGrid(self.look, 230, max(1, len(parts)), gap=18, row_gap=8)
        for title, symbol, ideas in parts:
            grid.add(self._make_list(title, symbol, ideas))
        return grid

    def _make_list(self, title: str, symbol: str, ideas: Sequence[str]) -> QWidget:
        look, holder = self.look, QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, look.px(4), 0, 0)
        column.setSpacing(look.px(6))
        column.addLayout(
            self._make_line(Icon(look, symbol, "brand", 16), label(look, title, 13, 600, "soft"))
        )
        for idea in ideas:
            dot = label(look, "•", 13.5, 700, "brand")
            dot.setFixedWidth(look.px(16))
            dot.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addLayout(self._make_line(dot, label(look, idea, 13.5, 400, wrap=True)))
        column.addStretch(1)
        return holder

    def _make_line(self, sign: QLabel, words: QLabel) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(7))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        return row

    def _make_who(self, persona: Persona) -> QWidget:
        """The chip with its symbol, then when and by which model."""
        look, holder = self.look, QWidget()
        symbol, words, tone = source_mark(persona)
        flow = Flow(look, 6)
        holder.setLayout(flow)
        sign = Icon(look, symbol, "soft" if tone is Tone.PLAIN else str(tone), 18)
        mark = chip(look, words, tone)
        when = label(look, source_words(persona, self._clock().date()), 12.5, 400, "soft")
        for part in (sign, mark, when):
            part.setFixedHeight(mark.height())
            flow.addWidget(part)
        return holder

    def _unfold(self) -> None:
        is_open = not self._whole.isVisibleTo(self)
        for part, stands in (
            (self._whole, is_open), (self._about, is_open), (self._brief, not is_open), (self._brief_who, not is_open)
        ):  # fmt: skip
            part.setVisible(stands)
        self._more.setText(_("Ver menos") if is_open else _("Ver más"))
        self._arrange_brief()
