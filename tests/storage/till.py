"""What the tests of storage share: small files as a till writes them, an import, and the whole content of a database."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from colmado_insights.domain import Category, CategorySource, ImportReport
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.intake import import_files

NOW = datetime(2026, 11, 20, 12, 0)
LAST = date(2026, 11, 19)
HEADER = ("Recibo", "Fecha", "Producto", "Cantidad", "Total", "Pago", "Cajero", "Cliente")


@dataclass(frozen=True)
class Guess:
    """A category that nobody had to think about."""

    category: Category = Category.OTHER
    source: CategorySource = CategorySource.NONE
    confidence: float = 0.0


def no_categories(names: Sequence[str], _pos: Sequence[str]) -> list[Guess]:
    """A categoriser that knows nothing."""
    return [Guess() for _name in names]


def write_rows(
    path: Path, rows: Iterable[Sequence[object]], header: Sequence[str] = HEADER, **how: Any
) -> Path:
    """Write a comma-separated file."""
    encoding = how.pop("encoding", "utf-8")
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, **how)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def bring_in(database: Database, *paths: Path, **how: Any) -> list[ImportReport]:
    """Import files."""
    return import_files(database, paths, categorize=no_categories, now=NOW, **how)


def bring_one(database: Database, path: Path, **how: Any) -> ImportReport:
    """Import one file; no row may go missing."""
    report = bring_in(database, path, **how)[0]
    assert report.is_accounted
    return report


def bring_lines(database: Database, folder: Path, *lines: tuple[object, ...]) -> ImportReport:
    """Import lines of (days before LAST, product, quantity, total, cost of a unit), a receipt each."""
    rows = [
        (number, f"{LAST - timedelta(days=days):%d/%m/%Y} 10:{number % 60:02d}", *rest)
        for number, (days, *rest) in enumerate(lines, start=1)
    ]
    header = ("Recibo", "Fecha", "Producto", "Cantidad", "Total", "Costo")
    return bring_one(database, write_rows(folder / "sales.csv", rows, header))


SALES = """
    SELECT sale.number, sold_at, has_time, kind, total_cents, line_count, units_milli, payment,
        coalesce(till.name, ''), coalesce(cashier.name, ''), coalesce(customer.name, '')
    FROM sale LEFT JOIN till ON till.id = till_id LEFT JOIN cashier ON cashier.id = cashier_id
        LEFT JOIN customer ON customer.id = customer_id
    ORDER BY sale.number, sold_at, kind, total_cents"""
LINES = """
    SELECT sale.number, sold_at, kind, line_no, product.name, quantity_milli, amount_cents, discount_cents,
        sale_line.cost_cents
    FROM sale_line JOIN sale ON sale.id = sale_id JOIN product ON product.id = product_id
    ORDER BY sale.number, sold_at, kind, line_no"""


def dump(database: Database) -> dict[str, list[Any]]:
    """Everything that sales say, without the ids that depend on the order of imports."""
    return {
        "sales": database.read(SALES),
        "lines": database.read(LINES),
        "daily": database.read("SELECT * FROM daily ORDER BY day"),
        "hourly": database.read("SELECT * FROM hourly ORDER BY day, hour"),
        "products": database.read("SELECT name, sku FROM product ORDER BY name, sku"),
        "people": database.read("SELECT name FROM customer UNION ALL SELECT name FROM cashier ORDER BY name"),
    }
