"""The other lists of products: which weigh most, what each family leaves, what sleeps, and what runs out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import CareBoard, MarginPart
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.chart_view import ChartView
from colmado_insights.ui.widgets.data_table import DataTable
from colmado_insights.ui.widgets.label import Tone, label
from colmado_insights.ui.widgets.price_words import told
from colmado_insights.ui.widgets.product_tables import (
    CareRow,
    asleep_columns,
    care_rows,
    ending_columns,
    part_columns,
    weight_columns,
)
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.slot import Slot
from colmado_insights.ui.widgets.state_view import Message
from colmado_insights.ui.widgets.switch_place import SwitchPlace

WEIGHT_SORT, LEFT_SORT, ASLEEP_SORT = 2, 1, 1
CHART_HEIGHT = 200


class CareView(QWidget):
    """A sentence, a table in a card, and whatever stands beside it; `opened` carries a product's id."""

    opened = Signal(int)
    list_asked = Signal()  # of products with their stock, out of the till

    def __init__(self, look: Look, *, shows_costs: bool) -> None:
        super().__init__()
        self.look, self.shows_costs = look, shows_costs
        self.table = self.make_table()
        self.table.setMinimumHeight(look.px(260))
        self.table.opened.connect(lambda row: self.opened.emit(row.product_id))
        self._card = Card(look)
        self._card.body.setContentsMargins(*(look.px(side) for side in (8, 6, 8, 8)))
        self._words = label(look, "", 13, 400, "soft", wrap=True)
        self._card.body.addWidget(self.table, 1)
        self._none = Slot()
        self._arranged = self.arrange(self._card)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(look.px(10))
        box.addWidget(self._words)
        box.addWidget(self._arranged, 1)
        box.addWidget(self._none, 1)

    def make_table(self) -> DataTable[CareRow]:
        """The table of this view."""
        raise NotImplementedError

    def arrange(self, card: Card) -> QWidget:
        """The card with what stands beside it."""
        return card

    def show_board(self, board: CareBoard, names: Mapping[int, str]) -> None:
        """Show this board."""
        self.table.set_rows(self.rows(care_rows(board, names)))
        is_empty = not self.table.rows.shown
        self._arranged.setVisible(not is_empty)
        self._none.setVisible(is_empty)
        if is_empty:
            self._none.fill(self.make_none())
        said = self.words(board)
        self._words.setText(said)
        self._words.setVisible(bool(said) and not is_empty)

    def rows(self, rows: Sequence[CareRow]) -> Sequence[CareRow]:
        """Those of this view."""
        return rows

    def words(self, board: CareBoard) -> str:
        """What the list says as a whole."""
        raise NotImplementedError

    def make_none(self) -> Message:
        """What stands where no row does."""
        return Message(self.look, "package", _("Ningún producto es así."), "")

    def shown_ids(self) -> tuple[int, ...]:
        """The products in the order of the table."""
        return tuple(row.product_id for row in self.table.rows.shown)


class WeightView(CareView):
    """Which few products make most of what is sold, and what they leave."""

    def __init__(self, look: Look, tasks: Tasks, *, shows_costs: bool) -> None:
        self._chart = ChartView(look, tasks, CHART_HEIGHT)
        super().__init__(look, shows_costs=shows_costs)

    def make_table(self) -> DataTable[CareRow]:
        """Class, share, margin."""
        columns = weight_columns(shows_costs=self.shows_costs)
        return DataTable(self.look, columns, _product_of, sort_by=WEIGHT_SORT, name=_("Cuáles pesan"))

    def arrange(self, card: Card) -> QWidget:
        """The curve at the right."""
        grid = CardGrid(self.look, 330, 2, shares=(22, 10))
        grid.add(card)
        side = Card(self.look, _("Pocos hacen casi toda la venta"), "chart-column")
        side.body.addWidget(self._chart, 1)
        words = _("A: los que hacen 8 de cada 10 pesos; B: lo que sigue; C: el resto.")
        side.body.addWidget(label(self.look, words, 12.5, 400, "faint", wrap=True))
        grid.add(side)
        return grid

    def show_board(self, board: CareBoard, names: Mapping[int, str]) -> None:
        """The table, then the curve."""
        super().show_board(board, names)
        self._chart.show_chart(partial(charts.abc_curve, board), _("Pocos hacen casi toda la venta"))

    def words(self, board: CareBoard) -> str:
        """88 productos hacen 8 de cada 10 pesos."""
        sold = [product for product in board.products if product.revenue_cents > 0]
        best = sum(product.abc == "A" for product in sold)
        first = ngettext(
            "{n} producto hace 8 de cada 10 pesos que vendes: que nunca falte.",
            "{n} productos hacen 8 de cada 10 pesos que vendes: que nunca falten.",
            best,
        ).format(n=text.number(best))
        return " ".join([first, window_words(board, shows_costs=self.shows_costs)])


class AsleepView(CareView):
    """What stopped being sold, since when, and the money in it."""

    def make_table(self) -> DataTable[CareRow]:
        """Since when, stock, money."""
        return DataTable(
            self.look,
            asleep_columns(shows_costs=self.shows_costs),
            _product_of,
            sort_by=ASLEEP_SORT,
            name=_("Dormidos"),
        )

    def rows(self, rows: Sequence[CareRow]) -> Sequence[CareRow]:
        """Those that sleep."""
        return [row for row in rows if row.care.is_dead]

    def words(self, board: CareBoard) -> str:
        """15 dejaron de venderse; hay RD$ 5,400 en ellos."""
        if not board.dead:
            return ""
        first = ngettext(
            "{n} producto dejó de venderse: rebájalo, devuélvelo o sácalo de la góndola.",
            "{n} productos dejaron de venderse: rebájalos, devuélvelos o sácalos de la góndola.",
            board.dead,
        ).format(n=text.number(board.dead))
        if not self.shows_costs:
            return first
        money = (
            _("Duermen {money} en ellos.").format(money=text.money(board.asleep_cents))
            if board.asleep_cents is not None
            else _("Cuenta cuánto queda de cada uno y se dirá cuánto dinero duerme ahí.")
        )
        return f"{first} {money}"

    def make_none(self) -> Message:
        """Nothing sleeps."""
        return Message(
            self.look, "circle-check", _("Nada duerme."), _("Todo lo que vendías se sigue vendiendo."),
            tone=Tone.GOOD,
        )  # fmt: skip


class EndingView(CareView):
    """What runs out, soonest first."""

    def make_table(self) -> DataTable[CareRow]:
        """Days left, stock, pace."""
        table: DataTable[CareRow] = DataTable(
            self.look, ending_columns(), _product_of, sort_by=LEFT_SORT, name=_("Se acaban")
        )
        table.sort_by(LEFT_SORT, is_down=False)
        return table

    def rows(self, rows: Sequence[CareRow]) -> Sequence[CareRow]:
        """Those whose stock is known and sells."""
        return [row for row in rows if row.care.days_left is not None]

    def words(self, board: CareBoard) -> str:
        """How many end within a week."""
        soon = sum(1 for each in board.products if each.days_left is not None and each.days_left.mean <= 7)
        if not soon:
            return ""
        return ngettext(
            "{n} producto se acaba en una semana o menos: pídelo a tiempo.",
            "{n} productos se acaban en una semana o menos: pídelos a tiempo.",
            soon,
        ).format(n=text.number(soon))

    def make_none(self) -> Message:
        """Why nobody knows, and the two ways to tell."""
        todo = _("Abre un producto y escribe cuánto contaste, o trae la lista de productos de tu caja con las "
                 "existencias: se dirá qué se acaba y cuándo.")  # fmt: skip
        ask = (_("Elegir la lista…"), self.list_asked.emit)
        return Message(self.look, "boxes", _("Todavía no se sabe cuánto queda de nada."), todo, (ask,))


class MarginsView(QWidget):
    """What each family or supplier leaves, and of how much of its sales no cost is known."""

    def __init__(self, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self.look = look
        self._board: CareBoard | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(look.px(10))
        self.by = Segmented(look, (_("Por categoría"), _("Por suplidor")))
        self.by.chosen.connect(lambda _index: self._show())
        top = QHBoxLayout()
        top.setSpacing(look.px(10))
        top.addWidget(SwitchPlace(look, self.by))
        self._words = label(look, "", 13, 400, "soft", wrap=True)
        top.addWidget(self._words, 1)
        box.addLayout(top)
        grid = CardGrid(look, 330, 2, shares=(16, 15))
        card = Card(look)
        card.body.setContentsMargins(*(look.px(side) for side in (8, 6, 8, 8)))
        self.table: DataTable[MarginPart] = DataTable(
            look, part_columns(self.name_of), lambda part: part.key, sort_by=2, name=_("Márgenes")
        )
        self.table.setMinimumHeight(look.px(260))
        self._none = label(look, _("No se sabe de ningún suplidor todavía."), 14, 400, "soft", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self._none)
        side = Card(look, _("De cada 100 pesos, cuántos quedan"), "coins")
        self._chart = ChartView(look, tasks, CHART_HEIGHT, near="xy")
        side.body.addWidget(self._chart, 1)
        grid.add(card)
        grid.add(side)
        box.addWidget(grid, 1)

    def name_of(self, key: str) -> str:
        """A category by its name, a supplier by its own."""
        return key if self.by.index else text.category_name(key)

    def show_board(self, board: CareBoard, _names: Mapping[int, str]) -> None:
        """Show this board."""
        self._board = board
        self._show()

    def shown_ids(self) -> tuple[int, ...]:
        """No products stand here."""
        return ()

    def _show(self) -> None:
        board = self._board
        if board is None:
            return
        parts = board.by_supplier if self.by.index else board.by_category
        self.table.set_rows(parts)
        self.table.setVisible(bool(parts))
        self._none.setVisible(not parts)
        names = {part.key: self.name_of(part.key) for part in parts}
        draw = partial(charts.margin_bars, parts, name=lambda key: names.get(key, key))
        self._chart.show_chart(draw, _("De cada 100 pesos, cuántos quedan"))
        self._words.setText(margin_words(board))


def margin_words(board: CareBoard) -> str:
    """What stayed of what was sold, and of how much that is not known."""
    if board.margin_cents is None:
        return _("No se sabe el costo de nada: trae la lista de productos de tu caja, o escribe los costos.")
    earned = _("Te quedaron {money} en {n} días.").format(
        money=text.money(board.margin_cents), n=text.number(board.window_days)
    )
    lacking = 1 - board.costed_share
    if lacking < 0.005:
        return earned
    share = _("Del {share} de lo vendido no se sabe el costo.").format(share=text.percent(lacking))
    return f"{earned} {share}"


def window_words(board: CareBoard, *, shows_costs: bool) -> str:
    """From how many days it is told, and what is not known."""
    return " ".join(
        told(
            [each for each in board.reasons if each.code in ("care_window", "care_uncosted")],
            shows_costs=shows_costs,
        )
    )


def _product_of(row: CareRow) -> int:
    return row.product_id
