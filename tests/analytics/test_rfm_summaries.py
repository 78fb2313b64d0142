"""Segments as a whole: growth only beyond noise, and a gift that is offered only to who would not come anyway."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.results import CustomerSegment, CustomerSegmentSummary, Estimate, Rfm
from colmado_insights.analytics.rfm import compute_rfm
from colmado_insights.analytics.rfm_summaries import MARGIN, RESPONSES
from tests.analytics.known_customers import UNTIL, receipts_of


def summaries(visits: list[tuple[int, int, int]]) -> dict[CustomerSegment, CustomerSegmentSummary]:
    rfm = compute_rfm(receipts_of(visits), until=UNTIL, window_days=180)
    assert isinstance(rfm, Rfm)
    return {summary.segment: summary for summary in rfm.segments}


def steady(now: float, before: float, seed: int = 1) -> list[tuple[int, int, int]]:
    """Twenty alike customers with so many pesos a purchase in the last 180 days, and so many in those before."""
    rng = np.random.default_rng(seed)
    return [
        (who, ago, int((now if ago < 180 else before) * 100 * rng.lognormal(0, 0.3)))
        for who in range(1, 21)
        for ago in range(0, 360, 5)
    ]


def test_growth_is_found_and_its_size_is_right() -> None:
    found = summaries(steady(150, 100))
    whole = [each for each in found.values() if each.customers]
    assert all(each.is_beyond_noise for each in whole if each.customers >= 5)
    assert all(each.growth == pytest.approx(0.5, abs=0.12) for each in whole)
    assert found[CustomerSegment.LOYAL].why[1].code == "customers_grew"


def test_no_growth_is_not_made_of_noise() -> None:
    noisy = [
        any(each.is_beyond_noise for each in summaries(steady(100, 100, seed)).values()) for seed in range(12)
    ]
    assert sum(noisy) <= 1


def test_without_a_time_before_nothing_is_compared() -> None:
    found = summaries([(who, ago, 100_00) for who in range(1, 6) for ago in (0, 1)])
    assert all(each.growth is None for each in found.values())


def test_a_gift_to_who_is_gone_is_reckoned_as_written() -> None:
    regular = [(who, ago, 200_00) for who in range(2, 22) for ago in range(0, 350, 5)]
    gone = [(1, ago, 300_00) for ago in range(100, 170, 10)]
    found = summaries([*regular, *gone])[CustomerSegment.LOST]
    assert found.customers == 1
    response = RESPONSES[CustomerSegment.LOST]
    brought = MARGIN * 300_00 * min(45 / 10, 12)
    expected = brought * response.more / (30_00 * (response.more + response.anyway))
    assert isinstance(found.return_on_spend, Estimate)
    assert found.return_on_spend.mean == pytest.approx(expected, rel=0.1)  # the rhythm is shrunk a little
    assert found.return_on_spend.lo < found.return_on_spend.mean < found.return_on_spend.hi
    assert {"customer_gift_pays", "customer_gift_back"} <= {reason.code for reason in found.why}


def test_who_comes_anyway_is_offered_nothing() -> None:
    for segment, summary in summaries(steady(100, 100)).items():
        if segment in (CustomerSegment.CHAMPIONS, CustomerSegment.LOYAL):
            assert summary.return_on_spend is None
            assert not summary.customers or "customer_gift_none" in {reason.code for reason in summary.why}
