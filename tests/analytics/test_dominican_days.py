"""The Dominican calendar against announced dates, the law itself and the pay rules."""

from __future__ import annotations

from datetime import date, timedelta

import holidays as library
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights.analytics.dominican_days import (
    HOLIDAYS,
    OCCASIONS,
    DominicanDays,
    easter,
)
from colmado_insights.domain import PAY_PHASES, PayPhase, day_number

DAYS = DominicanDays()

ANNOUNCED = {
    2012: {"restauracion": (8, 16), "constitucion": (11, 5)},
    2017: {"reyes": (1, 9), "duarte": (1, 30)},
    2021: {"reyes": (1, 4), "duarte": (1, 25)},
    2022: {
        "duarte": (1, 24),
        "trabajo": (5, 2),
        "restauracion": (8, 16),
        "constitucion": (11, 6),
    },
    2024: {
        "reyes": (1, 6),
        "duarte": (1, 29),
        "viernes_santo": (3, 29),
        "trabajo": (4, 29),
        "corpus_christi": (5, 30),
        "restauracion": (8, 16),
        "constitucion": (11, 4),
    },
    2025: {
        "reyes": (1, 6),
        "duarte": (1, 26),
        "viernes_santo": (4, 18),
        "trabajo": (5, 5),
        "corpus_christi": (6, 19),
        "restauracion": (8, 16),
        "constitucion": (11, 10),
    },
    2026: {
        "ano_nuevo": (1, 1),
        "reyes": (1, 5),
        "altagracia": (1, 21),
        "duarte": (1, 26),
        "independencia": (2, 27),
        "viernes_santo": (4, 3),
        "trabajo": (5, 4),
        "corpus_christi": (6, 4),
        "restauracion": (8, 16),
        "mercedes": (9, 24),
        "constitucion": (11, 9),
        "navidad": (12, 25),
    },
}
GOLDEN = [(year, name, *day) for year, names in ANNOUNCED.items() for name, day in names.items()]


def holidays_of(year: int) -> dict[str, date]:
    """The holidays of a year by id, read from the frame."""
    frame = DAYS.frame(date(year, 1, 1), date(year, 12, 31))
    free = frame[frame["is_holiday"]]
    return {
        name: date(1970, 1, 1) + timedelta(days=int(day))
        for name, day in zip(free["holiday"], free["day"], strict=True)
    }


def by_law(year: int) -> dict[str, date]:
    """The twelve free days, written from Law 139-97 without the library."""
    spring = easter(year)
    dates = {
        "ano_nuevo": date(year, 1, 1),
        "altagracia": date(year, 1, 21),
        "independencia": date(year, 2, 27),
        "viernes_santo": spring - timedelta(days=2),
        "corpus_christi": spring + timedelta(days=60),
        "restauracion": date(year, 8, 16),
        "mercedes": date(year, 9, 24),
        "navidad": date(year, 12, 25),
    }
    shift = {
        1: -1,
        2: -2,
        3: 4,
        4: 3,
    }  # Tue, Wed to the Monday before; Thu, Fri to the one after
    movable = {
        "reyes": (1, 6),
        "duarte": (1, 26),
        "trabajo": (5, 1),
        "constitucion": (11, 6),
    }
    for name, (month, day) in movable.items():
        nominal = date(year, month, day)
        dates[name] = nominal + timedelta(days=shift.get(nominal.weekday(), 0))
    if date(year, 5, 1).weekday() == 6:
        dates["trabajo"] = date(year, 5, 2)
    return dates


@pytest.mark.parametrize(("year", "name", "month", "day"), GOLDEN)
def test_announced_holidays(year: int, name: str, month: int, day: int) -> None:
    assert DAYS.holiday(date(year, month, day)) == name
    assert holidays_of(year)[name] == date(year, month, day)


@pytest.mark.parametrize("year", range(2018, 2032))
def test_restoration_day_never_moves(year: int) -> None:
    assert holidays_of(year)["restauracion"] == date(year, 8, 16)
    around = [date(year, 8, day) for day in range(10, 24) if day != 16]
    assert not any(DAYS.holiday(day) for day in around)


@pytest.mark.parametrize("year", range(2000, 2101))
def test_every_year_keeps_the_law(year: int) -> None:
    assert holidays_of(year) == by_law(year)


def test_the_moved_feast_is_not_free_on_its_own_date() -> None:
    assert DAYS.holiday(date(2024, 1, 26)) is None
    assert DAYS.holiday(date(2022, 5, 1)) is None
    assert DAYS.holiday(date(2025, 11, 6)) is None


def test_names_do_not_depend_on_the_language_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from colmado_insights.analytics import dominican_days

    real = library.country_holidays
    monkeypatch.setattr(
        library,
        "country_holidays",
        lambda code, years: real(code, years=years, language="uk"),
    )
    dominican_days._year_holidays.cache_clear()
    try:
        assert set(holidays_of(2026)) == set(HOLIDAYS)
    finally:
        dominican_days._year_holidays.cache_clear()


@pytest.mark.parametrize(
    ("day", "occasion"),
    [
        (date(2024, 3, 23), None),
        (date(2024, 3, 24), "semana_santa"),
        (date(2024, 3, 29), "semana_santa"),
        (date(2024, 3, 31), "semana_santa"),
        (date(2024, 4, 1), None),
        (date(2025, 5, 25), "mothers_day"),
        (date(2026, 5, 31), "mothers_day"),
        (date(2026, 5, 24), None),
        (date(2025, 7, 27), "fathers_day"),
        (date(2026, 7, 26), "fathers_day"),
        (date(2026, 2, 14), "san_valentin"),
        (date(2026, 8, 15), None),
        (date(2026, 8, 16), "back_to_school"),
        (date(2026, 8, 31), "back_to_school"),
        (date(2026, 9, 1), None),
        (date(2026, 12, 17), None),
        (date(2026, 12, 20), "double_salary"),
        (date(2026, 12, 24), "nochebuena"),
        (date(2026, 12, 25), None),
        (date(2026, 12, 31), "new_years_eve"),
    ],
)
def test_occasions(day: date, occasion: str | None) -> None:
    assert DAYS.occasion(day) == occasion


def test_every_occasion_happens_every_year() -> None:
    for year in (2000, 2023, 2024, 2100):
        frame = DAYS.frame(date(year, 1, 1), date(year, 12, 31))
        assert set(frame["occasion"]) - {""} == set(OCCASIONS)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (2000, 4, 23),
        (2008, 3, 23),
        (2011, 4, 24),
        (2038, 4, 25),
        (2049, 4, 18),
        (2076, 4, 19),
        (2100, 3, 28),
    ],
)
def test_easter_of_published_tables(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


def test_eve_is_the_day_before_a_free_day() -> None:
    assert DAYS.is_eve(date(2026, 12, 24))
    assert DAYS.is_eve(date(2026, 12, 31))
    assert DAYS.is_eve(date(2024, 1, 28))  # Sunday before Duarte, moved to Monday 29
    assert not DAYS.is_eve(date(2024, 1, 25))  # the feast's own date is an ordinary Friday
    assert not DAYS.is_eve(date(2026, 12, 25))
    assert DAYS.is_eve(date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "is_paid"),
    [
        (date(2026, 1, 15), True),
        (date(2026, 1, 30), True),
        (date(2026, 1, 31), False),
        (date(2026, 2, 15), True),
        (date(2026, 2, 28), True),
        (date(2024, 2, 28), False),
        (date(2024, 2, 29), True),
        (date(2026, 4, 30), True),
        (date(2026, 4, 25), False),
    ],
)
def test_payroll_days(day: date, is_paid: bool) -> None:
    assert DAYS.is_payroll_day(day) is is_paid


def test_owner_adds_the_government_pay_day() -> None:
    days = DominicanDays(pay_days=(15, 25, 30))
    assert days.is_payroll_day(date(2026, 4, 25))
    assert days.pay_phase(date(2026, 4, 24)) is PayPhase.BEFORE


@pytest.mark.parametrize(
    ("due", "paid"),
    [
        (date(2026, 8, 15), date(2026, 8, 14)),  # Saturday
        (date(2026, 8, 30), date(2026, 8, 28)),  # Sunday
        (
            date(2017, 1, 30),
            date(2017, 1, 27),
        ),  # Monday, Duarte moved onto it: the Friday before
        (date(2024, 5, 30), date(2024, 5, 29)),  # Thursday, Corpus Christi
        (date(2026, 2, 28), date(2026, 2, 26)),  # Saturday after Independence on Friday
        (date(2026, 4, 15), date(2026, 4, 15)),
    ],
)
def test_pay_on_the_bank_day_before(due: date, paid: date) -> None:
    days = DominicanDays(pay_on_bank_day=True)
    assert days.is_payroll_day(paid)
    assert days.is_payroll_day(due) is (due == paid)


def test_bank_day_of_the_first_lies_in_the_month_before() -> None:
    days = DominicanDays(pay_days=(1,), pay_on_bank_day=True)
    assert days.is_payroll_day(date(2026, 12, 31))  # 1 January 2027 is a holiday
    assert days.frame(date(2027, 1, 1), date(2027, 1, 1))["days_since_payroll"].item() == 1


def test_pay_phase_around_a_pay_day() -> None:
    phases = [DAYS.pay_phase(date(2026, 4, day)) for day in range(12, 19)]
    middle, before, payday = PayPhase.MIDDLE, PayPhase.BEFORE, PayPhase.PAYDAY
    assert phases == [middle, before, before, payday, payday, payday, middle]


def test_pay_day_wins_where_phases_overlap() -> None:
    days = DominicanDays(pay_days=(15, 18))
    assert days.pay_phase(date(2026, 4, 17)) is PayPhase.PAYDAY


def test_frame_of_a_known_week() -> None:
    frame = DAYS.frame(date(2026, 1, 29), date(2026, 2, 1))
    assert frame["day"].tolist() == [day_number(date(2026, 1, 29)) + i for i in range(4)]
    assert frame["weekday"].tolist() == [4, 5, 6, 0]
    assert frame["week_of_month"].tolist() == [5, 5, 5, 1]
    assert frame["is_weekend"].tolist() == [False, False, True, True]
    assert frame["is_payroll_day"].tolist() == [False, True, False, False]
    assert frame["days_since_payroll"].tolist() == [14, 0, 1, 2]
    assert frame["days_to_payroll"].tolist() == [1, 0, 15, 14]
    assert [PAY_PHASES[code] for code in frame["pay_phase"]] == [
        "before",
        "payday",
        "payday",
        "payday",
    ]


def test_frame_dtypes() -> None:
    frame = DAYS.frame(date(2026, 1, 1), date(2026, 1, 31))
    assert frame["day"].dtype == np.int64
    assert frame["pay_phase"].dtype == np.int8
    flags = ["is_weekend", "is_payroll_day", "is_holiday", "is_eve"]
    assert all(frame[name].dtype == bool for name in flags)
    assert frame["holiday"].tolist().count("") == 31 - 4
    assert DAYS.frame(date(2026, 1, 2), date(2026, 1, 1)).empty


@given(
    start=st.dates(date(2000, 1, 1), date(2100, 6, 1)),
    pay_days=st.lists(st.integers(1, 31), min_size=1, max_size=4).map(tuple),
    on_bank_day=st.booleans(),
)
def test_frame_says_what_the_single_questions_say(
    start: date, pay_days: tuple[int, ...], on_bank_day: bool
) -> None:
    days = DominicanDays(pay_days, on_bank_day)
    frame = days.frame(start, start + timedelta(days=40))
    assert (frame["days_since_payroll"] >= 0).all() and (frame["days_to_payroll"] >= 0).all()
    for row in frame.to_dict("records"):
        day = date(1970, 1, 1) + timedelta(days=row["day"])
        assert row["is_payroll_day"] == days.is_payroll_day(day)
        assert PAY_PHASES[row["pay_phase"]] is days.pay_phase(day)
        assert (row["holiday"] or None) == days.holiday(day)
        assert (row["occasion"] or None) == days.occasion(day)
        assert row["is_eve"] == days.is_eve(day)


@pytest.mark.parametrize("pay_days", [(), (0,), (32,)])
def test_impossible_pay_days_are_refused(pay_days: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="pay days"):
        DominicanDays(pay_days)
