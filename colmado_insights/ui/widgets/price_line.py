"""The price of a product over time, as steps: painted directly."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from colmado_insights import text
from colmado_insights.domain import PriceChange
from colmado_insights.ui.style import Look

HEIGHT = 92


class PriceLine(QWidget):
    """Steps from the first price to the last, which ends in a dot with its amount."""

    def __init__(self, look: Look, changes: Sequence[PriceChange]) -> None:
        super().__init__()
        self._look, self._changes = look, tuple(changes)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = (f"{text.short_date(each.day)} {text.money_exact(each.price_cents)}" for each in self._changes)
        self.setAccessibleName(", ".join(said))
        self.setToolTip("\n".join(self.accessibleName().split(", ")[-12:]))

    def sizeHint(self) -> QSize:
        """Low: it stands in a side card."""
        return QSize(self._look.px(200), self._look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Hairlines, steps, the last price, and the days below."""
        if not self._changes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = self._look
        points = self._points()
        foot = self.height() - look.px(20)
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(QPointF(0, foot), QPointF(self.width(), foot))
        painter.setPen(QPen(look.color("brand"), look.px(2)))
        painter.drawPolyline(QPolygonF(points))
        end = points[-1]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("brand"))
        painter.drawEllipse(end, look.px(4), look.px(4))
        self._draw_words(painter, end, foot)

    def _points(self) -> list[QPointF]:
        """Corners of the steps; the last price goes on to the right edge."""
        look, changes = self._look, self._changes
        first, last = changes[0].day.toordinal(), changes[-1].day.toordinal()
        span = max(1.0, (last - first) * 1.12)
        low = min(each.price_cents for each in changes)
        high = max(each.price_cents for each in changes)
        top, foot = look.px(26), self.height() - look.px(34)
        right = self.width() - look.px(8)
        corners: list[QPointF] = []
        for each in changes:
            x = (each.day.toordinal() - first) / span * right
            level = (each.price_cents - low) / (high - low) if high > low else 0.5
            y = foot - level * (foot - top)
            if corners:
                corners.append(QPointF(x, corners[-1].y()))
            corners.append(QPointF(x, y))
        corners.append(QPointF(right, corners[-1].y()))
        return corners

    def _draw_words(self, painter: QPainter, end: QPointF, foot: float) -> None:
        look, changes = self._look, self._changes
        painter.setPen(look.color("brand"))
        painter.setFont(look.font(12, 600, tabular=True))
        above = QRectF(0, end.y() - look.px(24), self.width(), look.px(18))
        painter.drawText(above, Qt.AlignmentFlag.AlignRight, text.money_exact(changes[-1].price_cents))
        painter.setPen(look.color("faint"))
        painter.setFont(look.font(11, tabular=True))
        below = QRectF(0, foot + look.px(3), self.width(), look.px(16))
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, text.short_date(changes[0].day))
        if len(changes) > 1:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, text.short_date(changes[-1].day))
