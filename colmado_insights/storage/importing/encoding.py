"""How a text file is written: its encoding and its delimiter.

Own rules, because general detectors take Spanish cp1252 for something exotic. Callers
decode with `errors="replace"`: cp1252 leaves five bytes undefined.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Sequence

DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before utf-16: it starts with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NUL_SHARE = 0.3
_UNCUT = {
    delimiter: re.compile(
        "|".join(
            # In prose a blank follows; a comma may be a decimal's, unless a quote stands beside it.
            r',"|",' if other == "," else r"\S" + re.escape(other) + r"\S"
            for other in DELIMITERS
            if other != delimiter
        )
    )
    for delimiter in DELIMITERS
}
"""What in a cell says that it should have been cut by another delimiter."""

_SAMPLE_LINES = 500
_LINE_CHARS = 20_000

_SPANISH = re.compile(
    r"(?<=[a-z])[áéíóúüñ]"
    r"|(?<![.\d])[áéíóúüñ](?=[a-z])"
    r"|(?<=[A-Z])[ÁÉÍÓÚÜÑ](?![a-z])"
    r"|(?<![a-z])[ÁÉÍÓÚÜÑ](?=[A-Za-z])"
    r"|[¿¡](?=[A-Za-z])"
    r"|(?<=\d)\u00a0(?=[ap]\.)|(?<=[ap]\.)\u00a0(?=m)"  # 8:15 p. m. as browsers write it
)
_STRANGE = re.compile(r"(?<=[A-Za-z])[^\x00-\x7fáéíóúüñÁÉÍÓÚÜÑàèçêôºª\u00a0°®™²³½×\u00b4’”“–—…€](?=[A-Za-z])")


def detect_encoding(head: bytes) -> str:
    """Python's name of the encoding of a file that starts with `head`."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if wide := _detect_wide(head):
        return wide
    if _is_utf8(head):
        return "utf-8"
    scores = {name: _score_spanish(head.decode(name, errors="replace")) for name in ("cp1252", "cp850")}
    return "cp850" if scores["cp850"] > scores["cp1252"] else "cp1252"


def _detect_wide(head: bytes) -> str:
    """UTF-16 without a mark: Latin text has a NUL in every second byte."""
    pairs = len(head) // 2
    if pairs and head[1 : pairs * 2 : 2].count(0) > _NUL_SHARE * pairs:
        return "utf-16-le"
    if pairs and head[0 : pairs * 2 : 2].count(0) > _NUL_SHARE * pairs:
        return "utf-16-be"
    return ""


def _is_utf8(head: bytes) -> bool:
    """True for UTF-8 whose last letter may be cut, or with a rare damaged letter among many good ones."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        text = head.decode("utf-8", errors="replace")
        damaged = text.count("\ufffd")
        good = sum(1 for letter in text if letter > "\x7f") - damaged
        return damaged * 20 <= good
    return True


def _score_spanish(text: str) -> int:
    """Letters that stand where Spanish puts them, less signs inside words."""
    return len(_SPANISH.findall(text)) - len(_STRANGE.findall(text))


def detect_delimiter(lines: Sequence[str]) -> str:
    """The delimiter that cuts the most lines into the same number of cells; a comma when none does."""
    sample = [line[:_LINE_CHARS] for line in lines[:_SAMPLE_LINES] if line.strip()]
    scores = {delimiter: _score_delimiter(sample, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _score_delimiter(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """Share of lines of the commonest width, less cells that seem uncut; the width."""
    try:
        rows = [row for row in csv.reader(_with_ends(lines), delimiter=delimiter) if row]
    except csv.Error:
        return 0.0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0, 0
    width, same = widths.most_common(1)[0]
    cells = [cell for row in rows for cell in row]
    uncut = sum(_UNCUT[delimiter].search(cell) is not None for cell in cells)
    return same / len(rows) * (1 - uncut / len(cells)), width


def _with_ends(lines: Sequence[str]) -> list[str]:
    """The lines with their ends, so that a quoted cell may run over several."""
    return [line if line.endswith("\n") else line + "\n" for line in lines]


def strip_sep_line(text: str) -> tuple[str, str]:
    """Take Excel's `sep=;` first line off: the rest and the delimiter it names, or "" when there is none."""
    body = text.lstrip("\ufeff")
    found = re.match(r'"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|$)', body, re.IGNORECASE)
    if not found or found[1] not in DELIMITERS:
        return body, ""
    return body[found.end() :].lstrip("\ufeff"), found[1]
