"""The catalog as sales show it: what a product costs, sells for and brings, and how its price moved.

Merged products count as the one they were merged into. What the till tells of a line's cost is
known with the line; what the owner or a list of products tells is kept by day and is trusted more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from colmado_insights.domain import (
    CATEGORIES,
    SECONDS_A_DAY,
    CatalogProduct,
    CategorySource,
    PriceChange,
    day_number,
    day_of,
)
from colmado_insights.storage.catalog import read_roots
from colmado_insights.storage.database import Database
from colmado_insights.storage.sales import SoldLines, read_last_day, read_sold_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

REVENUE_DAYS = 30
"""What a product brings is counted over this many last days of data."""
PRICE_DAYS = 60
"""A product sold in this many last days has its price from them; only the others are looked for further back."""
PRICE_SELLING_DAYS = 3
"""The last price is the median of a product's last days with sales, so that one odd receipt changes nothing."""
ROUND_AMOUNTS = (500, 1000, 1500, 2000, 2500, 5000, 10000)
"""What people ask for when they buy by amount, in cents."""
FEWEST_BY_AMOUNT = 3
SAME_WHOLE, SAME_FRACTION = 0.005, 0.02
"""Prices this near are one price: amounts are rounded to cents, and those of fractions magnify it."""
PER_UNIT = 1000

# ── the catalog ──


def read_catalog(
    database: Database, as_of: date | None = None, only: Collection[int] | None = None
) -> tuple[CatalogProduct, ...]:
    """All products or `only` some, each once, as the sales up to `as_of` show them; what sells most comes first."""
    every = database.read(
        "SELECT id, name, sku, category_id, category_source, category_confidence FROM product"
        " WHERE merged_into IS NULL ORDER BY id"
    )
    rows = every if only is None else [row for row in every if row[0] in only]
    last = read_last_day(database, as_of)
    sold = _SoldProducts.of(SoldLines(*(np.empty(0, np.int64),) * 5), 0, 0)
    if last is not None:
        sold = _read_sold(database, [row[0] for row in rows], last)
    told = _read_told_costs(database, as_of)
    products = [
        CatalogProduct(
            product_id=key,
            name=name,
            sku=sku,
            category=CATEGORIES[code],
            source=CategorySource(source),
            confidence=confidence,
            price_cents=sold.price.get(key),
            cost_cents=told.get(key, sold.cost.get(key)),
            revenue_cents=sold.revenue.get(key, 0),
            units_milli=sold.units.get(key, 0),
            last_sold=day_of(sold.last_day[key]) if key in sold.last_day else None,
            is_sold_by_amount=key in sold.by_amount,
        )
        for key, name, sku, code, source, confidence in rows
    ]
    return tuple(sorted(products, key=lambda product: (-product.revenue_cents, product.name)))


def _read_sold(database: Database, products: list[int], last: int) -> _SoldProducts:
    """What the lines of the last days say, and of products that are not in them all their lines."""
    roots = read_roots(database)
    recent = _rooted(read_sold_lines(database, last - PRICE_DAYS + 1, last), roots)
    seen = np.unique(recent.product[recent.quantity > 0])
    missing = np.setdiff1d(np.array(products, np.int64), seen)
    if len(missing):
        members = np.flatnonzero(np.isin(roots, missing)).tolist()
        older = _rooted(_read_lines_of(database, members, last - PRICE_DAYS), roots)
        recent = _joined(recent, older)
    return _SoldProducts.of(recent, last - REVENUE_DAYS + 1, last)


def _read_lines_of(database: Database, products: list[int], last: int) -> SoldLines:
    """All lines of some products up to a day number: a walk through every line, no index serves it."""
    listed = ",".join(map(str, products))
    rows = database.read(
        f"SELECT product_id, sold_at / {SECONDS_A_DAY}, quantity_milli, amount_cents,"
        " coalesce(sale_line.cost_cents, 0) FROM sale_line CROSS JOIN sale ON sale.id = sale_id"
        f" WHERE product_id IN ({listed}) AND sold_at < {(last + 1) * SECONDS_A_DAY}"
    )
    return SoldLines(*np.array(rows, np.int64).reshape(-1, 5).T)


def _rooted(lines: SoldLines, roots: NDArray[np.int64]) -> SoldLines:
    return SoldLines(roots[lines.product], lines.day, lines.quantity, lines.amount, lines.cost)


def _joined(first: SoldLines, second: SoldLines) -> SoldLines:
    names = ("product", "day", "quantity", "amount", "cost")
    return SoldLines(*(np.concatenate([getattr(first, name), getattr(second, name)]) for name in names))


@dataclass(frozen=True)
class _SoldProducts:
    """What lines say of each product, by its id; products of which they say nothing are left out."""

    price: dict[int, int]
    cost: dict[int, int]
    revenue: dict[int, int]
    units: dict[int, int]
    last_day: dict[int, int]
    by_amount: frozenset[int]

    @classmethod
    def of(cls, lines: SoldLines, first: int, last: int) -> _SoldProducts:
        """Revenue and units of the days from `first` to `last`, all else from every line."""
        size = int(lines.product.max(initial=0)) + 1
        counted = (lines.day >= first) & (lines.day <= last)
        revenue = _sums(lines.product[counted], lines.amount[counted], size)
        units = _sums(lines.product[counted], lines.quantity[counted], size)
        is_bought = lines.quantity > 0
        last_day = np.full(size, -1, np.int64)
        np.maximum.at(last_day, lines.product[is_bought], lines.day[is_bought])
        by_amount = is_by_amount(lines.quantity, lines.amount)
        asked = np.bincount(lines.product[is_bought & by_amount], minlength=size)
        bought = np.bincount(lines.product[is_bought], minlength=size)
        priced = is_bought & (lines.amount > 0) & ~by_amount
        costed = is_bought & (lines.cost > 0)
        return cls(
            price=_last_medians(lines, priced, lines.amount),
            cost=_last_medians(lines, costed, lines.cost),
            revenue=_numbered(revenue),
            units=_numbered(units),
            last_day={int(key): int(last_day[key]) for key in np.flatnonzero(last_day >= 0)},
            by_amount=frozenset(np.flatnonzero((asked >= FEWEST_BY_AMOUNT) & (2 * asked > bought)).tolist()),
        )


def _sums(product: NDArray[np.int64], values: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    # Sums of cents stay far below 2**53, where floats are exact.
    return np.rint(np.bincount(product, weights=values, minlength=size)).astype(np.int64)


def _numbered(values: NDArray[np.int64]) -> dict[int, int]:
    return {int(key): int(values[key]) for key in np.flatnonzero(values)}


def is_by_amount(quantity: NDArray[np.int64], amount: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which lines are of the kind "deme 25 pesos de salami": a round amount of a broken quantity."""
    is_broken = quantity % PER_UNIT != 0
    is_round = np.isin(np.abs(amount), ROUND_AMOUNTS)
    return np.asarray(is_broken & is_round)


def _last_medians(lines: SoldLines, which: NDArray[np.bool_], cents: NDArray[np.int64]) -> dict[int, int]:
    """Cents a unit, the median of each product's last days among these lines."""
    product, day = lines.product[which], lines.day[which]
    unit = np.rint(cents[which] * PER_UNIT / lines.quantity[which]).astype(np.int64)
    if not len(product):
        return {}
    order = np.lexsort((-day, product))
    product, day, unit = product[order], day[order], unit[order]
    is_new_product = np.append(True, product[1:] != product[:-1])
    is_new_day = is_new_product | np.append(True, day[1:] != day[:-1])
    days_so_far = np.cumsum(is_new_day)
    before = np.repeat(
        days_so_far[is_new_product], np.diff(np.append(np.flatnonzero(is_new_product), len(product)))
    )
    is_last = days_so_far - before < PRICE_SELLING_DAYS
    return medians(product[is_last], unit[is_last])


def medians(group: NDArray[np.int64], values: NDArray[np.int64]) -> dict[int, int]:
    """The lower median of each group: a price that was really asked, not one between two."""
    order = np.lexsort((values, group))
    group, values = group[order], values[order]
    start = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if len(group) else np.empty(0, np.intp)
    count = np.diff(np.append(start, len(group)))
    middle = values[start + (count - 1) // 2]
    return dict(zip(group[start].tolist(), middle.tolist(), strict=True))


# ── prices and costs over time ──


def read_price_history(database: Database, product: int) -> tuple[PriceChange, ...]:
    """The prices of one product from its first sale on, one entry whenever price or cost changed."""
    members = _members_of(database, product)
    lines = _read_lines_of(database, members, 2**31)
    told = _read_told_of(database, members)
    prices = dict(_daily_prices(lines))
    is_costed = (lines.cost > 0) & (lines.quantity > 0)
    unit_costs = np.rint(lines.cost[is_costed] * PER_UNIT / lines.quantity[is_costed]).astype(np.int64)
    costs = medians(lines.day[is_costed], unit_costs)
    return tuple(_changes(prices, costs, told))


def _daily_prices(lines: SoldLines) -> Iterator[tuple[int, tuple[int, float]]]:
    """Each day's price with how near another must be to be the same; whole units speak before fractions."""
    usable = (lines.quantity > 0) & (lines.amount > 0) & ~is_by_amount(lines.quantity, lines.amount)
    is_whole = lines.quantity % PER_UNIT == 0
    found: dict[int, tuple[int, float]] = {}
    for which, tolerance in ((usable & ~is_whole, SAME_FRACTION), (usable & is_whole, SAME_WHOLE)):
        unit = np.rint(lines.amount[which] * PER_UNIT / lines.quantity[which]).astype(np.int64)
        found |= {day: (price, tolerance) for day, price in medians(lines.day[which], unit).items()}
    yield from found.items()


def _changes(
    prices: dict[int, tuple[int, float]], costs: dict[int, int], told: list[tuple[int, int]]
) -> Iterator[PriceChange]:
    told_days = [day for day, _cost in told]
    price = said = line_cost = None
    for day in sorted({*prices, *told_days, *costs}):
        if day in prices:
            now, tolerance = prices[day]
            price = price if price and abs(now - price) <= tolerance * price else now
        if day in costs:
            cost = costs[day]
            line_cost = (
                line_cost if line_cost and abs(cost - line_cost) <= SAME_FRACTION * line_cost else cost
            )
        place = bisect_right(told_days, day)
        known = told[place - 1][1] if place else line_cost
        if price is not None and (price, known) != said:
            said = (price, known)
            yield PriceChange(day_of(day), price, known)


def _members_of(database: Database, product: int) -> list[int]:
    """The product that this one counts as, and all that count as it."""
    return [
        key
        for (key,) in database.read(
            "SELECT part.id FROM product JOIN product AS part"
            " ON coalesce(part.merged_into, part.id) = coalesce(product.merged_into, product.id)"
            " WHERE product.id = ?",
            (product,),
        )
    ]


def _read_told_of(database: Database, products: list[int]) -> list[tuple[int, int]]:
    """What was told of the cost of some products: day and cents, oldest first."""
    return [
        (day, cost)
        for day, cost in database.read(
            f"SELECT day, cost_cents FROM product_cost WHERE product_id IN ({','.join(map(str, products))})"
            " ORDER BY day, source = 'owner'"
        )
    ]


def _read_told_costs(database: Database, as_of: date | None) -> dict[int, int]:
    """The last cost told of each product, up to a day."""
    rows = database.read(
        "SELECT coalesce(merged_into, id), product_cost.cost_cents FROM product_cost JOIN product ON id = product_id"
        " WHERE day <= ? ORDER BY day, source = 'owner'",
        (day_number(as_of) if as_of else 2**31,),
    )
    return dict(rows)


def read_suppliers(database: Database) -> dict[int, str]:
    """Who supplies each product, where that is known; a merged one has its own word before that of its parts."""
    rows = database.read(
        "SELECT coalesce(merged_into, id), supplier FROM product WHERE supplier <> ''"
        " ORDER BY merged_into IS NULL, supplier"
    )
    return {int(key): str(name) for key, name in rows}


def write_cost(database: Database, product: int, cost_cents: int, day: date) -> None:
    """Note what one unit costs the shop from a day on, as the owner says."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO product_cost (product_id, day, cost_cents, source)"
            " SELECT coalesce(merged_into, id), ?, ?, 'owner' FROM product WHERE id = ?",
            (day_number(day), cost_cents, product),
        )
