"""How jobs went is kept whole; old answers go, those that later runs are compared with stay."""

from __future__ import annotations

import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights.domain import day_number
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.storage import backup, results
from colmado_insights.storage.database import Database
from colmado_insights.storage.jobs import JobRow, read_jobs, write_job
from colmado_insights.storage.results import write_settings
from colmado_insights.storage.retention import FRESH_DAYS, KeptResult, choose_kept, thin_answers
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 22, 30)
ROW = JobRow(
    "forecasts", NOW, 1.25, 17, date(2026, 11, 19), 8_512, NOW, 2, NOW - timedelta(hours=1),
    NOW + timedelta(minutes=2), "DatabaseLocked",
)  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Database:
    return open_database(tmp_path / "shop.db")


def test_a_job_comes_back_as_it_was_kept(shop: Database) -> None:
    with shop:
        write_job(shop, ROW)
        write_job(shop, JobRow("new"))
        assert read_jobs(shop) == {"forecasts": ROW, "new": JobRow("new")}


def test_a_new_start_keeps_how_jobs_went(shop: Database) -> None:
    with shop:
        write_job(shop, ROW)
        write_settings(shop, {"pay_days": [5, 20]}, is_new_start=True)
        kept = read_jobs(shop)["forecasts"]
    assert (kept.data_version, kept.until, kept.receipts) == (None, None, None)
    assert (kept.done_at, kept.failures) == (ROW.done_at, 2)


def result(row: int, kind: str, days_ago: int, made_days_ago: int | None = None) -> KeptResult:
    made = NOW - timedelta(days=days_ago if made_days_ago is None else made_days_ago)
    return KeptResult(row, kind, NOW.date() - timedelta(days=days_ago), made)


def test_only_the_newest_of_a_kind_outlives_two_weeks() -> None:
    found = [result(day, "forecast:revenue:14", day) for day in range(40)]
    assert choose_kept(found, NOW) == set(range(FRESH_DAYS + 1))
    assert choose_kept(found[30:], NOW) == {30}
    assert choose_kept([result(0, "forecast:units:product:7:14", 91)], NOW) == set(), "it is sold no more"


def test_one_run_a_month_stays_to_compare_with() -> None:
    found = [result(day, "learned", day) for day in range(800)]
    kept = choose_kept(found, NOW) - set(range(FRESH_DAYS + 1))
    months = {(found[row].until.year, found[row].until.month) for row in kept}
    assert len(kept) == len(months)
    assert 22 <= len(kept) <= 24


@given(
    st.lists(st.tuples(st.sampled_from(["learned", "segments", "pattern"]), st.integers(0, 900)), max_size=40)
)
def test_thinning_twice_changes_nothing_and_runs_never_die_out(rows: list[tuple[str, int]]) -> None:
    found = [result(row, kind, days) for row, (kind, days) in enumerate(rows)]
    kept = choose_kept(found, NOW)
    left = [one for one in found if one.row in kept]
    assert choose_kept(left, NOW) == kept
    assert any(one.is_run for one in left) == any(one.is_run for one in found)


def test_old_answers_go_from_the_file(shop: Database) -> None:
    def keep(kind: str, days_ago: int) -> None:
        moment = NOW - timedelta(days=days_ago)
        results.write_result(shop, kind, day_number(moment.date()), "{}", {}, made_at=moment, version=1)

    with shop:
        for days_ago in (0, 10, 40, 90):
            keep("segments", days_ago)
        for days_ago in (0, 100, 500):
            until = day_number(NOW.date()) - days_ago
            results.write_forecast(shop, "revenue", until, "m", [(until + 1, 1, 1, 1, 1, 1)], NOW)
        results.write_forecast(shop, "receipts", 10, "m", [(11, 1, 1, 1, 1, 1)], NOW)
        with shop.transaction() as connection:
            connection.execute("INSERT INTO notice VALUES ('traffic', 'busy', 0)")
            connection.execute("INSERT INTO snooze VALUES ('traffic', 'busy', 0)")
        assert thin_answers(shop, NOW) == 5
        assert shop.read_one("SELECT count(*) FROM result") == 2
        assert shop.read("SELECT target, count(*) FROM forecast GROUP BY target ORDER BY target") == [
            ("receipts", 1),
            ("revenue", 2),
        ]
        assert thin_answers(shop, NOW) == 0


def test_a_backup_that_is_stopped_leaves_nothing_behind(shop: Database) -> None:
    progress = Progress()
    progress.cancel()
    with shop:
        with pytest.raises(Cancelled):
            backup.write_backup(shop, NOW, progress)
        assert list(backup.backup_folder(shop.path).iterdir()) == []
        assert backup.write_backup(shop, NOW).exists()


def test_a_backup_shows_the_file_as_it_was_while_others_write(shop: Database, tmp_path: Path) -> None:
    """Copied in pieces from one view: a sale in between neither tears it nor makes it begin anew."""

    class Busy(Progress):
        pieces = 0

        def step(self, done: int = 0, total: int = 0, text: str = "") -> None:
            self.pieces += 1
            with Database(shop.path) as till, till.transaction() as connection:
                connection.execute("INSERT INTO setting VALUES (?, '1')", (f"during {self.pieces}",))

    with shop:
        with shop.transaction() as connection:
            connection.executemany(
                "INSERT INTO setting VALUES (?, ?)", [(f"row {place}", "x" * 4_000) for place in range(9_000)]
            )
        busy = Busy()
        shop.copy_to(tmp_path / "copy.db", busy)
    with Database(tmp_path / "copy.db") as copy:
        assert copy.find_damage() == []
        assert copy.read_one("SELECT count(*) FROM setting WHERE name LIKE 'during%'") == 0
    assert 3 <= busy.pieces < 30


def test_the_same_work_is_done_by_one_thread_at_a_time(shop: Database) -> None:
    going, most = [0], [0]

    def work() -> None:
        with shop.alone("forecast"), shop.alone("forecast"):  # may ask for itself again
            going[0] += 1
            most[0] = max(most[0], going[0])
            time.sleep(0.01)
            going[0] -= 1

    with shop:
        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert most == [1]


def test_who_waits_for_his_turn_hears_a_cancel(shop: Database) -> None:
    progress, heard = Progress(), threading.Event()

    def wait() -> None:
        try:
            with shop.alone("forecast", progress):
                pass
        except Cancelled:
            heard.set()

    with shop, shop.alone("forecast"):
        waiting = threading.Thread(target=wait)
        waiting.start()
        progress.cancel()
        assert heard.wait(2.0)
        waiting.join()
