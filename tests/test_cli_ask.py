"""`colmado ask`: an answer for people and for programs, and what can be asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from colmado_insights.cli import main
from colmado_insights.logs import stop_log
from tests.small_shop import copy_small_shop

Run = Callable[..., Result]


@pytest.fixture
def run(small_shop_made: Path, tmp_path: Path) -> Iterator[Run]:
    path = copy_small_shop(small_shop_made, tmp_path / "shop")
    common = ("--db", str(path), "--as-of", "2026-11-19")
    yield lambda *words: CliRunner().invoke(main, ["ask", *words, *common])
    stop_log()


def test_an_answer_is_words_and_figures(run: Run) -> None:
    result = run("cuánto", "vendí", "ayer")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Ayer miércoles 18 de noviembre vendiste RD$ ")
    assert "Compras: " in result.output


def test_programs_get_the_whole_answer(run: Run) -> None:
    values = json.loads(run("cuanto vendi de cerveza el domingo", "--json").output)
    assert values["is_known"] is True
    assert (values["intent"], values["source"]) == ("sum", "rules")
    assert set(values) == {
        "question", "words", "is_known", "intent", "figures", "source", "suggestions", "page", "subject",
    }  # fmt: skip


def test_without_a_question_it_says_what_can_be_asked(run: Run) -> None:
    assert "¿Cuánto vendí ayer?" in run().output
    assert "¿Cuánto vendí ayer?" in json.loads(run("--json").output)["suggestions"]


def test_what_is_not_known_is_said(run: Run) -> None:
    result = run("va a llover mañana")
    assert result.exit_code == 0
    assert result.output.startswith("No sé")


def test_grok_that_nobody_allowed_is_not_asked(run: Run) -> None:
    values = json.loads(run("a cuanto asciende la venta de ayer", "--with-grok", "--json").output)
    assert values["is_known"] is False
    assert values["words"].startswith("No sé")
