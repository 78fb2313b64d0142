"""Days of the past on which customers are looked at as they were then, to learn from what followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.btyd import (
    PurchaseModel,
    SpendModel,
    Variant,
    fit_bgnbd,
    fit_gamma_gamma,
)
from colmado_insights.analytics.customer_features import WINDOWS, customer_features
from colmado_insights.domain import SECONDS_A_DAY, SaleKind, day_number, day_of
from colmado_insights.progress import Progress

LEAST_PAST_DAYS = 30
"""What lies before a cut-off, at least."""
LEAST_CUSTOMERS = 20
"""With fewer customers nothing is learnt: simple rules answer, and say so."""
LEAST_ROWS = 100
"""Customers at past cut-offs that trees need to learn from."""
MOST_ROWS = 8_000
"""Customers at past cut-offs that are learnt from, picked at random where there are more."""
ENOUGH_TRIED = 4_000
"""With so many customers tried, methods are told apart: no further cut-off is tried."""

FloatArray = NDArray[np.float64]
_SHAPES = ("gap_spread", "lateness_rank", "basket_trend", "basket_spread", "categories")
_CENTS = ("spent_cents", "avg_basket_cents", *(f"spent_{days}" for days in WINDOWS))
_A_LITTLE = 0.1
"""Visits in 90 days that stand for none in a logarithm."""


@dataclass(frozen=True)
class Cut:
    """The known customers at the end of a day, and the probabilistic models fitted to that day's knowledge."""

    day: int
    features: pd.DataFrame

    def __len__(self) -> int:
        return len(self.features)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The customers, in order."""
        return self.features["customer_id"].to_numpy()

    def column(self, name: str) -> FloatArray:
        """One feature of all customers."""
        return self.features[name].to_numpy()

    @property
    def seen(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Repeat visits, day of the last and age of each customer, as the models want them."""
        age = self.column("age_days")
        return self.column("visits") - 1, age - self.column("recency_days"), age

    def with_columns(self, columns: Mapping[str, FloatArray]) -> Cut:
        """The same customers and models, were these features so."""
        other = Cut(self.day, self.features.assign(**columns))
        other.__dict__.update(purchases=self.purchases, spend=self.spend)  # what is cached is not fitted anew
        return other

    @cached_property
    def purchases(self) -> dict[Variant, PurchaseModel]:
        """Both models of how customers come and leave."""
        return {variant: fit_bgnbd(*self.seen, variant=variant) for variant in Variant}

    @cached_property
    def spend(self) -> SpendModel:
        """The model of what they spend a visit."""
        return fit_gamma_gamma(self.column("visits"), self.visit_cents)

    @property
    def visit_cents(self) -> FloatArray:
        """What each customer spent a visit so far."""
        return self.column("avg_basket_cents") * self.column("receipts") / self.column("visits")

    def expected_visits(self, variant: Variant, ahead: FloatArray | float) -> FloatArray:
        """Visits that a model expects in the days ahead."""
        return self.purchases[variant].visits(*self.seen, ahead)

    def expected_cents(self, variant: Variant, ahead: FloatArray | float) -> FloatArray:
        """Spending that a model expects in the days ahead, never negative."""
        mean = self.spend.mean(self.column("visits"), self.visit_cents)
        return self.expected_visits(variant, ahead) * mean

    def pace_cents(self, ahead: FloatArray | float) -> FloatArray:
        """Spending in the days ahead at the pace of the last weeks."""
        return self.column("pace_45") * self.visit_cents * ahead


@dataclass(frozen=True)
class Sales:
    """What known customers bought, by customer and day: to see what followed a cut-off."""

    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    cents: FloatArray
    is_sale: NDArray[np.bool_]

    @classmethod
    def of(cls, receipts: pd.DataFrame, until: date) -> Sales:
        """Known customers' receipts up to a day."""
        day = receipts["sold_at"].to_numpy() // SECONDS_A_DAY
        counts = (receipts["customer_id"].to_numpy() > 0) & (day <= day_number(until))
        return cls(
            receipts["customer_id"].to_numpy()[counts],
            day[counts],
            receipts["total_cents"].to_numpy()[counts].astype(np.float64),
            receipts["kind"].to_numpy()[counts] == SaleKind.SALE,
        )

    def days(self, until: date) -> int:
        """How many days there are from the first sale to the last that counts."""
        return day_number(until) - int(self.day.min()) + 1 if len(self.day) else 0

    def cents_after(self, cut: Cut, ahead: int) -> FloatArray:
        """What each customer of a cut-off spent in the days after it, refunds taken off."""
        place, counts = self._place(cut)
        counts &= (self.day > cut.day) & (self.day <= cut.day + ahead)
        return np.bincount(place[counts], self.cents[counts], len(cut)).astype(np.float64)

    def days_to_next(self, cut: Cut) -> FloatArray:
        """Days until each customer of a cut-off bought again; infinite where that was not seen."""
        place, counts = self._place(cut)
        counts &= self.is_sale & (self.day > cut.day)
        wait = np.full(len(cut), np.inf)
        np.minimum.at(wait, place[counts], (self.day[counts] - cut.day).astype(np.float64))
        return wait

    def _place(self, cut: Cut) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Each receipt's customer as a position in the cut-off, and whether the customer was known by then."""
        place = np.minimum(np.searchsorted(cut.ids, self.customer), len(cut) - 1)
        return place, cut.ids[place] == self.customer


def take_cut(receipts: pd.DataFrame, lines: pd.DataFrame | None, day: int) -> Cut:
    """Look at the customers as they were known at the end of a day."""
    return Cut(day, customer_features(receipts, lines, day_of(day)))


def look_back(
    receipts: pd.DataFrame, lines: pd.DataFrame | None, days: Sequence[int], progress: Progress
) -> list[Cut]:
    """The cut-offs of these days that know anybody, in their order; may be cancelled between them."""
    cuts = []
    for done, day in enumerate(days):
        progress.step(done, len(days) + 1)
        cuts.append(take_cut(receipts, lines, day))
    return [cut for cut in cuts if len(cut)]


def cut_days(sales: Sales, until: date, ahead: int, most: int) -> list[int]:
    """Days to look back to, newest first: half a horizon apart, a whole one before the end."""
    step = max(ahead // 2, 15)
    newest, oldest = day_number(until) - ahead, int(sales.day.min()) + LEAST_PAST_DAYS - 1
    return list(range(newest, oldest - 1, -step))[:most]


def design(cut: Cut, ahead: FloatArray | float) -> FloatArray:
    """Everything known of each customer as columns for trees and regressions.

    Counts, days and cents as logs; beside them what the models expect of the days ahead, and how the last weeks'
    spending stands to that. Shape (customers, columns).
    """
    columns = []
    # The gap of who came once is not known; the rhythm is.
    for name in cut.features.columns.drop(["customer_id", "gap_days"]):
        values = cut.column(name)
        if name in _CENTS:
            values = np.log1p(np.maximum(values, 0) / 100)
        elif name.startswith("pace"):
            values = np.log(values * 90 + _A_LITTLE)
        elif name not in _SHAPES and "share" not in name:
            values = np.log1p(values)
        columns.append(values)
    expected = cut.expected_cents(Variant.MBGNBD, ahead)
    columns += [np.log1p(expected / 100), np.log1p(cut.pace_cents(ahead) / 100)]
    daily = expected / ahead / 100
    for days in WINDOWS:
        recent = np.maximum(cut.column(f"spent_{days}"), 0) / days / 100
        columns.append(np.log((recent + 1) / (daily + 1)))
    return np.column_stack(columns)


def some_rows(count: int) -> NDArray[np.int64]:
    """At most MOST_ROWS positions, the same ones each time."""
    if count <= MOST_ROWS:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, MOST_ROWS, replace=False))
