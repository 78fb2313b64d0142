"""The page of advice: what waits, what became of what was done, and taking answers back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from colmado_insights.analytics.results import PredictionTrack
from colmado_insights.domain import Role
from colmado_insights.insights import LedgerEntry
from colmado_insights.insights.actions import DISMISSED_DAYS
from colmado_insights.schedule import JOBS
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages import PAGES
from colmado_insights.ui.pages.actions import DISMISSED, OPEN, ROWS_AT_ONCE, TAKEN, ActionsPage
from colmado_insights.ui.pages.page import BOARDS
from colmado_insights.ui.widgets.action_row import ActionRow
from colmado_insights.ui.widgets.action_words import latest_of, left_words, outcome_mark
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.prediction_card import beside_simple, came_words
from tests.ui.fake_baskets import make_ledger, make_open_advices
from tests.ui.fake_shop import TODAY, FakeShop
from tests.ui.test_pages import press, settle, words_of

MakeWindow = Callable[..., MainWindow]


def open_actions(make_window: MakeWindow, **how: Any) -> tuple[ActionsPage, FakeShop]:
    window = make_window(**how)
    page = window.open_page("actions")
    assert isinstance(page, ActionsPage)
    shop: Any = window.context.shop
    return page, shop


def rows_of(page: QWidget) -> Sequence[ActionRow]:
    settle()
    return [row for row in page.findChildren(ActionRow) if row.isVisible()]


def entry_of(key: str) -> LedgerEntry:
    found = latest_of(make_ledger(), key)
    assert found is not None
    return found


# -- what waits --


def test_what_waits_says_what_it_brings_and_of_what(make_window: MakeWindow) -> None:
    page, _shop = open_actions(make_window)
    peak, offer, quarantine = (words_of(row) for row in rows_of(page))
    assert "Prepárate para el vie 27 nov" in peak
    assert "+RD$ 3,200" in peak and "de venta en 2 semanas" in peak
    assert "+RD$ 640" in offer and "de ganancia en 2 semanas" in offer
    assert "RD$" not in quarantine


def test_an_answer_is_kept_and_can_be_taken_back_at_once(make_window: MakeWindow) -> None:
    page, shop = open_actions(make_window)
    press(page, "Hecho")
    assert shop.answers == [("advice 0", True)]
    assert [row.advice.key for row in rows_of(page)] == ["advice 1", "advice 2"]
    assert "en dos semanas se sabrá qué trajo" in words_of(page)
    press(page, "Ahora no")
    assert shop.answers[-1] == ("advice 1", False)
    press(page, "Deshacer")
    assert shop.told[-1] == ("undo answer", "advice 1")
    assert "Quedó como estaba." in words_of(page)


def test_an_answer_that_is_not_kept_says_so_and_the_advice_is_back(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: FakeShop, key: str, done: bool) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(FakeShop, "write_answer", refuse)
    page, _shop = open_actions(make_window)
    press(page, "Hecho")
    assert "No se pudo guardar" in words_of(page)
    assert len(rows_of(page)) == len(make_open_advices())


@pytest.mark.parametrize(("place", "name"), [(0, "forecast"), (1, "product"), (2, "quarantine")])
def test_the_way_to_where_one_acts(make_window: MakeWindow, place: int, name: str) -> None:
    page, _shop = open_actions(make_window)
    row = rows_of(page)[place]
    press(row, "Ver")
    assert name == page.window().page.NAME  # type: ignore[attr-defined]


def test_more_than_fit_are_shown_on_demand(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(replace(make_open_advices()[0], key=f"peak {place}") for place in range(ROWS_AT_ONCE + 3))
    monkeypatch.setattr(FakeShop, "compute_actions", lambda *_how: many)
    page, _shop = open_actions(make_window)
    assert len(rows_of(page)) == ROWS_AT_ONCE
    press(page, "Ver 3 más")
    assert len(rows_of(page)) == ROWS_AT_ONCE + 3


def test_nothing_waits_nothing_done_nothing_put_off(make_window: MakeWindow, monkeypatch: Any) -> None:
    monkeypatch.setattr(FakeShop, "compute_actions", lambda *_how: ())
    monkeypatch.setattr(FakeShop, "ledger", ())
    page, _shop = open_actions(make_window)
    assert page.state.state == "result"
    for tab, words in ((OPEN, "todo está atendido"), (TAKEN, "Todavía no has marcado nada"),
                       (DISMISSED, "No has dejado nada")):  # fmt: skip
        page.show_tab(tab)
        assert words in words_of(page)
        assert not rows_of(page)


# -- the ledger --


@pytest.mark.parametrize(
    ("key", "mark", "tone"),
    [
        ("price:2", "▲ mejor que sin él", Tone.GOOD),
        ("price:3", "= como sin él", Tone.PLAIN),
        ("price:4", "▼ peor que sin él", Tone.BAD),
        ("price:5", "faltan 7 días", Tone.BRAND),
    ],
)
def test_an_outcome_is_never_only_a_colour(key: str, mark: str, tone: Tone) -> None:
    assert outcome_mark(entry_of(key)) == (mark, tone)


def test_days_left_are_counted_from_the_answer() -> None:
    entry = entry_of("price:5")  # answered 8 days ago, judged up to yesterday
    assert left_words(entry) == "faltan 7 días"
    assert left_words(replace(entry, outcome=None)) == "pronto se sabrá"
    assert entry.outcome is not None
    over = replace(entry, outcome=replace(entry.outcome, until=TODAY.replace(month=12)))
    assert left_words(over) == "falta 1 día"


def test_what_was_done_stands_beside_what_was_expected(make_window: MakeWindow) -> None:
    page, _shop = open_actions(make_window)
    page.show_tab(TAKEN)
    early, better, same, worse = (words_of(row) for row in rows_of(page))
    assert "faltan 7 días" in early and "de ganancia" in early
    assert "+RD$ 2,100" in better and "entre +RD$ 1,500 y +RD$ 2,700" in better
    assert "se esperaba +RD$ 1,980 de ganancia" in better
    assert "como sin él" in same
    assert "−RD$ 900" in worse
    words = words_of(page)
    assert "+RD$ 1,250" in words and "no es azar" in words  # 2,100 + 50 − 900
    assert "▲ 1 · = 1 · ▼ 1" in words
    assert "Donde no hiciste nada cambió solo: +RD$ 10 de ganancia" in words


def test_profit_and_revenue_are_never_added(make_window: MakeWindow, monkeypatch: Any) -> None:
    of_sales = replace(entry_of("price:3"), advice=replace(entry_of("price:3").advice, goal="revenue"))
    monkeypatch.setattr(FakeShop, "ledger", (entry_of("price:2"), of_sales))
    page, _shop = open_actions(make_window)
    words = words_of(page)
    assert "+RD$ 2,100" in words
    assert "aparte, +RD$ 50 de venta" in words
    assert "+RD$ 2,150" not in words


def test_what_was_put_off_can_be_taken_back(make_window: MakeWindow) -> None:
    page, shop = open_actions(make_window)
    page.show_tab(DISMISSED)
    row = next(row for row in rows_of(page) if row.advice.key == "win_back")
    assert "vuelve a salir el vie 11 dic" in words_of(row)
    press(row, "Traer de vuelta")
    assert shop.told[-1] == ("undo answer", "win_back")


def test_what_came_back_by_itself_is_not_put_off_any_more(make_window: MakeWindow, monkeypatch: Any) -> None:
    put_off = entry_of("win_back")
    assert put_off.answered_at is not None
    old = replace(put_off, answered_at=put_off.answered_at - timedelta(days=DISMISSED_DAYS))
    monkeypatch.setattr(FakeShop, "ledger", (old,))
    page, _shop = open_actions(make_window)
    page.show_tab(DISMISSED)
    assert not rows_of(page)
    assert "Ahora no 0" in words_of(page)


def test_an_advice_that_came_back_is_found_under_its_first_key() -> None:
    first = entry_of("price:2")
    again = replace(
        first, advice=replace(first.advice, key="price:2#2"), shown_at=entry_of("price:5").shown_at
    )
    found = latest_of((again, first), "price:2")
    assert found is again
    assert latest_of((first,), "price:20") is None


# -- whose it is, and what leads there --


def test_a_cashier_is_shown_nothing_and_nothing_is_read(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, close_later: Any
) -> None:
    window = make_window()
    monkeypatch.setattr(FakeShop, "compute_actions", lambda *_how: pytest.fail("read for a cashier"))
    page = ActionsPage(replace(window.context, role=Role.CASHIER))
    close_later(page)
    page.show()
    assert page.state.state == "message"
    words = words_of(page)
    assert "Esto lo ve quien administra." in words
    assert "RD$" not in words
    kinds = {kind.NAME: kind for kind in PAGES}
    assert kinds["actions"].ROLE is Role.MANAGER


@pytest.mark.usefixtures("with_charts")
def test_home_leads_to_all_advice_and_its_badge_stands_there(make_window: MakeWindow) -> None:
    window = make_window()
    home = window.open_page("home")
    settle()
    badges = {made.text().strip(): made._badge.text() for made in window._rail.buttons}
    assert badges["Qué hacer"] == "3"
    assert badges["Inicio"] == ""
    words = words_of(home)
    assert "de venta" in words and "de ganancia" in words
    press(home, "Ver los 3 consejos")
    assert window.page.NAME == "actions"


@pytest.mark.usefixtures("with_charts")
def test_home_stands_while_advice_is_missing(make_window: MakeWindow, monkeypatch: Any) -> None:
    def fail(*_how: Any) -> None:
        raise ZeroDivisionError("advice fails")

    monkeypatch.setattr(FakeShop, "compute_actions", fail)
    home = make_window().open_page("home")
    words = words_of(home)
    assert home.state.state == "result"
    assert "RD$ 18,450" in words
    assert "Los consejos no se pudieron calcular" in words


def test_new_boards_bring_new_advice_without_reading_the_day_again(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {job.name for job in JOBS} >= BOARDS
    window = make_window()
    home = window.open_page("home")
    settle()
    monkeypatch.setattr(FakeShop, "read_day", lambda *_how: pytest.fail("the day is the same"))
    monkeypatch.setattr(FakeShop, "compute_actions", lambda *_how: make_open_advices()[:1])
    window.context.tasks.data_changed.emit(frozenset({"prices"}))
    words = words_of(home)
    assert "Ver el único consejo" in words
    assert window._rail.buttons[1]._badge.text() == "1"


# -- what was foreseen of customers --


def test_models_tell_what_was_said_of_customers(make_window: MakeWindow) -> None:
    words = words_of(make_window().open_page("models"))
    assert "Clientes: lo dicho contra lo que pasó" in words
    assert "Lo dicho el sáb 31 oct de 13 clientes:" in words
    assert "acertó el segmento de 7.0; dejándolos donde estaban, de 6.2" in words
    assert "▲ mejor" in words
    assert "Antes: agosto, de 10 clientes acertó el segmento de 6.1" in words


def test_models_say_when_no_month_is_over(make_window: MakeWindow, monkeypatch: Any) -> None:
    none: tuple[PredictionTrack, ...] = ()
    monkeypatch.setattr(FakeShop, "read_prediction_tracks", lambda *_how: none)
    words = words_of(make_window().open_page("models"))
    assert "Todavía no se ha cumplido ningún mes" in words


def test_a_simple_rule_that_does_better_is_said_so() -> None:
    assert beside_simple("segment", {"accuracy": 0.5, "base_rate": 0.6}) == ("▼ peor", Tone.BAD)
    assert beside_simple("segment", {"accuracy": 0.6, "base_rate": 0.6})[0] == "= igual que dejarlos ahí"
    assert beside_simple("churn", {"auc": 0.8}) == ("", Tone.PLAIN)
    assert came_words("clv", {"mae": 123_400}) == "Se equivoca en unos RD$ 1,234 por cliente."
