"""The sample shop plants eight pairs: all are found, first of all; in the same shop shuffled there is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from colmado_insights import sample_shop
from colmado_insights.analytics.baskets import compute_baskets
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import Basket, RecommendationKind, Recommendations
from colmado_insights.domain import day_number
from colmado_insights.insights.baskets import make_shelf
from colmado_insights.shop import Shop
from colmado_insights.storage import products, sales

pytestmark = pytest.mark.accuracy

LAST_DAY = date(2026, 11, 19)
PLANTED = {frozenset((pair.first, pair.second)) for pair in sample_shop.read_parameters().pairs}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp("baskets")
    with Shop(folder / "shop.db") as opened:
        opened.make_sample(days=400, seed=5, last_day=LAST_DAY, folder=folder / "till")
        yield opened


def test_the_planted_are_found_and_lead(shop: Shop) -> None:
    found, names = shop.compute_baskets(LAST_DAY), shop.read_product_names()
    assert isinstance(found, Basket)
    pairs = [frozenset((names[pair.first_id], names[pair.second_id])) for pair in found.pairs]
    assert set(pairs) >= PLANTED
    assert len(set(pairs[:12]) & PLANTED) >= 7
    assert found.hit_rate is not None and found.popular_hit_rate is not None
    assert found.hit_rate > 3 * found.popular_hit_rate
    assert found.coverage is not None and found.coverage > 0.5


def test_the_planted_is_offered_first(shop: Shop) -> None:
    names = shop.read_product_names()
    for pair in sample_shop.read_parameters().pairs:
        offered = shop.recommend(RecommendationKind.CROSS_SELL, shop.find_product(pair.first), as_of=LAST_DAY)
        assert isinstance(offered, Recommendations)
        assert names[offered.items[0].product_id] == pair.second


def test_the_same_shop_shuffled_has_no_pair(shop: Shop) -> None:
    frames = sales.read_sales(shop._database, 0, day_number(LAST_DAY))
    shelf = make_shelf(products.read_catalog(shop._database, LAST_DAY))
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(frames.lines))
        mixed = frames.lines.assign(product_id=frames.lines["product_id"].to_numpy()[order])
        found = compute_baskets(frames.receipts, mixed, shelf, until=LAST_DAY, days=DominicanDays())
        assert isinstance(found, Basket)
        assert found.pairs == () == found.sets
