"""The front door with a real shop behind it: look, correct, bring in, mend, categorise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from colmado_insights.config import Settings
from colmado_insights.domain import CategorySource
from colmado_insights.shop import Shop
from colmado_insights.ui.main_window import MainWindow
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.bad_group_card import BadGroupCard
from colmado_insights.ui.widgets.mapping_editor import MappingEditor
from tests.ui.conftest import FakeTasks
from tests.ui.fake_shop import NOW
from tests.ui.test_pages import press, settle, words_of

SALES = """\
Ticket;Fecha;Articulo;Cant;Importe;Pago
1;05/11/2026 08:12;Pan de agua;10;100,00;Efectivo
1;05/11/2026 08:12;Huevo;6;66,00;Efectivo
2;25/11/2025 08:20;Arroz selecto;5;250,00;Fiado
3;31/31/2026 09:00;Salami;1;140,00;Efectivo
"""
UNNAMED = """\
col1,col2,col3,col4
A1,2026-11-05 08:00,Pan,100.00
A2,2026-11-05 08:05,Leche,75.50
"""


@pytest.fixture
def window(
    tmp_path: Path,
    close_later: Callable[[QWidget], None],
    fake_tasks: FakeTasks,
    apply: Callable[[Settings], Look],
) -> Iterator[MainWindow]:
    with Shop(tmp_path / "shop.db", Settings()) as shop:
        made = MainWindow(shop, fake_tasks, lambda: NOW, apply)  # type: ignore[arg-type]
        close_later(made)
        made.resize(1366, 768)
        made.show()
        yield made


def write(folder: Path, name: str, words: str) -> Path:
    path = folder / name
    path.write_text(words, encoding="utf-8")
    return path


def test_file_is_seen_before_it_comes_in_and_its_bad_row_is_mended(
    window: MainWindow, tmp_path: Path
) -> None:
    page: Any = window.open_page("imports")
    page.bring_files([write(tmp_path, "caja.csv", SALES)])
    words = words_of(page)
    assert "Entrarían 2 compras" in words
    assert "10 × Pan de agua" in words
    assert "1 por revisar" in words
    assert window.context.shop.read_summary().receipts == 0, "a preview writes nothing"
    press(page, "Traer")
    assert "Entraron 2 compras" in words_of(page)
    press(page, "Revisar")
    card = window.page.findChild(BadGroupCard)
    assert card is not None
    assert "31/31/2026" in words_of(card)
    card.typed.setText("2026-11-06")
    press(card, "Arreglar 1 fila")
    assert "No hay nada por revisar." in words_of(window.page)
    assert window.context.shop.read_summary().receipts == 3


def test_columns_without_names_are_named_once(window: MainWindow, tmp_path: Path) -> None:
    page: Any = window.open_page("imports")
    path = write(tmp_path, "rara.csv", UNNAMED)
    page.bring_files([path])
    assert "di qué es cada columna" in words_of(page)
    press(page, "Cambiar columnas…")
    editor = page.findChild(MappingEditor)
    assert isinstance(editor, MappingEditor)
    for picker, name in zip(editor.columns, ("receipt", "moment", "product", "line_total"), strict=True):
        picker.choose(name)
    editor._timer.timeout.emit()
    settle()
    assert "RD$ 75.50" in words_of(page)
    press(page, "Traer")
    assert window.context.shop.read_summary().revenue_cents == 17_550
    page.bring_files([write(tmp_path, "rara-2.csv", UNNAMED.replace("A2", "A3"))])
    assert "como lo dijiste la otra vez" in words_of(page)


def test_category_is_corrected_in_the_shop(window: MainWindow, tmp_path: Path) -> None:
    page: Any = window.open_page("imports")
    page.bring_files([write(tmp_path, "caja.csv", SALES)])
    press(page, "Traer")
    products: Any = window.open_page("products")
    egg = next(each for each in products.table.rows.shown if each.name == "Huevo")
    products.table.choose([egg.product_id])
    products._write_category([egg], "snacks")
    (now,) = products.table.chosen()
    assert (now.category, now.source) == ("snacks", CategorySource.OWNER)
    press(products._notices.itemAt(0).widget(), "Deshacer")
    (again,) = products.table.chosen()
    assert again.category == egg.category
    assert window.open_page("quality").state.state == "result"
