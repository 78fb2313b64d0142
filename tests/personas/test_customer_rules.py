"""A known customer in words by rules: without a name, from the figures, and nothing pushed that may not be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights import text
from colmado_insights.analytics.results import (
    BrandTaste,
    CategoryChance,
    CustomerOutlook,
    CustomerProfile,
    CustomerSegment,
    DecisionStyle,
    NextPurchase,
    NotEnough,
    ProductHabit,
    Replenishment,
    RfmScore,
)
from colmado_insights.domain import Category, Consent, Customer, Payment
from colmado_insights.insights import CustomerView
from colmado_insights.personas import Persona, describe_customer

UNTIL = date(2026, 11, 20)
NAMES = {1: "Café molido", 2: "Ron blanco", 3: "Leche entera"}
PERSON = Customer(9, "Altagracia Peña", "Doña Tata", "809-555-0101", consent=Consent.YES)

PROFILE = CustomerProfile(
    customer_id=9,
    until=UNTIL,
    first_day=date(2026, 3, 2),
    last_day=date(2026, 11, 18),
    receipts=84,
    spent_cents=1_764_000,
    avg_basket_cents=21_000,
    avg_lines=2.14,
    rhythm_days=3.0,
    months=(),
    hours=(0,) * 24,
    weekdays=(0,) * 7,
    preferred_hours=(16, 15),
    preferred_weekdays=(6,),
    pay_phases=(),
    payments=((Payment.CASH, 0.6), (Payment.TRANSFER, 0.3)),
    credit_share=0.27,
    categories=((Category.STAPLES, 0.43), (Category.ALCOHOL, 0.3), (Category.BAKERY, 0.2), (Category.SNACKS, 0.02)),
    habits=(
        ProductHabit(2, Category.ALCOHOL, 30, 500, 0.6, 8.0, UNTIL, 50_000, 1_500_000),
        ProductHabit(1, Category.STAPLES, 27, 500, 0.6, 8.0, UNTIL, 19_500, 526_500),
        ProductHabit(3, Category.BAKERY, 12, 300, 0.5, 20.0, UNTIL, 6_500, 78_000),
    ),
    brands=(BrandTaste("Santo Domingo", Category.STAPLES, 0.96, 0.4, 27),),
    style=DecisionStyle.UNKNOWN,
    style_confidence=0.0,
    style_reasons=(),
    loyalty=(),
    recent=(),
)  # fmt: skip
OUTLOOK = CustomerOutlook(
    customer_id=9,
    until=UNTIL,
    first_day=PROFILE.first_day,
    last_day=PROFILE.last_day,
    receipts=84,
    spent_cents=1_764_000,
    rfm=RfmScore(9, 2, 84, 1_764_000, 3.0, 0.7, 4, 4, 4, CustomerSegment.LOYAL),
    next=NextPurchase(9, UNTIL + timedelta(days=1), UNTIL, UNTIL + timedelta(days=3), 0.9),
    chances=(CategoryChance(9, Category.ALCOHOL, 0.9), CategoryChance(9, Category.BAKERY, 0.57)),
    due=(
        Replenishment(9, 2, UNTIL, UNTIL, UNTIL + timedelta(days=2), 1000, 30, 0.9, is_due=True),
        Replenishment(9, 3, UNTIL, UNTIL, UNTIL + timedelta(days=2), 1000, 12, 0.5, is_due=True),
    ),
)


def view(
    profile: CustomerProfile | NotEnough = PROFILE,
    outlook: CustomerOutlook | None = OUTLOOK,
    person: Customer = PERSON,
) -> CustomerView:
    return CustomerView(person, profile, outlook, None, dict(NAMES), datetime(2026, 11, 20, 9), is_kept=True)


def everything(persona: Persona) -> tuple[str, ...]:
    return (persona.description, *persona.marketing, *persona.operations)


def numbers(words: str) -> set[str]:
    return {found.replace(",", "") for found in re.findall(r"\d[\d,]*(?:\.\d+)?", words)}


def told(seen: CustomerView) -> set[str]:
    """All numbers that may be said of them."""
    profile, outlook = seen.profile, seen.outlook
    assert isinstance(profile, CustomerProfile)
    shares = [*dict(profile.categories).values(), *dict(profile.payments).values(), profile.credit_share]
    shares += [taste.share for taste in profile.brands]
    plain = [text.money(profile.avg_basket_cents), text.number(profile.receipts), "7"]
    plain += [text.number(profile.avg_lines, 1), text.near_day(profile.first_day, profile.until)]
    plain += [
        text.number(max(1, round(profile.rhythm_days or 0))),
        *map(text.hour_label, profile.preferred_hours),
    ]
    plain += [text.number(habit.times) for habit in profile.habits]
    if outlook:
        plain += [text.number(outlook.rfm.recency_days), text.number(max(1, round(outlook.rfm.rhythm_days)))]
        plain += [text.chance_words(chance.probability) for chance in outlook.chances]
        plain += [text.around_day(item.day, item.lo, item.hi, UNTIL) for item in outlook.due]
        if outlook.next:
            plain.append(text.around_day(outlook.next.day, outlook.next.lo, outlook.next.hi, UNTIL))
    return set().union(*map(numbers, plain), *(numbers(text.percent(share)) for share in shares))


@st.composite
def some_people(draw: st.DrawFn) -> CustomerView:
    share = st.floats(0.001, 1.0)
    categories = draw(
        st.lists(st.tuples(st.sampled_from(list(Category)), share), unique_by=lambda part: part[0])
    )
    profile = replace(
        PROFILE,
        first_day=UNTIL - timedelta(days=draw(st.integers(0, 800))),
        receipts=draw(st.integers(1, 900)),
        avg_basket_cents=draw(st.integers(0, 900_000)),
        avg_lines=draw(st.floats(0.0, 30.0)),
        rhythm_days=draw(st.none() | st.floats(0.01, 90.0)),
        preferred_hours=tuple(draw(st.lists(st.integers(0, 23), max_size=4, unique=True))),
        preferred_weekdays=tuple(draw(st.lists(st.integers(0, 6), max_size=3, unique=True))),
        payments=tuple((each, draw(share)) for each in draw(st.lists(st.sampled_from(list(Payment)), unique=True))),
        credit_share=draw(st.floats(0.0, 1.0)),
        categories=tuple(sorted(categories, key=lambda part: -part[1])),
        habits=tuple(
            replace(habit, category=draw(st.sampled_from(list(Category))), times=draw(st.integers(1, 90)))
            for habit in draw(st.lists(st.sampled_from(PROFILE.habits), unique_by=lambda each: each.product_id))
        ),
        brands=tuple(
            replace(taste, category=draw(st.sampled_from(list(Category))), share=draw(share)) for taste in PROFILE.brands
        ),
        style=draw(st.sampled_from(DecisionStyle)),
        style_confidence=draw(st.floats(0.0, 1.0)),
    )  # fmt: skip
    outlook = replace(
        OUTLOOK,
        rfm=replace(
            OUTLOOK.rfm,
            recency_days=draw(st.integers(0, 400)),
            rhythm_days=draw(st.floats(0.1, 200.0)),
            segment=draw(st.sampled_from(CustomerSegment)),
        ),
        chances=tuple(
            CategoryChance(9, each, draw(st.floats(0.0, 1.0)))
            for each in draw(st.lists(st.sampled_from(list(Category)), unique=True))
        ),
        next=draw(st.none() | st.just(OUTLOOK.next)),
    )
    return view(profile, draw(st.none() | st.just(outlook)))


@given(some_people())
def test_every_number_comes_from_the_figures_and_anybody_reads_well(seen: CustomerView) -> None:
    persona = describe_customer(seen)
    for words in everything(persona):
        assert numbers(words) <= told(seen), words
        assert words.endswith(".")
        assert not re.search(r"[{}]|\.\.|\s\s|las 1 [ap]| ,", words), words
        assert not re.search("Altagracia|Tata|809", words)
    said = everything(persona)[1:]
    assert len(said) == len(set(said))
    assert len(persona.marketing) <= 3
    assert len(persona.operations) <= 3
    assert not re.search("cerveza|cigarrillos", " ".join(persona.marketing))


def test_who_is_known_well_is_described_and_served() -> None:
    persona = describe_customer(view())
    assert persona.description == (
        "Este cliente viene cada 3 días y gasta RD$ 210 por compra: 84 compras desde el lun 2 mar. "
        "Lleva sobre todo víveres secos (43 %), cerveza y ron (30 %), pan y lácteos (20 %); "
        "lo que más repite es Ron blanco, 30 veces. Suele venir los sábados, a las 3 y 4 p. m."
    )
    assert (
        persona.marketing[0]
        == "Le toca Leche entera hoy, ±2 días; lo ha llevado 12 veces: ofréceselo o mándale a preguntar."
    )
    assert "Ron blanco" not in " ".join(persona.marketing)
    assert persona.operations[0].startswith("El 27 % de lo que gasta es fiado")


def test_who_said_no_is_not_described() -> None:
    persona = describe_customer(view(person=replace(PERSON, consent=Consent.NO)))
    assert persona == Persona(
        "Este cliente no quiere que se miren sus compras: solo cuentan en los totales.", (), ()
    )


def test_who_is_hardly_known_is_not_guessed_at() -> None:
    persona = describe_customer(view(NotEnough(2, 1, "receipts", UNTIL), None))
    assert persona == Persona("Todavía hay muy pocas compras de este cliente para decir cómo es.", (), ())


@pytest.mark.parametrize("segment", [CustomerSegment.AT_RISK, CustomerSegment.LOST])
def test_who_is_leaving_is_asked_once(segment: CustomerSegment) -> None:
    leaving = replace(OUTLOOK, rfm=replace(OUTLOOK.rfm, segment=segment, recency_days=31), due=())
    persona = describe_customer(view(outlook=leaving))
    assert "lleva 31 días sin venir" in persona.description
    assert persona.operations[0].startswith("Lo suyo es venir cada 3 días: escríbele con cariño una sola vez")
    assert "Se le espera" not in " ".join(persona.operations)
