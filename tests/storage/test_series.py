"""Days of products and categories: refunds come off, merged products count as one, other days stay out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from colmado_insights.analytics.door import check_frame
from colmado_insights.domain import PRODUCT_SERIES_COLUMNS, SERIES_COLUMNS, Category, day_number
from colmado_insights.storage import series
from colmado_insights.storage.corrections import merge_products, write_category
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database
from tests.storage.till import bring_one, write_rows

HEADER = ("Recibo", "Fecha", "Tipo de recibo", "Producto", "Cantidad", "Total")
ROWS = [
    ("1", "02/03/2026 08:15", "Venta", "Pan", 1, "15.00"),
    ("1", "02/03/2026 08:15", "Venta", "Café", "0.500", "40.00"),
    ("2", "02/03/2026 19:50", "Venta", "Pan", 3, "45.00"),
    ("3", "04/03/2026 19:00", "Venta", "Pan", 2, "30.00"),
    ("4", "04/03/2026 20:00", "Reembolso", "Pan", 1, "15.00"),
    ("5", "06/03/2026 09:00", "Venta", "Pan Sobao", 4, "80.00"),
]
DAY = day_number(date(2026, 3, 2))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        bring_one(opened, write_rows(tmp_path / "a.csv", ROWS, HEADER))
        yield opened


def id_of(shop: Database, name: str) -> int:
    return int(shop.read_one("SELECT id FROM product WHERE name = ?", (name,)))


def test_a_products_days_are_net_of_what_came_back(shop: Database) -> None:
    days = series.read_product_series(shop, id_of(shop, "Pan"), DAY, DAY + 9)
    check_frame(days, SERIES_COLUMNS, "days")
    assert days.to_numpy().tolist() == [[DAY, 4000, 60_00], [DAY + 2, 1000, 15_00]]


def test_only_the_days_asked_for(shop: Database) -> None:
    bread = id_of(shop, "Pan")
    assert series.read_product_series(shop, bread, DAY + 1, DAY + 2)["day"].tolist() == [DAY + 2]
    empty = series.read_product_series(shop, bread, DAY + 3, DAY + 9)
    check_frame(empty, SERIES_COLUMNS, "empty")
    assert empty.empty


def test_merged_products_are_one_whichever_is_asked_for(shop: Database) -> None:
    bread, soft = id_of(shop, "Pan"), id_of(shop, "Pan Sobao")
    merge_products(shop, bread, [soft], datetime(2026, 3, 7, 12, 0))
    for product in (bread, soft):
        days = series.read_product_series(shop, product, DAY, DAY + 9)
        assert days["units_milli"].tolist() == [4000, 1000, 4000]
    top = series.read_sold_parts(shop, DAY, DAY + 9).top_series(5)
    assert set(top["product_id"]) == {bread, id_of(shop, "Café")}


def test_a_categorys_days_follow_corrections(shop: Database) -> None:
    assert series.read_category_series(shop, Category.BAKERY, DAY, DAY + 9).empty
    write_category(
        shop, [id_of(shop, "Pan"), id_of(shop, "Pan Sobao")], Category.BAKERY, datetime(2026, 3, 7, 12, 0)
    )
    days = series.read_category_series(shop, Category.BAKERY, DAY, DAY + 9)
    assert days["revenue_cents"].tolist() == [60_00, 15_00, 80_00]
    assert series.count_selling_products(shop, Category.BAKERY, DAY, DAY + 9) == 2
    assert series.count_selling_products(shop, Category.BAKERY, DAY, DAY + 3) == 1


def test_the_best_sellers_by_revenue(shop: Database) -> None:
    top = series.read_sold_parts(shop, DAY, DAY + 9).top_series(2)
    check_frame(top, PRODUCT_SERIES_COLUMNS, "top")
    assert set(top["product_id"]) == {id_of(shop, "Pan"), id_of(shop, "Pan Sobao")}
    assert top.equals(top.sort_values(["product_id", "day"]))
    assert series.read_sold_parts(shop, DAY + 20, DAY + 30).top_series(2).empty


def test_parts_of_one_walk_are_what_each_alone_is(shop: Database) -> None:
    """Merged, corrected, refunded: the categories of one walk are those that are read one by one."""
    bread, soft = id_of(shop, "Pan"), id_of(shop, "Pan Sobao")
    write_category(shop, [bread], Category.BAKERY, datetime(2026, 3, 7, 12, 0))
    merge_products(shop, bread, [soft], datetime(2026, 3, 7, 12, 5))
    parts = series.read_sold_parts(shop, DAY, DAY + 9)
    assert parts.category_series(Category.BAKERY)["units_milli"].tolist() == [4000, 1000, 4000]
    for category in Category:
        alone = series.read_category_series(shop, category, DAY, DAY + 9)
        pd.testing.assert_frame_equal(parts.category_series(category), alone)
        for first in (DAY, DAY + 3):
            counted = series.count_selling_products(shop, category, first, DAY + 9)
            assert parts.count_selling(category, first) == counted


def test_a_product_nobody_knows_has_no_days(shop: Database) -> None:
    assert series.read_product_series(shop, 999, DAY, DAY + 9).empty
