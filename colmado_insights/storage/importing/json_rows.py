"""A list of flat objects in a JSON file, as the rows of a table; inner objects become `outer/inner` columns."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from colmado_insights.storage.importing.encoding import detect_encoding
from colmado_insights.storage.importing.json_records import read_records, unpack_head

SAMPLE_RECORDS = 2_000
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
    for name, record in read_records(path):
        if isinstance(record, dict):
            yield name, dict(_flat(record))


def _flat(record: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """The cells of an object by their path."""
    for key, value in record.items():
        if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _SINGLE:
            value = next(iter(value.values()))
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}/")
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
