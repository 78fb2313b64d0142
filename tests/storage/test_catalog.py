"""Names get small ids, once, and products their category as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from colmado_insights.domain import CATEGORY_CODE, Category, CategorySource
from colmado_insights.storage.catalog import NameTable, ProductTable, read_category_codes, read_products
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database
from tests.storage.till import Guess, no_categories


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def test_names_keep_their_ids_and_nobody_is_0(shop: Database) -> None:
    first = NameTable(shop.connection, "customer").ids(["Ana", "", "Beto", "Ana"])
    assert first.tolist() == [1, 0, 2, 1]
    assert NameTable(shop.connection, "customer").ids(["Caro", "Beto"]).tolist() == [3, 2]


def test_products_are_told_apart_by_code_and_found_without_it(shop: Database) -> None:
    table = ProductTable(shop.connection, no_categories)
    assert table.ids(["Pan", "Pan", "Pan", "Sal"], ["1", "2", "1", "9"], [""] * 4).tolist() == [1, 2, 1, 3]
    again = ProductTable(shop.connection, no_categories)
    assert again.ids(["Sal", "Sal"], ["", "9"], ["", ""]).tolist() == [3, 3]
    assert again.ids(["Pan"], [""], [""]).tolist() == [4]  # which of the two codes cannot be known


def test_a_category_is_asked_once_for_each_new_product(shop: Database) -> None:
    asked: list[tuple[list[str], list[str]]] = []

    def categorize(names: Sequence[str], pos: Sequence[str]) -> list[Guess]:
        asked.append((list(names), list(pos)))
        return [Guess(Category.BAKERY, CategorySource.RULES, 0.9) for _name in names]

    table = ProductTable(shop.connection, categorize)
    table.ids(["Pan", "Pan", "Sal"], ["", "", ""], ["Panadería", "Panadería", ""])
    table.ids(["Pan"], [""], [""])
    assert asked == [(["Pan", "Sal"], ["Panadería", ""])]
    products = read_products(shop)
    assert products["name"].tolist() == ["Pan", "Sal"]
    assert products["source"].tolist() == ["rules", "rules"]
    codes = read_category_codes(shop)
    assert codes[products["product_id"].to_numpy()].tolist() == [CATEGORY_CODE[Category.BAKERY]] * 2


def test_an_empty_shop_has_no_products(shop: Database) -> None:
    assert len(read_products(shop)) == 0
    assert read_category_codes(shop).tolist() == [CATEGORY_CODE[Category.OTHER]]
