"""Tastes: what was planted in the sample shop comes back, and nothing is found where choice is random."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.brands import read_brand_words
from colmado_insights.analytics.crowd import Crowd, compute_crowd
from colmado_insights.analytics.customer_profile import compute_profile
from colmado_insights.analytics.results import CustomerProfile, NotEnough
from colmado_insights.config import resource
from colmado_insights.domain import CATEGORY_CODE, Category
from colmado_insights.sample_shop.parameters import read_parameters
from colmado_insights.sample_shop.shop import SampleShop, generate


@pytest.fixture(scope="module")
def sample() -> SampleShop:
    return generate(read_parameters(), last_day=date(2026, 6, 26), days=300, seed=4)


@pytest.fixture(scope="module")
def crowd(sample: SampleShop) -> Crowd:
    words = read_brand_words(resource("vocabulary/categories.toml"))
    return compute_crowd(*sample.sales, catalogue(sample), until=sample.last_day, words=words)


def catalogue(sample: SampleShop) -> pd.DataFrame:
    codes_of = [CATEGORY_CODE[Category(category)] for category in sample.products["category"]]
    return sample.products[["product_id", "name"]].assign(category=np.array(codes_of, dtype=np.int8))


def profile_in(sample: SampleShop, crowd: Crowd, customer: int) -> CustomerProfile | NotEnough:
    receipts, lines = sample.sales
    is_own = (receipts["customer_id"] == customer).to_numpy()
    place = np.cumsum(is_own) - 1
    lines = lines[is_own[lines["receipt"]]]
    return compute_profile(
        receipts[is_own].reset_index(drop=True),
        lines.assign(receipt=place[lines["receipt"]]).reset_index(drop=True),
        catalogue(sample),
        customer_id=customer,
        until=sample.last_day,
        crowd=crowd,
    )


RIVALS = {"Ace", "Fab", "Induban", "Santo Domingo", "Coca-Cola", "Pepsi", "Bohemia"}
"""Brands that customers of the sample shop are made to stand by."""


def brand_times(sample: SampleShop, crowd: Crowd, customer: int) -> Counter[str]:
    """How often a customer bought each brand."""
    receipts, lines = sample.sales
    own = lines["product_id"][(receipts["customer_id"] == customer).to_numpy()[lines["receipt"]]]
    return Counter(crowd.brands[product].brand for product in own if product in crowd.brands)


def test_planted_tastes_are_found_and_others_hardly_ever(sample: SampleShop, crowd: Crowd) -> None:
    ids = dict(zip(sample.receipts["customer"], sample.receipts["customer_id"], strict=True))
    planted = found = right = 0
    for truth in sample.truth["customers"]:
        profile = profile_in(sample, crowd, int(ids.get(truth["name"], 0)))
        if isinstance(profile, NotEnough):
            continue
        wanted = " ".join([*truth["tastes"], *(habit["product"] for habit in truth["habits"])])
        for taste in profile.brands:
            if taste.brand in RIVALS:
                found += 1
                right += taste.brand in wanted
                assert 0 < taste.confidence <= taste.share <= 1
                assert taste.purchases >= 3
        times = brand_times(sample, crowd, profile.customer_id)
        planted += sum(brand in wanted and times[brand] >= 5 for brand in RIVALS)
    assert found >= 0.5 * planted > 20
    assert right >= 0.95 * found


def test_no_taste_is_found_where_choice_is_random(sample: SampleShop, crowd: Crowd) -> None:
    receipts, lines = sample.sales
    anonymous = np.flatnonzero((receipts["customer_id"] == 0).to_numpy())
    rng = np.random.default_rng(2)
    shuffled = receipts.copy()
    shuffled["customer_id"] = 0
    shuffled.loc[rng.choice(anonymous, 20 * 120, replace=False), "customer_id"] = np.repeat(
        np.arange(1, 21), 120
    )
    made_up = SampleShopLike(shuffled, lines, sample)
    tastes = [profile_in(made_up, crowd, who).brands for who in range(1, 21)]  # type: ignore[arg-type,union-attr]
    assert sum(bool(each) for each in tastes) <= 2


class SampleShopLike:
    """A sample shop whose receipts were given to other people."""

    def __init__(self, receipts: pd.DataFrame, lines: pd.DataFrame, sample: SampleShop) -> None:
        self.sales = (receipts, lines)
        self.products, self.last_day = sample.products, sample.last_day
