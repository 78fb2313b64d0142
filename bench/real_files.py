"""Real tills' files beside an independent sum.

python -m bench.real_files FILE…

Each file (.csv or .csv.gz) is imported without any hand work into a fresh database and imported again; pandas reads it
on its own. Shown are rows, receipts, totals to the cent, rows lost, and what the second import added.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd

from bench.figure import Figure, show
from colmado_insights.insights import categorizer
from colmado_insights.storage import health
from colmado_insights.storage.importing.intake import import_files
from colmado_insights.storage.importing.mapping import AmountRule, Field
from colmado_insights.storage.importing.sources import open_sources
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 12)


def sum_alone(path: Path) -> tuple[int, int, int]:
    """Rows, receipts and cents by pandas; only which columns are meant is taken from our mapping.

    Products of price and quantity are summed as decimals of each line, as a till rounds them.
    """
    with open_sources([path]) as sources:
        mapping = sources[0].mapping
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)

    def column(name: Field) -> pd.Series[str]:
        return frame.iloc[:, mapping.columns[name]]

    if mapping.amount is AmountRule.PRICE_TIMES_QUANTITY:
        pairs = zip(column(Field.UNIT_PRICE), column(Field.QUANTITY), strict=True)
        amounts = [Decimal(price) * Decimal(quantity) for price, quantity in pairs]
    else:
        amounts = [Decimal(value) for value in column(Field(mapping.amount))]
    cents = sum(int((amount * 100).to_integral_value("ROUND_HALF_UP")) for amount in amounts)
    return len(frame), column(Field.RECEIPT).nunique(), cents


def try_file(path: Path) -> bool:
    """Import a file twice and print how that compares."""
    rows, receipts, cents = sum_alone(path)
    categorize = categorizer().categorize_many
    with tempfile.TemporaryDirectory() as folder, open_database(Path(folder) / "shop.db") as shop:
        first = import_files(shop, [path], categorize=categorize, now=NOW)[0]
        kept = shop.read("SELECT count(*), sum(line_count), sum(total_cents) FROM sale")[0]
        second = import_files(shop, [path], categorize=categorize, now=NOW)[0]
        problems = health.find_problems(shop)
    lost = rows - first.rows_read
    met = (
        kept == (receipts, rows - first.quarantined - first.voided, cents)
        and lost == 0
        and first.is_accounted
        and second.new == second.replaced == 0
        and not problems
    )
    show(
        Figure(
            what=f"import of {path.name}",
            ours=f"{first.rows_read:,} rows, {kept[0]:,} receipts, {kept[2] / 100:,.2f}",
            rival=f"pandas {rows:,} rows, {receipts:,} receipts, {cents / 100:,.2f}",
            ratio=f"{first.quarantined} in quarantine, {lost} lost, second import adds {second.new}",
            target="equal to the cent, 0 lost, 0 added",
            met=met,
        )
    )
    return met


def main() -> int:
    """Try every file named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    met = [try_file(path) for path in parser.parse_args().files]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
