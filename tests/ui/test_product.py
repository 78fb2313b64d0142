"""The page of one product: its price, what the owner knows of it, what is ahead, and what goes with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox

from colmado_insights.analytics.results import Estimate, NotEnough, Replenishment
from colmado_insights.config import Settings
from colmado_insights.domain import Consent, Role, Subject, Target
from colmado_insights.errors import ShopError
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages.product import ProductPage, about_words
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.name_link import NameLink
from colmado_insights.ui.widgets.price_what_if import WhatIfCard
from colmado_insights.ui.widgets.product_facts import stock_words
from colmado_insights.ui.widgets.product_parts import (
    days_words,
    due_for,
    left_words,
    part_words,
    trend_words,
)
from tests.ui.fake_prices import NAMES, REFUSED, WITHOUT_COST, make_basket, make_care_of_catalog
from tests.ui.fake_shop import TODAY, FakeShop, make_catalog
from tests.ui.test_pages import press, words_of
from tests.ui.test_prices import OF_COSTS

MakeWindow = Callable[..., MainWindow]


def open_product(make_window: MakeWindow, product_id: int = 0, **how: Any) -> tuple[ProductPage, FakeShop]:
    window = make_window(**how)
    page = window.open_page("product")
    assert isinstance(page, ProductPage)
    if product_id:
        page.show_product(product_id)
    shop: Any = window.context.shop
    return page, shop


def test_first_is_what_sells_most(make_window: MakeWindow) -> None:
    page, _shop = open_product(make_window)
    words = words_of(page)
    for piece in (
        NAMES[1], "Cerveza y ron", "RD$ 175", "de los que más pesan", "de margen · RD$ 36 cada uno",
        "¿Y si cambias el precio?", "Lo que se venderá", "Va bien con", "▲ crece 21 %", "Su época: Navidad",
        "para acabarse (4 a 9)",
    ):  # fmt: skip
        assert piece in words


def test_what_if_stands_at_the_best_price_and_stays_where_it_was_put(make_window: MakeWindow) -> None:
    page, _shop = open_product(make_window)
    card = page.findChild(WhatIfCard)
    assert card is not None
    assert card.slider.price == card.advice.optimal_cents
    tried = card.advice.points[1].price_cents
    card.slider.set_price(tried)
    page.load()
    again = page._price.findChildren(WhatIfCard)[-1]
    assert again.slider.price == tried


def test_without_cost_says_how_to_know_more(make_window: MakeWindow) -> None:
    page, _shop = open_product(make_window, WITHOUT_COST)
    words = words_of(page)
    assert "de ganancia (" not in words
    assert "Pon el costo aquí al lado" in words


def test_price_that_cannot_be_judged_says_why(make_window: MakeWindow) -> None:
    page, _shop = open_product(make_window, REFUSED)
    words = words_of(page)
    assert "Todavía no se puede decir." in words
    assert "El precio no ha cambiado lo suficiente" in words
    assert "Cámbialo a propósito unas semanas" in words
    assert page.findChild(WhatIfCard) is None or not page.findChild(WhatIfCard).isVisible()


def give(editor: QDoubleSpinBox, value: float) -> None:
    editor.setValue(value)
    editor.editingFinished.emit()


def test_owner_tells_cost_supplier_and_stock(make_window: MakeWindow) -> None:
    page, shop = open_product(make_window)
    facts = page.facts
    assert facts.supplier.text() == "Cervecería Nacional"
    facts.cost.editingFinished.emit()
    facts.supplier.editingFinished.emit()
    facts.stock.editingFinished.emit()
    assert not [told for told in shop.told if told[0] in ("cost", "supplier", "stock")], "nothing was changed"
    give(facts.cost, 142.5)
    assert ("cost", 1, 14_250) in shop.told
    assert "cuesta RD$ 142.50" in words_of(page)
    facts.supplier.setText("  Cervecería   Vegana ")
    facts.supplier.editingFinished.emit()
    assert ("supplier", 1, "Cervecería Vegana") in shop.told
    assert "lo trae Cervecería Vegana" in words_of(page)
    give(facts.stock, 36)
    assert ("stock", 1, 36_000) in shop.told
    assert "Anotado: hay 36 de" in words_of(page)


def test_same_count_may_be_told_again(make_window: MakeWindow) -> None:
    page, shop = open_product(make_window)
    press(page, "Lo conté ahora")
    assert shop.told[-1] != ("stock", 1, -1000)
    assert ("stock", 1, 24_000) in shop.told


def test_what_was_never_counted_is_not_counted_as_none(make_window: MakeWindow) -> None:
    page, shop = open_product(make_window, 2)
    assert page.facts.stock.text() == "sin contar"
    press(page, "Lo conté ahora")
    assert not [told for told in shop.told if told[0] == "stock"]
    give(page.facts.stock, 0)
    assert ("stock", 2, 0) in shop.told, "none left is a count"


def test_trouble_of_writing_stands_in_place(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: FakeShop, product_id: int, stock_milli: int) -> None:
        raise ShopError("Otro programa usa tus datos.", "Intenta de nuevo.")

    monkeypatch.setattr(FakeShop, "write_stock", refuse)
    page, _shop = open_product(make_window)
    give(page.facts.stock, 5)
    assert "Otro programa usa tus datos." in words_of(page)
    assert page.state.state == "result"


def test_keys_walk_the_list_it_was_opened_from(make_window: MakeWindow) -> None:
    page, _shop = open_product(make_window)
    page.show_product(3, (3, 1, 9))
    page.step(1)
    assert NAMES[1] in words_of(page)
    page.step(1)
    page.step(1)
    assert NAMES[3] in words_of(page)
    page.step(-1)
    assert NAMES[9] in words_of(page)


def test_what_goes_with_it_leads_there(make_window: MakeWindow) -> None:
    page, _shop = open_product(make_window)
    links = [link for link in page._offers.findChildren(NameLink) if link.isVisible()]
    assert [link.accessibleName() for link in links] == [NAMES[3], NAMES[10], NAMES[4], NAMES[7]]
    links[0].click()
    assert page._chosen == 3


def test_forecast_and_list_are_one_step_away(make_window: MakeWindow) -> None:
    page, shop = open_product(make_window)
    window: Any = page.window()
    press(page, "Ver el pronóstico")
    assert window.page.NAME == "forecast"
    assert shop.told[-1] == ("forecast", Subject(Target.UNITS, product_id=1), 14)
    window.open_page("product")
    page.ctx.go(page.PARENT)
    assert window.page.NAME == "products"


def test_a_part_that_fails_leaves_the_rest(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: FakeShop, *_args: Any, **_how: Any) -> Any:
        raise ZeroDivisionError("an analysis fails")

    for name in ("recommend", "compute_forecast", "compute_price_advice", "compute_customers"):
        monkeypatch.setattr(FakeShop, name, fail)
    page, _shop = open_product(make_window)
    words = words_of(page)
    assert page.state.state == "result"
    assert "Calculando" not in words
    assert "Faltan ventas de este producto para decirlo." in words
    assert "Todavía no se ve nada que la gente lleve junto con esto." in words


def test_due_for_names_who_is_expected_but_not_who_said_no() -> None:
    book: Any = FakeShop().compute_customers(TODAY)
    first, second = book.outlooks[0], book.outlooks[1]
    due = Replenishment(first.customer_id, 1, TODAY + timedelta(days=2), TODAY, TODAY, 1000, 9, 0.6, True)
    outlooks = (
        replace(first, due=(replace(due, day=TODAY + timedelta(days=4)),)),
        replace(second, due=(replace(due, customer_id=second.customer_id),)),
    )
    found = due_for(replace(book, outlooks=outlooks), 1)
    assert [each.customer_id for each in found] == [second.customer_id, first.customer_id]
    people = tuple(
        replace(each, consent=Consent.NO) if each.customer_id == second.customer_id else each
        for each in book.customers
    )
    refused = due_for(replace(book, customers=people, outlooks=outlooks), 1)
    assert [each.customer_id for each in refused] == [first.customer_id]
    assert due_for(NotEnough(1, 0, "customers"), 1) == ()
    assert due_for(replace(book, outlooks=outlooks), 2) == ()


def test_cashier_sees_no_cost_word_or_number(make_window: MakeWindow) -> None:
    window = make_window()
    page = ProductPage(replace(window.context, role=Role.CASHIER))
    page.resize(1366, 768)
    page.show()
    for product in make_catalog()[::5]:
        page.show_product(product.product_id)
        words = words_of(page).casefold()
        assert product.name.casefold() in words
        assert not [word for word in OF_COSTS if word in words], product.name
        if product.cost_cents:
            assert f"{product.cost_cents / 100:.2f}" not in words
    assert not page.facts.cost.isVisible()
    page.deleteLater()


def test_long_name_gives_up_letters(apply: Callable[[Settings], Look], qtbot: Any) -> None:
    name = "Galletas rellenas de chocolate surtidas paquete familiar 24 unidades"
    link = NameLink(apply(Settings()), name, lambda: None)
    qtbot.addWidget(link)
    link.resize(120, 24)
    link.show()
    assert link.text().endswith("…")
    assert link.accessibleName() == name
    assert link.minimumSizeHint().width() < 120
    qtbot.keyClick(link, Qt.Key.Key_Space)


def test_words() -> None:
    first = make_catalog()[0]
    sold = first.last_sold
    assert sold is not None
    later = sold + timedelta(days=4)
    assert about_words(first, later) == "Cerveza y ron · 7460000000 · última venta vie 20 nov"
    assert about_words(first, sold).endswith("última venta hoy")
    assert about_words(replace(first, sku="", last_sold=None), later) == "Cerveza y ron"
    assert part_words(0.0512) == "5.1 %" and part_words(0.0003) == "< 0.1 %" and part_words(0) == "0.0 %"
    assert days_words(1.2) == "1 día"
    assert days_words(-3) == "0 días"
    assert left_words(Estimate(6.0, -1.0, 9.4)) == "para acabarse (0 a 9)"
    trend = make_basket().trends[0]
    assert trend_words(replace(trend, growth=-0.47))[0] == "▼ cae 47 %"
    care = make_care_of_catalog().products[0]
    assert stock_words(care) == "Contado hace 3 días, menos lo vendido."
    assert stock_words(replace(care, stock_age_days=0)) == "Contado hoy, menos lo vendido."
    assert stock_words(replace(care, stock_milli=-5)).startswith("Según lo contado ya no queda")
    assert stock_words(replace(care, stock_milli=None)) == stock_words(None)
