"""One question and its answer: in words, with its key figures, where it comes from and where there is more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from colmado_insights.domain import Source
from colmado_insights.errors import ShopError
from colmado_insights.text import _
from colmado_insights.ui.icons import Icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, Notice
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.label import Tone, chip, hairline, label
from colmado_insights.ui.widgets.numbered import numbered
from colmado_insights.ui.widgets.pill import Pill

if TYPE_CHECKING:
    from colmado_insights.questions import ShopAnswer

LONGEST_NUMBER = 22
"""A figure of more letters is words: it stands in a line below the numbers."""
MOST_SUGGESTED = 6


class AnswerCard(Card):
    """Waits for its answer, then shows it; `asked` carries another question, `more_asked` a page and a subject."""

    asked = Signal(str)
    more_asked = Signal(str, str)
    help_asked = Signal()  # let Grok understand it
    preview_asked = Signal()  # what that would send
    stop_asked = Signal()

    def __init__(self, look: Look, question: str) -> None:
        super().__init__(look)
        self.question = question
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(Icon(look, "message-circle-question-mark", "soft", 16), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(look, question, 13.5, 500, "soft", wrap=True), 1, Qt.AlignmentFlag.AlignTop)
        self.copy = button(look, "", self._copy, kind="small", symbol="copy", hint=_("Copiar la respuesta"))
        self.copy.hide()
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self._answer: ShopAnswer | None = None
        self.show_waiting(_("Buscando en tus ventas…"))

    def show_waiting(self, words: str) -> None:
        """Say what is being done, with a way to stop it."""
        self._clear()
        row = QHBoxLayout()
        row.setSpacing(self.look.px(10))
        row.addWidget(label(self.look, words, 13.5, 400, "soft"))
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(words)
        row.addWidget(bar, 1)
        row.addWidget(button(self.look, _("Parar"), self.stop_asked.emit))
        self.body.addLayout(row)

    def show_answer(self, answer: ShopAnswer, helps: bool | None = None) -> None:
        """Show what was found, or kindly that it is not known.

        With `helps` Grok may be asked what was meant; False offers to read how to allow it, None offers nothing.
        """
        look = self.look
        self._clear()
        self._answer = answer
        self.copy.show()
        if answer.is_known:
            self.body.addWidget(label(look, answer.words, 16, 500, wrap=True))
        else:
            self.body.addWidget(Notice(look, answer.words, Tone.ACCENT, "circle-question-mark"))
        if answer.figures:
            self.body.addWidget(_figures(look, answer.figures))
        if answer.suggestions:
            self.body.addWidget(suggestion_row(look, answer.suggestions, self.asked.emit))
        if answer.is_known:
            self.body.addWidget(hairline())
            self.body.addLayout(self._make_foot(answer))
        elif helps is not None and answer.source is Source.RULES:
            self.body.addLayout(self._make_help(can_help=helps))

    def say(self, words: str) -> None:
        """Add a line below the answer."""
        self.body.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))

    def show_trouble(self, error: Exception, retry: Callable[[], object]) -> None:
        """Say what happened, with a way to try again."""
        self._clear()
        known = str(error) if isinstance(error, ShopError) else ""
        words = known or _("No se pudo buscar por un fallo del programa. Tus ventas están a salvo.")
        notice = Notice(self.look, words, Tone.ACCENT if known else Tone.BAD, "triangle-alert")
        notice.add_action(button(self.look, _("Intentar de nuevo"), retry))
        self.body.addWidget(notice)

    # -- parts --

    def _clear(self) -> None:
        """All but the question goes."""
        while self.body.count() > 1:
            item = self.body.takeAt(1)
            if item is not None and (widget := item.widget()):
                widget.hide()
                widget.deleteLater()
            elif item is not None and (inside := item.layout()):
                clear_layout(inside)
                inside.deleteLater()

    def _make_foot(self, answer: ShopAnswer) -> QHBoxLayout:
        """Who found it, and the page that shows more."""
        look, row = self.look, QHBoxLayout()
        row.setSpacing(look.px(8))
        is_local = answer.source is Source.RULES
        row.addWidget(Icon(look, "database" if is_local else "sparkles", "soft" if is_local else "brand", 16))
        row.addWidget(chip(look, _("De tus ventas"), Tone.PLAIN))
        if not is_local:
            row.addWidget(chip(look, _("Grok ayudó a entender"), Tone.BRAND))
        row.addStretch(1)
        if answer.page:
            more = partial(self.more_asked.emit, answer.page, answer.subject)
            row.addWidget(button(look, _("Ver más →"), more, kind="link"))
        return row

    def _make_help(self, *, can_help: bool) -> QHBoxLayout:
        """Ask Grok what is meant and see what that sends; or where to allow it."""
        look, row = self.look, QHBoxLayout()
        row.setSpacing(look.px(10))
        if can_help:
            words = _("Que Grok ayude a entender")
            row.addWidget(button(look, words, self.help_asked.emit, symbol="sparkles"))
            row.addWidget(button(look, _("Ver lo que se manda"), self.preview_asked.emit, kind="link"))
        else:
            words = _("Grok puede ayudar a entender preguntas: ver cómo")
            row.addWidget(button(look, words, partial(self.more_asked.emit, "grok", ""), kind="link"))
        row.addStretch(1)
        return row

    def _copy(self) -> None:
        """Question, answer and figures, to be pasted into a message."""
        if self._answer is not None:
            lines = [self.question, self._answer.words, *(": ".join(each) for each in self._answer.figures)]
            QGuiApplication.clipboard().setText("\n".join(lines))
            self.copy.setToolTip(_("Copiado"))


def suggestion_row(look: Look, questions: Sequence[str], ask: Callable[[str], object]) -> QWidget:
    """Questions that can be asked by a click."""
    holder, flow = QWidget(), Flow(look, 6)
    holder.setLayout(flow)
    for question in questions[:MOST_SUGGESTED]:
        flow.addWidget(Pill(look, question, partial(ask, question)))
    return holder


def _figures(look: Look, figures: Sequence[tuple[str, str]]) -> QWidget:
    """The numbers side by side, each over what it is; below them what is rather told than counted."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(look.px(6))
    numbers = [each for each in figures if len(each[1]) <= LONGEST_NUMBER]
    if numbers:
        strip, flow = QWidget(), Flow(look, 24, row_gap=6)
        strip.setLayout(flow)
        for words, value in numbers:
            flow.addWidget(numbered(look, value, words))
        column.addWidget(strip)
    for words, value in (each for each in figures if each not in numbers):
        column.addWidget(label(look, f"{words}: {value}", 13, 400, "soft", wrap=True))
    return holder
