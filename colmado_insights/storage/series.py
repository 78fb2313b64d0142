"""What was sold of one product or one category day by day; merged products count as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from colmado_insights.storage.sales import SoldLines, read_sold_lines

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


@dataclass(frozen=True)
class SoldParts:
    """What was sold between two day numbers, read once, to be summed by product or by category.

    `roots` and `codes` say by product id (position 0 unused) which product it counts as and its category.
    """

    lines: SoldLines
    roots: NDArray[np.int64]
    codes: NDArray[np.int8]

    def top_series(self, most: int) -> pd.DataFrame:
        """Days of the products that brought most revenue (PRODUCT_SERIES_COLUMNS)."""
        product = self.roots[self.lines.product]
        revenue = np.bincount(product, weights=self.lines.amount, minlength=len(self.roots))
        # A stable order, so that equals do not change places from one run to the next.
        best = np.argsort(-revenue, kind="stable")[:most]
        is_wanted = np.isin(product, best[revenue[best] > 0])
        sums = (
            pd.DataFrame(
                {
                    "product_id": product[is_wanted],
                    "day": self.lines.day[is_wanted],
                    "units_milli": self.lines.quantity[is_wanted],
                    "revenue_cents": self.lines.amount[is_wanted],
                }
            )
            .groupby(["product_id", "day"], as_index=False)
            .sum()
        )
        sums.insert(1, "category", self.codes[sums["product_id"].to_numpy(dtype=np.int64)])
        return sums.astype(PRODUCT_SERIES_COLUMNS)

    def category_series(self, category: Category) -> pd.DataFrame:
        """Days of one category, as its products are classed now (SERIES_COLUMNS)."""
        is_wanted = self.codes[self.lines.product] == CATEGORY_CODE[category]
        days, place = np.unique(self.lines.day[is_wanted], return_inverse=True)
        sums = {"day": days}
        for name, values in (("units_milli", self.lines.quantity), ("revenue_cents", self.lines.amount)):
            # Sums of thousandths and cents stay far below what a double holds exactly.
            sums[name] = np.bincount(place, values[is_wanted], minlength=len(days)).astype(np.int64)
        return pd.DataFrame(sums).astype(SERIES_COLUMNS)

    def count_selling(self, category: Category, first: int) -> int:
        """How many products of a category were sold from one day number on."""
        product = self.lines.product[self.lines.day >= first]
        return len(np.unique(self.roots[product[self.codes[product] == CATEGORY_CODE[category]]]))


def read_sold_parts(database: Database, first: int, last: int) -> SoldParts:
    """All lines between two day numbers: one walk through them, however many parts are asked for."""
    return SoldParts(
        read_sold_lines(database, first, last), read_roots(database), read_category_codes(database)
    )


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
