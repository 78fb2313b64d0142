"""Days cut short: silence beyond chance is lost business, silence of a small shop is nothing."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.history import Calendar, History
from colmado_insights.analytics.outages import compute_open_share, without_outages
from colmado_insights.domain import HOURLY_COLUMNS, NO_HOUR, day_number

DAYS = DominicanDays()
FIRST = date(2025, 6, 23)  # a Monday; no public holiday until 16 August
OPEN = range(8, 20)


def hours_of(
    rate: float, days: int = 50, lost: dict[int, range] | None = None, first: date = FIRST
) -> pd.DataFrame:
    """Hourly sums of a shop with so many receipts in each of twelve hours; `lost` names hours without power."""
    rng = np.random.default_rng(5)
    rows = [
        (day_number(first) + day, hour, count)
        for day in range(days)
        for hour in OPEN
        if (count := int(rng.poisson(rate))) and hour not in (lost or {}).get(day, ())
    ]
    frame = pd.DataFrame(rows, columns=["day", "hour", "receipts"])
    return frame.reindex(columns=list(HOURLY_COLUMNS), fill_value=0).astype(HOURLY_COLUMNS)


def share_of(hourly: pd.DataFrame, days: int = 50, first: date = FIRST) -> np.ndarray:
    return compute_open_share(hourly, until=first + timedelta(days=days - 1), days=DAYS).to_numpy()


def test_a_power_cut_is_found_with_what_it_cost_and_nothing_else_is() -> None:
    share = share_of(hours_of(20, lost={30: range(12, 18)}))
    assert share[30] == pytest.approx(0.5, abs=0.05)
    assert (np.delete(share, 30) == 1).all()


def test_silence_says_nothing_where_receipts_are_few() -> None:
    assert (share_of(hours_of(0.7, lost={30: range(12, 18)})) == 1).all()


def test_an_hour_with_few_sales_is_slow_and_not_lost() -> None:
    hourly = hours_of(20)
    in_it = (hourly["day"] == day_number(FIRST) + 30) & hourly["hour"].between(12, 17)
    hourly.loc[in_it, "receipts"] //= 2
    assert (share_of(hourly) == 1).all()


def test_new_opening_hours_are_a_habit() -> None:
    closes_earlier = {day: range(15, 20) for day in range(25, 50)}
    share = share_of(hours_of(20, lost=closes_earlier))
    assert (share[32:] == 1).all()


def test_closing_early_belongs_to_a_holiday_but_a_hole_in_it_does_not() -> None:
    restauracion = (date(2025, 8, 16) - FIRST).days
    early = share_of(hours_of(20, 70, {restauracion: range(13, 20)}), 70)
    hole = share_of(hours_of(20, 70, {restauracion: range(12, 16)}), 70)
    assert early[restauracion] == 1
    assert hole[restauracion] == pytest.approx(2 / 3, abs=0.06)


def test_later_days_and_sales_without_an_hour_are_not_looked_at() -> None:
    hourly = hours_of(20, lost={30: range(12, 18)})
    untimed = hourly.assign(hour=NO_HOUR).astype(HOURLY_COLUMNS)
    whole = pd.concat([hourly, untimed], ignore_index=True)
    assert (share_of(whole, 40) == share_of(hourly[hourly["day"] < day_number(FIRST) + 40], 40)).all()
    assert compute_open_share(untimed, until=FIRST + timedelta(days=49), days=DAYS).empty
    assert compute_open_share(hourly.iloc[:0], until=FIRST, days=DAYS).empty


def test_a_foreign_frame_is_refused_at_the_door() -> None:
    with pytest.raises(TypeError, match="column hour is missing"):
        compute_open_share(pd.DataFrame({"day": [1], "receipts": [2]}), until=date(2026, 1, 1), days=DAYS)


def test_a_day_open_most_of_the_time_is_scaled_and_a_shorter_one_a_gap() -> None:
    first = day_number(FIRST)
    history = History(np.array([100.0, 60.0, 20.0, np.nan]), Calendar.of(DAYS, first, first + 3))
    share = pd.Series([1.0, 0.6, 0.3], index=[first, first + 1, first + 2])
    whole = without_outages(history, share).values
    assert whole[:2] == pytest.approx([100.0, 100.0])
    assert np.isnan(whole[2:]).all()
    assert history.values[1] == 60.0
