"""Tests of many things at once, against published values and the distributions of scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from colmado_insights.analytics.discovery import adjust, chance_of_count, chance_of_share, lowest_mean


def test_adjusted_as_benjamini_and_hochberg_did() -> None:
    """Their own example of 15 p-values: at 5 % the first four are found."""
    p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
        0.7590, 1.0,
    ]  # fmt: skip
    assert int((adjust(np.array(p)) <= 0.05).sum()) == 4
    assert adjust(np.array(p)) == pytest.approx(stats.false_discovery_control(p))


def test_what_was_left_out_counts_too() -> None:
    p = np.array([0.01, 0.001])
    assert adjust(p, 100).tolist() == pytest.approx([0.5, 0.1])
    assert adjust(p).tolist() == pytest.approx([0.01, 0.002])
    assert adjust(np.empty(0), 100).tolist() == []


def test_chances_are_those_of_scipy() -> None:
    seen, expected = np.array([1.0, 5.0, 30.0]), np.array([0.2, 5.0, 8.0])
    assert chance_of_count(seen, expected) == pytest.approx(stats.poisson.sf(seen - 1, expected))
    tries = np.array([3.0, 5.0, 60.0])
    assert chance_of_share(seen, tries, 0.3) == pytest.approx(stats.binom.sf(seen - 1, tries, 0.3))
    assert chance_of_share(np.array([0.0]), np.array([4.0]), 0.3).tolist() == [1.0]


def test_the_lowest_mean_is_garwoods() -> None:
    """Published exact 95 % limits."""
    assert [round(lowest_mean(seen), 3) for seen in (0, 1, 5, 10, 100)] == [0, 0.025, 1.623, 4.795, 81.364]
