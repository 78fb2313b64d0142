"""Money, dates, words and codes as tills write them; nothing that is typed makes the parsers fall."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from colmado_insights.domain import Payment, SaleKind, moment_of, wall_seconds
from colmado_insights.storage.importing.cleaning import (
    DateStyle,
    clean_code,
    clean_text,
    guess_date_style,
    guess_decimal,
    is_damaged_code,
    is_number,
    is_totals_row,
    is_voided,
    kind_of,
    parse_moments,
    parse_numbers,
    parse_times,
    payment_of,
    to_cents,
    to_milli,
    weigh_date_style,
)

DMY = DateStyle("dmy", has_time=True)
MDY = DateStyle("mdy", has_time=True)
YMD = DateStyle("ymd", has_time=True)
EXCEL = DateStyle("excel", has_time=True)


def moment(text: str, style: DateStyle = DMY) -> datetime | None:
    seconds, _has_time, bad = parse_moments([text], style)
    return None if bad[0] else moment_of(seconds[0])


def number(text: str, decimal: str = ".") -> float | None:
    numbers, bad = parse_numbers([text], decimal)
    assert np.isnan(numbers[0]) == bad[0]
    return None if bad[0] else float(numbers[0])


# Numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0),
        ("1,234,567.50", 1234567.5),
        ("RD$1,234.50", 1234.5),
        ("RD$ 1,234.50", 1234.5),
        ("DOP 50", 50.0),
        ("₱50.25", 50.25),
        ("$1,240.00", 1240.0),
        ("-$3.00", -3.0),
        ("$-3.00", -3.0),
        ("(45.00)", -45.0),
        ("(RD$ 45.00)", -45.0),
        ("45.00-", -45.0),
        ("−45.00", -45.0),
        ("+7", 7.0),
        ("-", 0.0),
        ("RD$ -", 0.0),
        ("18%", 18.0),
        ("'0012", 12.0),
        ("1'234.50", 1234.5),
        ("1 234,50", 1234.5),
        ("1\u00a0234.50", 1234.5),
        (".50", 0.5),
        ("0.455", 0.455),
        ("1.000", 1.0),
        ("1.234,50", 1234.5),
        ("12,5", 12.5),
        (" 12.50 ", 12.5),
        ("1.5E+03", 1500.0),
    ],
)
def test_numbers_with_a_decimal_point(text: str, value: float) -> None:
    assert number(text) == value
    assert is_number(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234,5", 1234.5),
        ("1.234.567,50", 1234567.5),
        ("1.000", 1000.0),
        ("0.455", 0.455),
        ("1,000", 1.0),
        ("-1.250,00", -1250.0),
        ("12.50", 12.5),
        ("1,234,567.50", 1234567.5),
        ("850", 850.0),
    ],
)
def test_numbers_with_a_decimal_comma(text: str, value: float) -> None:
    assert number(text, ",") == value


@pytest.mark.parametrize(
    "text",
    ["", "  ", "abc", "nan", "inf", "-inf", "1.23.4", "1,23,4.5", "1.234,567.8", "12x", "2 x Pan", "--5", "1-2", "()", "$",
     "0x1A", "1_000", "True", "٣٤", "7460001234567", "7.46E+12", "9" * 500, "1e999"],
)  # fmt: skip
@pytest.mark.parametrize("decimal", [".", ","])
def test_what_is_no_number_is_bad(text: str, decimal: str) -> None:
    assert number(text, decimal) is None
    assert not is_number(text)


@pytest.mark.parametrize(
    ("values", "sign"),
    [
        (["1,1", "2,2"], ","),
        (["1.234,50", "12"], ","),
        (["1,234.50", "12"], "."),
        (["1.000.000", "5"], ","),
        (["1,000,000", "5"], "."),
        (["1.000", "2.000"], "."),
        (["1.000", "0.455"], "."),
        (["1.000", "0,455"], ","),
        (["RD$ 1.250,00", "(3,50)"], ","),
        (["", "x", "5"], "."),
        ([], "."),
    ],
)
def test_decimal_sign_is_decided_by_what_proves_it(values: list[str], sign: str) -> None:
    assert guess_decimal(values) == sign


def test_cents_round_half_away_from_zero_as_written() -> None:
    numbers = np.array([1.005, -1.005, 2.675, 0.285, 1.115, 1.004, 0.015, 999_999.995, np.nan, 0.0])
    assert to_cents(numbers).tolist() == [101, -101, 268, 29, 112, 100, 2, 100_000_000, 0, 0]
    assert to_milli(np.array([0.4555, 1.0005, -0.0005, 2.0])).tolist() == [456, 1001, -1, 2000]
    assert to_cents(numbers).dtype == np.int64


def rendered(cents: int, decimal: str, grouping: str, sign: str, money: str) -> str:
    whole, part = divmod(abs(cents), 100)
    body = f"{whole:,}".replace(",", grouping) + f"{decimal}{part:02d}"
    if cents >= 0:
        return money + body
    return {"front": f"-{money}{body}", "back": f"{money}{body}-", "brackets": f"({money}{body})"}[sign]


@given(
    cents=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20),
    locale=st.sampled_from(
        [(".", ","), (".", ""), (",", "."), (",", ""), (".", "'"), (",", "\u00a0"), (",", " ")]
    ),
    sign=st.sampled_from(["front", "back", "brackets"]),
    money=st.sampled_from(["", "RD$", "RD$ ", "$", "DOP "]),
)
def test_money_survives_being_written_in_any_locale(
    cents: list[int], locale: tuple[str, str], sign: str, money: str
) -> None:
    decimal, grouping = locale
    texts = [rendered(value, decimal, grouping, sign, money) for value in cents]
    assert guess_decimal(texts) == decimal
    numbers, bad = parse_numbers(texts, decimal)
    assert not bad.any()
    assert to_cents(numbers).tolist() == cents


@given(milli=st.integers(-(10**9), 10**9))
def test_quantities_of_three_decimals_survive(milli: int) -> None:
    text = f"{'-' if milli < 0 else ''}{abs(milli) // 1000}.{abs(milli) % 1000:03d}"
    assert to_milli(parse_numbers([text], ".")[0]).tolist() == [milli]


# Dates


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-09-19 20:15:05", datetime(2026, 9, 19, 20, 15, 5)),
        ("2026-09-19T20:15:05", datetime(2026, 9, 19, 20, 15, 5)),
        ("2026-09-19 20:15", datetime(2026, 9, 19, 20, 15)),
        ("2026/09/19 20:15", datetime(2026, 9, 19, 20, 15)),
        ("2026-09-19 20:15:05.123456", datetime(2026, 9, 19, 20, 15, 5)),
        ("19/09/2026 20:15", datetime(2026, 9, 19, 20, 15)),
        ("19/9/2026 8:15 p. m.", datetime(2026, 9, 19, 20, 15)),
        ("19/9/2026 8:15 p.m.", datetime(2026, 9, 19, 20, 15)),
        ("19/9/2026 8:15 P. M.", datetime(2026, 9, 19, 20, 15)),
        ("19/9/2026 8:15pm", datetime(2026, 9, 19, 20, 15)),
        ("19/9/2026 8:15\u00a0p.\u00a0m.", datetime(2026, 9, 19, 20, 15)),
        ("19/9/2026 8:15\u202fp. m.", datetime(2026, 9, 19, 20, 15)),
        ("19/9/2026, 8:15:05 p. m.", datetime(2026, 9, 19, 20, 15, 5)),
        ("19/9/2026 12:05 a. m.", datetime(2026, 9, 19, 0, 5)),
        ("19/9/2026 12:05 p. m.", datetime(2026, 9, 19, 12, 5)),
        ("13/05/25 23.43", datetime(2025, 5, 13, 23, 43)),
        ("10.09.2026, 12:01", datetime(2026, 9, 10, 12, 1)),
        ("19-09-2026 08:00", datetime(2026, 9, 19, 8)),
        ("19-sep-2026 08:00", datetime(2026, 9, 19, 8)),
        ("19 sept. 2026 08:00", datetime(2026, 9, 19, 8)),
        ("19 de septiembre de 2026 8:00 a. m.", datetime(2026, 9, 19, 8)),
        ("sábado, 19 de septiembre de 2026", datetime(2026, 9, 19)),
        ("3-ene-26", datetime(2026, 1, 3)),
        ("Sep 19, 2026 8:15 PM", datetime(2026, 9, 19, 20, 15)),
        ("mar 19 2026", datetime(2026, 3, 19)),
        ("20260919", datetime(2026, 9, 19)),
        ("20260919201505", datetime(2026, 9, 19, 20, 15, 5)),
        ("46284", datetime(2026, 9, 19)),
        ("46284.84375", datetime(2026, 9, 19, 20, 15)),
        ("19/09/96", datetime(1996, 9, 19)),
        ("19/09/26", datetime(2026, 9, 19)),
        ("29/02/2024", datetime(2024, 2, 29)),
    ],
)
def test_moments(text: str, when: datetime) -> None:
    assert moment(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-09-20T00:15:00.000Z", datetime(2026, 9, 19, 20, 15)),
        ("2026-09-20T00:15:00Z", datetime(2026, 9, 19, 20, 15)),
        ("2026-09-20 00:15:00 +0000", datetime(2026, 9, 19, 20, 15)),
        ("2026-09-19T20:15:00-04:00", datetime(2026, 9, 19, 20, 15)),
        ("2026-09-19 19:15:00 -0500", datetime(2026, 9, 19, 20, 15)),
        ("2026-09-20 00:15:00 UTC", datetime(2026, 9, 19, 20, 15)),
    ],
)
def test_times_with_an_offset_become_the_shops_wall_clock(text: str, when: datetime) -> None:
    """§21.21: an evening sale stays on its own day."""
    assert moment(text) == when


@pytest.mark.parametrize(
    "text",
    ["", " ", "31/02/2026", "29/02/2023", "32/01/2026", "12/13/2026", "00/01/2026", "01/01/1989", "01/01/2101", "2026-13-01",
     "2026-00-10", "19/09/2026 24:00", "19/09/2026 12:60", "19/09/2026 13:00 a. m.", "Total", "12:00", "2026", "2026-09",
     "19/09", "19/xyz/2026", "1/1/1", "19/09/2026 hola", "99999", "12345678901", "19/09/20266", "0000-00-00"],
)  # fmt: skip
def test_impossible_moments_are_bad(text: str) -> None:
    assert moment(text) is None


def test_month_first_and_year_first() -> None:
    assert moment("7/28/26 1:33\u202fPM", MDY) == datetime(2026, 7, 28, 13, 33)
    assert moment("03/04/2026", MDY) == datetime(2026, 3, 4)
    assert moment("28/7/2026", MDY) is None, "never silently the other way round"
    assert moment("26-09-19", YMD) == datetime(2026, 9, 19)
    assert moment("19/09/2026", YMD) == datetime(2026, 9, 19), "nothing else is possible"
    assert moment("03/04/2026", YMD) is None, "among year-first dates this could be March or April"


def test_a_date_alone_has_no_time_and_midnight_counts_only_among_times() -> None:
    """§21.11."""
    seconds, has_time, bad = parse_moments(["2026-09-19", "2026-09-19 00:00", "2026-09-19 08:00"], YMD)
    assert has_time.tolist() == [False, True, True]
    seconds, has_time, bad = parse_moments(
        ["2026-09-19", "2026-09-19 00:00:00"], DateStyle("ymd", has_time=False)
    )
    assert has_time.tolist() == [False, False]
    assert not bad.any() and seconds[0] == seconds[1]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20:15", 72_900),
        ("2:30:00 PM", 52_200),
        ("8:15 p. m.", 72_900),
        ("12 a. m.", 0),
        ("8 pm", 72_000),
        ("23.43", 85_380),
        ("0.84375", 72_900),
        ("20:15 h", 72_900),
        ("8:05:09", 29_109),
        ("1899-12-30 20:15:00", 72_900),
        ("2026-09-19 20:15:00", 72_900),
        ("", None),
        ("25:00", None),
        ("Total", None),
        ("19/09/2026", None),
    ],
)
def test_times_of_their_own_column(text: str, seconds: int | None) -> None:
    read, bad = parse_times([text])
    assert (None if bad[0] else int(read[0])) == seconds


FORMATS = {
    "ymd": ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S"],
    "dmy": [
        "%d/%m/%Y %H:%M:%S",
        "%d-%m-%Y %H:%M:%S",
        "%d/%m/%y %I:%M:%S %p",
        "%d.%m.%Y, %H:%M:%S",
        "%d/%m/%Y %H.%M.%S",
    ],
    "mdy": ["%m/%d/%Y %H:%M:%S", "%m/%d/%y %I:%M:%S %p", "%b %d, %Y %I:%M:%S %p"],
}


@given(
    moments=st.lists(
        st.datetimes(datetime(1990, 1, 1), datetime(2069, 12, 31)).map(
            lambda when: when.replace(microsecond=0)
        ),
        min_size=1,
        max_size=30,
    ),
    written=st.sampled_from([(order, layout) for order, layouts in FORMATS.items() for layout in layouts]),
    space=st.sampled_from([" ", "\u00a0", "\u202f"]),
)
def test_moments_survive_being_written_in_any_style(
    moments: list[datetime], written: tuple[str, str], space: str
) -> None:
    order, layout = written
    texts = [when.strftime(layout).replace(" ", space) for when in moments]
    seconds, has_time, bad = parse_moments(texts, DateStyle(order, has_time=True))
    assert not bad.any()
    assert has_time.all()
    assert seconds.tolist() == [wall_seconds(when) for when in moments]


@given(
    first=st.dates(date(1995, 1, 1), date(2060, 1, 1)),
    layout=st.sampled_from(
        ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%y %H:%M", "%m/%d/%y %H:%M", "%Y-%m-%d %H:%M"]
    ),
    days=st.integers(13, 400),
    is_newest_first=st.booleans(),
)
def test_style_of_a_fortnight_or_more_is_found(
    first: date, layout: str, days: int, is_newest_first: bool
) -> None:
    """More than twelve days hold one whose number can be no month."""
    start = datetime.combine(first, datetime.min.time()) + timedelta(hours=9)
    texts = [(start + timedelta(days=day)).strftime(layout) for day in range(days)]
    if is_newest_first:
        texts.reverse()
    order = {"%d": "dmy", "%m": "mdy", "%Y": "ymd"}[layout[:2]]
    assert guess_date_style(texts) == DateStyle(order, has_time=True)


def test_date_order_by_the_strongest_evidence() -> None:
    """§21.9 and §21.17: the same till writes both, so each file is judged by itself."""

    def weigh(*texts: str, **hints: str) -> tuple[str, str]:
        found = weigh_date_style(texts, **hints)
        return found.style.order, found.evidence

    assert weigh("13/01/2026", "01/02/2026") == ("dmy", "parts")
    assert weigh("01/13/2026", "02/01/2026") == ("mdy", "parts")
    # 30 Nov to 3 Dec read month-first would jump back and forth
    assert weigh("10/11/2026", "11/11/2026", "01/12/2026", "02/12/2026", "03/12/2026") == ("dmy", "sequence")
    assert weigh("11/10/2026", "11/11/2026", "12/01/2026", "12/02/2026", "12/03/2026") == ("mdy", "sequence")
    name = "receipts-2026-01-01-2026-01-31.csv"
    assert weigh("03/01/2026", "04/01/2026", file_name=name) == ("dmy", "file_name")
    assert weigh("01/03/2026", "01/04/2026", file_name=name) == ("mdy", "file_name")
    assert weigh("01/10/2026", "02/10/2026", "03/10/2026") == ("dmy", "density")
    assert weigh("10/01/2026", "10/02/2026", "10/03/2026") == ("mdy", "density")
    assert weigh("3/4/26 1:33 PM", header_language="en") == ("mdy", "language")
    assert weigh("3/4/26 13:33", header_language="en") == ("dmy", "habit")
    assert weigh("3/4/26 1:33 p. m.", header_language="es") == ("dmy", "habit")
    assert weigh("46284.84", "46285") == ("excel", "shape")
    assert weigh("2026-01-02", "2026-03-04") == ("ymd", "shape")
    assert weigh("3-ene-2026", "4-ene-2026") == ("dmy", "shape")
    assert weigh() == ("dmy", "habit")


def test_midnight_everywhere_is_no_time() -> None:
    assert not guess_date_style(["2026-01-02 00:00:00", "2026-01-03 00:00:00"]).has_time
    assert guess_date_style(["2026-01-02 00:00:00", "2026-01-03 08:00:00"]).has_time


ANY_TEXT = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.text("0123456789/-:., apmTZ+$()'RD%eE\u202f\u00a0", max_size=40),
        st.from_regex(r"\d{1,4}[/.-]\d{1,4}[/.-]\d{1,5}( \d{1,3}:\d{1,3})?", fullmatch=True),
    ),
    max_size=10,
)


@settings(max_examples=300)
@given(values=ANY_TEXT)
@example(
    [
        "\x00",
        "2026-09-19\x00",
        "\u00b2\u00b3/\u00b9/2026",
        "\uff11\uff19/\uff10\uff19/2026",
        "\u0663/\u0664/\u0662\u0660",
        "1e400",
        "00000",
        "99999.99999",
    ]
)
def test_no_text_makes_a_parser_fall(values: list[str]) -> None:
    style = guess_date_style(values, header_language="en", file_name="receipts-2026-99-99-2026-01-31.csv")
    for order in (style.order, "dmy", "mdy", "ymd", "excel"):
        seconds, has_time, bad = parse_moments(values, DateStyle(order, has_time=True))
        assert len(seconds) == len(has_time) == len(bad) == len(values)
        assert ((seconds[~bad] >= wall_seconds(datetime(1989, 12, 31))) | ~bad[~bad]).all()
    parse_times(values)
    for decimal in (guess_decimal(values), ",", "."):
        numbers, bad = parse_numbers(values, decimal)
        assert np.isfinite(numbers[~bad]).all()
        to_cents(numbers)
        to_milli(numbers)
    for value in values:
        payment_of(value)
        kind_of(value)
        is_voided(value)
        is_damaged_code(clean_code(value))
        clean_text(value)
    is_totals_row(values)


# Words (§22)


@pytest.mark.parametrize(
    ("word", "payment"),
    [
        ("Efectivo", Payment.CASH),
        ("CASH", Payment.CASH),
        ("Al contado", Payment.CASH),
        ("e", Payment.CASH),
        ("01", Payment.CASH),
        ("Tarjeta", Payment.CARD),
        ("Tarjeta de crédito", Payment.CARD),
        ("Tarjeta Visa", Payment.CARD),
        ("Débito", Payment.CARD),
        ("magcard", Payment.CARD),
        ("Transferencia BHD", Payment.TRANSFER),
        ("Depósito", Payment.TRANSFER),
        ("Crédito", Payment.CREDIT),
        ("Fiao", Payment.CREDIT),
        ("c", Payment.CREDIT),
        ("Cheque", Payment.CHECK),
        ("Gift Card", Payment.VOUCHER),
        ("Bonos", Payment.VOUCHER),
        ("Mercado Pago", Payment.WALLET),
        ("GCash", Payment.WALLET),
        ("Mixto", Payment.MIXED),
        ("Cash, Card", Payment.MIXED),
        ("Efectivo + Transferencia", Payment.MIXED),
        ("Efectivo, efectivo", Payment.CASH),
        ("Trueque", Payment.UNKNOWN),
        ("", Payment.UNKNOWN),
    ],
)
def test_payments(word: str, payment: Payment) -> None:
    assert payment_of(word) is payment


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Sale", SaleKind.SALE),
        ("VENTA", SaleKind.SALE),
        ("Payment", SaleKind.SALE),
        ("Factura de consumo", SaleKind.SALE),
        ("E32", SaleKind.SALE),
        ("Refund", SaleKind.REFUND),
        ("Reembolso", SaleKind.REFUND),
        ("Devolución", SaleKind.REFUND),
        ("Nota de Crédito", SaleKind.REFUND),
        ("B04", SaleKind.REFUND),
        ("e34", SaleKind.REFUND),
        ("TRUE", SaleKind.REFUND),
        ("", None),
        ("1", None),
        ("Delivery", None),
    ],
)
def test_kinds(word: str, kind: SaleKind | None) -> None:
    assert kind_of(word) is kind


@pytest.mark.parametrize(
    "word", ["Cancelled", "Cancelado", "ANULADA", "Voided", "nula", "t", "true", "Factura anulada"]
)
def test_voided(word: str) -> None:
    assert is_voided(word)


@pytest.mark.parametrize(
    "word", ["", "Closed", "Cerrado", "Pagado", "f", "false", "No", "No anulada", "1", "Activo"]
)
def test_not_voided(word: str) -> None:
    assert not is_voided(word)


# Names, codes and rows


def test_codes_lose_excels_wrapping_and_show_its_damage() -> None:
    """§21.5."""
    assert clean_code("'0012") == "0012"
    assert clean_code('="00123"') == "00123"
    assert clean_code(" 746000 ") == "746000"
    assert is_damaged_code("7.46E+12") and is_damaged_code("'7,46e+12")
    assert not is_damaged_code("746E12X") and not is_damaged_code("7460001234567")


def test_text_loses_marks_and_odd_spaces() -> None:
    assert clean_text("\ufeffArroz\u00a0Selecto \u202f5  lb ") == "Arroz Selecto 5 lb"
    assert clean_text("Cafe\u0301") == "Café"
    assert clean_text("\u202eDoña\x1b[2J Tata\x00") == "Doña[2J Tata"
    assert (
        clean_text("pan\u200dadero 👩\u200d🍳") == "pan\u200dadero 👩\u200d🍳"
    )  # joins what belongs together


@pytest.mark.parametrize(
    "cells",
    [["Total", "", "1,234.00"], ["", "TOTALES:", "9"], ["Subtotal"], ["Suma"], ["Records Found:", "37"], ["Summary:"],
     ["Gran Total", "5"], ["Total general"], ["*** TOTAL ***"]],
)  # fmt: skip
def test_totals_rows(cells: list[str]) -> None:
    """§21.2."""
    assert is_totals_row(cells)


@pytest.mark.parametrize(
    "cells", [["2026-01-01", "Total", "5"], ["Totalmente", "x"], ["Sumario"], [], ["", ""], ["12"]]
)
def test_other_rows_are_no_totals(cells: list[str]) -> None:
    assert not is_totals_row(cells)
