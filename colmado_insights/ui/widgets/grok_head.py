"""How Grok stands, in one card: what it is, what leaves, what never does, and what it costs."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from colmado_insights import text
from colmado_insights.domain import TokenUse
from colmado_insights.personas.budget import GrokState
from colmado_insights.personas.standing import state_words
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.grok_words import state_tone, twelve_words
from colmado_insights.ui.widgets.label import Tone, label
from colmado_insights.ui.widgets.slot import Slot


class HeadCard(Card):
    """On top of the page: how Grok stands, what it is, what leaves, what never does, and what it costs."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._is_on: bool | None = None
        row, words = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(look.px(14))
        self._tile = Slot()
        row.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignTop)
        words.setSpacing(look.px(2))
        self.state = label(look, "", 17, 650, wrap=True)
        self._follows = label(look, "", 14, 400, "soft", wrap=True)
        words.addWidget(self.state)
        words.addWidget(self._follows)
        row.addLayout(words, 1)
        self.body.addLayout(row)
        self._costs = label(look, "", 13, 400, "soft", wrap=True)
        self._about = grid = CardGrid(look, 230, 4, gap=10)
        self.more = button(look, "", self._unfold, kind="link")
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        for symbol, title, said in (
            ("sparkles", _("Qué es Grok"), _(
                "Un servicio de internet que escribe. Aquí puede contarte con palabras cómo son tus segmentos o tu"
                " semana y darte ideas. Sin él, el programa lo escribe solo, gratis.")),
            ("globe", _("Qué sale"), _(
                "Solo de lo que permitas: números redondos de compras, horas y tipos de cosas, o las palabras de una"
                " pregunta, sin nombres. Abajo lo lees letra por letra.")),
            ("shield-check", _("Qué no sale nunca"), _(
                "Nombres de clientes, cajeros, productos o archivos; teléfonos; costos y ganancias; tus recibos"
                " completos.")),
            ("wallet", _("Qué cuesta"), ""),
        ):  # fmt: skip
            part = Card(look, title, symbol, kind="inset")
            part.body.addWidget(
                self._costs if symbol == "wallet" else label(look, said, 13, 400, "soft", wrap=True)
            )
            part.body.addStretch(1)
            grid.add(part)
        grid.setContentsMargins(0, look.px(6), 0, 0)
        self.body.addWidget(grid)

    def show_state(self, state: GrokState, use: TokenUse, today: date) -> None:
        """Say how it stands."""
        headline, follows = state_words(state, today)
        tone = state_tone(state)
        self.state.setText(headline)
        self._follows.setText(follows)
        symbol = {Tone.GOOD: "sparkles", Tone.ACCENT: "triangle-alert"}.get(tone, "shield-check")
        self._tile.fill(SymbolTile(self.look, symbol, Tone.BRAND if tone is Tone.PLAIN else tone, 44))
        limit = text.dollars(state.limit_nano)
        parts = [_("Lo pagas tú a xAI, por lo que se escribe.")]
        if state.price is not None:
            twelve = twelve_words(state.price, use)
            parts.append(_("Más o menos: {twelve}.").format(twelve=twelve))
        parts.append(_("Nunca pasa de {limit} al mes: ese límite lo pones tú.").format(limit=limit))
        self._costs.setText(" ".join(parts))
        is_on = bool(state.allowed and state.key_place)
        if is_on != self._is_on:  # who uses it knows it; what was folded or unfolded by hand stays so
            self._is_on = is_on
            self.more.setVisible(is_on)
            self._show_about(not is_on)

    def _unfold(self) -> None:
        self._show_about(self._about.isHidden())

    def _show_about(self, is_open: bool) -> None:
        self._about.setVisible(is_open)
        self.more.setText(_("Ver menos") if is_open else _("Qué sale y qué cuesta"))
