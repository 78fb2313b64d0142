"""The cashier's panel: large, calm, and without any money."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from colmado_insights.config import Settings
from colmado_insights.domain import Reason
from colmado_insights.ui.cashier_panel import STATES, CashierPanel, answer_key, offer_words
from colmado_insights.ui.context import Context
from tests.ui.fake_shop import NOW, FakeShop

MakeContext = Callable[..., Context]


@pytest.fixture
def make_panel(
    make_context: MakeContext, close_later: Callable[[QWidget], None]
) -> Callable[..., CashierPanel]:
    def make(mood: str = "small", settings: Settings | None = None) -> CashierPanel:
        panel = CashierPanel(make_context(FakeShop(mood, settings=settings or Settings())))
        close_later(panel)
        panel.show()
        return panel

    return make


def words_of(panel: CashierPanel) -> str:
    QApplication.processEvents()  # new parts appear with the next turn of the event loop
    found = [made.text() for made in panel.findChildren(QLabel) if made.isVisibleTo(panel)]
    found += [made.text() for made in panel.findChildren(QPushButton) if made.isVisibleTo(panel)]
    return "\n".join(found).replace("\u00a0", " ")


def test_panel_says_what_the_cashier_needs(make_panel: Callable[..., CashierPanel]) -> None:
    words = words_of(make_panel())
    for piece in (
        "Mucha gente",
        "25",
        "17",
        "Picadera",
        "4 de cada 10 lo llevan",
        "Última venta hace 2 min: Cerveza y picadera",
        "F1",
    ):
        assert piece in words


@pytest.mark.parametrize("mood", ("small", "empty", "failing"))
def test_panel_shows_no_money(make_panel: Callable[..., CashierPanel], mood: str) -> None:
    words = words_of(make_panel(mood))
    assert "RD$" not in words
    assert not re.search(r"\d,\d{3}", words)


def test_panel_stays_on_top_and_is_narrow(make_panel: Callable[..., CashierPanel]) -> None:
    panel = make_panel()
    assert panel.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert panel.width() == 380


def test_controls_are_large(make_panel: Callable[..., CashierPanel]) -> None:
    panel = make_panel()
    for made in panel.findChildren(QPushButton):
        if made.isVisible():
            assert made.height() >= 44, made.text()
    state = next(made for made in panel.findChildren(QLabel) if made.text() == "Mucha gente")
    assert state.font().pixelSize() >= 28


def test_answer_is_kept_and_thanked(make_panel: Callable[..., CashierPanel]) -> None:
    panel = make_panel()
    next(made for made in panel.findChildren(QPushButton) if made.text() == "Lo llevó").click()
    key = f"offer category:snacks {NOW:%Y-%m-%dT%H:%M:%S}"
    assert panel.ctx.shop.answers == [(key, True)]  # type: ignore[attr-defined]
    assert "Anotado" in words_of(panel)


def test_an_answer_names_the_product_offered_and_stands_beside_earlier_ones() -> None:
    offer = Reason.of("offer_with", offered="Hielo", offered_id=7, product="Ron", share=0.3)
    first, second = answer_key(offer, NOW), answer_key(offer, NOW + timedelta(minutes=5))
    assert first == f"offer product:7 {NOW:%Y-%m-%dT%H:%M:%S}"
    assert first != second


@pytest.mark.parametrize(
    ("share", "why"),
    [
        (0.22, "Va con Presidente Grande 22oz: 2 de cada 10 lo llevan."),
        (0.0, "Va con Presidente Grande 22oz."),
    ],
)
def test_what_goes_with_the_last_sale_is_offered_by_name(share: float, why: str) -> None:
    offer = Reason.of("offer_with", offered="Hielo Vaso", product="Presidente Grande 22oz", share=share)
    assert offer_words(offer) == ("Hielo Vaso", why)


def test_new_sales_are_shown_at_once(make_panel: Callable[..., CashierPanel]) -> None:
    panel = make_panel("empty")
    assert "Aún no se sabe" in words_of(panel)
    panel.ctx.shop.mood = "small"  # type: ignore[attr-defined]
    panel.ctx.tasks.data_changed.emit(frozenset({"sales"}))
    assert "Mucha gente" in words_of(panel)


def test_every_state_has_words() -> None:
    assert set(STATES) == {"busy", "normal", "slow", "unknown", "clock"}
