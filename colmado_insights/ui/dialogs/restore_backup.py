"""The question before a backup is put back: what will happen, and the owner's yes or no; then how it goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from colmado_insights import text
from colmado_insights.domain import BackupFacts, Restored
from colmado_insights.progress import Progress
from colmado_insights.text import _
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Lane, Tasks
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.notice_place import NoticePlace

Restore = Callable[[Path, Progress], Restored]


class RestoreBackup(QDialog):
    """Asks, does it in the writers' lane, and stays until that has ended."""

    begun = Signal()
    restored = Signal(object)  # Restored

    def __init__(
        self, look: Look, parent: QWidget, tasks: Tasks, facts: BackupFacts, restore: Restore
    ) -> None:
        super().__init__(parent)
        self._tasks, self._facts, self._restore = tasks, facts, restore
        self._is_working = False
        self._handle = Progress()
        self.setModal(True)
        self.setWindowTitle(_("Recuperar una copia"))
        box = QVBoxLayout(self)
        box.setContentsMargins(*(look.px(20) for _side in range(4)))
        box.setSpacing(look.px(10))
        box.addWidget(label(look, _("¿Recuperar esta copia?"), 19, 600, wrap=True))
        for words in text.restore_plan(facts):
            box.addWidget(label(look, words, 14, 400, wrap=True))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        box.addWidget(self._bar)
        self._stage = label(look, "", 13, 400, "soft", wrap=True)
        box.addWidget(self._stage)
        self.notices = NoticePlace(look)
        box.addLayout(self.notices)
        box.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        foot.addStretch(1)
        self.leave = button(look, _("Dejarlo como está"), self.close)
        self.stop = button(look, _("Parar"), self.close)
        self.agree = button(look, _("Recuperarla"), self.begin, kind="primary", symbol="undo-2")
        for made in (self.leave, self.stop, self.agree):
            foot.addWidget(made)
        box.addLayout(foot)
        self._show_working(False)
        room = parent.screen().availableSize()
        self.resize(min(look.px(560), room.width() - 40), min(look.px(320), room.height() - 80))
        self.leave.setFocus()

    def begin(self) -> None:
        """Put it back."""
        self.notices.clear()
        self._bar.setRange(0, 0)
        self._stage.setText(_("Comprobando la copia…"))
        self._show_working(True)
        self.begun.emit()
        path = self._facts.path
        self._handle = self._tasks.run(
            lambda progress: self._restore(path, progress), owner=self, key="restore", lane=Lane.WRITE,
            done=self._finish, error=self._show_trouble, cancelled=self._show_question, progress=self._show_progress,
        )  # fmt: skip

    def reject(self) -> None:
        """Close; while it works, ask it to stop instead."""
        if self._is_working:
            self._handle.cancel()
        else:
            super().reject()
            self.deleteLater()

    # -- how it goes --

    def _finish(self, done: Restored) -> None:
        self._is_working = False
        self.accept()
        self.restored.emit(done)
        self.deleteLater()

    def _show_question(self) -> None:
        self._show_working(False)

    def _show_trouble(self, error: Exception) -> None:
        self._show_question()
        self.notices.say_trouble(error)

    def _show_progress(self, done: int, total: int, words: str) -> None:
        if words:
            self._stage.setText(f"{words}…")
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _show_working(self, is_working: bool) -> None:
        self._is_working = is_working
        for part in (self._bar, self._stage, self.stop):
            part.setVisible(is_working)
        for part in (self.leave, self.agree):
            part.setVisible(not is_working)
