"""One shop's SQLite file: connections, transactions and what SQLite's troubles mean.

The driver is chosen here and nowhere else: SQLCipher's build of SQLite (the same
newer SQLite on every system, and able to encrypt the file with a key), or the
standard library's where no wheel of it exists.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from colmado_insights.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseTooNew,
    DataProblem,
    DiskFull,
    ShopError,
)
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.text import _

if TYPE_CHECKING:
    import sqlite3
    from sqlite3 import Connection

    import sqlite_utils
else:
    try:
        import sqlcipher3
        from sqlcipher3 import dbapi2 as sqlite3

        # WORKAROUND sqlite-utils catches the exception classes of the module it finds
        # first; pysqlite3 is the name under which it accepts another build of SQLite.
        sys.modules.setdefault("pysqlite3", sqlcipher3)
        sys.modules.setdefault("pysqlite3.dbapi2", sqlite3)
    except ImportError:
        import sqlite3

log = logging.getLogger(__name__)

BUSY_MS = 5_000
STEPS_BETWEEN_ASKS = 1_000_000
"""Steps of SQLite's machine, some 20 ms, between two looks at whether the work shall stop: each needs the interpreter."""
TURN_SECONDS = 0.1
"""Between two looks at whether who waits for his turn shall stop."""
PAGES_AT_ONCE = 2_000
"""Of a copy, 8 MB: a cancel is heard between two pieces."""
PAGES_A_LOOK = 16
"""Of a file that takes over another's content: less than an empty shop has."""
APPLICATION_ID = 0x436F6C6D  # "Colm": tells our files from any other SQLite file

_FAMILY: dict[str, type[DataProblem]] = {
    "SQLITE_BUSY": DatabaseLocked,
    "SQLITE_LOCKED": DatabaseLocked,
    "SQLITE_CORRUPT": DatabaseDamaged,
    "SQLITE_NOTADB": DatabaseDamaged,
    "SQLITE_FULL": DiskFull,
    "SQLITE_IOERR": DiskFull,
    "SQLITE_READONLY": DiskFull,
    "SQLITE_CANTOPEN": DiskFull,
    "SQLITE_PERM": DiskFull,
}


def explain(exc: BaseException, path: Path) -> ShopError | None:
    """The shopkeeper's error for a SQLite error, by its result code; None if it is our bug."""
    name = getattr(exc, "sqlite_errorname", "") or ""
    family = next((kind for code, kind in _FAMILY.items() if name.startswith(code)), None)
    if family is None:
        return None
    if family is DatabaseLocked:
        return locked(path)
    words = {
        DatabaseDamaged: (
            _("El archivo «{file}» está dañado o no es una base de datos de Colmado Insights."),
            _("Recupera una copia de respaldo."),
        ),
        DiskFull: (
            _("No se pudo leer o escribir la base de datos «{file}»."),
            _("Mira que haya espacio en el disco y permiso para escribir en la carpeta."),
        ),
    }[family]
    return family(words[0].format(file=path.name), words[1])


def locked(path: Path) -> DatabaseLocked:
    """The error of a file that another program keeps for itself."""
    return DatabaseLocked(
        _("Otro programa está usando la base de datos «{file}».").format(file=path.name),
        _("Ciérralo, espera un momento y prueba de nuevo."),
    )


@contextmanager
def _naming_full_disk(target: Path) -> Iterator[None]:
    """Say that a copy could not be written where SQLite's own code for it is missing."""
    try:
        yield
    except sqlite3.OperationalError as exc:
        # WORKAROUND https://github.com/coleifer/sqlcipher3: its backup raises without SQLite's result code.
        if getattr(exc, "sqlite_errorname", None):
            raise
        raise DiskFull(
            _("No se pudo escribir la copia «{file}».").format(file=target.name),
            _("Mira que haya espacio en el disco y permiso para escribir en la carpeta."),
        ) from exc


def _is_interrupt(exc: BaseException) -> bool:
    return getattr(exc, "sqlite_errorname", "") == "SQLITE_INTERRUPT"


class _Overtaken(Exception):
    """Somebody wrote meanwhile."""


class Database:
    """A shop's file. Each thread gets its own connection; all share one file in WAL mode.

    Parameters
    ----------
    path
        The file; made, with its folder, when missing.
    key
        Raw 256-bit key as 64 hex digits for an encrypted file (needs the SQLCipher driver).
    is_read_only
        Leave the file as it is: nothing can be written, no statistics either.
    """

    def __init__(self, path: Path, key: str | None = None, *, is_read_only: bool = False) -> None:
        self.path = Path(path)
        self.key = key
        self._is_read_only = is_read_only
        self._local = threading.local()
        self._opened: list[Connection] = []
        self._lock = threading.Lock()
        self._turns: dict[str, threading.RLock] = {}
        if self.path.is_dir():
            raise DiskFull(
                _("«{file}» es una carpeta, no una base de datos.").format(file=self.path.name),
                _("Escoge un archivo."),
            )
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise DiskFull(
                _("No se pudo hacer la carpeta «{folder}».").format(folder=self.path.parent),
                _("Escoge otra carpeta donde puedas escribir."),
            ) from exc

    @property
    def connection(self) -> Connection:
        """This thread's connection."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with self.translated():
                connection = self._connect()
            self._local.connection = connection
        return connection

    @property
    def tables(self) -> sqlite_utils.Database:
        """The same connection through sqlite-utils, for tables, upserts and look-ups."""
        import sqlite_utils

        return sqlite_utils.Database(self.connection)

    def _connect(self) -> Connection:
        connection = sqlite3.connect(
            str(self.path), isolation_level=None, timeout=BUSY_MS / 1000, check_same_thread=False
        )
        try:
            if self.key is not None:
                connection.execute(f"PRAGMA key = \"x'{self.key}'\"")
            # A sale that was said to be kept must survive the power cut of the next second.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA cache_size = -65536")
            connection.execute("PRAGMA temp_store = MEMORY")
            if self._is_read_only:
                connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._opened.append(connection)
        return connection

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn SQLite's result codes into the errors a shopkeeper can read."""
        try:
            yield
        except sqlite3.Error as exc:
            if known := explain(exc, self.path):
                raise known from exc
            raise

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of the block or nothing: BEGIN IMMEDIATE … COMMIT, rolled back on any exception."""
        connection = self.connection
        with self.translated():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def read(self, sql: str, parameters: Any = ()) -> list[Any]:
        """All rows of a query."""
        with self.translated():
            return self.connection.execute(sql, parameters).fetchall()

    def read_one(self, sql: str, parameters: Any = ()) -> Any:
        """The first column of the first row, or None."""
        with self.translated():
            row = self.connection.execute(sql, parameters).fetchone()
        return None if row is None else row[0]

    @contextmanager
    def hearing(self, progress: Progress) -> Iterator[None]:
        """Let this thread's long statements hear a cancel as well: whatever SQLite is doing, it stops.

        Raises
        ------
        Cancelled
            When the work was asked to stop in the middle of a statement.
        """
        connection = self.connection
        connection.set_progress_handler(lambda: progress.is_cancelled, STEPS_BETWEEN_ASKS)
        try:
            yield
        except sqlite3.OperationalError as exc:
            if _is_interrupt(exc) and progress.is_cancelled:
                raise Cancelled from exc
            raise
        finally:
            connection.set_progress_handler(None, 0)

    @contextmanager
    def alone(self, name: str, progress: Progress | None = None) -> Iterator[None]:
        """One thread at a time for work of that name: who comes second finds it done, not doing it beside.

        Raises
        ------
        Cancelled
            When asked to stop while waiting for its turn.
        """
        with self._lock:
            turn = self._turns.setdefault(name, threading.RLock())
        while not turn.acquire(timeout=TURN_SECONDS):
            if progress:
                progress.step()
        try:
            yield
        finally:
            turn.release()

    def use_wal(self) -> None:
        """Let readers go on while one writes; kept in the file itself, so only for files known to be ours.

        Raises
        ------
        DatabaseLocked
            Another program held the file all the time that we wait.
        """
        until = time.monotonic() + BUSY_MS / 1000
        while True:
            try:
                self.read_one("PRAGMA journal_mode = WAL")
                return
            except DatabaseLocked:  # of this change SQLite on Windows says so at once, whatever its timeout
                if time.monotonic() >= until:
                    raise
                time.sleep(TURN_SECONDS)

    def check_version(self, newest: int) -> int:
        """The file's schema version; refuses a file that a newer program wrote."""
        version = int(self.read_one("PRAGMA user_version"))
        if version > newest:
            raise DatabaseTooNew(
                _("La base de datos «{file}» es de una versión más nueva del programa.").format(
                    file=self.path.name
                ),
                _("Actualiza Colmado Insights para abrirla. No se cambió nada."),
            )
        return version

    def copy_to(self, target: Path, progress: Progress | None = None) -> None:
        """Write a consistent copy through SQLite's own backup, safe while others write."""
        heard = progress or Progress()

        def report(_status: int, left: int, pages: int) -> None:
            heard.step(pages - left, pages, _("Haciendo la copia de respaldo"))

        with self.translated(), _naming_full_disk(target), self._standing_still() as connection:
            copy = sqlite3.connect(str(target))
            try:
                if self.key is not None:
                    copy.execute(f"PRAGMA key = \"x'{self.key}'\"")
                connection.backup(copy, pages=PAGES_AT_ONCE, progress=report)
                copy.execute("PRAGMA journal_mode = DELETE")
            finally:
                copy.close()

    def count_changes(self) -> int:
        """A number that is another one when another connection has written since."""
        return int(self.read_one("PRAGMA data_version"))

    def take_over(self, source: Path, changes: int, progress: Progress | None = None) -> bool:
        """Become what another file holds, in one transaction: who reads meanwhile sees the old to its end.

        No file is replaced, so that other programs may have this one open. False, with nothing changed, when
        another connection has written since `count_changes` gave that number.

        Raises
        ------
        DatabaseLocked
            Another program was writing for longer than we wait.
        """
        heard, until = progress or Progress(), time.monotonic() + BUSY_MS / 1000

        def report(status: int, left: int, pages: int) -> None:
            if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):  # the driver would wait for ever
                if time.monotonic() >= until:
                    raise locked(self.path)
            elif left:  # our own end of it counts as a change
                if self.count_changes() != changes:
                    raise _Overtaken
                heard.step(pages - left, pages, _("Recuperando la copia"))

        with (
            self.translated(),
            _naming_full_disk(self.path),
            Database(source, self.key) as copy,
            Database(self.path, self.key) as target,
        ):
            try:
                # So few at once that the first look finds the file ours and not yet changed: no shop is that small.
                copy.connection.backup(target.connection, pages=PAGES_A_LOOK, progress=report)
            except _Overtaken:
                return False
            target.read_one("PRAGMA wal_checkpoint")
        return True

    @contextmanager
    def _standing_still(self) -> Iterator[Connection]:
        """One view of the file for several reads: a copy made in pieces would begin anew with every sale."""
        connection = self.connection
        connection.execute("BEGIN")
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def find_damage(self, *, thorough: bool = False) -> list[str]:
        """What SQLite finds wrong with the file's structure; empty when it is whole."""
        pragma = "integrity_check" if thorough else "quick_check"
        try:
            rows = self.connection.execute(f"PRAGMA {pragma}").fetchall()
        except (sqlite3.DatabaseError, DatabaseDamaged) as exc:  # damage may be reported or raised
            if _is_interrupt(exc):
                raise
            return [str(exc)]
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def let_go(self) -> None:
        """Free the pages of the file that every thread's connection keeps; one at work keeps those that it needs."""
        with self._lock:
            for connection in self._opened:
                with suppress(sqlite3.Error):  # it is being closed, or another program writes
                    connection.execute("PRAGMA shrink_memory")

    def close(self) -> None:
        """Close every thread's connection; the WAL is folded into the file."""
        with self._lock:
            connections, self._opened = self._opened, []
        for connection in connections:
            try:
                if not (connection.in_transaction or self._is_read_only):
                    connection.execute("PRAGMA optimize")
                connection.close()
            except sqlite3.Error:
                log.warning("a connection could not be closed cleanly", exc_info=True)
        self._local = threading.local()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()
