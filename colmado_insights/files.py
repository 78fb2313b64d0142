"""Files that others have open just now: Windows then forbids to replace or remove them, for a moment or for long."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
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


def write_json(path: Path, values: Mapping[str, object]) -> None:
    """Put values at `path` whole or not at all; who reads meanwhile finds those before.

    Raises
    ------
    OSError
        It cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")  # window and panel may write at once
    try:
        partial.write_text(json.dumps(values, ensure_ascii=False, indent=2), encoding="utf-8")
        partial.chmod(0o600)  # nobody else's: the web till's token is among them
        patiently(lambda: os.replace(partial, path))
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
