"""Numbers are found in digits and in words, with what they count."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights.personas.figures import Kind, find_figures
from tests.personas.simulated_answers import Writer, spell

SPANISH = {
    "Gastan RD$ 1,250.50 cada uno": ["money 1250.5"],
    "Gastan RD$1.250,50 cada uno": ["money 1250.5"],
    "unos 1.250 pesos": ["money 1250 / 1.25"],
    "$340 por compra": ["money 340"],
    "18 mil pesos a la semana": ["money 18000"],
    "mil doscientos pesos": ["money 1200"],
    "doscientos cincuenta pesos": ["money 250"],
    "por ciento cincuenta pesos": ["money 150"],
    "ciento uno": ["plain 101"],
    "el 35 % y el 40%": ["percent 35", "percent 40"],
    "treinta y cinco por ciento": ["percent 35"],
    "el uno por ciento": ["percent 1"],
    "los días quince y treinta": ["plain 15", "plain 30"],
    "dos de cada diez": ["ratio 20"],
    "una de cada cuatro": ["ratio 25"],
    "la mitad de ellos": ["ratio 50"],
    "a las 7 p. m.": ["hour 19"],
    "a las 7:30 de la mañana": ["hour 7.5"],
    "a las 19:00": ["hour 19"],
    "a las 06:00": ["hour 6"],
    "a las siete": ["hour 7 / 19"],
    "a las siete y media": ["strange "],
    "a las 12 de la noche": ["hour 0"],
    "a las 12 del mediodía": ["hour 12"],
    "de 7 a. m. a 9 a. m.": ["hour 7", "hour 9"],
    "1,7 productos": ["plain 1.7"],
    "veinticinco clientes": ["plain 25"],
    "2x1 en jugos": ["strange "],
    "dos por uno en jugos": ["strange "],
    "vende el doble": ["strange "],
    "miles de personas": ["strange "],
    "US$20": ["strange 20"],
    "dos tercios de ellos": ["ratio 66.6667"],
    "½ libra": ["strange "],
    "٣٥ %": ["percent 35"],
    "un pan, una leche y otro café": [],
    "el doble sueldo, a media mañana, la segunda funda": [],
}
ENGLISH = {
    "RD$ 130 at 7 a.m. and 8 p.m.": ["money 130", "hour 7", "hour 20"],
    "thirty-five percent": ["percent 35"],
    "two hundred and fifty pesos": ["money 250"],
    "one thousand two hundred pesos": ["money 1200"],
    "three in ten": ["ratio 30"],
    "one in three": ["ratio 33.3333"],
    "half of them": ["ratio 50"],
    "the first thirty-one": ["plain 31"],
    "once a week, for one person": [],
    "two for one": ["strange "],
    "twice as much": ["strange "],
}


@pytest.mark.parametrize("words", SPANISH)
def test_spanish(words: str) -> None:
    assert [str(figure) for figure in find_figures(words, "es")] == SPANISH[words]


@pytest.mark.parametrize("words", ENGLISH)
def test_english(words: str) -> None:
    assert [str(figure) for figure in find_figures(words, "en")] == ENGLISH[words]


def test_a_range_shares_its_unit() -> None:
    low, high = find_figures("entre 20 y 35 %", "es")
    assert (low.kind, low.also, high.kind) == (Kind.PLAIN, Kind.PERCENT, Kind.PERCENT)
    first, second = find_figures("de RD$ 200 a 300", "es")
    assert (first.kind, second.also) == (Kind.MONEY, Kind.MONEY)


@given(st.integers(2, 999_999), st.sampled_from(["es", "en"]))
def test_every_number_in_words_is_read(number: int, language: str) -> None:
    (figure,) = find_figures(f"son {spell(number, language)} pesos", language)
    assert figure.readings == (number,)


@given(st.integers(1, 99_999), st.integers(0, 2**32), st.sampled_from(["es", "en"]))
def test_every_way_to_write_money_is_read(pesos: int, seed: int, language: str) -> None:
    words = Writer(language, random.Random(seed)).money(pesos)
    if "uno pesos" in words or words == "one pesos":
        return  # one peso in words is an article
    (figure,) = find_figures(f"gastan {words} cada vez", language)
    assert figure.kind is Kind.MONEY
    assert pesos in figure.readings


@given(st.integers(0, 23), st.integers(0, 2**32), st.sampled_from(["es", "en"]))
def test_every_way_to_write_an_hour_is_read(hour: int, seed: int, language: str) -> None:
    words = Writer(language, random.Random(seed)).hour(hour)
    if "una de la" in words:
        return
    (figure,) = find_figures(f"antes de {words}, siempre", language)
    assert figure.kind is Kind.HOUR
    assert hour in figure.readings


@given(st.text(max_size=60), st.sampled_from(["es", "en"]))
def test_any_text_can_be_looked_at(words: str, language: str) -> None:
    find_figures(words, language)
