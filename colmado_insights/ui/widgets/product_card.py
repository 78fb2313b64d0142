"""One product at the side of the table: its category, what it sells for, what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.domain import CATEGORIES, CatalogProduct, Category, CategorySource, PriceChange
from colmado_insights.text import _
from colmado_insights.ui.icons import CATEGORY_ICONS
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, SymbolTile
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.label import Tone, hairline, label
from colmado_insights.ui.widgets.picker import Picker
from colmado_insights.ui.widgets.price_line import PriceLine

MOST_CENTS = 10**9
UNSURE_BELOW = 0.6


class ProductCard(Card):
    """A chosen product; its signals carry a new category, or a new cost in cents."""

    category_chosen = Signal(str)
    cost_given = Signal(int)
    forecast_asked = Signal()
    page_asked = Signal()

    def __init__(self, look: Look, product: CatalogProduct, *, shows_costs: bool) -> None:
        super().__init__(look)
        self.product = product
        self.body.setSpacing(look.px(8))
        self.body.addLayout(self._make_heading())
        self.category = Picker(look, category_choices(), product.category, width=200)
        self.category.setAccessibleName(_("Categoría"))
        self.category.picked.connect(self.category_chosen)
        self.body.addLayout(self._row(_("Categoría"), self.category))
        self.body.addWidget(label(look, source_words(product), 12.5, 400, "soft", wrap=True))
        self.body.addWidget(hairline())
        self.body.addLayout(self._make_numbers(shows_costs=shows_costs))
        if shows_costs:
            self.body.addWidget(hairline())
            self.body.addLayout(self._row(_("Costo de una unidad"), self._make_cost()))
        self._prices = QVBoxLayout()
        self._prices.setSpacing(look.px(2))
        self.body.addLayout(self._prices)
        self.body.addWidget(self._make_ways())

    def show_prices(self, changes: Sequence[PriceChange]) -> None:
        """Show how the price went."""
        clear_layout(self._prices)
        if not changes:
            return
        self._prices.addWidget(hairline())
        self._prices.addSpacing(self.look.px(6))
        self._prices.addWidget(label(self.look, price_words(changes), 12.5, 400, "soft", wrap=True))
        self._prices.addWidget(PriceLine(self.look, changes))

    def _make_ways(self) -> QWidget:
        """All about it, and what it will sell; one below the other when the words are large."""
        ways = QWidget()
        flow = Flow(self.look, 8)
        ways.setLayout(flow)
        flow.addWidget(
            button(self.look, _("Ver todo"), self.page_asked.emit, kind="primary", symbol="package")
        )
        flow.addWidget(
            button(self.look, _("Cuánto se venderá"), self.forecast_asked.emit, symbol="trending-up")
        )
        return ways

    def _make_heading(self) -> QHBoxLayout:
        look, product = self.look, self.product
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        tone = Tone.ACCENT if is_unsure(product) else Tone.BRAND
        tile = SymbolTile(look, CATEGORY_ICONS[product.category], tone)
        row.addWidget(tile, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(look, product.name, 15.5, 600, wrap=True))
        about = [product.sku] if product.sku else []
        if product.last_sold:
            about.append(_("última venta {day}").format(day=text.short_date(product.last_sold)))
        if about:
            words.addWidget(label(look, " · ".join(about), 12.5, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        return row

    def _make_numbers(self, *, shows_costs: bool) -> QHBoxLayout:
        product = self.product
        price = _("por monto") if product.is_sold_by_amount else money_or_dash(product.price_cents)
        pairs = [(price, _("precio")), (text.money(product.revenue_cents), _("en 30 días"))]
        if shows_costs:
            pairs.append((margin_words(product), _("margen")))
        row = QHBoxLayout()
        for number, words in pairs:
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(label(self.look, number, 16, 600, tabular=True))
            column.addWidget(label(self.look, words, 12.5, 400, "soft"))
            row.addLayout(column)
            row.addStretch(1)
        return row

    def _make_cost(self) -> QWidget:
        look, cost = self.look, self.product.cost_cents
        made = QDoubleSpinBox()
        made.setFont(look.font(14, tabular=True))
        made.setDecimals(2)
        made.setRange(0, MOST_CENTS / 100)
        made.setGroupSeparatorShown(True)
        made.setPrefix("RD$ ")
        made.setSpecialValueText(_("sin costo"))
        made.setValue((cost or 0) / 100)
        made.setFixedWidth(look.px(130))
        made.lineEdit().setTextMargins(look.px(8), 0, look.px(8), 0)
        made.setKeyboardTracking(False)
        made.setAccessibleName(_("Costo de una unidad"))
        made.editingFinished.connect(self._give_cost)
        self.cost = made
        return made

    def _give_cost(self) -> None:
        cents = round(self.cost.value() * 100)
        if cents and cents != self.product.cost_cents:
            self.cost_given.emit(cents)

    def _row(self, words: str, editor: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(8))
        row.addWidget(label(self.look, words, 13, 600, "soft", wrap=True), 1)
        row.addWidget(editor)
        return row


class ManyCard(Card):
    """Several chosen products, to be given one category at once."""

    category_chosen = Signal(str)

    def __init__(self, look: Look, products: Sequence[CatalogProduct]) -> None:
        super().__init__(look)
        self.body.setSpacing(look.px(8))
        count = text.number(len(products))
        self.body.addWidget(label(look, _("{n} productos elegidos").format(n=count), 15.5, 600, wrap=True))
        sold = text.money(sum(product.revenue_cents for product in products))
        self.body.addWidget(
            label(look, _("Vendieron {money} en 30 días.").format(money=sold), 13, 400, "soft", wrap=True)
        )
        common = {product.category for product in products}
        key = str(next(iter(common))) if len(common) == 1 else ""
        choices = [*category_choices(), ("", _("Varias categorías"))] if not key else category_choices()
        self.category = Picker(look, choices, key, width=220)
        self.category.setAccessibleName(_("Categoría"))
        row = QHBoxLayout()
        row.addWidget(self.category)
        row.addStretch(1)
        self.body.addLayout(row)
        words = _("Poner a los {n}").format(n=count)
        self.give = button(look, words, self._give, kind="primary", symbol="check")
        self.body.addWidget(self.give, 0, Qt.AlignmentFlag.AlignLeft)
        self.give.setEnabled(bool(key))
        self.category.picked.connect(lambda chosen: self.give.setEnabled(bool(chosen)))

    def _give(self) -> None:
        if self.category.key:
            self.category_chosen.emit(self.category.key)


def category_choices() -> list[tuple[str, str]]:
    """The categories by their names, in the order of the alphabet; what is left over comes last."""
    named = sorted(
        ((str(category), text.category_name(category)) for category in CATEGORIES), key=lambda pair: pair[1]
    )
    return sorted(named, key=lambda pair: pair[0] == Category.OTHER)


def is_unsure(product: CatalogProduct) -> bool:
    """True when somebody should look at the category."""
    is_guess = product.source in (CategorySource.RULES, CategorySource.CLASSIFIER)
    return product.source is CategorySource.NONE or (is_guess and product.confidence < UNSURE_BELOW)


def source_words(product: CatalogProduct) -> str:
    """Who said what category it is."""
    if product.source is CategorySource.CLASSIFIER or (is_unsure(product) and product.confidence):
        sure = text.percent(product.confidence)
        return _("Adivinada por el nombre, {sure} segura. Corrígela si no es.").format(sure=sure)
    if product.source is CategorySource.OWNER and product.confidence < 1:
        sure = text.percent(product.confidence)
        return _("Aprendida de otro que corregiste, {sure} segura.").format(sure=sure)
    return {
        CategorySource.OWNER: _("La pusiste tú."),
        CategorySource.POS: _("La dice tu caja."),
        CategorySource.RULES: _("La dice el nombre del producto."),
        CategorySource.NONE: _("Nadie la ha dicho todavía: elige una."),
    }[product.source]


def margin_of(product: CatalogProduct) -> float | None:
    """The share of the price that stays; None when price or cost is not known."""
    if not product.price_cents or product.cost_cents is None or product.is_sold_by_amount:
        return None
    return 1 - product.cost_cents / product.price_cents


def margin_words(product: CatalogProduct) -> str:
    """22 %, or a dash."""
    margin = margin_of(product)
    return "–" if margin is None else text.percent(margin)


def money_or_dash(cents: int | None) -> str:
    """RD$ 45.00, or a dash when it is not known."""
    return "–" if cents is None else text.money_exact(cents)


def price_words(changes: Sequence[PriceChange]) -> str:
    """What the price did, in one line."""
    if len(changes) == 1:
        return _("El precio no ha cambiado.")
    change = changes[-1].price_cents / max(1, changes[0].price_cents) - 1
    if not change:
        return _("El precio volvió a lo que era.")
    went = (
        _("El precio subió {share} desde el {day}.")
        if change > 0
        else _("El precio bajó {share} desde el {day}.")
    )
    return went.format(share=text.percent(abs(change)), day=text.short_date(changes[0].day))
