"""`colmado experiments`: begin, look, end, adopt, resume."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from colmado_insights.cli import main
from colmado_insights.logs import stop_log
from colmado_insights.shop import Shop

Run = Callable[..., Result]
TWO = ("--arm", "plain:grok-3", "--arm", "warm:grok-3")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("COLMADO_HOME", str(tmp_path / "home"))
    path = tmp_path / "shop.db"
    yield lambda *words: CliRunner().invoke(main, ["experiments", *map(str, words), "--db", str(path)])
    stop_log()


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["experiments"]


def test_begin_end_adopt_and_resume(run: Run, tmp_path: Path) -> None:
    assert answer(run("--json")) == []
    assert "Todavía no hay pruebas." in run().output
    (begun,) = answer(run("--start", "segment", *TWO, "--json"))
    assert set(begun) == {
        "id", "topic", "started_at", "ended_at", "verdict", "winner", "adopted", "votes_missing", "confidence",
        "outdated", "until", "reasons", "arms",
    }  # fmt: skip
    assert [(arm["arm"], arm["prompt"], arm["model"]) for arm in begun["arms"]] == [
        ("A", "plain-1", "grok-3"), ("B", "warm-1", "grok-3"),
    ]  # fmt: skip
    assert (begun["verdict"], begun["votes_missing"]) == ("waiting", 24)
    (ended,) = answer(run("--end", begun["id"], "--adopt", "b", "--json"))
    assert ended["adopted"] == "B"
    with Shop(tmp_path / "shop.db") as shop:
        assert shop.settings.grok_prompt == "warm"
    words = run().output
    assert "Terminó antes de que se notara cuál gusta más." in words
    assert "Al terminar te quedaste con la manera B." in words
    (resumed,) = answer(run("--resume", begun["id"], "--json"))
    assert (resumed["ended_at"], resumed["adopted"]) == (None, None)
    with Shop(tmp_path / "shop.db") as shop:
        assert shop.settings.grok_prompt == "plain"


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("--start", "segment", "--arm", "plain:grok-3"), 1, "de dos a cuatro"),
        (("--start", "segment", "--arm", "plain"), 2, "warm:grok-3"),
        (("--start", "question", *TWO), 2, "question"),
        (("--start", "segment", "--arm", "plain:grok-3", "--arm", "plain:grok-99"), 1, "grok-99"),
        (("--end", "7"), 1, "No hay una prueba con ese número."),
        (("--resume", "7"), 1, "No hay una prueba con ese número."),
        (("--adopt", "A"), 2, "--adopt va con --end"),
        (TWO, 2, "--arm va con --start"),
        (("--start", "segment", *TWO, "--end", "1"), 2, "una sola cosa"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    run: Run, words: tuple[str, ...], status: int, told: str
) -> None:
    result = run(*words)
    assert result.exit_code == status
    assert told in result.output
    assert answer(run("--json")) == []


def test_only_arms_of_the_experiment_are_adopted(run: Run) -> None:
    run("--start", "week", *TWO)
    refused = run("--end", 1, "--adopt", "C")
    assert refused.exit_code == 2
    assert "son A y B" in refused.output
    assert answer(run("--json"))[0]["ended_at"] is None
