"""Where things lie: the user's own folder, beside a portable program, or where `COLMADO_HOME` says."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest
from click.testing import CliRunner

from colmado_insights import app, config
from colmado_insights.cli import main
from colmado_insights.config import Settings
from colmado_insights.errors import DiskFull

HERE = Path(__file__).resolve().parent.parent
Program = Callable[..., Path]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Pretend to be the built program, portable or installed."""

    def make(*, is_portable: bool) -> Path:
        folder = tmp_path / "Colmado de José Peña"
        folder.mkdir()
        monkeypatch.delenv("COLMADO_HOME")
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        monkeypatch.setattr(sys, "executable", str(folder / "ColmadoInsights.exe"))
        if is_portable:
            (folder / config.PORTABLE).touch()
        return folder

    return make


def test_a_portable_program_keeps_all_beside_itself(program: Program) -> None:
    folder = program(is_portable=True)
    assert config.data_folder() == folder / "datos"
    assert config.reports_folder() == folder / "reportes"
    assert config.default_database() == folder / "datos" / "colmado.db"
    assert config.machine_file().parent == folder / "datos"


def test_an_installed_program_writes_nothing_beside_itself(program: Program) -> None:
    folder = program(is_portable=False)
    assert config.portable_folder() is None
    assert config.data_folder() == platformdirs.user_data_path("ColmadoInsights", appauthor=False)
    assert folder not in config.reports_folder().parents


def test_the_list_of_typefaces_lies_with_the_data_of_the_built_program_only(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    config.keep_matplotlib_at_home()
    assert "MPLCONFIGDIR" not in os.environ
    folder = program(is_portable=True)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    config.keep_matplotlib_at_home()
    assert os.environ["MPLCONFIGDIR"] == str(folder / "datos" / "matplotlib")


def test_the_home_that_is_named_wins(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program(is_portable=True)
    monkeypatch.setenv("COLMADO_HOME", str(tmp_path / "home"))
    assert config.portable_folder() is None
    assert config.data_folder() == tmp_path / "home"
    assert config.reports_folder() == tmp_path / "home" / "reports"


def test_portable_is_for_the_built_program_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("COLMADO_HOME")
    (tmp_path / config.PORTABLE).touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert config.portable_folder() is None


def test_a_folder_that_can_be_written_is_made_and_left_clean(own_home: Path) -> None:
    assert config.open_data_folder() == own_home
    assert list(own_home.iterdir()) == []


def test_a_stick_that_cannot_be_written_is_one_sentence(program: Program) -> None:
    folder = program(is_portable=True)
    (folder / "datos").touch()  # a file in its place: as little to be written as a CD
    with pytest.raises(DiskFull, match=r"No se puede escribir en .*datos.*Copia la carpeta"):
        config.open_data_folder()
    done = CliRunner().invoke(main, ["summary"])
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert "No se puede escribir" in done.output
    assert "Traceback" not in done.output


def test_the_window_says_it_too(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own_home.touch()
    assert app.start(app.read_options(["--screenshots", str(own_home.parent / "pictures")])) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_address_is_the_owners_or_the_one_built_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert config.releases_url(Settings()) == ""
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    for text, found in (
        ("https://example.com/latest.json\n", "https://example.com/latest.json"),
        ("http://example.com/latest.json", ""),
        ("", ""),
        ("\x00", ""),
    ):
        (tmp_path / "resources" / "releases.txt").write_text(text, encoding="utf-8")
        assert config.releases_url(Settings()) == found
    (tmp_path / "resources" / "releases.txt").write_bytes(b"\xff\xfe")
    assert config.releases_url(Settings()) == ""
    own = Settings().with_values({"releases_url": "http://127.0.0.1:9/latest.json"})
    assert config.releases_url(own) == "http://127.0.0.1:9/latest.json"
    for wrong in ("http://example.com/latest.json", "ftp://example.com/x", "https://me@example.com/", 3):
        assert Settings().with_values({"releases_url": wrong}).releases_url == ""


def test_nothing_is_looked_for_online_before_the_owner_said_yes() -> None:
    assert not Settings().look_for_updates


def test_the_guide_is_the_bundled_one_or_the_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert config.guide() == HERE / "docs" / "guia.md"
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert config.guide() is None
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "guia.html").touch()
    assert config.guide() == tmp_path / "guide" / "guia.html"
