"""What is in the basket, how much of it, and for what amount."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from colmado_insights.domain import (
    CATEGORY_CODE,
    Category,
)
from colmado_insights.sample_shop.catalogue import Catalogue
from colmado_insights.sample_shop.chance import Flags, Floats, Ints, stream
from colmado_insights.sample_shop.day import Days
from colmado_insights.sample_shop.parameters import (
    Amounts,
    Pair,
    ShopParameters,
    Varios,
)
from colmado_insights.sample_shop.visit import Visits


@dataclass(frozen=True)
class Lines:
    """One position a line, ordered by visit."""

    visit: Ints
    product: Ints
    quantity: Ints  # thousandths
    gross: Ints  # cents
    discount: Ints
    cost: Ints
    by_amount: Flags


@dataclass(frozen=True)
class Picks:
    """Which product, and how many of it, before prices have their say."""

    visit: Ints
    product: Ints
    units: Ints


def make_picks(shop: ShopParameters, days: Days, catalogue: Catalogue, visits: Visits, seed: int) -> Picks:
    """Draw what each visit picks from the shelf, and how the price of the day changed its mind."""
    rng = stream(seed, 8)
    extra = np.array([mission.extra_lines for mission in shop.missions])[visits.mission] * shop.extra_lines
    extra = np.where(visits.customer > 0, extra * shop.fiado.lines, extra)
    visit = np.repeat(np.arange(len(visits.place)), 1 + rng.poisson(extra))
    family = _draw(_family_chances(shop, catalogue), visits.mission[visit], rng)
    position = np.searchsorted(catalogue.cumulative, family + rng.random(len(visit)), side="right")
    product = catalogue.order[np.minimum(position, len(catalogue.order) - 1)]
    visit, product = _with_pairs(shop.pairs, catalogue, visit, product, rng)
    visit, product = _without_twins(visit, product, len(catalogue.names))
    keep = _available(days, catalogue, visits, visit, product, rng)
    visit, product = visit[keep], product[keep]
    product = _with_varios(shop.varios, catalogue, product, rng)
    units = _units(shop, days, catalogue, visits, visit, product, rng)
    return _answer_prices(catalogue, visits, Picks(visit, product, units), stream(seed, 13))


def _family_chances(shop: ShopParameters, catalogue: Catalogue) -> Floats:
    """Chance of each family in each mission; rows sum to one."""
    chances = np.zeros((len(shop.missions), len(catalogue.families)))
    for row, mission in enumerate(shop.missions):
        for name, weight in mission.families.items():
            chances[row, catalogue.families.index(name)] = weight
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def _draw(chances: Floats, rows: Ints, rng: np.random.Generator) -> Ints:
    """Draw one column for each of `rows`, all rows in one search."""
    cumulative = np.cumsum(chances, axis=1)
    cumulative[:, -1] = 1.0
    flat = (cumulative + np.arange(len(chances))[:, None]).ravel()
    found = np.searchsorted(flat, rows + rng.random(len(rows)), side="right")
    return np.asarray(np.minimum(found - rows * chances.shape[1], chances.shape[1] - 1))


def _with_pairs(
    pairs: Iterable[Pair], catalogue: Catalogue, visit: Ints, product: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Add to some baskets what goes with a thing in them."""
    visits, products = [visit], [product]
    for pair in pairs:
        first, second = catalogue.place(pair.first), catalogue.place(pair.second)
        chosen = visit[product == first]
        chosen = chosen[rng.random(len(chosen)) < pair.chance]
        visits.append(chosen)
        products.append(np.full(len(chosen), second, dtype=np.int64))
    return np.concatenate(visits), np.concatenate(products)


def _without_twins(visit: Ints, product: Ints, count: int) -> tuple[Ints, Ints]:
    """One line a product and visit, in the order of visits and, within one, as drawn."""
    _keys, first = np.unique(visit * count + product, return_index=True)
    first = np.sort(first)
    order = first[np.argsort(visit[first], kind="stable")]
    return visit[order], product[order]


def _available(
    days: Days, catalogue: Catalogue, visits: Visits, visit: Ints, product: Ints, rng: np.random.Generator
) -> Flags:
    """Lines that could be served: rationed beer and dry days take theirs away."""
    place = visits.place[visit]
    beer = catalogue.family[product] == catalogue.families.index("cerveza")
    left = np.where(beer, days.beer_left[place], 1.0)
    alcohol = catalogue.category[product] == CATEGORY_CODE[Category.ALCOHOL]
    return np.asarray((rng.random(len(visit)) < left) & ~(alcohol & days.dry[place]))


def _with_varios(varios: Varios, catalogue: Catalogue, product: Ints, rng: np.random.Generator) -> Ints:
    """Ring some lines up as VARIOS; drinks and top-ups always have their key."""
    keyed = np.isin(
        catalogue.category[product], [CATEGORY_CODE[Category.ALCOHOL], CATEGORY_CODE[Category.RECHARGES]]
    )
    share = varios.share / max(1e-9, float(np.mean(~keyed))) if len(product) else 0.0
    return np.where((rng.random(len(product)) < share) & ~keyed, catalogue.varios, product)


def _units(
    shop: ShopParameters,
    days: Days,
    catalogue: Catalogue,
    visits: Visits,
    visit: Ints,
    product: Ints,
    rng: np.random.Generator,
) -> Ints:
    """Thousandths of the unit: whole ones, or quarters of a pound for what is cut."""
    factor = np.array([mission.units for mission in shop.missions])[visits.mission[visit]]
    dear = catalogue.price[product, visits.place[visit]] > 350_00
    mean = catalogue.extra_units[product] * factor * np.where(dear, 0.2, 1.0)
    whole = (1 + rng.poisson(mean)) * 1000
    cut = rng.choice(np.array([250, 250, 500, 500, 1000]), len(product))
    units = np.where(catalogue.is_loose[product] & (catalogue.extra_units[product] == 0), cut, whole)
    stored = np.isin(
        catalogue.family[product], [catalogue.families.index(name) for name in shop.storm.families]
    )
    storm = np.where(stored, days.storm_units[visits.place[visit]], 1.0)
    return np.asarray(np.where(storm > 1, np.round(units * storm / 1000).astype(np.int64) * 1000, units))


def _answer_prices(catalogue: Catalogue, visits: Visits, picks: Picks, rng: np.random.Generator) -> Picks:
    """Let units answer the price of the day against the product's mean price, by its elasticity."""
    price = catalogue.price[picks.product, visits.place[picks.visit]]
    usual = catalogue.price.mean(axis=1)[picks.product]
    ratio = np.where(usual > 0, price / np.maximum(usual, 1), 1.0)
    answer = np.clip(ratio ** catalogue.elasticity[picks.product], 0.4, 1.9)
    chance = rng.random(len(answer))
    keep = chance < answer
    units = np.where(chance < answer - 1, picks.units * 2, picks.units)
    return Picks(picks.visit[keep], picks.product[keep], units[keep])


def price_lines(
    shop: ShopParameters, catalogue: Catalogue, visits: Visits, picks: Picks, rng: np.random.Generator
) -> Lines:
    """Turn picks into amounts: by quantity, by amount of money, or open (VARIOS)."""
    place = visits.place[picks.visit]
    price, cost = catalogue.price[picks.product, place], catalogue.cost[picks.product, place]
    by_amount = catalogue.is_loose[picks.product] & (rng.random(len(place)) < shop.amounts.share_of_loose)
    asked = _asked_amounts(shop.amounts, price, rng)
    open_amount = _open_amounts(shop.varios, len(place), rng)
    varios = picks.product == catalogue.varios
    bought = np.round(asked * 1000 / np.maximum(price, 1)).astype(np.int64)
    quantity = np.where(varios, 1000, np.where(by_amount, np.maximum(bought, 1), picks.units))
    gross = np.where(by_amount, asked, _times(price, quantity))
    gross = np.where(varios, open_amount, gross).astype(np.int64)
    cheaper = (rng.random(len(place)) < shop.oddities.discounts) & ~by_amount & (gross >= 50_00)
    discount = np.where(cheaper, rng.choice(np.array([5_00, 10_00]), len(place)), 0)
    return Lines(picks.visit, picks.product, quantity, gross, discount, _times(cost, quantity), by_amount)


def _times(cents: Ints, milli: Ints) -> Ints:
    """Price times quantity, rounded half up to the cent as a till does."""
    return (cents * milli + 500) // 1000


def _asked_amounts(amounts: Amounts, price: Ints, rng: np.random.Generator) -> Ints:
    """An amount of the grid near the usual part of the price, in cents."""
    grid = np.array(amounts.grid, dtype=np.int64) * 100
    wish = np.log(np.maximum(price, 1) * amounts.typical) + rng.normal(0, amounts.spread, len(price))
    borders = (np.log(grid)[1:] + np.log(grid)[:-1]) / 2
    return grid[np.searchsorted(borders, wish)]


def _open_amounts(varios: Varios, count: int, rng: np.random.Generator) -> Ints:
    """Amounts of VARIOS lines on the RD$5 grid, in cents."""
    wish = rng.lognormal(np.log(varios.median_pesos), varios.spread, count)
    return np.asarray(np.maximum(np.round(wish / 5), 1).astype(np.int64) * 500)
