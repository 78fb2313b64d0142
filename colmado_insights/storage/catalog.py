"""Products and the other names that sales mention, each known by a small integer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from colmado_insights.domain import CATEGORIES, CATEGORY_CODE, Category, CategorySource
from colmado_insights.storage.database import Database
from colmado_insights.storage.lessons import Lesson, Lessons, decide, write_lesson

if TYPE_CHECKING:
    from sqlite3 import Connection

    from numpy.typing import NDArray


class CategoryGuess(Protocol):
    """What a categoriser says of one name."""

    @property
    def category(self) -> Category:
        """The family."""
        ...

    @property
    def source(self) -> CategorySource:
        """Who said so."""
        ...

    @property
    def confidence(self) -> float:
        """0-1."""
        ...


Categorize = Callable[[Sequence[str], Sequence[str]], Sequence[CategoryGuess]]
"""Names and the till's own categories of them → guesses, in the same order."""


class NameTable:
    """Ids of the names in one table (customer, cashier, till), given out as they appear."""

    def __init__(self, connection: Connection, table: str) -> None:
        self._connection = connection
        self._table = table
        self._ids: dict[str, int] = {
            name: key for key, name in connection.execute(f"SELECT id, name FROM {table}")
        }

    def ids(self, names: Sequence[str]) -> NDArray[np.int64]:
        """An id for each name, 0 for an empty one; new names are written."""
        found = np.zeros(len(names), dtype=np.int64)
        for position, name in enumerate(names):
            if not name:
                continue
            key = self._ids.get(name)
            if key is None:
                key = self._connection.execute(
                    f"INSERT INTO {self._table} (name) VALUES (?)", (name,)
                ).lastrowid
                assert key is not None
                self._ids[name] = key
            found[position] = key
        return found


class ProductTable:
    """Ids of products by name and code; a new product gets its category as it is written."""

    def __init__(self, connection: Connection, categorize: Categorize) -> None:
        self._connection = connection
        self._categorize = categorize
        self._ids: dict[tuple[str, str], int] = {}
        self._codes_of: dict[str, set[str]] = {}
        self._listed: dict[str, int] = {}
        for key, name, sku, is_listed in connection.execute("SELECT id, name, sku, is_listed FROM product"):
            self._remember(key, name, sku)
            if is_listed and not sku:
                self._listed[name] = key

    def _remember(self, key: int, name: str, sku: str) -> None:
        self._ids[name, sku] = key
        self._codes_of.setdefault(name, set()).add(sku)

    def ids(
        self, names: Sequence[str], skus: Sequence[str], pos_categories: Sequence[str]
    ) -> NDArray[np.int64]:
        """An id for each product; three sequences of one length.

        An export without codes finds the product that another export gave a code,
        as long as its name belongs to one code only; and a product that a catalog lists
        without a code is found by its name whatever code the till gives it.
        """
        found = np.zeros(len(names), dtype=np.int64)
        missing: dict[tuple[str, str], list[int]] = {}
        for position, (name, sku) in enumerate(zip(names, skus, strict=True)):
            key = self._find(name, sku)
            if key is None:
                missing.setdefault((name, sku), []).append(position)
            else:
                found[position] = key
        if missing:
            first = [positions[0] for positions in missing.values()]
            guesses = self._categorize(
                [names[position] for position in first], [pos_categories[position] for position in first]
            )
            for ((name, sku), positions), guess in zip(missing.items(), guesses, strict=True):
                key = self._write(name, sku, pos_categories[positions[0]], guess)
                found[positions] = key
        return found

    def _find(self, name: str, sku: str) -> int | None:
        if not sku:
            codes = self._codes_of.get(name, set())
            sku = next(iter(codes)) if len(codes) == 1 else ""
        return self._ids.get((name, sku), self._listed.get(name))

    def _write(self, name: str, sku: str, pos_category: str, guess: CategoryGuess) -> int:
        key = self._connection.execute(
            "INSERT INTO product (name, sku, pos_category, category_id, category_source, category_confidence)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (name, sku, pos_category, CATEGORY_CODE[guess.category], guess.source, guess.confidence),
        ).lastrowid
        assert key is not None
        self._remember(key, name, sku)
        self._inherit(key, name)
        return key

    @cached_property
    def _lessons(self) -> Lessons:
        """What the owner said of other products."""
        return Lessons(self._connection)

    def _inherit(self, key: int, name: str) -> None:
        """Give a new product the corrections of its like, so that taking one back takes it back here too."""
        for lesson in self._lessons.of(name):
            write_lesson(self._connection, key, lesson)


def drop_unmentioned(connection: Connection) -> None:
    """Forget products and people that no receipt mentions, kept or set aside.

    What a list names stays, and what the owner sorted: corrected, merged, told the cost of, wrote about.
    """
    connection.execute(
        """DELETE FROM product WHERE is_listed = 0 AND merged_into IS NULL
            AND id NOT IN (SELECT product_id FROM sale_line)
            AND id NOT IN (SELECT product_id FROM superseded_line)
            AND id NOT IN (SELECT merged_into FROM product WHERE merged_into IS NOT NULL)
            AND id NOT IN (SELECT product_id FROM product_cost)
            AND id NOT IN (SELECT product_id FROM product_stock) AND supplier = ''
            AND id NOT IN (SELECT product_id FROM category_change WHERE undone_at IS NULL AND NOT is_inherited)"""
    )
    for table in ("customer", "cashier", "till"):
        mentioned = " UNION ".join(
            f"SELECT {table}_id FROM {kept} WHERE {table}_id IS NOT NULL"
            for kept in ("sale", "superseded_sale")
        )
        unlisted = " AND is_listed = 0" if table == "customer" else ""
        connection.execute(f"DELETE FROM {table} WHERE id NOT IN ({mentioned}){unlisted}")


def read_products(database: Database) -> pd.DataFrame:
    """All products: product_id, name, sku, category (code), source, confidence."""
    rows = database.read(
        "SELECT id, name, sku, category_id, category_source, category_confidence FROM product ORDER BY id"
    )
    return pd.DataFrame(
        rows, columns=["product_id", "name", "sku", "category", "source", "confidence"]
    ).astype({"product_id": "int64", "category": "int8", "confidence": "float64"})


@dataclass(frozen=True)
class KeptCategory:
    """The category that a product has, and who said so."""

    category: Category
    source: CategorySource
    confidence: float


def read_guesses(database: Database) -> list[tuple[str, CategoryGuess]]:
    """Each product's name with the category it has."""
    rows = database.read(
        "SELECT name, category_id, category_source, category_confidence FROM product"
        " WHERE merged_into IS NULL ORDER BY name"
    )
    return [
        (name, KeptCategory(CATEGORIES[code], CategorySource(source), confidence))
        for name, code, source, confidence in rows
    ]


def follow_corrections(
    database: Database, names: Sequence[str], guesses: Sequence[CategoryGuess]
) -> list[CategoryGuess]:
    """What products of these names would be in this shop: the guesses, and what the owner taught above them."""
    lessons = Lessons(database.connection)
    return [_follow(lessons.of(name), guess) for name, guess in zip(names, guesses, strict=True)]


def _follow(lessons: Sequence[Lesson], guess: CategoryGuess) -> CategoryGuess:
    if not lessons:
        return guess
    code, source, confidence = decide(
        lessons, (CATEGORY_CODE[guess.category], guess.source, guess.confidence)
    )
    return KeptCategory(CATEGORIES[code], CategorySource(source), confidence)


def read_category_codes(database: Database) -> NDArray[np.int8]:
    """Category code by product id (position 0 unused), to give lines their category in one step."""
    rows = database.read(
        "SELECT part.id, whole.category_id FROM product AS part"
        " JOIN product AS whole ON whole.id = coalesce(part.merged_into, part.id)"
    )
    codes = np.full(max((key for key, _ in rows), default=0) + 1, CATEGORY_CODE[Category.OTHER], np.int8)
    for key, code in rows:
        codes[key] = code
    return codes


def read_roots(database: Database) -> NDArray[np.int64]:
    """The product that each product id counts as (position 0 unused): itself, or the one it was merged into."""
    rows = database.read("SELECT id, coalesce(merged_into, id) FROM product")
    roots = np.arange(max((key for key, _ in rows), default=0) + 1, dtype=np.int64)
    for key, root in rows:
        roots[key] = root
    return roots


def read_product_names(database: Database) -> dict[int, str]:
    """What each product is called, by its id; one that was merged is called as the one it counts as."""
    return dict(
        database.read(
            "SELECT part.id, whole.name FROM product AS part"
            " JOIN product AS whole ON whole.id = coalesce(part.merged_into, part.id)"
        )
    )
