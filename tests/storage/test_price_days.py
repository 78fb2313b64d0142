"""Each product's days: units at the day's price, and apart from them amounts, favours, refunds; and what it cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from colmado_insights.domain import PRICE_DAY_COLUMNS, day_number
from colmado_insights.storage.corrections import merge_products
from colmado_insights.storage.database import Database
from colmado_insights.storage.price_days import read_costs_state, read_price_days
from colmado_insights.storage.products import write_cost
from colmado_insights.storage.schema import open_database
from tests.storage.till import LAST, NOW, bring_lines


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def days_of(shop: Database, days: int = 30) -> list[dict[str, Any]]:
    last = day_number(LAST)
    frame = read_price_days(shop, last - days + 1, last)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == PRICE_DAY_COLUMNS
    return frame.to_dict("records")


def test_a_day_has_its_units_its_price_and_its_revenue(shop: Database, tmp_path: Path) -> None:
    bring_lines(shop, tmp_path, (1, "Pan", 2, "10.00", "3.00"), (1, "Pan", 1, "5.00", "3.00"))
    (day,) = days_of(shop)
    assert day["day"] == day_number(LAST) - 1
    assert (day["price_cents"], day["is_exact"], day["cost_cents"]) == (5_00, True, 3_00)
    assert (day["units_milli"], day["lines"], day["revenue_cents"]) == (3000, 2, 15_00)
    assert (day["by_amount_lines"], day["off_lines"], day["unclear_lines"]) == (0, 0, 0)
    assert day["round_lines"] == 2


def test_what_was_asked_for_by_amount_stands_apart_and_sets_no_price(shop: Database, tmp_path: Path) -> None:
    """25 pesos of what costs 80 a pound are 0.313 pounds; 30 and 35 pesos are asked for as well."""
    bring_lines(
        shop, tmp_path, (0, "Salami", 1, "80.00", ""), (0, "Salami", "0.313", "25.00", ""),
        (0, "Salami", "0.438", "35.00", ""),
    )  # fmt: skip
    (day,) = days_of(shop)
    assert (day["by_amount_lines"], day["by_amount_milli"]) == (2, 751)
    assert (day["units_milli"], day["price_cents"], day["is_exact"]) == (1000, 80_00, True)


def test_half_a_pound_for_a_round_amount_may_be_either(shop: Database, tmp_path: Path) -> None:
    bring_lines(shop, tmp_path, (0, "Queso", "0.5", "50.00", ""), (0, "Queso", "1", "100.00", ""))
    (day,) = days_of(shop)
    assert (day["unclear_lines"], day["unclear_milli"]) == (1, 500)
    assert (day["by_amount_lines"], day["units_milli"]) == (0, 1000)


def test_a_discount_is_another_price_than_the_day_s(shop: Database, tmp_path: Path) -> None:
    whole = [(0, "Ron", 1, "300.00", "")] * 3
    bring_lines(shop, tmp_path, *whole, (0, "Ron", 1, "290.00", ""))
    (day,) = days_of(shop)
    assert (day["price_cents"], day["off_lines"], day["off_milli"]) == (300_00, 1, 1000)
    assert (day["units_milli"], day["revenue_cents"]) == (3000, 1190_00)


def test_a_refund_is_no_purchase(shop: Database, tmp_path: Path) -> None:
    bring_lines(shop, tmp_path, (0, "Pan", 4, "20.00", ""), (0, "Pan", -1, "-5.00", ""))
    (day,) = days_of(shop)
    assert (day["lines"], day["units_milli"], day["returned_milli"]) == (1, 4000, 1000)
    assert (day["revenue_cents"], day["price_cents"]) == (15_00, 5_00)


def test_whole_units_tell_the_price_before_fractions_do(shop: Database, tmp_path: Path) -> None:
    fractions = [(0, "Queso", "0.437", "78.70", "")] * 3
    bring_lines(shop, tmp_path, *fractions, (0, "Queso", 1, "180.00", ""), (1, "Queso", "0.437", "78.70", ""))
    before, after = days_of(shop)
    assert (after["price_cents"], after["is_exact"]) == (180_00, True)
    assert before["is_exact"] is False
    assert before["price_cents"] == pytest.approx(180_00, rel=0.002)
    assert after["off_lines"] == 0


def test_what_the_owner_says_of_a_cost_counts_from_its_day_on(shop: Database, tmp_path: Path) -> None:
    bring_lines(
        shop, tmp_path, (9, "Pan", 1, "5.00", "3.00"), (8, "Pan", 1, "5.00", ""), (3, "Pan", 1, "5.00", "3.20"),
        (1, "Café", 1, "9.00", ""),
    )  # fmt: skip
    before = read_costs_state(shop)
    write_cost(shop, 1, 4_00, LAST - timedelta(days=5))
    assert read_costs_state(shop) != before
    costs = [(day["product_id"], day["cost_cents"]) for day in days_of(shop)]
    # As the lines say, as earlier lines said, as the owner says; of coffee nobody said anything.
    assert costs == [(1, 3_00), (1, 3_00), (1, 4_00), (2, 0)]


def test_merged_products_are_one(shop: Database, tmp_path: Path) -> None:
    bring_lines(shop, tmp_path, (0, "Pan", 1, "5.00", ""), (0, "Pan de agua", 2, "10.00", ""))
    merge_products(shop, 1, [2], NOW)
    (day,) = days_of(shop)
    assert (day["product_id"], day["units_milli"]) == (1, 3000)


def test_without_sales_the_frame_is_empty(shop: Database) -> None:
    assert days_of(shop) == []


def test_days_outside_are_not_read(shop: Database, tmp_path: Path) -> None:
    bring_lines(shop, tmp_path, (0, "Pan", 1, "5.00", ""), (20, "Pan", 1, "4.00", ""))
    assert [day["price_cents"] for day in days_of(shop, 10)] == [5_00]
