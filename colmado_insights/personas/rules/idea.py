"""An idea that a rule has: what it says, what it is about, and how telling it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from colmado_insights import text


@dataclass(frozen=True)
class Idea:
    """One thing to do; of two about the same theme only the more telling is said."""

    theme: str
    weight: float  # 1 for a figure that stands out clearly
    words: str


def choose_ideas(ideas: Iterable[Idea], most: int) -> tuple[str, ...]:
    """The words of the most telling ideas, one a theme."""
    best: dict[str, Idea] = {}
    for idea in sorted(ideas, key=lambda idea: -idea.weight):
        best.setdefault(idea.theme, idea)
    return tuple(text.fluent(idea.words) for idea in list(best.values())[:most])
