"""A trial: one or two products in a basket, and what to offer with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import NotEnough, Recommendation, RecommendationKind, Recommendations
from colmado_insights.text import N_, _
from colmado_insights.ui.dialogs.quick_open import plain
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.basket_words import name_of
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.label import hairline, label

MOST = 2
HITS = 6
OFFERS = 5
KINDS: tuple[tuple[RecommendationKind, str], ...] = (
    (RecommendationKind.CROSS_SELL, N_("Ofrécele también")),
    (RecommendationKind.BUNDLE, N_("En combo")),
    (RecommendationKind.UPSELL, N_("En más grande")),
)
"""What is asked of one product; of two only the first."""

Offers = Mapping[RecommendationKind, Recommendations | NotEnough]


class BasketTrial(QWidget):
    """`asked` carries the products picked; `opened` one whose page is wanted."""

    asked = Signal(object)  # tuple of product ids
    opened = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._names: dict[int, str] = {}
        self._said: tuple[tuple[str, int], ...] = ()
        self._first: list[int] = []
        self.picked: tuple[int, ...] = ()
        grid = CardGrid(look, 330, 2, shares=(2, 3))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(grid)
        outer.addStretch(1)
        grid.add(self._make_picker())
        self._offers = Card(look, _("Qué ofrecer"), "lightbulb")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(look.px(6))
        self._offers.body.addLayout(self._rows)
        self._offers.body.addStretch(1)
        grid.add(self._offers)
        self._show_picked()

    def show_names(self, names: Mapping[int, str], first: Sequence[int]) -> None:
        """Take what can be picked; before anything is typed, the `first` are at hand."""
        self._names, self._first = dict(names), list(first)
        once = {name: product_id for product_id, name in sorted(names.items(), reverse=True)}
        self._said = tuple(sorted((plain(name), product_id) for name, product_id in once.items()))
        self.picked = tuple(each for each in self.picked if each in self._names)
        self._show_picked()
        self.ask()

    def pick(self, product_id: int) -> None:
        """Put a product into the basket; a third takes the place of the second."""
        if product_id not in self.picked:
            self.picked = (*self.picked[: MOST - 1], product_id)
        self.search.clear()
        self._show_picked()
        self.ask()

    def drop(self, product_id: int) -> None:
        """Take it out again."""
        self.picked = tuple(each for each in self.picked if each != product_id)
        self._show_picked()
        self.ask()

    def ask(self) -> None:
        """Ask what goes with them."""
        if self.picked:
            self.asked.emit(self.picked)
        else:
            self._say(_("Elige uno o dos productos y aquí sale qué ofrecer con ellos, y por qué."))

    def show_offers(self, offers: Offers) -> None:
        """Show what was found, each kind under its word."""
        clear_layout(self._rows)
        found = [(kind, words, offers.get(kind)) for kind, words in KINDS]
        told = [
            (words, each.items)
            for _kind, words, each in found
            if isinstance(each, Recommendations) and each.items
        ]
        for place, (words, items) in enumerate(told):
            if place:
                self._rows.addWidget(hairline())
            self._rows.addWidget(label(self._look, _(words), 13, 600, "soft"))
            for item in items[:OFFERS]:
                self._rows.addLayout(self._make_offer(item))
        if not told:
            self._say(_("Nada va con esto más que por azar: ofrece lo que tengas de novedad."))

    def show_trouble(self, _error: Exception) -> None:
        """Say in place that it did not work."""
        self._say(_("No se pudo buscar esta vez. Elige otra vez el producto."))

    # -- parts --

    def _make_picker(self) -> Card:
        look = self._look
        card = Card(look, _("Qué lleva en la mano"), "search")
        self.search = QLineEdit()
        self.search.setFont(look.font(13.5))
        self.search.setPlaceholderText(_("Busca un producto"))
        self.search.setAccessibleName(_("Busca un producto"))
        self.search.textChanged.connect(lambda _words: self._show_hits())
        self.search.returnPressed.connect(self._pick_first)
        card.body.addWidget(self.search)
        self._basket, self._hits = QWidget(), QWidget()
        self._basket_flow, self._hits_column = Flow(look), QVBoxLayout()
        self._hits_column.setContentsMargins(0, 0, 0, 0)
        self._hits_column.setSpacing(look.px(4))
        self._basket.setLayout(self._basket_flow)
        self._hits.setLayout(self._hits_column)
        card.body.addWidget(self._basket)
        card.body.addWidget(self._hits)
        card.body.addStretch(1)
        return card

    def _show_picked(self) -> None:
        clear_layout(self._basket_flow)
        for product_id in self.picked:
            name = name_of(self._names, product_id)
            made = button(
                self._look, _short(name), partial(self.drop, product_id), symbol="x",
                hint=_("Quitar {product}").format(product=name),
            )  # fmt: skip
            self._basket_flow.addWidget(made)
        self._basket.setVisible(bool(self.picked))
        self._show_hits()

    def _show_hits(self) -> None:
        clear_layout(self._hits_column)
        hits = self._find()
        typed = bool(self.search.text().strip())
        if typed or hits:
            words = _("No hay ningún producto así.") if not hits else "" if typed else _("Por ejemplo:")
            if words:
                self._hits_column.addWidget(label(self._look, words, 12.5, 400, "soft", wrap=True))
        for product_id in hits:
            name = name_of(self._names, product_id)
            made = button(self._look, _short(name, 38), partial(self.pick, product_id), kind="link")
            made.setToolTip(name)
            self._hits_column.addWidget(made)

    def _find(self) -> list[int]:
        """The products that hold every typed word, those that begin with it first."""
        typed = plain(self.search.text()).strip()
        if not typed:
            left = [each for each in self._first if each not in self.picked]
            return left[:HITS] if len(self.picked) < MOST else []
        pieces = typed.split()
        found = [(name, each) for name, each in self._said if all(piece in name for piece in pieces)]
        found.sort(key=lambda pair: not pair[0].startswith(typed))
        return [each for _name, each in found if each not in self.picked][:HITS]

    def _pick_first(self) -> None:
        if hits := self._find():
            self.pick(hits[0])

    def _make_offer(self, item: Recommendation) -> QHBoxLayout:
        look, name = self._look, name_of(self._names, item.product_id)
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(look, name, 14, 600, wrap=True))
        words.addWidget(label(look, " ".join(map(text.sentence, item.told)), 12.5, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        open_it = button(look, _("Ver"), lambda: self.opened.emit(item.product_id))
        open_it.setAccessibleDescription(name)
        row.addWidget(open_it, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _say(self, words: str) -> None:
        clear_layout(self._rows)
        self._rows.addWidget(label(self._look, words, 13, 400, "soft", wrap=True))


def _short(name: str, most: int = 30) -> str:
    """A name that fits a button; the whole stands in its hint."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
