"""Quality of the data: what makes the figures worse than they could be, how much, and where to act."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import QualityIssue, Role
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import CATALOG, QUARANTINE, SALES, SETTINGS, Page
from colmado_insights.ui.pages.products import ALL, NO_COST, UNSURE, ProductsPage
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import Tone, chip, label
from colmado_insights.ui.widgets.state_view import Message

MOST_EXAMPLES = 4
LEAST = 0.001
MUCH = 0.05  # a share that is worth the colour of attention
FILTERS = {"missing_cost": NO_COST, "unsure_category": UNSURE}
SYMBOLS = {
    "products": "package",
    "quarantine": "file-warning",
    "imports": "file-input",
    "settings": "settings",
}
ACTIONS = {
    "products": N_("Ver los productos"),
    "quarantine": N_("Revisar las filas"),
    "imports": N_("Ver lo que se ha traído"),
    "settings": N_("Abrir Ajustes"),
}


class QualityPage(Page):
    """A card an issue, the weightiest first; or that all is well."""

    NAME = "quality"
    TITLE = N_("Calidad de los datos")
    ICON = "shield-check"
    PARENT = "imports"
    ROLE = Role.MANAGER
    NEEDS = frozenset({SALES, CATALOG, QUARANTINE, SETTINGS})
    BLOCKS = ((34, (1,)), (170, (1, 1)), (170, (1, 1)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self._top = QWidget()
        row = QHBoxLayout(self._top)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        self._summary = label(look, "", 14, 400, "soft", wrap=True)
        row.addWidget(self._summary, 1)
        row.addWidget(button(look, _("Importar"), partial(ctx.go, self.PARENT), symbol="arrow-left"))
        self.body.addWidget(self._top)
        self._cards = CardGrid(look, 420, 2)
        self.body.addWidget(self._cards)
        self._good = QVBoxLayout()
        self.body.addLayout(self._good, 20)
        self.body.addStretch(1)

    def read(self, progress: Progress) -> tuple[QualityIssue, ...] | NotEnough:
        """What could be better."""
        if not self.ctx.shop.read_summary().receipts:
            return NotEnough(1, 0, "receipts")
        return self.ctx.shop.find_quality(self.ctx.clock())

    def show_result(self, result: tuple[QualityIssue, ...]) -> None:
        """A card each."""
        self._cards.clear()
        clear_layout(self._good)
        for part in (self._top, self._cards):
            part.setVisible(bool(result))
        if not result:
            self._good.addWidget(self._make_good())
        words = ngettext(
            "{n} cosa que mejorar: con ella los números dirán más.",
            "{n} cosas que mejorar: con ellas los números dirán más.",
            len(result),
        )
        self._summary.setText(words.format(n=text.number(len(result))))
        for issue in sorted(result, key=lambda issue: -issue.share):
            self._cards.add(IssueCard(self, issue))

    def act_on(self, issue: QualityIssue) -> None:
        """Go where something can be done, with what concerns it already chosen."""
        page = self.ctx.go(issue.page)
        if isinstance(page, ProductsPage):
            if issue.what.code == "price_under_cost":
                page.show_worst_margins()
            else:
                page.show_only(FILTERS.get(issue.what.code, ALL))

    def _make_good(self) -> Message:
        return Message(
            self.look,
            "shield-check",
            _("Los datos están bien."),
            _("No falta ningún costo, no hay fechas raras y los días con ventas están completos."),
            ((_("Ver Productos"), partial(self.ctx.go, ProductsPage.NAME)),),
            Tone.GOOD,
        )


class IssueCard(Card):
    """What, how much of all, a few examples, and the way to act."""

    def __init__(self, page: QualityPage, issue: QualityIssue) -> None:
        super().__init__(page.look)
        look = page.look
        tone = Tone.ACCENT if issue.share >= MUCH else Tone.BRAND
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        tile = SymbolTile(look, SYMBOLS.get(issue.page, "circle-alert"), tone)
        row.addWidget(tile, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(look.px(2))
        words.addWidget(label(look, text.sentence(issue.what), 15, 600, wrap=True))
        if issue.examples:
            words.addWidget(label(look, examples_words(issue), 13, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        if issue.share > 0:
            row.addWidget(chip(look, share_words(issue.share), tone), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.body.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(look.px(48), look.px(4), 0, 0)
        act: Any = partial(page.act_on, issue)
        foot.addWidget(button(look, _(ACTIONS.get(issue.page, N_("Ver"))), act))
        foot.addStretch(1)
        self.body.addLayout(foot)


def share_words(share: float) -> str:
    """34 %; what is too little to write is said so."""
    return text.percent(share) if share >= LEAST else f"< {text.percent(LEAST)}"


def examples_words(issue: QualityIssue) -> str:
    """Por ejemplo: Salami Induveca, Huevo y 12 más."""
    named, rest = list(issue.examples[:MOST_EXAMPLES]), issue.count - MOST_EXAMPLES
    if rest > 0:
        named.append(_("{n} más").format(n=text.number(rest)))
    return _("Por ejemplo: {names}").format(names=text.join_words(named))
