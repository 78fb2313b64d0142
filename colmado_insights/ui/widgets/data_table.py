"""A table of thousands of rows: sorted by a click, narrowed by a search, walked with the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from colmado_insights.ui.style import Look

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 36
_UP, _DOWN = " ↑", " ↓"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """What one column says of a row, and what it is sorted by; rows without a key come last."""

    title: str
    words: Callable[[Row], str]
    key: Callable[[Row], Any]
    width: int = 0  # at 100 %; 0 takes the room that is left
    is_number: bool = False  # to the right, figures of one width, largest first
    ink: Callable[[Row], str] | None = None  # palette token
    hint: Callable[[Row], str] | None = None
    grows: bool = False  # takes the room that the first column can do without


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows behind a table: all of them, and those that are shown, in their order."""

    def __init__(self, look: Look, columns: Sequence[Column[Row]]) -> None:
        super().__init__()
        self._look = look
        self.columns = tuple(columns)
        self._all: tuple[Row, ...] = ()
        self.shown: list[Row] = []
        self._is_wanted: Callable[[Row], bool] = lambda _row: True
        self.sorted_by, self.is_down = 0, False
        self._plain, self._strong = look.font(13.5), look.font(13.5, 500)
        self._tabular, self._title = look.font(13.5, tabular=True), look.font(12.5, 600)

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Take new rows, in the order and the choice that stand."""
        self._all = tuple(rows)
        self._arrange()

    def narrow(self, is_wanted: Callable[[Row], bool]) -> None:
        """Show only the rows that are wanted."""
        self._is_wanted = is_wanted
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column."""
        self.sorted_by, self.is_down = column, order is Qt.SortOrder.DescendingOrder
        self._arrange()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """The rows shown."""
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """The columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in a cell, and how."""
        column, row = self.columns[index.column()], self.shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.words(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.FontRole:
            return self._tabular if column.is_number else self._strong if not index.column() else self._plain
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._look.color(column.ink(row) if column.ink else "ink")
        if role == Qt.ItemDataRole.ToolTipRole and column.hint:
            return column.hint(row)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """A column's title, with an arrow where the order comes from."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            arrow = (_DOWN if self.is_down else _UP) if section == self.sorted_by else ""
            return column.title + arrow
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return self._title if role == Qt.ItemDataRole.FontRole else None

    def _arrange(self) -> None:
        self.beginResetModel()
        key = self.columns[self.sorted_by].key
        wanted = [(key(row), row) for row in self._all if self._is_wanted(row)]
        known = [pair for pair in wanted if pair[0] is not None]
        known.sort(key=lambda pair: pair[0], reverse=self.is_down)
        self.shown = [row for _key, row in known] + [row for value, row in wanted if value is None]
        self.endResetModel()


class DataTable(QTableView, Generic[Row]):
    """A table in the look of the cards; `picked` carries the rows that are chosen, `opened` a row on Enter.

    A double click opens as Enter does.
    """

    picked = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        look: Look,
        columns: Sequence[Column[Row]],
        identity: Callable[[Row], Hashable],
        *,
        sort_by: int = 0,
        name: str = "",
    ) -> None:
        super().__init__()
        self._look, self._identity = look, identity
        self._picked: set[Hashable] = set()
        self._is_arranging = False
        self.rows: TableModel[Row] = TableModel(look, columns)
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self._dress()
        self.selectionModel().selectionChanged.connect(lambda *_change: self._take_selection())
        self.sort_by(sort_by)
        self.horizontalHeader().sectionClicked.connect(self._turn_sort)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.shown[index.row()]))

    # -- rows --

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Show these rows; what was chosen stays chosen where it still is."""
        self._keep_choice(lambda: self.rows.set_rows(rows))

    def narrow(self, is_wanted: Callable[[Row], bool]) -> None:
        """Show only some of the rows."""
        self._keep_choice(lambda: self.rows.narrow(is_wanted))

    def sort_by(self, column: int, *, is_down: bool | None = None) -> None:
        """Order by a column; numbers begin with the largest."""
        down = self.rows.columns[column].is_number if is_down is None else is_down
        order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self._keep_choice(lambda: self.rows.sort(column, order))

    def chosen(self) -> list[Row]:
        """The rows that are chosen, in the order shown."""
        return [row for row in self.rows.shown if self._identity(row) in self._picked]

    def choose(self, identities: Iterable[Hashable]) -> None:
        """Choose the rows of these identities, and bring the first of them into sight."""
        self._picked = set(identities)
        self._mark_choice()
        self.picked.emit(self.chosen())

    # -- Qt --

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row that stands."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (chosen := self.chosen()):
            self.opened.emit(chosen[0])
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give up columns at the right before words are cut."""
        super().resizeEvent(event)
        self._fit()

    # -- parts --

    def _dress(self) -> None:
        look, header = self._look, self.horizontalHeader()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMinimumWidth(look.px(120))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(look.px(ROW_HEIGHT))
        self.verticalHeader().setMinimumSectionSize(look.px(ROW_HEIGHT))
        header.setFixedHeight(look.px(32))
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(look.px(40))
        for place, column in enumerate(self.rows.columns):
            mode = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(place, mode)
            if column.width:
                self.setColumnWidth(place, look.px(column.width))

    def _fit(self) -> None:
        """The first columns matter most: from the right, hide what would leave the first too little room."""
        left = self.viewport().width() - self._look.px(170)
        for place, column in enumerate(self.rows.columns):
            left -= self._look.px(column.width)
            self.setColumnHidden(place, bool(place) and left < 0)
        growing = [place for place, column in enumerate(self.rows.columns) if column.grows]
        for place in growing:
            spare = max(0, left - self._look.px(60)) // len(growing)
            self.setColumnWidth(place, self._look.px(self.rows.columns[place].width) + spare)

    def _turn_sort(self, column: int) -> None:
        is_same = column == self.rows.sorted_by
        self.sort_by(column, is_down=not self.rows.is_down if is_same else None)

    def _keep_choice(self, change: Callable[[], None]) -> None:
        before = [self._identity(row) for row in self.chosen()]
        self._is_arranging = True
        change()
        self._is_arranging = False
        self._mark_choice()
        if [self._identity(row) for row in self.chosen()] != before:
            self._picked = {self._identity(row) for row in self.chosen()}
            self.picked.emit(self.chosen())

    def _mark_choice(self) -> None:
        self._is_arranging = True
        marked, first = QItemSelection(), None
        for place, row in enumerate(self.rows.shown):
            if self._identity(row) in self._picked:
                index = self.rows.index(place, 0)
                first = first or index
                marked.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(marked, flags.ClearAndSelect | flags.Rows)
        if first is not None:
            self.selectionModel().setCurrentIndex(first, flags.NoUpdate)
            self.scrollTo(first)
        self._is_arranging = False

    def _take_selection(self) -> None:
        if self._is_arranging:
            return
        places = {index.row() for index in self.selectionModel().selectedRows()}
        self._picked = {self._identity(self.rows.shown[place]) for place in places}
        self.picked.emit(self.chosen())


def _alignment(column: Column[Any]) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
