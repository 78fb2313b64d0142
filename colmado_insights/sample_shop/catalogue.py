"""What there is to buy, and its price and cost on each day."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
import pandas as pd

from colmado_insights.config import resource
from colmado_insights.domain import (
    CATEGORY_CODE,
    Category,
)
from colmado_insights.sample_shop.chance import Flags, Floats, Ints, stream
from colmado_insights.sample_shop.parameters import (
    PosCategories,
    Prices,
    ShopParameters,
)

VARIOS = "VARIOS"
"""What a cashier rings up when a thing has no key of its own."""


def read_products() -> pd.DataFrame:
    """The products of the sample shop as listed in demo/products.csv, VARIOS last."""
    with resource("demo/products.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pd.DataFrame(
        {
            "name": [row["name"] for row in rows] + [VARIOS],
            "category": [Category(row["category"]).value for row in rows] + [Category.OTHER.value],
            "family": [row["family"] for row in rows] + ["varios"],
            "price_cents": [_cents(row["price"]) for row in rows] + [0],
            "cost_cents": [_cents(row["cost"]) for row in rows] + [0],
            "is_loose": [row["loose"] == "yes" for row in rows] + [False],
            "weight": [float(row["weight"]) for row in rows] + [0.0],
            "extra_units": [float(row["extra_units"]) for row in rows] + [0.0],
        }
    )
    table.insert(0, "product_id", np.arange(1, len(table) + 1, dtype=np.int64))
    table.insert(2, "sku", [str(10_000 + number) for number in range(1, len(table) + 1)])
    return table


def _cents(pesos: str) -> int:
    return round(float(pesos) * 100)


def pos_categories(pos: PosCategories, products: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    """What the till says of each product's category: the owner's word, or nothing."""
    missing = rng.random(len(products)) < pos.without_category
    return [
        "" if gone else pos.names[category]
        for category, gone in zip(products["category"], missing, strict=True)
    ]


@dataclass(frozen=True)
class Move:
    """A price, or a cost, that changed from one day to the next."""

    product: int
    day: int
    before: int
    after: int


@dataclass(frozen=True)
class Catalogue:
    """Products by position; prices and costs in cents by (product, day)."""

    names: tuple[str, ...]
    category: Ints
    family: Ints
    families: tuple[str, ...]
    is_loose: Flags
    extra_units: Floats
    cumulative: Floats  # family f fills (f, f + 1]: one search finds a product of a family
    order: Ints
    price: Ints
    cost: Ints
    elasticity: Floats
    moves: tuple[Move, ...]

    @property
    def varios(self) -> int:
        """Position of VARIOS."""
        return len(self.names) - 1

    def place(self, name: str) -> int:
        """Position of a product."""
        return self.names.index(name)


def make_catalogue(shop: ShopParameters, products: pd.DataFrame, days: int, seed: int) -> Catalogue:
    """Lay out the products for drawing and let their prices move over `days` days."""
    families = tuple(dict.fromkeys(products["family"]))
    family = (
        products["family"].map({name: code for code, name in enumerate(families)}).to_numpy(dtype=np.int64)
    )
    codes = {category.value: code for category, code in CATEGORY_CODE.items()}
    order = np.argsort(family, kind="stable")
    weight = np.maximum(products["weight"].to_numpy(dtype=float), 1e-12)[order]
    total = np.bincount(family, weights=np.maximum(products["weight"].to_numpy(dtype=float), 1e-12))
    starts = np.cumsum(total) - total
    cumulative = (np.cumsum(weight) - starts[family[order]]) / total[family[order]] + family[order]
    price, cost, moves = _move_prices(shop.prices, products, days, stream(seed, 2))
    spread = stream(seed, 3).normal(0, shop.prices.spread_elasticity, len(products))
    usual = np.array([shop.elasticity[each] for each in products["category"]])
    return Catalogue(
        names=tuple(products["name"]),
        category=np.array([codes[name] for name in products["category"]], dtype=np.int64),
        family=family.astype(np.int64),
        families=families,
        is_loose=products["is_loose"].to_numpy(dtype=bool),
        extra_units=products["extra_units"].to_numpy(dtype=float),
        cumulative=cumulative,
        order=order,
        price=price,
        cost=cost,
        elasticity=np.where(usual == 0, 0.0, np.minimum(usual + spread, -0.05)).round(3),
        moves=moves,
    )


def _move_prices(
    prices: Prices, products: pd.DataFrame, days: int, rng: np.random.Generator
) -> tuple[Ints, Ints, tuple[Move, ...]]:
    """Let costs move and prices follow some days later, on the grid of the shop."""
    price = np.repeat(products["price_cents"].to_numpy(dtype=np.int64)[:, None], days, axis=1)
    cost = np.repeat(products["cost_cents"].to_numpy(dtype=np.int64)[:, None], days, axis=1)
    rate = rng.uniform(*prices.changes_a_year, len(products)) * days / 365
    moves: list[Move] = []
    for product, count in enumerate(rng.poisson(rate)):
        if price[product, 0] == 0:
            continue
        markup = price[product, 0] / cost[product, 0]
        for day in np.sort(rng.integers(0, days, count)):
            falls = rng.random() < prices.drop_share
            change = 1 + rng.uniform(*(prices.drop if falls else prices.rise))
            follows = int(day) + int(rng.integers(prices.lag_days[0], prices.lag_days[1] + 1))
            cost[product, day:] = round(cost[product, day] * change / 25) * 25
            target = _on_grid(cost[product, day] * markup, prices.grid_pesos)
            if 0 < follows < days and target != price[product, follows]:
                moves.append(Move(product, follows, int(price[product, follows - 1]), target))
                price[product, follows:] = target
    return price, cost, tuple(moves)


def _on_grid(cents: float, grid_pesos: int) -> int:
    """Cents rounded to the grid, or to the peso where the grid is too coarse for the price."""
    grid = grid_pesos * 100 if cents >= 3 * grid_pesos * 100 else 100
    return max(100, round(cents / grid) * grid)
