"""Writing a report: whole or not at all, and a clear sentence when it cannot be."""

from __future__ import annotations

import errno
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from colmado_insights.errors import DiskFull, FileProblem, ShopError, UnreadableFile
from colmado_insights.reports import write_report
from colmado_insights.reports.output import write_whole
from colmado_insights.reports.report import Report
from colmado_insights.reports.sections import day_report
from tests.reports.believable import make_day


@pytest.fixture
def report() -> Report:
    return day_report(make_day(), (), None, None, "La Esquina", datetime(2026, 5, 15, 17, 30))


@pytest.mark.parametrize(
    ("name", "starts"),
    [("día.xlsx", b"PK"), ("día.pdf", b"%PDF"), ("día.png", b"\x89PNG"), ("DÍA.XLSX", b"PK")],
)
def test_the_suffix_chooses(report: Report, tmp_path: Path, name: str, starts: bytes) -> None:
    path = write_report(report, tmp_path / "carpeta nueva" / name)
    assert path.read_bytes().startswith(starts)
    assert [found.name for found in path.parent.iterdir()] == [name]


@pytest.mark.parametrize("name", ["día.doc", "día", "día.jpg"])
def test_other_suffixes_are_refused(report: Report, tmp_path: Path, name: str) -> None:
    with pytest.raises(FileProblem, match=name) as trouble:
        write_report(report, tmp_path / name)
    assert ".xlsx o .pdf" in trouble.value.todo
    assert not list(tmp_path.glob("día*"))


def test_writing_again_replaces(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "día.xlsx"
    path.write_bytes(b"old")
    write_report(report, path)
    assert path.read_bytes().startswith(b"PK")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_folder_without_permission(report: Report, tmp_path: Path) -> None:
    folder = tmp_path / "cerrada"
    folder.mkdir(mode=0o500)
    with pytest.raises(DiskFull, match="carpeta"):
        write_report(report, folder / "día.xlsx")


def test_a_folder_that_is_a_file(report: Report, tmp_path: Path) -> None:
    (tmp_path / "nota.txt").write_text("x")
    with pytest.raises(DiskFull, match=r"No se puede escribir en la carpeta «.*nota\.txt»"):
        write_report(report, tmp_path / "nota.txt" / "día.pdf")


def test_a_target_that_is_a_folder(report: Report, tmp_path: Path) -> None:
    (tmp_path / "día.pdf").mkdir()
    with pytest.raises(UnreadableFile, match="es una carpeta"):
        write_report(report, tmp_path / "día.pdf")
    assert [found.name for found in tmp_path.glob("*.partial")] == []


def failing(code: int) -> Any:
    def fail(*_args: object, **_named: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "día.xlsx"
    path.write_bytes(b"yesterday's")
    monkeypatch.setattr(os, "fsync", failing(errno.ENOSPC))
    with pytest.raises(DiskFull, match="No queda espacio"):
        write_whole(path, b"today's")
    # THEN yesterday's file stands as it was and no half of today's lies beside it
    assert path.read_bytes() == b"yesterday's"
    assert [found.name for found in tmp_path.iterdir() if found.is_file()] == ["día.xlsx"]


def test_a_file_that_is_open_in_excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Windows refuses to replace a file that another program holds.
    path = tmp_path / "día.xlsx"
    path.write_bytes(b"open")
    monkeypatch.setattr(os, "replace", failing(errno.EACCES))
    with pytest.raises(UnreadableFile, match="está abierto en otro programa") as trouble:
        write_whole(path, b"new")
    assert "Ciérralo" in trouble.value.todo
    assert path.read_bytes() == b"open"
    assert not list(tmp_path.glob("*.partial"))


def test_every_trouble_is_one_the_shop_understands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "replace", failing(errno.EIO))
    with pytest.raises(ShopError) as trouble:
        write_whole(tmp_path / "día.xlsx", b"new")
    assert trouble.value.what and trouble.value.todo
