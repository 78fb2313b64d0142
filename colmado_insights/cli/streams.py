"""What leaves through a pipe or into a file is UTF-8, whatever old code page this PC has."""

from __future__ import annotations

import io
import sys


def use_utf8() -> None:
    """Have every word printed: Windows gives a pipe its old code page, in which half of ours do not exist."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="replace")
