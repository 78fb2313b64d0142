"""Newer versions in the window: told calmly, installed only when asked, and a cashier is asked nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from colmado_insights import config, updates
from colmado_insights.config import Settings
from colmado_insights.domain import Role
from colmado_insights.errors import DiskFull
from colmado_insights.ui.dialogs.new_version import NewVersion
from colmado_insights.ui.dialogs.version_news import VersionNews
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.widgets.version_bar import VersionBar
from colmado_insights.ui.widgets.version_card import VersionCard
from colmado_insights.updates import Program, Release, Version, read_release
from colmado_insights.updates.memory import change_memory
from colmado_insights.updates.places import downloads
from colmado_insights.updates.releases import parse_name
from tests.grok_server import dripping, html
from tests.ui.fake_shop import NOW
from tests.ui.test_pages import press, settle, words_of
from tests.updates.release_files import LINUX, NEW, OWN, PORTABLE, WINDOWS, Kind, make_release
from tests.updates.release_server import LATEST, ReleaseServer

MakeWindow = Callable[..., MainWindow]


@pytest.fixture(autouse=True)
def program(monkeypatch: pytest.MonkeyPatch) -> Callable[[Program], None]:
    """Be the installed program on Windows, or another one."""

    def be(program: Program) -> None:
        monkeypatch.setattr(updates, "this_program", lambda: program)

    be(WINDOWS)
    return be


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was done to install, in order; nothing is started and nothing closes."""
    done: list[Any] = []
    monkeypatch.setattr(updates, "start_setup", lambda release, _program: done.append(release.path))
    monkeypatch.setattr(QApplication, "closeAllWindows", staticmethod(lambda: done.append("closed")))
    monkeypatch.setattr(QApplication, "quit", staticmethod(lambda: done.append("quit")))
    return done


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ReleaseServer]:
    with ReleaseServer(tmp_path / "published") as made:
        made.publish()
        yield made


def with_backup(window: MainWindow, done: list[Any], error: Exception | None = None) -> None:
    def write() -> Path:
        if error is not None:
            raise error
        done.append("backup")
        return Path()

    window.context.shop.write_backup = write  # type: ignore[method-assign]


def bar_of(window: MainWindow) -> VersionBar:
    settle()
    return [made for made in window.findChildren(VersionBar) if made.window() is window][-1]


def said(window: MainWindow) -> str:
    bar = bar_of(window)
    return words_of(bar) if bar.isVisible() else ""


def dialog_of(window: MainWindow, kind: type[QWidget] = NewVersion) -> Any:
    settle()
    found = [made for made in window.findChildren(kind) if made.isVisible()]
    return found[-1] if found else None


def card_of(window: MainWindow) -> VersionCard:
    page = window.open_page("settings")
    settle()
    card = page.findChild(VersionCard)
    assert card is not None
    return card


def button_of(widget: QWidget, words: str) -> QPushButton:
    return next(made for made in widget.findChildren(QPushButton) if made.text().strip() == words)


# -- the line --


def test_nothing_new_takes_no_room(make_window: MakeWindow) -> None:
    window = make_window()
    window.updates.look()
    assert not bar_of(window).isVisible()


def test_a_version_that_lies_here_is_told_and_opened(make_window: MakeWindow) -> None:
    make_release(config.downloads_folder())
    window = make_window()
    window.updates.look()
    assert "Hay una versión nueva: 0.2.0" in said(window)
    press(bar_of(window), "Ver qué trae")
    dialog = dialog_of(window)
    assert "Versión 0.2.0" in words_of(dialog)
    assert "Tienes la 0.1.0" in words_of(dialog)
    assert "copia de respaldo" in words_of(dialog)
    dialog.close()
    assert "Hay una versión nueva" in said(window)


def test_ahora_no_and_omitir_are_remembered(make_window: MakeWindow) -> None:
    make_release(downloads())
    window = make_window(clock=lambda: NOW)
    window.updates.look()
    press(bar_of(window), "Ahora no")
    window.updates.look()
    assert said(window) == ""
    later = make_window(clock=lambda: NOW + timedelta(days=8))
    later.updates.look()
    assert "0.2.0" in said(later)
    press(bar_of(later), "Ver qué trae")
    press(dialog_of(later), "Omitir esta versión")
    assert dialog_of(later) is None
    later.updates.look()
    assert said(later) == ""


def test_the_line_survives_a_change_of_look_and_language(make_window: MakeWindow) -> None:
    make_release(downloads())
    window = make_window()
    window.open_page("reports")
    window.updates.look()
    window.change_settings(replace(window.settings, theme="dark", text_percent=200))
    QTest.qWait(1)
    assert "0.2.0" in said(window)
    bar = bar_of(window)
    for made in bar.findChildren(QPushButton):
        assert bar.rect().contains(made.geometry().translated(made.parentWidget().pos()))


def test_a_cashiers_window_is_told_nothing(make_window: MakeWindow) -> None:
    make_release(downloads())
    window = make_window()
    window.context = replace(window.context, role=Role.CASHIER)
    window.updates.look()
    assert said(window) == ""


def test_what_is_offered_already_is_not_said_again_and_goes_with_its_file(make_window: MakeWindow) -> None:
    path = make_release(downloads())
    window = make_window()
    window.updates.look()
    install = button_of(bar_of(window), "Instalar")
    window.updates.look()
    assert install.isVisible()
    path.unlink()
    window.updates.look()
    assert said(window) == ""


def test_a_look_that_fails_stops_nobody(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(updates, "find_offer", fail)
    window = make_window()
    window.updates.look()
    assert said(window) == ""


def test_the_keyboard_reaches_every_button(make_window: MakeWindow) -> None:
    make_release(downloads())
    window = make_window()
    window.updates.look()
    for made in bar_of(window).findChildren(QPushButton):
        assert made.focusPolicy() & Qt.FocusPolicy.TabFocus
    press(bar_of(window), "Ver qué trae")
    dialog = dialog_of(window)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog_of(window) is None


# -- files --


def drop(window: MainWindow, *paths: Path) -> None:
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, carried, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)


def test_one_dropped_on_the_window_is_no_file_of_sales(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    window.open_page("home")
    drop(window, make_release(tmp_path))
    assert window.page.NAME == "home"
    assert "Versión 0.2.0" in words_of(dialog_of(window))
    assert said(window) == ""


def test_among_files_of_sales_each_goes_its_way(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    sales = tmp_path / "ventas.csv"
    sales.touch()
    window.open_imports().bring_files([make_release(tmp_path), sales])
    assert dialog_of(window) is not None
    assert "ventas.csv" in words_of(window.page)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ColmadoInsights-0.2.0-portable.zip", "no es para esta instalación"),
        ("ColmadoInsights-0.0.5-setup.exe", "más vieja"),
        ("instalador.exe", "con otro nombre"),
    ],
)
def test_a_wrong_file_is_a_sentence_that_can_be_closed(
    make_window: MakeWindow, tmp_path: Path, name: str, words: str
) -> None:
    parsed = parse_name(name)
    version, kind = parsed or (NEW, Kind.SETUP)
    window = make_window()
    drop(window, make_release(tmp_path, kind, version, name))
    assert words in said(window)
    assert dialog_of(window) is None
    bar_of(window).findChildren(QPushButton)[-1].click()
    assert said(window) == ""


# -- installing --


def test_installing_makes_a_backup_starts_the_installer_and_closes(
    make_window: MakeWindow, tmp_path: Path, started: list[Any]
) -> None:
    path = make_release(tmp_path)
    window = make_window()
    with_backup(window, started)
    window.updates.open_file(path)
    assert started == []
    press(dialog_of(window), "Instalar")
    assert started == ["backup", path, "closed", "quit"]


def test_without_a_backup_nothing_is_installed(
    make_window: MakeWindow, tmp_path: Path, started: list[Any]
) -> None:
    window = make_window()
    with_backup(window, started, DiskFull("No hay espacio.", "Borra algo."))
    window.updates.open_file(make_release(tmp_path))
    press(dialog_of(window), "Instalar")
    assert started == []
    assert "No hay espacio. Borra algo." in words_of(dialog_of(window))
    assert button_of(dialog_of(window), "Instalar").isEnabled()


def test_one_that_changed_meanwhile_is_not_installed(
    make_window: MakeWindow, tmp_path: Path, started: list[Any]
) -> None:
    path = make_release(tmp_path)
    window = make_window()
    with_backup(window, started)
    window.updates.open_file(path)
    path.write_bytes(b"evil")
    press(dialog_of(window), "Instalar")
    assert started == []
    assert "no es una versión de Colmado Insights" in words_of(dialog_of(window))


@pytest.mark.parametrize("other", [PORTABLE, LINUX])
def test_where_it_cannot_replace_itself_the_steps_are_shown(
    make_window: MakeWindow, tmp_path: Path, started: list[Any], program: Any, other: Program
) -> None:
    program(other)
    window = make_window()
    with_backup(window, started)
    window.updates.open_file(make_release(tmp_path, other.kind))
    press(dialog_of(window), "Cómo se instala")
    words = words_of(dialog_of(window))
    assert "1. Cierra el programa." in words
    assert "Abrir la carpeta" in words
    assert started == []


def test_an_announced_one_is_fetched_first(
    make_window: MakeWindow, server: ReleaseServer, started: list[Any]
) -> None:
    window = make_window(settings=Settings(look_for_updates=True, releases_url=server.latest))
    with_backup(window, started)
    window.updates.look()
    assert len(server.calls) == 1  # nothing is fetched before the yes
    assert not downloads().exists()
    press(bar_of(window), "Instalar")
    assert started == ["backup", downloads() / "ColmadoInsights-0.2.0-setup.exe", "closed", "quit"]
    assert len(server.calls) == 2


def test_a_download_that_fails_can_be_tried_again(
    make_window: MakeWindow, server: ReleaseServer, started: list[Any]
) -> None:
    window = make_window(settings=Settings(look_for_updates=True, releases_url=server.latest))
    with_backup(window, started)
    page = "/v/ColmadoInsights-0.2.0-setup.exe"
    good = server.pages[page]
    server.pages[page] = html()
    window.updates.look()
    press(bar_of(window), "Ver qué trae")
    assert "Va más rápido." in words_of(dialog_of(window))
    press(dialog_of(window), "Instalar")
    assert "no es igual" in words_of(dialog_of(window)) or "más grande" in words_of(dialog_of(window))
    server.pages[page] = good
    press(dialog_of(window), "Instalar")
    assert started[-1] == "quit"


def test_progress_is_shown_and_can_be_stopped(make_window: MakeWindow) -> None:
    window = make_window()
    release = Release(
        NEW, Kind.SETUP, 78_000_000, "0" * 64, url="https://example.com/x.exe", date=date(2026, 12, 1)
    )
    dialog = window.updates.open_release(release)
    assert "se baja de example.com" in words_of(dialog)
    stopped: list[bool] = []
    dialog.stop_asked.connect(lambda: stopped.append(True))
    dialog.show_work("Bajando", can_stop=True)
    dialog.show_progress(23_000_000, 78_000_000, "Bajando la versión 0.2.0")
    assert "23 de 78 MB" in words_of(dialog)
    press(dialog, "Parar")
    assert stopped == [True]
    dialog.show_offer()
    assert "MB de" not in words_of(dialog)


def test_closing_the_dialog_stops_the_download(
    make_window: MakeWindow, server: ReleaseServer, tasks: Any, qtbot: Any
) -> None:
    server.pages["/v/ColmadoInsights-0.2.0-setup.exe"] = dripping(0.01, b"x")
    window = make_window(settings=Settings(look_for_updates=True, releases_url=server.latest), tasks=tasks)
    window.updates.look()
    qtbot.waitUntil(lambda: "0.2.0" in said(window), timeout=5000)
    press(bar_of(window), "Instalar")
    qtbot.waitUntil(lambda: len(server.calls) == 2, timeout=5000)
    dialog_of(window).close()
    qtbot.waitUntil(lambda: not tasks.is_busy, timeout=5000)
    assert list(downloads().iterdir()) == []


# -- after an upgrade --


def test_the_first_start_of_a_newer_version_says_what_is_new_once(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_memory(ran="0.0.9")
    window = make_window()
    window.updates.start()
    assert "ahora tienes la versión 0.1.0" in said(window)
    press(bar_of(window), "Qué hay de nuevo")
    assert "Qué hay de nuevo en la 0.1.0" in words_of(dialog_of(window, VersionNews))
    assert said(window) == ""
    window.updates.stop()
    again = make_window()
    again.updates.start()
    assert said(again) == ""
    again.updates.stop()


def test_the_first_start_of_all_says_nothing(make_window: MakeWindow) -> None:
    window = make_window()
    window.updates.start()
    assert said(window) == ""
    window.updates.stop()


# -- the card --


def test_the_card_without_an_address(make_window: MakeWindow) -> None:
    card = card_of(make_window())
    words = words_of(card)
    assert "0.1.0" in words
    assert "No se sabe de ninguna más nueva." in words
    assert "Nunca" in words
    assert "vino sin dirección" in words
    assert not card.switch.isEnabled()
    assert not card.look_button.isEnabled()
    assert card.file_button.isEnabled()


def test_consent_is_asked_with_what_is_told(make_window: MakeWindow, server: ReleaseServer) -> None:
    window = make_window(settings=Settings(releases_url=server.latest))
    card = card_of(window)
    assert not card.switch.isChecked()
    assert not card.look_button.isEnabled()
    words = words_of(card)
    assert "127.0.0.1" in words
    assert "nada de tu colmado" in words
    assert "dirección de internet" in words
    window.updates.look()
    assert server.calls == []
    card.switch.click()
    QTest.qWait(1)
    card = card_of(window)
    assert window.settings.look_for_updates
    assert card.look_button.isEnabled()
    window.updates.look()
    assert len(server.calls) == 1
    assert "0.2.0, del martes 1 de diciembre de 2026" in words_of(card)
    assert "ahora mismo" in words_of(card)
    card.switch.click()
    QTest.qWait(1)
    assert not window.settings.look_for_updates
    window.updates.stop()


def test_buscar_ahora_says_what_came_of_it(make_window: MakeWindow, server: ReleaseServer) -> None:
    window = make_window(settings=Settings(look_for_updates=True, releases_url=server.latest))
    card = card_of(window)
    server.publish(OWN)
    card.look_button.click()
    assert "Ya tienes la más nueva." in words_of(card)
    server.pages[LATEST] = html()
    card.look_button.click()
    assert "no es la lista de versiones" in words_of(card)
    assert card.look_button.isEnabled()
    server.publish()
    card.look_button.click()
    assert "Versión 0.2.0" in words_of(dialog_of(window))


def test_the_card_opens_a_file_and_the_news(
    make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    card = card_of(window)
    card.news_button.click()
    assert dialog_of(window, VersionNews) is not None
    window.updates.open_file(make_release(tmp_path))
    assert dialog_of(window) is not None


def test_hostile_news_are_words(make_window: MakeWindow, tmp_path: Path) -> None:
    release = read_release(make_release(tmp_path), WINDOWS)
    news = "<img src='file:///etc/passwd'><b>Hola</b>\n- <a href='x'>y</a>"
    dialog = make_window().updates.open_release(replace(release, notes={"es": news}))
    assert "<b>Hola</b>" in words_of(dialog)


def test_a_version_without_news_has_none() -> None:
    assert updates.read_news(Version(9, 9, 9)) == ""
