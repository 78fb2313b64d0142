"""Lists of products give costs and categories to what is known, and are kept for what is still to be sold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from colmado_insights.domain import CatalogProduct, Category, CategorySource, day_number
from colmado_insights.errors import UnknownColumns
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.storage.corrections import undo_category, write_category
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.history import undo_batch
from colmado_insights.storage.importing.product_lists import import_catalog
from colmado_insights.storage.products import read_catalog, write_cost
from colmado_insights.storage.sales import count_known
from colmado_insights.storage.schema import open_database
from colmado_insights.storage.stock import write_stock
from tests.storage.till import NOW, Guess, bring_one, write_rows

SALES = ("Recibo", "Fecha", "Código", "Producto", "Cantidad", "Total")
LIST = ("Código", "Descripción", "Departamento", "Precio costo", "Precio venta")
DAY = date(2026, 11, 20)
FOLDER = Path(__file__).parent.parent / "data" / "catalogs"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def by_department(names: Sequence[str], departments: Sequence[str]) -> list[Guess]:
    """A categoriser that believes one department."""
    drinks = Guess(Category.BEVERAGES, CategorySource.POS, 0.95)
    return [drinks if department == "Bebidas" else Guess() for department in departments]


def sell(shop: Database, folder: Path, *products: tuple[str, str]) -> int:
    rows = [(n, f"02/11/2026 08:{n:02d}", code, name, 1, 50) for n, (code, name) in enumerate(products, 1)]
    batch = bring_one(shop, write_rows(folder / "sales.csv", rows, SALES)).batch
    assert batch is not None
    return batch


def take(shop: Database, folder: Path, *rows: tuple[object, ...], day: date = DAY) -> tuple[int, int]:
    return import_catalog(
        shop, write_rows(folder / "list.csv", rows, LIST), categorize=by_department, day=day
    )


def found(shop: Database) -> dict[str, CatalogProduct]:
    return {product.name: product for product in read_catalog(shop)}


def test_products_are_found_by_code_or_by_name(shop: Database, tmp_path: Path) -> None:
    sell(shop, tmp_path, ("7460001", "REFRESCO ROJO"), ("", "Café Santo Domingo"), ("12", "Pan"))
    counts = take(
        shop, tmp_path,
        ("7460001", "Refresco rojo 2L", "Bebidas", "50.00", "75.00"),
        ("", "CAFE SANTO DOMINGO", "Varios", "110.00", "140.00"),
        ("12", "Escoba", "Hogar", "90.00", "150.00"),  # a short code that another shop gave to something else
    )  # fmt: skip
    assert counts == (2, 4)
    products = found(shop)
    red, coffee, bread = products["REFRESCO ROJO"], products["Café Santo Domingo"], products["Pan"]
    assert (red.cost_cents, red.category, red.source) == (50_00, Category.BEVERAGES, CategorySource.POS)
    assert (coffee.cost_cents, coffee.category) == (110_00, Category.OTHER)
    assert bread.cost_cents is None
    assert take(shop, tmp_path, ("7460001", "Refresco rojo 2L", "Bebidas", "50.00", "75.00")) == (1, 0)


def test_what_nobody_sold_yet_is_known_when_it_is(shop: Database, tmp_path: Path) -> None:
    rows = [
        ("7460001", "Refresco rojo", "Bebidas", "50.00", "75.00"),
        ("", "Malta", "Bebidas", "30.00", "45.00"),
    ]
    assert take(shop, tmp_path, *rows) == (0, 2)
    assert count_known(shop) == (0, 0)
    unsold = found(shop)["Malta"]
    assert (unsold.cost_cents, unsold.last_sold, unsold.price_cents) == (30_00, None, None)
    before = shop.read("SELECT * FROM product")
    batch = sell(shop, tmp_path, ("", "Refresco rojo"), ("999123", "Malta"))
    assert count_known(shop) == (0, 2)
    assert [(each.category, each.cost_cents, each.revenue_cents) for each in found(shop).values()] == [
        (Category.BEVERAGES, 30_00, 50_00), (Category.BEVERAGES, 50_00, 50_00),
    ]  # fmt: skip
    undo_batch(shop, batch, now=NOW)
    assert shop.read("SELECT * FROM product") == before


def test_the_owners_category_stays_and_the_lists_comes_back_with_the_undo(
    shop: Database, tmp_path: Path
) -> None:
    sell(shop, tmp_path, ("", "Malta"))
    change = write_category(shop, [1], Category.ALCOHOL, NOW)
    take(shop, tmp_path, ("", "Malta", "Bebidas", "", "45.00"))
    assert (found(shop)["Malta"].category, found(shop)["Malta"].source) == (
        Category.ALCOHOL, CategorySource.OWNER,
    )  # fmt: skip
    undo_category(shop, change, NOW)
    assert (found(shop)["Malta"].category, found(shop)["Malta"].source) == (
        Category.BEVERAGES, CategorySource.POS,
    )  # fmt: skip


def test_a_list_that_repeats_itself_does_not_undo_the_owners_cost(shop: Database, tmp_path: Path) -> None:
    sell(shop, tmp_path, ("", "Malta"))
    row = ("", "Malta", "Bebidas", "30.00", "45.00")
    take(shop, tmp_path, row, day=date(2026, 11, 1))
    write_cost(shop, 1, 33_00, date(2026, 11, 10))
    take(shop, tmp_path, row)
    assert found(shop)["Malta"].cost_cents == 33_00
    take(shop, tmp_path, ("", "Malta", "Bebidas", "35.00", "50.00"))
    assert found(shop)["Malta"].cost_cents == 35_00
    write_cost(shop, 1, 34_00, DAY)
    take(shop, tmp_path, ("", "Malta", "Bebidas", "36.00", "50.00"))
    assert found(shop)["Malta"].cost_cents == 34_00


def stocks(shop: Database) -> list[tuple[int, int, int]]:
    rows = shop.read("SELECT product_id, day, stock_milli FROM product_stock ORDER BY product_id, day")
    return [(product, day - day_number(DAY), stock) for product, day, stock in rows]


def test_stock_and_supplier_come_with_the_list(shop: Database, tmp_path: Path) -> None:
    sell(shop, tmp_path, ("", "Malta"), ("", "Pan"))
    header = ("Producto", "Costo", "Suplidor", "Existencia")
    path = write_rows(
        tmp_path / "a.csv", [("Malta", "30", "Nacional", "24"), ("Ron", "300", "", "2.5")], header
    )
    counts = import_catalog(shop, path, categorize=by_department, day=DAY)
    assert counts == (1, 5)  # two costs, a supplier, two counts
    assert stocks(shop) == [(1, 0, 24_000), (3, 0, 2_500)]
    assert shop.read("SELECT supplier FROM product ORDER BY id") == [("Nacional",), ("",), ("",)]


def test_the_same_list_again_is_no_new_count(shop: Database, tmp_path: Path) -> None:
    sell(shop, tmp_path, ("", "Malta"), ("", "Pan"))
    header = ("Producto", "Costo", "Existencia")
    rows = [("Malta", "30", "24"), ("Pan", "3", "50")]
    import_catalog(shop, write_rows(tmp_path / "a.csv", rows, header), categorize=by_department, day=DAY)
    later = DAY + timedelta(days=7)
    import_catalog(shop, write_rows(tmp_path / "b.csv", rows, header), categorize=by_department, day=later)
    assert stocks(shop) == [(1, 0, 24_000), (2, 0, 50_000)]
    rows[0] = ("Malta", "30", "12")
    import_catalog(shop, write_rows(tmp_path / "c.csv", rows, header), categorize=by_department, day=later)
    assert stocks(shop) == [(1, 0, 24_000), (1, 7, 12_000), (2, 0, 50_000), (2, 7, 50_000)]


def test_what_the_owner_counted_that_day_stays(shop: Database, tmp_path: Path) -> None:
    sell(shop, tmp_path, ("", "Malta"))
    write_stock(shop, 1, 20_000, DAY)
    path = write_rows(tmp_path / "a.csv", [("Malta", "30", "24")], ("Producto", "Costo", "Existencia"))
    import_catalog(shop, path, categorize=by_department, day=DAY)
    assert stocks(shop) == [(1, 0, 20_000)]


@pytest.mark.parametrize("name", ["export_items.csv", "export_items_es.csv", "lista-precios.csv"])
def test_lists_as_tills_write_them(shop: Database, name: str) -> None:
    import_catalog(shop, FOLDER / name, categorize=by_department, day=DAY)
    assert len(read_catalog(shop)) >= 4
    assert any(product.cost_cents for product in read_catalog(shop))


def test_other_files_are_refused_and_a_stop_leaves_nothing(shop: Database, tmp_path: Path) -> None:
    with pytest.raises(UnknownColumns):
        import_catalog(shop, FOLDER / "customers.csv", categorize=by_department, day=DAY)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        import_catalog(
            shop, FOLDER / "export_items.csv", categorize=by_department, day=DAY, progress=progress
        )
    assert read_catalog(shop) == ()
