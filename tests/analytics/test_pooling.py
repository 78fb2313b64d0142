"""Weak estimates lean on their kind, firm ones stand by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.pooling import Pooled, Prior, pool

PRIOR = Prior(mean=-1.2, mean_spread=0.7, group_spread=0.4, member_spread=0.35, member_doubt=0.5)


def test_shrinking_is_the_weighted_mean_of_both() -> None:
    """By hand: a spread of 0.5 and a variance of 0.25 weigh the same, so the answer lies half way."""
    pooled = Pooled(np.array([-1.0]), np.array([0.04]), 0.5, -1.0)
    mean, variance, own = pooled.shrink(np.array([-2.0, -2.0]), np.array([0.25, 1e9]), np.array([0, 0]))
    assert own == pytest.approx([0.5, 0.0], abs=1e-6)
    assert mean == pytest.approx([-1.5, -1.0], abs=1e-6)
    # Half of its own variance, and a quarter of the doubt about the group; without sales of its own, both spreads.
    assert variance == pytest.approx([0.135, 0.29], abs=1e-6)


def test_groups_and_spread_come_back() -> None:
    rng = np.random.default_rng(5)
    group = np.repeat(np.arange(3), 200)
    truth = np.array([-2.0, -1.0, -0.5])[group] + rng.normal(0, 0.3, 600)
    variance = rng.uniform(0.01, 0.5, 600)
    pooled = pool(truth + rng.normal(0, np.sqrt(variance)), variance, group, 3, PRIOR)
    assert pooled.mean == pytest.approx([-2.0, -1.0, -0.5], abs=0.12)
    assert pooled.spread == pytest.approx(0.3, abs=0.08)
    raw = truth + rng.normal(0, np.sqrt(variance))
    mean, _variance, _own = pooled.shrink(raw, variance, group)
    assert np.abs(mean - truth).mean() < 0.75 * np.abs(raw - truth).mean()


def test_one_weak_member_leaves_what_was_thought_before() -> None:
    pooled = pool(np.array([5.0]), np.array([400.0]), np.array([0]), 2, PRIOR)
    assert pooled.mean == pytest.approx([-1.2, -1.2], abs=0.05)
    assert pooled.spread == pytest.approx(0.35, rel=0.1)


def test_a_group_without_members_takes_the_others_mean() -> None:
    raw = np.full(50, -2.0)
    pooled = pool(raw, np.full(50, 0.01), np.arange(50) % 5, 6, PRIOR)
    assert pooled.mean[5] == pytest.approx(pooled.overall)
    assert pooled.overall == pytest.approx(-1.95, abs=0.06)
    assert pooled.variance[5] > pooled.variance[0]


def test_shared_shocks_widen_the_doubt_about_groups() -> None:
    raw, variance, group = np.full(20, -1.0), np.full(20, 0.1), np.zeros(20, np.int64)
    alone = pool(raw, variance, group, 1, PRIOR)
    shared = pool(raw, variance, group, 1, Prior(-1.2, 0.7, 0.4, 0.35, 0.5, shared=2.0))
    assert shared.variance == pytest.approx(2 * alone.variance)
