"""Room for a row of joined buttons, which gives up its row where that is too narrow."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.segmented import Segmented


class SwitchPlace(QWidget):
    """Holds a switch and chooses how it stands."""

    def __init__(self, look: Look, switch: Segmented) -> None:
        super().__init__()
        self._switch = switch
        self.setMinimumWidth(look.px(120))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # narrower than all its words
        row.addWidget(switch)
        row.addStretch(1)

    def fit(self) -> None:
        """Choose anew: its words may have changed."""
        self._switch.fit(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose how the switch stands."""
        super().resizeEvent(event)
        self.fit()

    def sizeHint(self) -> QSize:
        """As wide as all words side by side, if it may be."""
        return QSize(self._switch.full_width(), self._switch.sizeHint().height())
