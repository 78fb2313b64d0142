"""Prices: which to raise and which to lower, the costs that ate a margin, and what cannot be judged yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import CostAlarm, NotEnough, PriceAdvice, PriceBoard
from colmado_insights.domain import Role
from colmado_insights.insights import LedgerEntry
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.advice_answers import AdviceAnswers
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import ANSWERS, CATALOG, SALES, SETTINGS, Page
from colmado_insights.ui.pages.product import ProductPage
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.data_table import DataTable
from colmado_insights.ui.widgets.label import Tone, label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.price_numbers import price_cards
from colmado_insights.ui.widgets.price_tables import (
    GAIN_COLUMN,
    LOSS_COLUMN,
    PriceRow,
    PriceRows,
    advice_columns,
    alarm_columns,
    help_words,
    refusal_columns,
    refusal_words,
    what_words,
)
from colmado_insights.ui.widgets.price_words import told
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.slot import Slot
from colmado_insights.ui.widgets.state_view import Message
from colmado_insights.ui.widgets.switch_place import SwitchPlace

CHANGES, RAISE, LOWER, KEEP, ALARMS, REFUSED = range(6)
MOST_WHY = 3


@dataclass(frozen=True)
class PricesView:
    """The board, and the newest entry of the ledger about each of its advice that was shown."""

    board: PriceBoard
    rows: PriceRows
    told: dict[str, LedgerEntry]  # by the key without the number of its turn


class PricesPage(Page):
    """Numbers on top, then one list at a time; what is chosen in it stands below with its answers."""

    NAME = "prices"
    TITLE = N_("Precios")
    ICON = "tag"
    ROLE = Role.MANAGER
    REPORT = "prices"
    NEEDS = frozenset({SALES, SETTINGS, CATALOG, ANSWERS})
    BLOCKS = ((112, (1, 1, 1, 1)), (34, (3, 2)), (340, (1,)), (96, (1,)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self._shows_costs = ctx.role is not Role.CASHIER
        self._view: PricesView | None = None
        self._notices = NoticePlace(self.look)
        self.body.addLayout(self._notices)
        self._answers = AdviceAnswers(self, self._notices)
        self._numbers = CardGrid(look, 220, 4)
        self.body.addWidget(self._numbers)
        self.kinds = (CHANGES, RAISE, LOWER, KEEP, ALARMS, REFUSED) if self._shows_costs else (KEEP, REFUSED)
        self.tabs = Segmented(look, [self._tab_words(kind) for kind in self.kinds])
        self.tabs.chosen.connect(lambda place: self.show_kind(self.kinds[place]))
        self._tab_place = SwitchPlace(look, self.tabs)
        self.body.addWidget(self._tab_place)
        self.tables = {
            KEEP: DataTable[PriceRow](
                look, advice_columns(shows_costs=self._shows_costs), _product_of,
                sort_by=GAIN_COLUMN if self._shows_costs else 0, name=_("Precios"),
            ),
            REFUSED: DataTable[PriceRow](look, refusal_columns(), _product_of, sort_by=1, name=_("Sin juzgar")),
        }  # fmt: skip
        if self._shows_costs:
            self.tables[ALARMS] = DataTable(
                look, alarm_columns(), _product_of, sort_by=LOSS_COLUMN, name=_("Costos que subieron")
            )
        self._table_card = self._make_table_card()
        self._none = Slot()
        self.body.addWidget(self._table_card, 1)
        self.body.addWidget(self._none, 1)
        self._chosen = QVBoxLayout()
        self.body.addLayout(self._chosen)

    # -- reading and showing --

    def read(self, progress: Progress) -> PricesView | NotEnough:
        """The advice on all prices, and what became of it so far."""
        shop = self.ctx.shop
        board = shop.compute_prices(progress=progress)
        if isinstance(board, NotEnough):
            return board
        entries: dict[str, LedgerEntry] = {}
        for entry in shop.read_ledger(self.ctx.clock()):  # the newest first
            entries.setdefault(entry.advice.key.partition("#")[0], entry)
        return PricesView(board, PriceRows.of(board, shop.read_product_names()), entries)

    def show_result(self, result: PricesView) -> None:
        """Fill the numbers and the list that stands."""
        self._view = result
        self._numbers.clear()
        for card in price_cards(self.look, result.board, shows_costs=self._shows_costs):
            self._numbers.add(card)
        for place, kind in enumerate(self.kinds):
            words = self._tab_words(kind)
            self.tabs.set_words(place, f"{words} {text.number(len(self._rows(kind)))}")
        self._tab_place.fit()
        self.show_kind(self.kinds[self.tabs.index])

    def show_kind(self, kind: int) -> None:
        """Show one of the lists."""
        if kind not in self.kinds or self._view is None:
            return
        self.tabs.set_index(self.kinds.index(kind))
        table = self._table(kind)
        for each in self.tables.values():
            each.setVisible(each is table)
        rows = self._rows(kind)
        table.set_rows(rows)
        self._table_card.setVisible(bool(rows))
        self._none.setVisible(not rows)
        if not rows:
            self._none.fill(self._make_none(kind))
        if rows and not table.chosen():
            table.choose([table.rows.shown[0].product_id])
        else:
            self._show_chosen(table.chosen())

    def open_row(self, row: PriceRow) -> None:
        """Show the product; next and previous go as the list does."""
        page = self.ctx.go(ProductPage.NAME)
        if isinstance(page, ProductPage):
            shown = self._table(self.kinds[self.tabs.index]).rows.shown
            page.show_product(row.product_id, [each.product_id for each in shown])

    def _rows(self, kind: int) -> Sequence[PriceRow]:
        assert self._view is not None
        rows = self._view.rows
        if not self._shows_costs and kind == KEEP:
            return rows.advised
        return {
            CHANGES: (*rows.raised, *rows.lowered),
            RAISE: rows.raised,
            LOWER: rows.lowered,
            KEEP: rows.kept,
            ALARMS: rows.alarms,
            REFUSED: rows.refused,
        }[kind]

    def _table(self, kind: int) -> DataTable[PriceRow]:
        return self.tables.get(kind, self.tables[KEEP])

    # -- the chosen --

    def _show_chosen(self, chosen: Sequence[PriceRow]) -> None:
        clear_layout(self._chosen)
        if chosen and self._view is not None:
            self._chosen.addWidget(self._make_chosen(chosen[0]))

    def _make_chosen(self, row: PriceRow) -> Card:
        """What to do, why, and the answers where the advice is in the ledger."""
        look = self.look
        card = Card(look)
        card.body.setContentsMargins(*(look.px(side) for side in (16, 10, 16, 12)))
        parts = CardGrid(look, 300, 2, shares=(7, 3))
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(3))
        what = what_words(row) if self._shows_costs else row.name
        column.addWidget(label(look, what, 15, 600, wrap=True))
        column.addWidget(label(look, self._why_words(row), 13, 400, "soft", wrap=True))
        column.addStretch(1)
        parts.add(words)
        parts.add(self._make_answers(row))
        card.body.addWidget(parts)
        return card

    def _why_words(self, row: PriceRow) -> str:
        if isinstance(row.of, PriceAdvice):
            reasons = (*row.of.reasons[:MOST_WHY], *row.of.elasticity.reasons[:1])
            return " ".join(told(reasons, shows_costs=self._shows_costs))
        if isinstance(row.of, CostAlarm):
            return " ".join(text.sentence(reason) for reason in row.of.reasons)
        return f"{refusal_words(row)} {help_words(row)}"

    def _make_answers(self, row: PriceRow) -> QWidget:
        look = self.look
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(look.px(8))
        line.addStretch(1)
        entry = self._view.told.get(row.key) if self._view is not None and self._shows_costs else None
        if entry is not None and entry.is_taken is None:
            for words, is_done, kind in ((_("Hecho"), True, "primary"), (_("Ahora no"), False, "plain")):
                act = partial(self.answer, entry.advice.key, row.name, is_done=is_done)
                line.addWidget(button(look, words, act, kind=kind))
        elif entry is not None:
            said = _("Ya dijiste: hecho") if entry.is_taken else _("Ya dijiste: ahora no")
            line.addWidget(label(look, said, 13, 500, "soft"))
        line.addWidget(button(look, _("Ver el producto"), partial(self.open_row, row), symbol="package"))
        return holder

    def answer(self, key: str, name: str, *, is_done: bool) -> None:
        """Remember what the owner says to an advice."""
        words = (
            _("{product}: en dos semanas se sabrá qué trajo.").format(product=name)
            if is_done
            else _("{product}: ya no se te dirá por ahora.").format(product=name)
        )
        self._answers.answer(key, is_done, words)

    # -- parts --

    def _make_table_card(self) -> Card:
        look = self.look
        card = Card(look)
        card.body.setContentsMargins(*(look.px(side) for side in (8, 6, 8, 8)))
        for table in self.tables.values():
            table.setMinimumHeight(look.px(200))
            table.picked.connect(self._show_chosen)
            table.opened.connect(self.open_row)
            card.body.addWidget(table, 1)
            table.hide()
        return card

    def _tab_words(self, kind: int) -> str:
        if not self._shows_costs and kind == KEEP:
            return _("Todos")
        return {
            CHANGES: _("Cambiar"),
            RAISE: _("Subir"),
            LOWER: _("Bajar"),
            KEEP: _("Dejar igual"),
            ALARMS: _("Costos que subieron"),
            REFUSED: _("Sin juzgar"),
        }[kind]

    def _make_none(self, kind: int) -> Message:
        """Why a list is empty, and what would help where that is for want of data."""
        assert self._view is not None
        if not self._view.board.advices and kind not in (ALARMS, REFUSED):
            todo = _("Cambia a propósito el de algún producto, un poco cada vez, y en unas semanas se verá.")
            ask = (_("Ver qué le falta a cada uno"), partial(self.show_kind, REFUSED))
            what = _("Todavía ningún precio cambió lo suficiente para saber cómo responde la gente.")
            return Message(self.look, "hourglass", what, todo, (ask,))
        what = {
            ALARMS: _("Ningún costo subió sin que subiera el precio."),
            REFUSED: _("Todos los productos se pudieron juzgar."),
        }.get(kind, _("Ninguno por ahora: los precios que tienes están bien."))
        return Message(self.look, "circle-check", what, "", tone=Tone.GOOD)


def _product_of(row: PriceRow) -> int:
    return row.product_id
