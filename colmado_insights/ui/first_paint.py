"""How long a start takes is told from the log: one line when the window has been painted for the first time."""

from __future__ import annotations

import logging

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

log = logging.getLogger(__name__)

STANDS = "the window stands"


class FirstPaint(QObject):
    """Watches a window until it has been painted once, and logs that moment."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything through; after the first painting there is nothing more to see."""
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, lambda: log.info(STANDS))
        return False
