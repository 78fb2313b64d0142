"""The report on what goes together: shared, so that nothing in it tells costs or profits."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from openpyxl import load_workbook

from colmado_insights.analytics.results import Basket
from colmado_insights.reports.excel import excel_bytes
from colmado_insights.reports.pdf import pdf_bytes
from colmado_insights.reports.report import Audience, ChartSection, Report
from colmado_insights.reports.sections import baskets_report
from tests.ui.fake_baskets import NOW, make_basket
from tests.ui.fake_customers import NAMES

SHOP = "La Esquina"


def report(found: Basket | None = None) -> Report:
    return baskets_report(found or make_basket(), NAMES, SHOP, NOW)


def test_it_may_be_shared_and_tells_no_profit() -> None:
    found, made = make_basket(), report()
    assert made.audience is Audience.EVERYBODY
    secret = {bundle.expected_profit_cents for bundle in found.bundles} | {
        pair.gain_cents for pair in found.pairs
    }
    cells = [cell for table in made.tables for row in table.rows for cell in row]
    assert not (secret - {None, 0}).intersection(cell for cell in cells if isinstance(cell, int))
    words = " ".join(
        str(cell.value).lower()
        for sheet in load_workbook(BytesIO(excel_bytes(made)))
        for row in sheet
        for cell in row
    )
    for word in ("costo", "ganancia", "margen", "solo para el dueño"):
        assert word not in words


def test_bundles_show_what_is_saved() -> None:
    for row, bundle in zip(report().table("bundles").rows, make_basket().bundles, strict=True):
        assert row[1:4] == (bundle.single_cents, bundle.price_cents, bundle.saving_cents)
        assert str(row[0]).count(" + ") == len(bundle.product_ids) - 1


def test_pairs_are_named_and_typed() -> None:
    pair, row = make_basket().pairs[0], report().table("pairs").rows[0]
    assert row[1:5] == (NAMES[pair.first_id], NAMES[pair.second_id], pair.confidence, pair.lift)
    sheet = load_workbook(BytesIO(excel_bytes(report())))["Lo que se lleva junto"]
    assert sheet["D2"].value == pair.confidence and sheet["D2"].number_format == "0.0 %"


def test_a_shop_where_nothing_goes_together_says_so() -> None:
    made = report(replace(make_basket(), pairs=(), sets=(), bundles=(), trends=(), seasonal=()))
    assert not [section for section in made.sections if isinstance(section, ChartSection)]
    assert all(made.table(key).empty for key in ("pairs", "bundles", "trends", "seasons"))
    assert excel_bytes(made) and pdf_bytes(made)
