"""Words, money and dates the Dominican way."""

from __future__ import annotations

import ast
from datetime import date, datetime
from pathlib import Path

import pytest

from colmado_insights import text
from colmado_insights.domain import Reason
from colmado_insights.text.sentences import SENTENCES

PACKAGE = Path(text.__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "RD$ 0"),
        (1_845_000, "RD$ 18,450"),
        (-5_000, "−RD$ 50"),
        (-20, "RD$ 0"),
        (99_999_950, "RD$ 1,000,000"),
    ],
)
def test_money_is_whole_pesos_with_commas(cents: int, words: str) -> None:
    assert text.money(cents) == words


def test_money_exact_keeps_the_cents() -> None:
    assert text.money_exact(-1_845_005) == "−RD$ 18,450.05"


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "12 a. m."), (11, "11 a. m."), (12, "12 p. m."), (17, "5 p. m."), (23, "11 p. m.")],
)
def test_hours_have_twelve(hour: int, words: str) -> None:
    assert text.hour_label(hour) == words


def test_dates_and_clock() -> None:
    assert text.short_date(date(2026, 11, 20)) == "vie 20 nov"
    assert text.long_date(date(2026, 11, 22)) == "domingo 22 de noviembre de 2026"
    assert text.clock(datetime(2026, 11, 20, 0, 5)) == "12:05 a. m."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("hasta las 1:30 p. m.", "hasta la 1:30 p. m."),
        ("a las 1 p. m. y 2 p. m.", "a la 1 p. m. y 2 p. m."),
        ("a las 11 a. m.", "a las 11 a. m."),
        ("las 1 compras", "las 1 compras"),
        ("Se cierra a las 9 p. m..", "Se cierra a las 9 p. m."),
    ],
)
def test_a_clock_is_said_as_one_says_it(words: str, said: str) -> None:
    assert text.fluent(words) == said


def test_axis_numbers_are_short() -> None:
    assert [text.short_number(n) for n in (0, 950, 20_000, 2_500, 1_200_000)] == [
        "0",
        "950",
        "20 mil",
        "2.5 mil",
        "1.2 M",
    ]


def test_dollars_show_what_is_small() -> None:
    nano = (0, 50_000, 6_600_000, 99_900_000, 420_000_000, 4_999_000_000)
    assert [text.dollars(each) for each in nano] == [
        "US$ 0.00",
        "menos de US$ 0.0001",
        "US$ 0.0066",
        "US$ 0.0999",
        "US$ 0.42",
        "US$ 5.00",
    ]


def test_about_so_many_dollars_are_said_to_the_cent() -> None:
    nano = (0, 4_000_000, 64_800_000, 420_000_000)
    assert [text.about_dollars(each) for each in nano] == [
        "unos US$ 0.00",
        "menos de US$ 0.01",
        "unos US$ 0.06",
        "unos US$ 0.42",
    ]


def test_percent_of_a_share() -> None:
    assert text.percent(0.224) == "22 %"
    assert text.percent(-0.06, signed=True) == "−6 %"
    assert text.percent(0.06, signed=True) == "+6 %"


def test_sentences_write_their_values() -> None:
    pair = Reason.of("usual_pair", first="alcohol", second="snacks", share=0.41)
    assert text.sentence(pair) == "4 de cada 10 de los que llevan cerveza y ron llevan también picadera."
    days = Reason.of("usual_same_weekday", days=4, weekday=6)
    assert text.sentence(days) == "Comparado con los últimos 4 sábados con ventas."


def reason_codes() -> set[str]:
    """Every code that a call of `Reason.of` in the package names."""
    codes = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_reason = isinstance(node, ast.Call) and ast.unparse(node.func) == "Reason.of"
            if is_reason and node.args and isinstance(node.args[0], ast.Constant):
                codes.add(node.args[0].value)
    return codes


def test_every_reason_has_its_sentence() -> None:
    assert reason_codes() <= SENTENCES.keys()


def test_a_reason_that_an_older_program_kept_is_said_without_its_number() -> None:
    whole = Reason.of("traffic_busy", now=25, usual=17)
    assert "–" not in text.sentence(whole)
    assert "–" in text.sentence(Reason.of("traffic_busy", now=25))
