"""A list of flat objects in a JSON file, as the rows of a table; inner objects become `outer/inner` columns."""

from __future__ import annotations

import gzip
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from colmado_insights.storage.importing.encoding import detect_encoding
from colmado_insights.storage.importing.json_records import read_records, unpack_head

SAMPLE_RECORDS = 2_000
_HEAD_BYTES = 64 * 1024
_LONGEST = 1024 * 1024
_UNREAD = "?"
_NAMES = frozenset({"name", "nombre", "title", "titulo", "título", "label"})
"""Keys whose value is what the whole inner object is called."""

_SINGLE = ("$date", "$oid", "$numberDecimal")


def is_json(head: bytes) -> bool:
    """True for a file that begins as JSON."""
    plain = unpack_head(head)[:4096]
    text = plain.decode(detect_encoding(plain), "replace").lstrip("\ufeff \t\r\n")
    return text.startswith(("{", "[")) and text[1:].lstrip().startswith(("{", "[", '"', "]", "}"))


def read_rows(path: Path) -> Iterator[list[str]]:
    """The keys of the largest list of objects, then its rows; nothing where there is none.

    Raises
    ------
    UnreadableFile
        The text breaks off or is no JSON.
    """
    sample = list(itertools.islice(_objects(path), SAMPLE_RECORDS))
    sizes = Counter(name for name, _cells in sample)
    if not sizes:
        return
    wanted = sizes.most_common(1)[0][0]
    keys = list(dict.fromkeys(key for name, cells in sample if name == wanted for key in cells))
    yield keys
    for name, cells in _objects(path):
        if name == wanted:
            yield [cells.get(key, "") for key in keys]


def _objects(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The objects of all lists with the name of their list."""
    records = (("", row) for row in _each_line(path)) if _is_of_lines(path) else read_records(path)
    for name, record in records:
        if isinstance(record, dict):
            yield name, dict(_flat(record))


def _is_of_lines(path: Path) -> bool:
    """True where the first two lines are an object each."""
    with _lines_of(path) as lines:
        return all(
            isinstance(_loaded(line), dict) for line in (lines.readline(_LONGEST), lines.readline(_LONGEST))
        )


def _each_line(path: Path) -> Iterator[Any]:
    """The objects of a file with one on each line; a line that is none stands as a text, so that it is not lost."""
    with _lines_of(path) as lines:
        for line in lines:
            if line.strip():
                record = _loaded(line)
                yield record if isinstance(record, dict) else {_UNREAD: line.strip()[:500]}


def _lines_of(path: Path) -> IO[str]:
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    encoding = detect_encoding(unpack_head(head))
    if unpack_head(head) is not head:
        return gzip.open(path, "rt", encoding=encoding, errors="replace")
    return path.open(encoding=encoding, errors="replace")


def _loaded(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _flat(record: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """The cells of an object by their path."""
    for key, value in record.items():
        if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _SINGLE:
            value = next(iter(value.values()))
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}/")
        elif above and key.casefold() in _NAMES:
            yield above.removesuffix("/"), _text(value)
        else:
            yield above + key, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)
