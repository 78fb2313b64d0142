"""The week in words by rules: its numbers, its verdict, and what the next one asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights import text
from colmado_insights.analytics.results import Normal, NormalSpan, Verdict
from colmado_insights.domain import Category, Reason
from colmado_insights.insights import CategoryWeek, ShopWeek, SpecialDay
from colmado_insights.personas import describe_week

MONDAY = date(2026, 11, 9)
SUNDAY = MONDAY + timedelta(days=6)


def normal(mean: float, verdict: Verdict = Verdict.AS_USUAL) -> Normal:
    return Normal(
        mean, 0.9 * mean, 1.1 * mean, 0.8 * mean, 1.2 * mean, 387, Reason.of("normal_span"), (), verdict
    )


def span(revenue: Verdict, receipts: Verdict, basket: Verdict) -> NormalSpan:
    day = MONDAY - timedelta(days=1)
    parts = (normal(28_000_000, revenue), normal(1_836, receipts), normal(15_000, basket))
    return NormalSpan(MONDAY, SUNDAY, *parts, open_days=7, until=day)


PLAIN = ShopWeek(
    first=MONDAY,
    last=SUNDAY,
    revenue_cents=27_532_000,
    receipts=1_808,
    open_days=7,
    normal=span(*[Verdict.AS_USUAL] * 3),
    categories=(
        CategoryWeek(Category.ALCOHOL, 8_854_500, 8_517_600, 0.32, None),
        CategoryWeek(Category.STAPLES, 4_723_500, 4_900_000, 0.17, None),
        CategoryWeek(Category.BAKERY, 3_175_900, 3_000_000, 0.12, None),
        CategoryWeek(Category.SNACKS, 1_301_200, 1_300_000, 0.05, None),
    ),
    special=(),
    next_special=(),
    forecast_cents=None,
)


def numbers(words: str) -> set[str]:
    return {found.replace(",", "") for found in re.findall(r"\d[\d,]*(?:\.\d+)?", words)}


def told(week: ShopWeek) -> set[str]:
    """All numbers that may be said of it."""
    cents = [week.revenue_cents, week.avg_basket_cents, week.forecast_cents or 0]
    shares = [abs((week.forecast_cents or 0) / week.revenue_cents - 1)]
    plain = [text.number(week.receipts), text.number(week.open_days)]
    for each in week.categories:
        cents += [each.revenue_cents, each.usual_cents]
        shares += [each.share, abs(each.change or 0.0)]
    if week.normal and week.normal.revenue and week.normal.receipts and week.normal.basket:
        cents += [
            week.normal.revenue.mean,
            week.normal.revenue.lo95,
            week.normal.revenue.hi95,
            week.normal.basket.mean,
        ]
        plain.append(text.number(week.normal.receipts.mean))
    days = [week.first, week.last, week.last + timedelta(days=1)]
    plain += [text.short_date(day) for day in (*days, *(each.day for each in week.next_special))]
    plain += [text.occasion_name(each.what) for each in week.next_special]
    plain += [*map(text.money, cents), *map(text.percent, shares)]
    return set().union(*map(numbers, plain))


@st.composite
def some_weeks(draw: st.DrawFn) -> ShopWeek:
    cents = st.integers(0, 90_000_000)
    verdict = st.sampled_from(Verdict)
    change = st.none() | st.floats(-1.0, 4.0).filter(lambda value: abs(value) >= 0.1)
    categories = draw(st.lists(st.sampled_from(list(Category)), unique=True))
    days = st.integers(1, 7).map(lambda days: SUNDAY + timedelta(days=days))
    return ShopWeek(
        first=MONDAY,
        last=SUNDAY,
        revenue_cents=draw(st.integers(1, 90_000_000)),
        receipts=draw(st.integers(1, 9_000)),
        open_days=draw(st.integers(1, 7)),
        normal=draw(st.none() | st.builds(span, verdict, verdict, verdict)),
        categories=tuple(
            CategoryWeek(each, draw(cents), draw(cents), draw(st.floats(0.03, 1.0)), draw(change))
            for each in categories
        ),
        special=(),
        next_special=tuple(
            SpecialDay(draw(days), what)
            for what in draw(st.lists(st.sampled_from(["payday", "navidad", "new_years_eve"]), unique=True))
        ),
        forecast_cents=draw(st.none() | cents),
    )


@given(some_weeks())
def test_every_number_comes_from_the_figures_and_any_week_reads_well(week: ShopWeek) -> None:
    persona = describe_week(week)
    said = (*persona.marketing, *persona.operations)
    for words in (persona.description, *said):
        assert numbers(words) <= told(week), words
        assert words.endswith(".")
        assert not re.search(r"[{}]|\.\.|\s\s| ,", words), words
    assert len(said) == len(set(said))
    assert len(persona.marketing) <= 4
    assert len(persona.operations) <= 3
    assert not any("cigarrillos" in words.lower() for words in persona.marketing)


def test_a_plain_week_says_that_it_was_plain() -> None:
    persona = describe_week(PLAIN)
    assert persona.description == (
        "Del lun 9 nov al dom 15 nov se vendieron RD$ 275,320 en 1,808 compras, de RD$ 152 en promedio. "
        "Fue una semana normal: en las de su clase se venden RD$ 280,000, entre RD$ 224,000 y RD$ 336,000."
    )
    assert len(persona.marketing) >= 3
    assert persona.operations == (
        "Ninguna familia se salió de lo suyo: repite el pedido, empezando por cerveza y ron, con RD$ 88,545 vendidos.",
        "La semana del lun 16 nov no trae cobro ni feriado: es buena para contar mercancía y revisar lo vencido.",
    )


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ((Verdict.MORE, Verdict.MORE, Verdict.AS_USUAL), "Fue mejor que lo normal, que son RD$ 280,000 (entre RD$ 224,000 y RD$ 336,000): vino más gente."),
        ((Verdict.LESS, Verdict.LESS, Verdict.LESS), "Fue más floja que lo normal, que son RD$ 280,000 (entre RD$ 224,000 y RD$ 336,000): vino menos gente y cada quien gastó menos."),
        ((Verdict.MORE, Verdict.AS_USUAL, Verdict.LESS), "Fue mejor que lo normal, que son RD$ 280,000 (entre RD$ 224,000 y RD$ 336,000)."),
    ],
    ids=["more-people", "less-of-both", "no-cause"],
)  # fmt: skip
def test_a_week_beyond_normal_says_why(verdicts: tuple[Verdict, Verdict, Verdict], words: str) -> None:
    assert words in describe_week(replace(PLAIN, normal=span(*verdicts))).description


def test_a_young_shop_is_not_judged() -> None:
    assert "Todavía no hay bastante historia" in describe_week(replace(PLAIN, normal=None)).description


def test_what_moved_is_said_first_and_ordered() -> None:
    moved = CategoryWeek(Category.MEAT, 2_402_000, 1_937_000, 0.09, 0.24)
    persona = describe_week(replace(PLAIN, categories=(*PLAIN.categories, moved)))
    assert persona.marketing[0].startswith("De carnes y embutidos se vendieron RD$ 24,020, 24 % más")
    assert persona.operations[0] == (
        "Sube el pedido de carnes y embutidos: se vendieron RD$ 24,020 y en una semana corriente son RD$ 19,370."
    )


def test_the_next_week_s_days_and_forecast_are_prepared_for() -> None:
    days = (
        SpecialDay(date(2026, 11, 16), "payday"),
        SpecialDay(date(2026, 11, 18), "constitucion"),
    )
    persona = describe_week(replace(PLAIN, next_special=days, forecast_cents=33_000_000))
    assert persona.description.endswith(
        "Para la que sigue se esperan RD$ 330,000, con cobro el lun 16 nov y Día de la Constitución el mié 18 nov."
    )
    assert any("20 % más que esta semana" in words for words in persona.operations)
    assert any(
        "Saca las cuentas del fiado antes del cobro del lun 16 nov" in words for words in persona.operations
    )
    assert any("un paquete de víveres secos" in words for words in persona.marketing)
    assert not any("no trae cobro" in words for words in persona.operations)
