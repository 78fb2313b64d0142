"""The place on a page that says what became of an act."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout

from colmado_insights.errors import ShopError
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Notice
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import Tone


class NoticePlace(QVBoxLayout):
    """Empty, or one sentence: what is said takes the place of what was said before."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def clear(self) -> None:
        """Say nothing."""
        clear_layout(self)

    def say(self, words: str, tone: Tone = Tone.BRAND, symbol: str = "info") -> Notice:
        """Say this, and give it back for buttons."""
        self.clear()
        notice = Notice(self._look, words, tone, symbol)
        self.addWidget(notice)
        return notice

    def say_done(
        self, words: str, undo: Callable[[], object] | None = None, symbol: str = "circle-check"
    ) -> None:
        """Say that it is done, with a way back where there is one."""
        notice = self.say(words, Tone.GOOD, symbol)
        if undo is not None:
            notice.add_action(button(self._look, _("Deshacer"), undo))

    def say_undone(self) -> None:
        """Say that all is as it was."""
        self.say(_("Quedó como estaba."), Tone.BRAND, "undo-2")

    def say_trouble(self, error: Exception, fault: str = "") -> None:
        """Say what the owner can mend; of a fault of ours, that nothing was changed, or `fault`."""
        if isinstance(error, ShopError):
            self.say(str(error), Tone.ACCENT, "triangle-alert")
        else:
            words = fault or _("No se pudo guardar por un fallo del programa. No se cambió nada.")
            self.say(words, Tone.BAD, "triangle-alert")
