"""One file, many threads; SQLite's troubles become sentences, and nothing is half done."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3 as plain_sqlite
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from colmado_insights.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseTooNew,
    DataProblem,
    DiskFull,
)
from colmado_insights.storage import database as database_module
from colmado_insights.storage import health
from colmado_insights.storage.backup import write_backup
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database
from tests.storage.till import bring_one, write_rows

KEY = "0123456789abcdef" * 4
ROWS = [(n, f"02/03/2026 08:{n % 60:02d}", "Pan", 1, "5.00", "", "", "") for n in range(1, 3001)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop.db"


@pytest.fixture
def shop(path: Path) -> Iterator[Database]:
    with open_database(path) as opened:
        yield opened


def test_pragmas(shop: Database) -> None:
    assert shop.read_one("PRAGMA journal_mode") == "wal"
    assert shop.read_one("PRAGMA synchronous") == 2
    assert shop.read_one("PRAGMA foreign_keys") == 1


def test_readers_are_let_in_as_soon_as_another_program_lets_go_of_the_file(path: Path) -> None:
    other = plain_sqlite.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE sale (id)")
    with Database(path) as shop:
        shop.connection.execute("PRAGMA busy_timeout = 0")  # as SQLite behaves in this change on Windows
        other.execute("BEGIN EXCLUSIVE")
        letting_go = threading.Timer(0.3, other.execute, ("ROLLBACK",))
        letting_go.start()
        shop.use_wal()
        letting_go.join()
        assert shop.read_one("PRAGMA journal_mode") == "wal"
    other.close()


def test_each_thread_has_its_own_connection(shop: Database) -> None:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(shop.connection))
    thread.start()
    thread.join()
    assert found[0] is not shop.connection
    assert shop.connection is shop.connection


def test_a_transaction_is_all_or_nothing(shop: Database) -> None:
    for exception in (ValueError, KeyboardInterrupt, SystemExit):
        with pytest.raises(exception), shop.transaction() as connection:
            connection.execute("INSERT INTO cashier (name) VALUES ('Ana')")
            raise exception
    assert shop.read_one("SELECT count(*) FROM cashier") == 0
    with shop.transaction() as connection:
        connection.execute("INSERT INTO cashier (name) VALUES ('Ana')")
    assert shop.read_one("SELECT count(*) FROM cashier") == 1


def test_readers_go_on_while_one_writes(shop: Database) -> None:
    counts: list[int] = []
    with shop.transaction() as connection:
        connection.execute("INSERT INTO cashier (name) VALUES ('Ana')")
        thread = threading.Thread(target=lambda: counts.append(shop.read_one("SELECT count(*) FROM cashier")))
        thread.start()
        thread.join()
    assert counts == [0]


def test_sqlite_utils_works_on_the_connection(shop: Database) -> None:
    shop.tables["cashier"].upsert({"id": 1, "name": "Ana"}, pk="id")
    shop.tables["cashier"].upsert({"id": 1, "name": "Ana María"}, pk="id")
    assert shop.read("SELECT id, name FROM cashier") == [(1, "Ana María")]


def test_our_own_mistakes_stay_mistakes(shop: Database) -> None:
    with pytest.raises(database_module.sqlite3.OperationalError):
        shop.read("SELECT nothing FROM nowhere")


# The environment's troubles


def hold(path: str, held: object, release: object) -> None:
    connection = plain_sqlite.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    held.set()  # type: ignore[attr-defined]
    release.wait(30)  # type: ignore[attr-defined]
    connection.close()


def test_another_process_holds_the_file(
    shop: Database, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.close()
    monkeypatch.setattr(database_module, "BUSY_MS", 200)
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    process = context.Process(target=hold, args=(str(path), held, release))
    process.start()
    try:
        assert held.wait(60)
        with open_database(path) as other, pytest.raises(DatabaseLocked, match="Otro programa"):
            bring_one(other, write_rows(tmp_path / "a.csv", ROWS))
    finally:
        release.set()
        process.join()
    with open_database(path) as other:
        assert bring_one(other, write_rows(tmp_path / "a.csv", ROWS)).new == len(ROWS)


def test_a_full_disk_changes_nothing(shop: Database, tmp_path: Path) -> None:
    few = write_rows(tmp_path / "few.csv", ROWS[:10])
    bring_one(shop, few)
    shop.connection.execute(f"PRAGMA max_page_count = {shop.read_one('PRAGMA page_count') + 3}")
    with pytest.raises(DiskFull, match="espacio"):
        bring_one(shop, write_rows(tmp_path / "a.csv", ROWS))
    assert shop.read_one("SELECT count(*) FROM sale") == 10
    assert health.find_problems(shop) == ()


def test_a_folder_that_cannot_be_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_how: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(DiskFull, match="carpeta"):
        Database(path)


def test_a_file_that_may_only_be_read(shop: Database, path: Path) -> None:
    shop.close()
    connection = Database(path)
    connection.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(DiskFull), connection.transaction() as writing:
        writing.execute("INSERT INTO cashier (name) VALUES ('Ana')")
    connection.close()


@pytest.mark.parametrize(
    "content", [b"esto no es una base de datos\n" * 100, b"SQLite format 3\x00" + b"\x07" * 5000]
)
def test_a_file_that_is_no_database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(DatabaseDamaged, match="dañado"):
        open_database(path)
    assert path.read_bytes() == content


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="es una carpeta"):
        open_database(tmp_path)


def test_a_foreign_database_is_left_alone(path: Path) -> None:
    connection = plain_sqlite.connect(path)
    connection.execute("CREATE TABLE ventas (fecha TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseDamaged, match="otro programa"):
        open_database(path)
    assert path.read_bytes() == before


def test_a_newer_database_is_left_alone(shop: Database, path: Path) -> None:
    shop.connection.execute("PRAGMA user_version = 99")
    shop.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNew, match="más nueva"):
        open_database(path)
    assert path.read_bytes() == before


def test_damage_inside_is_found(shop: Database, path: Path, tmp_path: Path) -> None:
    bring_one(shop, write_rows(tmp_path / "a.csv", ROWS))
    assert shop.find_damage(thorough=True) == []
    shop.close()
    with path.open("r+b") as file:
        for page in range(3, os.path.getsize(path) // 4096, 2):
            file.seek(page * 4096)
            file.write(b"\xa5" * 2048)
    with Database(path) as damaged:
        assert damaged.find_damage()
        assert health.find_problems(damaged)[0].code == "damaged"


# Encryption


def needs_sqlcipher() -> None:
    pytest.importorskip("sqlcipher3")


def test_an_encrypted_file_opens_only_with_its_key(path: Path, tmp_path: Path) -> None:
    needs_sqlcipher()
    with open_database(path, KEY) as shop:
        bring_one(shop, write_rows(tmp_path / "a.csv", ROWS[:50]))
        shop.tables["cashier"].upsert({"id": 1, "name": "Ana"}, pk="id")
    assert b"SQLite format" not in path.read_bytes()[:100]
    assert b"Pan" not in path.read_bytes()
    for wrong in (None, KEY[::-1]):
        with pytest.raises(DatabaseDamaged):
            open_database(path, wrong)
    with open_database(path, KEY) as shop:
        assert shop.read_one("SELECT count(*) FROM sale") == 50
        copy = write_backup(shop)
    assert b"SQLite format" not in copy.read_bytes()[:100]
    with open_database(copy, KEY) as shop:
        assert shop.read_one("SELECT count(*) FROM sale") == 50


FALLBACK = """
import sys
sys.modules["sqlcipher3"] = None
from pathlib import Path
from colmado_insights.storage import database, health
from colmado_insights.storage.importing.history import undo_batch
from colmado_insights.storage.schema import open_database
from tests.storage.till import NOW, bring_one
import sqlite3
assert database.sqlite3 is sqlite3
with open_database(Path(sys.argv[1])) as shop:
    assert bring_one(shop, Path(sys.argv[2])).new == 3000
    assert bring_one(shop, Path(sys.argv[2])).new == 0
    shop.tables["cashier"].upsert({"id": 1, "name": "Ana"}, pk="id")
    assert health.find_problems(shop) == ()
    undo_batch(shop, 1, now=NOW)
    undo_batch(shop, 2, now=NOW)
    assert shop.read_one("SELECT count(*) FROM sale") == 0
"""


def test_without_sqlcipher_the_standard_library_serves(path: Path, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", ROWS)
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-c", FALLBACK, str(path), str(file)]
    done = subprocess.run(command, cwd=root, capture_output=True)
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def test_memory_is_let_go_in_every_thread_and_all_works_on(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "shop.db")) as database:
        database.connection.execute("CREATE TABLE number (value INTEGER)")
        with ThreadPoolExecutor(1) as other, database.transaction() as writing:
            writing.execute("INSERT INTO number VALUES (1)")
            other.submit(database.read, "SELECT 1").result()
            database.let_go()
        assert database.read("SELECT value FROM number") == [(1,)]
