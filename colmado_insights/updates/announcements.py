"""`latest.json`: which version is the newest and where its files lie; believed only if all of it makes sense."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urljoin

from colmado_insights.config import LANGUAGES
from colmado_insights.errors import AdviceRefused
from colmado_insights.text import _
from colmado_insights.updates.releases import Kind, Release, parse_name
from colmado_insights.updates.versions import Version

MOST_BYTES = 64 * 1024
MOST_FILES = 20
MOST_SIZE = 2_000_000_000
MOST_NOTES = 20_000
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CONTROL = re.compile(r"[^\S\n]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Blanks of all kinds, and letters that are not seen or turn the line around."""


class _Nonsense(Exception):
    """Something in it cannot be."""


def read_announcement(body: bytes, url: str) -> dict[Kind, Release]:
    """The files of the version that is announced at an address, by kind; kinds not known yet are left out.

    Raises
    ------
    AdviceRefused
        It is no announcement, or anything in it cannot be.
    """
    try:
        return _read(json.loads(body), url)
    except (_Nonsense, ValueError, RecursionError):
        raise AdviceRefused(
            _("Lo que respondió no es la lista de versiones de este programa."),
            _("Mira si tu internet pide aceptar algo en una página, y trata otra vez."),
        ) from None


def _read(values: Any, url: str) -> dict[Kind, Release]:
    _require(isinstance(values, dict))
    version = Version.parse(_text(values.get("version"), 40))
    _require(version is not None)
    assert version is not None
    day, notes = _read_day(values.get("date")), _read_notes(values.get("notes", ""))
    rows = values.get("files")
    _require(isinstance(rows, list) and len(rows) <= MOST_FILES)
    files = [_read_file(row, version, url, day, notes) for row in rows if _is_known(row)]
    found = {release.kind: release for release in files}
    _require(len(found) == len(files))
    return found


def _is_known(row: Any) -> bool:
    _require(isinstance(row, dict) and isinstance(row.get("kind"), str))
    return row["kind"] in set(Kind)


def _read_file(
    row: Mapping[str, Any], version: Version, url: str, day: date, notes: Mapping[str, str]
) -> Release:
    name, sha256 = _text(row.get("name"), 100), _text(row.get("sha256"), 64)
    size: Any = row.get("size")
    _require(parse_name(name) == (version, row["kind"]))  # so it is a plain name, of this version
    _require(isinstance(size, int) and not isinstance(size, bool) and 0 < size <= MOST_SIZE)
    _require(_SHA256.fullmatch(sha256) is not None)
    release = Release(
        version, Kind(row["kind"]), size, sha256, url=urljoin(url, quote(name)), date=day, notes=notes
    )
    _require(release.name == name)
    return release


def _read_day(value: Any) -> date:
    words = _text(value, 10)
    _require(_DAY.fullmatch(words) is not None)
    return date.fromisoformat(words)


def _read_notes(value: Any) -> dict[str, str]:
    """By language; one text that is in no language is in all of them."""
    if isinstance(value, str):
        value = dict.fromkeys(LANGUAGES, value)
    _require(isinstance(value, dict))
    return {
        language: _CONTROL.sub(" ", _text(value[language], MOST_NOTES)).strip()
        for language in LANGUAGES
        if value.get(language)
    }


def _text(value: Any, most: int) -> str:
    _require(isinstance(value, str) and len(value) <= most)
    return str(value)


def _require(is_so: bool) -> None:
    if not is_so:
        raise _Nonsense
