"""Names of learned segments: what they buy, when and how much, in Spanish and each different."""

from __future__ import annotations

import dataclasses

import pytest

from colmado_insights import text
from colmado_insights.analytics.cluster_naming import name_segments
from colmado_insights.analytics.results import Segment, SegmentType
from colmado_insights.domain import CATEGORIES, Category, Reason

ALL_DAY = dict.fromkeys(range(7, 22), 10)
MORNING = {7: 60, 8: 40, 12: 10, 18: 10}
NIGHT = {20: 40, 21: 60, 22: 40, 12: 10}


def segment(
    goods: dict[Category, float], hours: dict[int, int] = ALL_DAY, *, cents: int = 100_00, lines: float = 1.5
) -> Segment:
    count = sum(hours.values())
    return Segment(
        segment_id="learned_1",
        type=SegmentType.LEARNED,
        transaction_count=count,
        share=0.1,
        revenue_cents=count * cents,
        avg_basket_cents=cents,
        avg_items_per_basket=lines,
        peak_hours=(max(hours, key=lambda hour: hours[hour]),),
        peak_days=(),
        confidence_score=0.8,
        top_categories=tuple(sorted(goods.items(), key=lambda one: -one[1])),
        payment_preferences=(),
        frequency_pattern="daily",
        receipts_by_hour=tuple(hours.get(hour, 0) for hour in range(24)),
        growth=None,
        usual_pair=None,
    )


def names(*segments: Segment) -> list[str]:
    return [text.sentence(name) for name in name_segments(segments)]


REST = [segment({Category.HOUSEHOLD: 0.9}) for _ in range(4)]
"""An ordinary crowd, against which others are early, late or large."""


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (segment({Category.ALCOHOL: 0.9}, NIGHT), "Cerveza de noche"),
        (segment({Category.BAKERY: 0.9}, MORNING), "Desayuno"),
        (segment({Category.BAKERY: 0.9}, MORNING, cents=20_00), "Desayuno chiquito"),
        (segment({Category.BAKERY: 0.9}, MORNING, cents=400_00, lines=6), "Desayuno grande"),
        (segment({Category.STAPLES: 0.8}, cents=900_00, lines=8), "Compra grande de víveres secos"),
        (segment({Category.STAPLES: 0.8}, cents=900_00), "Víveres secos"),  # dear, but no larger
        (segment({Category.SNACKS: 0.8}, NIGHT, cents=20_00), "Compra chiquita de picadera de noche"),
        (segment({Category.TOBACCO: 1.0}), "Cigarrillos"),
        (segment({Category.MEAT: 0.5, Category.FRESH: 0.4}), "Carnes con vegetales"),
        (segment({Category.MEAT: 0.3, Category.FRESH: 0.2}), "Compra surtida"),
        (segment({Category.MEAT: 0.3, Category.FRESH: 0.2}, NIGHT, cents=900_00, lines=9), "Compra grande surtida de noche"),
        (segment({}), "Compra surtida"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_name_says_goods_time_and_size(one: Segment, name: str) -> None:
    assert names(*REST, one)[-1] == name


def test_names_are_unique_within_a_run() -> None:
    alike = [segment({Category.HOUSEHOLD: 0.7, Category.OTHER: 0.1}) for _ in range(6)]
    found = names(*alike)
    assert len(set(found)) == 6
    assert found[:3] == ["Limpieza", "Limpieza con cosas varias", "Limpieza a las 7 a. m."]


def test_mixed_purchases_are_told_apart_too() -> None:
    assert len(set(names(*[segment({}) for _ in range(5)]))) == 5


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_can_give_a_name(category: Category) -> None:
    name = names(segment({category: 0.9}))[0]
    assert name
    assert str(category) not in name.lower().split()


def test_title_is_the_name_of_a_learned_segment_and_the_word_of_a_rule_segment() -> None:
    one = segment({Category.TOBACCO: 1.0})
    assert text.segment_title(dataclasses.replace(one, name=name_segments([one])[0])) == "Cigarrillos"
    assert text.segment_title(dataclasses.replace(one, segment_id="morning_commute")) == "Mañaneros"


def test_a_name_does_not_change_with_every_night() -> None:
    snacks = {Category.SNACKS: 0.9}
    late, plain = (
        Reason.of("learned_goods_when", goods="snacks", daypart="night"),
        Reason.of("learned_goods", goods="snacks"),
    )
    # 42 % at night; of all receipts 30 % are for the first crowd and 36 % for the second: once enough, once not.
    own = segment(snacks, {20: 42, 12: 30, 8: 28})
    for share, name, other in ((30, late, plain), (36, plain, late)):
        night = round(1000 * share / 100)
        crowd = dataclasses.replace(
            segment({Category.HOUSEHOLD: 0.9}, {20: night, 12: 1000 - night}), segment_id="learned_2"
        )
        assert name_segments([own, crowd])[0] == name
        assert name_segments([own, crowd], {"learned_1": name})[0] == name
        assert name_segments([own, crowd], {"learned_1": other})[0] == other
