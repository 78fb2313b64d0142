"""What is new in the version that runs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.news_text import NewsText
from colmado_insights.updates import Version


class VersionNews(QDialog):
    """Shows it once after an upgrade, and whenever the owner asks."""

    def __init__(self, look: Look, parent: QWidget, version: Version, news: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Qué hay de nuevo"))
        box = QVBoxLayout(self)
        box.setContentsMargins(*(look.px(20) for _side in range(4)))
        box.setSpacing(look.px(10))
        title = _("Qué hay de nuevo en la {version}").format(version=version)
        box.addWidget(label(look, title, 19, 600, wrap=True))
        words = news or _("De esta versión no hay nada escrito.")
        box.addWidget(NewsText(look, words), 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        close = button(look, _("Cerrar"), self.close, kind="primary")
        foot.addWidget(close)
        box.addLayout(foot)
        room = parent.screen().availableSize()
        self.resize(min(look.px(620), room.width() - 40), min(look.px(520), room.height() - 80))
        close.setFocus()
