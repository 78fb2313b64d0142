"""One customer's profile: habits by hand, tastes and styles only beyond the crowd and chance, and what was planted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from time import perf_counter

import numpy as np
import pandas as pd
import pytest

from colmado_insights import text
from colmado_insights.analytics.brands import read_brand_words
from colmado_insights.analytics.crowd import Crowd, compute_crowd
from colmado_insights.analytics.profile import compute_profile, find_preferred
from colmado_insights.analytics.results import CustomerProfile, DecisionStyle, NotEnough
from colmado_insights.config import resource
from colmado_insights.domain import CATEGORY_CODE, Category, Payment
from colmado_insights.sample_shop.parameters import read_parameters
from colmado_insights.sample_shop.shop import SampleShop, generate
from tests.analytics.known_customers import UNTIL
from tests.analytics.test_crowd import PRODUCTS, Sold, frames

MILK, TREAT = (1, 1000, 80_00), (2, 1000, 25_00)


def profile_of(own: list[Sold], others: list[Sold] | None = None) -> CustomerProfile:
    """The profile of a customer beside what others buy."""
    crowd = compute_crowd(*frames([*own, *(others or [])]), PRODUCTS, until=UNTIL)
    found = compute_profile(*frames(own, 5), PRODUCTS, customer_id=5, until=UNTIL, crowd=crowd)
    assert isinstance(found, CustomerProfile)
    return found


def everybody(seed: int = 0, count: int = 400) -> list[Sold]:
    """What a crowd buys at any hour from 7 to 21."""
    rng = np.random.default_rng(seed)
    basket = [[MILK], [TREAT], [MILK, TREAT], [(3, 1000, 150_00), MILK]]
    return [
        (int(rng.integers(0, 360)), int(rng.integers(7, 22)), basket[int(rng.integers(4))])
        for _ in range(count)
    ]


def test_who_never_bought_has_no_profile() -> None:
    receipts, lines = frames([(2, 9, [(1, -1000, -80_00)])], 5)
    crowd = compute_crowd(receipts, lines, PRODUCTS, until=UNTIL)
    found = compute_profile(receipts, lines, PRODUCTS, customer_id=5, until=UNTIL, crowd=crowd)
    assert found == NotEnough(1, 0, "receipts", UNTIL)


def test_one_purchase_has_a_profile_without_claims() -> None:
    found = profile_of([(3, 9, [MILK])], everybody())
    assert (found.receipts, found.spent_cents, found.rhythm_days) == (1, 80_00, None)
    assert (found.preferred_hours, found.preferred_weekdays, found.brands) == ((), (), ())
    assert found.style is DecisionStyle.UNKNOWN
    assert found.habits[0].regularity is None
    assert found.habits[0].gap_days is None


def test_a_weekly_habit_by_hand() -> None:
    found = profile_of([(ago, 9, [(1, 2000, 160_00)]) for ago in range(0, 70, 7)])
    (habit,) = found.habits
    assert (habit.product_id, habit.category, habit.times) == (1, Category.BAKERY, 10)
    assert habit.quantity_per_week_milli == pytest.approx(20_000 / (64 / 7), abs=1)
    assert habit.regularity == 1
    assert habit.gap_days == 7
    assert habit.last_price_cents == 80_00
    assert habit.last_day == UNTIL
    assert found.rhythm_days == 7


def test_chance_is_not_regular_and_goods_by_amount_have_no_price() -> None:
    rng = np.random.default_rng(4)
    days = np.cumsum(np.ceil(rng.exponential(5, 40))).astype(int)
    found = profile_of([(int(ago), 9, [(3, 137, 25_00)]) for ago in days])
    assert found.habits[0].regularity is not None
    assert found.habits[0].regularity < 0.35
    assert found.habits[0].last_price_cents is None


def test_refunds_and_months_without_purchases() -> None:
    own = [(100, 9, [MILK]), (40, 9, [MILK]), (38, 9, [(1, -1000, -80_00)]), (2, 9, [MILK])]
    found = profile_of(own)
    assert (found.receipts, found.spent_cents) == (3, 160_00)
    assert [receipts for _month, receipts, _cents in found.months] == [1, 0, 1, 1]
    assert sum(cents for *_month, cents in found.months) == 160_00
    assert found.months[0][0] == date(2026, 3, 1)
    assert [cents for _sale, _day, cents, _lines in found.recent] == [80_00, -80_00, 80_00, 80_00]


def test_hours_are_preferred_only_beyond_the_crowd() -> None:
    at_seven = [(ago, 7, [MILK]) for ago in range(0, 120, 4)]
    assert profile_of(at_seven, everybody()).preferred_hours == (7,)
    others_at_seven = [(ago % 300, 7, [MILK]) for ago in range(600)]
    assert profile_of(at_seven, others_at_seven).preferred_hours == ()


def test_random_hours_and_weekdays_are_hardly_ever_preferred() -> None:
    rng = np.random.default_rng(8)
    crowd = rng.multinomial(5_000, np.ones(24) / 24)
    found = [find_preferred(own, crowd + own) for own in rng.multinomial(60, np.ones(24) / 24, 300)]
    assert np.mean([bool(each) for each in found]) <= 0.06


def test_payments_and_the_share_on_account() -> None:
    receipts, lines = frames([(ago, 9, [MILK]) for ago in range(4)], 5)
    receipts["payment"] = np.array([4, 4, 4, 1], dtype=np.int8)
    crowd = compute_crowd(receipts, lines, PRODUCTS, until=UNTIL)
    found = compute_profile(receipts, lines, PRODUCTS, customer_id=5, until=UNTIL, crowd=crowd)
    assert isinstance(found, CustomerProfile)
    assert found.payments == ((Payment.CREDIT, 0.75), (Payment.CASH, 0.25))
    assert found.credit_share == 0.75


def bargains() -> list[Sold]:
    """Milk on the days it is sold cheaper, one in five."""
    return [(ago, 9, [(1, 1000, 60_00)]) for ago in range(0, 300, 5)]


STYLES = {
    "cheap days only": (bargains(), DecisionStyle.BARGAIN),
    "a snack in passing": ([(ago, 16, [TREAT]) for ago in range(0, 200, 5)], DecisionStyle.IMPULSE),
    "like everybody": (everybody(9, 60), DecisionStyle.UNKNOWN),
    "too little": ([(ago, 9, [MILK]) for ago in range(0, 30, 6)], DecisionStyle.UNKNOWN),
}


@pytest.mark.parametrize(("own", "style"), STYLES.values(), ids=STYLES.keys())
def test_styles_by_hand(own: list[Sold], style: DecisionStyle) -> None:
    found = profile_of(own, everybody())
    assert found.style is style
    assert (found.style_confidence > 0.9) == (style is not DecisionStyle.UNKNOWN)
    assert all(text.sentence(reason) for reason in found.style_reasons)


def codes(own: list[Sold]) -> set[str]:
    found = profile_of(own)
    assert all(text.sentence(reason) for reason in (*found.loyalty, *found.reasons))
    return {reason.code for reason in found.loyalty}


def test_signs_of_loyalty_and_of_its_loss() -> None:
    faithful = codes([(ago, 9, [MILK]) for ago in range(0, 360, 3)])
    assert faithful == {"loyalty_tenure", "loyalty_weeks", "loyalty_in_rhythm", "loyalty_steady"}
    gone = codes([(ago, 9, [MILK]) for ago in range(60, 360, 3)])
    assert {"loyalty_late", "loyalty_less"} <= gone
    more = codes([(ago, 9, [MILK]) for ago in [*range(0, 90, 2), *range(90, 360, 9)]])
    assert "loyalty_more" in more
    assert not codes([(3, 9, [MILK])])


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


def test_two_thousand_lines_are_read_at_once(sample: SampleShop, crowd: Crowd) -> None:
    receipts, lines = sample.sales
    receipts = receipts.iloc[:1_300].assign(customer_id=np.int64(1))
    lines = lines[lines["receipt"] < 1_300].reset_index(drop=True)
    assert len(lines) > 1_800
    products, spent = catalogue(sample), []
    for _ in range(3):
        start = perf_counter()
        compute_profile(receipts, lines, products, customer_id=1, until=sample.last_day, crowd=crowd)
        spent.append(perf_counter() - start)
    assert min(spent) < 0.1


def test_only_days_that_the_crowd_knows_are_held_against_it() -> None:
    own = [(ago, 7, [MILK]) for ago in range(0, 360, 4)]
    receipts, lines = frames([*everybody(), *own])
    recent = receipts["sold_at"] >= receipts["sold_at"].max() - 20 * 86_400
    place = np.cumsum(recent) - 1
    lines = lines[recent.to_numpy()[lines["receipt"]]]
    crowd = compute_crowd(
        receipts[recent], lines.assign(receipt=place[lines["receipt"]].to_numpy()), PRODUCTS, until=UNTIL
    )
    found = compute_profile(*frames(own, 5), PRODUCTS, customer_id=5, until=UNTIL, crowd=crowd)
    assert isinstance(found, CustomerProfile)
    assert found.receipts == 90
    assert found.style_reasons[0].code == "style_few"  # of twenty days


def test_what_the_catalogue_does_not_name_is_bought_but_is_no_habit() -> None:
    own = [(ago, 9, [MILK, TREAT]) for ago in range(0, 90, 3)]
    crowd = compute_crowd(*frames(own), PRODUCTS[:1], until=UNTIL)
    found = compute_profile(*frames(own, 5), PRODUCTS[:1], customer_id=5, until=UNTIL, crowd=crowd)
    assert isinstance(found, CustomerProfile)
    assert [habit.product_id for habit in found.habits] == [1]
    assert found.spent_cents == 30 * 105_00
    assert len(found.categories) == 2
