"""One thing to do, and what all sources of advice share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from colmado_insights.domain import Reason, day_number
from colmado_insights.insights.keeping import read_kept
from colmado_insights.storage.database import Database

T = TypeVar("T")


class Board(Protocol):
    """An answer that knows its last day of data."""

    @property
    def until(self) -> date: ...  # noqa: D102


B = TypeVar("B", bound=Board)

GAIN_DAYS = 14
"""What an advice brings is told of so many days, and judged after them."""
ACCEPTED_OFFERS = 0.05
"""Assumed share of customers who take what is offered with their purchase; said beside the gain."""
MOST_OF_A_KIND = 3
TOLD_SINGLY = 2
"""Of a kind of which there are many; the others are told as one, so that the list stays one that can be done."""
LEAST_GAIN_CENTS = 50_00
"""For less nobody should move a thing in the shop."""
NAMED = 3
OLDEST_BOARD = timedelta(days=14)
"""What was found longer ago is advice no more."""
PROFIT, REVENUE = "profit", "revenue"


def part_singly(found: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """Those to be told singly, and those to be told as one: never one alone."""
    cut = TOLD_SINGLY if len(found) > TOLD_SINGLY + 1 else len(found)
    return found[:cut], found[cut:]


@dataclass(frozen=True)
class Advice:
    """One thing to do: what, why, and what it brings in two weeks where that can be computed."""

    key: str
    what: Reason
    why: Reason
    gain_cents: int | None
    icon: str
    kind: str = ""
    measure: str = (
        ""  # shop, category:alcohol, product:12, segment:late_night; "" when nothing shows whether it helped
    )
    page: str = ""  # where to act
    goal: str = REVENUE  # what the gain is of: profit where the cost is known, else revenue


def read_board(database: Database, kind: str, whole: date, shape: type[B]) -> B | None:
    """The newest kept answer of a kind, fresh enough to act on; None without one, or one of another version."""
    board = read_kept(database, kind, day_number(whole), shape)
    return board if board is not None and whole - board.until <= OLDEST_BOARD else None
