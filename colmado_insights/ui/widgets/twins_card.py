"""Products that look like one, a pair at a time; and those that were made one, with the way back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from colmado_insights import text
from colmado_insights.domain import Merge, Twins
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import hairline, label

MOST_MERGES = 3


class TwinsCard(Card):
    """Asks whether two products are one; its signals carry the pair, or the merge to part again."""

    joined = Signal(object)
    parted = Signal(object)
    refused = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look, _("¿Son el mismo?"), "combine")
        self._pairs: list[Twins] = []
        self._count = label(look, "", 12.5, 400, "faint", tabular=True)
        self.add_action(self._count)
        self._pair, self._merges = QVBoxLayout(), QVBoxLayout()
        for box in (self._pair, self._merges):
            box.setSpacing(look.px(4))
            self.body.addLayout(box)

    def show_twins(self, twins: Sequence[Twins]) -> None:
        """Ask about the likeliest pair; the others wait."""
        self._pairs = sorted(twins, key=lambda pair: -pair.likeness)
        self._show_first()

    def show_merges(self, merges: Sequence[Merge]) -> None:
        """Show the latest merges, each with its way back."""
        clear_layout(self._merges)
        for merge in sorted(merges, key=lambda merge: merge.at, reverse=True)[:MOST_MERGES]:
            self._merges.addWidget(hairline())
            row = QHBoxLayout()
            row.setSpacing(self.look.px(8))
            words = _("{other} cuenta como {kept}").format(other=merge.other_name, kept=merge.kept_name)
            row.addWidget(label(self.look, words, 12.5, 400, "soft", wrap=True), 1)
            row.addWidget(button(self.look, _("Deshacer"), partial(self.parted.emit, merge), kind="link"))
            self._merges.addLayout(row)

    def _show_first(self) -> None:
        clear_layout(self._pair)
        waiting = len(self._pairs)
        self._count.setText(text.number(waiting) if waiting > 1 else "")
        if not self._pairs:
            words = _("No hay productos repetidos con otro nombre.")
            self._pair.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))
            return
        look, pair = self.look, self._pairs[0]
        for name in (pair.kept_name, pair.other_name):
            self._pair.addWidget(label(look, name, 14, 600, wrap=True))
        like = _("Se parecen {share}. Si lo son, sus ventas se suman.").format(
            share=text.percent(pair.likeness)
        )
        self._pair.addWidget(label(look, like, 12.5, 400, "soft", wrap=True))
        row = QHBoxLayout()
        row.setContentsMargins(0, look.px(4), 0, look.px(2))
        row.setSpacing(look.px(8))
        row.addWidget(button(look, _("Son el mismo"), lambda: self.joined.emit(pair), kind="primary"))
        row.addWidget(button(look, _("No"), lambda: self._refuse(pair)))
        row.addStretch(1)
        self._pair.addLayout(row)

    def _refuse(self, pair: Twins) -> None:
        self._pairs.remove(pair)
        self._show_first()
        self.refused.emit(pair)
