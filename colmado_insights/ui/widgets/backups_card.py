"""The backups on the settings page: which there are, and what became of putting one back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog

from colmado_insights import text
from colmado_insights.domain import BackupFacts, Restored
from colmado_insights.progress import Progress
from colmado_insights.text import _
from colmado_insights.ui.context import Context
from colmado_insights.ui.restoring import Restoring
from colmado_insights.ui.widgets.backup_rows import BackupRows
from colmado_insights.ui.widgets.button import button
from colmado_insights.ui.widgets.card import Card
from colmado_insights.ui.widgets.label import label
from colmado_insights.ui.widgets.notice_place import NoticePlace

BACKUP = "backup"
"""The job after which there is another one."""


class BackupsCard(Card):
    """Reads what the backups hold when it is shown and when one was made."""

    def __init__(self, ctx: Context, control: Restoring) -> None:
        super().__init__(ctx.look, _("Copias de respaldo"), "shield-check")
        self._ctx, self._control = ctx, control
        if ctx.schedule is not None:
            make = partial(ctx.schedule.run_now, BACKUP)
            self.add_action(button(ctx.look, _("Hacer una copia ahora"), make, symbol="shield-check"))
        self.add_action(button(ctx.look, _("Otra copia…"), self.ask_file, symbol="folder-open"))
        hint = _("Se hacen solas y se comprueban. Recuperar una pone tus datos como estaban ese día.")
        self._hint = label(ctx.look, hint, 12.5, 400, "soft", wrap=True)
        self.body.addWidget(self._hint)
        self.notices = NoticePlace(ctx.look)
        self.body.addLayout(self.notices)
        self.rows = BackupRows(ctx.look)
        self.rows.chosen.connect(control.open)
        self.body.addWidget(self.rows)
        self.body.addStretch(1)
        if (done := control.take_done()) is not None:
            self.say_restored(done)
        ctx.tasks.data_changed.connect(self._take_change)

    def load(self) -> None:
        """Read what there is and show it; a hidden card has time."""
        if not self.isVisible():
            return
        shop = self._ctx.shop

        def read(_progress: Progress) -> tuple[BackupFacts, ...]:
            return shop.read_backup_facts()

        self._ctx.tasks.run(
            read, owner=self, key="backups", done=self.show_backups, error=self.notices.say_trouble
        )

    def show_backups(self, backups: tuple[BackupFacts, ...]) -> None:
        """Show them."""
        self.rows.show_backups(backups)

    def say_restored(self, done: Restored) -> None:
        """Say that it is done, and how it is undone."""
        words = _("Recuperada: {content}.").format(content=text.backup_content(done.facts))
        undo: Callable[[], object] | None = None
        if done.kept is not None and done.is_kept_whole:
            words = _("{done} Lo de antes quedó guardado como otra copia.").format(done=words)
            undo = partial(self.open_file, done.kept)
        elif done.kept is not None:
            words = _("{done} El archivo dañado quedó guardado en «{folder}».").format(
                done=words, folder=done.kept.parent
            )
        self.notices.say_done(words, undo)
        self._hint.setText(text.after_restore())

    def ask_file(self) -> None:
        """Choose a backup that lies elsewhere, on a memory stick or from another computer."""
        dialog = QFileDialog(self, _("Escoger una copia"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open_file(Path(name)))
        dialog.open()

    def open_file(self, path: Path) -> None:
        """Read what a file holds and ask whether to put it back."""
        shop = self._ctx.shop

        def take(facts: BackupFacts) -> None:
            if facts.trouble:
                self.notices.say(facts.trouble)
            else:
                self._control.open(facts)

        self._ctx.tasks.run(
            lambda _progress: shop.read_backup(path),
            owner=self,
            key="file",
            done=take,
            error=self.notices.say_trouble,
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it comes into view."""
        super().showEvent(event)
        self.load()

    def _take_change(self, topics: frozenset[str]) -> None:
        if BACKUP in topics:
            self.load()
