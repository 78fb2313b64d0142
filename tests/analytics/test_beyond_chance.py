"""Beyond chance: random counts hardly ever stand out, planted ones do, and published intervals come back."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.beyond_chance import find_preferred, stand_out, tails_of, wilson_low


def test_random_hours_and_weekdays_are_hardly_ever_preferred() -> None:
    rng = np.random.default_rng(8)
    crowd = rng.multinomial(5_000, np.ones(24) / 24)
    found = [find_preferred(own, crowd + own) for own in rng.multinomial(60, np.ones(24) / 24, 300)]
    assert np.mean([bool(each) for each in found]) <= 0.06


def test_a_planted_preference_is_found_and_its_absence_is_not() -> None:
    crowd = np.full(24, 200)
    assert find_preferred(np.eye(24, dtype=np.int64)[7] * 12, crowd) == (7,)
    assert find_preferred(np.eye(24, dtype=np.int64)[7] * 2, crowd) == ()  # twice is no custom
    assert find_preferred(np.zeros(24, dtype=np.int64), crowd) == ()


def test_binomial_tails_by_hand() -> None:
    assert tails_of(np.array([2, 1, 0]), 2, np.array([0.5, 0.5, 0.5])) == pytest.approx([0.25, 0.75, 1])


def test_holm_by_hand() -> None:
    assert stand_out(np.array([0.04, 0.012, 0.03])).tolist() == [False, True, False]
    assert stand_out(np.array([0.01, 0.02, 0.04])).tolist() == [True, True, True]
    assert stand_out(np.array([0.9])).tolist() == [False]


def test_the_wilson_interval_as_published() -> None:
    # R. G. Newcombe, Stat. Med. 17 (1998), table I: 81 of 263 and 15 of 148.
    assert wilson_low(81, 263) == pytest.approx(0.2553, abs=5e-5)
    assert wilson_low(15, 148) == pytest.approx(0.0624, abs=5e-5)
