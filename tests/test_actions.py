"""Advice: each thing once, what leaves most first; what was answered stays away as long as it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from colmado_insights import text
from colmado_insights.analytics.results import (
    Basket,
    Bundle,
    CareBoard,
    CostAlarm,
    CustomerOutlook,
    Estimate,
    MarginPart,
    PriceBoard,
    ProductCare,
    ProductPair,
)
from colmado_insights.domain import Category, Reason, day_number
from colmado_insights.insights.actions import DISMISSED_DAYS, Advice, gathering
from colmado_insights.insights.care import CARE
from colmado_insights.shop import Shop
from colmado_insights.storage import advices, results
from tests.believable_prices import make_price_board
from tests.small_shop import LAST_DAY
from tests.ui.fake_customers import make_outlook

NOW = datetime.combine(LAST_DAY + timedelta(days=1), datetime.min.time()).replace(hour=10)


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    """A shop without sales but with products 1 to 5, so that only what a test keeps is advised."""
    with Shop(tmp_path / "shop.db") as opened:
        with opened._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO product (id, name) VALUES (?, ?)",
                [(1, "Ron"), (2, "Malta"), (3, "Pan"), (4, "Queso"), (5, "Turrón")],
            )
        yield opened


def keep(shop: Shop, kind: str, board: Any) -> None:
    results.write_result(
        shop._database, kind, day_number(board.until), "", msgspec.to_builtins(board), made_at=NOW, version=0
    )


def keys(shop: Shop, now: datetime = NOW) -> list[str]:
    return [advice.key for advice in shop.compute_actions(now)]


def product(product_id: int, **how: Any) -> ProductCare:
    plain = ProductCare(
        product_id,
        Category.SNACKS,
        "A",
        900_00,
        0.1,
        90_000,
        90_00,
        0.1,
        1.0,
        LAST_DAY,
        None,
        False,
        None,
        None,
        None,
    )
    return replace(plain, **how)


def care(*products: ProductCare, **how: Any) -> CareBoard:
    plain = CareBoard(
        products, (), (), 10_000_00, 1_000_00, 1.0, None, 0, LAST_DAY - timedelta(days=89), LAST_DAY, 90, 0.9
    )
    return replace(plain, **how)


def alarm(product_id: int, loss: int) -> CostAlarm:
    return CostAlarm(product_id, LAST_DAY, 10_00, 12_00, 15_00, 0.33, 0.2, 20_00, loss)


def prices(*alarms: CostAlarm) -> PriceBoard:
    return PriceBoard((), alarms, 1, (), (), LAST_DAY)


def basket(pairs: tuple[ProductPair, ...] = (), bundles: tuple[Bundle, ...] = ()) -> Basket:
    return Basket(pairs, bundles, (), (), 100, 50, None, None, None, LAST_DAY, LAST_DAY, 0.9)


def test_sleeping_stock_and_what_runs_out_are_told(shop: Shop) -> None:
    left = Estimate(2.0, 1.0, 3.5)
    keep(shop, CARE, care(
        product(1, is_dead=True, quiet_days=80, stock_milli=20_000, asleep_cents=4_000_00, stock_age_days=3),
        product(2, stock_milli=3_000, days_left=left, stock_age_days=2),
        product(3, stock_milli=3_000, days_left=left, stock_age_days=20),  # a delivery may have come
        product(4, stock_milli=3_000, days_left=left, stock_age_days=2, abc="C"),
        product(5, is_dead=True, quiet_days=80, stock_milli=20, asleep_cents=4_00, stock_age_days=3),
    ))  # fmt: skip
    asleep, restock = shop.compute_actions(NOW)
    assert (asleep.key, asleep.gain_cents, asleep.goal, asleep.page) == (
        "asleep:1",
        1_000_00,
        "revenue",
        "products",
    )
    assert text.sentence(asleep.what) == "Saca Ron de la góndola: rebájalo o devuélvelo"
    assert (restock.key, restock.gain_cents, restock.goal) == ("restock:2", 3_00, "profit")


def test_without_stock_what_stopped_is_told_in_one(shop: Shop) -> None:
    keep(shop, CARE, care(*(product(each, is_dead=True, quiet_days=70) for each in (1, 2, 3))))
    (advice,) = shop.compute_actions(NOW)
    assert (advice.key, advice.what, advice.gain_cents) == (
        "stopped",
        Reason.of("look_at_stopped", count=3),
        None,
    )


def test_costs_offers_and_bundles_are_told_for_two_weeks(shop: Shop) -> None:
    keep(shop, "prices", prices(alarm(1, 50_00), alarm(99, 900_00)))  # 99 is no product any more
    pair = ProductPair(3, 4, 20, 50, 40, 0.4, 3.0, 2.0, 2.5, (), "", 300_00)
    bundle = Bundle((2, 5), 100_00, 90_00, 10_00, 12, 8.0, None, 600_00, ())
    keep(shop, "baskets", basket((pair,), (bundle,)))
    found = {advice.key: advice for advice in shop.compute_actions(NOW)}
    assert {key: (each.gain_cents, each.goal, each.measure) for key, each in found.items()} == {
        "cost:1": (100_00, "profit", "product:1"),
        "offer:3:4": (140_00, "profit", "product:4"),
        "bundle:2:5": (280_00, "revenue", "product:5"),
    }
    assert "4 de cada 10" in text.sentence(found["offer:3:4"].why)


def test_many_of_a_kind_are_told_together(shop: Shop) -> None:
    left = Estimate(2.0, 1.0, 3.5)
    keep(shop, "prices", prices(*(alarm(each, 50_00 * each) for each in (1, 2, 3, 4, 5))))
    out = [product(each, stock_milli=3_000, days_left=left, stock_age_days=2) for each in (1, 2, 3)]
    asleep = [
        product(each, is_dead=True, quiet_days=80, stock_milli=20_000, asleep_cents=each * 1_000_00)
        for each in (1, 2, 3, 4)
    ]
    keep(shop, CARE, care(*out, *asleep))
    found = {advice.key: advice for advice in shop.compute_actions(NOW)}
    week = LAST_DAY.isocalendar()
    assert set(found) == {
        "cost:5", "costs", "asleep:4", "asleep:3", "sleepers", f"restock:{week.year}-{week.week:02d}",
    }  # fmt: skip
    assert found["costs"].gain_cents == 2 * (3 + 2 + 1) * 50_00
    assert "Pan, Malta, Ron" in text.sentence(found["costs"].why)
    assert text.sentence(found["costs"].what) == "Mira el precio de 3 productos: les subió el costo"


def test_the_second_of_a_kind_counts_for_half(shop: Shop) -> None:
    keep(shop, "prices", prices(alarm(1, 100_00), alarm(2, 90_00)))
    pair = ProductPair(3, 4, 20, 50, 40, 0.4, 3.0, 2.0, 2.5, (), "", 300_00)
    keep(shop, "baskets", basket((pair,)))
    assert keys(shop) == ["cost:1", "offer:3:4", "cost:2"]


def test_what_brings_next_to_nothing_is_not_advised(shop: Shop) -> None:
    pair = ProductPair(3, 4, 20, 50, 40, 0.4, 3.0, 2.0, 2.5, (), "", 100_00)
    bundle = Bundle((2, 5), 100_00, 90_00, 10_00, 12, 8.0, 90_00, 600_00, ())
    keep(shop, "baskets", basket((pair,), (bundle,)))
    assert keys(shop) == []


def test_prices_move_a_step_at_a_time_and_one_in_a_family(shop: Shop) -> None:
    board = make_price_board()
    first, *others = sorted(
        (each for each in board.advices if each.step_change and each.step_change.lo > 0),
        key=lambda each: -(each.step_change.mean if each.step_change else 0),
    )
    assert others
    board = replace(board, alarms=(), until=LAST_DAY)
    with shop._database.transaction() as connection:
        connection.execute("INSERT OR IGNORE INTO product (id, name) VALUES (6, 'Sal')")
        connection.execute("UPDATE product SET category_id = 1")
    keep(shop, "prices", board)
    (told,) = shop.compute_actions(NOW)
    assert told.key == f"price:{first.product_id}"
    assert dict(told.what.values)["cents"] == first.step_cents
    shop.write_answer(told.key, done=True)
    assert keys(shop) == []  # while one is tried, its family stays as it is
    with shop._database.transaction() as connection:
        connection.execute("UPDATE product SET category_id = 2 WHERE id = ?", (others[0].product_id,))
    assert keys(shop) == [f"price:{others[0].product_id}"]


def test_days_that_are_over_are_not_prepared_for(small_shop: Shop) -> None:
    assert any(advice.kind == "peak" for advice in small_shop.compute_actions(NOW))
    for days in range(1, 12):
        now = NOW + timedelta(days=days)
        for advice in small_shop.compute_actions(now):
            assert advice.kind != "peak" or advice.key >= f"peak:{now.date().isoformat()}"


def test_one_thing_is_advised_once_and_profit_counts_for_more_than_sales(shop: Shop) -> None:
    keep(shop, "prices", prices(alarm(1, 50_00), alarm(2, 25_00)))
    bundle = Bundle((3, 1), 100_00, 90_00, 10_00, 12, 8.0, None, 900_00, ())
    other = replace(bundle, product_ids=(4, 5))
    keep(shop, "baskets", basket(bundles=(bundle, other)))
    margins = (MarginPart("snacks", 10_000_00, 500_00, 0.05, 1.0, 3),)
    keep(shop, CARE, care(by_category=margins, margin_cents=500_00))
    # 420 pesos of sales leave 21: less than 100 and half of 50 of profit; product 1 is advised once
    assert keys(shop) == ["cost:1", "cost:2", "bundle:4:5"]


def test_customers_are_counted_and_never_named(shop: Shop) -> None:
    made = [make_outlook(place) for place in range(12)]
    with shop._database.transaction() as connection:
        for outlook in made:
            connection.execute(
                "INSERT INTO customer (id, name) VALUES (?, ?)",
                (outlook.customer_id, f"Persona {outlook.customer_id}"),
            )
            connection.execute(
                "INSERT INTO customer_outlook VALUES (?, ?, 0, 0, '', ?)",
                (outlook.customer_id, day_number(LAST_DAY), msgspec.json.encode(outlook).decode()),
            )
    told = shop.compute_actions(NOW)
    assert {advice.page for advice in told} == {"customers"}
    kept = shop._database.read("SELECT key, body FROM advice")
    assert kept and "Persona" not in str(kept)
    assert msgspec.json.decode(msgspec.json.encode(made[0]), type=CustomerOutlook) == made[0]


def test_what_is_not_wanted_stays_away_a_month_and_comes_back_as_another(shop: Shop) -> None:
    keep(shop, "prices", prices(alarm(1, 50_00)))
    assert keys(shop) == ["cost:1"]
    advices.write_answer(shop._database, "cost:1", done=False, at=NOW)
    assert keys(shop, NOW + timedelta(days=13)) == []
    keep(shop, "prices", replace(prices(alarm(1, 50_00)), until=LAST_DAY + timedelta(days=DISMISSED_DAYS)))
    assert keys(shop, NOW + timedelta(days=DISMISSED_DAYS)) == ["cost:1#2"]
    advices.write_answer(shop._database, "cost:1#2", done=False, at=NOW + timedelta(days=DISMISSED_DAYS))
    assert keys(shop, NOW + timedelta(days=DISMISSED_DAYS)) == []


def test_what_is_taken_stays_away_until_it_is_judged(shop: Shop) -> None:
    keep(shop, "prices", prices(alarm(1, 50_00)))
    assert keys(shop) == ["cost:1"]
    advices.write_answer(shop._database, "cost:1", done=True, at=NOW)
    assert keys(shop) == []
    advices.write_outcomes(shop._database, [("cost:1", {})], NOW)
    assert keys(shop) == ["cost:1#2"]
    assert shop.undo_answer("cost:1")
    assert keys(shop) == ["cost:1"]


def test_an_answer_of_a_clock_set_wrong_does_not_hide_for_years(shop: Shop) -> None:
    keep(shop, "prices", prices(alarm(1, 50_00)))
    advices.write_answer(shop._database, "cost:1", done=False, at=NOW + timedelta(days=3000))
    assert keys(shop) == ["cost:1"]


def test_old_and_foreign_boards_say_nothing(shop: Shop) -> None:
    keep(shop, "prices", prices(alarm(1, 50_00)))
    assert keys(shop, NOW + timedelta(days=20)) == []
    results.write_result(
        shop._database, CARE, day_number(LAST_DAY), "", {"until": "x"}, made_at=NOW, version=0
    )
    assert keys(shop) == ["cost:1"]


def test_home_never_waits_for_a_board(small_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the program always answered at once is computed; boards are read as they are kept."""
    from colmado_insights.insights import baskets, care, prices

    def refuse(*_args: object, **_how: object) -> None:
        raise AssertionError("a board was made on Home's way")

    for module, name in (
        (care, "compute_care"),
        (prices, "compute_price_board"),
        (baskets, "compute_baskets"),
    ):
        monkeypatch.setattr(module, name, refuse)
    assert small_shop.compute_actions(NOW)


def test_only_what_is_shown_is_noted(shop: Shop) -> None:
    keep(shop, "prices", prices(alarm(1, 50_00), alarm(2, 20_00)))
    assert [advice.key for advice in shop.compute_actions(NOW, most=1)] == ["cost:1"]
    assert [entry.advice.key for entry in shop.read_ledger(NOW)] == ["cost:1"]


def test_a_look_back_leaves_no_trace(small_shop: Shop) -> None:
    assert small_shop.compute_actions(NOW, is_replay=True)
    assert small_shop.read_ledger(NOW) == ()


def test_every_source_says_its_kind_and_where_to_act(small_shop: Shop) -> None:
    small_shop.compute_care(LAST_DAY)
    for advice in small_shop.compute_actions(NOW):
        assert isinstance(advice, Advice)
        assert advice.kind and advice.page
        assert text.sentence(advice.what) and text.sentence(advice.why)
    assert len(gathering.SOURCES) == len(set(gathering.SOURCES))
