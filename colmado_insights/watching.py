"""Everything that brings sales by itself, watched together: what came, and what the moment says."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from colmado_insights import text
from colmado_insights.config import Settings
from colmado_insights.domain import ImportReport
from colmado_insights.errors import PortTaken
from colmado_insights.feeds import FeedEvent
from colmado_insights.progress import Progress
from colmado_insights.receiver import Receiver, is_ours
from colmado_insights.shop import Shop

POLL_SECONDS = 1.0


class Watching:
    """The feeds that the owner turned on; `poll` takes what is there, `run` goes on until stopped."""

    def __init__(
        self,
        shop: Shop,
        *,
        folder: Path | None = None,
        till: Path | None = None,
        port: int = 0,
        token: str = "",
        origins: tuple[str, ...] = (),
    ) -> None:
        self._shop = shop
        self._folder = shop.watch_folder(folder) if folder else None
        self._till = shop.follow_till(till) if till else None
        self._told: set[tuple[str, str, datetime]] = set()
        self._posted: queue.SimpleQueue[FeedEvent] = queue.SimpleQueue()
        self._door = partial(Receiver, self._take, token=token, origins=origins, port=port) if port else None
        self._receiver: Receiver | None = None
        self._lock = threading.Lock()
        try:
            self._listen()
        except PortTaken:
            if not is_ours(port):
                raise

    @classmethod
    def of(cls, shop: Shop, settings: Settings) -> Watching | None:
        """What the settings ask to be watched; None when that is nothing."""
        port = settings.web_port if settings.web_till and settings.web_token else 0
        if not (settings.watch_folder or settings.till_file or port):
            return None
        return cls(
            shop,
            folder=Path(settings.watch_folder) if settings.watch_folder else None,
            till=Path(settings.till_file) if settings.till_file else None,
            port=port,
            token=settings.web_token,
            origins=(settings.web_origin,) if settings.web_origin else (),
        )

    @property
    def is_away(self) -> bool:
        """True while the watched folder cannot be reached."""
        return self._folder is not None and self._folder.is_away

    @property
    def troubles(self) -> tuple[FeedEvent, ...]:
        """What stands there and cannot be used, each with why; gone once it came in or is gone."""
        return tuple(event for feed in (self._folder, self._till) if feed for event in feed.troubles)

    def poll(self, progress: Progress | None = None) -> list[FeedEvent]:
        """What came since the last turn."""
        with suppress(PortTaken):  # another program of ours takes the posts: this one, once that is closed
            self._listen()
        now = datetime.now()
        events: list[FeedEvent] = []
        while not self._posted.empty():
            events.append(self._posted.get())
        if self._folder:
            events += self._folder.poll(time.monotonic(), now, progress)
        if self._till:
            events += self._till.poll(now, progress)
        return events

    def run(self, seconds: float | None = None) -> Iterator[dict[str, Any]]:
        """One JSON-able record an event, and the new live insights after each that brought sales."""
        end = None if seconds is None else time.monotonic() + seconds
        while end is None or time.monotonic() < end:
            events = self.poll()
            for event in events:
                yield _record(event)
            if any(event.report and event.report.receipts_new for event in events):
                yield from self._new_insights(datetime.now())
            time.sleep(POLL_SECONDS)

    def _new_insights(self, now: datetime) -> Iterator[dict[str, Any]]:
        """The insights that were not told yet: one that still stands is not repeated at every sale."""
        standing = self._shop.read_live(now)
        before, self._told = self._told, {(live.type, live.subject, live.created_at) for live in standing}
        for insight in standing:
            if (insight.type, insight.subject, insight.created_at) not in before:
                yield {
                    "event": "insight",
                    "type": insight.type,
                    "subject": insight.subject,
                    "message": text.sentence(insight.message),
                    "expires_at": insight.expires_at.isoformat(),
                }

    def stop(self) -> None:
        """Take no more posts."""
        with self._lock:
            self._door = None
            receiver, self._receiver = self._receiver, None
        if receiver:
            receiver.stop()

    def _listen(self) -> None:
        """Have posts come in here, unless they do.

        Raises
        ------
        PortTaken
            They go to another program.
        """
        with self._lock:
            if self._door is not None and self._receiver is None:
                self._receiver = self._door()

    def _take(self, body: Any) -> ImportReport:
        report = self._shop.take_posted(body)
        self._posted.put(FeedEvent(report.file, report))
        return report


def _record(event: FeedEvent) -> dict[str, Any]:
    if event.report is None:
        return {"event": "trouble", "file": event.name, "message": event.trouble}
    report = event.report
    record: dict[str, Any] = {
        "event": "sales",
        "file": event.name,
        "new": report.new,
        "receipts_new": report.receipts_new,
        "unchanged": report.unchanged,
        "replaced": report.replaced,
        "quarantined": report.quarantined,
    }
    if event.late is not None:
        record["late"] = text.sentence(event.late)
    return record
