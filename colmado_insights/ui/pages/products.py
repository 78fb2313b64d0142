"""Products: what each is, costs and sells for, corrected and joined; and which weigh, leave, sleep and run out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import CareBoard, NotEnough
from colmado_insights.domain import CatalogProduct, Category, Merge, PriceChange, Role, Twins
from colmado_insights.progress import Progress
from colmado_insights.text import N_, _, ngettext
from colmado_insights.ui.context import Context
from colmado_insights.ui.dialogs.quick_open import plain
from colmado_insights.ui.pages.forecast import ForecastPage
from colmado_insights.ui.pages.list_page import ListPage
from colmado_insights.ui.pages.page import CATALOG, SALES
from colmado_insights.ui.pages.product import ProductPage
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.data_table import Column, DataTable
from colmado_insights.ui.widgets.label import Tone, label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.picker import Picker
from colmado_insights.ui.widgets.product_card import (
    ManyCard,
    ProductCard,
    category_choices,
    is_unsure,
    margin_of,
    margin_words,
)
from colmado_insights.ui.widgets.product_views import (
    AsleepView,
    CareView,
    EndingView,
    MarginsView,
    WeightView,
)
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.slot import Slot
from colmado_insights.ui.widgets.state_view import Message, not_enough_words, trouble_message
from colmado_insights.ui.widgets.twins_card import TwinsCard

ALL, NO_COST, UNSURE = range(3)
LIST, WEIGHT, MARGINS, ASLEEP, ENDING = range(5)
MARGIN_COLUMN = 4
CHANGED = frozenset({SALES, CATALOG})  # categories and twins change what the sales say


@dataclass(frozen=True)
class ProductsView:
    """The catalog, and the products that were made one."""

    products: tuple[CatalogProduct, ...]
    merges: tuple[Merge, ...]


class ProductsPage(ListPage):
    """A table of all products, and at its side what is chosen in it; or one of four lists of their care.

    A row opens on a page of its own.
    """

    NAME = "products"
    TITLE = N_("Productos")
    ICON = "package"
    ROLE = Role.MANAGER
    REPORT = "products"
    NEEDS = frozenset({SALES, CATALOG})
    LIST_TITLE = N_("Lista de productos")
    LIST_KINDS = N_("Productos (*.csv *.tsv *.txt *.xlsx *.xls *.json *.zip);;Todos los archivos (*)")
    BLOCKS = ((34, (5, 4)), (560, (2, 1)))

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        look = self.look
        self._shows_costs = ctx.role is not Role.CASHIER
        self._refused: set[tuple[int, int]] = set()
        self._products: tuple[CatalogProduct, ...] = ()
        self._care: tuple[CareBoard, dict[int, str]] | None = None
        self._lists: dict[int, CareView | MarginsView] = {}
        self._notices = NoticePlace(self.look)
        self.body.addLayout(self._notices)
        self._list = QWidget()
        column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        column.addWidget(self._make_filters())
        middle = CardGrid(look, 350, 2, shares=(21, 10))
        middle.add(self._make_table_card())
        middle.add(self._make_side())
        column.addWidget(middle, 1)
        self._message = Slot()
        self._message.hide()
        self._others = QVBoxLayout()
        self.body.addWidget(self._list, 1)
        self.body.addWidget(self._message, 1)
        self.body.addLayout(self._others, 1)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._find)

    def make_control(self) -> Segmented:
        """The catalog, or one of the lists of care; what is left of each peso is not for a cashier."""
        words = {
            LIST: _("Catálogo"),
            WEIGHT: _("Cuáles pesan"),
            MARGINS: _("Márgenes"),
            ASLEEP: _("Dormidos"),
            ENDING: _("Se acaban"),
        }
        self._views = tuple(view for view in words if view != MARGINS or self.ctx.role is not Role.CASHIER)
        self.views = Segmented(self.look, [words[view] for view in self._views])
        self.views.chosen.connect(lambda place: self.show_view(self._views[place]))
        return self.views

    # -- reading and showing --

    def read(self, progress: Progress) -> ProductsView | NotEnough:
        """The catalog as it stands."""
        products = self.ctx.shop.read_catalog()
        if not products:
            return NotEnough(1, 0, "receipts")
        return ProductsView(products, self.ctx.shop.read_merges())

    def show_result(self, result: ProductsView) -> None:
        """Fill the table; what was chosen stays chosen."""
        self._products = result.products
        for place, kind in enumerate(self._kinds):
            count = sum(is_of_kind(product, kind) for product in result.products)
            self.kinds.set_words(place, f"{_filter_words()[kind]} {text.number(count)}")
        self.table.set_rows(result.products)
        self.narrow()
        self._show_side(self.table.chosen())
        self._twins.show_merges(result.merges)
        self.ctx.tasks.run(
            self.ctx.shop.find_twins, owner=self, key="twins",
            done=self._take_twins, error=lambda _error: self._take_twins(()),
        )  # fmt: skip
        self._care = None  # what changed may have changed it
        self.show_view(self._views[self.views.index])

    def known(self) -> tuple[CatalogProduct, ...]:
        """Everything the page has read."""
        return self._products

    def show_view(self, view: int) -> None:
        """Show the catalog or one of the other lists."""
        if view not in self._views:
            return
        self.views.set_index(self._views.index(view))
        if view == LIST:
            self._stand(self._list)
        elif self._care is not None:
            self._show_care(view)
        else:
            if view not in self._lists:  # else the list of before stands meanwhile
                self._message.fill(label(self.look, _("Calculando…"), 14, 400, "soft"))
            self._stand(self._lists.get(view, self._message))
            self._load_care()

    def open_product(self, product_id: int, among: Sequence[int] = ()) -> None:
        """Show the page of one product; next and previous go as the list does."""
        page = self.ctx.go(ProductPage.NAME)
        if isinstance(page, ProductPage):
            page.show_product(product_id, among)

    # -- the other lists --

    def _load_care(self) -> None:
        """Read what the other lists show; they share it."""

        def read(progress: Progress) -> tuple[CareBoard | NotEnough, dict[int, str]]:
            return self.ctx.shop.compute_care(progress=progress), self.ctx.shop.read_product_names()

        self.ctx.tasks.run(read, owner=self, key="care", done=self._take_care, error=self._take_no_care)

    def _take_care(self, found: tuple[CareBoard | NotEnough, dict[int, str]]) -> None:
        board, names = found
        view = self._views[self.views.index]
        if isinstance(board, NotEnough):
            what = _("Faltan datos para decirlo con seguridad.")
            self._lists.clear()
            clear_layout(self._others)
            self._message.fill(Message(self.look, "hourglass", what, not_enough_words(board)))
            self._stand(self._list if view == LIST else self._message)
            return
        self._care = board, names
        if view != LIST:
            self._show_care(view)

    def _take_no_care(self, error: Exception) -> None:
        self._message.fill(trouble_message(self.look, error, self._load_care))
        if self._views[self.views.index] != LIST:
            self._stand(self._message)

    def _show_care(self, view: int) -> None:
        assert self._care is not None
        if view not in self._lists:
            self._lists[view] = self._make_list(view)
            self._others.addWidget(self._lists[view], 1)
        self._lists[view].show_board(*self._care)
        self._stand(self._lists[view])

    def _make_list(self, view: int) -> CareView | MarginsView:
        look, tasks, shows_costs = self.look, self.ctx.tasks, self._shows_costs
        if view == MARGINS:
            return MarginsView(look, tasks)
        made: CareView
        if view == WEIGHT:
            made = WeightView(look, tasks, shows_costs=shows_costs)
        elif view == ASLEEP:
            made = AsleepView(look, shows_costs=shows_costs)
        else:
            made = EndingView(look, shows_costs=shows_costs)
        made.list_asked.connect(self.ask_list)
        made.opened.connect(lambda product_id: self.open_product(product_id, made.shown_ids()))
        return made

    def _stand(self, shown: QWidget) -> None:
        """Let only this one be seen."""
        for each in (self._list, self._message, *self._lists.values()):
            each.setVisible(each is shown)

    def _find(self) -> None:
        """Ctrl+F goes to the search, wherever one is."""
        self.show_view(LIST)
        self.search.setFocus()

    def show_only(self, kind: int) -> None:
        """Show all products, those without cost, or those whose category is not sure."""
        self.show_view(LIST)
        if kind in self._kinds:
            self.kinds.set_index(self._kinds.index(kind))
        self.narrow()

    def show_worst_margins(self) -> None:
        """Show first what sells for less than it costs."""
        self.show_only(ALL)
        if self._shows_costs:
            self.table.sort_by(MARGIN_COLUMN, is_down=False)

    def narrow(self) -> None:
        """Show the products that the search and both filters want."""
        wanted, kind, category = (
            plain(self.search.text()).split(),
            self._kinds[self.kinds.index],
            self.category.key,
        )

        def is_wanted(product: CatalogProduct) -> bool:
            if not is_of_kind(product, kind):
                return False
            if category and product.category != category:
                return False
            said = plain(f"{product.name} {product.sku}") if wanted else ""
            return all(piece in said for piece in wanted)

        self.table.narrow(is_wanted)
        self._none.setVisible(not self.table.rows.shown)

    def _take_twins(self, twins: Sequence[Twins]) -> None:
        self._twins.show_twins([pair for pair in twins if (pair.kept, pair.other) not in self._refused])

    # -- the chosen --

    def _show_side(self, chosen: Sequence[CatalogProduct]) -> None:
        clear_layout(self._chosen)
        if not chosen:
            self._chosen.addWidget(self._make_list_card())
            return
        if len(chosen) > 1:
            many = ManyCard(self.look, chosen)
            many.category_chosen.connect(lambda key: self._write_category(chosen, key))
            self._chosen.addWidget(many)
            return
        card = ProductCard(self.look, chosen[0], shows_costs=self._shows_costs)
        card.category_chosen.connect(lambda key: self._write_category(chosen, key))
        card.cost_given.connect(partial(self._write_cost, chosen[0]))
        card.forecast_asked.connect(partial(self._open_forecast, chosen[0]))
        card.page_asked.connect(partial(self._open_row, chosen[0]))
        self._chosen.addWidget(card)
        number = chosen[0].product_id

        def read(_progress: Progress) -> tuple[PriceChange, ...]:
            return self.ctx.shop.read_price_history(number)

        self.ctx.tasks.run(
            read, owner=card, key="prices", done=card.show_prices, error=lambda _error: card.show_prices(())
        )

    # -- writing --

    def _write_category(self, products: Sequence[CatalogProduct], key: str) -> None:
        numbers, category = [product.product_id for product in products], Category(key)
        name = text.category_name(category)
        count = text.number(len(products))
        words = _("{product} ahora es {category}.").format(product=products[0].name, category=name)
        if len(products) > 1:
            words = _("{n} productos ahora son {category}.").format(n=count, category=name)

        def write(_progress: Progress) -> tuple[int, int]:
            change = self.ctx.shop.write_category(numbers, category)
            return change, len(self.ctx.shop.read_taught(change))

        def say(done: tuple[int, int]) -> None:
            change, taught = done
            undo = partial(
                self._write, lambda _progress: self.ctx.shop.undo_category(change), self._say_undone
            )
            more = ngettext(
                "También {n} parecido, en otro tamaño.", "También {n} parecidos, en otro tamaño.", taught
            )
            said = f"{words} {more.format(n=text.number(taught))}" if taught else words
            self._notices.say_done(said, undo)

        self._write(write, say)

    def _write_cost(self, product: CatalogProduct, cents: int) -> None:
        words = _("{product} cuesta {money}.").format(product=product.name, money=text.money_exact(cents))
        self._write(
            lambda _progress: self.ctx.shop.write_cost(product.product_id, cents),
            lambda _nothing: self._notices.say_done(words),
            frozenset({CATALOG}),
        )

    def _join(self, pair: Twins) -> None:
        words = _("{other} cuenta ahora como {kept}.").format(other=pair.other_name, kept=pair.kept_name)

        def say(merge: int) -> None:
            undo = partial(self._write, lambda _progress: self.ctx.shop.undo_merge(merge), self._say_undone)
            self._notices.say_done(words, undo, "combine")

        self._write(lambda _progress: self.ctx.shop.merge_products(pair.kept, [pair.other]), say)

    def _part(self, merge: Merge) -> None:
        self._write(lambda _progress: self.ctx.shop.undo_merge(merge.merge_id), self._say_undone)

    def _refuse(self, pair: Twins) -> None:
        self._refused.add((pair.kept, pair.other))  # at once: what is being searched does not know it yet
        self.ctx.tasks.run(
            lambda _progress: self.ctx.shop.write_not_twins(pair.kept, pair.other),
            owner=self, key=f"refuse {pair.kept} {pair.other}", done=lambda _nothing: None,
            changes=frozenset({CATALOG}),
        )  # fmt: skip

    def _write(self, work: Any, done: Any, changes: frozenset[str] = CHANGED) -> None:
        self.ctx.tasks.run(
            work, owner=self, key="write", done=done, error=self._notices.say_trouble, changes=changes
        )

    # -- lists of products --

    def import_list(self, path: Path) -> None:
        """Take costs and categories from a list of products."""
        self._notices.say(_("Leyendo {names}…").format(names=path.name), Tone.BRAND, "hourglass")

        def say(counts: tuple[int, int]) -> None:
            matched, changed = (text.number(count) for count in counts)
            words = _("{file}: {matched} productos reconocidos, {changed} costos y categorías nuevos.")
            self._notices.say_done(words.format(file=path.name, matched=matched, changed=changed))

        self._write(lambda progress: self.ctx.shop.import_catalog(path, progress), say)

    def _say_undone(self, _nothing: Any) -> None:
        self._notices.say_undone()

    # -- parts --

    def _make_filters(self) -> QWidget:
        look = self.look
        self.search = QLineEdit()
        self.search.setFont(look.font(14))
        self.search.setPlaceholderText(_("Buscar un producto o un código"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(look.px(120))
        self.search.textChanged.connect(lambda _words: self.narrow())
        choices = [("", _("Todas las categorías")), *category_choices()]
        self.category = Picker(look, choices, width=185)
        self.category.picked.connect(lambda _key: self.narrow())
        self._kinds = (ALL, NO_COST, UNSURE) if self._shows_costs else (ALL, UNSURE)
        self.kinds = Segmented(look, [_filter_words()[kind] for kind in self._kinds])
        self.kinds.chosen.connect(lambda _index: self.narrow())
        grid = CardGrid(look, 420, 2, shares=(11, 10))
        for parts in ((self.search, self.category), (self.kinds, None)):
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(look.px(8))
            row.addWidget(parts[0], 1 if parts[1] else 0)
            if parts[1] is not None:
                row.addWidget(parts[1])
            else:
                row.addStretch(1)
            grid.add(holder)
        return grid

    def _open_forecast(self, product: CatalogProduct) -> None:
        page = self.ctx.go(ForecastPage.NAME)
        if isinstance(page, ForecastPage):
            page.show_product(product.product_id, product.name)

    def _open_row(self, product: CatalogProduct) -> None:
        self.open_product(product.product_id, [each.product_id for each in self.table.rows.shown])

    def _make_table_card(self) -> Card:
        look = self.look
        card = Card(look)
        card.body.setContentsMargins(*(look.px(side) for side in (8, 6, 8, 8)))
        columns = product_columns(shows_costs=self._shows_costs)
        best = next(place for place, column in enumerate(columns) if column.title == _("En 30 días"))
        self.table: DataTable[CatalogProduct] = DataTable(
            look, columns, lambda product: product.product_id, sort_by=best, name=_("Productos")
        )
        self.table.setMinimumHeight(look.px(300))
        self.table.picked.connect(self._show_side)
        self.table.opened.connect(self._open_row)
        self._none = label(look, _("Ningún producto es así."), 14, 400, "soft")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.hide()
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self._none)
        return card

    def _make_side(self) -> QWidget:
        side = QWidget()
        box = QVBoxLayout(side)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(self.look.px(12))
        self._chosen = QVBoxLayout()
        box.addLayout(self._chosen)
        self._twins = TwinsCard(self.look)
        self._twins.joined.connect(self._join)
        self._twins.parted.connect(self._part)
        self._twins.refused.connect(self._refuse)
        box.addWidget(self._twins)
        box.addStretch(1)
        return side

    def _make_list_card(self) -> Card:
        look = self.look
        more = _("Elige un producto de la tabla para ver su precio y corregir su categoría; con Ctrl o "
                 "Mayús, varios a la vez. Con doble clic o Enter se abre todo lo de él.")  # fmt: skip
        if not self._shows_costs:
            card = Card(look, _("Elige un producto"), "package")
            card.body.addWidget(label(look, more, 13, 400, "soft", wrap=True))
            return card
        card = Card(look, _("Costos y categorías de tu caja"), "coins")
        words = _("Suelta aquí la lista de productos que exporta tu caja (en Loyverse: Artículos, Exportar) "
                  "y se llenan los costos y las categorías que falten.")  # fmt: skip
        card.body.addWidget(label(look, words, 13, 400, "soft", wrap=True))
        card.body.addSpacing(look.px(4))
        ask = button(look, _("Elegir la lista…"), self.ask_list, symbol="folder-open")
        card.body.addWidget(ask, 0, Qt.AlignmentFlag.AlignLeft)
        card.body.addSpacing(look.px(2))
        card.body.addWidget(label(look, more, 12.5, 400, "soft", wrap=True))
        return card


def product_columns(*, shows_costs: bool) -> tuple[Column[CatalogProduct], ...]:
    """What the table says of a product; a cashier is shown neither costs nor margins."""
    costs = (
        Column[CatalogProduct](
            _("Costo"), lambda each: pesos(each.cost_cents), lambda each: each.cost_cents, 80, True, ink=_cost_ink
        ),
        Column[CatalogProduct](_("Margen"), margin_words, margin_of, 78, True, ink=_margin_ink),
    )  # fmt: skip
    return (
        Column(_("Producto"), lambda each: each.name, lambda each: plain(each.name), hint=lambda each: each.name),
        Column(_("Categoría"), _category_words, _category_words, 164, ink=_category_ink),
        Column(_("Precio"), _price_words, lambda each: each.price_cents, 92, True),
        *(costs if shows_costs else ()),
        Column(
            _("En 30 días"), lambda each: text.number(each.revenue_cents / 100),
            lambda each: each.revenue_cents, 106, True, hint=lambda each: text.money_exact(each.revenue_cents),
        ),
    )  # fmt: skip


def is_of_kind(product: CatalogProduct, kind: int) -> bool:
    """Whether one of the three filters wants a product."""
    if kind == NO_COST:
        return product.cost_cents is None
    return kind != UNSURE or is_unsure(product)


def _filter_words() -> tuple[str, str, str]:
    return _("Todos"), _("Sin costo"), _("Categoría dudosa")


def _category_words(product: CatalogProduct) -> str:
    """The category, with a question mark when nobody is sure: colour alone would not say it."""
    name = text.category_name(product.category)
    return _("¿{category}?").format(category=name) if is_unsure(product) else name


def _category_ink(product: CatalogProduct) -> str:
    return "accent" if is_unsure(product) else "soft"


def _price_words(product: CatalogProduct) -> str:
    return _("por monto") if product.is_sold_by_amount else pesos(product.price_cents)


def pesos(cents: int | None) -> str:
    """45.00, or a dash: in a column of money the sign would be noise."""
    return "–" if cents is None else text.number(cents / 100, 2)


def _cost_ink(product: CatalogProduct) -> str:
    return "faint" if product.cost_cents is None else "ink"


def _margin_ink(product: CatalogProduct) -> str:
    margin = margin_of(product)
    return "faint" if margin is None else "bad" if margin <= 0 else "ink"
