"""Broken files through the front door: none may crash the import, hang it, or lose a row.

python -m bench.fuzz_import [--files 5000] [--seed 7]

Every small export under tests/data is taken in turn and broken: bytes flipped, cut or doubled, rows cut,
repeated or shuffled, columns swapped, cells of another type put in; packed files and workbooks are broken
inside and outside. Each is imported for good into a database that holds those before it. A file comes in, with
every row accounted for, or it is refused with a sentence; the database must stay whole.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import multiprocessing
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from bench.figure import Figure, show

NOW = datetime(2026, 11, 20, 12)
FILES = 5_000
MOST_SECONDS = 10.0
FILES_A_DATABASE = 200
CORPUS = Path(__file__).resolve().parent.parent / "tests" / "data"
TOGETHER = ("ecf", "eleventa", "unicenta", "pair")
STRANGE_CELLS = (
    "", "-", "0", "-1", "1e400", "NaN", "inf", "9" * 40, "1.234.567,89", "1,5", "RD$", "31/02/2026", "99:99", "hoy",
    "2026-13-45", "12/31/99 25:61 PM", "null", "#REF!", "=1+1", "\x00", "\ufeff", "ñ" * 300, "'0012", "(5)", "5-",
    "Venta", "Total", "1900-01-01", "9999-12-31", "46284.84", "2 x Pan, 1 x Leche", "\u202e", "\ud83d",
)  # fmt: skip
STRANGE_BYTES = (
    b'"',
    b",",
    b";",
    b"\t",
    b"\r\n",
    b"\x00",
    b"\xff\xfe",
    b"\xc3",
    b"<",
    b"{",
    b"}",
    b"=",
    b"\x1a",
)

Rows = list[list[str]]


@dataclass(frozen=True)
class Fate:
    """What became of one broken file."""

    number: int
    what: str  # in | refused | crash | hang | lost rows | damaged
    seconds: float
    detail: str = ""


def find_exports() -> list[tuple[Path, ...]]:
    """What can be dropped: files one by one, and exports that are spread over several."""
    exports: dict[str, list[Path]] = {}
    for path in sorted(CORPUS.rglob("*.*")):
        if not path.is_file() or path.name == "expected.csv":
            continue
        place = path.relative_to(CORPUS)
        folder = next((part for part in place.parts[:-1] if part in TOGETHER), "")
        is_export = folder or place.parent.name.endswith("together")
        exports.setdefault(str(place.parent) if is_export else str(place), []).append(path)
    return [tuple(paths) for paths in exports.values()]


# ── breaking ──


def break_bytes(content: bytes, chance: random.Random) -> bytes:
    """Bytes flipped, put in, cut out, doubled, or all from one on cut off."""
    data = bytearray(content)
    for _change in range(chance.randint(1, 8)):
        if not data:
            break
        at, length = chance.randrange(len(data)), chance.randint(1, 60)
        match chance.randrange(6):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at] = chance.randrange(256)
            case 2:
                del data[at : at + length]
            case 3:
                data[at:at] = chance.choice(STRANGE_BYTES)
            case 4:
                data[at:at] = data[at : at + length]
            case _ if chance.random() < 0.3:
                del data[at:]
    return bytes(data)


def break_rows(rows: Rows, chance: random.Random) -> Rows:
    """Rows cut, repeated, shuffled or shortened, columns swapped or dropped, cells of another type."""
    rows = [list(row) for row in rows]
    for _change in range(chance.randint(1, 4)):
        if not rows:
            break
        width = max(map(len, rows)) or 1
        one, other = chance.randrange(width), chance.randrange(width)
        at = chance.randrange(len(rows))
        match chance.randrange(9):
            case 0:
                del rows[at : at + chance.randint(1, 5)]
            case 1:
                rows[at:at] = [list(row) for row in rows[at : at + chance.randint(1, 5)]]
            case 2:
                tail = rows[1:]
                chance.shuffle(tail)
                rows[1:] = tail
            case 3:
                for row in rows:
                    if max(one, other) < len(row):
                        row[one], row[other] = row[other], row[one]
            case 4:  # the header keeps its names: the cells change places
                for row in rows[1:]:
                    if max(one, other) < len(row):
                        row[one], row[other] = row[other], row[one]
            case 5:
                rows = [row[:one] + row[one + 1 :] for row in rows]
            case 6:
                for row in rows[1:]:
                    if one < len(row) and chance.random() < 0.4:
                        row[one] = chance.choice(STRANGE_CELLS)
            case 7:
                rows[at] = rows[at][:one]
            case _:
                rows[at] = [*rows[at], *chance.choices(STRANGE_CELLS, k=chance.randint(1, 4))]
    return rows


def break_text(content: bytes, chance: random.Random) -> bytes:
    """A file of text broken by its rows, in its own encoding and with its own delimiter."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "latin-1"
        text = content.decode(encoding)
    delimiter = max(",;\t|", key=text.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return break_bytes(content, chance)
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(break_rows(rows, chance))
    return stream.getvalue().encode(encoding, "replace")


def break_workbook(path: Path, chance: random.Random) -> bytes:
    """A workbook whose cells are broken and typed anew."""
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    cells = book.get_sheet_by_index(0).to_python()
    rows = break_rows([[str(cell) for cell in row] for row in cells], chance)
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_numbers": chance.random() < 0.5}
    ) as made:
        sheet = made.add_worksheet()
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(place, column, cell.encode("utf-8", "replace").decode().replace("\x00", ""))
    return stream.getvalue()


def break_file(path: Path, chance: random.Random) -> bytes:
    """The file's bytes, broken outside or inside."""
    content = path.read_bytes()
    name = path.name.lower()
    if chance.random() < 0.35:
        return break_bytes(content, chance)
    if name.endswith(".xlsx") and content.startswith(b"PK"):
        return break_workbook(path, chance)
    if name.endswith(".gz"):
        return gzip.compress(break_text(gzip.decompress(content), chance), mtime=0)
    if name.endswith(".zip"):
        stream = io.BytesIO()
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(stream, "w") as target:
            for member in source.namelist():
                target.writestr(member, break_text(source.read(member), chance))
        return stream.getvalue()
    if name.endswith((".json", ".xml")):
        return break_bytes(content, chance)
    return break_text(content, chance)


def break_export(number: int, seed: int, exports: Sequence[tuple[Path, ...]], folder: Path) -> list[Path]:
    """One export with one of its files broken, written to a folder; the same for the same number and seed."""
    chance = random.Random(seed * 1_000_003 + number)
    paths = exports[number % len(exports)]
    broken = chance.choice(paths)
    written = []
    for path in paths:
        target = folder / path.name
        target.write_bytes(break_file(path, chance) if path == broken else path.read_bytes())
        written.append(target)
    return written


# ── importing ──


def work(connection: Connection, seed: int, numbers: Sequence[int]) -> None:
    """In a process of its own: import broken files, and tell the fate of each."""
    exports = find_exports()
    with tempfile.TemporaryDirectory() as name:
        for place, number in enumerate(numbers):
            database = Path(name) / f"shop-{place // FILES_A_DATABASE}.db"
            folder = Path(name) / str(number)
            folder.mkdir()
            files = break_export(number, seed, exports, folder)
            connection.send(None)  # broken; the clock starts
            is_last = place % FILES_A_DATABASE == FILES_A_DATABASE - 1 or place == len(numbers) - 1
            connection.send(import_one(number, database, files, is_last=is_last))
    connection.close()


def import_one(number: int, database: Path, files: Sequence[Path], *, is_last: bool) -> Fate:
    """Import one export and say what became of it; the last of a database also checks its health."""
    from colmado_insights.errors import ShopError
    from colmado_insights.insights import categorizer
    from colmado_insights.storage import health
    from colmado_insights.storage.importing.intake import import_files
    from colmado_insights.storage.schema import open_database

    started = time.perf_counter()
    what, detail = "in", ""
    try:
        with open_database(database) as shop:
            try:
                reports = import_files(shop, files, categorize=categorizer().categorize_many, now=NOW)
                if not all(report.is_accounted for report in reports):
                    what, detail = "lost rows", str(reports)
            except ShopError as refusal:
                what = "refused" if refusal.what.strip() and refusal.todo.strip() else "crash"
                detail = str(refusal)
            if is_last and (problems := health.find_problems(shop)):
                what, detail = "damaged", str(problems)
    except BaseException:  # noqa: BLE001 - crashes are what is looked for
        what, detail = "crash", traceback.format_exc()
    return Fate(number, what, time.perf_counter() - started, f"{files[0].name}: {detail}")


def fates(files: int, seed: int) -> list[Fate]:
    """The fates of so many broken files; a process that hangs or dies is replaced and its file counted."""
    told: list[Fate] = []
    context = multiprocessing.get_context("spawn")
    while len(told) < files:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(theirs, seed, range(len(told), files)), daemon=True)
        process.start()
        theirs.close()
        try:
            while len(told) < files:
                ours.recv()
                if not ours.poll(MOST_SECONDS + 20 * (len(told) == 0)):  # the first one loads the libraries
                    told.append(Fate(len(told), "hang", MOST_SECONDS))
                    break
                told.append(ours.recv())
        except EOFError:
            told.append(Fate(len(told), "crash", 0.0, "the process died"))
        process.kill()
        process.join()
    return told


def main() -> int:
    """Break, import, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    told = fates(options.files, options.seed)
    counts = Counter(fate.what for fate in told)
    bad = [fate for fate in told if fate.what not in ("in", "refused")]
    for fate in bad[:20]:
        print(f"  file {fate.number}: {fate.what}: {fate.detail}", file=sys.stderr)
    slowest = max(fate.seconds for fate in told[1:] or told)
    show(
        Figure(
            what=f"{options.files:,} broken files",
            ours=f"{counts['in']:,} came in with every row accounted for, {counts['refused']:,} refused, "
            f"{counts['crash']} crashes, {counts['hang']} hangs, {counts['lost rows']} with rows lost, "
            f"{counts['damaged']} databases damaged, slowest {slowest:.1f} s",
            target=f"0 crashes, 0 hangs over {MOST_SECONDS:g} s, no row lost",
            met=not bad,
        )
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
