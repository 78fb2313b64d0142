"""Files that somebody has open just now: Windows then forbids to replace or remove them, for a moment or for long."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_SECONDS = 1.0
"""As long as a virus scanner, or another program of ours, holds a small file at most."""
TURN_SECONDS = 0.05

T = TypeVar("T")


def patiently(act: Callable[[], T]) -> T:
    """What `act` answers; while it is forbidden it is tried again for a second.

    Raises
    ------
    PermissionError
        It was forbidden to the end.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return act()
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(TURN_SECONDS)
