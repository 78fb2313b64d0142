"""A place to drop files on, or to press a button and choose them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout

from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import SymbolTile
from colmado_insights.ui.widgets.label import label


class DropArea(QFrame):
    """Files dropped here or chosen with the button arrive as one list of paths."""

    files_chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("kind", "drop")
        self.setProperty("over", False)
        self.setAcceptDrops(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(20), look.px(18), look.px(20), look.px(18))
        row.setSpacing(look.px(16))
        row.addWidget(SymbolTile(look, "file-input", size=48), 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(look.px(2))
        words.addWidget(label(look, _("Suelta aquí los archivos de tu caja"), 15.5, 600, wrap=True))
        words.addWidget(
            label(
                look,
                _("CSV, Excel, JSON, XML o la base de datos de tu caja. Primero ves lo que entraría; "
                  "traer dos veces lo mismo no duplica nada."),
                13, 400, "soft", wrap=True,
            )
        )  # fmt: skip
        row.addLayout(words, 1)
        self.button = button(look, _("Elegir archivos…"), self.ask, kind="primary", symbol="folder-open")
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def ask(self) -> None:
        """Open the system's file dialog."""
        files, _filter = QFileDialog.getOpenFileNames(
            self,
            _("Archivos de ventas"),
            str(Path.home()),
            _(
                "Ventas (*.csv *.tsv *.txt *.xlsx *.xls *.ods *.json *.xml *.html *.sql *.db *.gz *.zip);;Todos los archivos (*)"
            ),
        )
        if files:
            self.files_chosen.emit([Path(name) for name in files])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if dropped_files(event):
            event.acceptProposedAction()
            self._show_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Back to rest."""
        self._show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over what was dropped."""
        self._show_over(False)
        event.acceptProposedAction()
        self.files_chosen.emit(dropped_files(event))

    def _show_over(self, is_over: bool) -> None:
        self.setProperty("over", is_over)
        self.style().unpolish(self)
        self.style().polish(self)


def dropped_files(event: QDropEvent) -> list[Path]:
    """The files of this computer that a drag carries."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
