"""The card: the white box with a hairline that every page is a grid of."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from colmado_insights.ui.icons import Icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.label import Tone, label


class Card(QFrame):
    """A card with an optional heading; fill `body`, put actions at the heading's right with `add_action`."""

    def __init__(self, look: Look, title: str = "", symbol: str = "", *, kind: str = "card") -> None:
        super().__init__()
        self.look = look
        self.setProperty("kind", kind)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(look.px(16), look.px(13), look.px(16), look.px(14))
        self.body.setSpacing(look.px(6))
        self.title = label(look, title, 13, 600, "soft", wrap=True)
        self._heading = QHBoxLayout()
        self._heading.setSpacing(look.px(7))
        if title:
            if symbol:
                self._heading.addWidget(Icon(look, symbol, "soft", 16))
            self._heading.addWidget(self.title, 1)
            self.body.addLayout(self._heading)

    def add_action(self, widget: QWidget) -> None:
        """Put a widget at the right end of the heading."""
        self._heading.addWidget(widget)


class SymbolTile(QFrame):
    """An icon on a soft square."""

    def __init__(self, look: Look, symbol: str, tone: Tone = Tone.BRAND, size: int = 36) -> None:
        super().__init__()
        self.setProperty("kind", "tile")
        self.setProperty("tone", str(tone))
        self.setFixedSize(look.px(size), look.px(size))
        inside = QHBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(Icon(look, symbol, str(tone), round(size * 0.52)), 0, Qt.AlignmentFlag.AlignCenter)


class Notice(QFrame):
    """A sentence that stands in place instead of a dialog."""

    def __init__(self, look: Look, words: str, tone: Tone = Tone.ACCENT, symbol: str = "info") -> None:
        super().__init__()
        self.setProperty("kind", "note")
        self.setProperty("tone", str(tone))
        inside = QHBoxLayout(self)
        inside.setContentsMargins(look.px(12), look.px(7), look.px(12), look.px(7))
        inside.setSpacing(look.px(8))
        inside.addWidget(Icon(look, symbol, str(tone), 16), 0, Qt.AlignmentFlag.AlignVCenter)
        self.words: QLabel = label(look, words, 13, 500, "ink", wrap=True)
        inside.addWidget(self.words, 1)
        self._row = inside

    def event(self, event: QEvent) -> bool:
        """As high as its words need at this width: the policy Maximum would hold them to a guess and cut them."""
        is_done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.setMaximumHeight(self._row.totalHeightForWidth(self.width()))
        return is_done

    def add_action(self, widget: QWidget) -> None:
        """Put a button at the right end."""
        self._row.addWidget(widget)
