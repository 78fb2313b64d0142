"""A bar a day, with the days that stand out named: painted directly."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from colmado_insights import text
from colmado_insights.ui.style import Look

LEAST_STEP = 46  # pixels a named day needs


class DayBars(QWidget):
    """Money by day; the best day in full colour with its amount, pay days marked in amber."""

    def __init__(self, look: Look, height: int = 240) -> None:
        super().__init__()
        self._look = look
        self._days: tuple[tuple[date, int], ...] = ()
        self._pay_days: frozenset[int] = frozenset()
        self.setMinimumHeight(look.px(height))
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Readable at once."""
        return QSize(self._look.px(320), self.minimumHeight())

    def show_days(self, days: Sequence[tuple[date, int]], pay_days: Collection[int]) -> None:
        """Show these days; `pay_days` are days of the month."""
        self._days, self._pay_days = tuple(days), frozenset(pay_days)
        self.setAccessibleName(
            ", ".join(f"{text.short_date(day)} {text.money(cents)}" for day, cents in days)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grid line, bars, names below, the best day's amount above it."""
        if not self._days:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, top = self._look, self._look.px(26)
        foot = self.height() - look.px(24)
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(QPointF(0, foot + 0.5), QPointF(self.width(), foot + 0.5))
        most = max(cents for _day, cents in self._days) or 1
        best = max(range(len(self._days)), key=lambda place: self._days[place][1])
        step = self.width() / len(self._days)
        every = max(1, round(look.px(LEAST_STEP) / step + 0.49))
        for place, (day, cents) in enumerate(self._days):
            height = max(0.0, (foot - top) * cents / most)
            wide = min(step * 0.72, look.px(44))
            bar = QRectF(place * step + (step - wide) / 2, foot - height, wide, height)
            self._draw_bar(painter, bar, "brand" if place == best else "bar")
            if day.day in self._pay_days:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("accent"))
                painter.drawEllipse(QPointF(bar.center().x(), foot + look.px(5)), look.px(2.5), look.px(2.5))
            if place % every == 0:
                below = QRectF(place * step - step, foot + look.px(8), step * 3, look.px(16))
                self._draw_words(
                    painter, below, f"{text.weekday(day, short=True)} {day.day}", "faint", 11, 400
                )
        name = QRectF(best * step - look.px(60) + step / 2, look.px(4), look.px(120), look.px(18))
        name.moveLeft(min(max(0, name.left()), self.width() - name.width()))
        self._draw_words(painter, name, text.money(self._days[best][1]), "brand", 12, 600)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the day and its amount under the pointer."""
        if self._days:
            place = int(event.position().x() * len(self._days) / max(1, self.width()))
            day, cents = self._days[min(max(0, place), len(self._days) - 1)]
            self.setToolTip(f"{text.short_date(day)} · {text.money(cents)}")

    def _draw_bar(self, painter: QPainter, bar: QRectF, token: str) -> None:
        path = QPainterPath()
        corner = min(self._look.px(4), bar.height() / 2)
        path.addRoundedRect(bar, corner, corner)
        painter.fillPath(path, self._look.color(token))

    def _draw_words(
        self, painter: QPainter, place: QRectF, words: str, token: str, size: float, weight: int
    ) -> None:
        painter.setPen(self._look.color(token))
        painter.setFont(self._look.font(size, weight, tabular=True))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
