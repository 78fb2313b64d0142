"""A file becomes a table: sniffed by content, read in pieces so that memory does not grow with it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from colmado_insights.errors import EmptyFile, FileHeld, UnreadableFile
from colmado_insights.storage.importing import html_rows, json_rows
from colmado_insights.storage.importing.encoding import detect_delimiter, detect_encoding, strip_sep_line
from colmado_insights.storage.importing.mapping import best_score, find_header, find_other_table
from colmado_insights.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEAD_BYTES = 256 * 1024
BLOCK_BYTES = 8 * 1024 * 1024
LONGEST_LINE = 4 * 1024 * 1024
SAMPLE_ROWS = 400
MOST_JOINED = 5
"""Lines over which a quoted cell may run in a block whose quotes are in doubt."""

SHEET_ROWS = 10_000
ROWS_AT_ONCE = 5_000
LARGEST_UNPACKED = 2 * 1024**3
LARGEST_MARKUP = 256 * 1024**2
BOMB_RATIO, BOMB_BYTES = 200, 50 * 1024 * 1024

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"%PDF", b"RIFF", b"II*\x00", b"MM\x00*")
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x19\x1b-\x1f]")
_BLANK_LINES = re.compile(rb"(?:\A|\n)(?:[,;\t| ]*\r?\n)+")
_LOOKED_INTO = 4_000
_ROWS_TO_KNOW_MOMENTS = 200
_NEWLINE = ord("\n")
_BLANK = b"\x00\r\n\t \x1a"
_BROKEN = (EOFError, OSError, ValueError, RuntimeError, zlib.error, struct.error, zipfile.BadZipFile)
"""What the standard library raises for a file that is packed wrongly or breaks off."""

_OLE = b"\xd0\xcf\x11\xe0"
_SQLITE = b"SQLite format 3\x00"


@dataclass
class Chunk:
    """Some rows of a table: the wanted columns as text (None or NaN where empty) or as numbers."""

    first_line: int
    rows: int
    texts: dict[int, NDArray[np.object_]]
    numbers: dict[int, NDArray[np.float64]]
    is_wide: NDArray[np.bool_]
    done: int
    total: int
    _source: Sequence[Sequence[str]] | bytes = field(repr=False, default=b"")
    _delimiter: str = ","

    @cached_property
    def _lines(self) -> list[bytes]:
        """The block's lines, where each is a row; else none."""
        if not isinstance(self._source, bytes):
            return []
        lines = self._source.splitlines()
        return lines if len(lines) == self.rows else []

    @cached_property
    def _rows(self) -> Sequence[Sequence[str]]:
        if isinstance(self._source, bytes):
            return list(_split(self._source.decode("utf-8", "replace"), self._delimiter))
        return self._source

    def cells(self, row: int) -> Sequence[str]:
        """All cells of one row, for the totals check and for quarantine."""
        if self._lines:
            line = self._lines[row].decode("utf-8", "replace")
            return next(_split(line, self._delimiter), [])
        return self._rows[row] if row < len(self._rows) else ()

    def raw(self, row: int) -> str:
        """The row as a JSON array, cut where it is endless."""
        return json.dumps([cell[:500] for cell in self.cells(row)][:200], ensure_ascii=False)


def _split(text: str, delimiter: str) -> Iterator[list[str]]:
    """Rows of delimited text; a line that is no row in the sense of `csv` becomes one cell."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell beyond the module's limit, or a NUL
            yield [text[:500]]


class Table(Protocol):
    """A table in a file: its header, its first rows, and all its rows in pieces."""

    name: str
    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]

    @property
    def other_tables(self) -> tuple[str, ...]:
        """Names of the tables beside it that are not read; all of them only after its rows were."""
        ...

    def chunks(self, texts: Sequence[int], numbers: Sequence[int]) -> Iterator[Chunk]:
        """The rows under the header; `numbers` are columns whose plain decimals may be read as such."""
        ...


def read_head(path: Path) -> bytes:
    """The first bytes of a file, enough to tell what it is; none of a folder.

    Raises
    ------
    UnreadableFile, EmptyFile
        With a sentence for the shopkeeper.
    """
    with _told(path):
        if path.is_dir():
            return b""
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    if not head:
        raise EmptyFile(
            _("«{file}» está vacío.").format(file=path.name), _("Expórtalo otra vez desde la caja.")
        )
    return head


def open_table(path: Path) -> Table:
    """Find out what the file is and open its table.

    Raises
    ------
    UnreadableFile, EmptyFile, NotSales
        With a sentence for the shopkeeper.
    """
    if path.is_dir():
        raise UnreadableFile(
            _("«{file}» es una carpeta.").format(file=path.name),
            _("Escoge el archivo de ventas que está dentro."),
        )
    head = read_head(path)
    with _told(path):
        return _open_by_content(path, head)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in a sentence why a file cannot be read."""
    try:
        yield
    except FileNotFoundError as exc:
        raise UnreadableFile(
            _("No se encuentra «{file}».").format(file=path.name),
            _("Mira si lo movieron o le cambiaron el nombre."),
        ) from exc
    except PermissionError as exc:
        raise FileHeld(
            _("No hay permiso para leer «{file}».").format(file=path.name),
            _("Ciérralo si está abierto en otro programa, o cópialo a otra carpeta."),
        ) from exc
    except OSError as exc:
        raise _damaged(path) from exc


def _open_by_content(path: Path, head: bytes) -> Table:
    if head.startswith(_PICTURES):
        raise UnreadableFile(
            _("«{file}» es una imagen o un PDF, no una tabla de ventas.").format(file=path.name),
            _("Exporta las ventas desde la caja como CSV o Excel."),
        )
    if head.startswith(_SQLITE):
        raise UnreadableFile(
            _("«{file}» es una base de datos, no una tabla de ventas.").format(file=path.name),
            _("Exporta las ventas desde la caja como CSV o Excel."),
        )
    if json_rows.is_json(head):
        return RowsTable(path, lambda: json_rows.read_rows(path))
    if html_rows.is_markup(head[:8192].decode(detect_encoding(head), "replace")):
        return _open_markup(path)
    if head.startswith(b"\x1f\x8b"):
        return TextTable(path, _open_gzip)
    if head.startswith(b"PK"):
        return _open_zip(path)
    if head.startswith(_OLE):
        return SheetTable(path)
    return TextTable(path, _open_plain)


def _open_markup(path: Path) -> Table:
    """The table of a page that has the most words of sales above it."""
    if path.stat().st_size > LARGEST_MARKUP:
        raise _not_a_table(path)
    content = path.read_bytes()
    encoding = detect_encoding(content[:HEAD_BYTES])
    told = html_rows.told_charset(content)
    if encoding in ("cp1252", "cp850") and told.startswith(("iso-8859", "windows-125")):
        encoding = "cp1252"
    tables = html_rows.read_tables(content.decode(encoding, errors="replace"))
    if not tables:
        raise _not_a_table(path)
    rows = max(tables, key=best_score)
    return RowsTable(path, lambda: iter(rows))


def _open_plain(path: Path) -> IO[bytes]:
    return path.open("rb")


def _open_gzip(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb")  # type: ignore[return-value]


def list_members(path: Path) -> list[str]:
    """Names of the tables and papers in a zip; none when the file is no zip, or a workbook.

    Raises
    ------
    UnreadableFile
        The zip is damaged, or would swell to an impossible size.
    """
    if path.is_dir() or not read_head(path).startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError) as exc:
        raise _damaged(path) from exc
    unpacked = sum(info.file_size for info in members)
    is_bomb = any(
        info.file_size > BOMB_BYTES and info.file_size > BOMB_RATIO * max(info.compress_size, 1)
        for info in members
    )
    if is_bomb or unpacked > LARGEST_UNPACKED:
        raise UnreadableFile(
            _("«{file}» se infla a un tamaño imposible al abrirlo.").format(file=path.name),
            _("No parece un archivo de ventas; expórtalo otra vez desde la caja."),
        )
    names = [info.filename for info in members]
    is_office = any(name.startswith(("xl/", "word/", "ppt/")) for name in names) or "mimetype" in names
    return [] if is_office else names


def _open_zip(path: Path) -> Table:
    """A workbook is a zip too; any other zip may hold one text table."""
    names = list_members(path)
    if not names:
        return SheetTable(path)
    tables = [name for name in names if name.lower().endswith((".csv", ".tsv", ".txt"))]
    if len(tables) != 1:
        raise UnreadableFile(
            _("«{file}» no es Excel ni trae dentro una sola tabla de ventas.").format(file=path.name),
            _("Descomprímelo e importa los archivos que trae."),
        )
    return TextTable(path, lambda source: zipfile.ZipFile(source).open(tables[0]))


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile(
        _("«{file}» está dañado o incompleto y no se puede leer.").format(file=path.name),
        _("Expórtalo o descárgalo otra vez."),
    )


def _no_rows(path: Path) -> EmptyFile:
    return EmptyFile(
        _("«{file}» no trae ninguna fila de ventas.").format(file=path.name),
        _("Escoge un período con ventas y expórtalo otra vez."),
    )


def _not_a_table(path: Path) -> UnreadableFile:
    return UnreadableFile(
        _("«{file}» no es una tabla de ventas.").format(file=path.name),
        _("Exporta las ventas desde la caja como CSV o Excel."),
    )


class TextTable:
    """Delimited text, plain or compressed, in any of the encodings that tills write."""

    def __init__(self, path: Path, opener: Any) -> None:
        self.name = path.name
        self._path = path
        self._open = opener
        try:
            self._size = path.stat().st_size
            with opener(path) as stream:
                head = stream.read(HEAD_BYTES)
        except _BROKEN as exc:
            raise _damaged(path) from exc
        if not head.strip(b"\x00\r\n\t ;,"):
            raise EmptyFile(
                _("«{file}» está vacío.").format(file=path.name), _("Expórtalo otra vez desde la caja.")
            )
        self._encoding = detect_encoding(head)
        text = head.decode(self._encoding, errors="replace")
        self._is_utf8 = self._encoding in ("utf-8", "utf-8-sig")
        is_binary = "\x00" in text or len(_CONTROLS.findall(text)) > len(text) / 100
        is_endless = len(head) == HEAD_BYTES and "\n" not in text and "\r" not in text
        if is_binary or is_endless:
            raise _not_a_table(path)
        self._read_head(text, whole=len(head) < HEAD_BYTES)
        units = head.decode("latin-1") if self._is_utf8 else text  # what `_blocks` reads: bytes or letters
        self._start = sum(map(len, islice(io.StringIO(units, newline=""), self._header_end)))

    def _read_head(self, text: str, *, whole: bool) -> None:
        text, told = strip_sep_line(text.lstrip("\ufeff"))
        skipped = 1 if told else 0
        lines = list(io.StringIO(text, newline=""))
        if not whole and len(lines) > 1:
            lines = lines[:-1]
        self._delimiter = told or detect_delimiter([line.rstrip("\r\n") for line in lines])
        reader = csv.reader(lines, delimiter=self._delimiter)
        rows: list[list[str]] = []
        ends: list[int] = []
        try:
            for row in reader:
                rows.append(row)
                ends.append(reader.line_num)
                if len(rows) > SAMPLE_ROWS:
                    break
        except csv.Error as exc:
            raise _not_a_table(self._path) from exc
        if not rows:
            raise _no_rows(self._path)
        place = find_header(rows)
        self.header = tuple(rows[place])
        self._header_end = ends[place] + skipped
        self._tables_before = self.other_tables = _tables_above(rows[:place])
        under, _others = _own_rows(rows[place + 1 :], self.header)
        self.sample = _sampled(under, self.header)
        if not self.sample:
            raise _no_rows(self._path)

    def _pieces(self) -> Iterator[tuple[bytes, int]]:
        """All under the header as UTF-8, some megabytes at a time, and the bytes read from the disk so far."""
        try:
            with self._open(self._path) as raw:
                counted = getattr(raw, "fileobj", None) or raw
                stream = raw
                if not self._is_utf8:
                    stream = io.TextIOWrapper(raw, encoding=self._encoding, errors="replace", newline="")
                stream.read(self._start)
                while piece := stream.read(BLOCK_BYTES):
                    yield piece if self._is_utf8 else piece.encode(), _position(counted)
        except _BROKEN as exc:
            raise _damaged(self._path) from exc

    def _blocks(self) -> Iterator[tuple[bytes, int]]:
        """The same in whole rows; the last piece is taken as it is."""
        pieces = self._pieces()
        rest = b""
        piece = next(pieces, None)
        while piece:
            following = next(pieces, None)
            block = rest + piece[0]
            cut = _cut_rows(block) if following else len(block)
            rest = block[cut:]
            if len(rest) > LONGEST_LINE:
                raise _not_a_table(self._path)
            if cut and (following or block.strip(_BLANK)):
                yield block[:cut], piece[1]
            piece = following

    def chunks(self, texts: Sequence[int], numbers: Sequence[int]) -> Iterator[Chunk]:
        """The rows, block by block."""
        line = self._header_end + 1
        others = self._tables_before
        for block, done in self._blocks():
            block, further = self._cut_table(block)
            others += further
            self.other_tables = others
            if block:
                chunk = self._parse(block, texts, numbers)
                chunk.first_line, chunk.done, chunk.total = line, done, self._size
                line += chunk.rows
                yield chunk
            if others != self._tables_before:
                return

    def _cut_table(self, block: bytes) -> tuple[bytes, tuple[str, ...]]:
        """The rows of this table, and the names of the tables that follow it in a block."""
        names: list[str] = []
        end = len(block)
        for found in _BLANK_LINES.finditer(block) if _may_have_blank_line(block, self._delimiter) else ():
            following = block[found.end() : found.end() + _LOOKED_INTO].decode("utf-8", "replace")
            rows = list(islice(_split(following, self._delimiter), MOST_JOINED))
            if name := find_other_table(rows, self.header):
                end = end if names else found.start() + 1
                names.append(name)
        return block[:end], tuple(names)

    def _parse(self, block: bytes, texts: Sequence[int], numbers: Sequence[int]) -> Chunk:
        # A first line of our own makes every row as wide as the header and one more,
        # so that the parser neither refuses a long row nor hides that it is long.
        width = len(self.header)
        fill = ["0" if column in numbers else "" for column in range(width)] + ["x"]
        kinds: dict[Hashable, Any] = {
            **dict.fromkeys((*texts, width), object),
            **dict.fromkeys(numbers, "float64"),
        }
        try:
            frame = pd.read_csv(
                io.BytesIO(self._delimiter.join(fill).encode() + b"\n" + block),
                header=None,
                names=range(width + 1),
                usecols=[*texts, *numbers, width],
                dtype=kinds,
                sep=self._delimiter,
                engine="c",
                keep_default_na=False,
                na_values=[""],
                skip_blank_lines=False,
                low_memory=False,
                encoding_errors="replace",
            ).iloc[1:]
        except pd.errors.ParserError:
            return self._parse_slowly(block, [*texts, *numbers])
        except ValueError:  # a cell of a number column is not a plain number
            if not numbers:
                raise
            return self._parse(block, [*texts, *numbers], [])
        values = {column: frame[column].to_numpy() for column in (*texts, *numbers, width)}
        if block.count(b'"') and self._has_swallowed_rows(values, texts):
            return self._parse_slowly(block, [*texts, *numbers])
        return Chunk(
            first_line=0,
            rows=len(frame),
            texts={column: values[column] for column in texts},
            numbers={column: values[column] for column in numbers},
            is_wide=~pd.isna(values[width]),
            done=0,
            total=0,
            _source=block,
            _delimiter=self._delimiter,
        )

    def _has_swallowed_rows(self, values: dict[int, Any], texts: Sequence[int]) -> bool:
        """True when a quote that was never closed drew whole rows into one cell."""
        return any(
            isinstance(cell, str) and "\n" in cell and cell.count(self._delimiter) >= len(self.header) - 1
            for column in texts
            for cell in pd.unique(values[column])
        )

    def _parse_slowly(self, block: bytes, texts: Sequence[int]) -> Chunk:
        """Row by row, for blocks whose quotes make no sense or whose rows are too long."""
        width = len(self.header)
        rows = list(_rows_in_doubt(block.decode("utf-8", "replace"), self._delimiter, width))
        return chunk_of_rows(rows, texts, width)


def _may_have_blank_line(block: bytes, delimiter: str) -> bool:
    """A quick look at what begins each line, that clears nearly every block."""
    letters = np.frombuffer(block, np.uint8)
    firsts = letters[np.append(0, np.flatnonzero(letters[:-1] == _NEWLINE) + 1)]
    return bool(np.isin(firsts, np.frombuffer(b"\r\n" + delimiter.encode(), np.uint8)).any())


def _own_rows(rows: list[list[str]], header: Sequence[str]) -> tuple[list[list[str]], tuple[str, ...]]:
    """The rows up to another table, and the names of those that follow."""
    found = list(_other_tables(rows, header))
    return (rows[: found[0][0]] if found else rows), tuple(name for _at, name in found)


def _sampled(rows: Sequence[Sequence[str]], header: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The rows that hold anything but the header once more."""
    return tuple(tuple(row) for row in rows if any(map(str.strip, row)) and tuple(row) != header)


def _tables_above(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The names of the tables that stand before the one with the sales."""
    names = [name for _at, name in _other_tables([(), *rows], ())]
    return tuple(names)


def _other_tables(rows: Sequence[Sequence[str]], header: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Where a blank row is followed by another header, and what that table is called."""
    was_blank = False
    for at, row in enumerate(rows):
        is_blank = not any(map(str.strip, row))
        if was_blank and not is_blank and (name := find_other_table(rows[at : at + 6], header)):
            yield at, name
        was_blank = is_blank


def _rows_in_doubt(text: str, delimiter: str, width: int) -> Iterator[list[str]]:
    """Rows of text with quotes that may be inches: a cell may run over a few lines only if that makes a whole row."""
    lines = list(io.StringIO(text, newline=""))
    at = 0
    while at < len(lines):
        taken = 1
        if lines[at].count('"') % 2:
            joined = (
                more
                for more in range(2, MOST_JOINED + 1)
                if "".join(lines[at : at + more]).count('"') % 2 == 0
                and len(next(_split("".join(lines[at : at + more]), delimiter), [])) == width
            )
            taken = next(joined, 1)
        piece = "".join(lines[at : at + taken])
        row = next(_split(piece, delimiter), [])
        if taken == 1 and len(row) != width and '"' in piece:
            bare = [cell.strip('"') for cell in piece.rstrip("\r\n").split(delimiter)]
            row = bare if len(bare) == width else row
        yield row
        at += taken


def _position(stream: Any) -> int:
    try:
        return int(stream.tell())
    except (OSError, ValueError):
        return 0


def _cut_rows(block: bytes) -> int:
    """Where the last whole row of a block ends: at a line end outside quotes, if there is one near."""
    end = b"\n" if b"\n" in block else b"\r"
    # A \r that ends the block may be half of a \r\n.
    cut = last = block.rfind(end, 0, len(block) - (end == b"\r")) + 1
    is_odd = block.count(b'"', 0, cut) % 2
    for _attempt in range(1000):
        if not is_odd or not cut:
            return cut or last
        before = block.rfind(end, 0, cut - 1) + 1
        is_odd ^= block.count(b'"', before, cut) % 2
        cut = before
    return last  # quotes that never match: they are inches, not quotes


def chunk_of_rows(rows: Sequence[Sequence[str]], texts: Sequence[int], width: int) -> Chunk:
    """Rows as a piece of a table whose columns `texts` are wanted; longer rows than `width` are wide."""
    is_even = len(set(map(len, rows))) == 1
    even = list(zip(*rows, strict=True)) if is_even else []

    def column(position: int) -> NDArray[np.object_]:
        values = np.empty(len(rows), object)
        if is_even:
            values[:] = [cell or None for cell in even[position]] if position < len(even) else None
        else:
            values[:] = [(row[position] or None) if position < len(row) else None for row in rows]
        return values

    return Chunk(
        first_line=0,
        rows=len(rows),
        texts={position: column(position) for position in texts},
        numbers={},
        is_wide=np.array([len(row) > width and any(row[width:]) for row in rows], bool),
        done=0,
        total=0,
        _source=rows,
    )


class RowsTable:
    """Rows that are had one by one, anew each time `make` is called: of a page, or of JSON."""

    def __init__(self, path: Path, make: Callable[[], Iterator[list[str]]]) -> None:
        self.name = path.name
        self._make = make
        rows = list(islice(make(), SAMPLE_ROWS))
        self._place = find_header(rows) if rows else 0
        self.header = tuple(rows[self._place]) if rows else ()
        under, _others = _own_rows(rows[self._place + 1 :], self.header)
        self.sample = _sampled(under, self.header)
        if not self.sample:
            raise _no_rows(path)
        self._tables_before = self.other_tables = _tables_above(rows[: self._place])

    def chunks(self, texts: Sequence[int], numbers: Sequence[int]) -> Iterator[Chunk]:
        """The rows under the header, all as text."""
        wanted = [*texts, *numbers]
        source = islice(self._make(), self._place + 1, None)
        line = self._place + 2
        while rows := list(islice(source, ROWS_AT_ONCE)):
            rows, others = _own_rows(rows, self.header)
            self.other_tables = (*self._tables_before, *others)
            chunk = chunk_of_rows(rows, wanted, len(self.header))
            chunk.first_line, chunk.done = line, line + len(rows)
            line += len(rows)
            yield chunk
            if others:
                return


class SheetTable:
    """The sheet of a workbook (xlsx, xls, ods) that looks most like sales."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path
        book = self._book()
        best: tuple[int, Any, list[list[str]], int] | None = None
        for name in book.sheet_names:
            sheet = self._parsed(book, name)
            rows = list(islice(self._rows(sheet), SAMPLE_ROWS + 1))
            if len(rows) < 2:
                continue
            place = find_header(rows)
            score = sum(bool(cell) for cell in rows[place]) if place + 1 < len(rows) else 0
            if best is None or score > best[0]:
                best = (score, sheet, rows, place)
        if best is None:
            raise _no_rows(path)
        _score, sheet, rows, self._place = best
        self._sheet: str = sheet.name
        self._at_hand: Any = sheet  # parsing is most of the work: the first reading takes what was looked at
        self.header = tuple(rows[self._place])
        self._tables_before = self.other_tables = _tables_above(rows[: self._place])
        under, _others = _own_rows(rows[self._place + 1 :], self.header)
        self.sample = _sampled(under, self.header)

    def _book(self) -> Any:
        from python_calamine import CalamineError

        try:
            return self._opened()
        except (CalamineError, OSError, ValueError) as exc:
            raise _damaged(self._path) from exc
        except BaseException as exc:
            # WORKAROUND the reader's Rust code may panic on a damaged file, outside Exception.
            if type(exc).__name__ == "PanicException":
                raise _damaged(self._path) from exc
            raise

    def _opened(self) -> Any:
        """The workbook by its name's format, else by its content: an Excel named .xls may be of any age."""
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            return CalamineWorkbook.from_path(str(self._path))
        except CalamineError:
            return CalamineWorkbook.from_filelike(io.BytesIO(self._path.read_bytes()))

    def _parsed(self, book: Any, name: str) -> Any:
        from python_calamine import CalamineError

        try:
            return book.get_sheet_by_name(name)
        except (CalamineError, ValueError) as exc:
            raise _damaged(self._path) from exc

    def _rows(self, sheet: Any) -> Iterator[list[str]]:
        from python_calamine import CalamineError

        try:
            rows = sheet.iter_rows()
            first = list(islice(rows, _ROWS_TO_KNOW_MOMENTS))
            # A moment at midnight comes as a mere date: its column tells that it has a time.
            moments = {place for row in first for place, cell in enumerate(row) if type(cell) is datetime}
            for row in chain(first, rows):
                cells = [cell if type(cell) is str else _cell_text(cell) for cell in row]
                for place in moments:
                    if type(row[place]) is date:
                        cells[place] += " 00:00:00"
                yield cells
        except (CalamineError, ValueError) as exc:
            raise _damaged(self._path) from exc

    def chunks(self, texts: Sequence[int], numbers: Sequence[int]) -> Iterator[Chunk]:
        """The rows of the sheet; numbers are read as text, exactly as the cell holds them."""
        wanted = [*texts, *numbers]
        rows: list[list[str]] = []
        line = self._place + 2
        # calamine starts at the first used row; the header's place counts from there too
        sheet, self._at_hand = self._at_hand or self._parsed(self._book(), self._sheet), None
        source = self._rows(sheet)
        for _skipped in range(self._place + 1):
            next(source, None)
        done = 0
        for row in source:
            rows.append(row)
            if len(rows) == SHEET_ROWS:
                done += len(rows)
                yield self._chunk(rows, wanted, line, done)
                if self.other_tables != self._tables_before:
                    return
                line, rows = line + len(rows), []
        if rows:
            yield self._chunk(rows, wanted, line, done + len(rows))

    def _chunk(self, rows: list[list[str]], wanted: Sequence[int], line: int, done: int) -> Chunk:
        rows, others = _own_rows(rows, self.header)
        self.other_tables = (*self._tables_before, *others)
        chunk = chunk_of_rows(rows, wanted, len(self.header))
        chunk.first_line, chunk.done = line, done
        return chunk


def _cell_text(cell: Any) -> str:
    """A cell as the text a till would have written: ISO moments, whole numbers without a point."""
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)
