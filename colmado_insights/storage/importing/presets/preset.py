"""The shape of a preset: how sure it is that a table is its own, and what each column means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from colmado_insights.storage.importing import mapping
from colmado_insights.storage.importing.amounts import settle_decimals
from colmado_insights.storage.importing.cleaning import guess_date_style
from colmado_insights.storage.importing.made import Row
from colmado_insights.storage.importing.mapping import AmountRule, Field, fold_header
from colmado_insights.storage.importing.sample import Sample

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Preset:
    """One known export.

    `recognise(header, rows)` gives a confidence 0-1 by content, never by file name;
    `map_columns(header, rows, file_name)` gives the mapping.
    """

    name: str
    recognise: Callable[[Sequence[str], Rows], float]
    map_columns: Callable[[Sequence[str], Rows, str], mapping.Mapping]


class Structured(Protocol):
    """What a module of a structured preset offers: it makes rows in our own field names."""

    @property
    def NAME(self) -> str:
        """The preset's name."""
        ...

    @property
    def FIELDS(self) -> tuple[Field, ...]:
        """What each cell of a row is."""
        ...

    def recognise(self, path: Path, head: bytes) -> float:
        """How sure it is, 0 to 1, that a file (or folder, then without a head) is such an export."""
        ...

    def read_rows(self, paths: Sequence[Path]) -> Iterator[Row]:
        """The rows of all files of one export."""
        ...


def named_preset(
    name: str, names: Mapping[Field, Sequence[str]], required: Sequence[Field], amount: AmountRule
) -> Preset:
    """A preset whose columns are known by their exact headers, in each language the till speaks.

    Parameters
    ----------
    names
        For each field the headers it may have.
    required
        The fields that must all be there for the table to be this export.
    """
    folded = {field: {fold_header(header) for header in headers} for field, headers in names.items()}

    def find(header: Sequence[str]) -> dict[Field, int]:
        cells = [fold_header(cell) for cell in header]
        return {
            field: next(i for i, cell in enumerate(cells) if cell in wanted)
            for field, wanted in folded.items()
            if any(cell in wanted for cell in cells)
        }

    def recognise(header: Sequence[str], _rows: Rows) -> float:
        found = find(header)
        if any(field not in found for field in required):
            return 0.0
        known = set().union(*folded.values())
        cells = [fold_header(cell) for cell in header if cell.strip()]
        return 0.6 + 0.4 * sum(cell in known for cell in cells) / max(len(cells), 1)

    def map_columns(header: Sequence[str], rows: Rows, file_name: str) -> mapping.Mapping:
        columns = find(header)

        def cells(field: Field) -> list[str]:
            return [row[columns[field]] for row in rows if columns[field] < len(row)]

        language = "en" if fold_header(header[columns[Field.MOMENT]]) == "date" else "es"
        decimals = settle_decimals(columns, Sample.of(header, rows))
        return mapping.Mapping(
            columns=columns,
            dates=guess_date_style(cells(Field.MOMENT), header_language=language, file_name=file_name),
            decimal="," if "," in decimals.values() else ".",
            amount=amount,
            confidence=recognise(header, rows),
            reasons=(),
            decimals=decimals,
        )

    return Preset(name, recognise, map_columns)
