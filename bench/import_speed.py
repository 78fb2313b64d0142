"""Importing a million lines: ours beside `sqlite3 .import`, interleaved in one run.

python -m bench.import_speed [--lines 1000000] [--rounds 3]

Rivals, both the sqlite3 program on the same file in WAL mode: (a) `.import` into one flat typed
table, unchecked; (b) the same, then names to integer ids, one row a receipt, cents and thousandths, and
receipts already known left out, in SQL. Ours is the whole path: reading, finding the columns, checking,
categories, deduplication, hourly and daily sums.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil

from bench.figure import Figure, show
from bench.million import LINES, flat_file

if sys.platform != "win32":
    import resource

LEAST_OF_FLAT = 0.4
LEAST_OF_NORMALISED = 1.0
MOST_MEGABYTES = 700

FLAT = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
CREATE TABLE flat (receipt TEXT, datetime TEXT, product TEXT, category TEXT, quantity REAL, amount REAL,
                   payment TEXT, cashier TEXT);
.import --csv --skip 1 {file} flat
"""

NORMALISED = """
CREATE TABLE category (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE product (id INTEGER PRIMARY KEY, name TEXT UNIQUE, category_id INTEGER);
CREATE TABLE payment (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE cashier (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE sale (id INTEGER PRIMARY KEY, number TEXT, sold_at INTEGER, total_cents INTEGER,
                   line_count INTEGER, payment_id INTEGER, cashier_id INTEGER, is_new INTEGER DEFAULT 1,
                   UNIQUE (number, sold_at));
CREATE TABLE sale_line (sale_id INTEGER, line_no INTEGER, product_id INTEGER, quantity_milli INTEGER,
                        amount_cents INTEGER, PRIMARY KEY (sale_id, line_no)) WITHOUT ROWID;
BEGIN;
INSERT OR IGNORE INTO category (name) SELECT DISTINCT category FROM flat;
INSERT OR IGNORE INTO product (name, category_id)
    SELECT DISTINCT f.product, c.id FROM flat f JOIN category c ON c.name = f.category;
INSERT OR IGNORE INTO payment (name) SELECT DISTINCT payment FROM flat;
INSERT OR IGNORE INTO cashier (name) SELECT DISTINCT cashier FROM flat;
INSERT OR IGNORE INTO sale (number, sold_at, total_cents, line_count, payment_id, cashier_id)
    SELECT f.receipt, unixepoch(f.datetime), CAST(round(sum(f.amount) * 100) AS INTEGER), count(*), p.id, c.id
    FROM flat f JOIN payment p ON p.name = f.payment JOIN cashier c ON c.name = f.cashier
    GROUP BY f.receipt, f.datetime;
INSERT INTO sale_line
    SELECT s.id, row_number() OVER (PARTITION BY s.id ORDER BY f.rowid), p.id,
           CAST(round(f.quantity * 1000) AS INTEGER), CAST(round(f.amount * 100) AS INTEGER)
    FROM flat f
    JOIN sale s ON s.number = f.receipt AND s.sold_at = unixepoch(f.datetime) AND s.is_new
    JOIN product p ON p.name = f.product;
UPDATE sale SET is_new = 0;
DROP TABLE flat;
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One import: processor and wall seconds, and the most memory it held."""

    cpu: float
    wall: float
    megabytes: float = 0.0


def sqlite_run(script: str, file: Path, database: Path) -> Run:
    """Run the sqlite3 program on a fresh database."""
    before, start = os.times(), time.perf_counter()
    subprocess.run(
        ["sqlite3", "-bail", str(database)],
        input=script.format(file=file.as_posix()),
        encoding="utf-8",
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after, wall = os.times(), time.perf_counter() - start
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(cpu or wall, wall)  # Windows does not tell what children used


def most_megabytes() -> float:
    """The most memory this process has held."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def our_run(file: Path, database: Path) -> Run:
    """Import with our program in a new process, so that its peak memory is its own."""
    command = [sys.executable, "-m", "bench.import_speed", "--worker", str(file), str(database)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Run(**json.loads(done.stdout))


def import_here(file: Path, database: Path) -> Run:
    """Import in this process; starting Python and loading libraries is not counted, as memory it is."""
    from colmado_insights.insights import categorizer
    from colmado_insights.storage.importing.intake import import_files
    from colmado_insights.storage.schema import open_database

    cpu, wall = time.process_time(), time.perf_counter()
    with open_database(database) as opened:
        import_files(opened, [file], categorize=categorizer().categorize_many, now=datetime(2026, 11, 20))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Run(cpu, wall, most_megabytes())


def check_equal(ours: Path, theirs: Path) -> None:
    """Both databases hold the same receipts, lines and money."""
    question = "SELECT count(*), sum(line_count), sum(total_cents) FROM sale"
    answers = []
    for path in (ours, theirs):
        connection = sqlite3.connect(path)
        answers.append(connection.execute(question).fetchone())
        connection.close()
    if answers[0] != answers[1]:
        raise SystemExit(f"receipts, lines, cents differ: ours {answers[0]}, in SQL {answers[1]}")


def measure(file: Path, rounds: int) -> dict[str, list[Run]]:
    """Runs of all three, taking turns, each on a database of its own."""
    runs: dict[str, list[Run]] = {"flat": [], "normalised": [], "ours": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            place = Path(folder) / str(number)
            place.mkdir()
            runs["flat"].append(sqlite_run(FLAT, file, place / "flat.db"))
            runs["normalised"].append(sqlite_run(FLAT + NORMALISED, file, place / "normalised.db"))
            runs["ours"].append(our_run(file, place / "ours.db"))
            check_equal(place / "ours.db", place / "normalised.db")
            shutil.rmtree(place)
    return runs


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--worker", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        run = import_here(*options.worker)
        print(json.dumps({"cpu": run.cpu, "wall": run.wall, "megabytes": run.megabytes}))
        return 0
    if shutil.which("sqlite3") is None:
        print("the sqlite3 program is missing: on Debian, apt-get install sqlite3", file=sys.stderr)
        return 1
    runs = measure(flat_file(options.lines), options.rounds)
    cpu = {name: statistics.median(run.cpu for run in these) for name, these in runs.items()}
    wall = {name: statistics.median(run.wall for run in these) for name, these in runs.items()}
    size = f"{options.lines / 1e6:g} M lines"
    rivals = (
        ("flat", "`sqlite3 .import` into a flat table", LEAST_OF_FLAT),
        ("normalised", "`.import` and the same work in SQL", LEAST_OF_NORMALISED),
    )
    for name, words, least in rivals:
        ratio = cpu[name] / cpu["ours"]
        show(
            Figure(
                what=f"import {size} against {words}",
                ours=f"{options.lines / cpu['ours'] / 1e3:.0f} k rows/CPU-s ({wall['ours']:.1f} s)",
                rival=f"{options.lines / cpu[name] / 1e3:.0f} k rows/CPU-s ({wall[name]:.1f} s)",
                ratio=f"{ratio:.2f} × by CPU, {wall[name] / wall['ours']:.2f} × by the wall",
                target=f"≥ {least:g} × by CPU",
                met=ratio >= least,
            )
        )
    megabytes = max(run.megabytes for run in runs["ours"])
    show(
        Figure(
            what=f"import {size}, most memory",
            ours=f"{megabytes:.0f} MB",
            target=f"≤ {MOST_MEGABYTES} MB",
            met=megabytes <= MOST_MEGABYTES,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
