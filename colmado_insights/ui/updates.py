"""Newer versions while the window is open: told in a line above the page, installed when the owner says so."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from colmado_insights import updates
from colmado_insights.domain import Role
from colmado_insights.errors import ShopError
from colmado_insights.progress import Progress
from colmado_insights.text import _
from colmado_insights.ui.dialogs.new_version import NewVersion
from colmado_insights.ui.dialogs.version_news import VersionNews
from colmado_insights.ui.style import Look
from colmado_insights.ui.tasks import Lane
from colmado_insights.ui.widgets.version_bar import VersionBar
from colmado_insights.updates import Program, Release, Standing

if TYPE_CHECKING:
    from colmado_insights.ui.main_window import MainWindow

log = logging.getLogger(__name__)

FIRST_LOOK_MS = 8_000
"""After the start, when the window stands and its first page was read."""
SOON_MS = 500
LOOK_MS = 3_600_000
"""Whether it is time to ask online is decided by the day; a file may lie here any hour."""


class Updates(QObject):
    """Looks after nothing until it is started; what the owner does by hand works without."""

    changed = Signal()  # how the program stands to its newer versions

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bar: VersionBar | None = None
        self._say: Callable[[VersionBar], None] = VersionBar.clear
        self._offered: Release | None = None  # what the line offers
        self._dialog: NewVersion | None = None
        self._handle = Progress()
        self._first = QTimer(self)
        self._first.setSingleShot(True)
        self._first.timeout.connect(self.look)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def program(self) -> Program:
        """The program that would be replaced."""
        return updates.this_program()

    def make_bar(self, look: Look) -> VersionBar:
        """The line above the page, made anew with a new look, which says what the old one said."""
        self._bar = VersionBar(look)
        self._say(self._bar)
        return self._bar

    # -- looking --

    def start(self) -> None:
        """Say if this version runs for the first time; begin to look, in a moment and then each hour."""
        version = self.program.version
        if updates.take_first_run(version) and updates.read_news(version):
            self._tell(lambda bar: bar.say_updated(version, self._see_news, self._be_quiet))
        self._first.start(FIRST_LOOK_MS)
        self._timer.start()

    def look_soon(self) -> None:
        """Look in a moment: the owner has just allowed it."""
        self._first.start(SOON_MS)

    def stop(self) -> None:
        """Look no more."""
        self._first.stop()
        self._timer.stop()
        self._handle.cancel()

    def look(self) -> None:
        """See whether there is a newer version: on this PC, and online at most once a day where that is allowed."""
        context, program = self._window.context, self.program
        if context.role is not Role.OWNER:
            return
        settings, now = context.settings, context.clock()

        def find(progress: Progress) -> Release | None:
            updates.tidy_downloads(program)
            updates.look_if_due(settings, now, progress)
            return updates.find_offer(settings, now, program)

        context.tasks.run(
            find, owner=self, key="look", done=self._take_offer, error=self._fail, lane=Lane.NET
        )

    def look_now(self, done: Callable[[Standing], object], error: Callable[[Exception], None]) -> None:
        """Ask online because the owner wants to know, and tell how all stands then."""
        context, program = self._window.context, self.program
        settings, now = context.settings, context.clock()

        def ask(progress: Progress) -> Standing:
            updates.look_now(settings, now, progress)
            return updates.read_standing(settings, program)

        def finish(standing: Standing) -> None:
            self.changed.emit()
            done(standing)

        context.tasks.run(ask, owner=self, key="ask", done=finish, error=error, lane=Lane.NET)

    def take_files(self, paths: Sequence[Path]) -> list[Path]:
        """Open what may be a newer version among dropped files, and give back the others."""
        found = [path for path in paths if updates.may_be_release(path)]
        if found:
            self.open_file(found[0])
        return [path for path in paths if path not in found]

    def open_file(self, path: Path) -> None:
        """Read a file that may be a newer version, and ask whether to install it."""
        context, program = self._window.context, self.program
        self._tell(lambda bar: bar.say_reading(path.name, self._stop_reading))

        def take(release: Release) -> None:
            self._be_quiet()
            self.open_release(release)

        self._handle = context.tasks.run(
            lambda progress: updates.read_release(path, program, progress),
            owner=self, key="file", done=take, error=self._say_trouble, cancelled=self._be_quiet, lane=Lane.READ,
        )  # fmt: skip

    # -- installing --

    def open_release(self, release: Release) -> NewVersion:
        """Show a newer version and ask."""
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.close()
        dialog = self._dialog = NewVersion(self._window.context.look, self._window, release, self.program)
        dialog.install_asked.connect(partial(self._install, dialog, release))
        dialog.later_asked.connect(partial(self._put_off, release))
        dialog.skip_asked.connect(partial(self._skip, release))
        dialog.show()
        return dialog

    def _install(self, dialog: NewVersion, release: Release) -> None:
        """Fetch it when it is not here yet, then put it in place."""
        if release.path is not None:
            self._put_in_place(dialog, release)
            return
        program = self.program
        dialog.show_work(_("Bajando la versión {version}").format(version=release.version), can_stop=True)
        handle = self._window.context.tasks.run(
            lambda progress: updates.fetch(release, program, progress),
            owner=dialog, key="fetch", done=partial(self._put_in_place, dialog), error=dialog.show_trouble,
            cancelled=dialog.show_offer, progress=dialog.show_progress, lane=Lane.NET,
        )  # fmt: skip
        dialog.stop_asked.connect(handle.cancel)
        dialog.finished.connect(handle.cancel)

    def _put_in_place(self, dialog: NewVersion, release: Release) -> None:
        """Start its installer after a backup and close; or say how it is done by hand."""
        context, program = self._window.context, self.program
        self._be_quiet()
        self.changed.emit()

        def work(progress: Progress) -> None:
            updates.verify_release(release, program, progress)
            if program.can_replace:
                context.shop.write_backup()
                updates.start_setup(release, program)

        def finish(_nothing: object) -> None:
            if program.can_replace:
                QApplication.closeAllWindows()
                QApplication.quit()
            elif release.path is not None and isValid(dialog):
                dialog.show_steps(updates.find_steps(release, program), release.path)

        def fail(error: Exception) -> None:
            if isValid(dialog):
                dialog.show_trouble(error)
            else:
                self._say_trouble(error)

        words = _("Haciendo una copia de respaldo…") if program.can_replace else _("Comprobando el archivo…")
        dialog.show_work(words, can_stop=False)
        # The window owns it: an installer that was started waits for this program to close.
        context.tasks.run(work, owner=self, key="install", done=finish, error=fail, lane=Lane.WRITE)

    # -- the line --

    def _take_offer(self, release: Release | None) -> None:
        self.changed.emit()
        if release == self._offered:
            return
        if release is None:
            self._be_quiet()
            return
        see = partial(self.open_release, release)
        self._tell(
            lambda bar: bar.say_offer(
                release.version, see, partial(self._install_from_bar, release),
                partial(self._put_off, release),
            )
        )  # fmt: skip
        self._offered = release

    def _install_from_bar(self, release: Release) -> None:
        self.open_release(release).install_asked.emit()

    def _put_off(self, release: Release) -> None:
        updates.put_off(release.version, self._window.context.clock())
        self._leave()

    def _skip(self, release: Release) -> None:
        updates.skip(release.version)
        self._leave()

    def _leave(self) -> None:
        self._be_quiet()
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.close()

    def _see_news(self) -> None:
        self._be_quiet()
        self.open_news()

    def open_news(self) -> VersionNews:
        """Show what this version brought."""
        version = self.program.version
        dialog = VersionNews(self._window.context.look, self._window, version, updates.read_news(version))
        dialog.show()
        return dialog

    def _stop_reading(self) -> None:
        self._handle.cancel()

    def _tell(self, say: Callable[[VersionBar], None]) -> None:
        self._say, self._offered = say, None
        if self._bar is not None:
            say(self._bar)

    def _be_quiet(self) -> None:
        self._tell(VersionBar.clear)

    def _say_trouble(self, error: Exception) -> None:
        self._tell(lambda bar: bar.say_trouble(error, self._be_quiet))

    def _fail(self, error: Exception) -> None:
        """A look that fails stops nobody; the next hour tries again."""
        if not isinstance(error, ShopError):
            log.info("newer versions could not be looked for", exc_info=error)
