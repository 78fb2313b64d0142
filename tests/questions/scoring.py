"""Whether an answer says what SQL says: right, a wrong number, or an honest "no sé"."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any

from colmado_insights.questions import ShopAnswer
from tests.questions.asked_shop import Asked

MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
CATEGORIES = {"alcohol": "cerveza y ron", "staples": "víveres secos"}


class Score(Enum):
    """What became of a question."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"  # said that it does not know, though it could be known


def shown(kind: str, value: Any) -> str:
    """A value of SQL as a shopkeeper reads it; written here once more, so that our own formats are tested too."""
    if kind == "money":
        return f"RD$ {round(value / 100):,}"
    if kind == "price":
        return f"RD$ {value / 100:,.2f}" if value % 100 else f"RD$ {value // 100:,}"
    if kind == "units":
        return f"{value / 1000:,.0f}" if value % 1000 == 0 else f"{value / 1000:,.2f}"
    if kind == "share":
        return f"{100 * value:.0f} %"
    if kind == "day":
        day = date.fromisoformat(value)
        return f"{day.day} de {MONTHS[day.month - 1]}"
    if kind == "hour":
        return f"{(value - 1) % 12 + 1} {'a. m.' if value < 12 else 'p. m.'}"
    if kind == "category":
        return CATEGORIES[value]
    return f"{value:,}" if kind == "count" else str(value)


def has(words: str, value: str) -> bool:
    """Whether a text says a value by itself: 12 is not in 1,123."""
    start = words.find(value)
    while start >= 0:
        before, after = words[start - 1 : start], words[start + len(value) : start + len(value) + 2]
        if not (before.isdigit() or before in (",", ".")) and not (
            after[:1].isdigit() or (after[:1] in (",", ".") and after[1:2].isdigit())
        ):
            return True
        start = words.find(value, start + 1)
    return False


def judge(asked: Asked, answer: ShopAnswer, connection: sqlite3.Connection) -> Score:
    """Compare an answer with what the SQL of its question says."""
    if asked.kind == "unknown":
        return Score.WRONG if answer.is_known or answer.figures else Score.RIGHT
    if not answer.is_known:
        return Score.UNKNOWN
    expected: Sequence[tuple[Any, ...]] = connection.execute(asked.sql).fetchall()
    is_right = all(has(answer.words, shown(asked.kind, value)) for row in expected for value in row)
    return Score.RIGHT if is_right else Score.WRONG
