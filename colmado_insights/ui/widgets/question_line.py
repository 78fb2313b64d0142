"""The line one writes a question in; the arrow up brings back what was asked before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from colmado_insights.text import _
from colmado_insights.ui.style import Look

MOST_LETTERS = 300


class QuestionLine(QLineEdit):
    """Enter asks; `asked` carries the question without blanks around it."""

    asked = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._before: list[str] = []
        self._place = 0  # of the question recalled; past the last is what is being written
        self._draft = ""
        self.setProperty("kind", "question")
        self.setFont(look.font(16))
        self.setMaxLength(MOST_LETTERS)
        self.setPlaceholderText(_("por ejemplo: ¿cuánto vendí de cerveza el domingo?"))
        self.setAccessibleName(_("Tu pregunta"))
        self.setAccessibleDescription(_("Enter pregunta; la flecha hacia arriba trae lo que ya preguntaste"))
        self.setClearButtonEnabled(True)
        self.returnPressed.connect(self.ask)

    def ask(self) -> None:
        """Hand the question over and make room for the next."""
        words = " ".join(self.text().split())
        if not words:
            return
        self.remember(words)
        self.clear()
        self.asked.emit(words)

    def remember(self, words: str) -> None:
        """Keep a question, so that it can be brought back."""
        if not self._before or self._before[-1] != words:
            self._before.append(words)
        self._place = len(self._before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down walk through what was asked."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if by:
            self._step(by)
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        place = min(max(self._place + by, 0), len(self._before))
        if place == self._place:
            return
        if self._place == len(self._before):
            self._draft = self.text()
        self._place = place
        self.setText(self._draft if place == len(self._before) else self._before[place])
