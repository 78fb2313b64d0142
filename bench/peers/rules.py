"""The rivals of the search for pairs, run in their own environment: a basket file in, pairs and CPU seconds out.

    python rules.py FILE SUPPORT ROUNDS

FILE is an .npz with `indptr` and `indices` of receipts over products. What each rival wants its baskets as is made
before the clock starts.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from efficient_apriori import itemsets_from_transactions
from mlxtend.frequent_patterns import fpgrowth
from scipy.sparse import csr_matrix


def time_of(work: Callable[[], Any], rounds: int) -> tuple[Any, float]:
    """What the work answers, and the middle of its CPU seconds."""
    answer, seconds = None, []
    for _round in range(rounds):
        started = time.process_time()
        answer = work()
        seconds.append(time.process_time() - started)
    return answer, statistics.median(seconds)


def main(file: str, support: float, rounds: int) -> None:
    """Run both and print JSON."""
    kept = np.load(file)
    indptr, indices = kept["indptr"], kept["indices"]
    receipts = len(indptr) - 1
    transactions = [tuple(part.tolist()) for part in np.split(indices, indptr[1:-1])]
    matrix = csr_matrix(
        (np.ones(len(indices), bool), indices, indptr), shape=(receipts, int(indices.max()) + 1)
    )
    frame = pd.DataFrame.sparse.from_spmatrix(matrix).astype(pd.SparseDtype(bool, False))
    frame.columns = [str(column) for column in frame.columns]
    (sets, _count), apriori = time_of(
        lambda: itemsets_from_transactions(transactions, min_support=support, max_length=2), rounds
    )
    found, growth = time_of(
        lambda: fpgrowth(frame, min_support=support, use_colnames=True, max_len=2), rounds
    )
    pairs = {
        tuple(sorted(map(int, names))): round(float(share) * receipts)
        for names, share in zip(found["itemsets"], found["support"], strict=True)
        if len(names) == 2
    }
    answer = {
        "efficient-apriori": {
            "seconds": apriori,
            "pairs": [[*map(int, sorted(pair)), int(count)] for pair, count in sets.get(2, {}).items()],
        },
        "mlxtend": {"seconds": growth, "pairs": [[*pair, count] for pair, count in pairs.items()]},
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
