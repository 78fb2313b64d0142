"""Aronium's own file is read while the till writes it: sales and refunds only, to the cent and the minute."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from colmado_insights.errors import DatabaseLocked, EmptyFile, UnknownColumns, UnreadableFile
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.presets import aronium
from colmado_insights.storage.importing.presets.aronium import Marks, read_new_rows, read_rows, recognise
from colmado_insights.storage.schema import open_database
from tests.storage.presets import aronium_file
from tests.storage.presets.aronium_file import Sold, make_file, write_document
from tests.storage.presets.made import bring_made, can_come_in, sold
from tests.storage.till import dump

HEAD = 256 * 1024
ROOT = Path(__file__).parents[3]

KEEP = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("kept", flush=True)
sys.stdin.read()
"""


def selling(path: Path, documents: int) -> list[str]:
    """The till as a program of its own: locks between two drivers in one process are not seen."""
    return [sys.executable, "-m", aronium_file.__name__, str(path), str(documents)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


@pytest.fixture
def till(tmp_path: Path) -> Path:
    """A file with documents of every kind."""
    path = make_file(tmp_path / "pos.db")
    rice, beer = Sold(1, 2.5, 28, 87.5, 87.5), Sold(2, 1, 140, 175, 175)
    with closing(sqlite3.connect(path)) as connection:
        write_document(connection, "26-200-000001", 2, "2026-10-05 08:12:33", [rice, beer], [(1, 262.5)])
        write_document(connection, "26-100-000001", 1, "2026-10-05 09:00:00", [Sold(2, 24, 140, 3360, 3360)])
        write_document(
            connection, "26-200-000002", 2, "2026-10-05 18:40:00", [Sold(3, 0.455, 0, 109.2, 98.28), beer],
            [(1, 100), (2, 173.28)], user=2, customer=2,
        )  # fmt: skip
        write_document(connection, "26-300-000001", 3, "2026-10-05 20:00:00", [Sold(1, 90, 28, 3150, 3150)])
        write_document(connection, "26-220-000001", 4, "2026-10-06 10:05:09", [beer], [(1, 175)])
        write_document(connection, "26-120-000001", 5, "2026-10-06 11:00:00", [Sold(2, 2, 140, 350, 350)])
        write_document(connection, "26-400-000001", 6, "2026-10-06 12:00:00", [Sold(1, 1, 28, 35, 35)])
        write_document(connection, "26-230-000001", 7, "2026-10-06 13:00:00", [beer, beer])
        # Three of something for 100: the lines keep fractions, the customer paid whole cents.
        third = Sold(4, 1, 5, 33.3333, 33.3333)
        write_document(
            connection, "26-200-000003", 2, "2026-10-06 19:30:00", [third] * 3, [(3, 100)], total=100
        )
        connection.execute("INSERT INTO PosVoid (ProductId, Quantity, Total) VALUES (2, 1, 175)")
        connection.commit()
    return path


EXPECTED = [
    ("26-200-000001", "2026-10-05 08:12:33", "sale", "Arroz selecto lb", "10", "Provisiones", "2.500", "87.50",
     "70.00", "cash", "Ana Díaz", "", ""),
    ("26-200-000001", "2026-10-05 08:12:33", "sale", "Cerveza 650 ml", "7460020000017", "Bebidas", "1.000", "175.00",
     "140.00", "cash", "Ana Díaz", "", ""),
    ("26-200-000002", "2026-10-05 18:40:00", "sale", "Queso de freír", "", "", "0.455", "98.28",
     "", "mixed", "luis", "Doña Altagracia", ""),
    ("26-200-000002", "2026-10-05 18:40:00", "sale", "Cerveza 650 ml", "7460020000017", "Bebidas", "1.000", "175.00",
     "140.00", "mixed", "luis", "Doña Altagracia", ""),
    ("26-200-000003", "2026-10-06 19:30:00", "sale", "Mentas", "40", "Provisiones", "1.000", "33.34",
     "5.00", "credit", "Ana Díaz", "", ""),
    ("26-200-000003", "2026-10-06 19:30:00", "sale", "Mentas", "40", "Provisiones", "1.000", "33.33",
     "5.00", "credit", "Ana Díaz", "", ""),
    ("26-200-000003", "2026-10-06 19:30:00", "sale", "Mentas", "40", "Provisiones", "1.000", "33.33",
     "5.00", "credit", "Ana Díaz", "", ""),
    ("26-220-000001", "2026-10-06 10:05:09", "refund", "Cerveza 650 ml", "7460020000017", "Bebidas", "-1.000",
     "-175.00", "-140.00", "cash", "Ana Díaz", "", ""),
]  # fmt: skip


def test_only_sales_and_refunds_come_in_to_the_cent(database: Database, till: Path) -> None:
    report = bring_made(database, aronium, till)
    assert sold(database) == EXPECTED
    assert (report.new, report.quarantined) == (8, 0)


def test_the_same_file_twice_adds_nothing_and_is_not_touched(database: Database, till: Path) -> None:
    content = till.read_bytes()
    bring_made(database, aronium, till)
    before = dump(database)
    report = bring_made(database, aronium, till)
    assert (report.new, report.replaced, report.unchanged) == (0, 0, 8)
    assert dump(database) == before
    assert till.read_bytes() == content
    assert sorted(path.name for path in till.parent.glob("pos.db*")) == ["pos.db"]


def test_an_edited_document_is_replaced(database: Database, till: Path) -> None:
    bring_made(database, aronium, till)
    with closing(sqlite3.connect(till)) as connection:
        connection.execute("DELETE FROM DocumentItem WHERE DocumentId = 1 AND ProductId = 1")
        connection.execute("UPDATE Document SET Total = 175 WHERE Id = 1")
        connection.commit()
    report = bring_made(database, aronium, till)
    assert (report.replaced, report.unchanged) == (1, 6)
    assert [line[7] for line in sold(database) if line[0] == "26-200-000001"] == ["175.00"]


@pytest.mark.parametrize(
    ("stocked", "created", "moment"),
    [
        ("2026-10-05 08:12:33", "2026-10-05 08:12:40", "2026-10-05 08:12:33"),
        ("2026-10-05 08:12:33.4567890", "2026-10-05 08:12:40", "2026-10-05 08:12:33"),
        ("2026-10-05 00:00:00", "2026-10-05 17:45:01", "2026-10-05 17:45:01"),
        ("2026-10-06 07:00:00", "2026-10-05 17:45:01", "2026-10-05 17:45:01"),
        ("2026-10-05", "2026-10-06 09:00:00", "2026-10-05"),  # written the day after: no hour is known
    ],
)
def test_the_time_is_that_of_a_clock_of_the_same_day(
    database: Database, tmp_path: Path, stocked: str, created: str, moment: str
) -> None:
    path = make_file(tmp_path / "pos.db")
    with closing(sqlite3.connect(path)) as connection:
        items = [Sold(1, 1, 28, 35, 35)]
        write_document(connection, "1", 2, "2026-10-05", items, stocked=stocked, created=created)
    bring_made(database, aronium, path)
    assert [line[1] for line in sold(database)] == [moment]


def test_an_older_file_without_totals_after_the_discount_shares_it_out(tmp_path: Path) -> None:
    path = make_file(tmp_path / "pos.db")
    with closing(sqlite3.connect(path)) as connection:
        items = [Sold(1, 1, 28, 35, 0), Sold(2, 1, 140, 175, 0)]
        write_document(connection, "1", 2, "2026-10-05 08:00:00", items, total=189)  # 10 % less
    totals = [row[aronium.FIELDS.index(aronium.Field.LINE_TOTAL)] for row in read_rows([path])]
    assert totals == ["31.50", "157.50"]


def test_a_refund_is_taken_off_whatever_its_sign(database: Database, tmp_path: Path) -> None:
    path = make_file(tmp_path / "pos.db")
    with closing(sqlite3.connect(path)) as connection:
        write_document(connection, "26-220-000001", 4, "2026-10-05 08:00:00", [Sold(2, -1, 140, -175, -175)])
        write_document(connection, "26-220-000002", 4, "2026-10-05 09:00:00", [Sold(2, 1, 140, 175, 175)])
    bring_made(database, aronium, path)
    assert [line[2:3] + line[6:9] for line in sold(database)] == [
        ("refund", "-1.000", "-175.00", "-140.00")
    ] * 2


def test_documents_without_items_keep_their_money(database: Database, tmp_path: Path) -> None:
    path = make_file(tmp_path / "pos.db")
    with closing(sqlite3.connect(path)) as connection:
        write_document(connection, "26-200-000001", 2, "2026-10-05 08:00:00", [], [(1, 50)], total=50)
    bring_made(database, aronium, path)
    assert [line[3:8] for line in sold(database)] == [("SIN NOMBRE", "", "", "1.000", "50.00")]


def test_types_are_told_by_code_and_not_by_their_translated_name(tmp_path: Path) -> None:
    path = make_file(tmp_path / "pos.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE DocumentType SET Name = 'Venta' WHERE Code = '100'")
        connection.execute("INSERT INTO DocumentType (Id, Name, Code) VALUES (12, 'Verkauf', '200')")
        write_document(connection, "1", 1, "2026-10-05 08:00:00", [Sold(1, 1, 28, 35, 35)])
        write_document(connection, "2", 12, "2026-10-05 08:00:00", [Sold(1, 1, 28, 35, 35)])
    assert [row[:3] for row in read_rows([path])] == [("2", "2026-10-05 08:00:00", "sale")]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/home/ana/mi caja/pos.db"), "file:///home/ana/mi%20caja/pos.db"),
        (PureWindowsPath(r"C:\Users\Ana\pos#1.db"), "file:///C:/Users/Ana/pos%231.db"),
        (PureWindowsPath(r"\\caja\datos\pos.db"), "file:////caja/datos/pos.db"),
    ],
)
def test_the_file_is_found_wherever_it_lies(path: PurePath, uri: str) -> None:
    assert aronium._uri(path) == uri


def test_more_documents_than_a_page_all_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aronium, "DOCUMENTS_AT_ONCE", 3)
    path = make_file(tmp_path / "pos.db")
    aronium_file.sell_on(path, 10)
    assert Counter(row[0] for row in read_rows([path])) == {f"26-200-{n:06}": 3 for n in range(1, 11)}


def test_the_follower_gets_what_is_new_and_what_was_edited(till: Path) -> None:
    rows, marks = read_new_rows(till, 0, "")
    assert rows == list(read_rows([till]))
    assert marks == Marks(9, "2026-10-06 19:30:00")
    with closing(sqlite3.connect(till)) as connection:
        items = [Sold(1, 1, 28, 35, 35)]
        write_document(connection, "26-200-000004", 2, "2026-10-06 20:00:00", items, [(1, 35)])
        connection.execute("UPDATE Document SET DateUpdated = '2026-10-06 20:01:00' WHERE Id = 1")
        connection.commit()
    rows, later = read_new_rows(till, marks.document, marks.updated)
    # The document of the mark's own second comes again: more may have followed within it.
    assert {row[0] for row in rows} == {"26-200-000001", "26-200-000003", "26-200-000004"}
    assert later == Marks(10, "2026-10-06 20:01:00")
    rows, last = read_new_rows(till, later.document, later.updated)
    assert ({row[0] for row in rows}, last) == ({"26-200-000001"}, later)


def test_the_till_goes_on_selling_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aronium, "DOCUMENTS_AT_ONCE", 20)
    path = make_file(tmp_path / "pos.db", journal="WAL")
    seen: Counter[object] = Counter()
    marks = Marks(0, "")
    with subprocess.Popen(selling(path, 300), cwd=ROOT, stderr=subprocess.PIPE, text=True) as writer:
        while writer.poll() is None:
            rows, marks = read_new_rows(path, marks.document, marks.updated)
            found = Counter(row[0] for row in rows)
            assert set(found.values()) <= {3}, "half a document was read"
            seen |= found
        _out, trouble = writer.communicate(timeout=30)
    assert (writer.returncode, trouble) == (0, "")
    rows, marks = read_new_rows(path, marks.document, marks.updated)
    seen |= Counter(row[0] for row in rows)
    assert seen == {f"26-200-{number:06}": 3 for number in range(1, 301)}
    assert marks.document == 300


def test_a_reader_that_pauses_between_pages_holds_no_lock(
    till: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the old journal mode a reader that dawdles would stop the till."""
    monkeypatch.setattr(aronium, "DOCUMENTS_AT_ONCE", 1)
    rows = read_rows([till])
    before = [next(rows)]
    done = subprocess.run(selling(till, 2), cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len([*before, *rows]) == len(EXPECTED) + 2 * 3


def test_a_file_that_cannot_be_read_in_place_is_copied_with_its_wal(
    till: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = list(read_rows([till]))
    tries: list[str] = []
    connect = aronium._connect

    def closed_off(path: Path, mode: str) -> object:
        tries.append(mode)
        if path == till:
            return connect(path.parent / "nowhere" / "pos.db", mode)  # SQLITE_CANTOPEN
        return connect(path, mode)

    with closing(sqlite3.connect(till)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        write_document(connection, "26-200-000009", 2, "2026-10-07 08:00:00", [Sold(1, 1, 28, 35, 35)])
        assert till.with_name("pos.db-wal").stat().st_size > 0
        monkeypatch.setattr(aronium, "_connect", closed_off)
        rows = list(read_rows([till]))
    assert tries == ["mode=ro", "mode=rw"]
    assert rows[: len(plain)] == plain
    assert [row[0] for row in rows[len(plain) :]] == ["26-200-000009"]


def test_a_till_that_keeps_the_file_to_itself_is_named(till: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aronium, "BUSY_MS", 50)
    command = [sys.executable, "-c", KEEP, str(till)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == "kept\n"
        with pytest.raises(DatabaseLocked, match="La caja está usando «pos"):
            list(read_rows([till]))
        assert recognise(till, till.read_bytes()) == 0.9
        keeper.communicate("", timeout=30)


def test_it_is_recognised_by_its_tables(till: Path, database: Database, tmp_path: Path) -> None:
    assert recognise(till.rename(tmp_path / "respaldo.bak"), (tmp_path / "respaldo.bak").read_bytes()) > 0.9
    assert recognise(database.path, database.path.read_bytes()[:HEAD]) == 0
    other = tmp_path / "ventas.csv"
    other.write_text("Fecha,Total\n")
    assert recognise(other, other.read_bytes()) == 0


def test_another_database_and_an_empty_one_are_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(UnknownColumns, match="no es la base de datos de Aronium"):
        list(read_rows([database.path]))
    with pytest.raises(EmptyFile, match="ninguna venta"):
        list(read_rows([make_file(tmp_path / "pos.db")]))
    text = tmp_path / "text.db"
    text.write_bytes(b"SQLite format 3\x00" + b"no database at all " * 100)
    with pytest.raises(UnreadableFile, match="dañado"):
        list(read_rows([text]))


def test_broken_files_are_refused_with_a_sentence_or_come_in(
    database: Database, till: Path, tmp_path: Path
) -> None:
    content = till.read_bytes()
    broken = tmp_path / "broken.db"
    chance = random.Random(17)
    read = 0
    for _round in range(200):
        data = bytearray(content)
        for _change in range(chance.randint(1, 30)):
            at = chance.randrange(len(data))
            data[at] = chance.randrange(256)
        if chance.random() < 0.2:
            del data[chance.randrange(len(data)) :]
        broken.write_bytes(data)
        assert recognise(broken, bytes(data[:HEAD])) in (0.0, 0.99)
        read += can_come_in(database, aronium, [broken])
    assert read > 20
