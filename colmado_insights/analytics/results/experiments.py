"""What an experiment with ways to ask tells of each way, and which one is liked best."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from colmado_insights.domain import Reason


class ExperimentVerdict(StrEnum):
    """What may be said of the arms together."""

    WAITING = "waiting"  # too few opinions yet
    WINNER = "winner"
    ALIKE = "alike"  # so many opinions, and still no difference


@dataclass(frozen=True, slots=True)
class CountedShare:
    """A share (0-1) of things counted, with its 95 % interval."""

    share: float
    lo: float
    hi: float


@dataclass(frozen=True, slots=True)
class ArmResult:
    """How one arm does; None where there is nothing to count."""

    answers: int  # that came back whole
    passed: CountedShare | None  # share that passed the automatic checks
    votes: int
    liked: CountedShare | None  # share of thumbs up
    cost_nano: (
        float | None
    )  # thousand-millionths of a US$ for each answer that could be used, those lost paid too
    latency_ms: float | None  # mean
    fails_too_often: bool


@dataclass(frozen=True, slots=True)
class ExperimentResult:
    """The arms in their order, and what holds although somebody looks after every opinion."""

    until: date
    arms: tuple[ArmResult, ...]
    verdict: ExperimentVerdict
    winner: int | None  # place of the arm
    votes_missing: int  # opinions, of all arms together, until the verdict is to be expected
    confidence: float  # 0-1: one minus the chance of such a lead between equals, at whatever moment one looks
    reasons: tuple[Reason, ...]
