"""What to do: all advice by what it leaves, what became of what was done, and what was put off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import Role
from colmado_insights.insights import Advice, LedgerEntry, sum_ledger
from colmado_insights.insights.actions import DISMISSED_DAYS
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.advice_answers import AdviceAnswers
from colmado_insights.ui.context import Context
from colmado_insights.ui.pages.page import ANSWERS, BOARDS, SALES, SETTINGS, Page
from colmado_insights.ui.pages.product import ProductPage
from colmado_insights.ui.widgets.action_numbers import action_cards
from colmado_insights.ui.widgets.action_row import ActionRow, DismissedRow, OpenRow, TakenRow
from colmado_insights.ui.widgets.action_words import sum_words
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.label import hairline, label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.switch_place import SwitchPlace

OPEN, TAKEN, DISMISSED = range(3)
ROWS_AT_ONCE = 12
OF_PRODUCTS = frozenset({"prices", "products"})
"""Advice about one product that leads there leads to the product itself."""


@dataclass(frozen=True)
class ActionsView:
    """What is worth doing, and all that was ever advised."""

    advices: tuple[Advice, ...]
    ledger: tuple[LedgerEntry, ...]
    today: date

    @property
    def taken(self) -> tuple[LedgerEntry, ...]:
        """What was done, the newest first."""
        return tuple(entry for entry in self.ledger if entry.is_taken)

    @property
    def dismissed(self) -> tuple[LedgerEntry, ...]:
        """What was put off and still is, the newest first."""
        return tuple(
            entry
            for entry in self.ledger
            if entry.is_taken is False and self.today - entry.began < timedelta(days=DISMISSED_DAYS)
        )


class ActionsPage(Page):
    """Numbers on top, then one of three lists; every answer can be taken back."""

    NAME = "actions"
    TITLE = N_("Qué hacer")
    ICON = "list-checks"
    ROLE = Role.MANAGER
    REPORT = "actions"
    CLOSED_TO = frozenset({Role.CASHIER})
    NEEDS = frozenset({SALES, SETTINGS, ANSWERS}) | BOARDS
    BLOCKS = ((112, (1, 1, 1, 1)), (34, (3, 2)), (420, (1,)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self._view: ActionsView | None = None
        self._most = ROWS_AT_ONCE
        self._notices = NoticePlace(self.look)
        self.body.addLayout(self._notices)
        self._answers = AdviceAnswers(self, self._notices, failed=self.load)
        self._numbers = CardGrid(look, 220, 4)
        self.body.addWidget(self._numbers)
        self.tabs = Segmented(look, _tab_words())
        self.tabs.chosen.connect(self.show_tab)
        self._tab_place = SwitchPlace(look, self.tabs)
        self.body.addWidget(self._tab_place)
        card = Card(look)
        card.body.setContentsMargins(*(look.px(side) for side in (16, 6, 16, 10)))
        card.body.setSpacing(0)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        card.body.addLayout(self._rows)
        card.body.addStretch(1)
        self.body.addWidget(card, 1)

    # -- reading and showing --

    def read(self, progress: Progress) -> ActionsView | NotEnough:
        """The advice of this moment, and the ledger."""
        shop, now = self.ctx.shop, self.ctx.clock()
        if not shop.read_summary(now.date()).receipts:
            return NotEnough(1, 0, "receipts")
        advices = shop.compute_actions(now, progress)
        return ActionsView(tuple(advices), shop.read_ledger(now), now.date())

    def show_result(self, result: ActionsView) -> None:
        """Fill the numbers and the list that stands."""
        self._view = result
        self._numbers.clear()
        for card in action_cards(self.look, result.advices, result.taken, result.dismissed):
            self._numbers.add(card)
        counts = (len(result.advices), len(result.taken), len(result.dismissed))
        for place, words in enumerate(_tab_words()):
            self.tabs.set_words(place, f"{words} {text.number(counts[place])}")
        self._tab_place.fit()
        self.badge_changed.emit(len(result.advices))
        self._fill()

    def show_tab(self, index: int) -> None:
        """Show one of the three lists from its beginning."""
        self.tabs.set_index(index)
        self._most = ROWS_AT_ONCE
        self._fill()

    def _fill(self) -> None:
        clear_layout(self._rows)
        if self._view is None:
            return
        make: dict[int, Callable[[ActionsView], Sequence[ActionRow]]] = {
            OPEN: self._open_rows,
            TAKEN: self._taken_rows,
            DISMISSED: self._dismissed_rows,
        }
        words = self._head_words(self._view)
        rows = make[self.tabs.index](self._view)
        self._rows.addWidget(self._make_line(words, is_alone=not rows))
        for row in rows:
            row.answered.connect(self.answer)
            row.undone.connect(self._answers.take_back)
            row.opened.connect(self.follow)
            self._rows.addWidget(hairline())
            self._rows.addWidget(row)
        self._add_more(len(rows))

    def _open_rows(self, view: ActionsView) -> list[OpenRow]:
        return [OpenRow(self.look, advice) for advice in view.advices[: self._most]]

    def _taken_rows(self, view: ActionsView) -> list[TakenRow]:
        return [TakenRow(self.look, entry) for entry in view.taken[: self._most]]

    def _dismissed_rows(self, view: ActionsView) -> list[DismissedRow]:
        return [DismissedRow(self.look, entry) for entry in view.dismissed[: self._most]]

    def _head_words(self, view: ActionsView) -> str:
        """What the list is, or what is missing in it."""
        if self.tabs.index == OPEN:
            if view.advices:
                return _("Primero lo que más conviene. Es lo que se espera en dos semanas, no una promesa.")
            return _("Nada pendiente: todo está atendido. Mañana se mira otra vez.")
        if self.tabs.index == TAKEN:
            if view.taken:
                return _taken_words(view)
            return _("Todavía no has marcado nada como hecho. Cuando hagas algo de «Por hacer», márcalo:"
                     " a las dos semanas aquí se dice qué trajo.")  # fmt: skip
        if view.dismissed:
            return _(
                "Lo que dejaste vuelve a salir solo a los 30 días; si lo quieres antes, tráelo de vuelta."
            )
        return _("No has dejado nada para después.")

    def _make_line(self, words: str, *, is_alone: bool) -> QWidget:
        line = label(self.look, words, 14 if is_alone else 12.5, 400, "soft", wrap=True)
        high = 34 if is_alone else 7
        line.setContentsMargins(0, self.look.px(high), 0, self.look.px(high))
        if is_alone:
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return line

    def _add_more(self, shown: int) -> None:
        assert self._view is not None
        view = self._view
        rest = (len(view.advices), len(view.taken), len(view.dismissed))[self.tabs.index] - shown
        if rest > 0:
            words = _("Ver {n} más").format(n=text.number(rest))
            self._rows.addWidget(hairline())
            self._rows.addSpacing(self.look.px(8))
            self._rows.addWidget(button(self.look, words, self._show_more))

    def _show_more(self) -> None:
        self._most += ROWS_AT_ONCE
        self._fill()

    # -- acting --

    def follow(self, advice: Advice) -> None:
        """Go to where one acts."""
        kind, _colon, product = advice.measure.partition(":")
        if kind == "product" and advice.page in OF_PRODUCTS:
            page = self.ctx.go(ProductPage.NAME)
            if isinstance(page, ProductPage):
                page.show_product(int(product))
            return
        self.ctx.go(advice.page)

    def answer(self, key: str, is_done: bool) -> None:
        """Remember what the owner says; the row goes at once, the rest follows."""
        if self._view is not None:
            left = tuple(advice for advice in self._view.advices if advice.key != key)
            self.show_result(replace(self._view, advices=left))
        self._answers.answer(key, is_done)


def _tab_words() -> tuple[str, ...]:
    return _("Por hacer"), _("Hecho"), _("Ahora no")


def _taken_words(view: ActionsView) -> str:
    """What was expected is what would have come without; beside it, how what was not done went."""
    words = _("Cada uno contra lo que se esperaba sin él, a los 14 días.")
    without = sum_ledger(view.ledger, is_taken=False)
    if not without:
        return words
    sums = text.join_words([sum_words(each) for each in without])
    return f"{words} " + _("Donde no hiciste nada cambió solo: {sums}.").format(sums=sums)
