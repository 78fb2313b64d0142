"""A notice in the corner of the window, for systems that have no place of their own for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.label import Tone, label

WIDTH, MARGIN = 360, 16
STAYS_MS = 15_000


class Toast(Card):
    """Stands over the bottom right corner, takes no focus, and goes by itself unless the mouse is on it."""

    def __init__(
        self,
        look: Look,
        window: QWidget,
        what: str,
        lines: str,
        symbol: str,
        tone: Tone,
        opened: Callable[[], object],
    ) -> None:
        super().__init__(look)
        self.setParent(window)
        self.setAccessibleName(f"{what}. {lines}")
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(SymbolTile(look, symbol, tone, 32), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(look.px(2))
        words.addWidget(label(look, what, 14, 600, wrap=True))
        if lines:
            words.addWidget(label(look, lines, 13, 400, "soft", wrap=True))
        see = button(look, _("Ver en Inicio"), kind="link")
        see.clicked.connect(self.close_soon)
        see.clicked.connect(lambda _checked=False: opened())
        words.addWidget(see, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(words, 1)
        close = button(look, "", self.close_soon, kind="small", symbol="x", hint=_("Cerrar el aviso"))
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS_MS)
        self._timer.timeout.connect(self.close_soon)
        window.installEventFilter(self)

    def show_in_corner(self) -> None:
        """Take the place and begin to wait."""
        self._take_place()
        self.show()
        self.raise_()
        self._timer.start()

    def close_soon(self) -> None:
        """Go, and be deleted with the next turn of the event loop."""
        self.hide()
        self.deleteLater()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Whoever points at it is reading."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Wait again."""
        self._timer.start()
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner when the window changes its size."""
        if event.type() is QEvent.Type.Resize:
            self._take_place()
        return super().eventFilter(watched, event)

    def _take_place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        margin = self.look.px(MARGIN)
        width = min(self.look.px(WIDTH), window.width() - 2 * margin)
        height = max(self.heightForWidth(width), self.sizeHint().height())
        self.setGeometry(window.width() - width - margin, window.height() - height - margin, width, height)
