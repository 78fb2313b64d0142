"""The few notices a day that reach the owner by themselves: on the desktop, or in the window's corner."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSystemTrayIcon

from colmado_insights import NAME
from colmado_insights.analytics.results import LiveInsight
from colmado_insights.progress import Progress
from colmado_insights.ui.pages.page import SALES
from colmado_insights.ui.tasks import Lane
from colmado_insights.ui.widgets.insight_row import insight_symbol, insight_words
from colmado_insights.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from colmado_insights.ui.main_window import MainWindow

log = logging.getLogger(__name__)

MINUTE_MS = 60_000
APART_MS = 10_000
"""A desktop shows one message at a time: the next one waits until the last was read."""
HOME = "home"


class Notices(QObject):
    """Asks each minute and after new sales what to push, and pushes it; how many a day, the shop decides."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None
        self._waiting: list[LiveInsight] = []
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self.look)
        self._minute.start()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(APART_MS)
        self._next.timeout.connect(self._push_next)
        window.context.tasks.data_changed.connect(self._take_change)

    def look(self) -> None:
        """See whether something is worth telling."""
        context = self._window.context
        if not context.settings.push_notices:
            return

        def take(_progress: Progress) -> tuple[LiveInsight, ...]:
            return context.shop.take_notices(context.clock())

        context.tasks.run(take, owner=self, key="notices", done=self.push, error=self._fail, lane=Lane.WRITE)

    def push(self, taken: Sequence[LiveInsight]) -> None:
        """Show these, one after the other."""
        self._waiting += taken
        if self._waiting and not self._next.isActive():
            self._push_next()

    def stop(self) -> None:
        """Push nothing any more and leave the desktop."""
        self._minute.stop()
        self._next.stop()
        self._waiting.clear()
        if self._tray is not None:
            self._tray.hide()

    def _push_next(self) -> None:
        if not self._waiting:
            return
        insight = self._waiting.pop(0)
        what, line, _more = insight_words(insight)
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._show_on_desktop(what, line)
        else:
            self._show_in_window(insight, what, line)
        self._next.start()

    def _show_on_desktop(self, what: str, line: str) -> None:
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self)
            self._tray.setToolTip(NAME)
            self._tray.messageClicked.connect(self._open_home)
            self._tray.activated.connect(self._open_home)
        self._tray.show()
        self._tray.showMessage(what, line, self._window.windowIcon())

    def _show_in_window(self, insight: LiveInsight, what: str, line: str) -> None:
        symbol, tone = insight_symbol(insight)
        toast = Toast(self._window.context.look, self._window, what, line, symbol, tone, self._open_home)
        toast.show_in_corner()

    def _open_home(self, _reason: object = None) -> None:
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self._window.open_page(HOME)

    def _take_change(self, topics: frozenset[str]) -> None:
        if SALES in topics:
            self.look()

    def _fail(self, error: Exception) -> None:
        """A notice that could not be made is no reason to stop anybody; the next minute tries again."""
        log.info("notices could not be read", exc_info=error)
