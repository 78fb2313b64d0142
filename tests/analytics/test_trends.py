"""Trends: the planted one is found; the shop's growth, the season and chance are none."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.results import ProductTrend
from colmado_insights.analytics.trends import compute_trends
from tests.analytics.planted_baskets import UNTIL, frames_of, shelf_of

RATE = 6.0  # receipts a day with each of the 20 products


def find(
    factor: dict[int, dict[range, float]] | None = None,
    shop: dict[range, float] | None = None,
    *,
    seed: int = 0,
    days: int = 480,
    categories: dict[int, int] | None = None,
) -> tuple[ProductTrend, ...]:
    """Single-line receipts, Poisson a day, times factors by days back."""
    rng = np.random.default_rng(seed)
    baskets, back = [], []
    for ago in range(days - 1, -1, -1):
        common = next((times for span, times in (shop or {}).items() if ago in span), 1.0)
        for product in range(1, 21):
            own = next((times for span, times in (factor or {}).get(product, {}).items() if ago in span), 1.0)
            bought = int(rng.poisson(RATE * common * own))
            baskets += [[product]] * bought
            back += [ago] * bought
    receipts, lines = frames_of(baskets, days=back)
    return compute_trends(receipts, lines, shelf_of(categories=categories, count=20), until=UNTIL)


LATELY = range(28)


def test_growth_and_fall_are_found_with_their_size() -> None:
    up, down = find({7: {LATELY: 1.8}, 9: {LATELY: 0.4}}, seed=1)
    assert (up.product_id, down.product_id) == (7, 9)
    # The shop itself stands still: the two together hardly move it.
    assert up.lo < 0.8 < up.hi
    assert down.lo < -0.6 < down.hi
    assert up.p_value < 0.05
    assert up.recent_units == pytest.approx(RATE * 7 * 1.8, rel=0.15)
    assert up.before_units == pytest.approx(RATE * 7, rel=0.1)


@pytest.mark.parametrize("seed", range(5))
def test_chance_is_no_trend(seed: int) -> None:
    assert find(seed=seed) == ()


def test_the_growth_of_the_whole_shop_is_no_trend_of_its_products() -> None:
    assert find(shop={LATELY: 1.6}, seed=2) == ()


def test_the_season_of_a_family_is_no_trend() -> None:
    """Products 1-6 are a family that doubles in these weeks each year."""
    family = dict.fromkeys(range(1, 7), 0)
    season = {product: {LATELY: 2.0, range(364, 392): 2.0} for product in family}
    assert find(season, seed=3, categories=family) == ()
    assert len(find({product: {LATELY: 2.0} for product in family}, seed=3, categories=family)) >= 6


def test_without_sixteen_weeks_nothing_is_said() -> None:
    assert find({7: {LATELY: 3.0}}, seed=4, days=100) == ()
