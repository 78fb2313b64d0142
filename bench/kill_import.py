"""Killing the program at random moments: the file must open, be whole, and hold whole batches only.

python -m bench.kill_import [--kills 20] [--lines 100000] [--seed 7]

A new process imports, undoes, backs up or migrates, and is killed with SIGKILL at a random moment of the
time the work takes. After each kill the database must open, pass the health check, hold exactly
the state before or after the work, and doing the work again must bring it to its end.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
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
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                return False
        self.seconds = time.perf_counter() - started
        if process.returncode:
            raise SystemExit(f"{self.name} failed without being killed")
        return True


SALES = ("sale", "sale_line", "daily", "hourly", "product")


def state_of(database: Path, tables: tuple[str, ...] = ("batch", *SALES)) -> str:
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
        trial.run(database)
        # Killed between its last write and its end, an import is in: once more adds a batch without sales.
        if trial.name != "backup" and state_of(database, SALES) != complete:
            raise SystemExit(f"{trial.name}: doing it again did not bring it to its end")
        for backup in (database.parent / "shop-backups").glob("*.db"):
            if state_of(backup) != trial.before:
                raise SystemExit(f"{trial.name}: a backup is not what was backed up")
    return found


def trials(folder: Path, lines: int) -> list[Trial]:
    """The works with their files: a shop with some sales, and the same shop with all."""
    whole = flat_file(lines)
    first = folder / "first.csv"
    with whole.open("rb") as source, first.open("wb") as target:
        for _line in range(round(lines * FIRST_PART)):
            target.write(source.readline())
    some, full = folder / "some.db", folder / "full.db"
    import_file(some, first)
    shutil.copy(some, full)
    import_file(full, whole)
    before, after = state_of(some), state_of(full)
    return [
        Trial("import", some, whole, before),
        Trial("undo", full, whole, after),
        Trial("backup", full, whole, after),
        Trial("migrate", full, whole, after),
    ]


def main() -> int:
    """Kill, look, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=20, help="of each kind of work")
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
        for trial in trials(folder, options.lines):
            found = measure(trial, folder, options.kills, chance)
            killed = found["before"] + found["after"]
            show(
                Figure(
                    what=f"SIGKILL during {trial.name} of {options.lines:,} lines ({trial.seconds:.1f} s)",
                    ours=f"{killed} kills: {found['before']} found as before, {found['after']} as after, 0 damaged, 0 halves",
                    target="every one opens, is whole, and is completed by doing it again",
                    met=True,
                )
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
