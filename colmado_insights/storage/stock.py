"""What is left of each product: the last count less what was sold since; and who supplies it.

Merged products are one: what was counted of its parts on the last day counts together.
"""

from __future__ import annotations

import zlib
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.domain import GOODS_COLUMNS, SOLD_COLUMNS, STOCK_COLUMNS, TOLD_COST_COLUMNS, day_number
from colmado_insights.storage.catalog import read_category_codes, read_roots
from colmado_insights.storage.database import Database
from colmado_insights.storage.products import FEWEST_BY_AMOUNT, is_by_amount
from colmado_insights.storage.sales import SoldLines, read_sold_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEGINNING, END = -(2**31), 2**31 - 1

# ── what the owner says ──


def write_stock(database: Database, product: int, stock_milli: int, day: date) -> None:
    """Note how much of a product the owner counted at the end of a day; counts of its parts that day give way."""
    with database.transaction() as connection:
        connection.execute(
            "DELETE FROM product_stock WHERE day = ?1 AND product_id IN ("
            " SELECT part.id FROM product AS asked JOIN product AS part"
            " ON coalesce(part.merged_into, part.id) = coalesce(asked.merged_into, asked.id) WHERE asked.id = ?2)",
            (day_number(day), product),
        )
        connection.execute(
            "INSERT INTO product_stock (product_id, day, stock_milli, source)"
            " SELECT coalesce(merged_into, id), ?, ?, 'owner' FROM product WHERE id = ?",
            (day_number(day), stock_milli, product),
        )


def write_supplier(database: Database, product: int, name: str) -> None:
    """Note who supplies a product; an empty name takes it back."""
    with database.transaction() as connection:
        connection.execute(
            "UPDATE product SET supplier = ?1 WHERE id ="
            " (SELECT coalesce(merged_into, id) FROM product WHERE id = ?2)",
            (" ".join(name.split()), product),
        )


# ── what is known ──


def read_stock(database: Database, as_of: date | None = None) -> pd.DataFrame:
    """What is left of each product that was ever counted (STOCK_COLUMNS); below zero where more was sold."""
    last = day_number(as_of) if as_of else END
    counts = _read_counts(database, last)
    if counts.empty:
        return counts
    lines = read_sold_lines(database, int(counts["day"].min()) + 1, last)
    return _less_sold(counts, lines, read_roots(database))


def _read_counts(database: Database, last: int) -> pd.DataFrame:
    """The last count of each product up to a day number (STOCK_COLUMNS)."""
    rows = database.read(
        "SELECT coalesce(merged_into, id), day, sum(stock_milli) FROM product_stock JOIN product ON id = product_id"
        " WHERE day <= ? GROUP BY 1, 2 ORDER BY 1, 2",
        (last,),
    )
    counts = np.array(rows, np.int64).reshape(-1, 3)
    is_last = np.append(counts[1:, 0] != counts[:-1, 0], True)[: len(counts)]
    return pd.DataFrame(counts[is_last], columns=list(STOCK_COLUMNS)).astype(STOCK_COLUMNS)


def _less_sold(counts: pd.DataFrame, lines: SoldLines, roots: NDArray[np.int64]) -> pd.DataFrame:
    size = max(len(roots), int(counts["product_id"].max()) + 1)
    counted = np.full(size, END, np.int64)
    counted[counts["product_id"]] = counts["day"]
    product = roots[lines.product]
    is_since = lines.day > counted[product]
    sold = np.bincount(product[is_since], weights=lines.quantity[is_since], minlength=size)
    left = counts["stock_milli"] - np.rint(sold[counts["product_id"]]).astype(np.int64)
    return counts.assign(stock_milli=left).astype(STOCK_COLUMNS)


# ── what care is computed from, in one walk through the lines ──


class CareFrames:
    """Lines sold (SOLD_COLUMNS), products (GOODS_COLUMNS), costs told (TOLD_COST_COLUMNS) and stock (STOCK_COLUMNS).

    Sales are those up to `as_of`; what was counted after it, up to `counted`, stands as counted on it.
    """

    def __init__(self, database: Database, as_of: date, counted: date | None = None) -> None:
        last = day_number(as_of)
        roots = read_roots(database)
        lines = read_sold_lines(database, BEGINNING, last)
        product = roots[lines.product]
        # Tills do not agree on the sign of what a refund cost.
        cost = np.sign(lines.quantity) * np.abs(lines.cost)
        columns = (product, lines.day, lines.quantity, lines.amount, cost)
        self.sold = pd.DataFrame(dict(zip(SOLD_COLUMNS, columns, strict=True)))
        self.goods = _read_goods(database, lines, product)
        rows = database.read(
            "SELECT coalesce(merged_into, id), day, product_cost.cost_cents FROM product_cost"
            " JOIN product ON id = product_id ORDER BY 1, 2, source = 'owner'"
        )
        costs = pd.DataFrame(np.array(rows, np.int64).reshape(-1, 3), columns=list(TOLD_COST_COLUMNS))
        self.costs = costs.drop_duplicates(["product_id", "day"], keep="last", ignore_index=True)
        counts = _read_counts(database, day_number(counted or as_of))
        counts["day"] = counts["day"].clip(upper=last)
        self.stock = counts if counts.empty else _less_sold(counts, lines, roots)


def _read_goods(database: Database, lines: SoldLines, product: NDArray[np.int64]) -> pd.DataFrame:
    rows = database.read(
        "SELECT whole.id, max(CASE WHEN part.id = whole.id THEN part.supplier ELSE '' END), max(part.supplier)"
        " FROM product AS whole JOIN product AS part ON coalesce(part.merged_into, part.id) = whole.id"
        " WHERE whole.merged_into IS NULL GROUP BY whole.id ORDER BY whole.id"
    )
    codes = read_category_codes(database)
    by_amount = is_by_amount(lines.quantity, lines.amount) & (lines.quantity > 0)
    asked = np.bincount(product[by_amount], minlength=len(codes))
    bought = np.bincount(product[lines.quantity > 0], minlength=len(codes))
    ids = np.array([key for key, *_suppliers in rows], np.int64)
    return pd.DataFrame(
        {
            "product_id": ids,
            "category": codes[ids],
            "supplier": pd.Series([own or any_ for _key, own, any_ in rows], dtype="str"),
            "is_by_amount": (asked[ids] >= FEWEST_BY_AMOUNT) & (2 * asked[ids] > bought[ids]),
        }
    ).astype(GOODS_COLUMNS)


def read_stamp(database: Database) -> str:
    """Changes whenever a cost, a count, a supplier or a merge does: none of them changes the sales' version."""
    told = (
        database.read("SELECT * FROM product_cost ORDER BY product_id, day"),
        database.read("SELECT * FROM product_stock ORDER BY product_id, day"),
        database.read(
            "SELECT id, supplier, merged_into FROM product WHERE supplier <> '' OR merged_into IS NOT NULL ORDER BY id"
        ),
        database.read_one("SELECT count(*) FROM product"),
    )
    return f"{zlib.crc32(repr(told).encode()):08x}"
