"""A workbook of 100,000 lines: our reader beside openpyxl's fastest way, interleaved in one run.

python -m bench.xlsx_speed [--lines 100000] [--rounds 3]

Both read every cell of every row; ours also finds the header, turns dates and numbers into the text that a till
would have written, and gives them by column. Below stands the whole import of the same file.
"""

from __future__ import annotations

import argparse
import csv
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bench.figure import Figure, show
from bench.million import cache_folder, flat_file

NOW = datetime(2026, 11, 20, 12)
LINES = 100_000
LEAST = 5.0
NUMBERS = ("quantity", "amount")


def workbook(lines: int) -> Path:
    """The flat file as a workbook of typed cells, made when it is not there yet."""
    import xlsxwriter

    path = cache_folder() / f"sales-{lines}.xlsx"
    if path.exists():
        return path
    partial = path.with_suffix(".partial")
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy hh:mm:ss"}
    with xlsxwriter.Workbook(partial, options) as book, flat_file(lines).open(encoding="utf-8") as stream:
        sheet = book.add_worksheet("Ventas")
        rows = csv.reader(stream)
        header = next(rows)
        sheet.write_row(0, 0, header)
        for place, row in enumerate(rows, 1):
            for column, (name, cell) in enumerate(zip(header, row, strict=True)):
                if name == "datetime":
                    sheet.write_datetime(place, column, datetime.fromisoformat(cell))
                elif name in NUMBERS:
                    sheet.write_number(place, column, float(cell))
                else:
                    sheet.write_string(place, column, cell)
    partial.replace(path)
    return path


def read_ours(path: Path) -> int:
    """Every column of every row by our reader."""
    from colmado_insights.storage.importing.readers import open_table

    table = open_table(path)
    return sum(chunk.rows for chunk in table.chunks(list(range(len(table.header))), []))


def read_openpyxl(path: Path) -> int:
    """Every row by openpyxl in its read-only mode, values alone."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    rows = sum(1 for _row in book.worksheets[0].iter_rows(min_row=2, values_only=True))
    book.close()
    return rows


def bring_in(path: Path) -> int:
    """The whole import into a fresh database."""
    from colmado_insights.insights import categorizer
    from colmado_insights.storage.importing.intake import import_files
    from colmado_insights.storage.schema import open_database

    with tempfile.TemporaryDirectory() as folder, open_database(Path(folder) / "shop.db") as shop:
        [report] = import_files(shop, [path], categorize=categorizer().categorize_many, now=NOW)
        return report.new


def seconds_of(work: Callable[[Path], int], path: Path, lines: int) -> float:
    """Processor seconds of a piece of work that must see every line."""
    gc.collect()
    started = time.process_time()
    seen = work(path)
    seconds = time.process_time() - started
    if seen != lines:
        raise SystemExit(f"{work.__name__}: {seen} lines of {lines}")
    return seconds


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    path = workbook(options.lines)
    works = (read_ours, read_openpyxl, bring_in)
    taken: dict[str, list[float]] = {work.__name__: [] for work in works}
    for _round in range(options.rounds):
        for work in works:
            taken[work.__name__].append(seconds_of(work, path, options.lines))
    ours, theirs, whole = (statistics.median(taken[work.__name__]) for work in works)
    ratio = theirs / ours
    size = f"workbook of {options.lines:,} lines"
    show(
        Figure(
            what=f"read a {size}",
            ours=f"{ours:.2f} CPU-s",
            rival=f"openpyxl read-only {theirs:.2f} CPU-s",
            ratio=f"{ratio:.1f} ×",
            target=f"≥ {LEAST:g} ×",
            met=ratio >= LEAST,
        )
    )
    show(
        Figure(
            what=f"import a {size}",
            ours=f"{whole:.2f} CPU-s",
            rival=f"openpyxl only reading it {theirs:.2f} CPU-s",
            ratio=f"{theirs / whole:.1f} ×",
        )
    )
    return 0 if ratio >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
