"""A folder where a till leaves its files: what is new or changed since last time, once it lies still.

Polling, because notices of the operating system do not come from network drives, and a
drive that vanishes must not look like files deleted.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from colmado_insights import config
from colmado_insights.storage.database import Database

log = logging.getLogger(__name__)

TAKEN, REFUSED = "taken", "refused"
STILL_SECONDS = 2.0
"""A file is taken when its size and time have not changed for this long: it is written whole then."""
SUFFIXES = frozenset(
    {
        ".csv",
        ".tsv",
        ".txt",
        ".xlsx",
        ".xls",
        ".xlsb",
        ".ods",
        ".json",
        ".xml",
        ".gz",
        ".zip",
        ".htm",
        ".html",
    }
)
_UNFINISHED = (".crdownload", ".part", ".partial", ".tmp", ".download", ".lock")
_LOCKS = ("~$", ".~lock.", ".")


@dataclass(frozen=True)
class Signature:
    """What tells one state of a file from another without reading it."""

    size: int
    modified_ns: int


@dataclass(frozen=True)
class Waiting:
    """A file that was seen and must lie still before it is taken."""

    signature: Signature
    since: float


class FolderWatch:
    """Finds the files of a folder that are ready and not yet taken.

    Parameters
    ----------
    folder
        The folder; it may be away for a while.
    taken
        Signatures of the files taken before, by name, as `taken` gave them.
    """

    def __init__(self, folder: Path, taken: Mapping[str, Signature] | None = None) -> None:
        self.folder = folder
        self.is_away = False
        self.names: frozenset[str] = frozenset()
        """The files that stood there when it was last reached."""
        self._taken = dict(taken or {})
        self._waiting: dict[str, Waiting] = {}

    @property
    def taken(self) -> dict[str, Signature]:
        """What to remember until next time."""
        return dict(self._taken)

    def poll(self, clock: float) -> list[Path]:
        """Files that lie still and are new or changed, oldest first; `clock` is any steady clock in seconds."""
        found = self._list()
        if found is None:
            return []
        self.names = frozenset(found)
        ready = []
        for name, signature in found.items():
            if self._taken.get(name) == signature:
                continue
            before = self._waiting.get(name)
            if before is None or before.signature != signature:
                self._waiting[name] = Waiting(signature, clock)
            elif clock - before.since >= STILL_SECONDS:
                ready.append((signature.modified_ns, name))
        self._waiting = {name: waiting for name, waiting in self._waiting.items() if name in found}
        return [self.folder / name for _modified, name in sorted(ready)]

    def take(self, path: Path) -> None:
        """Remember that this state of the file was dealt with, well or badly."""
        waiting = self._waiting.pop(path.name, None)
        if waiting is not None:
            self._taken[path.name] = waiting.signature

    def _list(self) -> dict[str, Signature] | None:
        """Signatures of the folder's sales files; None while the folder is away."""
        found = {}
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    if is_sales_file(entry.name) and entry.is_file():
                        # Not entry.stat(): on Windows it tells what the folder last heard of a file being written.
                        state = os.stat(entry.path)
                        if state.st_size:
                            found[entry.name] = Signature(state.st_size, state.st_mtime_ns)
        except OSError:
            if not self.is_away:
                log.info("the watched folder is away")
            self.is_away = True
            return None
        if self.is_away:
            log.info("the watched folder is back")
        self.is_away = False
        return found


def is_sales_file(name: str) -> bool:
    """True for names that a till's export may have: not a lock, a download still going on, or a version of ours."""
    folded = name.lower()
    return (
        not folded.startswith(_LOCKS)
        and not folded.endswith(_UNFINISHED)
        and Path(folded).suffix in SUFFIXES
        and not config.is_release_file(name)
    )


def read_taken(database: Database, folder: Path) -> dict[str, Signature]:
    """The files of a folder that came in, by name.

    What was refused is looked at again by each program that starts: it may know better, and its owner is told why not.
    """
    rows = database.read(
        "SELECT name, size, modified_ns FROM watch WHERE folder = ? AND outcome = ?", (str(folder), TAKEN)
    )
    return {name: Signature(size, modified) for name, size, modified in rows}


def write_taken(database: Database, folder: Path, name: str, signature: Signature, outcome: str) -> None:
    """Remember that this state of a file was dealt with, and how it went."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO watch (folder, name, size, modified_ns, outcome) VALUES (?, ?, ?, ?, ?)",
            (str(folder), name, signature.size, signature.modified_ns, outcome),
        )
