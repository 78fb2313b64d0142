"""What all customers of a shop do together: the measure by which one of them prefers anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.brands import BrandWords, ProductBrand, find_brands
from colmado_insights.analytics.door import check_frame
from colmado_insights.domain import (
    CATEGORY_CODE,
    LINE_COLUMNS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    Category,
    SaleKind,
    day_number,
    day_of,
)

Counts = NDArray[np.int64]

PRICE_BIN_DAYS = 30
PRICE_BINS = 13
"""A usual price is that of thirty days; a year of them is kept, the newest first."""
BARGAIN_PART = 0.97
"""A bargain is paid at this part of the usual price or less."""
TREATS = (Category.SNACKS, Category.BEVERAGES)
MOST_TREAT_LINES = 2
LEAST_PRICED_LINES = 5
_ROUND_CENTS = (500, 1000, 1500, 2000, 2500, 5000, 10000)
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Crowd:
    """The customs of all receipts of a shop from one day to another, both included."""

    since: date
    until: date
    receipts: int  # sales
    hours: tuple[int, ...]  # sales with a time in each of 24 hours
    weekdays: tuple[int, ...]  # 0 = Sunday
    lines: dict[int, int]  # lines sold of each product
    categories: dict[int, int]  # code of each product sold
    brands: dict[int, ProductBrand]  # of the products that have one
    usual_cents: dict[int, tuple[int, ...]]  # unit price by 30 days, newest first; 0 unknown
    by_amount: tuple[int, ...]  # products mostly sold by amount: "deme 25 pesos de salami"
    bargain_share: float  # of lines with a usual price
    treat_share: float  # of receipts: one or two lines, nothing but treats


@dataclass(frozen=True, slots=True)
class SoldLines:
    """The lines of sales as arrays of one length; `unit` is cents a unit, 0 where there is no price to speak of."""

    receipt: Counts
    product: Counts
    category: Counts
    quantity: Counts
    amount: Counts
    day: Counts
    unit: Counts
    is_by_amount: NDArray[np.bool_]

    def where(self, is_wanted: NDArray[np.bool_]) -> SoldLines:
        """Some of the lines, in their order."""
        return SoldLines(*(getattr(self, field.name)[is_wanted] for field in fields(self)))

    def between(self, first: int, last: int) -> SoldLines:
        """The lines from one day number to another, both included."""
        return self.where((self.day >= first) & (self.day <= last))

    def among(self, products: pd.DataFrame) -> SoldLines:
        """The lines of products that the catalogue names."""
        return self.where(np.isin(self.product, products["product_id"].to_numpy()))


def compute_crowd(
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    products: pd.DataFrame,
    *,
    until: date,
    words: BrandWords | None = None,
) -> Crowd:
    """Sum up what all customers do, anonymous ones included; made once for all profiles.

    Parameters
    ----------
    receipts, lines : DataFrame
        RECEIPT_COLUMNS and LINE_COLUMNS of the whole shop, or of its last year.
    products : DataFrame
        `product_id`, `name` and `category` (code) of the catalogue, best without VARIOS and its like: what is
        not in it is sold, but is no product that one could come back to.
    until : date
        Last day looked at.
    words : BrandWords, optional
        What `brands.read_brand_words` gives; without it no brand is known.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    check_frame(lines, LINE_COLUMNS, "lines")
    last = day_number(until)
    sales = find_sales(receipts, last)
    sold = find_sold_lines(receipts, lines, last)
    named = sold.among(products)
    sold_times = np.bincount(named.product)
    asked = np.bincount(named.product[named.is_by_amount], minlength=sold_times.size)
    known, place = np.unique(named.product, return_index=True)
    usual = _usual_cents(named, last)
    is_priced, is_bargain = find_bargains(named, usual, last)
    times = receipts["sold_at"].to_numpy()[sales]
    timed = times[receipts["has_time"].to_numpy()[sales]]
    catalogue = zip(products["product_id"], products["name"], products["category"], strict=True)
    return Crowd(
        since=day_of(int(times.min()) // SECONDS_A_DAY) if times.size else until,
        until=until,
        receipts=int(sales.sum()),
        hours=tuple(np.bincount(timed % SECONDS_A_DAY // 3600, minlength=24).tolist()),
        weekdays=tuple(np.bincount((times // SECONDS_A_DAY + 4) % 7, minlength=7).tolist()),
        lines={int(product): int(sold_times[product]) for product in np.flatnonzero(sold_times)},
        categories=dict(zip(known.tolist(), named.category[place].tolist(), strict=True)),
        brands=find_brands(catalogue, words) if words else {},
        usual_cents=usual,
        by_amount=tuple(np.flatnonzero(asked > _MOSTLY * np.maximum(sold_times, 1)).tolist()),
        bargain_share=_share(int(is_bargain.sum()), int(is_priced.sum())),
        treat_share=_share(int(find_treats(sold, len(receipts)).sum()), int(sales.sum())),
    )


def find_sales(receipts: pd.DataFrame, last: int) -> NDArray[np.bool_]:
    """Which receipts are sales up to a day."""
    is_sale = receipts["kind"].to_numpy() == SaleKind.SALE
    return np.asarray(is_sale & (receipts["sold_at"].to_numpy() // SECONDS_A_DAY <= last))


def find_sold_lines(receipts: pd.DataFrame, lines: pd.DataFrame, last: int) -> SoldLines:
    """The lines of sales up to a day that brought something, in their order."""
    receipt = lines["receipt"].to_numpy()
    quantity, amount = lines["quantity_milli"].to_numpy(), lines["amount_cents"].to_numpy()
    is_sold = find_sales(receipts, last)[receipt] & (quantity > 0) & (amount > 0)
    receipt, quantity, amount = receipt[is_sold], quantity[is_sold], amount[is_sold]
    is_by_amount = (quantity % 1000 != 0) & np.isin(amount, _ROUND_CENTS)
    return SoldLines(
        receipt=receipt,
        product=lines["product_id"].to_numpy()[is_sold],
        category=lines["category"].to_numpy()[is_sold].astype(np.int64),
        quantity=quantity,
        amount=amount,
        day=receipts["sold_at"].to_numpy()[receipt] // SECONDS_A_DAY,
        unit=np.where(is_by_amount, 0, np.rint(amount * 1000 / quantity)).astype(np.int64),
        is_by_amount=is_by_amount,
    )


def find_bargains(
    sold: SoldLines, usual: Mapping[int, tuple[int, ...]], last: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which lines have a usual price, and which were paid clearly under it.

    Usual is the higher of the prices of its own thirty days and the thirty before: a price that was cut is a
    bargain for a month, and then the price.
    """
    if not usual:
        none = np.zeros(sold.unit.size, dtype=bool)
        return none, none
    known = np.array(sorted(usual))
    table = np.array([usual[product] for product in known.tolist()])
    place = np.minimum(np.searchsorted(known, sold.product), known.size - 1)
    age = (last - sold.day) // PRICE_BIN_DAYS
    is_in = (known[place] == sold.product) & (age < PRICE_BINS) & (sold.unit > 0)
    now = table[place, np.minimum(age, PRICE_BINS - 1)]
    before = table[place, np.minimum(age + 1, PRICE_BINS - 1)]
    price = np.maximum(now, before)
    is_priced = is_in & (price > 0)
    return is_priced, is_priced & (sold.unit <= BARGAIN_PART * price)


def find_treats(sold: SoldLines, receipts: int) -> NDArray[np.bool_]:
    """Which receipts are one or two lines of nothing but snacks and soft drinks."""
    codes = [CATEGORY_CODE[category] for category in TREATS]
    count = np.bincount(sold.receipt, minlength=receipts)
    treats = np.bincount(sold.receipt[np.isin(sold.category, codes)], minlength=receipts)
    return np.asarray((count > 0) & (count <= MOST_TREAT_LINES) & (treats == count))


def _usual_cents(sold: SoldLines, last: int) -> dict[int, tuple[int, ...]]:
    """The median unit price of each product in each thirty days, 0 where under five lines tell it."""
    age = (last - sold.day) // PRICE_BIN_DAYS
    is_told = (sold.unit > 0) & (age < PRICE_BINS)
    key, unit = sold.product[is_told] * PRICE_BINS + age[is_told], sold.unit[is_told]
    order = np.lexsort((unit, key))
    key, unit = key[order], unit[order]
    groups, start, count = np.unique(key, return_index=True, return_counts=True)
    medians = unit[start + count // 2]
    usual: dict[int, list[int]] = {}
    for group, median, told in zip(groups.tolist(), medians.tolist(), count.tolist(), strict=True):
        if told >= LEAST_PRICED_LINES:
            usual.setdefault(group // PRICE_BINS, [0] * PRICE_BINS)[group % PRICE_BINS] = median
    return {product: tuple(cents) for product, cents in usual.items()}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
