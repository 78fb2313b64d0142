"""How soon a cancel is heard, how often progress is told, and what a cancelled import leaves behind.

python -m bench.cancel [--lines 1000000] [--sales 100000] [--cancels 8] [--seed 7]

A million lines of CSV and a browser till's dump of a hundred thousand sales come in, once to their end for the
longest silence between two words of progress, and then cancelled at moments spread over that time. After each
cancel the database must hold what it held before.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.figure import Figure, show
from bench.million import LINES, cache_folder, flat_file
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.intake import import_files
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 12)
SALES = 100_000
MOST_SECONDS = 0.5
TABLES = (
    "batch",
    "sale",
    "sale_line",
    "product",
    "cashier",
    "customer",
    "daily",
    "hourly",
    "quarantine",
    "seen",
)


class Listening(Progress):
    """Progress that remembers when it was told of, and when a cancel was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.told = [time.perf_counter()]
        self.asked = 0.0

    def step(self, done: int = 0, total: int = 0, text: str = "") -> None:
        """Note the moment."""
        self.told.append(time.perf_counter())
        super().step(done, total, text)

    def cancel(self) -> None:
        """Note the moment."""
        self.asked = time.perf_counter()
        super().cancel()

    @property
    def longest_silence(self) -> float:
        """The longest time between two steps."""
        return max((after - before for before, after in itertools.pairwise(self.told)), default=0.0)


@dataclass(frozen=True)
class Heard:
    """What was measured on one file."""

    seconds: float
    silence: float
    waits: tuple[float, ...]
    leftovers: tuple[str, ...]


def dexie_file(sales: int) -> Path:
    """The flat file's receipts as the dump of a browser till, made when it is not there yet."""
    path = cache_folder() / f"dexie-{sales}.json"
    if path.exists():
        return path
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as stream:
        stream.write(
            '{"formatName":"dexie","formatVersion":1,"data":{"databaseName":"till","databaseVersion":1,'
        )
        stream.write(f'"tables":[{{"name":"sales","schema":"++id,date","rowCount":{sales}}}],"data":[')
        stream.write('{"tableName":"sales","inbound":true,"rows":[\n')
        stream.write(",\n".join(json.dumps(sale, ensure_ascii=False) for sale in _dexie_sales(sales)))
        stream.write("\n]}]}}")
    partial.replace(path)
    return path


def _dexie_sales(sales: int) -> Iterator[dict[str, object]]:
    with flat_file(LINES if sales > 10_000 else 50_000).open(encoding="utf-8", newline="") as stream:
        receipts = itertools.groupby(csv.DictReader(stream), key=lambda row: row["receipt"])
        for key, (number, rows) in enumerate(itertools.islice(receipts, sales), 1):
            lines = list(rows)
            yield {
                "id": key,
                "receiptNumber": number,
                "date": lines[0]["datetime"].replace(" ", "T"),
                "total": round(sum(float(line["amount"]) for line in lines), 2),
                "paymentMethod": lines[0]["payment"],
                "items": [
                    {
                        "description": line["product"],
                        "quantity": float(line["quantity"]),
                        "amount": float(line["amount"]),
                    }
                    for line in lines
                ],
            }


def contents(shop: Database) -> list[object]:
    """All that the tables of sales hold."""
    return [sorted(map(repr, shop.read(f"SELECT * FROM {table}"))) for table in TABLES]


def bring_in(shop: Database, file: Path, progress: Progress) -> None:
    """The whole import, as the window does it."""
    from colmado_insights.insights import categorizer

    import_files(shop, [file], categorize=categorizer().categorize_many, now=NOW, progress=progress)


def measure(file: Path, before: Path, folder: Path, cancels: int, chance: random.Random) -> Heard:
    """Import a file to its end, then cancel it at moments spread over that time."""
    with open_database(folder / "whole.db") as shop:
        bring_in(shop, before, Progress())
        whole = Listening()
        bring_in(shop, file, whole)
        whole.step()
    seconds = whole.told[-1] - whole.told[0]
    waits: list[float] = []
    leftovers: list[str] = []
    while len(waits) < cancels:
        moment = seconds * (len(waits) + chance.random()) / cancels
        database = folder / f"{chance.random()}.db"
        with open_database(database) as shop:
            bring_in(shop, before, Progress())
            known = contents(shop)
            wait = cancel_after(moment, shop, file)
            if wait is None:
                seconds *= 0.9  # it was done before: cancel earlier
                continue
            waits.append(wait)
            if contents(shop) != known or health.find_problems(shop):
                leftovers.append(f"cancelled after {moment:.1f} s: {health.find_problems(shop)}")
    return Heard(seconds, whole.longest_silence, tuple(waits), tuple(leftovers))


def cancel_after(moment: float, shop: Database, file: Path) -> float | None:
    """Cancel an import after so many seconds; how long it took to stop, or None when it was done before."""
    progress = Listening()
    timer = threading.Timer(moment, progress.cancel)
    timer.start()
    try:
        bring_in(shop, file, progress)
    except Cancelled:
        return time.perf_counter() - progress.asked
    finally:
        timer.cancel()
    return None


def tell(what: str, heard: Heard) -> bool:
    """Show the figures of one file; True when they are met."""
    longest = max(heard.waits)
    met = max(longest, heard.silence) <= MOST_SECONDS and not heard.leftovers
    show(
        Figure(
            what=f"progress and cancel of {what}",
            ours=f"{len(heard.waits)} cancels heard within {longest:.2f} s, longest silence {heard.silence:.2f} s of "
            f"{heard.seconds:.1f} s, {len(heard.leftovers)} left anything behind",
            target=f"≤ {MOST_SECONDS:g} s, nothing left",
            met=met,
        )
    )
    for leftover in heard.leftovers:
        print(f"  {leftover}", file=sys.stderr)
    return met


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--sales", type=int, default=SALES)
    parser.add_argument("--cancels", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    before = Path(__file__).resolve().parent.parent / "tests" / "data" / "receipts-by-item-es.csv"
    works = {
        f"{options.lines:,} lines of CSV": flat_file(options.lines),
        f"a browser till's dump of {options.sales:,} sales": dexie_file(options.sales),
    }
    met = True
    for what, file in works.items():
        with tempfile.TemporaryDirectory() as folder:
            met &= tell(what, measure(file, before, Path(folder), options.cancels, chance))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
