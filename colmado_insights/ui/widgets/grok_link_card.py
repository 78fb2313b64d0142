"""A line about Grok for another page: on or off, and the way to where it is decided."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent

from colmado_insights.personas.budget import GrokState
from colmado_insights.personas.standing import short_state_words
from colmado_insights.progress import Progress
from colmado_insights.text import _
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import GROK
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.label import label


class GrokLinkCard(Card):
    """Reads how Grok stands when it is shown, and again when that changed."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx.look, _("Grok e internet"), "globe")
        self._ctx = ctx
        self.words = label(ctx.look, "", 14, 400, wrap=True)
        self.body.addWidget(self.words)
        self.body.addStretch(1)
        self.body.addWidget(
            button(ctx.look, _("Grok y privacidad"), lambda: ctx.go("grok"), symbol="sparkles")
        )
        ctx.tasks.data_changed.connect(self._take_change)

    def load(self) -> None:
        """Read and say it."""
        shop, now = self._ctx.shop, self._ctx.clock()

        def read(_progress: Progress) -> GrokState:
            return shop.read_grok(now)

        def show(state: GrokState) -> None:
            self.words.setText(short_state_words(state, now.date()))

        self._ctx.tasks.run(read, owner=self, key="grok", done=show, error=self._show_trouble)

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it comes into view."""
        super().showEvent(event)
        self.load()

    def _take_change(self, topics: frozenset[str]) -> None:
        if GROK in topics and self.isVisible():
            self.load()

    def _show_trouble(self, _error: Exception) -> None:
        self.words.setText(_("Ahora mismo no se pudo mirar cómo está. Sin tu permiso no sale nada."))
