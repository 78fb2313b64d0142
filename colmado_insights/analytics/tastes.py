"""Brands that one customer prefers: beyond what all others take of the same things, and beyond chance."""

from __future__ import annotations

from collections import Counter

import numpy as np

from colmado_insights.analytics.beyond_chance import LEAST_TIMES, stand_out, tails_of, wilson_low
from colmado_insights.analytics.crowd import Crowd, SoldLines
from colmado_insights.analytics.results import BrandTaste
from colmado_insights.domain import CATEGORIES

_LEAST_BRANDED = 5


def find_tastes(sold: SoldLines, crowd: Crowd) -> tuple[BrandTaste, ...]:
    """Tell the brands taken more often than all others take them of the same things, the surest first.

    Parameters
    ----------
    sold : SoldLines
        Of one customer, from the days that the crowd knows.
    crowd : Crowd
        What all customers do, this one among them.

    Notes
    -----
    A brand is compared among purchases where there was a choice, with what the others take of the same thing of
    the same category: who buys water is not said to love the brand of water. It stands when the binomial tails
    of all brands together err in 5 % (Holm). Its confidence is the lower end of the 95 % Wilson interval [1]_
    of its share, as a part of the way from the others' share to 1.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    """
    own: Counter[tuple[int, str, str]] = Counter()
    for product, code in zip(sold.product.tolist(), sold.category.tolist(), strict=True):
        if product in crowd.brands:
            own[code, crowd.brands[product].thing, crowd.brands[product].brand] += 1
    asked = [taste for code in sorted({key[0] for key in own}) for taste in _tastes(code, own, crowd)]
    if not asked:
        return ()
    is_real = stand_out(np.array([p for p, _taste in asked]))
    found = [
        taste
        for (_p, taste), real in zip(asked, is_real, strict=True)
        if real and taste.purchases >= LEAST_TIMES and taste.confidence > 0
    ]
    return tuple(sorted(found, key=lambda taste: (-taste.confidence, taste.category, taste.brand)))


def _tastes(code: int, own: Counter[tuple[int, str, str]], crowd: Crowd) -> list[tuple[float, BrandTaste]]:
    """Each brand bought of one category with its chance; none where too little was chosen."""
    bought = {(thing, brand): count for (of, thing, brand), count in own.items() if of == code}
    others = _others(code, bought, crowd)
    of_thing: Counter[str] = Counter()
    for (thing, _brand), count in bought.items():
        of_thing[thing] += count
    tastes = []
    for brand in sorted({brand for _thing, brand in bought}):
        # A thing of which there is one brand leaves nothing to choose.
        things = [thing for thing, brands in others.items() if brand in brands and len(brands) > 1]
        whole = sum(of_thing[thing] for thing in things)
        if whole < _LEAST_BRANDED:
            continue
        count = sum(bought.get((thing, brand), 0) for thing in things)
        usual = sum(of_thing[thing] * others[thing][brand] / sum(others[thing].values()) for thing in things)
        share = usual / whole
        p = float(tails_of(np.array([count]), whole, np.array([share]))[0])
        sure = (wilson_low(count, whole) - share) / max(1 - share, 1e-9)
        tastes.append((p, BrandTaste(brand, CATEGORIES[code], count / whole, max(sure, 0.0), count)))
    return tastes


def _others(code: int, bought: dict[tuple[str, str], int], crowd: Crowd) -> dict[str, dict[str, float]]:
    """What all others take of each thing, brand by brand; half a line more, so that no brand is impossible."""
    table: dict[str, dict[str, float]] = {thing: {} for thing, _brand in bought}
    for product, brand in crowd.brands.items():
        if brand.thing in table and crowd.categories.get(product) == code:
            row = table[brand.thing]
            row[brand.brand] = row.get(brand.brand, 0.0) + crowd.lines[product]
    for (thing, name), count in bought.items():
        table[thing][name] = max(table[thing].get(name, 0.0) - count, 0.0) + 0.5
    return table
