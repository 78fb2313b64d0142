"""Products × days as one needs them to see how buyers answer a price: units, the price of each day, days left out."""

from __future__ import annotations

from collections.abc import Iterator
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
_PIECE_CELLS = 1 << 18
"""So many products × days are laid out at once: all of a large shop's would take GB."""


@dataclass(frozen=True)
class PricePanel:
    """Products and their days; what of them is products × days is laid out piece by piece."""

    products: IntArray  # (products,)
    category: IntArray  # (products,) position in CATEGORIES
    first: int  # day number of the first column
    traffic: FloatArray  # (days,) receipts of the shop against their mean; 0 = closed
    sold: PanelRows  # units
    priced: PanelRows  # cents, each from its day to its end
    sold_days: IntArray  # (products,) days with a sale
    n_prices: IntArray  # (products,) distinct, each of at least two selling days
    by_amount: FloatArray  # (products,) share of the lines of which one can tell
    off_price: FloatArray  # (products,) share of the lines bought by quantity
    left_out: FloatArray  # (products,) share of the units

    @property
    def is_judged_by_units(self) -> BoolArray:
        """Which products have units that could answer a price, shape (products,)."""
        return (self.by_amount <= MOST_BY_AMOUNT) & (self.off_price <= MOST_OFF_PRICE)

    def pieces(self) -> Iterator[slice]:
        """All products, as many at once as are well laid out together."""
        size = max(_PIECE_CELLS // len(self.traffic), 1)
        for start in range(0, len(self.products), size):
            yield slice(start, min(start + size, len(self.products)))

    def units(self, piece: slice) -> FloatArray:
        """Of each product on each day, (products, days); 0 on days it was not on sale."""
        mine = self.sold.of(piece)
        units = np.zeros((piece.stop - piece.start, len(self.traffic)))
        units[mine.place - piece.start, mine.day] = mine.value
        return units

    def prices(self, piece: slice) -> FloatArray:
        """Cents of each product on each day, (products, days); 0 where it was not on sale.

        On sale is a product from its first sale to its last, the shop open.
        """
        mine, length = self.priced.of(piece), len(self.traffic)
        row = (mine.place - piece.start) * length
        size = (piece.stop - piece.start) * length
        # Each price and, before it and at the end, the days without one.
        bounds = np.concatenate([[0], np.stack([row + mine.day, row + mine.end], axis=1).ravel(), [size]])
        values = np.zeros(len(bounds) - 1)
        values[1::2] = mine.value
        return np.repeat(values, np.diff(bounds)).reshape(-1, length) * (self.traffic > 0)


@dataclass(frozen=True)
class PanelRows:
    """Stretches of days of products, ordered by product and day; arrays of one length."""

    place: IntArray  # of the product
    day: IntArray  # column of the first day
    end: IntArray  # … and of the day after the last
    value: FloatArray

    def of(self, piece: slice) -> PanelRows:
        """Those of some products."""
        mine = slice(*np.searchsorted(self.place, [piece.start, piece.stop]))
        return PanelRows(self.place[mine], self.day[mine], self.end[mine], self.value[mine])


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
    units = (sure + unclear * (1 - by_amount[place])) / _PER_UNIT
    bought = np.bincount(
        place, rows[["units_milli", "unclear_milli", "by_amount_milli", "off_milli"]].sum(axis=1), count
    )
    category = np.zeros(count, np.int64)
    category[place] = rows["category"]
    priced, n_prices = _prices(rows, place, day, count)
    traffic = _traffic(shop, first, length)
    starts, ends = np.full(count, length), np.zeros(count, np.int64)
    np.minimum.at(starts, priced.place, priced.day)
    np.maximum.at(ends, priced.place, priced.end)
    is_sold = (starts[place] <= day) & (day < ends[place]) & (traffic[day] > 0)
    sold = PanelRows(place[is_sold], day[is_sold], day[is_sold] + 1, units[is_sold])
    kept = np.bincount(sold.place, sold.value, count)
    return PricePanel(
        products=products,
        category=category,
        first=first,
        traffic=traffic,
        sold=sold,
        priced=priced,
        sold_days=np.bincount(sold.place[sold.value > 0], minlength=count),
        n_prices=n_prices,
        by_amount=by_amount,
        off_price=off_price,
        left_out=1 - np.minimum(kept * _PER_UNIT / np.maximum(bought, 1), 1.0),
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


def _prices(rows: pd.DataFrame, place: IntArray, day: IntArray, count: int) -> tuple[PanelRows, IntArray]:
    """The price of every day between a product's first and last, and how many distinct ones it had."""
    cents = rows["price_cents"].to_numpy()
    is_told = cents > 0
    place, day, cents, is_exact = (
        place[is_told],
        day[is_told],
        cents[is_told],
        rows["is_exact"].to_numpy()[is_told],
    )
    price, start, end = np.zeros(len(place)), day.copy(), day + 1
    n_prices = np.zeros(count, np.int64)
    bounds = np.searchsorted(place, np.arange(count + 1))
    for product in np.unique(place):
        mine = slice(bounds[product], bounds[product + 1])
        held = _without_blips(_held(cents[mine], is_exact[mine]))
        days = day[mine]
        # Nobody saw the price change between two sales: each of them speaks for the half of the days that is nearer.
        # Were they all the older price's, an episode would always begin with a sale, and seem to sell more.
        border = (days[1:] + days[:-1] + 1) // 2
        price[mine], start[mine][1:], end[mine][:-1] = held, border, border
        n_prices[product] = (np.unique(held, return_counts=True)[1] >= 2).sum()
    return PanelRows(place, start, end, price), n_prices


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
