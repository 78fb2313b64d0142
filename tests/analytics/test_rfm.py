"""The whole of RFM: what it answers of a shop, of none, of few, and in words; its clusters and their names."""

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


def test_two_planted_kinds_are_two_clusters_called_by_what_sets_them_apart() -> None:
    rfm = compute(two_kinds())
    count = len(rfm.clusters)
    kinds = [{score.customer_id % 2 for score in rfm.customers if score.cluster == i} for i in range(count)]
    assert count in (2, 3)
    assert all(len(kind) == 1 for kind in kinds)
    words = [text.sentence(cluster.name) for cluster in rfm.clusters]
    assert len(set(words)) == count
    much = max(rfm.clusters, key=lambda cluster: cluster.monetary_cents)
    little = min(rfm.clusters, key=lambda cluster: cluster.monetary_cents)
    assert set(much.name["traits"]) <= {"often", "much", "lately"}
    assert set(little.name["traits"]) <= {"seldom", "little", "long_ago"}
    assert sum(cluster.share for cluster in rfm.clusters) == pytest.approx(1)
    assert rfm.agreement is not None
    assert rfm.agreement > 0.2
    assert [k for k, _inertia, _silhouette in rfm.trials] == list(range(2, 7))


def test_no_clusters_of_few_or_of_equal_customers() -> None:
    assert compute(two_kinds(39)).clusters == ()
    same = [(who, ago, 100_00) for who in range(1, 61) for ago in range(0, 100, 5)]
    rfm = compute(same)
    assert rfm.clusters == ()
    assert {score.cluster for score in rfm.customers} == {-1}


def test_the_last_runs_number_of_clusters_stays_when_nearly_as_good() -> None:
    rng = np.random.default_rng(5)
    visits = [
        (who, int(ago), int(rng.lognormal(9, 1)))
        for who in range(1, 81)
        for ago in rng.integers(0, 300, rng.integers(2, 60))
    ]
    first = compute(visits)
    best = max(silhouette for _k, _inertia, silhouette in first.trials)
    near = [k for k, _inertia, silhouette in first.trials if silhouette >= 0.9 * best]
    again = compute(visits, previous=first)
    assert len(again.clusters) == len(first.clusters)
    assert len(first.clusters) in near


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
