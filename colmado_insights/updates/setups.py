"""What a Windows installer says of itself, read without starting it and without believing any of its numbers.

References
----------
https://learn.microsoft.com/windows/win32/debug/pe-format: sections, the tree of resources.
https://learn.microsoft.com/windows/win32/menurc/vs-versioninfo: the block with names and versions.
https://nsis.sourceforge.io: `firstheader` in Source/exehead/fileform.h tells how long an installer is.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MOST_SECTIONS = 96
MOST_ENTRIES = 1_024
MOST_WORDS = 256
"""Letters of one name or version."""
MOST_BLOCK = 64 * 1024
_PE32, _PE32_PLUS = 0x10B, 0x20B
_RESOURCES = 2  # its place among the data directories
_VERSION_BLOCK = 16  # the kind of resource
_FIXED_INFO = b"\xbd\x04\xef\xfe"
_NSIS = b"\xef\xbe\xad\xdeNullsoftInst"
_OFFSET = 0x7FFFFFFF  # the bit above says that it leads to another table
_NSIS_SIZE = 28
_ALIGNMENT = 512


class NoProgram(Exception):
    """The file is no Windows program, or one that makes no sense."""


class CutOff(Exception):
    """The file ends before the program does."""


@dataclass(frozen=True)
class SetupWords:
    """Of which product a Windows program says that it is, and which version; "" where it does not say."""

    product: str
    version: str


@dataclass(frozen=True)
class _Section:
    """A part of the program: where it lies in memory, and where in the file."""

    address: int
    offset: int
    size: int


class _Bytes:
    """A file read in small pieces at places that may not exist."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = size

    def at(self, offset: int, length: int) -> bytes:
        if offset + length > self.size:
            raise CutOff
        self._file.seek(offset)
        return self._file.read(length)

    def short(self, offset: int) -> int:
        return int(struct.unpack("<H", self.at(offset, 2))[0])

    def long(self, offset: int) -> int:
        return int(struct.unpack("<I", self.at(offset, 4))[0])


def read_setup(path: Path) -> SetupWords:
    """Read whose installer a file is; only its heads are read, however long it is.

    Raises
    ------
    NoProgram, CutOff
        It cannot be one, or is not whole.
    OSError
        It cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        data = _Bytes(file, size)
        if size < 64 or data.at(0, 2) != b"MZ":
            raise NoProgram
        head = data.long(0x3C)
        if data.at(head, 4) != b"PE\0\0":
            raise NoProgram
        sections = _read_sections(data, head)
        end = max((section.offset + section.size for section in sections), default=0)
        if end > size:
            raise CutOff
        _check_length(data, end)
        return _read_words(_find_block(data, head, sections))


def _read_sections(data: _Bytes, head: int) -> list[_Section]:
    count, optional = data.short(head + 6), data.short(head + 20)
    if count > MOST_SECTIONS:
        raise NoProgram
    table = head + 24 + optional
    rows = (struct.unpack("<8x4I16x", data.at(table + 40 * place, 40)) for place in range(count))
    return [_Section(address, offset, size) for _memory, address, size, offset in rows]


def _check_length(data: _Bytes, end: int) -> None:
    """What an NSIS installer installs comes after the program, and its first words tell how long all is."""
    start = -(-end // _ALIGNMENT) * _ALIGNMENT
    head = data.at(start, _NSIS_SIZE)  # a program that brings nothing along installs nothing
    if head[4:].startswith(_NSIS) and start + int.from_bytes(head[24:28], "little") > data.size:
        raise CutOff


def _find_block(data: _Bytes, head: int, sections: list[_Section]) -> bytes:
    """The bytes of the version block; none when the program has no such block."""
    kind = data.short(head + 24)
    if kind not in (_PE32, _PE32_PLUS):
        raise NoProgram
    directories = head + 24 + (96 if kind == _PE32 else 112)
    if data.long(directories - 4) <= _RESOURCES:
        return b""
    root = _place(sections, data.long(directories + 8 * _RESOURCES))
    if root is None:
        return b""
    table: int | None = 0
    for wanted in (_VERSION_BLOCK, None, None):  # kind, name, language: the first of each will do
        table = None if table is None else _find_entry(data, root + (table & _OFFSET), wanted)
    if table is None:
        return b""
    leaf = root + (table & _OFFSET)
    place = _place(sections, data.long(leaf))
    return b"" if place is None else data.at(place, min(data.long(leaf + 4), MOST_BLOCK))


def _find_entry(data: _Bytes, table: int, wanted: int | None) -> int | None:
    """Where the entry of that number leads, or the first of all."""
    named, numbered = data.short(table + 12), data.short(table + 14)
    for place in range(min(named + numbered, MOST_ENTRIES)):
        number, where = struct.unpack("<II", data.at(table + 16 + 8 * place, 8))
        if wanted is None or number == wanted:
            return int(where)
    return None


def _place(sections: list[_Section], address: int) -> int | None:
    """Where in the file lies what has that address in memory."""
    for section in sections:
        if section.address <= address < section.address + section.size:
            return section.offset + address - section.address
    return None


def _read_words(block: bytes) -> SetupWords:
    version = _find_word(block, "ProductVersion") or _find_word(block, "FileVersion")
    return SetupWords(_find_word(block, "ProductName"), version or _find_numbers(block))


def _find_word(block: bytes, name: str) -> str:
    """The text after a name of the block: both end in a zero, and the text begins at a multiple of four."""
    key = f"{name}\0".encode("utf-16-le")
    place = block.find(key)
    if place < 0:
        return ""
    start = -(-(place + len(key)) // 4) * 4
    letters = block[start : start + 2 * MOST_WORDS].decode("utf-16-le", "replace")
    return letters.partition("\0")[0].strip()


def _find_numbers(block: bytes) -> str:
    """The version as four numbers of the block, of which three count."""
    place = block.find(_FIXED_INFO)
    if place < 0 or len(block) < place + 24:
        return ""
    high, low = struct.unpack("<II", block[place + 16 : place + 24])
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}"
