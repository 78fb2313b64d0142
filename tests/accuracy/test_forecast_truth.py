"""What was planted in the sample shop comes back: pay days, feasts, power cuts. Figures: `bench.forecast_truth`."""

from __future__ import annotations

import numpy as np
import pytest

from bench.forecast_truth import (
    FIRST_SEED,
    Recovered,
    found_cuts,
    pay_day_gain,
    planted_shop,
    power_cut_gain,
    recovered_feasts,
)

pytestmark = pytest.mark.accuracy

SEEDS = tuple(range(FIRST_SEED, FIRST_SEED + 5))


def test_the_pay_phase_cuts_the_error_around_pay_days_by_a_fifth() -> None:
    for name in ("receipts", "revenue"):
        assert np.mean([pay_day_gain(getattr(planted_shop(seed), name)) for seed in SEEDS[:2]]) > 0.20


def test_planted_feasts_lie_inside_their_interval() -> None:
    feasts = Recovered(tuple(row for seed in SEEDS for row in recovered_feasts(planted_shop(seed)).rows))
    assert feasts.share_inside > 0.90
    assert feasts.usual_error < 0.10


def test_power_cuts_are_found_and_whole_days_are_not_taken_for_them() -> None:
    cuts = [found_cuts(planted_shop(seed)) for seed in SEEDS[:3]]
    assert np.mean([each.recall for each in cuts]) > 0.90
    assert np.mean([each.precision for each in cuts]) > 0.97
    assert np.mean([each.share_error for each in cuts]) < 0.05


def test_knowing_the_cuts_makes_forecasts_of_whole_days_better() -> None:
    usual = np.mean([power_cut_gain(planted_shop(seed)) for seed in SEEDS[:3]])
    many = np.mean([power_cut_gain(planted_shop(seed, has_many_cuts=True)) for seed in SEEDS[:2]])
    assert usual > 0.0
    assert many > 0.20
