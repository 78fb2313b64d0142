"""A winner is named only where looking every day cannot have made it, and only by thumbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from colmado_insights import text
from colmado_insights.analytics.beyond_chance import LEVEL
from colmado_insights.analytics.experiments import (
    ARM_CALL_COLUMNS,
    MIN_VOTES,
    MOST_VOTES,
    compute_bet,
    compute_experiment,
)
from colmado_insights.analytics.results import ExperimentResult, ExperimentVerdict

UNTIL = date(2026, 11, 20)
Row = tuple[int, bool, bool, int, float, int]


def made(
    *arms: tuple[int, int], rejected: Sequence[int] = (), costs: Sequence[int] = (6_000_000, 2_000_000, 1)
) -> list[Row]:
    """Rows of arms given as (thumbs up, thumbs down), and how many answers of each failed their checks."""
    rows: list[Row] = []
    for place, (ups, downs) in enumerate(arms):
        rows += [(place, True, True, costs[place], 900.0, vote) for vote in [1] * ups + [-1] * downs]
    for place, count in enumerate(rejected):
        rows += [(place, True, False, costs[place], 900.0, 0)] * count
    return rows


def result_of(rows: Sequence[Row], arms: int = 2) -> ExperimentResult:
    frame = pd.DataFrame(list(rows), columns=list(ARM_CALL_COLUMNS)).astype(ARM_CALL_COLUMNS)
    return compute_experiment(frame, arms, until=UNTIL)


def codes(result: ExperimentResult) -> list[str]:
    return [reason.code for reason in result.reasons]


# -- the bet --


def test_nothing_seen_nothing_won() -> None:
    assert compute_bet(0, 0, 0, 0) == pytest.approx(1.0)
    assert compute_bet(7, 9, 0, 0) < 1  # opinions of one arm alone say nothing of the other


def test_it_is_fair_to_the_last_opinion() -> None:
    """Over all that equals of one share can do in six opinions of each, the stake keeps its worth on average."""
    for share in (0.2, 0.5, 0.77, 0.9):
        weights = [share**ups * (1 - share) ** (6 - ups) * _ways(6, ups) for ups in range(7)]
        mean = sum(
            weights[ups] * weights[other] * compute_bet(ups, 6, other, 6)
            for ups in range(7)
            for other in range(7)
        )
        assert 0.3 < mean <= 1.0


def _ways(whole: int, some: int) -> int:
    from math import comb

    return comb(whole, some)


def test_either_arm_may_lead_and_thumbs_may_be_turned_round() -> None:
    assert compute_bet(18, 20, 9, 20) == pytest.approx(compute_bet(9, 20, 18, 20))
    assert compute_bet(18, 20, 9, 20) == pytest.approx(compute_bet(2, 20, 11, 20))


def test_the_same_shares_weigh_more_the_more_opinions_there_are() -> None:
    bets = [compute_bet(0.85 * n, n, 0.6 * n, n) for n in (20, 40, 60, 80)]
    assert bets == sorted(bets)
    assert bets[0] < 3 < 1 / LEVEL < bets[-1]


def test_equals_looked_at_after_every_opinion_hardly_ever_win() -> None:
    """Small kin of `bench.experiment_peeking`: the repeated exact test names one in five."""
    rng = np.random.default_rng(3)
    named = 0
    for _run in range(60):
        ups, other = (np.cumsum(rng.random(60) < 0.7).tolist() for _arm in range(2))
        named += any(
            compute_bet(ups[n - 1], n, other[n - 1], n) >= 1 / LEVEL for n in range(MIN_VOTES, 61, 2)
        )
    assert named <= 3


# -- the verdict --


def test_without_opinions_it_says_how_many_are_missing() -> None:
    result = result_of([])
    assert result.verdict is ExperimentVerdict.WAITING
    assert (result.winner, result.votes_missing, result.confidence) == (None, 2 * MIN_VOTES, 0.0)
    assert [arm.votes for arm in result.arms] == [0, 0]
    assert all(arm.liked is None and arm.cost_nano is None and arm.latency_ms is None for arm in result.arms)
    assert text.sentence(result.reasons[0]).startswith("Con 24 opiniones más se podrá comparar")


def test_no_winner_before_each_arm_has_the_least_number_of_opinions() -> None:
    few = result_of(made((MIN_VOTES + 8, 0), (0, MIN_VOTES - 1)))
    assert few.verdict is ExperimentVerdict.WAITING
    assert (few.votes_missing, codes(few)) == (1, ["experiment_minimum"])
    enough = result_of(made((MIN_VOTES + 8, 0), (0, MIN_VOTES)))
    assert (enough.verdict, enough.winner) == (ExperimentVerdict.WINNER, 0)


def test_a_lead_that_chance_makes_is_no_winner() -> None:
    result = result_of(made((17, 3), (12, 8)))
    assert (result.verdict, codes(result)) == (ExperimentVerdict.WAITING, ["experiment_undecided"])
    assert 40 < result.votes_missing < 2 * MOST_VOTES
    assert result.confidence < 0.9


def test_a_lead_beyond_it_is_and_says_by_how_much() -> None:
    result = result_of(made((36, 24), (54, 6)))
    assert (result.verdict, result.winner, result.votes_missing) == (ExperimentVerdict.WINNER, 1, 0)
    assert result.confidence > 1 - LEVEL
    words = text.sentence(result.reasons[0])
    assert words == "La manera B gusta más: te gustó 90 % de lo que escribió; de la A, 60 %."
    assert codes(result) == ["experiment_winner", "experiment_peeking"]


def test_the_nearer_the_fewer_opinions_are_missing() -> None:
    missing = [
        result_of(made((n * 9 // 10, n - n * 9 // 10), (n // 2, n - n // 2))).votes_missing for n in (12, 16)
    ]
    assert 0 < missing[1] < missing[0]


def test_after_enough_opinions_without_a_difference_the_cheaper_is_kept() -> None:
    result = result_of(made((70, 30), (71, 29)))
    assert (result.verdict, result.winner, result.votes_missing) == (ExperimentVerdict.ALIKE, None, 0)
    assert text.sentence(result.reasons[0]).endswith("quédate con la B, que cuesta menos.")


def test_the_best_of_three_must_beat_both_and_by_more() -> None:
    clear = result_of(made((30, 30), (33, 27), (58, 2)), arms=3)
    assert (clear.verdict, clear.winner) == (ExperimentVerdict.WINNER, 2)
    tied = result_of(made((2, 58), (57, 3), (58, 2)), arms=3)
    assert tied.verdict is ExperimentVerdict.WAITING
    ups = next(n for n in range(30, 60) if compute_bet(n, 60, 30, 60) >= 1 / LEVEL)
    assert result_of(made((ups, 60 - ups), (30, 30))).verdict is ExperimentVerdict.WINNER
    assert result_of(made((ups, 60 - ups), (30, 30), (30, 30)), arms=3).verdict is ExperimentVerdict.WAITING


def test_arms_may_stand_in_any_order() -> None:
    arms = ((30, 30), (33, 27), (58, 2))
    for order in permutations(range(3)):
        result = result_of(made(*(arms[place] for place in order)), arms=3)
        assert result.winner == order.index(2)


# -- checks, cost and time --


def test_checks_alone_name_no_winner_only_who_fails_too_often() -> None:
    result = result_of(made((3, 2), (3, 2), rejected=(0, 20)))
    assert (result.verdict, result.winner) == (ExperimentVerdict.WAITING, None)
    assert [arm.fails_too_often for arm in result.arms] == [False, True]
    assert text.sentence(result.reasons[-1]) == (
        "La manera B falla demasiado la revisión: pasaron 5 de 25 respuestas."
    )


def test_a_few_failures_are_put_up_with() -> None:
    for rejected in ((2, 2), (4, 12)):
        result = result_of(made((8, 8), (24, 24), rejected=rejected))
        assert not any(arm.fails_too_often for arm in result.arms)


def test_an_arm_that_never_passes_is_found_soon() -> None:
    result = result_of(made((4, 0), (0, 0), rejected=(0, 5)))
    assert result.arms[1].fails_too_often
    assert (result.arms[1].cost_nano, result.arms[1].liked) == (None, None)


def test_an_answer_costs_what_all_its_calls_cost() -> None:
    lost: Row = (0, False, False, 15_000_000, float("nan"), 0)
    rejected: Row = (0, True, False, 6_000_000, 3_000.0, 0)
    good: Row = (0, True, True, 6_000_000, 1_000.0, 1)
    (arm, _other) = result_of([lost, rejected, good, good]).arms
    assert (arm.answers, arm.votes) == (3, 2)
    assert arm.cost_nano == 33_000_000 / 2
    assert arm.latency_ms == pytest.approx(5_000 / 3)
    assert arm.passed is not None and arm.passed.share == pytest.approx(2 / 3)


def test_intervals_are_wilson_s() -> None:
    """81 of 263: 0.2553 to 0.3662 (Newcombe 1998, table I, method 3)."""
    (arm, _other) = result_of(made((81, 182), (1, 1))).arms
    assert arm.liked is not None
    assert (arm.liked.share, arm.liked.lo, arm.liked.hi) == pytest.approx(
        (81 / 263, 0.2553, 0.3662), abs=5e-5
    )


def test_one_arm_is_no_experiment() -> None:
    with pytest.raises(ValueError, match="two arms"):
        result_of([], arms=1)
    with pytest.raises(TypeError, match="column arm is missing"):
        compute_experiment(pd.DataFrame({"vote": [1]}), 2, until=UNTIL)
