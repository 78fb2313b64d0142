"""The page of products: finding, correcting, costing, joining, and bringing in lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton

from colmado_insights.analytics.results import Estimate, NotEnough
from colmado_insights.domain import Category, PriceChange, Role
from colmado_insights.errors import UnreadableFile
from colmado_insights.ui.jumps import jumps_of
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages.products import (
    ALL,
    ASLEEP,
    ENDING,
    LIST,
    MARGINS,
    NO_COST,
    UNSURE,
    WEIGHT,
    ProductsPage,
    product_columns,
)
from colmado_insights.ui.widgets.product_card import (
    ManyCard,
    ProductCard,
    is_unsure,
    margin_words,
    price_words,
)
from colmado_insights.ui.widgets.product_tables import CareRow, asleep_columns, ending_columns
from colmado_insights.ui.widgets.product_views import CareView
from tests.ui.fake_prices import make_care_of_catalog
from tests.ui.fake_shop import TODAY, FakeShop, make_catalog
from tests.ui.test_pages import press, words_of
from tests.ui.test_prices import OF_COSTS

MakeWindow = Callable[..., MainWindow]


def open_products(make_window: MakeWindow, **how: Any) -> tuple[ProductsPage, FakeShop]:
    window = make_window(**how)
    page = window.open_page("products")
    assert isinstance(page, ProductsPage)
    shop: Any = window.context.shop
    return page, shop


def names(page: ProductsPage) -> list[str]:
    return [product.name for product in page.table.rows.shown]


def test_best_sold_come_first(make_window: MakeWindow) -> None:
    page, _shop = open_products(make_window)
    assert names(page)[:2] == ["Cerveza Presidente 650 ml", "Arroz Selecto La Garza 10 lb"]
    assert len(names(page)) == len(make_catalog())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("presidente", ["Cerveza Presidente 650 ml", "Presidente 650ml"]),
        ("PLATANO", ["Plátano verde"]),
        ("7460000003", ["Ron Brugal Añejo 350 ml"]),
        ("cola 2 refresco", ["Refresco Coca-Cola 2 L"]),
        ("nada así", []),
    ],
)
def test_search_forgives_accents_and_order(make_window: MakeWindow, typed: str, found: list[str]) -> None:
    page, _shop = open_products(make_window)
    page.search.setText(typed)
    assert names(page) == found
    assert ("Ningún producto es así." in words_of(page)) == (not found)


def test_filters_say_how_many_and_narrow(make_window: MakeWindow) -> None:
    page, _shop = open_products(make_window)
    words = words_of(page)
    for piece in ("Todos 12", "Sin costo 5", "Categoría dudosa 2"):
        assert piece in words
    page.show_only(NO_COST)
    assert all(product.cost_cents is None for product in page.table.rows.shown)
    page.show_only(UNSURE)
    assert names(page) == ["Chulito Ramón", "Varios"]
    page.show_only(ALL)
    page.category.choose("alcohol")
    assert names(page) == ["Cerveza Presidente 650 ml", "Ron Brugal Añejo 350 ml", "Presidente 650ml"]


def test_what_nobody_is_sure_of_is_said_in_words() -> None:
    category = next(column for column in product_columns(shows_costs=True) if column.title == "Categoría")
    doubtful = next(product for product in make_catalog() if product.name == "Chulito Ramón")
    assert category.words(doubtful) == "¿Picadera?"
    assert not is_unsure(replace(doubtful, confidence=0.9))


def test_one_product_is_corrected_and_taken_back(make_window: MakeWindow) -> None:
    page, shop = open_products(make_window)
    page.table.choose([10])
    card = page.findChild(ProductCard)
    assert card is not None
    assert "41 %" in words_of(card)
    card.category.choose("bakery")
    assert shop.told[-1] == ("category", (10,), Category.BAKERY)
    press(page._notices.itemAt(0).widget(), "Deshacer")
    assert shop.told[-1] == ("undo category", 7)
    assert "Quedó como estaba." in words_of(page)


def test_many_are_corrected_at_once(make_window: MakeWindow) -> None:
    page, shop = open_products(make_window)
    page.table.choose([1, 10, 11])
    card = page.findChild(ManyCard)
    assert card is not None
    assert "3 productos elegidos" in words_of(card)
    assert not card.give.isEnabled(), "of several categories none is the answer yet"
    card.category.choose("snacks")
    card.give.click()
    assert shop.told[-1] == ("category", (1, 10, 11), Category.SNACKS)
    assert "3 productos ahora son Picadera." in words_of(page)
    assert [product.product_id for product in page.table.chosen()] == [1, 10, 11]


def test_cost_is_kept_when_it_is_one(make_window: MakeWindow) -> None:
    page, shop = open_products(make_window)
    page.table.choose([6])
    card = page.findChild(ProductCard)
    assert card is not None
    card.cost.editingFinished.emit()
    assert not [told for told in shop.told if told[0] == "cost"], "no cost was given"
    card.cost.setValue(112.5)
    card.cost.editingFinished.emit()
    assert shop.told[-1] == ("cost", 6, 11_250)
    assert "cuesta RD$ 112.50" in words_of(page)


def test_cashier_sees_neither_costs_nor_margins(make_window: MakeWindow) -> None:
    window = make_window()
    page = ProductsPage(replace(window.context, role=Role.CASHIER))
    page.show_result(page.read(None))  # type: ignore[arg-type]
    titles = [column.title for column in page.table.rows.columns]
    assert titles == ["Producto", "Categoría", "Precio", "En 30 días"]
    page.table.choose([1])
    card = page.findChild(ProductCard)
    assert card is not None
    words = words_of(card)
    assert "margen" not in words
    assert "Costo" not in words
    assert "RD$ 175.00" in words
    page.deleteLater()


def test_price_history_is_told() -> None:
    prices = [PriceChange(date(2026, 3, day), cents) for day, cents in ((1, 10_000), (9, 12_000))]
    assert price_words(prices) == "El precio subió 20 % desde el dom 1 mar."
    assert price_words(prices[::-1]).startswith("El precio bajó 17 %")
    assert price_words(prices[:1]) == "El precio no ha cambiado."
    assert price_words([*prices, PriceChange(TODAY, 10_000)]) == "El precio volvió a lo que era."


def test_margin_needs_price_and_cost() -> None:
    first, *_rest = make_catalog()
    assert margin_words(first) == "21 %"
    assert margin_words(replace(first, cost_cents=None)) == "–"
    assert margin_words(replace(first, is_sold_by_amount=True)) == "–"
    assert margin_words(replace(first, cost_cents=20_000)) == "−14 %"


def test_worst_margins_come_first_when_asked(make_window: MakeWindow) -> None:
    page, _shop = open_products(make_window)
    page.show_worst_margins()
    assert names(page)[0] == "Detergente Ace 900 g"


def test_twins_are_joined_refused_and_parted(make_window: MakeWindow) -> None:
    page, shop = open_products(make_window)
    assert "Presidente 650ml" in words_of(page._twins)
    press(page, "Son el mismo")
    assert ("merge", 1, (7,)) in shop.told
    press(page._twins, "No")
    assert ("not twins", 1, 7) in shop.told
    assert "Coca Cola 2 litros" in words_of(page._twins)
    press(page._twins, "No")
    assert "No hay productos repetidos" in words_of(page._twins)
    press(page._twins, "Deshacer")
    assert shop.told[-1] == ("undo merge", 4)


def test_list_of_products_may_be_dropped(make_window: MakeWindow, tmp_path: Path) -> None:
    page, shop = open_products(make_window)
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(tmp_path / "export_items.csv"))])
    page.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, carried, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip
    assert shop.told[-1] == ("catalog", tmp_path / "export_items.csv")
    assert "840 productos reconocidos, 512 costos y categorías nuevos." in words_of(page)


def test_trouble_of_a_list_stands_in_place(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: FakeShop, path: Path, progress: Any = None) -> tuple[int, int]:
        raise UnreadableFile("Eso no es una lista.", "Elige otra.")

    monkeypatch.setattr(FakeShop, "import_catalog", refuse)
    page, _shop = open_products(make_window)
    page.import_list(Path("foto.png"))
    assert "Eso no es una lista. Elige otra." in words_of(page)
    assert page.state.state == "result"


def test_page_is_walked_with_the_keyboard(make_window: MakeWindow, qtbot: Any) -> None:
    page, _shop = open_products(make_window)
    page.search.setFocus()
    seen = []
    for _step in range(12):
        widget = page.window().focusWidget()
        seen.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert page.category in seen
    assert page.table in seen
    assert any(isinstance(made, QPushButton) and made.text().strip() == "Elegir la lista…" for made in seen)


# -- the other lists --


def test_lists_of_care_say_what_weighs_leaves_sleeps_and_ends(make_window: MakeWindow) -> None:
    page, _shop = open_products(make_window)
    page.show_view(WEIGHT)
    assert "8 de cada 10 pesos que vendes" in words_of(page)
    page.show_view(MARGINS)
    words = words_of(page)
    assert "Te quedaron RD$" in words
    assert "Del 11 % de lo vendido no se sabe el costo." in words
    page.show_view(ASLEEP)
    words = words_of(page)
    assert "1 producto dejó de venderse" in words
    assert "Duermen RD$ 1,800 en ellos." in words
    page.show_view(ENDING)
    assert "se acaban en una semana o menos" in words_of(page)
    page.show_view(LIST)
    assert "Todos 12" in words_of(page)


def rows_of(page: ProductsPage, view: int) -> list[CareRow]:
    page.show_view(view)
    shown: Any = page._lists[view]
    return list(shown.table.rows.shown)


def test_lists_hold_only_their_products_the_weightiest_first(make_window: MakeWindow) -> None:
    page, _shop = open_products(make_window)
    weights = [row.care.revenue_cents for row in rows_of(page, WEIGHT)]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) == 12
    assert [row.product_id for row in rows_of(page, ASLEEP)] == [12]
    ending = rows_of(page, ENDING)
    assert [row.product_id for row in ending] == [1, 4, 7, 10]
    assert all(row.care.days_left is not None for row in ending)


def test_what_sleeps_and_ends_is_told_in_days(make_window: MakeWindow) -> None:
    page, _shop = open_products(make_window)
    (asleep,) = rows_of(page, ASLEEP)
    cells = [column.words(asleep) for column in asleep_columns(shows_costs=True)]
    assert cells[1:] == ["80 días", "mar 1 sep", "24", "1,800", "salía cada 7 días"]
    first, *_others = rows_of(page, ENDING)
    _name, soon, left, *_rest = ending_columns()
    for estimate, said in (
        (Estimate(6.0, 4.0, 9.0), ("6 días", "4 a 9 días")),
        (Estimate(0.2, 0.0, 0.3), ("hoy", "hoy")),
        (Estimate(1.1, 1.0, 1.2), ("1 día", "1 día")),
    ):
        row = replace(first, care=replace(first.care, days_left=estimate))
        assert (soon.words(row), left.words(row)) == said


def test_margins_by_supplier_name_them(make_window: MakeWindow) -> None:
    page, _shop = open_products(make_window)
    page.show_view(MARGINS)
    shown: Any = page._lists[MARGINS]
    assert shown.table.rows.columns[0].words(shown.table.rows.shown[0]) == "Cerveza y ron"
    shown.by.set_index(1)
    shown._show()
    assert shown.table.rows.columns[0].words(shown.table.rows.shown[0]) == "Cervecería Nacional"


def test_without_a_count_nothing_ends_and_it_says_how_to_know(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = make_care_of_catalog()
    bare = tuple(replace(each, days_left=None, is_dead=False) for each in board.products)
    nothing = replace(board, products=bare, dead=0, asleep_cents=None)
    monkeypatch.setattr(FakeShop, "compute_care", lambda *_args, **_how: nothing)
    page, _shop = open_products(make_window)
    page.show_view(ENDING)
    assert "Todavía no se sabe cuánto queda de nada." in words_of(page)
    page.show_view(ASLEEP)
    assert "Nada duerme." in words_of(page)


def test_care_that_fails_leaves_the_catalog_and_can_be_tried_again(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_how: Any) -> Any:
        raise ZeroDivisionError("an analysis fails")

    with monkeypatch.context() as patch:
        patch.setattr(FakeShop, "compute_care", fail)
        page, _shop = open_products(make_window)
        page.show_view(WEIGHT)
        assert "Intentar de nuevo" in words_of(page)
        page.show_view(LIST)
        assert "Todos 12" in words_of(page)
        page.show_view(WEIGHT)
    press(page, "Intentar de nuevo")
    assert "8 de cada 10 pesos que vendes" in words_of(page)


def test_too_few_days_are_told_in_place(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    short = NotEnough(28, 5, "days")
    monkeypatch.setattr(FakeShop, "compute_care", lambda *_args, **_how: short)
    page, _shop = open_products(make_window)
    page.show_view(ASLEEP)
    assert "Hacen falta 28 días con ventas; por ahora hay 5." in words_of(page)


def test_row_opens_its_product(make_window: MakeWindow, qtbot: Any) -> None:
    page, _shop = open_products(make_window)
    window: Any = page.window()
    page.table.choose([3])
    press(page, "Ver todo")
    assert window.page.NAME == "product"
    assert "Refresco Coca-Cola 2 L" in words_of(window.page)
    window.open_page("products")
    page.show_view(ENDING)
    shown: Any = page._lists[ENDING]
    shown.table.choose([4])
    qtbot.keyClick(shown.table, Qt.Key.Key_Return)
    assert window.page.NAME == "product"
    window.page.step(1)
    assert window.page._chosen == 7, "the next of that list"


def test_quick_list_finds_products(make_window: MakeWindow) -> None:
    page, _shop = open_products(make_window)
    window: Any = page.window()
    jump = next(jump for jump in jumps_of(window) if jump.words == "Huevo")
    jump.act()
    assert window.page.NAME == "product"
    assert window.page._chosen == 5


def test_cashier_sees_the_lists_without_costs(make_window: MakeWindow) -> None:
    window = make_window()
    page = ProductsPage(replace(window.context, role=Role.CASHIER))
    page.resize(1366, 768)
    page.show()
    said = [words_of(page)]
    for view in (LIST, WEIGHT, MARGINS, ASLEEP, ENDING):
        page.show_view(view)
        said.append(words_of(page))
    for shown in page._lists.values():
        assert isinstance(shown, CareView)
        for column in shown.table.rows.columns:
            said.append(column.title)
            for row in shown.table.rows.shown:
                said += [column.words(row), column.hint(row) if column.hint else ""]
    assert MARGINS not in page._lists
    words = "\n".join(said).casefold()
    assert not [word for word in (*OF_COSTS, "duermen rd$", "dinero") if word in words]
    assert "1,800" not in words
    page.deleteLater()
