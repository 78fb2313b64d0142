"""One product: what it is, what another price would do, how it went, what is ahead, and what goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import Forecast, NotEnough, PriceAdvice, PriceWeek, ProductCare
from colmado_insights.domain import CatalogProduct, Role, Subject, Target
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _
from colmado_insights.ui.context import Context
from colmado_insights.ui.icons import CATEGORY_ICONS
from colmado_insights.ui.pages.customer import CustomerPage
from colmado_insights.ui.pages.forecast import ForecastPage
from colmado_insights.ui.pages.page import CATALOG, SALES, SETTINGS, Page
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.label import Tone, chip, label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.price_what_if import WhatIfCard, refused_card
from colmado_insights.ui.widgets.product_facts import FactsCard
from colmado_insights.ui.widgets.product_parts import (
    OFFERS,
    DueFor,
    Offers,
    ahead_card,
    due_card,
    due_for,
    offers_card,
    season_words,
    strip_card,
    trend_words,
    weeks_card,
)
from colmado_insights.ui.widgets.slot import Slot
from colmado_insights.ui.widgets.subject_heading import subject_title, subject_tools

AHEAD_DAYS = 14


@dataclass(frozen=True)
class ProductView:
    """What is read at once of a product, and the list it stands in; the rest is computed beside it."""

    product: CatalogProduct
    care: ProductCare | None
    window_days: int
    supplier: str
    suppliers: tuple[str, ...]
    weeks: tuple[PriceWeek, ...]
    among: tuple[int, ...]


class ProductPage(Page):
    """Everything about the product that was chosen, on one screen; Alt+← and Alt+→ go to the next."""

    NAME = "product"
    TITLE = N_("Producto")
    ICON = "package"
    PARENT = "products"
    ROLE = Role.MANAGER
    NEEDS = frozenset({SALES, SETTINGS, CATALOG})
    BLOCKS = ((44, (1,)), (62, (1,)), (330, (21, 10)), (190, (21, 10)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._shows_costs = ctx.role is not Role.CASHIER
        self._chosen = 0  # the first of all until one is chosen
        self._among: tuple[int, ...] = ()
        self._shown: ProductView | None = None
        self._standing = 0  # whose cards stand
        self._notices = NoticePlace(self.look)
        self.body.addLayout(self._notices)
        self._heading, self._strip, self._marks = Slot(), Slot(), Slot()
        self._price, self._weeks, self._ahead, self._offers, self._due = (Slot() for _place in range(5))
        self.facts = FactsCard(self.look, shows_costs=self._shows_costs)
        self.facts.cost_given.connect(self._write_cost)
        self.facts.supplier_given.connect(self._write_supplier)
        self.facts.stock_given.connect(self._write_stock)
        self.body.addWidget(self._heading)
        self.body.addWidget(self._strip)
        columns = CardGrid(self.look, 370, 2, shares=(21, 11))
        columns.add(self._stacked(self._price, self._weeks, shares=(3, 2)))
        columns.add(self._stacked(self.facts, self._ahead, self._offers, self._due))
        self.body.addWidget(columns, 1)
        for keys, by in (("Alt+Left", -1), ("Alt+Right", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(partial(self.step, by))

    # -- reading and showing --

    def read(self, progress: Progress) -> ProductView | NotEnough:
        """The product that was chosen, or the one that sells most."""
        shop = self.ctx.shop
        catalog = {each.product_id: each for each in shop.read_catalog()}
        if not catalog:
            return NotEnough(1, 0, "receipts")
        among = self._among or tuple(sorted(catalog, key=lambda each: -catalog[each].revenue_cents))
        chosen = self._chosen if self._chosen in catalog else among[0]
        product = catalog.get(chosen) or next(iter(catalog.values()))
        board = shop.compute_care(progress=progress)
        suppliers = shop.read_suppliers()
        cares = () if isinstance(board, NotEnough) else board.products
        return ProductView(
            product,
            next((each for each in cares if each.product_id == product.product_id), None),
            0 if isinstance(board, NotEnough) else board.window_days,
            suppliers.get(product.product_id, ""),
            tuple(sorted(set(suppliers.values()))),
            shop.read_price_weeks(product.product_id),
            among,
        )

    def show_result(self, result: ProductView) -> None:
        """Show what is read at once, and have the rest computed."""
        before, product = self._shown, result.product
        self._shown, self._chosen, self._among = result, product.product_id, result.among
        self.facts.show_facts(product, result.care, result.supplier, result.suppliers)
        if before is None or before.product != product or before.care != result.care:
            self._heading.fill(self._make_heading(result))
            self._strip.fill(
                strip_card(self.look, product, result.care, result.window_days, shows_costs=self._shows_costs)
            )
        if before is None or before.weeks != result.weeks:
            self._weeks.fill(weeks_card(self.look, self.ctx.tasks, result.weeks))
        if self._standing != product.product_id:
            self._standing = product.product_id
            self._wait()
        self._compute(product.product_id)

    def show_product(self, product_id: int, among: Sequence[int] = ()) -> None:
        """Show this one; `among` is the list it was chosen from."""
        self._notices.clear()
        self._among = tuple(among) or self._among
        if product_id != self._chosen:
            self._chosen = product_id
            self.load()

    def step(self, by: int) -> None:
        """Go to the next product of the list, or to the one before."""
        if self._chosen in self._among:
            place = self._among.index(self._chosen) + by
            self.show_product(self._among[place % len(self._among)])

    def _wait(self) -> None:
        """Nothing of another product stays while this one is computed."""
        look = self.look
        waiting = Card(look, _("¿Y si cambias el precio?"), "sliders-horizontal")
        waiting.body.addWidget(label(look, _("Calculando…"), 13, 400, "soft"))
        waiting.body.addStretch(1)
        self._price.fill(waiting)
        self._show_ahead(None)
        self._show_offers(None)
        self._due.hide()

    def _compute(self, product_id: int) -> None:
        """What takes longer, each by itself."""
        shop, yesterday = self.ctx.shop, self.ctx.clock().date() - timedelta(days=1)
        subject = Subject(Target.UNITS, product_id=product_id)

        def offers(progress: Progress) -> Offers:
            lists = {kind: shop.recommend(kind, product_id=product_id, progress=progress) for kind in OFFERS}
            basket = shop.compute_baskets(progress=progress)
            return Offers.of(product_id, lists, basket, shop.read_product_names())

        def ahead(progress: Progress) -> Forecast | NotEnough:
            return shop.compute_forecast(subject, horizon=AHEAD_DAYS, as_of=yesterday, progress=progress)

        def due(progress: Progress) -> tuple[DueFor, ...]:
            return due_for(shop.compute_customers(self.ctx.clock().date(), progress), product_id)

        def price(progress: Progress) -> PriceAdvice | NotEnough:
            return shop.compute_price_advice(product_id, progress=progress)

        nothing = NotEnough(1, 0, "sales")
        for key, work, show, none in (
            ("price", price, self._show_price, nothing),
            ("ahead", ahead, self._show_ahead, nothing),
            ("offers", offers, self._show_offers, Offers({}, None, None, {})),
            ("due", due, self._show_due, ()),
        ):
            self.ctx.tasks.run(
                work, owner=self, key=key, done=show, error=partial(self._show_none, show, none)
            )

    def _show_none(self, show: Any, none: Any, _error: Exception) -> None:
        show(none)

    def _show_price(self, found: PriceAdvice | NotEnough) -> None:
        fixed = QSizePolicy.Policy.Maximum if isinstance(found, NotEnough) else QSizePolicy.Policy.Preferred
        self._price.setSizePolicy(
            QSizePolicy.Policy.Preferred, fixed
        )  # few words leave the room to the weeks
        if isinstance(found, NotEnough):
            self._price.fill(refused_card(self.look, found))
            return
        tried = self._tried(found)
        card = WhatIfCard(self.look, self.ctx.tasks, found, shows_costs=self._shows_costs)
        if tried is not None:
            card.slider.set_price(tried)
        self._price.fill(card)

    def _tried(self, found: PriceAdvice) -> int | None:
        """The price at which the slider of the same product stands."""
        standing = self._price.findChild(WhatIfCard)
        is_same = isinstance(standing, WhatIfCard) and standing.advice.product_id == found.product_id
        return standing.slider.price if isinstance(standing, WhatIfCard) and is_same else None

    def _show_ahead(self, found: Forecast | NotEnough | None) -> None:
        self._ahead.fill(ahead_card(self.look, found, self.open_forecast))

    def _show_offers(self, found: Offers | None) -> None:
        self._offers.fill(offers_card(self.look, found, self.show_product))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.look.px(6))
        row.addStretch(1)
        if found is not None and found.trend is not None:
            made = chip(self.look, *trend_words(found.trend))
            made.setToolTip(_("Contra lo que explican su época y cómo va el negocio."))
            row.addWidget(made)
        if found is not None and found.season is not None:
            row.addWidget(chip(self.look, season_words(found.season), Tone.BRAND))
        self._marks.fill(holder)

    def _show_due(self, found: tuple[DueFor, ...]) -> None:
        self._due.setVisible(bool(found))
        self._due.fill(due_card(self.look, found, self.ctx.clock().date(), self.open_customer))

    # -- where it leads --

    def open_forecast(self) -> None:
        """Show the forecast of this product."""
        page = self.ctx.go(ForecastPage.NAME)
        if isinstance(page, ForecastPage) and self._shown is not None:
            page.show_product(self._shown.product.product_id, self._shown.product.name)

    def open_customer(self, customer_id: int) -> None:
        """Show whom it is due for."""
        page = self.ctx.go(CustomerPage.NAME)
        if isinstance(page, CustomerPage):
            page.show_customer(customer_id)

    # -- writing --

    def _write_cost(self, cents: int) -> None:
        chosen, name = self._chosen, self._name
        words = _("{product} cuesta {money}.").format(product=name, money=text.money_exact(cents))
        self._write(lambda _progress: self.ctx.shop.write_cost(chosen, cents), words)

    def _write_supplier(self, supplier: str) -> None:
        chosen = self._chosen
        words = _("{product} lo trae {supplier}.") if supplier else _("{product} queda sin suplidor.")
        self._write(
            lambda _progress: self.ctx.shop.write_supplier(chosen, supplier),
            words.format(product=self._name, supplier=supplier),
        )

    def _write_stock(self, milli: int) -> None:
        chosen = self._chosen
        count = text.number(milli / 1000, int(milli % 1000 > 0))
        words = _("Anotado: hay {n} de {product}.").format(n=count, product=self._name)
        self._write(lambda _progress: self.ctx.shop.write_stock(chosen, milli), words)

    @property
    def _name(self) -> str:
        return self._shown.product.name if self._shown else ""

    def _write(self, work: Any, words: str) -> None:
        self.ctx.tasks.run(
            work, owner=self, key="write", done=lambda _nothing: self._notices.say_done(words),
            error=self._notices.say_trouble, changes=frozenset({CATALOG}),
        )  # fmt: skip

    # -- parts --

    def _make_heading(self, view: ProductView) -> QWidget:
        look, product = self.look, view.product
        back = ("arrow-left", partial(self.ctx.go, self.PARENT), _("Volver a Productos"))
        tile = SymbolTile(look, CATEGORY_ICONS[product.category])
        self._marks = Slot()
        steps = (
            ("chevron-left", partial(self.step, -1), _("Producto anterior (Alt+←)")),
            ("chevron-right", partial(self.step, 1), _("Producto siguiente (Alt+→)")),
        )
        grid = CardGrid(look, 380, 2, shares=(13, 10))
        grid.add(subject_title(look, back, tile, product.name, about_words(product, self.ctx.clock().date())))
        grid.add(subject_tools(look, self._marks, steps))
        return grid

    def _stacked(self, *parts: QWidget, shares: Sequence[int] = ()) -> QWidget:
        """One below the other; a taller window gives its room by the shares, else to what is below."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.look.px(12))
        for place, part in enumerate(parts):
            column.addWidget(part, shares[place] if shares else 0)
        if not shares:
            column.addStretch(1)
        return holder


def about_words(product: CatalogProduct, today: date) -> str:
    """Cerveza y ron · 74600001 · última venta vie 20 nov."""
    parts = [text.category_name(product.category), product.sku]
    if product.last_sold:
        parts.append(_("última venta {day}").format(day=text.near_day(product.last_sold, today)))
    return " · ".join(part for part in parts if part)
