"""The report on known customers: who is on it, which telephones, and what stays off paper."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import Consent
from colmado_insights.insights import CustomerBook
from colmado_insights.reports.excel import excel_bytes
from colmado_insights.reports.pdf import pdf_bytes
from colmado_insights.reports.report import Audience, Cell, Numbers, Report, Table, audience_words
from colmado_insights.reports.sections import customers_report
from tests.ui.fake_customers import NOW, make_book

SHOP = "La Esquina"


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))


def report(book: CustomerBook | None = None) -> Report:
    return customers_report(book or make_book(), SHOP, NOW)


def column(table: Table, title: str) -> list[Cell]:
    place = [each.title for each in table.columns].index(title)
    return [row[place] for row in table.rows]


def crowd(people: int) -> CustomerBook:
    """The same few over and over under names of their own."""
    book = make_book()
    few = len(book.outlooks)
    return replace(
        book,
        customers=tuple(
            replace(book.customers[n % few], customer_id=n + 1, name=f"=cmd|' /C calc'!A{n} " + "Ñ" * 60, nickname="")
            for n in range(people)
        ),
        outlooks=tuple(replace(book.outlooks[n % few], customer_id=n + 1) for n in range(people)),
    )  # fmt: skip


def test_it_says_on_top_and_on_each_sheet_that_it_names_people() -> None:
    made = report()
    assert made.audience is Audience.PEOPLE
    book = load_workbook(BytesIO(excel_bytes(made)))
    warning = audience_words(Audience.PEOPLE)
    assert warning == "Contiene datos de clientes: no lo compartas"
    assert book["Resumen"]["A4"].value == warning
    assert all(warning in sheet.oddHeader.center.text for sheet in book)


def test_telephones_are_in_excel_only_and_only_of_those_who_agreed() -> None:
    people = {customer.shown_name: customer for customer in make_book().customers}
    seen = 0
    for key in ("at_risk", "due", "win_back", "customers"):
        table = report().table(key)
        phones = next(each for each in table.columns if each.title == "Teléfono")
        assert not phones.on_paper
        for name, phone in zip(column(table, "Cliente"), column(table, "Teléfono"), strict=True):
            known = people[str(name)]
            assert phone == (known.phone if known.consent is Consent.YES else "")
            seen += bool(phone)
    assert seen > 3
    assert {customer.consent for customer in people.values() if customer.phone} == {
        Consent.YES,
        Consent.UNKNOWN,
    }


def test_those_at_risk_stand_by_what_would_be_missed() -> None:
    table = report().table("at_risk")
    risks = [float(str(risk)) for risk in column(table, "Riesgo")]
    stakes = [int(str(stake)) for stake in column(table, "Al año dejaba")]
    assert all(risk >= 0.6 for risk in risks) and len(risks) == 3
    assert stakes == sorted(stakes, reverse=True)


def test_what_is_due_is_of_this_week_and_in_order() -> None:
    days = [date.fromisoformat(str(day)) for day in column(report().table("due"), "Día")]
    assert days == sorted(days) and days
    assert all((day - NOW.date()).days <= 7 for day in days)


def test_a_polite_text_waits_for_each_of_those_who_go() -> None:
    table = report().table("win_back")
    for name, words in zip(column(table, "Cliente"), column(table, "Qué decirle"), strict=True):
        assert str(words).startswith(f"Hola, {name}. ")
    assert "Sarita" in column(table, "Cliente") and "Chepe" not in column(table, "Cliente")


def test_the_eight_segments_add_up() -> None:
    table = report().table("segments")
    assert len(table.rows) == 8 and table.totals is not None
    assert table.totals[1] == sum(one.customers for one in make_book().rfm.segments)
    # A change that chance alone makes is none.
    changes = dict(zip(column(table, "Segmento"), column(table, "Cambio"), strict=True))
    assert changes["Los mejores"] == 0.0 and changes["Se están yendo"] == pytest.approx(-0.38)
    assert changes["Nuevos"] is None


def test_nobody_is_looked_at_who_does_not_want_it() -> None:
    book = make_book()
    unwilling = replace(book.customers[1], consent=Consent.NO)
    book = replace(
        book,
        customers=(book.customers[0], unwilling, *book.customers[2:]),
        outlooks=tuple(one for one in book.outlooks if one.customer_id != unwilling.customer_id),
        migration=NotEnough(needed=1, have=0, unit="receipts"),
    )
    made = report(book)
    cells = [str(cell) for table in made.tables for row in table.rows for cell in row]
    assert not any(unwilling.shown_name in cell for cell in cells)
    assert "1 cliente no quiere" in made.table("customers").note


def test_nobody_at_risk_and_nothing_due_is_said() -> None:
    book = make_book()
    calm = tuple(replace(one, churn=None, due=()) for one in book.outlooks[:5])
    made = report(replace(book, outlooks=calm))
    for key in ("at_risk", "due", "win_back"):
        table = made.table(key)
        assert not table.rows and table.empty
    content = load_workbook(BytesIO(excel_bytes(made)))["Pueden no volver"]
    assert any("Nadie corre ese riesgo" in str(cell.value) for row in content.iter_rows() for cell in row)
    assert pdf_bytes(made).startswith(b"%PDF")


def test_paper_has_the_first_forty_of_a_thousand_and_excel_all() -> None:
    made = report(crowd(1000))
    table = made.table("customers")
    assert len(table.rows) == 1000 and table.paper_rows == 40
    sheet = load_workbook(BytesIO(excel_bytes(made)), read_only=True)["Todos los clientes"]
    names = [row[0] for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True)]
    assert sum(str(name).startswith("=cmd") for name in names) == 1000
    assert 1 < pages(pdf_bytes(made)) < 30


def test_the_cards_count_everyone() -> None:
    cards = next(section.cards for section in report().sections if isinstance(section, Numbers))
    assert [card.value for card in cards][:1] == [len(make_book().outlooks)]
    assert cards[2].value == 3


def test_how_it_is_known_names_the_methods() -> None:
    made = report()
    questions = column(made.table("methods"), "Pregunta")
    assert questions == ["Cuánto va a dejar", "Si se va", "Cuándo vuelve", "Qué le toca"]
    assert ("Si se va", "árboles en cadena", "sí", "auc", 0.88) in made.table("trials").rows


def test_a_day_long_gone_is_as_made() -> None:
    made = customers_report(make_book(), SHOP, datetime(2026, 11, 21, 8))
    away = column(made.table("customers"), "Días sin venir")
    assert min(int(str(days)) for days in away) == 2
