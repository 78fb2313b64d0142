"""A week and a range: the days add up, and a day is only better or worse beyond what is normal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from colmado_insights.analytics.results import Normal, NormalSpan, Verdict
from colmado_insights.domain import Category, Reason
from colmado_insights.insights import SpanSales
from colmado_insights.insights.span import CategorySold, DaySold, ProductSold
from colmado_insights.reports import make_report
from colmado_insights.reports.excel import excel_bytes
from colmado_insights.reports.pdf import pdf_bytes
from colmado_insights.reports.report import ChartSection, Numbers, Report, Trend
from colmado_insights.reports.sections import span_report
from colmado_insights.shop import Shop
from tests.small_shop import EVENING, LAST_DAY

MONDAY = date(2026, 11, 9)
MADE_AT = datetime(2026, 11, 16, 8)
SOLD = (3_000_000, 3_100_000, 1_500_000, 3_400_000, 5_600_000, 4_200_000, 4_000_000)


def normal_of(mean: float, verdict: Verdict = Verdict.UNKNOWN) -> Normal:
    like = Reason.of("normal_span", days=7, paydays=3, holidays=0)
    return Normal(mean, 0.75 * mean, 1.25 * mean, 0.6 * mean, 1.4 * mean, 80, like, (), verdict)


def make_span() -> SpanSales:
    """A week with one day cut short and one far above normal."""
    hours = tuple(12 if 7 <= hour <= 21 else 0 for hour in range(24))
    return SpanSales(
        first=MONDAY,
        last=MONDAY + timedelta(days=6),
        revenue_cents=sum(SOLD),
        receipts=1_700,
        before_cents=25_000_000,
        days=tuple(DaySold(MONDAY + timedelta(days=n), cents, 240, normal_of(3_500_000)) for n, cents in enumerate(SOLD)),
        receipts_by_hour=hours,
        before_by_hour=hours,
        products=(ProductSold(1, 24_000, 480_000, 240_000), ProductSold(2, 1_500, 30_000, 0)),
        categories=(CategorySold(Category.ALCOHOL, 20_000_000, 10_000_000), CategorySold(Category.SNACKS, 4_800_000, 0)),
        normal=NormalSpan(
            MONDAY, MONDAY + timedelta(days=6), normal_of(20_000_000, Verdict.MORE), normal_of(1_690, Verdict.AS_USUAL), None,
            7, MONDAY - timedelta(days=1),
        ),
    )  # fmt: skip


def report(span: SpanSales | None = None) -> Report:
    return span_report(span or make_span(), (), {1: "Presidente", 2: "=cmd"}, "La Esquina", MADE_AT)


def test_a_week_stands_beside_its_normal() -> None:
    cards = next(section.cards for section in report().sections if isinstance(section, Numbers))
    assert report().title == "La semana"
    assert (cards[0].value, cards[0].chip, cards[0].trend) == (24_800_000, "▲ 24 %", Trend.UP)
    assert (cards[1].trend, cards[2].chip) == (Trend.SAME, "")
    assert (cards[3].value, cards[3].comparison) == ("vie 13 nov", "RD$ 56,000")


def test_only_days_beyond_what_is_normal_differ() -> None:
    table = report().table("days")
    assert [row[3] for row in table.rows] == [0, 0, pytest.approx(-4 / 7), 0, pytest.approx(0.6), 0, 0]
    assert table.totals is not None and table.totals[1] == sum(SOLD)


def test_what_was_not_sold_before_has_no_change() -> None:
    table = report().table("products")
    assert [row[4] for row in table.rows] == [pytest.approx(1.0), None]
    assert load_workbook(BytesIO(excel_bytes(report())))["Los más vendidos"]["A3"].value == "=cmd"


@pytest.mark.parametrize(("days", "bars"), [(14, 14), (60, 9), (300, 10)])
def test_many_days_are_drawn_by_week_or_month(days: int, bars: int) -> None:
    first = date(2026, 1, 5)
    span = replace(
        make_span(), first=first, last=first + timedelta(days=days - 1), normal=None,
        days=tuple(DaySold(first + timedelta(days=n), 100_000, 9, None) for n in range(days)),
    )  # fmt: skip
    made = report(span)
    drawn = next(section.native for section in made.sections if isinstance(section, ChartSection))
    rows = made.table(drawn.table).rows
    assert len(rows) == bars
    assert sum(int(str(row[1])) for row in rows) == days * 100_000
    shown = [column.title for column in made.table("days").columns if column.on_paper]
    assert shown == ["Día", "Vendido", "Clientes"]
    assert pdf_bytes(made).startswith(b"%PDF")


def test_the_week_of_a_shop_is_its_last_whole_one(small_shop: Shop) -> None:
    made = make_report("week", small_shop, EVENING)
    days = [row[0] for row in made.table("days").rows]
    sunday = LAST_DAY - timedelta(days=(LAST_DAY.weekday() + 1) % 7)
    assert days[-1] == sunday and len(days) <= 7
    sold = made.table("days").totals
    products, parts = made.table("products").rows, made.table("categories").totals
    assert sold is not None and parts is not None
    assert sold[1] == parts[1] == sum(int(str(row[2])) for row in products)
