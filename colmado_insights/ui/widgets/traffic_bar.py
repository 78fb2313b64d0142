"""A bar that says how many people there are, with a mark where normal is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from colmado_insights.text import _
from colmado_insights.ui.style import Look


class TrafficBar(QWidget):
    """How many people now, with a mark where normal is."""

    def __init__(self, look: Look, now: int, usual: float, token: str) -> None:
        super().__init__()
        self._look, self._now, self._usual, self._token = look, now, usual, token
        self.setFixedHeight(look.px(46))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, filled part, mark and its word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        look, most = self._look, max(self._usual * 2, self._now * 1.15, 1)
        top, thick = look.px(6), look.px(14)
        for share, token in ((1.0, "line"), (self._now / most, self._token)):
            painter.setBrush(look.color(token))
            bar = QRectF(0, top, max(thick, self.width() * share), thick)
            painter.drawRoundedRect(bar, thick / 2, thick / 2)
        at = self.width() * self._usual / most
        painter.setBrush(look.color("ink"))
        painter.drawRect(QRectF(at - look.px(1.5), 0, look.px(3), top * 2 + thick))
        painter.setPen(look.color("soft"))
        painter.setFont(look.font(14))
        words = _("lo normal")
        wide = painter.fontMetrics().horizontalAdvance(words) + 2
        left = min(max(0, at - wide / 2), self.width() - wide)
        below = QRectF(left, top * 2 + thick, wide, look.px(20))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)
