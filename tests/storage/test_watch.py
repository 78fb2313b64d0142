"""A watched folder: files are taken once, whole, and a drive that vanishes loses nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from colmado_insights.storage.importing.watch import STILL_SECONDS, FolderWatch, is_sales_file


def write(path: Path, text: str, modified: int = 1_000) -> Path:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (modified, modified))
    return path


def test_a_file_is_taken_once_it_lies_still(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path)
    path = write(tmp_path / "ventas.csv", "a")
    assert watch.poll(0.0) == []
    assert watch.poll(STILL_SECONDS / 2) == []
    assert watch.poll(STILL_SECONDS) == [path]
    watch.take(path)
    assert watch.poll(10.0) == []


def test_a_file_that_grows_waits(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path)
    path = write(tmp_path / "ventas.csv", "a")
    watch.poll(0.0)
    write(path, "ab", modified=1_001)
    assert watch.poll(STILL_SECONDS) == []
    assert watch.poll(2 * STILL_SECONDS) == [path]


def test_a_changed_file_comes_again(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path)
    path = write(tmp_path / "ventas.csv", "a")
    watch.poll(0.0)
    watch.take(watch.poll(5.0)[0])
    write(path, "abc", modified=1_002)
    watch.poll(6.0)
    assert watch.poll(9.0) == [path]


def test_what_was_taken_is_remembered_by_the_next_watch(tmp_path: Path) -> None:
    first = FolderWatch(tmp_path)
    write(tmp_path / "ventas.csv", "a")
    first.poll(0.0)
    first.take(first.poll(5.0)[0])
    second = FolderWatch(tmp_path, first.taken)
    second.poll(0.0)
    assert second.poll(5.0) == []


def test_a_drive_that_vanishes_and_returns_brings_nothing_twice(tmp_path: Path) -> None:
    folder, away = tmp_path / "red", tmp_path / "lejos"
    folder.mkdir()
    watch = FolderWatch(folder)
    write(folder / "uno.csv", "a")
    watch.poll(0.0)
    watch.take(watch.poll(5.0)[0])
    folder.rename(away)
    assert watch.poll(6.0) == []
    assert watch.is_away
    away.rename(folder)
    late = write(folder / "dos.csv", "b")
    watch.poll(10.0)
    assert not watch.is_away
    assert watch.poll(15.0) == [late]


def test_files_come_oldest_first(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path)
    new = write(tmp_path / "a.csv", "a", modified=2_000)
    old = write(tmp_path / "b.csv", "b", modified=1_000)
    watch.poll(0.0)
    assert watch.poll(5.0) == [old, new]


@pytest.mark.parametrize(
    "name",
    [
        "~$ventas.xlsx",
        ".~lock.ventas.ods#",
        "ventas.csv.crdownload",
        "ventas.part",
        "ventas.tmp",
        ".oculto.csv",
        "foto.png",
    ],
)
def test_locks_and_parts_are_passed_over(name: str) -> None:
    assert not is_sales_file(name)


@pytest.mark.parametrize(
    "name", ["Ventas.CSV", "recibos.xlsx", "export.json", "ventas.csv.gz", "E320000000001.xml"]
)
def test_exports_are_sales_files(name: str) -> None:
    assert is_sales_file(name)


def test_an_empty_file_is_not_there_yet(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path)
    write(tmp_path / "ventas.csv", "")
    watch.poll(0.0)
    assert watch.poll(5.0) == []
