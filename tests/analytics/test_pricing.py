"""Price advice: the best price inside its bounds, and only when it surely pays; costs that ate a margin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colmado_insights.analytics.cost_alarms import find_cost_alarms
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.price_board import compute_price_board
from colmado_insights.analytics.pricing import BEYOND, compute_price_advice
from colmado_insights.analytics.results import (
    Elasticity,
    ElasticityType,
    NotEnough,
    PriceAdvice,
    PriceBoard,
    why_refused,
)
from colmado_insights.domain import Category
from colmado_insights.text import sentence
from tests.analytics.price_shop import UNTIL, Planted, make_shop


def elasticity_of(
    value: float, *, lowest: int = 80_00, highest: int = 120_00, doubt: float = 0.05
) -> Elasticity:
    return Elasticity(
        product_id=1, elasticity=value, lo95=value - 2 * doubt, hi95=value + 2 * doubt, r_squared=0.5,
        type=ElasticityType.ELASTIC if value < 0 else ElasticityType.UNUSUAL, n_prices=3, days=100,
        lowest_cents=lowest, highest_cents=highest, raw=value, own_weight=0.9, category_elasticity=-1.0,
        left_out_share=0.0, until=UNTIL, confidence=0.8,
    )  # fmt: skip


def days_of(
    price: int, cost: int = 0, units: float = 10.0, category: Category = Category.SNACKS
) -> pd.DataFrame:
    """A product that has always sold at one price."""
    product = Planted(1, prices=((0, price),), cost=cost, units=units, category=category)
    return make_shop([product], days=120, seed=None)[0]


def advice_of(
    price: int, elasticity: Elasticity, cost: int = 0, grid_pesos: int = 5, units: float = 10.0
) -> PriceAdvice:
    found = compute_price_advice(days_of(price, cost, units), elasticity, until=UNTIL, grid_pesos=grid_pesos)
    assert isinstance(found, PriceAdvice)
    return found


def codes(advice: PriceAdvice) -> set[str]:
    return {reason.code for reason in advice.reasons}


@pytest.mark.parametrize("price", [80_00, 120_00])
def test_the_best_price_is_the_one_of_the_textbook(price: int) -> None:
    """With an elasticity of −2 and a cost of 50, profit is largest at cost × e / (e + 1) = 100."""
    advice = advice_of(price, elasticity_of(-2.0), cost=50_00)
    assert advice.optimal_cents == 100_00
    assert advice.goal == "profit"
    assert advice.profit_change is not None
    assert advice.profit_change.lo > 0


@pytest.mark.parametrize(
    ("price", "step"), [(80_00, 85_00), (90_00, 95_00), (120_00, 110_00), (100_00, 100_00)]
)
def test_the_way_to_the_best_price_has_small_steps(price: int, step: int) -> None:
    advice = advice_of(price, elasticity_of(-2.0), cost=50_00)
    assert (advice.step_cents, advice.optimal_cents) == (step, 100_00)
    assert advice.step_change is not None and advice.profit_change is not None
    assert advice.step_change.mean <= advice.profit_change.mean


def test_a_step_of_the_grid_is_never_too_large() -> None:
    advice = advice_of(20_00, elasticity_of(-0.3, lowest=15_00, highest=30_00), cost=10_00)
    assert (advice.step_cents, advice.current_cents) == (25_00, 20_00) and advice.optimal_cents > 25_00


def test_points_say_what_a_week_brings() -> None:
    advice = advice_of(100_00, elasticity_of(-2.0), cost=50_00)
    points = {point.price_cents: point for point in advice.points}
    assert list(points) == sorted(points)
    assert points[100_00].units.mean == pytest.approx(70, rel=0.01)
    assert points[80_00].units.mean == pytest.approx(70 * 0.8**-2, rel=0.02)
    for cents, point in points.items():
        assert point.revenue.mean == pytest.approx(point.units.mean * cents, rel=0.01)
        assert point.profit is not None
        assert point.profit.mean == pytest.approx(point.units.mean * (cents - 50_00), rel=0.01)
        assert point.units.lo <= point.units.mean <= point.units.hi


def test_a_price_that_is_already_best_stays() -> None:
    advice = advice_of(100_00, elasticity_of(-2.0), cost=50_00)
    assert advice.optimal_cents == advice.current_cents == 100_00
    assert (advice.units_change.mean, advice.revenue_change.mean) == (0, 0)
    assert "price_stay" in codes(advice)


def test_nothing_is_changed_for_an_unsure_gain() -> None:
    """The same best price, but hardly anything is known of the buyers."""
    advice = advice_of(95_00, elasticity_of(-2.0, doubt=0.45), cost=50_00)
    assert advice.optimal_cents == 95_00


def test_without_a_cost_only_revenue_counts_and_it_says_so() -> None:
    advice = advice_of(100_00, elasticity_of(-2.0))
    assert (advice.goal, advice.cost_cents, advice.profit_change) == ("revenue", None, None)
    assert all(point.profit is None for point in advice.points)
    assert advice.optimal_cents < 100_00
    assert "price_without_cost" in codes(advice)


@pytest.mark.parametrize("value", [0.5, -0.1])
def test_buyers_who_seem_not_to_mind_bring_no_raise(value: float) -> None:
    advice = advice_of(100_00, elasticity_of(value, doubt=0.3), cost=50_00)
    assert advice.optimal_cents <= 100_00
    assert "price_uncertain" in codes(advice)


def test_a_raise_up_to_the_bound_says_so() -> None:
    advice = advice_of(100_00, elasticity_of(-0.5, doubt=0.02), cost=80_00)
    assert advice.optimal_cents > 100_00
    assert "price_inelastic" in codes(advice)
    assert {"price_at_bound"} <= codes(advice) or advice.optimal_cents < max(
        point.price_cents for point in advice.points
    )


def test_what_everybody_buys_is_named_when_it_should_rise() -> None:
    found = compute_price_advice(
        days_of(100_00, 80_00), elasticity_of(-0.5, doubt=0.02), until=UNTIL, place=3
    )
    assert isinstance(found, PriceAdvice)
    assert "price_known_item" in codes(found)


def test_a_price_under_its_cost_is_never_kept_for_want_of_certainty() -> None:
    advice = advice_of(80_00, elasticity_of(-0.5, doubt=0.6), cost=90_00)
    assert advice.optimal_cents >= advice.step_cents >= 90_00
    assert "price_below_cost" in codes(advice)


def test_where_no_tried_price_pays_the_cost_the_owner_is_told_to_look_at_it() -> None:
    advice = advice_of(80_00, elasticity_of(-0.5, doubt=0.6), cost=300_00)
    assert advice.optimal_cents == 80_00
    assert {"price_below_cost", "price_check_cost"} <= codes(advice)
    assert not codes(advice) & {"price_stay", "price_uncertain"}


def test_cheap_things_move_in_whole_pesos() -> None:
    cheap = advice_of(10_00, elasticity_of(-0.5, lowest=8_00, highest=12_00), cost=5_00)
    dear = advice_of(100_00, elasticity_of(-0.5), cost=50_00, grid_pesos=25)
    assert cheap.grid_cents == 1_00
    assert {point.price_cents for point in cheap.points} == {c * 100 for c in range(7, 14)}
    assert dear.grid_cents == 25_00
    assert {point.price_cents for point in dear.points} == {75_00, 100_00, 125_00}


def test_the_price_of_a_top_up_is_not_the_shop_s() -> None:
    found = compute_price_advice(
        days_of(100_00, 50_00, category=Category.RECHARGES), elasticity_of(-0.5), until=UNTIL
    )
    assert isinstance(found, PriceAdvice)
    assert found.optimal_cents == 100_00
    assert "price_set_elsewhere" in codes(found)


def test_what_hardly_sells_is_refused() -> None:
    later = UNTIL + timedelta(days=250)
    found = compute_price_advice(days_of(100_00), elasticity_of(-2.0), until=later)
    assert found == NotEnough(3, 0, "receipts", later)


def test_who_asks_for_an_amount_goes_on_spending_it() -> None:
    days = make_shop([Planted(1, prices=((0, 100_00),), units=1.0, by_amount=0.9)], days=120, seed=None)[0]
    found = compute_price_advice(days, elasticity_of(-3.0), until=UNTIL)
    assert isinstance(found, PriceAdvice)
    points = {point.price_cents: point for point in found.points}
    # Nine in ten spend what they spent: revenue moves far less than buyers of pounds alone would move it.
    assert points[80_00].revenue.mean / points[100_00].revenue.mean < 0.8**-1.5
    assert "price_part_by_amount" in codes(found)


@settings(max_examples=60, deadline=None)
@given(
    price=st.integers(1_00, 900_00),
    low=st.floats(0.5, 1.0),
    high=st.floats(1.0, 1.8),
    value=st.floats(-6, 3),
    doubt=st.floats(0.01, 2),
    cost=st.one_of(st.just(0), st.integers(1, 1000_00)),
    grid=st.integers(1, 50),
    units=st.floats(1.0, 40),
)
def test_advice_never_leaves_its_bounds_nor_falls_under_the_cost(
    price: int, low: float, high: float, value: float, doubt: float, cost: int, grid: int, units: float
) -> None:
    lowest, highest = max(1, int(price * low)), int(price * high)
    elasticity = elasticity_of(value, lowest=lowest, highest=highest, doubt=doubt)
    advice = advice_of(price, elasticity, cost, grid, units)
    assert lowest * (1 - BEYOND) <= advice.lowest_cents <= price
    assert price <= advice.highest_cents <= highest * (1 + BEYOND)
    cents = [point.price_cents for point in advice.points]
    assert cents == sorted(set(cents))
    assert price in cents
    assert advice.optimal_cents in cents
    assert all(advice.lowest_cents <= each <= advice.highest_cents for each in cents)
    assert all(each % advice.grid_cents == 0 for each in cents if each != price)
    if advice.optimal_cents != price:
        change = advice.profit_change or advice.revenue_change
        assert change.lo > 0
        assert advice.optimal_cents >= cost
        assert not (value - 2 * doubt > 0 and advice.optimal_cents > price and cost <= price)
    assert 0 <= advice.confidence <= 1
    for reason in advice.reasons:
        assert sentence(reason)


# ── costs that rose ──


def with_cost(days: pd.DataFrame, *steps: tuple[int, int]) -> pd.DataFrame:
    """The same days with a cost from so many days before the last one on."""
    last = days["day"].max()
    for back, cents in steps:
        days = days.assign(cost_cents=days["cost_cents"].mask(days["day"] > last - back, cents))
    return days


def test_a_cost_that_rose_alone_raises_an_alarm_that_restores_the_margin() -> None:
    (alarm,) = find_cost_alarms(with_cost(days_of(100_00, 70_00), (30, 80_00)), until=UNTIL)
    assert (alarm.old_cost_cents, alarm.new_cost_cents, alarm.price_cents) == (70_00, 80_00, 100_00)
    assert (alarm.old_margin, alarm.new_margin) == (0.3, 0.2)
    assert alarm.since == UNTIL - timedelta(days=29)
    # 80 / 0.7 = 114.29, and up to the next five pesos
    assert alarm.proposed_cents == 115_00
    # 70 units a week, a tenth of 100 pesos each
    assert alarm.weekly_loss_cents == pytest.approx(70 * 10_00, rel=0.01)
    for reason in alarm.reasons:
        assert sentence(reason)


def test_a_price_that_followed_its_cost_is_left_alone() -> None:
    days = with_cost(days_of(100_00, 70_00), (30, 80_00))
    followed = days.assign(price_cents=days["price_cents"].mask(days["day"] > days["day"].max() - 20, 115_00))
    assert find_cost_alarms(followed, until=UNTIL) == ()


@pytest.mark.parametrize("steps", [(), ((30, 60_00),), ((300, 80_00),), ((30, 71_00),)])
def test_no_rise_no_alarm(steps: tuple[tuple[int, int], ...]) -> None:
    """Never, down, so long ago that nobody remembers, or less than the grid can follow."""
    assert find_cost_alarms(with_cost(days_of(100_00, 70_00), *steps), until=UNTIL) == ()


def test_two_rises_count_from_the_first() -> None:
    (alarm,) = find_cost_alarms(with_cost(days_of(100_00, 70_00), (50, 75_00), (10, 80_00)), until=UNTIL)
    assert (alarm.old_cost_cents, alarm.old_margin, alarm.proposed_cents) == (70_00, 0.3, 115_00)


def test_without_costs_there_is_nothing_to_be_alarmed_about() -> None:
    assert find_cost_alarms(days_of(100_00), until=UNTIL) == ()


# ── the board ──


def test_the_board_has_everybody_and_the_surest_gain_first() -> None:
    planted = [
        Planted(
            i + 1, -0.6, units=20.0, cost=70_00,
            prices=((0, 100_00), (60 + 20 * i, 105_00), (220 + 15 * i, 110_00)),
        )
        for i in range(6)
    ]  # fmt: skip
    price_days, daily = make_shop([*planted, Planted(50, prices=((0, 30_00),)), Planted(51, by_amount=0.9)])
    board = compute_price_board(price_days, daily, until=UNTIL, days=DominicanDays())
    assert isinstance(board, PriceBoard)
    assert board.judged == len(board.advices) == 6
    assert dict(board.refused) == {"prices": 1, "by_amount": 1}
    assert {each.product_id: each.why.unit for each in board.refusals} == {50: "prices", 51: "by_amount"}
    gains = [(advice.profit_change or advice.revenue_change).lo for advice in board.advices]
    assert gains == sorted(gains, reverse=True)
    assert [name for name, _value in board.category_elasticities] == ["snacks"]


@pytest.mark.parametrize("unit", ["prices", "days", "by_amount", "open_price", "receipts", "sales"])
def test_every_refusal_has_its_sentence(unit: str) -> None:
    assert sentence(why_refused(NotEnough(3, 1, unit)))


def test_the_elasticity_is_told_with_the_advice() -> None:
    elasticity = replace(elasticity_of(-2.0), confidence=0.4)
    assert advice_of(80_00, elasticity, cost=50_00).elasticity == elasticity
    assert advice_of(80_00, elasticity, cost=50_00).confidence <= 0.4
