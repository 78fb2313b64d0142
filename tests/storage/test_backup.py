"""Backups are whole, are made before a change of the tables, and grow thinner with age."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights.errors import DatabaseDamaged, DiskFull
from colmado_insights.storage import backup, schema
from colmado_insights.storage.backup import backup_folder, choose_kept, list_backups, write_backup
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database
from tests.storage.till import NOW, bring_one, dump, write_rows

ROWS = [(n, f"02/03/2026 08:{n % 60:02d}", "Pan", 1, "5.00", "", "", "") for n in range(1, 501)]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        bring_one(opened, write_rows(tmp_path / "a.csv", ROWS))
        yield opened


def test_a_backup_holds_what_was_committed_even_while_another_writes(shop: Database) -> None:
    before = dump(shop)
    with shop.transaction() as connection:
        connection.execute("DELETE FROM hourly")
        other = Database(shop.path)
        path = write_backup(other, NOW)
        other.close()
    assert path == backup_folder(shop.path) / "shop-2026-11-20-12.00.00.db"
    with open_database(path) as copy:
        assert dump(copy) == before
    assert [p.name for p in backup_folder(shop.path).iterdir() if not p.name.startswith(path.name)] == []


def test_two_programs_may_make_one_in_the_same_second(shop: Database) -> None:
    def make(_turn: int) -> Path:
        with Database(shop.path) as other:
            return write_backup(other, NOW)

    with ThreadPoolExecutor(4) as programs:
        (path,) = set(programs.map(make, range(8)))
    with open_database(path) as copy:
        assert dump(copy) == dump(shop)
    assert not list(backup_folder(shop.path).glob("*.partial*"))


def test_a_backup_is_one_file_that_opens_anywhere(shop: Database, tmp_path: Path) -> None:
    path = write_backup(shop, NOW)
    elsewhere = tmp_path / "elsewhere.db"
    elsewhere.write_bytes(path.read_bytes())
    with open_database(elsewhere) as copy:
        assert dump(copy) == dump(shop)


def test_list_is_newest_first_and_knows_its_own(shop: Database) -> None:
    for day in (1, 3, 2):
        write_backup(shop, datetime(2026, 11, day, 10))
    folder = backup_folder(shop.path)
    (folder / "shop-notes.db").write_text("x")
    (folder / "other-2026-11-01-10.00.00.db").write_text("x")
    assert [moment.day for moment, _path in list_backups(shop.path)] == [3, 2, 1]


def test_a_damaged_database_never_pushes_out_a_good_backup(shop: Database) -> None:
    good = write_backup(shop, NOW - timedelta(days=200))
    shop.close()
    with shop.path.open("r+b") as file:
        for page in range(3, shop.path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)
    with Database(shop.path) as damaged, pytest.raises(DatabaseDamaged):
        write_backup(damaged, NOW)
    assert [path for _moment, path in list_backups(shop.path)] == [good]
    assert not list(backup_folder(shop.path).glob("*.partial*"))


def test_no_room_for_the_backup(shop: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup.os, "replace", full)
    with pytest.raises(DiskFull, match="copia de respaldo"):
        write_backup(shop, NOW)
    assert list(backup_folder(shop.path).iterdir()) == []


def test_what_a_killed_backup_left_is_swept_away(shop: Database) -> None:
    folder = backup_folder(shop.path)
    folder.mkdir()
    old, young = folder / "shop-2026-11-01-10.00.00.partial", folder / "shop-2026-11-20-11.59.00.partial"
    for path, age in ((old, timedelta(days=19)), (young, timedelta(minutes=1))):
        path.write_bytes(b"half")
        os.utime(path, ((NOW - age).timestamp(),) * 2)
    write_backup(shop, NOW)
    assert (old.exists(), young.exists()) == (False, True)


def test_before_a_migration_comes_a_backup(shop: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(shop)
    shop.close()
    assert list_backups(shop.path) == []
    monkeypatch.setattr(
        schema,
        "MIGRATIONS",
        (
            *schema.MIGRATIONS,
            lambda connection: connection.execute("ALTER TABLE product ADD COLUMN shelf TEXT"),
        ),
    )
    with open_database(shop.path) as migrated:
        assert migrated.read_one("PRAGMA user_version") == len(schema.MIGRATIONS)
        assert dump(migrated) == before
    ((_moment, path),) = list_backups(shop.path)
    with Database(path) as copy:
        assert copy.read_one("PRAGMA user_version") == len(schema.MIGRATIONS) - 1
        assert dump(copy) == before


# Thinning

TODAY = date(2026, 11, 20)


def days_kept(ages: list[int]) -> list[int]:
    noon = datetime(2026, 11, 20, 12)
    kept = choose_kept([noon - timedelta(days=age) for age in ages], TODAY)
    return sorted((TODAY - moment.date()).days for moment in kept)


@pytest.mark.parametrize(
    ("ages", "kept"),
    [
        ([], []),
        ([0, 0, 1], [0, 1]),
        (list(range(9)), list(range(9))),  # today, yesterday and seven days more
        ([400], [400]),
        ([5000], [5000]),  # the only one is never thrown away
    ],
)
def test_thinning(ages: list[int], kept: list[int]) -> None:
    assert days_kept(ages) == kept


def test_thinning_a_year_of_daily_backups() -> None:
    kept = days_kept(list(range(500)))
    assert kept[:9] == list(range(9))
    assert len(kept) <= 2 + 7 + 4 + 12
    assert kept[-1] > 300
    months = {(TODAY - timedelta(days=age)).strftime("%Y-%m") for age in kept}
    assert len(months) == 12


def test_all_of_today_and_yesterday_stay() -> None:
    moments = [datetime(2026, 11, day, hour) for day in (19, 20) for hour in range(24)]
    assert choose_kept(moments, TODAY) == set(moments)


@given(st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2026, 11, 20)), max_size=60), st.integers(0, 900))
def test_thinning_again_and_later_is_safe(moments: list[datetime], later: int) -> None:
    kept = choose_kept(moments, TODAY)
    assert kept <= set(moments)
    assert choose_kept(kept, TODAY) == kept
    if moments:
        assert max(moments) in kept
        assert choose_kept(kept, TODAY + timedelta(days=later))
    old = [moment for moment in kept if moment.date() < TODAY - timedelta(days=1)]
    assert len(old) <= backup.KEEP_DAILY + backup.KEEP_WEEKLY + backup.KEEP_MONTHLY
