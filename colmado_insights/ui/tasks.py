"""Run plain functions off the GUI thread and bring their answer back to it."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from colmado_insights.errors import ShopError
from colmado_insights.progress import Cancelled, Progress

log = logging.getLogger(__name__)


class Lane(StrEnum):
    """Which threads do a piece of work."""

    READ = "read"  # two threads: analyses
    WRITE = "write"  # one thread: database writers never collide
    DRAW = "draw"  # one thread: charts do not wait for analyses, and matplotlib sees one thread
    JOB = "job"  # one thread: what is done by itself takes no reader's place
    NET = "net"  # one thread: what waits for the internet keeps nobody else waiting


class Tasks(QObject):
    """One per application, created in the GUI thread, outlives every task.

    Callbacks run in the GUI thread and are dropped when `owner` was closed or a
    newer task took the same `key`.
    """

    busy_changed = Signal(bool)
    data_changed = Signal(object)  # frozenset of topics, after a writer succeeded
    _posted = Signal(object)

    def __init__(self, on_error: Callable[[Exception], None]) -> None:
        super().__init__()
        self._on_error = on_error
        self._pools = {
            Lane.READ: ThreadPoolExecutor(2, "read"),
            Lane.WRITE: ThreadPoolExecutor(1, "write"),
            Lane.DRAW: ThreadPoolExecutor(1, "draw"),
            Lane.JOB: ThreadPoolExecutor(1, "job"),
            Lane.NET: ThreadPoolExecutor(1, "net"),
        }
        self._live: dict[tuple[int, str], Progress] = {}
        self._serial = itertools.count()
        # A bound method of a living QObject: the slot PySide6 always delivers,
        # and always in the receiver's thread.
        self._posted.connect(self._run_posted, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """True while any task has not come back."""
        return bool(self._live)

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
        """Start `work` and return its handle, which can `cancel()`.

        Without a `lane` it is a reader's, or with `changes` a writer's. When work
        with `changes` succeeds, every page is told which data to read again.
        """
        slot = (id(owner), key or f"#{next(self._serial)}")
        if old := self._live.get(slot):
            old.cancel()

        def is_current() -> bool:
            return isValid(owner) and self._live.get(slot) is handle

        def report(*args: Any) -> None:
            if progress:
                self._posted.emit(lambda: progress(*args) if is_current() else None)

        def finish(callback: Callable[..., None] | None, *args: Any, ok: bool = False) -> None:
            is_wanted = is_current()
            if self._live.get(slot) is handle:
                del self._live[slot]
                if not self._live:
                    self.busy_changed.emit(False)
            if is_wanted and callback:
                callback(*args)
            if ok and changes:
                self.data_changed.emit(changes)

        def body() -> None:
            try:
                handle.step()
                result = work(handle)
            except Cancelled:
                self._posted.emit(partial(finish, cancelled))
            except Exception as exc:
                if isinstance(exc, ShopError):
                    log.info("task refused: %s", type(exc).__name__)
                else:
                    log.error("task failed", exc_info=exc)
                self._posted.emit(partial(finish, error or self._on_error, exc))
            else:
                self._posted.emit(partial(finish, done, result, ok=True))

        handle = Progress(report)
        was_busy = bool(self._live)
        self._live[slot] = handle
        if not was_busy:
            self.busy_changed.emit(True)
        self._pools[lane or (Lane.WRITE if changes else Lane.READ)].submit(body)
        return handle

    def stop(self) -> None:
        """Cancel everything and wait; call once, on quit."""
        for handle in list(self._live.values()):
            handle.cancel()
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def _run_posted(self, call: Callable[[], None]) -> None:
        call()
