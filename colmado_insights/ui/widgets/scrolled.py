"""The middle of a dialog, which is scrolled where large words in a low screen leave too little room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class Scrolled(QScrollArea):
    """Takes the room that its content wants, while there is as much."""

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self._content = QWidget()
        self._content.setProperty("ground", "none")
        self.box = QVBoxLayout(self._content)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(spacing)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(self._content)

    def sizeHint(self) -> QSize:
        """All of the content."""
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """No narrower than the content, for nothing scrolls sideways."""
        return QSize(self._content.minimumSizeHint().width(), super().minimumSizeHint().height())
