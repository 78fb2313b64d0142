"""The window: going places by rail, keys and the quick list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QWidget

from colmado_insights.config import Settings
from colmado_insights.ui.dialogs.quick_open import Jump, matching
from colmado_insights.ui.jumps import jumps_of
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.pages import PAGES, RAIL_PAGES
from colmado_insights.ui.widgets.rail import KEYS as RAIL_KEYS
from tests.ui.test_pages import settle

MakeWindow = Callable[..., MainWindow]


def send(window: MainWindow, key: str, qtbot: Any) -> None:
    """Activate the shortcut of that name."""
    found = [made for made in window.findChildren(QShortcut) if made.key() == QKeySequence(key)]
    assert len(found) == 1, key
    found[0].activated.emit()


def test_rail_lists_every_page_in_order(make_window: MakeWindow) -> None:
    window = make_window()
    names = [made.text().strip() for made in window._rail.buttons]
    assert names == [
        "Inicio",
        "Qué hacer",
        "Preguntar",
        "Segmentos",
        "Clientes",
        "Patrones",
        "Pronóstico",
        "Productos",
        "Precios",
        "Canastas",
        "Importar",
        "Reportes",
        "Ajustes",
    ]


@pytest.mark.parametrize("place", range(len(RAIL_KEYS)))
def test_number_keys_open_pages(make_window: MakeWindow, qtbot: Any, place: int) -> None:
    window = make_window()
    window.open_page("home")
    send(window, RAIL_KEYS[place], qtbot)
    assert window.page.NAME == RAIL_PAGES[place].NAME
    assert window._rail.buttons[place].isChecked()


def test_escape_leads_home_and_f5_reads_again(make_window: MakeWindow, qtbot: Any) -> None:
    window = make_window("empty")
    window.open_page("segments")
    window.context.shop.mood = "small"  # type: ignore[attr-defined]
    send(window, "F5", qtbot)
    assert window.page.state.state == "result"
    send(window, "Esc", qtbot)
    assert window.page.NAME == "home"


@pytest.mark.usefixtures("with_charts")
def test_badge_counts_what_waits(make_window: MakeWindow, qtbot: Any) -> None:
    window = make_window()
    window.open_page("home")
    qtbot.waitUntil(lambda: window._rail.buttons[1]._badge.text() == "3")


def test_foot_says_how_fresh_the_data_are(make_window: MakeWindow) -> None:
    window = make_window(settings=Settings(shop_name="Colmado La Esquina"))
    window.load_foot()
    assert "hace 2" in window._rail._foot.text()
    assert "Respaldo: hace 5 h" in window._rail._foot.text()
    assert "Colmado La Esquina" in window._rail._foot.text()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("pronostico", "Pronóstico"),
        ("PRO", "Pronóstico"),
        ("excel dia", "Reporte del día en Excel"),
        ("manan", "Mañaneros"),
    ],
)
def test_quick_list_forgives_accents_and_order(make_window: MakeWindow, typed: str, first: str) -> None:
    window = make_window()
    window.open_page("segments")
    assert matching(jumps_of(window), typed)[0].words == first


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_quick_list_acts_on_enter(make_window: MakeWindow, qtbot: Any) -> None:
    window = make_window()
    window.open_page("home")
    dialog = window.open_search()
    dialog.line.setText("ajus")
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    assert window.page.NAME == "settings"


def test_quick_list_says_when_nothing_fits() -> None:
    assert matching([Jump("Inicio", "página", "house", print)], "zzz") == []


def test_files_may_be_dropped_anywhere(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    window.open_page("home")
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(tmp_path / "ventas.csv")), QUrl("https://example.org/x.csv")])
    button, key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(5, 5), copy, carried, button, key)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(QDropEvent(QPointF(5, 5), copy, carried, button, key))
    assert window.page.NAME == "imports"
    page: Any = window.page
    assert page.waiting.paths == (tmp_path / "ventas.csv",)
    assert window.context.shop.imported == [], "nothing comes in before its owner has seen it"  # type: ignore[attr-defined]


def test_page_without_a_place_marks_its_parent(make_window: MakeWindow) -> None:
    window = make_window()
    page = window.open_page("quarantine")
    assert window._top._title.text() == "Por revisar"
    assert [made.text().strip() for made in window._rail.buttons if made.isChecked()] == ["Importar"]
    assert [made._badge.text() for made in window._rail.buttons if made.isChecked()] == ["15"]
    assert page.PARENT == "imports"


def test_language_changes_at_once(make_window: MakeWindow, qtbot: Any) -> None:
    window = make_window()
    window.open_page("settings")
    window.change_settings(Settings(language="en", text_percent=125))
    qtbot.waitUntil(lambda: window.context.look.percent == 125)
    assert window.page.NAME == "settings"


def test_help_opens_and_closes(make_window: MakeWindow) -> None:
    window = make_window()
    window.open_page("home")
    dialog = window.open_help()
    assert dialog.isVisible()
    dialog.close()


def test_window_with_real_threads_comes_to_rest(make_window: MakeWindow, tasks: Any, qtbot: Any) -> None:
    window = make_window(tasks=tasks)
    for page in PAGES:
        window.open_page(page.NAME)
        qtbot.waitUntil(lambda: window.page.state.state == "result", timeout=20_000)
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=20_000)


@pytest.mark.parametrize("page", [page.NAME for page in PAGES])
def test_whatever_the_keyboard_reaches_has_a_name(make_window: MakeWindow, page: str) -> None:
    window = make_window()
    window.open_page(page)
    settle()
    nameless = [
        (type(each).__name__, type(each.parent()).__name__)
        for each in window.findChildren(QWidget)
        if each.isVisible()
        and not isinstance(each.parent(), QAbstractSpinBox)  # the box has the name
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (each.accessibleName() or (isinstance(each, QAbstractButton) and each.text().strip()))
    ]
    assert nameless == []


def test_large_words_still_fit_a_low_screen(make_window: MakeWindow) -> None:
    window = make_window(settings=Settings(text_percent=200))
    rail = window._rail
    settle()
    assert window.height() == 768
    assert rail._mark.isVisible() and not rail._foot.isVisible()
    window.resize(1366, 700)
    settle()
    assert window.height() == 700, "a taskbar takes its part of the screen"
    assert not rail._mark.isVisible()
    for page in ("home", "settings"):  # not all pages stand at once: the rail goes to where one is
        window.open_page(page)
        settle()
        marked = next(made for made in rail.buttons if made.isChecked())
        assert marked.visibleRegion().boundingRect().height() == marked.height()
    rail.buttons[3].setFocus()
    settle()
    assert rail.buttons[3].visibleRegion().boundingRect().height() == rail.buttons[3].height()
