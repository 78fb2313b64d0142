"""Days and hours as they are said: on Thursday 19 November 2026, and around the turns of the year."""

from __future__ import annotations

from datetime import date

import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.questions.dates import Times, find_times, running_span, step_back
from colmado_insights.questions.query import DateSpan
from colmado_insights.questions.words import split
from colmado_insights.storage.importing.vocabulary import fold

THURSDAY = date(2026, 11, 19)


def times(words: str, today: date = THURSDAY) -> Times:
    return find_times(split(fold(words)), today, DominicanDays())


def days(words: str, today: date = THURSDAY) -> list[tuple[date, date]]:
    return [(span.first, span.last) for span in times(words, today).spans]


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("hoy", day(11, 19), day(11, 19)),
        ("ayer", day(11, 18), day(11, 18)),
        ("antier", day(11, 17), day(11, 17)),
        ("antes de ayer", day(11, 17), day(11, 17)),
        ("mañana", day(11, 20), day(11, 20)),
        ("el domingo", day(11, 15), day(11, 15)),
        ("el jueves", day(11, 12), day(11, 12)),  # a week ago: of today one says "hoy"
        ("este jueves", day(11, 19), day(11, 19)),
        ("esta semana", day(11, 16), day(11, 19)),
        ("la semana pasada", day(11, 9), day(11, 15)),
        ("el fin de semana pasado", day(11, 14), day(11, 15)),
        ("este mes", day(11, 1), day(11, 19)),
        ("el mes pasado", day(10, 1), day(10, 31)),
        ("en lo que va de año", day(1, 1), day(11, 19)),
        ("la quincena", day(11, 16), day(11, 19)),
        ("la quincena pasada", day(11, 1), day(11, 15)),
        ("la segunda quincena de octubre", day(10, 16), day(10, 31)),
        ("del 1 al 15", day(11, 1), day(11, 15)),
        ("del 1 al 15 de octubre", day(10, 1), day(10, 15)),
        ("del 28 de octubre al 3 de noviembre", day(10, 28), day(11, 3)),
        ("el 27 de febrero", day(2, 27), day(2, 27)),
        ("el 5/11", day(11, 5), day(11, 5)),
        ("2026-10-31", day(10, 31), day(10, 31)),
        ("el 15", day(11, 15), day(11, 15)),
        ("el 25", day(10, 25), day(10, 25)),
        ("en navidad", day(12, 25, 2025), day(12, 25, 2025)),
        ("semana santa", day(3, 29), day(4, 5)),
        ("en octubre", day(10, 1), day(10, 31)),
        ("en diciembre", day(12, 1, 2025), day(12, 31, 2025)),
        ("desde el viernes", day(11, 13), day(11, 19)),
        ("desde el lunes hasta ayer", day(11, 16), day(11, 18)),
        ("de lunes a viernes", day(11, 9), day(11, 13)),
        ("los últimos 7 días", day(11, 13), day(11, 19)),
        ("hace 3 días", day(11, 16), day(11, 16)),
        ("antes del 10", day(11, 1), day(11, 9)),
        ("antes del 5 de octubre", day(10, 1), day(10, 4)),
        ("el primero de noviembre", day(11, 1), day(11, 1)),
        ("el domingo 1 de noviembre", day(11, 1), day(11, 1)),
        ("el último domingo", day(11, 15), day(11, 15)),
    ],
)
def test_a_stretch_is_the_one_that_is_meant(words: str, first: date, last: date) -> None:
    assert days(words) == [(first, last)]


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("ayer por la mañana", (6, 12)),
        ("entre 5 y 8 de la tarde", (17, 20)),
        ("de 11 a 2 de la tarde", (11, 14)),
        ("a las 7 de la noche", (19, 20)),
        ("después de las 8 de la noche", (20, 24)),
        ("antes de las 9 de la mañana", (0, 9)),
        ("anoche", (19, 24)),
        ("anoche después de las 8", (20, 24)),
        ("anoche a las 9", (21, 22)),
        ("ayer por la noche de las 8 a las 10", (20, 22)),
        ("esta mañana antes de las 9", (6, 9)),
        ("esta tarde después de las 3", (15, 19)),
    ],
)
def test_hours_are_those_of_the_half_of_the_day_that_is_said(words: str, hours: tuple[int, int]) -> None:
    (span,) = times(words).spans
    assert (span.from_hour, span.to_hour) == hours


@pytest.mark.parametrize(
    "words", ["anoche a las 12", "ayer contra ayer", "el lunes 1 de noviembre", "anoche a las 6"]
)
def test_a_when_that_cannot_be_is_broken(words: str) -> None:
    assert times(words).is_broken


def test_a_weekday_against_the_one_before() -> None:
    found = [span.first for span in times("este sábado contra el sábado pasado").spans]
    assert found == [day(11, 14), day(11, 7)]


def test_what_is_ahead_makes_a_weekday_the_next_one() -> None:
    assert days("cuanto voy a vender el domingo") == [(day(11, 22), day(11, 22))]
    assert days("cuanto voy a vender en navidad") == [(day(12, 25), day(12, 25))]


def test_a_sunday_said_on_a_sunday_is_the_one_before() -> None:
    assert days("el domingo", day(11, 15)) == [(day(11, 8), day(11, 8))]


def test_the_turn_of_the_year_keeps_months_whole() -> None:
    assert days("el mes pasado", day(1, 5)) == [(day(12, 1, 2025), day(12, 31, 2025))]
    assert days("la quincena pasada", day(1, 5)) == [(day(12, 16, 2025), day(12, 31, 2025))]
    assert days("ayer", day(1, 1)) == [(day(12, 31, 2025), day(12, 31, 2025))]


def test_the_one_before_is_of_the_same_kind() -> None:
    assert days("este mes o el pasado") == [(day(11, 1), day(11, 19)), (day(10, 1), day(10, 31))]
    assert days("esta semana que la pasada") == [(day(11, 16), day(11, 19)), (day(11, 9), day(11, 15))]


@pytest.mark.parametrize("words", ["el 31 de febrero", "del 1 al 40", "el 30/2"])
def test_a_day_that_no_calendar_has_is_noticed(words: str) -> None:
    found = times(words)
    assert found.is_broken or not found.spans


def test_every_weekday_is_no_single_day() -> None:
    (span,) = times("los domingos").spans
    assert (span.weekday, span.is_assumed) == (0, True)


def test_a_step_back_has_the_length_of_its_kind() -> None:
    assert step_back(DateSpan(day(3, 1), day(3, 10)), "month") == DateSpan(day(2, 1), day(2, 28))
    assert step_back(DateSpan(day(11, 16), day(11, 19)), "week") == DateSpan(day(11, 9), day(11, 15))
    assert running_span("fortnight", THURSDAY) == DateSpan(day(11, 16), THURSDAY)
    assert running_span("weekend", THURSDAY) is None
