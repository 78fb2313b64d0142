"""Known customers: who they are, who is leaving, what is due for whom, whom to win back, and their segments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import AT_RISK, CustomerSegment, NotEnough, PredictionTrack
from colmado_insights.domain import Customer, Role
from colmado_insights.insights import CacheUse, CustomerBook
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.dialogs.customer_form import CustomerForm
from colmado_insights.ui.pages.customer import CustomerPage
from colmado_insights.ui.pages.list_page import ListPage
from colmado_insights.ui.pages.page import CUSTOMERS, SALES, SETTINGS
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Notice
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.customer_methods import MethodsFoot, brief_words, methods_card, simple_words
from colmado_insights.ui.widgets.customer_numbers import number_cards
from colmado_insights.ui.widgets.customer_rows import (
    CustomerRow,
    DueRow,
    at_risk,
    due_rows,
    make_rows,
    to_win_back,
)
from colmado_insights.ui.widgets.customer_segments import CustomerSegmentsView
from colmado_insights.ui.widgets.customer_views import AllView, AtRiskView, DueView, ListView, WinBackView
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.slot import Slot
from colmado_insights.ui.widgets.state_view import Message, not_enough_words
from colmado_insights.ui.widgets.switch_place import SwitchPlace

ALL, RISK, DUE, BACK, SEGMENTS = range(5)
CHANGED = frozenset({CUSTOMERS, SALES})


@dataclass(frozen=True)
class CustomersView:
    """Who is known, and what is said of them where there is enough to say anything."""

    rows: tuple[CustomerRow, ...]
    due: tuple[DueRow, ...]  # this week
    book: CustomerBook | NotEnough
    revenue_cents: int  # of the whole shop
    use: tuple[CacheUse, ...]
    tracks: tuple[PredictionTrack, ...]

    @property
    def names(self) -> dict[int, str]:
        """What each is called."""
        return {row.customer_id: row.customer.shown_name for row in self.rows}


class CustomersPage(ListPage):
    """Numbers on top, then one of five lists; a customer opens on a page of their own."""

    NAME = "customers"
    TITLE = N_("Clientes")
    ICON = "contact"
    ROLE = Role.MANAGER
    REPORT = "customers"
    NEEDS = frozenset({SALES, SETTINGS, CUSTOMERS})
    LIST_TITLE = N_("Lista de clientes")
    LIST_KINDS = N_("Clientes (*.csv *.tsv *.txt *.xlsx *.xls *.json *.zip);;Todos los archivos (*)")
    BLOCKS = ((112, (1, 1, 1, 1)), (34, (5, 2)), (34, (1, 1)), (400, (1,)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self._view: CustomersView | None = None
        self._lists: dict[int, ListView | CustomerSegmentsView] = {}
        self._made_for: tuple[object, ...] = ()
        self._notices = NoticePlace(self.look)
        self.body.addLayout(self._notices)
        self._numbers = CardGrid(look, 220, 4)
        self.body.addWidget(self._numbers)
        self.tabs = Segmented(look, _tab_words())
        self.tabs.chosen.connect(self.show_tab)
        self.body.addWidget(self._make_top())
        self._place = QVBoxLayout()
        self.body.addLayout(self._place, 1)
        self._message, self._how = Slot(), Slot()
        self.body.addWidget(self._message, 1)
        self.body.addWidget(self._how)
        self._foot = MethodsFoot(look)
        self._foot.more.clicked.connect(lambda _checked=False: self._turn_how())
        self.body.addWidget(self._foot)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._find)

    # -- reading and showing --

    def read(self, progress: Progress) -> CustomersView | NotEnough:
        """Who is known, and what is said of them."""
        shop, today = self.ctx.shop, self.ctx.clock().date()
        summary = shop.read_summary(today)
        book = shop.compute_customers(today, progress)
        customers = shop.read_customers(today) if isinstance(book, NotEnough) else book.customers
        if not summary.receipts and not customers:
            return NotEnough(1, 0, "receipts")
        outlooks = () if isinstance(book, NotEnough) else book.outlooks
        rows = make_rows(customers, outlooks)
        return CustomersView(
            rows, tuple(due_rows(rows, today, is_week=True)), book, summary.revenue_cents, shop.read_cache_use(),
            shop.read_prediction_tracks(today),
        )  # fmt: skip

    def show_result(self, result: CustomersView) -> None:
        """Fill the numbers and the tab that stands."""
        self._view = result
        today = self.ctx.clock().date()
        self._numbers.clear()
        for card in number_cards(self.look, result.rows, result.due, today, result.revenue_cents):
            self._numbers.add(card)
        counts = (
            len(result.rows), len(at_risk(result.rows, AT_RISK)),
            len({each.row.customer_id for each in result.due}),
            len(to_win_back(result.rows)),
        )  # fmt: skip
        for place, words in enumerate(_tab_words()[: len(counts)]):
            self.tabs.set_words(place, f"{words} {text.number(counts[place])}")
        self._tab_place.fit()
        self._show_foot()
        self._show_lacking()
        self.badge_changed.emit(counts[BACK])
        self.show_tab(self.tabs.index)

    def show_tab(self, index: int) -> None:
        """Show one of the five lists."""
        self.tabs.set_index(index)
        view = self._view
        if view is None:
            return
        made_for = (self.ctx.clock().date(), _product_names(view))
        if made_for != self._made_for:  # a new day has other words for the same dates
            self._made_for, self._lists = made_for, {}
            clear_layout(self._place)
        if not view.rows:
            self._stand(self._message, self._nobody())
        elif index == SEGMENTS and isinstance(view.book, NotEnough):
            self._stand(self._message, self._not_yet(view.book))
        else:
            if index not in self._lists:
                self._lists[index] = self._make_list(index)
                self._place.addWidget(self._lists[index], 1)
            self._fill(self._lists[index], view)
            self._stand(self._lists[index])

    def show_segment(self, segment: str) -> None:
        """Show who is of one segment."""
        self.show_tab(ALL)
        shown = self._lists.get(ALL)
        if isinstance(shown, AllView):
            shown.show_segment(CustomerSegment(segment))

    def open_customer(self, customer_id: int) -> None:
        """Show the page of one customer; next and previous go as the list does."""
        page = self.ctx.go(CustomerPage.NAME)
        if isinstance(page, CustomerPage):
            shown = self._lists.get(self.tabs.index)
            page.show_customer(customer_id, shown.shown_ids() if isinstance(shown, ListView) else ())

    def known(self) -> tuple[Customer, ...]:
        """Everyone the page has read."""
        return tuple(row.customer for row in self._view.rows) if self._view else ()

    # -- writing --

    def add_customer(self) -> None:
        """Ask who it is."""
        form = CustomerForm(self.look, self.window())
        form.saved.connect(self.write)
        form.open()

    def write(self, customer: Customer) -> None:
        """Keep a customer."""
        words = _("{name} ya está en la lista.").format(name=customer.shown_name)
        self._write(
            lambda _progress: self.ctx.shop.write_customer(customer),
            lambda _id: self._notices.say_done(words),
        )

    def import_list(self, path: Path) -> None:
        """Take names, phones and addresses from a list."""
        self._notices.say(_("Leyendo {names}…").format(names=path.name), Tone.BRAND, "hourglass")

        def say(counts: tuple[int, int]) -> None:
            matched, new = counts
            known = ngettext("{n} que ya conocías", "{n} que ya conocías", matched).format(
                n=text.number(matched)
            )
            fresh = ngettext("{n} nuevo", "{n} nuevos", new).format(n=text.number(new))
            words = _("{file}: {new} y {known}.").format(file=path.name, new=fresh, known=known)
            self._notices.say_done(words)

        self._write(lambda progress: self.ctx.shop.import_customers(path, progress), say)

    def _write(self, work: Any, done: Any) -> None:
        self.ctx.tasks.run(
            work, owner=self, key="write", done=done, error=self._notices.say_trouble, changes=CHANGED
        )

    # -- saying --

    def _show_lacking(self) -> None:
        """Say once what is missing for more than sums, or which simple rule answers meanwhile."""
        assert self._view is not None
        book = self._view.book
        clear_layout(self._lacking)
        if isinstance(book, CustomerBook):
            words = simple_words(book.models.reasons)
        else:
            what = _("Todavía hay muy poco para decir quién se va o quién vuelve.")
            words = f"{what} {not_enough_words(book)}" if self._view.rows else ""
        if words:
            self._lacking.addWidget(Notice(self.look, words, Tone.BRAND, "hourglass"))

    def _show_foot(self) -> None:
        assert self._view is not None
        book = self._view.book
        self._how.setVisible(False)
        if isinstance(book, NotEnough):
            self._foot.show_words("")
            return
        self._foot.show_words(brief_words(book.models, book.made_at, self.ctx.clock()))

    def _turn_how(self) -> None:
        """Unfold how it is known, or fold it away."""
        view = self._view
        if view is None or isinstance(view.book, NotEnough):
            return
        is_open = not self._how.isVisible()
        if is_open:
            self._how.fill(methods_card(self.look, view.book.models, view.tracks, view.use))
        self._how.setVisible(is_open)
        self._foot.more.setText(_("Ocultar cómo") if is_open else _("¿Cómo se sabe?"))

    # -- parts --

    def _make_top(self) -> QWidget:
        """The tabs, and at their right the two ways of adding people."""
        look = self.look
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        row.addStretch(1)
        row.addWidget(button(look, _("Traer lista"), self.ask_list, symbol="folder-open"))
        row.addWidget(
            button(look, _("Añadir cliente"), self.add_customer, kind="primary", symbol="user-plus")
        )
        self._tab_place = SwitchPlace(look, self.tabs)
        top = CardGrid(look, 330, 2, shares=(9, 4))
        top.add(self._tab_place)
        top.add(tools)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(10))
        column.addWidget(top)
        self._lacking = QVBoxLayout()
        column.addLayout(self._lacking)
        return holder

    def _make_list(self, index: int) -> ListView | CustomerSegmentsView:
        assert self._view is not None
        look, today, names = self.look, self.ctx.clock().date(), _product_names(self._view)
        if index == SEGMENTS:
            segments = CustomerSegmentsView(look, self.ctx.tasks)
            segments.segment_asked.connect(self.show_segment)
            segments.opened.connect(self.open_customer)
            return segments
        makers: dict[int, Callable[[], ListView]] = {
            ALL: partial(AllView, look, today),
            RISK: partial(AtRiskView, look, today),
            DUE: partial(DueView, look, today, names),
            BACK: partial(WinBackView, look, today, names),
        }
        made = makers[index]()
        made.opened.connect(self.open_customer)
        return made

    def _fill(self, shown: ListView | CustomerSegmentsView, view: CustomersView) -> None:
        if isinstance(shown, ListView):
            shown.show_rows(view.rows)
        elif isinstance(view.book, CustomerBook):
            shown.show_book(view.book.rfm, view.book.migration, view.names)

    def _stand(self, shown: QWidget, message: Message | None = None) -> None:
        """Let only this one be seen."""
        for each in (*self._lists.values(), self._message):
            each.setVisible(each is shown)
        if message is not None:
            self._message.fill(message)

    def _find(self) -> None:
        """Ctrl+F goes to the search, wherever one is."""
        self.show_tab(ALL)
        shown = self._lists.get(ALL)
        if isinstance(shown, AllView):
            shown.search.setFocus()

    def _nobody(self) -> Message:
        """Nobody is known: how to begin."""
        return Message(
            self.look,
            "contact",
            _("Todavía no conoces a nadie por su nombre."),
            _("Marca al cliente en la caja cuando compra fiado o por encargo, y trae otra vez las ventas. "
              "También puedes apuntarlo aquí a mano."),
            ((_("Añadir cliente"), self.add_customer), (_("Traer mis ventas"), self.ctx.bring_file)),
        )  # fmt: skip

    def _not_yet(self, answer: NotEnough) -> Message:
        """Too little for segments."""
        what = _("Todavía no hay segmentos.")
        return Message(
            self.look,
            "hourglass",
            what,
            not_enough_words(answer),
            ((_("Traer mis ventas"), self.ctx.bring_file),),
        )


def _tab_words() -> tuple[str, ...]:
    return _("Todos"), _("En riesgo"), _("Les toca comprar"), _("Recuperar"), _("Segmentos")


def _product_names(view: CustomersView) -> dict[int, str]:
    return {} if isinstance(view.book, NotEnough) else view.book.product_names
