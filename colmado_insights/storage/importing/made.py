"""Tables that a preset makes from its own files, so that every format takes the same way in.

A preset that knows a structure (JSON, XML, a till's database, several dumps that join)
yields rows in our own field names; from there they are cleaned, grouped and written like
the rows of any CSV file.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from colmado_insights.storage.importing.fields import AmountRule, Field, Mapping
from colmado_insights.storage.importing.moments import DateStyle
from colmado_insights.storage.importing.pulse import beat
from colmado_insights.storage.importing.readers import Chunk

Cell = str | int | float | None
Row = Sequence[Cell]
"""Cells in the order of the table's fields.

MOMENT is the shop's wall clock as `2026-11-20 17:05:00`, or only the date where there is no
time. Numbers are plain (`-12.5`). KIND is `sale` or `refund`, STATUS `void` for what was
cancelled; amounts may have any sign when the kind says refund.
"""

ROWS_AT_ONCE = 5_000
"""Few enough that a cancel is heard within half a second."""
ROWS_A_BEAT = 500
SAMPLE_ROWS = 400


class MadeTable:
    """Rows made by a preset; `make` is called anew each time they are read."""

    other_tables: tuple[str, ...] = ()

    def __init__(
        self, name: str, fields: Sequence[Field | str], make: Callable[[], Iterable[Row]], *, size: int = 0
    ) -> None:
        self.name = name
        self.header = tuple(str(field) for field in fields)
        self._make = make
        self._size = size
        self.sample = tuple(_texts(row) for row in itertools.islice(make(), SAMPLE_ROWS))

    def chunks(self, texts: Sequence[int], numbers: Sequence[int]) -> Iterator[Chunk]:
        """The rows, some ten thousands at a time; progress counts rows against the size given."""
        rows = _heard(self._make())
        done = 0
        while piece := [_texts(row) for row in itertools.islice(rows, ROWS_AT_ONCE)]:
            columns = list(zip(*piece, strict=True))
            yield Chunk(
                first_line=done + 1,
                rows=len(piece),
                texts={at: _objects(columns[at]) for at in (*texts, *numbers)},
                numbers={},
                is_wide=np.zeros(len(piece), bool),
                done=done + len(piece),
                total=max(self._size, done + len(piece)) if self._size else 0,
                _source=piece,
            )
            done += len(piece)


def _heard(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, with a pulse now and then."""
    for place, row in enumerate(rows):
        if place % ROWS_A_BEAT == 0:
            beat()
        yield row


def made_mapping(fields: Sequence[Field]) -> Mapping:
    """The mapping of a made table: every field is where its name says."""
    has_lines = Field.LINE_TOTAL in fields
    return Mapping(
        columns={field: at for at, field in enumerate(fields)},
        dates=DateStyle("ymd", has_time=True),
        decimal=".",
        amount=AmountRule.LINE_TOTAL if has_lines else AmountRule.RECEIPT_TOTAL,
        confidence=1.0,
        reasons=(),
    )


def _texts(row: Row) -> tuple[str, ...]:
    return tuple("" if cell is None else cell if isinstance(cell, str) else repr(cell) for cell in row)


def _objects(cells: Sequence[str]) -> np.ndarray:
    values = np.empty(len(cells), object)
    values[:] = [cell or None for cell in cells]
    return values
