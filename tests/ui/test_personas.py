"""What is said in words on the pages: who says it, asking Grok, voting, trouble."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog, QScrollArea

from colmado_insights.analytics.results import NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import Consent, Source, Topic
from colmado_insights.errors import NoNetwork
from colmado_insights.personas import PersonaRun
from colmado_insights.ui.dialogs.sent_text import SentText
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.persona_batch import run_words
from colmado_insights.ui.widgets.persona_card import PersonaCard
from colmado_insights.ui.widgets.persona_words import first_sentence, source_mark, source_words
from colmado_insights.ui.widgets.request_text import EXACT
from tests.ui.fake_grok import make_persona
from tests.ui.fake_shop import NOW
from tests.ui.test_pages import press, words_of

MakeWindow = Callable[..., MainWindow]
PAGES = ("segment", "customer", "ask")
TODAY = NOW.date()


def shop_of(window: MainWindow) -> Any:
    return window.context.shop


def card_of(window: MainWindow, name: str) -> PersonaCard:
    """The card of that page, unfolded."""
    (card,) = window.open_page(name).findChildren(PersonaCard)
    if "Ver más" in words_of(card):
        press(card, "Ver más")
    return card


def allowed(make_window: MakeWindow, name: str, **settings: Any) -> PersonaCard:
    """The card of that page in a shop where Grok may be asked about everything."""
    window = make_window(**settings)
    shop_of(window).turn_grok_on()
    return card_of(window, name)


# -- who says it --


def test_sources_are_told_apart_by_words_symbol_and_ground() -> None:
    grok = make_persona(source=Source.GROK)
    marks = [source_mark(each) for each in (make_persona(), grok, replace(grok, is_old=True))]
    for place in range(3):
        assert len({mark[place] for mark in marks}) == 3
    assert [mark[2] for mark in marks] == [Tone.PLAIN, Tone.BRAND, Tone.ACCENT]


@pytest.mark.parametrize(
    ("made_at", "is_old", "words"),
    [
        (datetime(2026, 11, 20, 15, 10), False, "hoy 3:10 p. m. · grok-3"),
        (datetime(2026, 11, 20, 9, 5), True, "guardada hoy 9:05 a. m. · grok-3"),
        (datetime(2026, 11, 18, 9, 5), True, "guardada el 18 nov · grok-3"),
        (datetime(2025, 12, 3, 9, 5), True, "guardada el 3 dic 2025 · grok-3"),
    ],
)
def test_grok_s_words_bear_their_day_and_model(made_at: datetime, is_old: bool, words: str) -> None:
    persona = replace(make_persona(source=Source.CACHE), made_at=made_at, is_old=is_old)
    assert source_words(persona, TODAY) == words


@pytest.mark.parametrize("name", PAGES)
def test_without_grok_the_rules_speak_and_the_way_to_grok_is_quiet(
    make_window: MakeWindow, name: str
) -> None:
    window = make_window()
    card = card_of(window, name)
    words = words_of(card)
    assert "Por reglas de este programa" in words
    assert "Pedir a Grok" not in words and "Ver lo que se manda" not in words
    assert not any(thumb.isVisible() for thumb in card.thumbs)
    press(card, "Grok puede escribir esto: ver cómo")
    assert window.page.NAME == "grok"


@pytest.mark.parametrize("name", PAGES)
def test_asking_brings_grok_s_words_with_their_cost(make_window: MakeWindow, name: str) -> None:
    card = allowed(make_window, name)
    assert "Por reglas de este programa" in words_of(card)
    press(card, "Pedir a Grok")
    words = words_of(card)
    assert "Sugerencia de Grok" in words and "hoy 4:57 p. m. · grok-3" in words
    assert "Recién pedida: costó US$ 0.0066." in words
    assert "Pedir a Grok" not in words, "what is fresh is not asked for again"
    assert "Por reglas" not in words


def test_old_words_stay_readable_and_can_be_asked_for_again(make_window: MakeWindow) -> None:
    window = make_window()
    shop = shop_of(window)
    shop.turn_grok_on()
    old = replace(make_persona(source=Source.CACHE), is_old=True, made_at=datetime(2026, 11, 18, 21, 5))
    shop.read_words = lambda *_args: old
    words = words_of(card_of(window, "segment"))
    assert "Sugerencia de Grok, de antes" in words and "guardada el 18 nov" in words
    assert old.description in words
    assert "Pedir a Grok" in words


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Viene cada 2 días. Fía.", "Viene cada 2 días."),
        ("Viene a las 7 p. m. los lunes. Fía.", "Viene a las 7 p. m. los lunes."),
        ("Viene a las 7 p. m. Ñame es lo suyo.", "Viene a las 7 p. m."),
        ("¿Quién es? «Doña» de la casa.", "¿Quién es?"),
        ("Una sola", "Una sola"),
        ("", ""),
    ],
)
def test_first_sentence(words: str, first: str) -> None:
    assert first_sentence(words) == first


@pytest.mark.parametrize("percent", (80, 100, 200))
@pytest.mark.parametrize("name", PAGES)
def test_all_that_can_stand_at_the_foot_finds_room(make_window: MakeWindow, name: str, percent: int) -> None:
    window = make_window(settings=Settings(text_percent=percent))
    shop = shop_of(window)
    shop.turn_grok_on()
    kept = replace(make_persona(source=Source.CACHE), is_old=True, vote=-1)
    shop.read_words = lambda *_args: kept
    card = card_of(window, name)
    card.book._say("No hay internet, o el servicio no contesta. Prueba más tarde.", is_trouble=True)
    words = words_of(card)
    for piece in ("de antes", "No te sirvió", "Ver lo que se manda", "Pedir a Grok", "No hay internet"):
        assert piece in words
    area = window.page.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    assert area.widget().width() <= area.viewport().width()


# -- voting --


def test_thumb_is_kept_shown_in_words_and_taken_back(make_window: MakeWindow) -> None:
    card = allowed(make_window, "segment")
    shop = shop_of(card.window())  # type: ignore[arg-type]
    press(card, "Pedir a Grok")
    up, down = card.thumbs
    up.click()
    assert "Te sirvió" in words_of(card) and up.isChecked()
    down.click()
    assert "No te sirvió" in words_of(card) and down.isChecked() and not up.isChecked()
    down.click()
    assert "sirvió" not in words_of(card) and not down.isChecked()
    assert [vote for _call, vote in shop.grok_votes] == [1, -1, 0]
    assert {call for call, _vote in shop.grok_votes} == {40}


def test_vote_that_cannot_be_kept_says_so(make_window: MakeWindow) -> None:
    card = allowed(make_window, "segment")
    press(card, "Pedir a Grok")

    def fail(*_args: Any) -> None:
        raise ZeroDivisionError("innards")

    shop_of(card.window()).write_vote = fail  # type: ignore[arg-type]
    card.thumbs[0].click()
    words = words_of(card)
    assert "fallo del programa" in words and "innards" not in words
    assert "Te sirvió" not in words and not card.thumbs[0].isChecked()


# -- trouble --


@pytest.mark.parametrize("name", PAGES)
def test_trouble_is_one_line_and_the_rules_words_stay(make_window: MakeWindow, name: str) -> None:
    card = allowed(make_window, name)
    before = card._said.text()
    shop_of(card.window()).grok_trouble = NoNetwork("No hay internet.")  # type: ignore[arg-type]
    press(card, "Pedir a Grok")
    words = words_of(card)
    assert "No hay internet. Prueba más tarde." in words
    assert "Por reglas de este programa" in words
    assert card._said.text() == before
    assert "Pedir a Grok" in words


def test_refusal_is_said_in_place(make_window: MakeWindow) -> None:
    card = allowed(make_window, "segment")
    shop_of(card.window()).grok_allowed.clear()  # type: ignore[arg-type]
    press(card, "Pedir a Grok")
    assert "No has permitido preguntarle eso a Grok." in words_of(card)
    assert not card.book.is_asking


def test_too_little_to_put_into_words_says_how_much_is_needed(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).read_words = lambda *_args: NotEnough(30, 7, "receipts")
    words = words_of(card_of(window, "ask"))
    assert "30 compras" in words and "7" in words
    assert "Grok" not in words


def test_words_that_cannot_be_read_leave_those_of_the_rules(make_window: MakeWindow) -> None:
    window = make_window()

    def fail(*_args: Any) -> None:
        raise ZeroDivisionError("innards")

    shop_of(window).read_words = fail
    words = words_of(card_of(window, "segment"))
    assert "Para vender más" in words and "fallo del programa" in words


# -- what is sent --


@pytest.mark.parametrize("name", PAGES)
def test_what_would_be_sent_is_shown_to_the_letter(make_window: MakeWindow, name: str) -> None:
    card = allowed(make_window, name)
    window = card.window()
    press(card, "Ver lo que se manda")
    (dialog,) = window.findChildren(SentText)
    book = card.book
    dialog.request.show_view(EXACT)
    assert dialog.request.words == shop_of(window).preview_words(book.topic, book.subject).text  # type: ignore[arg-type]
    assert "US$ 0.0154" in words_of(dialog)
    dialog.close()
    assert isinstance(dialog, QDialog)


# -- other subjects, other pages --


def test_an_answer_that_comes_late_is_kept_and_not_shown_under_another(
    make_window: MakeWindow, tasks: Tasks, qtbot: Any
) -> None:
    window = make_window(tasks=tasks)
    shop = shop_of(window)
    shop.turn_grok_on()
    gate, plain = threading.Event(), shop.ask_words

    def slow(*args: Any) -> PersonaRun:
        gate.wait(5)
        return plain(*args)

    shop.ask_words = slow
    page: Any = window.open_page("segment")
    qtbot.waitUntil(lambda: page.state.state == "result" and not tasks.is_busy, timeout=20_000)
    (card,) = page.findChildren(PersonaCard)
    press(card, "Pedir a Grok")
    assert "Preguntándole a Grok" in words_of(card)
    page.show_segment("lunch_rush")
    assert "Preguntándole a Grok" not in words_of(card)
    window.open_page("home")
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=20_000)
    assert shop.grok_asked == [(Topic.SEGMENT, ("morning_commute",))]
    window.open_page("segment")
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=20_000)
    assert "Por reglas" in words_of(card)
    page.show_segment("morning_commute")
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=20_000)
    assert "Sugerencia de Grok" in words_of(card)


def test_waiting_can_be_stopped(make_window: MakeWindow, tasks: Tasks, qtbot: Any) -> None:
    window = make_window(tasks=tasks)
    shop = shop_of(window)
    shop.turn_grok_on()

    def endless(_topic: Any, _subjects: Any, _as_of: Any, _now: Any, progress: Any) -> None:
        while True:
            progress.step()

    shop.ask_words = endless
    page: Any = window.open_page("segment")
    qtbot.waitUntil(lambda: page.state.state == "result" and not tasks.is_busy, timeout=20_000)
    (card,) = page.findChildren(PersonaCard)
    press(card, "Pedir a Grok")
    press(card, "Parar")
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=20_000)
    words = words_of(card)
    assert "Se quedan las palabras que estaban" in words and "Por reglas" in words


def test_consent_given_elsewhere_reaches_the_card(make_window: MakeWindow) -> None:
    window = make_window()
    card = card_of(window, "segment")
    window.open_page("home")
    shop_of(window).turn_grok_on()
    window.context.tasks.data_changed.emit(frozenset({"grok"}))
    window.open_page("segment")
    assert "Pedir a Grok" in words_of(card)


def test_who_said_no_is_not_put_into_words(make_window: MakeWindow) -> None:
    window = make_window()
    shop = shop_of(window)
    shop.turn_grok_on()
    page: Any = window.open_page("customer")
    page.show_customer(1)
    plain = shop.read_customer

    def refused(*args: Any) -> Any:
        view = plain(*args)
        return replace(view, customer=replace(view.customer, consent=Consent.NO))

    shop.read_customer = refused
    page.show_customer(2)
    words = words_of(page)
    assert "Dijo que no" in words and "Pedir a Grok" not in words and "reglas de este programa" not in words
    assert page.words.subject == "1"


def test_a_customer_in_one_line_unfolds(make_window: MakeWindow) -> None:
    (card,) = make_window().open_page("customer").findChildren(PersonaCard)
    words = words_of(card)
    assert "Por reglas de este programa" in words and "Vienen después del trabajo" in words
    assert "Para venderle más" not in words and "Gastan RD$ 142" not in words
    press(card, "Ver más")
    words = words_of(card)
    for piece in ("Para venderle más", "Para atenderle mejor", "Gastan RD$ 142"):
        assert piece in words
    press(card, "Ver menos")
    assert "Para venderle más" not in words_of(card)


# -- all twelve --


def test_all_twelve_are_asked_at_once_and_then_kept(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).turn_grok_on()
    page = window.open_page("segments")
    press(page, "Pedir a Grok los doce")
    words = words_of(page)
    assert (
        "12 de 12 con palabras de Grok: 0 ya estaban guardadas, salieron 12 preguntas y costó US$ 0.0792."
        in words
    )
    press(page, "Pedir a Grok los doce")
    assert "12 ya estaban guardadas, salieron 0 preguntas y costó US$ 0.00." in words_of(page)


def test_twelve_in_trouble_say_what_came_of_it(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).turn_grok_on()
    page = window.open_page("segments")
    shop_of(window).grok_trouble = NoNetwork("No hay internet.")
    press(page, "Pedir a Grok los doce")
    words = words_of(page)
    assert "0 de 12 con palabras de Grok" in words and "No hay internet. Prueba más tarde." in words


def test_twelve_are_not_offered_where_nothing_is_allowed(make_window: MakeWindow) -> None:
    window = make_window()
    page = window.open_page("segments")
    assert "Pedir a Grok los doce" not in words_of(page)
    shop_of(window).grok_allowed = {Topic.CUSTOMER}
    shop_of(window).grok_key = "xai-fake"
    window.context.tasks.data_changed.emit(frozenset({"grok"}))
    assert "Pedir a Grok los doce" not in words_of(page)


def test_a_run_is_counted_in_words() -> None:
    grok = make_persona(source=Source.GROK)
    run = PersonaRun({"a": grok, "b": make_persona()}, requests=1, kept=1, cost_nano=6_600_000)
    assert run_words(run) == (
        "1 de 2 con palabras de Grok: 1 ya estaba guardada, salió 1 pregunta y costó US$ 0.0066."
    )
