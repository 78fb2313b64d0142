"""How buyers answer a price: what was planted comes back, and what cannot be known is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.elasticity import compute_elasticities, compute_elasticity
from colmado_insights.analytics.results import Elasticities, Elasticity, ElasticityType, NotEnough
from colmado_insights.domain import PRICE_DAY_COLUMNS, Category
from tests.analytics.price_shop import UNTIL, Planted, make_shop

DAYS = DominicanDays()


def found_of(price_days: pd.DataFrame, daily: pd.DataFrame) -> Elasticities:
    found = compute_elasticities(price_days, daily, until=UNTIL, days=DAYS)
    assert isinstance(found, Elasticities)
    return found


def answer_of(price_days: pd.DataFrame, daily: pd.DataFrame, product_id: int = 1) -> Elasticity | NotEnough:
    return compute_elasticity(price_days, daily, product_id=product_id, until=UNTIL, days=DAYS)


def judged(price_days: pd.DataFrame, daily: pd.DataFrame, product_id: int = 1) -> Elasticity:
    answer = answer_of(price_days, daily, product_id)
    assert isinstance(answer, Elasticity)
    return answer


def others(count: int = 12, elasticity: float = -1.0) -> list[Planted]:
    """Products whose prices move on days of their own."""
    return [
        Planted(
            100 + i,
            elasticity,
            prices=((0, 50_00), (40 + 11 * i, 55_00), (200 + 13 * i, 45_00)),
        )
        for i in range(count)
    ]


@pytest.mark.parametrize("elasticity", [-2.0, -1.0, -0.3])
def test_counts_without_chance_give_the_elasticity_back(elasticity: float) -> None:
    """By hand: 2,000 a day at 100, 2,000 × 1.1^e at 110, 2,000 × 1.21^e at 121; the slope of the logs is e."""
    answer = judged(*make_shop([Planted(1, elasticity, units=2000.0)], seed=None))
    assert answer.raw == pytest.approx(elasticity, abs=0.02)
    assert answer.elasticity == pytest.approx(elasticity, abs=0.05)
    assert answer.own_weight > 0.9
    assert (answer.n_prices, answer.lowest_cents, answer.highest_cents) == (3, 100_00, 121_00)
    assert answer.r_squared > 0.95


def test_planted_elasticities_come_back_inside_their_intervals() -> None:
    rng = np.random.default_rng(4)
    planted = [
        Planted(
            i + 1,
            float(rng.normal(-1.2, 0.35)),
            units=float(rng.uniform(5, 30)),
            prices=tuple(
                (int(day), int(cents) * 100)
                for day, cents in zip(
                    [0, *np.sort(rng.choice(np.arange(20, 370), 4, replace=False))],
                    100 * np.exp(np.cumsum(rng.normal(0.02, 0.08, 5))),
                    strict=True,
                )
            ),
            category=[Category.SNACKS, Category.STAPLES][i % 2],
        )
        for i in range(40)
    ]
    found = found_of(*make_shop(planted))
    truth = {each.product_id: each.elasticity for each in planted}
    errors = [abs(each.elasticity - truth[each.product_id]) for each in found.found]
    inside = [each.lo95 <= truth[each.product_id] <= each.hi95 for each in found.found]
    assert len(found.found) == 40
    assert np.mean(errors) < 0.25
    assert np.mean(np.array(errors) <= 0.4) >= 0.85
    assert np.mean(inside) >= 0.88


def test_a_weak_estimate_leans_on_its_category() -> None:
    slow = Planted(1, -3.0, units=0.5)
    answer = judged(*make_shop([slow, *others(elasticity=-1.0)]))
    assert answer.own_weight < 0.3
    assert answer.category_elasticity == pytest.approx(-1.0, abs=0.25)
    assert abs(answer.elasticity - answer.category_elasticity) < 0.5
    assert any(reason.code == "elasticity_borrowed" for reason in answer.reasons)


# ── the traps ──


def test_goods_sold_by_amount_are_refused_and_never_found_at_minus_one() -> None:
    """Everybody asks for 25 pesos: units × price is constant, which is −1 by construction."""
    answer = answer_of(*make_shop([Planted(1, 0.0, by_amount=0.8), *others()]))
    assert isinstance(answer, NotEnough)
    assert answer.unit == "by_amount"


def test_a_part_asked_for_by_amount_is_left_out_and_changes_nothing() -> None:
    without, with_part = (
        judged(*make_shop([Planted(1, -0.3, units=200.0, by_amount=share), *others()]))
        for share in (0.0, 0.4)
    )
    assert with_part.elasticity == pytest.approx(without.elasticity, abs=0.1)
    assert with_part.left_out_share > 0.05
    assert any(reason.code == "elasticity_left_out" for reason in with_part.reasons)


def test_prices_typed_by_hand_are_refused() -> None:
    answer = answer_of(*make_shop([Planted(1, off=0.7), *others()]))
    assert isinstance(answer, NotEnough)
    assert answer.unit == "open_price"


@pytest.mark.parametrize("prices", [((0, 100_00),), ((0, 100_00), (150, 110_00))])
def test_a_price_that_hardly_moved_is_refused(prices: tuple[tuple[int, int], ...]) -> None:
    answer = answer_of(*make_shop([Planted(1, prices=prices), *others()]))
    assert answer == NotEnough(3, len(prices), "prices", UNTIL)


def test_few_days_with_sales_are_refused() -> None:
    price_days, daily = make_shop([Planted(1), *others()])
    few = price_days[price_days["product_id"] == 1].iloc[::15]
    rest = price_days[price_days["product_id"] != 1]
    answer = answer_of(pd.concat([few, rest]), daily)
    assert answer == NotEnough(28, len(few), "days", UNTIL)


def test_a_price_of_one_day_is_a_favour_and_no_price() -> None:
    prices = ((0, 100_00), (90, 80_00), (91, 100_00), (200, 105_00))
    answer = answer_of(*make_shop([Planted(1, prices=prices), *others()]))
    assert answer == NotEnough(3, 2, "prices", UNTIL)


def test_the_noise_of_rounded_fractions_is_no_price() -> None:
    price_days, daily = make_shop([Planted(1, prices=((0, 100_00),)), *others()])
    mine = price_days["product_id"] == 1
    wobble = np.random.default_rng(1).integers(-150, 151, int(mine.sum()))
    price_days.loc[mine, "price_cents"] = 100_00 + wobble
    price_days.loc[mine, "is_exact"] = False
    answer = answer_of(price_days, daily)
    assert isinstance(answer, NotEnough)
    assert answer.unit == "prices"


def test_a_shop_that_shrinks_while_everything_gets_dearer_blames_no_price() -> None:
    """Sales halve in a year for a reason of their own while prices rise by a fifth: the plain rule would find −4."""
    traffic = np.exp(np.linspace(0.0, -0.7, 390))
    planted = [
        Planted(i + 1, -1.0, prices=((0, 100_00), (60 + 17 * i, 110_00), (230 + 11 * i, 121_00)))
        for i in range(12)
    ]
    found = found_of(*make_shop(planted, traffic=traffic))
    assert np.mean([each.elasticity for each in found.found]) == pytest.approx(-1.0, abs=0.3)


def test_days_without_a_sale_count() -> None:
    """A slow product sells one when it sells, dear or cheap: only the empty days tell that fewer want it."""
    planted = [
        Planted(i + 1, -2.0, units=0.8, prices=((0, 50_00), (130, 75_00), (260, 100_00))) for i in range(15)
    ]
    found = found_of(*make_shop([*planted, *others(elasticity=-2.0)]))
    slow = [each.elasticity for each in found.found if each.product_id < 100]
    assert np.mean(slow) == pytest.approx(-2.0, abs=0.35)


def test_an_empty_shelf_is_not_low_demand() -> None:
    """Dear days, half of them without stock: they would make buyers seem to flee."""
    shelf = Planted(1, -1.0, units=20.0, closed=((270, 290), (300, 330)))
    answer = judged(*make_shop([shelf, *others()]))
    assert answer.elasticity == pytest.approx(-1.0, abs=0.45)
    assert any(reason.code == "elasticity_out_of_stock" for reason in answer.reasons)


def test_a_rationed_category_is_not_low_demand() -> None:
    """In the dear half of the year the brewery brings a fifth of what would sell, every third week."""
    weeks = tuple((start, start + 7) for start in range(210, 385, 21))
    beers = [
        Planted(
            i + 1, -1.0, units=20.0, category=Category.ALCOHOL,
            prices=((0, 100_00), (100 + 9 * i, 105_00), (200 + 3 * i, 125_00)),
        )
        for i in range(6)
    ]  # fmt: skip
    price_days, daily = make_shop([*beers, *others()])
    rationed = price_days["category"] == list(Category).index(Category.ALCOHOL)
    day = price_days["day"] - price_days["day"].min()
    rationed &= sum((day >= start) & (day < end) for start, end in weeks).astype(bool)
    price_days.loc[rationed, "units_milli"] //= 5000
    price_days.loc[rationed, "units_milli"] *= 1000
    found = found_of(price_days, daily)
    told = [each.elasticity for each in found.found if each.product_id < 100]
    assert np.mean(told) == pytest.approx(-1.0, abs=0.3)


def test_days_after_the_last_day_are_not_looked_at() -> None:
    price_days, daily = make_shop([Planted(1), *others()])
    later = price_days.assign(day=price_days["day"] + 400, price_cents=999_00)
    assert answer_of(pd.concat([price_days, later]), daily) == answer_of(price_days, daily)


def test_a_price_that_seems_to_attract_is_called_unusual() -> None:
    answer = judged(*make_shop([Planted(1, 1.5, units=300.0), *others()]))
    assert answer.type is ElasticityType.UNUSUAL
    assert any(reason.code == "elasticity_unusual" for reason in answer.reasons)


@pytest.mark.parametrize(
    ("elasticity", "expected"),
    [
        (-2.0, ElasticityType.ELASTIC),
        (-1.0, ElasticityType.UNIT),
        (-0.4, ElasticityType.INELASTIC),
    ],
)
def test_types_by_where_the_value_lies(elasticity: float, expected: ElasticityType) -> None:
    assert judged(*make_shop([Planted(1, elasticity, units=3000.0)], seed=None)).type is expected


def test_an_unknown_product_has_no_sales() -> None:
    assert answer_of(*make_shop(others()), product_id=7) == NotEnough(1, 0, "sales", UNTIL)


def test_nothing_sold_is_too_little() -> None:
    empty, daily = make_shop([Planted(1)])
    assert found_or_not(empty.iloc[:0], daily) == NotEnough(28, 0, "days", UNTIL)


def found_or_not(price_days: pd.DataFrame, daily: pd.DataFrame) -> Elasticities | NotEnough:
    return compute_elasticities(price_days, daily, until=UNTIL, days=DAYS)


def test_a_foreign_frame_is_refused_at_the_door() -> None:
    price_days, daily = make_shop([Planted(1)])
    with pytest.raises(TypeError, match="column price_cents is missing"):
        compute_elasticities(price_days.drop(columns="price_cents"), daily, until=UNTIL, days=DAYS)
    assert list(price_days.columns) == list(PRICE_DAY_COLUMNS)
