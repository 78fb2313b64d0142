"""Starting the program, as a process of its own: Qt allows one application a process."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from colmado_insights import app, config
from colmado_insights.config import Settings
from colmado_insights.storage.schema import MIGRATIONS, open_database


def run(*options: str, home: Path, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLMADO_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-m", "colmado_insights", *options],
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def test_options_have_defaults() -> None:
    options = app.read_options([])
    assert options.page == "home"
    assert not options.smoke
    assert options.db is None


@pytest.mark.parametrize("wrong", (["--theme", "pink"], ["--page", "nowhere"], ["--lang", "fr"]))
def test_wrong_usage_exits_with_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        app.read_options(wrong)
    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith("uso: ColmadoInsights")


@pytest.mark.parametrize(
    ("said", "usage", "wrong"),
    [
        ([], "uso:", "'pink' no es uno de estos: 'light', 'dark', 'system'"),
        (["--lang", "en"], "usage:", "invalid choice: 'pink' (choose from"),
    ],
)
def test_options_are_explained_in_the_language_asked_for(
    said: list[str], usage: str, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as helped:
        app.read_options([*said, "--help"])
    words = capsys.readouterr().out
    assert helped.value.code == 0
    assert words.startswith(usage)
    assert ("options:" in words, "opciones:" in words) == (bool(said), not said)
    with pytest.raises(SystemExit):
        app.read_options([*said, "--theme", "pink"])
    assert wrong in capsys.readouterr().err


def test_options_are_explained_in_the_language_of_this_pc(
    own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_machine_settings(Settings(language="en"))
    with pytest.raises(SystemExit):
        app.read_options(["--help"])
    assert capsys.readouterr().out.startswith("usage:")


def test_damaged_database_is_one_clear_sentence(tmp_path: Path) -> None:
    damaged = tmp_path / "shop.db"
    damaged.write_bytes(bytes(range(256)) * 64)
    before = damaged.read_bytes()
    done = run("--db", str(damaged), "--screenshots", str(tmp_path / "pictures"), home=tmp_path / "home")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "shop.db" in done.stderr
    assert damaged.read_bytes() == before


def test_a_newer_versions_database_is_one_clear_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    newer = tmp_path / "shop.db"
    with closing(open_database(newer)) as shop:
        shop.read_one(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = newer.read_bytes()
    done = run(
        "--db",
        str(newer),
        "--lang",
        "en",
        "--screenshots",
        str(tmp_path / "pictures"),
        home=tmp_path / "home",
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "newer version" in done.stderr
    assert newer.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "shop.db"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_without_a_screen_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not app.has_screen()


def test_what_an_error_quotes_is_remembered_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    troubles = app.Troubles([])
    with caplog.at_level("INFO"):
        troubles.add_error(KeyError("Juana Pérez"))
    assert troubles.lines == ["KeyError: 'Juana Pérez'"]
    assert [record.getMessage() for record in caplog.records] == ["KeyError"]


@pytest.mark.slow
def test_smoke_opens_everything_without_a_word(tmp_path: Path) -> None:
    done = run("--smoke", home=tmp_path / "home", timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
def test_pictures_of_every_page(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    done = run(
        "--sample", "--screenshots", str(folder), "--theme", "dark", "--lang", "en", "--size", "1366x768",
        home=tmp_path / "home", timeout=300,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    names = {path.name for path in folder.iterdir()}
    assert {"home-dark-en.png", "cashier-dark-en.png", "settings-dark-en.png"} <= names
