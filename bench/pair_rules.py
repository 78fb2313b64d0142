"""How fast pairs are found in a million lines, against efficient-apriori and mlxtend, and how long a night's work is.

    python -m bench.pair_rules [--lines 1000000] [--support 0.001] [--rounds 3]

All three are asked for the same: every pair of products on at least that share of the receipts, with its count,
and find the same pairs with the same counts, or the trial fails. All start from baskets that are ready, each in the
form it wants; ours ends with confidence and lift, theirs with the counts. CPU seconds, the middle of the rounds; what
it takes us from the plain lines of the till is told beside. The rivals live in a virtual environment of their own (`bench/peers/rule-requirements.txt`).

Beside it, wall seconds of the whole refresh of baskets as the night does it: reading, model, pairs, sets, bundles,
trends and seasons.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from bench.figure import Figure, show
from bench.million import LINES, flat_file
from bench.peers import RULE_REQUIREMENTS, RULES, make_environment
from colmado_insights.analytics.basket_matrix import Baskets, lay_baskets
from colmado_insights.domain import day_of
from colmado_insights.insights import find_baskets
from colmado_insights.shop import Shop
from colmado_insights.storage import sales

LEAST_TIMES = 15.0
MOST_SECONDS = 10.0


def find_pairs(baskets: Baskets, support: float) -> NDArray[np.float64]:
    """All pairs of at least that support: first, second, count, confidence, lift."""
    together, own = baskets.count_pairs().tocoo(), baskets.receipts
    count = len(baskets.day)
    wanted = (together.row < together.col) & (together.data >= support * count)
    first, second, both = together.row[wanted], together.col[wanted], together.data[wanted]
    confidence = both / own[first]
    return np.column_stack([first, second, both, confidence, confidence * count / own[second]])


def ask_rivals(baskets: Baskets, support: float, rounds: int, folder: Path) -> dict[str, Any]:
    """Let the rivals find the pairs of the same baskets."""
    file = folder / "baskets.npz"
    np.savez(file, indptr=baskets.matrix.indptr, indices=baskets.matrix.indices)
    python = make_environment(requirements=RULE_REQUIREMENTS)
    run = subprocess.run(
        [python, RULES, file, str(support), str(rounds)], stdout=subprocess.PIPE, text=True, check=True
    )
    return dict(json.loads(run.stdout))


@click.command()
@click.option("--lines", default=LINES, show_default=True)
@click.option("--support", default=0.001, show_default=True, help="Share of the receipts that a pair needs.")
@click.option("--rounds", default=3, show_default=True)
def main(lines: int, support: float, rounds: int) -> None:
    """Measure and print."""
    history = flat_file(lines)
    with tempfile.TemporaryDirectory() as name, Shop(Path(name) / "shop.db") as shop:
        folder = Path(name)
        shop.import_files([history])
        database = shop._database
        last = sales.read_last_day(database)
        assert last is not None
        started = time.perf_counter()
        find_baskets(database, shop.settings, day_of(last))
        whole = time.perf_counter() - started
        frames = sales.read_sales(database, 0, last)
        laying, seconds = [], []
        for _round in range(rounds):
            started = time.process_time()
            baskets = lay_baskets(frames.receipts, frames.lines, first=0, last=2**30, most=2**30)
            laid = time.process_time()
            found = find_pairs(baskets, support)
            laying.append(laid - started)
            seconds.append(time.process_time() - laid)
        rivals = ask_rivals(baskets, support, rounds, folder)
    ours = statistics.median(seconds)
    own = {(int(first), int(second)): int(both) for first, second, both in found[:, :3]}
    show(Figure(f"baskets laid out, {lines:,} lines", f"{statistics.median(laying):.2f} CPU-s"))
    is_met = True
    for rival, answer in rivals.items():
        theirs = {(first, second): count for first, second, count in answer["pairs"]}
        if theirs != own:
            print(f"{rival} finds other pairs: {len(theirs)}, ours {len(own)}", file=sys.stderr)
            sys.exit(1)
        times = answer["seconds"] / ours
        is_met &= times >= LEAST_TIMES
        show(
            Figure(
                f"{len(own)} pairs of {len(baskets.day):,} receipts x {len(baskets.product_ids)} products",
                f"{ours:.2f} CPU-s",
                f"{rival} {answer['seconds']:.1f} CPU-s",
                f"{times:.0f} ×",
                f"≥ {LEAST_TIMES:.0f} ×",
                times >= LEAST_TIMES,
            )
        )
    is_soon = whole <= MOST_SECONDS
    show(
        Figure(
            f"baskets refreshed, {lines:,} lines",
            f"{whole:.1f} s",
            target=f"≤ {MOST_SECONDS:.0f} s",
            met=is_soon,
        )
    )
    sys.exit(0 if is_met and is_soon else 1)


if __name__ == "__main__":
    main()
