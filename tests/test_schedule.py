"""What is done by itself: due at the right moment, retried with patience, whole wherever it is cut off."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from colmado_insights import schedule
from colmado_insights.config import Settings
from colmado_insights.errors import DatabaseLocked
from colmado_insights.insights.closing import MIDNIGHT, find_closing_hour, find_day_over
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.schedule import JOBS, Every, Facts, Job, find_due, find_job, find_next, find_pause
from colmado_insights.shop import Shop
from colmado_insights.storage import health
from colmado_insights.storage.jobs import JobRow, read_jobs
from tests.small_shop import LAST_DAY

NOON = datetime(2026, 11, 20, 12, 0)
MORNING = datetime(2026, 11, 20, 6, 30)
"""After the small shop's last day."""
FACTS = Facts(
    data_version=40,
    whole_day=date(2026, 11, 19),
    receipts=100_000,
    closing_hour=22,
    last_sale=NOON - timedelta(minutes=2),
    backup_at=NOON - timedelta(hours=3),
)


def done(name: str, at: datetime = NOON - timedelta(hours=5), **seen: Any) -> JobRow:
    """A job that went well and saw what stands now, but for `seen`."""
    row = JobRow(name, at, 1.5, FACTS.data_version, FACTS.whole_day, FACTS.receipts, at)
    return replace(row, **seen)


def all_done(**changed: Any) -> dict[str, JobRow]:
    return {job.name: done(job.name, **changed) for job in JOBS}


def due(rows: dict[str, JobRow], now: datetime = NOON, **facts: Any) -> list[str]:
    return [job.name for job in find_due(rows, now, replace(FACTS, **facts))]


def of(*rules: Every) -> list[str]:
    return [job.name for job in JOBS if job.every in rules]


# ── the list itself ──


def test_jobs_have_names_of_their_own_and_come_after_what_they_need() -> None:
    names = [job.name for job in JOBS]
    assert len(set(names)) == len(names)
    for place, job in enumerate(JOBS):
        assert set(job.needs) <= set(names[:place]), job.name
        assert (job.work is None) == (job.every is Every.MINUTE)


def test_an_unknown_job_is_said_to_be_unknown() -> None:
    with pytest.raises(KeyError):
        find_job("dancing")


# ── when ──


def test_nothing_is_due_in_an_empty_shop() -> None:
    empty = Facts(0, None, 0, MIDNIGHT, None, None)
    assert find_due({}, NOON, empty) == ()


def test_everything_is_due_once_there_are_sales() -> None:
    assert due({}, backup_at=None) == [job.name for job in JOBS if job.work]


def test_nothing_is_due_when_all_saw_what_there_is() -> None:
    assert due(all_done()) == []


def test_any_sale_makes_quick_work_due_and_no_other() -> None:
    assert due(all_done(), data_version=41) == of(Every.CHANGE)


@pytest.mark.parametrize(("new", "is_stale"), [(499, False), (500, True), (-500, True), (20_000, True)])
def test_much_change_of_days_already_seen_makes_answers_stale(new: int, is_stale: bool) -> None:
    found = due(all_done(), data_version=41, receipts=FACTS.receipts + new)
    assert found == of(Every.CHANGE, *[Every.STALE] * is_stale)


@pytest.mark.parametrize(
    ("known", "new", "is_stale"), [(1_000, 49, False), (1_000, 50, True), (10, 19, False)]
)
def test_in_a_small_shop_less_is_much(known: int, new: int, is_stale: bool) -> None:
    found = due(all_done(receipts=known), data_version=41, receipts=known + new)
    assert ("forecasts" in found) == is_stale


def test_a_week_after_any_change_counts() -> None:
    """Corrected categories change answers, but no count of receipts."""
    rows = all_done(data_version=39)
    assert "forecasts" not in due(rows, NOON + timedelta(days=6))
    assert "forecasts" in due(rows, NOON + timedelta(days=8))


def test_forecasts_that_drifted_wait_a_day_only() -> None:
    rows, later = all_done(data_version=39), NOON + timedelta(days=2)
    assert "forecasts" not in due(rows, later)
    assert "forecasts" in due(rows, later, has_drifted=True)
    assert "forecasts" not in due(all_done(), later, has_drifted=True), "nothing has changed"


def test_a_whole_day_more_is_a_night() -> None:
    tomorrow = NOON + timedelta(days=1)
    found = due(all_done(), tomorrow, whole_day=date(2026, 11, 20), receipts=100_300)
    assert set(of(Every.STALE, Every.NIGHT)) <= set(found)


def test_an_app_that_was_off_for_a_week_catches_up_once() -> None:
    later = NOON + timedelta(days=7)
    week = {"whole_day": date(2026, 11, 26), "receipts": 102_000, "data_version": 60}
    found = due(all_done(), later, **week)
    assert set(found) == {job.name for job in JOBS if job.work}
    facts = replace(FACTS, **week)
    rows = {name: schedule.finish(JobRow(name), later, 2.0, facts) for name in found}
    assert due(rows, later + timedelta(minutes=1), **week, backup_at=later) == []


def test_night_work_waits_while_a_late_shop_sells_until_the_morning() -> None:
    after_midnight = datetime(2026, 11, 21, 1, 30)
    busy = {"whole_day": date(2026, 11, 20), "last_sale": after_midnight - timedelta(minutes=3)}
    quiet = busy | {"last_sale": after_midnight - timedelta(minutes=40)}
    assert not set(of(Every.NIGHT)) & set(due(all_done(), after_midnight, **busy))
    assert set(of(Every.NIGHT)) <= set(due(all_done(), after_midnight, **quiet))
    morning = datetime(2026, 11, 21, 7, 0)
    assert set(of(Every.NIGHT)) <= set(due(all_done(), morning, **busy))


def test_backups_are_made_when_a_day_old_and_something_changed() -> None:
    old = {"backup_at": NOON - timedelta(hours=25)}
    assert "backup" not in due(all_done(), data_version=41)
    assert "backup" in due(all_done(), data_version=41, **old)
    assert "backup" not in due(all_done(), **old)
    assert "backup" in due(all_done(), data_version=41, backup_at=None)


@pytest.mark.parametrize("days", [1, 3, 400])
def test_a_clock_set_back_costs_one_run_and_no_waiting(days: int) -> None:
    """What was noted in the future cannot be placed: it is done once more, and then all is well."""
    then = NOON - timedelta(days=days)
    facts = {"whole_day": then.date() - timedelta(days=1), "receipts": 90_000}
    rows = {
        name: replace(schedule.fail(schedule.begin(row, NOON), NOON, "DiskFull"), done_at=NOON)
        for name, row in all_done().items()
    }
    found = due(rows, then, **facts)
    assert set(found) == set(of(Every.CHANGE, Every.STALE, Every.NIGHT))
    seen = replace(FACTS, **facts)
    rows |= {name: schedule.finish(rows[name], then, 1.0, seen) for name in found}
    assert due(rows, then + timedelta(minutes=5), **facts) == []


def test_a_clock_set_forward_and_back_again_settles() -> None:
    wrong = NOON + timedelta(days=365)
    seen = replace(FACTS, whole_day=NOON.date())
    rows = {
        name: schedule.finish(JobRow(name), wrong, 1.0, seen)
        for name in due(all_done(), wrong, whole_day=NOON.date())
    }
    rows = all_done() | rows
    found = due(rows)
    assert set(found) >= set(of(Every.STALE, Every.NIGHT))
    rows |= {name: schedule.finish(rows[name], NOON, 1.0, FACTS) for name in found}
    assert due(rows, NOON + timedelta(minutes=1)) == []


def test_a_backup_from_the_future_does_not_put_off_the_next() -> None:
    assert "backup" in due(all_done(), data_version=41, backup_at=NOON + timedelta(days=30))


# ── closing ──


def test_the_closing_hour_is_after_the_last_sales_of_most_days() -> None:
    assert find_closing_hour([]) == MIDNIGHT
    assert find_closing_hour([21] * 28) == 22
    assert find_closing_hour([21] * 26 + [23, 23]) == 22
    assert find_closing_hour([20, 23] * 14) == MIDNIGHT


@pytest.mark.parametrize(
    ("now", "last_sale", "over"),
    [
        (datetime(2026, 11, 20, 21, 59), None, date(2026, 11, 19)),
        (datetime(2026, 11, 20, 22, 10), datetime(2026, 11, 20, 22, 5), date(2026, 11, 19)),
        (datetime(2026, 11, 20, 22, 30), datetime(2026, 11, 20, 22, 5), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 22, 30), datetime(2027, 11, 20, 22, 5), date(2026, 11, 20)),
        (datetime(2026, 11, 21, 0, 0), None, date(2026, 11, 20)),
    ],
)
def test_a_day_is_over_when_closed_and_quiet(now: datetime, last_sale: datetime | None, over: date) -> None:
    assert find_day_over(now, 22, last_sale) == over


@pytest.mark.parametrize(
    ("now", "whole_day", "expected"),
    [
        (NOON, date(2026, 11, 19), datetime(2026, 11, 20, 22)),
        (NOON.replace(hour=23), date(2026, 11, 20), datetime(2026, 11, 21, 22)),
        (NOON.replace(hour=22, minute=5), date(2026, 11, 19), datetime(2026, 11, 21)),
    ],
)
def test_next_is_the_next_night(now: datetime, whole_day: date, expected: datetime) -> None:
    row = done("retention", until=whole_day)
    assert find_next(find_job("retention"), row, now, replace(FACTS, whole_day=whole_day)) == expected


def test_next_is_now_when_due_and_unknown_when_sales_decide() -> None:
    features, backup = find_job("features"), find_job("backup")
    assert find_next(features, None, NOON, FACTS) == NOON
    assert find_next(features, done("features"), NOON, FACTS) is None
    assert find_next(find_job("live"), None, NOON, FACTS) == NOON
    assert FACTS.backup_at is not None
    assert find_next(backup, done("backup"), NOON, FACTS) == FACTS.backup_at + timedelta(days=1)


# ── failures ──


def test_pauses_double_up_to_six_hours_with_jitter() -> None:
    pauses = [find_pause("forecasts", failures) for failures in range(1, 60)]
    for failures, pause in enumerate(pauses, start=1):
        plain = min(timedelta(minutes=2 ** min(failures - 1, 20)), timedelta(hours=6))
        assert 0.9 * plain <= pause <= min(1.1 * plain, timedelta(hours=6))
    assert pauses == [find_pause("forecasts", failures) for failures in range(1, 60)], "seeded"
    assert find_pause("backup", 4) != find_pause("forecasts", 4), "not all in step"


def test_a_failing_job_is_left_alone_for_its_pause_and_forgiven_on_success() -> None:
    rows, now = all_done(), NOON
    row = rows["features"]
    for failures in range(1, 6):
        row = schedule.fail(schedule.begin(row, now), now, "DatabaseLocked")
        assert (row.failures, row.failed_at, row.trouble) == (failures, NOON, "DatabaseLocked")
        pause = find_pause("features", failures)
        rows["features"] = row
        assert "features" not in due(rows, now + pause - timedelta(seconds=1), data_version=41)
        assert "features" in due(rows, now + pause, data_version=41)
        assert find_next(find_job("features"), row, now, replace(FACTS, data_version=41)) == now + pause
        now += pause
    assert "segments" in due(rows, now, data_version=41), "the others go on"
    row = schedule.finish(schedule.begin(row, now), now, 1.0, FACTS)
    assert (row.failures, row.failed_at, row.next_at, row.trouble) == (0, None, None, "")


def test_who_asks_does_not_wait_for_the_pause() -> None:
    row = schedule.fail(schedule.begin(JobRow("features"), NOON), NOON, "DiskFull")
    rows = all_done() | {"features": row}
    changed = replace(FACTS, data_version=41)
    assert find_job("features") not in find_due(rows, NOON, changed)
    assert find_job("features") in find_due(rows, NOON, changed, is_asked=True)


def test_a_stopped_job_did_not_fail_and_waits_a_minute() -> None:
    before = done("features", data_version=39)
    row = schedule.stop(before, NOON)
    assert (row.failures, row.trouble, row.done_at) == (0, "", before.done_at)
    rows = all_done() | {"features": row}
    assert "features" not in due(rows, NOON + timedelta(seconds=59))
    assert "features" in due(rows, NOON + timedelta(seconds=60))


def test_stopping_a_failing_job_shortens_no_pause() -> None:
    failing = schedule.fail(schedule.begin(JobRow("backup", failures=9), NOON), NOON, "DiskFull")
    assert schedule.stop(failing, NOON).next_at == failing.next_at


# ── doing it ──


def run(shop: Shop, name: str, now: datetime = MORNING, progress: Progress | None = None) -> None:
    shop.run_job(name, now, progress or Progress())


def with_work(monkeypatch: pytest.MonkeyPatch, name: str, work: Any) -> None:
    """Put other work into a job."""
    jobs: tuple[Job, ...] = tuple(
        replace(job, work=work) if job.name == name else job for job in schedule.JOBS
    )
    monkeypatch.setattr(schedule, "JOBS", jobs)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds is done at once; what is quick or looks after the file is done as it is."""

    def quickly(_database: Any, _settings: Any, _now: datetime, progress: Progress) -> None:
        progress.step()

    heavy = of(Every.STALE, Every.NIGHT)
    jobs = tuple(replace(job, work=quickly) if job.name in heavy and not job.is_care else job for job in JOBS)
    monkeypatch.setattr(schedule, "JOBS", jobs)


def states(shop: Shop, now: datetime = MORNING) -> dict[str, schedule.JobState]:
    return {state.job.name: state for state in shop.read_jobs(now)}


@pytest.mark.slow
def test_the_jobs_do_their_real_work(small_shop: Shop) -> None:
    runs = schedule.refresh(small_shop._database, small_shop.settings, MORNING, Progress())
    assert [(run.name, run.outcome) for run in runs] == [(job.name, "done") for job in JOBS if job.work]
    assert small_shop.read_due_jobs(MORNING + timedelta(minutes=1)) == ()


def test_a_new_shop_has_all_to_do_and_then_nothing(small_shop: Shop, light: None) -> None:
    runnable = [job.name for job in JOBS if job.work]
    assert [job.name for job in small_shop.read_due_jobs(MORNING)] == runnable
    done_now = small_shop.refresh(now=MORNING)
    assert [(job["name"], job["outcome"]) for job in done_now["jobs"]] == [
        (name, "done") for name in runnable
    ]
    assert small_shop.read_due_jobs(MORNING + timedelta(minutes=1)) == ()
    assert small_shop.refresh(now=MORNING + timedelta(minutes=1))["jobs"] == []
    told = states(small_shop)
    assert told["segments"].seconds is not None and told["segments"].seconds > 0
    assert not any(state.is_due or state.trouble for state in told.values())


def test_forced_does_everything_again(small_shop: Shop, light: None) -> None:
    small_shop.refresh(now=MORNING)
    again = small_shop.refresh(now=MORNING, is_forced=True)
    assert [job["name"] for job in again["jobs"]] == [job.name for job in JOBS if job.work]


def test_as_of_a_past_day_nothing_is_noted(small_shop: Shop, light: None) -> None:
    done_then = small_shop.refresh(as_of=LAST_DAY - timedelta(days=7))
    assert done_then["receipts"] < small_shop.read_summary().receipts
    assert {job["name"] for job in done_then["jobs"]} == {
        job.name for job in JOBS if job.work and not job.is_care
    }
    assert read_jobs(small_shop._database) == {}
    assert small_shop.read_backups() == []


def test_the_day_counts_once_the_shop_has_closed(small_shop: Shop) -> None:
    facts = schedule.read_facts(small_shop._database, MORNING)
    assert (facts.whole_day, facts.receipts) == (LAST_DAY, small_shop.read_summary().receipts)
    assert 20 <= facts.closing_hour <= 24
    noon = schedule.read_facts(small_shop._database, NOON - timedelta(days=1))
    assert noon.whole_day == LAST_DAY - timedelta(days=1)
    assert noon.receipts == small_shop.read_summary(noon.whole_day).receipts


def test_settings_that_answers_depend_on_make_them_due(small_shop: Shop, light: None) -> None:
    small_shop.refresh(now=MORNING)
    small_shop.write_settings(replace(small_shop.settings, shop_name="Otro"))
    small_shop.write_settings(replace(small_shop.settings, pay_days=(10, 25)))
    found = {job.name for job in small_shop.read_due_jobs(MORNING)}
    assert {"features", "segments", "forecasts"} <= found


def test_the_live_insights_tell_when_they_were_last_asked_for(small_shop: Shop) -> None:
    assert states(small_shop)["live"].done_at is None
    small_shop.read_live(NOON, is_replay=True)
    assert states(small_shop)["live"].done_at is None, "a replay is not now"
    small_shop.read_live(MORNING)
    assert states(small_shop)["live"].done_at == MORNING


def test_a_failure_is_noted_told_and_raised(small_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_given: Any) -> None:
        raise DatabaseLocked("x")

    with_work(monkeypatch, "forecasts", locked)
    for _try in range(2):
        with pytest.raises(DatabaseLocked):
            run(small_shop, "forecasts")
    state = states(small_shop)["forecasts"]
    assert (state.failures, state.failing_since, state.done_at) == (2, MORNING, None)
    assert "ocupados" in state.trouble
    assert "otra vez solo" in state.todo
    assert state.next_at is not None and state.next_at > MORNING + timedelta(seconds=90)
    assert not state.is_due


def test_one_failure_keeps_no_other_job_from_being_done(
    small_shop: Shop, light: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any) -> None:
        raise ZeroDivisionError

    with_work(monkeypatch, "features", broken)
    with pytest.raises(ZeroDivisionError):
        small_shop.refresh(now=MORNING)
    told = states(small_shop)
    assert told["features"].trouble == "Algo salió mal en el programa."
    assert told["backup"].done_at is not None


def test_cancelled_work_is_due_as_before(small_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_database: Any, _settings: Any, _now: Any, progress: Progress) -> None:
        assert states(small_shop)["features"].is_running
        progress.cancel()
        progress.step()

    with_work(monkeypatch, "features", stopped)
    with pytest.raises(Cancelled):
        run(small_shop, "features")
    state = states(small_shop)["features"]
    assert (state.failures, state.trouble, state.is_running) == (0, "", False)
    assert states(small_shop, MORNING + timedelta(minutes=2))["features"].is_due


@pytest.mark.parametrize("name", [job.name for job in JOBS if job.work])
def test_every_job_hears_a_cancel_and_leaves_the_shop_whole(small_shop: Shop, name: str) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        run(small_shop, name, progress=progress)
    assert health.find_problems(small_shop._database) == ()
    assert name in {job.name for job in small_shop.read_due_jobs(MORNING + timedelta(minutes=2))}


def test_a_long_statement_hears_a_cancel(small_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite itself is stopped: no work has to ask between two statements."""
    progress = Progress()

    def endless(database: Any, *_given: Any) -> None:
        progress.cancel()
        database.read(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        )

    with_work(monkeypatch, "features", endless)
    with pytest.raises(Cancelled):
        run(small_shop, "features", progress=progress)


def test_a_locked_file_is_tried_again(small_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from colmado_insights.storage.database import Database

    with Database(small_shop.path) as other:
        small_shop._database.read("PRAGMA busy_timeout = 50")
        with other.transaction(), pytest.raises(DatabaseLocked):
            run(small_shop, "features")
    assert "features" in {job.name for job in small_shop.read_due_jobs(MORNING)}
    run(small_shop, "features")
    assert "features" not in {job.name for job in small_shop.read_due_jobs(MORNING)}


KILLED = """
    import os, signal, sys
    from dataclasses import replace
    from datetime import datetime
    from pathlib import Path
    from colmado_insights import schedule
    from colmado_insights.progress import Progress
    from colmado_insights.shop import Shop

    def pulled(database, *_given):
        with database.transaction() as connection:
            connection.execute("DELETE FROM sale")
            os._exit(9)

    schedule.JOBS = tuple(replace(job, work=pulled) if job.name == "segments" else job for job in schedule.JOBS)
    with Shop(Path(sys.argv[1])) as shop:
        shop.run_job("segments", datetime(2026, 11, 20, 6, 30), Progress())
"""


def test_a_killed_job_leaves_the_file_whole_and_is_due_again(small_shop: Shop) -> None:
    receipts = small_shop.read_summary().receipts
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(small_shop.path)])
    assert ended.returncode == 9
    assert small_shop.read_summary().receipts == receipts
    assert health.find_problems(small_shop._database) == ()
    state = states(small_shop)["segments"]
    assert state.trouble == "La última vez se cortó a la mitad."
    assert not state.is_due, "what kills the program is not tried again at once"
    assert "segments" in {job.name for job in small_shop.read_due_jobs(MORNING + timedelta(minutes=2))}


@pytest.mark.parametrize("outcome", [None, Cancelled, ValueError])
def test_settings_changed_while_a_job_runs_make_it_due_again(
    small_shop: Shop, monkeypatch: pytest.MonkeyPatch, outcome: type[Exception] | None
) -> None:
    run(small_shop, "segments")
    assert "segments" not in {job.name for job in small_shop.read_due_jobs(MORNING)}

    def change(*_args: object) -> None:
        small_shop.write_settings(small_shop.settings.with_values({"pay_days": (10, 25)}))
        if outcome:
            raise outcome

    with_work(monkeypatch, "segments", change)
    with nullcontext() if outcome is None else pytest.raises(outcome):
        run(small_shop, "segments")
    later = MORNING + timedelta(minutes=5)
    assert "segments" in {job.name for job in small_shop.read_due_jobs(later)}, "it answered for the old ones"


def test_an_empty_shop_tells_its_jobs(tmp_path: Path) -> None:
    with Shop(tmp_path / "empty.db", Settings()) as shop:
        assert shop.read_due_jobs(MORNING) == ()
        assert shop.refresh(now=MORNING)["jobs"] == []
        assert [state.job.name for state in shop.read_jobs(MORNING)] == [job.name for job in JOBS]
        shop.refresh(now=MORNING, is_forced=True)
