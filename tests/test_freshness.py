"""What was said is served as kept while it is true enough, and how often that was so is known without writing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights.insights.freshness import (
    OLDEST,
    Answer,
    CacheUse,
    count_use,
    flush_uses,
    is_fresh,
    is_much,
    read_cache_use,
)
from colmado_insights.storage.customer_results import read_uses
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 12, 0)


def fresh(age: timedelta, *answers: Answer, has_new_sales: bool = True, is_significant: bool = False) -> bool:
    return is_fresh(NOW - age, NOW, *answers, has_new_sales=has_new_sales, is_significant=is_significant)


@pytest.mark.parametrize(
    ("answer", "hours"), [(Answer.PREDICTIONS, 4), (Answer.SEGMENTS, 6), (Answer.PROFILE, 24)]
)
def test_with_new_sales_each_kind_lasts_its_hours(answer: Answer, hours: int) -> None:
    assert OLDEST[answer] == timedelta(hours=hours)
    assert fresh(timedelta(hours=hours), answer)
    assert not fresh(timedelta(hours=hours, seconds=1), answer)


def test_what_holds_several_kinds_lasts_as_the_soonest() -> None:
    assert fresh(timedelta(hours=4), Answer.SEGMENTS, Answer.PREDICTIONS)
    assert not fresh(timedelta(hours=5), Answer.SEGMENTS, Answer.PREDICTIONS)


def test_without_new_sales_nothing_grows_old() -> None:
    assert fresh(timedelta(days=300), Answer.PREDICTIONS, has_new_sales=False)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(minutes=1), timedelta(days=3)])
@pytest.mark.parametrize("has_new_sales", [True, False])
def test_a_significant_change_makes_it_stale_at_once(age: timedelta, has_new_sales: bool) -> None:
    assert not fresh(age, Answer.PROFILE, has_new_sales=has_new_sales, is_significant=True)


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(hours=2), timedelta(days=900)])
@pytest.mark.parametrize("has_new_sales", [True, False])
def test_made_in_the_future_is_stale(ahead: timedelta, has_new_sales: bool) -> None:
    """The clock was set back."""
    assert not fresh(-ahead, Answer.PROFILE, has_new_sales=has_new_sales)


def test_a_clock_set_forward_only_makes_it_old() -> None:
    assert not fresh(timedelta(days=365), Answer.PROFILE)


@pytest.mark.parametrize(
    ("before", "now", "much"),
    [(1000, 1000, False), (1000, 1049, False), (1000, 1050, True), (1000, 950, True), (0, 0, False), (0, 1, True),
     (20, 21, True)],
)  # fmt: skip
def test_a_twentieth_of_the_receipts_is_much(before: int, now: int, much: bool) -> None:
    assert is_much(before, now) is much


# ── counting ──


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def test_counting_writes_only_when_told(shop: Database) -> None:
    for is_hit in (True, True, False):
        count_use(shop, "customers", is_hit=is_hit)
    assert read_uses(shop) == {}
    assert read_cache_use(shop) == (CacheUse("customers", 2, 1),)
    flush_uses(shop)
    assert read_uses(shop) == {"customers": (2, 1)}
    count_use(shop, "customers", is_hit=True)
    count_use(shop, "profile", is_hit=False)
    assert read_cache_use(shop) == (CacheUse("customers", 3, 1), CacheUse("profile", 0, 1))


def test_nothing_counted_nothing_written(shop: Database) -> None:
    changes = shop.connection.total_changes
    flush_uses(shop)
    assert shop.connection.total_changes == changes
