"""What holds no sales is told apart and answered with what to export instead; sales are never refused."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from colmado_insights.errors import NotSales, ShopError
from colmado_insights.storage.importing.presets import refused
from tests.storage.presets.made import DATA, mutate

FOLDER = DATA / "refused"


def answers() -> list[tuple[str, str, str]]:
    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as stream:
        return [(row[0], row[1], row[2]) for row in list(csv.reader(stream))[1:]]


def refuse(path: Path) -> ShopError | None:
    return refused.refuse(path, path.read_bytes()[: 256 * 1024])


def test_every_file_has_its_answer_written_beside_it() -> None:
    names = {path.name for path in FOLDER.iterdir()} - {"expected.csv"}
    assert names == {name for name, _what, _todo in answers()}


@pytest.mark.parametrize(("name", "what", "todo"), answers())
def test_it_says_what_the_file_is_and_what_to_export(name: str, what: str, todo: str) -> None:
    error = refuse(FOLDER / name)
    assert isinstance(error, NotSales)
    assert what in error.what
    assert todo in error.todo


@pytest.mark.parametrize(("name", "what", "todo"), answers())
def test_the_name_of_the_file_does_not_matter(name: str, what: str, todo: str, tmp_path: Path) -> None:
    copy = tmp_path / "ventas.csv"
    copy.write_bytes((FOLDER / name).read_bytes())
    error = refuse(copy)
    assert error is not None
    assert what in error.what


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("export_items.csv", "catálogo"),
        ("export_items_es.csv", "catálogo"),
        ("lista-precios.csv", "catálogo"),
        ("customers.csv", "lista de clientes"),
    ],
)
def test_catalogs_and_customers_have_pages_of_their_own(name: str, what: str) -> None:
    error = refuse(DATA / "catalogs" / name)
    assert isinstance(error, NotSales)
    assert what in error.what
    assert ("Productos" in error.todo) == (what == "catálogo")


def sales_files() -> list[Path]:
    folders = [DATA / name for name in ("square", "shopify", "odoo", "vend", "erpnext")]
    paths = [path for folder in folders for path in folder.rglob("*.*") if path.name != "expected.csv"]
    return sorted([*paths, *DATA.glob("receipts*.csv")])


@pytest.mark.parametrize("path", sales_files(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_sales_are_not_refused(path: Path) -> None:
    assert refuse(path) is None


def test_receipts_under_the_title_of_a_closing_are_sales(tmp_path: Path) -> None:
    path = tmp_path / "cierre.csv"
    path.write_text(
        "CIERRE DE CAJA 19/09/2026\n\nRecibo,Fecha,Producto,Cantidad,Total\n"
        "1,19/09/2026 08:00,Pan,2,20.00\n1,19/09/2026 08:00,Leche,1,60.00\n2,19/09/2026 08:20,Pan,1,10.00\n",
        encoding="utf-8",
    )
    assert refuse(path) is None


def test_a_607_in_another_encoding_and_without_its_first_line_is_known(tmp_path: Path) -> None:
    lines = (FOLDER / "DGII_F_607_101000236_202606.TXT").read_text().splitlines(keepends=True)
    path = tmp_path / "607.txt"
    path.write_text("".join(lines[1:]), encoding="utf-8-sig")
    error = refuse(path)
    assert error is not None
    assert "607" in error.what


@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b"\x89PNG....", b"hola", b"{}", b"PK\x03\x04nada"])
def test_what_is_nothing_at_all_is_left_to_the_readers(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    assert refuse(path) is None


def test_broken_files_never_break_it(tmp_path: Path) -> None:
    chance = random.Random(25)
    sources = sorted(path for path in FOLDER.iterdir() if path.name != "expected.csv")
    for turn in range(200):
        source = sources[turn % len(sources)]
        path = tmp_path / source.name
        path.write_bytes(mutate(chance, source.read_bytes()))
        error = refuse(path)
        assert error is None or error.what.strip()
