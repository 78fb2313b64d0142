"""Lists of products come in: costs, stock, suppliers and the till's own categories, for products sold and still to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from colmado_insights.domain import CATEGORY_CODE, CategorySource, day_number
from colmado_insights.errors import UnknownColumns
from colmado_insights.progress import Progress
from colmado_insights.storage.catalog import Categorize, CategoryGuess, ProductTable
from colmado_insights.storage.corrections import forget_answers
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.presets import catalogs
from colmado_insights.storage.importing.presets.catalogs import CatalogItem
from colmado_insights.storage.importing.readers import read_head
from colmado_insights.storage.importing.vocabulary import fold
from colmado_insights.storage.lessons import settle
from colmado_insights.text import _

if TYPE_CHECKING:
    from sqlite3 import Connection

SURE_CODE = 6
"""A code of this length is a product's own; a shorter one ("12") needs a name that is alike."""
LEAST_LIKENESS = 60


class ListedCounts(NamedTuple):
    """What a list of products brought."""

    matched: int  # products of the list that the shop knew
    changed: int  # costs, categories, suppliers and counts of stock that are new


def import_catalog(
    database: Database, path: Path, *, categorize: Categorize, day: date, progress: Progress | None = None
) -> ListedCounts:
    """Take costs, categories, suppliers and stock from a list of products, all of it or nothing.

    Products are found by code, then by name; those that nobody sold yet are kept for when they
    are. A category the owner corrected stays, and so does a cost or a count the owner told that day.

    Raises
    ------
    FileProblem
        The file is no list of products.
    Cancelled
        The user asked to stop; nothing is changed then.
    """
    progress = progress or Progress()
    if catalogs.lists_customers(path, read_head(path)):
        raise UnknownColumns(
            _("«{file}» es una lista de clientes, no de productos.").format(file=path.name),
            _("Impórtala en Clientes, o escoge la lista de productos o artículos."),
        )
    items = list(dict.fromkeys(catalogs.read_products(path)))
    guesses = categorize([item.name for item in items], [item.category for item in items])
    with database.transaction() as connection:
        intake = _Intake(connection, day_number(day))
        for done, (item, guess) in enumerate(zip(items, guesses, strict=True)):
            progress.step(done, len(items), _("Leyendo {file}").format(file=path.name))
            intake.take(item, guess)
        intake.finish(categorize)
    return ListedCounts(intake.matched, intake.changed)


class _Intake:
    """Matches the items of one list with the shop's products; lives for one transaction."""

    def __init__(self, connection: Connection, day: int) -> None:
        self._connection = connection
        self._day = day
        self._names: dict[int, str] = {}
        self._by_code: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        for key, name, sku in connection.execute("SELECT id, name, sku FROM product ORDER BY id DESC"):
            self._names[key] = name
            self._by_code[sku] = key
            self._by_name[fold(name)] = key
        self._unknown: list[tuple[CatalogItem, CategoryGuess]] = []
        self._resorted: list[int] = []
        self._counted: dict[int, int] = {}
        self.matched = self.changed = 0

    def take(self, item: CatalogItem, guess: CategoryGuess) -> None:
        """Bring one item to the product it is, or keep it for the end."""
        product = self._find(item)
        if product is None:
            self._unknown.append((item, guess))
            return
        self.matched += 1
        self._connection.execute("UPDATE product SET is_listed = 1 WHERE id = ?", (product,))
        self._take_told(product, item)
        self._take_category(product, item, guess)

    def finish(self, categorize: Categorize) -> None:
        """Add the products that nobody sold yet, and drop answers made with other categories."""
        items = [item for item, _guess in self._unknown]
        codes = [item.sku or item.barcode for item in items]
        table = ProductTable(self._connection, categorize)
        added = table.ids([item.name for item in items], codes, [item.category for item in items])
        for product, item in zip(added.tolist(), items, strict=True):
            self._connection.execute("UPDATE product SET is_listed = 1 WHERE id = ?", (product,))
            self._take_told(product, item)
        self._write_counts()
        if self._resorted:
            forget_answers(self._connection, self._resorted)

    def _find(self, item: CatalogItem) -> int | None:
        for code in (item.sku, item.barcode):
            product = self._by_code.get(code) if code else None
            if product is not None and (len(code) >= SURE_CODE or _is_alike(item.name, self._names[product])):
                return product
        return self._by_name.get(fold(item.name))

    def _take_told(self, product: int, item: CatalogItem) -> None:
        """What the list says of a product that is none of the sales' business."""
        self._take_cost(product, item)
        if item.supplier:
            self.changed += self._connection.execute(
                "UPDATE product SET supplier = ?1 WHERE id = ?2 AND supplier <> ?1", (item.supplier, product)
            ).rowcount
        if item.stock_milli is not None:
            self._counted[product] = item.stock_milli

    def _write_counts(self) -> None:
        """Note the stock that the list counts, unless it is the same list again: that would undo what was sold since."""
        known: dict[int, int] = dict(
            self._connection.execute(
                "SELECT product_id, stock_milli FROM product_stock WHERE source = 'catalog' ORDER BY day"
            ).fetchall()
        )
        if all(known.get(product) == stock for product, stock in self._counted.items()):
            return
        before = self._connection.total_changes
        self._connection.executemany(
            "INSERT INTO product_stock (product_id, day, stock_milli, source) VALUES (?, ?, ?, 'catalog')"
            " ON CONFLICT (product_id, day) DO UPDATE SET stock_milli = excluded.stock_milli"
            " WHERE source = 'catalog'",
            [(product, self._day, stock) for product, stock in self._counted.items()],
        )
        self.changed += self._connection.total_changes - before

    def _take_cost(self, product: int, item: CatalogItem) -> None:
        """Note a cost that the list tells anew; a list that repeats itself does not undo the owner's word."""
        if item.cost_cents is None:
            return
        known: Sequence[tuple[int, str, int]] = self._connection.execute(
            "SELECT day, source, cost_cents FROM product_cost WHERE product_id = ? ORDER BY day DESC",
            (product,),
        ).fetchall()
        told = next((cost for _day, source, cost in known if source == "catalog"), None)
        if told == item.cost_cents or any(day == self._day and source == "owner" for day, source, _ in known):
            return
        self._connection.execute(
            "INSERT OR REPLACE INTO product_cost (product_id, day, cost_cents, source)"
            " VALUES (?, ?, ?, 'catalog')",
            (product, self._day, item.cost_cents),
        )
        self.changed += 1

    def _take_category(self, product: int, item: CatalogItem, guess: CategoryGuess) -> None:
        """Believe the list's category where it means one of ours; under the owner's correction if there is one."""
        if guess.source != CategorySource.POS:
            return
        now = (CATEGORY_CODE[guess.category], str(guess.source), guess.confidence)
        first = self._connection.execute(
            "SELECT min(id) FROM category_change WHERE product_id = ? AND undone_at IS NULL", (product,)
        ).fetchone()[0]
        self._connection.execute("UPDATE product SET pos_category = ? WHERE id = ?", (item.category, product))
        if first is not None:
            before = self._category_of(product)
            self._connection.execute(
                "UPDATE category_change SET before_category = ?, before_source = ?, before_confidence = ?"
                " WHERE id = ?",
                (*now, first),
            )
            settle(self._connection, product)
            if self._category_of(product) != before:  # it only followed what was said of another product
                self.changed += 1
                self._resorted.append(product)
            return
        changed = self._connection.execute(
            "UPDATE product SET category_id = ?1, category_source = ?2, category_confidence = ?3 WHERE id = ?4"
            " AND category_source <> 'owner' AND (category_id, category_source) <> (?1, ?2)",
            (*now, product),
        ).rowcount
        if changed:
            self.changed += 1
            self._resorted.append(product)

    def _category_of(self, product: int) -> int:
        code: int = self._connection.execute(
            "SELECT category_id FROM product WHERE id = ?", (product,)
        ).fetchone()[0]
        return code


def _is_alike(first: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return fuzz.token_set_ratio(fold(first), fold(other)) >= LEAST_LIKENESS
