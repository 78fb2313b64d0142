"""A card that leads to another page: what is there, and a button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.label import Tone, label


class LinkCard(Card):
    """A symbol, a title, a line, and where it leads."""

    def __init__(
        self,
        look: Look,
        symbol: str,
        title: str,
        words: str,
        action: str,
        go: Callable[[], object],
        tone: Tone = Tone.BRAND,
    ) -> None:
        super().__init__(look)
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(SymbolTile(look, symbol, tone), 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(label(look, title, 14, 600, wrap=True))
        column.addWidget(label(look, words, 12.5, 400, "soft", wrap=True))
        row.addLayout(column, 1)
        row.addWidget(button(look, action, go), 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(row)
