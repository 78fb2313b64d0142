"""What is done by itself and when: features, segments, forecasts, backups; retried with patience, stopped at once.

Nothing here looks at the clock or sleeps: `find_due` says from the state of the jobs, a moment and some facts about
the sales what is due; whoever has a minute (`ui/schedule.py`, `colmado refresh`) asks it and calls `run_job`.

Days count, not hours. A job remembers the last *whole* day it saw: the last day with sales that is over, which today is
once the shop has closed and nobody buys. "Nightly" therefore means: there is a whole day more than the job has seen, and
the shop is quiet. A PC that was off for a week catches up once, a clock set wrong costs at most one run too many.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from colmado_insights import insights
from colmado_insights.config import Settings
from colmado_insights.errors import ShopError
from colmado_insights.insights import closing
from colmado_insights.personas.asking import refresh_personas
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.storage import backup, jobs, retention, sales
from colmado_insights.storage.database import Database
from colmado_insights.storage.jobs import JobRow
from colmado_insights.text import N_, _

log = logging.getLogger(__name__)

Work = Callable[[Database, Settings, datetime, Progress], Any]

STALE_RECEIPTS = 500
STALE_SHARE = 0.05
STALE_AT_LEAST = 20
"""Answers are stale when the whole days have gained or lost 500 receipts, in a small shop already 5 % of its own."""
OLD_AFTER = timedelta(days=7)
"""Any change at all counts after a week: corrected categories alter answers without altering a count."""
OLD_WHEN_DRIFTED = timedelta(days=1)
"""… and after a day while the forecasts are worse than chance explains."""
BACKUP_AFTER = timedelta(days=1)
MORNING_HOUR = 6
"""From here on night work is caught up, sales or not; before, a shop that is open past midnight comes first."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
JITTER = 0.1
STOPPED_PAUSE = timedelta(minutes=1)
CLOCK_SLACK = timedelta(minutes=5)
"""What a moment may lie ahead before it tells of a clock that was set back."""
INTERRUPTED = "Interrupted"
"""The trouble of a try that neither came to its end nor failed: the power went, or the process was ended."""


class Every(StrEnum):
    """When a job is due."""

    CHANGE = "change"  # the sales changed in any way: cheap, and pages wait for it
    STALE = "stale"  # each night, and as soon as much has changed
    NIGHT = "night"
    DAY = "day"
    MINUTE = "minute"


@dataclass(frozen=True)
class Job:
    """One thing that is done by itself. Without `work` it is the open window that does it; only its state is told."""

    name: str
    words: str  # marked with N_
    every: Every
    work: Work | None
    needs: tuple[str, ...] = ()  # jobs that go before when they are due too
    is_care: bool = False  # looks after the file, not after what is known of the sales


@dataclass(frozen=True)
class Facts:
    """What of the shop decides whether a job is due."""

    data_version: int
    whole_day: date | None  # the last day with sales that is over
    receipts: int  # up to that day
    closing_hour: int
    last_sale: datetime | None
    backup_at: datetime | None
    has_drifted: bool = False  # the shop's forecasts, when last looked at


@dataclass(frozen=True)
class JobState:
    """How a job stands, ready to be told."""

    job: Job
    done_at: datetime | None
    seconds: float | None
    is_due: bool
    next_at: datetime | None  # when it will be looked at again; None when a change of the sales decides
    is_running: bool
    failures: int
    failing_since: datetime | None
    trouble: str  # what happened, in words; empty when all is well
    todo: str


# ── the jobs ──


def _make_features(database: Database, settings: Settings, _now: datetime, progress: Progress) -> int:
    return insights.refresh_features(database, settings, progress)


def _back_up(database: Database, _settings: Settings, now: datetime, progress: Progress) -> None:
    backup.write_backup(database, now, progress)


def _thin(database: Database, _settings: Settings, now: datetime, _progress: Progress) -> int:
    return retention.thin_answers(database, now)


JOBS: tuple[Job, ...] = (
    Job("features", N_("Rasgos de cada compra"), Every.CHANGE, _make_features),
    Job("segments", N_("Segmentos"), Every.CHANGE, insights.refresh_segments, ("features",)),
    Job("learned", N_("Segmentos aprendidos"), Every.STALE, insights.refresh_learned, ("features",)),
    Job("forecasts", N_("Pronósticos de ventas y compras"), Every.STALE, insights.refresh_forecasts),
    Job("hours", N_("Pronóstico por hora"), Every.STALE, insights.refresh_hours),
    Job("products", N_("Pronóstico de los productos más vendidos"), Every.NIGHT, insights.refresh_products),
    Job("customers", N_("Clientes: valor, riesgo y próxima compra"), Every.STALE, insights.refresh_customers),
    Job("prices", N_("Precios que convienen"), Every.NIGHT, insights.refresh_prices),
    Job("care", N_("Cuidado de los productos"), Every.NIGHT, insights.refresh_care),
    Job(
        "outcomes",
        N_("Lo que trajeron los consejos"),
        Every.NIGHT,
        insights.refresh_outcomes,
        ("segments",),
        is_care=True,
    ),
    Job("drift", N_("Revisión de los pronósticos"), Every.NIGHT, insights.refresh_drift, ("forecasts",)),
    Job("baskets", N_("Lo que se lleva junto"), Every.NIGHT, insights.refresh_baskets),
    Job("live", N_("Avisos del momento"), Every.MINUTE, None),
    Job(
        "personas",
        N_("Los segmentos en palabras de Grok, si lo permites"),
        Every.NIGHT,
        refresh_personas,
        ("segments",),
        is_care=True,  # what others see of a past day asks nobody
    ),
    Job("backup", N_("Copia de respaldo"), Every.DAY, _back_up, is_care=True),
    Job("retention", N_("Limpieza de resultados viejos"), Every.NIGHT, _thin, is_care=True),
)
"""To add a job: a function `work(database, settings, now, progress)` that calls `progress.step()` several times a
second and leaves the database whole wherever it stops; its line here, after the jobs it needs, with words a shopkeeper
understands and the rule (`Every`) that makes it due. Window, command line and tests pick it up from here."""


def find_job(name: str) -> Job:
    """The job of that name.

    Raises
    ------
    KeyError
        When there is none.
    """
    for job in JOBS:
        if job.name == name:
            return job
    raise KeyError(name)


# ── when ──


def find_due(
    states: Mapping[str, JobRow], now: datetime, facts: Facts, *, is_asked: bool = False
) -> tuple[Job, ...]:
    """The jobs to be done now, in this order; `is_asked` forgets the pauses after failures, as the owner asks himself."""
    if facts.whole_day is None and not facts.data_version:
        return ()
    return tuple(job for job in JOBS if is_due(job, states.get(job.name), now, facts, is_asked=is_asked))


def is_due(job: Job, row: JobRow | None, now: datetime, facts: Facts, *, is_asked: bool = False) -> bool:
    """Whether a job's rule holds and its pause, if any, is over."""
    if job.work is None:
        return False
    row = row or JobRow(job.name)
    if not is_asked and is_pausing(row, now):
        return False
    return _RULES[job.every](row, now, facts)


def is_pausing(row: JobRow, now: datetime) -> bool:
    """Whether a failed or stopped job waits; a try in the future tells that the clock was set back since."""
    if row.next_at is None or (row.tried_at is not None and row.tried_at > now + CLOCK_SLACK):
        return False
    return now < row.next_at


def find_pause(name: str, failures: int) -> timedelta:
    """How long to wait after so many failures in a row: 1, 2, 4 … minutes, at most 6 hours, give or take a tenth."""
    doubled = FIRST_PAUSE * (1 << min(failures - 1, 10))
    jitter = random.Random(f"{name}:{failures}").uniform(1 - JITTER, 1 + JITTER)
    return min(doubled * jitter, LONGEST_PAUSE)


def _has_changed(row: JobRow, now: datetime, facts: Facts) -> bool:
    return row.data_version != facts.data_version or _is_from_future(row, now)


def _has_new_night(row: JobRow, now: datetime, facts: Facts) -> bool:
    if facts.whole_day is None or (row.until == facts.whole_day and not _is_from_future(row, now)):
        return False
    return now.hour >= MORNING_HOUR or not closing.is_selling(now, facts.last_sale)


def _is_stale(row: JobRow, now: datetime, facts: Facts) -> bool:
    if facts.whole_day is None:
        return False
    if row.done_at is None or row.receipts is None:
        return True
    enough = min(STALE_RECEIPTS, max(STALE_AT_LEAST, STALE_SHARE * row.receipts))
    has_much_new = abs(facts.receipts - row.receipts) >= enough and row.until == facts.whole_day
    patience = OLD_WHEN_DRIFTED if facts.has_drifted else OLD_AFTER
    is_old = row.data_version != facts.data_version and now - row.done_at >= patience
    return has_much_new or is_old or _has_new_night(row, now, facts)


def _lacks_backup(row: JobRow, now: datetime, facts: Facts) -> bool:
    if row.data_version == facts.data_version:
        return False
    made = facts.backup_at
    return made is None or now - made >= BACKUP_AFTER or made > now + CLOCK_SLACK


def _is_from_future(row: JobRow, now: datetime) -> bool:
    """True when the clock was set back since: what the job saw then cannot be placed any more."""
    return row.done_at is not None and row.done_at > now + CLOCK_SLACK


_RULES: dict[Every, Callable[[JobRow, datetime, Facts], bool]] = {
    Every.CHANGE: _has_changed,
    Every.STALE: _is_stale,
    Every.NIGHT: _has_new_night,
    Every.DAY: _lacks_backup,
}


def find_next(job: Job, row: JobRow | None, now: datetime, facts: Facts) -> datetime | None:
    """When a job will be looked at again; None when that depends on what is sold or brought in."""
    row = row or JobRow(job.name)
    if is_pausing(row, now):
        return row.next_at
    if is_due(job, row, now, facts) or job.every is Every.MINUTE:
        return now
    if job.every is Every.DAY:
        return None if facts.backup_at is None else facts.backup_at + BACKUP_AFTER
    if job.every in (Every.NIGHT, Every.STALE) and facts.whole_day is not None:
        midnight = datetime.combine(now.date(), datetime.min.time())
        night = midnight + timedelta(hours=facts.closing_hour)
        if facts.whole_day == now.date():
            return night + timedelta(days=1)
        return night if night > now else midnight + timedelta(days=1)
    return None


# ── how it went ──


def begin(row: JobRow, now: datetime) -> JobRow:
    """A try that begins, written down as if it had been cut off: whoever pulls the plug has said so."""
    failures = row.failures + 1
    return replace(
        row,
        tried_at=now,
        failures=failures,
        failed_at=row.failed_at or now,
        next_at=now + find_pause(row.name, failures),
        trouble=INTERRUPTED,
    )


def finish(row: JobRow, now: datetime, seconds: float, seen: Facts) -> JobRow:
    """A try that came to its end; `seen` is what stood when it began."""
    return JobRow(
        row.name,
        done_at=now,
        seconds=seconds,
        data_version=seen.data_version,
        until=seen.whole_day,
        receipts=seen.receipts,
        tried_at=row.tried_at,
    )


def fail(begun: JobRow, now: datetime, trouble: str) -> JobRow:
    """A try that failed with an error of that class."""
    return replace(begun, next_at=now + find_pause(begun.name, begun.failures), trouble=trouble)


def stop(before: JobRow, now: datetime) -> JobRow:
    """A try that was asked to stop: no failure, due as before, but not within the same minute."""
    return replace(before, tried_at=now, next_at=max(before.next_at or now, now + STOPPED_PAUSE))


# ── doing it ──


def read_facts(database: Database, now: datetime) -> Facts:
    """What decides at this moment which jobs are due; a few small queries."""
    whole_day = closing.read_whole_day(database, now)
    backups = backup.list_backups(database.path)
    return Facts(
        data_version=sales.read_data_version(database),
        whole_day=whole_day,
        receipts=0 if whole_day is None else jobs.count_receipts(database, whole_day),
        closing_hour=closing.read_closing_hour(database, now),
        last_sale=closing.read_last_sale(database),
        backup_at=backups[0][0] if backups else None,
        has_drifted=bool(insights.read_drift(database, now.date())),
    )


def read_due(database: Database, now: datetime, *, is_asked: bool = False) -> tuple[Job, ...]:
    """The jobs to be done now."""
    return find_due(jobs.read_jobs(database), now, read_facts(database, now), is_asked=is_asked)


def run_job(database: Database, settings: Settings, job: Job, now: datetime, progress: Progress) -> Any:
    """Do one job and write down how it went; answers what its work answers.

    Raises
    ------
    Cancelled
        When it was asked to stop; the database is whole and the job due as before.
    Exception
        What the work raised, after it was written down.
    """
    if job.work is None:
        return None
    before = jobs.read_jobs(database).get(job.name, JobRow(job.name))
    seen = read_facts(database, now)
    begun = begin(before, now)
    jobs.write_job(database, begun)
    clock = time.monotonic()
    try:
        with database.hearing(progress):
            progress.step()
            answer = job.work(database, settings, now, progress)
    except Cancelled:
        with suppress(ShopError):  # it stands as interrupted then, which is true enough
            _note(database, before, stop(before, now + _since(clock)))
        raise
    except Exception as error:
        with suppress(ShopError):
            _note(database, before, fail(begun, now + _since(clock), type(error).__name__))
        raise
    took = _since(clock)
    _note(database, before, finish(begun, now + took, took.total_seconds(), seen))
    return answer


def _since(clock: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - clock)


def _note(database: Database, before: JobRow, row: JobRow) -> None:
    """Write down how a try ended; what it saw does not count when other settings made it due meanwhile."""
    now = jobs.read_jobs(database).get(row.name, row)
    if before.data_version is not None and now.data_version is None:
        row = replace(row, data_version=None, until=None, receipts=None)
    jobs.write_job(database, row)


@dataclass(frozen=True)
class JobRun:
    """One job done on request, with what its work answered or raised."""

    name: str
    seconds: float
    answer: Any = None
    error: Exception | None = None

    @property
    def outcome(self) -> str:
        """`done`, or the class of the error."""
        return "done" if self.error is None else type(self.error).__name__


def refresh(
    database: Database, settings: Settings, now: datetime, progress: Progress, *, is_forced: bool = False
) -> tuple[JobRun, ...]:
    """Do everything that is due, each job once, or all of them when forced.

    A job that fails does not keep the others from being done: its run carries the error.

    Raises
    ------
    Cancelled
        When it was asked to stop; what was done by then stays done.
    """
    runs = []
    for job in JOBS:
        if job.work is not None and (is_forced or job in read_due(database, now, is_asked=True)):
            clock = time.monotonic()
            answer: Any = None
            error: Exception | None = None
            try:
                answer = run_job(database, settings, job, now, progress)
            except Cancelled:
                raise
            except Exception as exc:  # noqa: BLE001 - told by the caller once the others have had their turn
                error = exc
            runs.append(JobRun(job.name, _since(clock).total_seconds(), answer, error))
    return tuple(runs)


def answer_as_of(
    database: Database, settings: Settings, moment: datetime, progress: Progress
) -> tuple[JobRun, ...]:
    """Have all answers ready as they were at a past moment; nothing is noted of it, and the file is left alone."""
    runs = []
    for job in JOBS:
        if job.work is not None and not job.is_care:
            clock = time.monotonic()
            answer = job.work(database, settings, moment, progress)
            runs.append(JobRun(job.name, _since(clock).total_seconds(), answer))
    return tuple(runs)


# ── how it is told ──


def read_states(
    database: Database, now: datetime, running: frozenset[str] = frozenset()
) -> tuple[JobState, ...]:
    """How every job stands."""
    rows, facts = jobs.read_jobs(database), read_facts(database, now)
    due = find_due(rows, now, facts)
    return tuple(
        _state(job, rows.get(job.name, JobRow(job.name)), now, facts, job in due, job.name in running)
        for job in JOBS
    )


def _state(job: Job, row: JobRow, now: datetime, facts: Facts, due: bool, running: bool) -> JobState:
    is_failing = bool(row.failures) and not running
    trouble, todo = trouble_words(row.trouble) if is_failing else ("", "")
    return JobState(
        job=job,
        done_at=row.done_at,
        seconds=row.seconds,
        is_due=due,
        next_at=find_next(job, row, now, facts),
        is_running=running,
        failures=row.failures if is_failing else 0,
        failing_since=row.failed_at if is_failing else None,
        trouble=trouble,
        todo=todo,
    )


_TROUBLES: dict[str, tuple[str, str]] = {
    INTERRUPTED: (
        N_("La última vez se cortó a la mitad."),
        N_("No tienes que hacer nada: se intenta otra vez solo."),
    ),
    "DatabaseLocked": (
        N_("Tus datos estaban ocupados, por una importación o por otro programa."),
        N_("Se intenta otra vez solo; si sigue así, cierra el otro programa."),
    ),
    "DatabaseDamaged": (
        N_("El archivo de tus datos está dañado."),
        N_("Recupera una copia de respaldo."),
    ),
    "DiskFull": (
        N_("No se pudo escribir en el disco."),
        N_("Mira que haya espacio en el disco; se intenta otra vez solo."),
    ),
    "MemoryError": (
        N_("A la computadora no le alcanzó la memoria."),
        N_("Cierra otros programas; se intenta otra vez solo."),
    ),
}
_OTHER_TROUBLE = (
    N_("Algo salió mal en el programa."),
    N_("Tus datos están a salvo y se intenta otra vez solo; lo que pasó quedó en la bitácora."),
)


def trouble_words(trouble: str) -> tuple[str, str]:
    """What happened and what to do, by the class of an error."""
    what, todo = _TROUBLES.get(trouble, _OTHER_TROUBLE)
    return _(what), _(todo)
