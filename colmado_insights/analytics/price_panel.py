"""Products × days as one needs them to see how buyers answer a price: units, the price of each day, days left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.domain import DAILY_COLUMNS

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SAME_EXACT, SAME_ROUNDED = 0.005, 0.02
"""Prices this near are one price: amounts are rounded to cents, and those of fractions magnify it."""
MOST_BY_AMOUNT = 0.5
"""A product of which more is asked for by amount has no units that could answer a price."""
MOST_OFF_PRICE = 0.5
"""A product of which more sells at another price than the day's has no price: each sale's is typed by hand."""
_LEAST_BY_AMOUNT = 0.03
_PER_UNIT = 1000.0


@dataclass(frozen=True)
class PricePanel:
    """Rows are products, columns days; all arrays of shape (products, days) unless said otherwise."""

    products: IntArray  # (products,)
    category: IntArray  # (products,) position in CATEGORIES
    first: int  # day number of the first column
    traffic: FloatArray  # (days,) receipts of the shop against their mean; 0 = closed
    units: FloatArray  # 0 on days it was not on sale
    is_sold: BoolArray  # on sale: from its first sale to its last, the shop open
    price: FloatArray  # cents; NaN where not on sale
    sold_days: IntArray  # (products,) days with a sale
    n_prices: IntArray  # (products,) distinct, each of at least two selling days
    by_amount: FloatArray  # (products,) share of the lines of which one can tell
    off_price: FloatArray  # (products,) share of the lines bought by quantity
    left_out: FloatArray  # (products,) share of the units

    @property
    def is_judged_by_units(self) -> BoolArray:
        """Which products have units that could answer a price, shape (products,)."""
        return (self.by_amount <= MOST_BY_AMOUNT) & (self.off_price <= MOST_OFF_PRICE)


def make_panel(price_days: pd.DataFrame, shop: pd.DataFrame, until: int, history_days: int) -> PricePanel:
    """Lay the last days out.

    Parameters
    ----------
    price_days : DataFrame
        PRICE_DAY_COLUMNS; at least one row between the first and the last day.
    shop : DataFrame
        DAILY_COLUMNS of the whole shop.
    until, history_days : int
        Day number of the last day, and how many days end with it.
    """
    rows = price_days[(price_days["day"] <= until) & (price_days["day"] > until - history_days)]
    rows = rows[rows["lines"] > 0].sort_values(["product_id", "day"])
    first = int(rows["day"].min())
    length = until - first + 1
    products, place = np.unique(rows["product_id"].to_numpy(), return_inverse=True)
    count = len(products)
    by_amount = _by_amount(rows, place, count)
    off_price = _share(rows, "off_lines", rows["lines"] - rows["by_amount_lines"], place, count)
    day = rows["day"].to_numpy() - first
    # Where nobody can tell, as many are taken for asked by quantity as are of those of which one can.
    sure, unclear = rows["units_milli"].to_numpy(), rows["unclear_milli"].to_numpy()
    units = np.zeros((count, length))
    units[place, day] = (sure + unclear * (1 - by_amount[place])) / _PER_UNIT
    bought = np.bincount(
        place, rows[["units_milli", "unclear_milli", "by_amount_milli", "off_milli"]].sum(axis=1), count
    )
    category = np.zeros(count, np.int64)
    category[place] = rows["category"]
    price, n_prices = _prices(rows, place, day, (count, length))
    traffic = _traffic(shop, first, length)
    is_sold = ~np.isnan(price) & (traffic > 0)
    units = np.where(is_sold, units, 0.0)
    return PricePanel(
        products=products,
        category=category,
        first=first,
        traffic=traffic,
        units=units,
        is_sold=is_sold,
        price=np.where(is_sold, price, np.nan),
        sold_days=(units > 0).sum(axis=1),
        n_prices=n_prices,
        by_amount=by_amount,
        off_price=off_price,
        left_out=1 - np.minimum(units.sum(axis=1) * _PER_UNIT / np.maximum(bought, 1), 1.0),
    )


def _by_amount(rows: pd.DataFrame, place: IntArray, count: int) -> FloatArray:
    """What part of each product is asked for by amount, by the lines and the prices of which one can tell.

    At RD$10 a pound every amount is a usual quantity too, at RD$9 none is. Where few lines can tell, as of what is
    sold by the piece for a round price, a stray one proves nothing.
    """
    unclear = rows["unclear_lines"] + rows["round_lines"]
    by_price = [rows["product_id"], rows["price_cents"]]
    can_tell = unclear.groupby(by_price).transform("sum") <= 0.5 * rows["lines"].groupby(by_price).transform(
        "sum"
    )
    telling = rows[["by_amount_lines", "lines"]].where(can_tell, 0)
    share = _share(telling, "by_amount_lines", telling["lines"] - unclear.where(can_tell, 0), place, count)
    asked = np.bincount(place, rows["by_amount_lines"].to_numpy(), count)
    lines = np.bincount(place, rows["lines"].to_numpy(), count)
    return np.where(asked >= _LEAST_BY_AMOUNT * lines, share, 0.0)


def _share(rows: pd.DataFrame, part: str, whole: pd.Series[int], place: IntArray, count: int) -> FloatArray:
    parts = np.bincount(place, rows[part].to_numpy(), count)
    wholes = np.bincount(place, whole.to_numpy(), count)
    return np.asarray(parts / np.maximum(wholes, 1))


def _traffic(shop: pd.DataFrame, first: int, length: int) -> FloatArray:
    """Receipts of each day against their mean."""
    days = shop["day"].to_numpy() - first
    receipts = np.zeros(length)
    inside = (days >= 0) & (days < length)
    receipts[days[inside]] = shop[list(DAILY_COLUMNS)]["receipts"].to_numpy()[inside]
    mean = receipts[receipts > 0].mean() if receipts.any() else 1.0
    return np.asarray(receipts / mean)


def _prices(
    rows: pd.DataFrame, place: IntArray, day: IntArray, shape: tuple[int, int]
) -> tuple[FloatArray, IntArray]:
    """The price of every day between a product's first and last, and how many distinct ones it had."""
    price, n_prices = np.full(shape, np.nan), np.zeros(shape[0], np.int64)
    told = rows["price_cents"].to_numpy()
    is_exact = rows["is_exact"].to_numpy()
    bounds = np.searchsorted(place, np.arange(shape[0] + 1))
    for product in range(shape[0]):
        mine = np.arange(bounds[product], bounds[product + 1])
        mine = mine[told[mine] > 0]
        if not len(mine):
            continue
        held = _without_blips(_held(told[mine], is_exact[mine]))
        days = day[mine]
        # Nobody saw the price change between two sales: each of them speaks for the half of the days that is nearer.
        # Were they all the older price's, an episode would always begin with a sale, and seem to sell more.
        border = (days[1:] + days[:-1] + 1) // 2
        price[product, days[0] : days[-1] + 1] = np.repeat(
            held, np.diff(np.concatenate([[days[0]], border, [days[-1] + 1]]))
        )
        n_prices[product] = (np.unique(held, return_counts=True)[1] >= 2).sum()
    return price, n_prices


def _held(told: IntArray, is_exact: BoolArray) -> FloatArray:
    """Prices without the noise of rounding: as before while so near to it."""
    held = np.empty(len(told))
    now = 0.0
    for at, (cents, exact) in enumerate(zip(told.tolist(), is_exact.tolist(), strict=True)):
        if abs(cents - now) > (SAME_EXACT if exact else SAME_ROUNDED) * now:
            now = float(cents)
        held[at] = now
    return held


def _without_blips(held: FloatArray) -> FloatArray:
    """A price of one day between two days of another was somebody's favour, not the price."""
    smooth = held.copy()
    is_blip = (held[1:-1] != held[:-2]) & (held[2:] == held[:-2])
    smooth[1:-1][is_blip] = held[:-2][is_blip]
    return smooth
