"""The words of tills: header synonyms and the words that stand in cells, from `vocabulary/headers.toml`."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from typing import Any

from colmado_insights.config import resource

_FILE = "vocabulary/headers.toml"
_SIGNS = re.compile(r"rd\s*\$|[$#.:_\-*\"'\ufeff]+")


def fold(text: str) -> str:
    """Lower case without accents, compatibility forms or double spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def fold_header(text: str) -> str:
    """A header as it is compared: folded, without $ RD$ # . : _ - and empty brackets."""
    plain = _SIGNS.sub(" ", fold(text)).replace("()", " ").replace("( )", " ")
    return " ".join(plain.split())


@functools.cache
def read_vocabulary() -> dict[str, Any]:
    """The word lists as the file has them; read once."""
    return tomllib.loads(resource(_FILE).read_text(encoding="utf-8"))


@functools.cache
def header_words(name: str) -> tuple[tuple[str, str], ...]:
    """The folded synonyms of one kind of column with their language, the most telling first."""
    lists: dict[str, list[str]] = read_vocabulary()["headers"][name]
    longest = max(len(words) for words in lists.values())
    pairs = [
        (fold_header(words[place]), language)
        for place in range(longest)
        for language, words in lists.items()
        if place < len(words)
    ]
    return tuple(dict.fromkeys(pair for pair in pairs if pair[0]))


@functools.cache
def value_words(table: str) -> dict[str, str]:
    """Folded word to meaning, of a table such as `payments`."""
    lists: dict[str, list[str]] = read_vocabulary()[table]
    return {fold(word): meaning for meaning, words in lists.items() for word in words}
