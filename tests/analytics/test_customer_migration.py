"""Migration between two days: everybody is counted once, and each move has its cause."""

from __future__ import annotations

from datetime import timedelta

import pytest

from colmado_insights import text
from colmado_insights.analytics.customer_migration import compute_customer_migration
from colmado_insights.analytics.results import CustomerMigration, CustomerMove, CustomerSegment, NotEnough
from tests.analytics.known_customers import UNTIL, receipts_of

BEFORE = UNTIL - timedelta(days=30)
CROWD = [(who, ago, 100_00) for who in range(100, 120) for ago in range(0, 360, 4 + who % 3)]


def migrate(visits: list[tuple[int, int, int]]) -> CustomerMigration:
    found = compute_customer_migration(receipts_of([*CROWD, *visits]), before=BEFORE, until=UNTIL)
    assert isinstance(found, CustomerMigration)
    return found


def move_of(found: CustomerMigration, customer: int) -> CustomerMove:
    return next(move for move in found.moves if move.customer_id == customer)


def test_every_customer_is_in_one_flow() -> None:
    found = migrate([(1, 5, 100_00)])
    assert sum(count for _source, _target, count in found.flows) == 21
    assert [count for *_segments, count in found.flows] == sorted((f[2] for f in found.flows), reverse=True)
    moved = sum(count for source, target, count in found.flows if source != target)
    assert moved == len(found.moves)
    assert 0 <= found.stayed <= 1
    assert (found.before, found.until) == (BEFORE, UNTIL)


CASES = {
    "a first purchase": ([(1, 5, 100_00)], None, CustomerSegment.NEW, "move_first_purchase"),
    "stopped coming": (
        [(1, ago, 100_00) for ago in range(16, 360, 5)], CustomerSegment.LOYAL, CustomerSegment.AT_RISK, "move_stopped_coming",
    ),
    "came again": (
        [(1, ago, 100_00) for ago in [1, 4, 8, *range(45, 360, 4)]], CustomerSegment.AT_RISK, CustomerSegment.LOYAL, "move_came_again",
    ),
    "is new no longer": (
        [(1, ago, 100_00) for ago in (1, 34, 40)], CustomerSegment.NEW, None, "move_no_longer_new",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("own", "source", "target", "why"), CASES.values(), ids=CASES.keys())
def test_causes_by_hand(
    own: list[tuple[int, int, int]], source: CustomerSegment | None, target: CustomerSegment | None, why: str
) -> None:
    move = move_of(migrate(own), 1)
    assert move.why.code == why
    assert move.source is source
    assert target is None or move.target is target
    assert text.sentence(move.why)


def test_who_comes_more_moved_up_for_that() -> None:
    own = [(1, ago, 100_00) for ago in [*range(30), *range(30), *range(30, 360, 8)]]
    move = move_of(migrate(own), 1)
    assert move.why.code == "move_comes_more"
    assert move.why["purchases"] > move.why["purchases_before"]


def test_moves_are_told_with_the_largest_spenders_first() -> None:
    found = migrate([(who, ago, who * 50_00) for who in (1, 2, 3) for ago in range(16, 360, 4)])
    own = [move.customer_id for move in found.moves if move.customer_id < 100]
    assert own == [3, 2, 1]


def test_nobody_known_before_is_not_enough_and_days_must_be_in_order() -> None:
    receipts = receipts_of([(1, 5, 100)])
    assert isinstance(compute_customer_migration(receipts, before=BEFORE, until=UNTIL), NotEnough)
    with pytest.raises(ValueError, match="not before"):
        compute_customer_migration(receipts, before=UNTIL, until=UNTIL)
