"""What a version brings, point by point, with room to scroll."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.label import label
from colmado_insights.updates import as_lines


class NewsText(QScrollArea):
    """Plain words only: they may come from the network."""

    def __init__(self, look: Look, news: str) -> None:
        super().__init__()
        inside = QWidget()
        inside.setProperty("ground", "none")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, look.px(8), 0)
        column.setSpacing(look.px(6))
        for line in filter(None, as_lines(news)):
            words = label(look, line, 14, 400, wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(words)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(_("Qué trae"))
        self.setWidget(inside)
