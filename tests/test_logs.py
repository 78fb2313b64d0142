"""The log tells where something broke, and no words of a row of sales."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from colmado_insights import logs
from colmado_insights.logs import start_log, stop_log

log = logging.getLogger("colmado_insights.trial")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    yield start_log(tmp_path)
    stop_log()


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


def test_what_another_listener_made_of_an_error_is_not_taken_over(path: Path) -> None:
    first, row = logging.StreamHandler(io.StringIO()), "Juana " + "Pérez"
    root = logging.getLogger(logs.ROOT)
    root.handlers.insert(0, first)
    try:
        raise ValueError(row)
    except ValueError:
        log.exception("task failed")
    finally:
        root.removeHandler(first)
    assert "Juana" in first.stream.getvalue()
    assert "Juana" not in path.read_text(encoding="utf-8")


def test_between_two_lines_nobody_holds_the_file(path: Path) -> None:
    """What Windows would refuse while it is open: to rotate it, and to remove its folder."""
    log.info("one")
    os.rename(path, path.with_name("aside.log"))
    log.info("two")
    assert path.read_text(encoding="utf-8").endswith("two\n")


def test_several_programs_rotate_one_log_and_lose_no_line(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logs, "MOST_BYTES", 2_000)
    start_log(path.parent)
    other = logs.SharedFile(path, maxBytes=2_000, backupCount=5, encoding="utf-8")
    for turn in range(60):
        log.info("line %d", turn)
        other.handle(log.makeRecord(log.name, logging.INFO, "", 0, "other %d", (turn,), None))
    other.close()
    kept = [line for file in path.parent.iterdir() for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(list(path.parent.iterdir())) > 1
    assert len(kept) == 120
    assert capsys.readouterr().err == ""


def test_a_log_that_cannot_be_rotated_just_now_goes_on(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_names: object) -> None:
        raise PermissionError(13, "another program has it open")

    monkeypatch.setattr(logs, "MOST_BYTES", 100)
    start_log(path.parent)
    monkeypatch.setattr(os, "rename", refuse)
    for turn in range(9):
        log.info("line %d, said with more words than needed", turn)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 9
    assert capsys.readouterr().err == ""


def test_a_log_that_cannot_be_written_troubles_nobody(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.unlink()
    path.mkdir()
    log.info("lost")
    assert capsys.readouterr().err == ""
