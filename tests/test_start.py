"""The start script, without installing anything."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, its folders moved to a temporary one."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "python")
    monkeypatch.setattr(module, "has_pip", lambda: True)
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return module


@pytest.fixture
def commands(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the script would have run."""
    run: list[list[str]] = []

    def record(command: list[str], **_options: Any) -> subprocess.CompletedProcess[bytes]:
        run.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(start.subprocess, "run", record)
    return run


def test_uses_the_standard_library_only() -> None:
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    words = [line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))]
    assert {word.split(".")[0] for word in words} - {"__future__"} <= sys.stdlib_module_names


def test_a_machine_without_libraries_gets_what_the_task_needs(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "has_library", lambda _name: False)
    monkeypatch.setattr(start.shutil, "which", lambda _name: None)
    assert start.missing_packages("") == []  # the terminal needs no Qt
    assert "libegl1" in start.missing_packages("test")
    assert "libxcb-cursor0" not in start.missing_packages("test")
    assert {"libxcb-cursor0", "binutils"} < set(start.missing_packages("build"))
    monkeypatch.setenv("DISPLAY", ":0")
    assert "libxcb-cursor0" in start.missing_packages("")


def test_a_whole_machine_gets_nothing(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "has_library", lambda _name: True)
    monkeypatch.setattr(start.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert [start.missing_packages(task) for task in ("", "test", "build", "bench")] == [[], [], [], []]


def test_without_rights_it_prints_the_command_and_stops(
    start: ModuleType,
    commands: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(start.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(start, "has_library", lambda _name: False)
    assert start.main(["test"]) == 1
    assert "apt-get install -y --no-install-recommends libegl1" in capsys.readouterr().err
    assert commands == []


def test_says_what_it_installs_before_it_does(
    start: ModuleType,
    commands: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(start.shutil, "which", lambda name: f"/usr/bin/{name}")
    start.install_system_packages(["libegl1"])
    assert "libegl1" in capsys.readouterr().out
    assert [command[:1] for command in commands] == [["sudo"], ["sudo"]]


def test_installs_only_what_changed(start: ModuleType, commands: list[list[str]], tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    start.PYTHON.touch()
    lock, project = tmp_path / "requirements.lock", tmp_path / "pyproject.toml"
    lock.write_bytes(b"one==1")
    project.write_bytes(b"")
    start.make_environment(lock.name)
    assert ["--require-hashes" in command for command in commands] == [True, False]
    assert (tmp_path / ".venv" / f"{lock.name}.sha256").read_text() == hashlib.sha256(b"one==1").hexdigest()
    start.make_environment(lock.name)
    assert len(commands) == 2
    lock.write_bytes(b"one==2")
    start.make_environment(lock.name)
    assert len(commands) == 4


def test_a_folder_that_the_old_code_page_cannot_write_stops_nothing(
    start: ModuleType, commands: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "VENV", tmp_path / "colmado 中文")
    monkeypatch.setattr(start, "has_pip", lambda: False)
    monkeypatch.setattr(start, "run_task", lambda task, rest: 0)
    monkeypatch.setattr(start, "missing_packages", lambda task: [])
    start.VENV.mkdir()
    for name in ("requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding="cp1252"))
    assert start.main(["test"]) == 0
    assert b"colmado ??" in pipe.getvalue()


def test_an_old_python_is_told_so(
    start: ModuleType,
    commands: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(start, "OLDEST_PYTHON", (9, 0))
    assert start.main([]) == 1
    assert "9.0" in capsys.readouterr().err
    assert commands == []
