"""One live insight: what, what to do, until when, why, and a way to silence it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import LiveInsight, LiveType
from colmado_insights.text import N_, _
from colmado_insights.ui.icons import SEGMENT_ICONS
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import SymbolTile
from colmado_insights.ui.widgets.label import Tone, label

ACTIONS_AT_ONCE = 2
SLEEP_WORDS = {"1h": N_("Por una hora"), "today": N_("Por hoy"), "week": N_("Por una semana")}
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
    """A row of the live feed; its reason unfolds in place, and a quiet menu silences it."""

    why_turned = Signal(bool)
    snooze_asked = Signal(str, str, str)  # type, subject ("" for the whole type), one of SLEEP_WORDS

    def __init__(self, look: Look, insight: LiveInsight, *, is_open: bool = False) -> None:
        super().__init__()
        self._look, self.insight = look, insight
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
        self.why_button = button(look, _("¿por qué?"), self.turn_why, kind="link")
        self.why_button.setCheckable(True)  # a screen reader says whether it is unfolded
        self.mute_button = self._make_mute_button(what)
        words.addLayout(self._make_foot())
        self._why = self._make_why([*more, *sure_words(insight)])
        words.addWidget(self._why)
        row.addLayout(words, 1)
        self._show_why(is_open=is_open)

    @property
    def key(self) -> tuple[str, str]:
        """What tells this insight from any other that stands."""
        return str(self.insight.type), self.insight.subject

    def turn_why(self) -> None:
        """Unfold the numbers behind, or fold them away."""
        is_open = self._why.isHidden()
        self._show_why(is_open=is_open)
        self.why_turned.emit(is_open)

    def open_menu(self) -> QMenu:
        """Ask for how long it shall be silent, by mouse or keyboard."""
        menu = QMenu(self)
        menu.setFont(self._look.font(13))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        kind, subject = self.key
        for sleep, words in SLEEP_WORDS.items():
            menu.addAction(_(words)).triggered.connect(partial(self._ask, kind, subject, sleep))
        menu.addSeparator()
        menu.addAction(_("Todos los de este tipo, por hoy")).triggered.connect(
            partial(self._ask, kind, "", "today")
        )
        menu.popup(self.mute_button.mapToGlobal(QPoint(0, self.mute_button.height())))
        menu.setActiveAction(menu.actions()[0])
        return menu

    def _ask(self, kind: str, subject: str, sleep: str, _checked: bool = False) -> None:
        self.snooze_asked.emit(kind, subject, sleep)

    def _make_mute_button(self, what: str) -> QPushButton:
        made = button(self._look, _("callar"), self.open_menu, kind="link")
        hint = _("Callar este aviso: {what}").format(what=what)
        made.setToolTip(hint)
        made.setAccessibleName(hint)
        return made

    def _make_foot(self) -> QHBoxLayout:
        look = self._look
        foot = QHBoxLayout()
        foot.setSpacing(look.px(4))
        until = _("hasta las {time}").format(time=text.clock(self.insight.expires_at))
        foot.addWidget(label(look, until, 12, 400, "faint"))
        links = [self.why_button]
        if self.insight.type is not LiveType.CLOCK:  # while the clock is wrong nothing else is said
            links.append(self.mute_button)
        for link in links:
            foot.addWidget(label(look, "·", 12, 400, "faint"))
            foot.addWidget(link)
        foot.addStretch(1)
        return foot

    def _make_why(self, lines: list[str]) -> QFrame:
        look = self._look
        inset = QFrame()
        inset.setProperty("kind", "inset")
        column = QVBoxLayout(inset)
        column.setContentsMargins(look.px(10), look.px(8), look.px(10), look.px(8))
        column.setSpacing(look.px(4))
        for line in lines:
            column.addWidget(label(look, line, 12, 400, "soft", wrap=True))
        return inset

    def _show_why(self, *, is_open: bool) -> None:
        self._why.setVisible(is_open)
        self.why_button.setChecked(is_open)


def insight_words(insight: LiveInsight) -> tuple[str, str, list[str]]:
    """What happens, the one line that helps at once, and what unfolds: numbers, other actions, reasons."""
    what, detail = headline(text.sentence(insight.message))
    todo = [text.action_sentence(code) for code in insight.actions]
    why = [text.sentence(reason) for reason in insight.why]
    if insight.type is LiveType.PRODUCT_DEMAND:
        return what, detail, [*todo, *why]
    line = " ".join(todo[:ACTIONS_AT_ONCE]) or detail
    return what, line, [*([detail] if todo and detail else []), *todo[ACTIONS_AT_ONCE:], *why]


def sure_words(insight: LiveInsight) -> Iterator[str]:
    """How sure it is, and since when and until when it stands."""
    stands = _("Dicho a las {since}; vale hasta las {until}.").format(
        since=text.clock(insight.created_at), until=text.clock(insight.expires_at)
    )
    yield f"{text.confidence_words(insight.confidence)}. {stands}"


def headline(sentence: str) -> tuple[str, str]:
    """What a sentence says before its colon, and the rest."""
    what, colon, rest = sentence.partition(": ")
    return (what, rest[:1].upper() + rest[1:]) if colon else (sentence.removesuffix("."), "")
