"""What was planted in a sample shop, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from colmado_insights.domain import (
    CATEGORIES,
    PAY_PHASES,
    SECONDS_A_DAY,
    PayPhase,
    SaleKind,
    day_of,
    moment_of,
)
from colmado_insights.sample_shop.catalogue import Catalogue
from colmado_insights.sample_shop.day import MINUTES, Days, day_shapes
from colmado_insights.sample_shop.habit import Ways
from colmado_insights.sample_shop.parameters import ShopParameters
from colmado_insights.sample_shop.visit import Customer


def make_truth(
    shop: ShopParameters,
    days: Days,
    catalogue: Catalogue,
    customers: Sequence[Customer],
    ways: Sequence[Ways],
    products: pd.DataFrame,
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    seed: int,
    end: int,
) -> dict[str, Any]:
    """Everything an analysis may be asked to recover, as plain JSON values."""
    return {
        "seed": seed,
        "first_day": str(day_of(days.numbers[0])),
        "last_day": str(day_of(days.numbers[-1])),
        "planted": {
            "receipts_a_day": shop.receipts_a_day,
            "growth_a_year": shop.growth_a_year,
            "weekday": list(shop.weekday),
            "pay_days": list(shop.pay.days),
            "pay_phase": {
                PayPhase.BEFORE.value: shop.pay.before,
                PayPhase.PAYDAY.value: shop.pay.payday,
                PayPhase.MIDDLE.value: 1.0,
            },
            "bump": {"day": shop.pay.bump_day, "factor": shop.pay.bump},
            "holidays": asdict(shop.holidays),
            "humps": [asdict(hump) for hump in shop.humps],
            "by_amount_share_of_loose": shop.amounts.share_of_loose,
            "by_amount_grid": list(shop.amounts.grid),
            "varios_share": shop.varios.share,
            "pairs": [asdict(pair) for pair in shop.pairs],
            "missions": [{"name": mission.name, "share": mission.share} for mission in shop.missions],
        },
        "hours": _hours_truth(shop),
        "days": _days_truth(shop, days, end),
        "power_cuts": [
            {"start": moment_of(cut.start).isoformat(), "end": moment_of(cut.end).isoformat()}
            for cut in days.cuts
        ],
        "closed_days": [str(day_of(number)) for number in days.numbers[days.closed]],
        "half_days": [str(day_of(number)) for number in days.numbers[days.half]],
        "storm_days": [str(day_of(number)) for number in days.numbers[days.storm_units > 1]],
        "ration_weeks": _ration_truth(days),
        "price_changes": [
            {
                "product": catalogue.names[move.product],
                "day": str(day_of(days.numbers[move.day])),
                "before_cents": move.before,
                "after_cents": move.after,
            }
            for move in catalogue.moves
        ],
        "customers": _customers_truth(days, catalogue, customers, ways),
        "products": _products_truth(catalogue, products),
        "achieved": _achieved(catalogue, days, receipts, lines) | {"missions": _missions(shop, receipts)},
    }


def _hours_truth(shop: ShopParameters) -> list[list[float]]:
    """Planted share of a weekday's receipts in each hour of its business day (24 = midnight to one)."""
    shapes = day_shapes(shop).reshape(7, MINUTES // 60, 60).sum(axis=2)
    return [[round(float(share), 5) for share in row] for row in shapes]


def _days_truth(shop: ShopParameters, days: Days, end: int) -> list[dict[str, Any]]:
    """Expected receipts of each business day, and the part of them that power and hours allowed."""
    begins = days.numbers[:, None] * SECONDS_A_DAY + np.arange(MINUTES) * 60
    possible = (day_shapes(shop)[days.weekday] * (days.open & (begins < end))).sum(axis=1)
    return [
        {
            "day": str(day_of(number)),
            "expected_receipts": round(float(expected), 1),
            "open_share": round(float(share), 4),
            "pay_phase": PAY_PHASES[phase].value,
            "holiday": str(holiday),
            "occasion": str(occasion),
            "is_eve": bool(eve),
        }
        for number, expected, share, phase, holiday, occasion, eve in zip(
            days.numbers,
            days.expected,
            possible,
            days.phase,
            days.calendar["holiday"],
            days.calendar["occasion"],
            days.calendar["is_eve"],
            strict=True,
        )
    ]


def _ration_truth(days: Days) -> list[dict[str, Any]]:
    """Rationed weeks by their first day in the period, with the share of demand served."""
    week = (days.numbers + 3) // 7
    _weeks, first = np.unique(week, return_index=True)
    return [
        {"first_day": str(day_of(days.numbers[place])), "left": round(float(days.beer_left[place]), 3)}
        for place in first
        if days.beer_left[place] < 1
    ]


def _customers_truth(
    days: Days, catalogue: Catalogue, customers: Iterable[Customer], ways: Iterable[Ways]
) -> list[dict[str, Any]]:
    return [
        {
            "name": customer.name,
            "median_gap_days": customer.median_gap_days,
            "pay_day": customer.pay_day,
            "hour": customer.hour,
            "credit_share": customer.credit,
            "fate": customer.fate,
            "first_day": str(day_of(days.numbers[customer.first])),
            "last_day": str(day_of(days.numbers[customer.last])),
            "habits": [
                {"product": catalogue.names[habit.product], "gap_days": habit.gap_days}
                for habit in way.habits
            ],
            "tastes": [brand.name for brand in way.tastes],
        }
        for customer, way in zip(customers, ways, strict=True)
    ]


def _products_truth(catalogue: Catalogue, products: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name_,
            "sku": row.sku,
            "category": row.category,
            "family": row.family,
            "is_loose": bool(row.is_loose),
            "elasticity": float(elasticity),
            "distinct_prices": len(np.unique(prices)),
            "price_cents": int(prices[-1]),
            "cost_cents": int(costs[-1]),
        }
        for row, elasticity, prices, costs in zip(
            products.rename(columns={"name": "name_"}).itertuples(index=False),
            catalogue.elasticity,
            catalogue.price,
            catalogue.cost,
            strict=True,
        )
    ]


def _achieved(
    catalogue: Catalogue, days: Days, receipts: pd.DataFrame, lines: pd.DataFrame
) -> dict[str, Any]:
    """What the sales came to, cancelled receipts left out."""
    valid = ~receipts["cancelled"].to_numpy()
    counted = valid[lines["receipt"].to_numpy()]
    amount = lines["amount_cents"].to_numpy()[counted]
    place = lines["product_id"].to_numpy()[counted] - 1
    revenue = int(amount.sum())
    beer = catalogue.family[place] == catalogue.families.index("cerveza")
    loose = catalogue.is_loose[place]
    by_amount = lines["by_amount"].to_numpy()[counted]
    sales = int((valid & (receipts["kind"].to_numpy() == SaleKind.SALE)).sum())
    open_days = int((~days.closed).sum())
    return {
        "sales": sales,
        "refunds": int((receipts["kind"].to_numpy() == SaleKind.REFUND).sum()),
        "cancelled": int((~valid).sum()),
        "lines": len(place),
        "revenue_cents": revenue,
        "receipts_a_day": round(sales / max(1, open_days), 1),
        "revenue_a_day_cents": round(revenue / max(1, open_days)),
        "lines_a_receipt": round(len(place) / max(1, int(valid.sum())), 3),
        "beer_share_of_revenue": _share(amount[beer].sum(), revenue),
        "by_amount_share_of_loose_lines": _share(by_amount[loose].sum(), loose.sum()),
        "by_amount_share_of_lines": _share(by_amount.sum(), len(place)),
        "varios_share_of_lines": _share((place == catalogue.varios).sum(), len(place)),
        "category_share_of_revenue": {
            category.value: _share(amount[catalogue.category[place] == code].sum(), revenue)
            for code, category in enumerate(CATEGORIES)
        },
    }


def _missions(shop: ShopParameters, receipts: pd.DataFrame) -> dict[str, int]:
    """Sales of each mission, cancelled receipts left out; `write_missions` tells each receipt's own."""
    counts = np.bincount(
        receipts["mission"].to_numpy()[
            ~receipts["cancelled"].to_numpy() & (receipts["kind"].to_numpy() == SaleKind.SALE)
        ],
        minlength=len(shop.missions),
    )
    return {mission.name: int(count) for mission, count in zip(shop.missions, counts, strict=True)}


def _share(part: float, whole: float) -> float:
    return round(float(part) / float(whole), 4) if whole else 0.0
