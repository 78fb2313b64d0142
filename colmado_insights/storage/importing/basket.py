"""Cleaned lines become receipts: grouped by number, never by looking alike."""

from __future__ import annotations

import dataclasses
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from colmado_insights.domain import SECONDS_A_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_RECEIPT_SECONDS = 12 * 3600
"""A number seen again later than this is another receipt: tills restart their numbers."""

KIND_UNKNOWN = -1
_TAIL_BITS = 43
_PLAIN_DIGITS = 12
_TAIL = re.compile(rf"\d{{1,{_PLAIN_DIGITS}}}$")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIX_2 = np.uint64(0xC2B2AE3D27D4EB4F)
_POSITIVE = np.uint64(0x7FFFFFFFFFFFFFFF)


def add_to_fingerprint(fingerprint: int, contents: int) -> int:
    """The fingerprint of a receipt after more lines were added to it."""
    return (fingerprint + contents) & int(_POSITIVE)


def move_fingerprint(fingerprint: int, before: int, after: int) -> int:
    """The fingerprint of a receipt whose moment, in wall-clock seconds, became known better."""
    return (fingerprint + (after // 60 - before // 60) * int(_MIX_2)) & int(_POSITIVE)


def contents_of(fingerprint: NDArray[np.int64], sold_at: NDArray[np.int64]) -> NDArray[np.uint64]:
    """What of fingerprints speaks of the lines alone, for receipts of which one has no time."""
    with np.errstate(over="ignore"):
        minutes = (sold_at // 60).astype(np.uint64) * _MIX_2
        contents: NDArray[np.uint64] = (fingerprint.astype(np.uint64) - minutes) & _POSITIVE
    return contents


def number_key(number: str) -> int:
    """A 63-bit key to find a receipt number by: consecutive numbers lie side by side in the index."""
    found = _TAIL.search(number)
    tail, head = (int(found[0]), number[: found.start()]) if found else (0, number)
    prefix = zlib.crc32(head.encode()) & 0xFFFFF if head else 0
    return int(prefix << _TAIL_BITS | (tail & (2**_TAIL_BITS - 1)))


def number_keys(numbers: NDArray[np.object_]) -> NDArray[np.int64]:
    """The key of each number; plain whole numbers are their own."""
    if all(map(str.isdecimal, numbers)) and max(map(len, numbers), default=0) <= _PLAIN_DIGITS:
        return numbers.astype(np.int64)
    return np.array([number_key(number) for number in numbers], np.int64)


@dataclass
class Lines:
    """Cleaned rows of a file as arrays of one length, in file order."""

    row: NDArray[np.int64]
    number: NDArray[np.object_]
    key: NDArray[np.int64]
    sold_at: NDArray[np.int64]
    has_time: NDArray[np.bool_]
    kind: NDArray[np.int8]  # KIND_UNKNOWN where the file does not say
    is_void: NDArray[np.bool_]
    product: NDArray[np.int64]  # 0 = the row is a receipt, not a line
    name_hash: NDArray[np.uint64]
    quantity: NDArray[np.int64]  # thousandths, signed
    amount: NDArray[np.int64]  # cents, signed
    discount: NDArray[np.int64]  # cents or MISSING
    cost: NDArray[np.int64]  # cents of the line or MISSING
    payment: NDArray[np.int8]
    till: NDArray[np.int64]
    cashier: NDArray[np.int64]
    customer: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.row)

    def take(self, which: object) -> Self:
        """The lines at these positions."""
        return type(self)(*(getattr(self, f.name)[which] for f in dataclasses.fields(self)))

    def followed_by(self, other: Self) -> Self:
        """These lines and then the other ones."""
        return type(self)(
            *(
                np.concatenate([getattr(self, f.name), getattr(other, f.name)])
                for f in dataclasses.fields(self)
            )
        )


@dataclass(frozen=True)
class Receipts:
    """Receipts as arrays of one length, over `lines` sorted so that each receipt's stand together."""

    lines: Lines
    start: NDArray[np.intp]
    count: NDArray[np.int64]  # rows of the file
    line_count: NDArray[np.int64]  # of these, real lines
    number: NDArray[np.object_]
    key: NDArray[np.int64]
    sold_at: NDArray[np.int64]
    has_time: NDArray[np.bool_]
    kind: NDArray[np.int8]
    is_void: NDArray[np.bool_]
    total: NDArray[np.int64]
    units: NDArray[np.int64]
    payment: NDArray[np.int8]
    till: NDArray[np.int64]
    cashier: NDArray[np.int64]
    customer: NDArray[np.int64]
    contents: NDArray[np.int64]  # a sum over the lines, so that parts of a receipt add up
    fingerprint: NDArray[np.int64]  # contents and minute: equal when nothing changed

    def __len__(self) -> int:
        return len(self.start)

    def rows_of(self, which: NDArray[np.bool_]) -> int:
        """How many rows of the file stand behind these receipts."""
        return int(self.count[which].sum())

    def positions(self, which: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Positions in `lines` of these receipts' lines, and for each its place within the receipt."""
        return _ranges(self.start[which], self.count[which])


def _ranges(start: NDArray[np.intp], count: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(start, count) + within, within


def is_near(
    sold_at: NDArray[np.int64], other: NDArray[np.int64], is_timed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether two moments can be one receipt's: within hours, or on the same day where one tells no time."""
    is_same_day = sold_at // SECONDS_A_DAY == other // SECONDS_A_DAY
    near: NDArray[np.bool_] = np.where(is_timed, np.abs(sold_at - other) <= SAME_RECEIPT_SECONDS, is_same_day)
    return near


def starts_of(lines: Lines) -> NDArray[np.intp]:
    """Where a receipt begins: another number, kind, till or void mark, or hours later."""
    if not len(lines):
        return np.empty(0, np.intp)
    is_new = (
        (lines.key[1:] != lines.key[:-1])
        | (lines.kind[1:] != lines.kind[:-1])
        | (lines.till[1:] != lines.till[:-1])
        | (lines.is_void[1:] != lines.is_void[:-1])
        | ~is_near(lines.sold_at[1:], lines.sold_at[:-1], lines.has_time[1:] & lines.has_time[:-1])
        | (lines.number[1:] != lines.number[:-1])
    )
    return np.concatenate([[0], np.flatnonzero(is_new) + 1]).astype(np.intp)


def split_last(lines: Lines) -> tuple[Lines, Lines]:
    """All but the last receipt, and the last: its other lines may stand in the next piece of the file."""
    start = starts_of(lines)
    last = start[-1] if len(start) else 0
    return lines.take(slice(0, last)), lines.take(slice(last, None))


def _bring_together(lines: Lines, start: NDArray[np.intp]) -> tuple[Lines, NDArray[np.intp]]:
    """Sort lines whose receipts are scattered over the file, in the order in which each receipt began."""
    count = np.diff(np.append(start, len(lines)))
    keys = lines.key[start]
    order = np.argsort(keys, kind="stable")
    if not (np.diff(keys[order]) == 0).any():
        return lines, start
    first: dict[tuple[int, int, int, bool, str], list[int]] = {}
    group = np.empty(len(start), np.int64)
    times, timed = lines.sold_at[start], lines.has_time[start]
    for position, at in enumerate(start):
        identity = (
            int(keys[position]), int(lines.kind[at]), int(lines.till[at]), bool(lines.is_void[at]), lines.number[at],
        )  # fmt: skip
        known = first.setdefault(identity, [])
        near = [g for g in known if is_near(times[g], times[position], timed[g] & timed[position])]
        group[position] = near[0] if near else position
        if not near:
            known.append(position)
    by_group = np.argsort(np.repeat(group, count), kind="stable")
    sorted_group = np.repeat(group, count)[by_group]
    begins = np.concatenate([[0], np.flatnonzero(np.diff(sorted_group)) + 1]).astype(np.intp)
    return lines.take(by_group), begins


def group_receipts(lines: Lines, *, repeats_total: bool = False) -> Receipts:
    """Receipts of these lines, which may not be none; with `repeats_total` each row holds the receipt's total."""
    lines, start = _bring_together(lines, starts_of(lines))
    if repeats_total:
        is_first = np.zeros(len(lines), bool)
        is_first[start] = True
        lines = dataclasses.replace(lines, amount=lines.amount * is_first)
    count = np.diff(np.append(start, len(lines))).astype(np.int64)
    total = np.add.reduceat(lines.amount, start)
    forced = lines.kind[start]
    kind = np.where(forced == KIND_UNKNOWN, (total < 0).astype(np.int8), forced).astype(np.int8)
    is_line = (lines.product > 0).astype(np.int64)
    clock = _first_place(lines.has_time, start)  # the time may stand on one line only
    with np.errstate(over="ignore"):
        mixed = (
            lines.name_hash
            + lines.quantity.astype(np.uint64) * _MIX
            + lines.amount.astype(np.uint64) * _MIX_2
        )
        mixed = (mixed ^ (mixed >> np.uint64(29))) * _MIX
        contents = np.add.reduceat(mixed, start) & _POSITIVE
        minute = (lines.sold_at[clock] // 60).astype(np.uint64)
        fingerprint = (contents + minute * _MIX_2) & _POSITIVE
    return Receipts(
        lines=lines,
        start=start,
        count=count,
        line_count=np.add.reduceat(is_line, start),
        number=lines.number[start],
        key=lines.key[start],
        sold_at=lines.sold_at[clock],
        has_time=lines.has_time[clock],
        kind=kind,
        is_void=lines.is_void[start],
        total=total,
        units=np.add.reduceat(lines.quantity, start),
        payment=_first_known(lines.payment, start),
        till=_first_known(lines.till, start),
        cashier=_first_known(lines.cashier, start),
        customer=_first_known(lines.customer, start),
        contents=contents.astype(np.int64),
        fingerprint=fingerprint.astype(np.int64),
    )


def _first_known(values: NDArray[Any], start: NDArray[np.intp]) -> NDArray[Any]:
    """The first value of each receipt that is not 0, so that it does not matter in how many parts it came."""
    return values[_first_place(values != 0, start)] * np.logical_or.reduceat(values != 0, start)


def _first_place(tells: NDArray[np.bool_], start: NDArray[np.intp]) -> NDArray[np.intp]:
    """Of each receipt the first line that tells, or its very first."""
    places = np.where(tells, np.arange(len(tells)), len(tells))
    first = np.minimum.reduceat(places, start)
    return np.where(np.logical_or.reduceat(tells, start), first, start)


class NumberGiver:
    """Gives rows without a receipt number one made from their moment, the same at every import.

    Rows that follow each other with the same moment are one receipt; the same moment seen
    again later in the file is another one. Where only the day is known each row stands alone:
    a whole day is no basket.
    """

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}
        self._before: int | None = None

    def fill(self, lines: Lines) -> None:
        """Number the lines that have none; call once for each piece, in file order."""
        empty = np.flatnonzero(lines.number == "").tolist()
        last = -1
        for position in empty:
            moment = int(lines.sold_at[position])
            follows = position == last + 1 and moment == self._before
            if not follows or not lines.has_time[position]:
                self._seen[moment] = self._seen.get(moment, 0) + 1
            lines.number[position] = f"~{moment}-{self._seen[moment]}"
            self._before, last = moment, position
        if empty:
            lines.key[empty] = number_keys(lines.number[empty])
        if last != len(lines) - 1:
            self._before = None


def hash_names(names: Sequence[str]) -> NDArray[np.uint64]:
    """64 bits of each name, the same on every machine."""
    return np.asarray(pd.util.hash_array(np.array(names, dtype=object), categorize=False), np.uint64)
