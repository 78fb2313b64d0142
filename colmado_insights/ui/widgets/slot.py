"""A place in a layout that holds one widget and changes it whole."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights.ui.widgets.clearing import clear_layout


class Slot(QWidget):
    """Empty, or filled with what was put in last."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    def fill(self, widget: QWidget) -> None:
        """Put a widget here in place of the one before."""
        clear_layout(self._box)
        self._box.addWidget(widget)
