"""Files that were looked at and wait for a yes: a card each, and one button for all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.domain import MappingChoice, Preview
from colmado_insights.errors import ShopError
from colmado_insights.storage.importing.preview import count_receipts
from colmado_insights.text import _, ngettext
from colmado_insights.ui.readings import is_sure
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Notice
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.preview_card import PreviewCard

Key = tuple[Path, str]
SHOWN_WHOLE = 3  # of many files the first ones say enough


class WaitingFiles(QWidget):
    """Previews in the order they came; `accepted` when they are to be brought in."""

    choice_changed = Signal(object)  # the path whose choice is new
    accepted = Signal()
    emptied = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.cards: dict[Key, PreviewCard] = {}
        self._given: list[Path] = []
        self._left_out: set[Path] = set()
        self.choices: dict[Path, MappingChoice] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(look.px(12))
        self._bar = Notice(look, "", Tone.BRAND, "file-input")
        self.bring = button(look, "", self._accept, kind="primary", symbol="check")
        enter = QShortcut(QKeySequence(Qt.Key.Key_Return), self.bring)
        enter.setContext(Qt.ShortcutContext.WidgetShortcut)
        enter.activated.connect(self._accept)
        self._bar.add_action(self.bring)
        self._bar.add_action(button(look, _("Cancelar"), self._give_up))
        box.addWidget(self._bar)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(look.px(12))
        box.addLayout(self._cards)
        self.hide()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that were given and not left out."""
        return tuple(path for path in self._given if path not in self._left_out)

    def good_paths(self) -> list[Path]:
        """The files to bring in: what was given, without what cannot be read."""
        good = {path for card in self.cards.values() if card.can_enter for path in paths_of(card.preview)}
        bad = {path for card in self.cards.values() if not card.can_enter for path in paths_of(card.preview)}
        return [path for path in self.paths if path in good or (good and path not in bad)]

    def add_previews(self, paths: Sequence[Path], previews: Sequence[Preview]) -> None:
        """Add files; one that waits already is shown anew. A file may hold several tables."""
        self._given += [path for path in paths if path not in self._given]
        self._left_out -= set(paths)
        for preview in previews:
            key = key_of(preview)
            if key in self.cards:
                self.cards[key].show_preview(preview)
                continue
            card = PreviewCard(self._look, preview, is_brief=len(self.cards) >= SHOWN_WHOLE)
            card.choice_changed.connect(partial(self._take_choice, preview.path))
            card.left_out.connect(partial(self._leave_out, key))
            self.cards[key] = card
            self._cards.addWidget(card)
        self._show_bar()

    def show_preview(self, preview: Preview) -> None:
        """Show what a changed choice would do."""
        same = [card for card in self.cards.values() if card.preview.path == preview.path]
        card = self.cards.get(key_of(preview)) or (same[0] if len(same) == 1 else None)
        if card is not None:
            card.show_preview(preview)
            self._show_bar()

    def show_trouble(self, path: Path, error: Exception) -> None:
        """Say in place that a choice cannot be."""
        words = str(error) if isinstance(error, ShopError) else _("Así no se pudo leer. Prueba otra columna.")
        for card in self.cards.values():
            if card.preview.path == path:
                card.show_trouble(words)
        self._show_bar()

    def clear(self) -> None:
        """Forget all files."""
        clear_layout(self._cards)
        self.cards, self.choices, self._given, self._left_out = {}, {}, [], set()
        self.hide()

    def _show_bar(self) -> None:
        good = self.good_paths()
        self.setVisible(bool(self.cards))
        self.bring.setVisible(bool(good))
        self.bring.setEnabled(bool(good))
        self.bring.setText(" " + (_("Traer") if len(good) == 1 else _("Traer todo")))
        self._bar.words.setText(waiting_words([card.preview for card in self.cards.values()]))

    def _take_choice(self, path: Path, choice: MappingChoice) -> None:
        self.choices[path] = choice
        self.bring.setEnabled(False)  # until what the choice does is known
        self.choice_changed.emit(path)

    def _leave_out(self, key: Key) -> None:
        card = self.cards.pop(key)
        still = {path for other in self.cards.values() for path in paths_of(other.preview)}
        self._left_out |= set(paths_of(card.preview)) - still
        self.choices.pop(card.preview.path, None)
        self._cards.removeWidget(card)
        card.hide()
        card.deleteLater()
        if self.cards:
            self._show_bar()
        else:
            self._give_up()

    def _give_up(self) -> None:
        self.clear()
        self.emptied.emit()

    def _accept(self) -> None:
        if self.bring.isEnabled() and self.good_paths():
            self.accepted.emit()


def key_of(preview: Preview) -> Key:
    """What tells a preview from others: a zip holds several files, a workbook several sheets."""
    return preview.path, preview.file


def paths_of(preview: Preview) -> tuple[Path, ...]:
    """The files that a preview is about."""
    return preview.path, *preview.others


def waiting_words(previews: Sequence[Preview]) -> str:
    """What stands before the owner, in one line."""
    good = [preview for preview in previews if preview.report and not preview.trouble]
    if not good and any(preview.can_map for preview in previews):
        return _("Así como está no hay ventas que traer; si las hay, di qué es cada columna.")
    if not good:
        return _("Aquí no hay ventas que traer.")
    receipts = count_receipts(good)
    words = ngettext("Entraría {n} compra", "Entrarían {n} compras", receipts).format(n=text.number(receipts))
    if len(good) > 1:
        words = ngettext(
            "Entraría {n} compra de {files} archivos", "Entrarían {n} compras de {files} archivos", receipts
        ).format(n=text.number(receipts), files=text.number(len(good)))
    if all(is_sure(preview) for preview in previews):
        return _("Todo se entendió. {what}.").format(what=words)
    return _("{what}. Mira si está bien antes de traerlo.").format(what=words)
