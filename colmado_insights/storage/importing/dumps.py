"""Dumps of a till's database: which file is which table, told by its columns, and what its cells say."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from colmado_insights.domain import moment_of
from colmado_insights.errors import EmptyFile, UnknownColumns
from colmado_insights.storage.importing.cleaning import clean_text, guess_date_style, parse_moments
from colmado_insights.storage.importing.moments import DateStyle
from colmado_insights.storage.importing.readers import HEAD_BYTES, Table, open_table
from colmado_insights.storage.importing.vocabulary import fold, fold_header
from colmado_insights.text import _

Record = dict[str, str]

BROKEN = ""
"""Key of a record whose row has more cells than the header: its columns cannot be trusted."""

_NULLS = frozenset({"NULL", "null", "\\N", "<null>", "[null]", "(null)", "<NULL>", "[NULL]", "(NULL)"})
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?)?")
_FRACTION = re.compile(r"(:\d{2})[.,]\d{1,9}(?!\d)")
_NOBODY = frozenset({
    "", "unknown", "desconocido", "walk in customer", "walk in", "cliente general", "publico en general",
    "publico general", "consumidor final", "mostrador", "cliente de contado", "cliente contado", "cliente", "clientes",
    "clientes varios", "cliente varios", "varios", "contado", "sin cliente", "sin nombre", "ninguno", "anonimo",
    "customer", "none", "nan", "null", "n/a", "0",
})  # fmt: skip
_LARGEST = Decimal(10) ** 12
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class DumpTable:
    """A table of a till's database.

    `marks` are columns that no other table has together; where they are too common to tell
    (`is_common`), the file's name must hold the table's too. `key` tells its rows apart, for
    dumps that overlap.
    """

    name: str
    marks: tuple[str, ...]
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    is_common: bool = False


def recognise_dump(path: Path, head: bytes, tables: Sequence[DumpTable]) -> float:
    """How sure it is, 0 to 1, that a text file is one of these tables, from its first bytes."""
    return recognise_header(read_header(head), path, tables)


def recognise_header(header: Sequence[str], path: Path, tables: Sequence[DumpTable]) -> float:
    """How sure it is, 0 to 1, that a file with this header is one of these tables."""
    found = _which(header, path, tables)
    if found is None:
        return 0.0
    return 0.7 if found.is_common else 0.96


def read_header(head: bytes) -> tuple[str, ...]:
    """The first row of delimited text, without deciding more; nothing when it is no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    else:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    if "\x00" in text[:4096]:
        return ()
    lines = [line for line in text.lstrip("\ufeff").splitlines()[:3] if line.strip()]
    if lines and lines[0].lower().startswith("sep="):
        lines = lines[1:]
    if not lines:
        return ()
    delimiter = max(",;\t|", key=lines[0].count)
    try:
        return tuple(next(csv.reader(io.StringIO(lines[0]), delimiter=delimiter), ()))
    except csv.Error:
        return ()


def _which(header: Sequence[str], path: Path, tables: Sequence[DumpTable]) -> DumpTable | None:
    folded = {fold_header(cell) for cell in header}
    words = fold_header(path.stem)
    fitting = [
        table
        for table in tables
        if all(fold_header(mark) in folded for mark in table.marks)
        and (not table.is_common or fold_header(table.name) in words)
    ]
    return max(fitting, key=lambda table: len(table.marks), default=None)


class Dumps:
    """The tables that stand in some files of one export.

    Raises
    ------
    FileProblem
        A file cannot be read.
    """

    def __init__(self, paths: Iterable[Path], tables: Sequence[DumpTable], till: str) -> None:
        self._till = till
        self._known = {table.name: table for table in tables}
        self._files: dict[str, list[Table | None]] = {}
        self._first = ""
        for path in paths:
            self._first = self._first or path.name
            table, header = _open(path)
            if found := _which(header, path, tables):
                self._files.setdefault(found.name, []).append(table)

    def has(self, name: str) -> bool:
        """True when the table was exported, be it without rows."""
        return name in self._files

    def require(self, *names: str) -> None:
        """Refuse the export when none of these tables is there.

        Raises
        ------
        UnknownColumns
            Naming the first of them.
        """
        if any(map(self.has, names)):
            return
        raise UnknownColumns(
            _("«{file}» viene sin la tabla {table} de {till}, y sin ella no hay ventas.").format(
                file=self._first, table=names[0], till=self._till
            ),
            _("Exporta también {table} y escoge todos los archivos juntos.").format(table=names[0]),
        )

    def require_rows(self, name: str) -> None:
        """Refuse the export when the table has no rows at all."""
        self.require(name)
        if not any(self._files[name]):
            raise EmptyFile(
                _("La tabla {table} no trae ninguna fila.").format(table=name),
                _("Escoge un período con ventas y expórtalo otra vez."),
            )

    def rows(self, name: str) -> Iterator[Record]:
        """All rows of a table, of each file that holds some of it, each row once; none when it is missing."""
        table = self._known[name]
        files = [file for file in self._files.get(name, ()) if file is not None]
        seen: set[tuple[str, ...]] = set()
        for file in files:
            for record in _records(file, table.columns):
                if len(files) > 1 and table.key and not record[BROKEN]:
                    key = tuple(record[column] for column in table.key)
                    if key in seen:
                        continue
                    seen.add(key)
                yield record

    def names(self, name: str, *columns: str) -> dict[str, str]:
        """Id → the first filled of these columns."""
        return {
            record["ID"]: next((record[column] for column in columns if record[column]), "")
            for record in self.rows(name)
            if record["ID"] and not record[BROKEN]
        }

    def date_style(self, name: str, column: str) -> DateStyle:
        """How the table writes its dates."""
        cells = []
        for file in self._files.get(name, ()):
            folded = [fold_header(cell) for cell in file.header] if file else []
            if file and fold_header(column) in folded:
                place = folded.index(fold_header(column))
                cells += [_plain_moment(row[place]) for row in file.sample if place < len(row)]
        return guess_date_style([cell for cell in cells if cell not in _NULLS], header_language="es")


def _open(path: Path) -> tuple[Table | None, Sequence[str]]:
    """A file's table and header; a header without rows is a table that has none."""
    try:
        table = open_table(path)
        return table, table.header
    except EmptyFile:
        with path.open("rb") as stream:
            header = read_header(stream.read(HEAD_BYTES))
        if not header:
            raise
        return None, header


def _records(table: Table, wanted: Sequence[str]) -> Iterator[Record]:
    """Rows as {column: cell}; missing columns and database NULLs are ""."""
    folded = [fold_header(cell) for cell in table.header]
    places = {name: folded.index(fold_header(name)) for name in wanted if fold_header(name) in folded}
    missing = dict.fromkeys((name for name in wanted if name not in places), "")
    for chunk in table.chunks(sorted(set(places.values())), []):
        columns = [chunk.texts[place] for place in places.values()]
        for is_wide, *cells in zip(chunk.is_wide.tolist(), *columns, strict=True):
            record = dict(missing)
            for name, cell in zip(places, cells, strict=True):
                record[name] = cell.strip() if isinstance(cell, str) and cell not in _NULLS else ""
            record[BROKEN] = "x" if is_wide else ""
            if any(record.values()):
                yield record


def gather(rows: Callable[[], Iterable[Record]], column: str) -> Iterator[tuple[str, list[Record]]]:
    """The rows of each value of a column together, in the order in which each value first came.

    Dumps nearly always have them together already; then little is held in memory.
    """
    if _are_together(rows(), column):
        together: list[Record] = []
        for record in rows():
            if together and together[0][column] != record[column]:
                yield together[0][column], together
                together = []
            together.append(record)
        if together:
            yield together[0][column], together
        return
    groups: dict[str, list[Record]] = {}
    for record in rows():
        groups.setdefault(record[column], []).append(record)
    yield from groups.items()


def _are_together(rows: Iterable[Record], column: str) -> bool:
    seen: set[str] = set()
    before: str | None = None
    for record in rows:
        value = record[column]
        if value != before:
            if value in seen:
                return False
            seen.add(value)
            before = value
    return True


# Cells


def number_of(text: str) -> Decimal | None:
    """A number of a database, with point or comma but never grouped; None when it is none."""
    plain = text.strip().replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= _LARGEST else None


def is_true(text: str) -> bool:
    """True for the ways in which databases write yes."""
    return text.strip().casefold() in ("t", "true", "1", "-1", "y", "yes", "s", "si", "sí", "v", "verdadero")


def is_somebody(name: str) -> bool:
    """False for the names that tills give to customers whom nobody knows."""
    return " ".join(fold(name).replace("-", " ").split()) not in _NOBODY


@cache
def _style_of(order: str) -> DateStyle:
    return DateStyle(order, has_time=True)


def moment_cell(text: str, style: DateStyle) -> str:
    """A database's moment as `2026-11-20 17:05:00`, or a bare date; what cannot be read stays as it is."""
    if not text:
        return ""
    if found := _ISO.fullmatch(text):
        day, clock = found[1], found[2] or ""
        return f"{day} {clock if len(clock) == 8 else clock + ':00'}" if clock else day
    seconds, has_time, bad = parse_moments([_plain_moment(text)], _style_of(style.order))
    if bad[0]:
        return text
    moment = moment_of(int(seconds[0])).isoformat(sep=" ")
    return moment if has_time[0] else moment[:10]


def _plain_moment(text: str) -> str:
    """Without fractions of a second, and without the comma that Firebird puts after the date."""
    return _FRACTION.sub(r"\1", text).replace(",", " ")


def cents_of(amount: Decimal) -> int:
    """Pesos to cents, half away from zero."""
    return int((amount / _CENT).quantize(Decimal(1), ROUND_HALF_UP))


def amount_cell(cents: int) -> str:
    """Cents as a plain decimal."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def round_together(amounts: Sequence[Decimal], total: Decimal | None) -> list[int]:
    """Amounts to the cent so that they add up to the total, where only rounding lies between.

    Where more lies between, or no total is known, each is rounded by itself.
    """
    cents = [cents_of(amount) for amount in amounts]
    if total is None or not is_rounding(amounts, total):
        return cents
    gap = cents_of(total) - sum(cents)
    step = 1 if gap > 0 else -1
    lost = sorted(
        (place for place, amount in enumerate(amounts) if amount),
        key=lambda place: (amounts[place] / _CENT - cents[place]) * step,
        reverse=True,
    )
    for place in lost[: abs(gap)]:
        cents[place] += step
    return cents


def is_rounding(amounts: Sequence[Decimal], total: Decimal) -> bool:
    """True when a total differs from a sum by no more than a cent for each amount."""
    return abs(sum(amounts, Decimal(0)) - total) <= _CENT * len(amounts)


def name_cell(text: str) -> str:
    """A name without the odd spaces of fixed-width columns."""
    return clean_text(text)
