"""The weekday and hour pattern against sums made by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.patterns import compute_pattern
from colmado_insights.analytics.results import HourPattern, NotEnough
from colmado_insights.domain import DAILY_COLUMNS, HOURLY_COLUMNS, NO_HOUR, day_number

SUNDAY = day_number(date(2026, 3, 1))


def frames(rows: list[tuple[int, int, int, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hourly and daily frames from (day, hour, receipts, revenue_cents)."""
    wide = [(day, hour, receipts, receipts, receipts * 1000, cents, 0) for day, hour, receipts, cents in rows]
    hourly = pd.DataFrame(wide, columns=list(HOURLY_COLUMNS)).astype(HOURLY_COLUMNS)
    daily = hourly.drop(columns="hour").groupby("day", as_index=False).sum()
    return hourly, daily.astype(DAILY_COLUMNS)


def weeks(count: int, first: int = SUNDAY) -> list[tuple[int, int, int, int]]:
    """Every day 5 receipts at 8 and, on Sundays, 20 at 21."""
    return [(first + d, 8, 5, 500_00) for d in range(7 * count)] + [
        (first + 7 * week, 21, 20, 3000_00) for week in range(count)
    ]


def pattern(
    rows: list[tuple[int, int, int, int]], until: date = date(2026, 12, 31), **window: int
) -> HourPattern:
    found = compute_pattern(*frames(rows), until, **window)
    assert isinstance(found, HourPattern)
    return found


def test_means_are_per_open_day_of_the_weekday() -> None:
    rows = weeks(4)
    rows[7] = (SUNDAY + 7, 8, 9, 900_00)
    found = pattern(rows)
    assert found.receipts[0][8] == (5 + 9 + 5 + 5) / 4
    assert found.revenue_cents[0][8] == (3 * 500_00 + 900_00) / 4
    assert (found.receipts[0][21], found.receipts[1][21], found.receipts[3][12]) == (20, 0, 0)
    assert found.open_days == (4,) * 7
    assert (found.first_day, found.until) == (date(2026, 3, 1), date(2026, 3, 28))


def test_closed_days_are_not_in_the_mean() -> None:
    rows = [row for row in weeks(4) if row[0] != SUNDAY + 14]
    found = pattern(rows)
    assert found.receipts[0][21] == 20
    assert found.open_days == (3, 4, 4, 4, 4, 4, 4)


def test_quiet_hour_of_an_open_day_is_in_the_mean() -> None:
    found = pattern([row for row in weeks(4) if row[:2] != (SUNDAY + 14, 21)])
    assert found.receipts[0][21] == 15


def test_days_without_times_are_not_in_the_mean() -> None:
    mostly_dates = [(SUNDAY + 28 + d, NO_HOUR, 100, 1) for d in range(7)]
    some_hours = [(SUNDAY + 28 + d, 8, 5, 1) for d in range(7)]
    assert pattern(weeks(4) + mostly_dates + some_hours) == pattern(weeks(4))
    halves = pattern(weeks(4) + [(SUNDAY + d, NO_HOUR, 5, 0) for d in range(28)])
    assert halves.receipts == pattern(weeks(4)).receipts


def test_window_ends_on_the_last_usable_day_up_to_until() -> None:
    assert pattern(weeks(40), window_days=14).open_days == (2,) * 7
    assert pattern(weeks(40), date(2026, 4, 4)) == pattern(weeks(5))
    assert pattern(weeks(2), date(2026, 12, 31), window_days=7).until == date(2026, 3, 14)


def test_six_days_are_not_enough() -> None:
    until = date(2026, 3, 6)
    assert compute_pattern(*frames(weeks(1)), until) == NotEnough(7, 6, "days", until)
    assert isinstance(compute_pattern(*frames(weeks(1)), until + timedelta(days=1)), HourPattern)
    assert compute_pattern(*frames([]), until) == NotEnough(7, 0, "days", until)


@pytest.mark.parametrize("seed", range(3))
def test_sums_come_back_from_the_means(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = rng.choice(60 * 24, 700, replace=False)
    rows = [
        (SUNDAY + int(c) // 24, int(c) % 24, int(rng.integers(1, 30)), int(rng.integers(0, 9999)))
        for c in cells
    ]
    found = pattern(rows)
    receipts = np.array(found.receipts).T @ np.array(found.open_days)
    assert receipts.tolist() == pytest.approx(
        [sum(n for _d, hour, n, _c in rows if hour == h) for h in range(24)]
    )
