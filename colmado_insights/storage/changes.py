"""Since when the sales up to a day stand as they are, so that today's sales do not age what was said of the days before.

Every change of the sales counts one up: `data_version`. A change that begins at some day leaves all days before it as
they were, so what is kept is a staircase: from this day on, changed last by that version. A new change takes the
place of all steps from its first day on; a till that only adds today's sales makes one step a day.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from colmado_insights.storage.database import Database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

Step = tuple[int, int]
"""A day number, and the version that last changed a day up to it."""

BEGINNING = -(2**31)
MOST_STEPS = 64
"""Older ones are told as one, by the later version: what was said of them may be made anew needlessly, never kept."""


def note_change(connection: Connection, first_day: int | None) -> None:
    """Count a change of the sales from a day number on; None when no day's sales were touched."""
    connection.execute("UPDATE setting SET value = CAST(value AS INTEGER) + 1 WHERE name = 'data_version'")
    if first_day is None:
        return
    settings = dict(
        connection.execute("SELECT name, value FROM setting WHERE name IN ('data_version', 'changed_from')")
    )
    version = int(settings["data_version"])
    before = json.loads(settings.get("changed_from", "null")) or [(BEGINNING, version - 1)]
    steps = add_step(before, first_day, version)
    connection.execute(
        "INSERT OR REPLACE INTO setting (name, value) VALUES ('changed_from', ?)", (json.dumps(steps),)
    )


def note_other_sales(connection: Connection, version: int) -> None:
    """Count a change of all days, beyond a version of sales that were here before."""
    connection.execute(
        "UPDATE setting SET value = max(CAST(value AS INTEGER), ?) WHERE name = 'data_version'", (version,)
    )
    note_change(connection, BEGINNING)


def read_version_until(database: Database, day: int) -> int:
    """The version that last changed the sales of any day up to `day`; answers from it on are still right."""
    settings = dict(
        database.read("SELECT name, value FROM setting WHERE name IN ('data_version', 'changed_from')")
    )
    if "changed_from" not in settings:  # nothing was changed since the program began to tell
        return int(settings["data_version"])
    return max(
        (version for start, version in json.loads(settings["changed_from"]) if start <= day), default=0
    )


def add_step(steps: Sequence[Step], first_day: int, version: int) -> list[Step]:
    """The staircase after a change by `version`, the newest, of days from `first_day` on."""
    kept = [(day, earlier) for day, earlier in steps if day < first_day]
    kept.append((first_day, version))
    while len(kept) > MOST_STEPS:
        (day, _earlier), (_later, newer), *rest = kept
        kept = [(day, newer), *rest]
    return kept
