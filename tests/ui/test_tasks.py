"""Background work: where answers arrive, who hears of them, and what a cancel does."""

from __future__ import annotations

import gc
import sys
import threading
import time
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, Signal

from colmado_insights.errors import EmptyFile
from colmado_insights.grok import Client
from colmado_insights.progress import Progress
from colmado_insights.ui.tasks import Lane, Tasks
from tests.grok_server import GrokServer, slow


def test_result_arrives_in_gui_thread(tasks: Tasks, qtbot: Any) -> None:
    owner, seen = QObject(), []

    def done(answer: str) -> None:
        seen.append((answer, QThread.currentThread() is owner.thread()))

    tasks.run(lambda _p: threading.current_thread().name, owner=owner, done=done)
    qtbot.waitUntil(lambda: bool(seen))
    name, is_gui_thread = seen[0]
    assert name.startswith("read")
    assert is_gui_thread
    assert not tasks.is_busy


def test_newest_request_wins(tasks: Tasks, qtbot: Any) -> None:
    owner, seen, gate = QObject(), [], threading.Event()

    def slow(_progress: Progress) -> str:
        gate.wait(5)
        return "old"

    tasks.run(slow, owner=owner, key="chart", done=seen.append)
    tasks.run(lambda _p: "new", owner=owner, key="chart", done=seen.append)
    qtbot.waitUntil(lambda: seen == ["new"])
    gate.set()
    qtbot.wait(60)
    assert seen == ["new"]


def test_closed_owner_hears_nothing(tasks: Tasks, qtbot: Any) -> None:
    owner, seen, gate = QObject(), [], threading.Event()
    tasks.run(lambda _p: gate.wait(5), owner=owner, done=seen.append)
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)
    assert seen == []


def test_cancel_stops_at_the_next_step(tasks: Tasks, qtbot: Any) -> None:
    owner, steps, told, seen = QObject(), [], [], []

    def work(progress: Progress) -> None:
        for place in range(10_000):
            steps.append(place)
            progress.step(place, 10_000)
            threading.Event().wait(0.002)

    handle = tasks.run(work, owner=owner, done=seen.append, cancelled=lambda: told.append("stopped"))
    qtbot.waitUntil(lambda: len(steps) > 2)
    handle.cancel()
    qtbot.waitUntil(lambda: told == ["stopped"])
    assert seen == []
    assert len(steps) < 10_000


def test_error_goes_to_its_own_handler_or_to_the_common_one(qtbot: Any) -> None:
    common: list[Exception] = []
    own: list[Exception] = []
    tasks = Tasks(common.append)
    owner = QObject()

    def fail(_progress: Progress) -> None:
        raise EmptyFile("vacío")

    tasks.run(fail, owner=owner, done=print, error=own.append)
    tasks.run(fail, owner=owner, done=print)
    qtbot.waitUntil(lambda: len(own) == len(common) == 1)
    tasks.stop()
    assert isinstance(own[0], EmptyFile)


def test_writers_form_a_queue_of_one_and_tell_what_changed(tasks: Tasks, qtbot: Any) -> None:
    owner, running, most, changes = QObject(), [], [], []
    tasks.data_changed.connect(changes.append)

    def work(_progress: Progress) -> None:
        running.append(1)
        most.append(len(running))
        threading.Event().wait(0.02)
        running.pop()

    for _place in range(4):
        tasks.run(work, owner=owner, done=lambda _n: None, changes=frozenset({"sales"}))
    qtbot.waitUntil(lambda: len(changes) == 4)
    assert most == [1, 1, 1, 1]
    assert changes[0] == frozenset({"sales"})


def test_a_failed_writer_changes_nothing(tasks: Tasks, qtbot: Any) -> None:
    owner, changes, failures = QObject(), [], []
    tasks.data_changed.connect(changes.append)

    def fail(_progress: Progress) -> None:
        raise EmptyFile("vacío")

    tasks.run(fail, owner=owner, done=print, error=failures.append, changes=frozenset({"sales"}))
    qtbot.waitUntil(lambda: bool(failures))
    assert changes == []


def test_progress_is_reported_in_the_gui_thread(tasks: Tasks, qtbot: Any) -> None:
    owner, seen, done = QObject(), [], []

    def report(count: int, total: int, words: str) -> None:
        seen.append((count, total, words, QThread.currentThread() is owner.thread()))

    tasks.run(lambda p: p.step(3, 3, "filas"), owner=owner, done=done.append, progress=report)
    qtbot.waitUntil(lambda: bool(done))
    assert seen[-1] == (3, 3, "filas", True)


def test_drawing_does_not_wait_for_analyses(tasks: Tasks, qtbot: Any) -> None:
    owner, drawn, gate = QObject(), [], threading.Event()
    for place in range(2):
        tasks.run(lambda _p: gate.wait(5), owner=owner, key=str(place), done=lambda _n: None)
    tasks.run(lambda _p: "chart", owner=owner, done=drawn.append, lane=Lane.DRAW)
    qtbot.waitUntil(lambda: drawn == ["chart"])
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)


def test_the_internet_keeps_neither_readers_nor_writers_waiting(tasks: Tasks, qtbot: Any) -> None:
    owner, seen, told, gate = QObject(), [], [], threading.Event()
    tasks.data_changed.connect(told.append)
    tasks.run(
        lambda _p: gate.wait(5), owner=owner, done=seen.append, changes=frozenset({"grok"}), lane=Lane.NET
    )
    tasks.run(lambda _p: "read", owner=owner, done=seen.append)
    tasks.run(lambda _p: "written", owner=owner, done=seen.append, changes=frozenset({"sales"}))
    qtbot.waitUntil(lambda: {"read", "written"} == set(seen))
    assert told == [frozenset({"sales"})]
    gate.set()
    qtbot.waitUntil(lambda: frozenset({"grok"}) in told)


def test_closing_the_window_does_not_wait_for_the_internet(qtbot: Any) -> None:
    tasks, owner, seen = Tasks(print), QObject(), []
    with GrokServer() as server, Client(server.url, "xai-key-of-a-test") as client:
        server.behave_models(slow(30))
        tasks.run(client.list_models, owner=owner, done=seen.append, error=seen.append, lane=Lane.NET)
        tasks.run(lambda _p: seen.append("waits its turn"), owner=owner, done=seen.append, lane=Lane.NET)
        qtbot.waitUntil(lambda: len(server.calls) == 1)
        before = time.monotonic()
        tasks.stop()
        assert time.monotonic() - before < 1.0
    assert seen == []


class Bell(QObject):
    """A signal as `Tasks` uses it."""

    rang = Signal(object)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal there")
def test_emitting_loses_no_reference_to_none(qapp: QCoreApplication) -> None:
    """PySide6 6.12.0 lost one reference to None per void call: Python 3.11 aborted after some thousand."""
    bell = Bell()
    bell.rang.connect(qapp.objectName)
    gc.collect()
    before = sys.getrefcount(None)
    for _place in range(100_000):
        bell.rang.emit(1)
    assert abs(sys.getrefcount(None) - before) < 1_000
