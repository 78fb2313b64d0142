"""The jobs while the window is open: one at a time, in a lane of their own, when nobody else is busy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from colmado_insights.progress import Progress
from colmado_insights.schedule import Job
from colmado_insights.ui.tasks import Lane, Tasks

if TYPE_CHECKING:
    from colmado_insights.shop import Shop

MINUTE_MS = 60_000
FIRST_LOOK_MS = 3_000
"""After the start: the window has been painted by then; while it still warms up it is busy, and jobs wait."""
BUSY_MS = 1_000
BREATH_MS = 300
"""Between two jobs, so that what the user asked for meanwhile comes first."""


class Schedule(QObject):
    """Asks each minute what is due and does it.

    Jobs begin only when no other task is at work; what the user asks for then goes on beside them. Each
    is done at most once between two minutes, whatever it says about itself. When a job is done,
    `Tasks.data_changed` carries its name: a page that shows its answer names it in `NEEDS`.
    """

    changed = Signal()  # a job began, ended or was asked for
    progressed = Signal(str, int)  # its name and percent

    def __init__(
        self, shop: Shop, tasks: Tasks, clock: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shop, self._tasks, self._clock = shop, tasks, clock
        self.running = ""
        self._handle: Progress | None = None
        self._asked: list[str] = []
        self._had_turn: set[str] = set()
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._begin_minute)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to look, in a moment and then each minute."""
        self._soon.start(FIRST_LOOK_MS)
        self._minute.start()

    def stop(self) -> None:
        """Begin nothing more, and ask what is running to stop."""
        self._minute.stop()
        self._soon.stop()
        self._asked.clear()
        if self._handle is not None:
            self._handle.cancel()

    def run_now(self, name: str) -> None:
        """Do a job now, or right after the one that is running; the user asked for it."""
        if name != self.running and name not in self._asked:
            self._asked.append(name)
            self.changed.emit()
            self.look()

    def cancel(self, name: str) -> None:
        """Stop a job that is running or was asked for; it is due as before."""
        if name in self._asked:
            self._asked.remove(name)
            self.changed.emit()
        elif name == self.running and self._handle is not None:
            self._handle.cancel()

    def is_waiting(self, name: str) -> bool:
        """True when the job was asked for and another one is still running."""
        return name in self._asked

    def look(self) -> None:
        """Begin what was asked for, or else what is due, unless something is running."""
        if self.running:
            return
        if self._asked:
            self._begin(self._asked.pop(0))
        elif self._tasks.is_busy:
            self._soon.start(BUSY_MS)
        else:
            self._tasks.run(
                lambda _progress: self._shop.read_due_jobs(self._clock()),
                owner=self, key="due", done=self._take_due, error=lambda _error: None, lane=Lane.JOB,
            )  # fmt: skip

    def _begin_minute(self) -> None:
        self._had_turn.clear()
        self.look()

    def _take_due(self, due: tuple[Job, ...]) -> None:
        name = next((job.name for job in due if job.name not in self._had_turn), None)
        if name and not self.running:
            self._begin(name)

    def _begin(self, name: str) -> None:
        self.running = name
        self._had_turn.add(name)
        self.changed.emit()
        handle = self._tasks.run(
            lambda progress: self._shop.run_job(name, self._clock(), progress),
            owner=self, key="job", lane=Lane.JOB, done=lambda _nothing: self._end(name, is_done=True),
            error=self._leave, cancelled=lambda: self._end(name), progress=self._tell,
        )  # fmt: skip
        self._handle = handle if self.running else None

    def _tell(self, done: int, total: int, _words: str) -> None:
        if total:
            self.progressed.emit(self.running, 100 * done // total)

    def _leave(self, _error: Exception) -> None:
        """The job's state tells the trouble and when it is tried again; the log has it already."""
        self._end(self.running)

    def _end(self, name: str, *, is_done: bool = False) -> None:
        self.running, self._handle = "", None
        self.changed.emit()
        if is_done:
            self._tasks.data_changed.emit(frozenset({name}))
        if self._minute.isActive() or self._asked:
            self._soon.start(BREATH_MS)
