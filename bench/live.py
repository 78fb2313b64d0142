"""From a sale to the live insights, with a million lines of history.

python -m bench.live [--lines 1000000] [--sales 20]

Each sale is one small file taken in through the ordinary import, then the live insights are asked for.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from bench.figure import Figure, show
from bench.million import LINES, flat_file
from colmado_insights.shop import Shop

MOST_MILLISECONDS = 50.0
HEADER = "receipt,datetime,product,category,quantity,amount,payment,cashier\n"


def fill_shop(shop: Shop, lines: int) -> None:
    """Import the history and bring its analyses up to date, which live insights draw on."""
    print("importing the history …", flush=True)
    shop.import_files([flat_file(lines)])
    shop.refresh()


def last_moment(file: Path) -> datetime:
    """When the last sale of the file was made."""
    with file.open("rb") as sales:
        sales.seek(-1000, os.SEEK_END)
        last = sales.read().decode("utf-8", errors="replace").splitlines()[-1]
    return datetime.fromisoformat(last.split(",")[1])


def write_sale(path: Path, number: int, moment: datetime) -> None:
    """A till's file with one receipt of three lines."""
    start = f"S{number},{moment:%Y-%m-%d %H:%M:%S}"
    goods = (
        "Pan de Agua,bakery,5.000,50.00",
        "Huevo Blanco Unidad,bakery,6.000,54.00",
        "Arroz Selecto Lb,staples,2.000,80.00",
    )
    path.write_text(HEADER + "".join(f"{start},{good},cash,Yokasta\n" for good in goods), encoding="utf-8")


def measure(lines: int, sales: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each sale's import, of its live insights, and of the day view behind the home page."""
    imports, insights, days = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        sale = Path(folder) / "sale.csv"
        now = last_moment(flat_file(lines))
        with Shop(Path(folder) / "shop.db") as shop:
            fill_shop(shop, lines)
            shop.read_live(now)
            for number in range(sales):
                now += timedelta(minutes=1)
                write_sale(sale, number, now)
                clock = [time.perf_counter()]
                (report,) = shop.import_files([sale])
                clock.append(time.perf_counter())
                shop.read_live(now)
                clock.append(time.perf_counter())
                shop.read_day(now)
                clock.append(time.perf_counter())
                if report.receipts_new != 1:
                    raise SystemExit(f"the sale did not arrive: {report}")
                for kept, start, end in zip((imports, insights, days), clock, clock[1:], strict=False):
                    kept.append((end - start) * 1000)
    return imports, insights, days


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--sales", type=int, default=20)
    options = parser.parse_args()
    imports, insights, days = measure(options.lines, options.sales)
    size = f"{options.lines / 1e6:g} M lines of history"
    found = statistics.median(insights)
    show(
        Figure(
            what=f"live insights after one sale, {size}",
            ours=f"{found:.0f} ms (worst {max(insights):.0f} ms)",
            target=f"≤ {MOST_MILLISECONDS:g} ms",
            met=found <= MOST_MILLISECONDS,
        )
    )
    show(Figure(what="… the day against normal, for the home page", ours=f"{statistics.median(days):.0f} ms"))
    show(Figure(what="… taking in the file with that sale", ours=f"{statistics.median(imports):.0f} ms"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
