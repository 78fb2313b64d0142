"""Beginning an experiment: about what, and which two ways to ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.domain import Arm, ModelPrice, Topic
from colmado_insights.personas.experiments import TOPICS
from colmado_insights.personas.prompts import PROMPTS
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.experiment_arm import LetterTile
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.picker import Picker
from colmado_insights.ui.widgets.slot import Slot

ARMS = 2


class StartCard(Card):
    """What an experiment is, in a sentence, and all that it needs; `started` carries the topic and the arms."""

    started = Signal(object, object)  # Topic, tuple of Arm

    def __init__(self, look: Look, now: Arm) -> None:
        super().__init__(look, _("Empezar una prueba"), "target")
        self._now = now
        self.body.setSpacing(look.px(12))
        words = _(
            "Una prueba reparte lo que se le pide a Grok entre dos maneras de pedirlo; tú dices cuáles palabras te"
            " sirven, sin saber de cuál vienen, y aquí se ve cuál te gusta más. No cuesta más: cada cosa se pide una"
            " sola vez."
        )
        self.body.addWidget(label(look, words, 14, 400, "soft", wrap=True))
        self._choices = Slot()
        self.body.addWidget(self._choices)
        self.note = label(look, "", 12.5, 500, "accent", wrap=True)
        self.body.addWidget(self.note)
        self.start = button(look, _("Empezar la prueba"), self._start, kind="primary")
        self.body.addWidget(self.start)
        self._offered: tuple[Sequence[ModelPrice], Collection[Topic]] | None = None
        self._allowed: Collection[Topic] = ()

    def show_choices(
        self, models: Sequence[ModelPrice], running: Collection[Topic], allowed: Collection[Topic]
    ) -> None:
        """Offer what can be compared; what runs already is not offered again."""
        self._allowed = allowed
        topics = [topic for topic in TOPICS if topic not in running]
        self.setVisible(bool(topics))
        if topics and self._offered != (models, running):  # else what was chosen so far stays
            self._offered = (models, running)
            self._choices.fill(self._make_choices(models, topics))
        if topics:
            self._check()

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The ways chosen."""
        return tuple(Arm(way.key, model.key) for way, model in self.ways)

    def _make_choices(self, models: Sequence[ModelPrice], topics: Sequence[Topic]) -> QWidget:
        look, holder = self.look, QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        self.topic = Picker(look, [(topic, text.topic_name(topic)) for topic in topics], topics[0])
        self.topic.setAccessibleName(_("De qué se pregunta"))
        self.topic.picked.connect(self._check)
        column.addLayout(self._make_line(label(look, _("De qué se pregunta"), 13, 600, "soft"), self.topic))
        ways = [(prompt.name, text.prompt_name(prompt.name)) for prompt in PROMPTS]
        names = [(model.name, model.name) for model in models if model.is_offered]
        own_model = self._now.model if self._now.model in dict(names) else names[0][0] if names else ""
        others = [name for name, _words in ways if name != self._now.prompt]
        first = self._now.prompt if self._now.prompt in dict(ways) else ways[0][0]
        grid = CardGrid(look, 330, ARMS)
        self.ways: list[tuple[Picker, Picker]] = []
        for place, way in enumerate((first, others[0])):
            pickers = (Picker(look, ways, way, width=170), Picker(look, names, own_model, width=170))
            for picker in pickers:
                picker.picked.connect(self._check)
            self.ways.append(pickers)
            grid.add(self._make_arm(place, *pickers))
        column.addWidget(grid)
        return holder

    def _make_arm(self, place: int, way: Picker, model: Picker) -> Card:
        look, made = self.look, Card(self.look, kind="inset")
        letter = text.arm_letter(place)
        way.setAccessibleName(_("Manera {arm}: cómo se pide").format(arm=letter))
        model.setAccessibleName(_("Manera {arm}: modelo").format(arm=letter))
        row, column = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(LetterTile(look, place))
        column.setSpacing(look.px(6))
        for words, picker in ((_("Cómo se pide"), way), (_("Modelo"), model)):
            column.addLayout(self._make_line(label(look, words, 13, 400, "soft"), picker))
        row.addLayout(column, 1)
        made.body.addLayout(row)
        return made

    def _make_line(self, words: QWidget, picker: Picker) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(self.look.px(10))
        line.addWidget(words)
        line.addWidget(picker)
        line.addStretch(1)
        return line

    def _check(self, _key: str = "") -> None:
        """Two arms that are one cannot be compared; what is not allowed would wait."""
        is_one, topic = len(set(self.arms)) < ARMS, Topic(self.topic.key)
        self.start.setEnabled(not is_one and all(arm.model for arm in self.arms))
        if is_one:
            self.note.setText(_("Las dos maneras son la misma: cambia una."))
        elif topic not in self._allowed:
            self.note.setText(
                _(
                    "De esto Grok no puede saber nada todavía: la prueba espera hasta que lo permitas en «Grok y privacidad»."
                )
            )
        self.note.setVisible(is_one or topic not in self._allowed)

    def _start(self) -> None:
        self.started.emit(Topic(self.topic.key), self.arms)
