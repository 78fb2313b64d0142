"""What Grok may be asked about: a switch a topic, with what leaves in one sentence."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from colmado_insights import text
from colmado_insights.domain import Topic
from colmado_insights.text import _
from colmado_insights.ui.icons import Icon
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.grok_words import TOPIC_SYMBOLS
from colmado_insights.ui.widgets.label import hairline, label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.switch import Switch


class ConsentCard(Card):
    """Shows what is allowed; a switch only asks, `asked` carries the topic and what is wanted of it."""

    asked = Signal(object, bool)  # Topic

    def __init__(self, look: Look) -> None:
        super().__init__(look, _("Qué le permites"), "shield-check")
        self.switches: dict[Topic, Switch] = {}
        self.notices = NoticePlace(look)
        self.body.addLayout(self.notices)
        for place, topic in enumerate(Topic):
            if place:
                self.body.addWidget(hairline())
            self.body.addLayout(self._make_row(topic))
        self.body.addStretch(1)

    def show_allowed(self, allowed: frozenset[Topic]) -> None:
        """Put the switches as the shop has them."""
        for topic, switch in self.switches.items():
            switch.setChecked(topic in allowed)

    def _make_row(self, topic: Topic) -> QHBoxLayout:
        look, row, words = self.look, QHBoxLayout(), QVBoxLayout()
        row.setContentsMargins(0, look.px(3), 0, look.px(3))
        row.setSpacing(look.px(10))
        row.addWidget(Icon(look, TOPIC_SYMBOLS[topic], "soft", 18), 0, Qt.AlignmentFlag.AlignTop)
        words.setSpacing(look.px(1))
        words.addWidget(label(look, text.topic_name(topic), 14, 600, wrap=True))
        words.addWidget(label(look, text.topic_leaves(topic), 12.5, 400, "soft", wrap=True))
        row.addLayout(words, 1)
        switch = Switch(look, is_on=False)
        switch.setAccessibleName(_("Permitir: {topic}").format(topic=text.topic_name(topic)))
        switch.setAccessibleDescription(text.topic_leaves(topic))
        switch.clicked.connect(lambda is_on: self._ask(topic, is_on=is_on))
        self.switches[topic] = switch
        row.addWidget(switch, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _ask(self, topic: Topic, *, is_on: bool) -> None:
        """A switch that was put on goes back at once: it stays on only when the owner has seen what leaves."""
        if is_on:
            self.switches[topic].setChecked(False)
        self.asked.emit(topic, is_on)
