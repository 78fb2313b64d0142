"""Rhythms: exact for clocks, the shop's for newcomers, a month for who comes only when paid, and found again."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.rhythm import USUAL_GAP_DAYS, compute_rhythms, find_visits
from tests.analytics.known_customers import UNTIL, receipts_of


def rhythms_of(days: dict[int, list[int]]):
    """Rhythms of customers who bought so many days ago."""
    visits = [(who, ago, 100_00) for who, agos in days.items() for ago in agos]
    return compute_rhythms(find_visits(receipts_of(visits), UNTIL))


def test_two_purchases_on_a_day_are_one_visit_and_a_refund_is_none() -> None:
    visits = find_visits(
        receipts_of([(2, 3, 5), (2, 3, 5), (2, 1, 5), (2, 0, -5), (7, 9, 5), (0, 1, 5)]), UNTIL
    )
    assert visits.customer.tolist() == [2, 7]
    assert visits.count.tolist() == [2, 1]
    assert (visits.last - visits.first).tolist() == [2, 0]


def test_who_comes_like_a_clock_keeps_the_own_rhythm() -> None:
    found = rhythms_of({1: list(range(0, 365, 3)), 2: list(range(0, 365, 30))})
    assert found.gap == pytest.approx([3, 30], rel=0.02)
    assert found.wait == pytest.approx(found.gap)


def test_few_gaps_are_pulled_towards_the_shop() -> None:
    shop = {who: list(range(0, 300, 4)) for who in range(1, 30)}
    found = rhythms_of({**shop, 50: [0, 20], 51: [5]})
    assert 4 < found.gap[-2] < 20
    assert found.gap[-1] == pytest.approx(4, rel=0.1)


def test_one_customer_who_came_once_has_the_usual_rhythm() -> None:
    assert rhythms_of({1: [3]}).gap == pytest.approx([USUAL_GAP_DAYS])


def test_who_comes_only_when_paid_waits_a_month() -> None:
    days = [30 * month + day for month in range(8) for day in range(5)]
    found = rhythms_of({1: days})
    assert found.gap[0] < 2
    assert found.wait[0] == pytest.approx(26, rel=0.1)


def test_true_rhythms_come_back_closer_than_bare_medians() -> None:
    rng = np.random.default_rng(7)
    truth = np.exp(rng.uniform(np.log(1.6), np.log(20), 300))
    days = {}
    for who, rhythm in enumerate(truth, start=1):
        gaps = np.maximum(np.rint(rng.gamma(3, rhythm / (3 - 1 / 3), rng.integers(2, 7))), 1)
        days[who] = np.cumsum(gaps).astype(int).tolist()
    found = rhythms_of(days).gap
    bare = np.array([np.median(np.diff(agos)) for agos in days.values()])
    error, bare_error = (np.abs(np.log(each / truth)).mean() for each in (found, bare))
    assert error < 0.95 * bare_error
