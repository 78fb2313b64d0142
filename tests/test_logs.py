"""The log tells where something broke, and no words of a row of sales."""

from __future__ import annotations

import logging
from pathlib import Path

from colmado_insights.logs import start_log, stop_log


def test_an_error_is_logged_without_what_it_quotes(tmp_path: Path) -> None:
    path, row = start_log(tmp_path), "Juana " + "Pérez"
    try:
        try:
            float(row)
        except ValueError as error:
            raise RuntimeError(row) from error
    except RuntimeError:
        logging.getLogger("colmado_insights.trial").exception("task failed")
    finally:
        stop_log()
    told = path.read_text(encoding="utf-8")
    assert "Juana" not in told
    assert told.index("RuntimeError\nwhich came of\n") < told.index("ValueError")
    assert 'test_logs.py", line' in told
