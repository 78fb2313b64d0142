"""The catalog says of a product what its lines say: price, cost, what it brings, and how they moved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from colmado_insights.domain import CatalogProduct, PriceChange, day_number
from colmado_insights.storage.corrections import merge_products
from colmado_insights.storage.database import Database
from colmado_insights.storage.products import read_catalog, read_price_history, read_suppliers, write_cost
from colmado_insights.storage.schema import open_database
from colmado_insights.storage.stock import write_supplier
from tests.storage.till import LAST, NOW, bring_lines


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def only(shop: Database) -> CatalogProduct:
    (product,) = read_catalog(shop)
    return product


def test_revenue_and_units_are_of_the_last_30_days_of_data(shop: Database, tmp_path: Path) -> None:
    bring_lines(
        shop, tmp_path,
        (0, "Pan", 2, "10.00", ""), (29, "Pan", 1, "5.00", ""), (30, "Pan", 7, "35.00", ""),
        (3, "Café", 1, "40.00", ""),
    )  # fmt: skip
    coffee, bread = read_catalog(shop)
    assert (coffee.name, coffee.revenue_cents, coffee.units_milli) == ("Café", 40_00, 1000)
    assert (bread.name, bread.revenue_cents, bread.units_milli) == ("Pan", 15_00, 3000)
    assert (coffee.last_sold, bread.last_sold) == (LAST - timedelta(days=3), LAST)
    earlier = {each.name: each.revenue_cents for each in read_catalog(shop, LAST - timedelta(days=1))}
    assert earlier == {"Café": 40_00, "Pan": 40_00}
    assert read_catalog(shop, only={bread.product_id}) == (bread,)


def test_the_last_price_is_of_the_last_days_and_not_of_one_odd_receipt(
    shop: Database, tmp_path: Path
) -> None:
    old = [(days, "Pan", 1, "4.00", "") for days in range(10, 20)]
    bring_lines(
        shop, tmp_path, *old, (3, "Pan", 1, "5.00", ""), (2, "Pan", 2, "10.00", ""), (0, "Pan", 1, "1.00", "")
    )
    assert only(shop).price_cents == 5_00


def test_a_refund_takes_money_back_and_sets_no_price(shop: Database, tmp_path: Path) -> None:
    bring_lines(shop, tmp_path, (5, "Pan", 4, "20.00", ""), (0, "Pan", -1, "-9.00", ""))
    bread = only(shop)
    assert (bread.price_cents, bread.revenue_cents, bread.units_milli) == (5_00, 11_00, 3000)
    assert bread.last_sold == LAST - timedelta(days=5)


def test_what_was_not_sold_for_long_keeps_its_last_price(shop: Database, tmp_path: Path) -> None:
    bring_lines(shop, tmp_path, (400, "Sombrilla", 1, "390.00", "250.00"), (0, "Pan", 1, "5.00", ""))
    umbrella = read_catalog(shop)[1]
    assert umbrella.name == "Sombrilla"
    assert (umbrella.price_cents, umbrella.cost_cents, umbrella.revenue_cents) == (390_00, 250_00, 0)
    assert umbrella.last_sold == LAST - timedelta(days=400)


def test_goods_asked_for_by_amount_have_no_unit_price(shop: Database, tmp_path: Path) -> None:
    salami = [(day, "Salami", quantity, total, "") for day, quantity, total in (
        (0, "0.167", "25.00"), (1, "0.333", "50.00"), (2, "0.067", "10.00"), (3, "1.000", "150.00"),
    )]  # fmt: skip
    cheese = [(day, "Queso", quantity, total, "") for day, quantity, total in (
        (0, "0.620", "111.60"), (1, "0.500", "90.00"), (2, "0.139", "25.00"), (3, "1.240", "223.20"),
    )]  # fmt: skip
    bring_lines(shop, tmp_path, *salami, *cheese)
    found = {each.name: each for each in read_catalog(shop)}
    assert (found["Salami"].is_sold_by_amount, found["Queso"].is_sold_by_amount) == (True, False)
    assert found["Salami"].price_cents == 150_00  # of the one whole pound
    assert found["Queso"].price_cents == 180_00  # weighed, not asked for by amount


def test_the_owners_cost_is_trusted_more_than_the_tills(shop: Database, tmp_path: Path) -> None:
    bring_lines(shop, tmp_path, (1, "Pan", 2, "10.00", "3.00"), (0, "Pan", 1, "5.00", "0.00"))
    assert only(shop).cost_cents == 3_00  # a cost of 0.00 is one that nobody told
    write_cost(shop, only(shop).product_id, 3_50, LAST)
    assert only(shop).cost_cents == 3_50
    write_cost(shop, only(shop).product_id, 3_75, LAST)
    assert only(shop).cost_cents == 3_75
    write_cost(
        shop, only(shop).product_id, 4_00, LAST + timedelta(days=1)
    )  # after the last sale, before tomorrow
    assert [each.cost_cents for each in read_catalog(shop, LAST + timedelta(days=1))] == [4_00]
    assert [each.cost_cents for each in read_catalog(shop, LAST)] == [3_75]


def test_the_history_holds_changes_only(shop: Database, tmp_path: Path) -> None:
    bring_lines(
        shop, tmp_path,
        *[(days, "Pan", 1, "4.00", "2.50") for days in range(30, 20, -1)],
        *[(days, "Pan", 2, "10.00", "2.50") for days in range(20, 10, -1)],
        *[(days, "Pan", 1, "5.00", "3.00") for days in range(10, 0, -1)],
    )  # fmt: skip
    assert read_price_history(shop, only(shop).product_id) == (
        PriceChange(LAST - timedelta(days=30), 4_00, 2_50),
        PriceChange(LAST - timedelta(days=20), 5_00, 2_50),
        PriceChange(LAST - timedelta(days=10), 5_00, 3_00),
    )
    write_cost(shop, only(shop).product_id, 3_20, LAST - timedelta(days=5))
    assert read_price_history(shop, only(shop).product_id)[-1] == PriceChange(
        LAST - timedelta(days=5), 5_00, 3_20
    )


def test_rounding_of_weighed_goods_is_no_change_of_price(shop: Database, tmp_path: Path) -> None:
    weights = (1.234, 0.333, 0.871, 2.005, 0.127)
    lines = [(days, "Queso", f"{w:.3f}", f"{round(w * 180.0, 2):.2f}", "") for days, w in enumerate(weights)]
    bring_lines(shop, tmp_path, *lines)
    assert len(read_price_history(shop, only(shop).product_id)) == 1


def test_the_history_of_a_merged_product_is_that_of_all_its_parts(shop: Database, tmp_path: Path) -> None:
    bring_lines(shop, tmp_path, (9, "Pan", 1, "4.00", ""), (1, "PAN", 1, "5.00", ""))
    merge_products(shop, 1, [2], NOW)
    prices = [(change.day, change.price_cents) for change in read_price_history(shop, 2)]
    assert prices == [(LAST - timedelta(days=9), 4_00), (LAST - timedelta(days=1), 5_00)]


def test_the_supplier_of_a_merged_product_is_its_own_or_that_of_its_part(
    shop: Database, tmp_path: Path
) -> None:
    bring_lines(
        shop, tmp_path, (9, "Pan", 1, "4.00", ""), (1, "PAN", 1, "5.00", ""), (1, "Ron", 1, "9.00", "")
    )
    write_supplier(shop, 2, "Panadería")
    assert read_suppliers(shop) == {2: "Panadería"}
    merge_products(shop, 1, [2], NOW)
    assert read_suppliers(shop) == {1: "Panadería"}
    write_supplier(shop, 1, "Molinos")
    assert read_suppliers(shop) == {1: "Molinos"}


def test_an_empty_shop(shop: Database) -> None:
    assert read_catalog(shop) == ()
    assert read_price_history(shop, 7) == ()
    write_cost(shop, 7, 1_00, LAST)  # of nothing: nothing is written
    assert shop.read("SELECT * FROM product_cost") == []


@pytest.mark.slow
def test_a_big_catalog_is_read_at_once(shop: Database) -> None:
    """1,000 products in 1,000,000 lines of three years."""
    first = day_number(LAST) - 1000
    with shop.transaction() as connection:
        connection.execute("INSERT INTO batch (id, file, preset, imported_at) VALUES (1, 'x', 'x', 0)")
        connection.executemany(
            "INSERT INTO product (id, name) VALUES (?, ?)", ((key, f"p{key}") for key in range(1, 1001))
        )
        sales = (
            (key, 1, key, key, 0, (first + key // 333) * 86400, 1, 0, 300, 3, 3000, 0)
            for key in range(1, 333_001)
        )
        connection.executemany(
            "INSERT INTO sale (id, batch_id, number, number_key, fingerprint, sold_at, has_time, kind,"
            " total_cents, line_count, units_milli, payment) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            sales,
        )
        connection.executemany(
            "INSERT INTO sale_line (sale_id, line_no, product_id, quantity_milli, amount_cents)"
            " VALUES (?, ?, ?, 1000, 100)",
            (
                (sale, line, 1 + (sale * 7 + line * 131) % 999)
                for sale in range(1, 333_001)
                for line in range(3)
            ),
        )
        connection.execute("INSERT INTO daily VALUES (?, 1, 1, 1, 1, 0)", (day_number(LAST),))
    took = []
    for _round in range(3):
        started = time.perf_counter()
        assert len(read_catalog(shop)) == 1000
        took.append(time.perf_counter() - started)
    assert min(took) < 0.5
