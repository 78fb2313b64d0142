"""What was sold of one product or one category day by day; merged products count as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.domain import (
    CATEGORY_CODE,
    PRODUCT_SERIES_COLUMNS,
    SECONDS_A_DAY,
    SERIES_COLUMNS,
    Category,
)
from colmado_insights.storage.catalog import read_category_codes, read_roots
from colmado_insights.storage.database import Database
from colmado_insights.storage.sales import read_sold_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray


def read_product_series(database: Database, product: int, first: int, last: int) -> pd.DataFrame:
    """Days of one product, with all that was merged into it, between two day numbers (SERIES_COLUMNS)."""
    roots = read_roots(database)
    is_member = roots == roots[product] if product < len(roots) else np.zeros(len(roots), bool)
    return _read_days(database, np.flatnonzero(is_member).tolist(), first, last)


def read_category_series(database: Database, category: Category, first: int, last: int) -> pd.DataFrame:
    """Days of one category, as its products are classed now, between two day numbers (SERIES_COLUMNS)."""
    members = np.flatnonzero(read_category_codes(database) == CATEGORY_CODE[category])
    return _read_days(database, members.tolist(), first, last)


def read_top_series(database: Database, first: int, last: int, most: int) -> pd.DataFrame:
    """Days of the products that brought most revenue between two day numbers (PRODUCT_SERIES_COLUMNS)."""
    lines = read_sold_lines(database, first, last)
    roots, codes = read_roots(database), read_category_codes(database)
    product = roots[lines.product]
    revenue = np.bincount(product, weights=lines.amount, minlength=len(roots))
    # A stable order, so that equals do not change places from one run to the next.
    best = np.argsort(-revenue, kind="stable")[:most]
    is_wanted = np.isin(product, best[revenue[best] > 0])
    sums = (
        pd.DataFrame(
            {
                "product_id": product[is_wanted],
                "day": lines.day[is_wanted],
                "units_milli": lines.quantity[is_wanted],
                "revenue_cents": lines.amount[is_wanted],
            }
        )
        .groupby(["product_id", "day"], as_index=False)
        .sum()
    )
    sums.insert(1, "category", codes[sums["product_id"].to_numpy(dtype=np.int64)])
    return sums.astype(PRODUCT_SERIES_COLUMNS)


def count_selling_products(database: Database, category: Category, first: int, last: int) -> int:
    """How many products of a category were sold between two day numbers."""
    members = np.flatnonzero(read_category_codes(database) == CATEGORY_CODE[category]).tolist()
    rows = database.read(
        "SELECT DISTINCT product_id FROM sale_line CROSS JOIN sale ON sale.id = sale_id"
        f" WHERE product_id IN ({_listed(members)}) AND sold_at >= ? AND sold_at < ?",
        (first * SECONDS_A_DAY, (last + 1) * SECONDS_A_DAY),
    )
    return len(np.unique(read_roots(database)[_column(rows)]))


def _read_days(database: Database, products: Sequence[int], first: int, last: int) -> pd.DataFrame:
    """Daily sums of these product ids: one walk through the lines, no index serves it."""
    rows = database.read(
        f"SELECT sold_at / {SECONDS_A_DAY} AS of_day, sum(quantity_milli), sum(amount_cents)"
        " FROM sale_line CROSS JOIN sale ON sale.id = sale_id"
        f" WHERE product_id IN ({_listed(products)}) AND sold_at >= ? AND sold_at < ?"
        " GROUP BY of_day ORDER BY of_day",
        (first * SECONDS_A_DAY, (last + 1) * SECONDS_A_DAY),
    )
    values = np.array(rows, dtype=np.int64).reshape(-1, len(SERIES_COLUMNS))
    return pd.DataFrame({name: values[:, place] for place, name in enumerate(SERIES_COLUMNS)})


def _listed(products: Sequence[int]) -> str:
    # Ids are integers of our own; a shop has more of them than a statement may have parameters.
    return ",".join(str(int(product)) for product in products)


def _column(rows: Sequence[tuple[int]]) -> NDArray[np.int64]:
    return np.array(rows, dtype=np.int64).reshape(-1)
