"""One number of a strip, with what it is below."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.label import label


def numbered(look: Look, value: str, words: str, hint: str = "", ink: str = "ink") -> QWidget:
    """A value over its words; `hint` says more."""
    part = QWidget()
    part.setToolTip(hint)
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(label(look, value, 20, 600, ink, tabular=True))
    column.addWidget(label(look, words, 12.5, 400, "soft"))
    return part
