"""Costs that rose while the price stayed: what it loses, and the price that restores the margin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.pricing import FINE_BELOW, RECENT_DAYS
from colmado_insights.analytics.results import CostAlarm
from colmado_insights.domain import CATEGORIES, PRICE_DAY_COLUMNS, Category, Reason, day_number, day_of

LOOK_BACK_DAYS = 180
"""A cost that rose before is by now what the owner is used to."""
LEAST_RISE = 0.02
"""A smaller rise of a cost is rounding."""
_BEFORE_DAYS = 60
_WEEK = 7
_PESO = 100
_PER_UNIT = 1000.0


def find_cost_alarms(price_days: pd.DataFrame, *, until: date, grid_pesos: int = 5) -> tuple[CostAlarm, ...]:
    """The products whose cost rose and whose price did not follow, the largest weekly loss first.

    Parameters
    ----------
    price_days : DataFrame
        PRICE_DAY_COLUMNS of all products, any order.
    until : date
        Last complete day; later rows are not looked at.
    grid_pesos : int
        The proposed price is rounded up to a multiple of it, or to the peso under four of them.

    Returns
    -------
    tuple of CostAlarm
        One a product at most, of those sold in the recent eight weeks; a price within half a step of the grid of the
        one that restores the margin has followed. The margin to be restored is the usual one of
        the 60 days before the rise (median share of the price). Top-ups are left out: their price is not the shop's.
    """
    check_frame(price_days, PRICE_DAY_COLUMNS, "price_days")
    last = day_number(until)
    is_known = (price_days["price_cents"] > 0) & (price_days["cost_cents"] > 0) & (price_days["lines"] > 0)
    is_known &= (price_days["day"] <= last) & (price_days["day"] > last - LOOK_BACK_DAYS - _BEFORE_DAYS)
    is_known &= price_days["category"] != CATEGORIES.index(Category.RECHARGES)
    known = price_days[is_known].sort_values(["product_id", "day"], kind="stable")
    alarms: list[CostAlarm] = []
    for _product, rows in known.groupby("product_id"):
        if int(rows["day"].iloc[-1]) > last - RECENT_DAYS:
            alarms += _alarms_of(rows, last, grid_pesos)
    return tuple(sorted(alarms, key=lambda alarm: (-alarm.weekly_loss_cents, alarm.product_id)))


def _alarms_of(rows: pd.DataFrame, last: int, grid_pesos: int) -> Iterator[CostAlarm]:
    """The alarm of one product, whose rows these are; none where the margin stands."""
    day, price, cost = (rows[name].to_numpy(np.int64) for name in ("day", "price_cents", "cost_cents"))
    now_price, now_cost = int(price[-1]), int(cost[-1])
    rises = np.flatnonzero(cost[1:] > cost[:-1] * (1 + LEAST_RISE)) + 1
    rises = rises[(day[rises] > last - LOOK_BACK_DAYS) & (cost[rises - 1] * (1 + LEAST_RISE) < now_cost)]
    if not len(rises):
        return
    new_margin = 1 - now_cost / now_price
    margins = [_usual_margin(day, price, cost, int(rise)) for rise in rises]
    # Of several rises the one counts since which most was lost: each may have been followed by half.
    worst = int(np.argmax(margins))
    rise, old_margin = int(rises[worst]), margins[worst]
    grid = grid_pesos * _PESO if now_price >= FINE_BELOW * grid_pesos * _PESO else _PESO
    restored = now_cost / (1 - old_margin)
    # A price as near as the grid allows has followed.
    if old_margin <= 0 or restored - now_price <= grid / 2:
        return
    recent = rows[rows["day"] > last - RECENT_DAYS]
    weeks = min(RECENT_DAYS, last - int(day[0]) + 1) / _WEEK
    milli = recent[["units_milli", "unclear_milli", "by_amount_milli", "off_milli"]].sum().sum()
    units = max(float(milli - recent["returned_milli"].sum()), 0.0) / _PER_UNIT / weeks
    yield CostAlarm(
        product_id=int(rows["product_id"].iloc[0]),
        since=day_of(int(day[rise])),
        old_cost_cents=int(cost[rise - 1]),
        new_cost_cents=now_cost,
        price_cents=now_price,
        old_margin=round(old_margin, 4),
        new_margin=round(new_margin, 4),
        proposed_cents=int(-(-round(restored) // grid) * grid),
        weekly_loss_cents=round(units * (old_margin - new_margin) * now_price),
        reasons=(
            Reason.of(
                "alarm_cost_rose",
                old_cents=int(cost[rise - 1]),
                new_cents=now_cost,
                day=str(day_of(day[rise])),
            ),
            Reason.of("alarm_margin", old_margin=round(old_margin, 4), new_margin=round(new_margin, 4)),
        ),
    )


def _usual_margin(
    day: NDArray[np.int64], price: NDArray[np.int64], cost: NDArray[np.int64], rise: int
) -> float:
    """The middle margin, as a share of the price, of the days before a rise."""
    before = (day < day[rise]) & (day >= day[rise] - _BEFORE_DAYS)
    if not before.any():
        before[rise - 1] = True
    return float(np.median(1 - cost[before] / price[before]))
