"""Work that takes a while: what is being done, how far it is, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.label import label


class WorkStrip(Card):
    """A line of words over a bar; `stop_asked` when the user has waited enough."""

    stop_asked = Signal()

    def __init__(self, look: Look, words: str) -> None:
        super().__init__(look)
        self._words = words
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        self._said = label(look, words, 14, 600, wrap=True)
        self._stop = button(look, _("Parar"), self._ask_stop)
        row.addWidget(self._said, 1)
        row.addWidget(self._stop)
        self.body.addLayout(row)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(words)
        self.body.addWidget(self._bar)
        self.start()

    def start(self) -> None:
        """Begin: nothing is known of how long it takes."""
        self._bar.setRange(0, 0)
        self._said.setText(self._words)
        self._stop.setEnabled(True)

    def show_progress(self, done: int, total: int, words: str) -> None:
        """Say how far it is."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if words and self._stop.isEnabled():
            self._said.setText(words)

    def _ask_stop(self) -> None:
        self._stop.setEnabled(False)
        self._said.setText(_("Parando…"))
        self.stop_asked.emit()
