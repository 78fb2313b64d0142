"""This moment: insights are replaced and expire, the past is read once, a cashier sees no money."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from colmado_insights.analytics.results import DayView, LiveInsight, LiveType, Segments
from colmado_insights.analytics.today import pushes_alcohol
from colmado_insights.domain import Category, Target, day_number, moment_of, wall_seconds
from colmado_insights.live import sleep_until
from colmado_insights.shop import Shop
from colmado_insights.storage import notices, results, sales
from tests.small_shop import LAST_DAY
from tests.storage.till import write_rows

AFTERNOON = datetime.combine(LAST_DAY, datetime.min.time()) + timedelta(hours=18, minutes=40)


def key_of(live: LiveInsight) -> tuple[str, str]:
    return str(live.type), live.subject


def test_a_replay_sees_no_later_sale_and_leaves_nothing(small_shop: Shop) -> None:
    database, day = small_shop._database, day_number(LAST_DAY)
    then = small_shop.read_live(AFTERNOON, is_replay=True)
    assert then
    assert results.read_insights(database) == []
    with database.transaction() as connection:
        connection.execute("DELETE FROM sale WHERE sold_at > ?", (wall_seconds(AFTERNOON),))
        sales.refresh_sums(connection, [day])
    assert small_shop.read_live(AFTERNOON, is_replay=True) == then


def cut_after(shop: Shop, moment: datetime) -> None:
    """Forget what was sold later: the moment becomes now."""
    with shop._database.transaction() as connection:
        connection.execute("DELETE FROM sale WHERE sold_at > ?", (wall_seconds(moment),))
        sales.refresh_sums(connection, [day_number(moment.date())])


def test_a_replay_shows_what_the_live_program_showed(small_shop: Shop) -> None:
    """The program that ran through a day and a replay of the same day, half hour by half hour."""
    shop, database, pace = small_shop, small_shop._database, timedelta(minutes=30)
    midnight = datetime.combine(LAST_DAY, datetime.min.time())
    replayed = list(shop.replay_live(LAST_DAY, pace))
    with database.transaction() as connection:
        connection.execute(
            "CREATE TEMP TABLE later AS SELECT * FROM sale WHERE sold_at > ?",
            (wall_seconds(midnight - timedelta(hours=4)),),
        )
        connection.execute("DELETE FROM sale WHERE id IN (SELECT id FROM later)")
    shown = {}
    moments = [midnight - timedelta(hours=4) + pace * place for place in range(8)]
    for now in [*moments, *(moment.at for moment in replayed)]:
        with database.transaction() as connection:
            connection.execute(
                "INSERT INTO sale SELECT * FROM later WHERE sold_at <= ? AND id NOT IN (SELECT id FROM sale)",
                (wall_seconds(now),),
            )
            sales.refresh_sums(connection, [day_number(now.date()), day_number(LAST_DAY) - 1])
        shown[now] = msgspec.json.encode(shop.read_live(now))
    assert {moment.at: msgspec.json.encode(moment.standing) for moment in replayed} == {
        moment.at: shown[moment.at] for moment in replayed
    }
    assert any(
        set(map(key_of, moment.standing)) > set(map(key_of, moment.found)) for moment in replayed
    )  # something stood that no longer held


def test_a_replay_without_a_kept_forecast_makes_that_of_the_day_before(small_shop: Shop) -> None:
    database, today = small_shop._database, day_number(LAST_DAY)
    assert results.read_forecast_until(database, Target.REVENUE, today) is None
    small_shop.read_live(AFTERNOON, is_replay=True)
    assert results.read_forecast_until(database, Target.REVENUE, today) == today - 1
    assert results.read_forecast_until(database, Target.REVENUE, today - 1) == today - 2


def test_a_replay_walks_each_minute_and_each_sale(small_shop: Shop) -> None:
    walked = [moment.at for moment in small_shop.replay_live(LAST_DAY)]
    midnight = datetime.combine(LAST_DAY, datetime.min.time())
    assert walked == sorted(set(walked))
    assert {midnight + timedelta(minutes=minute) for minute in range(1440)} <= set(walked)
    sold = sales.read_receipts(small_shop._database, day_number(LAST_DAY), day_number(LAST_DAY))["sold_at"]
    assert {moment_of(second) for second in sold} <= set(walked)


def test_nothing_is_created_again_while_it_stands(small_shop: Shop) -> None:
    before: dict[tuple[str, str], LiveInsight] = {}
    for moment in small_shop.replay_live(LAST_DAY):
        standing = {key_of(live): live for live in moment.standing}
        assert len(standing) == len(moment.standing)
        for key, live in standing.items():
            assert live.expires_at > moment.at
            if key in before and before[key].expires_at > moment.at:
                assert live.created_at == before[key].created_at
        before = standing


def test_segments_of_the_day_itself_are_not_known_on_it(small_shop: Shop) -> None:
    cut_after(small_shop, AFTERNOON)
    small_shop.compute_segments()  # kept, with the last day in them
    for is_replay in (True, False):
        demand = [
            live for live in small_shop.read_live(AFTERNOON, is_replay=is_replay)
            if live.type is LiveType.PRODUCT_DEMAND
        ]  # fmt: skip
        assert demand
        known = small_shop.compute_segments(LAST_DAY - timedelta(days=1))
        assert isinstance(known, Segments)
        receipts = {one.segment_id: one.transaction_count for one in known.segments}
        for live in demand:
            sample = next(why for why in live.why if why.code == "segment_sample")
            assert sample["receipts"] == receipts[live.subject]


def test_a_snoozed_insight_is_not_shown_until_it_wakes(small_shop: Shop) -> None:
    cut_after(small_shop, AFTERNOON)
    before = small_shop.read_live(AFTERNOON)
    victim = next(live for live in before if live.type is LiveType.PRODUCT_DEMAND)
    small_shop.snooze_insight(*key_of(victim), sleep_until("1h", AFTERNOON), AFTERNOON)
    assert set(map(key_of, small_shop.read_live(AFTERNOON))) == set(map(key_of, before)) - {key_of(victim)}
    assert victim.subject in {live.subject for live in small_shop.read_live(AFTERNOON, is_replay=True)}
    small_shop.snooze_insight("product_demand", "", sleep_until("today", AFTERNOON), AFTERNOON)
    kinds = {live.type for live in small_shop.read_live(AFTERNOON + timedelta(minutes=1))}
    assert LiveType.PRODUCT_DEMAND not in kinds
    assert small_shop.read_cashier(AFTERNOON + timedelta(minutes=1)).expected == ()
    assert small_shop.wake_insight("product_demand", "")
    assert small_shop.wake_insight(*key_of(victim))
    again = next(
        live
        for live in small_shop.read_live(AFTERNOON + timedelta(minutes=2))
        if key_of(live) == key_of(victim)
    )
    assert again.created_at == victim.created_at  # it stood all the time


def test_alcohol_hours_of_the_owner_are_obeyed_at_once(small_shop: Shop) -> None:
    evening = AFTERNOON.replace(hour=20, minute=30)
    cut_after(small_shop, evening)
    before = small_shop.read_live(evening)
    assert "beer_and_snacks" in {live.subject for live in before}
    small_shop.write_settings(dataclasses.replace(small_shop.settings, alcohol_until_hour=12))
    after = small_shop.read_live(evening + timedelta(minutes=1))
    assert any(pushes_alcohol(live) for live in before)
    assert not any(pushes_alcohol(live) for live in after)
    assert {key_of(live) for live in before} - {key_of(live) for live in after} == {
        ("product_demand", "beer_and_snacks")
    }


def test_how_long_a_sleep_lasts() -> None:
    assert sleep_until("1h", AFTERNOON) == AFTERNOON + timedelta(hours=1)
    assert sleep_until("today", AFTERNOON) == datetime(2026, 11, 20)
    assert sleep_until("week", AFTERNOON) == datetime(2026, 11, 26)


def test_notices_of_a_day_are_few_whatever_was_started_anew(small_shop: Shop) -> None:
    cut_after(small_shop, AFTERNOON)
    taken: list[LiveInsight] = []
    for minute in range(6):
        with Shop(small_shop.path) as shop:
            taken += shop.take_notices(AFTERNOON + timedelta(minutes=minute))
    assert 0 < len(taken) <= 3
    assert len(set(map(key_of, taken))) == len(taken)
    told = [(notice.type, notice.subject) for notice in notices.read_notices(small_shop._database, AFTERNOON)]
    assert told == sorted(map(key_of, taken), key=told.index)


def test_no_notice_under_a_wrong_clock_outside_opening_hours_or_when_turned_off(small_shop: Shop) -> None:
    assert small_shop.take_notices(AFTERNOON) == ()  # the shop sold later: the clock was set back
    cut_after(small_shop, AFTERNOON)
    night = datetime.combine(LAST_DAY, datetime.min.time()) + timedelta(days=1, hours=3)
    assert small_shop.take_notices(night) == ()
    with Shop(small_shop.path, dataclasses.replace(small_shop.settings, push_notices=False)) as quiet:
        assert quiet.take_notices(AFTERNOON) == ()
    assert small_shop.take_notices(AFTERNOON)


def test_what_sleeps_is_not_pushed(small_shop: Shop) -> None:
    cut_after(small_shop, AFTERNOON)
    for kind in LiveType:
        small_shop.snooze_insight(kind, "", sleep_until("week", AFTERNOON), AFTERNOON)
    assert small_shop.take_notices(AFTERNOON) == ()
    assert notices.read_notices(small_shop._database, AFTERNOON) == ()


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


def test_the_last_sale_is_named_anew_when_its_category_is_corrected(small_shop: Shop, tmp_path: Path) -> None:
    row = ("999999", AFTERNOON.strftime("%d/%m/2027 18:39"), "Cerveza Presidente", 6, "900.00", "", "", "")
    small_shop.import_files([write_rows(tmp_path / "a.csv", [row])])
    (sale,) = small_shop.find_receipts("999999")
    assert "beer_and_snacks" in small_shop.find_sale_segments(sale)
    before = small_shop.read_cashier(AFTERNOON).last_segment
    (beer,) = {each.product_id for each in small_shop.read_catalog() if each.name == "Cerveza Presidente"}
    small_shop.write_category([beer], Category.HOUSEHOLD)
    assert before is not None
    assert small_shop.read_cashier(AFTERNOON).last_segment != before


def test_a_week_without_sales_nobody_knows_what_will_be_asked_for(small_shop: Shop) -> None:
    later = datetime.combine(LAST_DAY + timedelta(days=8), datetime.min.time()) + timedelta(hours=18)
    assert any(
        insight.type is LiveType.PRODUCT_DEMAND for insight in small_shop.read_live(later - timedelta(days=1))
    )
    assert not any(insight.type is LiveType.PRODUCT_DEMAND for insight in small_shop.read_live(later))
