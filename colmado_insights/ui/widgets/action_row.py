"""One advice as a row: what, why, what it brings or brought, and the answers to it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.insights import Advice, LedgerEntry
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.action_words import (
    answered_words,
    between_words,
    gain_words,
    goal_words,
    outcome_mark,
    outcome_words,
)
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.label import Tone, chip, label


class ActionRow(QWidget):
    """What all rows share: at the left what and why, at the right what it brings, and the buttons below."""

    answered = Signal(str, bool)
    undone = Signal(str)
    opened = Signal(object)  # Advice

    def __init__(self, look: Look, advice: Advice, tone: Tone = Tone.BRAND) -> None:
        super().__init__()
        self.look, self.advice = look, advice
        grid = CardGrid(look, 330, 2, shares=(15, 8), gap=14)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, look.px(9), 0, look.px(9))
        outer.addWidget(grid)
        self._words = QVBoxLayout()
        self._words.setSpacing(look.px(2))
        left = QWidget()
        row = QHBoxLayout(left)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(12))
        row.addWidget(SymbolTile(look, advice.icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._words, 1)
        self._words.addStretch(1)
        right = QWidget()
        self._right = QVBoxLayout(right)
        self._right.setSpacing(look.px(3))
        self._right.setContentsMargins(0, 0, 0, 0)
        buttons = QWidget()
        self._buttons = Flow(look, 8)
        buttons.setLayout(self._buttons)
        self._right.addSpacing(look.px(3))
        self._right.addWidget(buttons)
        self._right.addStretch(1)
        grid.add(left)
        grid.add(right)
        self.add_words(text.sentence(advice.what), 14, 600, "ink")

    def add_words(self, words: str, size: float = 12.5, weight: int = 400, ink: str = "soft") -> None:
        """A line more at the left."""
        if words:
            line = label(self.look, words, size, weight, ink, wrap=True)
            self._words.insertWidget(self._words.count() - 1, line)

    def add_result(self, widget: QWidget) -> None:
        """A line more at the right, above the buttons."""
        self._right.insertWidget(self._right.count() - 3, widget)

    def add_money(self, money: str, words: str, ink: str) -> None:
        """The amount at the right, and what it is of."""
        line, flow = QWidget(), Flow(self.look, 6)
        line.setLayout(flow)
        flow.addWidget(label(self.look, money, 15, 700, ink, tabular=True))
        flow.addWidget(label(self.look, words, 13, 400, "soft"))
        self.add_result(line)

    def add_button(self, words: str, pressed: Callable[[], object], kind: str = "plain") -> None:
        """A button more."""
        made = button(self.look, words, pressed, kind=kind)
        made.setAccessibleDescription(text.sentence(self.advice.what))
        self._buttons.addWidget(made)

    def add_way(self) -> None:
        """The way to where one acts."""
        if self.advice.page:
            self.add_button(_("Ver"), lambda: self.opened.emit(self.advice))


class OpenRow(ActionRow):
    """Advice that waits for an answer."""

    def __init__(self, look: Look, advice: Advice) -> None:
        super().__init__(look, advice, Tone.ACCENT)
        self.add_words(text.sentence(advice.why))
        if advice.gain_cents:
            self.add_money(text.money(advice.gain_cents, signed=True), gain_words(advice.goal), "good")
        self.add_button(_("Hecho"), lambda: self.answered.emit(advice.key, True), "primary")
        self.add_button(_("Ahora no"), lambda: self.answered.emit(advice.key, False))
        self.add_way()


class TakenRow(ActionRow):
    """Advice that was done, and what followed."""

    def __init__(self, look: Look, entry: LedgerEntry) -> None:
        mark, tone = outcome_mark(entry)
        super().__init__(look, entry.advice, tone if tone is not Tone.PLAIN else Tone.BRAND)
        self.add_words(answered_words(entry))
        if entry.outcome is not None:
            self.add_words(outcome_words(entry.outcome))
        self.add_result(chip(look, mark, tone))
        change = entry.outcome.change if entry.outcome else None
        if change is not None:
            ink = {Tone.GOOD: "good", Tone.BAD: "bad"}.get(tone, "ink")
            self.add_money(text.money(change.mean, signed=True), goal_words(entry.advice.goal), ink)
            self.add_result(label(look, between_words(change), 12, 400, "soft", wrap=True))
        self.add_button(_("Deshacer"), lambda: self.undone.emit(entry.advice.key))
        self.add_way()


class DismissedRow(ActionRow):
    """Advice that was not wanted; it can be taken back."""

    def __init__(self, look: Look, entry: LedgerEntry) -> None:
        super().__init__(look, entry.advice)
        self.add_words(text.sentence(entry.advice.why))
        self.add_words(answered_words(entry), ink="faint")
        if entry.advice.gain_cents:
            money = text.money(entry.advice.gain_cents, signed=True)
            self.add_money(money, gain_words(entry.advice.goal), "soft")
        self.add_button(_("Traer de vuelta"), lambda: self.undone.emit(entry.advice.key))
