"""What was said of customers is kept whole, with its freshness, until something newer is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights.domain import CUSTOMER_MONTH_COLUMNS, Customer, day_number
from colmado_insights.storage.customer_results import (
    KeptBody,
    add_uses,
    read_months,
    read_outlook,
    read_outlooks,
    read_profile,
    read_uses,
    write_month,
    write_outlooks,
    write_profile,
)
from colmado_insights.storage.customers import write_customer
from colmado_insights.storage.database import Database
from colmado_insights.storage.retention import thin_answers
from colmado_insights.storage.schema import open_database
from tests.storage.till import NOW

DAY, MADE = date(2026, 10, 31), datetime(2026, 11, 1, 3, 0)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        for name in ("Ana", "Eva", "Luis"):
            write_customer(opened, Customer(0, name), NOW)
        yield opened


def test_a_batch_takes_the_place_of_the_one_before(shop: Database) -> None:
    write_outlooks(shop, [(1, "loyal", "{}"), (2, "lost", "{}")], until=DAY, made_at=MADE, version=4)
    write_outlooks(shop, [(2, "new", '{"a": 1}')], until=DAY, made_at=NOW, version=5)
    assert read_outlooks(shop) == [(2, KeptBody('{"a": 1}', DAY, NOW, 5))]
    assert read_outlook(shop, 1) is None
    assert read_outlook(shop, 2) == KeptBody('{"a": 1}', DAY, NOW, 5)


def test_nothing_is_kept_of_who_went_meanwhile(shop: Database) -> None:
    write_outlooks(shop, [(1, "loyal", "{}"), (77, "lost", "{}")], until=DAY, made_at=MADE, version=4)
    write_profile(shop, 77, "{}", until=DAY, made_at=MADE, version=4)
    assert [key for key, _kept in read_outlooks(shop)] == [1]
    assert read_profile(shop, 77) is None


def test_a_profile_is_kept_with_its_freshness(shop: Database) -> None:
    write_profile(shop, 1, '{"b": 2}', until=DAY, made_at=MADE, version=4)
    assert read_profile(shop, 1) == KeptBody('{"b": 2}', DAY, MADE, 4)
    assert read_profile(shop, 2) is None


def test_the_last_day_of_a_month_stands_for_it(shop: Database) -> None:
    row = (1, "loyal", 3, 12, 45000, 0.25, 30, *[None] * 3, 90000, 365)
    for day in (date(2026, 10, 29), date(2026, 10, 31), date(2026, 11, 2)):
        write_month(shop, day, [row])
    months = read_months(shop, date(2026, 11, 30))
    assert months["day"].tolist() == [day_number(date(2026, 10, 31)), day_number(date(2026, 11, 2))]
    assert {name: str(dtype) for name, dtype in months.dtypes.items()} == CUSTOMER_MONTH_COLUMNS
    assert months["churn"].tolist() == [0.25, 0.25]
    assert months["next_day"].isna().all()
    assert len(read_months(shop, date(2026, 10, 31))) == 1


def test_old_pages_and_month_ends_go(shop: Database) -> None:
    row = (1, "loyal", 3, 12, 45000, *[None] * 7)
    for day in (date(2023, 10, 31), date(2023, 12, 31), DAY):
        write_month(shop, day, [row])
    write_profile(shop, 1, "{}", until=DAY, made_at=NOW - timedelta(days=61), version=4)
    write_profile(shop, 2, "{}", until=DAY, made_at=NOW - timedelta(days=59), version=4)
    assert thin_answers(shop, NOW) == 2
    assert read_months(shop, DAY)["day"].tolist() == [day_number(date(2023, 12, 31)), day_number(DAY)]
    assert read_profile(shop, 1) is None
    assert read_profile(shop, 2) is not None


def test_uses_add_up(shop: Database) -> None:
    add_uses(shop, {"customers": (3, 1)})
    add_uses(shop, {"customers": (1, 0), "profile": (0, 2)})
    assert read_uses(shop) == {"customers": (4, 1), "profile": (0, 2)}
