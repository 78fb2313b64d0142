"""Days of shops whose truth is known: what the forecasts must find again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.forecast_methods import Calendar, History
from colmado_insights.domain import DAILY_COLUMNS, Target, day_number


@dataclass(frozen=True)
class Truth:
    """The hidden truth of one shop; effects are shares on top of an ordinary day."""

    first_day: date = date(2024, 1, 1)
    days: int = 730
    receipts: float = 200.0
    basket_cents: float = 12_000.0
    weekday: tuple[float, ...] = (0.05, -0.15, -0.10, -0.05, 0.00, 0.30, 0.25)  # Sunday first
    pay_lift: float = 0.30
    holiday: float = -0.25
    december: float = 0.15
    growth_a_year: float = 0.10
    drift: float = 0.02  # weekly wandering of the level, in logs
    scatter: float = 0.12  # what no calendar explains, in logs
    power_cut_share: float = 0.01
    closed_share: float = 0.005
    closed_weekday: int | None = None


def simulate_days(truth: Truth, seed: int) -> pd.DataFrame:
    """Draw one shop's days as a DAILY frame."""
    rng = np.random.default_rng(seed)
    first = day_number(truth.first_day)
    calendar = DominicanDays().frame(
        truth.first_day, date.fromordinal(truth.first_day.toordinal() + truth.days - 1)
    )
    effect = np.log1p(np.array(truth.weekday))[calendar["weekday"]]
    effect += np.log1p(truth.pay_lift) * (calendar["days_since_payroll"] <= 2).to_numpy()
    effect += np.log1p(truth.holiday) * calendar["is_holiday"].to_numpy()
    months = pd.to_datetime(calendar["day"], unit="D").dt.month
    effect += np.log1p(truth.december) * (months == 12).to_numpy()
    effect += np.log1p(truth.growth_a_year) * np.arange(truth.days) / 365
    effect += np.cumsum(rng.normal(0, truth.drift / np.sqrt(7), truth.days))
    effect += rng.normal(0, truth.scatter, truth.days)
    cut = rng.random(truth.days) < truth.power_cut_share
    effect += np.where(cut, np.log(rng.uniform(0.1, 0.6, truth.days)), 0.0)
    receipts = rng.poisson(truth.receipts * np.exp(effect))
    # A basket is skewed: its mean over a day scatters with one over the root of the receipts.
    basket = truth.basket_cents * np.exp(rng.normal(0, 1.1 / np.sqrt(np.maximum(receipts, 1))))
    revenue = np.rint(receipts * basket).astype("int64")
    frame = pd.DataFrame(
        {
            "day": first + np.arange(truth.days),
            "receipts": receipts,
            "lines": receipts * 2,
            "units_milli": receipts * 3000,
            "revenue_cents": revenue,
            "returns_cents": np.zeros(truth.days, dtype="int64"),
        }
    )
    shut = rng.random(truth.days) < truth.closed_share
    if truth.closed_weekday is not None:
        shut |= calendar["weekday"].to_numpy() == truth.closed_weekday
    return pd.DataFrame(frame[~shut & (receipts > 0)].reset_index(drop=True).astype(DAILY_COLUMNS))


def simulate_history(truth: Truth, seed: int, target: Target = Target.REVENUE) -> History:
    """One target of such a shop as the methods see it, with 28 days of calendar after it."""
    column = "revenue_cents" if target is Target.REVENUE else "receipts"
    first = day_number(truth.first_day)
    days = range(first, first + truth.days)
    values = simulate_days(truth, seed).set_index("day")[column].reindex(days)
    calendar = Calendar.of(DominicanDays(), first, days[-1] + 28)
    return History(np.asarray(values, dtype=np.float64), calendar)
