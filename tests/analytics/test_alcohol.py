"""Alcohol hours by the clock of the law, at their edges."""

from __future__ import annotations

from datetime import datetime

import pytest

from colmado_insights.analytics.alcohol import AlcoholHours
from colmado_insights.analytics.dominican_days import DominicanDays

DAYS = DominicanDays()
LAW = AlcoholHours()


def at(words: str) -> datetime:
    return datetime.fromisoformat(words)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-18T17:00", "2026-11-19T00:00"),  # Wednesday
        ("2026-11-18T23:59:59", "2026-11-19T00:00"),
        ("2026-11-19T00:00", None),
        ("2026-11-19T07:59", None),
        ("2026-11-19T08:00", "2026-11-20T00:00"),
        ("2026-11-20T23:00", "2026-11-21T02:00"),  # Friday night
        ("2026-11-21T01:59", "2026-11-21T02:00"),
        ("2026-11-21T02:00", None),
        ("2026-11-22T01:30", "2026-11-22T02:00"),  # Saturday night, by now Sunday
        ("2026-11-23T00:30", None),  # Sunday night
    ],
)
def test_hours_of_the_week(now: str, until: str | None) -> None:
    assert LAW.close_of(at(now), DAYS) == (None if until is None else at(until))


@pytest.mark.parametrize(
    "now", ["2026-04-03T00:30", "2026-04-03T12:00", "2026-04-03T23:00", "2026-04-04T01:00"]
)
def test_good_friday_and_its_night_are_dry(now: str) -> None:
    assert LAW.close_of(at(now), DAYS) is None
    assert AlcoholHours(on_good_friday=True, until_hour=26).close_of(at(now), DAYS) is not None


def test_the_night_before_good_friday_ends_at_midnight() -> None:
    late = AlcoholHours(until_hour=26)
    assert late.close_of(at("2026-04-02T22:00"), DAYS) == at("2026-04-03T00:00")
    assert late.close_of(at("2026-04-03T00:30"), DAYS) is None


def test_the_owner_sets_other_hours() -> None:
    hours = AlcoholHours(from_hour=10, until_hour=22, until_hour_late=27)
    assert hours.close_of(at("2026-11-18T09:59"), DAYS) is None
    assert hours.close_of(at("2026-11-18T22:00"), DAYS) is None
    assert hours.close_of(at("2026-11-21T02:59"), DAYS) == at("2026-11-21T03:00")
