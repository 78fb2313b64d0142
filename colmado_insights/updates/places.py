"""Where the file of a newer version may lie on this PC; only names are looked at until one fits."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from colmado_insights import config
from colmado_insights.config import Settings
from colmado_insights.errors import BadRelease
from colmado_insights.updates.releases import Kind, Program, Release, parse_name, read_release
from colmado_insights.updates.versions import Version

log = logging.getLogger(__name__)

ABANDONED_AFTER = timedelta(hours=6)
"""A download that stands still for so long belongs to no program that runs."""
MOST_TRIED = 5


def downloads() -> Path:
    """Where this program keeps the versions that it brought itself."""
    return config.data_folder() / "updates"


def find_newest(program: Program, settings: Settings) -> Release | None:
    """The newest version that lies ready on this PC for this program, whole as far as its ends tell."""
    found = [(named[0], path) for path, named in _find_names(settings) if named[1] is program.kind]
    newer = sorted((pair for pair in found if pair[0] > program.version), reverse=True)
    for _version, path in newer[:MOST_TRIED]:
        with suppress(BadRelease):
            return read_release(path, program, is_quick=True)
    return None


def tidy_downloads(program: Program, keep: Path | None = None, now: datetime | None = None) -> None:
    """Delete downloads that are installed, not the newest (or not `keep`), or were left behind half done."""
    moment = now or datetime.now()
    named = {path: each[0] for path in _list(downloads()) if (each := parse_name(path.name))}
    newest = keep or max(named, key=named.__getitem__, default=None)
    for path in _list(downloads()):
        if path in named:
            is_old = path != newest or named[path] <= program.version
        else:
            is_old = path.suffix == ".partial" and _age(path, moment) > ABANDONED_AFTER
        if is_old:
            try:
                path.unlink()
            except OSError:
                log.info("an old download could not be deleted")


def _find_names(settings: Settings) -> Iterator[tuple[Path, tuple[Version, Kind]]]:
    for folder in _folders(settings):
        for path in _list(folder):
            if named := parse_name(path.name):
                yield path, named


def _folders(settings: Settings) -> list[Path]:
    """This program's own, where the till leaves files, beside a portable program, and the browser's."""
    folders = [downloads(), config.downloads_folder()]
    if settings.watch_folder:
        folders.append(Path(settings.watch_folder))
    if (program := config.program_folder()) is not None and config.is_portable():
        folders += [program, program.parent]
    return folders


def _list(folder: Path) -> list[Path]:
    """What lies there; a folder that is away is empty."""
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries]
    except OSError:
        return []


def _age(path: Path, now: datetime) -> timedelta:
    try:
        return now - datetime.fromtimestamp(path.stat().st_mtime)
    except OSError:
        return timedelta(0)
