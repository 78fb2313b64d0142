"""Killing the program at random moments: the file must open, be whole, and hold whole batches only.

python -m bench.kill_import [--kills 50] [--lines 100000] [--seed 7] [--works import undo retry feed backup migrate]

A new process imports, undoes, mends rows in quarantine, backs up or migrates, and is killed (SIGKILL, on Windows
TerminateProcess) at a random moment of the time the work takes. After each kill the database must open, pass the
health check, hold exactly the state before or after the work, and doing the work again must bring it to its end.

The live feed takes posted sales one by one and says each number once it is written: killed at any moment, every
number said must be there with all its lines, at most the next one besides, and nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.figure import Figure, show
from bench.million import flat_file

NOW = datetime(2026, 11, 20, 12)
BAD_AMOUNT = "bad_amount"
ROWS_A_BAD_ONE = 10
POSTED = 60
"""Sales of one run of the live feed."""

LINES_POSTED = 3
FIRST_PART = 0.3
"""Share of the lines that are in the database before the work begins."""


def import_file(database: Path, file: Path) -> None:
    """Bring a file in."""
    from colmado_insights.insights import categorizer
    from colmado_insights.storage.importing.intake import import_files
    from colmado_insights.storage.schema import open_database

    with open_database(database) as shop:
        import_files(shop, [file], categorize=categorizer().categorize_many, now=NOW)


def undo(database: Path, _file: Path) -> None:
    """Take the last import back, if that is still to be done."""
    from colmado_insights.storage.importing.history import read_batches, undo_batch
    from colmado_insights.storage.schema import open_database

    with open_database(database) as shop:
        newest = read_batches(shop)[0]
        if not newest.is_undone:
            undo_batch(shop, newest.batch, now=NOW)


def retry_rows(database: Path, _file: Path) -> None:
    """Mend the rows in quarantine and bring them in, if that is still to be done."""
    from colmado_insights.insights import categorizer
    from colmado_insights.storage.importing.retry import read_waiting, retry
    from colmado_insights.storage.schema import open_database

    with open_database(database) as shop:
        if read_waiting(shop, BAD_AMOUNT, most=1):
            retry(shop, BAD_AMOUNT, {"amount": "90.00"}, categorize=categorizer().categorize_many, now=NOW)


def post_sales(database: Path, file: Path) -> None:
    """Take the sales in one by one as the web till posts them, and say each number once it is written."""
    from colmado_insights.feeds import take_posted
    from colmado_insights.storage.schema import open_database

    with open_database(database) as shop:
        for sale in json.loads(file.read_text(encoding="utf-8")):
            take_posted(shop, sale, NOW)
            print(sale["receiptNumber"], flush=True)


def back_up(database: Path, _file: Path) -> None:
    """Write a backup."""
    from colmado_insights.storage.backup import write_backup
    from colmado_insights.storage.schema import open_database

    with open_database(database) as shop:
        write_backup(shop)


def migrate(database: Path, _file: Path) -> None:
    """Open the file with a program whose tables are one version newer."""
    from colmado_insights.storage import schema

    def rewrite(connection: object) -> None:
        connection.execute("ALTER TABLE sale_line ADD COLUMN shelf TEXT NOT NULL DEFAULT ''")  # type: ignore[attr-defined]
        connection.execute("UPDATE sale_line SET shelf = 'A' || product_id")  # type: ignore[attr-defined]

    schema.MIGRATIONS = (*schema.MIGRATIONS, rewrite)
    schema.open_database(database).close()


WORKS: dict[str, Callable[[Path, Path], None]] = {
    "import": import_file,
    "undo": undo,
    "retry": retry_rows,
    "feed": post_sales,
    "backup": back_up,
    "migrate": migrate,
}


@dataclass
class Trial:
    """One kind of work: the file to begin with, what it looks like, and how it looks when done."""

    name: str
    start: Path
    file: Path
    before: str
    after: str = ""
    seconds: float = 0.0

    def run(self, database: Path, kill_after: float | None = None) -> bool:
        """Do the work in a new process; False when it was killed before its end.

        The time runs from the moment the process has loaded its libraries.
        """
        command = [
            sys.executable,
            "-m",
            "bench.kill_import",
            "--worker",
            self.name,
            str(database),
            str(self.file),
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        with process.stdout:
            process.stdout.readline()
            started = time.perf_counter()
            try:
                process.wait(kill_after)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                return False
        self.seconds = time.perf_counter() - started
        if process.returncode:
            raise SystemExit(f"{self.name} failed without being killed")
        return True

    def finish(self, database: Path) -> None:
        """Do the work again; a migration in a process of its own, as it changes the program."""
        if self.name == "migrate":
            self.run(database)
        else:
            WORKS[self.name](database, self.file)


SALES = ("sale", "sale_line", "daily", "hourly", "product")


def state_of(database: Path, tables: tuple[str, ...] = ("batch", "quarantine", *SALES)) -> str:
    """Open the file, check it, and sum up all that these tables say."""
    from colmado_insights.storage import health
    from colmado_insights.storage.database import Database

    with Database(database) as shop:
        if problems := health.find_problems(shop):
            raise SystemExit(f"{database.name}: {problems}")
        digest = hashlib.sha256()
        for table in tables:
            columns = [
                name
                for _id, name, *_rest in shop.read(f"PRAGMA table_info({table})")
                if name != "imported_at"
            ]
            digest.update(repr(shop.read(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2")).encode())
        return digest.hexdigest()


def copy_database(source: Path, folder: Path) -> Path:
    """A closed database in a fresh folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Path(shutil.copy(source, folder / "shop.db"))


def measure(trial: Trial, folder: Path, kills: int, chance: random.Random) -> Counter[str]:
    """Kill the work at random moments and count how the file was found."""
    database = copy_database(trial.start, folder / trial.name)
    trial.run(database)
    seconds = trial.seconds
    trial.after, complete = state_of(database), state_of(database, SALES)
    found: Counter[str] = Counter()
    while found.total() - found["not killed"] < kills:
        database = copy_database(trial.start, folder / trial.name)
        if trial.run(database, chance.uniform(0, 1.02 * seconds)):
            found["not killed"] += 1
            continue
        state = state_of(database)
        if state not in (trial.before, trial.after):
            raise SystemExit(f"{trial.name}: half a batch was found")
        found["before" if state == trial.before else "after"] += 1
        trial.finish(database)
        # Killed between its last write and its end, an import is in: once more adds a batch without sales.
        if trial.name != "backup" and state_of(database, SALES) != complete:
            raise SystemExit(f"{trial.name}: doing it again did not bring it to its end")
        for backup in (database.parent / "shop-backups").glob("*.db"):
            if state_of(backup) != trial.before:
                raise SystemExit(f"{trial.name}: a backup is not what was backed up")
    return found


def measure_feed(folder: Path, kills: int, chance: random.Random) -> Counter[str]:
    """Kill the live feed at random moments; every sale it said to be written must be there, whole."""
    posts = folder / "posted.json"
    sales = [_posted(number) for number in range(1, POSTED + 1)]
    posts.write_text(json.dumps(sales), encoding="utf-8")
    found: Counter[str] = Counter()
    said, seconds = _post(_fresh(folder), posts, None)
    complete = state_of(folder / "feed" / "shop.db", SALES)
    if len(said) != POSTED:
        raise SystemExit("feed: not every sale was said")
    while found["killed"] < kills:
        database = _fresh(folder)
        said, _seconds = _post(database, posts, chance.uniform(0, seconds))
        if len(said) == POSTED:
            found["not killed"] += 1
            continue
        found["killed"] += 1
        kept = _check_posted(database, said, sales)
        found["said"] += len(said)
        found["one more"] += kept - len(said)
        with contextlib.redirect_stdout(io.StringIO()):
            post_sales(database, posts)  # the till repeats what was not answered, and more
        if state_of(database, SALES) != complete:
            raise SystemExit("feed: posting again did not bring it to its end")
    return found


def _posted(number: int) -> dict[str, object]:
    items = [
        {
            "description": f"Producto {number % 7 + place}",
            "quantity": place + 1,
            "amount": 10.0 * number + place,
        }
        for place in range(LINES_POSTED)
    ]
    return {
        "id": number,
        "date": f"2026-11-20T{8 + number // 60:02d}:{number % 60:02d}:00",
        "receiptNumber": f"W-{number:04d}",
        "items": items,
        "paymentMethod": "efectivo",
        "total": sum(10.0 * number + place for place in range(LINES_POSTED)),
    }


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder / "feed", ignore_errors=True)
    (folder / "feed").mkdir()
    return folder / "feed" / "shop.db"


def _post(database: Path, posts: Path, kill_after: float | None) -> tuple[list[str], float]:
    """Post in a new process; the numbers it said, and its seconds after it had loaded its libraries."""
    command = [sys.executable, "-m", "bench.kill_import", "--worker", "feed", str(database), str(posts)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        process.stdout.readline()
        started = time.perf_counter()
        if kill_after is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(kill_after)
            process.kill()
        said = [line for line in process.stdout if line.endswith("\n")]
        process.wait()
    return said, time.perf_counter() - started


def _check_posted(database: Path, said: list[str], sales: list[dict[str, object]]) -> int:
    """How many sales are there: all that were said, at most one more, each whole and counted by its batch."""
    from colmado_insights.storage import health
    from colmado_insights.storage.schema import open_database

    with open_database(database) as shop:
        if problems := health.find_problems(shop):
            raise SystemExit(f"feed: {problems}")
        kept = shop.read(
            "SELECT number, total_cents, count(*) FROM sale JOIN sale_line ON sale_id = id GROUP BY id ORDER BY id"
        )
        batches = shop.read("SELECT receipts_new, new, rows_read FROM batch")
    wanted = [
        (sale["receiptNumber"], round(float(str(sale["total"])) * 100), LINES_POSTED)
        for sale in sales[: len(kept)]
    ]
    if kept != wanted or not len(said) <= len(kept) <= len(said) + 1:
        raise SystemExit(f"feed: {len(said)} sales were said to be written, {len(kept)} are there")
    rows = LINES_POSTED * len(kept)
    if batches != ([(len(kept), rows, rows)] if kept else []):
        raise SystemExit(f"feed: {len(kept)} sales, but its batch counts {batches}")
    return len(kept)


def trials(folder: Path, lines: int) -> list[Trial]:
    """The works with their files: a shop with some sales, the same with all, and with rows in quarantine."""
    whole = flat_file(lines)
    first = folder / "first.csv"
    with whole.open("rb") as source, first.open("wb") as target:
        for _line in range(round(lines * FIRST_PART)):
            target.write(source.readline())
    some, full = folder / "some.db", folder / "full.db"
    import_file(some, first)
    shutil.copy(some, full)
    import_file(full, whole)
    doubtful, waiting = folder / "doubtful.csv", folder / "waiting.db"
    with first.open(encoding="utf-8") as plain, doubtful.open("w", encoding="utf-8") as spoilt:
        for number, line in enumerate(plain):
            cells = line.split(",")
            if number and number % ROWS_A_BAD_ONE == 0:
                cells[-3] = "noventa"  # counted from the end: a name may hold commas
            spoilt.write(",".join(cells))
    import_file(waiting, doubtful)
    before, after = state_of(some), state_of(full)
    return [
        Trial("import", some, whole, before),
        Trial("undo", full, whole, after),
        Trial("retry", waiting, doubtful, state_of(waiting)),
        Trial("backup", full, whole, after),
        Trial("migrate", full, whole, after),
    ]


def show_feed(found: Counter[str]) -> None:
    """Print what was found of the live feed."""
    show(
        Figure(
            what=f"killed during the live feed of {POSTED} sales",
            ours=f"{found['killed']} kills: {found['said']:,} sales said to be written, 0 of them lost, "
            f"{found['one more']} written but not yet said, 0 damaged, 0 halves",
            target="every sale that was said is there, whole",
            met=True,
        )
    )


def main() -> int:
    """Kill, look, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=50, help="of each kind of work")
    parser.add_argument("--works", nargs="*", choices=list(WORKS), default=list(WORKS))
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--worker", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        from colmado_insights.insights import categorizer

        categorizer()
        name, database, file = options.worker
        print("ready", flush=True)
        WORKS[name](Path(database), Path(file))
        return 0
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "feed" in options.works:
            show_feed(measure_feed(folder, options.kills, chance))
        for trial in trials(folder, options.lines) if set(options.works) - {"feed"} else []:
            if trial.name not in options.works:
                continue
            found = measure(trial, folder, options.kills, chance)
            killed = found["before"] + found["after"]
            show(
                Figure(
                    what=f"killed during {trial.name} of {options.lines:,} lines ({trial.seconds:.1f} s)",
                    ours=f"{killed} kills: {found['before']} found as before, {found['after']} as after, 0 damaged, 0 halves",
                    target="every one opens, is whole, and is completed by doing it again",
                    met=True,
                )
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
