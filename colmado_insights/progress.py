"""Progress and cancellation for long work, without Qt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Cancelled(Exception):
    """The user asked to stop. Never shown as an error."""


class Progress:
    """Handed to every long function; call `step` between pieces of work."""

    def __init__(self, report: Callable[[int, int, str], None] | None = None) -> None:
        self._report = report
        self._cancel = threading.Event()
        self._last = 0.0

    def cancel(self) -> None:
        """Ask the work to stop at its next `step`."""
        self._cancel.set()

    @property
    def is_cancelled(self) -> bool:
        """True when the work was asked to stop, for what must not raise to find out."""
        return self._cancel.is_set()

    def quiet(self) -> Progress:
        """The same cancel without its report, for one of many parts of a work."""
        part = Progress()
        part._cancel = self._cancel
        return part

    def step(self, done: int = 0, total: int = 0, text: str = "") -> None:
        """Report at most ten times a second; raise `Cancelled` if asked to stop."""
        if self._cancel.is_set():
            raise Cancelled
        now = time.monotonic()
        if self._report and (now - self._last >= 0.1 or done == total > 0):
            self._last = now
            self._report(done, total, text)
