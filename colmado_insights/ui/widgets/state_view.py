"""Empty, loading, result or trouble: one of the four stands where a page's content goes, never a blank."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import NotEnough
from colmado_insights.errors import ShopError
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.label import Tone, label

Action = tuple[str, Callable[[], object]]
Blocks = Sequence[tuple[int, Sequence[int]]]


class Skeleton(QWidget):
    """Grey blocks in the places where the cards will stand: rows of (height, column shares)."""

    def __init__(self, look: Look, blocks: Blocks) -> None:
        super().__init__()
        self._look, self._blocks = look, blocks
        gap = look.px(12)
        self.setMinimumHeight(sum(look.px(height) + gap for height, _shares in blocks) - gap)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the blocks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._look.color("line"))
        gap, top = self._look.px(12), 0.5
        for height, shares in self._blocks:
            left, free = 0.5, self.width() - 1 - gap * (len(shares) - 1)
            for share in shares:
                width = free * share / sum(shares)
                self._block(painter, QRectF(left, top, width, self._look.px(height) - 1))
                left += width + gap
            top += self._look.px(height) + gap

    def _block(self, painter: QPainter, place: QRectF) -> None:
        corner, pad = self._look.px(12), self._look.px(16)
        painter.setBrush(self._look.color("surface"))
        painter.setPen(self._look.color("line"))
        painter.drawRoundedRect(place, corner, corner)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.color("bg"))
        for line, (share, thick) in enumerate(((0.35, 12), (0.6, 22), (0.45, 12))):
            top = place.top() + pad + line * self._look.px(28)
            if top + self._look.px(thick) < place.bottom() - pad / 2:
                wide = min((place.width() - 2 * pad) * share, self._look.px(260))
                painter.drawRoundedRect(QRectF(place.left() + pad, top, wide, self._look.px(thick)), 4, 4)


class Message(Card):
    """A symbol, what is, what to do, and the buttons that do it."""

    def __init__(
        self,
        look: Look,
        symbol: str,
        what: str,
        todo: str,
        actions: Sequence[Action] = (),
        tone: Tone = Tone.BRAND,
    ) -> None:
        super().__init__(look)
        self.body.setContentsMargins(look.px(24), look.px(28), look.px(24), look.px(28))
        self.body.setSpacing(look.px(8))
        middle = Qt.AlignmentFlag.AlignHCenter
        self.body.addStretch(1)
        self.body.addWidget(SymbolTile(look, symbol, tone, 52), 0, middle)
        self.body.addSpacing(look.px(4))
        for words, size, weight, ink in ((what, 17, 600, "ink"), (todo, 14, 400, "soft")):
            line = label(look, words, size, weight, ink, wrap=True)
            line.setAlignment(middle)
            self.body.addWidget(line)
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addStretch(1)
        for place, (words, pressed) in enumerate(actions):
            row.addWidget(button(look, words, pressed, kind="plain" if place else "primary"))
        row.addStretch(1)
        self.body.addSpacing(look.px(6))
        self.body.addLayout(row)
        self.body.addStretch(2)


class StateView(QWidget):
    """Holds one of the four states; `content` is the page's own widget for results."""

    def __init__(self, look: Look, content: QWidget, blocks: Blocks) -> None:
        super().__init__()
        self._look = look
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._content = content
        self._skeleton = Skeleton(look, blocks)
        self._message = QWidget()
        self._message_box = QVBoxLayout(self._message)
        self._message_box.setContentsMargins(0, 0, 0, 0)
        for part in (self._skeleton, self._content, self._message):
            self._stack.addWidget(part)

    @property
    def state(self) -> str:
        """`loading`, `result` or `message`."""
        return {0: "loading", 1: "result"}.get(self._stack.currentIndex(), "message")

    def show_loading(self) -> None:
        """Keep the layout in grey, unless there is a result to look at meanwhile."""
        if self.state != "result":
            self._turn_to(self._skeleton)

    def show_result(self) -> None:
        """Show the page's content."""
        self._turn_to(self._content)

    def show_message(self, message: Message) -> None:
        """Show what is missing and what can be done."""
        while old := self._message_box.takeAt(0):
            if widget := old.widget():
                widget.deleteLater()
        self._message_box.addWidget(message)
        self._turn_to(self._message)

    def show_trouble(self, error: Exception, retry: Callable[[], object]) -> None:
        """Say what happened and what to do, with a way to try again."""
        self.show_message(trouble_message(self._look, error, retry))

    def _turn_to(self, part: QWidget) -> None:
        self._stack.setCurrentWidget(part)
        for other in (self._skeleton, self._content, self._message):
            fits = QSizePolicy.Policy.Preferred if other is part else QSizePolicy.Policy.Ignored
            other.setSizePolicy(fits, fits)
        self.updateGeometry()


def trouble_message(
    look: Look, error: Exception, retry: Callable[[], object], retry_words: str = ""
) -> Message:
    """The message for an error: its own words if it is known, else an apology and the details to copy."""
    again: Action = (retry_words or _("Intentar de nuevo"), retry)
    if isinstance(error, ShopError):
        return Message(look, "triangle-alert", error.what, error.todo, (again,), Tone.ACCENT)
    details = f"{type(error).__name__}: {error}"

    def copy() -> None:
        QGuiApplication.clipboard().setText(details)

    return Message(
        look,
        "triangle-alert",
        _("Algo salió mal en el programa."),
        _("Tus datos están a salvo. Intenta de nuevo; si vuelve a pasar, copia los detalles y envíalos."),
        (again, (_("Copiar los detalles"), copy)),
        Tone.BAD,
    )


def not_enough_words(answer: NotEnough) -> str:
    """How much is needed and how much there is."""
    return _("Hacen falta {needed}; por ahora hay {have}.").format(
        needed=text.data_amount(answer.needed, answer.unit), have=text.number(answer.have)
    )
