"""What goes together: the planted is found, chance is not, and nothing trivial is called news."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.baskets import compute_baskets
from colmado_insights.analytics.discovery import lowest_mean
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import Basket, NotEnough
from colmado_insights.domain import CATEGORY_CODE, Category, PayPhase, day_number, day_of
from tests.analytics.planted_baskets import UNTIL, days_of, draw, frames_of, shelf_of

DAYS = DominicanDays()
PAIRS = [(5, 30, 0.4), (11, 41, 0.3), (17, 52, 0.5), (8, 44, 0.35)]
RECEIPTS = 8000


def find(
    baskets: list[list[int]], shelf: pd.DataFrame | None = None, days: list[int] | None = None, **how: Any
) -> Basket:
    receipts, lines = frames_of(baskets, days=days or days_of(len(baskets), 200), **how)
    found = compute_baskets(receipts, lines, shelf_of() if shelf is None else shelf, until=UNTIL, days=DAYS)
    assert isinstance(found, Basket)
    return found


def pairs_of(found: Basket) -> set[frozenset[int]]:
    return {frozenset((pair.first_id, pair.second_id)) for pair in found.pairs}


@pytest.mark.parametrize("seed", [1, 2])
def test_all_that_was_planted_is_found_and_nothing_else(seed: int) -> None:
    found = find(draw(RECEIPTS, PAIRS, seed=seed))
    assert pairs_of(found) == {frozenset(pair[:2]) for pair in PAIRS}
    for pair in found.pairs:
        assert pair.lift > pair.lift_lo > 1.2
        assert pair.held_out_lift is not None and pair.held_out_lift > 1.2
        assert pair.gain_cents > 0


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("extra_lines", [0.45, 2.2])
def test_a_shop_with_shuffled_baskets_has_no_pair(seed: int, extra_lines: float) -> None:
    """Whether receipts are short or long, and though some are far longer than others."""
    found = find(draw(RECEIPTS // 2, PAIRS, seed=seed, extra_lines=extra_lines, is_shuffled=True))
    assert found.pairs == () == found.sets == found.bundles


def test_the_numbers_of_a_pair_by_hand() -> None:
    """100 receipts of {1, 2}, 100 of {1, 3}, 300 of one thing: 2 is due by what the receipts with 1 have room for."""
    baskets = ([[1, 2], [1, 3], [4], [4], [4]]) * 100
    (pair,) = [pair for pair in find(baskets).pairs if {pair.first_id, pair.second_id} == {1, 2}]
    # 2 is offered to who takes 1: nobody takes 2 without 1.
    assert (pair.first_id, pair.receipts, pair.first_receipts, pair.second_receipts) == (1, 100, 200, 100)
    assert pair.confidence == 0.5
    # 700 lines: with 1 there is room for 200 others, of which 100/700 are due to be 2.
    # With 2 there is room for 100, of which 200/700 are due to be 1: as many.
    assert pair.lift == pytest.approx(100 / (200 * 100 / 700))
    assert pair.lift_lo == pytest.approx(lowest_mean(100) / (200 * 100 / 700))


def test_a_pair_that_was_not_seen_again_is_dropped() -> None:
    """Planted in the first three quarters only: a fair, a supplier's gift, a promoter."""
    first = draw(RECEIPTS * 3 // 4, PAIRS, seed=3)
    last = draw(RECEIPTS // 4, PAIRS[1:], seed=4)
    assert frozenset(PAIRS[0][:2]) not in pairs_of(find(first + last))
    assert frozenset(PAIRS[1][:2]) in pairs_of(find(first + last))


@pytest.mark.parametrize(
    ("first", "second", "is_news"),
    [
        ("Coca-Cola 20oz", "Coca-Cola 2L", False),
        ("Presidente Grande 22oz", "Presidente Light 12oz", False),
        ("Galleta Guarina Paquete", "Galleta Dino", False),
        ("Café Santo Domingo 1/2 lb", "Azúcar Crema Lb", True),
    ],
)
def test_the_same_again_is_no_news(first: str, second: str, is_news: bool) -> None:
    goods = shelf_of({5: first, 30: second}, categories={5: 1, 30: 1})
    assert (frozenset((5, 30)) in pairs_of(find(draw(RECEIPTS, PAIRS, seed=5), goods))) == is_news


def test_what_the_families_explain_is_no_news() -> None:
    """Who comes for breakfast takes any bread with any cheese; one bread calls for one cheese beyond that."""
    rng = np.random.default_rng(6)
    breakfast = [[int(rng.integers(1, 9)), int(rng.integers(11, 19))] for _ in range(2500)]
    rest = [[int(rng.integers(21, 60))] for _ in range(4000)]
    special = [[3, 14]] * 250
    baskets = [*breakfast, *rest, *special]
    order = rng.permutation(len(baskets))
    families = dict.fromkeys(range(1, 9), CATEGORY_CODE[Category.BAKERY])
    families |= dict.fromkeys(range(11, 19), CATEGORY_CODE[Category.FRESH])
    found = find([baskets[at] for at in order], shelf_of(categories=families))
    assert pairs_of(found) == {frozenset((3, 14))}


def test_families_of_one_product_explain_nothing() -> None:
    """A shop that sells one thing of each kind: a pair is all that its families do together."""
    families = {each: each % 12 for each in range(1, 13) if each % 12 not in (10, 11)}
    baskets = draw(RECEIPTS, [(5, 9, 0.5)], seed=14, goods=12)
    found = pairs_of(find(baskets, shelf_of(categories=families, count=12)))
    assert found == {frozenset((5, 9))}


def test_top_ups_and_tobacco_are_not_offered() -> None:
    for closed in (Category.RECHARGES, Category.TOBACCO):
        goods = shelf_of(categories={30: CATEGORY_CODE[closed]})
        assert frozenset((5, 30)) not in pairs_of(find(draw(RECEIPTS, PAIRS, seed=7), goods))


def test_a_pair_tells_its_hours() -> None:
    rng = np.random.default_rng(8)
    hours = rng.integers(8, 22, 9000)
    baskets = [
        [1, 2] if hour in (19, 20) and draw_ < 0.5 else [1] if draw_ < 0.6 else [int(9 + 40 * draw_)]
        for hour, draw_ in zip(hours, rng.random(9000), strict=True)
    ]
    (pair,) = find(baskets, hours=hours.tolist()).pairs
    assert pair.hours == (19, 20)
    assert pair.pay_phase == ""


def test_a_pair_tells_its_phase_of_pay() -> None:
    rng = np.random.default_rng(9)
    days = days_of(9000, 180)
    phases = [DAYS.pay_phase(day_of(day_number(UNTIL) - back)) for back in days]
    baskets = [
        [1, 2] if phase is PayPhase.PAYDAY and draw_ < 0.4 else [1] if draw_ < 0.6 else [int(9 + 40 * draw_)]
        for phase, draw_ in zip(phases, rng.random(9000), strict=True)
    ]
    (pair,) = find(baskets, days=days).pairs
    assert pair.pay_phase == PayPhase.PAYDAY


def test_a_third_that_the_two_call_for_is_a_set() -> None:
    """1 and 2 go together; 3 comes with both, hardly with either alone."""
    rng = np.random.default_rng(10)
    baskets: list[list[int]] = []
    for _ in range(6000):
        basket = {int(rng.integers(10, 60))}
        if rng.random() < 0.2:
            basket.add(1)
            if rng.random() < 0.4:
                basket.add(2)
                if rng.random() < 0.5:
                    basket.add(3)
        if rng.random() < 0.1:
            basket |= {int(each) for each in rng.choice([2, 3], 1)}
        baskets.append(sorted(basket))
    found = find(baskets)
    assert {frozenset(three.product_ids) for three in found.sets} == {frozenset((1, 2, 3))}
    assert found.sets[0].lift_lo > 1


def test_the_dearer_offer_goes_first_though_its_lift_is_smaller() -> None:
    baskets = draw(RECEIPTS, [(5, 30, 0.4), (17, 52, 0.4)], seed=11)
    receipts, lines = frames_of(baskets, days=days_of(len(baskets), 200))
    lines.loc[lines["product_id"] == 30, "amount_cents"] = 500_00
    goods = shelf_of(prices={30: 500_00}, costs={30: 400_00})
    found = compute_baskets(receipts, lines, goods, until=UNTIL, days=DAYS)
    assert isinstance(found, Basket)
    assert (found.pairs[0].first_id, found.pairs[0].second_id) == (5, 30)
    assert found.pairs[0].lift < found.pairs[1].lift


def test_a_tiny_shop_says_what_is_missing() -> None:
    receipts, lines = frames_of(draw(120, PAIRS, seed=12))
    found = compute_baskets(receipts, lines, shelf_of(), until=UNTIL, days=DAYS)
    assert isinstance(found, NotEnough)
    assert (found.needed, found.unit) == (100, "receipts")
