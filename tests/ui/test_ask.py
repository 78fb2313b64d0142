"""The page that is asked: what it answers, what it does not know, what Grok may do for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollArea, QWidget

from colmado_insights.config import Settings
from colmado_insights.domain import Topic
from colmado_insights.errors import DatabaseLocked, NoNetwork
from colmado_insights.personas import Preview
from colmado_insights.ui.dialogs.quick_open import QuickOpen
from colmado_insights.ui.dialogs.sent_text import SentText
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.answer_card import AnswerCard
from colmado_insights.ui.widgets.pill import Pill
from colmado_insights.ui.widgets.request_text import EXACT
from tests.ui.fake_words import SUGGESTIONS, UNKNOWN
from tests.ui.test_pages import press, settle, words_of

MakeWindow = Callable[..., MainWindow]
BEER = "¿cuánto vendí de cerveza el domingo?"
RAIN = "¿va a llover?"
WAIT = 20_000
POPUP = pytest.mark.qt_log_ignore("This plugin does not support")  # raising a window: said offscreen only


def shop_of(window: MainWindow) -> Any:
    return window.context.shop


def ask(page: Any, question: str) -> str:
    """Write it, press Enter, and read what stands first."""
    page.line.setText(question)
    page.line.returnPressed.emit()
    return words_of(page.answers[0])


@pytest.fixture
def page(make_window: MakeWindow) -> Any:
    return make_window().open_page("ask")


def test_one_comes_here_to_write(page: Any) -> None:
    assert page.window().focusWidget() is page.line
    words = words_of(page)
    assert all(question in words for question in SUGGESTIONS)
    assert "Tu semana en palabras" in words


def test_answer_says_the_number_and_where_it_comes_from(page: Any) -> None:
    words = ask(page, f"  {BEER} ")
    for piece in (BEER, "vendiste RD$ 8,420 de cerveza", "unidades", "64", "De tus ventas", "Ver más"):
        assert piece in words
    assert "Grok" not in words
    assert page.line.text() == ""
    assert shop_of(page.window()).asked == [(BEER, False)]


def test_newest_answer_stands_on_top_and_the_others_stay(page: Any) -> None:
    ask(page, BEER)
    ask(page, RAIN)
    assert [card.question for card in page.answers] == [RAIN, BEER]
    cards = [each for each in page.findChildren(AnswerCard) if each.isVisible()]
    assert cards[0].y() != cards[1].y()
    page.load()
    assert [card.question for card in page.answers] == [RAIN, BEER], "reading again forgets nothing"


def test_large_words_do_not_hide_the_answer(make_window: MakeWindow) -> None:
    page: Any = make_window(settings=Settings(text_percent=200)).open_page("ask")
    for question in (RAIN, BEER):
        ask(page, question)
    settle()
    area = page.findChild(QScrollArea)
    top = page.answers[0].mapTo(area.viewport(), page.answers[0].rect().topLeft()).y()
    assert 0 <= top < area.viewport().height()


def test_nothing_is_asked_of_blanks(page: Any) -> None:
    page.line.setText("   ")
    page.line.returnPressed.emit()
    assert page.answers == []


def test_a_suggestion_is_asked_by_a_click_and_can_be_brought_back(page: Any, qtbot: Any) -> None:
    press(page, SUGGESTIONS[0])
    assert page.answers[0].question == SUGGESTIONS[0]
    qtbot.keyClick(page.line, Qt.Key.Key_Up)
    assert page.line.text() == SUGGESTIONS[0]


def test_arrows_walk_through_what_was_asked(page: Any, qtbot: Any) -> None:
    ask(page, "uno")
    ask(page, "dos")
    page.line.setText("a medio escribir")
    for key, shown in (
        (Qt.Key.Key_Up, "dos"), (Qt.Key.Key_Up, "uno"), (Qt.Key.Key_Up, "uno"),
        (Qt.Key.Key_Down, "dos"), (Qt.Key.Key_Down, "a medio escribir"),
    ):  # fmt: skip
        qtbot.keyClick(page.line, key)
        assert page.line.text() == shown


def test_an_answer_leads_to_whom_it_is_about(page: Any) -> None:
    window = page.window()
    ask(page, "¿qué le falta a Doña Tata?")
    press(page, "Ver más →")
    assert window.page.NAME == "customer"
    assert window.page._chosen == 1


def test_an_answer_is_copied_with_its_question(page: Any) -> None:
    ask(page, BEER)
    page.answers[0].copy.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == BEER
    assert "vendido: RD$ 8,420" in lines


def test_what_is_rather_told_than_counted_stands_in_a_line(page: Any) -> None:
    names = ", ".join(f"Presidente de {place} onzas" for place in range(20))
    plain = shop_of(page.window()).ask
    shop_of(page.window()).ask = lambda *args, **more: replace(
        plain(*args, **more), figures=(("Vendido", "RD$ 8,420"), ("Contado como «cerveza»", names))
    )
    words = ask(page, BEER)
    assert f"Contado como «cerveza»: {names}" in words
    area = page.findChild(QScrollArea)
    assert area.widget().width() <= area.viewport().width()


def test_a_long_suggestion_gives_up_letters_instead_of_room(page: Any) -> None:
    long = "¿a cómo está " + "la cosa " * 60 + "?"
    plain = shop_of(page.window()).ask
    shop_of(page.window()).ask = lambda *args, **more: replace(plain(*args, **more), suggestions=(long,))
    ask(page, RAIN)
    area = page.findChild(QScrollArea)
    assert area.widget().width() <= area.viewport().width()
    (pill,) = page.answers[0].findChildren(Pill)
    assert pill.text().endswith("…") and pill.toolTip() == long
    pill.click()
    assert page.answers[0].question == long


# -- what is not known --


def test_not_knowing_is_kind_and_goes_on(page: Any) -> None:
    words = ask(page, RAIN)
    assert "Eso no lo sé" in words
    assert SUGGESTIONS[0] in words
    assert "Que Grok ayude a entender" not in words, "nothing was allowed"
    press(page.answers[0], SUGGESTIONS[1])
    assert page.answers[0].question == SUGGESTIONS[1]


def test_trouble_stands_in_place_with_a_way_on(page: Any) -> None:
    shop = shop_of(page.window())
    shop.ask_trouble = DatabaseLocked("Otro programa usa tus datos.", "Ciérralo.")
    assert "Otro programa usa tus datos. Ciérralo." in ask(page, BEER)
    shop.ask_trouble = None
    press(page.answers[0], "Intentar de nuevo")
    assert "RD$ 8,420" in words_of(page.answers[0])


def test_a_fault_is_said_without_its_innards(page: Any) -> None:
    shop_of(page.window()).ask_trouble = ZeroDivisionError("innards")
    words = ask(page, BEER)
    assert "Tus ventas están a salvo" in words and "innards" not in words


# -- Grok --


def test_grok_helps_only_where_it_is_allowed_and_only_when_asked(page: Any) -> None:
    window = page.window()
    shop = shop_of(window)
    shop.turn_grok_on()
    window.context.tasks.data_changed.emit(frozenset({"grok"}))
    ask(page, BEER)
    assert "Que Grok" not in words_of(page.answers[0]), "what is known needs no help"
    ask(page, RAIN)
    press(page.answers[0], "Que Grok ayude a entender")
    assert shop.asked == [(BEER, False), (RAIN, False), (RAIN, True)]
    words = words_of(page.answers[0])
    assert "Grok ayudó a entender" in words and "De tus ventas" in words


def test_what_grok_would_be_sent_of_a_question_is_shown_first(page: Any) -> None:
    window = page.window()
    shop = shop_of(window)
    shop.turn_grok_on()
    window.context.tasks.data_changed.emit(frozenset({"grok"}))
    ask(page, RAIN)
    press(page.answers[0], "Ver lo que se manda")
    (dialog,) = window.findChildren(SentText)
    dialog.request.show_view(EXACT)
    assert dialog.request.words == shop.preview_words(Topic.QUESTION, RAIN).text
    dialog.close()
    shop.preview_words = lambda *_args: Preview(Topic.QUESTION, "", "", 0, None, is_kept=False)
    press(page.answers[0], "Ver lo que se manda")
    assert "De esta pregunta no saldría nada." in words_of(page.answers[0])
    assert shop.asked == [(RAIN, False)]


def test_grok_that_does_not_know_either_says_so(page: Any) -> None:
    window = page.window()
    shop = shop_of(window)
    shop.turn_grok_on()
    window.context.tasks.data_changed.emit(frozenset({"grok"}))
    ask(page, RAIN)
    shop.ask = lambda question, *_args, **_more: replace(UNKNOWN, question=question)
    press(page.answers[0], "Que Grok ayude a entender")
    words = words_of(page.answers[0])
    assert "Grok no pudo ayudar con esta pregunta." in words and "Eso no lo sé" in words


def test_without_consent_the_way_to_it_is_shown(page: Any) -> None:
    shop_of(page.window()).grok_allowed = {Topic.SEGMENT}
    ask(page, RAIN)
    press(page.answers[0], "Grok puede ayudar a entender preguntas: ver cómo")
    assert page.window().page.NAME == "grok"


def test_grok_in_trouble_says_so_and_the_answer_on_this_pc_comes_back(page: Any) -> None:
    window = page.window()
    shop = shop_of(window)
    shop.turn_grok_on()
    window.context.tasks.data_changed.emit(frozenset({"grok"}))
    ask(page, RAIN)
    shop.ask_trouble = NoNetwork("No hay internet.", "Prueba más tarde.")
    press(page.answers[0], "Que Grok ayude a entender")
    assert "No hay internet. Prueba más tarde." in words_of(page.answers[0])
    shop.ask_trouble = None
    press(page.answers[0], "Intentar de nuevo")
    assert "Eso no lo sé" in words_of(page.answers[0])


def test_who_does_not_want_to_wait_stops_grok(make_window: MakeWindow, tasks: Tasks, qtbot: Any) -> None:
    window = make_window(tasks=tasks)
    shop = shop_of(window)
    shop.turn_grok_on()
    started, plain = threading.Event(), shop.ask

    def slow(
        question: str, now: Any, progress: Any = None, *, with_grok: bool = False, role: Any = None
    ) -> Any:
        if not with_grok:
            return plain(question, now)
        started.set()
        while True:
            progress.step()

    shop.ask = slow
    page: Any = window.open_page("ask")
    qtbot.waitUntil(lambda: page.state.state == "result" and not tasks.is_busy, timeout=WAIT)
    page.ask(RAIN)
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=WAIT)
    press(page, "Que Grok ayude a entender")
    qtbot.waitUntil(started.is_set, timeout=WAIT)
    press(page, "Parar")
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=WAIT)
    assert "Eso no lo sé" in words_of(page.answers[0])


def test_a_long_search_can_be_stopped_and_begun_again(
    make_window: MakeWindow, tasks: Tasks, qtbot: Any
) -> None:
    window = make_window(tasks=tasks)
    shop, plain = shop_of(window), shop_of(window).ask

    def endless(question: str, now: Any, progress: Any = None, **more: Any) -> Any:
        while True:
            progress.step()

    shop.ask = endless
    page: Any = window.open_page("ask")
    qtbot.waitUntil(lambda: page.state.state == "result" and not tasks.is_busy, timeout=WAIT)
    page.ask(BEER)
    press(page, "Parar")
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=WAIT)
    assert "Se paró la búsqueda." in words_of(page.answers[0])
    shop.ask = plain
    press(page, "Intentar de nuevo")
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=WAIT)
    assert "RD$ 8,420" in words_of(page.answers[0])


# -- from anywhere --


@POPUP
def test_the_quick_list_asks_from_any_page(make_window: MakeWindow) -> None:
    window = make_window()
    window.open_page("segments")
    dialog: QuickOpen = window.open_search()
    dialog.line.setText(BEER)
    settle()
    dialog.line.returnPressed.emit()
    page: Any = window.page
    assert page.NAME == "ask"
    assert page.answers[0].question == BEER


@POPUP
def test_a_page_comes_before_a_question_of_its_name(make_window: MakeWindow) -> None:
    window = make_window()
    dialog = window.open_search()
    dialog.line.setText("pronóstico")
    dialog.line.returnPressed.emit()
    assert window.page.NAME == "forecast"


def test_a_long_conversation_forgets_its_beginning(page: Any) -> None:
    for place in range(45):
        page.ask(f"pregunta {place}")
    settle()
    assert len(page.answers) == 40
    shown = [each for each in page.findChildren(QWidget) if isinstance(each, AnswerCard) and each.isVisible()]
    assert len(shown) == 40
