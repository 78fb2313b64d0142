"""The ledger of advice: what was shown, what the owner made of it, and what came of it after two weeks.

Advice that was not taken is judged as well: it tells what would have come anyway.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec
import numpy as np
import pandas as pd

from colmado_insights.analytics.outcome import HISTORY_DAYS, JUDGED_DAYS, MEASURE_COLUMNS, compute_outcome
from colmado_insights.analytics.results import AdviceOutcome, Estimate, Outcome
from colmado_insights.config import Settings
from colmado_insights.domain import Category, day_number
from colmado_insights.insights.actions.advice import PROFIT, Advice
from colmado_insights.insights.closing import read_whole_day
from colmado_insights.progress import Progress
from colmado_insights.storage import advices, assignments, products, sales, series
from colmado_insights.storage.advices import AdviceRow, ShownAdvice
from colmado_insights.storage.database import Database


@dataclass(frozen=True)
class LedgerEntry:
    """One advice with what became of it; `is_taken` is None while nobody answered."""

    advice: Advice
    shown_at: datetime
    answered_at: datetime | None
    is_taken: bool | None
    outcome: AdviceOutcome | None

    @property
    def began(self) -> date:
        """The day from which it is judged: of the answer, else of the first showing."""
        return (self.answered_at or self.shown_at).date()


@dataclass(frozen=True)
class LedgerSum:
    """What judged advices brought together, in cents of profit or of revenue; 80 % interval."""

    goal: str
    advices: int
    change: Estimate


# ── what was shown and answered ──


def note_shown(database: Database, found: Iterable[Advice], now: datetime) -> int:
    """Note that these were shown, each at most once a day; returns how many were noted."""
    shown = [
        ShownAdvice(each.key, each.kind, each.measure, msgspec.to_builtins(each), each.gain_cents)
        for each in found
    ]
    return advices.write_shown(database, shown, now)


def read_ledger(database: Database, now: datetime) -> tuple[LedgerEntry, ...]:
    """All advice that was ever shown, the newest first; what is not judged yet tells how far it is."""
    rows = advices.read_advices(database)
    whole = read_whole_day(database, now)
    if whole is None:
        return tuple(_entry(row) for row in rows)
    last = day_number(whole)
    shop = sales.read_daily(database, last - 2 * JUDGED_DAYS, last)

    def with_progress(entry: LedgerEntry) -> LedgerEntry:
        is_waiting = entry.outcome is None and entry.answered_at is not None
        if not is_waiting or whole - entry.began >= timedelta(days=JUDGED_DAYS):
            return entry
        early = compute_outcome(
            None, shop, taken=entry.began, until=whole, promised_cents=entry.advice.gain_cents
        )
        return LedgerEntry(entry.advice, entry.shown_at, entry.answered_at, entry.is_taken, early)

    return tuple(with_progress(_entry(row)) for row in rows)


def _entry(row: AdviceRow) -> LedgerEntry:
    return LedgerEntry(
        advice=msgspec.convert(row.shown.body, Advice),
        shown_at=row.shown_at,
        answered_at=row.answered_at,
        is_taken=row.is_done,
        outcome=None if row.outcome is None else msgspec.convert(row.outcome, AdviceOutcome),
    )


def sum_ledger(entries: Sequence[LedgerEntry], *, is_taken: bool = True) -> tuple[LedgerSum, ...]:
    """What the taken advices (or the others) brought, profit and revenue apart.

    Where two speak of the same days and of things that may hold each other - the shop, a category, a product -
    only the narrower one counts: a peso is not summed twice.
    """
    judged = [
        entry
        for entry in entries
        if (entry.is_taken is True) == is_taken
        and entry.outcome is not None
        and entry.outcome.change is not None
    ]
    counted: list[LedgerEntry] = []
    for entry in sorted(judged, key=lambda each: (_width(each.advice.measure), each.began, each.advice.key)):
        if not any(_overlaps(entry, other) for other in counted):
            counted.append(entry)
    sums = []
    for goal in dict.fromkeys(entry.advice.goal for entry in counted):
        changes = [
            entry.outcome.change
            for entry in counted
            if entry.advice.goal == goal and entry.outcome and entry.outcome.change
        ]
        mean = sum(change.mean for change in changes)
        # Errors of different things on different days are taken as independent.
        below = math.sqrt(sum((change.mean - change.lo) ** 2 for change in changes))
        above = math.sqrt(sum((change.hi - change.mean) ** 2 for change in changes))
        sums.append(LedgerSum(goal, len(changes), Estimate(mean, mean - below, mean + above)))
    return tuple(sums)


def _width(measure: str) -> int:
    return ("product", "category", "segment", "shop").index(measure.split(":")[0])


def _overlaps(entry: LedgerEntry, other: LedgerEntry) -> bool:
    first, second = entry.advice.measure, other.advice.measure
    may_share = first == second or _width(first) != _width(second) or first.startswith("segment:")
    return may_share and abs(entry.began - other.began) < timedelta(days=JUDGED_DAYS)


# ── what came of it ──


def refresh_outcomes(database: Database, _settings: Settings, now: datetime, progress: Progress) -> int:
    """Judge every advice whose two weeks are over; returns how many were judged."""
    whole = read_whole_day(database, now)
    if whole is None:
        return 0
    rows = [row for row in advices.read_advices(database) if row.outcome is None]
    due = [
        row for row in rows if whole - (row.answered_at or row.shown_at).date() >= timedelta(days=JUDGED_DAYS)
    ]
    found = []
    for done, row in enumerate(due):
        progress.step(done, len(due))
        found.append((row.shown.key, msgspec.to_builtins(_judge(database, row, whole))))
    if found:
        advices.write_outcomes(database, found, now)
    return len(found)


def _judge(database: Database, row: AdviceRow, whole: date) -> AdviceOutcome:
    taken = (row.answered_at or row.shown_at).date()
    first, last = day_number(taken) - HISTORY_DAYS, day_number(taken) + JUDGED_DAYS
    goal = msgspec.convert(row.shown.body, Advice).goal
    return compute_outcome(
        _read_measure(database, row.shown.measure, goal, first, last),
        sales.read_daily(database, first, last),
        taken=taken,
        until=whole,
        promised_cents=row.shown.gain_cents,
    )


def _read_measure(database: Database, measure: str, goal: str, first: int, last: int) -> pd.DataFrame | None:
    """Days of what an advice is about (MEASURE_COLUMNS); None where nothing shows whether it helped."""
    kind, _colon, part = measure.partition(":")
    readers: dict[str, Callable[[], pd.DataFrame]] = {
        "shop": lambda: sales.read_daily(database, first, last),
        "category": lambda: series.read_category_series(database, Category(part), first, last),
        "segment": lambda: _segment_days(database, part, first, last),
        "product": lambda: series.read_product_series(database, int(part), first, last),
    }
    if kind not in readers:
        return None
    days = readers[kind]()
    cents = days["revenue_cents"]
    if kind == "product" and goal == PROFIT:
        cents = cents - _costs(database, int(part), days)
    return days.assign(cents=cents)[list(MEASURE_COLUMNS)].astype(MEASURE_COLUMNS)


def _segment_days(database: Database, segment_id: str, first: int, last: int) -> pd.DataFrame:
    days = assignments.read_assignments(database, first, last)
    return days[days["segment_id"] == segment_id]


def _costs(database: Database, product: int, days: pd.DataFrame) -> pd.Series:
    """What the units of each day cost, by the cost known then; before the first one known, by that one."""
    known = [change for change in products.read_price_history(database, product) if change.cost_cents]
    if not known:
        return days["revenue_cents"] * 0
    since = np.array([day_number(change.day) for change in known])
    unit = np.array([change.cost_cents for change in known])
    place = np.maximum(np.searchsorted(since, days["day"], side="right") - 1, 0)
    cents: pd.Series = (days["units_milli"] * unit[place] / 1000).round().astype("int64")
    return cents


def count_outcomes(entries: Iterable[LedgerEntry]) -> dict[Outcome, int]:
    """How many taken advices ended in each way."""
    counts = dict.fromkeys(Outcome, 0)
    for entry in entries:
        if entry.is_taken and entry.outcome is not None:
            counts[entry.outcome.outcome] += 1
    return counts
