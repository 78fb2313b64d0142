"""What the presets of tables share: columns found by name, numbers and moments read a piece at a time."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.errors import ShopError
from colmado_insights.storage.importing.cleaning import guess_decimal, parse_numbers
from colmado_insights.storage.importing.fields import Field
from colmado_insights.storage.importing.made import Cell, Row
from colmado_insights.storage.importing.moments import DateStyle, parse_moments, weigh_date_style
from colmado_insights.storage.importing.readers import Chunk, Table, open_table
from colmado_insights.storage.importing.vocabulary import fold, fold_header

if TYPE_CHECKING:
    from numpy.typing import NDArray

Number = float | str | None
"""A cell that should be a number: the number, None where it is empty, or the text that is none."""

_OTHER_SHAPES = (b"{", b"[", b"<?xml", b"<ECF", b"<RFCE", b"SQLite format 3\x00")


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row of a file: its wanted cells by name, missing columns as "" or None."""

    texts: dict[str, str]
    numbers: dict[str, Number]
    stray: str = ""
    """All cells in one text, where the row fits no column and can be no sale."""


@dataclass(frozen=True)
class Layout:
    """The columns that an export has, whatever their order.

    `names` gives for each wanted name the headers it may have, the best first; `numbers` are
    those that hold amounts; `moments` are made by joining columns (a date and a time apart).
    """

    names: Mapping[str, Sequence[str]]
    numbers: frozenset[str]
    moments: Mapping[str, tuple[str, ...]]

    def find(self, header: Sequence[str]) -> dict[str, int]:
        """Where each wanted column stands; one that is not there is left out."""
        there = [fold_header(cell) for cell in header]
        found = {}
        for name, headers in self.names.items():
            place = next((there.index(key) for key in map(fold_header, headers) if key in there), None)
            if place is not None:
                found[name] = place
        return found

    def read(self, path: Path) -> Iterator[NamedRow]:
        """The rows of a file that have anything in them.

        Raises
        ------
        FileProblem
            The file cannot be read.
        """
        table = open_table(path)
        places = self.find(table.header)
        decimals = {
            name: guess_decimal(_sampled(table, places[name])) for name in places.keys() & self.numbers
        }
        styles = {name: self._style(table, places, columns) for name, columns in self.moments.items()}
        for chunk in table.chunks(sorted(set(places.values())), []):
            yield from self._rows(chunk, places, decimals, styles)

    def _style(self, table: Table, places: Mapping[str, int], columns: Sequence[str]) -> DateStyle:
        """How a moment is written; where the first rows do not tell, all days of the file are looked at."""
        there = [places[name] for name in columns if name in places]
        if not there:
            return DateStyle("ymd", has_time=True)
        language = "es" if "fecha" in fold_header(table.header[there[0]]) else "en"
        sampled = _join([_sampled(table, place) for place in there])
        guess = weigh_date_style(sampled, header_language=language, file_name=table.name)
        if guess.is_assumed:
            days: dict[str, str] = {}
            for chunk in table.chunks(there, []):
                for text in _join([_texts(chunk.texts[place]) for place in there]):
                    days.setdefault(text.partition(" ")[0], text)
            guess = weigh_date_style(list(days.values()), header_language=language, file_name=table.name)
        return guess.style

    def _rows(
        self,
        chunk: Chunk,
        places: Mapping[str, int],
        decimals: Mapping[str, str],
        styles: Mapping[str, DateStyle],
    ) -> Iterator[NamedRow]:
        texts = {name: _texts(chunk.texts[place]) for name, place in places.items()}
        numbers = {name: _numbers(texts[name], decimal) for name, decimal in decimals.items()}
        for name, columns in self.moments.items():
            joined = _join([texts[column] for column in columns if column in texts])
            texts[name] = _moments(joined, styles[name]) if joined else [""] * chunk.rows
        no_text = dict.fromkeys((*self.names, *self.moments), "")
        no_number: dict[str, Number] = dict.fromkeys(self.numbers)
        is_wide = chunk.is_wide.tolist()
        for at in range(chunk.rows):
            cells = {name: column[at] for name, column in texts.items()}
            if is_wide[at] or not any(cells.values()):
                stray = " | ".join(cell.strip() for cell in chunk.cells(at) if cell.strip())
                if stray:
                    yield NamedRow(no_text, no_number, stray)
                continue
            amounts = {name: column[at] for name, column in numbers.items()}
            yield NamedRow(no_text | cells, no_number | amounts)


class Told:
    """What earlier files have told already: exports given together may overlap.

    Within one file a receipt's rows may stand apart, so that only earlier files count.
    """

    def __init__(self) -> None:
        self._before: set[tuple[str, ...]] = set()
        self._now: set[tuple[str, ...]] = set()

    def begin_file(self) -> None:
        """From here on the files before are the earlier ones."""
        self._before |= self._now
        self._now = set()

    def has(self, *receipt: str) -> bool:
        """True for a receipt of an earlier file; remembers it else."""
        if receipt in self._before:
            return True
        self._now.add(receipt)
        return False


@functools.lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A cell as words are compared; columns of words hold few different ones."""
    return fold(text)


def looks_like_table(head: bytes) -> bool:
    """False for what starts as JSON, XML or a database: no need to open it as a table."""
    return not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_OTHER_SHAPES)


def peek(path: Path, head: bytes) -> Table | None:
    """The table of a file, remembered for the next preset that asks; None when there is none."""
    if not looks_like_table(head):
        return None
    try:
        stat = path.stat()
    except OSError:
        return None
    return _peek(path, stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=8)
def _peek(path: Path, _changed: int, _size: int) -> Table | None:
    try:
        return open_table(path)
    except ShopError:
        return None


def stray_row(fields: Sequence[Field], text: str) -> Row:
    """A row without a moment that carries a text to quarantine, so that nothing is dropped in silence."""
    place = Field.PRODUCT if Field.PRODUCT in fields else Field.CUSTOMER
    return [text if field is place else None for field in fields]


def row_of(fields: Sequence[Field], cells: Mapping[Field, Cell]) -> Row:
    """The cells in the order of the fields; a field that is not given is empty."""
    return [cells.get(field) for field in fields]


def cents(number: Number) -> int | None:
    """A read amount in cents, half away from zero; None where there is none."""
    if not isinstance(number, float):
        return None
    whole = int(abs(number) * 100 + 0.5 + 1e-7)
    return -whole if number < 0 else whole


def pesos(amount: int) -> str:
    """Cents as the text of a number with two decimals."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def share_out(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide cents by non-negative weights so that the parts sum to the amount; no weight, equal parts."""
    weights = weights if sum(weights) else [1] * len(weights)
    total, given, parts, passed = sum(weights), 0, [], 0
    for weight in weights:
        passed += weight
        part = (2 * amount * passed + total) // (2 * total) - given
        parts.append(part)
        given += part
    return parts


def _sampled(table: Table, place: int) -> list[str]:
    return [row[place].strip() if place < len(row) else "" for row in table.sample]


def _texts(cells: NDArray[np.object_]) -> list[str]:
    # A column without one filled cell comes as NaN, not None.
    return [cell.strip() if isinstance(cell, str) else "" for cell in cells.tolist()]


def _join(columns: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side as one text a row."""
    return [" ".join(filter(None, cells)) for cells in zip(*columns, strict=True)]


def _numbers(texts: Sequence[str], decimal: str) -> list[Number]:
    codes, distinct = pd.factorize(np.array(texts, dtype=object))
    numbers, bad = parse_numbers(distinct, decimal)
    values: list[Number] = [
        None if not text else text if is_bad else number
        for text, number, is_bad in zip(distinct, numbers.tolist(), bad.tolist(), strict=True)
    ]
    return [values[code] for code in codes.tolist()]


def _moments(texts: Sequence[str], style: DateStyle) -> list[str]:
    """Each text as `2026-11-20 17:05:00`, or only its day; one that is no moment stays as it is."""
    codes, distinct = pd.factorize(np.array(texts, dtype=object))
    seconds, has_time, bad = parse_moments(distinct, style)
    written = np.datetime_as_string(seconds.astype("datetime64[s]"), unit="s")
    values = [
        text if is_bad else iso.replace("T", " ") if is_timed else iso[:10]
        for text, iso, is_timed, is_bad in zip(
            distinct, written.tolist(), has_time.tolist(), bad.tolist(), strict=True
        )
    ]
    return [values[code] for code in codes.tolist()]
