"""A name that leads to its own page, shortened where there is little room."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from colmado_insights.ui.style import Look


class NameLink(QPushButton):
    """A link that gives up letters instead of pushing what stands beside it; what does not fit is in the hint."""

    KIND: ClassVar[str] = "link"
    WEIGHT: ClassVar[int] = 600
    ENDS: ClassVar[int] = 0  # room that its frame takes from the words

    def __init__(self, look: Look, name: str, pressed: Callable[[], object]) -> None:
        super().__init__()
        self._look, self._name = look, name
        self.setProperty("kind", self.KIND)
        self.setFont(look.font(13, self.WEIGHT))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setText(name.replace("&", "&&"))
        self.clicked.connect(lambda _checked=False: pressed())

    def sizeHint(self) -> QSize:
        """Room for the whole name."""
        wide = self.fontMetrics().horizontalAdvance(self._name) + self._look.px(self.ENDS + 4)
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """A few letters say which it is."""
        return QSize(self._look.px(80), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the name to the room there is."""
        super().resizeEvent(event)
        room = self.width() - self._look.px(self.ENDS)
        shown = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))
        self.setToolTip("" if shown == self._name else self._name)
