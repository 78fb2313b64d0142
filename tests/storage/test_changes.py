"""What was said of days gone by stays right while only later days change, and never longer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights.storage.changes import (
    BEGINNING,
    MOST_STEPS,
    Step,
    add_step,
    note_change,
    read_version_until,
)
from colmado_insights.storage.database import Database
from colmado_insights.storage.sales import read_data_version
from colmado_insights.storage.schema import open_database


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def change(shop: Database, first_day: int | None) -> None:
    with shop.transaction() as connection:
        note_change(connection, first_day)


def test_a_change_counts_from_its_first_day_on(shop: Database) -> None:
    change(shop, 100)
    change(shop, 102)
    change(shop, 102)
    assert [read_version_until(shop, day) for day in (99, 100, 101, 102, 500)] == [0, 1, 1, 3, 3]
    change(shop, 101)
    assert [read_version_until(shop, day) for day in (99, 100, 101, 102)] == [0, 1, 4, 4]


def test_a_change_that_touches_no_day_ages_nothing(shop: Database) -> None:
    change(shop, 100)
    change(shop, None)
    assert read_data_version(shop) == 2
    assert read_version_until(shop, 100) == 1


def test_a_file_from_before_is_aged_by_any_change_until_it_knows_better(shop: Database) -> None:
    with shop.transaction() as connection:
        connection.execute("UPDATE setting SET value = '40' WHERE name = 'data_version'")
    assert read_version_until(shop, 7) == 40
    change(shop, 100)
    assert (read_version_until(shop, 99), read_version_until(shop, 100)) == (40, 41)


def test_many_days_are_told_in_few_steps(shop: Database) -> None:
    for day in range(300):
        change(shop, day)
    assert [read_version_until(shop, day) for day in (299, 298, 260)] == [300, 299, 261]
    assert read_version_until(shop, 3) >= 4, "told too new rather than too old"


@given(st.lists(st.integers(0, 200), min_size=1, max_size=150), st.integers(-5, 205))
def test_nothing_aged_is_ever_called_fresh(days: list[int], asked: int) -> None:
    steps: list[Step] = [(BEGINNING, 0)]
    for version, day in enumerate(days, start=1):
        steps = add_step(steps, day, version)
    told = max(version for start, version in steps if start <= asked)
    truth = max((version for version, day in enumerate(days, start=1) if day <= asked), default=0)
    assert told >= truth
    assert len(steps) <= MOST_STEPS
    if len(set(days)) < MOST_STEPS:
        assert told == truth
