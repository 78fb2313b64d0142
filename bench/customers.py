"""Known customers at size: the whole batch, and one customer's page.

python -m bench.customers [--lines 1000000] [--customers 10000] [--keep FILE]

The minimarket of `bench.million` knows nobody by name, so its receipts are given to customers by a rule, seeded:
each customer begins to come on a day of the first four fifths of the history, comes in a rhythm of their own
(log-normal, median 9 days, gaps of shape 3) and stops for good with a chance of 1.5 % after each visit. A visit takes
one of that day's receipts that nobody has; one with the customer's usual product where there is one. `--keep` leaves
the shop's file behind, and begins with it when it is there.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from bench.figure import Figure, show
from bench.million import LINES, flat_file
from bench.refresh import MOST_STOP_SECONDS, hear_cancel
from colmado_insights.domain import SECONDS_A_DAY
from colmado_insights.progress import Progress
from colmado_insights.shop import Shop

CUSTOMERS = 10_000
MEDIAN_RHYTHM, RHYTHM_SPREAD = 9.0, 0.6
GAP_SHAPE = 3.0
LEAVES = 0.015
BEGIN_BEFORE = 0.8
MOST_REFRESH, MOST_CACHED, MOST_FRESH, MOST_READING = 60.0, 0.100, 0.500, 1.0
PAGES = 30


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Shop(options.keep or Path(folder) / "shop.db") as shop:
        if not shop.read_customers():
            print("importing the history …", flush=True)
            shop.import_files([flat_file(options.lines)])
            given = name_receipts(shop, options.customers)
            print(f"{given:,} receipts are of {len(shop.read_customers()):,} customers", flush=True)
        return 0 if all([*measure(shop)]) else 1


def name_receipts(shop: Shop, count: int, seed: int = 11) -> int:
    """Give receipts to customers by the rule; returns how many."""
    database, chance = shop._database, np.random.default_rng(seed)
    rows = database.read(f"SELECT id, sold_at / {SECONDS_A_DAY} FROM sale WHERE kind = 0 ORDER BY id")
    first, last = min(day for _sale, day in rows), max(day for _sale, day in rows)
    day_of = dict(rows)
    free: dict[int, dict[int, None]] = defaultdict(dict)
    for sale, day in rows:
        free[day][sale] = None
    holding: dict[tuple[int, int], list[int]] = defaultdict(list)
    for sale, product in database.read("SELECT sale_id, product_id FROM sale_line"):
        if sale in day_of:
            holding[day_of[sale], product].append(sale)
    sold = np.array(database.read("SELECT product_id, count(*) FROM sale_line GROUP BY product_id"))
    usual = chance.choice(sold[:, 0], size=count, p=sold[:, 1] / sold[:, 1].sum())
    taken = []
    visits = [(day, person) for person in range(count) for day in walk(chance, first, last)]
    for day, person in sorted(visits):
        wanted = holding.get((day, int(usual[person])), [])
        while wanted and wanted[-1] not in free[day]:
            wanted.pop()
        sale = wanted.pop() if wanted else next(iter(free[day]), None)
        if sale is not None:
            free[day].pop(sale, None)
            taken.append((person + 1, sale))
    with database.transaction() as connection:
        connection.executemany(
            "INSERT INTO customer (id, name) VALUES (?, ?)",
            [(n, f"Cliente {n}") for n in range(1, count + 1)],
        )
        connection.executemany("UPDATE sale SET customer_id = ? WHERE id = ?", taken)
        connection.execute("UPDATE batch SET knows = knows | 8")
    return len(taken)


def walk(chance: np.random.Generator, first: int, last: int) -> Iterator[int]:
    """The days on which one customer comes."""
    day = first + chance.uniform(0, BEGIN_BEFORE * (last - first))
    rhythm = MEDIAN_RHYTHM * np.exp(RHYTHM_SPREAD * chance.standard_normal())
    while day <= last:
        yield int(day)
        if chance.random() < LEAVES:
            return
        day += max(1.0, chance.gamma(GAP_SHAPE, rhythm / GAP_SHAPE))


def seconds(work: Callable[[], object]) -> float:
    """How long a work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(shop: Shop) -> Iterator[bool]:
    """Measure each thing, print it, and say whether its target was met."""
    people = shop.read_customers()
    receipts = sum(person.receipts for person in people)
    what = f"{len(people):,} customers with {receipts:,} receipts"
    yield tell(f"reading {what} and their sums", seconds(shop.read_customers), MOST_READING)
    yield tell(f"full refresh of {what}", seconds(shop.compute_customers), MOST_REFRESH)
    yield tell("… served as kept", seconds(shop.compute_customers), None)
    last_day = shop.read_summary().last_day
    assert last_day is not None
    morning = datetime(last_day.year, last_day.month, last_day.day, 8) + timedelta(days=1)
    shop.run_job("baskets", morning, Progress())  # what may be offered is on the page too
    places = np.linspace(0, len(people) - 1, PAGES).astype(int)
    ids = [people[place].customer_id for place in places]
    gc.collect()
    gc.disable()  # as in the window, which collects while nobody waits
    fresh = [seconds(lambda key=key: shop.read_customer(key)) for key in ids]
    cached = [seconds(lambda key=key: shop.read_customer(key)) for key in ids]
    gc.enable()
    yield tell_many(f"a customer's page made fresh, {PAGES} of them", fresh, MOST_FRESH)
    yield tell_many("… served as kept", cached, MOST_CACHED)
    stops = [*hear_cancel(shop, "customers", morning)]
    yield tell_many("the refresh, asked to stop, has stopped", stops, MOST_STOP_SECONDS)


def tell(what: str, took: float, most: float | None) -> bool:
    """Print seconds against their target."""
    met = None if most is None else took <= most
    show(Figure(what, f"{took:.2f} s", target=f"≤ {most:g} s" if most else "", met=met))
    return met is not False


def tell_many(what: str, took: list[float], most: float) -> bool:
    """Print the middle and the worst of several, in milliseconds; the worst must meet the target."""
    words = f"{1e3 * statistics.median(took):.0f} ms (worst {1e3 * max(took):.0f} ms)"
    show(Figure(what, words, target=f"≤ {1e3 * most:g} ms", met=max(took) <= most))
    return max(took) <= most


if __name__ == "__main__":
    sys.exit(main())
