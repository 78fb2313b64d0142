"""What stands where a picture would: why there is none, and a way to try again."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights.text import _
from colmado_insights.ui.segment_book import SegmentBook
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.label import label


class Lacking(QWidget):
    """Why it is not known how segments did; seen only as long as that is so."""

    def __init__(self, look: Look, book: SegmentBook) -> None:
        super().__init__()
        self._book = book
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        self._words = label(look, "", 13, 400, "soft", wrap=True)
        self._retry = button(look, _("Intentar de nuevo"), book.read_again)
        column.addWidget(self._words)
        column.addWidget(self._retry)
        column.addStretch(1)

    def stand_in(self, is_lacking: bool) -> None:
        """Say it, or give way to the picture."""
        self.setVisible(is_lacking)
        self._words.setText(self._book.lacking_words())
        self._retry.setVisible(isinstance(self._book.performance, Exception))
