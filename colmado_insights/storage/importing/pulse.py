"""A cancel heard inside long reading that has no progress of its own to tell.

A preset may go over a whole file before its first row: it has no part of the work to speak of, but it must stop
when the owner says so. Whoever imports listens; whoever reads beats now and then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from colmado_insights.progress import Progress

_LISTENER: ContextVar[Progress | None] = ContextVar("listener", default=None)


@contextmanager
def listening(progress: Progress | None) -> Iterator[None]:
    """While this lasts, each beat asks this progress whether to stop."""
    before = _LISTENER.set(progress)
    try:
        yield
    finally:
        _LISTENER.reset(before)


def beat() -> None:
    """Stop here if a cancel was asked for.

    Raises
    ------
    Cancelled
        The user asked to stop.
    """
    if (progress := _LISTENER.get()) is not None:
        progress.step()
