"""Notices reach the owner in the corner of the window, one after the other, and only when they are wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSystemTrayIcon

from colmado_insights.config import Settings
from colmado_insights.ui import notices
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.notices import Notices
from colmado_insights.ui.widgets.toast import Toast
from tests.ui.fake_shop import make_live

MakeWindow = Callable[..., MainWindow]


@pytest.fixture(autouse=True)
def no_tray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))


def toasts(window: MainWindow) -> list[str]:
    """The words of the notices that stand in the corner."""
    QApplication.processEvents()
    return [
        "\n".join(made.text() for made in toast.findChildren(QLabel))
        for toast in window.findChildren(Toast)
        if toast.isVisible()
    ]


@pytest.mark.qt_log_ignore("This plugin does not support")  # raising a window: said offscreen only
def test_a_notice_stands_in_the_corner_and_leads_home(make_window: MakeWindow) -> None:
    window = make_window()
    window.open_page("settings")
    window.context.shop.notices = make_live()[:1]  # type: ignore[attr-defined]
    made = Notices(window)
    made.look()
    (words,) = toasts(window)
    assert "Más gente que lo normal" in words
    assert "Abre la segunda caja." in words
    toast = window.findChild(Toast)
    assert toast is not None
    assert window.rect().contains(toast.geometry())
    window.resize(1000, 700)
    QApplication.processEvents()
    assert window.rect().contains(toast.geometry())
    next(b for b in toast.findChildren(QPushButton) if b.text() == "Ver en Inicio").click()
    assert window.page.NAME == "home"
    assert toasts(window) == []
    made.stop()


def test_several_come_one_after_the_other(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "APART_MS", 0)
    window = make_window()
    made = Notices(window)
    made.push(make_live()[:2])
    assert len(toasts(window)) >= 1
    for _turn in range(5):
        QApplication.processEvents()
    assert len(toasts(window)) == 2
    made.stop()


def test_new_sales_are_looked_at_and_off_is_off(make_window: MakeWindow) -> None:
    window = make_window(settings=Settings(push_notices=False))
    made = Notices(window)
    window.context.shop.notices = make_live()[:1]  # type: ignore[attr-defined]
    window.context.tasks.data_changed.emit(frozenset({"sales"}))
    assert toasts(window) == []
    made.stop()
    wanted = make_window()
    made = Notices(wanted)
    wanted.context.shop.notices = make_live()[:1]  # type: ignore[attr-defined]
    wanted.context.tasks.data_changed.emit(frozenset({"answers"}))
    assert toasts(wanted) == []
    wanted.context.tasks.data_changed.emit(frozenset({"sales"}))
    assert len(toasts(wanted)) == 1
    made.stop()


def test_trouble_is_nobodys_trouble(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    window = make_window()

    def fail(_now: Any) -> None:
        raise ZeroDivisionError("notices fail")

    monkeypatch.setattr(window.context.shop, "take_notices", fail)
    made = Notices(window)
    made.look()
    assert toasts(window) == []
    made.stop()


def test_the_desktop_shows_it_where_there_is_a_place(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[str, str]] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _tray: None)
    monkeypatch.setattr(
        QSystemTrayIcon, "showMessage", lambda _tray, what, line, *_rest: shown.append((what, line))
    )
    window = make_window()
    made = Notices(window)
    made.push(make_live()[:1])
    assert shown == [("Más gente que lo normal", "Abre la segunda caja.")]
    assert toasts(window) == []
    made.stop()
