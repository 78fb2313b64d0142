"""What Grok may cost and has cost this month, and which model is asked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QSpinBox, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.config import Settings
from colmado_insights.domain import ModelPrice, TokenUse, Topic
from colmado_insights.personas.budget import GrokState
from colmado_insights.personas.standing import hit_words, spent_words
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card, Notice
from colmado_insights.ui.widgets.clearing import clear_layout
from colmado_insights.ui.widgets.grok_words import (
    about_words,
    twelve_words,
)
from colmado_insights.ui.widgets.label import Tone, hairline, label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.ui.widgets.picker import Picker
from colmado_insights.ui.widgets.slot import Slot
from colmado_insights.ui.widgets.switch import Switch

MOST_DOLLARS = 50


class BudgetCard(Card):
    """Spent of the limit with a bar; the limit and the nightly asking can be set. `changed`: setting and value."""

    changed = Signal(str, object)

    def __init__(self, look: Look, settings: Settings) -> None:
        super().__init__(look, _("Lo que gasta este mes"), "wallet")
        self._settings = settings
        self._spent = label(look, "", 30, 700)
        self._of = label(look, "", 14, 400, "soft")
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(self._spent)
        row.addWidget(self._of, 1, Qt.AlignmentFlag.AlignBottom)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self._words = label(look, "", 13, 500, wrap=True)
        self._hits = label(look, "", 12.5, 400, "soft", wrap=True)
        self.body.addLayout(row)
        self.body.addWidget(self.bar)
        self.body.addWidget(self._words)
        self.body.addWidget(self._hits)
        self.body.addStretch(1)
        self.body.addWidget(hairline())
        self.body.addLayout(self._make_limit())
        self.body.addWidget(hairline())
        self.body.addLayout(self._make_daily())

    def show_state(self, state: GrokState) -> None:
        """Say how the month stands."""
        share = state.spent_nano / state.limit_nano if state.limit_nano else 1.0
        tone = Tone.BAD if state.is_spent else Tone.ACCENT if state.is_warned else Tone.BRAND
        self._spent.setText(text.dollars(state.spent_nano))
        self._of.setText(_("de {limit}").format(limit=text.dollars(state.limit_nano)))
        self.bar.setValue(min(1000, round(1000 * share)))
        self.bar.setProperty("tone", str(tone))
        self.bar.setAccessibleName(
            _("Gastado: {share} del límite").format(share=text.percent(min(1.0, share)))
        )
        self.bar.style().polish(self.bar)
        self._words.setText(spent_words(state))
        self._words.setProperty("ink", "ink" if tone is Tone.BRAND else str(tone))
        self._words.style().polish(self._words)
        self._hits.setText(hit_words(state))
        can_ask = Topic.SEGMENT in state.allowed
        self.daily.setEnabled(can_ask)
        self._daily_hint.setText(
            _("Solo los que cambiaron; sin internet o sin presupuesto no pasa nada.")
            if can_ask
            else _("Primero permite «Segmentos».")
        )

    def _make_limit(self) -> QHBoxLayout:
        look, row = self.look, QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(label(look, _("Lo más que puede gastar al mes"), 14, 400, wrap=True), 1)
        self.limit = QSpinBox()
        self.limit.setFont(look.font(14, tabular=True))
        self.limit.setRange(0, MOST_DOLLARS)
        self.limit.setPrefix("US$ ")
        self.limit.setValue(round(self._settings.grok_limit_cents / 100))
        self.limit.setFixedWidth(look.px(96))
        self.limit.setKeyboardTracking(False)
        self.limit.setAccessibleName(_("Lo más que puede gastar al mes"))
        self.limit.lineEdit().setTextMargins(look.px(8), 0, look.px(8), 0)
        self.limit.editingFinished.connect(self._give_limit)
        row.addWidget(self.limit)
        return row

    def _make_daily(self) -> QHBoxLayout:
        look, row, words = self.look, QHBoxLayout(), QVBoxLayout()
        row.setSpacing(look.px(12))
        words.setSpacing(0)
        title = _("Cada noche, preguntarle por los segmentos")
        words.addWidget(label(look, title, 14, 400, wrap=True))
        self._daily_hint = label(look, "", 12.5, 400, "soft", wrap=True)
        words.addWidget(self._daily_hint)
        row.addLayout(words, 1)
        self.daily = Switch(look, is_on=self._settings.grok_daily)
        self.daily.setAccessibleName(title)
        self.daily.toggled.connect(lambda is_on: self.changed.emit("grok_daily", is_on))
        row.addWidget(self.daily)
        return row

    def _give_limit(self) -> None:
        cents = self.limit.value() * 100
        if self.limit.value() != round(self._settings.grok_limit_cents / 100):
            self.changed.emit("grok_limit_cents", cents)


class ModelCard(Card):
    """Which model is asked, at what price, and where it is reached. `changed`: setting and value."""

    changed = Signal(str, object)
    refresh_asked = Signal()

    def __init__(self, look: Look, settings: Settings) -> None:
        super().__init__(look, _("El modelo"), "sparkles")
        self._settings = settings
        self._picker = Slot()
        self._price = label(look, "", 13, 400, wrap=True)
        self._twelve = label(look, "", 13, 600, wrap=True)
        self._age = label(look, "", 12.5, 400, "soft", wrap=True)
        self._retired = QVBoxLayout()
        self.notices = NoticePlace(look)
        self.refresh = button(look, _("Actualizar la lista"), self.refresh_asked.emit, symbol="refresh-cw")
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(self._picker, 1)
        row.addWidget(self.refresh, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.body.addLayout(self._retired)
        for words in (self._price, self._twelve, self._age):
            self.body.addWidget(words)
        self.body.addLayout(self.notices)
        self.body.addStretch(1)
        self.body.addWidget(hairline())
        self.body.addWidget(self._make_advanced())

    def show_models(self, state: GrokState, models: Sequence[ModelPrice], use: TokenUse) -> None:
        """Offer the models, and say what the chosen one costs."""
        self._fill_picker(state.model, models, use)
        self._show_retired(state)
        if state.price is None:
            self._price.setText(_("No se sabe cuánto cuesta: hasta saberlo no se le pregunta nada."))
            self._twelve.setText("")
        else:
            self._price.setText(text.capitalized(text.model_price(state.price)) + ".")
            self._twelve.setText(text.capitalized(twelve_words(state.price, use)) + ".")
        self._twelve.setVisible(state.price is not None)
        self._age.setText(text.prices_age(models))

    def show_refreshing(self, *, is_on: bool) -> None:
        """The list is being read."""
        self.refresh.setEnabled(not is_on)

    def _fill_picker(self, model: str, models: Sequence[ModelPrice], use: TokenUse) -> None:
        choices = [
            (each.name, f"{each.name} · {about_words(each, use)}") for each in models if each.is_offered
        ]
        if model not in {name for name, _words in choices}:
            choices.insert(0, (model, model))
        self.picker = Picker(self.look, choices, model, width=240)
        self.picker.setAccessibleName(_("Modelo de Grok"))
        self.picker.picked.connect(lambda name: self.changed.emit("grok_model", name))
        self._picker.fill(self.picker)

    def _show_retired(self, state: GrokState) -> None:
        clear_layout(self._retired)
        if not state.replacement:
            return
        words = (
            _("Grok ya no ofrece {model}. Puedes pasar a {other}.")
            if state.price
            else _("No se conoce {model}, o ya no existe. Puedes pasar a {other}.")
        ).format(model=state.model, other=state.replacement)
        notice = Notice(self.look, words, Tone.ACCENT, "triangle-alert")
        take = _("Usar {model}").format(model=state.replacement)
        notice.add_action(button(self.look, take, lambda: self.changed.emit("grok_model", state.replacement)))
        self._retired.addWidget(notice)

    def _make_advanced(self) -> QWidget:
        look, holder = self.look, QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(4))
        self.url = QLineEdit(self._settings.grok_url)
        self.url.setFont(look.font(14))
        self.url.setAccessibleName(_("Dirección del servicio"))
        self.url.setMinimumWidth(look.px(120))
        self.url.editingFinished.connect(self._give_url)
        words = _("Dirección del servicio. Ahí va tu llave: cámbiala solo si sabes a dónde va.")
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(look.px(4))
        inner.addWidget(label(look, words, 12.5, 400, "soft", wrap=True))
        inner.addWidget(self.url)
        inside.hide()
        self.advanced = button(look, _("Avanzado"), kind="link", symbol="chevron-down")
        self.advanced.clicked.connect(lambda _checked=False: inside.setVisible(inside.isHidden()))
        column.addWidget(self.advanced, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(inside)
        return holder

    def _give_url(self) -> None:
        url = self.url.text().strip().rstrip("/")
        if url == self._settings.grok_url:
            return
        if self._settings.with_values({"grok_url": url}).grok_url != url:
            self.url.setText(self._settings.grok_url)
            self.notices.say(
                _("Esa dirección no sirve: tiene que empezar con https://. Quedó la de antes."),
                Tone.ACCENT,
                "triangle-alert",
            )
            return
        self.changed.emit("grok_url", url)
