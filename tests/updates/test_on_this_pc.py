"""Newer versions that lie on this PC, what the owner said of them, and how one takes this one's place."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from colmado_insights import config
from colmado_insights.config import Settings
from colmado_insights.errors import BadRelease
from colmado_insights.text import use_language
from colmado_insights.updates import (
    as_lines,
    find_offer,
    find_steps,
    put_off,
    read_news,
    read_release,
    read_standing,
    skip,
    start_setup,
    take_first_run,
    tidy_downloads,
)
from colmado_insights.updates.memory import PUT_OFF_FOR, memory_file
from colmado_insights.updates.places import downloads
from colmado_insights.updates.releases import Kind
from colmado_insights.updates.versions import Version, own_version
from tests.updates.release_files import (
    LINUX,
    NEW,
    OWN,
    PORTABLE,
    WINDOWS,
    make_release,
    make_setup,
    write_sums,
)

NOW = datetime(2026, 11, 20, 17, 22)
NEWER = Version(0, 10, 0)


def test_the_newest_that_is_whole_is_found_wherever_it_lies(tmp_path: Path) -> None:
    settings = Settings(watch_folder=str(tmp_path / "till"))
    assert read_standing(settings, WINDOWS).newest is None
    for folder in (downloads(), config.downloads_folder(), tmp_path / "till"):
        path = make_release(folder)
        found = read_standing(settings, WINDOWS).newest
        assert found is not None and found.path == path
        path.unlink()
    make_release(config.downloads_folder(), version=Version(0, 9, 1))
    newest = make_release(tmp_path / "till", version=NEWER)
    make_release(config.downloads_folder(), version=OWN)
    make_release(config.downloads_folder(), Kind.LINUX, Version(1, 0, 0))
    (config.downloads_folder() / "ColmadoInsights-2.0.0-setup.exe").touch()  # a browser just began
    (config.downloads_folder() / "ColmadoInsights-3.0.0-setup.exe").mkdir()
    found = read_standing(settings, WINDOWS).newest
    assert found is not None and found.path == newest


def test_beside_a_portable_program_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "USB" / "ColmadoInsights"
    program.mkdir(parents=True)
    (program / config.PORTABLE).touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program / "ColmadoInsights.exe"))
    for folder in (program, program.parent):
        path = make_release(folder, Kind.PORTABLE)
        found = read_standing(Settings(), PORTABLE).newest
        assert found is not None and found.path == path
        path.unlink()


def test_a_folder_full_of_other_things_is_no_trouble(tmp_path: Path) -> None:
    folder = config.downloads_folder()
    folder.mkdir(parents=True)
    for number in range(300):
        (folder / f"foto {number}.jpg").touch()
    assert read_standing(Settings(watch_folder=str(tmp_path / "away")), WINDOWS).newest is None


def test_ahora_no_is_a_week_and_skipping_is_for_ever() -> None:
    make_release(downloads())
    assert find_offer(Settings(), NOW, WINDOWS) is not None
    put_off(NEW, NOW)
    assert find_offer(Settings(), NOW + PUT_OFF_FOR - timedelta(minutes=1), WINDOWS) is None
    assert find_offer(Settings(), NOW + PUT_OFF_FOR, WINDOWS) is not None
    assert (
        find_offer(Settings(), NOW - timedelta(days=400), WINDOWS) is not None
    )  # a clock set back is no reason
    skip(NEW)
    assert find_offer(Settings(), NOW + timedelta(days=4000), WINDOWS) is None
    standing = read_standing(Settings(), WINDOWS)
    assert standing.newest is not None  # who looks for it finds it
    make_release(downloads(), version=NEWER)
    newest = find_offer(Settings(), NOW, WINDOWS)
    assert newest is not None and newest.version == NEWER


def test_nothing_breaks_where_nothing_can_be_kept(own_home: Path) -> None:
    own_home.touch()
    put_off(NEW, NOW)
    assert not take_first_run(OWN)
    assert read_standing(Settings(), WINDOWS).newest is None
    assert own_home.read_bytes() == b""


def test_the_first_run_of_a_newer_version_is_told_once() -> None:
    assert not take_first_run(OWN)  # a PC where none ran before
    assert not take_first_run(OWN)
    assert take_first_run(NEW)
    assert not take_first_run(NEW)
    assert not take_first_run(OWN)  # back to the old one
    assert memory_file().is_file()


# ── installing ──


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, Any]]]:
    calls: list[tuple[list[str], dict[str, Any]]] = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **rest: calls.append((command, rest)))
    return calls


def test_the_installer_is_started_apart_from_this_program(
    tmp_path: Path, started: list[tuple[list[str], dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "old.exe")
    path = make_release(tmp_path / "José Peña")
    start_setup(read_release(path, WINDOWS), WINDOWS)
    ((command, rest),) = started
    assert command == [str(path), "/UPDATE=1"]
    assert rest["cwd"] == path.parent
    assert "_PYI_ARCHIVE_FILE" not in rest["env"]
    assert rest["env"]["COLMADO_HOME"] == os.environ["COLMADO_HOME"]


def test_what_changed_since_is_not_started(
    tmp_path: Path, started: list[tuple[list[str], dict[str, Any]]]
) -> None:
    path = make_release(tmp_path)
    write_sums(path)
    release = read_release(path, WINDOWS)
    path.write_bytes(make_setup("0.2.0", payload=b"evil"))
    with pytest.raises(BadRelease):
        start_setup(release, WINDOWS)
    path.with_name("SHA256SUMS").unlink()
    with pytest.raises(BadRelease):
        start_setup(release, WINDOWS)
    assert started == []


def test_a_windows_that_refuses_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_rest: Any) -> None:
        raise PermissionError(1260, "blocked")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    release = read_release(make_release(tmp_path), WINDOWS)
    with pytest.raises(BadRelease, match="no dejó abrir el instalador"):
        start_setup(release, WINDOWS)


@pytest.mark.parametrize("program", [PORTABLE, LINUX, WINDOWS])
def test_where_it_cannot_replace_itself_it_says_what_to_do(tmp_path: Path, program: Any) -> None:
    release = read_release(make_release(tmp_path, program.kind), program)
    steps = find_steps(release, program)
    assert steps[0] == "Cierra el programa."
    assert any(release.name in step for step in steps)
    assert program is WINDOWS or str(config.data_folder()) in steps[-1]


def test_downloads_that_are_installed_or_left_behind_go() -> None:
    old = make_release(downloads(), version=OWN)
    new = make_release(downloads(), version=NEW)
    young, left = (downloads() / f"{new.name}.{pid}.partial" for pid in (1, 2))
    for path in (young, left):
        path.touch()
    before = (datetime.now() - timedelta(hours=7)).timestamp()
    os.utime(left, (before, before))
    tidy_downloads(WINDOWS)
    assert (old.exists(), new.exists(), young.exists(), left.exists()) == (False, True, True, False)


# ── news ──

CHANGELOG = """# What is new

## 0.2.0 (2026-12-01)

First a word
on two lines.

- One point, which goes
  on here.
- Another.

## 0.1.0 (unreleased)

- The first.
"""


def test_the_news_of_a_version_are_its_part_of_the_changelog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.use_language("en")  # its words come along with the program
    use_language("es")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert read_news(NEW) == ""
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    assert as_lines(read_news(NEW)) == [
        "First a word on two lines.", "", "• One point, which goes on here.", "• Another.",
    ]  # fmt: skip
    assert read_news(OWN) == "- The first."
    assert read_news(Version(9, 9, 9)) == ""
    (tmp_path / "CHANGELOG.es.md").write_text("## 0.2.0\n- Uno.\n", encoding="utf-8")
    assert read_news(NEW) == "- Uno."
    use_language("en")
    assert read_news(NEW).startswith("First")


def test_this_version_has_news_in_every_language() -> None:
    for language in config.LANGUAGES:
        config.use_language(language)
        assert read_news(own_version())
