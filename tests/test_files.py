"""A file that another program holds is waited for, and not for ever."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from colmado_insights import config, files
from colmado_insights.config import Settings
from colmado_insights.files import patiently, write_json


def held(times: int) -> list[int]:
    """How often it was tried to do what is forbidden that many times."""
    tried: list[int] = []

    def act() -> str:
        tried.append(1)
        if len(tried) <= times:
            raise PermissionError(13, "somebody has it open")
        return "done"

    assert patiently(act) == "done"
    return tried


def test_what_is_held_for_a_moment_is_waited_for() -> None:
    assert len(held(0)) == 1
    assert len(held(3)) == 4


def test_what_is_held_for_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.1)
    with pytest.raises(PermissionError):
        held(10**9)


def test_other_trouble_is_not_waited_for(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(FileNotFoundError):
        patiently((tmp_path / "none").read_bytes)
    assert time.monotonic() - began < 0.5


def test_what_cannot_be_written_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "values.json"
    write_json(path, {"año": 1})

    def refuse(*_names: object) -> None:
        raise OSError(28, "no room")

    monkeypatch.setattr(files.os, "replace", refuse)
    with pytest.raises(OSError, match="no room"):
        write_json(path, {"año": 2})
    assert [each.name for each in path.parent.iterdir()] == ["values.json"]
    assert json.loads(path.read_text(encoding="utf-8")) == {"año": 1}


def test_settings_written_while_others_read_them_are_never_lost_nor_half() -> None:
    """What the window, the panel and the terminal do at once; on Windows each keeps the others out."""
    config.write_machine_settings(Settings())
    seen: set[int] = set()
    is_over = threading.Event()

    def read() -> None:
        while not is_over.wait(0.01):
            seen.add(config.read_machine_settings().get("text_percent", 0))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for percent in range(101, 130):
            config.write_machine_settings(Settings(text_percent=percent))
    finally:
        is_over.set()
        reader.join()
    assert seen <= set(range(100, 130))
