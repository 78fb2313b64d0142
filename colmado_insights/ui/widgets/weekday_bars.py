"""Seven small bars, Monday first: on which days someone comes. Painted directly."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from colmado_insights import text
from colmado_insights.text import ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.segment_profile import MONDAY_FIRST


class WeekdayBars(QWidget):
    """Counts by weekday (0 = Sunday), the days that stand out in full colour, their first letters below."""

    def __init__(self, look: Look, counts: Sequence[int], peaks: Collection[int], height: int = 58) -> None:
        super().__init__()
        self._look, self._counts, self._peaks = look, tuple(counts), frozenset(peaks)
        self._height = look.px(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(", ".join(self._words(day) for day in MONDAY_FIRST))

    def sizeHint(self) -> QSize:
        """Beside the hours."""
        return QSize(self._look.px(110), self._height)

    def minimumSizeHint(self) -> QSize:
        """Still readable."""
        return QSize(self._look.px(84), self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars, then a letter under each."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, step = self._look, self.width() / len(MONDAY_FIRST)
        room, gap = self.height() - look.px(18), min(look.px(3), self.width() / 40)
        most = max(self._counts, default=0) or 1
        for place, day in enumerate(MONDAY_FIRST):
            is_peak = day in self._peaks
            height = max(look.px(2.5), room * self._counts[day] / most)
            path = QPainterPath()
            bar = QRectF(place * step, room - height, step - gap, height)
            path.addRoundedRect(bar, look.px(2), look.px(2))
            painter.fillPath(path, look.color("brand" if is_peak else "bar"))
            painter.setPen(look.color("brand" if is_peak else "faint"))
            painter.setFont(look.font(11, 700 if is_peak else 400))
            below = QRectF(place * step, room + look.px(2), step - gap, look.px(16))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text.weekday_name(day)[:1].upper())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the day under the pointer and its count."""
        place = int(event.position().x() * len(MONDAY_FIRST) / max(1, self.width()))
        if 0 <= place < len(MONDAY_FIRST):
            self.setToolTip(self._words(MONDAY_FIRST[place]))

    def _words(self, day: int) -> str:
        count = self._counts[day]
        visits = ngettext("{n} compra", "{n} compras", count).format(n=text.number(count))
        return f"{text.weekday_name(day)}: {visits}"
