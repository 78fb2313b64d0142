"""Shares as rows: a name, a bar, a percentage."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from colmado_insights import text
from colmado_insights.ui.style import Look

ROW = 26


class ShareRows(QWidget):
    """Painted rows of (name, share 0-1), the largest bar as long as the room."""

    def __init__(self, look: Look, rows: Sequence[tuple[str, float]], height: int = ROW) -> None:
        super().__init__()
        self._look, self._rows, self._high = look, tuple(rows), look.px(height)
        self.setMinimumHeight(self._high * len(self._rows))
        self.setAccessibleName(", ".join(f"{name} {text.percent(share)}" for name, share in self._rows))

    def sizeHint(self) -> QSize:
        """One row each."""
        return QSize(self._look.px(240), self._high * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name at the left, bar, share at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._look.font(13, tabular=True))
        measure = painter.fontMetrics()
        wide = max((measure.horizontalAdvance(name) for name, _share in self._rows), default=0)
        left = min(wide, round(self.width() * 0.58)) + self._look.px(10)
        right = measure.horizontalAdvance("100 %") + self._look.px(8)
        most = max((share for _name, share in self._rows), default=0) or 1
        room = max(10, self.width() - left - right)
        for place, (name, share) in enumerate(self._rows):
            row = QRectF(0, place * self._high, self.width(), self._high)
            painter.setPen(self._look.color("ink"))
            middle = Qt.AlignmentFlag.AlignVCenter
            shown = measure.elidedText(name, Qt.TextElideMode.ElideRight, left - self._look.px(8))
            painter.drawText(row, Qt.AlignmentFlag.AlignLeft | middle, shown)
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | middle, text.percent(share))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.color("brand" if place == 0 else "bar"))
            thick = self._look.px(8)
            top = row.center().y() - thick / 2
            painter.drawRoundedRect(
                QRectF(left, top, max(thick, room * share / most), thick), thick / 2, thick / 2
            )
