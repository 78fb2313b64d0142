"""Forty questions as shopkeepers ask them, against SQL over the raw sales: 36 right at least, and no wrong number."""

from __future__ import annotations

from pathlib import Path

import pytest

from colmado_insights.questions import ShopAnswer
from colmado_insights.shop import Shop
from tests.questions.asked_shop import NOW, Asked, open_views, read_asked
from tests.questions.scoring import Score, judge

FORTY = read_asked("forty.toml")
LEAST_RIGHT = 36


@pytest.fixture(scope="module")
def answers(asked_path: Path) -> list[tuple[Asked, ShopAnswer, Score]]:
    with Shop(asked_path) as shop:
        found = [(asked, shop.ask(asked.question, NOW)) for asked in FORTY]
    connection = open_views(asked_path)
    try:
        return [(asked, answer, judge(asked, answer, connection)) for asked, answer in found]
    finally:
        connection.close()


def test_at_least_thirty_six_of_forty_are_right(answers: list[tuple[Asked, ShopAnswer, Score]]) -> None:
    assert len(answers) == 40
    right = sum(score is Score.RIGHT for _asked, _answer, score in answers)

    missed = [asked.question for asked, _answer, score in answers if score is not Score.RIGHT]
    assert right >= LEAST_RIGHT, missed


def test_no_answer_has_a_wrong_number(answers: list[tuple[Asked, ShopAnswer, Score]]) -> None:
    wrong = [(asked.question, answer.words) for asked, answer, score in answers if score is Score.WRONG]
    assert not wrong


def test_who_does_not_know_says_what_can_be_asked(answers: list[tuple[Asked, ShopAnswer, Score]]) -> None:
    for asked, answer, _score in answers:
        if not answer.is_known:
            assert answer.words.startswith("No sé"), asked.question
            assert answer.suggestions, asked.question
