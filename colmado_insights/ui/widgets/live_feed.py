"""What happens right now: the live insights, the first few at once and the rest on demand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from colmado_insights.analytics.results import LiveInsight
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.insight_row import InsightRow
from colmado_insights.ui.widgets.label import hairline, label

MOST_AT_ONCE = 3


class LiveFeed(Card):
    """The card of live insights."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, _("Ahora mismo"), "radio")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows, 1)

    def show_insights(self, live: Sequence[LiveInsight], *, is_live: bool) -> None:
        """Show these; without any, say what would stand here."""
        clear_layout(self._rows)
        for place, insight in enumerate(live[:MOST_AT_ONCE]):
            if place:
                self._rows.addWidget(hairline())
            self._rows.addWidget(InsightRow(self.look, insight))
        if rest := live[MOST_AT_ONCE:]:
            words = ngettext("y {n} aviso más", "y {n} avisos más", len(rest)).format(n=len(rest))
            self._rows.addWidget(button(self.look, words, partial(self._unfold, rest), kind="link"))
        if not live:
            self._rows.addWidget(label(self.look, _calm_words(is_live=is_live), 13, 400, "soft", wrap=True))
        self._rows.addStretch(1)

    def _unfold(self, rest: Sequence[LiveInsight]) -> None:
        """Show the insights that had no room; the link goes, the stretch at the end stays."""
        link = self._rows.takeAt(self._rows.count() - 2)
        if link is not None and (widget := link.widget()):
            widget.deleteLater()
        for insight in rest:
            place = self._rows.count() - 1
            self._rows.insertWidget(place, hairline())
            self._rows.insertWidget(place + 1, InsightRow(self.look, insight))


def _calm_words(*, is_live: bool) -> str:
    if is_live:
        return _("Todo va como de costumbre. Si algo cambia, se dice aquí.")
    return _(
        "Aquí se avisa lo que pasa mientras se vende: mucha gente, qué van a pedir, cuánto falta por vender."
    )
