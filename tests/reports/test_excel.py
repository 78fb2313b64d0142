"""The workbook read back: types and values equal the result, charts are Excel's own, names stay names."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date, datetime, time
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from colmado_insights.reports.excel import excel_bytes
from colmado_insights.reports.page import A4, LETTER
from colmado_insights.reports.report import Card, Column, Kind, Numbers, Paragraph, Report, Table
from colmado_insights.reports.sections import day_report, segments_report
from tests.reports.believable import make_day, make_forecast, make_live, make_segments

MADE_AT = datetime(2026, 5, 15, 17, 30)
SHOP = "Colmado Ñoño & Hijos"


def read(report: Report, page: str = LETTER) -> Workbook:
    return load_workbook(BytesIO(excel_bytes(report, page)))


def segments_book() -> Workbook:
    return read(segments_report(make_segments(), SHOP, MADE_AT))


def day_book() -> Workbook:
    return read(day_report(make_day(), make_live(), make_segments(), make_forecast(), SHOP, MADE_AT))


def test_segments_are_typed_and_to_the_cent() -> None:
    sheet = segments_book()["Por tamaño de compra"]
    header = [cell.value for cell in sheet[1]]
    segments = [s for s in make_segments().segments if s.type == "basket_value"]
    for row, segment in zip(sheet.iter_rows(min_row=2, max_row=5), segments, strict=True):
        cells = dict(zip(header, row, strict=True))
        assert cells["Compras"].value == segment.transaction_count
        assert isinstance(cells["Compras"].value, int)
        assert cells["Vendido"].value == pytest.approx(segment.revenue_cents / 100, abs=1e-9)
        assert cells["Compra promedio"].value == pytest.approx(segment.avg_basket_cents / 100, abs=1e-9)
        assert cells["% de las compras"].value == pytest.approx(segment.share)
        assert cells["Vendido"].number_format.startswith('"RD$" #,##0.00')
        assert cells["% de las compras"].number_format == "0.0 %"
        assert cells["Cambio"].value == (None if segment.growth is None else pytest.approx(segment.growth))
    total = [cell.value for cell in sheet[6]]
    assert total[:3] == ["Total", 8512, 1]
    assert total[3] == pytest.approx(sum(s.revenue_cents for s in segments) / 100, abs=1e-9)


def test_days_and_hours_are_dates_and_times() -> None:
    book = day_book()
    forecast, hours = book["Pronóstico"], book["Clientes por hora"]
    assert [forecast.cell(2, 1).value, forecast.cell(15, 1).value] == [
        datetime(2026, 5, 24),
        datetime(2026, 6, 6),
    ]
    assert "ddd d mmm yyyy" in forecast.cell(2, 1).number_format
    assert forecast.cell(2, 2).value == 13900
    assert hours.cell(2, 1).value == time(7, 0)
    assert hours.cell(17, 1).value == time(22, 0)
    assert hours.cell(2, 2).value == 11
    assert hours.cell(13, 2).value is None  # 6 p. m. is still ahead


def test_the_first_sheet_has_typed_cards() -> None:
    sheet = day_book()["Resumen"]
    values = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert values[18450.25].number_format.startswith('"RD$"')
    assert "▲ 22 %" in values and "lo normal: RD$ 15,100" in values
    assert sheet["A1"].value == "Reporte del día"
    assert SHOP in sheet["A3"].value


def test_charts_are_excels_own_and_point_at_the_cells() -> None:
    content = excel_bytes(segments_report(make_segments(), SHOP, MADE_AT))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
        assert not [name for name in archive.namelist() if name.startswith("xl/media")]
    assert len(charts) == 4
    assert sum("<c:barChart>" in chart for chart in charts) == 4
    bars = next(chart for chart in charts if "$C$2:$C$6" in chart and "'Por hora'" in chart)
    assert "<c:f>'Por hora'!$A$2:$A$6</c:f>" in bars
    book = load_workbook(BytesIO(content))
    # openpyxl reads charts back from the drawing of the sheet.
    assert len(book["Resumen"]._charts) == 4


def test_a_day_has_two_line_charts() -> None:
    content = excel_bytes(day_report(make_day(), (), None, make_forecast(), SHOP, MADE_AT))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
    assert [chart.count("<c:ser>") for chart in charts] == [4, 3]
    assert all("<c:lineChart>" in chart for chart in charts)


NASTY = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    '=HYPERLINK("http://x")',
    "http://x.do",
    "12",
)


def nasty_report() -> Report:
    return Report(
        title="=1+1",
        subtitle="@x",
        shop_name="=cmd()",
        made_at=MADE_AT,
        sections=(
            Numbers((Card("=2+2", "=3+3", Kind.TEXT, chip="=4", comparison="-5+5"),)),
            Paragraph("=6+6 " + "largo " * 60),
            Table(
                "t",
                "=Hoja[1]:*?/\\'",
                (Column("=título", Kind.TEXT), Column("Vendido", Kind.MONEY)),
                tuple((name, 100) for name in NASTY),
                totals=("=total", 800),
                note="=nota",
            ),
        ),
    )


def test_a_name_never_becomes_a_formula_a_number_or_a_link() -> None:
    content = excel_bytes(nasty_report())
    book = load_workbook(BytesIO(content))
    texts = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)
    ]
    # "=total" and the like read back as plain shared strings; a formula has an <f> in the sheet's XML.
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert not re.search(rb"<f[ >]", archive.read(name)), name
    names = [cell for cell in texts if cell.value in NASTY]
    assert sorted(cell.value for cell in names) == sorted(NASTY)
    # Typing into the cell keeps it text too.
    assert all(cell.quotePrefix for cell in names if cell.value.startswith(("=", "+", "-", "@", "\t")))
    assert not any(cell.hyperlink for cell in names)


def test_sheet_names_are_what_excel_accepts() -> None:
    tables = tuple(
        Table(
            str(i),
            "Un título que es bastante más largo que treinta y uno",
            (Column("a", Kind.COUNT),),
            ((i,),),
        )
        for i in range(3)
    )
    book = read(replace(nasty_report(), sections=tables))
    assert len(set(book.sheetnames)) == 4
    assert all(len(name) <= 31 for name in book.sheetnames)


@pytest.mark.parametrize(("page", "paper"), [(LETTER, 1), (A4, 9)])
def test_prints_on_one_page_of_width(page: str, paper: int) -> None:
    book = read(segments_report(make_segments(), SHOP, MADE_AT), page)
    for sheet in book:
        assert sheet.page_setup.paperSize == paper
        assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what a missing attribute means
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddHeader.left.text.replace("&&", "&").endswith(SHOP)
        assert "&P" in sheet.oddFooter.right.text
    table = book["Por hora"]
    assert table.freeze_panes == "B2"
    assert table.print_title_rows == "$1:$1"
    assert table.auto_filter.ref == "A1:M6"
    assert table.column_dimensions["D"].width >= 13


def test_the_workbook_says_whose_it_is() -> None:
    properties = segments_book().properties
    assert properties.title == "Quiénes compran"
    assert properties.creator == SHOP
    assert properties.created.date() == date(2026, 5, 15)


def test_what_is_not_a_number_is_an_empty_cell() -> None:
    report = replace(
        nasty_report(),
        sections=(
            Table("t", "t", (Column("a", Kind.SHARE), Column("b", Kind.MONEY)), ((float("nan"), None),)),
        ),
    )
    sheet = read(report)["t"]
    assert sheet["A2"].value is None and sheet["B2"].value is None
