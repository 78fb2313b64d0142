"""A rounded button that gives up letters where there is little room."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from colmado_insights.ui.style import Look


class Pill(QPushButton):
    """Words to be chosen by a click; what does not fit is in the hint."""

    def __init__(self, look: Look, words: str, pressed: Callable[[], object]) -> None:
        super().__init__()
        self._look, self._words = look, words
        self.setProperty("kind", "pill")
        self.setFont(look.font(13, 500))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        self.setText(words.replace("&", "&&"))
        self.clicked.connect(lambda _checked=False: pressed())

    def sizeHint(self) -> QSize:
        """Room for all the words and the round ends."""
        wide = self.fontMetrics().horizontalAdvance(self._words) + self._look.px(32)
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """A few letters say which it is."""
        return QSize(self._look.px(90), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the words to the room there is."""
        super().resizeEvent(event)
        room = self.width() - self._look.px(28)
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))
        self.setToolTip("" if shown == self._words else self._words)
