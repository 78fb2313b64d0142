"""What some two hundred and seventy phrasings come down to, read one by one: right, or `?` for "no sé"."""

from __future__ import annotations

import os
from pathlib import Path

from colmado_insights.questions.intents import understand
from colmado_insights.questions.subjects import NameBook
from colmado_insights.questions.words import read_lexicon
from tests.questions.asked_shop import CLOCK
from tests.questions.summing_up import sum_up

FILE = Path(__file__).parent.parent / "data" / "questions" / "understood.txt"


def test_every_phrasing_is_understood_as_it_was_read(book: NameBook) -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    asked = [line.partition(" → ")[0] for line in lines]
    have = [f"{question} → {sum_up(understand(question, CLOCK, book, read_lexicon()))}" for question in asked]
    if os.environ.get("COLMADO_GOLDEN") == "write":
        FILE.write_text("\n".join(have) + "\n", encoding="utf-8", newline="\n")
    assert len(set(asked)) == len(asked) > 250
    assert have == lines
