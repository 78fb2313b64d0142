"""Which way to ask is liked better: thumbs and automatic checks, judged so that looking every day does no harm.

References
----------
J. Ville, "Étude critique de la notion de collectif", 1939: a fair bettor multiplies his stake by w at any time with a
chance of at most 1/w, however often one looks.
L. Wasserman, A. Ramdas, S. Balakrishnan, "Universal inference", PNAS 117, 2020: the bet against a whole family of
nulls is the smallest bet against any of them.
R. J. Turner, A. Ly, P. D. Grünwald, "Generic E-variables for exact sequential k-sample tests that allow for optional
stopping", J. of Statistical Planning and Inference 230, 2024: against one common share it pays to bet on shares
on both sides of it, equally far.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from colmado_insights.analytics.beyond_chance import LEVEL, Floats, wilson_low
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import (
    ArmResult,
    CountedShare,
    ExperimentResult,
    ExperimentVerdict,
)
from colmado_insights.domain import Reason

ARM_CALL_COLUMNS: dict[str, str] = {
    "arm": "int64",  # place among the arms
    "is_answer": "bool",  # came back whole
    "is_passed": "bool",  # and passed the automatic checks
    "cost_nano": "int64",
    "latency_ms": "float64",  # NaN where no answer came
    "vote": "int64",  # 1 up, -1 down, 0 none
}
"""One row a call that left for an experiment."""

MIN_VOTES = 12
"""Opinions of each arm before a winner is named: two rounds of the twelve segments, so that the mood of one evening
names nobody. It costs no power: of .85 against .6 only 1 % could be told that early."""
MOST_VOTES = 100
"""Opinions of each arm after which two that nobody could tell apart are called alike: .85 against .6 would have been
told by then in 85 % of experiments (`python -m bench.experiment_peeking`), and an owner who judges a round of twelve
every week has looked for four months."""
MOST_FAILING = 0.2
"""An arm whose answers fail their checks more often than this, beyond chance, fails too often."""

_SHARES: Floats = np.arange(0.02, 0.99, 0.02)
_MEANS: Floats = np.linspace(_SHARES[0], _SHARES[-1], 2 * len(_SHARES) - 1)
_MEAN_OF = np.add.outer(range(len(_SHARES)), range(len(_SHARES))).ravel()
"""Of each pair of shares, the place of its mean among the means."""
_GAPS = np.abs(np.subtract.outer(_SHARES, _SHARES)).ravel()
_FELT: Floats = np.where((_GAPS > 0.15) & (_GAPS < 0.5), 1.0, 0.02)
"""What is bet on each pair: most on differences that an owner feels, and that take more than a few opinions to see."""
_FELT_AT_MEAN: Floats = np.bincount(_MEAN_OF, _FELT).astype(np.float64)
_ANYWHERE = 0.1
"""The part of the stake that is bet on all pairs alike: it tells that a common share fits neither arm."""


def compute_experiment(calls: pd.DataFrame, arms: int, *, until: date) -> ExperimentResult:
    """Compare the arms of an experiment.

    Parameters
    ----------
    calls : DataFrame
        Columns of ARM_CALL_COLUMNS, in any order.
    arms : int
        How many arms there are, two at least; one without a call is in the result all the same.
    until : date
        Last day of the calls.

    Returns
    -------
    ExperimentResult
        A winner only when each arm has MIN_VOTES opinions and the one liked best is beyond each other one by
        `compute_bet` at (arms − 1) / LEVEL: among equal arms, looked at after every opinion, a winner is ever named in
        at most 5 % of experiments. Automatic checks name no winner, only an arm that fails too often.

    Raises
    ------
    ValueError
        With fewer than two arms.

    Assumes
    -------
    Opinions are independent, and which arm a question falls to has nothing to do with the answer being good.
    """
    check_frame(calls, ARM_CALL_COLUMNS, "calls")
    if arms < 2:
        raise ValueError("an experiment compares two arms at least")
    found = tuple(_arm(calls[calls["arm"] == place], arms) for place in range(arms))
    votes = tuple((_ups(arm), arm.votes) for arm in found)
    leader = max(range(arms), key=lambda place: _liking(votes[place]))
    evidence = _evidence(votes, leader)
    least = min(arm.votes for arm in found)
    verdict = ExperimentVerdict.WAITING
    if least >= MIN_VOTES and evidence >= 1 / LEVEL:
        verdict = ExperimentVerdict.WINNER
    elif least >= MOST_VOTES:
        verdict = ExperimentVerdict.ALIKE
    missing = _missing(votes, leader) if verdict is ExperimentVerdict.WAITING else 0
    return ExperimentResult(
        until=until,
        arms=found,
        verdict=verdict,
        winner=leader if verdict is ExperimentVerdict.WINNER else None,
        votes_missing=missing,
        confidence=max(0.0, 1 - 1 / evidence) if evidence > 0 else 0.0,
        reasons=(*_told(found, verdict, leader, missing), *_failing(found)),
    )


def compute_bet(ups: float, votes: float, other_ups: float, other_votes: float) -> float:
    """What a stake of 1 has become that was bet, opinion by opinion, against two arms being liked equally.

    Parameters
    ----------
    ups, votes, other_ups, other_votes : float
        Thumbs up and opinions of either arm; parts of an opinion are allowed.

    Returns
    -------
    float
        Between equals it ever reaches w with a chance of at most 1/w, whenever one looks and whatever share both
        have, for only counts matter: neither the order of the opinions nor how they fall to the arms.

    Notes
    -----
    Against each common share one bets mostly on pairs of shares equally far on both sides of it, which is where equal
    numbers of opinions lead; what counts is the common share that loses least.
    """
    return math.exp(_log_bet(float(ups), float(votes), float(other_ups), float(other_votes)))


@lru_cache(maxsize=65_536)
def _log_bet(ups: float, votes: float, other_ups: float, other_votes: float) -> float:
    own, others = _log_likelihood(ups, votes, _SHARES), _log_likelihood(other_ups, other_votes, _SHARES)
    pairs = (own[:, None] + others).ravel()
    top = float(pairs.max())
    chances = np.exp(pairs - top)
    around = np.bincount(_MEAN_OF, chances * _FELT) / _FELT_AT_MEAN
    bets = (1 - _ANYWHERE) * around + _ANYWHERE * float(chances.mean())
    common = _log_likelihood(ups + other_ups, votes + other_votes, _MEANS)
    return float((np.log(np.maximum(bets, 1e-300)) + top - common).min())


def _log_likelihood(ups: float, votes: float, shares: Floats) -> Floats:
    found: Floats = ups * np.log(shares) + (votes - ups) * np.log1p(-shares)
    return found


def _evidence(votes: Sequence[tuple[float, float]], leader: int) -> float:
    """How often its stake the weakest bet of the leader has made, shared among all that it could have led."""
    best = votes[leader]
    bets = [
        compute_bet(*best, *other) if _share(best) > _share(other) else 0.0
        for place, other in enumerate(votes)
        if place != leader
    ]
    return min(bets) / len(bets)


def _missing(votes: Sequence[tuple[float, float]], leader: int) -> int:
    """Opinions until a verdict, if the shares stay about as they are; first of all until each arm has enough."""

    def missing(each: int) -> int:
        return sum(max(0, each - int(count)) for _ups, count in votes)

    if missing(MIN_VOTES):
        return missing(MIN_VOTES)
    least = min(int(count) for _ups, count in votes)

    def is_told(each: int) -> bool:
        grown = [(_liking(arm) * max(each, arm[1]), max(each, arm[1])) for arm in votes]
        return _evidence(grown, leader) >= 1 / LEVEL

    steps = range(least + 1, MOST_VOTES)
    return missing(next(filter(is_told, steps), MOST_VOTES))


def _liking(arm: tuple[float, float]) -> float:
    """The share of thumbs up drawn towards a half, so that few opinions count little."""
    ups, votes = arm
    return (ups + 1) / (votes + 2)


def _share(arm: tuple[float, float]) -> float:
    ups, votes = arm
    return ups / votes if votes else 0.0


def _ups(arm: ArmResult) -> int:
    return round(arm.liked.share * arm.votes) if arm.liked else 0


def _arm(calls: pd.DataFrame, arms: int) -> ArmResult:
    answers, passed = int(calls["is_answer"].sum()), int(calls["is_passed"].sum())
    votes, ups = int((calls["vote"] != 0).sum()), int((calls["vote"] > 0).sum())
    latency = float(calls.loc[calls["is_answer"], "latency_ms"].mean())
    return ArmResult(
        answers=answers,
        passed=_counted(passed, answers),
        votes=votes,
        liked=_counted(ups, votes),
        cost_nano=float(calls["cost_nano"].sum()) / passed if passed else None,
        latency_ms=None if math.isnan(latency) else latency,
        fails_too_often=_fails(answers - passed, answers) >= arms / LEVEL,
    )


def _counted(count: int, whole: int) -> CountedShare | None:
    if not whole:
        return None
    return CountedShare(count / whole, wilson_low(count, whole), 1 - wilson_low(whole - count, whole))


def _fails(failed: int, answers: int) -> float:
    """What a stake of 1 has become that was bet against failing at most as often as is put up with."""
    if not answers or failed <= MOST_FAILING * answers:
        return 0.0
    from scipy.special import betaln

    shares = np.array([MOST_FAILING])
    return math.exp(betaln(failed + 1, answers - failed + 1) - _log_likelihood(failed, answers, shares)[0])


def _told(
    arms: Sequence[ArmResult], verdict: ExperimentVerdict, leader: int, missing: int
) -> tuple[Reason, ...]:
    if verdict is ExperimentVerdict.WAITING:
        code = "experiment_minimum" if min(arm.votes for arm in arms) < MIN_VOTES else "experiment_undecided"
        return (Reason.of(code, opinions=missing, needed=MIN_VOTES),)
    if verdict is ExperimentVerdict.ALIKE:
        cheapest = min(range(len(arms)), key=lambda place: arms[place].cost_nano or math.inf)
        return (Reason.of("experiment_alike", votes=MOST_VOTES, arm=cheapest),)
    shares = [(arm.liked.share, place) for place, arm in enumerate(arms) if arm.liked and place != leader]
    best = arms[leader].liked
    assert best is not None
    other_share, other = max(shares)
    return (
        Reason.of(
            "experiment_winner", arm=leader, share=best.share, other_arm=other, other_share=other_share
        ),
        Reason.of("experiment_peeking"),
    )


def _failing(arms: Sequence[ArmResult]) -> tuple[Reason, ...]:
    return tuple(
        Reason.of(
            "experiment_fails", arm=place, answers=arm.answers, passed=round(arm.passed.share * arm.answers)
        )
        for place, arm in enumerate(arms)
        if arm.fails_too_often and arm.passed
    )
