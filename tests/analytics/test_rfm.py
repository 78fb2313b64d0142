"""The whole of RFM: what it answers of a shop, of none and of few, and that all of it can be said."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights import text
from colmado_insights.analytics.results import CustomerSegment, NotEnough, Rfm
from colmado_insights.analytics.rfm import compute_rfm
from tests.analytics.known_customers import UNTIL, receipts_of


def compute(visits: list[tuple[int, int, int]], **more: object) -> Rfm:
    found = compute_rfm(receipts_of(visits), until=UNTIL, **more)  # type: ignore[arg-type]
    assert isinstance(found, Rfm)
    return found


def two_kinds(customers: int = 60) -> list[tuple[int, int, int]]:
    """Half come every other day and spend, half come twice a month for little."""
    rng = np.random.default_rng(2)
    visits = []
    for who in range(1, customers + 1):
        gap, pesos = (2, 600) if who % 2 else (15, 80)
        days = np.cumsum(rng.integers(max(gap - 1, 1), gap + 2, 360 // gap))
        visits += [(who, int(ago), int(pesos * rng.uniform(60, 140))) for ago in days if ago < 365]
    return visits


def test_no_known_customer_is_not_enough() -> None:
    assert compute_rfm(receipts_of([(0, 1, 100)]), until=UNTIL) == NotEnough(1, 0, "receipts", UNTIL)


def test_everybody_is_in_one_segment_and_sums_agree() -> None:
    rfm = compute(two_kinds())
    assert [summary.segment for summary in rfm.segments] == list(CustomerSegment)
    assert sum(summary.customers for summary in rfm.segments) == len(rfm.customers) == 60
    assert sum(summary.revenue_cents for summary in rfm.segments) == sum(
        c.monetary_cents for c in rfm.customers
    )
    assert sum(summary.revenue_share for summary in rfm.segments) == pytest.approx(1)
    assert [score.customer_id for score in rfm.customers] == sorted(
        score.customer_id for score in rfm.customers
    )


def test_confidence_grows_with_customers_and_history() -> None:
    short = compute([(who, ago, 100_00) for who in range(1, 61) for ago in range(0, 30, 3)])
    assert short.confidence == 0.5
    assert "rfm_short_history" in {reason.code for reason in short.reasons}
    assert compute([(1, ago, 100_00) for ago in range(0, 300, 5)]).confidence == 0.3
    assert compute(two_kinds()).confidence == 0.8


def test_everything_is_said_in_words_and_messages_address_the_person() -> None:
    rfm = compute(two_kinds())
    for summary in rfm.segments:
        assert text.sentence(summary.strategy)
        message = text.sentence(summary.message).replace("{name}", "Doña Tata")
        assert message.startswith("Hola, Doña Tata. ")
        assert "{" not in message
        assert [text.sentence(reason) for reason in summary.why] or not summary.customers
    for reason in rfm.reasons:
        assert text.sentence(reason)


def test_twenty_customers_and_three_hundred_receipts_are_told_without_nonsense() -> None:
    rng = np.random.default_rng(6)
    visits = [
        (int(who), int(ago), 150_00)
        for who, ago in zip(rng.integers(1, 21, 300), rng.integers(0, 120, 300), strict=True)
    ]
    rfm = compute(visits)
    assert len(rfm.customers) == 20
    assert rfm.clusters == ()
    assert rfm.agreement is None
    assert rfm.confidence == 0.6
    here = sum(each.customers for each in rfm.segments if each.segment not in ("at_risk", "lost"))
    assert here >= 17  # all come by chance about once a week
    assert not any(each.is_beyond_noise for each in rfm.segments if each.customers < 5)
