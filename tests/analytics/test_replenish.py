"""What customers need again: clocks, quantities that last, and what is too irregular to be told."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.replenish import LEAST_TIMES, compute_replenishments
from colmado_insights.analytics.results import NotEnough, Replenishment, Replenishments
from colmado_insights.domain import LINE_COLUMNS, SaleKind
from colmado_insights.text.sentences import sentence
from tests.analytics.known_customers import UNTIL, receipts_of

MILK, BREAD = 7, 8

Purchase = tuple[int, int, int, int]  # customer, days ago, product, units


def frames(purchases: list[Purchase]) -> tuple[pd.DataFrame, pd.DataFrame]:
    receipts = receipts_of(
        [(who, ago, 100_00 if units > 0 else -100_00) for who, ago, _what, units in purchases]
    )
    lines = pd.DataFrame(
        [
            (row, what, 2, units * 1000, units * 50_00)
            for row, (_who, _ago, what, units) in enumerate(purchases)
        ],
        columns=list(LINE_COLUMNS),
    )
    return receipts, lines.astype(LINE_COLUMNS)


def compute(purchases: list[Purchase]) -> Replenishments:
    answer = compute_replenishments(*frames(purchases), until=UNTIL)
    assert isinstance(answer, Replenishments)
    return answer


def of(answer: Replenishments, customer: int, product: int = MILK) -> Replenishment:
    return next(item for item in answer.items if (item.customer_id, item.product_id) == (customer, product))


def weekly(customers: int, weeks: int = 26, seed: int = 1) -> list[Purchase]:
    """Milk every 7 days, a day earlier or later at times, two each."""
    rng = np.random.default_rng(seed)
    return [
        (who, 7 * week + who % 7 + (int(rng.integers(-1, 2)) if week and rng.random() < 0.3 else 0), MILK, 2)
        for who in range(1, customers + 1)
        for week in range(weeks)
    ]


@pytest.fixture(scope="module")
def answer() -> Replenishments:
    return compute(weekly(40))


def test_milk_is_due_a_week_after_the_last(answer: Replenishments) -> None:
    assert len(answer.items) == 40
    for item in answer.items:
        assert abs((item.day - UNTIL).days - (7 - item.customer_id % 7)) <= 1
        assert UNTIL < item.lo <= item.day <= item.hi
        assert item.probability > 0.5
        assert (item.quantity_milli, item.times) == (2000, 26)


def test_due_is_what_may_come_tomorrow(answer: Replenishments) -> None:
    assert any(item.is_due for item in answer.items)
    assert not all(item.is_due for item in answer.items)
    for item in answer.items:
        assert item.is_due == (item.lo <= UNTIL + timedelta(days=1))


def test_soonest_first(answer: Replenishments) -> None:
    days = [item.day for item in answer.items]
    assert days == sorted(days)


def test_double_quantity_lasts_longer() -> None:
    rng = np.random.default_rng(6)
    purchases = []
    for who in range(1, 61):
        ago = int(rng.integers(1, 4))
        units = 4 if who % 2 else 1  # of the last purchase, whose gap is still to come
        for _turn in range(30):
            purchases.append((who, ago, MILK, units))
            units = int(rng.choice([1, 4]))
            ago += max(1, round(rng.gamma(25.0, (5 if units == 1 else 20) / 25.0)))
    answer = compute(purchases)
    assert answer.method == "hazard"
    waits = {item.customer_id: (item.day - UNTIL).days for item in answer.items}
    large = [wait for who, wait in waits.items() if who % 2]
    small = [wait for who, wait in waits.items() if not who % 2]
    assert min(len(large), len(small)) >= 5
    assert np.median(small) <= 6
    assert np.median(large) >= np.median(small) + 5


def test_what_comes_at_random_is_not_told() -> None:
    rng = np.random.default_rng(3)
    wild = [(who, int(ago), BREAD, 1) for who in range(1, 31) for ago in rng.choice(360, 9, replace=False)]
    answer = compute([*weekly(30), *wild])
    told = [item for item in answer.items if item.product_id == BREAD]
    assert len(told) <= 2


def test_too_seldom_and_long_given_up_is_not_told() -> None:
    seldom = [(90, 7 * week, BREAD, 1) for week in range(LEAST_TIMES - 1)]
    given_up = [(91, 60 + 7 * week, MILK, 1) for week in range(20)]
    answer = compute([*weekly(30), *seldom, *given_up])
    assert not {90, 91} & {item.customer_id for item in answer.items}


def test_refunds_and_two_receipts_of_a_day_change_nothing() -> None:
    purchases = weekly(30)
    refunded = [*purchases, (1, 1, MILK, -1)]
    receipts, _lines = frames(refunded)
    assert (receipts["kind"] == SaleKind.REFUND).sum() == 1
    assert compute(refunded).items == compute(purchases).items
    split = [(who, ago, what, 1) for who, ago, what, _units in purchases]
    assert compute(split + split).items == compute(purchases).items


def test_left_out_products_are_not_told() -> None:
    both = [*weekly(30), *[(who, ago, BREAD, 1) for who, ago, _milk, _units in weekly(30, seed=2)]]
    answer = compute_replenishments(*frames(both), until=UNTIL, left_out={BREAD})
    assert isinstance(answer, Replenishments)
    assert {item.product_id for item in answer.items} == {MILK}


def test_nothing_regular_is_not_enough() -> None:
    assert compute_replenishments(*frames([(1, 3, MILK, 1)]), until=UNTIL) == NotEnough(5, 0, "habits", UNTIL)


def test_few_habits_get_the_plain_rule_in_words() -> None:
    answer = compute([(who, 7 * week, MILK, 1) for who in range(1, 8) for week in range(5)])
    assert answer.method == "median_gap"
    assert [reason.code for reason in answer.reasons] == ["replenish_sample", "replenish_rule"]
    assert all("{" not in sentence(reason) for reason in answer.reasons)
    for item in answer.items:
        assert abs((item.day - UNTIL).days - 7) <= 1
