"""A card that says one number: label, number, a chip with the comparison, the comparison in words."""

from __future__ import annotations

from PySide6.QtCore import Qt

from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.label import Tone, chip, label


class NumberCard(Card):
    """Say one number and how it compares."""

    def __init__(
        self,
        look: Look,
        title: str,
        symbol: str,
        number: str,
        *,
        mark: str = "",
        tone: Tone = Tone.PLAIN,
        words: str = "",
    ) -> None:
        super().__init__(look, title, symbol)
        self.body.setSpacing(look.px(2))
        self.number = label(look, number, 30, 700, tabular=False)
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self.number)
        self.body.addSpacing(look.px(2))
        if mark:
            self.body.addWidget(chip(look, mark, tone))
            self.body.addSpacing(look.px(2))
        self.body.addWidget(label(look, words, 12.5, 400, "soft", wrap=True))
        self.body.addStretch(1)
