"""Advice from the imports: rows that wait to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from colmado_insights.config import Settings
from colmado_insights.domain import Reason
from colmado_insights.insights.actions.advice import Advice
from colmado_insights.progress import Progress
from colmado_insights.storage import sales
from colmado_insights.storage.database import Database


def find_quarantined(
    database: Database, _settings: Settings, _whole: date, _progress: Progress | None
) -> Iterator[Advice]:
    """Rows that wait to be looked at."""
    rows = sales.count_quarantined(database)
    if rows:
        yield Advice(
            key=f"quarantine:{rows}",
            what=Reason.of("look_at_quarantine", rows=rows),
            why=Reason.of("quarantine_not_counted"),
            gain_cents=None,
            icon="file-warning",
            kind="quarantine",
            page="quarantine",
        )
