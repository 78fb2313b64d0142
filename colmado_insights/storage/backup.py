"""Backups: made through SQLite, verified before they count, thinned with age.

The time is in the file's name, so that copying files around cannot confuse the rotation.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex

from colmado_insights.errors import DatabaseDamaged, DiskFull
from colmado_insights.files import patiently
from colmado_insights.progress import Progress
from colmado_insights.storage.database import Database
from colmado_insights.text import _

log = logging.getLogger(__name__)

STAMP = "%Y-%m-%d-%H.%M.%S"
ABANDONED_AFTER = timedelta(hours=1)
KEEP_DAILY, KEEP_WEEKLY, KEEP_MONTHLY = 7, 4, 12


def backup_folder(database: Path) -> Path:
    """Where a database's backups lie: beside it."""
    return database.parent / f"{database.stem}-backups"


def write_backup(database: Database, now: datetime | None = None, progress: Progress | None = None) -> Path:
    """Make a verified backup and return its file.

    Raises
    ------
    Cancelled
        When it was asked to stop; the backups stay as they were.
    DatabaseDamaged
        When the database itself is damaged: its copy would push out good backups.
    DiskFull
        When the copy could not be written.
    """
    moment = now or datetime.now()
    folder = backup_folder(database.path)
    with partial_file(database.path, moment) as partial:
        if copy_checked(database, partial, progress):
            raise DatabaseDamaged(
                _("La copia de respaldo no salió bien, porque la base de datos está dañada."),
                _("Las copias anteriores siguen intactas: recupera la última."),
            )
        target = backup_file(database.path, moment)
        patiently(lambda: os.replace(partial, target))
    thin_backups(folder, moment.date())
    return target


def backup_file(database: Path, moment: datetime) -> Path:
    """The backup of a moment."""
    return backup_folder(database) / f"{database.stem}-{moment.strftime(STAMP)}.db"


def damaged_file(database: Path, moment: datetime) -> Path:
    """Where a damaged file lies since a moment: beside the backups, none of them, and never deleted."""
    return backup_folder(database) / f"{database.stem}-damaged-{moment.strftime(STAMP)}.db"


@contextmanager
def partial_file(database: Path, now: datetime) -> Iterator[Path]:
    """A name among the backups for a file that is still being written; what lies there at the end is deleted.

    Raises
    ------
    DiskFull
        When it could not be written.
    """
    folder = backup_folder(database)
    # The window and the panel may make one at once.
    partial = folder / f"{database.stem}-{now.strftime(STAMP)}.{token_hex(4)}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder, now)
        yield partial
    except OSError as exc:
        raise DiskFull(
            _("No se pudo guardar la copia de respaldo en «{folder}».").format(folder=folder),
            _("Mira que haya espacio en el disco y permiso para escribir."),
        ) from exc
    finally:
        for leftover in (partial, Path(f"{partial}-wal"), Path(f"{partial}-shm")):
            with suppress(PermissionError):  # a later backup sweeps it away
                leftover.unlink(missing_ok=True)


def copy_checked(
    database: Database, target: Path, progress: Progress | None = None, *, thorough: bool = False
) -> list[str]:
    """Copy a database to a file and look for damage in the copy: what SQLite finds, nothing when it is whole."""
    database.copy_to(target, progress)
    with Database(target, database.key) as copy, copy.hearing(progress or Progress()):
        return copy.find_damage(thorough=thorough)


def _sweep(folder: Path, now: datetime) -> None:
    """Delete what backups left behind that were killed; one still being written is younger."""
    for path in folder.glob("*.partial*"):
        with suppress(OSError):  # gone meanwhile, or another program has it open
            if datetime.fromtimestamp(path.stat().st_mtime) < now - ABANDONED_AFTER:
                path.unlink()


def read_stamp(path: Path) -> datetime | None:
    """When a backup was made, as its name tells; None of a file that is called otherwise."""
    try:
        return datetime.strptime("-".join(path.stem.split("-")[-4:]), STAMP)
    except ValueError:
        return None


def list_backups(database: Path) -> list[tuple[datetime, Path]]:
    """The backups of a database, newest first."""
    found = []
    for path in backup_folder(database).glob(f"{database.stem}-*.db"):
        try:
            found.append((datetime.strptime(path.stem.removeprefix(f"{database.stem}-"), STAMP), path))
        except ValueError:
            continue
    return sorted(found, reverse=True)


def choose_kept(moments: Iterable[datetime], today: date) -> set[datetime]:
    """Which backups stay: all of today and yesterday, then 7 days, 4 weeks and 12 months, one each."""
    kept: set[datetime] = set()
    days: set[object] = set()
    weeks: set[object] = set()
    months: set[object] = set()
    for moment in sorted(moments, reverse=True):
        day = moment.date()
        if day >= today - timedelta(days=1):
            kept.add(moment)
            continue
        week, month = day.isocalendar()[:2], (day.year, day.month)
        for seen, slot, limit in (
            (days, day, KEEP_DAILY),
            (weeks, week, KEEP_WEEKLY),
            (months, month, KEEP_MONTHLY),
        ):
            if slot not in seen and len(seen) < limit:
                seen.add(slot)
                kept.add(moment)
    return kept


def thin_backups(folder: Path, today: date) -> None:
    """Delete the backups that age has made superfluous; a failure is logged, never fatal."""
    stem = folder.name.removesuffix("-backups")
    backups = dict(list_backups(folder.parent / f"{stem}.db"))
    for moment in backups.keys() - choose_kept(backups, today):
        try:
            backups[moment].unlink()
        except OSError:
            log.warning("an old backup could not be deleted", exc_info=True)
