"""Brands in product names: those the vocabulary knows, those the catalogue shows, and words that are none."""

from __future__ import annotations

import csv

import pytest

from colmado_insights.analytics.brands import BrandWords, ProductBrand, find_brands, read_brand_words
from colmado_insights.config import resource
from colmado_insights.domain import CATEGORY_CODE, Category


@pytest.fixture(scope="module")
def words() -> BrandWords:
    return read_brand_words(resource("vocabulary/categories.toml"))


def brands_of(words: BrandWords, *names: str, category: Category = Category.STAPLES) -> list[str]:
    found = find_brands([(i, name, CATEGORY_CODE[category]) for i, name in enumerate(names)], words)
    return [found[i].brand if i in found else "" for i in range(len(names))]


def test_known_brands_are_found_whatever_their_place_and_spelling(words: BrandWords) -> None:
    names = ("Salami Induveca 1 lb", "LECHE RICA 1L", "Ron Brugal Extra Viejo 700ml", "pan pepin 500g")
    assert brands_of(words, *names) == ["Induveca", "Rica", "Brugal Extra Viejo", "Pepin"]


def test_a_brand_of_several_things_is_one(words: BrandWords) -> None:
    names = (
        "Presidente Grande 22oz",
        "Presidente Light Lata 10oz",
        "Ron Brugal 350ml",
        "Ron Brugal Extra Viejo 700ml",
    )
    assert brands_of(words, *names, category=Category.ALCOHOL) == ["Presidente"] * 2 + ["Brugal"] * 2


def test_all_products_of_a_brand_are_spelt_alike(words: BrandWords) -> None:
    assert (
        brands_of(words, "SALAMI INDUVECA LB", "Salchicha Induveca 5oz", "Jamon Induveca") == ["Induveca"] * 3
    )


def test_a_brand_nobody_knows_is_learnt_when_it_is_repeated(words: BrandWords) -> None:
    assert brands_of(words, "Arroz Zabalta 5 lb", "Arroz Zabalta 10 lb", "Arroz Suelto Lb", "Azúcar Suelta Lb") == [
        "Zabalta", "Zabalta", "", "",
    ]  # fmt: skip
    assert brands_of(words, "Arroz Zabalta 5 lb", "Arroz Suelto Lb") == ["", ""]


@pytest.mark.parametrize(
    "name", ["Arroz 5 lb", "Huevo Blanco Unidad", "Pan de Agua", "Cebolla Roja Lb", "22oz", "", "VARIOS"]
)
def test_plain_names_have_no_brand(words: BrandWords, name: str) -> None:
    assert brands_of(words, name, name) == ["", ""]


def test_the_thing_is_told_beside_the_brand(words: BrandWords) -> None:
    found = find_brands([(7, "Arroz La Garza 10 lb", CATEGORY_CODE[Category.STAPLES])], words)
    assert found == {7: ProductBrand("La Garza", "arroz")}


def test_the_sample_catalogue_has_its_brands_and_no_generic_words(words: BrandWords) -> None:
    with resource("demo/products.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = find_brands(
        [(i, row["name"], CATEGORY_CODE[Category(row["category"])]) for i, row in enumerate(rows)], words
    )
    names = {brand.brand for brand in found.values()}
    assert {
        "Presidente",
        "Bohemia",
        "Brugal",
        "Barceló",
        "Rica",
        "Induveca",
        "Coca-Cola",
        "Pepsi",
        "Goya",
    } <= names
    assert (
        not {"Suelto", "Suelta", "Arroz", "Café", "Jabón", "Unidad", "Grande", "Galón", "Coco", "Papel"}
        & names
    )
    loose = {i for i, row in enumerate(rows) if row["category"] == "fresh"}
    assert len(loose & found.keys()) <= 0.05 * len(loose)
