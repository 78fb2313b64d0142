"""Price advice as a shop might get it, for charts, pages and reports."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.price_board import compute_price_board
from colmado_insights.analytics.results import PriceAdvice, PriceBoard, PriceWeek
from tests.analytics.price_shop import UNTIL, Planted, make_shop


@cache
def make_price_board() -> PriceBoard:
    """Eight products: dear and cheap, elastic and not, one without a cost, one whose cost rose, two refused."""
    planted = [
        Planted(
            place + 1, elasticity, units, prices=((0, price), (70 + 9 * place, round(price * 1.1)),
            (210 + 7 * place, round(price * 1.2))), cost=cost,
        )
        for place, (elasticity, units, price, cost) in enumerate(
            [(-0.6, 30.0, 200_00, 170_00), (-1.8, 12.0, 60_00, 30_00), (-1.2, 20.0, 10_00, 8_00),
             (-1.0, 6.0, 450_00, 400_00), (-2.2, 25.0, 35_00, 0), (-0.9, 8.0, 95_00, 80_00)]
        )
    ]  # fmt: skip
    price_days, daily = make_shop(
        [*planted, Planted(12, prices=((0, 25_00),)), Planted(13, by_amount=0.9)], seed=3
    )
    rose = (price_days["product_id"] == 6) & (price_days["day"] > price_days["day"].max() - 30)
    price_days["cost_cents"] = price_days["cost_cents"].mask(rose, 100_00)
    board = compute_price_board(price_days, daily, until=UNTIL, days=DominicanDays())
    assert isinstance(board, PriceBoard)
    return board


def make_price_advice(product_id: int = 6) -> PriceAdvice:
    """The advice on one of them, 1 to 6; of the fifth no cost is known."""
    return next(advice for advice in make_price_board().advices if advice.product_id == product_id)


def make_price_weeks(weeks: int = 60) -> tuple[PriceWeek, ...]:
    """The weeks of a product whose price rose twice and fell once."""
    steps = ((0, 270_00), (18, 260_00), (40, 285_00), (52, 300_00))
    first = date(2025, 9, 22)
    return tuple(
        PriceWeek(
            first + timedelta(weeks=week),
            float(20 + (week * 7) % 13),
            next(cents for start, cents in reversed(steps) if week >= start),
        )
        for week in range(weeks)
    )
