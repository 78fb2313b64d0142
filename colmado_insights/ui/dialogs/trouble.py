"""The one dialog for trouble without a page: what is wrong, or an apology and the details; then the program goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.state_view import trouble_message


class Trouble(QDialog):
    """Shows an error that no page could show in place."""

    def __init__(
        self, look: Look, error: Exception, parent: QWidget | None = None, *, is_end: bool = False
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("No se pudo abrir el programa") if is_end else _("Algo salió mal"))
        box = QVBoxLayout(self)
        box.setContentsMargins(*(look.px(16) for _side in range(4)))
        leave = _("Cerrar") if is_end else _("Seguir")
        box.addWidget(trouble_message(look, error, self.close, retry_words=leave))
        self.resize(look.px(520), look.px(280))
