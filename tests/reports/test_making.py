"""Which report is made from what: every kind is known, and what is missing is said in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from colmado_insights.errors import EmptyFile
from colmado_insights.reports import REPORTS, make_report
from colmado_insights.shop import Shop
from colmado_insights.ui.pages import reports as page
from tests.storage.till import write_rows

LAST_DAY = date(2026, 5, 15)
NOW = datetime(2026, 5, 15, 23, 59, 59)


@pytest.fixture(scope="module")
def few_sales(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Two weeks of sales to nobody known, of one product."""
    folder = tmp_path_factory.mktemp("few")
    rows = [
        (day * 10 + n, f"{LAST_DAY - timedelta(days=13 - day):%d/%m/%Y} {8 + n}:00", "Pan", 1, 10, "Efectivo", "Ana", "")
        for day in range(14)
        for n in range(9)
    ]  # fmt: skip
    with Shop(folder / "shop.db") as shop:
        shop.import_files([write_rows(folder / "ventas.csv", rows)])
        yield shop


def test_the_page_offers_every_report_with_its_own_audience(few_sales: Shop) -> None:
    # A range needs days that are asked for: only the command line does.
    assert [report.kind for report in page.REPORTS] == [kind for kind in REPORTS if kind != "range"]
    for kind in ("day", "week", "segments", "products", "actions"):
        made = make_report(kind, few_sales, NOW)
        offered = next(report for report in page.REPORTS if report.kind == kind)
        assert made.audience is offered.audience, kind


def test_a_shop_that_knows_nobody_is_told_how_to(few_sales: Shop) -> None:
    with pytest.raises(EmptyFile, match="No hay compras de clientes conocidos") as caught:
        make_report("customers", few_sales, NOW)
    assert "fiado" in str(caught.value)


def test_too_few_baskets_are_counted(few_sales: Shop) -> None:
    with pytest.raises(EmptyFile, match=r"Hace falta: [\d,]+ compras\. Hay 0\."):
        make_report("baskets", few_sales, NOW)


def test_without_costs_no_margin_is_told(few_sales: Shop) -> None:
    made = make_report("products", few_sales, NOW)
    (row,) = made.table("products").rows
    assert row[1] == "Pan" and row[6] is None and row[7] is None


def test_as_of_a_day_nothing_later_counts(few_sales: Shop) -> None:
    middle = NOW - timedelta(days=3)
    early, whole = (make_report("products", few_sales, moment) for moment in (middle, NOW))
    assert early.table("products").rows[0][3] == 11 * 9 * 1000
    assert whole.table("products").rows[0][3] == 14 * 9 * 1000
