"""A correction teaches the same product in another size and spelling, and never what is surer of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from colmado_insights.domain import CATEGORIES, Category, CategorySource, day_number
from colmado_insights.storage.corrections import read_taught, undo_category, write_category
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.intake import import_files
from colmado_insights.storage.importing.product_lists import import_catalog
from colmado_insights.storage.lessons import Likeness, Nearness
from colmado_insights.storage.products import read_catalog
from colmado_insights.storage.sales import read_sales
from colmado_insights.storage.schema import open_database
from tests.storage.till import NOW, Guess, write_rows

SAME, ALIKE = Nearness.SAME_WORDS, Nearness.ALIKE
BATIDAS = [
    "BATIDA LA CREMA 8OZ",
    "BATIDA LA CREMA 16 OZ",
    "Batida La Crema gde",
    "BAT. CREMA",
    "BATIDA FRESA 8OZ",
]
HEADER = ("Recibo", "Fecha", "Producto", "Cantidad", "Total", "Categoría")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def guess(names: Sequence[str], departments: Sequence[str]) -> list[Guess]:
    """The till's department is believed; shakes are thought drinks, surely, and "bat." is not known."""
    found = []
    for name, department in zip(names, departments, strict=True):
        if department:
            found.append(Guess(Category.SNACKS, CategorySource.POS, 0.95))
        elif name.lower().startswith("batida"):
            found.append(Guess(Category.BEVERAGES, CategorySource.RULES, 0.9))
        else:
            found.append(Guess())
    return found


def bring(shop: Database, folder: Path, names: Sequence[str], department: str = "") -> None:
    """Import a sale of each name, one a day."""
    rows = [
        (f"{names[0]}-{day}", f"{day:02d}/03/2026 08:00", name, 1, 25, department)
        for day, name in enumerate(names, 1)
    ]
    path = write_rows(folder / f"{abs(hash(names[0]))}.csv", rows, HEADER)
    import_files(shop, [path], categorize=guess, now=NOW)


def said(shop: Database) -> dict[str, tuple[Category, CategorySource, float]]:
    return {each.name: (each.category, each.source, each.confidence) for each in read_catalog(shop)}


def product(shop: Database, name: str) -> int:
    return int(shop.read_one("SELECT id FROM product WHERE name = ?", (name,)))


@pytest.mark.parametrize(
    ("first", "other", "nearness"),
    [
        ("BATIDA LA CREMA 8OZ", "BATIDA LA CREMA 16 OZ", SAME),
        ("BATIDA LA CREMA 8OZ", "Batida de la Crema (grande)", SAME),
        ("Coca-Cola 2 Lt", "COCACOLA LATA", SAME),
        ("Pan Sobao", "PAN SOBAO", Nearness.SAME_NAME),
        ("CERV PTE GDE", "Cerveza Presidente pequeña", ALIKE),
        ("Habichuela Roja lb", "HAB ROJA LB", ALIKE),
        ("Salchicha", "SALSHICHAS 5/1", ALIKE),
        ("BTDA CREMA", "BATIDA CREMA", ALIKE),
        ("BATIDA LA CREMA", "BATIDA FRESA", None),
        ("Arroz Campos 5 lb", "Arroz Bisono 5 lb", None),
        ("Coca Cola", "Coca Cola Zero", None),
        ("Pan", "Panal", None),
        ("Rosa", "Roja", None),
        ("500", "5 lb", None),
        ("", "", Nearness.SAME_NAME),
    ],
)
def test_likeness(first: str, other: str, nearness: Nearness | None) -> None:
    assert Likeness([(7, other)]).find(first) == ({7: nearness} if nearness is not None else {})
    assert Likeness([(7, first)]).find(other) == ({7: nearness} if nearness is not None else {})


def test_another_size_and_spelling_follow_at_once_in_all_history(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, BATIDAS)
    before = said(shop)
    change = write_category(shop, [product(shop, BATIDAS[0])], Category.BAKERY, NOW)
    owner = CategorySource.OWNER
    assert said(shop) == {
        "BATIDA LA CREMA 8OZ": (Category.BAKERY, owner, 1.0),
        "BATIDA LA CREMA 16 OZ": (Category.BAKERY, owner, 0.97),
        "Batida La Crema gde": (Category.BAKERY, owner, 0.97),
        "BAT. CREMA": (Category.BAKERY, owner, 0.8),
        "BATIDA FRESA 8OZ": (Category.BEVERAGES, CategorySource.RULES, 0.9),
    }
    assert read_taught(shop, change) == ("BATIDA LA CREMA 16 OZ", "Batida La Crema gde", "BAT. CREMA")
    day = day_number(date(2026, 3, 1))
    lines = read_sales(shop, day, day + 9).lines
    assert (lines["category"] == CATEGORIES.index(Category.BAKERY)).sum() == 4
    undo_category(shop, change, NOW)
    assert said(shop) == before
    assert read_taught(shop, change) == ()


def test_the_days_of_those_taught_are_understood_anew(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, BATIDAS)
    connection = shop.connection
    write_category(shop, [product(shop, BATIDAS[0])], Category.BAKERY, NOW)
    touched = {day for (day,) in connection.execute("SELECT day FROM resorted_day")}
    assert touched == {day_number(date(2026, 3, day)) for day in (1, 2, 3, 4)}


def test_a_product_that_comes_later_has_learnt_it(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, BATIDAS[:1])
    change = write_category(shop, [product(shop, BATIDAS[0])], Category.BAKERY, NOW)
    bring(shop, tmp_path, BATIDAS[1:])
    assert {name for name, (category, *_rest) in said(shop).items() if category is Category.BAKERY} == {
        *BATIDAS[:4]
    }
    undo_category(shop, change, NOW)
    assert said(shop)["BATIDA LA CREMA 16 OZ"] == (Category.BEVERAGES, CategorySource.RULES, 0.9)
    assert said(shop)["BAT. CREMA"] == (Category.OTHER, CategorySource.NONE, 0.0)


def test_the_tills_own_category_is_never_overruled(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, BATIDAS[:1])
    bring(shop, tmp_path, BATIDAS[1:2], "Dulces")
    write_category(shop, [product(shop, BATIDAS[0])], Category.BAKERY, NOW)
    bring(shop, tmp_path, BATIDAS[2:3], "Dulces")
    pos = (Category.SNACKS, CategorySource.POS, 0.95)
    assert [said(shop)[name] for name in BATIDAS[1:3]] == [pos, pos]


def test_a_list_that_tells_the_category_later_overrules_what_was_only_learnt(
    shop: Database, tmp_path: Path
) -> None:
    bring(shop, tmp_path, BATIDAS[:2])
    change = write_category(shop, [product(shop, BATIDAS[0])], Category.BAKERY, NOW)
    path = tmp_path / "list.csv"
    rows = "".join(f"{number},{name},Dulces,N,,,50.00,5\n" for number, name in enumerate(BATIDAS[:2]))
    path.write_text(
        "SKU,Name,Category,Sold by weight,Cost,Barcode,Price [Colmado],In stock [Colmado]\n" + rows,
        encoding="utf-8",
    )
    import_catalog(shop, path, categorize=guess, day=NOW.date())
    pos = (Category.SNACKS, CategorySource.POS, 0.95)
    assert said(shop)[BATIDAS[0]] == (Category.BAKERY, CategorySource.OWNER, 1.0)
    assert said(shop)[BATIDAS[1]] == pos
    undo_category(shop, change, NOW)
    assert [said(shop)[name] for name in BATIDAS[:2]] == [pos, pos]


def test_a_sure_rule_on_a_product_only_alike_stands(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, ["BAT. CREMA", "BATIDA LA CREMA 8OZ"])
    write_category(shop, [product(shop, "BAT. CREMA")], Category.PERSONAL_CARE, NOW)
    assert said(shop)["BATIDA LA CREMA 8OZ"] == (Category.BEVERAGES, CategorySource.RULES, 0.9)


def test_the_owners_own_word_on_a_product_stands_above_what_it_learns(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, BATIDAS[:3])
    own = write_category(shop, [product(shop, BATIDAS[1])], Category.SNACKS, NOW)
    write_category(shop, [product(shop, BATIDAS[0])], Category.BAKERY, NOW)
    found = said(shop)
    assert [found[name][0] for name in BATIDAS[:3]] == [Category.BAKERY, Category.SNACKS, Category.BAKERY]
    undo_category(shop, own, NOW)
    assert said(shop)[BATIDAS[1]] == (Category.BAKERY, CategorySource.OWNER, 0.97)


def test_several_chosen_at_once_are_all_the_owners_word(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, BATIDAS[:3])
    chosen = [product(shop, name) for name in BATIDAS[:2]]
    change = write_category(shop, chosen, Category.BAKERY, NOW)
    assert [said(shop)[name][2] for name in BATIDAS[:3]] == [1.0, 1.0, 0.97]
    assert read_taught(shop, change) == (BATIDAS[2],)
