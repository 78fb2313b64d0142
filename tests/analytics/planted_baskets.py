"""Baskets of a shop of which it is known what goes together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.domain import LINE_COLUMNS, RECEIPT_COLUMNS, SECONDS_A_DAY, SHELF_COLUMNS, day_number

UNTIL = date(2026, 6, 26)
GOODS = 60


def frames_of(
    baskets: Sequence[Sequence[int]],
    *,
    days: Sequence[int] | None = None,
    hours: Sequence[int] | None = None,
    kinds: Sequence[int] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One receipt a basket, the last one on UNTIL unless days (back from it) are told."""
    count = len(baskets)
    back = np.zeros(count, int) if days is None else np.asarray(days)
    hour = np.full(count, 12) if hours is None else np.asarray(hours)
    kind = np.zeros(count, int) if kinds is None else np.asarray(kinds)
    receipts = pd.DataFrame(0, index=range(count), columns=list(RECEIPT_COLUMNS)).assign(
        sale_id=np.arange(count) + 1,
        sold_at=(day_number(UNTIL) - back) * SECONDS_A_DAY + hour * 3600 + np.arange(count) % 3600,
        has_time=True,
        kind=kind,
    )
    receipt = np.repeat(np.arange(count), [len(basket) for basket in baskets])
    product = np.array([each for basket in baskets for each in basket], dtype=int)
    lines = pd.DataFrame(
        {
            "receipt": receipt,
            "product_id": product,
            "category": 7,
            "quantity_milli": 1000 * (1 - 2 * kind[receipt]),
            "amount_cents": 50_00 * (1 - 2 * kind[receipt]),
        }
    )
    return receipts.astype(RECEIPT_COLUMNS), lines.astype(LINE_COLUMNS)


def shelf_of(
    names: dict[int, str] | None = None,
    *,
    categories: dict[int, int] | None = None,
    prices: dict[int, int] | None = None,
    costs: dict[int, int] | None = None,
    by_amount: frozenset[int] = frozenset(),
    count: int = GOODS,
) -> pd.DataFrame:
    """Products 1 to `count`, each of a name and a family of its own kind unless told."""
    ids = list(range(1, count + 1))
    return pd.DataFrame(
        {
            "product_id": ids,
            "name": [(names or {}).get(each, f"{_word(each)} fino") for each in ids],
            "category": [(categories or {}).get(each, 7) for each in ids],
            "price_cents": [(prices or {}).get(each, 50_00) for each in ids],
            "cost_cents": [(costs or {}).get(each, 40_00) for each in ids],
            "is_by_amount": [each in by_amount for each in ids],
        }
    ).astype(SHELF_COLUMNS)


def _word(number: int) -> str:
    """Words that are nothing like each other."""
    rng = np.random.default_rng(number)
    return "".join(rng.choice(list("bcdfgjklmnprstvz")) + rng.choice(list("aeiou")) for _ in range(4))


def draw(
    receipts: int,
    pairs: Sequence[tuple[int, int, float]] = (),
    *,
    seed: int,
    extra_lines: float = 0.6,
    is_shuffled: bool = False,
    goods: int = GOODS,
) -> list[list[int]]:
    """Baskets of 1 + Poisson lines of Zipf goods, with what goes together added; shuffled, nothing does."""
    rng = np.random.default_rng(seed)
    chance = 1 / np.arange(3, goods + 3)
    # Some come for one thing, some for many: what makes any two goods meet more often.
    size = 1 + rng.poisson(extra_lines * rng.gamma(1.0, 1.0, receipts))
    product = rng.choice(np.arange(1, goods + 1), int(size.sum()), p=chance / chance.sum())
    baskets = [set(part.tolist()) for part in np.split(product, np.cumsum(size)[:-1])]
    for first, second, rate in pairs:
        for basket in baskets:
            if first in basket and rng.random() < rate:
                basket.add(second)
    if not is_shuffled:
        return [sorted(basket) for basket in baskets]
    everything = np.array([each for basket in baskets for each in sorted(basket)])
    rng.shuffle(everything)
    ends = np.cumsum([len(basket) for basket in baskets])[:-1]
    return [sorted(set(part.tolist())) for part in np.split(everything, ends)]


def days_of(receipts: int, days: int) -> list[int]:
    """Days back from the last one, oldest first, evenly filled."""
    return (days - 1 - np.arange(receipts) * days // receipts).tolist()
