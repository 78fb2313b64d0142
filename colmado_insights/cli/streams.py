"""What leaves through a pipe or into a file: UTF-8, whatever old code page this PC has, until nobody listens."""

from __future__ import annotations

import errno
import io
import os
import sys

import click

NOBODY_LISTENS = (errno.EPIPE, errno.EINVAL)
"""What writing into a pipe raises that was closed at its other end; the second on Windows."""


def use_utf8() -> None:
    """Have every word printed: Windows gives a pipe its old code page, in which half of ours do not exist."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="replace")


def say(words: str) -> None:
    """Print; a command whose reader has left, as one leaves `more`, ends without a word."""
    try:
        click.echo(words)
    except OSError as trouble:
        if trouble.errno not in NOBODY_LISTENS:
            raise
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - Python flushes it at its end
        sys.exit(1)
