"""What the sample shop brought with it, so that it goes whole: its imports, and what its lists told of people and goods."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from colmado_insights.storage.catalog import drop_unmentioned
from colmado_insights.storage.customers import forget_findings
from colmado_insights.storage.database import Database

_NAME = "sample"
_LAST = "SELECT coalesce((SELECT max(id) FROM product), 0), coalesce((SELECT max(id) FROM customer), 0)"
_MENTIONED = (
    "SELECT customer_id FROM sale WHERE customer_id IS NOT NULL"
    " UNION SELECT customer_id FROM superseded_sale WHERE customer_id IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Invented:
    """The imports of a sample, and the ids of the products and people that came with it: after, up to."""

    batches: tuple[int, ...]
    products: tuple[int, int]
    customers: tuple[int, int]


def read_last_ids(database: Database) -> tuple[int, int]:
    """The last product and the last customer there are: what comes later was not there before."""
    product, customer = database.read(_LAST)[0]
    return product, customer


def write_invented(database: Database, batches: Sequence[int], before: tuple[int, int]) -> None:
    """Note what came with a sample since `before`."""
    product, customer = read_last_ids(database)
    values = {"batches": list(batches), "products": [before[0], product], "customers": [before[1], customer]}
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (_NAME, json.dumps(values))
        )


def read_invented(database: Database) -> Invented | None:
    """The sample that this shop holds, if it holds one."""
    rows = database.read("SELECT value FROM setting WHERE name = ?", (_NAME,))
    if not rows:
        return None
    kept = json.loads(rows[0][0])
    return Invented(tuple(kept["batches"]), tuple(kept["products"]), tuple(kept["customers"]))


def forget_invented(database: Database, invented: Invented) -> None:
    """Forget what a sample's lists told, once its imports are taken back.

    What the owner told, and whom or what other sales name, stays: without a made-up cost, stock or telephone.
    """
    with database.transaction() as connection:
        for table in ("product_cost", "product_stock"):
            connection.execute(
                f"DELETE FROM {table} WHERE source = 'catalog' AND product_id > ? AND product_id <= ?",
                invented.products,
            )
        connection.execute(
            "UPDATE product SET is_listed = 0, supplier = '' WHERE id > ? AND id <= ?", invented.products
        )
        connection.execute(
            "UPDATE customer SET is_listed = 0, nickname = '', phone = '', contact = '', note = '', consent = 0,"
            " consent_at = NULL WHERE id > ? AND id <= ?",
            invented.customers,
        )
        gone = connection.execute(
            f"SELECT id FROM customer WHERE id > ? AND id <= ? AND id NOT IN ({_MENTIONED})",
            invented.customers,
        )
        forget_findings(connection, [key for (key,) in gone.fetchall()])
        drop_unmentioned(connection)
        connection.execute("DELETE FROM setting WHERE name = ?", (_NAME,))
