"""Every page: on an empty shop, a small one, one without sales today, and a failing analysis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget

from colmado_insights.analytics.results import Driver, Verdict
from colmado_insights.config import Settings
from colmado_insights.domain import Category, ImportReport, Preview, Reason, Subject, Target
from colmado_insights.errors import UnreadableFile
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages import PAGES
from colmado_insights.ui.pages.page import Page
from colmado_insights.ui.periods import PeriodKind, period_of
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.bad_group_card import BadGroupCard
from colmado_insights.ui.widgets.day_numbers import day_cards, why_words
from colmado_insights.ui.widgets.import_result import report_chips, report_sentence
from tests.ui.fake_shop import NOW, TODAY, FakeShop, make_day

NAMES = [page.NAME for page in PAGES]
NEVER_EMPTY = {"imports", "settings", "quarantine", "grok", "experiments"}  # what they offer needs no sales
NEVER_FAILING = {"settings"}
MakeWindow = Callable[..., MainWindow]


def settle() -> None:
    """Let the event loop turn: new parts appear with it, charts are drawn, and what follows them."""
    for _turn in range(6):
        QApplication.processEvents()


def words_of(widget: QWidget) -> str:
    """Everything that can be read on a widget."""
    settle()
    labels = [made.text() for made in widget.findChildren(QLabel) if made.isVisibleTo(widget)]
    buttons = [made.text() for made in widget.findChildren(QPushButton) if made.isVisibleTo(widget)]
    return "\n".join(labels + buttons).replace("\u00a0", " ")


def press(widget: QWidget, words: str) -> None:
    settle()
    found = [
        made for made in widget.findChildren(QPushButton) if made.text().strip() == words and made.isVisible()
    ]
    assert found, f"no button says {words}"
    found[0].click()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mood", ("small", "closed"))
def test_page_shows_its_result(make_window: MakeWindow, name: str, mood: str) -> None:
    page = make_window(mood).open_page(name)
    assert page.state.state == "result"
    assert words_of(page).strip()


@pytest.mark.parametrize("name", NAMES)
def test_empty_shop_leads_somewhere(make_window: MakeWindow, name: str) -> None:
    page = make_window("empty").open_page(name)
    if name in NEVER_EMPTY:
        assert page.state.state == "result"
    else:
        assert page.state.state == "message"
        assert "Traer mis ventas" in words_of(page)
        assert "colmado de muestra" in words_of(page)


@pytest.mark.parametrize("name", NAMES)
def test_failing_analysis_says_what_to_do(make_window: MakeWindow, name: str) -> None:
    page = make_window("failing").open_page(name)
    if name in NEVER_FAILING:
        assert page.state.state == "result"
        return
    assert page.state.state == "message"
    assert "Intentar de nuevo" in words_of(page)
    assert "ZeroDivisionError" not in words_of(page)


@pytest.mark.parametrize("name", NAMES)
def test_trouble_is_over_when_the_retry_works(make_window: MakeWindow, name: str) -> None:
    window = make_window("failing")
    page = window.open_page(name)
    window.context.shop.mood = "small"  # type: ignore[attr-defined]
    if page.state.state == "message":
        press(page, "Intentar de nuevo")
    assert page.state.state == "result"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("percent", (80, 100, 150, 200))
def test_nothing_is_cut_off_sideways(make_window: MakeWindow, name: str, percent: int, qapp: Any) -> None:
    page = make_window(settings=Settings(text_percent=percent)).open_page(name)
    qapp.processEvents()
    if name == "imports":  # at its widest: files wait, and the columns of one can be changed
        page.bring_files([Path("tabla.csv"), Path("foto.png")])  # type: ignore[attr-defined]
        press(page, "Cambiar columnas…")
        qapp.processEvents()
    if name == "quarantine":  # the fix that asks for a value needs the most room
        card = page.findChildren(BadGroupCard)[0]
        card.choice.set_index(3)
        card._show_fix()
        qapp.processEvents()
    area = page.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    assert area.widget().width() <= area.viewport().width()


@pytest.mark.parametrize("theme", ("light", "dark"))
@pytest.mark.parametrize("language", ("es", "en"))
def test_pages_open_in_every_theme_and_language(make_window: MakeWindow, theme: str, language: str) -> None:
    window = make_window(settings=Settings(theme=theme, language=language))
    for name in NAMES:
        assert window.open_page(name).state.state == "result"


def test_page_reads_again_when_its_data_changed(make_window: MakeWindow) -> None:
    window = make_window("empty")
    page = window.open_page("segments")
    window.context.shop.mood = "small"  # type: ignore[attr-defined]
    window.context.tasks.data_changed.emit(frozenset({"weather"}))
    assert page.state.state == "message"
    window.context.tasks.data_changed.emit(frozenset({"sales"}))
    assert page.state.state == "result"


def test_hidden_page_waits_until_it_is_shown(make_window: MakeWindow) -> None:
    window = make_window("empty")
    page = window.open_page("segments")
    window.open_page("settings")
    window.context.shop.mood = "small"  # type: ignore[attr-defined]
    window.context.tasks.data_changed.emit(frozenset({"sales"}))
    assert page.state.state == "message"
    window.open_page("segments")
    assert page.state.state == "result"


# -- home --


def test_words_for_days_follow_the_clock_over_midnight(make_window: MakeWindow) -> None:
    """A till's PC is not switched off: the next morning, yesterday is another day."""
    now = [NOW]
    window = make_window(clock=lambda: now[0])
    page: Any = window.open_page("home")
    press(window, "Ayer")
    assert page._period.last == NOW.date() - timedelta(days=1)
    now[0] += timedelta(days=1)
    page.load()
    assert page._period.last == NOW.date()
    press(window, "Esta quincena")
    press(window, "Hoy")
    assert page._period.last == NOW.date() + timedelta(days=1)


def test_home_says_how_the_day_goes(make_window: MakeWindow) -> None:
    words = words_of(make_window().open_page("home"))
    assert "RD$ 18,450" in words
    assert "▲ 22 %" in words
    assert "= como siempre" in words
    assert "lo normal: RD$ 15,100" in words


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.LESS, "menos clientes que lo normal: 148"),
        (Verdict.MORE, "más clientes que lo normal: 148"),
        (Verdict.AS_USUAL, "lo normal: 148"),
    ],
)
def test_fewer_customers_only_when_it_is_beyond_noise(
    apply: Callable[[Settings], Look], verdict: Verdict, words: str
) -> None:
    day = replace(make_day(), verdict_receipts=verdict)
    _sold, customers, _basket, _left = day_cards(apply(Settings()), day, is_live=True)
    shown = [label.text() for label in customers.findChildren(QLabel)]
    assert words in shown
    assert ("▼" in "".join(shown)) is (verdict is Verdict.LESS)


def test_why_says_what_a_pay_day_makes_of_a_normal_day() -> None:
    parts = (Driver(Reason.of("payday"), 320_000), Driver(Reason.of("eve"), 900))
    like = Reason.of("normal_like", weekday=5, pay_phase="payday", holiday="", days=84)
    words = why_words(replace(make_day(), normal=like, parts=parts))
    assert words.splitlines() == [
        "Comparado con los viernes de quincena: lo que se aprendió de 84 días con ventas.",
        "Quincena: +RD$ 3,200",
    ]
    assert why_words(replace(make_day(), normal=None)) == ""


def test_home_shows_the_last_day_with_sales_and_says_so(make_window: MakeWindow) -> None:
    words = words_of(make_window("closed").open_page("home"))
    assert "Hoy todavía no hay ventas" in words
    assert "jueves 19 de noviembre" in words


@pytest.mark.parametrize("kind", ("this_fortnight", "last_fortnight", "this_month"))
def test_home_compares_a_stretch_with_what_is_normal_for_it(make_window: MakeWindow, kind: str) -> None:
    page: Any = make_window().open_page("home")
    page.control.period_changed.emit(period_of(PeriodKind(kind), TODAY))
    words = words_of(page)
    assert "lo normal:" in words and "mes pasado:" in words
    assert "= como siempre" in words and " más" in words and " menos" in words
    assert "Mejor día" in words
    assert "Ahora mismo" not in words
    page.control.period_changed.emit(period_of(PeriodKind.TODAY, TODAY))
    assert "Ahora mismo" in words_of(page)


@pytest.mark.usefixtures("with_charts")
def test_answer_to_an_advice_is_kept(make_window: MakeWindow) -> None:
    window = make_window()
    press(window.open_page("home"), "Hecho")
    assert window.context.shop.answers == [("advice 0", True)]  # type: ignore[attr-defined]


def test_insights_say_what_to_do_and_the_rest_on_demand(make_window: MakeWindow) -> None:
    page = make_window().open_page("home")
    words = words_of(page)
    for piece in (
        "Más gente que lo normal",
        "Abre la segunda caja.",
        "hasta las 5:52 p. m.",
        "Salida del trabajo",
    ):
        assert piece in words
    assert "Buen día por delante" not in words
    press(page, "y 1 aviso más")
    assert "Buen día por delante" in words_of(page)
    press(page, "¿por qué?")
    assert "25 compras en la última hora" in words_of(page)


def test_reason_unfolds_in_place(make_window: MakeWindow) -> None:
    page = make_window().open_page("home")
    before = len(words_of(page))
    press(page, "¿Por qué es normal?")
    assert len(words_of(page)) > before


@pytest.mark.usefixtures("with_charts")
def test_chart_that_cannot_be_drawn_says_so_and_holds_nothing_up(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> None:
        raise ZeroDivisionError("a chart fails")

    monkeypatch.setattr("colmado_insights.charts.day_chart", fail)
    page: Any = make_window().open_page("home")
    words = words_of(page)
    assert page._chart._has_failed
    assert "RD$ 18,450" in words
    assert "Hecho" in words


# -- forecast --


@pytest.mark.usefixtures("with_charts")
def test_best_day_is_explained_and_others_on_demand(make_window: MakeWindow) -> None:
    page: Any = make_window().open_page("forecast")
    first = words_of(page)
    assert "Por qué el viernes 27 se venderán RD$ 20,600" in first
    assert "9 %" in first
    assert "Un día corriente" in first
    assert page._chart._mark == 14 - 7
    page._step(1)
    assert "Por qué el sábado 28" in words_of(page)
    assert page._chart._mark == 14 - 8
    page._chart.picked.emit(page._chart.count_points() - 14)
    assert "Por qué el viernes 20" in words_of(page)
    page._chart.picked.emit(0)
    assert "Por qué el viernes 20" in words_of(page), "a day gone by is not explained"
    assert "El viernes 20, por hora" in words_of(page)
    press(page, "Ver semana por semana")
    window = page.window()
    assert window.page.NAME == "models"


def test_forecast_of_customers(make_window: MakeWindow) -> None:
    window = make_window()
    page: Any = window.open_page("forecast")
    page.target_switch.chosen.emit(1)
    assert "vendrán" in words_of(page)
    assert "Clientes por día" in words_of(page)


def test_forecast_of_a_category_and_of_a_product(make_window: MakeWindow) -> None:
    window = make_window()
    page: Any = window.open_page("forecast")
    page.subject_picker.choose("alcohol")
    assert page.ctx.shop.told[-1] == ("forecast", Subject(Target.REVENUE, category=Category.ALCOHOL), 14)
    assert "Lo que hace falta tener" in words_of(page)
    page.target_switch.chosen.emit(1)
    assert page.ctx.shop.told[-1] == ("forecast", Subject(Target.UNITS, category=Category.ALCOHOL), 14)
    assert "unidades" in words_of(page)
    page.subject_picker.choose("product")
    assert window.page.NAME == "products"
    assert page.subject_picker.text() == "Cerveza y ron", "the choice stays what it was"
    products: Any = window.page
    products.table.choose([products.table.rows.shown[0].product_id])
    press(products, "Cuánto se venderá")
    assert window.page is page
    assert page.ctx.shop.told[-1] == ("forecast", Subject(Target.UNITS, product_id=1), 14)
    assert not page.target_switch.isEnabled()
    page.subject_picker.choose("")
    assert page.ctx.shop.told[-1] == ("forecast", Subject(Target.REVENUE), 14)
    assert "por hora" in words_of(page)


# -- models --


def test_models_say_how_the_forecast_did(make_window: MakeWindow) -> None:
    page: Any = make_window().open_page("models")
    words = words_of(page)
    assert "12 %" in words
    assert "menos que repetir la semana anterior: 20 %" in words
    assert "en uso" in words
    assert "Desde el jue 22 oct: regresión con calendario y árboles con calendario" in words
    assert "pronosticado en su momento" in words
    page.target_switch.chosen.emit(1)
    assert page.state.state == "result"
    page.back.click()
    assert page.window().page.NAME == "forecast"


# -- imports --


def test_imported_files_are_accounted_for_in_words(make_window: MakeWindow) -> None:
    window = make_window()
    page: Any = window.open_page("imports")
    page.bring_files([Path("ventas.csv")])
    press(page, "Traer")
    words = words_of(page)
    assert "Entraron 48 compras" in words
    for part in ("100 filas nuevas", "10 ya estaban", "3 corregidas", "2 anuladas", "5 por revisar"):
        assert part in words
    press(page, "Ver Inicio")
    assert window.page.NAME == "home"


def test_trouble_of_reading_stands_in_place(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: FakeShop, paths: Any, progress: Any, choices: Any = None) -> tuple[Preview, ...]:
        raise UnreadableFile("Eso es una foto.", "Elige el archivo de ventas.")

    monkeypatch.setattr(FakeShop, "preview_files", refuse)
    page: Any = make_window().open_page("imports")
    page.bring_files([Path("foto.png")])
    assert "Eso es una foto. Elige el archivo de ventas." in words_of(page)
    assert page.drop.isEnabled()


def test_undo_asks_in_place_first(make_window: MakeWindow) -> None:
    window = make_window()
    page = window.open_page("imports")
    press(page, "Deshacer")
    assert window.context.shop.undone == []  # type: ignore[attr-defined]
    press(page, "Sí, deshacer")
    assert window.context.shop.undone == [2]  # type: ignore[attr-defined]


def test_sample_shop_fills_an_empty_one(make_window: MakeWindow) -> None:
    window = make_window("empty")
    page = window.open_page("imports")
    press(page, "Abrir el colmado de muestra")
    settle()
    assert window.page is window.open_page("home")
    assert window.page.state.state == "result"
    assert "toca Deshacer en uno de sus archivos, aquí abajo" in words_of(window.open_page("imports"))
    assert window.page is page


def test_report_of_a_file_seen_before() -> None:
    report = ImportReport("a.csv", "generic", rows_read=9, unchanged=9)
    assert report_sentence(report) == "Todo esto ya estaba: no se duplicó nada."
    assert [words for words, _tone in report_chips(report)] == ["9 ya estaban"]


# -- reports --


@pytest.mark.parametrize(
    ("kind", "suffix"), [("day", ".xlsx"), ("segments", ".pdf"), ("customers", ".xlsx"), ("week", ".png")]
)
def test_reports_are_written_where_the_page_says(
    make_window: MakeWindow, tmp_path: Path, kind: str, suffix: str
) -> None:
    window = make_window()
    page: Any = window.open_page("reports")
    page.folder = tmp_path
    page.write(kind, suffix)
    written = window.context.shop.written  # type: ignore[attr-defined]
    assert [name for name, _path in written] == [kind]
    assert written[0][1].exists()
    assert f"Listo: {written[0][1].name}" in words_of(page)
    assert "Escritos hace poco" in words_of(page)


# -- settings --


def test_every_setting_has_a_row(make_window: MakeWindow) -> None:
    words = words_of(make_window().open_page("settings"))
    for label in (
        "Nombre del colmado",
        "Días de cobro",
        "Compra pequeña",
        "Ventana",
        "Idioma",
        "Tema",
        "Tamaño",
    ):
        assert label in words


def test_setting_is_applied_at_once(make_window: MakeWindow, qtbot: Any) -> None:
    window = make_window()
    page: Any = window.open_page("settings")
    press(page, "Oscuro")
    qtbot.waitUntil(lambda: window.context.look.palette.is_dark)
    assert window.page.NAME == "settings"
    assert window.context.shop.settings.theme == "dark"


def test_bad_setting_is_refused(make_window: MakeWindow) -> None:
    window = make_window()
    page: Any = window.open_page("settings")
    page.change("pay_days", (0, 99))
    assert window.settings.pay_days == (15, 30)


def test_mouse_over_hours_does_no_harm(make_window: MakeWindow, qtbot: Any) -> None:
    page: Page = make_window().open_page("home")
    chart = page._chart  # type: ignore[attr-defined]
    for x in range(0, chart.width(), 40):
        qtbot.mouseMove(chart, QPoint(x, 100))
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
