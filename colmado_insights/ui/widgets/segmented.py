"""A row of joined buttons of which one is chosen; too narrow for its words, it becomes one button with a menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy

from colmado_insights.ui.icons import icon
from colmado_insights.ui.style import Look


class Segmented(QFrame):
    """Choices side by side; `chosen` carries the index the user picked."""

    chosen = Signal(int)

    def __init__(self, look: Look, words: Sequence[str], index: int = 0) -> None:
        super().__init__()
        self._look = look
        self.setProperty("kind", "segmented")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        for place, word in enumerate(words):
            row.addWidget(self._choice(word, place, len(words)))
        self._menu_button = self._make_menu_button(words)
        row.addWidget(self._menu_button)
        self._group.idClicked.connect(self._choose)
        self._is_compact = False
        self.set_index(index)

    @property
    def index(self) -> int:
        """The choice that is down."""
        return self._group.checkedId()

    def full_width(self) -> int:
        """The width all words need side by side."""
        return sum(choice.sizeHint().width() for choice in self._group.buttons()) + 2

    def set_index(self, index: int) -> None:
        """Choose without telling anyone."""
        self._group.button(index).setChecked(True)
        for choice in self._group.buttons():
            is_down = self._group.id(choice) == index
            choice.setFont(self._look.font(13, 600 if is_down else 400))
        self._menu_button.setText(self._group.button(index).text())

    def set_words(self, index: int, words: str) -> None:
        """Change what one choice says."""
        self._group.button(index).setText(words)
        self.set_index(self.index)

    def set_compact(self, is_compact: bool) -> None:
        """Show one button with a menu instead of the row."""
        if is_compact == self._is_compact:
            return
        self._is_compact = is_compact
        for choice in self._group.buttons():
            choice.setVisible(not is_compact)
        self._menu_button.setVisible(is_compact)

    def fit(self, room: int) -> None:
        """Stand as a row where there is room for it, else as one button."""
        self.set_compact(room < self.full_width())

    def _choice(self, word: str, place: int, count: int) -> QPushButton:
        choice = QPushButton(word)
        choice.setCheckable(True)
        choice.setAutoDefault(False)
        choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        choice.setCursor(Qt.CursorShape.PointingHandCursor)
        where = "only" if count == 1 else {0: "first", count - 1: "last"}.get(place, "middle")
        choice.setProperty("place", where)
        self._group.addButton(choice, place)
        return choice

    def _make_menu_button(self, words: Sequence[str]) -> QPushButton:
        made = QPushButton()
        made.setProperty("place", "only")
        made.setFont(self._look.font(13, 600))
        made.setIcon(icon(self._look, "chevron-down", "soft"))
        made.setIconSize(QSize(self._look.px(14), self._look.px(14)))
        made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        menu = QMenu(made)
        for place, word in enumerate(words):
            menu.addAction(word).triggered.connect(lambda _checked=False, p=place: self._choose(p))
        made.clicked.connect(lambda: menu.exec(made.mapToGlobal(made.rect().bottomLeft())))
        made.hide()
        return made

    def _choose(self, index: int) -> None:
        self.set_index(index)
        self.chosen.emit(index)
