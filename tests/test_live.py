"""This moment: insights are replaced and expire, the past is read once, a cashier sees no money."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from colmado_insights.analytics.results import DayView
from colmado_insights.domain import day_number, wall_seconds
from colmado_insights.shop import Shop
from colmado_insights.storage import results, sales
from tests.small_shop import LAST_DAY
from tests.storage.till import write_rows

AFTERNOON = datetime.combine(LAST_DAY, datetime.min.time()) + timedelta(hours=18, minutes=40)


def test_a_replay_sees_no_later_sale_and_leaves_nothing(small_shop: Shop) -> None:
    database, day = small_shop._database, day_number(LAST_DAY)
    then = small_shop.read_live(AFTERNOON, is_replay=True)
    assert then
    assert results.read_insights(database) == []
    with database.transaction() as connection:
        connection.execute("DELETE FROM sale WHERE sold_at > ?", (wall_seconds(AFTERNOON),))
        sales.refresh_sums(connection, [day])
    assert small_shop.read_live(AFTERNOON, is_replay=True) == then


def test_standing_insights_are_kept_once_and_expire(small_shop: Shop) -> None:
    first = small_shop.read_live(AFTERNOON)
    again = small_shop.read_live(AFTERNOON + timedelta(minutes=1))
    keys = [(live.type, live.subject) for live in again]
    assert len(keys) == len(set(keys))
    assert len(results.read_insights(small_shop._database)) == len(again)
    assert first
    much_later = AFTERNOON + timedelta(days=3)
    assert all(live.expires_at > much_later for live in small_shop.read_live(much_later))


def test_the_past_is_read_once_while_it_stands(
    small_shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    work = sales.read_receipts

    def counted(database: Any, first: int, last: int) -> Any:
        read.append(last - first)
        return work(database, first, last)

    monkeypatch.setattr(sales, "read_receipts", counted)
    small_shop.read_day(AFTERNOON)
    past = [days for days in read if days < 1000]
    assert len(past) == 1
    today = AFTERNOON.strftime("%d/%m/%Y 18:35")
    small_shop.import_files([write_rows(tmp_path / "a.csv", [("9", today, "Pan", 1, "5", "", "", "")])])
    small_shop.read_day(AFTERNOON)
    assert len([days for days in read if days < 1000]) == 1
    before = (AFTERNOON - timedelta(days=3)).strftime("%d/%m/%Y 18:35")
    small_shop.import_files([write_rows(tmp_path / "b.csv", [("10", before, "Pan", 1, "5", "", "", "")])])
    small_shop.read_day(AFTERNOON)
    assert len([days for days in read if days < 1000]) == 2


def test_a_new_sale_is_seen_at_once(small_shop: Shop, tmp_path: Path) -> None:
    before = small_shop.read_day(AFTERNOON)
    row = ("999999", AFTERNOON.strftime("%d/%m/%Y 18:39"), "Pan", 1, "500.00", "", "", "")
    small_shop.import_files([write_rows(tmp_path / "a.csv", [row])])
    after = small_shop.read_day(AFTERNOON)
    assert isinstance(before, DayView)
    assert isinstance(after, DayView)
    assert after.revenue_cents == before.revenue_cents + 500_00
    assert small_shop.read_cashier(AFTERNOON).last_sale is not None


def test_the_last_day_stands_in_for_a_day_without_sales(small_shop: Shop) -> None:
    day = small_shop.read_day(AFTERNOON + timedelta(days=2))
    assert isinstance(day, DayView)
    assert day.until.date() == LAST_DAY


def test_a_cashier_sees_no_money(small_shop: Shop) -> None:
    view = small_shop.read_cashier(AFTERNOON)
    assert view.state in ("busy", "normal", "slow", "unknown", "clock")
    told = str(dataclasses.asdict(view))
    for word in ("cents", "revenue", "cost", "gain", "RD$"):
        assert word not in told
