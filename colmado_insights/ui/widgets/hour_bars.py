"""Small bars of a day's hours, painted directly: cheap enough for a dozen cards."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from colmado_insights import text
from colmado_insights.text import ngettext
from colmado_insights.ui.style import Look


class HourBars(QWidget):
    """Counts by hour, the peaks in full colour; first and last hour named below."""

    def __init__(
        self,
        look: Look,
        counts: Sequence[int],
        peaks: Collection[int],
        hours: Sequence[int],
        height: int = 58,
    ) -> None:
        super().__init__()
        self._look, self._peaks, self._hours = look, frozenset(peaks), hours
        self._height = look.px(height)
        self._counts = [counts[hour] for hour in hours]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        peak_words = ", ".join(text.hour_label(hour) for hour in sorted(self._peaks))
        self.setAccessibleName(peak_words)

    def sizeHint(self) -> QSize:
        """As wide as the card lets it."""
        return QSize(self._look.px(150), self._height)

    def minimumSizeHint(self) -> QSize:
        """Still readable."""
        return QSize(self._look.px(100), self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars, then the two words under them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.height() - self._look.px(18)
        most = max(self._counts, default=0) or 1
        for place, count in enumerate(self._counts):
            height = max(self._look.px(2.5), room * count / most)
            token = "brand" if self._hours[place] in self._peaks else "bar"
            path = QPainterPath()
            path.addRoundedRect(self._bar(place, room, height), self._look.px(2), self._look.px(2))
            painter.fillPath(path, self._look.color(token))
        painter.setPen(self._look.color("faint"))
        painter.setFont(self._look.font(11))
        below = QRectF(0, room + self._look.px(2), self.width(), self._look.px(16))
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, text.hour_label(self._hours[0]))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, text.hour_label(self._hours[-1]))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the hour and its count under the pointer."""
        place = int(event.position().x() * len(self._counts) / max(1, self.width()))
        if 0 <= place < len(self._counts):
            count = self._counts[place]
            words = ngettext("{n} compra", "{n} compras", count).format(n=text.number(count))
            self.setToolTip(f"{text.hour_label(self._hours[place])}: {words}")

    def _bar(self, place: int, room: float, height: float) -> QRectF:
        step = self.width() / max(1, len(self._counts))
        gap = min(self._look.px(2), step * 0.2)
        return QRectF(place * step, room - height, step - gap, height)
