"""Bundles: counted by hand, on the grid, never below cost, and silent where they do not pay."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from colmado_insights.analytics.bundles import (
    ANSWER_TO_PRICE,
    GRID_CENTS,
    LEAST_CENTS,
    SEEN_TOGETHER,
    make_bundles,
)
from colmado_insights.analytics.results import Bundle, ProductPair, ProductSet
from colmado_insights.analytics.shelf import Shelf
from tests.analytics.planted_baskets import shelf_of


def pair_of(**changes: Any) -> ProductPair:
    values: dict[str, Any] = {
        "first_id": 1, "second_id": 2, "receipts": 20, "first_receipts": 400, "second_receipts": 100,
        "confidence": 0.05, "lift": 3.0, "lift_lo": 2.0, "held_out_lift": 2.5, "hours": (), "pay_phase": "",
    }  # fmt: skip
    return ProductPair(**(values | changes))


def make(shelf: pd.DataFrame, *pairs: ProductPair, sets: tuple[ProductSet, ...] = ()) -> tuple[Bundle, ...]:
    return make_bundles(pairs, sets, Shelf.of(shelf), months=2.0)


DEAR = shelf_of(prices={1: 100_00, 2: 200_00}, costs={1: 60_00, 2: 120_00})


def test_the_sum_by_hand() -> None:
    """300 apart; with every saving tried, what it wins of those who took one less what all who took both are given."""
    (bundle,) = make(DEAR, pair_of())
    assert bundle.single_cents == 300_00
    assert bundle.price_cents % GRID_CENTS == 0
    assert bundle.saving_cents == bundle.single_cents - bundle.price_cents
    more = SEEN_TOGETHER + ANSWER_TO_PRICE * bundle.saving_cents / 300_00
    won_second, won_first = (200 - 10) * 0.05 * more, (50 - 10) * 0.2 * more
    profit = won_second * (80_00 - bundle.saving_cents) + won_first * (40_00 - bundle.saving_cents)
    profit -= 10 * bundle.saving_cents
    assert bundle.expected_profit_cents == round(profit)
    assert bundle.expected_sales == pytest.approx(10 + won_second + won_first)
    assert {reason.code for reason in bundle.reasons} == {"bundle_receipts", "bundle_given_away"}


def test_who_bought_both_anyway_can_make_it_a_loss() -> None:
    """Nine of ten with the first take the second already: all they would get is the saving."""
    assert make(DEAR, pair_of(receipts=360, second_receipts=380, confidence=0.9)) == ()


def test_what_brings_a_few_pesos_a_month_is_not_worth_a_sign() -> None:
    (seldom,) = make_bundles((pair_of(),), (), Shelf.of(DEAR), months=20.0)
    assert (seldom.expected_profit_cents or 0) >= LEAST_CENTS
    assert make_bundles((pair_of(),), (), Shelf.of(DEAR), months=2000.0) == ()


def test_never_below_cost() -> None:
    thin = shelf_of(prices={1: 100_00, 2: 200_00}, costs={1: 99_00, 2: 198_00})
    assert make(thin, pair_of()) == ()
    for cost in range(100_00, 200_00, 5_00):
        shelf = shelf_of(prices={1: 100_00, 2: 200_00}, costs={1: 60_00, 2: cost})
        for bundle in make(shelf, pair_of()):
            assert bundle.price_cents > 60_00 + cost


def test_without_a_cost_no_profit_is_told() -> None:
    half_known = shelf_of(prices={1: 100_00, 2: 200_00}, costs={1: 60_00, 2: 0})
    (bundle,) = make(half_known, pair_of())
    assert bundle.expected_profit_cents is None
    assert bundle.expected_revenue_cents > 0
    assert "bundle_without_cost" in {reason.code for reason in bundle.reasons}


@pytest.mark.parametrize(
    "shelf",
    [
        shelf_of(prices={1: 100_00, 2: 0}),
        shelf_of(prices={1: 100_00, 2: 200_00}, by_amount=frozenset({2})),
        shelf_of({2: "Queso de Hoja Lb"}, prices={1: 100_00, 2: 200_00}, costs={1: 60_00, 2: 120_00}),
    ],
)
def test_what_has_no_price_of_its_own_is_in_no_bundle(shelf: pd.DataFrame) -> None:
    assert make(shelf, pair_of()) == ()


def test_three_as_one() -> None:
    shelf = shelf_of(prices={1: 100_00, 2: 100_00, 3: 200_00}, costs={1: 60_00, 2: 60_00, 3: 100_00})
    three = ProductSet((1, 2, 3), 10, 0.1, 4.0, 2.0)
    (bundle,) = make(shelf, sets=(three,))
    assert bundle.product_ids == (1, 2, 3)
    assert bundle.single_cents == 400_00
    more = SEEN_TOGETHER + ANSWER_TO_PRICE * bundle.saving_cents / 400_00
    assert bundle.expected_sales == pytest.approx(5 + 45 * 0.1 * more)
