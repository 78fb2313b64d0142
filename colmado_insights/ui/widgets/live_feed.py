"""What happens right now: the live insights, the first few at once, the rest on demand, the silent ones below."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from colmado_insights import text
from colmado_insights.analytics.results import LiveInsight
from colmado_insights.domain import Snooze
from colmado_insights.text import _, ngettext
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.insight_row import InsightRow
from colmado_insights.ui.widgets.label import hairline, label

MOST_AT_ONCE = 3
SETTLES_MS = 1_500
"""After a silence was asked for, the feed may be read again more than once; the keyboard stays at its undo."""


class LiveFeed(Card):
    """The card of live insights; what was unfolded stays so when the insights are read again."""

    snooze_asked = Signal(str, str, str)  # type, subject ("" for the whole type), how long
    wake_asked = Signal(str, str)  # type, subject

    def __init__(self, look: Look) -> None:
        super().__init__(look, _("Ahora mismo"), "radio")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows, 1)
        self.rows: list[InsightRow] = []
        self._open_keys: set[tuple[str, str]] = set()
        self._is_unfolded = False
        self._just_asked: tuple[str, str] | None = None

    def show_insights(
        self, live: Sequence[LiveInsight], *, is_live: bool, snoozes: Sequence[Snooze] = ()
    ) -> None:
        """Show these; without any, say what would stand here."""
        clear_layout(self._rows)
        self.rows = []
        at_once = len(live) if self._is_unfolded else MOST_AT_ONCE
        for insight in live[:at_once]:
            self._add_row(insight)
        if rest := live[at_once:]:
            words = ngettext("y {n} aviso más", "y {n} avisos más", len(rest)).format(n=len(rest))
            unfold = partial(self._unfold, live, is_live=is_live, snoozes=snoozes)
            self._rows.addWidget(button(self.look, words, unfold, kind="link"))
        if not live:
            self._rows.addWidget(label(self.look, _calm_words(is_live=is_live), 13, 400, "soft", wrap=True))
        self._rows.addStretch(1)
        for snooze in snoozes:
            self._add_snooze(snooze)

    def _add_row(self, insight: LiveInsight) -> None:
        if self._rows.count():
            self._rows.addWidget(hairline())
        key = str(insight.type), insight.subject
        row = InsightRow(self.look, insight, is_open=key in self._open_keys)
        row.why_turned.connect(partial(self._note_why, key))
        row.snooze_asked.connect(self._ask_snooze)
        self._rows.addWidget(row)
        self.rows.append(row)

    def _unfold(self, live: Sequence[LiveInsight], *, is_live: bool, snoozes: Sequence[Snooze]) -> None:
        """Show the insights that had no room, from now on."""
        self._is_unfolded = True
        self.show_insights(live, is_live=is_live, snoozes=snoozes)
        first = self.rows[MOST_AT_ONCE].why_button
        QTimer.singleShot(0, first, first.setFocus)

    def _add_snooze(self, snooze: Snooze) -> None:
        """What is silent, until when, and the way back; the keyboard goes on from there."""
        look = self.look
        row = QHBoxLayout()
        row.setSpacing(look.px(6))
        name = text.live_name(snooze.type, snooze.subject)
        words = _("Callado: {what}, {until}").format(what=name, until=_until(snooze))
        row.addWidget(label(look, words, 12, 400, "faint", wrap=True), 1)
        undo = button(
            look, _("Deshacer"), partial(self.wake_asked.emit, snooze.type, snooze.subject), kind="link"
        )
        undo.setAccessibleName(_("Que vuelva a avisar: {what}").format(what=name))
        row.addWidget(undo)
        self._rows.addLayout(row)
        if self._just_asked == (snooze.type, snooze.subject):
            QTimer.singleShot(0, undo, undo.setFocus)  # a layout shows its new widgets a turn later

    def _note_why(self, key: tuple[str, str], is_open: bool) -> None:
        if is_open:
            self._open_keys.add(key)
        else:
            self._open_keys.discard(key)

    def _ask_snooze(self, kind: str, subject: str, how_long: str) -> None:
        self._just_asked = (kind, subject)
        QTimer.singleShot(SETTLES_MS, self, self._forget_asked)
        self.snooze_asked.emit(kind, subject, how_long)

    def _forget_asked(self) -> None:
        self._just_asked = None


def _until(snooze: Snooze) -> str:
    """Until when, the way one says it: a day that ends at midnight needs no clock."""
    if snooze.until.time().hour or snooze.until.time().minute:
        return _("hasta las {time}").format(time=text.clock(snooze.until))
    return _("hasta el {day}").format(day=text.short_date(snooze.until.date()))


def _calm_words(*, is_live: bool) -> str:
    if is_live:
        return _("Todo va como de costumbre. Si algo cambia, se dice aquí.")
    return _(
        "Aquí se avisa lo que pasa mientras se vende: mucha gente, qué van a pedir, cuánto falta por vender."
    )
