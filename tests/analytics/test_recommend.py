"""Recommendations: each kind by hand, and never the same again, the gone or the forbidden."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from colmado_insights.analytics.basket_model import compute_basket_model
from colmado_insights.analytics.baskets import compute_baskets
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.recommend import (
    Knowledge,
    offers_with,
    recommend_bundles,
    recommend_cross_sell,
    recommend_pairs,
    recommend_personal,
    recommend_seasonal,
    recommend_similar,
    recommend_trending,
    recommend_upsell,
)
from colmado_insights.analytics.results import (
    Basket,
    BasketModel,
    Bundle,
    NotEnough,
    ProductTrend,
    Recommendations,
    SeasonalProduct,
)
from colmado_insights.domain import CATEGORY_CODE, Category
from tests.analytics.planted_baskets import UNTIL, days_of, draw, frames_of, shelf_of

PAIRS = [(5, 30, 0.5), (11, 41, 0.4)]
BEVERAGES = CATEGORY_CODE[Category.BEVERAGES]
NAMES = {
    1: "Coca-Cola 400ml", 2: "Coca-Cola 2L", 3: "Coca-Cola Sin Azúcar 400ml", 4: "Pepsi 400ml", 6: "Coca-Cola 20L",
    7: "Coca-Cola Lata",
}  # fmt: skip
SHELF = shelf_of(
    NAMES,
    categories=dict.fromkeys(NAMES, BEVERAGES),
    prices={1: 40_00, 2: 120_00, 3: 45_00, 4: 40_00, 6: 900_00, 7: 50_00},
)


@pytest.fixture(scope="module")
def known() -> Knowledge:
    baskets = draw(6000, PAIRS, seed=1)
    receipts, lines = frames_of(baskets, days=days_of(6000, 200))
    model = compute_basket_model(receipts, lines, until=UNTIL)
    basket = compute_baskets(receipts, lines, SHELF, until=UNTIL, days=DominicanDays())
    assert isinstance(basket, Basket) and isinstance(model, BasketModel)
    return Knowledge.of(SHELF, basket, model, UNTIL)


def told(found: Recommendations | NotEnough) -> dict[int, str]:
    assert isinstance(found, Recommendations)
    assert all(0 < item.score <= 1 for item in found.items)
    assert [item.score for item in found.items] == sorted((item.score for item in found.items), reverse=True)
    return {item.product_id: item.why.code for item in found.items}


def test_with_a_product_goes_what_it_was_planted_with(known: Knowledge) -> None:
    found = recommend_cross_sell(known, 5)
    assert isinstance(found, Recommendations)
    best = found.items[0]
    assert (best.product_id, best.score, best.why.code) == (30, 1.0, "recommend_cross_sell")
    assert best.why["share"] == pytest.approx(0.5, abs=0.05)
    assert best.why["product"] == known.shelf.name(5)


def test_with_two_products_goes_what_goes_with_either(known: Knowledge) -> None:
    alone = [told(recommend_cross_sell(known, product)) for product in (5, 8)]
    both = told(recommend_cross_sell(known, 5, 8))
    assert 30 in both and not {5, 8} & set(both)
    assert set(both) <= {each for one in alone for each in one} | {30}


def test_the_surest_offers_of_the_shop(known: Knowledge) -> None:
    assert set(list(told(recommend_pairs(known)))[:2]) == {30, 41}


def test_what_is_out_of_stock_asleep_or_closed_is_not_offered(known: Knowledge) -> None:
    for without in (replace(known, gone=frozenset({30})), replace(known, asleep=frozenset({30}))):
        assert 30 not in told(recommend_cross_sell(without, 5))
    assert 30 not in {each.product_id for each, _why in offers_with(known, {5: 1.0, 30: 1.0})}


def test_similar_is_alike_in_name_and_near_in_price(known: Knowledge) -> None:
    found = told(recommend_similar(known, 1))
    assert list(found)[:2] == [3, 7]  # as much for five pesos more; then for ten
    assert 2 not in found  # three times the price
    assert 5 not in found  # another family


def test_upsell_is_the_same_good_in_a_larger_pack(known: Knowledge) -> None:
    found = recommend_upsell(known, 1)
    assert told(found) == {2: "recommend_cheaper_inside"}  # 2 litres for three times the price; not 20 litres
    assert isinstance(found, Recommendations)
    assert found.items[0].why["times"] == 5.0
    assert found.items[0].why["share"] == pytest.approx(1 - 120 / 5 / 40)
    assert told(recommend_upsell(known, 2)) == {}
    assert told(recommend_upsell(known, 4)) == {}


def test_of_a_stranger_nothing_is_known(known: Knowledge) -> None:
    for ask in (recommend_similar, recommend_upsell):
        assert isinstance(ask(known, 9999), NotEnough)
    assert told(recommend_cross_sell(known, 9999)) == {}


def with_basket(known: Knowledge, **changes: Any) -> Knowledge:
    assert known.basket is not None
    return replace(known, basket=replace(known.basket, **changes))


def test_trending_tells_growth_alone(known: Knowledge) -> None:
    trends = (ProductTrend(8, 0.5, 0.3, 0.8, 0.01, 9, 6), ProductTrend(9, -0.5, -0.7, -0.3, 0.01, 3, 6))
    assert told(recommend_trending(with_basket(known, trends=trends))) == {8: "recommend_trending"}


def test_seasonal_tells_also_what_sleeps_until_its_time(known: Knowledge) -> None:
    seasonal = (
        SeasonalProduct(8, "", 12, 3.0, 2.0, 4.0, 3),
        SeasonalProduct(9, "mothers_day", 0, 2.0, 1.5, 3.0, 2),
    )
    awake = with_basket(replace(known, asleep=frozenset({8})), seasonal=seasonal)
    assert told(recommend_seasonal(awake)) == {8: "recommend_month", 9: "recommend_occasion"}


def test_a_bundle_tells_the_rest_and_the_price(known: Knowledge) -> None:
    bundle = Bundle((1, 8), 90_00, 85_00, 5_00, 30, 12.0, 300_00, 900_00, ())
    found = recommend_bundles(with_basket(known, bundles=(bundle,)), 8)
    assert isinstance(found, Recommendations)
    (item,) = found.items
    assert (item.product_id, item.why["products"]) == (1, (known.shelf.name(8),))
    assert (item.why["price_cents"], item.why["saving_cents"]) == (85_00, 5_00)
    assert told(recommend_bundles(with_basket(known, bundles=(bundle,)), 2)) == {}
    both = (bundle, replace(bundle, product_ids=(9, 8)))
    found = recommend_bundles(with_basket(known, bundles=both))
    assert isinstance(found, Recommendations)
    assert [item.product_id for item in found.items] == [8, 8]  # each is told, whatever they share


def test_a_customer_gets_what_is_due_and_what_goes_with_it(known: Knowledge) -> None:
    """5 every week, last a week ago; 9 yesterday; 12 given up months ago."""
    visits = [(ago, [5, 9] if ago > 7 else [9]) for ago in range(56, 0, -7)]
    visits += [(ago, [12]) for ago in (140, 133, 126)]
    visits += [(6, [5]), (1, [9])]
    receipts, lines = frames_of([basket for _ago, basket in visits], days=[ago for ago, _basket in visits])
    found = told(recommend_personal(known, receipts, lines))
    assert found[5] == "recommend_due"
    assert 9 not in found and 12 not in found
    assert found[30] == "recommend_taste"


def test_a_model_no_better_than_what_sells_most_is_not_asked(known: Knowledge) -> None:
    """In a shop of chance it would call noise a match."""
    baskets = draw(2000, seed=2, is_shuffled=True)
    receipts, lines = frames_of(baskets, days=days_of(2000, 200))
    model = compute_basket_model(receipts, lines, until=UNTIL)
    assert isinstance(model, BasketModel)
    assert not model.is_better
    assert known.model is not None and known.model.is_better
    assert told(recommend_cross_sell(Knowledge.of(SHELF, None, model, UNTIL), 5)) == {}


def test_a_customer_of_two_visits_is_not_known_yet(known: Knowledge) -> None:
    receipts, lines = frames_of([[5], [9]], days=[8, 1])
    assert recommend_personal(known, receipts, lines) == NotEnough(3, 2, "receipts", UNTIL)


def test_within_a_known_family_only_a_found_pair_is_offered(known: Knowledge) -> None:
    """Who takes one beer takes others too, and needs no offer for that."""
    family = dict.fromkeys([*range(8, 60)], BEVERAGES)
    shelf = shelf_of(NAMES, categories=family)
    same = Knowledge.of(shelf, known.basket, known.model, UNTIL)
    codes = {why.code for _each, why in offers_with(same, {11: 1.0})}
    assert codes <= {"recommend_cross_sell"}
