"""Bundles: what to sell as one, at which price, what one saves, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import Bundle
from colmado_insights.insights import LedgerEntry
from colmado_insights.insights.actions.advice import PROFIT, REVENUE
from colmado_insights.insights.actions.baskets import bundle_advice
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.action_words import goal_words, latest_of
from colmado_insights.ui.widgets.basket_words import bundle_gain, name_of
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.label import Tone, chip, label

LEAST = 100
"""Cents below which a gain is as good as none."""


class AnswerRow(QWidget):
    """The two answers to an advice, or what was said to it."""

    answered = Signal(bool)

    def __init__(self, look: Look, is_taken: bool | None) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        if is_taken is None:
            for words, is_done, kind in ((_("Hecho"), True, "primary"), (_("Ahora no"), False, "plain")):
                row.addWidget(button(look, words, partial(self.answered.emit, is_done), kind=kind))
        else:
            said = _("Ya dijiste: hecho") if is_taken else _("Ya dijiste: ahora no")
            row.addWidget(label(look, said, 13, 500, "soft"))


class BundleCard(Card):
    """One bundle; `answered` carries whether it was done."""

    answered = Signal(bool)

    def __init__(self, look: Look, bundle: Bundle, names: Mapping[int, str], is_taken: bool | None) -> None:
        super().__init__(look)
        for place, product_id in enumerate(bundle.product_ids):
            name = name_of(names, product_id)
            self.body.addWidget(label(look, f"+ {name}" if place else name, 14, 600, wrap=True))
        self.body.addLayout(self._make_price(bundle))
        gain, is_profit = bundle_gain(bundle)
        count = max(1, round(bundle.expected_sales))
        sales = ngettext("Se vendería {n} al mes", "Se venderían unos {n} al mes", count).format(
            n=text.number(count)
        )
        money = text.money(gain, signed=True) if gain >= LEAST else _("menos de RD$ 1")
        brings = _("{money} al mes {what}").format(
            money=money, what=goal_words(PROFIT if is_profit else REVENUE)
        )
        self.body.addWidget(label(look, brings, 14, 700, "good" if gain >= LEAST else "soft", wrap=True))
        self.body.addWidget(label(look, sales, 12.5, 400, "soft", wrap=True))
        why = " ".join(text.sentence(reason) for reason in bundle.reasons)
        self.body.addWidget(label(look, why, 12.5, 400, "soft", wrap=True))
        self.body.addStretch(1)
        answers = AnswerRow(look, is_taken)
        answers.answered.connect(self.answered)
        self.body.addSpacing(look.px(4))
        self.body.addWidget(answers, 0, Qt.AlignmentFlag.AlignLeft)

    def _make_price(self, bundle: Bundle) -> QHBoxLayout:
        look = self.look
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(label(look, text.money(bundle.price_cents), 22, 700, tabular=True))
        saving = _("ahorra {money}").format(money=text.money(bundle.saving_cents))
        row.addWidget(chip(look, saving, Tone.BRAND))
        row.addStretch(1)
        return row


class BundlesView(QWidget):
    """All of them as cards, the best first; `answered` carries a bundle and whether it was done."""

    answered = Signal(object, bool)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[object, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(10))
        self._words = label(look, "", 13, 400, "soft", wrap=True)
        column.addWidget(self._words)
        self._grid = CardGrid(look, 300, 3)
        column.addWidget(self._grid)
        column.addStretch(1)

    def show_bundles(
        self, bundles: Sequence[Bundle], names: Mapping[int, str], ledger: Sequence[LedgerEntry]
    ) -> None:
        """Fill the cards; what has not changed leaves the keyboard where it is."""
        told = [latest_of(ledger, bundle_advice(bundle, names).key) for bundle in bundles]
        answers = [entry.is_taken if entry else None for entry in told]
        shown = tuple(zip(bundles, answers, strict=True))
        if shown and shown == self._shown:
            return
        self._shown = shown
        self._grid.clear()
        self._words.setText(_bundles_words(bundles))
        for bundle, is_taken in shown:
            card = BundleCard(self._look, bundle, names, is_taken)
            card.answered.connect(partial(self.answered.emit, bundle))
            self._grid.add(card)


def _bundles_words(bundles: Sequence[Bundle]) -> str:
    if not bundles:
        return _(
            "Ningún combo deja más que vender las cosas por separado. Cuando alguno convenga, sale aquí."
        )
    if any(bundle.expected_profit_cents is None for bundle in bundles):
        return _("Donde falta un costo se dice la venta, no la ganancia: pon el costo en Productos.")
    return _("Lo que dice es lo que deja de más, contra vender cada cosa por su lado.")
