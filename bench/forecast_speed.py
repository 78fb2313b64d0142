"""How long the owner waits for a forecast of a product, a category or the hours, with a million lines of history.

python -m bench.forecast_speed [--lines 1000000]

Each is asked of the shop for the first time, sales read from the database included; libraries are loaded before,
as the window does while nobody waits. The best sellers are what the night makes in the background. Judged by
processor seconds, which other work on the machine does not change; seconds by the clock stand beside.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.figure import Figure, show
from bench.million import LINES, flat_file
from colmado_insights import insights
from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import Category, Subject, Target
from colmado_insights.progress import Progress
from colmado_insights.shop import Shop

MOST_SECONDS_A_PRODUCT = 1.0
MOST_SECONDS_HOURS = 3.0
PRODUCTS = 9


def seconds_of(work: Callable[[], object]) -> tuple[float, float]:
    """Processor's and clock's seconds of a piece of work, which must come to an answer."""
    started = time.process_time(), time.perf_counter()
    if isinstance(work(), NotEnough):
        raise SystemExit("there was nothing to forecast")
    return time.process_time() - started[0], time.perf_counter() - started[1]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=LINES)
    options = parser.parse_args()
    size = f"{options.lines / 1e6:g} M lines"
    with tempfile.TemporaryDirectory() as folder, Shop(Path(folder) / "shop.db") as shop:
        print("importing the history …", flush=True)
        shop.import_files([flat_file(options.lines)])
        insights.warm_up(Progress())
        until = shop.read_summary().last_day
        assert until is not None
        best = sorted(shop.read_catalog(), key=lambda product: -product.revenue_cents)
        chosen = [best[place].product_id for place in (0, 1, 2, 20, 40, 80, 120, 160, 200)[:PRODUCTS]]
        products = [
            seconds_of(
                lambda key=key: shop.compute_forecast(Subject(Target.UNITS, product_id=key), as_of=until)
            )
            for key in chosen
        ]
        categories = [
            seconds_of(
                lambda key=key: shop.compute_forecast(Subject(Target.UNITS, category=key), as_of=until)
            )
            for key in Category
        ]
        hours = [
            seconds_of(lambda key=key: shop.compute_hours(key, as_of=until))
            for key in (Target.RECEIPTS, Target.REVENUE)
        ]
        night = seconds_of(
            lambda: insights.refresh_demands(shop._database, shop.settings, until, 14, Progress())
        )
    _show(f"units of one product, 14 days, {size}", products, MOST_SECONDS_A_PRODUCT)
    _show(f"units of one category, 14 days, {size}", categories)
    _show(f"receipts or revenue by hour, 14 days, {size}", hours, MOST_SECONDS_HOURS)
    show(
        Figure(
            what=f"the 200 best sellers in the background, {size}",
            ours=f"{night[0]:.1f} CPU-s ({night[1]:.1f} s)",
        )
    )
    return 0


def _show(what: str, seconds: list[tuple[float, float]], most: float | None = None) -> None:
    found, by_clock = (statistics.median(each) for each in zip(*seconds, strict=True))
    worst = max(seconds)[0]
    show(
        Figure(
            what=what,
            ours=f"{found:.2f} CPU-s (worst {worst:.2f}; {by_clock:.2f} s by the clock)",
            target=f"≤ {most:g} s" if most else "",
            met=found <= most if most else None,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
