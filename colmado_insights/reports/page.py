"""The sheets of paper that reports are laid out for."""

from __future__ import annotations

LETTER = "Letter"
A4 = "A4"
PAGES: tuple[str, ...] = (LETTER, A4)
EXCEL_PAPER: dict[str, int] = {LETTER: 1, A4: 9}
"""Excel's own numbers for paper."""
POINTS: dict[str, tuple[float, float]] = {LETTER: (612.0, 792.0), A4: (595.28, 841.89)}
"""Width and height, 72 to the inch."""
