"""Tables inside HTML and inside Excel's XML of 2003, both of which tills save as `.xls`."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_TABLES = frozenset({"table"})
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_HIDDEN = frozenset({"style", "script", "title", "head"})
_BREAKS = frozenset({"br", "p", "div", "li"})
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<\?mso[^>]*\?>\s*)?<(?:!doctype\s+html|html|head|meta|style|body|table|workbook|ss:workbook)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
MOST_SPANNED = 200
"""No cell of a till spans more columns; more is damage."""


def is_markup(text: str) -> bool:
    """True for a text that begins as a page or as a workbook in XML."""
    return _MARKUP.match(text[:4096].lstrip("\ufeff")) is not None


def told_charset(head: bytes) -> str:
    """The encoding that a page names itself, or ""."""
    found = _CHARSET.search(head[:4096])
    return found[1].decode("ascii", "replace").lower() if found else ""


def read_tables(text: str) -> list[list[list[str]]]:
    """The rows of each table in a page, in its order; a cell that spans several leaves blanks behind it."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    return [table for table in parser.tables if table]


class _Tables(HTMLParser):
    """Collects cells; tables inside a cell stand on their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._spanned: list[dict[int, int]] = []
        self._cell: list[str] | None = None
        self._span = 1
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, row or cell begins."""
        name = tag.removeprefix("ss:")
        told = {key.removeprefix("ss:"): value or "" for key, value in attrs}
        if name in _HIDDEN:
            self._hidden += 1
        elif name in _TABLES:
            self._end_cell()
            self._open.append([])
            self._spanned.append({})
            self.tables.append(self._open[-1])
        elif name in _ROWS and self._open:
            self._end_cell()
            self._open[-1].append([])
        elif name in _CELLS and self._open:
            self._end_cell()
            if not self._open[-1]:
                self._open[-1].append([])
            self._begin_cell(told)
        elif name in _BREAKS and self._cell is not None:
            self._cell.append(" ")

    def _begin_cell(self, told: dict[str, str]) -> None:
        row, spanned = self._open[-1][-1], self._spanned[-1]
        while spanned.get(len(row), 0) > 0:  # a merged cell reaches down from a row above
            spanned[len(row)] -= 1
            row.append("")
        place = _whole(told.get("index", ""), 0)
        row.extend([""] * min(max(place - 1 - len(row), 0), MOST_SPANNED))
        rows_down = _whole(told.get("rowspan", ""), 1) - 1 or _whole(told.get("mergedown", ""), 0)
        self._span = min(
            max(_whole(told.get("colspan", ""), 1), 1 + _whole(told.get("mergeacross", ""), 0)), MOST_SPANNED
        )
        if rows_down > 0:
            spanned.update(dict.fromkeys(range(len(row), len(row) + self._span), rows_down))
        self._cell = []

    def handle_endtag(self, tag: str) -> None:
        """A table, row or cell ends."""
        name = tag.removeprefix("ss:")
        if name in _HIDDEN:
            self._hidden = max(self._hidden - 1, 0)
        elif name in _CELLS or name in _ROWS:
            self._end_cell()
        elif name in _TABLES and self._open:
            self._end_cell()
            self._open.pop()
            self._spanned.pop()

    def parse_html_declaration(self, i: int) -> int:
        """Past a declaration; the library gives up on one that makes no sense, here it is left out."""
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            return i + len("<!")

    def handle_data(self, data: str) -> None:
        """Words, of the open cell if there is one."""
        if self._cell is not None and not self._hidden:
            self._cell.append(data)

    def close(self) -> None:
        """The text is over, whatever is still open."""
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        if self._cell is None or not self._open or not self._open[-1]:
            self._cell = None
            return
        row = self._open[-1][-1]
        row.append(" ".join("".join(self._cell).split(" ")).strip())
        row.extend([""] * (self._span - 1))
        self._cell, self._span = None, 1


def _whole(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else default
