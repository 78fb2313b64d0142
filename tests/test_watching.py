"""What is watched from the command line: an insight is told once while it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from colmado_insights.analytics.results import LiveInsight, LiveType
from colmado_insights.domain import Reason
from colmado_insights.watching import Watching

NOW = datetime(2026, 11, 20, 17, 22)
BUSY = LiveInsight(
    LiveType.TRAFFIC, "busy", Reason.of("traffic_busy", now=9, usual=4), (), 0.9, NOW, NOW + timedelta(minutes=30)
)  # fmt: skip


class Shop:
    """Answers with one standing insight after the other."""

    def __init__(self, *answers: tuple[LiveInsight, ...]) -> None:
        self.answers = list(answers)

    def read_live(self, _now: datetime) -> tuple[LiveInsight, ...]:
        return self.answers.pop(0)


def told(*answers: tuple[LiveInsight, ...]) -> list[list[str]]:
    """Subjects told after each of as many sales as there are answers."""
    made = Watching(Shop(*answers))  # type: ignore[arg-type]
    return [[record["subject"] for record in made._new_insights(NOW)] for _sale in answers]


def test_what_still_stands_is_not_told_again() -> None:
    longer = replace(BUSY, expires_at=NOW + timedelta(minutes=40))
    basket = replace(BUSY, type=LiveType.OPERATIONAL, subject="basket")
    assert told((BUSY,), (longer,), (longer, basket)) == [["busy"], [], ["basket"]]


def test_what_came_again_is_told_again() -> None:
    again = replace(BUSY, created_at=NOW + timedelta(hours=2))
    assert told((BUSY,), (), (again,)) == [["busy"], [], ["busy"]]
