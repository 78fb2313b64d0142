"""Newer versions in the terminal: the same powers and the same sentences as in the window."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from colmado_insights import config, updates
from colmado_insights.cli import main
from colmado_insights.config import Settings
from colmado_insights.updates.places import downloads
from tests.grok_server import html
from tests.updates.release_files import NEW, WINDOWS, make_release
from tests.updates.release_server import LATEST, ReleaseServer

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(updates, "this_program", lambda: WINDOWS)
    return lambda *words: CliRunner().invoke(main, ["updates", *words])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ReleaseServer]:
    with ReleaseServer(tmp_path / "published") as made:
        made.publish()
        config.write_machine_settings(Settings(releases_url=made.latest))
        yield made


def values(done: Result) -> dict[str, Any]:
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


def test_without_an_address_it_says_so(run: Run) -> None:
    done = run()
    assert done.exit_code == 0
    assert "No se sabe de ninguna más nueva." in done.stdout
    assert "sin dirección" in done.stdout
    assert values(run("--json")) == {
        "version": "0.1.0", "kind": "setup", "is_allowed": False, "url": "", "looked_at": None, "newest": None,
    }  # fmt: skip


def test_from_looking_to_having_it(run: Run, server: ReleaseServer) -> None:
    refused = run("--look")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "No has permitido" in refused.stderr
    assert "--allow" in run().stdout
    assert server.calls == []
    said = run("--allow", "--look")
    assert "Hay una versión nueva: 0.2.0" in said.stdout
    assert "• Va más rápido." in said.stdout
    assert "--download" in said.stdout
    assert len(server.calls) == 1
    done = values(run("--download", "--json"))
    assert done["is_allowed"] and done["looked_at"]
    newest = done["newest"]
    assert newest["version"] == "0.2.0"
    assert Path(newest["file"]).read_bytes() == (server.folder / Path(newest["file"]).name).read_bytes()
    assert newest["steps"][0] == "Cierra el programa."
    assert values(run("--json"))["newest"]["file"] == newest["file"]
    assert len(server.calls) == 2
    assert not values(run("--forbid", "--json"))["is_allowed"]
    assert run("--look").exit_code == 1
    assert len(server.calls) == 2


def test_trouble_is_one_sentence_and_status_1(run: Run, server: ReleaseServer) -> None:
    server.pages[LATEST] = html()
    done = run("--allow", "--look", "--json")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert run("--download").exit_code == 1
    assert "No se sabe de ninguna versión más nueva" in run("--download").stderr


def test_a_file_is_told_what_it_is(run: Run, tmp_path: Path) -> None:
    done = values(run(str(make_release(tmp_path)), "--json"))
    assert done["newest"]["version"] == str(NEW)
    foreign = tmp_path / "foto.exe"
    foreign.write_bytes(b"MZ")
    refused = run(str(foreign))
    assert refused.exit_code == 1
    assert "no es una versión de Colmado Insights" in refused.stderr
    assert run(str(tmp_path / "ColmadoInsights-0.2.0-setup.exe.gone")).exit_code == 1


def test_one_that_lies_ready_is_found(run: Run) -> None:
    path = make_release(downloads())
    assert str(path) in json.dumps(values(run("--json"))["newest"]["file"], ensure_ascii=False).replace(
        "\\\\", "\\"
    )


def test_a_version_is_not_imported_as_sales(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["import", str(make_release(tmp_path))])
    assert done.exit_code == 1
    assert "colmado updates" in done.stderr


def test_the_address_can_be_another(run: Run, server: ReleaseServer) -> None:
    assert values(run("--url", "https://example.com/latest.json", "--json"))["url"].startswith(
        "https://example"
    )
    assert values(run("--json"))["url"].startswith("https://example")
    assert values(run("--url", "", "--json"))["url"] == ""


@pytest.mark.parametrize("wrong", [("--look", "--nothing"), ("a", "b"), ("--url", "http://example.com/x")])
def test_wrong_usage_is_status_2(run: Run, wrong: tuple[str, ...]) -> None:
    assert run(*wrong).exit_code == 2
