"""What the owner writes of a known customer, and the question before one is erased."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from colmado_insights.domain import Consent, Customer
from colmado_insights.text import N_, _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Notice
from colmado_insights.ui.widgets.label import Tone, label
from colmado_insights.ui.widgets.scrolled import Scrolled
from colmado_insights.ui.widgets.segmented import Segmented
from colmado_insights.ui.widgets.switch import Switch

CONSENTS = (Consent.UNKNOWN, Consent.YES, Consent.NO)
NEW = Customer(0, "")
CONSENT_MEANS = {
    Consent.UNKNOWN: N_("Pregúntale: «¿Puedo apuntar lo que compra para tenérselo listo y escribirle?»"),
    Consent.YES: N_("El programa mira lo que compra para tenérselo listo, y tú puedes escribirle."),
    Consent.NO: N_("No se le mira nada ni se le escribe: solo se guardan sus sumas."),
}


class CustomerForm(QDialog):
    """Fields of one customer; `saved` carries what was written, ready to be kept."""

    saved = Signal(object)

    def __init__(self, look: Look, parent: QWidget, customer: Customer | None = None) -> None:
        super().__init__(parent)
        self._look, self._customer = look, customer or NEW
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Cambiar cliente") if customer else _("Añadir cliente"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*(look.px(20) for _side in range(4)))
        outer.setSpacing(look.px(10))
        outer.addWidget(label(look, self.windowTitle(), 19, 600))
        middle = Scrolled(look.px(10))
        outer.addWidget(middle, 1)
        box = middle.box
        self.nickname = self._add_field(box, _("Cómo le dices"), self._customer.nickname, _("Doña Tata"))
        self.name = self._add_field(
            box, _("Como sale en la caja"), self._customer.name, _("Altagracia Peña"),
            _("Escríbelo igual que en la caja, para que sus compras se junten aquí."),
        )  # fmt: skip
        self.phone = self._add_field(box, _("Teléfono"), self._customer.phone, "809-555-0123")
        self.note = self._add_field(box, _("Nota"), self._customer.note, _("Le llevan el pedido los sábados"))
        box.addWidget(label(look, _("¿Dio permiso?"), 13, 600, "soft"))
        self.consent = Segmented(
            look, (_("Falta preguntar"), _("Sí"), _("No")), CONSENTS.index(self._customer.consent)
        )
        self.consent.setAccessibleName(_("¿Dio permiso?"))
        self.consent.chosen.connect(lambda _index: self._show_consent())
        box.addWidget(self.consent)
        self._means = label(look, "", 13, 400, "soft", wrap=True)
        box.addWidget(self._means)
        self._trouble = Notice(look, "", Tone.ACCENT, "triangle-alert")
        self._trouble.hide()
        box.addWidget(self._trouble)
        box.addStretch(1)
        outer.addLayout(self._make_foot())
        self._show_consent()
        room = parent.screen().availableSize()
        self.resize(min(look.px(460), room.width() - 40), min(self.sizeHint().height(), room.height() - 80))
        (self.name if customer and not customer.name else self.nickname).setFocus()

    def written(self) -> Customer:
        """The customer as the fields say it; without a till's name the nickname is the name."""
        nickname, name = self.nickname.text().strip(), self.name.text().strip()
        return replace(
            self._customer, name=name or nickname, nickname=nickname, phone=self.phone.text().strip(),
            note=self.note.text().strip(), consent=CONSENTS[self.consent.index], is_listed=True,
        )  # fmt: skip

    def save(self) -> None:
        """Hand it over, if it has a name."""
        customer = self.written()
        if not customer.name:
            self._trouble.words.setText(_("Escribe al menos cómo le dices."))
            self._trouble.show()
            self.nickname.setFocus()
            return
        self.saved.emit(customer)
        self.close()

    def _add_field(self, box: QVBoxLayout, title: str, value: str, example: str, hint: str = "") -> QLineEdit:
        look = self._look
        column = QVBoxLayout()
        column.setSpacing(look.px(3))
        name = label(look, title, 13, 600, "soft")
        field = QLineEdit(value)
        field.setFont(look.font(14))
        field.setPlaceholderText(_("por ejemplo: {example}").format(example=example))
        field.setAccessibleName(title)
        field.setMaxLength(200)
        field.returnPressed.connect(self.save)
        name.setBuddy(field)
        column.addWidget(name)
        column.addWidget(field)
        if hint:
            field.setAccessibleDescription(hint)
            column.addWidget(label(look, hint, 12.5, 400, "soft", wrap=True))
        box.addLayout(column)
        return field

    def _show_consent(self) -> None:
        self._means.setText(_(CONSENT_MEANS[CONSENTS[self.consent.index]]))

    def _make_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(self._look.px(8))
        foot.addStretch(1)
        foot.addWidget(button(self._look, _("Cancelar"), self.close))
        foot.addWidget(button(self._look, _("Guardar"), self.save, kind="primary"))
        return foot


class EraseQuestion(QDialog):
    """Says what goes and what stays; only who says that they understood may go on: `agreed`."""

    agreed = Signal()

    def __init__(self, look: Look, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Borrar cliente"))
        box = QVBoxLayout(self)
        box.setContentsMargins(*(look.px(20) for _side in range(4)))
        box.setSpacing(look.px(10))
        box.addWidget(label(look, _("¿Borrar a {name}?").format(name=name), 19, 600, wrap=True))
        for title, words in (
            (_("Se va"), _("su nombre, su teléfono, tu nota, y todo lo que se aprendió de sus compras.")),
            (_("Se queda"), _("lo vendido: los recibos siguen en las cuentas, sin decir de quién eran.")),
            (_("Después"), _("si la caja vuelve a traer su nombre, no se apunta otra vez.")),
        ):
            row = QHBoxLayout()
            row.setSpacing(look.px(10))
            head = label(look, title, 14, 600)
            head.setFixedWidth(look.px(84))
            row.addWidget(head, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(look, words, 14, 400, "soft", wrap=True), 1)
            box.addLayout(row)
        self.understood = Switch(look, is_on=False)
        self.understood.setAccessibleName(_("Entiendo que no se puede deshacer"))
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        row.addWidget(self.understood)
        row.addWidget(label(look, self.understood.accessibleName(), 14, 500, wrap=True), 1)
        box.addSpacing(look.px(4))
        box.addLayout(row)
        box.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        foot.addStretch(1)
        keep = button(look, _("Dejarlo"), self.close)
        self.erase = button(look, _("Borrar"), self._agree, kind="primary", symbol="trash-2")
        self.erase.setEnabled(False)
        self.understood.toggled.connect(self.erase.setEnabled)
        foot.addWidget(keep)
        foot.addWidget(self.erase)
        box.addLayout(foot)
        self.resize(look.px(480), self.sizeHint().height())
        keep.setFocus()

    def _agree(self) -> None:
        self.agreed.emit()
        self.close()
