"""Yes or no, as a switch that slides."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from colmado_insights.ui.style import Look


class Switch(QAbstractButton):
    """A checkable switch; its place says on or off, not only its colour."""

    def __init__(self, look: Look, *, is_on: bool) -> None:
        super().__init__()
        self._look = look
        self.setCheckable(True)
        self.setChecked(is_on)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as a line of text."""
        return QSize(self._look.px(40), self._look.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The slot, then the knob at its end."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, is_on = self._look, self.isChecked()
        slot = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        is_marked = self.hasFocus() and not self.underMouse()
        painter.setPen(QPen(look.color("ink" if is_marked else ("brand" if is_on else "faint")), 1.5))
        painter.setBrush(look.color("brand" if is_on else "surface"))
        painter.drawRoundedRect(slot, slot.height() / 2, slot.height() / 2)
        size = slot.height() - look.px(6)
        left = slot.right() - size - look.px(3) if is_on else slot.left() + look.px(3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("on_brand" if is_on else "faint"))
        painter.drawEllipse(QRectF(left, slot.center().y() - size / 2, size, size))
