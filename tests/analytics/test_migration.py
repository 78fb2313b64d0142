"""Migration between runs: every receipt is counted once, and who kept the id stayed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from colmado_insights.analytics.clusters import assign_learned, compute_learned
from colmado_insights.analytics.migration import compute_migration
from colmado_insights.analytics.results import LearnedSegments, Migration, NotEnough
from colmado_insights.domain import Category
from tests.analytics.planted import MISSIONS, UNTIL, Mission, plant


@pytest.fixture(scope="module")
def runs() -> tuple[LearnedSegments, LearnedSegments, object]:
    """A run, a later one in which a mission went and another came, and the later window's receipts."""
    before, _ = plant(receipts=1_200, until=UNTIL - timedelta(days=30))
    others = (*MISSIONS[1:], Mission(0.12, {Category.PERSONAL_CARE: 1.0}, 17, pesos=150))
    now, _ = plant(others, receipts=1_200, seed=3)
    earlier = compute_learned(before, until=UNTIL - timedelta(days=30))
    assert isinstance(earlier, LearnedSegments)
    later = compute_learned(now, until=UNTIL, previous=earlier)
    assert isinstance(later, LearnedSegments)
    return earlier, later, now


def test_flows_count_every_receipt_of_the_later_window_once(runs) -> None:
    earlier, later, now = runs
    found = compute_migration(now, earlier=earlier, later=later)
    assert isinstance(found, Migration)
    slow = Counter(
        (earlier.segments[a].segment_id, later.segments[b].segment_id)
        for a, b in zip(assign_learned(now, earlier), assign_learned(now, later), strict=True)
    )
    assert {(flow.source, flow.target): flow.receipts for flow in found.flows} == dict(slow)
    assert [flow.receipts for flow in found.flows] == sorted(slow.values(), reverse=True)
    assert found.stayed == pytest.approx(sum(n for (a, b), n in slow.items() if a == b) / len(now))
    assert 0.5 < found.stayed < 0.98
    assert (found.before, found.until) == (earlier.until, later.until)


def test_every_id_of_both_runs_has_its_name(runs) -> None:
    earlier, later, now = runs
    found = compute_migration(now, earlier=earlier, later=later)
    assert isinstance(found, Migration)
    named = dict(found.names)
    assert {flow.source for flow in found.flows} | {flow.target for flow in found.flows} <= named.keys()
    assert all(named[segment.segment_id] == segment.name for segment in later.segments)


def test_a_run_compared_with_itself_stays(runs) -> None:
    _earlier, later, now = runs
    found = compute_migration(now, earlier=later, later=later)
    assert isinstance(found, Migration)
    assert found.stayed == 1
    assert all(flow.source == flow.target for flow in found.flows)


def test_without_receipts_there_is_no_migration(runs) -> None:
    earlier, later, now = runs
    elsewhere = replace(later, first_day=UNTIL + timedelta(days=40), until=UNTIL + timedelta(days=70))
    assert isinstance(compute_migration(now, earlier=earlier, later=elsewhere), NotEnough)
