"""The question before Grok may be asked about a topic: what leaves, whole."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.personas import Preview
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.request_text import RequestText
from colmado_insights.ui.widgets.scrolled import Scrolled


class GrokConsent(QDialog):
    """Shows an example of what would be sent; `agreed` when the owner allows it."""

    agreed = Signal()

    def __init__(self, look: Look, parent: QWidget, preview: Preview, about: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Permitir a Grok"))
        name = text.topic_name(preview.topic)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*(look.px(20) for _side in range(4)))
        outer.setSpacing(look.px(10))
        middle = Scrolled(look.px(10))
        outer.addWidget(middle, 1)
        box = middle.box
        title = _("¿Permitir que salga esto? {topic}").format(topic=name)
        box.addWidget(label(look, title, 19, 600, wrap=True))
        box.addWidget(label(look, text.topic_leaves(preview.topic), 14, 400, wrap=True))
        example = _("Un ejemplo: {about}").format(about=about) if about else _("Un ejemplo:")
        box.addWidget(label(look, example, 13, 600, "soft", wrap=True))
        self.request = RequestText(look)
        self.request.show_request(preview.text)
        box.addWidget(self.request, 1)
        cost = (
            _("Cada pregunta como esta cuesta, como mucho, {cost}.").format(
                cost=text.dollars(preview.most_nano)
            )
            if preview.most_nano is not None
            else _("No se sabe cuánto cuesta: hasta saberlo no se manda nada.")
        )
        where = _("Va a {url}. Ahora mismo no se manda nada; puedes quitar el permiso cuando quieras.")
        box.addWidget(label(look, cost, 13, 400, "soft", wrap=True))
        box.addWidget(label(look, where.format(url=preview.url), 13, 400, "soft", wrap=True))
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        foot.addStretch(1)
        leave = button(look, _("Dejarlo apagado"), self.close)
        foot.addWidget(leave)
        foot.addWidget(button(look, _("Permitir"), self._agree, kind="primary", symbol="check"))
        outer.addLayout(foot)
        room = parent.screen().availableSize()
        self.resize(min(look.px(620), room.width() - 40), min(look.px(560), room.height() - 80))
        leave.setFocus()

    def _agree(self) -> None:
        self.agreed.emit()
        self.close()
