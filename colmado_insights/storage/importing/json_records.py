"""Tables in a JSON file, row by row: dumps of a browser's IndexedDB, however long they are.

The text is read in blocks and each row decoded by itself, so that memory does not grow with
the file. Three shapes are known: `dexie-export-import` (tables with `tableName` and `rows`),
an object of tables, and a list of `{"table": …, "rows": […]}`. Values keep what their
`$types` say: dates become the shop's wall clock, numbered objects become lists again.
"""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from colmado_insights.errors import UnreadableFile
from colmado_insights.storage.importing.encoding import detect_encoding
from colmado_insights.storage.importing.moments import LOCAL_OFFSET
from colmado_insights.storage.importing.pulse import beat
from colmado_insights.text import _

HEAD_BYTES = 64 * 1024
BLOCK = 1024 * 1024
LONGEST_VALUE = 32 * 1024 * 1024
"""No row of a shop is longer; what does not end before is damaged."""

_DEEPEST_TABLE = 4
_LISTS_OF_TABLES = frozenset({"", "data", "tables", "tablas"})
_TABLE_NAMES = ("tableName", "table", "tabla", "name")
_GZIP = b"\x1f\x8b"
_BLANK = " \t\r\n\ufeff"
_UNIX = datetime(1970, 1, 1)


def read_records(path: Path) -> Iterator[tuple[str, Any]]:
    """Each row of each table with its table's name, in file order; "" where no name is told.

    Raises
    ------
    UnreadableFile
        The text breaks off or is no JSON.
    """
    try:
        plain = path.open("rb")
    except OSError as exc:
        raise UnreadableFile(
            _("«{file}» no se puede abrir.").format(file=path.name),
            _("Mira si está en otra carpeta o abierto en otro programa."),
        ) from exc
    with plain:
        head = plain.read(HEAD_BYTES)
        plain.seek(0)
        stream: Any = gzip.GzipFile(fileobj=plain) if head.startswith(_GZIP) else plain
        yield from _walk(_Pieces(stream, path.name, unpack_head(head)), "", 0)


def unpack_head(head: bytes) -> bytes:
    """The first bytes of a file as they are inside gzip, or as they stand."""
    if not head.startswith(_GZIP):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, 4 * len(head))
    except zlib.error:
        return b""


def revive(value: Any) -> Any:
    """A row as the till had it: `$types` applied and taken off, `$` wrappers undone."""
    if not isinstance(value, dict) or "$types" not in value:
        return value
    types = value["$types"]
    if "$" in value and isinstance(types, dict) and isinstance(types.get("$"), dict):
        inner, types = value["$"], types["$"]
    else:
        inner = {key: cell for key, cell in value.items() if key != "$types"}
    if isinstance(types, dict):
        for path, tags in types.items():
            inner = _retype(inner, path, tags if isinstance(tags, list) else [tags])
    return inner


def as_list(value: Any) -> list[Any] | None:
    """A list in any of the ways in which lists are written, or None: `{"0": …, "length": 1}` is one too."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or not value or set(value) == {"$types"}:
        return None
    places = [key for key in value if key not in ("length", "$types")]
    if not all(place.isascii() and place.isdecimal() and len(place) < 8 for place in places):
        return None
    return [value[place] for place in sorted(places, key=int)]


def wall_clock(milliseconds: float) -> str:
    """Milliseconds since 1970 in UTC as the shop's `2026-09-19 16:15:00`; "" beyond all calendars."""
    try:
        moment = _UNIX + timedelta(milliseconds=milliseconds, seconds=LOCAL_OFFSET)
    except (OverflowError, ValueError):
        return ""
    return moment.isoformat(sep=" ", timespec="seconds")


def _retype(root: Any, path: str, tags: list[Any]) -> Any:
    """The value with the part at a dotted path brought back to its type."""
    if not path:
        return _typed(root, tags)
    *way, last = [step.replace("~1", ".").replace("~0", "~") for step in path.split(".")]
    parent = root
    for step in way:
        parent = _child(parent, step)
    old = _child(parent, last)
    if isinstance(parent, dict) and last in parent:
        parent[last] = _typed(old, tags)
    elif isinstance(parent, list) and old is not None:
        parent[int(last)] = _typed(old, tags)
    return root


def _child(parent: Any, step: str) -> Any:
    if isinstance(parent, dict):
        return parent.get(step)
    is_place = isinstance(parent, list) and step.isascii() and step.isdecimal() and len(step) < 8
    return parent[int(step)] if is_place and int(step) < len(parent) else None


def _typed(value: Any, tags: list[Any]) -> Any:
    for tag in tags:
        if tag == "date":
            value = wall_clock(value) if isinstance(value, int | float) else ""
        elif tag == "bigint":
            value = int(value) if isinstance(value, str) and _is_whole(value) else value
        elif tag in ("undef", "sparseUndefined", "nan", "infinity", "negativeInfinity"):
            value = None
        elif tag == "arrayNonindexKeys":
            listed = as_list(value)
            value = value if listed is None else listed
    return value


def _is_whole(text: str) -> bool:
    return len(text) < 30 and text.removeprefix("-").isdecimal()


def _walk(pieces: _Pieces, name: str, depth: int) -> Iterator[tuple[str, Any]]:
    """The rows under a value: of a list, or of the lists inside an object."""
    sign = pieces.peek()
    if sign == "{":
        yield from _walk_object(pieces, "", depth)
    elif sign != "[":
        pieces.value()
    elif name in _LISTS_OF_TABLES:
        for _element in pieces.elements():
            if pieces.peek() == "{":
                yield from _walk_object(pieces, name, depth, is_element=True)
            else:
                yield name, pieces.value()
    else:
        for _element in pieces.elements():
            yield name, pieces.value()


def _walk_object(
    pieces: _Pieces, name: str, depth: int, *, is_element: bool = False
) -> Iterator[tuple[str, Any]]:
    """The rows of an object: a table with its name, an object of tables, or a row that stands alone."""
    own: dict[str, Any] = {}
    table, is_table = "", False
    for key in pieces.names():
        sign = pieces.peek()
        if key == "rows" and sign == "[" and table:
            is_table = True
            for _element in pieces.elements():
                yield table, pieces.value()
        elif not is_element and sign in ("{", "[") and depth < _DEEPEST_TABLE:
            yield from _walk(pieces, key, depth + 1)
        else:
            own[key] = pieces.value()
            if key in _TABLE_NAMES and isinstance(own[key], str):
                table = own[key]
    if not is_element:
        return
    if isinstance(own.get("rows"), list):  # told before the name
        yield from ((table, row) for row in own["rows"])
    elif not is_table and name != "tables":
        yield name if name != "data" else "", own


class _Pieces:
    """A JSON text of any length, of which one value at a time is in memory."""

    def __init__(self, stream: IO[bytes], name: str, head: bytes) -> None:
        self._stream = stream
        self._name = name
        self._letters = codecs.getincrementaldecoder(detect_encoding(head))(errors="replace")
        self._decode = json.JSONDecoder(parse_constant=lambda _word: None).raw_decode
        self._text = ""
        self._at = 0
        self._is_done = False

    def peek(self) -> str:
        """The next sign that is not blank, or "" at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _BLANK:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def value(self) -> Any:
        """The next value, whole."""
        if not self.peek():
            raise self._broken()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except RecursionError as exc:
                raise self._broken() from exc
            except ValueError as exc:  # not the whole value yet, or none
                if not self._more():
                    raise self._broken() from exc
                continue
            if end == len(self._text):  # a number may go on in the next block
                if self._more():
                    continue
                end = len(self._text)
            self._at = end
            return value

    def elements(self) -> Iterator[None]:
        """Stop before each element of a list; the caller takes it."""
        self._take("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield
            if self._take(",]") == "]":
                return

    def names(self) -> Iterator[str]:
        """Each key of an object; the caller takes its value."""
        self._take("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                raise self._broken()
            self._take(":")
            yield key
            if self._take(",}") == "}":
                return

    def _take(self, signs: str) -> str:
        sign = self.peek()
        if not sign or sign not in signs:
            raise self._broken()
        self._at += 1
        return sign

    def _more(self) -> bool:
        """Read on, twice as much where a long value waits; False at the end."""
        if self._is_done:
            return False
        beat()
        waiting = len(self._text) - self._at
        if waiting > LONGEST_VALUE:
            raise self._broken()
        try:
            block = self._stream.read(max(BLOCK, waiting))
        except (OSError, EOFError, zlib.error) as exc:
            raise self._broken() from exc
        self._is_done = not block
        self._text = self._text[self._at :] + self._letters.decode(block, final=self._is_done)
        self._at = 0
        return not self._is_done or len(self._text) > waiting

    def _broken(self) -> UnreadableFile:
        return UnreadableFile(
            _("«{file}» está dañado o incompleto y no se puede leer.").format(file=self._name),
            _("Expórtalo o descárgalo otra vez."),
        )
