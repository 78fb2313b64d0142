"""Days of a shop whose buyers answer prices exactly as planted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.domain import (
    CATEGORY_CODE,
    DAILY_COLUMNS,
    PRICE_DAY_COLUMNS,
    Category,
    day_number,
)

UNTIL = date(2026, 6, 30)


@dataclass(frozen=True)
class Planted:
    """One product: its price from each day on (cents), and how many units it sells a day at the first of them."""

    product_id: int
    elasticity: float = -1.0
    units: float = 10.0
    prices: tuple[tuple[int, int], ...] = ((0, 100_00), (130, 110_00), (260, 121_00))
    category: Category = Category.SNACKS
    cost: int = 0
    by_amount: float = 0.0  # part of the lines, added to the units
    off: float = 0.0
    growth: float = 0.0  # in logs a year, against its category
    closed: tuple[tuple[int, int], ...] = ()  # from day, to day: nothing on the shelf


def make_shop(
    planted: Sequence[Planted],
    *,
    days: int = 390,
    seed: int | None = 0,
    traffic: np.ndarray | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Price days and daily sums; counts are Poisson, or with `seed=None` exactly as expected."""
    rng = None if seed is None else np.random.default_rng(seed)
    first = day_number(UNTIL) - days + 1
    busy = np.ones(days) if traffic is None else traffic
    frames = [_days_of(each, first, busy, rng) for each in planted]
    receipts = np.round(200 * busy).astype(int)
    daily = pd.DataFrame(0, index=range(days), columns=list(DAILY_COLUMNS))
    daily["day"], daily["receipts"] = first + np.arange(days), receipts
    whole = pd.concat(frames, ignore_index=True)
    return whole.astype(PRICE_DAY_COLUMNS), daily.astype(DAILY_COLUMNS)


def _days_of(planted: Planted, first: int, busy: np.ndarray, rng: np.random.Generator | None) -> pd.DataFrame:
    days = np.arange(len(busy))
    starts, cents = zip(*planted.prices, strict=True)
    price = np.array(cents)[np.searchsorted(starts, days, side="right") - 1]
    expected = planted.units * busy * (price / cents[0]) ** planted.elasticity
    expected = expected * np.exp(planted.growth * days / 365)
    for start, end in planted.closed:
        expected[start:end] = 0.0
    units = expected if rng is None else rng.poisson(expected)
    milli = np.round(units * 1000).astype(int)
    lines = np.ceil(units).astype(int)
    asked = np.round(lines * planted.by_amount / max(1 - planted.by_amount, 1e-9)).astype(int)
    off = np.round(lines * planted.off / max(1 - planted.off, 1e-9)).astype(int)
    frame = pd.DataFrame(0, index=days, columns=list(PRICE_DAY_COLUMNS)).assign(
        product_id=planted.product_id,
        category=CATEGORY_CODE[planted.category],
        day=first + days,
        price_cents=price,
        is_exact=True,
        cost_cents=planted.cost,
        lines=lines + asked + off,
        units_milli=milli,
        by_amount_lines=asked,
        # Everybody asks for 25 pesos of it.
        by_amount_milli=np.round(asked * 25_00 * 1000 / price).astype(int),
        off_lines=off,
        off_milli=off * 1000,
        revenue_cents=np.round(milli * price / 1000).astype(int),
    )
    return frame[frame["lines"] > 0]
