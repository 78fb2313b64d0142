"""The quick list (Ctrl+K): type a few letters, jump to a page, a segment or an action, or ask the shop."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from colmado_insights.text import _
from colmado_insights.ui.icons import icon
from colmado_insights.ui.style import Look

MOST_SHOWN = 200
"""Who has thousands of customers types another letter."""


@dataclass(frozen=True)
class Jump:
    """One line of the list: what it says, what kind of thing it is, and what it does."""

    words: str
    kind: str
    symbol: str
    act: Callable[[], object]


def plain(words: str) -> str:
    """Lower case without accents, so that `pronostico` finds Pronóstico."""
    split = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def matching(jumps: Sequence[Jump], typed: str) -> list[Jump]:
    """The lines that hold every typed word, those that begin with it first."""
    pieces = plain(typed).split()
    found = [jump for jump in jumps if all(piece in plain(f"{jump.words} {jump.kind}") for piece in pieces)]
    return sorted(found, key=lambda jump: not plain(jump.words).startswith(plain(typed).strip()))


class QuickOpen(QDialog):
    """A small window at the top; Enter acts, Esc closes."""

    def __init__(
        self, look: Look, jumps: Sequence[Jump], parent: QWidget, ask: Callable[[str], object] | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._jumps, self._ask = look, tuple(jumps), ask
        self._found: list[Jump] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Buscar"))
        self.setWindowFlag(Qt.WindowType.Popup)
        box = QVBoxLayout(self)
        box.setContentsMargins(*(look.px(12) for _side in range(4)))
        box.setSpacing(look.px(8))
        self.line = QLineEdit()
        self.line.setFont(look.font(15))
        self.line.setPlaceholderText(_("Una página, un cliente, un segmento, una pregunta…"))
        self.line.setAccessibleName(self.line.placeholderText())
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self._act)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setFont(look.font(14))
        self.list.setIconSize(QSize(look.px(18), look.px(18)))
        self.list.itemClicked.connect(self._act)
        box.addWidget(self.line)
        box.addWidget(self.list)
        self.resize(look.px(520), look.px(420))
        place = parent.mapToGlobal(parent.rect().topLeft())
        self.move(place.x() + (parent.width() - self.width()) // 2, place.y() + look.px(64))
        self._fill("")
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move in the list while one types."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if by and self._found:
                self.list.setCurrentRow((self.list.currentRow() + by) % len(self._found))
                return True
        return super().eventFilter(watched, event)

    def _fill(self, typed: str) -> None:
        self._found = [*matching(self._jumps, typed)[:MOST_SHOWN], *self._question(typed)]
        self.list.clear()
        for jump in self._found:
            item = QListWidgetItem(
                icon(self._look, jump.symbol, "soft", 18), f"{jump.words}   ·   {jump.kind}"
            )
            self.list.addItem(item)
        if self._found:
            self.list.setCurrentRow(0)
        else:
            self.list.addItem(QListWidgetItem(_("Nada se llama así.")))

    def _question(self, typed: str) -> list[Jump]:
        """What was typed, asked of the shop."""
        words = " ".join(typed.split())
        if self._ask is None or not words:
            return []
        said = _("Pregúntale al colmado: {words}").format(words=words)
        return [Jump(said, _("pregunta"), "message-circle-question-mark", partial(self._ask, words))]

    def _act(self, _item: object = None) -> None:
        row = self.list.currentRow()
        if not 0 <= row < len(self._found):
            return
        act = self._found[row].act
        self.close()
        act()
