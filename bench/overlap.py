"""A year in 24 half-overlapping files in shuffled order beside the same year in one file.

python -m bench.overlap [--days 365] [--seed 7]

Both databases must say the same of sales, lines, days, hours, products and people; only ids may differ.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bench.figure import Figure, show
from bench.million import LAST_DAY
from colmado_insights import sample_shop
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.intake import import_files
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 12)
PARTS = 24
A_YEAR = 365
WHAT_IS_SAID = {
    "sales": """SELECT sale.number, sold_at, has_time, kind, total_cents, line_count, units_milli, payment,
        coalesce(till.name, ''), coalesce(cashier.name, ''), coalesce(customer.name, '')
        FROM sale LEFT JOIN till ON till.id = till_id LEFT JOIN cashier ON cashier.id = cashier_id
        LEFT JOIN customer ON customer.id = customer_id ORDER BY sale.number, sold_at, kind""",
    "lines": """SELECT sale.number, sold_at, kind, line_no, product.name, quantity_milli, amount_cents,
        discount_cents, sale_line.cost_cents
        FROM sale_line JOIN sale ON sale.id = sale_id JOIN product ON product.id = product_id
        ORDER BY sale.number, sold_at, kind, line_no""",
    "daily": "SELECT * FROM daily ORDER BY day",
    "hourly": "SELECT * FROM hourly ORDER BY day, hour",
    "products": "SELECT name, sku, category_id FROM product ORDER BY name, sku",
    "people": "SELECT name FROM customer UNION ALL SELECT name FROM cashier ORDER BY 1",
}
"""All that a database says of its sales, without the ids that depend on the order of imports."""


def say(database: Database) -> dict[str, list[object]]:
    """The answers to WHAT_IS_SAID."""
    return {name: database.read(question) for name, question in WHAT_IS_SAID.items()}


def write_year(folder: Path, days: int) -> Path:
    """The sales of a small shop as one flat file."""
    shop = sample_shop.generate(sample_shop.read_parameters(), last_day=LAST_DAY, days=days)
    return sample_shop.write_flat(shop, folder / "year.csv")


def cut_in_halves(whole: Path, folder: Path, parts: int = PARTS) -> list[Path]:
    """Files of whole receipts, each beginning in the middle of the one before."""
    with whole.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    starts = [at for at, row in enumerate(rows) if at == 0 or row[0] != rows[at - 1][0]]
    cuts = [starts[len(starts) * step // (parts + 1)] for step in range(parts + 1)] + [len(rows)]
    files = []
    for part in range(parts):
        path = folder / f"ventas-{part:02d}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(header)
            writer.writerows(rows[cuts[part] : cuts[part + 2]])
        files.append(path)
    return files


def differing(folder: Path, whole: Path, parts: Sequence[Path]) -> list[str]:
    """What the two databases say differently: nothing, when all is well."""
    from colmado_insights.insights import categorizer

    categorize = categorizer().categorize_many
    with open_database(folder / "one.db") as one, open_database(folder / "many.db") as many:
        import_files(one, [whole], categorize=categorize, now=NOW)
        for part in parts:
            [report] = import_files(many, [part], categorize=categorize, now=NOW)
            if not report.is_accounted or report.quarantined:
                return [f"{part.name}: {report}"]
        expected, found = say(one), say(many)
    return [name for name in expected if expected[name] != found[name]]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--days", type=int, default=A_YEAR)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = write_year(folder, options.days)
        parts = cut_in_halves(whole, folder)
        random.Random(options.seed).shuffle(parts)
        started = time.perf_counter()
        wrong = differing(folder, whole, parts)
        seconds = time.perf_counter() - started
    show(
        Figure(
            what=f"{options.days} days of a shop in {PARTS} half-overlapping files, shuffled",
            ours="different: " + ", ".join(wrong)
            if wrong
            else f"the same database as of one file ({seconds:.1f} s)",
            target="the same sales, lines, days and hours",
            met=not wrong,
        )
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
