"""What would be sent to Grok, before anything leaves this PC."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights.personas import Preview
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.customer_words import copy_button
from colmado_insights.ui.widgets.grok_preview import facts_words
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.request_text import RequestText


class SentText(QDialog):
    """The whole text, where it goes, and the most it can cost."""

    def __init__(self, look: Look, parent: QWidget, preview: Preview) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Lo que se le manda a Grok"))
        box = QVBoxLayout(self)
        box.setContentsMargins(*(look.px(20) for _side in range(4)))
        box.setSpacing(look.px(10))
        box.addWidget(label(look, self.windowTitle(), 19, 600))
        box.addWidget(label(look, _("Esto y nada más. Ningún nombre de cliente, cajero ni producto "
                                    "sale de esta computadora."), 14, 400, "soft", wrap=True))  # fmt: skip
        self.request = RequestText(look)
        self.request.show_request(preview.text)
        box.addWidget(self.request, 1)
        kept = _("Hay una respuesta fresca guardada: ahora mismo no se mandaría nada.")
        words = kept if preview.is_kept else facts_words(preview)
        box.addWidget(label(look, words, 13, 400, "soft", wrap=True))
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        foot.addStretch(1)
        foot.addWidget(copy_button(look, preview.text))
        foot.addWidget(button(look, _("Cerrar"), self.close, kind="primary"))
        box.addLayout(foot)
        room = parent.screen().availableSize()
        self.resize(min(look.px(620), room.width() - 40), min(look.px(520), room.height() - 80))
