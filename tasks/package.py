"""Make what a release consists of from the program that was built (`poe package`).

    python -m tasks.package                     the files of this platform, their checksums, latest.json and the notes
    python -m tasks.package --lists             only the lists, anew: after files of several platforms came together
    python -m tasks.package --check-tag v0.2.0  whether a tag names this version and CHANGELOG.md says its date

Windows gets a setup (made by NSIS) and a portable zip, Linux a tar.xz. Names, order, times and rights in the
archives are fixed: the same program makes the same archive. Standard library only, but for the setup's pictures.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from colmado_insights import __version__
from tasks.sign import sign

ROOT = Path(__file__).resolve().parent.parent
APP = "ColmadoInsights"
DIST = ROOT / "dist"
INSTALLER = ROOT / "installer"
ENDINGS = {"setup": "-setup.exe", "portable": "-portable.zip", "linux": "-linux-x86_64.tar.xz"}
"""Each kind of file, and how its name ends."""
CHANGELOGS = {"es": ROOT / "CHANGELOG.es.md", "en": ROOT / "CHANGELOG.md"}
"""What each version brings, by language; one that is not written is left out."""
PLACES_OF_NSIS = (r"C:\Program Files (x86)\NSIS\makensis.exe", r"C:\Program Files\NSIS\makensis.exe")
PIECE = 1 << 20


class PackageError(Exception):
    """Something the packer cannot mend alone; the text says what to do."""


def main(arguments: Sequence[str]) -> int:
    """Pack, list or check as asked; 1 with a sentence when something is missing."""
    options = read_options(arguments)
    try:
        if options.check_tag:
            check_tag(options.check_tag)
            return 0
        options.out.mkdir(parents=True, exist_ok=True)
        if not options.lists:
            for path in pack(options.program, options.out, options.version, options.kinds):
                print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB", flush=True)
        write_lists(options.out, options.version)
    except PackageError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", type=Path, default=DIST / APP, help="the folder that was built")
    parser.add_argument("--out", type=Path, default=DIST, help="where the files go")
    parser.add_argument("--version", default=__version__, help="another version's name, to try upgrades with")
    parser.add_argument("--kinds", nargs="+", choices=list(ENDINGS), help="only these")
    parser.add_argument("--lists", action="store_true", help="only checksums, latest.json and notes")
    parser.add_argument("--check-tag", metavar="TAG", help="fail unless the tag names this version")
    options = parser.parse_args(arguments)
    if not re.fullmatch(r"\d{1,4}\.\d{1,4}\.\d{1,4}", options.version):
        parser.error("a version has three numbers, as in 0.2.0")
    return options


# --- the files ------------------------------------------------------------------------------------


def pack(program: Path, out: Path, version: str, kinds: Sequence[str] | None = None) -> Iterator[Path]:
    """Make the files of the platform the program was built for, one after the other.

    Raises
    ------
    PackageError
        The program was not built, or NSIS is missing.
    """
    possible = kinds_of(program)
    for kind in kinds or possible:
        if kind not in possible:
            raise PackageError(f"{program} was built for another platform than {kind}.")
    if "linux" not in possible:
        sign([program / f"{APP}.exe", program / "colmado.exe"])
    for kind in kinds or possible:
        target = out / f"{APP}-{version}{ENDINGS[kind]}"
        if kind == "portable":
            write_portable(program, target)
        elif kind == "linux":
            write_tar(program, target)
        else:
            write_setup(program, target, version)
            sign([target])
        yield target


def kinds_of(program: Path) -> tuple[str, ...]:
    """Which files are made of a program: its own name tells what it was built for."""
    if (program / f"{APP}.exe").is_file():
        return ("portable", "setup")
    if (program / APP).is_file():
        return ("linux",)
    raise PackageError(f"There is no program in {program}: make it with `python start.py build`.")


def write_portable(program: Path, target: Path) -> None:
    """Zip the program with the mark that keeps its data beside it, and the words on how to use it."""
    moment = release_moment()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files_of(program):
            add_to_zip(archive, path.relative_to(program).as_posix(), path.read_bytes(), moment)
        for name in ("portable.txt", "LEEME.txt"):
            words = (INSTALLER / name).read_text(encoding="utf-8")
            add_to_zip(archive, name, words.replace("\n", "\r\n").encode("utf-8-sig"), moment)


def add_to_zip(archive: zipfile.ZipFile, name: str, content: bytes, moment: datetime) -> None:
    """Add one file, the same whenever and by whomever it is added."""
    entry = zipfile.ZipInfo(f"{APP}/{name}", moment.timetuple()[:6])
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content, compresslevel=9)


def write_tar(program: Path, target: Path) -> None:
    """Pack the program for Linux, owned by nobody in particular."""
    moment = int(release_moment().timestamp())

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = moment
        entry.mode = 0o755 if entry.mode & 0o100 else 0o644
        return entry

    with tarfile.open(target, "w:xz", preset=6) as archive:
        for path in files_of(program):
            name = f"{APP}/{path.relative_to(program).as_posix()}"
            archive.add(path, name, recursive=False, filter=plain)


def write_setup(program: Path, target: Path, version: str) -> None:
    """Have NSIS make the setup.

    Raises
    ------
    PackageError
        NSIS is not installed, or it failed.
    """
    makensis = find_makensis()
    if makensis is None:
        raise PackageError("The setup needs NSIS 3 (nsis.sourceforge.io; Debian: apt-get install nsis).")
    defines = {
        "VERSION": version,
        "FILES": program.resolve(),
        "OUT": target.resolve(),
        "TARGET": os.environ.get("COLMADO_NSIS_TARGET", "x86-unicode"),
        "PICTURES": make_pictures(),
        "SIGN": f'"{sys.executable}" "{ROOT / "tasks" / "sign.py"}"',  # the uninstaller inside
    }
    if version != __version__:
        defines["QUICK"] = "1"  # made to try upgrades with, not to be sent anywhere
    words = [f"-D{name}={value}" for name, value in defines.items()]
    done = subprocess.run(
        [makensis, "-V2", "-WX", *words, str(INSTALLER / "colmado.nsi")], capture_output=True, text=True
    )
    if done.returncode:
        raise PackageError(f"NSIS failed:\n{done.stdout}{done.stderr}")


def find_makensis() -> str | None:
    """NSIS' compiler, also where its own setup leaves it without telling the PATH."""
    return shutil.which("makensis") or next(filter(os.path.exists, PLACES_OF_NSIS), None)


def make_pictures() -> Path:
    """The setup's pictures, painted by a program of its own because Qt wants to be alone."""
    folder = ROOT / "build" / "installer"
    subprocess.run([sys.executable, "-m", "tasks.setup_pictures", str(folder)], cwd=ROOT, check=True)
    return folder


def files_of(program: Path) -> list[Path]:
    """Every file and link of a folder, in an order that no file system changes."""
    found = (path for path in program.rglob("*") if path.is_symlink() or path.is_file())
    return sorted(found, key=lambda path: path.relative_to(program).as_posix())


# --- the lists ------------------------------------------------------------------------------------


def write_lists(out: Path, version: str) -> None:
    """Write SHA256SUMS, latest.json and NOTES.md for the files of that version in a folder.

    Raises
    ------
    PackageError
        There is no such file, or CHANGELOG.md knows nothing of the version.
    """
    found = {kind: out / f"{APP}-{version}{ending}" for kind, ending in ENDINGS.items()}
    files = [describe(kind, path) for kind, path in found.items() if path.is_file()]
    if not files:
        raise PackageError(f"There is no file of version {version} in {out}.")
    notes = read_notes(__version__)
    announcement = {
        "version": version,
        "date": release_moment().date().isoformat(),
        "notes": {language: words for language, (_head, words) in notes.items()},
        "files": files,
    }
    sums = "".join(f"{file['sha256']}  {file['name']}\n" for file in files)
    write_text(out / "SHA256SUMS", sums)
    write_text(out / "latest.json", json.dumps(announcement, ensure_ascii=False, indent=2) + "\n")
    write_text(out / "NOTES.md", "\n\n".join(words for _head, words in notes.values()) + "\n")


def describe(kind: str, path: Path) -> dict[str, str | int]:
    """A file as latest.json names it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return {"name": path.name, "kind": kind, "size": path.stat().st_size, "sha256": digest.hexdigest()}


def write_text(path: Path, words: str) -> None:
    """Write a list with the same line ends on every platform."""
    path.write_text(words, encoding="utf-8", newline="\n")


def read_notes(version: str) -> dict[str, tuple[str, str]]:
    """What the version brings, by language: what its heading says in brackets, and the words.

    Raises
    ------
    PackageError
        CHANGELOG.md has no part of that version.
    """
    notes = {}
    for language, path in CHANGELOGS.items():
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        part = re.search(rf"^## {re.escape(version)}(?: \(([^)\n]*)\))?\n(.*?)(?=^## |\Z)", text, re.M | re.S)
        if part:
            notes[language] = (part[1] or "", part[2].strip())
    if "en" not in notes:
        raise PackageError(f"CHANGELOG.md has no part «## {version} (…)».")
    return notes


def release_date() -> date | None:
    """The day CHANGELOG.md gives this version; None while it is not released."""
    try:
        return date.fromisoformat(read_notes(__version__)["en"][0])
    except ValueError:
        return None


def release_moment() -> datetime:
    """The moment every packed file bears: the release's day, or SOURCE_DATE_EPOCH, or today."""
    if day := release_date():
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    if seconds := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(seconds), UTC)
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def check_tag(tag: str) -> None:
    """Let pass only the tag of this version, once CHANGELOG.md says its day.

    Raises
    ------
    PackageError
        Another version, or no day.
    """
    if tag != f"v{__version__}":
        raise PackageError(f"The tag is {tag}, but the version is {__version__}: see docs/releasing.md.")
    if release_date() is None:
        raise PackageError(
            f"CHANGELOG.md does not say when {__version__} came out: «## {__version__} (2026-12-01)»."
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
