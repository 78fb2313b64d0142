"""What the next days will sell of one product: a bar a day with what 8 of 10 such days fall into."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import ForecastPoint
from colmado_insights.domain import Target
from colmado_insights.text import _
from colmado_insights.ui.style import Look

HEIGHT = 84
DAYS = 7


class AheadStrip(QWidget):
    """Painted bars with their number above, the day below, and a thin line for the interval."""

    def __init__(self, look: Look, points: Sequence[ForecastPoint]) -> None:
        super().__init__()
        self._look, self._points = look, tuple(points[:DAYS])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(", ".join(_words(point) for point in self._points))

    def sizeHint(self) -> QSize:
        """Low: it stands in a side card."""
        return QSize(self._look.px(220), self._look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Still readable."""
        return QSize(self._look.px(120), self._look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """One column a day."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, step = self._look, self.width() / max(1, len(self._points))
        top, foot = look.px(20), self.height() - look.px(20)
        most = max((point.hi80 for point in self._points), default=0) or 1
        best = max((point.mean for point in self._points), default=0)
        for place, point in enumerate(self._points):
            is_best = point.mean == best
            middle, wide = (place + 0.5) * step, min(step * 0.6, look.px(26))
            height = max(look.px(2), (foot - top) * point.mean / most)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("brand" if is_best else "bar"))
            bar = QRectF(middle - wide / 2, foot - height, wide, height)
            painter.drawRoundedRect(bar, look.px(3), look.px(3))
            painter.setPen(QPen(look.color("soft"), look.px(1.25)))
            low, high = (foot - (foot - top) * max(0.0, end) / most for end in (point.lo80, point.hi80))
            painter.drawLine(QPointF(middle, low), QPointF(middle, high))
            number = text.number(point.mean, int(point.mean < 10))
            above = QRectF(place * step, 0, step, look.px(17))
            self._write(painter, above, number, "brand" if is_best else "ink", 600)
            below = QRectF(place * step, foot + look.px(4), step, look.px(16))
            self._write(painter, below, text.weekday(point.day, short=True), "faint", 400)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the day under the pointer."""
        place = int(event.position().x() * len(self._points) / max(1, self.width()))
        if 0 <= place < len(self._points):
            self.setToolTip(_words(self._points[place]))

    def _write(self, painter: QPainter, place: QRectF, words: str, token: str, weight: int) -> None:
        painter.setPen(self._look.color(token))
        painter.setFont(self._look.font(11.5, weight, tabular=True))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


def _words(point: ForecastPoint) -> str:
    low, high = (text.number(max(0.0, end), int(point.hi80 < 10)) for end in (point.lo80, point.hi80))
    units = charts.amount_words(point.mean, Target.UNITS)
    return _("{day}: {units} ({low} a {high})").format(
        day=text.short_date(point.day), units=units, low=low, high=high
    )
