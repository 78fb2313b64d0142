"""Jobs while the window is open: in turn, out of the user's way, told in words, stopped at once."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from colmado_insights.errors import DatabaseLocked
from colmado_insights.progress import Progress
from colmado_insights.schedule import JOBS, Job, find_job
from colmado_insights.ui import schedule as ui_schedule
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.schedule import Schedule
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.job_row import duration_words, next_words, state_words, trouble_words
from colmado_insights.ui.widgets.jobs_card import JobsCard
from tests.ui.fake_shop import NOW, FakeShop, make_jobs

PATIENCE_SECONDS = 5.0


class Desk(FakeShop):
    """A shop whose jobs do what a test says; due until done."""

    def __init__(self, *due: str) -> None:
        super().__init__()
        self.due = list(due)
        self.done: list[str] = []
        self.work: Callable[[str, Progress], None] = lambda _name, _progress: None

    def read_due_jobs(self, now: datetime) -> tuple[Job, ...]:
        return tuple(find_job(name) for name in self.due)

    def run_job(self, name: str, now: datetime, progress: Progress) -> None:
        self.work(name, progress)
        self.done.append(name)
        self.due = [one for one in self.due if one != name]


def until_cancelled(_name: str, progress: Progress) -> None:
    """Work that goes on until it is stopped."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        progress.step(1, 4)
        time.sleep(0.002)
    raise TimeoutError("nobody stopped it")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute of a tenth of a second."""
    for name, milliseconds in (("MINUTE_MS", 100), ("FIRST_LOOK_MS", 1), ("BUSY_MS", 5), ("BREATH_MS", 1)):
        monkeypatch.setattr(ui_schedule, name, milliseconds)


@pytest.fixture
def make(quick: None, tasks: Tasks) -> Iterator[Callable[..., Schedule]]:
    made: list[Schedule] = []

    def schedule(shop: Desk) -> Schedule:
        made.append(Schedule(shop, tasks, lambda: NOW))  # type: ignore[arg-type]
        return made[-1]

    yield schedule
    for one in made:
        one.stop()


def test_what_is_due_is_done_one_after_the_other(make: Callable[..., Schedule], qtbot: QtBot) -> None:
    shop = Desk("features", "segments", "backup")
    running = threading.Lock()

    def alone(_name: str, _progress: Progress) -> None:
        assert running.acquire(blocking=False), "two jobs at once"
        time.sleep(0.01)
        running.release()

    shop.work = alone
    make(shop).start()
    qtbot.waitUntil(lambda: shop.done == ["features", "segments", "backup"])


def test_nothing_is_done_before_it_is_started(make: Callable[..., Schedule], qtbot: QtBot) -> None:
    shop = Desk("features")
    make(shop)
    qtbot.wait(50)
    assert shop.done == []


def test_jobs_wait_for_the_user(make: Callable[..., Schedule], tasks: Tasks, qtbot: QtBot) -> None:
    shop = Desk("features")
    schedule, gate = make(shop), threading.Event()
    tasks.run(lambda _progress: gate.wait(PATIENCE_SECONDS), owner=schedule, done=lambda _nothing: None)
    schedule.start()
    qtbot.wait(60)
    assert shop.done == []
    gate.set()
    qtbot.waitUntil(lambda: shop.done == ["features"])


def test_the_user_does_not_wait_for_jobs(make: Callable[..., Schedule], tasks: Tasks, qtbot: QtBot) -> None:
    shop = Desk("features")
    shop.work = until_cancelled
    schedule, seen = make(shop), []
    schedule.start()
    qtbot.waitUntil(lambda: schedule.running == "features")
    for _task in range(2):
        tasks.run(lambda _progress: "read", owner=schedule, done=seen.append)
    qtbot.waitUntil(lambda: seen == ["read", "read"])
    assert schedule.running == "features"


def test_a_job_that_stays_due_has_one_turn_a_minute(make: Callable[..., Schedule], qtbot: QtBot) -> None:
    shop = Desk("features")
    turns: list[float] = []
    shop.work = lambda _name, _progress: turns.append(time.monotonic())
    shop.read_due_jobs = lambda now: (find_job("features"),)  # type: ignore[method-assign]
    make(shop).start()
    qtbot.waitUntil(lambda: len(turns) >= 3)
    gaps = [later - sooner for sooner, later in itertools.pairwise(turns)]
    assert min(gaps[1:]) > 0.05


def test_quitting_stops_a_job_within_half_a_second(
    make: Callable[..., Schedule], tasks: Tasks, qtbot: QtBot
) -> None:
    shop = Desk("features")
    shop.work = until_cancelled
    schedule = make(shop)
    schedule.start()
    qtbot.waitUntil(lambda: schedule.running == "features")
    asked = time.monotonic()
    schedule.stop()
    tasks.stop()
    assert time.monotonic() - asked < 0.5
    assert shop.done == []


def test_one_may_stop_a_job_and_ask_for_another(make: Callable[..., Schedule], qtbot: QtBot) -> None:
    shop = Desk("features")
    shop.work = lambda name, progress: until_cancelled(name, progress) if name == "features" else None
    schedule = make(shop)
    schedule.start()
    qtbot.waitUntil(lambda: schedule.running == "features")
    schedule.run_now("backup")
    schedule.run_now("segments")
    assert schedule.is_waiting("backup")
    schedule.cancel("segments")
    assert not schedule.is_waiting("segments")
    schedule.cancel("features")
    qtbot.waitUntil(lambda: shop.done == ["backup"])


def test_what_is_asked_for_is_done_though_not_due(make: Callable[..., Schedule], qtbot: QtBot) -> None:
    shop = Desk()
    schedule = make(shop)
    schedule.run_now("backup")
    qtbot.waitUntil(lambda: shop.done == ["backup"])


def test_a_failing_job_opens_no_dialog_and_stops_no_other(
    make: Callable[..., Schedule], qtbot: QtBot
) -> None:
    shop = Desk("features", "segments")

    def locked(name: str, _progress: Progress) -> None:
        if name == "features":
            raise DatabaseLocked("x")

    shop.work = locked
    make(shop).start()
    qtbot.waitUntil(lambda: shop.done == ["segments"])


def test_a_shop_that_cannot_be_asked_is_asked_again(make: Callable[..., Schedule], qtbot: QtBot) -> None:
    shop = Desk("features")
    asked: list[int] = []

    def sometimes(now: datetime) -> tuple[Job, ...]:
        asked.append(1)
        if len(asked) == 1:
            raise DatabaseLocked("x")
        return Desk.read_due_jobs(shop, now)

    shop.read_due_jobs = sometimes  # type: ignore[method-assign]
    make(shop).start()
    qtbot.waitUntil(lambda: shop.done == ["features"])


def test_pages_hear_which_job_is_done(make: Callable[..., Schedule], tasks: Tasks, qtbot: QtBot) -> None:
    shop, heard = Desk("features"), []
    tasks.data_changed.connect(heard.append)
    make(shop).start()
    qtbot.waitUntil(lambda: heard == [frozenset({"features"})])


# ── the window ──


MakeWindow = Callable[..., MainWindow]


def card_of(window: MainWindow) -> JobsCard:
    window.open_page("settings")
    (card,) = window.page.findChildren(JobsCard)
    return card


def test_settings_show_every_job(make_window: MakeWindow) -> None:
    card = card_of(make_window())
    assert list(card.rows) == [job.name for job in JOBS]
    assert "Hecho hace 2 h" in card.rows["features"]._calm.text()
    assert "Toca ahora" in card.rows["segments"]._calm.text()
    assert "Falla desde hace 8 min" in card.rows["backup"]._trouble.text()
    assert not card.rows["backup"]._trouble.isHidden()
    assert card.rows["live"].run.isHidden(), "the window itself does it"
    assert not card.rows["features"].run.isHidden()
    assert card.rows["features"].stop.isHidden()


def test_settings_stand_though_the_jobs_cannot_be_read(make_window: MakeWindow) -> None:
    window = make_window("failing")
    card = card_of(window)
    assert window.page.state.state == "result"
    assert "no se pudo" in card._hint.text()


def test_the_rail_says_what_is_running(make_window: MakeWindow, tasks: Tasks, qtbot: QtBot) -> None:
    window = make_window(tasks=tasks)
    shop = Desk()
    shop.work = until_cancelled
    window.schedule._shop = shop  # type: ignore[assignment]
    card = card_of(window)
    qtbot.waitUntil(lambda: bool(card.rows))
    card.rows["backup"].run.click()
    assert window._rail._work.text() == "Trabajando: Copia de respaldo…"
    assert window._rail._work.isVisible()
    qtbot.waitUntil(lambda: not card.rows["backup"].stop.isHidden())
    assert card.rows["backup"].run.isHidden()
    qtbot.waitUntil(lambda: "25" in card.rows["backup"]._calm.text())
    window.schedule.cancel("backup")
    qtbot.waitUntil(lambda: not window._rail._work.isVisible())


def test_a_window_alone_starts_no_job(make_window: MakeWindow) -> None:
    """Walks for pictures and the smoke test open windows: nothing may begin behind their back."""
    window = make_window()
    assert not window.schedule._minute.isActive()
    assert not window.schedule._soon.isActive()


# ── words ──


def state(**changed: Any) -> Any:
    return replace(make_jobs(NOW)[0], **changed)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Hecho hace 2 h, tardó 2 s · otra vez hoy, 10:22\u00a0p.\u00a0m."),
        (
            {"next_at": None, "seconds": 0.1},
            "Hecho hace 2 h · otra vez cuando cambien las ventas",
        ),
        ({"done_at": None}, "Todavía no ha hecho falta"),
        ({"is_running": True}, "Trabajando…"),
    ],
)
def test_states_in_words(changed: dict[str, Any], words: str) -> None:
    assert state_words(state(**changed), NOW).replace("\u00a0", " ") == words.replace("\u00a0", " ")


def test_times_in_words() -> None:
    assert [duration_words(seconds) for seconds in (3.4, 200)] == ["3 s", "3 min"]
    assert next_words(datetime(2026, 11, 21), NOW) == "otra vez esta noche"
    assert "mañana" in next_words(NOW + timedelta(days=1), NOW)
    assert "lun 23 nov" in next_words(NOW + timedelta(days=3), NOW)
    assert next_words(NOW, NOW) == "otra vez ahora"
    assert trouble_words(state(), NOW) == ""
