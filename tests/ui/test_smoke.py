"""The smoke test hears, sees and tells what is not as it should be."""

from __future__ import annotations

import json
import logging
import sys
import warnings
import zipfile
from pathlib import Path

import pytest

from colmado_insights import logs
from colmado_insights.ui import smoke
from colmado_insights.ui.smoke import SmokeReport, is_whole, listening


def test_nothing_heard_is_no_problem() -> None:
    report = SmokeReport()
    with listening(report):
        logging.getLogger(f"{logs.ROOT}.shop").info("all is well")
    assert report.problems == []


def test_hears_what_is_logged_warned_of_and_printed(tmp_path: Path) -> None:
    report, streams = SmokeReport(), (sys.stdout, sys.stderr)
    with listening(report):
        logs.start_log(tmp_path)  # the log's own file does not drive the listener away
        logging.getLogger(f"{logs.ROOT}.shop").error("the shop is gone")
        logging.getLogger("somebody.else").warning("so they say")
        sys.stdout.write("a word\n\n")
        sys.stderr.write("another\n")
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(True)
            warnings.warn("this will be removed", FutureWarning, stacklevel=1)
    logs.stop_log()
    logging.getLogger(f"{logs.ROOT}.shop").error("too late")
    heard = "\n".join(report.problems)
    assert len(report.problems) >= 5
    for words in ("the shop is gone", "so they say", "a word", "another", "this will be removed"):
        assert words in heard
    assert "too late" not in heard
    assert (sys.stdout, sys.stderr) == streams


def test_a_step_that_breaks_is_a_problem_and_the_next_has_its_turn(tmp_path: Path) -> None:
    report = SmokeReport()
    with report.step("first"):
        raise ValueError("broken")
    with report.step("second"):
        pass
    assert len(report.problems) == 1
    assert "first: ValueError: broken (test_smoke.py:" in report.problems[0]
    assert list(report.seconds) == ["first", "second"]
    report.write(tmp_path / "report.json")
    kept = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert kept["problems"] == report.problems
    assert kept["receipts"] == kept["views"] == 0


def test_a_report_that_was_cut_off_is_not_whole(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    with zipfile.ZipFile(book, "w") as parts:
        parts.writestr("xl/worksheets/sheet1.xml", "<sheet/>" * 99)
    for name, content in {
        "good.pdf": b"%PDF-1.4 all of it %%EOF\n",
        "good.png": b"\x89PNG all of it IEND\xaeB`\x82",
        "good.xlsx": book.read_bytes(),
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert is_whole(path), name
        path.write_bytes(content[: len(content) // 2])
        assert not is_whole(path), name
        path.write_bytes(b"")
        assert not is_whole(path), name


def test_a_language_that_qt_does_not_speak_is_told(qtbot: object) -> None:
    assert any("translation is not loaded" in line for line in smoke._qt_troubles("Abbrechen"))


def test_a_pc_whose_vault_cannot_be_reached_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke.vault, "kind", lambda: "")
    assert len(list(smoke._vault_troubles())) == 1
