"""The page of baskets: what goes together, bundles, what grows and falls, what comes, and the trial of offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from colmado_insights.analytics.results import NotEnough, RecommendationKind, Recommendations
from colmado_insights.config import Settings
from colmado_insights.domain import Role
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages import PAGES
from colmado_insights.ui.pages.baskets import BUNDLES, PAIRS, SEASONS, TRENDS, TRIAL, BasketsPage
from colmado_insights.ui.widgets.basket_bundles import BundleCard
from colmado_insights.ui.widgets.basket_words import (
    chance_words,
    check_words,
    hours_words,
    tenths_words,
    times_words,
    when_words,
)
from tests.ui.fake_baskets import BUNDLES as SOME_BUNDLES
from tests.ui.fake_baskets import PAIRS as SOME_PAIRS
from tests.ui.fake_baskets import make_basket
from tests.ui.fake_shop import TODAY, FakeShop
from tests.ui.test_pages import press, settle, words_of

MakeWindow = Callable[..., MainWindow]


def open_baskets(make_window: MakeWindow, **how: Any) -> tuple[BasketsPage, FakeShop]:
    window = make_window(**how)
    page = window.open_page("baskets")
    assert isinstance(page, BasketsPage)
    shop: Any = window.context.shop
    return page, shop


def cells(table: Any, row: int = 0) -> list[str]:
    model = table.model()
    return [model.data(model.index(row, column)) for column in range(model.columnCount())]


# -- what goes together --


def test_numbers_are_told_as_one_counts_in_a_shop(make_window: MakeWindow) -> None:
    page, _shop = open_baskets(make_window)
    words = words_of(page)
    assert "60 %" in words and "5,100 de 8,512 compras" in words
    assert "4 de cada 10" in words and "▲ 4.1 veces más que lo popular" in words
    assert "▲ 2 de 2 se repitieron" in words


def test_a_pair_says_how_often_when_and_what_it_brings(make_window: MakeWindow) -> None:
    page, _shop = open_baskets(make_window)
    assert cells(page.pairs) == [
        "Refresco Coca-Cola 2 L", "Chulito Ramón", "4 de cada 10", "+RD$ 4,494", "▲ se repitió",
        "5 a 8 p. m. y 9 a 10 p. m., días de cobro", "21 veces",
    ]  # fmt: skip
    assert cells(page.pairs, 1)[4:6] == ["sin probar", "a cualquier hora"]
    assert cells(page.pairs, 2)[3] == "–"
    chosen = words_of(page)
    assert "Ofrece Chulito Ramón a quien lleva Refresco Coca-Cola 2 L" in chosen
    assert "294 de 1,379 compras" in chosen
    assert "Ofrecerlo deja unos RD$ 4,494 al mes de ganancia." in chosen
    assert (
        "De a tres: Cerveza Presidente 650 ml, Refresco Coca-Cola 2 L y Chulito Ramón (14 compras)." in chosen
    )


def test_an_offer_is_answered_through_the_ledger(make_window: MakeWindow) -> None:
    page, shop = open_baskets(make_window)
    press(page, "Ahora no")
    assert shop.answers == [("offer:3:10", False)]
    press(page, "Deshacer")
    assert shop.told[-1] == ("undo answer", "offer:3:10")
    assert ("note", "offer:3:10") not in shop.told, "it was told already"
    page.pairs.choose([(2, 9)])  # no list told of this one
    press(page, "Hecho")
    assert ("note", "offer:2:9") in shop.told
    assert shop.answers[-1] == ("offer:2:9", True)


def test_a_pair_opens_its_product_and_the_next_goes_as_the_list(make_window: MakeWindow, qtbot: Any) -> None:
    page, _shop = open_baskets(make_window)
    qtbot.keyClick(page.pairs, Qt.Key.Key_Return)
    window: Any = page.window()
    assert window.page.NAME == "product"
    assert window.page._chosen == 3
    assert list(window.page._among) == [3, 2, 1]


# -- bundles --


def test_a_bundle_says_whether_it_brings_profit_or_revenue(make_window: MakeWindow) -> None:
    page, shop = open_baskets(make_window)
    page.show_tab(BUNDLES)
    settle()
    known, without = (words_of(card) for card in page.findChildren(BundleCard) if card.isVisible())
    assert "RD$ 180" in known and "ahorra RD$ 10" in known
    assert "+RD$ 90 al mes de ganancia" in known
    assert "+RD$ 610 al mes de venta" in without and "ganancia" not in without
    assert "Falta el costo de algo" in without
    assert "pon el costo en Productos" in words_of(page)
    press(page, "Hecho")
    assert shop.answers == [("bundle:1:10", True)]
    card = next(card for card in page.findChildren(BundleCard) if "RD$ 430" in words_of(card))
    press(card, "Ahora no")
    assert ("note", "bundle:3:4:10") in shop.told
    assert shop.answers[-1] == ("bundle:3:4:10", False)


def test_an_answered_bundle_says_so(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    page, shop = open_baskets(make_window)
    told = tuple(
        replace(entry, is_taken=True, answered_at=entry.shown_at)
        if entry.advice.key == "bundle:1:10" else entry
        for entry in shop.read_ledger(page.ctx.clock())
    )  # fmt: skip
    monkeypatch.setattr(FakeShop, "ledger", told)
    page.load()
    page.show_tab(BUNDLES)
    assert "Ya dijiste: hecho" in words_of(page)


# -- what changes --


def test_trends_say_how_sure_they_are(make_window: MakeWindow) -> None:
    page, _shop = open_baskets(make_window)
    page.show_tab(TRENDS)
    assert cells(page.trends)[:2] == ["Cerveza Presidente 650 ml", "▲ 21 %"]
    assert cells(page.trends, 1) == [
        "Huevo", "▼ 47 %", "entre −61 % y −31 %", "2 en 100 de que sea azar", "63 → 72",
    ]  # fmt: skip
    assert "Aparte de la época" in words_of(page)


def test_what_comes_says_for_what_and_how_often_it_was_seen(make_window: MakeWindow) -> None:
    page, _shop = open_baskets(make_window)
    page.show_tab(SEASONS)
    cell = cells(page.seasons)
    assert cell[2:] == ["1.6 veces", "entre 1.2 veces y 2.0 veces", "visto 2 veces"]


# -- the trial --


def test_one_product_is_asked_for_all_kinds_two_only_for_what_goes_with_both(make_window: MakeWindow) -> None:
    page, shop = open_baskets(make_window)
    page.show_tab(TRIAL)
    assert "Elige uno o dos productos" in words_of(page)
    page.trial.search.setText("arroz")
    press(page.trial, "Arroz Selecto La Garza 10 lb")
    asked = [told for told in shop.told if told[0] == "recommend"]
    assert asked == [
        ("recommend", kind, 2, None)
        for kind in (RecommendationKind.CROSS_SELL, RecommendationKind.BUNDLE, RecommendationKind.UPSELL)
    ]
    words = words_of(page)
    assert "Ofrécele también" in words and "En combo" in words and "En más grande" in words
    assert "2 de cada 10 de los que llevan" in words
    page.trial.search.setText("platano")  # without its accent
    page.trial.search.returnPressed.emit()
    assert shop.told[-1] == ("recommend", RecommendationKind.CROSS_SELL, 2, 9)
    assert page.trial.picked == (2, 9)
    page.trial.pick(5)
    assert page.trial.picked == (2, 5), "a third takes the place of the second"
    page.trial.drop(2)
    page.trial.drop(5)
    assert "Elige uno o dos productos" in words_of(page)


def test_an_offer_of_the_trial_opens_its_product(make_window: MakeWindow) -> None:
    page, _shop = open_baskets(make_window)
    page.show_tab(TRIAL)
    page.trial.pick(1)
    press(page.trial, "Ver")
    window: Any = page.window()
    assert window.page.NAME == "product"
    assert window.page._chosen == 3


def test_a_trial_without_offers_or_with_trouble_says_so(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _shop = open_baskets(make_window)
    page.show_tab(TRIAL)
    page.trial.search.setText("no hay tal cosa")
    assert "No hay ningún producto así." in words_of(page)
    page.trial.search.returnPressed.emit()  # nothing to pick, nothing happens
    assert page.trial.picked == ()
    none = Recommendations(RecommendationKind.CROSS_SELL, (), TODAY, 0.9)
    monkeypatch.setattr(FakeShop, "recommend", lambda *_how, **_what: none)
    page.trial.pick(1)
    assert "Nada va con esto más que por azar" in words_of(page)

    def fail(*_how: Any, **_what: Any) -> None:
        raise ZeroDivisionError("the model fails")

    monkeypatch.setattr(FakeShop, "recommend", fail)
    page.trial.ask()
    assert "No se pudo buscar esta vez" in words_of(page)


# -- little to say --


def test_few_purchases_of_two_things_are_said_so(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeShop, "basket", NotEnough(300, 41, "receipts"))
    page, _shop = open_baskets(make_window)
    assert page.state.state == "message"
    words = words_of(page)
    assert "Hay pocas compras con dos cosas o más" in words
    assert "Hacen falta 300 compras; por ahora hay 41." in words


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        (PAIRS, "Nada se lleva junto más que por azar."),
        (BUNDLES, "Ningún combo deja más que vender las cosas por separado."),
        (TRENDS, "Nada sube ni baja más de lo que explican"),
        (SEASONS, "no viene la época de ningún producto"),
    ],
)
def test_every_part_says_what_is_missing(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, tab: int, words: str
) -> None:
    bare = replace(
        make_basket(), pairs=(), bundles=(), trends=(), seasonal=(), sets=(), hit_rate=None,
        popular_hit_rate=None, coverage=None,
    )  # fmt: skip
    monkeypatch.setattr(FakeShop, "basket", bare)
    page, _shop = open_baskets(make_window)
    page.show_tab(tab)
    assert page.state.state == "result"
    assert words in words_of(page)


def test_a_model_that_is_worse_than_what_sells_most_is_said_so(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeShop, "basket", replace(make_basket(), hit_rate=0.05, popular_hit_rate=0.1))
    page, _shop = open_baskets(make_window)
    assert "▼ menos que lo más vendido" in words_of(page)


def test_a_cashier_is_shown_nothing_and_nothing_is_read(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, close_later: Any
) -> None:
    window = make_window()
    monkeypatch.setattr(FakeShop, "compute_baskets", lambda *_how: pytest.fail("read for a cashier"))
    page = BasketsPage(replace(window.context, role=Role.CASHIER))
    close_later(page)
    page.show()
    assert page.state.state == "message"
    assert "RD$" not in words_of(page)
    assert {kind.NAME: kind for kind in PAGES}["baskets"].ROLE is Role.MANAGER


def test_products_of_an_undone_import_are_left_out(make_window: MakeWindow, monkeypatch: Any) -> None:
    monkeypatch.setattr(FakeShop, "read_product_names", lambda _shop: {2: "Arroz", 9: "Plátano"})
    page, _shop = open_baskets(make_window)
    assert [row.name for row in page.pairs.rows.shown] == ["Arroz"]
    page.show_tab(BUNDLES)
    assert "Ningún combo deja más" in words_of(page)


# -- words --


def test_hours_are_said_as_stretches() -> None:
    assert hours_words((17, 18, 19, 21)) == "5 a 8 p. m. y 9 a 10 p. m."
    assert hours_words((11, 12)) == "11 a. m. a 1 p. m."
    assert hours_words((23,)) == "11 p. m. a 12 a. m."
    assert hours_words(()) == ""
    assert when_words(replace(SOME_PAIRS[0], hours=(), pay_phase="before")) == "antes de cobrar"


def test_shares_times_and_chance_in_words() -> None:
    assert (tenths_words(0.42), tenths_words(0.05), tenths_words(0.97)) == ("4 de cada 10", "5 %", "97 %")
    assert (times_words(33.5), times_words(4.24)) == ("34 veces", "4.2 veces")
    assert chance_words(0.0001) == "casi imposible que sea azar"
    assert chance_words(0.041) == "4 en 100 de que sea azar"
    assert check_words(replace(SOME_PAIRS[0], held_out_lift=0.8)) == "▼ no se repitió"
    assert SOME_BUNDLES[1].expected_profit_cents is None


@pytest.mark.parametrize(
    ("name", "tabs"), [("baskets", (BUNDLES, TRENDS, SEASONS, TRIAL)), ("actions", (1, 2))]
)
def test_no_part_is_cut_off_sideways_with_large_words(
    make_window: MakeWindow, name: str, tabs: tuple[int, ...]
) -> None:
    page: Any = make_window(settings=Settings(text_percent=200)).open_page(name)
    area = page.findChild(QScrollArea)
    for tab in tabs:
        page.show_tab(tab)
        if tab == TRIAL:
            page.trial.pick(2)
        settle()
        assert area.widget().width() <= area.viewport().width(), tab
