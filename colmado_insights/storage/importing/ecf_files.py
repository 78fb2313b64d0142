"""Electronic receipts (e-CF) as files: which of a folder are sales of the shop, and their XML read safely."""

from __future__ import annotations

import functools
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from colmado_insights.errors import EmptyFile, UnreadableFile
from colmado_insights.storage.importing.encoding import detect_encoding
from colmado_insights.storage.importing.pulse import beat
from colmado_insights.text import _

SALES = frozenset({"31", "32", "33", "44", "45", "46"})
REFUND = "34"
NOTICES = frozenset({"RFCE", "ARECF", "ACECF", "ANECF"})
LARGEST_FILE = 64 * 1024 * 1024

_HEADS_LOOKED_AT = 20
_TELLS_ENCODING = 1024 * 1024
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z]\w*)[\s>/]")
_TAGS = re.compile(
    rb"<(?:[\w.-]+:)?(TipoeCF|eNCF|RNCEmisor|RNCComprador|FechaHoraFirma)(?:\s[^>]*)?>\s*([^<\s][^<]*)<"
)
_OWN_WORDS = (b"<!DOCTYPE", b"<!ENTITY")
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(?:([ap])\.?\s*m\.?)?", re.IGNORECASE)


# ── which files are sales ──


@dataclass
class Survey:
    """What was found: the files to read, and how many were passed over and why."""

    sales: list[tuple[Path, ...]] = field(default_factory=list)
    """Of each receipt the file that counts, then its older copies."""

    broken: list[Path] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)  # RFCE, ARECF, …, E41, received, repeated, other
    issuer: str = ""
    """RNC of the shop: who issued most of the receipts."""


def survey(paths: Sequence[Path]) -> Survey:
    """Look through some files and folders without reading the receipts themselves.

    Raises
    ------
    EmptyFile
        A folder holds no XML at all.
    """
    files = [file for path in paths for file in (_all_xml_files(path) if path.is_dir() else [path])]
    if not files:
        raise EmptyFile(
            _("La carpeta «{file}» no trae ningún archivo XML.").format(file=paths[0].name if paths else ""),
            _("Escoge la carpeta donde la caja guarda los e-CF."),
        )
    found = Survey()
    notes = [note for file in files if (note := _note(file, found)) is not None]
    found.issuer = _issuer_of(notes)
    groups: dict[tuple[str, str], list[_Note]] = {}
    for note in notes:
        if found.issuer in ("", note.issuer) or note.buyer != found.issuer:
            key = (note.issuer, note.number) if note.number else ("", str(note.file))
            groups.setdefault(key, []).append(note)
        else:
            found.ignored["received"] += 1
    for group in groups.values():
        group.sort(key=lambda note: (note.signed, str(note.file)))
        found.ignored["repeated"] += len(group) - 1
        found.sales.append(tuple(note.file for note in reversed(group)))
    found.ignored = +found.ignored
    found.sales.sort(key=lambda files: str(files[0]))
    return found


def _issuer_of(notes: Sequence[_Note]) -> str:
    """RNC of the shop: of all issuers the one that has to do with the most receipts, as seller or as buyer.

    A folder in which several issuers sell to one and the same buyer is that buyer's of what it bought.
    """
    issued = Counter(note.issuer for note in notes if note.issuer)
    bought = Counter(note.buyer for note in notes if note.buyer)
    buyer, times = bought.most_common(1)[0] if bought else ("", 0)
    if times == len(notes) and len(issued) > 1:
        return buyer
    return max(issued, key=lambda rnc: (issued[rnc] + bought[rnc], issued[rnc]), default="")


@dataclass(frozen=True)
class _Note:
    """What the first glance tells of a receipt."""

    file: Path
    number: str
    issuer: str
    buyer: str
    signed: str


def _note(file: Path, found: Survey) -> _Note | None:
    """Glance at a file; what is no sale is counted at once."""
    try:
        body = read_utf8(file)
    except UnreadableFile:
        found.broken.append(file)
        return None
    root = root_of(body)
    if root in NOTICES:
        found.ignored[root] += 1
        return None
    if root != "ECF":
        if _is_other_xml(body, file):
            found.ignored["other"] += 1
        else:
            found.broken.append(file)
        return None
    tags = {
        name.decode(): text.decode("utf-8", "replace").strip() for name, text in reversed(_TAGS.findall(body))
    }
    kind = tags.get("TipoeCF", "")
    if kind.isdecimal() and kind not in SALES and kind != REFUND:
        found.ignored[f"E{kind}"] += 1
        return None
    return _Note(
        file, tags.get("eNCF", ""), tags.get("RNCEmisor", ""), tags.get("RNCComprador", ""),
        _sortable(tags.get("FechaHoraFirma", "")),
    )  # fmt: skip


def root_of(body: bytes) -> str:
    """Name of the first element; "" when it does not start as XML does."""
    body = body.lstrip()
    if not body.startswith(b"<"):
        return ""
    found = _ROOT.search(re.sub(rb"<!--.*?-->", b"", body[:4096], flags=re.DOTALL))
    return found[1].decode() if found else ""


def first_xml_files(folder: Path) -> Iterator[Path]:
    """The first XML files of a folder, its own before those of the folders in it."""
    left = _HEADS_LOOKED_AT
    for file in _walk(folder):
        yield file
        left -= 1
        if not left:
            return


def _all_xml_files(folder: Path) -> list[Path]:
    return sorted(_walk(folder), key=str)


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names) if name.lower().endswith(".xml"))


def _sortable(signed: str) -> str:
    day, clock = day_of(signed), clock_of(signed)
    return f"{day} {clock}" if day else ""


# ── XML ──


def read_utf8(file: Path) -> bytes:
    """A file's text as UTF-8.

    Raises
    ------
    UnreadableFile
        It cannot be opened, or is far too large for a receipt.
    """
    beat()
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise damaged(file.name)
        return as_utf8(file.read_bytes())
    except OSError as exc:
        raise damaged(file.name) from exc


def as_utf8(body: bytes) -> bytes:
    """Text in any encoding as UTF-8, whatever the declaration says: the bytes themselves tell."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if b"\x00" not in body[:64]:
            return body.removeprefix(b"\xef\xbb\xbf")
    return (
        body.decode(detect_encoding(body[:_TELLS_ENCODING]), "replace")
        .lstrip("\ufeff")
        .encode("utf-8", "replace")
    )


def parse_xml(body: bytes, name: str) -> ElementTree.Element:
    """The document without namespaces; one that brings its own entities is refused unread.

    Raises
    ------
    UnreadableFile
        It is no XML, or more than plain XML.
    """
    if any(word in body for word in _OWN_WORDS):
        raise UnreadableFile(
            _("«{file}» trae definiciones propias (DOCTYPE), que ningún e-CF tiene.").format(file=name),
            _("Pide a tu proveedor de facturación el archivo original."),
        )
    try:
        root = ElementTree.fromstring(body.lstrip(), ElementTree.XMLParser(encoding="utf-8"))
    except (ElementTree.ParseError, ValueError, RecursionError) as exc:
        raise damaged(name) from exc
    if b"xmlns" in body:
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
    return root


def _is_other_xml(body: bytes, file: Path) -> bool:
    try:
        parse_xml(body, file.name)
    except UnreadableFile:
        return False
    return True


def damaged(name: str) -> UnreadableFile:
    """What to say of a file that breaks off or cannot be read."""
    return UnreadableFile(
        _("«{file}» está dañado o incompleto y no se puede leer.").format(file=name),
        _("Expórtalo o descárgalo otra vez."),
    )


# ── moments ──


@functools.lru_cache(maxsize=4096)
def day_of(text: str) -> str:
    """The day at the start of a text as 2026-11-20, or ""."""
    found = _DAY.match(text)
    parts = (found[3], found[2], found[1]) if found else None
    if parts is None and (iso := _ISO_DAY.match(text)):
        parts = (iso[1], iso[2], iso[3])
    if parts is None:
        return ""
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])).isoformat()
    except ValueError:
        return ""


def clock_of(text: str) -> str:
    """The time of day in a text as 17:05:00, or ""."""
    found = _CLOCK.search(text)
    if not found:
        return ""
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    return f"{hour:02}:{minute:02}:{second:02}" if hour < 24 and minute < 60 and second < 60 else ""
