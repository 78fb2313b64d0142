"""Small parts side by side that go on in the next row where there is no more room."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem

from colmado_insights.ui.style import Look


class Flow(QLayout):
    """Chips in rows, each as wide as it needs; with `is_spread` the last one stands at the right edge."""

    def __init__(
        self, look: Look, gap: int = 6, *, row_gap: int | None = None, is_spread: bool = False
    ) -> None:
        super().__init__()
        self._row_gap = look.px(gap if row_gap is None else row_gap)
        self._items: list[QLayoutItem] = []
        self._is_spread = is_spread
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(look.px(gap))

    def addItem(self, item: QLayoutItem) -> None:
        """Append."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them; none beyond the last, as Qt asks."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It wants no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the rows that this width makes."""
        return self._place(QRect(0, 0, width, 0), is_trial=True)

    def setGeometry(self, rect: QRect) -> None:
        """Put everything in its place."""
        super().setGeometry(rect)
        self._place(rect, is_trial=False)

    def sizeHint(self) -> QSize:
        """One row of all."""
        sizes = [item.sizeHint() for item in self._shown()]
        wide = sum(size.width() + self.spacing() for size in sizes) - self.spacing()
        return QSize(max(0, wide), max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """As wide as the widest."""
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def _shown(self) -> list[QLayoutItem]:
        """Hidden parts take no room."""
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, rect: QRect, *, is_trial: bool) -> int:
        top = rect.top()
        for row in self._rows(rect.width()):
            left, height = rect.left(), max(size.height() for _item, size in row)
            for item, size in row:
                if self._is_spread and item is self._shown()[-1]:
                    left = max(left, rect.left() + rect.width() - size.width())
                if not is_trial:
                    item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), size))
                left += size.width() + self.spacing()
            top += height + self._row_gap
        return max(0, top - self._row_gap - rect.top())

    def _rows(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """What stands side by side; in a row all stand on one middle line."""
        rows: list[list[tuple[QLayoutItem, QSize]]] = []
        left = 0
        for item in self._shown():
            size = _size_in(item, width)
            if not rows or left + size.width() > width:
                rows.append([])
                left = 0
            rows[-1].append((item, size))
            left += size.width() + self.spacing()
        return rows


def _size_in(item: QLayoutItem, room: int) -> QSize:
    """What it wants, or what it makes of a narrower place."""
    size = item.sizeHint()
    if size.width() <= room:
        return size
    width = max(room, item.minimumSize().width())
    return QSize(width, item.heightForWidth(width) if item.hasHeightForWidth() else size.height())
