"""The page of prices: what to change and what it brings, costs that rose, answers, and what a cashier sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy

from colmado_insights.analytics.results import NotEnough, PriceAdvice, PriceBoard, PriceRefusal
from colmado_insights.config import Settings
from colmado_insights.domain import Role
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages.prices import ALARMS, CHANGES, KEEP, LOWER, RAISE, REFUSED, PricesPage
from colmado_insights.ui.pages.product import ProductPage
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.price_numbers import refused_words
from colmado_insights.ui.widgets.price_slider import PriceSlider
from colmado_insights.ui.widgets.price_tables import PriceRow, help_words, refusal_words, what_words
from colmado_insights.ui.widgets.price_what_if import WhatIfCard, against_now
from colmado_insights.ui.widgets.price_words import answer_sentence, change_words, gain_of, is_change
from tests.believable_prices import make_price_advice, make_price_board
from tests.ui.fake_prices import REFUSED as REFUSED_PRODUCT
from tests.ui.fake_prices import WITH_ALARM, WITHOUT_COST
from tests.ui.fake_shop import NOW, FakeShop
from tests.ui.test_pages import press, words_of

MakeWindow = Callable[..., MainWindow]
OF_COSTS = (
    "costo",
    "te cuesta",
    "ganancia",
    "margen",
    "ganas",
    "ganarías",
    "deja cada",
    "te queda",
    "te quedaron",
)


def open_prices(make_window: MakeWindow, **how: Any) -> tuple[PricesPage, FakeShop]:
    window = make_window(**how)
    page = window.open_page("prices")
    assert isinstance(page, PricesPage)
    shop: Any = window.context.shop
    return page, shop


def names(page: PricesPage, kind: int) -> list[str]:
    page.show_kind(kind)
    table = page.tables.get(kind, page.tables[KEEP])
    return [row.name for row in table.rows.shown]


def test_numbers_say_what_is_sure_and_what_is_likely(make_window: MakeWindow) -> None:
    page, _shop = open_prices(make_window)
    board = make_price_board()
    changes = [advice for advice in board.advices if is_change(advice) and advice.profit_change]
    sure = round(sum(gain_of(advice).lo for advice in changes) / 100)
    words = words_of(page)
    assert f"RD$ {sure:,}" in words
    assert "▲ lo más probable: RD$" in words
    assert "1 se pide por monto" in words
    assert f"RD$ {round(board.alarms[0].weekly_loss_cents / 100):,} a la semana" in words


def test_lists_part_the_products_and_largest_sure_gain_stands_first(make_window: MakeWindow) -> None:
    page, _shop = open_prices(make_window)
    board = make_price_board()
    raised, lowered, kept = (names(page, kind) for kind in (RAISE, LOWER, KEEP))
    assert len(raised) + len(lowered) + len(kept) == len(board.advices) == board.judged
    assert raised, "the believable shop has a price to raise"
    assert set(names(page, CHANGES)) == {*raised, *lowered}
    lows = [gain_of(row.of).lo for row in page.tables[KEEP].rows.shown if isinstance(row.of, PriceAdvice)]
    assert lows == sorted(lows, reverse=True)
    assert len(names(page, ALARMS)) == len(board.alarms) == 1
    assert len(names(page, REFUSED)) == len(board.refusals)


def test_what_is_chosen_says_what_to_do_and_why(make_window: MakeWindow) -> None:
    page, _shop = open_prices(make_window)
    page.show_kind(ALARMS)
    alarm = make_price_board().alarms[0]
    words = words_of(page)
    assert f"te subió el costo, ponlo a RD$ {alarm.proposed_cents // 100}" in words
    assert "De lo que vendes te queda" in words


def test_cost_alarm_is_answered_and_taken_back(make_window: MakeWindow) -> None:
    page, shop = open_prices(make_window)
    page.show_kind(ALARMS)
    press(page, "Hecho")
    assert shop.answers == [(f"cost:{WITH_ALARM}", True)]
    assert "en dos semanas se sabrá qué trajo" in words_of(page)
    press(page, "Deshacer")
    assert shop.told[-1] == ("undo answer", f"cost:{WITH_ALARM}")
    assert "Quedó como estaba." in words_of(page)
    press(page, "Ahora no")
    assert shop.answers[-1] == (f"cost:{WITH_ALARM}", False)


def test_only_advice_of_the_ledger_can_be_answered(make_window: MakeWindow) -> None:
    page, _shop = open_prices(make_window)
    page.show_kind(CHANGES)
    table = page.tables[KEEP]
    other = next(row for row in table.rows.shown if row.product_id != 1)
    table.choose([other.product_id])
    assert "Hecho" not in words_of(page)
    assert "Ver el producto" in words_of(page)
    answered = next((row for row in table.rows.shown if row.product_id == 1), None)
    if answered is not None:
        table.choose([1])
        assert "Ya dijiste: ahora no" in words_of(page)


def test_row_opens_the_product_and_its_neighbours_are_those_of_the_list(
    make_window: MakeWindow, qtbot: Any
) -> None:
    page, _shop = open_prices(make_window)
    page.show_kind(CHANGES)
    table = page.tables[KEEP]
    order = [row.product_id for row in table.rows.shown]
    qtbot.keyClick(table, Qt.Key.Key_Return)
    product = page.window().page  # type: ignore[attr-defined]
    assert isinstance(product, ProductPage)
    assert product._chosen == order[0]
    product.step(1)
    assert product._chosen == order[1]
    product.step(-2)
    assert product._chosen == order[-1]


def test_a_shop_whose_prices_stood_still_is_told_what_would_help(make_window: MakeWindow) -> None:
    page, shop = open_prices(make_window)
    still = PriceRefusal(1, NotEnough(3, 1, "prices"))
    shop.board = replace(
        make_price_board(), advices=(), alarms=(), judged=0, refused=(("prices", 1),), refusals=(still,)
    )
    page.load()
    words = words_of(page)
    assert "Cambia a propósito el de algún producto" in words
    assert "ningún cambio de precio es seguro todavía" in words
    page.show_kind(ALARMS)
    assert "Ningún costo subió sin que subiera el precio." in words_of(page)
    page.show_kind(REFUSED)
    assert "hacen falta 3 precios distintos y hay 1" in words_of(page)


@pytest.mark.parametrize(
    ("unit", "piece"),
    [
        ("prices", "a propósito"), ("by_amount", "por unidad"), ("open_price", "precio fijo"),
        ("days", "Esperar"), ("receipts", "Esperar"), ("sales", "Esperar"),
    ],
)  # fmt: skip
def test_each_refusal_says_what_would_help(unit: str, piece: str) -> None:
    row = PriceRow(1, "Pan", PriceRefusal(1, NotEnough(3, 1, unit)))
    assert piece in help_words(row)
    assert refusal_words(row).endswith(".")


def test_refused_are_told_by_the_two_that_weigh_most() -> None:
    refused = (("days", 277), ("open_price", 1), ("prices", 425))
    assert refused_words(refused) == "425 casi no cambiaron de precio, 277 venden muy poco"
    assert refused_words((("prices", 1),)) == "1 casi no cambió de precio"
    assert refused_words(()) == ""


def test_a_far_price_is_reached_in_steps() -> None:
    far = replace(make_price_advice(1), current_cents=20_000, step_cents=22_000, optimal_cents=25_000)
    words = what_words(PriceRow(1, "Pan", far))
    assert words == "Pan: súbelo de RD$ 200 a RD$ 220, y si va bien, sigue hasta RD$ 250"
    near = replace(far, optimal_cents=22_000)
    assert what_words(PriceRow(1, "Pan", near)) == "Pan: súbelo de RD$ 200 a RD$ 220"


def test_answer_goes_to_the_newest_turn_of_an_advice(make_window: MakeWindow) -> None:
    page, shop = open_prices(make_window)
    first = next(entry for entry in shop.read_ledger(NOW) if entry.advice.key == f"cost:{WITH_ALARM}")
    again = replace(first, advice=replace(first.advice, key=f"cost:{WITH_ALARM}#2"))
    shop.ledger = (again, replace(first, is_taken=True, answered_at=first.shown_at))
    page.load()
    page.show_kind(ALARMS)
    press(page, "Hecho")
    assert shop.answers == [(f"cost:{WITH_ALARM}#2", True)]


def test_change_is_told_with_a_sign_and_a_word() -> None:
    advice = replace(make_price_advice(1), current_cents=22_000, step_cents=0)
    for best, words in ((25_000, "▲ 30 más"), (21_950, "▼ 0.50 menos"), (22_000, "= igual")):
        assert change_words(replace(advice, optimal_cents=best)) == words
    row = PriceRow(1, "Pan", replace(advice, optimal_cents=25_000))
    assert what_words(row) == "Pan: súbelo de RD$ 220 a RD$ 250"


@pytest.mark.parametrize(
    ("elasticity", "words"),
    [
        (-1.2, "Si sube 10 %, se vende 11 % menos."),
        (0.0, "Si sube 10 %, se vende igual."),
        (0.8, "Si sube 10 %, se vende 8 % más."),
    ],
)
def test_answer_of_the_buyers_in_plain_words(elasticity: float, words: str) -> None:
    found = replace(make_price_advice(1).elasticity, elasticity=elasticity)
    assert answer_sentence(found) == words


def test_against_now_names_better_and_worse() -> None:
    assert against_now(110, 100)[0] == "▲ 10 % más"
    assert against_now(90, 100)[0] == "▼ 10 % menos"
    assert against_now(100.1, 100)[0] == "= como hoy"
    assert against_now(5, 0)[0] == "= como hoy"


# -- what another price would do --


def make_card(apply: Callable[[Settings], Look], fake_tasks: Any, product: int = 1, **how: Any) -> WhatIfCard:
    return WhatIfCard(
        apply(Settings()), fake_tasks, make_price_advice(product), **{"shows_costs": True} | how
    )


def test_slider_says_the_week_of_every_price(apply: Callable[[Settings], Look], fake_tasks: Any) -> None:
    card = make_card(apply, fake_tasks)
    advice = card.advice
    for place, point in enumerate(advice.points):
        card.slider.setValue(place)
        words = words_of(card)
        assert f"RD$ {round(point.revenue.mean / 100):,}" in words
        assert point.profit is not None
        assert f"RD$ {round(point.profit.mean / 100):,}" in words
    card.slider.set_price(advice.current_cents)
    assert words_of(card).count("= como hoy") == 3
    assert "= el de hoy" in words_of(card)
    card.slider.set_price(advice.optimal_cents)
    if is_change(advice):
        assert "el que conviene" in words_of(card)
    card.deleteLater()


def test_without_a_cost_only_sales_are_told_and_it_says_so(
    apply: Callable[[Settings], Look], fake_tasks: Any
) -> None:
    card = make_card(apply, fake_tasks, WITHOUT_COST)
    words = words_of(card)
    assert "de ganancia (" not in words
    assert "de venta (" in words
    assert "Pon el costo aquí al lado" in words
    card.deleteLater()


def test_cashier_tries_prices_without_costs(apply: Callable[[Settings], Look], fake_tasks: Any) -> None:
    for product in range(1, 7):
        card = make_card(apply, fake_tasks, product, shows_costs=False)
        words = words_of(card).casefold()
        assert not [word for word in OF_COSTS if word in words]
        assert "de venta (" in words
        assert "si sube 10 %" in words
        card.deleteLater()


def test_slider_stands_where_the_chart_has_each_price(apply: Callable[[Settings], Look], qtbot: Any) -> None:
    slider = PriceSlider(apply(Settings()), [10_00, 11_00, 20_00], 11_00, 20_00)
    qtbot.addWidget(slider)
    slider.resize(500, slider.height())
    slider.stand_below((0.1, 0.2, 0.9))
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(120, 16))
    assert slider.price == 11_00
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(440, 16))
    assert slider.price == 20_00


@pytest.mark.parametrize(
    ("key", "step"),
    [
        (Qt.Key.Key_Right, 1), (Qt.Key.Key_Left, -1), (Qt.Key.Key_PageUp, 4), (Qt.Key.Key_PageDown, -4),
        (Qt.Key.Key_Home, -9), (Qt.Key.Key_End, 9),
    ],
)  # fmt: skip
def test_slider_is_moved_with_the_keyboard(
    apply: Callable[[Settings], Look], qtbot: Any, key: Qt.Key, step: int
) -> None:
    prices = [100 * place for place in range(10, 20)]
    slider = PriceSlider(apply(Settings()), prices, 1500, 1500)
    qtbot.addWidget(slider)
    spy = QSignalSpy(slider.priced)
    qtbot.keyClick(slider, key)
    place = min(max(0, 5 + step), 9)
    assert slider.price == prices[place]
    assert spy.at(0) == [prices[place]]
    assert slider.accessibleDescription() == f"RD$ {prices[place] // 100}"


def test_a_click_on_the_slider_goes_there(apply: Callable[[Settings], Look], qtbot: Any) -> None:
    slider = PriceSlider(apply(Settings()), [1000, 1100, 1200], 1000, None)
    qtbot.addWidget(slider)
    slider.resize(400, 46)
    slider.show()
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    assert slider.price == 1100


# -- a cashier --


def test_cashier_sees_no_advice_and_no_costs(make_window: MakeWindow) -> None:
    window = make_window()
    page = PricesPage(replace(window.context, role=Role.CASHIER))
    page.resize(1366, 768)
    page.show()
    said = [words_of(page)]
    for kind in page.kinds:
        page.show_kind(kind)
        said.append(words_of(page))
    for table in page.tables.values():
        for column in table.rows.columns:
            said.append(column.title)
            for row in table.rows.shown:
                said += [column.words(row), column.hint(row) if column.hint else ""]
    words = "\n".join(said).casefold()
    assert not [word for word in OF_COSTS if word in words]
    assert ALARMS not in page.kinds
    assert names(page, REFUSED)
    page.show_kind(ALARMS)
    assert "Conviene" not in words_of(page)
    page.deleteLater()


def test_board_without_changes_is_no_trouble(make_window: MakeWindow) -> None:
    page, shop = open_prices(make_window)
    board: PriceBoard = make_price_board()
    still = tuple(replace(each, optimal_cents=each.current_cents) for each in board.advices)
    shop.board = replace(board, advices=still)
    page.load()
    assert "= déjalos" in words_of(page)
    assert "los precios que tienes están bien" in words_of(page)
    assert REFUSED_PRODUCT in [row.product_id for row in page._rows(REFUSED)]
