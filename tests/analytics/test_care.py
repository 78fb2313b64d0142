"""Care of products: classes with ties, margins of what has a cost, what sleeps, how long the stock lasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.care import compute_care
from colmado_insights.analytics.results import CareBoard, NotEnough, ProductCare
from colmado_insights.domain import (
    CATEGORY_CODE,
    GOODS_COLUMNS,
    SOLD_COLUMNS,
    STOCK_COLUMNS,
    TOLD_COST_COLUMNS,
    Category,
    day_number,
)

UNTIL = date(2026, 6, 26)
LAST = day_number(UNTIL)
Row = tuple[int, ...]


def frame(rows: Iterable[tuple[object, ...]], columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns)).astype(columns)


def care(
    sold: Iterable[Row],
    *,
    goods: Iterable[tuple[object, ...]] = (),
    costs: Iterable[Row] = (),
    stock: Iterable[Row] = (),
    window_days: int = 90,
) -> CareBoard:
    """A board of lines (product, days ago, quantity, amount, cost of the line); days as so many before UNTIL."""
    lines = [(product, LAST - ago, quantity, amount, cost) for product, ago, quantity, amount, cost in sold]
    known = {int(str(row[0])): row for row in goods}
    for product, *_rest in lines:
        known.setdefault(product, (product, 0, "", False))
    found = compute_care(
        frame(lines, SOLD_COLUMNS),
        frame(known.values(), GOODS_COLUMNS),
        frame(((product, LAST - ago, cost) for product, ago, cost in costs), TOLD_COST_COLUMNS),
        frame(((product, LAST - ago, left) for product, ago, left in stock), STOCK_COLUMNS),
        until=UNTIL,
        window_days=window_days,
    )
    assert isinstance(found, CareBoard)
    return found


def open_shop(days: int = 10, product: int = 900) -> list[Row]:
    """A product that sells a little every day, so that the shop is open."""
    return [(product, ago, 1000, 1, 0) for ago in range(days)]


def of(board: CareBoard, product: int) -> ProductCare:
    return next(each for each in board.products if each.product_id == product)


def codes(product: ProductCare) -> set[str]:
    return {reason.code for reason in product.reasons}


# ── classes ──


def test_classes_are_cut_at_80_and_95_percent() -> None:
    revenue = {1: 50_00, 2: 29_00, 3: 10_00, 4: 5_00, 5: 4_00, 6: 2_00}
    sold = [(product, ago, 1000, cents // 10, 0) for product, cents in revenue.items() for ago in range(10)]
    board = care(sold)
    # what is sold of those above: 0, 50, 79, 89, 94, 98 %
    assert [(each.product_id, each.abc) for each in board.products] == [
        (1, "A"), (2, "A"), (3, "A"), (4, "B"), (5, "B"), (6, "C"),
    ]  # fmt: skip
    assert board.products[0].revenue_share == pytest.approx(0.5)
    assert board.revenue_cents == 100_00


def test_equals_share_a_class() -> None:
    sold = [(product, ago, 1000, 10, 0) for product in range(1, 11) for ago in range(10)]
    assert {each.abc for each in care(sold).products} == {"A"}
    sold += [(99, ago, 1000, 900, 0) for ago in range(10)]  # 90 % alone: all others begin behind it
    board = care(sold)
    assert [each.abc for each in board.products] == ["A", *["B"] * 10]


def test_what_came_back_weighs_nothing_and_is_listed_all_the_same() -> None:
    board = care(
        [*open_shop(), (1, 3, 2000, 50_00, 0), (1, 2, -2000, -50_00, 0), (2, 1, -1000, -20_00, 0)],
        goods=[(3, CATEGORY_CODE[Category.SNACKS], "", False)],
    )
    assert [(each.product_id, each.abc, each.revenue_cents) for each in board.products] == [
        (900, "A", 10), (1, "C", 0), (3, "C", 0), (2, "C", -20_00),
    ]  # fmt: skip
    listed = of(board, 3)
    assert (listed.last_sold, listed.is_dead, listed.margin_cents) == (None, False, None)
    assert of(board, 2).last_sold is None  # it only came back


# ── margins ──


def test_a_margin_is_of_the_part_with_a_cost() -> None:
    sold = [(1, 3, 1000, 100_00, 80_00), (1, 2, 1000, 100_00, 0), (2, 2, 1000, 100_00, 0), *open_shop()]
    sold = [*sold, (1, 20, 1000, 100_00, 0)]  # before the till said what it costs
    board = care(sold)
    one, other = of(board, 1), of(board, 2)
    assert (one.margin_cents, one.margin_share) == (40_00, pytest.approx(0.2))  # what it said holds on
    assert one.costed_share == pytest.approx(2 / 3)
    assert (other.margin_cents, other.margin_share, other.costed_share) == (None, None, 0.0)
    assert board.margin_cents == 40_00
    assert board.costed_share == pytest.approx(200_00 / (400_00 + 10))
    assert "care_uncosted" in {reason.code for reason in board.reasons}


def test_costs_are_those_of_the_day_and_what_was_told_is_trusted_more() -> None:
    sold = [(1, ago, 2000, 100_00, 10_00) for ago in (30, 20, 10)] + open_shop()
    board = care(sold, costs=[(1, 25, 40_00), (1, 15, 45_00)])
    # 30 days ago the till's 10 pesos a line, then twice 40, then twice 45
    assert of(board, 1).margin_cents == (100 - 10) * 100 + (100 - 80) * 100 + (100 - 90) * 100


def test_a_cost_told_only_now_serves_for_before_and_it_is_said() -> None:
    board = care([(1, 30, 1000, 50_00, 0), *open_shop()], costs=[(1, 0, 30_00)])
    assert of(board, 1).margin_cents == 20_00
    assert "care_costs_told_later" in {reason.code for reason in board.reasons}


def test_a_refund_takes_its_margin_back() -> None:
    sold = [(1, 5, 3000, 150_00, 90_00), (1, 4, -1000, -50_00, -30_00), *open_shop()]
    one = of(care(sold), 1)
    assert (one.margin_cents, one.margin_share, one.costed_share) == (40_00, pytest.approx(0.4), 1.0)


def test_selling_under_cost_and_by_amount_is_said() -> None:
    sold = [(1, 5, 1000, 50_00, 60_00), *[(2, ago, 167, 25_00, 0) for ago in range(4)], *open_shop()]
    board = care(sold, goods=[(2, 8, "", True)], costs=[(2, 50, 120_00)])
    assert codes(of(board, 1)) == {"care_under_cost"}
    salami = of(board, 2)
    assert codes(salami) == {"care_by_amount"}
    assert salami.margin_cents == 4 * (25_00 - 20_04)  # of what was weighed, not of a price a unit


def test_margins_by_category_and_supplier() -> None:
    drinks, snacks = CATEGORY_CODE[Category.BEVERAGES], CATEGORY_CODE[Category.SNACKS]
    board = care(
        [(1, 1, 1000, 100_00, 70_00), (2, 1, 1000, 300_00, 240_00), (3, 1, 1000, 50_00, 0), *open_shop()],
        goods=[(1, drinks, "Nacional", False), (2, snacks, "", False), (3, drinks, "Nacional", False)],
    )
    parts = {part.key: part for part in board.by_category}
    assert (parts["beverages"].margin_share, parts["beverages"].products) == (pytest.approx(0.3), 2)
    assert parts["beverages"].costed_share == pytest.approx(2 / 3)
    assert [part.key for part in board.by_category] == ["snacks", "beverages", "alcohol"]
    (supplier,) = board.by_supplier
    assert (supplier.key, supplier.revenue_cents, supplier.margin_cents) == ("Nacional", 150_00, 30_00)


# ── what sleeps ──


def test_dead_is_what_stopped_beyond_its_own_rhythm() -> None:
    every_day = open_shop(400)
    weekly = [(1, ago, 1000, 10_00, 0) for ago in range(70, 300, 7)]
    slow = [(2, ago, 1000, 10_00, 0) for ago in range(70, 390, 65)]  # 70 days are nothing new to it
    fresh = [(3, 65, 1000, 10_00, 0)]  # seen once, and not long ago
    forgotten = [(4, 250, 1000, 10_00, 0)]
    pausing = [(5, ago, 1000, 10_00, 0) for ago in range(50, 300, 2)]  # not for 60 days yet
    board = care(every_day + weekly + slow + fresh + forgotten + pausing)
    assert {each.product_id for each in board.products if each.is_dead} == {1, 4}
    assert board.dead == 2
    assert (of(board, 1).quiet_days, of(board, 1).last_sold) == (70, UNTIL - timedelta(days=70))
    assert codes(of(board, 1)) == {"care_quiet"}
    assert codes(of(board, 4)) == {"care_quiet_once"}
    assert of(board, 2).quiet_days is None
    assert (of(board, 5).quiet_days, of(board, 5).is_dead) == (50, False)


def test_what_sells_every_december_is_not_dead_in_june() -> None:
    december = [
        (1, ago, 1000, 10_00, 0) for year in (0, 1, 2) for ago in range(178 + 365 * year, 208 + 365 * year)
    ]
    board = care(open_shop(1000) + december)
    assert not of(board, 1).is_dead
    assert of(care(open_shop(1000) + december[:30]), 1).is_dead  # one December alone tells of no next one


def test_what_sold_in_these_coming_weeks_a_year_ago_waits_for_them() -> None:
    season = [(1, ago, 1000, 10_00, 0) for ago in range(330, 350)]
    stopped = [(2, ago, 1000, 10_00, 0) for ago in range(330, 400, 2)]
    board = care(open_shop(500) + season + stopped)
    assert (of(board, 1).is_dead, of(board, 1).quiet_days) == (False, 330)
    assert of(board, 2).is_dead


def test_a_shop_that_was_shut_has_no_dead_products() -> None:
    before = [(product, ago, 1000, 10_00, 0) for product in (1, 2) for ago in range(80, 200, 3)]
    assert care([*before, *open_shop(10)]).dead == 0


def test_money_asleep_is_stock_at_cost() -> None:
    weekly = [(product, ago, 1000, 10_00, 0) for product in (1, 2, 3) for ago in range(70, 300, 7)]
    board = care(
        open_shop(300) + weekly, costs=[(1, 100, 7_00), (1, 10, 8_00), (3, 10, 5_00)],
        stock=[(1, 5, 12_500), (2, 5, 9_000)],
    )  # fmt: skip
    assert [of(board, product).asleep_cents for product in (1, 2, 3)] == [100_00, None, None]
    assert board.asleep_cents == 100_00


# ── stock ──


def test_days_left_hold_what_comes_in_eight_of_ten_cases() -> None:
    """Simulated demand, smooth to lumpy, weekdays that differ: the interval covers the day it was sold out."""
    rng = np.random.default_rng(8)
    week = np.array([1.3, 0.8, 0.8, 0.9, 1.0, 1.3, 1.4])
    past, ahead = 120, 400
    days = np.arange(past + ahead)
    sold, stock, truth = list(open_shop(past)), [], {}
    for product in range(1, 401):
        rate, shape = ((12, 5), (2, 2), (0.4, 1), (0.2, 0.7))[product % 4]
        mean = rate * week[days % 7] / week.mean()
        units = rng.negative_binomial(shape, shape / (shape + mean))
        stocked = max(1, int(rate * (5, 14, 30)[product % 3]))
        coming = np.cumsum(units[past:])
        truth[product] = int(np.argmax(coming >= stocked)) + 1
        stock.append((product, 0, stocked * 1000))
        sold += [
            (product, past - 1 - at, int(units[at]) * 1000, int(units[at]) * 100, 0)
            for at in np.flatnonzero(units[:past])
        ]
    board = care(sold, stock=stock)
    told = [(each.days_left, truth[each.product_id]) for each in board.products if each.days_left]
    assert len(told) > 380
    covered = np.mean([left.lo <= day < left.hi + 1 for left, day in told])
    assert 0.75 <= covered <= 0.9
    assert np.median([day / left.mean for left, day in told]) == pytest.approx(0.9, abs=0.15)


def test_stock_without_demand_has_no_end_and_a_count_at_nothing_is_said() -> None:
    board = care(
        [*open_shop(60), *[(1, ago, 1000, 10_00, 0) for ago in range(60)], (2, 50, 1000, 10_00, 0)],
        stock=[(1, 3, -2_000), (2, 3, 5_000), (900, 40, 30_000)],
    )
    gone = of(board, 1)
    assert gone.days_left is not None
    assert gone.days_left.mean == 0
    assert codes(gone) == {"care_stock_gone"}
    assert of(board, 2).days_left is None
    steady = of(board, 900)
    assert steady.days_left is not None
    assert steady.days_left.mean == pytest.approx(30)
    assert (steady.stock_age_days, codes(steady)) == (40, {"care_stock_old"})


def test_closed_days_lengthen_what_is_left() -> None:
    sold = [(1, ago, 2000, 10_00, 0) for ago in range(120) if ago % 7 != 3]
    left = of(care(sold, stock=[(1, 0, 12_000)]), 1).days_left
    assert left is not None
    assert left.mean == pytest.approx(7, rel=0.02)


# ── too little, too much ──


def test_a_week_is_the_least() -> None:
    lines = frame([(1, LAST - ago, 1000, 100, 0) for ago in range(6)], SOLD_COLUMNS)
    rest = [frame([], columns) for columns in (TOLD_COST_COLUMNS, STOCK_COLUMNS)]
    goods = frame([(1, 0, "", False)], GOODS_COLUMNS)
    found = compute_care(lines, goods, *rest, until=UNTIL)
    assert found == NotEnough(7, 6, "days", UNTIL)
    with pytest.raises(ValueError, match="not in goods"):
        compute_care(lines.assign(product_id=2), goods, *rest, until=UNTIL)


def test_later_sales_and_counts_are_not_looked_at() -> None:
    sold = [*open_shop(), (1, 5, 1000, 10_00, 0)]
    later = [*sold, (1, -3, 1000, 99_00, 0)]
    assert care(sold) == care(later, stock=[(1, -2, 5_000)])
