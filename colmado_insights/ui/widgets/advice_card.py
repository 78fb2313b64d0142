"""One advice: what, why, what it brings, and the two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from colmado_insights import text
from colmado_insights.text import _
from colmado_insights.ui.icons import Icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.action_words import goal_words
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.label import label

if TYPE_CHECKING:
    from colmado_insights.insights import Advice

PLACES = {"look_at_quarantine": "quarantine"}
"""Where an advice is followed, when that is a page."""


class AdviceCard(Card):
    """An inset with an advice; `answered` carries its key and whether it was done, `page_asked` where to go."""

    answered = Signal(str, bool)
    page_asked = Signal(str)

    def __init__(self, look: Look, advice: Advice) -> None:
        super().__init__(look, kind="inset")
        self.body.setContentsMargins(look.px(14), look.px(12), look.px(14), look.px(12))
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(Icon(look, advice.icon, "accent", 20), 0, Qt.AlignmentFlag.AlignTop)
        words, head = QVBoxLayout(), QHBoxLayout()
        words.setSpacing(look.px(3))
        head.setSpacing(look.px(12))
        what = label(look, text.sentence(advice.what), 14, 600, wrap=True)
        head.addWidget(what, 1, Qt.AlignmentFlag.AlignTop)
        words.addLayout(head)
        words.addWidget(label(look, text.sentence(advice.why), 12.5, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        if advice.gain_cents:
            gain = QVBoxLayout()
            gain.setSpacing(0)
            money = text.money(advice.gain_cents, signed=True)
            for said, size, weight, ink in (
                (money, 14, 700, "good"),
                (goal_words(advice.goal), 12, 400, "soft"),
            ):
                gain.addWidget(
                    label(look, said, size, weight, ink, tabular=True), 0, Qt.AlignmentFlag.AlignRight
                )
            gain.addStretch(1)
            head.addLayout(gain)
        self.body.addLayout(row)
        self.body.addStretch(1)
        answers = QHBoxLayout()
        answers.setContentsMargins(look.px(32), look.px(4), 0, 0)
        answers.setSpacing(look.px(8))
        if page := PLACES.get(advice.what.code):
            go = button(look, _("Revisar"), lambda: self.page_asked.emit(page), kind="primary")
            answers.addWidget(go)
        self.done = button(
            look,
            _("Hecho"),
            lambda: self.answered.emit(advice.key, True),
            kind="plain" if page else "primary",
        )
        self.later = button(look, _("Ahora no"), lambda: self.answered.emit(advice.key, False))
        answers.addWidget(self.done)
        answers.addWidget(self.later)
        answers.addStretch(1)
        self.body.addLayout(answers)
