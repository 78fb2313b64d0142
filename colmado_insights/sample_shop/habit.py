"""What each known customer buys again and again, and the brands they would rather have.

Both are laid over the baskets that everybody draws, from streams of chance of their own, so that anonymous
receipts are the same with and without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from colmado_insights.domain import SECONDS_A_DAY
from colmado_insights.sample_shop.basket import Lines, Picks, price_lines
from colmado_insights.sample_shop.catalogue import Catalogue
from colmado_insights.sample_shop.chance import Ints, stream
from colmado_insights.sample_shop.parameters import Brand, ShopParameters
from colmado_insights.sample_shop.visit import Customer, Visits


@dataclass(frozen=True)
class Habit:
    """A product that one customer needs every so often."""

    product: int
    gap_days: float
    units: int


@dataclass(frozen=True)
class Ways:
    """The habits and tastes of one customer."""

    habits: tuple[Habit, ...]
    tastes: tuple[Brand, ...]


def make_ways(
    shop: ShopParameters, catalogue: Catalogue, customers: Sequence[Customer], seed: int
) -> tuple[Ways, ...]:
    """Give each known customer products they need again and again, and brands they stand by."""
    rng = stream(seed, 14)
    return tuple(
        Ways(
            _make_habits(shop, catalogue, customer, rng),
            _make_tastes(shop.households.brands, shop.households.taste, rng),
        )
        for customer in customers
    )


def _make_habits(
    shop: ShopParameters, catalogue: Catalogue, customer: Customer, rng: np.random.Generator
) -> tuple[Habit, ...]:
    low, high = shop.households.habits
    chosen = rng.choice(len(shop.households.needs), rng.integers(low, high + 1), replace=False)
    needs = [shop.households.needs[place] for place in chosen]
    # Who comes every tenth day cannot need milk every fourth: it would be bought elsewhere.
    least = shop.households.least_visits * customer.median_gap_days
    return tuple(
        Habit(catalogue.place(need.product), round(max(least, rng.uniform(*need.gap_days)), 1), need.units)
        for need in needs
    )


def _make_tastes(brands: Sequence[Brand], chance: float, rng: np.random.Generator) -> tuple[Brand, ...]:
    """For some families, one of its brands."""
    families = dict.fromkeys(brand.family for brand in brands)
    found = []
    for family in families:
        choices = [brand for brand in brands if brand.family == family]
        chosen = choices[int(rng.integers(len(choices)))]
        if rng.random() < chance:
            found.append(chosen)
    return tuple(found)


def follow_tastes(
    shop: ShopParameters, catalogue: Catalogue, visits: Visits, picks: Picks, ways: Sequence[Ways], seed: int
) -> Picks:
    """Let customers take their brand where the basket held another of the family, one line a family and visit."""
    rng = stream(seed, 15)
    product = picks.product.copy()
    customer = visits.customer[picks.visit]
    taken = set(zip(picks.visit.tolist(), product.tolist(), strict=True))
    for number, way in enumerate(ways, start=1):
        lines = np.flatnonzero(customer == number)
        for brand in way.tastes:
            own = _products_of(catalogue, brand)
            of_family = lines[catalogue.family[product[lines]] == catalogue.families.index(brand.family)]
            others = of_family[~np.isin(product[of_family], own)]
            for line in others[rng.random(len(others)) < shop.households.strength].tolist():
                wish = int(rng.choice(own))
                if (visit_wish := (int(picks.visit[line]), wish)) not in taken:
                    product[line] = wish
                    taken.add(visit_wish)
    return replace(picks, product=product)


def _products_of(catalogue: Catalogue, brand: Brand) -> Ints:
    family = catalogue.families.index(brand.family)
    return np.array(
        [
            place
            for place, name in enumerate(catalogue.names)
            if catalogue.family[place] == family and name.startswith(brand.name)
        ],
        dtype=np.int64,
    )


def add_habits(
    shop: ShopParameters,
    catalogue: Catalogue,
    visits: Visits,
    lines: Lines,
    ways: Sequence[Ways],
    seed: int,
) -> Lines:
    """Add to the customers' receipts what they needed again by then."""
    rng = stream(seed, 16)
    held = set(zip(lines.visit.tolist(), lines.product.tolist(), strict=True))
    bought = np.unique(lines.visit)  # a visit that found nothing to buy stays one
    wanted = [
        (visit, habit.product, habit.units)
        for number, way in enumerate(ways, start=1)
        for habit in way.habits
        for visit in _times_of(visits, bought[visits.customer[bought] == number], habit, shop, rng)
        if (visit, habit.product) not in held
    ]
    visit, product, units = np.array(sorted(wanted), dtype=np.int64).reshape(-1, 3).T
    added = price_lines(shop, catalogue, visits, Picks(visit, product, units), stream(seed, 17))
    order = np.argsort(np.concatenate([lines.visit, added.visit]), kind="stable")
    return Lines(
        **{
            field.name: np.concatenate([getattr(lines, field.name), getattr(added, field.name)])[order]
            for field in fields(Lines)
        }
    )


def _times_of(
    visits: Visits, own: Ints, habit: Habit, shop: ShopParameters, rng: np.random.Generator
) -> Iterator[int]:
    """The visits on which a need is met: the first one after each time it has run out."""
    if not len(own):
        return
    shape = shop.households.regularity
    empty_at = float(visits.sold_at[own[0]]) + rng.random() * habit.gap_days * SECONDS_A_DAY
    for visit in own.tolist():
        at = float(visits.sold_at[visit])
        if at >= empty_at:
            yield visit
            empty_at = at + rng.gamma(shape, habit.gap_days / shape) * SECONDS_A_DAY
