"""Segments in words by rules: every number from the figures, ideas that differ, nothing pushed that may not be."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights import text
from colmado_insights.analytics.results import Segment, SegmentPerformance, SegmentType
from colmado_insights.analytics.segments import SEGMENT_TYPES
from colmado_insights.config import Settings
from colmado_insights.domain import Category, Payment, Reason, Source
from colmado_insights.personas import House, Persona, describe_segment
from colmado_insights.personas.rules.goods import GOODS
from colmado_insights.personas.rules.hours import say_hours
from tests.twelve_segments import UNTIL, planted_house, planted_performances, planted_segments

TWELVE = planted_segments()
DONE = {each.segment_id: each for each in planted_performances()}


def ideas(persona: Persona) -> tuple[str, ...]:
    return (*persona.marketing, *persona.operations)


def numbers(words: str) -> set[str]:
    """Every number as written, without its thousands commas."""
    return {found.replace(",", "") for found in re.findall(r"\d[\d,]*(?:\.\d+)?", words)}


def told(segment: Segment, performance: SegmentPerformance | None, house: House | None) -> set[str]:
    """All numbers that may be said of it, written the ways that numbers are written here."""
    shares = [
        segment.share,
        *dict(segment.top_categories).values(),
        *dict(segment.payment_preferences).values(),
    ]
    plain = [text.number(segment.avg_items_per_basket, 1), text.money(segment.avg_basket_cents)]
    plain += [text.number(segment.transaction_count), *map(text.hour_label, segment.peak_hours)]
    counts, hours = segment.receipts_by_hour, segment.peak_hours
    total = max(sum(counts), 1)
    shares += [
        sum(counts[hour] for hour in hours) / total,
        sum(counts[hour] for hour in (21, 22, 23, 0, 1)) / total,
    ]
    if segment.usual_pair:
        plain.append(text.in_ten(segment.usual_pair[2]))
    if performance:
        shares += [performance.revenue_share, abs(segment.growth or 0.0), performance.pay_lift or 0.0]
    if house:
        shares += [
            segment.revenue_cents / max(house.revenue_cents, 1),
            *house.payments.values(),
            house.pay_lift or 0.0,
        ]
        plain += [text.money(house.avg_basket_cents), text.hour_label(21)]
        plain += [
            text.hour_label(hour % 24) for hour in (house.alcohol_until_hour, house.alcohol_until_hour_late)
        ]
        plain += [f"{text.short_date(each.day)} {text.occasion_name(each.what)}" for each in house.ahead]
    return set().union(*map(numbers, plain), *(numbers(text.percent(share)) for share in shares), {"0"})


@st.composite
def some_segments(draw: st.DrawFn) -> Segment:
    """Any segment that the analyses can make, likely or not."""
    share = st.floats(0.001, 1.0)
    name = draw(st.sampled_from([*SEGMENT_TYPES, "learned_3"]))
    parts = draw(
        st.lists(st.tuples(st.sampled_from(list(Category)), share), max_size=5, unique_by=lambda p: p[0])
    )
    whole = sum(part for _category, part in parts) or 1.0
    pair = draw(st.none() | st.tuples(*[st.sampled_from(list(Category))] * 2, share))
    count = draw(st.integers(1, 9000))
    cents = draw(st.integers(0, 3_000_00))
    return Segment(
        segment_id=name,
        type=SEGMENT_TYPES.get(name, SegmentType.LEARNED),
        transaction_count=count,
        share=draw(share),
        revenue_cents=count * cents,
        avg_basket_cents=cents,
        avg_items_per_basket=draw(st.floats(0.0, 9.0)),
        peak_hours=tuple(draw(st.lists(st.integers(0, 23), max_size=4, unique=True))),
        peak_days=tuple(draw(st.lists(st.integers(0, 6), max_size=3, unique=True))),
        confidence_score=0.9,
        top_categories=tuple(
            sorted(((each, part / whole) for each, part in parts), key=lambda part: -part[1])
        ),
        payment_preferences=tuple(
            (each, draw(share)) for each in draw(st.lists(st.sampled_from(list(Payment)), unique=True))
        ),
        frequency_pattern=draw(st.sampled_from(["daily", "weekly", "occasional"])),
        receipts_by_hour=tuple(draw(st.lists(st.integers(0, 900), min_size=24, max_size=24))),
        growth=draw(st.none() | st.floats(-0.9, 3.0)),
        usual_pair=pair,
        name=Reason.of("learned_breakfast") if name == "learned_3" else None,
    )


@st.composite
def some_views(draw: st.DrawFn) -> tuple[Segment, SegmentPerformance | None, House | None]:
    """A segment, with and without what it is held against."""
    segment = draw(some_segments())
    done = replace(
        DONE["fresh"],
        revenue_share=draw(st.floats(0.0, 1.0)),
        is_beyond_noise=draw(st.booleans()),
        pay_lift=draw(st.none() | st.floats(-0.9, 3.0)),
    )
    days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
    return segment, draw(st.none() | st.just(done)), draw(st.none() | days.map(planted_house))


@given(some_views())
def test_every_number_comes_from_the_figures(
    view: tuple[Segment, SegmentPerformance | None, House | None],
) -> None:
    persona = describe_segment(*view)
    for words in (persona.description, *ideas(persona)):
        assert numbers(words) <= told(*view), words


@given(some_views())
def test_any_segment_reads_well(view: tuple[Segment, SegmentPerformance | None, House | None]) -> None:
    persona = describe_segment(*view)
    said = ideas(persona)
    assert len(said) == len(set(said))
    assert len(persona.marketing) <= 4
    assert len(persona.operations) <= 3
    for words in (persona.description, *said):
        assert words.endswith(".")
        assert not re.search(r"[{}]|\.\.|\s\s|las 1 [ap]| ,", words), words
        assert words[0].isupper() or words[0].isdigit(), words
    assert not any("cigarrillos" in words.lower() for words in persona.marketing)
    for words in persona.marketing:  # nobody is offered beer: what is offered is what goes with it
        assert not re.search(r"(ofrece|anuncia|oferta de|con) cerveza", words.replace("ese día ", "")), words


@pytest.mark.parametrize("segment", TWELVE, ids=lambda segment: segment.segment_id)
@pytest.mark.parametrize("count", [30, None])
def test_each_of_the_twelve_says_enough(segment: Segment, count: int | None) -> None:
    segment = replace(segment, transaction_count=count or segment.transaction_count)
    persona = describe_segment(segment, DONE[segment.segment_id], planted_house())
    assert persona.source is Source.RULES
    assert len(re.findall(r"(?<! [apm])\. ", persona.description)) in (1, 2)  # two or three sentences
    assert 3 <= len(persona.marketing) <= 4
    assert 2 <= len(persona.operations) <= 3
    with_figure = [
        words for words in persona.marketing if numbers(words) or "Sus días" in words or "Casi todos" in words
    ]
    assert len(with_figure) == len(persona.marketing)


@pytest.mark.parametrize("category", list(Category))
def test_each_learned_family_says_enough(category: Category) -> None:
    likely = replace(
        TWELVE[10], segment_id="learned_4", type=SegmentType.LEARNED, usual_pair=None,
        top_categories=((category, 0.9), (Category.STAPLES if category is not Category.STAPLES else Category.MEAT, 0.04)),
        avg_basket_cents=80_00, avg_items_per_basket=1.3,
    )  # fmt: skip
    persona = describe_segment(likely, replace(DONE["fresh"], revenue_share=0.14), planted_house())
    assert len(persona.marketing) >= (2 if category is Category.RECHARGES else 3)
    assert len(persona.operations) >= 2


def test_segments_read_differently() -> None:
    house = planted_house()
    made = {
        each.segment_id: {re.sub(r"[\d.,]+", "#", words) for words in ideas(describe_segment(each, DONE[each.segment_id], house))}
        for each in TWELVE
    }  # fmt: skip
    overlaps = {
        (one, two): len(made[one] & made[two]) / len(made[one] | made[two])
        for one, two in itertools.combinations(made, 2)
    }
    mean = sum(overlaps.values()) / len(overlaps)
    worst = max(overlaps, key=lambda pair: overlaps[pair])
    shown = f"ideas shared by two of the twelve: mean {mean:.3f}, most {overlaps[worst]:.2f} ({' and '.join(worst)})"
    print(shown)  # noqa: T201 - what `pytest -rP` shows
    assert mean < 0.08
    assert overlaps[worst] < 0.5


def test_what_sets_them_apart_is_said_first() -> None:
    house = planted_house()
    said = {each.segment_id: describe_segment(each, DONE[each.segment_id], house) for each in TWELVE}
    assert said["morning_commute"].marketing[0].startswith("El 31 % de su dinero va en pan y lácteos")
    assert "efectivo" not in " ".join(said["morning_commute"].operations)  # as everybody
    assert "23 % paga por transferencia, contra el 10 %" in " ".join(said["big_shoppers"].operations)
    assert said["quick_picks"].marketing[0].startswith("Son el 79 % de las compras y dejan el 40 %")
    assert "En la quincena vienen 75 % más" in " ".join(said["bulk_buyers"].marketing)
    assert "quincena" not in " ".join(said["convenience"].marketing)


def test_the_law_s_hour_is_told_to_those_who_come_late_for_it() -> None:
    late = {each.segment_id: each for each in TWELVE}["late_night"]
    strict = planted_house(settings=Settings(alcohol_until_hour=23, alcohol_until_hour_late=25))
    words = " ".join(describe_segment(late, None, strict).operations)
    assert "cierra esa venta a las 11 p. m. de domingo a jueves, y viernes y sábado a la 1 a. m." in words
    sober = replace(late, top_categories=((Category.SNACKS, 0.7), (Category.STAPLES, 0.3)))
    assert "cierra esa venta" not in " ".join(describe_segment(sober, None, strict).operations)


def test_few_purchases_say_less() -> None:
    lunch, house = TWELVE[1], planted_house()
    few = describe_segment(replace(lunch, transaction_count=7), None, house)
    assert few.description.endswith("Son solo 7 compras: todavía es temprano para sacar conclusiones.")
    assert not ideas(few)
    some = describe_segment(replace(lunch, transaction_count=20), None, house)
    assert (len(some.marketing), len(some.operations)) == (2, 1)
    none = describe_segment(replace(lunch, transaction_count=0), None, house)
    assert none == Persona("Nadie compró así en este período.", (), ())


@pytest.mark.parametrize(("growth", "words"), [(-0.2, "20 % menos veces"), (0.3, "30 % más veces")])
def test_growth_counts_when_it_is_more_than_chance(growth: float, words: str) -> None:
    lunch = replace(TWELVE[1], growth=growth)
    done, house = DONE["lunch_rush"], planted_house()
    assert words not in " ".join(describe_segment(lunch, done, house).marketing)
    assert words in describe_segment(lunch, replace(done, is_beyond_noise=True), house).marketing[0]


def test_a_feast_ahead_is_prepared_for() -> None:
    beer = {each.segment_id: each for each in TWELVE}["beer_and_snacks"]
    fresh = {each.segment_id: each for each in TWELVE}["fresh"]
    december = planted_house(date(2026, 12, 10))
    assert "doble sueldo" in " ".join(describe_segment(fresh, None, december).marketing)
    beers = describe_segment(beer, None, december)
    assert "doble sueldo" not in " ".join(beers.marketing)  # beer is not announced, only at hand
    assert "pide con tiempo, y hielo de más" in " ".join(beers.operations)
    assert UNTIL.month == 11
    assert "Viene " not in " ".join(ideas(describe_segment(fresh, None, planted_house())))


def test_credit_is_told_with_the_next_pay_day() -> None:
    credit = replace(TWELVE[5], payment_preferences=((Payment.CASH, 0.6), (Payment.CREDIT, 0.4)))
    assert "El 40 % de sus compras es fiado: saca las cuentas antes del cobro del lun 30 nov." in (
        describe_segment(credit, None, planted_house()).operations
    )


def test_hours_are_said_as_the_shop_s_day_goes() -> None:
    assert say_hours((8, 7)) == "7 y 8 a. m."
    assert say_hours((0, 21, 22)) == "9 p. m., 10 p. m. y 12 a. m."
    assert say_hours((0, 8)) == "8 a. m. y 12 a. m."
    assert say_hours((1, 0)) == "12 y 1 a. m."
    assert say_hours((19, 7), first=True) == "7 a. m."
    assert say_hours(()) == ""


def test_every_family_of_goods_is_known() -> None:
    assert set(GOODS) == set(Category)
    assert not GOODS[Category.TOBACCO].small + GOODS[Category.TOBACCO].large
    assert not GOODS[Category.ALCOHOL].can_add
