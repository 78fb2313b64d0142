"""How often an experiment between equals names a winner when the owner looks after every opinion, and what it can tell.

    python -m bench.experiment_peeking [--runs 2000] [--seed 6]

Opinions fall to the arms by chance, as questions do, and after each one the verdict is asked for, up to 100 opinions
of each arm (`MOST_VOTES`). The rival looks as often and asks Fisher's exact test for p < 5 %. Both wait for the same
least number of opinions. All opinions are made up; what is bet on which shares and the numbers of opinions were
chosen on seed 1, the figures are of seed 6, run once.

                                     ours      repeated Fisher
    equals of 50 %: a winner         1.5 %     21.8 %
    equals of 70 %                   1.1 %     21.9 %
    equals of 85 %                   0.7 %     18.1 %
    three equals of 70 %             0.0 %      3.7 %
    85 % against 60 %: named by 25, 50, 75, 100 opinions of each: 17.0 %, 48.4 %, 72.2 %, 85.2 %; the worse one never
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import click
import numpy as np

from colmado_insights.analytics.beyond_chance import LEVEL
from colmado_insights.analytics.experiments import MIN_VOTES, MOST_VOTES, compute_bet

Beyond = Callable[[int, int, int, int, int], bool]
SHARES = (0.5, 0.7, 0.85)
WORSE, BETTER = 0.6, 0.85
WEEKLY = 12
"""Opinions a week of an owner who judges each segment once."""


def beyond_by_bet(ups: int, votes: int, other_ups: int, other_votes: int, arms: int) -> bool:
    """The program's own rule."""
    return compute_bet(ups, votes, other_ups, other_votes) >= (arms - 1) / LEVEL


@cache
def fisher(ups: int, votes: int, other_ups: int, other_votes: int) -> float:
    """The p of Fisher's exact test, both sides: all tables no likelier than the one seen."""
    both = ups + other_ups
    chances = [
        math.comb(votes, own) * math.comb(other_votes, both - own)
        for own in range(max(0, both - other_votes), min(votes, both) + 1)
    ]
    seen = math.comb(votes, ups) * math.comb(other_votes, other_ups)
    return sum(each for each in chances if each <= seen) / sum(chances)


def beyond_by_fisher(ups: int, votes: int, other_ups: int, other_votes: int, arms: int) -> bool:
    """What one does who does not know that looking often costs; several arms by Bonferroni."""
    return fisher(ups, votes, other_ups, other_votes) < LEVEL / (arms - 1)


def first_named(
    likings: tuple[float, ...], beyond: Beyond, rng: np.random.Generator
) -> tuple[int, int] | None:
    """Which arm is named first, and after how many opinions of all arms; None when none is."""
    arms = len(likings)
    turns = rng.integers(arms, size=2 * arms * MOST_VOTES)
    is_up = rng.random(len(turns)) < np.array(likings)[turns]
    ups, votes = [0] * arms, [0] * arms
    for seen, (arm, up) in enumerate(zip(turns.tolist(), is_up.tolist(), strict=True), start=1):
        votes[arm] += 1
        ups[arm] += up
        if min(votes) < MIN_VOTES:
            continue
        if min(votes) > MOST_VOTES:
            return None
        best = max(range(arms), key=lambda place: ups[place] / votes[place])
        if all(
            ups[best] * votes[place] > ups[place] * votes[best]
            and beyond(ups[best], votes[best], ups[place], votes[place], arms)
            for place in range(arms)
            if place != best
        ):
            return best, seen
    return None


def false_winners(likings: tuple[float, ...], beyond: Beyond, runs: int, seed: int) -> float:
    """The share of experiments between equals that name a winner."""
    rng = np.random.default_rng(seed)
    return sum(first_named(likings, beyond, rng) is not None for _run in range(runs)) / runs


@click.command()
@click.option("--runs", default=2000)
@click.option("--seed", default=6)
def main(runs: int, seed: int) -> None:
    """Print false winners of both rules, and the power of ours."""
    print(f"equals, {runs} runs, looked at after every opinion: share with a winner")
    for likings in (*((share, share) for share in SHARES), (0.7, 0.7, 0.7)):
        ours, naive = (false_winners(likings, rule, runs, seed) for rule in (beyond_by_bet, beyond_by_fisher))
        print(f"  {likings}: ours {ours:6.1%}   repeated Fisher {naive:6.1%}", flush=True)
    rng = np.random.default_rng(seed)
    named = [first_named((BETTER, WORSE), beyond_by_bet, rng) for _run in range(runs)]
    print(f"{BETTER} against {WORSE}: the better one is named")
    for each in (MIN_VOTES, 25, 50, 75, MOST_VOTES):
        told = sum(found is not None and found[0] == 0 and found[1] <= 2 * each for found in named) / runs
        print(f"  by {each:3d} opinions of each ({2 * each / WEEKLY:4.1f} weeks): {told:6.1%}")
    seen = sorted(found[1] if found else 10**9 for found in named)
    print(f"  half of them by {seen[runs // 2] / 2:.0f} of each; the worse one is named in "
          f"{sum(found is not None and found[0] == 1 for found in named) / runs:.1%}")  # fmt: skip


if __name__ == "__main__":
    main()
