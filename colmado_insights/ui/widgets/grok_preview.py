"""What would be sent about one subject, whole, before anything is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.analytics.results import NotEnough
from colmado_insights.domain import Topic
from colmado_insights.personas import Preview
from colmado_insights.text import N_, _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.card_grid import CardGrid
from colmado_insights.ui.widgets.label import Tone, chip, label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.picker import Picker
from colmado_insights.ui.widgets.request_text import RequestText
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.state_view import not_enough_words
from colmado_insights.ui.widgets.switch_place import SwitchPlace

TOPICS = tuple(Topic)
EXAMPLE_QUESTION = N_("¿qué hay con la cerveza del domingo?")
"""One that the program does not understand by itself, so that it shows what would leave."""


class PreviewCard(Card):
    """Pick a topic and a subject, read what would be sent; `asked` carries what is wanted."""

    asked = Signal(object, str)  # Topic and subject

    def __init__(self, look: Look) -> None:
        super().__init__(look, _("Lo que se manda"), "eye")
        self._customers: dict[str, str] = {}  # shown name: id
        self._preview: Preview | None = None
        self._wanted: tuple[Topic, str] | None = None
        self.segment = self._make_segments((), "")
        self.customer = self._make_field(_("Cliente"), _("Busca un cliente por su nombre"))
        self.question = self._make_field(_("Pregunta"), _("Escribe una pregunta"))
        self.topics = Segmented(look, [text.topic_name(topic) for topic in TOPICS])
        self.topics.setAccessibleName(_("De qué tema"))
        self.topics.chosen.connect(lambda _index: self._change_topic())
        self.request = RequestText(look, 190)
        self._facts = label(look, "", 12.5, 400, "soft", wrap=True)
        self._kept = chip(look, _("Nada saldría: lo guardado todavía sirve"), Tone.GOOD)
        self.notices = NoticePlace(look)
        self.body.addWidget(self._make_pickers())
        self.body.addLayout(self.notices)
        self.body.addWidget(self.request, 1)
        self.body.addLayout(self._make_foot())
        self._show_field()
        self._show_nothing("")

    @property
    def topic(self) -> Topic:
        """The topic that is picked."""
        return TOPICS[self.topics.index]

    @property
    def subject(self) -> str:
        """The subject that is picked: a segment's or a customer's id, the words of a question, or nothing."""
        if self.topic is Topic.SEGMENT:
            return self.segment.key
        if self.topic is Topic.CUSTOMER:
            return self._customers.get(self.customer.text().strip(), "")
        return self.question.text().strip() if self.topic is Topic.QUESTION else ""

    def show_subjects(self, segments: Sequence[tuple[str, str]], customers: Mapping[str, str]) -> None:
        """Take what can be picked: segments as id and name, customers as name and id."""
        self._customers = dict(customers)
        old, key = self.segment, self.segment.key
        known = [each for each, _name in segments]
        self.segment = self._make_segments(segments, key if key in known else next(iter(known), ""))
        self._row.replaceWidget(old, self.segment)
        old.deleteLater()
        completer = QCompleter(list(customers), self.customer)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(lambda _name: self.ask())
        self.customer.setCompleter(completer)
        if self.customer.text() not in self._customers:
            self.customer.setText(next(iter(customers), ""))
        self._change_topic()

    def ask(self) -> None:
        """Ask for the text of what is picked."""
        needs_one = self.topic in (Topic.SEGMENT, Topic.CUSTOMER)
        if needs_one and not self.subject:
            self._show_nothing(
                _("Todavía no hay segmentos.")
                if self.topic is Topic.SEGMENT
                else _("Escribe el nombre de un cliente que no haya dicho que no.")
            )
            return
        wanted = (self.topic, self.subject)
        if wanted != self._wanted:  # what stands is of something else
            self._wanted = wanted
            self._show_nothing(_("Armando el texto…"))
        self.asked.emit(*wanted)

    def show_preview(self, preview: Preview | NotEnough) -> None:
        """Show the text, or why there is none."""
        if isinstance(preview, NotEnough):
            self._show_nothing(not_enough_words(preview))
            return
        if not preview.text:
            self._show_nothing(
                _("De esa pregunta no sale nada: tiene algo que el programa no conoce o no se puede buscar.")
            )
            return
        self.notices.clear()
        self._preview = preview
        self._kept.setVisible(preview.is_kept)
        self.copy.setEnabled(True)
        self._facts.setText(facts_words(preview))
        self.request.show_request(preview.text)

    def show_trouble(self, error: Exception) -> None:
        """Say why the text could not be made."""
        self._show_nothing("")
        fault = _("No se pudo armar el texto por un fallo del programa. No se mandó nada.")
        self.notices.say_trouble(error, fault)

    def _show_nothing(self, words: str) -> None:
        self._preview = None
        self.request.show_request("")
        self._facts.setText("")
        self._kept.hide()
        self.copy.setEnabled(False)
        self.notices.clear()
        if words:
            self.notices.say(words, Tone.BRAND, "hourglass")

    def _change_topic(self) -> None:
        self._show_field()
        self.ask()

    def _show_field(self) -> None:
        """Only what the topic needs can be picked."""
        topic = self.topic
        for part, its in (
            (self.segment, Topic.SEGMENT), (self.customer, Topic.CUSTOMER), (self.question, Topic.QUESTION)
        ):  # fmt: skip
            part.setVisible(topic is its)

    def _make_pickers(self) -> QWidget:
        look, holder = self.look, QWidget()
        self._row = QHBoxLayout(holder)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(look.px(8))
        self.customer.returnPressed.connect(self.ask)
        self.question.setText(_(EXAMPLE_QUESTION))
        self.question.editingFinished.connect(self.ask)
        self.question.setCursorPosition(0)
        self._row.addWidget(self.segment)
        self._row.addWidget(self.customer, 2)
        self._row.addWidget(self.question, 5)
        self._row.addStretch(1)
        grid = CardGrid(look, 390, 2, shares=(5, 7))
        grid.add(SwitchPlace(look, self.topics))
        grid.add(holder)
        return grid

    def _make_segments(self, segments: Sequence[tuple[str, str]], key: str) -> Picker:
        made = Picker(self.look, segments, key, width=240)
        made.setAccessibleName(_("Segmento"))
        made.picked.connect(lambda _key: self.ask())
        return made

    def _make_field(self, name: str, hint: str) -> QLineEdit:
        made = QLineEdit()
        made.setFont(self.look.font(14))
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        made.setMinimumWidth(self.look.px(140))
        return made

    def _make_foot(self) -> QHBoxLayout:
        look, words, row = self.look, QVBoxLayout(), QHBoxLayout()
        words.setSpacing(look.px(3))
        words.addWidget(self._kept, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._facts)
        words.addStretch(1)
        self.copy = button(look, _("Copiar"), self._copy, symbol="copy", hint=_("Copiar el texto exacto"))
        row.setSpacing(look.px(12))
        row.addLayout(words, 1)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _copy(self) -> None:
        """The exact text, however it is looked at."""
        if self._preview is not None:
            QGuiApplication.clipboard().setText(self._preview.text)


def facts_words(preview: Preview) -> str:
    """How long it is, what it may cost and where it goes."""
    size = _("{size} tokens como mucho, entre lo que sale y lo que llega.").format(
        size=text.number(preview.most_tokens)
    )
    cost = (
        _("Cuesta, como mucho, {cost}.").format(cost=text.dollars(preview.most_nano))
        if preview.most_nano is not None
        else _("No se sabe cuánto cuesta: no se mandaría.")
    )
    return " ".join((size, cost, _("Va a {url}.").format(url=preview.url)))
