"""Lines become receipts by their number, never by looking alike."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights.storage.importing.basket import (
    KIND_UNKNOWN,
    SAME_RECEIPT_SECONDS,
    Lines,
    NumberGiver,
    group_receipts,
    hash_names,
    number_key,
    number_keys,
    split_last,
)

NOON = 20_000 * 86_400 + 12 * 3600


def make_lines(rows: list[tuple[str, int, str, int]], **columns: Any) -> Lines:
    """Lines of (number, seconds after noon, product, cents)."""
    n = len(rows)
    numbers = np.array([row[0] for row in rows], object)
    values: dict[str, Any] = {
        field.name: np.zeros(n, np.int64) for field in dataclasses.fields(Lines) if field.name != "number"
    }
    values |= {
        "row": np.arange(n),
        "number": numbers,
        "key": number_keys(numbers),
        "sold_at": NOON + np.array([row[1] for row in rows], np.int64),
        "has_time": np.ones(n, bool),
        "kind": np.full(n, KIND_UNKNOWN, np.int8),
        "is_void": np.zeros(n, bool),
        "product": np.ones(n, np.int64),
        "name_hash": hash_names([row[2] for row in rows]),
        "quantity": np.full(n, 1000, np.int64),
        "amount": np.array([row[3] for row in rows], np.int64),
        "payment": np.zeros(n, np.int8),
    }
    return Lines(**(values | columns))


def receipts_of(rows: list[tuple[str, int, str, int]], **columns: Any) -> list[tuple[str, int, int]]:
    receipts = group_receipts(make_lines(rows, **columns))
    return list(
        zip(receipts.number.tolist(), receipts.line_count.tolist(), receipts.total.tolist(), strict=True)
    )


def test_identical_receipts_and_lines_stay_two() -> None:
    rows = [("7", 0, "pan", 500), ("7", 0, "pan", 500), ("8", 0, "pan", 500), ("8", 0, "pan", 500)]
    assert receipts_of(rows) == [("7", 2, 1000), ("8", 2, 1000)]


def test_scattered_lines_come_together_in_the_order_receipts_began() -> None:
    rows = [("9", 0, "pan", 1), ("8", 60, "café", 2), ("9", 0, "leche", 4), ("8", 61, "sal", 8)]
    assert receipts_of(rows) == [("9", 2, 5), ("8", 2, 10)]


def test_a_number_seen_again_after_hours_is_another_receipt() -> None:
    later = SAME_RECEIPT_SECONDS + 1
    assert receipts_of([("1", 0, "pan", 1), ("1", later, "pan", 1)]) == [("1", 1, 1), ("1", 1, 1)]
    rows = [("1", 0, "pan", 1), ("2", 5, "pan", 2), ("1", 2 * later, "sal", 4), ("1", 30, "café", 8)]
    assert receipts_of(rows) == [("1", 2, 9), ("2", 1, 2), ("1", 1, 4)]


def test_the_same_number_at_another_till_or_as_a_refund_is_another_receipt() -> None:
    rows = [("1", 0, "pan", 5), ("1", 0, "pan", 5)]
    assert len(receipts_of(rows, till=np.array([1, 2]))) == 2
    assert len(receipts_of(rows, kind=np.array([0, 1], np.int8))) == 2


def test_of_each_receipt_the_first_that_is_known_counts() -> None:
    rows = [
        ("1", 0, "pan", 1),
        ("1", 0, "sal", 1),
        ("2", 0, "pan", 1),
        ("3", 0, "pan", 1),
        ("3", 0, "sal", 1),
    ]
    receipts = group_receipts(
        make_lines(rows, cashier=np.array([0, 7, 0, 9, 5]), payment=np.array([2, 1, 0, 0, 3], np.int8))
    )
    assert receipts.cashier.tolist() == [7, 0, 9]
    assert receipts.payment.tolist() == [2, 0, 3]


def test_a_repeated_total_counts_once() -> None:
    receipts = group_receipts(make_lines([("1", 0, "pan", 75), ("1", 0, "sal", 75)]), repeats_total=True)
    assert receipts.total.tolist() == [75]
    assert receipts.lines.amount.tolist() == [75, 0]


@given(st.permutations(range(6)))
def test_the_fingerprint_does_not_depend_on_the_order_of_lines(order: list[int]) -> None:
    rows = [("1", 0, f"p{i % 4}", 100 * i) for i in range(6)]
    shuffled = group_receipts(make_lines([rows[i] for i in order]))
    assert shuffled.fingerprint[0] == group_receipts(make_lines(rows)).fingerprint[0]


@pytest.mark.parametrize(
    "other",
    [
        [("1", 0, "pan", 100), ("1", 0, "sal", 201)],
        [("1", 0, "pan", 100), ("1", 0, "pan", 200)],
        [("1", 60, "pan", 100), ("1", 60, "sal", 200)],
        [("1", 0, "pan", 100)],
        [("1", 0, "pan", 200), ("1", 0, "sal", 100)],
    ],
)
def test_any_change_changes_the_fingerprint(other: list[tuple[str, int, str, int]]) -> None:
    first = group_receipts(make_lines([("1", 0, "pan", 100), ("1", 0, "sal", 200)]))
    assert group_receipts(make_lines(other)).fingerprint[0] != first.fingerprint[0]


def test_seconds_do_not_change_the_fingerprint() -> None:
    """One export of a till writes seconds, the other does not."""
    first, second = (group_receipts(make_lines([("1", s, "pan", 100)])) for s in (0, 59))
    assert first.fingerprint[0] == second.fingerprint[0]


def test_only_the_last_receipt_waits_for_the_next_piece() -> None:
    ready, waiting = split_last(make_lines([("1", 0, "a", 1), ("2", 1, "b", 1), ("2", 1, "c", 1)]))
    assert (ready.number.tolist(), waiting.number.tolist()) == (["1"], ["2", "2"])
    assert [len(part) for part in split_last(make_lines([]))] == [0, 0]


@given(st.text(max_size=30))
def test_number_keys_are_63_bits_and_stable(number: str) -> None:
    assert 0 <= number_key(number) < 2**63
    assert number_key(number) == number_key(number)


def test_consecutive_numbers_lie_side_by_side() -> None:
    assert number_key("4-10367") == number_key("4-10366") + 1
    assert number_key("4-10366") != number_key("5-10366")
    assert number_key("00012") == number_key("12")  # told apart by the number itself


def fill(moments: list[int], pieces: int = 1, has_time: bool = True) -> list[str]:
    giver = NumberGiver()
    found: list[str] = []
    for part in np.array_split(np.array(moments, np.int64), pieces):
        lines = make_lines([("", moment - NOON, "pan", 1) for moment in part.tolist()])
        lines.has_time[:] = has_time
        giver.fill(lines)
        assert lines.key.tolist() == number_keys(lines.number).tolist()
        found += lines.number.tolist()
    return found


def test_rows_without_number_become_receipts_by_their_moment() -> None:
    assert fill([60, 60, 120, 60]) == ["~60-1", "~60-1", "~120-1", "~60-2"]


def test_where_only_the_day_is_known_each_row_stands_alone() -> None:
    assert fill([60, 60, 120], has_time=False) == ["~60-1", "~60-2", "~120-1"]


@given(st.lists(st.integers(0, 3), max_size=12), st.integers(1, 5))
def test_numbers_given_do_not_depend_on_the_pieces(moments: list[int], pieces: int) -> None:
    assert fill(moments, pieces) == fill(moments)


def test_rows_with_a_number_keep_it() -> None:
    lines = make_lines([("5", 60 - NOON, "pan", 1), ("", 60 - NOON, "pan", 1), ("5", 60 - NOON, "pan", 1)])
    NumberGiver().fill(lines)
    assert lines.number.tolist() == ["5", "~60-1", "5"]


@given(st.lists(st.text(max_size=20) | st.integers(0, 10**15).map(str), max_size=5))
def test_many_keys_are_the_keys_of_each(numbers: list[str]) -> None:
    assert number_keys(np.array(numbers, object)).tolist() == [number_key(number) for number in numbers]
