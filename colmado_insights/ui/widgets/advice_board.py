"""What to do today: the advices that bring most, each with its two answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from colmado_insights.errors import ShopError
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.advice_card import AdviceCard
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import label

if TYPE_CHECKING:
    from colmado_insights.insights import Advice

MOST_AT_ONCE = 3


class AdviceBoard(Card):
    """The card of advices; `answered` carries an advice's key and whether it was done."""

    answered = Signal(str, bool)
    page_asked = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, _("Qué hacer hoy"), "lightbulb")
        self.all = button(look, "", lambda: self.page_asked.emit("actions"), kind="link")
        self.all.hide()
        self.add_action(self.all)
        self._rows = QVBoxLayout()
        self.body.addLayout(self._rows)

    def show_advices(self, advices: Sequence[Advice]) -> None:
        """Show the first of them side by side, and the way to all."""
        self.all.setText(
            ngettext("Ver el único consejo", "Ver los {n} consejos", len(advices)).format(n=len(advices))
            if advices
            else _("Ver qué trajo lo hecho")
        )
        self.all.show()
        if not advices:
            self._say(_("Nada pendiente por ahora: lo de hoy está atendido."))
            return
        clear_layout(self._rows)
        grid = CardGrid(self.look, 290, min(MOST_AT_ONCE, len(advices)))
        for advice in advices[:MOST_AT_ONCE]:
            card = AdviceCard(self.look, advice)
            card.answered.connect(self.answered)
            card.page_asked.connect(self.page_asked)
            grid.add(card)
        self._rows.addWidget(grid)

    def show_trouble(self, error: Exception) -> None:
        """Say in place that there is no advice this time."""
        why = f" {error}" if isinstance(error, ShopError) else ""
        self._say(_("Los consejos no se pudieron calcular esta vez.") + why)

    def _say(self, words: str) -> None:
        clear_layout(self._rows)
        self._rows.addWidget(label(self.look, words, 13, 400, "soft", wrap=True))
