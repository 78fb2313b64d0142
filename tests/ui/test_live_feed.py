"""The live feed: why in place, silence and its undo, by mouse and by keyboard, kept when it is read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget

from colmado_insights.analytics.results import LiveInsight, LiveType
from colmado_insights.config import Settings
from colmado_insights.domain import Reason, Snooze
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.live_feed import LiveFeed
from tests.ui.fake_shop import NOW, make_live

Asked = list[tuple[str, ...]]
MENU = pytest.mark.qt_log_ignore("This plugin does not support")  # raising, grabbing: said offscreen only


@pytest.fixture
def feed(apply: Callable[[Settings], Look], close_later: Callable[[QWidget], None]) -> Iterator[LiveFeed]:
    made = LiveFeed(apply(Settings()))
    close_later(made)
    made.show_insights(make_live(), is_live=True)
    made.show()
    QApplication.processEvents()
    return made


def words_of(widget: QWidget) -> str:
    for _turn in range(2):  # rows made anew are shown a turn later
        QApplication.processEvents()
    found = [made.text() for made in widget.findChildren(QLabel) if made.isVisibleTo(widget)]
    return "\n".join(found).replace("\u00a0", " ")


def find_button(widget: QWidget, words: str) -> QPushButton:
    QApplication.processEvents()
    return next(
        made for made in widget.findChildren(QPushButton) if made.text() == words and made.isVisibleTo(widget)
    )


def test_why_holds_numbers_days_confidence_and_until_when(feed: LiveFeed) -> None:
    assert "25 compras en la última hora" not in words_of(feed)
    find_button(feed.rows[0], "¿por qué?").click()
    words = words_of(feed)
    for piece in (
        "25 compras en la última hora",
        "Comparado con los últimos 6 viernes con ventas.",
        "Muy seguro.",
        "vale hasta las 5:52 p. m.",
    ):
        assert piece in words
    find_button(feed.rows[0], "¿por qué?").click()
    assert "Muy seguro." not in words_of(feed)


def test_what_was_unfolded_stays_so_when_read_again(feed: LiveFeed) -> None:
    find_button(feed.rows[0], "¿por qué?").click()
    find_button(feed, "y 1 aviso más").click()
    later = tuple(replace(live, expires_at=live.expires_at + timedelta(minutes=1)) for live in make_live())
    feed.show_insights(later, is_live=True)
    assert "25 compras en la última hora" in words_of(feed)
    assert len(feed.rows) == 4
    feed.rows[0].turn_why()
    feed.show_insights(later, is_live=True)
    assert "25 compras en la última hora" not in words_of(feed)


@MENU
def test_menu_is_reached_and_used_by_keyboard(feed: LiveFeed) -> None:
    asked: Asked = []
    feed.snooze_asked.connect(lambda *words: asked.append(words))
    mute = feed.rows[1].mute_button
    assert mute.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert "Callar este aviso: Salida del trabajo" in mute.accessibleName()
    QTest.keyClick(mute, Qt.Key.Key_Space)
    menu = feed.rows[1].findChild(QMenu)
    assert menu is not None
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Por una hora", "Por hoy", "Por una semana", "Todos los de este tipo, por hoy",
    ]  # fmt: skip
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert asked == [("product_demand", "after_work", "today")]


@MENU
def test_a_whole_type_can_be_silenced(feed: LiveFeed) -> None:
    asked: Asked = []
    feed.snooze_asked.connect(lambda *words: asked.append(words))
    menu = feed.rows[0].open_menu()
    menu.actions()[-1].trigger()
    menu.close()
    assert asked == [("traffic", "", "today")]


def test_the_clock_cannot_be_silenced(feed: LiveFeed) -> None:
    clock = LiveInsight(
        LiveType.CLOCK, "clock", Reason.of("clock_jumped", now_at=0, last_sale_at=90_000), ("check_clock",), 1.0,
        NOW, NOW + timedelta(hours=1),
    )  # fmt: skip
    feed.show_insights((clock,), is_live=True)
    QApplication.processEvents()
    assert not feed.rows[0].mute_button.isVisibleTo(feed)


def test_silent_ones_stand_below_with_their_undo(feed: LiveFeed) -> None:
    woken: Asked = []
    feed.wake_asked.connect(lambda *words: woken.append(words))
    sleeping = (
        Snooze("traffic", "busy", NOW + timedelta(hours=1)),
        Snooze("product_demand", "", (NOW + timedelta(days=1)).replace(hour=0, minute=0)),
    )
    feed.show_insights((), is_live=True, snoozes=sleeping)
    words = words_of(feed)
    assert "Callado: Mucha gente, hasta las 6:22 p. m." in words
    assert "Callado: Lo que van a pedir, hasta el sáb 21 nov" in words
    find_button(feed, "Deshacer").click()
    assert woken == [("traffic", "busy")]


@MENU
def test_home_silences_and_undoes(make_window: Callable[..., MainWindow]) -> None:
    page = make_window().open_page("home")
    feed = page.findChild(LiveFeed)
    assert feed is not None
    QTest.keyClick(feed.rows[0].open_menu(), Qt.Key.Key_Return)
    assert page.ctx.shop.read_snoozes(NOW) == (Snooze("traffic", "busy", NOW + timedelta(hours=1)),)
    words = words_of(page)
    assert "Más gente que lo normal" not in words
    assert "Callado: Mucha gente, hasta las 6:22 p. m." in words
    undo = find_button(page, "Deshacer")
    assert page.window().focusWidget() is undo
    undo.click()
    assert page.ctx.shop.read_snoozes(NOW) == ()
    assert "Más gente que lo normal" in words_of(page)
