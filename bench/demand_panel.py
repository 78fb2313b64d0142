"""A till's file as a panel: units of each product a day, the shop's days beside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.demand import Family
from colmado_insights.domain import (
    CATEGORIES,
    DAILY_COLUMNS,
    PRODUCT_SERIES_COLUMNS,
    SERIES_COLUMNS,
    Category,
)

_NAMES = {
    "receipt": ("receipt_number", "invoice"),
    "when": ("datetime", "Order Date"),
    "product": ("product", "description"),
    "family": ("department",),
    "quantity": ("quantity", "Quantity"),
    "amount": ("amount",),
    "price": ("Product Price",),
}


@dataclass(frozen=True)
class Panel:
    """One shop: `series` has PRODUCT_SERIES_COLUMNS, `shop` DAILY_COLUMNS; days run on without gaps of rows.

    The file's own families take the places of our categories, the largest first, the rest together.
    """

    file: str
    series: pd.DataFrame
    shop: pd.DataFrame

    @property
    def first(self) -> int:
        """Day number of the first day."""
        return int(self.shop["day"].min())

    @property
    def last(self) -> int:
        """Day number of the last day."""
        return int(self.shop["day"].max())

    def until(self, day: int) -> Panel:
        """What was known at the end of a day."""
        series, shop = self.series, self.shop
        return Panel(self.file, series[series["day"] <= day], shop[shop["day"] <= day])

    def top(self, count: int) -> list[int]:
        """The products that sold most units in the year before the last day, most first."""
        recent = self.series[self.series["day"] > self.last - 364]
        units = recent.groupby("product_id")["units_milli"].sum()
        return [int(key) for key in units.sort_values(ascending=False, kind="stable").index[:count]]

    def of(self, products: list[int]) -> pd.DataFrame:
        """The rows of some products."""
        return self.series[self.series["product_id"].isin(products)].reset_index(drop=True)

    def families(self) -> dict[Category, Family]:
        """Each category's days and how many products it sells."""
        answer = {}
        for code, part in self.series.groupby("category"):
            days = part.groupby("day", as_index=False)[["units_milli", "revenue_cents"]].sum()
            recent = part[part["day"] > self.last - 90]
            family = Family(days.astype(SERIES_COLUMNS), recent["product_id"].nunique())
            answer[CATEGORIES[int(str(code))]] = family
        return answer

    def matrix(self, products: list[int]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Units (days, products) in whole ones, and which days the shop was open (days,)."""
        days = range(self.first, self.last + 1)
        wide = self.of(products).pivot_table(
            index="day", columns="product_id", values="units_milli", aggfunc="sum", fill_value=0
        )
        units = wide.reindex(index=days, columns=products, fill_value=0).to_numpy(dtype=np.float64) / 1000
        return units, np.isin(np.array(days), self.shop["day"].to_numpy())


def read_panel(path: Path) -> Panel:
    """Read the grocery's or the take-away's file (CSV, gzip or not), by the names of its columns.

    The last day is left out, for an export may cut it off.
    """
    lines = pd.read_csv(path)
    when = column_of(lines, "when")
    moment = pd.to_datetime(when, dayfirst="/" in str(when.iloc[0]), format="mixed")
    quantity = column_of(lines, "quantity")
    has_amount, has_family = (name_of(lines, key) is not None for key in ("amount", "family"))
    amount = column_of(lines, "amount") if has_amount else quantity * column_of(lines, "price")
    frame = pd.DataFrame(
        {
            "receipt": column_of(lines, "receipt"),
            "day": (moment.dt.normalize() - pd.Timestamp(0)).dt.days,
            "product_id": pd.factorize(column_of(lines, "product"))[0] + 1,
            "category": _codes(column_of(lines, "family")) if has_family else 0,
            "units_milli": (quantity * 1000).round().astype("int64"),
            "revenue_cents": (amount * 100).round().astype("int64"),
        }
    )
    frame = frame[frame["day"] < frame["day"].max()]
    days = frame.groupby("day").agg(
        receipts=("receipt", "nunique"),
        lines=("receipt", "size"),
        units_milli=("units_milli", "sum"),
        revenue_cents=("revenue_cents", "sum"),
    )
    shop = days.reset_index().assign(returns_cents=0)[list(DAILY_COLUMNS)].astype(DAILY_COLUMNS)
    sums = frame.groupby(["product_id", "day"], as_index=False).agg(
        category=("category", "first"),
        units_milli=("units_milli", "sum"),
        revenue_cents=("revenue_cents", "sum"),
    )
    return Panel(path.name, sums[list(PRODUCT_SERIES_COLUMNS)].astype(PRODUCT_SERIES_COLUMNS), shop)


def name_of(lines: pd.DataFrame, key: str) -> str | None:
    """What the file calls a column, by what it is; None when it has none such."""
    return next((name for name in _NAMES[key] if name in lines.columns), None)


def column_of(lines: pd.DataFrame, key: str) -> pd.Series[Any]:
    """A column by what it is: receipt, when, product, family, quantity, amount or price."""
    name = name_of(lines, key)
    if name is None:
        raise KeyError(f"no column {key}: the file has {', '.join(lines.columns)}")
    return lines[name]


def _codes(families: pd.Series[str]) -> pd.Series[int]:
    """The families as positions in CATEGORIES: the largest keep their own, the rest share the last."""
    largest = families.value_counts().index[: len(CATEGORIES) - 1]
    codes = {name: code for code, name in enumerate(largest)}
    return families.map(codes).fillna(len(CATEGORIES) - 1).astype("int8")
