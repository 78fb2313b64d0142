"""The reports that only the owner should see: sums that add up, and what is said without costs, stock or answers."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from colmado_insights.analytics.results import CareBoard, PriceBoard
from colmado_insights.reports.excel import excel_bytes
from colmado_insights.reports.pdf import pdf_bytes
from colmado_insights.reports.report import Audience, ChartSection, Numbers, Report, Table, audience_words
from colmado_insights.reports.sections import actions_report, prices_report, products_report
from tests.believable_prices import make_price_board
from tests.ui.fake_care import NOW, make_advices, make_care, make_ledger

SHOP = "La Esquina"


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))


NAMES = {place: f"Producto {place}" for place in range(1, 1001)} | {1: "=cmd|' /C calc'!A0"}
SUPPLIERS = {1: "Induveca"}


def products(board: CareBoard | None = None) -> Report:
    return products_report(board or make_care(), NAMES, SUPPLIERS, SHOP, NOW)


def prices(board: PriceBoard | None = None) -> Report:
    return prices_report(board or make_price_board(), NAMES, SHOP, NOW)


def actions() -> Report:
    return actions_report(make_advices(), make_ledger(), SHOP, NOW)


def titles(table: Table) -> list[str]:
    return [column.title for column in table.columns]


OWNERS = [products(), prices(), actions()]


@pytest.mark.parametrize("report", OWNERS, ids=lambda report: report.title)
def test_it_says_for_whom_it_is(report: Report) -> None:
    assert report.audience is Audience.OWNER
    book = load_workbook(BytesIO(excel_bytes(report)))
    words = audience_words(Audience.OWNER)
    assert book["Resumen"]["A4"].value == words == "Solo para el dueño: tiene costos y ganancias"
    assert all(words in sheet.oddHeader.center.text for sheet in book)


@pytest.mark.parametrize("report", OWNERS, ids=lambda report: report.title)
def test_every_native_chart_draws_rows_that_are_there(report: Report) -> None:
    drawn = [section.native for section in report.sections if isinstance(section, ChartSection)]
    assert drawn
    for native in drawn:
        table = report.table(native.table)
        assert table.rows and (native.rows or 1) <= len(table.rows)
        for line in native.lines:
            values = [row[line.column] for row in table.rows[: native.rows]]
            assert all(isinstance(value, int | float) for value in values)
    with ZipFile(BytesIO(excel_bytes(report))) as archive:
        assert sum("/charts/chart" in name for name in archive.namelist()) == len(drawn)
    assert pdf_bytes(report).startswith(b"%PDF")


# -- products --


def test_shares_run_up_to_everything() -> None:
    table = products().table("products")
    running = [row[titles(table).index("Acumulado")] for row in table.rows]
    assert running == sorted(running) and running[-1] == pytest.approx(1.0)  # type: ignore[type-var]
    assert table.rows[0][1] == "=cmd|' /C calc'!A0" and table.rows[0][9] == "Induveca"


def test_what_sleeps_stands_by_its_money() -> None:
    table = products().table("dead")
    assert len(table.rows) == 3 and table.totals is not None
    assert table.totals[4] == sum(int(str(row[4])) for row in table.rows) == 540_000


def test_what_runs_out_within_a_week_is_listed() -> None:
    rows = products().table("soon").rows
    assert rows and all(float(str(row[2])) <= 7 for row in rows)


def test_without_any_cost_there_are_sales_and_no_margins() -> None:
    board = make_care()
    bare = replace(
        board,
        products=tuple(replace(one, margin_cents=None, margin_share=None, asleep_cents=None, costed_share=0.0)
                       for one in board.products),
        by_category=tuple(replace(part, margin_cents=0, margin_share=None, costed_share=0.0) for part in board.by_category),
        by_supplier=(), margin_cents=None, costed_share=0.0, asleep_cents=None,
    )  # fmt: skip
    made = products(bare)
    cards = next(section.cards for section in made.sections if isinstance(section, Numbers))
    assert (cards[1].value, cards[1].comparison) == (None, "no se sabe ningún costo")
    assert [section.native.table for section in made.sections if isinstance(section, ChartSection)] == [
        "products"
    ]
    totals = made.table("categories").totals
    assert totals is not None and totals[3] is None and totals[5] == pytest.approx(1.0)
    assert "suppliers" not in [table.key for table in made.tables]
    assert pdf_bytes(made).startswith(b"%PDF")


def test_without_stock_it_is_said_that_nobody_knows() -> None:
    board = make_care()
    uncounted = tuple(replace(one, stock_milli=None, days_left=None) for one in board.products)
    table = products(replace(board, products=uncounted)).table("soon")
    assert not table.rows and table.empty == "No hay existencias contadas: no se sabe qué se acaba."


def test_a_thousand_products_are_short_on_paper() -> None:
    made = products(make_care(1000))
    assert len(made.table("products").rows) == 1000
    assert 1 < pages(pdf_bytes(made)) < 12


# -- prices --


def test_only_what_should_change_is_listed_and_all_is_told() -> None:
    board, made = make_price_board(), prices()
    changes = [advice for advice in board.advices if advice.optimal_cents != advice.current_cents]
    table = made.table("changes")
    assert [(row[1], row[2]) for row in table.rows] == [(a.current_cents, a.optimal_cents) for a in changes]
    assert len(made.table("answers").rows) == len(board.advices) > len(changes)
    gains = [float(str(row[3])) for row in table.rows]
    assert all(low <= gain <= high for gain, low, high in zip(gains, *_bounds(table), strict=True))


def _bounds(table: Table) -> tuple[list[float], list[float]]:
    return [float(str(row[4])) for row in table.rows], [float(str(row[5])) for row in table.rows]


def test_an_alarm_tells_old_and_new_cost_and_the_price_that_mends_it() -> None:
    (alarm,), (row,) = make_price_board().alarms, prices().table("alarms").rows
    assert row[2:6] == (alarm.old_cost_cents, alarm.new_cost_cents, alarm.price_cents, alarm.proposed_cents)


def test_a_board_without_advice_says_so() -> None:
    made = prices(replace(make_price_board(), advices=(), alarms=()))
    assert not [section for section in made.sections if isinstance(section, ChartSection)]
    assert made.table("changes").empty and made.table("alarms").empty
    assert sum(int(str(row[1])) for row in made.table("refused").rows) == 2
    assert excel_bytes(made) and pdf_bytes(made)


# -- advice --


def test_the_ledger_tells_what_was_answered_and_what_came_of_it() -> None:
    table = actions().table("ledger")
    assert [row[2] for row in table.rows] == ["hecho", "hecho", "ahora no", "sin respuesta"]
    assert table.rows[0][3:5] == (198_000, 210_000) and table.rows[3][4] is None
    sums = {(row[0], row[1]): row[3] for row in actions().table("sums").rows}
    assert sums["Lo que se hizo", "de ganancia"] == pytest.approx(210_000)
    assert sums["Lo que se hizo", "de venta"] == pytest.approx(5_000)


def test_nothing_advised_yet_is_a_sentence() -> None:
    made = actions_report((), (), SHOP, NOW)
    assert not made.tables
    assert excel_bytes(made) and pdf_bytes(made)
