"""The quality of the data: what, how much, and the way to act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from colmado_insights.domain import QualityIssue, Reason
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages.products import NO_COST
from colmado_insights.ui.pages.quality import examples_words, share_words
from tests.ui.test_pages import press, words_of

MakeWindow = Callable[..., MainWindow]


def test_weightiest_issue_comes_first(make_window: MakeWindow) -> None:
    words = words_of(make_window().open_page("quality"))
    assert "4 cosas que mejorar" in words
    assert words.index("Productos sin costo: 214") < words.index("Días sin una sola venta")
    assert "34 %" in words
    assert "Chulito Ramón, Varios y 210 más" in words


def test_each_leads_to_where_one_can_act(make_window: MakeWindow) -> None:
    window = make_window()
    page = window.open_page("quality")
    press(page, "Ver los productos")
    products: Any = window.page
    assert products.NAME == "products"
    assert products.kinds.index == NO_COST
    window.open_page("quality")
    press(page, "Revisar las filas")
    assert window.page.NAME == "quarantine"


def test_prices_under_cost_stand_on_top(make_window: MakeWindow) -> None:
    window = make_window()
    page: Any = window.open_page("quality")
    page.act_on(QualityIssue(Reason.of("price_under_cost", count=1, share=0.1), 0.1, 1, "products"))
    products: Any = window.page
    assert products.table.rows.shown[0].name == "Detergente Ace 900 g"


def test_all_good_is_said(make_window: MakeWindow) -> None:
    assert "Los datos están bien." in words_of(make_window("closed").open_page("quality"))


def test_few_examples_need_no_rest() -> None:
    issue = QualityIssue(Reason.of("missing_cost", count=1, share=0.1), 0.1, 1, "products", ("Huevo",))
    assert examples_words(issue) == "Por ejemplo: Huevo"


def test_small_share_is_not_nothing() -> None:
    assert share_words(0.34) == "34 %"
    assert share_words(0.00004) == "< 0.1 %"
