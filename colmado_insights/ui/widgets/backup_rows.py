"""The backups there are, newest first: when each was made, what it holds, and a button that puts it back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.domain import BackupFacts
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import hairline, label

AT_FIRST = 4
"""So many are shown; the others when they are asked for."""


class BackupRows(QWidget):
    """A row a backup; `chosen` carries the one to put back."""

    chosen = Signal(object)  # BackupFacts

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(look.px(6))

    def show_backups(self, backups: Sequence[BackupFacts], most: int = AT_FIRST) -> None:
        """Show these, and how to see the others."""
        clear_layout(self._box)
        if not backups:
            self._box.addWidget(
                label(self._look, _("Todavía no hay ninguna. La primera se hace sola."), 14, 400, wrap=True)
            )
        for place, facts in enumerate(backups[:most]):
            if place:
                self._box.addWidget(hairline())
            self._box.addLayout(self._make_row(facts))
        if len(backups) > most:
            more = button(
                self._look,
                _("Ver las {n} copias").format(n=len(backups)),
                partial(self.show_backups, backups, len(backups)),
                kind="link",
            )
            self._box.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _make_row(self, facts: BackupFacts) -> QHBoxLayout:
        row, words = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(self._look.px(12))
        words.setSpacing(0)
        when = text.backup_moment(facts.made_at)
        words.addWidget(label(self._look, text.capitalized(when), 14, 600, wrap=True))
        ink = "accent" if facts.trouble else "soft"
        words.addWidget(label(self._look, text.backup_content(facts), 12.5, 400, ink, wrap=True))
        row.addLayout(words, 1)
        if not facts.trouble:
            made = button(self._look, _("Recuperar…"), partial(self.chosen.emit, facts))
            made.setAccessibleName(_("Recuperar la copia del {moment}").format(moment=when))
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        return row
