"""A chart on screen: drawn in a worker thread at the screen's sharpness, with the values under the pointer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from colmado_insights.charts import Chart, ChartPoint, ChartStyle
from colmado_insights.progress import Progress
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Lane, Tasks
from colmado_insights.ui.widgets.label import glued

Draw = Callable[[ChartStyle, float, float], Chart]
RESIZE_PAUSE_MS = 120


@dataclass(frozen=True)
class Picture:
    """A finished drawing: its bytes, its size in device pixels and the values in it."""

    pixels: bytes
    width: int
    height: int
    points: tuple[ChartPoint, ...]


def draw_picture(draw: Draw, style: ChartStyle, width: int, height: int) -> Picture:
    """Draw a chart into memory; runs in a worker thread."""
    chart = draw(style, width, height)
    canvas = chart.figure.canvas
    canvas.draw()
    buffer = memoryview(canvas.buffer_rgba())  # type: ignore[attr-defined]
    high, wide, _depth = buffer.shape or (0, 0, 4)
    return Picture(bytes(buffer), wide, high, chart.points)


class ChartView(QWidget):
    """Shows what `draw` makes; draws again when resized, the newest request wins."""

    picked = Signal(int)  # index of the value that was clicked
    drawn = Signal()  # a picture stands, or could not be made

    def __init__(self, look: Look, tasks: Tasks, height: int = 260, *, near: str = "x") -> None:
        super().__init__()
        self._look, self._tasks, self._near = look, tasks, near
        self._draw: Draw | None = None
        self._image: QImage | None = None
        self._drawn_for = QSize()
        self._points: tuple[ChartPoint, ...] = ()
        self._under: int | None = None
        self._mark: int | None = None
        self._has_failed = False
        self._height = look.px(height)
        self.setMinimumHeight(self._height)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(RESIZE_PAUSE_MS)
        self._pause.timeout.connect(self._request)

    def sizeHint(self) -> QSize:
        """At least as high as asked."""
        return QSize(self._look.px(320), self._height)

    def show_chart(self, draw: Draw, words: str = "") -> None:
        """Show this chart from now on; `words` says it to a screen reader."""
        self._draw = draw
        self.setAccessibleName(words)
        self._request()

    @property
    def has_drawn(self) -> bool:
        """Whether anything was drawn yet."""
        return self._image is not None

    def count_points(self) -> int:
        """How many values the picture holds."""
        return len(self._points)

    def across(self) -> tuple[float, ...]:
        """Where the values stand from left to right, as shares of the width."""
        return tuple(point.x for point in self._points)

    def show_mark(self, from_end: int | None) -> None:
        """Mark one value, counted from the end (1 is the last), or none."""
        self._mark = from_end
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw again when the size has come to rest."""
        super().resizeEvent(event)
        if self._draw is not None:
            self._pause.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, then the value under the pointer."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._image is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.color("raised"))
            painter.drawRoundedRect(QRectF(self.rect()), self._look.px(8), self._look.px(8))
            if self._has_failed:
                painter.setPen(self._look.color("soft"))
                painter.setFont(self._look.font(13))
                words = _("El gráfico no se pudo dibujar; los números de arriba sí valen.")
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
            return
        painter.drawImage(QRectF(self.rect()), self._image)
        if self._mark is not None and self._mark <= len(self._points):
            self._draw_dot(painter, self._points[-self._mark], "accent")
        if self._under is not None and self._under < len(self._points):
            self._draw_value(painter, self._points[self._under])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Find the value nearest to the pointer."""
        under = self._nearest(event.position())
        if under != self._under:
            self._under = under
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget it."""
        self._under = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which value was clicked."""
        under = self._nearest(event.position())
        if under is not None:
            self.picked.emit(under)

    def _request(self) -> None:
        if self._draw is None or self.width() < 60 or self.height() < 40 or not self.isVisible():
            return
        draw, size = self._draw, self.size()
        style = ChartStyle.of(self._look.palette, self._look.scale, round(96 * self.devicePixelRatioF()))

        def work(progress: Progress) -> Picture:
            progress.step()
            return draw_picture(draw, style, size.width(), size.height())

        self._tasks.run(
            work, owner=self, key="draw", done=partial(self._show_picture, size), error=self._show_failure,
            lane=Lane.DRAW,
        )  # fmt: skip

    def showEvent(self, event: QEvent) -> None:
        """A chart asked for, or given another size, while hidden is drawn now."""
        if self._draw is not None and (self._image is None or self._drawn_for != self.size()):
            QTimer.singleShot(0, self, self._request)

    def _show_picture(self, size: QSize, picture: Picture) -> None:
        image = QImage(
            picture.pixels, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGBA8888
        )
        self._image, self._drawn_for = image.copy(), size
        self._has_failed = False
        self._points = picture.points
        self._under = None
        self.update()
        self.drawn.emit()

    def _show_failure(self, _error: Exception) -> None:
        self._has_failed = True
        self.update()
        self.drawn.emit()

    def _nearest(self, at: QPointF) -> int | None:
        def distance(point: ChartPoint) -> float:
            across = abs(point.x * self.width() - at.x())
            along = abs(point.y * self.height() - at.y())
            return across + (along if self._near == "xy" else along / 1000)

        places = range(len(self._points))
        nearest = min(places, key=lambda place: distance(self._points[place]), default=None)
        if nearest is None or abs(self._points[nearest].x * self.width() - at.x()) > self._look.px(60):
            return None
        return nearest

    def _draw_value(self, painter: QPainter, point: ChartPoint) -> None:
        x, y = point.x * self.width(), point.y * self.height()
        if self._near == "x":
            painter.setPen(QPen(self._look.color("faint"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, self._look.px(8)), QPointF(x, self.height() - self._look.px(28)))
        self._draw_dot(painter, point, "brand")
        self._draw_bubble(painter, x, y, point.label)

    def _draw_dot(self, painter: QPainter, point: ChartPoint, token: str) -> None:
        at = QPointF(point.x * self.width(), point.y * self.height())
        painter.setPen(QPen(self._look.color("surface"), 2))
        painter.setBrush(self._look.color(token))
        painter.drawEllipse(at, self._look.px(5.5), self._look.px(5.5))

    def _draw_bubble(self, painter: QPainter, x: float, y: float, words: str) -> None:
        words = glued(words)
        painter.setFont(self._look.font(12, 500, tabular=True))
        room = QRectF(0, 0, min(self._look.px(360), self.width() - 8), self.height())
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        text_box = painter.boundingRect(room, int(flags), words)
        pad = self._look.px(8)
        box = text_box.adjusted(-pad, -pad * 0.75, pad, pad * 0.75)
        left = min(max(2, x - box.width() / 2), self.width() - box.width() - 2)
        top = y - box.height() - self._look.px(12)
        if top < 2:
            top = min(y + self._look.px(14), self.height() - box.height() - 2)
        box.moveTo(left, top)
        painter.setPen(QPen(self._look.color("line"), 1))
        painter.setBrush(self._look.color("raised"))
        painter.drawRoundedRect(box, self._look.px(6), self._look.px(6))
        painter.setPen(self._look.color("ink"))
        painter.drawText(box.adjusted(pad, pad * 0.75, -pad, -pad * 0.75), int(flags), words)
