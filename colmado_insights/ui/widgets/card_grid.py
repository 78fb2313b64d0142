"""A grid that puts as many cards in a row as fit, so that large text still finds room."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from colmado_insights.ui.style import Look


class CardGrid(QWidget):
    """Cards of equal width; `least` is the width (at 100 %) below which a column is given up.

    `shares` gives the columns unequal widths as long as all of them stand in one row.
    """

    def __init__(
        self,
        look: Look,
        least: int,
        columns: int,
        shares: Sequence[int] = (),
        gap: int = 12,
        row_gap: int | None = None,
    ) -> None:
        super().__init__()
        self._least, self._most, self._shares = look.px(least), columns, tuple(shares)
        self._cards: list[QWidget] = []
        self._columns = columns
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.px(gap))
        self._grid.setVerticalSpacing(look.px(gap if row_gap is None else row_gap))

    @property
    def columns(self) -> int:
        """How many columns stand now."""
        return self._columns

    def add(self, card: QWidget) -> None:
        """Append a card."""
        self._cards.append(card)
        self._place_again()

    def clear(self) -> None:
        """Take all cards away."""
        for card in self._cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = []

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the number of columns anew."""
        super().resizeEvent(event)
        if self._fitting() != self._columns:
            self._place_again()

    def _fitting(self) -> int:
        """As many columns as fit, and no more than make the rows even: four cards stand 2 by 2, not 3 and 1."""
        gap = self._grid.horizontalSpacing()
        most = max(1, min(self._most, (self.width() + gap) // (self._least + gap)))
        rows = math.ceil(max(1, len(self._cards)) / most)
        return max(1, math.ceil(len(self._cards) / rows)) if rows > 1 else most

    def _place_again(self) -> None:
        self._columns = self._fitting()
        for card in self._cards:
            self._grid.removeWidget(card)
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // self._columns, place % self._columns)
        self._share_out()

    def _share_out(self) -> None:
        is_whole_row = self._columns == self._most
        for column in range(self._most):
            share = self._shares[column] if self._shares and is_whole_row else 1
            self._grid.setColumnStretch(column, share if column < self._columns else 0)
