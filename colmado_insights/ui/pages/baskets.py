"""Baskets: what goes together, what to sell as one, what grows and falls, what comes, and a trial of offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import Basket, Bundle, NotEnough, RecommendationKind
from colmado_insights.domain import Role
from colmado_insights.insights import Advice, LedgerEntry
from colmado_insights.insights.actions.baskets import bundle_advice, offer_advice
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.advice_answers import AdviceAnswers
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import ANSWERS, CATALOG, SALES, SETTINGS, Page
from colmado_insights.ui.pages.product import ProductPage
from colmado_insights.ui.widgets.action_words import latest_of
from colmado_insights.ui.widgets.basket_bundles import AnswerRow, BundlesView
from colmado_insights.ui.widgets.basket_numbers import basket_cards
from colmado_insights.ui.widgets.basket_tables import (
    GAIN_COLUMN,
    GROWTH_COLUMN,
    INDEX_COLUMN,
    PairRow,
    identity_of,
    pair_columns,
    pair_rows,
    product_ids,
    season_columns,
    season_rows,
    set_words,
    trend_columns,
    trend_rows,
)
from colmado_insights.ui.widgets.basket_trial import KINDS, BasketTrial, Offers
from colmado_insights.ui.widgets.basket_words import pair_why
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.data_table import DataTable
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.state_view import Message, not_enough_words
from colmado_insights.ui.widgets.switch_place import SwitchPlace

PAIRS, BUNDLES, TRENDS, SEASONS, TRIAL = range(5)
AT_HAND = 6


@dataclass(frozen=True)
class BasketsView:
    """What goes together, the names, and which of its advice was told."""

    basket: Basket
    names: dict[int, str]
    ledger: tuple[LedgerEntry, ...]
    until: date  # what offers are asked for


class BasketsPage(Page):
    """Numbers on top, then one of five parts; a product opens on its own page."""

    NAME = "baskets"
    TITLE = N_("Canastas")
    ICON = "shopping-basket"
    ROLE = Role.MANAGER
    REPORT = "baskets"
    CLOSED_TO = frozenset({Role.CASHIER})
    NEEDS = frozenset({SALES, SETTINGS, CATALOG, ANSWERS, "baskets"})
    BLOCKS = ((112, (1, 1, 1, 1)), (34, (3, 2)), (340, (1,)), (96, (1,)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self._view: BasketsView | None = None
        self._stale: set[int] = set()
        self._notices = NoticePlace(self.look)
        self.body.addLayout(self._notices)
        self._answers = AdviceAnswers(self, self._notices)
        self._numbers = CardGrid(look, 220, 4)
        self.body.addWidget(self._numbers)
        self.tabs = Segmented(look, _tab_words())
        self.tabs.chosen.connect(self.show_tab)
        self._tab_place = SwitchPlace(look, self.tabs)
        self.body.addWidget(self._tab_place)
        self.pairs = DataTable(look, pair_columns(), identity_of, sort_by=GAIN_COLUMN, name=_("Van juntos"))
        self.trends = DataTable(
            look, trend_columns(), identity_of, sort_by=GROWTH_COLUMN, name=_("Suben y bajan")
        )
        self.seasons = DataTable(
            look, season_columns(), identity_of, sort_by=INDEX_COLUMN, name=_("Lo que viene")
        )
        self.pairs.picked.connect(self._show_chosen)
        for table in (self.pairs, self.trends, self.seasons):
            table.setMinimumHeight(look.px(180))
            table.opened.connect(self._open_row)
        self._chosen, self._sets = QVBoxLayout(), label(look, "", 12.5, 400, "soft", wrap=True)
        self.bundles = BundlesView(look)
        self.bundles.answered.connect(self._answer_bundle)
        self.trial = BasketTrial(look)
        self.trial.asked.connect(self._ask)
        self.trial.opened.connect(self.open_product)
        self._parts: dict[int, QWidget] = {
            PAIRS: self._make_pairs_part(),
            BUNDLES: self.bundles,
            TRENDS: self._make_table_part(
                self.trends,
                _("Aparte de la época y de cómo va el negocio: por eso algo puede bajar aunque venda igual."),
            ),
            SEASONS: self._make_table_part(self.seasons),
            TRIAL: self.trial,
        }
        for part in self._parts.values():
            self.body.addWidget(part, 1)
        self._none = Card(look)
        self._none_words = label(look, "", 14, 400, "soft", wrap=True)
        self._none_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none_words.setMinimumHeight(look.px(120))
        self._none.body.addWidget(self._none_words, 1)
        self.body.addWidget(self._none, 1)

    # -- reading and showing --

    def read(self, progress: Progress) -> BasketsView | NotEnough:
        """What goes together up to the last whole day."""
        shop, now = self.ctx.shop, self.ctx.clock()
        until = shop.read_whole_day(now)
        if until is None:
            return NotEnough(1, 0, "receipts")
        basket = shop.compute_baskets(until, progress)
        if isinstance(basket, NotEnough):
            return basket
        names = shop.read_product_names()
        return BasketsView(_of_known(basket, names), names, shop.read_ledger(now), until)

    def show_result(self, result: BasketsView) -> None:
        """Fill the numbers and the part that stands."""
        self._view = result
        basket, names = result.basket, result.names
        self._numbers.clear()
        for card in basket_cards(self.look, basket):
            self._numbers.add(card)
        counts = (len(basket.pairs), len(basket.bundles), len(basket.trends), len(basket.seasonal))
        for place, (words, count) in enumerate(zip(_tab_words(), counts, strict=False)):
            self.tabs.set_words(place, f"{words} {text.number(count)}")
        self._tab_place.fit()
        self.pairs.set_rows(pair_rows(basket, names))
        self.trends.set_rows(trend_rows(basket, names))
        self.seasons.set_rows(season_rows(basket, names))
        self._sets.setText(set_words(basket, names))
        self._sets.setVisible(bool(basket.sets))
        self._stale = {BUNDLES, TRIAL}
        if basket.pairs and not self.pairs.chosen():
            self.pairs.choose([self.pairs.rows.shown[0].identity])
        else:
            self._show_chosen(self.pairs.chosen())
        self.show_tab(self.tabs.index)

    def show_not_enough(self, answer: NotEnough) -> None:
        """Sales there may be, but few that hold two things: that is another thing to say."""
        if not answer.have:
            super().show_not_enough(answer)
            return
        self.state.show_message(
            Message(
                self.look,
                "shopping-basket",
                _("Hay pocas compras con dos cosas o más para ver qué va junto."),
                not_enough_words(answer),
                self.empty_actions()[:1],
            )
        )

    def show_tab(self, index: int) -> None:
        """Show one of the five parts."""
        self.tabs.set_index(index)
        if self._view is None:
            return
        words = self._lacking_words(index)
        if index in self._stale:  # their many parts are made when they are looked at
            self._stale.remove(index)
            self._fill(index, self._view)
        for place, part in self._parts.items():
            part.setVisible(place == index and not words)
        self._none_words.setText(words)
        self._none.setVisible(bool(words))

    def _fill(self, index: int, view: BasketsView) -> None:
        basket, names = view.basket, view.names
        if index == BUNDLES:
            self.bundles.show_bundles(basket.bundles, names, view.ledger)
        elif index == TRIAL:
            first = dict.fromkeys(pair.first_id for pair in basket.pairs)
            self.trial.show_names(names, [each for each in first if each in names][:AT_HAND])

    def _lacking_words(self, index: int) -> str:
        assert self._view is not None
        basket = self._view.basket
        if index == PAIRS and not basket.pairs:
            return _("Nada se lleva junto más que por azar. Con más compras de dos cosas se verá mejor.")
        if index == TRENDS and not basket.trends:
            return _("Nada sube ni baja más de lo que explican la época y el negocio.")
        if index == SEASONS and not basket.seasonal:
            return _("En las próximas seis semanas no viene la época de ningún producto. "
                     "Hace falta más de un año de ventas para saberlo bien.")  # fmt: skip
        return ""

    # -- the chosen pair --

    def _show_chosen(self, chosen: Sequence[PairRow]) -> None:
        clear_layout(self._chosen)
        if chosen and self._view is not None:
            self._chosen.addWidget(self._make_chosen(chosen[0]))

    def _make_chosen(self, row: PairRow) -> Card:
        """What to offer, why and when, and the answers."""
        assert self._view is not None
        look, pair = self.look, row.of
        card = Card(look)
        card.body.setContentsMargins(*(look.px(side) for side in (16, 10, 16, 12)))
        parts = CardGrid(look, 300, 2, shares=(7, 4))
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(3))
        what = _("Ofrece {product} a quien lleva {with_product}").format(
            product=row.other_name, with_product=row.name
        )
        column.addWidget(label(look, what, 15, 600, wrap=True))
        column.addWidget(label(look, pair_why(pair, self._view.names), 13, 400, "soft", wrap=True))
        column.addStretch(1)
        parts.add(words)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(look.px(8))
        line.addStretch(1)
        advice = offer_advice(pair, self._view.names)
        entry = latest_of(self._view.ledger, advice.key)
        answers = AnswerRow(look, entry.is_taken if entry else None)
        answers.answered.connect(partial(self.answer, advice))
        line.addWidget(answers)
        see = button(look, _("Ver el producto"), partial(self.open_product, pair.second_id), symbol="package")
        line.addWidget(see)
        parts.add(holder)
        card.body.addWidget(parts)
        return card

    # -- the trial --

    def _ask(self, picked: tuple[int, ...]) -> None:
        """Ask for offers beside the page."""
        assert self._view is not None
        shop, until = self.ctx.shop, self._view.until
        first, *others = picked

        def find(progress: Progress) -> Offers:
            if others:
                kind = RecommendationKind.CROSS_SELL
                return {
                    kind: shop.recommend(kind, first, as_of=until, progress=progress, beside_id=others[0])
                }
            return {
                kind: shop.recommend(kind, first, as_of=until, progress=progress) for kind, _words in KINDS
            }

        self.ctx.tasks.run(
            find, owner=self, key="trial", done=self.trial.show_offers, error=self.trial.show_trouble
        )

    # -- acting --

    def open_product(self, product_id: int, among: Sequence[int] = ()) -> None:
        """Show the page of one product; next and previous go as the list does."""
        page = self.ctx.go(ProductPage.NAME)
        if isinstance(page, ProductPage):
            page.show_product(product_id, among)

    def answer(self, advice: Advice, is_done: bool) -> None:
        """Remember what the owner says to an advice, also to one that no list told of."""
        assert self._view is not None
        told = latest_of(self._view.ledger, advice.key)
        if told is not None:
            self._answers.answer(told.advice.key, is_done)
        else:
            self._answers.answer(advice.key, is_done, untold=advice)

    def _answer_bundle(self, bundle: Bundle, is_done: bool) -> None:
        assert self._view is not None
        self.answer(bundle_advice(bundle, self._view.names), is_done)

    def _open_row(self, row: Any) -> None:
        tables: dict[int, DataTable[Any]] = {PAIRS: self.pairs, TRENDS: self.trends, SEASONS: self.seasons}
        table = tables[self.tabs.index]
        self.open_product(row.product_id, product_ids(table.rows.shown))

    # -- parts --

    def _make_pairs_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.look.px(10))
        column.addWidget(self._make_table_part(self.pairs), 1)
        column.addLayout(self._chosen)
        column.addWidget(self._sets)
        return part

    def _make_table_part(self, table: DataTable[Any], words: str = "") -> Card:
        card = Card(self.look)
        card.body.setContentsMargins(*(self.look.px(side) for side in (8, 6, 8, 8)))
        card.body.addWidget(table, 1)
        if words:
            line = label(self.look, words, 12.5, 400, "soft", wrap=True)
            line.setContentsMargins(self.look.px(11), self.look.px(4), 0, self.look.px(4))
            card.body.addWidget(line)
        return card


def _of_known(basket: Basket, names: dict[int, str]) -> Basket:
    """Without products of an import that was undone since."""

    def known(*product_ids: int) -> bool:
        return all(each in names for each in product_ids)

    return replace(
        basket,
        pairs=tuple(pair for pair in basket.pairs if known(pair.first_id, pair.second_id)),
        bundles=tuple(bundle for bundle in basket.bundles if known(*bundle.product_ids)),
        trends=tuple(trend for trend in basket.trends if known(trend.product_id)),
        seasonal=tuple(each for each in basket.seasonal if known(each.product_id)),
        sets=tuple(found for found in basket.sets if known(*found.product_ids)),
    )


def _tab_words() -> tuple[str, ...]:
    return _("Van juntos"), _("Combos"), _("Suben y bajan"), _("Lo que viene"), _("Prueba")
