"""A text shown to the letter: every sign as wide as the next, to be selected and copied, not changed."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QTextOption
from PySide6.QtWidgets import QPlainTextEdit

from colmado_insights.ui.style import Look


class ExactText(QPlainTextEdit):
    """Holds one text, read only."""

    def __init__(self, look: Look, name: str, height: int = 180) -> None:
        super().__init__()
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font = QFont(fixed.family())
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(look.px(12.5))
        self.setFont(font)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setMinimumHeight(look.px(height))
        self.setMinimumWidth(look.px(160))

    def show_text(self, words: str) -> None:
        """Take another text, from its beginning."""
        self.setPlainText(words)
