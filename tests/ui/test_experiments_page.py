"""The page of experiments: begin, judge blindly, read the verdict, adopt and take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from colmado_insights.config import Settings
from colmado_insights.domain import Arm, Role, Topic
from colmado_insights.errors import BadExperiment
from colmado_insights.ui.context import Context
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages.experiments import ExperimentsPage
from colmado_insights.ui.widgets.experiment_arm import liked_words, number_words
from tests.ui.fake_experiments import PLAIN, WARM, make_arm, make_past, make_running, make_won
from tests.ui.fake_shop import FakeShop
from tests.ui.test_pages import press, words_of

MakeContext = Callable[..., Context]
MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def make_page(
    make_context: MakeContext, close_later: Callable[[QWidget], None]
) -> Callable[..., ExperimentsPage]:
    def make(shop: FakeShop | None = None) -> ExperimentsPage:
        page = ExperimentsPage(make_context(shop))
        close_later(page)
        page.resize(1100, 900)
        page.show()
        return page

    return make


MakePage = Callable[..., ExperimentsPage]


def shop_of(page: ExperimentsPage) -> Any:
    return page.ctx.shop


def words_in(widget: QWidget) -> list[str]:
    return [made.text() for made in widget.findChildren(QLabel) if made.text()]


def test_without_experiments_it_says_what_one_is_and_begins_one(make_page: MakePage) -> None:
    shop = FakeShop(experiments=[])
    shop.turn_grok_on()
    page = make_page(shop)
    words = words_of(page)
    assert "Una prueba reparte lo que se le pide a Grok entre dos maneras" in words
    assert not page.judge.isVisible()
    assert not page.start.note.isVisible()
    page.start.topic.choose("week")
    page.start.choices[1].way.choose("warm")
    page.start.choices[1].model.choose("grok-3-mini")
    press(page, "Empezar la prueba")
    arms = (Arm("plain", "grok-3"), Arm("warm", "grok-3-mini"))
    assert shop.experiments_told == [("start", Topic.WEEK, arms)]
    assert "La prueba empezó" in words_of(page)


def test_two_arms_that_are_one_are_not_begun(make_page: MakePage) -> None:
    page = make_page(FakeShop(experiments=[]))
    page.start.choices[1].way.choose(page.start.choices[0].way.key)
    assert "Las dos maneras son la misma" in words_of(page)
    assert not page.start.start.isEnabled()
    page.start.choices[1].way.choose("examples")
    assert page.start.start.isEnabled()


def test_what_grok_may_not_know_would_wait(make_page: MakePage) -> None:
    shop = FakeShop(experiments=[])
    shop.grok_allowed = {Topic.WEEK}
    page = make_page(shop)
    assert "la prueba espera hasta que lo permitas" in words_of(page)
    page.start.topic.choose("week")
    assert "la prueba espera" not in words_of(page)


def test_only_models_that_are_offered_and_topics_that_are_free_are_offered(make_page: MakePage) -> None:
    page = make_page(FakeShop(experiments=[make_running(Topic.SEGMENT)]))
    model = page.start.choices[0].model
    assert "grok-3-mini" in model._words and "grok-2" not in model._words
    assert set(page.start.topic._words) == {"customer", "week"}
    everything = [make_running(topic) for topic in (Topic.SEGMENT, Topic.CUSTOMER, Topic.WEEK)]
    assert not make_page(FakeShop(experiments=everything)).start.isVisible()


def test_what_was_chosen_stays_when_the_page_reads_again(make_page: MakePage) -> None:
    page = make_page()
    page.start.choices[0].way.choose("examples")
    page.load()
    assert page.start.choices[0].way.key == "examples"


def test_a_running_experiment_shows_its_arms_and_what_is_missing(make_page: MakePage) -> None:
    words = words_of(make_page())
    assert "Con 4 opiniones más se podrá comparar" in words
    assert "3 respuestas no cuentan" in words
    assert "Te gustó 56 % de 9 opiniones" in words
    assert "US$ 0.0066" in words and "2.1 s" in words
    assert "▲ gusta más" not in words


def test_a_winner_is_named_and_one_who_fails_too(make_page: MakePage) -> None:
    words = words_of(make_page(FakeShop(experiments=[make_won()])))
    assert "La manera B gusta más: te gustó 90 % de lo que escribió; de la A, 60 %." in words
    assert "▲ gusta más" in words and "▼ falla mucho" in words
    assert "No hay respuestas por opinar." in words


def test_answers_are_judged_without_knowing_whose_they_are(make_page: MakePage) -> None:
    page = make_page()
    shown = "\n".join(words_in(page.judge))
    assert "Fresco" in shown and "Arma un combo para el viernes." in shown
    for tell in ("Sencilla", "De vecino", "grok-3", "plain", "warm"):
        assert tell not in shown
    press(page.judge, "Me sirve")
    assert shop_of(page).grok_votes == [(41, 1)]
    assert "Lo escribió la manera A (Sencilla · grok-3)." in words_of(page.judge)
    press(page.judge, "Deshacer")
    assert shop_of(page).grok_votes == [(41, 1), (41, 0)]
    press(page.judge, "No me sirve")
    assert shop_of(page).grok_votes[-1] == (41, -1)


def test_customers_are_named_to_the_owner_only_where_they_are_judged(make_page: MakePage) -> None:
    shop = FakeShop(experiments=[make_running(Topic.CUSTOMER)])
    known = {customer.customer_id: customer.shown_name for customer in shop.read_customers()}
    shown = words_of(make_page(shop).judge)
    assert known[3] in shown
    unknown = FakeShop(experiments=[make_running(Topic.CUSTOMER)])
    unknown.read_customers = lambda *_words: ()  # type: ignore[assignment]
    assert "Un cliente" in words_of(make_page(unknown).judge)


def test_adopting_changes_the_way_to_ask_and_can_be_taken_back(
    make_context: MakeContext, close_later: Callable[[QWidget], None]
) -> None:
    shop, kept = FakeShop(experiments=[make_won()]), list[Settings]()
    context = make_context(shop)
    object.__setattr__(context, "change_settings", kept.append)
    page = ExperimentsPage(context)
    close_later(page)
    page.show()
    cards = [made for made in page.findChildren(QPushButton) if made.text() == "Quedarme con esta"]
    assert [made.property("kind") for made in cards] == ["plain", "primary"]
    cards[1].click()
    assert shop.experiments_told == [("end", 2, WARM)]
    assert [settings.grok_prompt for settings in kept] == ["warm"]
    words = words_of(page)
    assert "Desde ahora se pregunta de la manera B (De vecino · grok-3)." in words
    press(page, "Deshacer")
    assert shop.experiments_told[-1] == ("resume", 2)
    assert "Quedó como estaba." in words_of(page)


def test_ending_without_a_winner_keeps_the_way_to_ask(make_page: MakePage) -> None:
    page = make_page()
    press(page, "Terminar")
    assert shop_of(page).experiments_told == [("end", 2, None)]
    assert "Terminó antes de que se notara cuál gusta más." in words_of(page)


def test_an_experiment_of_before_can_go_on_unless_its_topic_is_taken(make_page: MakePage) -> None:
    page = make_page(FakeShop(experiments=[make_past()]))
    words = words_of(page)
    assert (
        "La semana, del vie 11 sep al sáb 31 oct: A (Sencilla · grok-3) y B (Sencilla · grok-3-mini)" in words
    )
    press(page, "Seguir")
    assert shop_of(page).experiments_told == [("resume", 1)]
    taken = make_page(FakeShop(experiments=[make_running(Topic.WEEK), make_past()]))
    assert "Seguir" not in words_of(taken).splitlines()


def test_what_cannot_be_is_said_in_place(make_page: MakePage) -> None:
    trouble = BadExperiment("Ya hay una prueba de ese tema.", "Termínala antes de empezar otra.")
    page = make_page(FakeShop(experiments_trouble=trouble))
    press(page, "Empezar la prueba")
    assert "Ya hay una prueba de ese tema. Termínala antes de empezar otra." in words_of(page)


def test_only_the_owner_sees_it(make_context: MakeContext, close_later: Callable[[QWidget], None]) -> None:
    context = make_context()
    object.__setattr__(context, "role", Role.MANAGER)
    page = ExperimentsPage(context)
    close_later(page)
    page.show()
    assert page.state.state == "message"
    assert "Esto lo ve solo el dueño." in words_of(page)


def test_grok_s_page_leads_here_and_back(make_window: MakeWindow) -> None:
    window = make_window()
    shop: Any = window.context.shop
    shop.turn_grok_on()
    page: Any = window.open_page("experiments")
    page.back.click()
    assert window.page.NAME == "grok"
    press(window.page, "Ver pruebas")
    assert window.page.NAME == "experiments"


def test_numbers_that_are_not_known_are_a_dash() -> None:
    nothing = make_arm(0, 0, 0)
    assert [number for number, _words in number_words(nothing)] == ["–", "–", "–"]
    assert liked_words(nothing) == "Todavía sin opiniones."
    assert liked_words(make_arm(1, 1, 1)).startswith("Te gustó 100 % de 1 opinión:")
    assert PLAIN != WARM
