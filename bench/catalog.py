"""The catalog of a shop with a million lines: read, searched for twins, corrected, merged and judged.

python -m bench.catalog [--lines 1000000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bench.figure import Figure, show
from bench.live import fill_shop, last_moment
from bench.million import LINES, flat_file
from colmado_insights.domain import Category
from colmado_insights.shop import Shop

MOST_READING = 0.5
MOST_TWINS = 0.5


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The middle of several runs."""
    took = []
    for _round in range(rounds):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def measure(shop: Shop, lines: int, rounds: int) -> dict[str, float]:
    """Seconds of each question and of each correction, what is derived from it made anew."""
    catalog = shop.read_catalog()
    best, rare = catalog[0].product_id, catalog[-1].product_id
    now = last_moment(flat_file(lines)) + timedelta(hours=1)
    took = {
        "reading": seconds(shop.read_catalog, rounds),
        "prices": seconds(lambda: shop.read_price_history(best), rounds),
        "twins": seconds(shop.find_twins, rounds),
        "quality": seconds(lambda: shop.find_quality(now), rounds),
    }
    took["correcting"] = seconds(lambda: shop.write_category([best], Category.SNACKS), 1)
    merged: list[int] = []
    took["merging"] = seconds(lambda: merged.append(shop.merge_products(best, [rare])), 1)
    took["parting"] = seconds(lambda: shop.undo_merge(merged[0]), 1)
    return took


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Shop(Path(folder) / "shop.db") as shop:
        fill_shop(shop, options.lines)
        count = len(shop.read_catalog())
        took = measure(shop, options.lines, options.rounds)
    targets = {"reading": MOST_READING, "twins": MOST_TWINS}
    for name, what in (
        ("reading", f"reading {count:,} products of {options.lines:,} lines"),
        ("prices", "price history of the product sold most"),
        ("twins", f"catalog and its twins among {count:,} names"),
        ("quality", "quality of the data"),
        ("correcting", "category of the product sold most, all history made anew"),
        ("merging", "merging a rare product into it, the same"),
        ("parting", "parting them again, the same"),
    ):
        most = targets.get(name)
        show(
            Figure(
                what, f"{took[name]:.2f} s",
                target=f"≤ {most} s" if most else "", met=took[name] <= most if most else None,
            )
        )  # fmt: skip
    return 0 if all(took[name] <= most for name, most in targets.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
