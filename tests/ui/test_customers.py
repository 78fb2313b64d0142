"""Known customers: the five lists, one person on one page, what is written, erased and refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QScrollArea

from colmado_insights import text
from colmado_insights.analytics.results import CustomerSegment, ModelScore, NotEnough, RiskLevel
from colmado_insights.config import Settings
from colmado_insights.domain import Consent, Customer, Reason, Role
from colmado_insights.ui.dialogs.customer_form import CustomerForm, EraseQuestion
from colmado_insights.ui.jumps import jumps_of
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages import PAGES
from colmado_insights.ui.pages.customers import ALL, BACK, DUE, RISK, SEGMENTS
from colmado_insights.ui.widgets.customer_cards import stays_of
from colmado_insights.ui.widgets.customer_methods import score_words, use_words
from colmado_insights.ui.widgets.customer_rows import CustomerRow, at_risk, due_rows, make_rows, to_win_back
from colmado_insights.ui.widgets.customer_segments import SegmentTile
from colmado_insights.ui.widgets.customer_table import list_columns
from colmado_insights.ui.widgets.customer_words import NAME, ago_words, around_words, polite_text, soon_words
from tests.ui.fake_customers import (
    NAMES,
    NOW,
    PEOPLE,
    TODAY,
    make_book,
    make_customer,
    make_outlook,
    make_view,
)
from tests.ui.fake_shop import FakeShop
from tests.ui.test_pages import press, settle, words_of

MakeWindow = Callable[..., MainWindow]


def shop_of(window: MainWindow) -> Any:
    return window.context.shop


def shown_names(table: Any) -> list[str]:
    return [row.customer.shown_name for row in table.rows.shown]


def page_at(window: MainWindow, tab: int) -> Any:
    page: Any = window.open_page("customers")
    page.show_tab(tab)
    settle()
    return page


def list_of(page: Any, tab: int) -> Any:
    return page._lists[tab]


# -- numbers and lists --


def test_numbers_stand_on_top(make_window: MakeWindow) -> None:
    words = words_of(make_window().open_page("customers"))
    for piece in (
        "Clientes conocidos",
        "13",
        "En riesgo",
        "Les toca comprar",
        "Dejarán en 12 meses",
        "al año, si no vuelven",
    ):
        assert piece in words
    assert "En riesgo 3" in words
    assert (
        "Calculado hace 2 h. Entre uno que se fue y uno que se quedó, acierta cuál era 9 de 10 veces."
        in words
    )


def test_search_finds_by_nickname_tills_name_and_phone(make_window: MakeWindow) -> None:
    page = page_at(make_window(), ALL)
    view = list_of(page, ALL)
    for typed, found in (("dona tata", "Doña Tata"), ("polanco", "Doña Carmen"), ("0101", "Chepe")):
        view.search.setText(typed)
        assert shown_names(view.table) == [found]
    view.search.setText("nadie así")
    assert "Ningún cliente es así." in words_of(page)


def test_filters_narrow_by_segment_and_risk(make_window: MakeWindow) -> None:
    page = page_at(make_window(), ALL)
    view = list_of(page, ALL)
    view.segment.choose("loyal")
    assert set(shown_names(view.table)) == {"La profe Miriam", "Kelvin el mecánico", "Don Julio"}
    view.segment.choose("")
    view.risk.choose(RiskLevel.CRITICAL)
    assert shown_names(view.table) == ["Papo"]


def test_those_at_risk_by_threshold_and_limit(make_window: MakeWindow) -> None:
    page = page_at(make_window(), RISK)
    view = list_of(page, RISK)
    assert shown_names(view.table) == ["Moreno", "Papo", "Sarita"], "who would be missed most comes first"
    press(page, "Desde 80 %")
    assert shown_names(view.table) == ["Papo"]
    assert "1 cliente: al año se dejarían de vender" in words_of(page)
    press(page, "Desde 30 %")
    assert len(view.table.rows.shown) == 6
    rows = make_rows(make_book().customers, make_book().outlooks)
    assert len(at_risk(rows, 0.3, 2)) == 2


def test_due_says_product_day_and_spread(make_window: MakeWindow) -> None:
    page = page_at(make_window(), DUE)
    table = list_of(page, DUE).table
    cells = [[column.words(row) for column in table.rows.columns] for row in table.rows.shown]
    assert cells[0][:4] == ["Doña Tata", "Leche Rica entera 1 L", "hoy, ±2 días", "74 %"]
    week = len(cells)
    press(page, "Hoy y mañana")
    assert 0 < len(table.rows.shown) < week


def test_visits_of_who_comes_daily_or_hardly_at_all_are_not_announced() -> None:
    daily, gone = make_outlook(0), make_outlook(11)
    outlooks = (replace(daily, due=()), gone)
    rows = make_rows(map(make_customer, (0, 11)), outlooks)
    assert due_rows(rows, TODAY, is_week=True) == []


def test_win_back_has_a_text_to_copy(make_window: MakeWindow) -> None:
    page = page_at(make_window(), BACK)
    words = words_of(page)
    assert "Hola, Moreno. Hace días que no le vemos" in words
    assert "Última visita hace 31 días; venía cada 6 días." in words
    assert "Falta preguntarle" in words
    press(page, "Copiar texto")
    assert QGuiApplication.clipboard().text().startswith("Hola, Moreno.")
    assert "Copiado" in words_of(page)


def test_nobody_to_win_back_is_said_calmly(make_window: MakeWindow) -> None:
    window = make_window()
    book = make_book()
    shop_of(window).book = replace(book, customers=book.customers[:3], outlooks=book.outlooks[:3])
    assert "Nadie por recuperar" in words_of(page_at(window, BACK))


def test_segments_show_eight_tiles_groups_and_moves(make_window: MakeWindow) -> None:
    page = page_at(make_window(), SEGMENTS)
    assert len(page.findChildren(SegmentTile)) == 8
    words = words_of(page)
    for piece in (
        "Los mejores", "Se están yendo", "▼ 38 %", "Por cada peso que les dediques vuelven unos 2.4 (entre 0.8 y 4.1).",
        "Grupos que salen solos (k-means)", "Coinciden en 62 % con los segmentos.", "77 % siguió donde estaba",
    ):  # fmt: skip
        assert piece in words
    assert "▲ 8 %" not in words, "growth within noise is not shown"
    press(page, "Mensaje")
    assert NAME not in QGuiApplication.clipboard().text()


def test_tile_leads_to_its_people(make_window: MakeWindow) -> None:
    page = page_at(make_window(), SEGMENTS)
    press(page, "Ver quiénes →")
    assert page.tabs.index == ALL
    assert set(shown_names(list_of(page, ALL).table)) == {"Doña Tata", "Chepe"}


def test_how_it_is_known_unfolds(make_window: MakeWindow) -> None:
    page = make_window().open_page("customers")
    press(page, "¿Cómo se sabe?")
    words = words_of(page)
    for piece in ("árboles en cadena", "De 10 fechas que dijo, 7 cayeron a 3 días o menos.",
                  "91 % de las respuestas del programa ya estaban listas", "Lo que se dijo el sáb 31 oct (si se va)"):  # fmt: skip
        assert piece in words
    press(page, "Ocultar cómo")
    assert "árboles en cadena" not in words_of(page)


def test_simple_rule_is_named_on_screen(make_window: MakeWindow) -> None:
    window = make_window()
    book = make_book()
    reasons = (
        Reason.of("churn_few_customers", have=20, needed=40),
        Reason.of("next_rule"),
        Reason.of("next_sample", visits=300, customers=20),
    )
    shop_of(window).book = replace(book, models=replace(book.models, reasons=reasons))
    named = "Con tan pocas compras se usa la regla simple para decir si se va y cuándo vuelve."
    page = window.open_page("customers")
    assert named in words_of(page)
    press(page, "¿Cómo se sabe?")
    assert "Hay 20 clientes para aprender y hacen falta 40" in words_of(page)
    shop_of(window).views[1] = replace(make_view(1), reasons=reasons)
    person: Any = window.open_page("customer")
    person.show_customer(1)
    assert named in words_of(person)


def test_reading_again_keeps_what_was_asked_for(make_window: MakeWindow) -> None:
    page = page_at(make_window(), ALL)
    view = list_of(page, ALL)
    view.search.setText("chepe")
    page.load()
    assert list_of(page, ALL) is view
    assert shown_names(view.table) == ["Chepe"]


def test_ten_thousand_are_narrowed_at_once(make_window: MakeWindow) -> None:
    window = make_window()
    book = make_book()
    people = tuple(
        replace(make_customer(n % len(PEOPLE)), customer_id=n + 1, nickname=f"Cliente {n}")
        for n in range(10_000)
    )
    outlooks = tuple(replace(make_outlook(n % len(PEOPLE)), customer_id=n + 1) for n in range(10_000))
    shop_of(window).book = replace(book, customers=people, outlooks=outlooks)
    page = page_at(window, ALL)
    view = list_of(page, ALL)
    assert len(view.table.rows.shown) == 10_000
    view.search.setText("cliente 777")
    assert len(view.table.rows.shown) == 19
    page_at(window, BACK)
    assert len(page.findChildren(SegmentTile)) == 0


# -- when little or nothing is known --


def test_nobody_known_says_how_to_begin(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).book = NotEnough(20, 0, "customers")
    page = window.open_page("customers")
    words = words_of(page)
    assert "Todavía no conoces a nadie por su nombre." in words
    assert "Marca al cliente en la caja" in words
    one = make_window()
    shop_of(one).book = NotEnough(20, 0, "customers")
    assert "Todavía no conoces a nadie" in words_of(one.open_page("customer"))


def test_too_few_to_learn_still_shows_who_is_known(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).book = NotEnough(20, 5, "receipts")
    page = page_at(window, ALL)
    words = words_of(page)
    assert "Todavía hay muy poco para decir quién se va o quién vuelve." in words
    assert "Hacen falta 20 compras; por ahora hay 5." in words
    assert "todavía no se puede decir" in words
    assert len(list_of(page, ALL).table.rows.shown) == len(PEOPLE)
    page.show_tab(SEGMENTS)
    assert "Todavía no hay segmentos." in words_of(page)


def test_who_says_no_is_only_a_sum(make_window: MakeWindow) -> None:
    refusing = replace(make_customer(0), consent=Consent.NO)
    (row,) = make_rows([refusing], [make_outlook(0)])
    assert row.outlook is None
    said = {column.title: column.words(row) for column in list_columns(TODAY)}
    assert said["Segmento"] == "No quiere"
    assert said["Riesgo"] == said["En 12 meses"] == "–"
    window = make_window()
    shop_of(window).views[1] = replace(make_view(1), customer=refusing)
    page: Any = window.open_page("customer")
    page.show_customer(1)
    words = words_of(page)
    assert "No quiere que se le mire" in words
    assert "en 168 compras" in words
    for hidden in ("Los mejores", "Riesgo", "Qué lleva", "Copiar texto", "en 12 meses"):
        assert hidden not in words


def test_one_of_whom_too_little_is_known(make_window: MakeWindow) -> None:
    window = make_window()
    shop_of(window).views[1] = replace(
        make_view(1), profile=NotEnough(3, 1, "receipts"), outlook=None, personal=None
    )
    page: Any = window.open_page("customer")
    page.show_customer(1)
    words = words_of(page)
    assert "Todavía se sabe poco" in words
    assert "Hacen falta 3 compras; por ahora hay 1." in words


def test_one_whom_the_till_has_not_named_yet(make_window: MakeWindow) -> None:
    window = make_window()
    customer = Customer(1, "ALTAGRACIA PEÑA", "Doña Tata", is_listed=True)
    missing = NotEnough(1, 0, "receipts")
    shop_of(window).views[1] = replace(
        make_view(1), customer=customer, profile=missing, outlook=None, personal=None
    )
    page: Any = window.open_page("customer")
    page.show_customer(1)
    assert "márcalo como «ALTAGRACIA PEÑA»" in words_of(page)


# -- one customer --


def test_everything_about_one_person(make_window: MakeWindow) -> None:
    page: Any = make_window().open_page("customer")
    page.show_customer(1)
    words = words_of(page)
    for piece in (
        "Doña Tata", "ALTAGRACIA PEÑA", "Los mejores", "Riesgo: bajo · 4 %", "Dio permiso", "Qué lleva", "Qué hacer ahora",
        "Cuándo viene", "Sobre todo viernes y sábado.", "fiado", "La Garza 92 %", "Compra lo de siempre", "Para ofrecerle",
        "En los próximos 7 días es probable que lleve: víveres secos (84 %).", "Últimas compras", "Por dónde ha pasado", "cada 2 días", "mañana, ±3 días", "58 %",
    ):  # fmt: skip
        assert piece in words
    assert page.took_ms < 5_000


def test_person_fits_one_screen(make_window: MakeWindow) -> None:
    page: Any = make_window().open_page("customer")
    page.show_customer(1)
    settle()
    content = page.state.parentWidget()
    assert content.sizeHint().height() <= 768 - 57 or content.height() <= 768 - 57


def test_enter_and_double_click_open_a_person_and_alt_arrows_walk_the_list(
    make_window: MakeWindow, qtbot: Any
) -> None:
    window = make_window()
    page = page_at(window, RISK)
    table = list_of(page, RISK).table
    table.choose([12])
    qtbot.keyClick(table, Qt.Key.Key_Return)
    person: Any = window.page
    assert person.NAME == "customer"
    assert "Papo" in words_of(person)
    person.step(1)
    assert "Sarita" in words_of(person)
    person.step(1)
    assert "Moreno" in words_of(person), "the list of those at risk goes round"
    window.open_page("customers")
    table.doubleClicked.emit(table.rows.index(2, 0))
    assert "Sarita" in words_of(window.page)


def test_moves_lead_to_the_mover(make_window: MakeWindow) -> None:
    window = make_window()
    page = page_at(window, SEGMENTS)
    list_of(page, SEGMENTS).opened.emit(10)
    assert "Moreno" in words_of(window.page)


def test_text_names_what_is_due_or_the_segments_words() -> None:
    due = polite_text(make_customer(0), make_outlook(0), NAMES)
    assert (
        due
        == "Hola, Doña Tata. Por aquí tenemos Leche Rica entera 1 L, por si ya se le está acabando. ¿Se lo mando?"
    )
    leaving = polite_text(make_customer(9), replace(make_outlook(9), due=make_outlook(0).due), NAMES)
    assert leaving.startswith("Hola, Moreno. Hace días"), "who stays away is not sold anything at once"
    for place, segment in enumerate(CustomerSegment):
        outlook = make_outlook(place)
        told = polite_text(
            make_customer(place), replace(outlook, due=(), rfm=replace(outlook.rfm, segment=segment)), {}
        )
        assert NAME not in told and make_customer(place).shown_name in told


def test_what_to_offer_is_looked_for_when_nothing_was_ready(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    ready = make_view(1).personal
    shop_of(window).views[1] = replace(make_view(1), personal=None)
    monkeypatch.setattr(FakeShop, "recommend", lambda *_args, **_how: ready, raising=False)
    page: Any = window.open_page("customer")
    page.show_customer(1)
    assert "Aceite Crisol 1 L" in words_of(page)
    monkeypatch.setattr(FakeShop, "recommend", lambda *_args, **_how: 1 / 0, raising=False)
    page.show_customer(2)
    page.show_customer(1)
    assert "Todavía no hay qué ofrecerle" in words_of(page)


# -- writing --


def find_form(page: Any) -> Any:
    return page.window().findChildren(CustomerForm)[-1]


def test_customer_is_added_by_hand(make_window: MakeWindow) -> None:
    window = make_window()
    page: Any = window.open_page("customers")
    press(page, "Añadir cliente")
    form = find_form(page)
    form.save()
    assert "Escribe al menos cómo le dices." in words_of(form)
    form.nickname.setText("  Doña Mercedes ")
    form.phone.setText("829 555 0199")
    form.consent._choose(1)
    assert "tú puedes escribirle" in words_of(form)
    form.save()
    assert ("write", Customer(
        0, "Doña Mercedes", "Doña Mercedes", "829 555 0199", consent=Consent.YES, is_listed=True
    )) in shop_of(window).people  # fmt: skip
    assert "Doña Mercedes ya está en la lista." in words_of(page)


def test_taken_name_is_refused_in_words(make_window: MakeWindow) -> None:
    page: Any = make_window().open_page("customers")
    page.write(Customer(0, "CARMEN POLANCO"))
    assert "Ya hay un cliente con ese nombre." in words_of(page)


def test_editing_keeps_what_is_not_asked(make_window: MakeWindow) -> None:
    window = make_window()
    page: Any = window.open_page("customer")
    page.show_customer(1)
    page.edit()
    form = find_form(page)
    form.note.setText("Paga los sábados")
    form.save()
    written = next(what[1] for what in shop_of(window).people if what[0] == "write")
    assert written == replace(make_customer(0), note="Paga los sábados", is_listed=True)
    assert "Guardado." in words_of(page)


def test_list_of_customers_is_brought_in(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    page: Any = window.open_page("customers")
    page.import_list(tmp_path / "clientes.csv")
    assert "clientes.csv: 3 nuevos y 12 que ya conocías." in words_of(page)


def test_erasing_asks_and_says_what_stays(make_window: MakeWindow) -> None:
    window = make_window()
    page: Any = window.open_page("customer")
    page.show_customer(3)
    page.ask_erase()
    (question,) = window.findChildren(EraseQuestion)
    words = words_of(question)
    assert "¿Borrar a La profe Miriam?" in words
    assert "los recibos siguen en las cuentas" in words
    assert not question.erase.isEnabled()
    question.understood.setChecked(True)
    question.erase.click()
    assert ("erase", 3) in shop_of(window).people
    assert window.page.NAME == "customers"


def test_all_that_is_known_goes_into_a_file(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    page: Any = window.open_page("customer")
    page.show_customer(2)
    page.write_file(tmp_path / "cliente.json")
    assert ("export", 2, tmp_path / "cliente.json") in shop_of(window).people
    assert "Listo: cliente.json" in words_of(page)


# -- ways in --


def test_quick_list_finds_customers_by_nickname(make_window: MakeWindow) -> None:
    window = make_window()
    found = {jump.words: jump for jump in jumps_of(window)}
    assert found["Sarita"].kind == "cliente"
    found["Sarita"].act()
    assert "Sarita" in words_of(window.page)


def test_pages_are_not_for_cashiers() -> None:
    kinds = {page.NAME: page for page in PAGES}
    assert kinds["customers"].ROLE is Role.MANAGER
    assert kinds["customer"].ROLE is Role.MANAGER


def test_no_name_in_the_windows_title(make_window: MakeWindow) -> None:
    window = make_window()
    window.open_page("customer").show_customer(1)  # type: ignore[attr-defined]
    assert "Tata" not in window.windowTitle()


def test_every_button_can_be_reached_by_keyboard(make_window: MakeWindow) -> None:
    window = make_window()
    for page in (page_at(window, SEGMENTS), page_at(window, BACK), window.open_page("customer")):
        settle()
        for made in page.findChildren(QPushButton):
            if made.isVisible():
                assert made.focusPolicy() & Qt.FocusPolicy.TabFocus, made.text()
                assert made.text().strip() or made.accessibleName()


@pytest.mark.parametrize("percent", (80, 200))
@pytest.mark.parametrize("tab", (RISK, DUE, BACK, SEGMENTS))
def test_no_list_is_cut_off_sideways(make_window: MakeWindow, tab: int, percent: int) -> None:
    page = page_at(make_window(settings=Settings(text_percent=percent)), tab)
    area = page.findChild(QScrollArea)
    assert area.widget().width() <= area.viewport().width()


# -- words --


def test_days_are_told_as_people_do() -> None:
    assert ago_words(TODAY, TODAY) == "hoy"
    assert ago_words(TODAY - timedelta(days=1), TODAY) == "ayer"
    assert ago_words(TODAY - timedelta(days=96), TODAY) == "hace 3 meses"
    assert soon_words(TODAY + timedelta(days=1), TODAY) == "mañana"
    assert soon_words(TODAY + timedelta(days=2), TODAY) == "dom 22"
    assert soon_words(TODAY + timedelta(days=10), TODAY) == "30 nov"
    due = make_outlook(0).due[0]
    assert around_words(due, TODAY) == "hoy, ±2 días"
    assert text.around_day(TODAY, TODAY, TODAY + timedelta(days=727), TODAY) == "hoy, o mucho después"
    assert text.near_day(TODAY - timedelta(days=342), TODAY).endswith(str(TODAY.year - 1))
    assert around_words(replace(due, lo=due.day, hi=due.day), TODAY) == "hoy"


def test_scores_are_told_by_the_method_in_use() -> None:
    used = ModelScore("boosting", (("precision", 0.79), ("accuracy", 0.9)), is_used=True)
    other = ModelScore("rhythm", (("precision", 0.3),))
    assert score_words("churn", (other, used)) == "De 10 que dijo que no volvían, 8 no volvieron."
    assert score_words("churn", (other,)) == ""
    assert use_words(()) == ""


def test_months_without_a_change_are_one_stay() -> None:
    loyal, lost = CustomerSegment.LOYAL, CustomerSegment.LOST
    days = [TODAY - timedelta(days=30 * n) for n in range(4, 0, -1)]
    assert stays_of(list(zip(days, (loyal, loyal, lost, lost), strict=True))) == [
        (days[0], loyal),
        (days[2], lost),
    ]
    assert stays_of(()) == []


def test_stake_is_what_a_year_of_them_brings() -> None:
    rows = make_rows(make_book().customers, make_book().outlooks)
    leaving = to_win_back(rows)
    assert [row.customer_id for row in leaving] == [10, 12, 11]
    assert leaving[0].stake_cents == make_outlook(9).lifetime.simple_cents  # type: ignore[union-attr]
    assert CustomerRow(make_customer(0), None, "").stake_cents == 0
    assert isinstance(FakeShop().read_customers(), tuple) and NOW.date() == TODAY
