"""What the owner knows of a product and no sale tells: its cost, who brings it, and how much is left."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QDoubleSpinBox, QHBoxLayout, QLineEdit, QWidget

from colmado_insights.analytics.results import ProductCare
from colmado_insights.domain import CatalogProduct
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.product_card import MOST_CENTS

MOST_UNITS = 10**6
WIDTH = 204
UNKNOWN = -1.0


class FactsCard(Card):
    """Editors that save when one leaves them; signals carry a cost in cents, a name, a count in thousandths."""

    cost_given = Signal(int)
    supplier_given = Signal(str)
    stock_given = Signal(int)

    def __init__(self, look: Look, *, shows_costs: bool) -> None:
        super().__init__(look, _("Lo que tú sabes"), "pencil")
        self.body.setContentsMargins(*(look.px(side) for side in (16, 10, 16, 9)))
        self.body.setSpacing(look.px(5))
        self._cost_known, self._supplier_known, self._stock_known = 0, "", UNKNOWN
        self.cost = self._make_number(_("Costo de una unidad"), MOST_CENTS / 100, 2)
        self.cost.setPrefix("RD$ ")
        self.cost.setSpecialValueText(_("sin costo"))
        self.cost.editingFinished.connect(self._give_cost)
        if shows_costs:
            self._add_row(_("Costo de una unidad"), self.cost)
        self.supplier = self._make_supplier()
        self._add_row(_("Suplidor"), self.supplier)
        self.stock = self._make_number(_("Cuánto queda"), MOST_UNITS, 0)
        self.stock.setMinimum(UNKNOWN)
        self.stock.setSpecialValueText(_("sin contar"))
        self.stock.editingFinished.connect(self._give_stock)
        self._add_row(_("Cuánto queda"), self.stock)
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        self._age = label(look, "", 12.5, 400, "soft", wrap=True)
        foot.addWidget(self._age, 1)
        self.counted = button(look, _("Lo conté ahora"), self._count, kind="link")
        foot.addWidget(self.counted, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(foot)

    def show_facts(
        self, product: CatalogProduct, care: ProductCare | None, supplier: str, suppliers: Sequence[str]
    ) -> None:
        """Show what is known; what is being written is left alone."""
        self._cost_known = product.cost_cents or 0
        self._supplier_known = supplier
        milli = care.stock_milli if care else None
        self._stock_known = UNKNOWN if milli is None else max(0.0, milli / 1000)
        self.stock.setDecimals(1 if product.units_milli % 1000 or (milli or 0) % 1000 else 0)
        if not self.cost.hasFocus():
            self.cost.setValue(self._cost_known / 100)
        if not self.stock.hasFocus():
            self.stock.setValue(self._stock_known)
        if not self.supplier.hasFocus():
            self.supplier.setText(supplier)
            self.supplier.setCursorPosition(0)
            self.supplier.setToolTip(supplier)
        completer = QCompleter(list(suppliers), self.supplier)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.supplier.setCompleter(completer)
        self._age.setText(stock_words(care))

    def _give_cost(self) -> None:
        cents = round(self.cost.value() * 100)
        if cents and cents != self._cost_known:
            self._cost_known = cents
            self.cost_given.emit(cents)

    def _give_supplier(self) -> None:
        name = " ".join(self.supplier.text().split())
        if name != self._supplier_known:
            self._supplier_known = name
            self.supplier_given.emit(name)

    def _give_stock(self) -> None:
        if self.stock.value() != self._stock_known:
            self._count()

    def _count(self) -> None:
        """What stands was counted now, the same as before or not."""
        value = self.stock.value()
        if value >= 0:
            self._stock_known = value
            self.stock_given.emit(round(value * 1000))

    def _make_supplier(self) -> QLineEdit:
        made = QLineEdit()
        made.setFont(self.look.font(14))
        made.setPlaceholderText(_("quién te lo trae"))
        made.setAccessibleName(_("Suplidor"))
        made.setFixedWidth(self.look.px(WIDTH))
        made.editingFinished.connect(self._give_supplier)
        return made

    def _make_number(self, name: str, most: float, decimals: int) -> QDoubleSpinBox:
        look = self.look
        made = QDoubleSpinBox()
        made.setFont(look.font(14, tabular=True))
        made.setDecimals(decimals)
        made.setRange(0, most)
        made.setGroupSeparatorShown(True)
        made.setFixedWidth(look.px(WIDTH))
        made.lineEdit().setTextMargins(look.px(8), 0, look.px(8), 0)
        made.setKeyboardTracking(False)
        made.setAccessibleName(name)
        return made

    def _add_row(self, words: str, editor: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(self.look.px(8))
        row.addWidget(label(self.look, words, 13, 600, "soft", wrap=True), 1)
        row.addWidget(editor)
        self.body.addLayout(row)


def stock_words(care: ProductCare | None) -> str:
    """When it was counted, or why to count it."""
    if care is None or care.stock_milli is None:
        return _("Cuéntalo y se dirá cuándo se acaba.")
    days = care.stock_age_days or 0
    if care.stock_milli <= 0:
        return _("Según lo contado ya no queda: si llegó más, cuéntalo.")
    if not days:
        return _("Contado hoy, menos lo vendido.")
    return ngettext(
        "Contado hace {n} día, menos lo vendido.", "Contado hace {n} días, menos lo vendido.", days
    ).format(n=days)
