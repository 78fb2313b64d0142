"""What is done by itself: how each job went last, and what of the sales it saw then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from colmado_insights.domain import day_number, day_of, moment_of, wall_seconds
from colmado_insights.storage.database import Database

if TYPE_CHECKING:
    from collections.abc import Mapping

_COLUMNS = (
    "name", "done_at", "seconds", "data_version", "until", "receipts",
    "tried_at", "failures", "failed_at", "next_at", "trouble",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as it stands in the file; a job that was never tried has only its name."""

    name: str
    done_at: datetime | None = None  # the last success
    seconds: float | None = None  # it took
    data_version: int | None = None  # of the sales it saw
    until: date | None = None  # the last whole day it saw
    receipts: int | None = None  # it saw up to that day
    tried_at: datetime | None = None
    failures: int = 0  # in a row, with the try that is going on
    failed_at: datetime | None = None  # the first of them
    next_at: datetime | None = None  # not to be tried before
    trouble: str = ""  # class of the last error, never its words


def read_jobs(database: Database) -> dict[str, JobRow]:
    """The jobs that were tried at least once, by their name."""
    rows = database.read(f"SELECT {', '.join(_COLUMNS)} FROM job")
    return {row[0]: _row(dict(zip(_COLUMNS, row, strict=True))) for row in rows}


def write_job(database: Database, row: JobRow) -> None:
    """Keep how a job stands."""
    values = {name: getattr(row, name) for name in _COLUMNS}
    for name in ("done_at", "tried_at", "failed_at", "next_at"):
        values[name] = None if values[name] is None else wall_seconds(values[name])
    values["until"] = None if row.until is None else day_number(row.until)
    with database.transaction() as connection:
        connection.execute(
            f"INSERT OR REPLACE INTO job ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})",
            tuple(values.values()),
        )


def count_receipts(database: Database, until: date) -> int:
    """Receipts of all days up to and including `until`, from the daily sums."""
    sql = "SELECT coalesce(sum(receipts), 0) FROM daily WHERE day <= ?"
    return int(database.read_one(sql, (day_number(until),)))


def _row(values: Mapping[str, int | float | str | None]) -> JobRow:
    moments = {
        name: None if values[name] is None else moment_of(int(values[name]))  # type: ignore[arg-type]
        for name in ("done_at", "tried_at", "failed_at", "next_at")
    }
    until = None if values["until"] is None else day_of(int(values["until"]))
    return JobRow(**{**values, **moments, "until": until})  # type: ignore[arg-type]
