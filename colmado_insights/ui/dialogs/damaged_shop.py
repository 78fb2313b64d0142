"""The shop's file cannot be read when the program starts: what is wrong, and the backups that can be put back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from colmado_insights.domain import BackupFacts
from colmado_insights.errors import ShopError
from colmado_insights.text import _
from colmado_insights.ui.dialogs.restore_backup import Restore, RestoreBackup
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Tasks
from colmado_insights.ui.widgets.backup_rows import BackupRows
from colmado_insights.ui.widgets.state_view import trouble_message


class DamagedShop(QDialog):
    """Accepted when a backup was put back."""

    def __init__(
        self,
        look: Look,
        tasks: Tasks,
        error: ShopError,
        backups: Sequence[BackupFacts],
        restore: Restore,
    ) -> None:
        super().__init__()
        self._look, self._tasks, self._restore = look, tasks, restore
        self.setWindowTitle(_("No se pudo abrir el programa"))
        box = QVBoxLayout(self)
        box.setContentsMargins(*(look.px(16) for _side in range(4)))
        self.rows = BackupRows(look)
        self.rows.chosen.connect(self.ask)
        self.rows.show_backups(backups)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        column.addWidget(trouble_message(look, error, self.reject, retry_words=_("Cerrar")))
        column.addWidget(self.rows)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setAutoFillBackground(False)
        area.setAccessibleName(_("Copias de respaldo"))
        area.setWidget(inside)
        box.addWidget(area, 1)
        room = self.screen().availableSize()
        self.resize(min(look.px(620), room.width() - 40), min(look.px(560), room.height() - 80))

    def ask(self, facts: BackupFacts) -> RestoreBackup:
        """Ask whether to put this one back; then the program goes on."""
        dialog = RestoreBackup(self._look, self, self._tasks, facts, self._restore)
        dialog.restored.connect(lambda _done: self.accept())
        dialog.open()
        return dialog
