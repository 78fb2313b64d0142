"""What each product sold for, day by day.

Units at the day's price, and apart from them what was asked for by amount of money, at another price, or brought back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from colmado_insights.domain import PRICE_DAY_COLUMNS
from colmado_insights.progress import Progress
from colmado_insights.storage.catalog import read_category_codes, read_roots
from colmado_insights.storage.database import Database
from colmado_insights.storage.products import (
    PER_UNIT,
    ROUND_AMOUNTS,
    SAME_FRACTION,
    SAME_WHOLE,
    is_by_amount,
    medians,
)
from colmado_insights.storage.sales import SoldLines, read_sold_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS_AT_ONCE = 91
COIN_CENTS = 5_00
"""Who asks for an amount of money asks for a multiple of this."""
USUAL_PART = 125
"""An eighth: a multiple of it is a quantity one may ask for, whatever it comes to."""


def read_price_days(
    database: Database, first: int, last: int, progress: Progress | None = None
) -> pd.DataFrame:
    """Prices, costs and units of all products between two day numbers (PRICE_DAY_COLUMNS); merged ones count as one."""
    roots, codes = read_roots(database), read_category_codes(database)
    # A piece at a time, so that it can be stopped between them.
    pieces = []
    for start in range(first, last + 1, DAYS_AT_ONCE):
        if progress:
            progress.step()
        end = min(start + DAYS_AT_ONCE - 1, last)
        lines = read_sold_lines(database, start, end)
        lines = SoldLines(roots[lines.product], lines.day, lines.quantity, lines.amount, lines.cost)
        pieces.append(sum_price_days(lines, codes, start, end))
    days = pd.concat(pieces).sort_values(["product_id", "day"], ignore_index=True)
    product, day = days["product_id"].to_numpy(), days["day"].to_numpy()
    cost = _with_told(_read_told(database, last), product, day, days["cost_cents"].to_numpy())
    return days.assign(cost_cents=cost).astype(PRICE_DAY_COLUMNS)


def sum_price_days(lines: SoldLines, codes: NDArray[np.int8], first: int, last: int) -> pd.DataFrame:
    """The days of lines between two day numbers (PRICE_DAY_COLUMNS), costs as they tell them on the day.

    `codes` says each product's category by its id.
    """
    span = max(last - first + 1, 1)
    keys, place = np.unique(lines.product * span + lines.day - first, return_inverse=True)
    is_bought = (lines.quantity > 0) & (lines.amount > 0)
    by_amount, unclear = _told_apart(lines, is_bought)
    unit = np.rint(lines.amount * PER_UNIT / np.where(is_bought, lines.quantity, 1)).astype(np.int64)
    is_whole = lines.quantity % PER_UNIT == 0
    price, is_exact = _day_prices(place, unit, is_bought & ~by_amount, is_whole, len(keys))
    near = np.where(is_whole & is_exact[place], SAME_WHOLE, SAME_FRACTION) * price[place]
    is_off = is_bought & ~by_amount & (np.abs(unit - price[place]) > near)
    unclear &= ~is_off
    is_round = is_bought & ~is_off & is_whole & np.isin(lines.amount, ROUND_AMOUNTS)
    parts = {
        "units": is_bought & ~by_amount & ~unclear & ~is_off,
        "unclear": unclear,
        "by_amount": by_amount,
        "off": is_off,
    }
    found = {
        "product_id": keys // span,
        "day": keys % span + first,
        "price_cents": price,
        "is_exact": is_exact,
        "cost_cents": _line_costs(lines, place, len(keys)),
        "lines": np.bincount(place[is_bought], minlength=len(keys)),
        "round_lines": np.bincount(place[is_round], minlength=len(keys)),
        "returned_milli": -_sums(place, np.minimum(lines.quantity, 0), len(keys)),
        "revenue_cents": _sums(place, lines.amount, len(keys)),
    }
    for name, which in parts.items():
        found[f"{name}_milli"] = _sums(place, lines.quantity * which, len(keys))
        found[f"{name}_lines"] = np.bincount(place[which], minlength=len(keys))
    found["category"] = codes[found["product_id"]]
    return pd.DataFrame(found)[list(PRICE_DAY_COLUMNS)].astype(PRICE_DAY_COLUMNS)


def _told_apart(
    lines: SoldLines, is_bought: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which lines were surely asked for by amount, and of which nobody can tell.

    A broken quantity for an amount that coins make up was asked for by amount; half a pound that happens to
    come to 25 pesos may have been either.
    """
    is_broken = is_bought & (lines.quantity % PER_UNIT != 0)
    is_part = lines.quantity % USUAL_PART == 0
    by_amount = is_broken & ~is_part & (lines.amount % COIN_CENTS == 0)
    return by_amount, is_broken & is_part & is_by_amount(lines.quantity, lines.amount)


def _day_prices(
    place: NDArray[np.int64],
    unit: NDArray[np.int64],
    is_priced: NDArray[np.bool_],
    is_whole: NDArray[np.bool_],
    size: int,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The price of each day, 0 where no line tells it, and whether whole units told it: they speak before fractions."""
    price, is_exact = np.zeros(size, np.int64), np.zeros(size, np.bool_)
    for which, exact in ((is_priced & ~is_whole, False), (is_priced & is_whole, True)):
        told = medians(place[which], unit[which])
        at = np.fromiter(told.keys(), np.int64, len(told))
        price[at] = np.fromiter(told.values(), np.int64, len(told))
        is_exact[at] = exact
    return price, is_exact


def _line_costs(lines: SoldLines, place: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Cost of one unit as the day's lines tell it, 0 where none does."""
    is_costed = (lines.cost > 0) & (lines.quantity > 0)
    unit = np.rint(lines.cost[is_costed] * PER_UNIT / lines.quantity[is_costed]).astype(np.int64)
    told = medians(place[is_costed], unit)
    cost = np.zeros(size, np.int64)
    cost[np.fromiter(told.keys(), np.int64, len(told))] = np.fromiter(told.values(), np.int64, len(told))
    return cost


def _sums(place: NDArray[np.int64], values: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    # Sums of cents stay far below 2**53, where floats are exact.
    return np.rint(np.bincount(place, weights=values, minlength=size)).astype(np.int64)


def _read_told(database: Database, last: int) -> NDArray[np.int64]:
    """What was told of costs: rows of product, day, cents, ordered so; the owner's word is the last of its day."""
    rows = database.read(
        "SELECT coalesce(merged_into, id), day, product_cost.cost_cents FROM product_cost"
        " JOIN product ON id = product_id WHERE day <= ? ORDER BY 1, 2, source = 'owner'",
        (last,),
    )
    return np.array(rows, np.int64).reshape(-1, 3)


def _with_told(
    told: NDArray[np.int64], product: NDArray[np.int64], day: NDArray[np.int64], cost: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Cost a day: what was told on it or before it, else what its lines say, else what earlier lines said."""
    filled = pd.Series(cost).where(cost > 0).groupby(product).ffill().fillna(0).to_numpy(np.int64)
    if not len(told):
        return filled
    span = int(max(day.max(initial=0), told[:, 1].max())) + 1
    before = np.searchsorted(told[:, 0] * span + told[:, 1], product * span + day, side="right") - 1
    is_told = (before >= 0) & (told[before, 0] == product)
    return np.where(is_told, told[before, 2], filled)


def read_costs_state(database: Database) -> str:
    """A word that changes whenever what was told of costs does."""
    count, days, cents = database.read(
        "SELECT count(*), coalesce(sum(day), 0), coalesce(sum(cost_cents * (product_id + day)), 0) FROM product_cost"
    )[0]
    return f"{count}:{days}:{cents}"
