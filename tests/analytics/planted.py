"""Receipts of a shop whose segments are known, as frames of features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.features import compute_features
from colmado_insights.domain import (
    CATEGORIES,
    CATEGORY_CODE,
    LINE_COLUMNS,
    RECEIPT_COLUMNS,
    Category,
    SaleKind,
    day_number,
)

UNTIL = date(2026, 3, 31)


@dataclass(frozen=True)
class Mission:
    """Why some people come: for what, at what hour, with how many lines of about how many pesos."""

    share: float
    goods: Mapping[Category, float]
    hour: float
    lines: float = 1.4
    pesos: float = 70.0
    hour_spread: float = 1.5


MISSIONS: tuple[Mission, ...] = (
    Mission(0.16, {Category.BAKERY: 0.8, Category.STAPLES: 0.2}, 7.5),
    Mission(0.14, {Category.STAPLES: 0.75, Category.FRESH: 0.25}, 11.5, lines=2.5),
    Mission(0.12, {Category.ALCOHOL: 0.9, Category.SNACKS: 0.1}, 21.5, pesos=180),
    Mission(0.12, {Category.SNACKS: 0.9, Category.BEVERAGES: 0.1}, 16, pesos=35),
    Mission(0.12, {Category.BEVERAGES: 0.95, Category.SNACKS: 0.05}, 14, pesos=50),
    Mission(0.10, {Category.HOUSEHOLD: 0.9, Category.PERSONAL_CARE: 0.1}, 10, lines=2),
    Mission(0.09, {Category.MEAT: 0.9, Category.FRESH: 0.1}, 18, pesos=110),
    Mission(0.08, {Category.TOBACCO: 1.0}, 13, lines=1, hour_spread=4),
    Mission(0.07, {Category.RECHARGES: 1.0}, 12, lines=1, pesos=100, hour_spread=4),
)
"""Nine segments with something in common: not all of a basket is of its mission."""


def plant(
    missions: tuple[Mission, ...] = MISSIONS,
    *,
    receipts: int = 3_000,
    days: int = 30,
    seed: int = 0,
    until: date = UNTIL,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Features of so many sales in the days up to `until`, and the mission of each."""
    rng = np.random.default_rng(seed)
    share = np.array([mission.share for mission in missions])
    mission = rng.choice(len(missions), receipts, p=share / share.sum())
    day = day_number(until) - rng.integers(0, days, receipts)
    hour = np.array([one.hour for one in missions])[mission]
    spread = np.array([one.hour_spread for one in missions])[mission]
    moment = np.clip(rng.normal(hour, spread), 6.5, 23.4)
    count = 1 + rng.poisson(np.array([one.lines for one in missions])[mission] - 1)
    receipt = np.repeat(np.arange(receipts), count)
    chances = np.zeros((len(missions), len(CATEGORIES)))
    for row, one in enumerate(missions):
        for category, weight in one.goods.items():
            chances[row, CATEGORY_CODE[category]] = weight
    cumulative = np.cumsum(chances / chances.sum(axis=1, keepdims=True), axis=1)
    drawn = rng.random(len(receipt))[:, None]
    category = (cumulative[mission[receipt]] < drawn).sum(axis=1).clip(max=len(CATEGORIES) - 1)
    pesos = np.array([one.pesos for one in missions])[mission[receipt]]
    amount = np.maximum(np.round(pesos * rng.lognormal(0, 0.4, len(receipt))), 5).astype(np.int64) * 100
    goods = pd.DataFrame(
        {
            "receipt": receipt,
            "product_id": category + 1,
            "category": category,
            "quantity_milli": 1000,
            "amount_cents": amount,
        }
    ).astype(LINE_COLUMNS)
    sales = pd.DataFrame(
        {
            "sale_id": np.arange(receipts) + 1,
            "sold_at": day * 86_400 + (moment * 3600).astype(np.int64),
            "has_time": True,
            "kind": SaleKind.SALE,
            "total_cents": np.bincount(receipt, amount, minlength=receipts),
            "payment": 1,
            "cashier_id": 0,
            "shift_id": 0,
            "customer_id": 0,
        }
    ).astype(RECEIPT_COLUMNS)
    return compute_features(sales, goods, DominicanDays()), mission
