"""Putting a backup back: checked first, what is there kept before, replaced in one step or not at all.

A file that SQLite can still read takes over the backup's content in one transaction, so that other programs may have
it open and see the old to its end. One that it cannot read is set aside whole, and a finished file takes its place.

What the owner and the customers decided since the backup holds on: nothing leaves this PC that was not allowed at the
end, what was spent stays spent, and who said no or was erased stays so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from colmado_insights.domain import BackupFacts, Restored, day_of
from colmado_insights.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    ForeignDatabase,
    ShopError,
    UnreadableFile,
)
from colmado_insights.files import patiently
from colmado_insights.progress import Progress
from colmado_insights.storage import backup, changes, consents, customers, spending
from colmado_insights.storage.database import Database, locked
from colmado_insights.storage.sales import read_data_version
from colmado_insights.storage.schema import MIGRATIONS, is_empty, migrate, refuse_foreign
from colmado_insights.text import _

TRIES = 3
"""Whoever wrote while the present file was being kept has it kept once more; not for ever."""
USER = "restore"
"""Who takes back in the log of consents what can no longer be known."""

# ── what there is ──


def read_backups(database: Path, key: str | None = None) -> tuple[BackupFacts, ...]:
    """What each backup of a database holds, newest first."""
    return tuple(read_backup(path, key, made_at) for made_at, path in backup.list_backups(database))


def read_backup(path: Path, key: str | None = None, made_at: datetime | None = None) -> BackupFacts:
    """What a file holds that may be put back; of one that cannot, why. Its pages are checked when it is."""
    try:
        about = path.stat()
        said = made_at or backup.read_stamp(path)
        facts = BackupFacts(path, said or datetime.fromtimestamp(int(about.st_mtime)), about.st_size)
    except OSError:
        return BackupFacts(path, made_at or datetime.min, 0, trouble=_not_found(path))
    try:
        with _source(path, key) as source:
            receipts, first, last = source.read(
                "SELECT coalesce(sum(receipts), 0), min(day), max(day) FROM daily"
            )[0]
    except ShopError as trouble:
        return BackupFacts(path, facts.made_at, facts.size_bytes, trouble=trouble.what)
    return BackupFacts(path, facts.made_at, facts.size_bytes, receipts, _day(first), _day(last))


def _day(number: int | None) -> date | None:
    return None if number is None else day_of(number)


# ── putting one back ──


def restore(
    database: Path,
    chosen: Path,
    now: datetime | None = None,
    progress: Progress | None = None,
    *,
    key: str | None = None,
    may_replace_file: bool = True,
) -> Restored:
    """Put a backup in the place of a shop's file; what is there becomes a backup of its own.

    Killed at any instant, it leaves the old shop or the new one. With `may_replace_file` False, which is for who has
    the file open, one that cannot be read is left alone.

    Raises
    ------
    Cancelled
        When it was asked to stop; the shop stays as it was.
    UnreadableFile, DatabaseTooNew, DatabaseDamaged, ForeignDatabase
        The backup cannot be used; nothing is changed.
    DatabaseLocked
        Another program is writing, or has the unreadable file open; nothing is changed.
    DiskFull
        There was no room; nothing is changed.
    """
    moment, heard = now or datetime.now(), progress or Progress()
    facts = _facts(database, chosen, key)
    with backup.partial_file(database, moment) as staged:
        _stage(chosen, staged, key, heard)
        try:
            kept, is_whole = _take_over(Database(database, key), staged, moment, heard)
        except ForeignDatabase:
            raise
        except DatabaseDamaged as damage:
            if not may_replace_file:
                todo = _("Cierra el programa y ábrelo otra vez: ahí se recupera.")
                raise DatabaseDamaged(damage.what, todo) from damage
            heard.step()
            with Database(staged, key) as copy:
                _forget_permissions(copy, moment)
            kept, is_whole = _replace(database, staged, moment), False
    return Restored(facts, kept, is_whole)


def _facts(database: Path, chosen: Path, key: str | None) -> BackupFacts:
    if not chosen.is_file():
        raise UnreadableFile(_not_found(chosen), _no_change())
    if database.exists() and chosen.samefile(database):
        raise UnreadableFile(
            _("«{file}» son los datos de ahora, no una copia.").format(file=chosen.name), _no_change()
        )
    return read_backup(chosen, key)


def _not_found(path: Path) -> str:
    return _("No se encuentra la copia «{file}».").format(file=path.name)


def _no_change() -> str:
    return _("Escoge otra copia. No se cambió nada.")


@contextmanager
def _source(path: Path, key: str | None) -> Iterator[Database]:
    """A backup, opened and known to be one of ours that this program understands."""
    with Database(path, key, is_read_only=True) as source:
        try:
            source.check_version(len(MIGRATIONS))
            refuse_foreign(source)
            if is_empty(source):
                raise DatabaseDamaged(_("La copia «{file}» está vacía.").format(file=path.name))
            yield source
        except DatabaseDamaged as trouble:
            raise type(trouble)(trouble.what, _no_change()) from trouble


def _stage(chosen: Path, staged: Path, key: str | None, progress: Progress) -> None:
    """Make the file that will be the shop: the backup, checked to the last page, with the newest tables."""
    with _source(chosen, key) as source:
        if backup.copy_checked(source, staged, progress, thorough=True):
            raise DatabaseDamaged(_("La copia «{file}» está dañada.").format(file=chosen.name))
    with Database(staged, key) as copy:
        migrate(copy)


def _take_over(
    present: Database, staged: Path, now: datetime, progress: Progress
) -> tuple[Path | None, bool]:
    """Keep what the shop's file holds, then give it the staged content, with nothing written between lost."""
    with present:
        refuse_foreign(present)
        present.use_wal()
        for _turn in range(TRIES):
            seen = present.count_changes()
            kept, is_whole = _keep(present, now, progress)
            with Database(staged, present.key) as copy:
                _carry_over(present, copy, now)
            if present.take_over(staged, seen, progress):
                return kept, is_whole
            if kept is not None:
                kept.unlink(missing_ok=True)  # the next one holds more
    raise locked(present.path)


def _keep(present: Database, now: datetime, progress: Progress) -> tuple[Path | None, bool]:
    """Copy what is there among the backups: as one of them when it is whole, else as a damaged file."""
    if is_empty(present):
        return None, True
    with backup.partial_file(present.path, now) as copy:
        is_whole = not backup.copy_checked(present, copy, progress)
        target = _free_name(present.path, now, is_whole=is_whole)
        patiently(partial(os.replace, copy, target))
    return target, is_whole


def _free_name(database: Path, now: datetime, *, is_whole: bool) -> Path:
    """A name among the backups that nothing has yet."""
    name = backup.backup_file if is_whole else backup.damaged_file
    while name(database, now).exists():
        now += timedelta(seconds=1)
    return name(database, now)


# ── what holds on ──


def _carry_over(present: Database, staged: Database, now: datetime) -> None:
    """Bring into the staged file what was allowed, spent and wished since the backup was made."""
    try:
        if present.read_one("PRAGMA user_version") < len(MIGRATIONS):
            raise DatabaseDamaged("")  # what an older program wrote is not read here
        version = read_data_version(present)
        consents.carry_log(present, staged)
        spending.carry_calls(present, staged)
        customers.carry_wishes(present, staged, now)
    except DatabaseDamaged:
        version = 0
        _forget_permissions(staged, now)
    with (
        staged.transaction() as connection
    ):  # what is still being worked out from the present sales ages with them
        changes.note_other_sales(connection, version)


def _forget_permissions(staged: Database, now: datetime) -> None:
    """Allow nothing: what was last said cannot be known."""
    for topic in consents.read_allowed(staged):
        consents.write_consent(staged, topic, is_allowed=False, at=now, user=USER)


# ── a file that cannot be read ──


def _replace(database: Path, staged: Path, now: datetime) -> Path:
    """Set the file aside whole, among the backups, and put the staged one in its place.

    At every instant there is a file of that name, and all of the old one under one name or the other.
    """
    aside = _free_name(database, now, is_whole=False)
    with _undone_on_error() as undo:
        for end in ("-wal", "-shm"):
            log, log_aside = Path(f"{database}{end}"), Path(f"{aside}{end}")
            if log.exists():
                patiently(partial(os.replace, log, log_aside))
                undo.callback(os.replace, log_aside, log)
        try:
            os.link(database, aside)
            undo.callback(aside.unlink)
        except OSError:  # a memory stick knows no links
            patiently(partial(os.replace, database, aside))
            undo.callback(os.replace, aside, database)
        patiently(partial(os.replace, staged, database))
    return aside


@contextmanager
def _undone_on_error() -> Iterator[ExitStack]:
    """Steps that are taken back, the last one first, when one of them cannot be done."""
    with ExitStack() as undo:
        try:
            yield undo
        except PermissionError as exc:
            raise DatabaseLocked(
                _("Otro programa tiene abiertos los datos dañados."),
                _("Cierra Colmado Insights donde esté abierto, también el panel de caja, y prueba de nuevo."),
            ) from exc
        undo.pop_all()
