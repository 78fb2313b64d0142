"""The log: a rotating file that never holds a PIN, a key or a customer's name."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start_log(folder: Path, level: str = "INFO") -> Path:
    """Write the program's log into `folder` (made if missing) and return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "colmado-insights.log"
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=5, encoding="utf-8")
    handler.setFormatter(logging.Formatter(FORMAT))
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
