"""Sales that come by themselves: a folder where the till leaves files, its database, and posts over loopback."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from colmado_insights.domain import ImportReport, Reason
from colmado_insights.errors import DataProblem, FileHeld, ShopError
from colmado_insights.insights import categorizer
from colmado_insights.progress import Progress
from colmado_insights.storage import results
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.intake import import_files, import_source
from colmado_insights.storage.importing.made import MadeTable, Row, made_mapping
from colmado_insights.storage.importing.presets import aronium, dexie
from colmado_insights.storage.importing.presets.preset import Structured
from colmado_insights.storage.importing.sources import Source
from colmado_insights.storage.importing.watch import REFUSED, TAKEN, FolderWatch, read_taken, write_taken
from colmado_insights.text import _

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FeedEvent:
    """Something that came by itself: what became of it, or why it could not be used."""

    name: str
    report: ImportReport | None = None
    trouble: str = ""

    @property
    def late(self) -> Reason | None:
        """Said when sales of days already seen have come or changed."""
        reasons = self.report.reasons if self.report else ()
        return next((reason for reason in reasons if reason.code == "late_receipts"), None)


class FolderFeed:
    """A watched folder: each file comes in once it lies still, and again when it has changed."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._watch = FolderWatch(folder, read_taken(database, folder))
        self._troubles: dict[str, str] = {}

    @property
    def troubles(self) -> tuple[FeedEvent, ...]:
        """The files that stand there and could not be used, each with why."""
        return tuple(FeedEvent(name, trouble=why) for name, why in self._troubles.items())

    @property
    def is_away(self) -> bool:
        """True while the folder cannot be reached."""
        return self._watch.is_away

    def poll(self, clock: float, now: datetime, progress: Progress | None = None) -> list[FeedEvent]:
        """Take what is ready; `clock` is any steady clock in seconds."""
        ready = self._watch.poll(clock)
        self._troubles = {name: why for name, why in self._troubles.items() if name in self._watch.names}
        return [event for path in ready for event in self._take(path, now, progress)]

    def _take(self, path: Path, now: datetime, progress: Progress | None) -> Iterator[FeedEvent]:
        outcome = TAKEN
        try:
            for report in import_files(
                self._database, [path], categorize=categorizer().categorize_many, now=now, progress=progress
            ):
                yield FeedEvent(path.name, report)
        except DataProblem:
            raise  # the database is in trouble, not the file: it is tried again at the next turn
        except FileHeld as trouble:  # taken as soon as the till lets go of it
            yield from self._tell(path.name, str(trouble))
            return
        except ShopError as trouble:
            outcome = REFUSED
            yield from self._tell(path.name, str(trouble))
        else:
            self._troubles.pop(path.name, None)
        self._watch.take(path)
        signature = self._watch.taken.get(path.name)
        if signature is not None:
            write_taken(self._database, path.parent, path.name, signature, outcome)

    def _tell(self, name: str, why: str) -> Iterator[FeedEvent]:
        """A trouble, once a file and reason."""
        if self._troubles.get(name) != why:
            self._troubles[name] = why
            yield FeedEvent(name, trouble=why)


class TillFeed:
    """A till's SQLite file, followed while the till writes it: only what is new since last time is read."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path
        self._key = f"till:{path}"
        kept = results.read_settings(database).get(self._key)
        self._marks = aronium.Marks(*kept) if kept else aronium.Marks(0, "")
        self._last_rows: list[Row] = []
        self._trouble = ""

    @property
    def troubles(self) -> tuple[FeedEvent, ...]:
        """Why it cannot be read, while that is so."""
        return (FeedEvent(self._path.name, trouble=self._trouble),) if self._trouble else ()

    def poll(self, now: datetime, progress: Progress | None = None) -> list[FeedEvent]:
        """Take the documents that were added or edited since last time."""
        try:
            rows, marks = aronium.read_new_rows(self._path, self._marks.document, self._marks.updated)
        except DataProblem:
            return []  # the till is at it just now; the next turn comes in seconds
        except ShopError as trouble:
            before, self._trouble = self._trouble, str(trouble)
            return [*self.troubles] if self._trouble != before else []
        self._trouble = ""
        if not rows or rows == self._last_rows:
            return []
        report = _take_rows(self._database, aronium, self._path.name, rows, now, progress)
        self._marks, self._last_rows = marks, rows
        results.write_settings(self._database, {self._key: [marks.document, marks.updated]})
        return [FeedEvent(self._path.name, report)]


def take_posted(database: Database, body: Any, now: datetime) -> ImportReport:
    """Take in what the sibling web till posts: one sale, or {"sales": [...]}, as it keeps them itself.

    The same sale posted again changes nothing, so that a till may repeat what was not answered.

    Raises
    ------
    ShopError
        The body holds no sale.
    """
    dump = body if isinstance(body, dict) and "sales" in body else {"sales": [body]}
    with tempfile.TemporaryDirectory(prefix="colmado-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "caja-web.json"
        path.write_text(json.dumps(dump), encoding="utf-8")
        rows = list(dexie.read_rows([path]))
    return _take_rows(database, dexie, _("Caja web"), rows, now, None)


def _take_rows(
    database: Database,
    preset: Structured,
    name: str,
    rows: Sequence[Row],
    now: datetime,
    progress: Progress | None,
) -> ImportReport:
    """Bring rows into the feed's batch of the day."""
    table = MadeTable(f"{name} · {now:%Y-%m-%d}", preset.FIELDS, lambda: rows, size=len(rows))
    return import_source(
        database,
        Source(table, preset.NAME, made_mapping(preset.FIELDS), is_structured=True),
        categorize=categorizer().categorize_many,
        now=now,
        progress=progress,
        is_continued=True,
    )
