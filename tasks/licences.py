"""Gather the licence texts of all that is shipped to build/licences/, and name it all in THIRD_PARTY.md.

    python -m tasks.licences            write both
    python -m tasks.licences --check    say whether THIRD_PARTY.md is out of date; write nothing

Names and versions are those of requirements.lock, so that the page says the same on every system.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "licences"
PAGE = ROOT / "THIRD_PARTY.md"
BEGIN, END = "<!-- written by tasks/licences.py -->", "<!-- end -->"

LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;]+)", re.MULTILINE)
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
BSD = "BSD-3-Clause"

# What each library of the lock does here, directly or for another library.
PURPOSES = {
    "backports-tarfile": "keyring",
    "certifi": "httpx",
    "cffi": "cryptography",
    "charset-normalizer": "ReportLab",
    "click": "the command line",
    "cloudpickle": "joblib",
    "cryptography": "the vault of Linux",
    "cycler": "matplotlib",
    "fonttools": "matplotlib, typefaces in PDF",
    "formulaic": "statsmodels",
    "h11": "httpx",
    "holidays": "Dominican holidays",
    "httpcore": "httpx",
    "httpx": "Grok, when it is allowed",
    "idna": "httpx",
    "importlib-metadata": "keyring",
    "interface-meta": "formulaic",
    "jaraco-classes": "keyring",
    "jaraco-context": "keyring",
    "jaraco-functools": "keyring",
    "jeepney": "the vault of Linux",
    "joblib": "scikit-learn",
    "keyring": "the key of Grok in the system's vault",
    "kiwisolver": "matplotlib",
    "lazy-importer": "holidays",
    "matplotlib": "charts",
    "more-itertools": "keyring",
    "msgspec": "results kept as JSON",
    "narwhals": "formulaic",
    "numpy": "numbers",
    "packaging": "statsmodels, matplotlib",
    "pandas": "tables",
    "patsy": "statsmodels",
    "pillow": "pictures for matplotlib and ReportLab",
    "platformdirs": "folders",
    "pluggy": "sqlite-utils",
    "pycparser": "cffi",
    "pyparsing": "matplotlib",
    "pyside6-essentials": "the window (Qt)",
    "python-calamine": "reading Excel",
    "python-dateutil": "pandas, matplotlib",
    "pywin32-ctypes": "the vault of Windows",
    "rapidfuzz": "names that are alike",
    "reportlab": "PDF",
    "scikit-learn": "segments, forecasts",
    "scipy": "numbers",
    "secretstorage": "the vault of Linux",
    "shiboken6": "the window (Qt)",
    "six": "python-dateutil",
    "sqlcipher3": "the shop's file, encrypted",
    "sqlite-fts4": "sqlite-utils",
    "sqlite-utils": "the shop's file",
    "statsmodels": "forecasts",
    "threadpoolctl": "scikit-learn",
    "typing-extensions": "types for several libraries",
    "wrapt": "formulaic",
    "xlsxwriter": "writing Excel",
    "zipp": "importlib-metadata",
}

# In the lock, but not in the program.
NOT_SHIPPED = {
    "editables", "hatchling", "pathspec", "tomlkit", "trove-classifiers",  # install this project from its source
    "click-default-group", "pip", "tabulate",  # the command line of sqlite-utils
    "anyio", "contourpy", "et-xmlfile", "openpyxl", "tzdata",  # left out by build.spec
}  # fmt: skip

# Where a library's own words do not name it in the usual short form, or it is not installed everywhere.
LICENCES = {
    "backports-tarfile": "MIT",
    "certifi": "MPL-2.0",
    "cffi": "MIT-0",
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "cycler": BSD,
    "importlib-metadata": "Apache-2.0",
    "jeepney": "MIT",
    "kiwisolver": BSD,
    "lazy-importer": "Apache-2.0",
    "matplotlib": "Matplotlib (like PSF-2.0)",
    "patsy": "BSD-2-Clause",
    "pycparser": BSD,
    "pyside6-essentials": "LGPL-3.0-only",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "pywin32-ctypes": BSD,
    "reportlab": BSD,
    "scipy": BSD,
    "secretstorage": BSD,
    "shiboken6": "LGPL-3.0-only",
    "sqlcipher3": "Zlib",
    "sqlite-fts4": "Apache-2.0",
    "zipp": "MIT",
}
IN_QT = {"pyside6-essentials", "shiboken6"}  # they bring no text; Qt's is theirs
CLASSIFIED = {"MIT License": "MIT"}


@dataclass(frozen=True)
class Part:
    """Something shipped that is no library of the lock: its licence and the files that hold the text."""

    name: str
    licence: str
    purpose: str
    texts: tuple[str, ...]  # below the project's root


PARTS = (
    Part("Python", "PSF-2.0", "runs it all", ("tasks/licences/python.txt",)),
    Part("Qt", "LGPL-3.0-only", "the window", ("tasks/licences/lgpl-3.0.txt", "tasks/licences/gpl-3.0.txt")),
    Part("OpenSSL", "Apache-2.0", "encryption, in Python and SQLCipher", ("tasks/licences/apache-2.0.txt",)),
    Part("SQLCipher", BSD, "the shop's file, encrypted; on SQLite, which is in the public domain",
         ("tasks/licences/sqlcipher.txt",)),
    Part("libffi", "MIT", "Python", ("tasks/licences/libffi.txt",)),
    Part("expat", "MIT", "Python", ("tasks/licences/expat.txt",)),
    Part("zlib", "Zlib", "Python", ("tasks/licences/zlib.txt",)),
    Part("bzip2", "bzip2-1.0.6", "Python", ("tasks/licences/bzip2.txt",)),
    Part("Microsoft C and C++ runtime", "Microsoft Distributable Code", "Python and Qt on Windows",
         ("tasks/licences/microsoft.txt",)),
    Part("Inter", "OFL-1.1", "the typeface", ("resources/fonts/OFL.txt",)),
    Part("Lucide", "ISC", "the icons", ("resources/icons/LICENSE",)),
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Write the page and the texts, or tell that the page is out of date."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    old = PAGE.read_text(encoding="utf-8")
    new = with_table(old, table(read_lock(ROOT / "requirements.lock")))
    if options.check:
        if old != new:
            print("THIRD_PARTY.md is out of date: run `poe licences`", file=sys.stderr)
        return 1 if old != new else 0
    if old != new:
        PAGE.write_text(new, encoding="utf-8", newline="\n")
    print(f"build/licences: {write_texts()} texts")
    return 0


def read_lock(path: Path) -> dict[str, str]:
    """Name and version of each library shipped; both versions where the lock names one for each Python."""
    versions: dict[str, list[str]] = {}
    for found in LOCKED.finditer(path.read_text(encoding="utf-8")):
        if found["name"] not in NOT_SHIPPED:
            versions.setdefault(found["name"], []).append(found["version"])
    return {name: ", ".join(each) for name, each in sorted(versions.items())}


def table(libraries: dict[str, str]) -> str:
    """The rows of THIRD_PARTY.md: parts first, then the libraries of the lock.

    Raises
    ------
    SystemExit
        A library has no purpose here: somebody added it without saying what it is for.
    """
    if unknown := sorted(libraries.keys() - PURPOSES.keys()):
        raise SystemExit(f"Say in tasks/licences.py what it is for: {', '.join(unknown)}")
    rows = [("what", "version", "licence", "for"), ("---", "---", "---", "---")]
    rows += [(part.name, "", part.licence, part.purpose) for part in PARTS]
    rows += [(name, version, licence(name), PURPOSES[name]) for name, version in libraries.items()]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def licence(name: str) -> str:
    """The short form of a library's licence, as it says itself."""
    if name in LICENCES:
        return LICENCES[name]
    about = distribution(name).metadata
    kinds = [
        line.rsplit(" :: ", 1)[-1] for line in about.get_all("Classifier", []) if line.startswith("License")
    ]
    said = about.get("License-Expression") or about.get("License") or next(map(CLASSIFIED.get, kinds), None)
    if not said or len(said) > 80:
        raise SystemExit(f"Say in tasks/licences.py which licence {name} has")
    return said


def with_table(page: str, rows: str) -> str:
    """The page with the rows between its two marks."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{rows}\n{END}{rest.split(END)[1]}"


def write_texts() -> int:
    """One file for each part and each library installed here; the number of files."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    shutil.copy(PAGE, OUT / "0-THIRD_PARTY.md")
    shutil.copy(ROOT / "LICENSE", OUT / "0-Colmado Insights.txt")
    for part in PARTS:
        write_text(part.name, [ROOT / text for text in part.texts])
    for name in read_lock(ROOT / "requirements.lock"):
        with suppress(PackageNotFoundError):  # made for another system, and not shipped to this one
            if name not in IN_QT:
                write_text(name, licence_files(distribution(name)))
    return len(list(OUT.iterdir()))


def licence_files(library: Distribution) -> list[Path]:
    """The licences a library brings along, its own first; those of its tests left out."""
    files = [file for file in library.files or () if LICENCE_FILE.search(file.name)]
    found = [file for file in files if file.suffix not in (".py", ".pyc") and "tests" not in file.parts]
    return [Path(str(library.locate_file(file))) for file in sorted(found, key=lambda file: len(file.parts))]


def write_text(name: str, files: list[Path]) -> None:
    """One file of several, each as it is.

    Raises
    ------
    SystemExit
        There is none: what is shipped without its licence may not be shipped.
    """
    if not files:
        raise SystemExit(f"{name} brings no licence along: put one in tasks/licences/ and name it in PARTS")
    parts = [file.read_text(encoding="utf-8", errors="replace").strip() for file in files]
    (OUT / f"{name}.txt").write_text("\n\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
