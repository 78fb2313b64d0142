"""Effects in logs become amounts of a day, the largest first, with what their sentences need to know."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.drivers import explain_days
from colmado_insights.analytics.history import Calendar
from colmado_insights.domain import Reason, day_number

FIRST = day_number(date(2026, 2, 20))
CALENDAR = Calendar.of(DominicanDays(), FIRST, FIRST + 20)


def effects_of(**sizes: float) -> np.ndarray:
    """A factor for the columns of each code; the weekday's is Friday's."""
    return np.array(
        [
            np.log(sizes.get(code, 1.0)) if code != "weekday" or name == "5" else 0.0
            for code, name in CALENDAR.names
        ]
    )


def test_an_effect_is_what_the_day_would_lose_without_it() -> None:
    """Friday 27 February 2026, Independence Day: a quarter more for the Friday, half for the holiday's two columns."""
    effects = effects_of(weekday=1.25, holiday=np.sqrt(0.5))
    (day,) = explain_days(CALENDAR, 7, np.array([100.0]), effects, np.array([np.log(1.1)]))
    told = {driver.reason.code: driver for driver in day}
    assert told["weekday"].amount == pytest.approx(100 * (1 - 1 / 1.25))
    assert told["holiday"].amount == pytest.approx(100 * (1 - 2))
    assert told["trend"].amount == pytest.approx(100 * (1 - 1 / 1.1))
    assert told["weekday"].reason == Reason.of("weekday", weekday=5)
    assert told["holiday"].reason == Reason.of("holiday", holiday="independencia")
    assert [driver.reason.code for driver in day] == ["holiday", "weekday", "trend"]


def test_what_makes_no_difference_is_not_told() -> None:
    days = explain_days(CALENDAR, 0, np.array([100.0, 0.0]), effects_of(weekday=1.005), np.zeros(2))
    assert days == ((), ())
