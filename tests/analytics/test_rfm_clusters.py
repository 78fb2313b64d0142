"""Clusters on RFM: planted kinds come back, are called by what sets them apart, and stay from run to run."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights import text
from tests.analytics.test_rfm import compute, two_kinds


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
