"""The segments that the baskets fall into by themselves, run after run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import msgspec

from colmado_insights.analytics.clusters import CLUSTER_COLUMNS, compute_learned
from colmado_insights.analytics.migration import compute_migration
from colmado_insights.analytics.results import LearnedSegments, Migration, NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import day_number
from colmado_insights.insights.assigning import LEARNED, read_model, read_run, write_learned_days
from colmado_insights.insights.closing import read_whole_day
from colmado_insights.insights.features import read_features
from colmado_insights.insights.keeping import decode, read_until, shop_parameters
from colmado_insights.progress import Progress
from colmado_insights.storage import assignments, results, sales
from colmado_insights.storage.database import Database

RUNS_APART_DAYS = 7
"""Migration compares with the newest run that was made from data at least so much older."""
ASSIGNED_DAYS = 364
"""So far back, 52 weeks, receipts are labelled by the newest run."""
LABELLED_AT_ONCE = 28


def find_learned(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> LearnedSegments | NotEnough:
    """The learned segments of the window that ends with the last whole day, or with `as_of`.

    A run stays good while its window holds the same sales: what is sold today does not make last night's
    run anew.
    """
    until = read_whole_day(database, datetime.now()) if as_of is None else read_until(database, as_of)
    if until is None:
        return NotEnough(needed=1, have=0, unit="receipts")
    with database.alone(LEARNED, progress):  # the page and the night may ask at once
        kept = _read_fresh(database, settings, until)
        if kept is not None:
            return kept
        last = day_number(until)
        previous = read_run(database, last)
        if read_model(database, last - RUNS_APART_DAYS) is None:
            previous = _look_back(database, settings, until, previous, progress) or previous
        return _run(database, settings, until, previous, progress)


def refresh_learned(database: Database, settings: Settings, now: datetime, progress: Progress) -> int:
    """Have the learned segments up to the last whole day ready; returns how many there are."""
    until = read_whole_day(database, now)
    found = None if until is None else find_learned(database, settings, until, progress)
    return len(found.segments) if isinstance(found, LearnedSegments) else 0


def count_learned(database: Database, as_of: date) -> int:
    """How many learned segments the newest run up to a day has; 0 without one."""
    run = read_model(database, day_number(as_of))
    return 0 if run is None else len(run.segments)


def find_migration(
    database: Database, settings: Settings, as_of: date | None = None, progress: Progress | None = None
) -> Migration | NotEnough:
    """What became of the segments since the newest run made from data at least a week older."""
    later = find_learned(database, settings, as_of, progress)
    if isinstance(later, NotEnough):
        return later
    earlier = read_model(database, day_number(later.until) - RUNS_APART_DAYS)
    if earlier is None:
        have = len(sales.read_daily(database, last=day_number(later.until)))
        needed = 2 * later.window_days
        return NotEnough(needed, min(have, needed - 1), "days", later.until)
    features = read_features(database, settings, day_number(later.first_day), day_number(later.until))
    return compute_migration(features, earlier=earlier, later=later)


def _read_fresh(database: Database, settings: Settings, until: date) -> LearnedSegments | None:
    """The kept run of that day when its window still holds as many sales."""
    body = assignments.read_run(database, LEARNED, day_number(until), shop_parameters(settings))
    run = decode(body, LearnedSegments)
    if run is None or run.columns != CLUSTER_COLUMNS:
        return None
    daily = sales.read_daily(database, day_number(run.first_day), day_number(run.until))
    sold = int((daily["revenue_cents"] + daily["returns_cents"]).sum())
    is_same = int(daily["receipts"].sum()) == run.receipts and sold == sum(
        segment.revenue_cents for segment in run.segments
    )
    return run if is_same else None


def _look_back(
    database: Database,
    settings: Settings,
    until: date,
    newest: LearnedSegments | None,
    progress: Progress | None,
) -> LearnedSegments | None:
    """Make the run of the window before, so that a shop with history has one to compare with at once.

    Answers what the new run continues: `newest` where there is one, with no number given twice.
    """
    made = _run(
        database,
        settings,
        until - timedelta(days=settings.segment_window_days),
        newest,
        progress,
        is_old=True,
    )
    if isinstance(made, NotEnough) or newest is None:
        return None if isinstance(made, NotEnough) else made
    return replace(newest, next_number=max(newest.next_number, made.next_number))


def _run(
    database: Database,
    settings: Settings,
    until: date,
    previous: LearnedSegments | None,
    progress: Progress | None,
    *,
    is_old: bool = False,
) -> LearnedSegments | NotEnough:
    """Learn the segments anew, keep the run, and label the year before it when there is no later one."""
    version = sales.read_data_version(database)
    window, last = settings.segment_window_days, day_number(until)
    features = read_features(database, settings, last - 2 * window + 1, last)
    if progress:
        progress.step()
    answer = compute_learned(
        features, until=until, window_days=window, previous=previous, before=features, progress=progress
    )
    if isinstance(answer, NotEnough):
        return answer
    newest = assignments.find_last_run(database, LEARNED)
    if progress:
        progress.step()
    if not is_old and (newest is None or newest <= last):
        _label(database, settings, last, answer, progress)
    # Last of all: whoever is stopped before has no fresh run, and labels anew.
    results.write_result(
        database, LEARNED, day_number(answer.until), shop_parameters(settings), msgspec.to_builtins(answer),
        made_at=datetime.now(), version=version,
    )  # fmt: skip
    return answer


def _label(
    database: Database, settings: Settings, last: int, learned: LearnedSegments, progress: Progress | None
) -> None:
    """Write down what fell into each segment on each day of the year that ends with `last`."""
    for start in range(last - ASSIGNED_DAYS + 1, last + 1, LABELLED_AT_ONCE):
        if progress:
            progress.step()
        end = min(last, start + LABELLED_AT_ONCE - 1)
        write_learned_days(database, read_features(database, settings, start, end), learned)
