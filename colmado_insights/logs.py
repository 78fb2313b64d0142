"""The log: a rotating file that never holds a PIN, a key or a customer's name."""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress
from copy import copy
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

ROOT = "colmado_insights"
"""The logger that all of the program's own report to."""
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MOST_BYTES = 1_000_000


class WordlessFormatter(logging.Formatter):
    """Tells where something broke and what kind of trouble it was, never its words: they may quote a row of sales."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; what another listener has made of the error before, words and all, is left out."""
        bare = copy(record)
        bare.exc_text = None
        return super().format(bare)

    def formatException(self, ei: Any) -> str:
        """The way to each error of the chain, and its class."""
        told: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            told.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nwhich came of\n".join(told)


class SharedFile(RotatingFileHandler):
    """A log that the window, the cashier panel and the terminal write together, each holding it only for a line.

    Windows renames no file that anybody has open: held, it could never be rotated, nor its folder be removed.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line and let the file go."""
        super().emit(record)
        self.let_go()

    def let_go(self) -> None:
        """Close the file until the next line."""
        stream, self.stream = self.stream, None
        if stream is not None:
            stream.close()

    def doRollover(self) -> None:
        """Begin a new file; while another program is just writing its line, the old one goes on."""
        with suppress(OSError):
            super().doRollover()

    def handleError(self, record: logging.LogRecord) -> None:
        """A line that cannot be written is lost: nobody's work stops for it, nor its output is spoilt."""


def start_log(folder: Path, level: str = "INFO") -> Path:
    """Write the program's log into `folder` (made if missing) and return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "colmado-insights.log"
    handler = SharedFile(path, maxBytes=MOST_BYTES, backupCount=5, encoding="utf-8")
    handler.let_go()
    handler.setFormatter(WordlessFormatter(FORMAT))
    stop_log()
    root = logging.getLogger(ROOT)
    root.addHandler(handler)
    root.setLevel(level)
    root.propagate = False
    return path


def stop_log() -> None:
    """Close the log's file; what is logged afterwards goes nowhere."""
    root = logging.getLogger(ROOT)
    for handler in list(root.handlers):
        if isinstance(handler, RotatingFileHandler):  # who else listens goes on
            root.removeHandler(handler)
            handler.close()
