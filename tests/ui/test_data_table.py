"""The table: order, search, choice and keys, also with thousands of rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from colmado_insights.palette import LIGHT
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.data_table import Column, DataTable

MakeTable = Callable[..., DataTable["Item"]]


@dataclass(frozen=True)
class Item:
    number: int
    name: str
    price: int | None


ITEMS = (Item(1, "Pan", 10), Item(2, "Arroz", 35), Item(3, "Varios", None), Item(4, "Ron", 300))


@pytest.fixture
def make_table(qapp: QApplication, close_later: Callable[[QWidget], None]) -> MakeTable:
    def make(rows: tuple[Item, ...] = ITEMS, width: int = 600) -> DataTable[Item]:
        columns = (
            Column[Item]("Nombre", lambda item: item.name, lambda item: item.name),
            Column[Item]("Precio", lambda item: str(item.price or "–"), lambda item: item.price, 90, True),
            Column[Item]("Otro", lambda item: "x", lambda item: item.number, 200),
        )
        table = DataTable(Look(LIGHT), columns, lambda item: item.number)
        close_later(table)
        table.set_rows(rows)
        table.resize(width, 400)
        table.show()
        qapp.processEvents()
        return table

    return make


def shown(table: DataTable[Item]) -> list[str]:
    return [table.model().index(row, 0).data() for row in range(table.model().rowCount())]


def click_header(table: DataTable[Item], column: int, qtbot: Any) -> None:
    header = table.horizontalHeader()
    middle = QPoint(header.sectionViewportPosition(column) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=middle)


def test_a_click_on_a_title_orders_and_the_next_turns_it_round(make_table: MakeTable, qtbot: Any) -> None:
    table = make_table()
    assert shown(table) == ["Arroz", "Pan", "Ron", "Varios"]
    click_header(table, 1, qtbot)
    assert shown(table) == ["Ron", "Arroz", "Pan", "Varios"], "numbers begin with the largest"
    assert table.model().headerData(1, Qt.Orientation.Horizontal) == "Precio ↓"
    click_header(table, 1, qtbot)
    assert shown(table) == ["Pan", "Arroz", "Ron", "Varios"], "what has no number comes last either way"


def test_choice_follows_its_rows_through_order_and_search(make_table: MakeTable) -> None:
    table = make_table()
    heard: list[list[str]] = []
    table.picked.connect(lambda rows: heard.append([row.name for row in rows]))
    table.choose([1, 4])
    table.sort_by(1)
    assert [row.name for row in table.chosen()] == ["Ron", "Pan"]
    table.narrow(lambda item: item.name != "Ron")
    assert shown(table) == ["Arroz", "Pan", "Varios"]
    assert heard[-1] == ["Pan"]
    table.set_rows((Item(1, "Pan", 12),))
    assert [row.price for row in table.chosen()] == [12]


def test_keys_walk_choose_and_open(make_table: MakeTable, qtbot: Any) -> None:
    table = make_table()
    opened: list[Item] = []
    table.opened.connect(opened.append)
    table.choose([2])
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert [row.name for row in table.chosen()] == ["Pan"]
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert [row.name for row in table.chosen()] == ["Pan", "Ron"]
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(table.chosen()) == len(ITEMS)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert [item.name for item in opened] == ["Arroz"]


def test_numbers_stand_to_the_right_in_figures_of_one_width(make_table: MakeTable) -> None:
    model = make_table().model()
    alignment = model.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole)
    assert alignment & int(Qt.AlignmentFlag.AlignRight)
    assert model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) == alignment
    assert not model.index(0, 0).data(Qt.ItemDataRole.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignRight)


@pytest.mark.parametrize(("width", "hidden"), [(600, []), (340, [2]), (200, [1, 2])])
def test_columns_at_the_right_give_way_to_the_name(
    make_table: MakeTable, width: int, hidden: list[int]
) -> None:
    table = make_table(width=width)
    assert [column for column in range(3) if table.isColumnHidden(column)] == hidden


def test_words_that_grow_take_what_the_name_can_do_without(make_table: MakeTable) -> None:
    table = make_table(width=900)
    table.rows.columns = (*table.rows.columns[:2], replace(table.rows.columns[2], grows=True))
    table.resize(901, table.height())
    assert table.columnWidth(2) > table.rows.columns[2].width
    assert 230 <= table.columnWidth(0) < 235, "the name keeps enough"


def test_thousands_of_rows_are_narrowed_at_once(make_table: MakeTable) -> None:
    table = make_table(tuple(Item(number, f"Producto {number}", number) for number in range(5_000)))
    table.choose(range(100))
    started = time.perf_counter()
    table.narrow(lambda item: "99" in item.name)
    table.sort_by(1)
    assert time.perf_counter() - started < 0.5
    assert shown(table)[0] == "Producto 4999"
