"""What a release consists of, made from a tiny program folder."""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import os
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from colmado_insights import __version__
from colmado_insights.updates.announcements import read_announcement
from colmado_insights.updates.releases import Kind
from colmado_insights.updates.setups import read_setup


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script as a module, with a changelog of its own and no certificate."""
    module = importlib.import_module("tasks.package")
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text(
        f"# What is new\n\n## 9.0.0 (2027-01-01)\n\nLater.\n\n## {__version__} (2026-12-01)\n\n- It sells.\n"
        "- It counts.\n\n## 0.0.9 (2026-01-01)\n\nEarlier.\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(module, "CHANGELOGS", {"es": tmp_path / "none.md", "en": changelog})
    for name in ("COLMADO_SIGN_PFX", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    return module


def make_program(folder: Path, suffix: str) -> Path:
    """A folder as PyInstaller leaves it, with a name that is not plain letters."""
    (folder / "_internal" / "guide").mkdir(parents=True)
    for name in (f"ColmadoInsights{suffix}", f"colmado{suffix}"):
        (folder / name).write_bytes(b"MZ" + name.encode())
        (folder / name).chmod(0o755)
    (folder / "_internal" / "guide" / "guía.html").write_text("Hola", encoding="utf-8")
    return folder


@pytest.fixture
def windows(tmp_path: Path) -> Path:
    return make_program(tmp_path / "windows", ".exe")


@pytest.fixture
def linux(tmp_path: Path) -> Path:
    return make_program(tmp_path / "linux", "")


def run(package: ModuleType, program: Path, out: Path, *kinds: str) -> int:
    return package.main([str(program), "--out", str(out), "--kinds", *kinds])


def test_the_portable_program_brings_its_mark_and_its_words(
    package: ModuleType, windows: Path, tmp_path: Path
) -> None:
    assert run(package, windows, tmp_path / "out", "portable") == 0
    with zipfile.ZipFile(tmp_path / "out" / f"ColmadoInsights-{__version__}-portable.zip") as archive:
        assert archive.namelist() == [
            "ColmadoInsights/ColmadoInsights.exe",
            "ColmadoInsights/_internal/guide/guía.html",
            "ColmadoInsights/colmado.exe",
            "ColmadoInsights/portable.txt",
            "ColmadoInsights/LEEME.txt",
        ]
        words = archive.read("ColmadoInsights/LEEME.txt").decode("utf-8-sig")
        assert "datos" in words and "reportes" in words and "\r\n" in words
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 12, 1, 0, 0, 0)}


def test_the_linux_program_can_be_run_from_its_archive(
    package: ModuleType, linux: Path, tmp_path: Path
) -> None:
    (linux / "_internal" / "lib.so").symlink_to("guide")
    assert run(package, linux, tmp_path / "out", "linux") == 0
    with tarfile.open(tmp_path / "out" / f"ColmadoInsights-{__version__}-linux-x86_64.tar.xz") as archive:
        rights = {entry.name: entry.mode for entry in archive if entry.isfile()}
        assert archive.getmember("ColmadoInsights/_internal/lib.so").linkname == "guide"
    if os.name != "nt":
        assert rights["ColmadoInsights/ColmadoInsights"] == 0o755
    assert rights["ColmadoInsights/_internal/guide/guía.html"] == 0o644


@pytest.mark.parametrize(("suffix", "kind"), [(".exe", "portable"), ("", "linux")])
def test_the_same_program_makes_the_same_archive(
    package: ModuleType, tmp_path: Path, suffix: str, kind: str
) -> None:
    sums = []
    for turn in ("a", "b"):
        program = make_program(tmp_path / turn / "program", suffix)
        os.utime(program / "_internal" / "guide" / "guía.html", (1e9 + ord(turn), 1e9))
        assert run(package, program, tmp_path / turn / "out", kind) == 0
        sums.append((tmp_path / turn / "out" / "SHA256SUMS").read_text())
    assert sums[0] == sums[1] != ""


def test_files_of_two_platforms_come_into_one_list_that_the_program_believes(
    package: ModuleType, windows: Path, linux: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(package, windows, out, "portable") == 0
    assert run(package, linux, out, "linux") == 0
    for name in ("SHA256SUMS", "latest.json", "NOTES.md"):
        (out / name).unlink()
    assert package.main(["--lists", "--out", str(out)]) == 0
    found = read_announcement((out / "latest.json").read_bytes(), "https://example.org/latest/latest.json")
    assert set(found) == {Kind.PORTABLE, Kind.LINUX}
    for release in found.values():
        content = (out / release.name).read_bytes()
        assert (release.size, release.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert f"{release.sha256}  {release.name}\n" in (out / "SHA256SUMS").read_text()
        assert release.notes == {"en": "- It sells.\n- It counts."}
    assert (out / "NOTES.md").read_text() == "- It sells.\n- It counts.\n"
    assert json.loads((out / "latest.json").read_text())["date"] == "2026-12-01"


def test_notes_come_in_every_language_that_is_written(
    package: ModuleType, windows: Path, tmp_path: Path
) -> None:
    package.CHANGELOGS["es"].write_text(f"## {__version__} (2026-12-01)\n\n- Vende.\n", encoding="utf-8")
    assert run(package, windows, tmp_path / "out", "portable") == 0
    assert (tmp_path / "out" / "NOTES.md").read_text() == "- Vende.\n\n- It sells.\n- It counts.\n"
    assert set(json.loads((tmp_path / "out" / "latest.json").read_text())["notes"]) == {"es", "en"}


def test_what_is_missing_is_said_in_a_sentence(
    package: ModuleType,
    windows: Path,
    linux: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(package, "find_makensis", lambda: None)
    trials = {
        "start.py build": ["nothing"],
        "NSIS 3": [str(windows), "--kinds", "setup"],
        "another platform": [str(linux), "--kinds", "setup"],
        "no file of version": ["--lists"],
    }
    for words, arguments in trials.items():
        assert package.main([*arguments, "--out", str(tmp_path / "out")]) == 1
        assert words in capsys.readouterr().err


def test_only_the_tag_of_a_dated_version_is_released(
    package: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert package.main(["--check-tag", f"v{__version__}"]) == 0
    assert package.main(["--check-tag", "v9.9.9"]) == 1
    assert __version__ in capsys.readouterr().err
    package.CHANGELOGS["en"].write_text(f"## {__version__} (unreleased)\n\n- It sells.\n", encoding="utf-8")
    assert package.main(["--check-tag", f"v{__version__}"]) == 1
    assert "CHANGELOG.md" in capsys.readouterr().err


def test_the_real_changelog_has_a_part_of_this_version() -> None:
    notes = importlib.import_module("tasks.package").read_notes(__version__)
    assert len(notes["en"][1]) > 100


@pytest.mark.skipif(shutil.which("makensis") is None, reason="NSIS is not installed")
def test_nsis_makes_a_setup_that_says_its_version(package: ModuleType, windows: Path, tmp_path: Path) -> None:
    assert package.main([str(windows), "--out", str(tmp_path), "--kinds", "setup", "--version", "0.3.1"]) == 0
    words = read_setup(tmp_path / "ColmadoInsights-0.3.1-setup.exe")
    assert (words.product, words.version) == ("Colmado Insights", "0.3.1")


def test_without_a_certificate_nothing_is_signed_and_that_is_said(
    package: ModuleType, windows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign = importlib.import_module("tasks.sign")
    before = (windows / "colmado.exe").read_bytes()
    assert not sign.sign([windows / "colmado.exe"])
    assert (windows / "colmado.exe").read_bytes() == before
    assert "not signed" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for signtool is a script")
def test_a_failed_signature_stops_and_shows_no_secret(
    windows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sign = importlib.import_module("tasks.sign")
    tool = tmp_path / "signtool"
    tool.write_text(f'#!{sys.executable}\nimport sys\nopen(r"{tmp_path}/said", "w").write(repr(sys.argv))\n')
    tool.chmod(0o755)
    monkeypatch.setattr(sign, "find_signtool", lambda: str(tool))
    monkeypatch.setenv("COLMADO_SIGN_PFX", base64.b64encode(b"certificate").decode())
    monkeypatch.setenv("COLMADO_SIGN_PASSWORD", "geheim")
    assert sign.main([str(windows / "colmado.exe")]) == 0
    said = (tmp_path / "said").read_text()
    assert "SHA256" in said and "/tr" in said and str(windows / "colmado.exe") in said
    tool.write_text("#!/bin/sh\necho geheim >&2\nexit 3\n")
    assert sign.main([str(windows / "colmado.exe")]) == 1
    shown = capsys.readouterr()
    assert "ended with 3" in shown.err and "geheim" not in shown.out + shown.err
