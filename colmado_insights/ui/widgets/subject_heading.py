"""The head of a page about one customer or product: the way back, who or what it is, and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import SymbolTile
from colmado_insights.ui.widgets.label import label

Act = tuple[str, Callable[[], object], str]
"""A button without words: its symbol, what it does, and the hint that says so."""
_TOP = Qt.AlignmentFlag.AlignTop


def subject_title(look: Look, back: Act, tile: SymbolTile, name: str, about: str) -> QWidget:
    """The way back, a symbol, the name and a line about it."""
    holder, row = _row(look, 10)
    row.addWidget(_icon_button(look, back), 0, _TOP)
    row.addWidget(tile, 0, _TOP)
    words = QVBoxLayout()
    words.setSpacing(look.px(1))
    words.addWidget(label(look, name, 17, 650, wrap=True))
    words.addWidget(label(look, about, 12.5, 400, "soft", wrap=True))
    row.addLayout(words, 1)
    return holder


def subject_tools(look: Look, marks: QWidget, acts: Iterable[Act]) -> QWidget:
    """The marks of what is known, then the buttons."""
    holder, row = _row(look, 8)
    row.addWidget(marks, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    for act in acts:
        row.addWidget(_icon_button(look, act), 0, _TOP)
    return holder


def _row(look: Look, spacing: int) -> tuple[QWidget, QHBoxLayout]:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look.px(spacing))
    return holder, row


def _icon_button(look: Look, act: Act) -> QPushButton:
    symbol, pressed, hint = act
    return button(look, "", pressed, kind="icon", symbol=symbol, hint=hint)
