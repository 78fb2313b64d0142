"""Sales that come by themselves while the window is open: polled off the GUI thread, told to every page."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from colmado_insights.config import Settings
from colmado_insights.errors import ShopError
from colmado_insights.feeds import FeedEvent
from colmado_insights.shop import Shop
from colmado_insights.ui.pages.page import SALES
from colmado_insights.ui.tasks import Tasks
from colmado_insights.watching import Watching

log = logging.getLogger(__name__)

POLL_MS = 500
"""A sale has to be in the cashier's panel within a second."""
FEED_SETTINGS = ("watch_folder", "till_file", "web_till", "web_port", "web_token", "web_origin")


class Feeds(QObject):
    """Keeps what the settings ask to be watched, and polls it."""

    troubles_changed = Signal(object)  # what stands there and cannot be used: a tuple of FeedEvent

    def __init__(
        self, shop: Shop, tasks: Tasks, tell: Callable[[Exception], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._shop, self._tasks, self._tell = shop, tasks, tell
        self._watching: Watching | None = None
        self._asked: tuple[object, ...] = ()
        self._troubles: tuple[FeedEvent, ...] = ()
        self._is_polling = False
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    def follow(self, settings: Settings) -> None:
        """Watch what these settings ask for; nothing happens when that has not changed."""
        asked = tuple(getattr(settings, name) for name in FEED_SETTINGS)
        if asked == self._asked:
            return
        self.stop()
        self._asked = asked
        try:
            self._watching = Watching.of(self._shop, settings)
        except ShopError as trouble:
            self._tell(trouble)
        if self._watching is not None:
            self._timer.start()

    def begin_anew(self, settings: Settings) -> None:
        """Forget what was seen: the shop's file may not hold it any more."""
        self._asked = ()
        self.follow(settings)

    def poll(self) -> None:
        """Look for what came, unless the last look is still going on."""
        if self._watching is None or self._is_polling:
            return
        self._is_polling = True
        self._tasks.run(self._watching.poll, owner=self, key="feeds", done=self._take, error=self._fail)

    def stop(self) -> None:
        """Watch nothing any more."""
        self._timer.stop()
        if self._watching is not None:
            self._watching.stop()
        self._watching = None
        self._show_troubles(())

    def _take(self, events: list[FeedEvent]) -> None:
        self._is_polling = False
        if self._watching is not None:
            self._show_troubles(self._watching.troubles)
        if any(event.report and (event.report.new or event.report.replaced) for event in events):
            self._tasks.data_changed.emit(frozenset({SALES}))

    def _show_troubles(self, troubles: tuple[FeedEvent, ...]) -> None:
        if troubles != self._troubles:
            log.info("watched files that cannot be used: %d", len(troubles))
            self._troubles = troubles
            self.troubles_changed.emit(troubles)

    def _fail(self, error: Exception) -> None:
        """The next look comes in a moment; only what is no known trouble is told."""
        self._is_polling = False
        if not isinstance(error, ShopError):
            self._tell(error)
