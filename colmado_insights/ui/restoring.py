"""Putting a backup back while the window is open: asked in one dialog, and then everything is read anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from colmado_insights.domain import BackupFacts, Restored
from colmado_insights.ui.dialogs.restore_backup import RestoreBackup

if TYPE_CHECKING:
    from colmado_insights.ui.main_window import MainWindow


class Restoring(QObject):
    """Opens the question, and tells the card that stands afterwards what became of it."""

    restored = Signal()  # the shop's file holds something else

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._done: Restored | None = None

    def open(self, facts: BackupFacts) -> RestoreBackup:
        """Ask whether to put this one back."""
        window = self._window
        context = window.context
        dialog = RestoreBackup(context.look, window, context.tasks, facts, context.shop.restore)
        dialog.begun.connect(
            lambda: window.schedule.cancel(window.schedule.running)
        )  # it works with the old sales
        dialog.restored.connect(self._finish)
        dialog.open()
        return dialog

    def take_done(self) -> Restored | None:
        """What was put back and is not said yet."""
        done, self._done = self._done, None
        return done

    def _finish(self, done: Restored) -> None:
        self._done = done
        self._window.read_anew()
        self.restored.emit()
