"""The files that a version is published as, and whether one in hand is what it says and newer than this program."""

from __future__ import annotations

import hashlib
import lzma
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from colmado_insights import NAME, config
from colmado_insights.errors import BadRelease
from colmado_insights.progress import Progress
from colmado_insights.text import _, language
from colmado_insights.updates.setups import CutOff, NoProgram, read_setup
from colmado_insights.updates.versions import Version, own_version

SUMS = "SHA256SUMS"
MOST_SUMS = 64 * 1024
PIECE = 1024 * 1024
MOST_MEMBERS = 50_000
MOST_MEMORY = 512 * 1024 * 1024
_ZIP_END, _ZIP_END_SIZE, _ZIP_COMMENT = b"PK\x05\x06", 22, 65_535
_XZ_HEAD, _XZ_FOOT = b"\xfd7zXZ\0", b"YZ"
_TAR_NAME = 100


class Kind(StrEnum):
    """Which of a version's files it is."""

    SETUP = "setup"
    PORTABLE = "portable"
    LINUX = "linux"


ENDINGS = {
    Kind.SETUP: "-setup.exe",
    Kind.PORTABLE: "-portable.zip",
    Kind.LINUX: "-linux-x86_64.tar.xz",
}


@dataclass(frozen=True)
class Program:
    """This program: which version it is, which of a release's files is for it, and whether that can replace it."""

    version: Version
    kind: Kind
    can_replace: bool = False


@dataclass(frozen=True)
class Release:
    """One file of one version: in hand (`path`), or where it can be fetched (`url`)."""

    version: Version
    kind: Kind
    size: int  # bytes
    sha256: str = ""  # "" when nobody said
    path: Path | None = None
    url: str = ""
    date: date | None = None
    notes: Mapping[str, str] = field(default_factory=dict)  # what it brings, by language

    @property
    def name(self) -> str:
        """What the file is published as."""
        return file_name(self.version, self.kind)

    @property
    def news(self) -> str:
        """What it brings, in the present language if it was written in it; "" when nobody said."""
        return self.notes.get(language()) or next(iter(self.notes.values()), "")


def this_program() -> Program:
    """The program that is running."""
    if not config.on_windows():
        return Program(own_version(), Kind.LINUX)
    if config.is_portable():
        return Program(own_version(), Kind.PORTABLE)
    return Program(own_version(), Kind.SETUP, can_replace=config.program_folder() is not None)


def file_name(version: Version, kind: Kind) -> str:
    """What a version's file of that kind is published as."""
    return f"{config.APP}-{version}{ENDINGS[kind]}"


def parse_name(name: str) -> tuple[Version, Kind] | None:
    """Which version and kind a file's name says that it is; None for any other name."""
    found = config.RELEASE_FILE.fullmatch(name)
    version = Version.parse(found["version"]) if found else None
    if found is None or version is None:
        return None
    ending = f"-{found['kind']}{found['suffix']}".lower()
    kind = next((kind for kind, known in ENDINGS.items() if ending == known), None)
    return None if kind is None else (version, kind)


def may_be_release(path: Path) -> bool:
    """True for a file that says that it is a version, or is a program: no till writes its sales so."""
    return config.is_release_file(path.name) or path.suffix.lower() == ".exe"


def read_release(
    path: Path, program: Program, progress: Progress | None = None, *, is_quick: bool = False
) -> Release:
    """A file in hand as a release that this program can be brought up to date with.

    A quick look does not compare it with the sum that was published with it, which reads it all.

    Raises
    ------
    BadRelease
        It is foreign, renamed, not whole, for another system, or no newer than this program.
    """
    try:
        size = path.stat().st_size
        named = _check_content(path, program)
        _check_use(path, *named, program)
        sha256 = "" if is_quick else _match_published(path, progress or Progress())
    except OSError as exc:
        raise BadRelease(
            _("«{file}» no se pudo leer.").format(file=path.name), _("Mira si todavía está ahí.")
        ) from exc
    version, kind = named
    return Release(version, kind, size, sha256, path)


def verify_release(release: Release, program: Program, progress: Progress | None = None) -> None:
    """See that a file in hand is whole, for this program, and what was published, right before it is used.

    Raises
    ------
    BadRelease
        It is not, or no longer.
    """
    assert release.path is not None
    read_release(release.path, program, progress)
    check_sum(release, progress)


def check_sum(release: Release, progress: Progress | None = None) -> None:
    """See that a file in hand is still what was published, where that is known.

    Raises
    ------
    BadRelease
        It is not.
    """
    assert release.path is not None
    try:
        have = find_sum(release.path, progress or Progress()) if release.sha256 else ""
    except OSError as exc:
        raise _incomplete(release.path) from exc
    if have != release.sha256:
        raise _altered(release.path)


def find_sum(path: Path, progress: Progress) -> str:
    """The SHA-256 of a file."""
    made = hashlib.sha256()
    size = path.stat().st_size
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            made.update(piece)
            progress.step(file.tell(), size, _("Comprobando «{file}»").format(file=path.name))
    return made.hexdigest()


def with_news(release: Release, other: Release) -> Release:
    """A file in hand with what was announced of the same file."""
    return replace(release, date=other.date, notes=other.notes, sha256=release.sha256 or other.sha256)


# ── what a file says by its name, and what it is ──


def _check_content(path: Path, program: Program) -> tuple[Version, Kind]:
    named = parse_name(path.name)
    kind = named[1] if named else _guess_kind(path)
    try:
        inside = _READERS[kind](path) if kind else None
    except CutOff:
        raise _incomplete(path) if named else _foreign(path, program) from None
    except NoProgram:
        raise _foreign(path, program) from None
    if named is None:
        if inside is None or kind is None:
            raise _foreign(path, program)
        raise BadRelease(
            _("«{file}» es la versión {version} con otro nombre.").format(file=path.name, version=inside),
            _("Ponle su nombre, {name}, y ábrela otra vez.").format(name=file_name(inside, kind)),
        )
    if inside is not None and inside != named[0]:
        raise BadRelease(
            _("«{file}» dice ser la versión {named}, pero por dentro es la {inside}.").format(
                file=path.name, named=named[0], inside=inside
            ),
            _("Bórrala y consigue otra vez la que querías."),
        )
    return named


def _check_use(path: Path, version: Version, kind: Kind, program: Program) -> None:
    words = {"file": path.name, "version": version, "own": program.version}
    if kind is not program.kind:
        raise BadRelease(
            _("«{file}» no es para esta instalación del programa.").format(**words),
            _("Aquí hace falta la que termina en {ending}.").format(ending=ENDINGS[program.kind]),
        )
    if version == program.version:
        raise BadRelease(_("Ya tienes la versión {version}.").format(**words), _("No hay nada que hacer."))
    if version < program.version:
        raise BadRelease(
            _("«{file}» es la versión {version}, más vieja que la tuya, que es la {own}.").format(**words),
            _("No se instala: podría no entender tus datos de ahora."),
        )


def _match_published(path: Path, progress: Progress) -> str:
    """The sum that was published beside the file, and that it has; "" when none was."""
    published = _published_sum(path)
    if published and find_sum(path, progress) != published:
        raise _altered(path)
    return published


def _published_sum(path: Path) -> str:
    named = parse_name(path.name)
    beside = path.with_name(SUMS)
    if named is None or not beside.is_file():
        return ""
    with beside.open("rb") as file:
        lines = file.read(MOST_SUMS).decode("utf-8", "replace").splitlines()
    for line in lines:
        sha256, _blank, name = line.partition(" ")
        if name.strip().lstrip("*").lower() == file_name(*named).lower():
            return sha256.lower()
    return ""


def _guess_kind(path: Path) -> Kind | None:
    return next(
        (kind for kind, ending in ENDINGS.items() if path.suffix.lower() == Path(ending).suffix), None
    )


def _read_setup(path: Path) -> Version | None:
    words = read_setup(path)
    if words.product != NAME:
        raise NoProgram
    return Version.parse(words.version)


def _read_zip(path: Path) -> None:
    """A zip ends with a list of what is in it; a huge list is none of ours, and is not read."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            raise NoProgram
        start = max(path.stat().st_size - _ZIP_END_SIZE - _ZIP_COMMENT, 0)
        file.seek(start)
        tail = file.read()
    end = tail.rfind(_ZIP_END)
    if end < 0 or len(tail) - end < _ZIP_END_SIZE:
        raise CutOff
    count, size, offset = struct.unpack("<10xHII2x", tail[end : end + _ZIP_END_SIZE])
    if offset + size > start + end or count > MOST_MEMBERS:
        raise NoProgram
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise NoProgram from None


def _check_members(names: list[str]) -> None:
    if not any(Path(name).name in (config.APP, f"{config.APP}.exe") for name in names):
        raise NoProgram


def _read_tar(path: Path) -> None:
    """A packed file ends with its mark; only its first name is unpacked."""
    with path.open("rb") as file:
        if file.read(len(_XZ_HEAD)) != _XZ_HEAD:
            raise NoProgram
        file.seek(-len(_XZ_FOOT), 2)
        if file.read() != _XZ_FOOT:
            raise CutOff
        file.seek(0)
        unpack = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MOST_MEMORY)
        first = b""
        try:
            while len(first) < _TAR_NAME and (piece := file.read(PIECE)):
                first += unpack.decompress(piece, _TAR_NAME - len(first))
        except (lzma.LZMAError, EOFError):
            raise NoProgram from None
    if not first.removeprefix(b"./").startswith(config.APP.encode()):
        raise NoProgram


_READERS = {Kind.SETUP: _read_setup, Kind.PORTABLE: _read_zip, Kind.LINUX: _read_tar}


# ── troubles ──


def _foreign(path: Path, program: Program) -> BadRelease:
    example = f"{config.APP}-…{ENDINGS[program.kind]}"
    return BadRelease(
        _("«{file}» no es una versión de {program}.").format(file=path.name, program=NAME),
        _("La que te hace falta se llama {name}.").format(name=example),
    )


def _incomplete(path: Path) -> BadRelease:
    return BadRelease(
        _("«{file}» está incompleta.").format(file=path.name), _("Bórrala y consíguela otra vez.")
    )


def _altered(path: Path) -> BadRelease:
    return BadRelease(
        _("«{file}» no es igual a la que se publicó.").format(file=path.name),
        _("Bórrala y consíguela otra vez de donde la publican."),
    )
