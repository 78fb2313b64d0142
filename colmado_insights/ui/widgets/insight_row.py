"""One live insight: what, what to do, until when, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import LiveInsight, LiveType
from colmado_insights.text import _
from colmado_insights.ui.icons import SEGMENT_ICONS
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import SymbolTile
from colmado_insights.ui.widgets.label import Tone, label

ACTIONS_AT_ONCE = 2
_SYMBOLS = {
    "busy": ("flame", Tone.ACCENT),
    "slow": ("snail", Tone.BRAND),
    "basket": ("shopping-basket", Tone.GOOD),
    "rest_of_day": ("trending-up", Tone.GOOD),
}
_SYMBOL_OF_TYPE = {
    LiveType.TRAFFIC: ("users", Tone.ACCENT),
    LiveType.REVENUE: ("trending-up", Tone.GOOD),
    LiveType.OPERATIONAL: ("shopping-basket", Tone.GOOD),
    LiveType.CLOCK: ("clock", Tone.BAD),
    LiveType.PRODUCT_DEMAND: ("package", Tone.BRAND),
}


def insight_symbol(insight: LiveInsight) -> tuple[str, Tone]:
    """Icon and tone of an insight."""
    if insight.subject in SEGMENT_ICONS:
        return SEGMENT_ICONS[insight.subject], Tone.BRAND
    return _SYMBOLS.get(insight.subject) or _SYMBOL_OF_TYPE[insight.type]


class InsightRow(QWidget):
    """A row of the live feed; its reason unfolds in place."""

    def __init__(self, look: Look, insight: LiveInsight) -> None:
        super().__init__()
        symbol, tone = insight_symbol(insight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, look.px(6), 0, look.px(6))
        row.setSpacing(look.px(12))
        row.addWidget(SymbolTile(look, symbol, tone, 32), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(look.px(1))
        what, line, more = insight_words(insight)
        words.addWidget(label(look, what, 14, 600, wrap=True))
        if line:
            words.addWidget(label(look, line, 13, 400, "soft", wrap=True))
        words.addLayout(self._make_foot(look, insight, has_more=bool(more)))
        self._why = label(look, "\n".join(more), 12, 400, "soft", wrap=True)
        self._why.hide()
        words.addWidget(self._why)
        row.addLayout(words, 1)

    def _make_foot(self, look: Look, insight: LiveInsight, *, has_more: bool) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(look.px(4))
        until = _("hasta las {time}").format(time=text.clock(insight.expires_at))
        foot.addWidget(label(look, until, 12, 400, "faint"))
        if has_more:
            foot.addWidget(label(look, "·", 12, 400, "faint"))
            foot.addWidget(button(look, _("¿por qué?"), self._turn_why, kind="link"))
        foot.addStretch(1)
        return foot

    def _turn_why(self) -> None:
        self._why.setVisible(not self._why.isVisible())


def insight_words(insight: LiveInsight) -> tuple[str, str, list[str]]:
    """What happens, the one line that helps at once, and what unfolds: numbers, other actions, reasons."""
    what, detail = headline(text.sentence(insight.message))
    todo = [text.action_sentence(code) for code in insight.actions]
    why = [text.sentence(reason) for reason in insight.why]
    if insight.type is LiveType.PRODUCT_DEMAND:
        return what, detail, [*todo, *why]
    line = " ".join(todo[:ACTIONS_AT_ONCE]) or detail
    return what, line, [*([detail] if todo and detail else []), *todo[ACTIONS_AT_ONCE:], *why]


def headline(sentence: str) -> tuple[str, str]:
    """What a sentence says before its colon, and the rest."""
    what, colon, rest = sentence.partition(": ")
    return (what, rest[:1].upper() + rest[1:]) if colon else (sentence.removesuffix("."), "")
