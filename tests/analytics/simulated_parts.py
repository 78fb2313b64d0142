"""A shop and parts of it whose truth is known: products and hours drawn from a rate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.domain import DAILY_COLUMNS, HOURLY_COLUMNS, SERIES_COLUMNS, day_number, weekday_of

UNTIL = date(2026, 6, 26)
LAST = day_number(UNTIL)
WEEK_FACTORS = np.array([0.8, 0.9, 0.9, 1.0, 1.0, 1.3, 1.4])  # Sunday first


def shop_days(
    days: int, pace: float = 200.0, closed_weekday: int | None = None, seed: int = 0
) -> pd.DataFrame:
    """Daily sums of a shop up to UNTIL whose week is WEEK_FACTORS."""
    rng = np.random.default_rng(seed)
    numbers = np.arange(LAST - days + 1, LAST + 1)
    weekday = np.array([weekday_of(int(number)) for number in numbers])
    receipts = rng.poisson(pace * WEEK_FACTORS[weekday])
    frame = pd.DataFrame(
        {
            "day": numbers, "receipts": receipts, "lines": receipts * 3, "units_milli": receipts * 4000,
            "revenue_cents": receipts * 150_00, "returns_cents": 0,
        }
    )  # fmt: skip
    is_open = (weekday != closed_weekday) & (receipts > 0)
    return frame[is_open].reset_index(drop=True).astype(DAILY_COLUMNS)


def part_of(
    shop: pd.DataFrame,
    draw: Callable[[np.random.Generator, NDArray[np.int64]], NDArray[np.int64]],
    seed: int = 1,
) -> pd.DataFrame:
    """Days of a product: `draw` is given the shop's receipts of each open day and answers units."""
    units = draw(np.random.default_rng(seed), shop["receipts"].to_numpy())
    frame = pd.DataFrame({"day": shop["day"], "units_milli": units * 1000, "revenue_cents": units * 50_00})
    return frame[units > 0].reset_index(drop=True).astype(SERIES_COLUMNS)


def shop_hours(
    days: int, rates: NDArray[np.float64], seed: int = 0, closed_weekday: int | None = None
) -> pd.DataFrame:
    """Hourly sums up to UNTIL, drawn from rates of shape (7, 24)."""
    rng = np.random.default_rng(seed)
    numbers = np.arange(LAST - days + 1, LAST + 1)
    weekday = np.array([weekday_of(int(number)) for number in numbers])
    counts = rng.poisson(rates[weekday])
    counts[weekday == closed_weekday] = 0
    row, hour = np.nonzero(counts)
    receipts = counts[row, hour]
    frame = pd.DataFrame(
        {
            "day": numbers[row], "hour": hour, "receipts": receipts, "lines": receipts * 2,
            "units_milli": receipts * 2000, "revenue_cents": receipts * 120_00, "returns_cents": 0,
        }
    )  # fmt: skip
    return frame.astype(HOURLY_COLUMNS)
