"""What analyses answered, kept so that it need not be computed again, and the shop's settings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from colmado_insights.domain import FORECAST_COLUMNS, SECONDS_A_DAY, wall_seconds
from colmado_insights.storage.changes import read_version_until
from colmado_insights.storage.database import Database

if TYPE_CHECKING:
    from collections.abc import Sequence


def read_result(database: Database, kind: str, until: int, parameters: str) -> str | None:
    """A kept answer as JSON, or None when there is none or the sales up to its day have changed since."""
    body: str | None = database.read_one(
        "SELECT body FROM result WHERE kind = ? AND until = ? AND parameters = ? AND data_version >= ?",
        (kind, until, parameters, read_version_until(database, until)),
    )
    return body


def read_latest_result(database: Database, kind: str, until: int) -> str | None:
    """The newest kept answer from data up to `until` as JSON, fresh or not: for what may not wait."""
    body: str | None = database.read_one(
        "SELECT body FROM result WHERE kind = ? AND until <= ? ORDER BY until DESC, made_at DESC LIMIT 1",
        (kind, until),
    )
    return body


def read_latest_mark(database: Database, kind: str, until: int) -> tuple[int, int, int] | None:
    """What tells one kept answer from the next, without reading it: last day, when made, version of the sales."""
    rows = database.read(
        "SELECT until, made_at, data_version FROM result WHERE kind = ? AND until <= ?"
        " ORDER BY until DESC, made_at DESC LIMIT 1",
        (kind, until),
    )
    return rows[0] if rows else None


def write_result(
    database: Database, kind: str, until: int, parameters: str, body: Any, *, made_at: datetime, version: int
) -> None:
    """Keep an answer made from the sales as they were at data version `version`."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO result (kind, until, made_at, data_version, parameters, body)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (kind, until, wall_seconds(made_at), version, parameters, json.dumps(body, ensure_ascii=False)),
        )


def delete_results(database: Database, kind: str, until: int) -> None:
    """Drop the kept answers of a kind up to a day, whatever they were made with."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM result WHERE kind = ? AND until = ?", (kind, until))


def write_forecast(
    database: Database,
    target: str,
    until: int,
    model: str,
    points: Iterable[Sequence[float]],
    made_at: datetime,
) -> None:
    """Keep a forecast to compare it later with what happened; points are (day, mean, lo80, hi80, lo95, hi95).

    One made afterwards, as a replay of a past day is, never takes the place of one made before its day.
    """
    made = wall_seconds(made_at)
    with database.transaction() as connection:
        connection.executemany(
            "INSERT INTO forecast (target, until, day, mean, lo80, hi80, lo95, hi95, model, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (target, until, day) DO UPDATE SET mean = excluded.mean,"
            " lo80 = excluded.lo80, hi80 = excluded.hi80, lo95 = excluded.lo95, hi95 = excluded.hi95,"
            " model = excluded.model, made_at = excluded.made_at"
            f" WHERE excluded.made_at / {SECONDS_A_DAY} <= day OR forecast.made_at / {SECONDS_A_DAY} > day",
            [(target, until, *point, model, made) for point in points],
        )


def read_forecasts(database: Database, target: str, last: int) -> pd.DataFrame:
    """All points kept for a subject from data up to a day number (FORECAST_COLUMNS)."""
    rows = database.read(
        f"SELECT until, day, mean, lo80, hi80, lo95, hi95, made_at / {SECONDS_A_DAY}, model FROM forecast"
        " WHERE target = ? AND until <= ? ORDER BY until, day",
        (target, last),
    )
    return pd.DataFrame(rows, columns=list(FORECAST_COLUMNS)).astype(FORECAST_COLUMNS)


def read_forecast_mean(database: Database, target: str, day: int) -> float | None:
    """What the last forecast made before `day` expects of it."""
    mean: float | None = database.read_one(
        "SELECT mean FROM forecast WHERE target = ? AND day = ? AND until < day ORDER BY until DESC LIMIT 1",
        (target, day),
    )
    return mean


def read_forecast_until(database: Database, target: str, day: int) -> int | None:
    """The last day of data behind the forecast that `read_forecast_mean` answers from."""
    until: int | None = database.read_one(
        "SELECT max(until) FROM forecast WHERE target = ? AND day = ? AND until < day", (target, day)
    )
    return until


# ── transaction features: one row a day, the columns packed side by side ──


def find_days_without_features(database: Database) -> list[int]:
    """Days with receipts whose features are still to be made, or were dropped because a sale changed."""
    return [
        day
        for (day,) in database.read(
            "SELECT day FROM daily WHERE day NOT IN (SELECT day FROM sale_features) ORDER BY day"
        )
    ]


def write_features(database: Database, features: pd.DataFrame) -> None:
    """Keep a frame of features, which must have a column `day`, one packed row a day."""
    layout = json.dumps([(name, features[name].to_numpy().dtype.str) for name in features.columns])
    order = np.argsort(features["day"].to_numpy(), kind="stable")
    columns = [features[name].to_numpy()[order] for name in features.columns]
    days, start = np.unique(features["day"].to_numpy()[order], return_index=True)
    end = np.append(start[1:], len(order))
    with database.transaction() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO sale_features (day, receipts, layout, data) VALUES (?, ?, ?, ?)",
            (
                (int(day), int(b - a), layout, b"".join(column[a:b].tobytes() for column in columns))
                for day, a, b in zip(days, start, end, strict=True)
            ),
        )


def read_features(database: Database, first: int, last: int) -> pd.DataFrame | None:
    """The kept features between two day numbers; None when a day of them is missing or differently laid out."""
    rows = database.read(
        "SELECT sale_features.receipts, layout, data FROM daily LEFT JOIN sale_features USING (day)"
        " WHERE day BETWEEN ? AND ? ORDER BY day",
        (first, last),
    )
    layouts = {row[1] for row in rows}
    if len(layouts) != 1 or None in layouts:
        return None
    layout = [(name, np.dtype(kind)) for name, kind in json.loads(layouts.pop())]
    parts: dict[str, list[Any]] = {name: [] for name, _kind in layout}
    for count, _layout, data in rows:
        offset = 0
        for name, kind in layout:
            parts[name].append(np.frombuffer(data, kind, count, offset))
            offset += kind.itemsize * count
    return pd.DataFrame({name: np.concatenate(pieces) for name, pieces in parts.items()})


# ── segments of each day ──


def write_assignments(
    database: Database,
    days: Iterable[int],
    kinds: Sequence[str],
    rows: Iterable[tuple[int, str, str, int, int]],
) -> None:
    """Keep how many receipts and cents of each of these days fell into each segment of these types.

    Rows are (day, segment, type, receipts, cents); what was kept of the same days and types goes.
    """
    kept = list(rows)
    pairs = [(int(day), str(kind)) for day in days for kind in kinds]
    with database.transaction() as connection:
        connection.executemany(
            "INSERT OR IGNORE INTO segment (name, type) VALUES (?, ?)",
            sorted({(segment, kind) for _day, segment, kind, *_sums in kept}),
        )
        connection.executemany(
            "DELETE FROM segment_assignment WHERE day = ? AND segment_id IN"
            " (SELECT id FROM segment WHERE type = ?)",
            pairs,
        )
        connection.executemany(
            "INSERT INTO segment_assignment (day, segment_id, receipts, revenue_cents)"
            " SELECT ?, id, ?, ? FROM segment WHERE name = ?",
            [(day, receipts, cents, segment) for day, segment, _kind, receipts, cents in kept],
        )


# ── live insights ──


def read_insights(database: Database) -> list[Any]:
    """The live insights that stood last."""
    return [json.loads(body) for (body,) in database.read("SELECT body FROM insight ORDER BY created_at")]


def write_insights(database: Database, rows: Iterable[tuple[str, str, datetime, datetime, Any]]) -> None:
    """Put the live insights of this moment in the place of the ones before."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM insight")
        connection.executemany(
            "INSERT INTO insight (type, subject, created_at, expires_at, body) VALUES (?, ?, ?, ?, ?)",
            [
                (kind, subject, wall_seconds(created), wall_seconds(expires), json.dumps(body))
                for kind, subject, created, expires, body in rows
            ],
        )


# ── the shop's settings ──


def read_settings(database: Database) -> dict[str, Any]:
    """The shop's settings as kept, unknown ones included."""
    return {
        name.removeprefix("shop."): json.loads(value)
        for name, value in database.read("SELECT name, value FROM setting WHERE name LIKE 'shop.%'")
    }


def write_settings(database: Database, values: Mapping[str, Any], *, is_new_start: bool = False) -> None:
    """Keep the shop's settings; they travel with backups.

    A new start drops the kept features and makes every job due: what was made with other settings may not
    outlive a power cut in between.
    """
    with database.transaction() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
            [(f"shop.{name}", json.dumps(value, ensure_ascii=False)) for name, value in values.items()],
        )
        if is_new_start:
            connection.execute("DELETE FROM sale_features")
            connection.execute("UPDATE job SET data_version = NULL, until = NULL, receipts = NULL")
