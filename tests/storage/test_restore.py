"""A backup put back: whole or not at all, what was there kept, and what was decided since holds on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights.domain import CallOutcome, Consent, GrokCall, Topic
from colmado_insights.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseTooNew,
    DiskFull,
    ForeignDatabase,
    UnreadableFile,
)
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.storage import backup, changes, consents, customers, database, restore, spending
from colmado_insights.storage.backup import backup_folder, list_backups, write_backup
from colmado_insights.storage.database import Database, sqlite3
from colmado_insights.storage.sales import read_data_version
from colmado_insights.storage.schema import MIGRATIONS, open_database
from tests.storage.till import NOW, bring_one, dump, write_rows

ROWS = [(n, f"02/03/2026 08:{n % 60:02d}", "Pan", 1, "5.00", "", "", "") for n in range(1, 501)]
MORE = [(n, f"03/03/2026 08:{n % 60:02d}", "Café", 1, "9.00", "", "", "Doña Tata") for n in range(501, 601)]
EARLIER = NOW - timedelta(days=3)
LIMIT = 10**9


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that has sold a hundred receipts more since its backup of three days ago."""
    folder = tmp_path_factory.mktemp("made")
    with open_database(folder / "shop.db") as opened:
        bring_one(opened, write_rows(folder / "a.csv", ROWS))
        write_backup(opened, EARLIER)
        bring_one(opened, write_rows(folder / "b.csv", MORE))
    return folder


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


@pytest.fixture
def chosen(shop: Database) -> Path:
    return backup.backup_file(shop.path, EARLIER)


def content(path: Path) -> object:
    with open_database(path) as opened:
        assert opened.find_damage(thorough=True) == []
        return dump(opened)


def spoil(path: Path, start: int = 0) -> bytes:
    """Write rubbish over a file from a byte on; what it is then."""
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xa5" * (path.stat().st_size - start))
    return path.read_bytes()


def unreadable(*_args: object) -> None:
    """SQLite itself clears away a log that is none."""
    raise DatabaseDamaged("")


def make_call(key: str, at: datetime = NOW) -> GrokCall:
    return GrokCall(
        call_id=0,
        at=at, topic=Topic.SEGMENT, subject="s", question_key=key, model="grok-3", prompt="plain",
        attempt=1, sent_bytes=10, cost_nano=1_000, is_estimate=True, outcome=CallOutcome.SENT,
    )  # fmt: skip


# ── what one sees ──


def test_a_backup_comes_back_and_can_be_undone(shop: Database, chosen: Path) -> None:
    before, after = content(chosen), dump(shop)
    done = restore.restore(shop.path, chosen, NOW)
    assert dump(shop) == before
    assert (done.facts.receipts, done.is_kept_whole) == (500, True)
    assert done.kept == backup_folder(shop.path) / "shop-2026-11-20-12.00.00.db"
    restore.restore(shop.path, done.kept, NOW)
    assert dump(shop) == after
    assert len(list_backups(shop.path)) == 3, "no backup takes the place of another of the same second"
    assert [p.name for p in backup_folder(shop.path).iterdir() if "partial" in p.name] == []


def test_the_list_says_what_each_holds(shop: Database, chosen: Path) -> None:
    write_backup(shop, NOW)
    broken = backup.backup_file(shop.path, NOW - timedelta(days=1))
    broken.write_bytes(b"no shop")
    newest, damaged, oldest = restore.read_backups(shop.path)
    assert (newest.receipts, oldest.receipts) == (600, 500)
    assert (str(newest.first_day), str(newest.last_day)) == ("2026-03-02", "2026-03-03")
    assert newest.size_bytes == newest.path.stat().st_size
    assert "dañado" in damaged.trouble
    assert (oldest.path, oldest.made_at, oldest.trouble) == (chosen, EARLIER, "")
    assert restore.read_backup(chosen).made_at == EARLIER


def test_readers_and_other_programs_may_have_it_open(shop: Database, chosen: Path) -> None:
    with Database(shop.path) as other:
        other.connection.execute("BEGIN")
        count = "SELECT count(*) FROM sale"
        assert other.read_one(count) == 600
        restore.restore(shop.path, chosen, NOW)
        assert other.read_one(count) == 600, "it sees the old to the end of what it reads"
        other.connection.execute("ROLLBACK")
        assert (other.read_one(count), shop.read_one(count)) == (500, 500)


def test_a_missing_shop_comes_back(shop: Database, chosen: Path) -> None:
    before, path = content(chosen), shop.path
    shop.close()
    path.unlink()
    assert restore.restore(path, chosen, NOW).kept is None
    assert content(path) == before


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_an_older_backup_gets_the_newest_tables(shop: Database, version: int) -> None:
    old = Path(__file__).parent.parent / "databases" / f"version-{version}.db"
    kept = old.read_bytes()
    restore.restore(shop.path, old, NOW)
    assert shop.read_one("PRAGMA user_version") == len(MIGRATIONS)
    assert shop.read_one("PRAGMA journal_mode") == "wal"
    assert shop.find_damage(thorough=True) == []
    assert old.read_bytes() == kept


def test_nothing_kept_from_other_sales_is_fresh(shop: Database, chosen: Path) -> None:
    made_from = read_data_version(shop)  # by who is still at work on the sales as they are
    restore.restore(shop.path, chosen, NOW)
    assert changes.read_version_until(shop, -1_000_000) > made_from


# ── what cannot be put back ──


def newer(path: Path) -> None:
    with Database(path) as opened:
        opened.connection.execute("PRAGMA user_version = 99")


def foreign(path: Path) -> None:
    path.unlink()
    with Database(path) as opened:
        opened.connection.execute("CREATE TABLE document (id)")


def half_damaged(path: Path) -> None:
    spoil(path, path.stat().st_size // 2)


@pytest.mark.parametrize(
    ("harm", "error"),
    [
        (lambda path: path.unlink(), UnreadableFile),
        (lambda path: path.write_bytes(b""), DatabaseDamaged),
        (lambda path: path.write_text("fecha,producto\n"), DatabaseDamaged),
        (spoil, DatabaseDamaged),
        (half_damaged, DatabaseDamaged),
        (newer, DatabaseTooNew),
        (foreign, ForeignDatabase),
    ],
)
def test_what_is_no_whole_backup_changes_nothing(
    shop: Database, chosen: Path, harm: Callable[[Path], object], error: type[Exception]
) -> None:
    before = dump(shop)
    harm(chosen)
    with pytest.raises(error, match="No se cambió nada"):
        restore.restore(shop.path, chosen, NOW)
    assert dump(shop) == before
    assert set(backup_folder(shop.path).iterdir()) <= {chosen}


def test_the_shop_is_no_backup_of_itself(shop: Database) -> None:
    with pytest.raises(UnreadableFile, match="datos de ahora"):
        restore.restore(shop.path, shop.path, NOW)


def test_another_programs_database_is_never_replaced(shop: Database, chosen: Path, tmp_path: Path) -> None:
    till = tmp_path / "pos.db"
    till.touch()
    foreign(till)
    before = till.read_bytes()
    with pytest.raises(ForeignDatabase):
        restore.restore(till, chosen, NOW)
    assert till.read_bytes() == before


def test_stopped_it_stays_as_it_was(shop: Database, chosen: Path) -> None:
    before = dump(shop)

    class Stopped(Progress):
        def step(self, done: int = 0, total: int = 0, text: str = "") -> None:
            if text.startswith("Recuperando"):
                self.cancel()
            super().step(done, total, text)

    with pytest.raises(Cancelled):
        restore.restore(shop.path, chosen, NOW, Stopped())
    assert dump(shop) == before
    assert not list(backup_folder(shop.path).glob("*.partial*"))


def test_who_writes_meanwhile_loses_nothing(
    shop: Database, chosen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, written = restore._keep, 0

    def keep_and_sell(*args: object) -> object:
        nonlocal written
        kept = keep(*args)  # type: ignore[arg-type]
        if not written:
            written += 1
            shop.connection.execute("INSERT INTO setting VALUES ('shop_name', '\"La Fe\"')")
        return kept

    monkeypatch.setattr(restore, "_keep", keep_and_sell)
    done = restore.restore(shop.path, chosen, NOW)
    assert done.kept is not None
    with Database(done.kept) as kept:
        assert kept.read_one("SELECT value FROM setting WHERE name = 'shop_name'") == '"La Fe"'
    assert len(list_backups(shop.path)) == 2


def test_who_writes_all_the_time_is_named(
    shop: Database, chosen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 50)
    before = dump(shop)
    with Database(shop.path) as other, pytest.raises(DatabaseLocked, match="Otro programa"):
        other.connection.execute("BEGIN IMMEDIATE")
        restore.restore(shop.path, chosen, NOW)
    assert dump(shop) == before


def test_a_full_disk_changes_nothing(shop: Database, chosen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(shop)

    def full(self: Database, *_args: object) -> bool:
        with self.translated(), database._naming_full_disk(self.path):
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Database, "take_over", full)
    with pytest.raises(DiskFull):
        restore.restore(shop.path, chosen, NOW)
    assert dump(shop) == before


# ── a damaged shop ──


def test_a_shop_damaged_within_is_kept_under_another_name(shop: Database, chosen: Path) -> None:
    before, path = content(chosen), shop.path
    shop.close()
    spoil(path, 4096 * 4)
    done = restore.restore(path, chosen, NOW)
    assert content(path) == before
    assert (done.kept, done.is_kept_whole) == (backup.damaged_file(path, NOW), False)
    assert [made for _moment, made in list_backups(path)] == [chosen], "it is no backup"


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("harm", ["rubbish", "cut"])
def test_a_file_nobody_can_read_is_set_aside_whole(
    shop: Database, chosen: Path, harm: str, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_args: object) -> None:
        raise OSError(1, "Operation not permitted")

    if not links:
        monkeypatch.setattr(restore.os, "link", no_links)
    before, path = content(chosen), shop.path
    shop.close()
    if harm == "rubbish":
        spoil(path)
    else:
        path.write_bytes(path.read_bytes()[: 4096 * 5])
    rubbish = path.read_bytes()
    done = restore.restore(path, chosen, NOW)
    assert content(path) == before
    assert done.kept is not None
    assert not done.is_kept_whole
    assert done.kept.read_bytes() == rubbish


def test_its_log_goes_with_it(shop: Database, chosen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore, "_take_over", unreadable)
    shop.close()
    Path(f"{shop.path}-wal").write_bytes(b"the last sales")
    kept = restore.restore(shop.path, chosen, NOW).kept
    assert Path(f"{kept}-wal").read_bytes() == b"the last sales"
    assert not Path(f"{shop.path}-wal").exists()


def test_who_has_it_open_leaves_an_unreadable_file_alone(shop: Database, chosen: Path) -> None:
    shop.close()
    rubbish = spoil(shop.path)
    with pytest.raises(DatabaseDamaged, match="ábrelo otra vez"):
        restore.restore(shop.path, chosen, NOW, may_replace_file=False)
    assert shop.path.read_bytes() == rubbish


def test_an_unreadable_file_that_others_hold_stays(
    shop: Database, chosen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.close()
    rubbish, replace = spoil(shop.path), os.replace

    def held(source: Path, target: Path) -> None:
        if target == shop.path:
            raise PermissionError(13, "in use")
        replace(source, target)

    monkeypatch.setattr(restore.os, "replace", held)
    monkeypatch.setattr("colmado_insights.files.PATIENCE_SECONDS", 0.01)
    with pytest.raises(DatabaseLocked, match="panel de caja"):
        restore.restore(shop.path, chosen, NOW)
    assert shop.path.read_bytes() == rubbish
    assert list(backup_folder(shop.path).iterdir()) == [chosen]


# ── what holds on ──


def test_what_may_leave_is_what_was_allowed_last(shop: Database) -> None:
    for topic in (Topic.SEGMENT, Topic.WEEK):
        consents.write_consent(shop, topic, is_allowed=True, at=EARLIER, user="ana")
    chosen = write_backup(shop, EARLIER)
    consents.write_consent(shop, Topic.SEGMENT, is_allowed=False, at=NOW, user="ana")
    restore.restore(shop.path, chosen, NOW)
    assert consents.read_allowed(shop) == {Topic.WEEK}
    shop.close()
    spoil(shop.path)
    restore.restore(shop.path, chosen, NOW)
    with open_database(shop.path) as again:
        assert consents.read_allowed(again) == frozenset(), "nobody knows what was said last"


def test_what_was_spent_stays_spent(shop: Database) -> None:
    consents.write_consent(shop, Topic.SEGMENT, is_allowed=True, at=EARLIER, user="ana")
    spending.begin_call(shop, make_call("a", EARLIER), LIMIT)
    chosen = write_backup(shop, EARLIER)
    number = spending.begin_call(shop, make_call("b"), LIMIT)
    restore.restore(shop.path, chosen, NOW)
    calls = spending.read_calls(shop, 9)
    assert [(call.question_key, call.call_id) for call in calls] == [("b", number), ("a", number - 1)]


def test_the_calls_of_another_history_are_added(shop: Database, tmp_path: Path) -> None:
    with open_database(tmp_path / "other.db") as other:
        for place, keys in ((shop, "abc"), (other, "xy")):
            consents.write_consent(place, Topic.SEGMENT, is_allowed=True, at=EARLIER, user="ana")
            for key in keys:
                spending.begin_call(place, make_call(key), LIMIT)
    restore.restore(shop.path, tmp_path / "other.db", NOW)
    assert {call.question_key for call in spending.read_calls(shop, 9)} == set("abcxy")


def test_who_said_no_or_was_erased_stays_so(shop: Database, tmp_path: Path) -> None:
    people = [
        (n, "03/03/2026 09:00", "Pan", 1, "5.00", "", "", name) for n, name in enumerate(("Ana", "Luis"), 900)
    ]
    bring_one(shop, write_rows(tmp_path / "c.csv", people))
    chosen = write_backup(shop, EARLIER)
    ids = dict(shop.read("SELECT name, id FROM customer"))
    shop.connection.execute("UPDATE customer SET consent = ? WHERE name = 'Ana'", (Consent.NO,))
    customers.erase_customer(shop, ids["Luis"], NOW)
    restore.restore(shop.path, chosen, NOW)
    assert dict(shop.read("SELECT name, consent FROM customer")) == {
        "Doña Tata": Consent.UNKNOWN, "Ana": Consent.NO,
    }  # fmt: skip
    assert b"Luis" not in shop.path.read_bytes()


# ── killed ──

KILLED = """
import json, os, sys
from datetime import datetime
from pathlib import Path
from colmado_insights.storage import backup, restore
from colmado_insights.errors import DatabaseDamaged
from colmado_insights.storage.database import Database

database, chosen, where, turn, is_readable = json.loads(sys.argv[1])
left = turn

def unreadable(*args):
    raise DatabaseDamaged("")

if not is_readable:
    restore._take_over = unreadable

def dying(act):
    def act_or_die(*args, **named):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return act(*args, **named)
    return act_or_die

owner = {"os": os, "restore": restore, "database": Database}[where.split(".")[0]]
name = where.split(".")[1]
setattr(owner, name, dying(getattr(owner, name)))
restore.restore(Path(database), Path(chosen), datetime(2026, 11, 20, 12))
"""


@pytest.mark.parametrize(
    ("where", "turn", "is_readable"),
    [
        ("restore.migrate", 0, True),  # the staged file is half made
        ("restore._carry_over", 0, True),  # the present is kept
        ("database.count_changes", 3, True),  # in the middle of taking over
        ("restore.Restored", 0, True),  # all is done
        ("os.replace", 0, False),  # before the log is set aside
        ("os.link", 0, False),  # between the log and the file
        ("os.replace", 1, False),  # the old is aside, the new not in its place
        ("restore.Restored", 0, False),
    ],
)
def test_killed_it_is_the_old_shop_or_the_new_one(
    shop: Database, chosen: Path, where: str, turn: int, is_readable: bool
) -> None:
    new, old, path = content(chosen), dump(shop), shop.path
    shop.close()
    rubbish = b""
    if not is_readable:
        rubbish = spoil(path)
        Path(f"{path}-wal").write_bytes(b"the last sales")
    words = json.dumps([str(path), str(chosen), where, turn, is_readable])
    assert subprocess.run([sys.executable, "-c", KILLED, words], check=False).returncode == 9
    if where == "restore.Restored":
        assert content(path) == new
    elif is_readable:
        assert content(path) == old
    else:
        assert path.read_bytes() == rubbish
    restore.restore(path, chosen, NOW)  # and again, whatever was left behind
    assert content(path) == new
