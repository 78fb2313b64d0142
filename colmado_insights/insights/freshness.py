"""How long what was said of customers is served as it was kept, and how often that was enough.

Counting is done in memory and written seldom: looking at a page must not write.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from weakref import WeakKeyDictionary

from colmado_insights.storage import customer_results
from colmado_insights.storage.database import Database


class Answer(StrEnum):
    """Kinds of answer that grow old by themselves once new sales have come."""

    PREDICTIONS = "predictions"
    SEGMENTS = "segments"
    PROFILE = "profile"


OLDEST: dict[Answer, timedelta] = {
    Answer.PREDICTIONS: timedelta(hours=4),
    Answer.SEGMENTS: timedelta(hours=6),
    Answer.PROFILE: timedelta(hours=24),
}
SIGNIFICANT_SHARE = 0.05
"""So many more or fewer receipts of known customers, and what was said of them is stale at once."""


def is_fresh(
    made_at: datetime, now: datetime, *answers: Answer, has_new_sales: bool, is_significant: bool
) -> bool:
    """Whether a kept answer may still be served; one that holds several kinds is as old as the soonest of them allows.

    It may while nothing that matters has changed, however long; with new sales for its time; after a significant
    change not at all. One made in the future tells that the clock was set back since: its age cannot be known.
    """
    if is_significant or made_at > now:
        return False
    return not has_new_sales or now - made_at <= min(OLDEST[answer] for answer in answers)


def is_much(before: int, now: int) -> bool:
    """Whether so many receipts instead of those before are a significant change."""
    return before != now and abs(now - before) >= SIGNIFICANT_SHARE * before


# ── how often kept answers serve ──


@dataclass(frozen=True, slots=True)
class CacheUse:
    """How often answers of a kind were served as kept, and how often they had to be made."""

    kind: str
    hits: int
    misses: int


_counted: WeakKeyDictionary[Database, Counter[tuple[str, bool]]] = WeakKeyDictionary()
_lock = threading.Lock()


def count_use(database: Database, kind: str, *, is_hit: bool) -> None:
    """Count that an answer was served as kept, or had to be made."""
    with _lock:
        _counted.setdefault(database, Counter())[kind, is_hit] += 1


def flush_uses(database: Database) -> None:
    """Write what was counted since the last time; nothing counted, nothing written."""
    with _lock:
        counted = _counted.pop(database, None)
    if counted:
        customer_results.add_uses(database, _by_kind(counted))


def read_cache_use(database: Database) -> tuple[CacheUse, ...]:
    """How often kept answers have served, what is not written yet included."""
    with _lock:
        counted = _by_kind(_counted.get(database, Counter()))
    written = customer_results.read_uses(database)
    return tuple(
        CacheUse(
            kind, *(a + b for a, b in zip(written.get(kind, (0, 0)), counted.get(kind, (0, 0)), strict=True))
        )
        for kind in sorted(written.keys() | counted.keys())
    )


def _by_kind(counted: Counter[tuple[str, bool]]) -> dict[str, tuple[int, int]]:
    kinds = {kind for kind, _is_hit in counted}
    return {kind: (counted[kind, True], counted[kind, False]) for kind in kinds}
