"""The page about Grok: off at first, nothing allowed unseen, the key never shown, the ledger told as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from colmado_insights import charts, text
from colmado_insights.analytics.results import NotEnough
from colmado_insights.charts import ChartStyle
from colmado_insights.config import Settings
from colmado_insights.domain import CallOutcome, Consent, GrokCall, ModelPrice, Role, TokenUse, Topic
from colmado_insights.errors import NoKey, NoNetwork
from colmado_insights.palette import LIGHT
from colmado_insights.personas.standing import hit_words, short_state_words, spent_words, state_words
from colmado_insights.shop import Shop
from colmado_insights.ui.dialogs.grok_consent import GrokConsent
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.grok_ledger import UNKNOWN, UNUSED, sum_words
from colmado_insights.ui.widgets.grok_preview import TOPICS
from colmado_insights.ui.widgets.grok_words import (
    TYPICAL,
    key_words,
    state_tone,
    twelve_words,
    typical_use,
)
from colmado_insights.ui.widgets.label import Tone
from colmado_insights.ui.widgets.request_text import EXACT, easy_words
from colmado_insights.vault import KeyPlace
from tests.grok_server import GrokServer
from tests.ui.conftest import FakeTasks
from tests.ui.fake_grok import PRICES, make_calls, make_spending
from tests.ui.fake_shop import NOW, FakeShop
from tests.ui.test_pages import press, settle, words_of

MakeWindow = Callable[..., MainWindow]
KEY = "xai-0123456789-secret-of-a-test"


@pytest.fixture
def page(make_window: MakeWindow) -> Any:
    """The page in a new shop: Grok is off."""
    return make_window().open_page("grok")


@pytest.fixture
def busy_page(make_window: MakeWindow) -> Any:
    """The page in a shop that asks Grok about everything."""
    window = make_window()
    shop_of(window).turn_grok_on()
    return window.open_page("grok")


def shop_of(window: MainWindow | QWidget) -> FakeShop:
    holder: Any = window if isinstance(window, MainWindow) else window.window()
    shop = holder.context.shop
    assert isinstance(shop, FakeShop)
    return shop


def dialog_of(page: QWidget) -> GrokConsent | None:
    settle()
    found = [made for made in page.findChildren(GrokConsent) if made.isVisible()]
    return found[-1] if found else None


# -- state --


def test_a_new_shop_is_told_that_grok_is_off_and_not_needed(page: Any) -> None:
    words = words_of(page.head)
    assert "Grok está apagado. No sale nada." in words
    assert "Qué es Grok" in words and "Qué no sale nunca" in words
    assert "los doce segmentos, unos US$" in words
    assert "US$ 5.00 al mes" in words
    assert not any(switch.isChecked() for switch in page.consents.switches.values())


def test_what_has_no_meaning_yet_does_not_stand(page: Any) -> None:
    later = (page.model, page.budget, page.spending, page.ledger, page.experiments)
    assert not any(part.isVisible() for part in later)
    assert not page.head.more.isVisible()
    shop_of(page).allow_grok(Topic.WEEK, True)
    page.load()
    assert all(part.isVisible() for part in later)
    assert "Todavía no ha salido ninguna pregunta" in words_of(page.ledger)


def test_who_uses_it_is_not_told_anew_what_it_is(busy_page: Any) -> None:
    assert "Qué no sale nunca" not in words_of(busy_page.head)
    busy_page.head.more.click()
    assert "Qué no sale nunca" in words_of(busy_page.head)
    busy_page.load()
    assert "Qué no sale nunca" in words_of(busy_page.head), "it stays as it was put"


def test_the_page_stands_under_the_settings(make_window: MakeWindow) -> None:
    window = make_window()
    settings = window.open_page("settings")
    press(settings, "Grok y privacidad")
    assert window.page.NAME == "grok"
    page: Any = window.page
    page.back.click()
    assert window.page is settings


def test_settings_say_in_a_line_what_may_leave(make_window: MakeWindow) -> None:
    window = make_window()
    words = words_of(window.open_page("settings"))
    assert "Grok está apagado. No sale nada." in words
    assert "salvo lo que permitas en Grok" in words
    shop_of(window).turn_grok_on()
    window.context.tasks.data_changed.emit(frozenset({"grok"}))
    words = words_of(window.open_page("settings"))
    assert (
        "Grok está encendido para los segmentos, los clientes, la semana y tus preguntas. Este mes: " in words
    )


def test_every_state_says_what_stops_it(make_window: MakeWindow) -> None:
    window = make_window()
    shop = shop_of(window)
    today = NOW.date()

    def headline() -> tuple[str, Tone]:
        state = shop.read_grok(NOW)
        return state_words(state, today)[0], state_tone(state)

    assert headline() == ("Grok está apagado. No sale nada.", Tone.PLAIN)
    shop.allow_grok(Topic.SEGMENT, True)
    assert headline()[0] == "Falta la llave: todavía no sale nada."
    assert short_state_words(shop.read_grok(NOW), today) == headline()[0]
    shop.write_grok_key(KEY)
    assert headline() == ("Grok está encendido para los segmentos.", Tone.GOOD)
    shop.grok_spent_nano = 5_000_000_000
    assert headline()[0].startswith("Se llegó al límite de este mes")
    assert "mar 1 dic" in state_words(shop.read_grok(NOW), today)[1]
    shop.grok_prices = (replace(PRICES[0], is_offered=False),)
    assert headline()[0] == "Grok ya no ofrece grok-3: no se le pregunta nada."
    shop.grok_prices = ()
    assert headline()[0] == "No se sabe cuánto cuesta grok-3: no se le pregunta nada."


def test_a_month_that_ends_with_the_year_says_the_first_of_january() -> None:
    state = replace(
        FakeShop().read_grok(NOW), allowed=frozenset({Topic.WEEK}), key_place=KeyPlace.VAULT, is_spent=True
    )
    assert "vie 1 ene" in state_words(state, date(2026, 12, 31))[1]


def test_nobody_but_the_owner_sees_it(
    make_context: Callable[..., Any], close_later: Callable[[QWidget], None]
) -> None:
    from colmado_insights.ui.pages.grok import GrokPage

    context = replace(make_context(), role=Role.MANAGER)
    page = GrokPage(context)
    close_later(page)
    page.resize(1000, 700)
    page.show()
    assert page.state.state == "message"
    assert "Esto lo ve solo el dueño." in words_of(page)


# -- consent --


def test_nothing_is_allowed_before_its_text_was_seen(page: Any) -> None:
    shop = shop_of(page)
    page.consents.switches[Topic.SEGMENT].click()
    dialog = dialog_of(page)
    assert dialog is not None
    assert shop.grok_allowed == set()
    assert not page.consents.switches[Topic.SEGMENT].isChecked()
    assert "Mañaneros" in words_of(dialog)
    assert dialog.request.words.startswith("── Los datos ──")
    press(dialog, "Exacto")
    assert dialog.request.words == shop.preview_words(Topic.SEGMENT, "morning_commute").text
    press(dialog, "Permitir")
    assert shop.grok_allowed == {Topic.SEGMENT}
    assert page.consents.switches[Topic.SEGMENT].isChecked()
    assert "Permitido: Segmentos." in words_of(page)
    assert "Falta la llave" in words_of(page.head)


def test_leaving_the_question_leaves_it_off(page: Any) -> None:
    page.consents.switches[Topic.WEEK].click()
    dialog = dialog_of(page)
    assert dialog is not None
    press(dialog, "Dejarlo apagado")
    assert shop_of(page).grok_allowed == set()
    assert not page.consents.switches[Topic.WEEK].isChecked()


@pytest.mark.parametrize("topic", tuple(Topic))
def test_every_topic_is_asked_with_its_own_sentence(page: Any, topic: Topic) -> None:
    page.consents.switches[topic].click()
    dialog = dialog_of(page)
    assert dialog is not None
    press(dialog, "Permitir")
    assert shop_of(page).grok_allowed == {topic}


def test_turning_off_is_immediate_and_can_be_undone(busy_page: Any) -> None:
    shop = shop_of(busy_page)
    busy_page.consents.switches[Topic.WEEK].click()
    assert dialog_of(busy_page) is None
    assert Topic.WEEK not in shop.grok_allowed
    assert "Apagado: La semana." in words_of(busy_page)
    press(busy_page, "Deshacer")
    assert Topic.WEEK in shop.grok_allowed


def test_without_sales_there_is_nothing_to_see_and_nothing_is_allowed(make_window: MakeWindow) -> None:
    page: Any = make_window("empty").open_page("grok")
    for topic in Topic:
        page.consents.switches[topic].click()
        assert dialog_of(page) is None
    assert shop_of(page).grok_allowed == set()
    assert "por ahora queda apagado" in words_of(page)


def test_a_permission_that_could_not_be_kept_is_not_shown(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: FakeShop, topic: Topic, is_allowed: bool) -> None:
        raise NoNetwork("No se pudo.", "Prueba otra vez.")

    monkeypatch.setattr(FakeShop, "allow_grok", fail)
    page.consents.switches[Topic.WEEK].click()
    dialog = dialog_of(page)
    assert dialog is not None
    press(dialog, "Permitir")
    assert not page.consents.switches[Topic.WEEK].isChecked()
    assert "No se pudo. Prueba otra vez." in words_of(page)


def test_the_example_is_the_first_that_there_is_enough_to_say_of(
    page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = FakeShop.preview_words

    def preview(self: FakeShop, topic: Topic, subject: str = "", *rest: Any) -> Any:
        return NotEnough(5, 2, "receipts") if subject == "1" else real(self, topic, subject, *rest)

    monkeypatch.setattr(FakeShop, "preview_words", preview)
    page.consents.switches[Topic.CUSTOMER].click()
    dialog = dialog_of(page)
    assert dialog is not None
    assert "Chepe" in words_of(dialog)


def test_a_text_of_another_topic_is_no_example(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = FakeShop.preview_words
    monkeypatch.setattr(FakeShop, "preview_words", lambda self, *rest: real(self, Topic.WEEK))
    page.consents.switches[Topic.QUESTION].click()
    assert dialog_of(page) is None
    assert shop_of(page).grok_allowed == set()


# -- what is sent --


def test_the_exact_text_stands_and_is_copied_to_the_letter(page: Any) -> None:
    sent = shop_of(page).preview_words(Topic.SEGMENT, "morning_commute").text
    assert page.preview.request.box.isReadOnly()
    assert page.preview.request.words == easy_words(sent) != sent
    assert "Letra por letra está en «Exacto»." in words_of(page.preview)
    page.preview.copy.click()
    assert QGuiApplication.clipboard().text() == sent, "however it is looked at"
    press(page.preview, "Exacto")
    assert page.preview.request.words == sent
    assert "Así mismo sale, letra por letra." in words_of(page.preview)
    page.preview.copy.click()
    assert QGuiApplication.clipboard().text() == sent
    assert "US$ 0.0154" in words_of(page.preview)


def test_every_topic_and_subject_can_be_looked_at(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Topic, str]] = []
    real = FakeShop.preview_words

    def preview(self: FakeShop, topic: Topic, subject: str = "", *rest: Any) -> Any:
        asked.append((topic, subject))
        return real(self, topic, subject, *rest)

    monkeypatch.setattr(FakeShop, "preview_words", preview)
    page.preview.segment.choose("late_night")
    for place in (1, 2, 3):
        page.preview.topics.set_index(place)
        page.preview.topics.chosen.emit(place)
    assert asked == [
        (Topic.SEGMENT, "late_night"), (Topic.CUSTOMER, "1"), (Topic.WEEK, ""),
        (Topic.QUESTION, "¿qué hay con la cerveza del domingo?"),
    ]  # fmt: skip


def test_no_text_stands_under_the_name_of_another(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page.preview.request.words
    monkeypatch.setattr(FakeTasks, "run", lambda *_args, **_options: None)  # it takes its time
    page.preview.segment.choose("late_night")
    assert page.preview.request.words == ""
    assert "Armando el texto…" in words_of(page.preview)
    assert not page.preview.copy.isEnabled()


def test_who_said_no_cannot_be_picked(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    window = make_window()
    known = shop_of(window).read_customers()
    no = replace(known[0], consent=Consent.NO)
    monkeypatch.setattr(FakeShop, "read_customers", lambda self, as_of=None: (no, *known[1:]))
    page: Any = window.open_page("grok")
    page.preview.topics.set_index(TOPICS.index(Topic.CUSTOMER))
    page.preview.customer.setText(no.shown_name)
    page.preview.ask()
    assert page.preview.request.words == ""
    assert "que no haya dicho que no" in words_of(page.preview)


def test_a_fresh_answer_says_that_nothing_would_leave(busy_page: Any) -> None:
    assert "Nada saldría" not in words_of(busy_page.preview)
    shop_of(busy_page).ask_words(Topic.SEGMENT, ("morning_commute",))
    busy_page.load()
    assert "Nada saldría" in words_of(busy_page.preview)


def test_easy_words_spread_the_data_and_survive_anything() -> None:
    facts = {"compras": 842, "horas": [17, 18], "muestras": [["viernes", 25]], "gustos": {"pan": "30 %"}}
    data = json.dumps(facts, separators=(",", ":"))
    messages = [
        {"role": "system", "content": "Uno.\nDos."},
        {"role": "user", "content": f"<datos>{data}</datos>"},
        {"role": "user", "content": "{roto}"},
    ]
    easy = easy_words(json.dumps({"model": "grok-3", "messages": messages}))
    assert "── Lo que se le pide ──\nUno.\nDos." in easy
    assert (
        "<datos>\ncompras: 842\nhoras: 17, 18\nmuestras:\n    - viernes, 25\ngustos:\n    pan: 30 %\n</datos>"
        in easy
    )
    assert "{roto}" in easy and "model: grok-3" in easy
    for body in ("no es JSON", "[]", "{}", '{"messages": 3}', '{"messages": [{}]}'):
        assert easy_words(body) == body


# -- key --


def type_key(page: Any) -> None:
    page.key.field.setText(KEY)
    press(page.key, "Guardar")


def test_the_key_is_kept_and_never_shown_again(page: Any) -> None:
    assert page.key.field.echoMode() is QLineEdit.EchoMode.Password
    assert not page.key.keep.isEnabled()
    type_key(page)
    assert shop_of(page).grok_key == KEY
    assert "Guardada en el llavero" in words_of(page.key)
    for widget in page.window().findChildren(QWidget):
        for name in ("text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText"):
            reader = getattr(widget, name, None)
            assert KEY not in str(reader() if callable(reader) else ""), (widget, name)
    page.key.field.undo()
    assert page.key.field.text() == ""


def test_a_pc_without_a_vault_says_so(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).grok_key_place = KeyPlace.SESSION
    page: Any = window.open_page("grok")
    type_key(page)
    words = words_of(page.key)
    assert "solo hasta que cierres el programa" in words
    assert "habrá que pegarla otra vez" in words


def test_a_key_of_the_environment_is_changed_there(make_window: MakeWindow) -> None:
    window = make_window()
    shop = shop_of(window)
    shop.grok_key, shop.grok_key_place = KEY, KeyPlace.ENVIRONMENT
    page: Any = window.open_page("grok")
    words = words_of(page.key)
    assert "XAI_API_KEY" in words
    assert "Guardar" not in words and "Olvidar" not in words
    assert not page.key.field.isVisible()


def test_the_key_is_forgotten(page: Any) -> None:
    type_key(page)
    press(page.key, "Olvidar la llave")
    assert shop_of(page).grok_key == ""
    assert "No hay llave en esta computadora." in words_of(page.key)


def test_trying_the_key_says_whether_it_serves(page: Any) -> None:
    type_key(page)
    press(page.key, "Probar la llave")
    assert "La llave sirve: 3 modelos." in words_of(page.key)
    shop_of(page).grok_trouble = NoKey("Grok no aceptó la llave.", "Cópiala otra vez.")
    press(page.key, "Probar la llave")
    assert "Grok no aceptó la llave. Cópiala otra vez." in words_of(page.key)
    assert page.key.try_key.isEnabled()


# -- model and money --


def test_the_model_is_picked_with_its_price(busy_page: Any, qtbot: Any) -> None:
    words = words_of(busy_page.model)
    assert "US$ 3.00 por millón de tokens que salen, US$ 15.00 por millón que llegan" in words
    assert "Lista de precios del mar 17 nov." in words
    window: Any = busy_page.window()
    busy_page.model.picker.choose("grok-3-mini")
    qtbot.waitUntil(lambda: window.settings.grok_model == "grok-3-mini")


def test_a_retired_model_proposes_another(make_window: MakeWindow, qtbot: Any) -> None:
    window = make_window(settings=Settings(grok_model="grok-2"))
    shop_of(window).turn_grok_on()
    shop_of(window).grok_replacement = "grok-3-mini"
    page: Any = window.open_page("grok")
    assert "Grok ya no ofrece grok-2. Puedes pasar a grok-3-mini." in words_of(page.model)
    press(page.model, "Usar grok-3-mini")
    qtbot.waitUntil(lambda: window.settings.grok_model == "grok-3-mini")


def test_the_list_is_read_anew(page: Any) -> None:
    page.model.refresh.click()
    assert "No hay llave de Grok" in words_of(page.model)
    type_key(page)
    page.model.refresh.click()
    assert "Lista al día: 3 modelos." in words_of(page.model)
    assert "Lista de precios del vie 20 nov." in words_of(page.model)


@pytest.mark.parametrize(
    ("spent", "tone", "words"),
    (
        (420_000_000, "brand", "Quedan US$ 4.58."),
        (4_200_000_000, "accent", "ya va más del 80 %. Quedan US$ 0.80."),
        (5_000_000_000, "bad", "No queda nada hasta el mes que viene."),
    ),
)
def test_the_bar_warns_at_80_and_stops_at_100(
    make_window: MakeWindow, spent: int, tone: str, words: str
) -> None:
    window = make_window()
    shop = shop_of(window)
    shop.turn_grok_on()
    shop.grok_spent_nano = spent
    page: Any = window.open_page("grok")
    assert words in words_of(page.budget)
    assert page.budget.bar.property("tone") == tone
    assert page.budget.bar.value() == round(1000 * spent / 5_000_000_000)


def test_the_limit_is_set_between_nothing_and_fifty(page: Any, qtbot: Any) -> None:
    window: Any = page.window()
    assert (page.budget.limit.minimum(), page.budget.limit.maximum()) == (0, 50)
    page.budget.limit.setValue(12)
    page.budget.limit.editingFinished.emit()
    qtbot.waitUntil(lambda: window.settings.grok_limit_cents == 1200)
    settle()
    assert "US$ 12.00" in words_of(window.page.budget)


def test_a_new_setting_leaves_the_page_where_it_stood(busy_page: Any, qtbot: Any) -> None:
    page, window = busy_page, busy_page.window()
    page.stand_at(700)
    assert page.scrolled == 700
    page.model.picker.choose("grok-3-mini")
    qtbot.waitUntil(lambda: window.page is not page and window.page.scrolled == 700)


def test_asking_each_night_needs_the_segments_allowed(page: Any, qtbot: Any) -> None:
    assert not page.budget.daily.isEnabled()
    assert "Primero permite «Segmentos»." in words_of(page.budget)
    shop_of(page).allow_grok(Topic.SEGMENT, True)
    page.load()
    page.budget.daily.click()
    window: Any = page.window()
    qtbot.waitUntil(lambda: window.settings.grok_daily)


def test_an_unsafe_address_is_refused_in_place(busy_page: Any, qtbot: Any) -> None:
    page = busy_page
    page.model.advanced.click()
    assert page.model.url.isVisible()
    page.model.url.setText("http://ejemplo.com/v1")
    page.model.url.editingFinished.emit()
    window: Any = page.window()
    assert window.settings.grok_url == "https://api.x.ai/v1" == page.model.url.text()
    assert "tiene que empezar con https://" in words_of(page.model)
    page.model.url.setText("https://puente.example/v1/")
    page.model.url.editingFinished.emit()
    qtbot.waitUntil(lambda: window.settings.grok_url == "https://puente.example/v1")


def test_words_about_money() -> None:
    state = FakeShop().read_grok(NOW)
    assert spent_words(replace(state, limit_nano=0)) == "Con un límite de cero no sale nada."
    nearly = replace(state, spent_nano=4_990_000_000, is_warned=True, is_spent=True)
    assert spent_words(nearly) == "Quedan US$ 0.0100: no alcanza para otra pregunta."
    assert hit_words(replace(state, hits=28, misses=12)) == (
        "Lo guardado contestó 28 de 40 preguntas, sin pagar."
    )
    # 12 x (1,200 x US$3 + 400 x US$15) / 1,000,000
    assert twelve_words(PRICES[0], TYPICAL) == "los doce segmentos, unos US$ 0.12"
    assert text.prices_age([ModelPrice("x", 1, 1, 1)]).startswith("Precios con que vino el programa")
    assert key_words(None) == "No hay llave en esta computadora."
    assert typical_use(()) == TYPICAL
    two = [replace(make_calls(1)[0], tokens=TokenUse(size, 5, size // 2)) for size in (1_000, 2_000)]
    assert typical_use(two) == TokenUse(1_500, 0, 750)


# -- ledger --


def test_the_ledger_says_what_became_of_each(busy_page: Any) -> None:
    table = busy_page.ledger.table
    assert table.accessibleName()
    assert len(table.rows.shown) == 24
    assert table.rows.shown[0].at == max(call.at for call in table.rows.shown)
    cells = [table.rows.index(0, column).data() for column in range(table.rows.columnCount())]
    assert cells[0] == "vie 20 nov, 5:11 p. m."
    assert cells[1] == "Mañaneros"
    assert cells[3] == "contestó"
    assert "contestó 28 de 40 preguntas" in words_of(busy_page.budget)


def test_no_customer_is_named_in_the_ledger(busy_page: Any) -> None:
    names = {
        text.call_subject(call.topic, call.subject)
        for call in busy_page.ledger.table.rows.shown
        if call.topic is Topic.CUSTOMER
    }
    assert names == {"Un cliente"}


def test_the_ledger_is_narrowed_and_sorted(busy_page: Any) -> None:
    ledger = busy_page.ledger
    ledger.topic.choose(str(Topic.WEEK))
    assert {call.topic for call in ledger.table.rows.shown} == {Topic.WEEK}
    ledger.topic.choose("")
    ledger.end.choose(UNKNOWN)
    assert {call.outcome for call in ledger.table.rows.shown} == {CallOutcome.LOST}
    assert "≈ es lo más que pudo costar" in words_of(ledger)
    ledger.topic.choose(str(Topic.SEGMENT))
    ledger.end.choose(UNUSED)
    ledger.table.sort_by(2)
    costs = [call.cost_nano for call in ledger.table.rows.shown]
    assert costs == sorted(costs, reverse=True) and len(costs) > 1
    ledger.end.choose(UNKNOWN)
    ledger.topic.choose(str(Topic.WEEK))
    if not ledger.table.rows.shown:
        assert "Ninguna pregunta es así." in words_of(ledger)


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    (
        (CallOutcome.REFUSED, 401, "no aceptó la llave"), (CallOutcome.REFUSED, 404, "no tiene ese modelo"),
        (CallOutcome.REFUSED, 400, "no aceptó la pregunta"), (CallOutcome.BUSY, 429, "pidió esperar"),
        (CallOutcome.BUSY, 503, "estaba caído"), (CallOutcome.LOST, None, "no llegó completa"),
        (CallOutcome.SENT, None, "no ha vuelto"), (CallOutcome.REJECTED, 200, "contestó mal: no se usó"),
    ),
)  # fmt: skip
def test_every_end_has_plain_words(outcome: CallOutcome, status: int | None, words: str) -> None:
    assert text.call_outcome(replace(make_calls(1)[0], outcome=outcome, status=status)) == words


def test_the_sum_says_which_costs_are_not_sure() -> None:
    sure: GrokCall = replace(make_calls(1)[0], cost_nano=500_000_000, is_estimate=False)
    assert sum_words((sure,)) == "1 pregunta, US$ 0.50 en total."
    assert "≈" in sum_words((sure, replace(sure, is_estimate=True)))
    assert "Las más viejas" in sum_words((sure,), is_all=False)


def test_the_months_are_drawn_under_the_limit() -> None:
    style = ChartStyle.of(LIGHT, 1.0, 96)
    months = make_spending()
    chart = charts.spending_months(months, 5_000_000_000, style, 700, 190)
    assert len(chart.points) == 12
    assert chart.points[-1].label == "noviembre 2026: US$ 2.16 en 90 preguntas"
    heights = [bar.get_height() for bar in chart.figure.axes[0].patches]
    assert heights == [each.cost_nano / 1e9 for each in months]
    empty = [replace(each, cost_nano=0, calls=0) for each in months]
    assert charts.spending_months(empty, 0, style, 300, 190).points


def test_the_page_is_walked_with_the_keyboard(page: Any, qtbot: Any) -> None:
    """Tab reaches the switches and the field; the exact text does not swallow it."""
    page.consents.switches[Topic.SEGMENT].setFocus()
    reached: set[QWidget | None] = set()
    for _step in range(60):
        focus = QApplication.focusWidget()
        reached.add(focus)
        if focus is None:
            break
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    for wanted in (page.consents.switches[Topic.WEEK], page.key.field, page.preview.request.box):
        assert wanted in reached
    page.key.field.setText(KEY)
    page.key.field.setFocus()
    qtbot.keyClick(page.key.field, Qt.Key.Key_Tab)
    assert page.key.keep.hasFocus()
    for switch in page.consents.switches.values():
        assert switch.accessibleName().startswith("Permitir: ")


def test_mouse_over_the_months_does_no_harm(busy_page: Any, with_charts: None, qtbot: Any) -> None:
    busy_page.load()
    for x in range(0, busy_page.spending.chart.width(), 60):
        qtbot.mouseMove(busy_page.spending.chart, QPoint(x, 80))


# -- with a real shop and a service on this PC --


def test_what_the_page_shows_is_what_leaves(
    found_shop: Shop,
    close_later: Callable[[QWidget], None],
    fake_tasks: FakeTasks,
    apply: Callable[[Settings], Look],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with GrokServer() as server:
        found_shop.write_settings(replace(found_shop.settings, grok_url=server.url))
        window = MainWindow(found_shop, fake_tasks, lambda: NOW, apply)  # type: ignore[arg-type]
        close_later(window)
        window.resize(1366, 768)
        window.show()
        page: Any = window.open_page("grok")
        page.preview.request.show_view(EXACT)
        shown, segment = page.preview.request.words, page.preview.subject
        assert '"model": "grok-3"' in shown and server.calls == []

        page.consents.switches[Topic.SEGMENT].click()
        dialog = dialog_of(page)
        assert dialog is not None
        dialog.request.show_view(EXACT)
        assert dialog.request.words == shown
        press(dialog, "Permitir")
        type_key(page)
        assert "solo hasta que cierres el programa" in words_of(page.key), "these tests have no vault"
        press(page.key, "Probar la llave")
        assert "La llave sirve: 3 modelos." in words_of(page.key)
        assert server.asked == [], "trying the key sends nothing of the shop"

        run = found_shop.ask_words(Topic.SEGMENT, (segment,), NOW.date(), NOW)
        assert run.requests == 1
        assert server.calls[-1].body.decode() == shown
        page.load()
        assert "Nada saldría" in words_of(page.preview)
        (call,) = page.ledger.table.rows.shown
        assert (call.subject, call.outcome) == (segment, CallOutcome.ANSWERED)
        assert f"US$ {run.cost_nano / 1e9:.4f}" in words_of(page.budget)

        page.consents.switches[Topic.QUESTION].click()
        dialog = dialog_of(page)
        assert dialog is not None and "<pregunta>" in dialog.request.words
        assert not any(
            customer.shown_name.casefold() in dialog.request.words.casefold()
            for customer in found_shop.read_customers()
        )
        page.preview.topics.set_index(TOPICS.index(Topic.QUESTION))
        page.preview.topics.chosen.emit(TOPICS.index(Topic.QUESTION))
        assert "que hay con la cerveza del domingo" in page.preview.request.words
        page.preview.question.setText("¿y el primo de Wilkin Xyzzy qué?")
        page.preview.ask()
        assert page.preview.request.words == ""
        assert "De esa pregunta no sale nada" in words_of(page.preview)
    assert KEY not in caplog.text
