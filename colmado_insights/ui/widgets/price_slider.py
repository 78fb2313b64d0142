"""A slider over prices, on which the present price and the best one are marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider

from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.price_words import price_words

HEIGHT, HANDLE, GROOVE = 46, 9, 4
PAGE = 4


class PriceSlider(QSlider):
    """Stands at one of the prices; `priced` carries it in cents. Arrows, Page and Home work as on any slider."""

    priced = Signal(int)

    def __init__(self, look: Look, prices: Sequence[int], current: int, best: int | None) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._look, self._prices = look, tuple(prices)
        self._current, self._best = current, best
        self._shares: tuple[float, ...] = ()
        self.setRange(0, max(0, len(self._prices) - 1))
        self.setPageStep(PAGE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Precio que se prueba"))
        self.set_price(best if best is not None else current)
        self.valueChanged.connect(lambda _place: self._tell())

    @property
    def price(self) -> int:
        """The price it stands at, in cents."""
        return self._prices[self.value()]

    def set_price(self, cents: int) -> None:
        """Stand at this price, or at the nearest."""
        self.setValue(min(range(len(self._prices)), key=lambda place: abs(self._prices[place] - cents)))
        self.setAccessibleDescription(price_words(self.price))

    def stand_below(self, shares: Sequence[float]) -> None:
        """Put each price where a chart above has it, as a share of the width."""
        if len(shares) == len(self._prices):
            self._shares = tuple(shares)
            self.update()

    def sizeHint(self) -> QSize:
        """Room for the words below the line."""
        return QSize(self._look.px(240), self._look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """As narrow as a card may become."""
        return QSize(self._look.px(120), self._look.px(HEIGHT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click goes there at once."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.setValue(self._place_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """So does a drag."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.setValue(self._place_at(event.position().x()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line, what is gone of it, both marks with their words, and the handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, middle, half = self._look, self._middle(), self._look.px(GROOVE) / 2
        here = self._x_of(self.value())
        painter.setPen(Qt.PenStyle.NoPen)
        for start, end, token in (
            (self._x_of(0), self._x_of(self.maximum()), "line"),
            (self._x_of(0), here, "brand"),
        ):
            painter.setBrush(look.color(token))
            painter.drawRoundedRect(QRectF(start, middle - half, end - start, 2 * half), half, half)
        self._draw_marks(painter)
        size = look.px(HANDLE)
        painter.setPen(QPen(look.color("surface"), look.px(2)))
        painter.setBrush(look.color("accent"))
        painter.drawEllipse(QPointF(here, middle), size, size)
        if self.hasFocus():
            painter.setPen(QPen(look.color("accent"), look.px(1.5)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(here, middle), size + look.px(2), size + look.px(2))

    def _draw_marks(self, painter: QPainter) -> None:
        """A ring at today's price, a dot at the best, each with its word; where both are one, one word."""
        look, middle, dot = self._look, self._middle(), self._look.px(5)
        today, best = self._words()
        taken: list[QRectF] = []
        for cents, words, token, is_full in (
            (self._best, best, "brand", True),
            (self._current, today, "ink", False),
        ):
            if cents is None or cents not in self._prices or not words:
                continue
            x = self._x_of(self._prices.index(cents))
            painter.setPen(QPen(look.color(token), look.px(2)))
            painter.setBrush(look.color(token if is_full else "surface"))
            painter.drawEllipse(QPointF(x, middle), dot, dot)
            painter.setFont(look.font(11.5, 600, tabular=True))
            wide = painter.fontMetrics().horizontalAdvance(words)
            left = min(max(0.0, x - wide / 2), self.width() - wide)
            place = QRectF(left, middle + look.px(10), wide + 1, look.px(17))
            if not any(place.adjusted(-8, 0, 8, 0).intersects(other) for other in taken):
                painter.drawText(place, Qt.AlignmentFlag.AlignLeft, words)
                taken.append(place)

    def _words(self) -> tuple[str, str]:
        """What is written at today's price and at the best."""
        if self._best is None or self._best == self._current:
            words = _("hoy") if self._best is None else _("hoy, y conviene")
            return (words, "") if self._best is None else ("", words)
        return _("hoy"), _("conviene")

    def _middle(self) -> float:
        return self._look.px(16)

    def _x_of(self, place: int) -> float:
        edge = self._look.px(HANDLE + 4)
        if self._shares:
            return min(max(edge, self.width() * self._shares[place]), self.width() - edge)
        return edge + (self.width() - 2 * edge) * place / max(1, self.maximum())

    def _place_at(self, x: float) -> int:
        return min(range(len(self._prices)), key=lambda place: abs(self._x_of(place) - x))

    def _tell(self) -> None:
        self.setAccessibleDescription(price_words(self.price))
        self.priced.emit(self.price)
