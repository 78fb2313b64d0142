"""Closing days: told by weeks without a sale, never by a holiday of the shopkeeper's own."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from colmado_insights.analytics.closed_days import closed_ahead, closing_weekdays
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.history import WEEK, Calendar, History
from colmado_insights.domain import day_number

SUNDAY = day_number(date(2025, 6, 1))
DAYS = 20 * WEEK


def history_of(open_share: np.ndarray) -> History:
    """Twenty weeks from a Sunday on, sold where 1."""
    calendar = Calendar.of(DominicanDays(), SUNDAY, SUNDAY + DAYS + 2 * WEEK)
    return History(np.where(open_share > 0, 100.0, np.nan), calendar)


def test_a_weekday_without_a_sale_for_eight_weeks_is_closed() -> None:
    is_open = np.ones(DAYS)
    is_open[2::WEEK] = 0
    history = history_of(is_open)
    assert closing_weekdays(history) == {2}
    assert np.flatnonzero(closed_ahead(history, 2 * WEEK)).tolist() == [2, 2 + WEEK]
    is_open[DAYS - 8 * WEEK + 2] = 1
    assert closing_weekdays(history_of(is_open)) == frozenset(), "one sale in eight weeks"


@pytest.mark.parametrize(("silent_weeks", "closing"), [(2, {2}), (4, {2}), (5, set())])
def test_weeks_without_any_sale_say_nothing_of_weekdays(silent_weeks: int, closing: set[int]) -> None:
    is_open = np.ones(DAYS)
    is_open[2::WEEK] = 0
    is_open[DAYS - silent_weeks * WEEK :] = 0
    assert closing_weekdays(history_of(is_open)) == closing


def test_a_holiday_is_closed_where_it_always_was() -> None:
    """Two Restoration Days shut are a habit, one is not."""
    first = day_number(date(2023, 1, 1))
    last = day_number(date(2025, 8, 10))
    calendar = Calendar.of(DominicanDays(), first, last + 2 * WEEK)
    name = calendar.frame["holiday"].to_numpy()[day_number(date(2025, 8, 16)) - first]
    assert name
    values = np.full(last - first + 1, 100.0)
    values[day_number(date(2023, 8, 16)) - first] = np.nan
    assert not closed_ahead(History(values, calendar), 2 * WEEK).any()
    values[day_number(date(2024, 8, 16)) - first] = np.nan
    assert np.flatnonzero(closed_ahead(History(values, calendar), 2 * WEEK)).tolist() == [5]
