"""Lists of products and customers are read to the cent, variants and shops included."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from colmado_insights.errors import ShopError, UnknownColumns
from colmado_insights.storage.importing.presets import catalogs
from colmado_insights.storage.importing.presets.catalogs import CatalogItem, CustomerItem
from tests.storage.presets.made import DATA, mutate

FOLDER = DATA / "catalogs"
ITEMS, CUSTOMERS, PRICES = FOLDER / "export_items.csv", FOLDER / "customers.csv", FOLDER / "lista-precios.csv"


def recognise(path: Path) -> float:
    return catalogs.recognise(path, path.read_bytes())


def written(name: str) -> list[CatalogItem]:
    """The products that stand beside the files."""

    def cents(text: str) -> int | None:
        return round(float(text) * 100) if text else None

    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as stream:
        return [
            CatalogItem(
                row["name"],
                row["sku"],
                row["category"],
                cents(row["price"]),
                cents(row["cost"]),
                row["barcode"],
                row["supplier"],
                round(float(row["stock"]) * 1000) if row["stock"] else None,
            )
            for row in csv.DictReader(stream)
            if row["file"] == name
        ]


@pytest.mark.parametrize("name", ["export_items.csv", "export_items_es.csv", "lista-precios.csv"])
def test_products_are_read_as_the_list_tells_them(name: str) -> None:
    path = FOLDER / name
    items = catalogs.read_products(path)
    assert items == written(name)
    assert len(items) >= 4
    assert recognise(path) >= catalogs.LIKELY
    assert not catalogs.lists_customers(path, path.read_bytes())


def test_the_first_shop_with_a_price_gives_it(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(ITEMS.read_text(encoding="utf-8").replace("Y,35.00,", "Y,,"), encoding="utf-8-sig")
    assert catalogs.read_products(path)[0].price_cents == 34_00


def test_shops_stand_in_headers_also_where_nobody_uses_variants(tmp_path: Path) -> None:
    path = tmp_path / "export_items.csv"
    header = "Handle,REF,Nombre,Coste,Proveedor,En inventario [La Bendición],Existencias bajas [La Bendición],Precio [La Bendición]"
    path.write_text(f"{header}\nmalta,1,Malta,30.00,Nacional,-2.5,12,45.00\n", encoding="utf-8")
    assert catalogs.read_products(path) == [
        CatalogItem("Malta", "1", "", 45_00, 30_00, "", "Nacional", -2_500)
    ]


def test_customers_come_with_a_telephone_and_an_address() -> None:
    assert catalogs.read_customers(CUSTOMERS) == [
        CustomerItem("Doña Ana", "809-555-0101"),
        CustomerItem("Luis Peña", email="luis@example.com"),
    ]
    assert recognise(CUSTOMERS) == catalogs.SURE
    assert catalogs.lists_customers(CUSTOMERS, CUSTOMERS.read_bytes())


def test_a_plain_list_of_customers_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "clientes.csv"
    path.write_text("Nombre;Teléfono\nDoña Ana;'8095550101\nLuis;829-555-0102\n", encoding="cp1252")
    assert catalogs.read_customers(path)[0] == CustomerItem("Doña Ana", "8095550101")
    assert catalogs.lists_customers(path, path.read_bytes())


@pytest.mark.parametrize(
    ("header", "row", "item"),
    [
        (
            "Product,Unit Price,Unit Cost,Barcode,SKU,Category",
            'Rice,"1,035.50",28.5,746,A1,Food',
            CatalogItem("Rice", "A1", "Food", 103_550, 2850, "746"),
        ),
        (
            "CODIGO,DESCRIPCION,TVENTA,PCOSTO,PVENTA,DEPT",
            "1,Pan,U,3,5,2",
            CatalogItem("Pan", "1", "2", 500, 300, ""),
        ),
        (
            "Producto,Costo,Precio venta,Existencia,Fecha de creación",
            "Pan,3.00,5.00,8,01/02/2026",
            CatalogItem("Pan", "", "", 500, 300, "", stock_milli=8000),
        ),
        (
            "Producto;Costo;Suplidor;Cantidad",
            "Queso;200,00;Sosúa;2,5",
            CatalogItem("Queso", "", "", None, 200_00, "", "Sosúa", 2500),
        ),
        ("Nombre,Precio RD$", "Pan,$5.00", CatalogItem("Pan", "", "", 500, None, "")),
    ],
)
def test_other_lists_are_read_by_their_words(
    tmp_path: Path, header: str, row: str, item: CatalogItem
) -> None:
    path = tmp_path / "lista.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    assert catalogs.read_products(path) == [item]
    assert recognise(path) >= catalogs.LIKELY


def test_sales_are_no_catalog() -> None:
    folders = [DATA / name for name in ("square", "shopify", "odoo")]
    paths = [path for folder in folders for path in folder.rglob("*.*") if path.name != "expected.csv"]
    for path in [*paths, *DATA.glob("receipts*.csv")]:
        assert recognise(path) == 0, path


@pytest.mark.parametrize(
    "text",
    [
        "Fecha,Producto,Cantidad,Precio,Total\n01/09/2026,Pan,2,5,10\n02/09/2026,Leche,1,40,40\n",
        "Producto,Precio,Cantidad,Hora\nPan,5,2,08:00\nLeche,40,1,08:05\n",
        "Recibo;Producto;Precio\n1;Pan;5,00\n2;Leche;40,00\n",
        "Fecha,Artículo,Precio venta,Costo\n01/09/2026,Pan,5,3\n02/09/2026,Leche,40,30\n",
        "No. Factura,Cliente,Teléfono,Fecha,Monto\n1,Ana,809,01/09/2026,50\n2,Luis,829,01/09/2026,60\n",
        "Folio,Fecha,Cliente,Teléfono\n1,01/09/2026 08:00,Ana,809\n2,01/09/2026 09:00,Luis,829\n",
    ],
)
def test_home_made_sales_are_no_catalog_either(text: str, tmp_path: Path) -> None:
    path = tmp_path / "ventas.csv"
    path.write_text(text, encoding="utf-8")
    assert recognise(path) == 0


@pytest.mark.parametrize("read", [catalogs.read_products, catalogs.read_customers])
def test_what_is_no_list_is_answered_with_a_sentence(read: object, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    with pytest.raises(UnknownColumns) as refused:
        read(path)  # type: ignore[operator]
    assert refused.value.todo


def test_broken_files_are_refused_with_a_sentence_or_read(tmp_path: Path) -> None:
    chance = random.Random(31)
    read = 0
    for turn in range(200):
        source = (ITEMS, CUSTOMERS, PRICES)[turn % 3]
        path = tmp_path / source.name
        path.write_bytes(mutate(chance, source.read_bytes()))
        assert 0 <= recognise(path) <= 1
        for reader in (catalogs.read_products, catalogs.read_customers):
            try:
                reader(path)
                read += 1
            except ShopError as refused:
                assert refused.what.strip()
    assert read > 150
