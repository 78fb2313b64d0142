"""Collect Python's garbage when the window has time for it, and always in the window's thread.

A full collection holds the interpreter for over 100 ms once the analysis libraries are loaded,
whichever thread it falls on; and one that falls on a worker may destroy a Qt object there.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

EVERY_MS = 2_000
YOUNG_OBJECTS = 1_000
FULL_AFTER_TURNS = 15
"""Quiet turns after which everything is looked at: half a minute."""
MOST_ARENAS = 2
_M_ARENA_MAX = -8


class GarbageCollector(QObject):
    """Takes the place of Python's automatic collection while the window lives."""

    rested = Signal()  # after a quiet while, before free memory goes back to the system

    def __init__(self, is_busy: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_busy = is_busy
        self._quiet_turns = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Switch the automatic collection off and take over."""
        gc.disable()
        self._timer.start(EVERY_MS)

    def stop(self) -> None:
        """Hand the work back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def settle(self) -> None:
        """Leave out of all later collections what is loaded by now and will stay."""
        gc.freeze()

    def collect(self) -> None:
        """One turn: the young objects if there are many, all of them after a quiet while."""
        self._quiet_turns = 0 if self._is_busy() else self._quiet_turns + 1
        if self._quiet_turns == FULL_AFTER_TURNS:
            gc.collect()
            self.rested.emit()
            give_back()
            self._quiet_turns = 0
        elif gc.get_count()[0] > YOUNG_OBJECTS:
            gc.collect(1)


def share_arenas() -> None:
    """Have threads take memory from few places: Linux' C library gives each its own, which keeps what it had."""
    if sys.platform == "linux":
        choose = getattr(ctypes.CDLL(None), "mallopt", None)
        if choose is not None:
            choose(_M_ARENA_MAX, MOST_ARENAS)


def give_back() -> None:
    """Hand memory that is free again to the system: Linux' C library keeps what analyses used, over 100 MB."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # only glibc's keeps it, and has this
        if trim is not None:
            trim(0)
