"""What the owner corrects holds for history and for imports to come, and can be taken back whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colmado_insights.domain import CATEGORIES, Category, CategorySource, day_number
from colmado_insights.storage import health
from colmado_insights.storage.corrections import (
    merge_products,
    read_merges,
    read_not_twins,
    undo_category,
    undo_merge,
    write_category,
    write_not_twins,
)
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.history import undo_batch
from colmado_insights.storage.importing.intake import import_files
from colmado_insights.storage.products import read_catalog, write_cost
from colmado_insights.storage.sales import count_known, read_data_version, read_sales
from colmado_insights.storage.schema import open_database
from tests.storage.till import NOW, Guess, bring_one, write_rows

NAMES = ("Pan sobao", "PAN SOBAO", "Café", "cafe", "Pan sbao 5 lb", "Cafe 5 lb")
LOGS = {"category_change", "product_merge", "setting", "result"}


def guess(names: Sequence[str], _pos: Sequence[str]) -> list[Guess]:
    """A categoriser that knows bread only."""
    bread = Guess(Category.BAKERY, CategorySource.RULES, 0.9)
    return [bread if name.lower().startswith("pan") else Guess() for name in names]


def write_file(folder: Path, number: int) -> Path:
    """A file of two days; each has other products, and the last two overlap."""
    rows = []
    for place, name in enumerate(NAMES[number : number + 3]):
        day = 2 + number + place % 2
        rows.append((10 * number + place, f"{day:02d}/03/2026 08:0{place}", name, 1 + place, 25, "", "", ""))
    return write_rows(folder / f"{number}.csv", rows)


def bring(database: Database, folder: Path, number: int) -> int:
    report = import_files(database, [write_file(folder, number)], categorize=guess, now=NOW)[0]
    assert report.batch is not None
    return report.batch


def whole(database: Database) -> dict[str, list[Any]]:
    """Every row of every table but the record of what was corrected."""
    tables = [
        name
        for (name,) in database.read(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    return {
        name: sorted(database.read(f"SELECT * FROM {name}"), key=repr) for name in tables if name not in LOGS
    }


def categories(database: Database) -> dict[str, tuple[Category, CategorySource]]:
    return {each.name: (each.category, each.source) for each in read_catalog(database)}


def product(database: Database, name: str) -> int:
    return int(database.read_one("SELECT id FROM product WHERE name = ?", (name,)))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


# ── categories ──


def test_a_correction_holds_for_history_and_is_taken_back(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, 2)
    before, version = whole(shop), read_data_version(shop)
    change = write_category(shop, [product(shop, "Café")], Category.BEVERAGES, NOW)
    assert categories(shop)["Café"] == (Category.BEVERAGES, CategorySource.OWNER)
    assert read_data_version(shop) > version
    day = day_number(date(2026, 3, 1))
    lines = read_sales(shop, day, day + 30).lines
    sold = {CATEGORIES[code] for code in lines.loc[lines["product_id"] == product(shop, "Café"), "category"]}
    assert sold == {Category.BEVERAGES}
    undo_category(shop, change, NOW)
    assert whole(shop) == before
    undo_category(shop, change, NOW)
    assert whole(shop) == before


def test_an_import_never_changes_what_the_owner_said(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, 0)
    write_category(shop, [product(shop, "Pan sobao")], Category.SNACKS, NOW)
    path = write_rows(
        tmp_path / "more.csv",
        [(900, "09/03/2026 10:00", "Pan sobao", 1, 5, "Panadería")],
        ("Recibo", "Fecha", "Producto", "Cantidad", "Total", "Categoría"),
    )
    import_files(shop, [path], categorize=guess, now=NOW)
    assert categories(shop)["Pan sobao"] == (Category.SNACKS, CategorySource.OWNER)


def test_a_new_product_of_a_corrected_name_gets_the_correction(shop: Database, tmp_path: Path) -> None:
    for number, name in enumerate(("Café", "cafe")):
        write_rows(tmp_path / f"{name}.csv", [(number, "02/03/2026 08:00", name, 1, 25, "", "", "")])
    bring_one(shop, tmp_path / "Café.csv")
    first = write_category(shop, [product(shop, "Café")], Category.SNACKS, NOW)
    second = write_category(shop, [product(shop, "Café")], Category.STAPLES, NOW)
    batch = bring_one(shop, tmp_path / "cafe.csv").batch
    assert batch is not None
    owned = CategorySource.OWNER
    assert categories(shop)["cafe"] == (Category.STAPLES, owned)
    undo_category(shop, second, NOW)
    assert (categories(shop)["cafe"], categories(shop)["Café"]) == ((Category.SNACKS, owned),) * 2
    undo_category(shop, first, NOW)
    assert categories(shop)["cafe"] == (Category.OTHER, CategorySource.NONE)
    write_category(shop, [product(shop, "Café")], Category.SNACKS, NOW)
    undo_batch(shop, batch, now=NOW)
    assert "cafe" not in categories(shop)  # it was never the owner who sorted this one


def test_an_owners_product_stays_when_its_import_is_undone(shop: Database, tmp_path: Path) -> None:
    batch = bring(shop, tmp_path, 2)
    change = write_category(shop, [product(shop, "Café")], Category.SNACKS, NOW)
    undo_batch(shop, batch, now=NOW)
    assert set(categories(shop)) == {"Café"}
    bring(shop, tmp_path, 2)
    assert categories(shop)["Café"] == (Category.SNACKS, CategorySource.OWNER)
    undo_category(shop, change, NOW)
    assert categories(shop)["Café"] == (Category.OTHER, CategorySource.NONE)


# ── merges ──


def test_merged_products_count_as_one_and_part_again(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, 0)
    before = whole(shop)
    kept, other = product(shop, "PAN SOBAO"), product(shop, "Pan sobao")
    apart = {each.product_id: each.revenue_cents for each in read_catalog(shop)}
    write_category(shop, [kept], Category.SNACKS, NOW)
    merge = merge_products(shop, kept, [other], NOW)
    together = {each.product_id: each.revenue_cents for each in read_catalog(shop)}
    assert together == {kept: apart[kept] + apart[other], product(shop, "Café"): 25_00}
    assert count_known(shop) == (0, 2)
    assert count_known(shop, day_number(date(2026, 3, 31))) == (0, 2)
    day = day_number(date(2026, 3, 1))
    lines = read_sales(shop, day, day + 30).lines
    assert other not in set(lines["product_id"])
    assert set(lines.loc[lines["product_id"] == kept, "category"]) == {CATEGORIES.index(Category.SNACKS)}
    ((number, kept_name, other_name),) = (
        (each.merge_id, each.kept_name, each.other_name) for each in read_merges(shop)
    )
    assert (number, kept_name, other_name) == (merge, "PAN SOBAO", "Pan sobao")
    undo_merge(shop, merge, NOW)
    undo_category(shop, 1, NOW)
    assert (whole(shop), read_merges(shop)) == (before, ())


def test_an_import_finds_a_merged_name(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, 0)
    kept, other = product(shop, "Pan sobao"), product(shop, "Café")
    merge_products(shop, kept, [other], NOW)
    sold = {each.product_id: each.units_milli for each in read_catalog(shop)}[kept]
    bring(shop, tmp_path, 2)
    assert product(shop, "Café") == other
    assert {each.product_id: each.units_milli for each in read_catalog(shop)}[kept] == sold + 1000


def test_merges_of_merges_can_be_undone_in_any_order(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, 0)
    first, second, third = (product(shop, name) for name in NAMES[:3])
    before = whole(shop)
    inner = merge_products(shop, second, [first], NOW)
    outer = merge_products(shop, third, [first], NOW)  # which by now is `second`
    assert shop.read("SELECT id, merged_into FROM product ORDER BY id") == [
        (first, third), (second, third), (third, None),
    ]  # fmt: skip
    assert (
        merge_products(shop, first, [second, third, first], NOW) > outer
    )  # all one already: nothing to join
    undo_merge(shop, inner, NOW)
    assert shop.read("SELECT id, merged_into FROM product ORDER BY id") == [
        (first, None), (second, third), (third, None),
    ]  # fmt: skip
    again = merge_products(shop, first, [third], NOW)  # the other way round now
    assert {each.product_id for each in read_catalog(shop)} == {first}
    for merge in (outer, again):
        undo_merge(shop, merge, NOW)
    assert whole(shop) == before


def test_merged_products_outlive_the_undo_of_their_import(shop: Database, tmp_path: Path) -> None:
    batch = bring(shop, tmp_path, 0)
    merge_products(shop, product(shop, "Pan sobao"), [product(shop, "PAN SOBAO")], NOW)
    undo_batch(shop, batch, now=NOW)
    assert health.find_problems(shop) == ()
    assert [each.name for each in read_catalog(shop)] == ["Pan sobao"]
    bring(shop, tmp_path, 0)
    assert {each.name for each in read_catalog(shop)} == {"Pan sobao", "Café"}


def test_pairs_that_are_two_are_remembered(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, 0)
    write_not_twins(shop, 2, 1)
    write_not_twins(shop, 1, 2)
    assert read_not_twins(shop) == {(1, 2)}


def test_a_cost_goes_to_the_product_that_counts(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, 0)
    kept, other = product(shop, "Pan sobao"), product(shop, "PAN SOBAO")
    merge = merge_products(shop, kept, [other], NOW)
    write_cost(shop, other, 3_00, NOW.date())
    assert {each.product_id: each.cost_cents for each in read_catalog(shop)}[kept] == 3_00
    undo_merge(shop, merge, NOW)
    assert {each.product_id: each.cost_cents for each in read_catalog(shop)}[other] is None


# ── whatever the order ──

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("import"), st.integers(0, 3)),
        st.tuples(st.just("undo import"), st.integers(0, 5)),
        st.tuples(st.just("sort"), st.integers(0, 5), st.sampled_from(CATEGORIES)),
        st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
        st.tuples(st.just("undo"), st.integers(0, 5)),
    ),
    min_size=2,
    max_size=12,
)


class Story:
    """Imports with corrections among them, in one database; and the same imports alone, in another."""

    def __init__(self, corrected: Database, plain: Database, folder: Path) -> None:
        self.databases = (corrected, plain)
        self.folder = folder
        self.batches: list[int] = []
        self.standing: list[tuple[str, int]] = []

    def do(self, what: str, *how: Any) -> None:
        corrected, plain = self.databases
        if what == "import":
            self.batches.append(bring(corrected, self.folder, how[0]))
            assert bring(plain, self.folder, how[0]) == self.batches[-1]
        elif what == "undo import" and self.batches:
            batch = self.batches.pop(how[0] % len(self.batches))
            for database in self.databases:
                undo_batch(database, batch, now=NOW)
        elif what == "undo" and self.standing:
            self.take_back(how[0] % len(self.standing))
        elif what in ("sort", "merge") and (
            known := [key for (key,) in corrected.read("SELECT id FROM product")]
        ):
            first = known[how[0] % len(known)]
            if what == "sort":
                self.standing.append((what, write_category(corrected, [first], how[1], NOW)))
            else:
                other = known[how[1] % len(known)]
                self.standing.append((what, merge_products(corrected, first, [other], NOW)))
        assert health.find_problems(corrected) == ()

    def take_back(self, place: int) -> None:
        what, number = self.standing.pop(place)
        (undo_category if what == "sort" else undo_merge)(self.databases[0], number, NOW)


def said(database: Database) -> dict[str, list[Any]]:
    """`whole`, with products by name: ids depend on which of them were kept when an import was undone."""
    names = dict(database.read("SELECT id, name FROM product"))
    rows = whole(database)
    rows["product"] = sorted((row[1:-2] for row in rows["product"]), key=repr)
    rows["sale_line"] = sorted(
        ((sale, number, names[key], *rest) for sale, number, key, *rest in rows["sale_line"]), key=repr
    )
    return rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, order=st.randoms(use_true_random=False))
def test_corrections_taken_back_leave_the_imports_alone(steps: list[Any], order: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_database(folder / "corrected.db") as corrected, open_database(folder / "plain.db") as plain:
            story = Story(corrected, plain, folder)
            for step in steps:
                story.do(*step)
            while story.standing:
                story.take_back(order.randrange(len(story.standing)))
            assert said(corrected) == said(plain)
            assert corrected.read_one("SELECT count(*) FROM product WHERE merged_into IS NOT NULL") == 0


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_corrections_that_stand_are_as_if_the_others_had_never_been(steps: list[Any]) -> None:
    """Of categories alone: a later correction never depends on an earlier one."""
    steps = [step for step in steps if step[0] in ("import", "sort", "undo")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_database(folder / "all.db") as corrected, open_database(folder / "imports.db") as plain:
            story, made = Story(corrected, plain, folder), []
            for step in steps:
                count = len(story.standing)
                story.do(*step)
                sorted_now = step[0] == "sort" and len(story.standing) > count
                made.append((step, story.standing[-1][1] if sorted_now else None))
            kept = {number for _what, number in story.standing}
            with open_database(folder / "kept.db") as again, open_database(folder / "again.db") as unused:
                replay = Story(again, unused, folder)
                for step, change in made:
                    if step[0] == "import" or change in kept:
                        replay.do(*step)
                assert categories(again) == categories(corrected)


def test_an_import_of_the_same_file_after_a_correction_changes_nothing(
    shop: Database, tmp_path: Path
) -> None:
    path = write_file(tmp_path, 0)
    bring_one(shop, path)
    write_category(shop, [1], Category.SNACKS, NOW)
    merge_products(shop, 1, [2], NOW)
    before = said(shop)
    report = bring_one(shop, path)
    assert (report.new, report.unchanged) == (0, 3)
    after = said(shop)
    for table in ("sale", "sale_line", "product", "daily", "hourly"):
        assert after[table] == before[table]
