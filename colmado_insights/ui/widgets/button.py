"""Buttons of the few kinds the look knows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy

from colmado_insights.ui.icons import icon
from colmado_insights.ui.style import Look

_INK = {"primary": "on_brand", "bigprimary": "on_brand", "link": "brand"}
_TYPE = {"link": (12, 500), "big": (16, 600), "bigprimary": (16, 600), "quiet": (14, 500)}


def button(
    look: Look,
    words: str,
    pressed: Callable[[], object] | None = None,
    *,
    kind: str = "plain",
    symbol: str = "",
    hint: str = "",
) -> QPushButton:
    """A button; `kind` is plain, primary, link, icon, small, quiet, big or bigprimary."""
    made = QPushButton(f" {words}" if words and symbol else words)
    made.setProperty("kind", kind)
    made.setFont(look.font(*_TYPE.get(kind, (13, 600))))
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    made.setAutoDefault(False)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves no ring behind
    if symbol:
        made.setIcon(icon(look, symbol, _INK.get(kind, "ink")))
        made.setIconSize(QSize(look.px(16), look.px(16)))
    if hint:
        made.setToolTip(hint)
        made.setAccessibleName(hint)
    if pressed is not None:
        made.clicked.connect(lambda _checked=False: pressed())
    return made
