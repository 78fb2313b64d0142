"""Words on screen: labels, chips and hairlines in the look's type and ink."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy

from colmado_insights import text
from colmado_insights.ui.style import Look


class Tone(StrEnum):
    """What a chip or note says by its ground; a sign or a word always says it too."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    ACCENT = "accent"
    BRAND = "brand"


class Words(QLabel):
    """A label that keeps RD$ and its amount, a clock and its half of the day, on one line."""

    def setText(self, words: str) -> None:
        """Show the words, glued where a line must not break."""
        super().setText(glued(words))


def glued(words: str) -> str:
    """The words with blanks that do not break inside amounts, clocks and percentages."""
    words = text.fluent(words)
    for loose in ("RD$ ", "US$ ", "± ", " p. m.", " a. m.", " p.m.", " a.m.", " %", " mil", " MB"):
        words = words.replace(loose, loose.replace(" ", "\u00a0"))
    return words


def label(
    look: Look,
    words: str = "",
    size: float = 14,
    weight: int = 400,
    ink: str = "ink",
    *,
    tabular: bool = False,
    wrap: bool = False,
) -> QLabel:
    """One piece of text; `ink` is a palette token."""
    made = Words()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(words)
    made.setFont(look.font(size, weight, tabular=tabular))
    made.setProperty("ink", ink)
    made.setWordWrap(wrap)
    if wrap:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    return made


def chip(look: Look, words: str, tone: Tone = Tone.PLAIN) -> QLabel:
    """A rounded word of comparison: ▲ 22 %, = normal."""
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("kind", "chip")
    made.setProperty("tone", str(tone))
    made.setFont(look.font(12, 600, tabular=True))
    made.setFixedHeight(look.px(21))
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def hairline() -> QFrame:
    """A line one pixel thin between rows."""
    made = QFrame()
    made.setProperty("kind", "line")
    made.setFixedHeight(1)
    return made
