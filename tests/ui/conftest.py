"""What the tests of the window share: the look, tasks that run at once, and a clock that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from colmado_insights.config import Settings
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.ui.context import Context
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.style import Look, load_fonts
from colmado_insights.ui.tasks import Lane, Tasks
from tests.ui.fake_shop import NOW, FakeShop


class FakeTasks(QObject):
    """Does the work at once, in the caller's thread; charts, which take longest, only where they are looked at."""

    busy_changed = Signal(bool)
    data_changed = Signal(object)
    is_busy = False
    draws = False

    def __init__(self) -> None:
        super().__init__()
        self.unseen: list[Exception] = []

    def run(
        self,
        work: Callable[[Progress], Any],
        *,
        owner: QObject,
        done: Callable[[Any], None],
        error: Callable[[Exception], None] | None = None,
        progress: Callable[[int, int, str], None] | None = None,
        cancelled: Callable[[], None] | None = None,
        key: str = "",
        changes: frozenset[str] = frozenset(),
        lane: Lane | None = None,
    ) -> Progress:
        handle = Progress(progress)
        if lane is Lane.DRAW and not self.draws:
            return handle
        try:
            result = work(handle)
        except Cancelled:
            if cancelled:
                cancelled()
        except Exception as exc:  # noqa: BLE001
            (error or self.unseen.append)(exc)
        else:
            done(result)
            if changes:
                self.data_changed.emit(changes)
        return handle

    def stop(self) -> None:
        """Nothing runs."""


@pytest.fixture(scope="session", autouse=True)
def fonts(qapp: QApplication) -> None:
    load_fonts()
    QLocale.setDefault(QLocale("es_DO"))


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    failures: list[Exception] = []
    made = Tasks(failures.append)
    yield made
    made.stop()
    qapp.processEvents()
    assert not failures


@pytest.fixture
def fake_tasks(qapp: QApplication) -> Iterator[FakeTasks]:
    made = FakeTasks()
    yield made
    assert not made.unseen


@pytest.fixture
def with_charts(fake_tasks: FakeTasks) -> None:
    """Draw the charts of this test."""
    fake_tasks.draws = True


@pytest.fixture
def apply(qapp: QApplication) -> Callable[[Settings], Look]:
    def dress(settings: Settings) -> Look:
        look = Look.of(settings)
        look.dress(qapp)
        return look

    return dress


@pytest.fixture
def make_context(
    qapp: QApplication, fake_tasks: FakeTasks, apply: Callable[[Settings], Look]
) -> Callable[..., Context]:
    def make(shop: FakeShop | None = None, settings: Settings | None = None, tasks: Any = None) -> Context:
        shop = shop or FakeShop()
        settings = settings or shop.settings
        return Context(
            shop=shop,  # type: ignore[arg-type]
            settings=settings,
            tasks=tasks or fake_tasks,
            look=apply(settings),
            clock=lambda: NOW,
            go=lambda name: None,
            bring_file=lambda: None,
            make_sample=lambda: None,
            write_report=lambda kind, suffix: None,
            change_settings=lambda settings: None,
        )

    return make


@pytest.fixture
def close_later(qapp: QApplication) -> Iterator[Callable[[QWidget], None]]:
    """Close and delete windows at the end of a test: what stays alive is restyled by every later test."""
    windows: list[QWidget] = []
    yield windows.append
    for window in windows:
        window.close()
        window.deleteLater()
    qapp.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def make_window(
    close_later: Callable[[QWidget], None], fake_tasks: FakeTasks, apply: Callable[[Settings], Look]
) -> Callable[..., MainWindow]:
    def make(
        mood: str = "small",
        *,
        settings: Settings | None = None,
        tasks: Any = None,
        clock: Callable[[], datetime] = lambda: NOW,
    ) -> MainWindow:
        shop = FakeShop(mood, settings=settings or Settings())
        window = MainWindow(shop, tasks or fake_tasks, clock, apply)  # type: ignore[arg-type]
        close_later(window)
        window.resize(1366, 768)
        window.show()
        return window

    return make
