"""One choice out of many, as a button that says it and opens a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from colmado_insights.ui.icons import icon
from colmado_insights.ui.style import Look

Choice = tuple[str, str]  # key and words


class Picker(QPushButton):
    """A button with a menu; `picked` carries the key that the user chose."""

    picked = Signal(str)

    def __init__(self, look: Look, choices: Sequence[Choice], key: str = "", *, width: int = 190) -> None:
        super().__init__()
        self._look, self._width = look, width
        self._words = dict(choices)
        self.key = key
        self.setProperty("kind", "picker")
        self.setFont(look.font(13, 500))
        self.setIcon(icon(look, "chevron-down", "soft"))
        self.setIconSize(QSize(look.px(14), look.px(14)))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._menu = QMenu(self)
        self._menu.setFont(look.font(13))
        for each, words in choices:
            action = self._menu.addAction(words.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, key=each: self.choose(key))
        self.clicked.connect(lambda _checked=False: self._open())
        self.set_key(key)

    def set_key(self, key: str) -> None:
        """Show a choice without telling anyone."""
        self.key = key
        self.setText(self._words.get(key, ""))

    def show_words(self, words: str) -> None:
        """Say something that is no choice of the list."""
        self.key = ""
        self.setText(words.replace("&", "&&"))

    def choose(self, key: str) -> None:
        """Take a choice as if the user had made it."""
        self.set_key(key)
        self.picked.emit(key)

    def sizeHint(self) -> QSize:
        """As wide as asked for, whatever the words."""
        return QSize(self._look.px(self._width), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """May be narrowed."""
        return QSize(self._look.px(90), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button with its words shortened to the room there is."""
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        room = self.width() - self._look.px(44)
        option.text = self.fontMetrics().elidedText(option.text, Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)

    def _open(self) -> None:
        self._menu.setMinimumWidth(self.width())
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
