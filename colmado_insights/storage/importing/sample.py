"""The first rows of a table, column by column: what its headers and cells say together."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from colmado_insights.storage.importing.cleaning import is_totals_row, parse_numbers, weigh_decimal
from colmado_insights.storage.importing.columns import (
    IGNORED,
    SUMMED,
    Profile,
    is_word_of,
    match_header,
    profile_column,
    suit,
)
from colmado_insights.storage.importing.fields import MATCHED_FIELDS, NUMERIC_FIELDS, Field


@functools.lru_cache(maxsize=128)
def _profile(cells: tuple[str, ...]) -> Profile:
    """The profile of a column; several ask for the same table, one after the other."""
    return profile_column(cells)


@dataclass(frozen=True)
class Sample:
    """A header with its sample, column by column."""

    header: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]  # by column
    profiles: tuple[Profile, ...]

    @classmethod
    def of(cls, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Sample:
        """Columns of rows that may be shorter or longer than the header."""
        width = len(header)
        full = [row for row in rows if any(cell.strip() for cell in row) and not is_totals_row(row)]
        cells = tuple(tuple(row[place] if place < len(row) else "" for row in full) for place in range(width))
        return cls(tuple(header), cells, tuple(map(_profile, cells)))

    @property
    def count(self) -> int:
        """Rows of the sample."""
        return len(self.cells[0]) if self.cells else 0

    @property
    def language(self) -> str:
        """The language in which more headers are written, or ""."""
        votes = {"en": 0, "es": 0}
        for header in self.header:
            languages = {
                match_header(header, name).language for name in MATCHED_FIELDS if is_word_of(header, name)
            }
            for language in languages if len(languages) == 1 else ():
                votes[language] += 1
        return "" if votes["en"] == votes["es"] else max(votes, key=lambda language: votes[language])

    def score(self, name: Field, place: int) -> float:
        """How well a column fits a field, by words and by cells."""
        header = self.header[place]
        is_other = is_word_of(header, IGNORED) or (name not in NUMERIC_FIELDS and is_word_of(header, SUMMED))
        if is_other and not is_word_of(header, name):
            return 0.0
        return match_header(header, name).score * suit(name, self.profiles[place])

    def is_each_once(self, place: int) -> bool:
        """True for a column whose every value stands in one row only."""
        return self.count > 1 and self.profiles[place].distinct == 1.0

    def has_words(self, name: str) -> int:
        """How many headers are exactly a word of a kind."""
        return sum(is_word_of(header, name) for header in self.header)

    def numbers(self, place: int, decimal: str) -> np.ndarray:
        """A column's numbers, NaN where a cell holds none."""
        return parse_numbers(self.cells[place], decimal)[0]

    def decimal_votes(self, place: int) -> tuple[int, int]:
        """How many distinct cells prove a decimal point, and how many a comma."""
        return weigh_decimal(list(dict.fromkeys(self.cells[place])))
