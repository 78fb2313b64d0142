"""The page of the commands says what the commands are, and its examples run."""

from __future__ import annotations

import pytest

from tasks import reference

ANSWERS = reference.read_answers(reference.PAGES["es"].read_text(encoding="utf-8"))


def test_the_pages_are_up_to_date_with_the_code() -> None:
    made = reference.pages(ANSWERS)
    stale = [
        language for language, page in made.items() if reference.PAGES[language].read_text("utf-8") != page
    ]
    assert not stale, "run `poe reference`"


def test_every_command_is_told_with_an_example_of_its_own() -> None:
    assert [path for path, command in reference.commands() if not command.example.startswith(f"{path}")] == []
    assert set(ANSWERS) == {path for path, _command in reference.commands()}


@pytest.mark.parametrize(
    ("answer", "keys"),
    [
        ({"file": "a", "ok": True}, "{file, ok}"),
        ({"rows": [{"a": 1}, {"b": 2}], "words": ["x"]}, "{rows: [{a, b}], words: […]}"),
        ([{"a": 1}], "[{a}]"),
    ],
)
def test_keys_of_an_answer(answer: object, keys: str) -> None:
    assert reference.keys_of(answer) == keys


@pytest.mark.slow
def test_examples_run_and_answer_what_the_page_says() -> None:
    assert reference.run_examples() == ANSWERS
