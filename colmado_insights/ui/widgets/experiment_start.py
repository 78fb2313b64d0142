"""Beginning an experiment: about what, and which two ways to ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

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

    def __init__(self, look: Look, own: Arm) -> None:
        super().__init__(look, _("Empezar una prueba"), "target")
        self._own = own
        self._offered: tuple[Sequence[ModelPrice], Collection[Topic]] | None = None
        self._allowed: Collection[Topic] = ()
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
        return tuple(choice.arm for choice in self.choices)

    def _make_choices(self, models: Sequence[ModelPrice], topics: Sequence[Topic]) -> QWidget:
        look, holder = self.look, QWidget()
        column, row = QVBoxLayout(holder), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        row.setSpacing(look.px(10))
        self.topic = Picker(look, [(topic, text.topic_name(topic)) for topic in topics], topics[0])
        self.topic.setAccessibleName(_("De qué se pregunta"))
        self.topic.picked.connect(self._check)
        row.addWidget(label(look, _("De qué se pregunta"), 13, 600, "soft"))
        row.addWidget(self.topic)
        row.addStretch(1)
        column.addLayout(row)
        names = [model.name for model in models if model.is_offered]
        model = self._own.model if self._own.model in names else next(iter(names), "")
        other = next(prompt.name for prompt in PROMPTS if prompt.name != self._own.prompt)
        grid = CardGrid(look, 330, ARMS)
        self.choices = tuple(
            ArmChoice(look, place, Arm(prompt, model), names)
            for place, prompt in enumerate((self._own.prompt, other))
        )
        for choice in self.choices:
            choice.changed.connect(self._check)
            grid.add(choice)
        column.addWidget(grid)
        return holder

    def _check(self, _key: str = "") -> None:
        """Two arms that are one cannot be compared; what is not allowed would wait."""
        is_one = len(set(self.arms)) < ARMS
        waits = Topic(self.topic.key) not in self._allowed
        self.start.setEnabled(not is_one and all(arm.model for arm in self.arms))
        self.note.setVisible(is_one or waits)
        if is_one:
            self.note.setText(_("Las dos maneras son la misma: cambia una."))
        elif waits:
            self.note.setText(
                _("Grok todavía no puede saber de esto: la prueba espera hasta que lo permitas en"
                  " «Grok y privacidad».")
            )  # fmt: skip

    def _start(self) -> None:
        self.started.emit(Topic(self.topic.key), self.arms)


class ArmChoice(Card):
    """How it is asked, which model, and what that way is about."""

    changed = Signal()

    def __init__(self, look: Look, place: int, arm: Arm, models: Sequence[str]) -> None:
        super().__init__(look, kind="inset")
        ways = [(prompt.name, text.prompt_name(prompt.name)) for prompt in PROMPTS]
        self.way = Picker(look, ways, arm.prompt, width=170)
        self.model = Picker(look, [(name, name) for name in models], arm.model, width=170)
        self._about = label(look, "", 12.5, 400, "soft", wrap=True)
        letter = text.arm_letter(place)
        self.way.setAccessibleName(_("Manera {arm}: cómo se pide").format(arm=letter))
        self.model.setAccessibleName(_("Manera {arm}: modelo").format(arm=letter))
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(12))
        grid.setVerticalSpacing(look.px(6))
        grid.setColumnStretch(3, 1)
        grid.addWidget(LetterTile(look, place), 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        for line, (words, picker) in enumerate(((_("Cómo se pide"), self.way), (_("Modelo"), self.model))):
            grid.addWidget(label(look, words, 13, 400, "soft"), line, 1)
            grid.addWidget(picker, line, 2)
            picker.picked.connect(self._take)
        grid.addWidget(self._about, 2, 1, 1, 3)
        self.body.addLayout(grid)
        self._take()

    @property
    def arm(self) -> Arm:
        """The way chosen."""
        return Arm(self.way.key, self.model.key)

    def _take(self, _key: str = "") -> None:
        self._about.setText(text.prompt_about(self.way.key))
        self.changed.emit()
