"""The key of Grok: pasted, kept, tried and forgotten; what was kept is never shown again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from colmado_insights.text import N_, _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.flow import Flow
from colmado_insights.ui.widgets.grok_words import key_words
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.notice_place import NoticePlace
from colmado_insights.vault import KeyPlace

STEPS = (
    N_("Entra en console.x.ai y abre una cuenta a tu nombre."),
    N_("Ponle saldo: lo que gastes sale de ahí. Con US$ 5 hay para empezar."),
    N_("Crea una llave («API key»), cópiala y pégala aquí."),
)


class KeyCard(Card):
    """A field that hides what is pasted, and what can be done with the key there is."""

    given = Signal(str)
    forgotten = Signal()
    try_asked = Signal()
    stop_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, _("Tu llave de xAI"), "key-round")
        self._place = label(look, "", 14, 600, wrap=True)
        self._steps = self._make_steps()
        safe = _(
            "Es como una contraseña: el programa no la enseña más, no la copia en los respaldos y solo se la"
            " manda a Grok."
        )
        self.keep = button(look, _("Guardar"), self.give, kind="primary")
        self.keep.setEnabled(False)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setFont(look.font(14))
        self.field.setPlaceholderText(_("Pega aquí tu llave"))
        self.field.setAccessibleName(_("Llave de xAI"))
        self.field.setMinimumWidth(look.px(120))
        self.field.setMaxLength(500)
        self.field.returnPressed.connect(self.give)
        self.field.textChanged.connect(lambda words: self.keep.setEnabled(bool(words.strip())))
        self.notices = NoticePlace(look)
        self.body.addWidget(self._place)
        self.body.addWidget(self._steps)
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(self.field, 1)
        row.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addSpacing(look.px(4))
        self.body.addLayout(row)
        QWidget.setTabOrder(self.field, self.keep)
        self.body.addLayout(self._make_acts())
        self.body.addWidget(label(look, safe, 12.5, 400, "soft", wrap=True))
        self.body.addLayout(self.notices)
        self.body.addStretch(1)

    def show_place(self, place: KeyPlace | None) -> None:
        """Say where the key is, and offer what can be done with it there."""
        self._place.setText(key_words(place))
        self._steps.setVisible(place is None)
        self.try_key.setVisible(place is not None)
        self.forget.setVisible(place in (KeyPlace.VAULT, KeyPlace.SESSION))
        for part in (self.field, self.keep):
            part.setVisible(place is not KeyPlace.ENVIRONMENT)

    def show_trying(self, *, is_on: bool) -> None:
        """While it is tried, it can be stopped."""
        self.try_key.setEnabled(not is_on)
        self.try_key.setText(_("Probando…") if is_on else _("Probar la llave"))
        self.stop.setVisible(is_on)

    def give(self) -> None:
        """Hand the key over and forget it here."""
        key = self.field.text().strip()
        self.field.setText("")  # unlike clear(), this leaves nothing to undo
        if key:
            self.given.emit(key)

    def _make_steps(self) -> QWidget:
        """How one comes by a key."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.look.px(3))
        for place, words in enumerate(STEPS, 1):
            column.addWidget(label(self.look, f"{place}. {_(words)}", 13, 400, "soft", wrap=True))
        return holder

    def _make_acts(self) -> Flow:
        look, acts = self.look, Flow(self.look, 8)
        self.try_key = button(
            look,
            _("Probar la llave"),
            self.try_asked.emit,
            hint=_("Lee la lista de modelos: no manda nada de tu colmado y no cuesta"),
        )
        self.stop = button(look, _("Parar"), self.stop_asked.emit)
        self.forget = button(look, _("Olvidar la llave"), self.forgotten.emit, symbol="trash-2")
        for made in (self.try_key, self.stop, self.forget):
            acts.addWidget(made)
        self.stop.hide()
        return acts
