"""RFM scores and segments: each line of the decision table by hand, ties, refunds, rhythms, and what was planted."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest

from colmado_insights.analytics.results import CustomerSegment
from colmado_insights.analytics.rfm_scores import SEGMENTS, RfmTable, score_customers
from colmado_insights.domain import day_number
from colmado_insights.sample_shop.parameters import read_parameters
from colmado_insights.sample_shop.shop import SampleShop, generate
from tests.analytics.known_customers import UNTIL, receipts_of

CROWD = {who: list(range(0, 360, 4 + who % 3)) for who in range(100, 120)}
"""Twenty plain customers beside whom the others stand."""


def score(days: dict[int, list[int]], cents: dict[int, int] | None = None) -> RfmTable:
    visits = [(who, ago, (cents or {}).get(who, 100_00)) for who, agos in days.items() for ago in agos]
    table = score_customers(receipts_of(visits), until=UNTIL, window_days=365)
    assert table is not None
    return table


def segment_of(own: list[int], pesos: int = 100) -> CustomerSegment:
    """The segment of a customer among the crowd."""
    table = score({1: own, **CROWD}, {1: pesos * 100})
    return SEGMENTS[table.segment[0]]


GOLDEN = {
    "comes every other day and spends": (list(range(0, 360, 2)), 300, CustomerSegment.CHAMPIONS),
    "comes and spends like the others": (list(range(0, 360, 5)), 101, CustomerSegment.LOYAL),
    "comes less and spends a little": (list(range(1, 360, 8)), 170, CustomerSegment.POTENTIAL_LOYALISTS),
    "began last week": ([1, 4], 100, CustomerSegment.NEW),
    "comes once a month for little": (list(range(5, 360, 30)), 40, CustomerSegment.PROMISING),
    "is a little late": (list(range(9, 360, 5)), 100, CustomerSegment.NEED_ATTENTION),
    "has been away three rhythms": (list(range(16, 360, 5)), 100, CustomerSegment.AT_RISK),
    "has been away many rhythms": (list(range(90, 360, 5)), 60, CustomerSegment.LOST),
    "spent much and has been away long": (list(range(70, 360, 2)), 600, CustomerSegment.LOST),
    "spent much and has been away a month": (list(range(35, 360, 2)), 600, CustomerSegment.AT_RISK),
    "has not come in the window": ([400, 410, 420], 100, CustomerSegment.LOST),
}


@pytest.mark.parametrize(("own", "pesos", "expected"), GOLDEN.values(), ids=GOLDEN.keys())
def test_each_segment_by_hand(own: list[int], pesos: int, expected: CustomerSegment) -> None:
    assert segment_of(own, pesos) is expected


def test_the_golden_cases_reach_all_eight() -> None:
    assert {expected for _own, _pesos, expected in GOLDEN.values()} == set(CustomerSegment)


def test_nobody_is_new_in_a_history_of_three_weeks() -> None:
    table = score({who: [0, 5, 10] for who in range(1, 21)})
    assert CustomerSegment.NEW not in {SEGMENTS[code] for code in table.segment}


def test_who_is_paid_monthly_is_not_at_risk_before_pay_day() -> None:
    days = [
        30 * month + day for month in range(12) for day in range(25, 30)
    ]  # five days a month, then silence
    table = score({1: days, **CROWD})
    assert table.recency[0] == 25
    assert table.lateness[0] < 1.5
    assert SEGMENTS[table.segment[0]] not in (CustomerSegment.AT_RISK, CustomerSegment.LOST)


def test_all_equal_get_the_middle_fifth_and_one_segment() -> None:
    table = score({who: list(range(0, 200, 5)) for who in range(1, 21)})
    assert {*table.r.tolist(), *table.f.tolist(), *table.m.tolist()} == {3}
    assert {SEGMENTS[code] for code in table.segment} == {CustomerSegment.LOYAL}


def test_one_customer() -> None:
    table = score({1: [2, 9, 16]})
    assert (table.r.tolist(), table.f.tolist(), table.m.tolist()) == ([3], [3], [3])


def test_nobody_who_came_once_is_loyal() -> None:
    table = score(
        {customer: [customer % 40] for customer in range(1, 200)}, {each: each for each in range(1, 200)}
    )
    told = {SEGMENTS[segment] for segment in table.segment}
    assert CustomerSegment.PROMISING in told
    assert not told & {
        CustomerSegment.CHAMPIONS, CustomerSegment.LOYAL, CustomerSegment.POTENTIAL_LOYALISTS
    }  # fmt: skip


def test_twenty_customers_fill_fifths_evenly() -> None:
    table = score(
        {who: list(range(0, 10 * who, 3)) for who in range(1, 21)}, {who: who * 100 for who in range(1, 21)}
    )
    assert Counter(table.m.tolist()) == dict.fromkeys(range(1, 6), 4)
    assert (np.diff(table.m) >= 0).all()


def test_a_tie_across_a_border_is_not_torn() -> None:
    cents = {who: 100_00 if who <= 12 else who * 100_00 for who in range(1, 21)}
    table = score({who: list(range(0, 100, 10)) for who in range(1, 21)}, cents)
    assert len(set(table.m[:12].tolist())) == 1


def test_refunds_reduce_money_and_make_no_visit() -> None:
    receipts = receipts_of([(1, 50, 300_00), (1, 2, -300_00), (2, 3, -50_00), (3, 4, 10_00)])
    table = score_customers(receipts, until=UNTIL, window_days=365)
    assert table is not None
    assert table.customer.tolist() == [1, 3]  # who only brought back is not told of
    assert table.monetary.tolist() == [0, 10_00]
    assert table.recency.tolist() == [50, 4]
    assert table.m.tolist() == [2, 4]


def test_the_future_and_anonymous_receipts_are_not_seen() -> None:
    receipts = receipts_of([(1, 5, 100), (1, 3, 100), (0, 1, 100), (9, -3, 100)])
    table = score_customers(receipts, until=UNTIL, window_days=365)
    assert table is not None
    assert table.customer.tolist() == [1]
    assert score_customers(receipts, until=UNTIL - timedelta(days=9), window_days=365) is None


@pytest.fixture(scope="module")
def sample() -> SampleShop:
    return generate(read_parameters(), last_day=date(2026, 6, 26), days=240, seed=3)


def test_lapsed_and_new_customers_of_the_sample_shop_are_told(sample: SampleShop) -> None:
    receipts, _lines = sample.sales
    table = score_customers(receipts, until=sample.last_day, window_days=365)
    assert table is not None
    named = dict(zip(sample.receipts["customer_id"], sample.receipts["customer"], strict=True))
    found = {named[who]: SEGMENTS[code] for who, code in zip(table.customer, table.segment, strict=True)}
    last = day_number(sample.last_day)
    away = {CustomerSegment.LOST, CustomerSegment.AT_RISK}
    steady, steady_away = 0, 0
    for truth in sample.truth["customers"]:
        segment = found.get(truth["name"])
        gone = last - day_number(date.fromisoformat(truth["last_day"]))
        if truth["fate"] == "lapsed" and gone > max(14, 3 * truth["median_gap_days"]) and segment:
            assert segment in away, truth
        if truth["fate"] == "new":
            assert segment not in {*away, CustomerSegment.CHAMPIONS}, truth
        if truth["fate"] == "steady":
            steady += 1
            steady_away += segment in away
    assert steady > 30
    assert steady_away <= 0.05 * steady
