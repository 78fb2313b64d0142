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

from colmado_insights.domain import Category, PriceChange, Role
from colmado_insights.errors import UnreadableFile
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages.products import ALL, NO_COST, UNSURE, ProductsPage, product_columns
from colmado_insights.ui.widgets.product_card import (
    ManyCard,
    ProductCard,
    is_unsure,
    margin_words,
    price_words,
)
from tests.ui.fake_shop import TODAY, FakeShop, make_catalog
from tests.ui.test_pages import press, words_of

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
