"""The task that gathers the words: what it finds, and what it refuses."""

from __future__ import annotations

import ast

import pytest
from babel.messages.catalog import Catalog

from tasks import texts


def catalogue(spanish: str | tuple[str, str], english: str | tuple[str, str]) -> Catalog:
    made = Catalog(locale="en")
    made.add(spanish, english)
    return made


def test_finds_marked_words_and_nothing_else() -> None:
    code = '_("a"); N_("b" "c"); ngettext("x", "y", n); _(name); _(field["label"]); print("z")'
    assert sorted(texts.marked_words(ast.parse(code))) == [("a",), ("bc",), ("x", "y")]


def test_every_marked_word_of_the_program_is_gathered() -> None:
    gathered = texts.gather()
    assert gathered.get("Pronóstico") is not None
    assert len(gathered) > 300


@pytest.mark.parametrize(
    ("spanish", "english", "is_wrong"),
    [
        ("hasta las {hour}", "until {hour}", False),
        ("hasta las {hour}", "until {time}", True),
        (("{n} día", "{n} días"), ("one day", "{n} days"), False),
        (("{n} día", "{n} días"), ("{n} day", "{days} days"), True),
    ],
)
def test_english_fills_in_the_same_names(
    spanish: str | tuple[str, str], english: str | tuple[str, str], is_wrong: bool
) -> None:
    (message,) = [message for message in catalogue(spanish, english) if message.id]
    assert texts.has_other_names(message) is is_wrong


def test_a_form_without_english_is_missing() -> None:
    (message,) = [each for each in catalogue(("{n} día", "{n} días"), ("{n} day", "")) if each.id]
    assert texts.lacks_english(message)


def test_the_same_words_make_the_same_files() -> None:
    made = catalogue("hola", "hello")
    assert texts.mo_bytes(made) == texts.mo_bytes(made)
    assert b"Date" not in texts.po_bytes(made)
