"""The log: a rotating file that never holds a PIN, a key or a customer's name."""

from __future__ import annotations

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class WordlessFormatter(logging.Formatter):
    """Tells where something broke and what kind of trouble it was, never its words: they may quote a row of sales."""

    def formatException(self, ei: Any) -> str:
        """The way to each error of the chain, and its class."""
        told: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            told.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nwhich came of\n".join(told)


def start_log(folder: Path, level: str = "INFO") -> Path:
    """Write the program's log into `folder` (made if missing) and return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "colmado-insights.log"
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=5, encoding="utf-8")
    handler.setFormatter(WordlessFormatter(FORMAT))
    stop_log()
    root = logging.getLogger("colmado_insights")
    root.addHandler(handler)
    root.setLevel(level)
    root.propagate = False
    return path


def stop_log() -> None:
    """Close the log's file; what is logged afterwards goes nowhere."""
    root = logging.getLogger("colmado_insights")
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
