"""How often the missing product of an unseen basket is among the five offered, against the usual ways.

    python -m bench.basket_completion FILE… [--window development|last] [--json]

FILE is a till's CSV of receipt lines. A product is what the file names finest; where it also tells codes, names
and families, each of them is a set of its own: the same baskets seen from nearer and from further away. Products on
at least ten receipts of the earlier part count, at most 1,500.

Protocol: receipts in the order of time. `development` are five splits, the windows 40-48, 48-56 … 72-80 % of the
receipts, each foretold from all before it; the method was fixed on them. `last` is the window 80-100 %, scored once
when nothing was changed any more. Each product of each basket of two or more is taken out in turn and looked for
among the five best offers (hit rate at 5); coverage is the share of the products that were offered at all. The best
rival is chosen after seeing the window, which flatters it. ALS was tuned on the first two development splits.

Rivals, all in a few lines here: what sells most; rules by confidence, the surest rule of the basket; TF-IDF cosine
neighbours of the basket's products; implicit ALS (Hu, Koren and Volinsky 2008); and plain EASE with penalties 50,
200 and 500.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from colmado_insights.analytics.basket_matrix import Baskets, lay_baskets
from colmado_insights.analytics.basket_model import (
    Choice,
    Trial,
    Weights,
    choose,
    fit_popularity,
    fit_weights,
    try_weights,
)
from colmado_insights.domain import LINE_COLUMNS, RECEIPT_COLUMNS

WINDOWS: dict[str, tuple[tuple[float, float], ...]] = {
    "development": ((0.40, 0.48), (0.48, 0.56), (0.56, 0.64), (0.64, 0.72), (0.72, 0.80)),
    "last": ((0.80, 1.00),),
}
RECEIPT = ("receipt_number", "invoice")
MOMENT = ("datetime", "Order Date")
PRODUCT = ("sku", "product", "category", "description")
FEWEST = 10
OURS = "ours"
MEASURED = """\
Written down on 2026-11-20: hit rate at 5, development (mean of five splits) and the last window, scored once
set                     popularity    rules         TF-IDF        ALS           EASE, best     ours          cover
restaurant/description  .2945 .2959   .3326 .3257   .3482 .3501   .3747 .3630   .3899 .3888    .4038 .4080   .62 .64
grocery/sku             .0741 .0652   .1612 .1601   .1664 .1637   .1381 .1411   .1937 .1978    .1966 .1979   .63 .76
grocery/product         .0879 .0849   .1245 .1271   .1349 .1316   .1297 .1234   .1524 .1527    .1527 .1538   .48 .56
grocery/category        .2115 .2006   .2397 .2316   .2383 .2295   .2329 .2094   .2712 .2691    .2753 .2675   .54 .64
A fit of 1,500 products took 0.2 CPU-seconds; to choose the penalty takes eleven of them."""
FACTORS = 64


@dataclass(frozen=True)
class Score:
    """One way on one window of one set."""

    set: str
    split: str
    name: str
    hit_rate: float
    coverage: float
    seconds: float
    choice: str = ""


class Scorer:
    """Anything that scores products for baskets; what `try_weights` asks of it."""

    def __init__(self, score: Callable[[csr_array], NDArray[np.float64]]) -> None:
        self.score = score


def read_sets(path: Path) -> Iterator[tuple[str, Baskets]]:
    """Each way of naming the products of a file, over all its receipts."""
    lines = pd.read_csv(path)
    (receipt,) = set(RECEIPT) & set(lines.columns)
    (moment,) = set(MOMENT) & set(lines.columns)
    at = pd.to_datetime(lines[moment], dayfirst=moment == "Order Date", format="mixed")
    number, _names = pd.factorize(lines[receipt])
    sold_at = (at.astype("datetime64[s]").astype("int64")).groupby(number).min()
    receipts = pd.DataFrame(0, index=range(len(sold_at)), columns=list(RECEIPT_COLUMNS))
    receipts = receipts.assign(sold_at=sold_at, sale_id=np.arange(len(sold_at)) + 1).astype(RECEIPT_COLUMNS)
    for column in PRODUCT:
        if column in lines:
            known = lines[column].notna().to_numpy()
            product, _names = pd.factorize(lines.loc[known, column], sort=True)
            frame = pd.DataFrame(0, index=range(len(product)), columns=list(LINE_COLUMNS))
            frame = frame.assign(receipt=number[known], product_id=product + 1, quantity_milli=1000)
            yield f"{path.name.split('_')[0]}/{column}", _all_of(receipts, frame.astype(LINE_COLUMNS))


def _all_of(receipts: pd.DataFrame, lines: pd.DataFrame) -> Baskets:
    return lay_baskets(receipts, lines, first=0, last=2**30, most=2**30)


def cut(whole: Baskets, start: float, end: float) -> tuple[Baskets, Baskets]:
    """The receipts before `start` and those up to `end`, over the products that the earlier know well enough."""
    first, last = round(start * len(whole.day)), round(end * len(whole.day))
    earlier, later = whole.of(slice(0, first)), whole.of(slice(first, last))
    known = np.flatnonzero(earlier.receipts >= FEWEST)
    best = known[np.argsort(-earlier.receipts[known], kind="stable")][:1500]
    return _over(earlier, best), _over(later, best)


def _over(baskets: Baskets, columns: NDArray[np.int64]) -> Baskets:
    matrix = csr_array(baskets.matrix[:, columns])
    kept = np.diff(matrix.indptr) > 0
    return Baskets(matrix[kept], baskets.product_ids[columns], baskets.day[kept], baskets.hour[kept])


# ── the rivals ──


def rules(earlier: Baskets) -> Scorer:
    """The surest rule that any product of the basket fires."""
    pairs = earlier.count_pairs().toarray()
    confidence = pairs / np.maximum(earlier.receipts, 1)[:, None]
    np.fill_diagonal(confidence, 0.0)

    def score(baskets: csr_array) -> NDArray[np.float64]:
        found = np.zeros(baskets.shape)
        for row in range(baskets.shape[0]):
            inside = baskets.indices[baskets.indptr[row] : baskets.indptr[row + 1]]
            found[row] = confidence[inside].max(axis=0)
        return found

    return Scorer(score)


def neighbours(earlier: Baskets) -> Scorer:
    """Cosine of the products' TF-IDF columns, summed over the basket."""
    count = earlier.receipts
    rarity = np.log(len(earlier.day) / np.maximum(count, 1))
    size = np.sqrt(np.maximum(earlier.sizes, 1))
    columns = csr_array(earlier.matrix / size[:, None] * rarity)
    length = np.sqrt(np.asarray((columns * columns).sum(axis=0)).ravel())
    cosine = (columns.T @ columns).toarray() / np.maximum(np.outer(length, length), 1e-12)
    np.fill_diagonal(cosine, 0.0)
    return Scorer(lambda baskets: np.asarray(baskets @ cosine))


def als(earlier: Baskets, factors: int = FACTORS, alpha: float = 5.0, penalty: float = 50.0) -> Scorer:
    """Implicit alternating least squares; an unseen basket is folded in."""
    rng = np.random.default_rng(0)
    items = rng.normal(0, 0.1, (earlier.matrix.shape[1], factors))
    users = np.zeros((earlier.matrix.shape[0], factors))

    def solve(matrix: csr_array, fixed: NDArray[np.float64]) -> NDArray[np.float64]:
        base = fixed.T @ fixed + penalty * np.eye(factors)
        found = np.zeros((matrix.shape[0], factors))
        for row in range(matrix.shape[0]):
            some = fixed[matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]]
            found[row] = np.linalg.solve(base + alpha * some.T @ some, (1 + alpha) * some.sum(axis=0))
        return found

    columns = csr_array(earlier.matrix.T)
    for _round in range(8):
        users = solve(earlier.matrix, items)
        items = solve(columns, users)
    return Scorer(lambda baskets: solve(baskets, items) @ items.T)


RIVALS: dict[str, Callable[[Baskets], Scorer | Weights]] = {
    "popularity": fit_popularity,
    "rules": rules,
    "tfidf_neighbours": neighbours,
    "als": als,
    "ease_50": lambda earlier: fit_weights(earlier, Choice(50.0, half_life_days=0)),
    "ease_200": lambda earlier: fit_weights(earlier, Choice(200.0, half_life_days=0)),
    "ease_500": lambda earlier: fit_weights(earlier, Choice(500.0, half_life_days=0)),
}


# ── the trial ──


def run(name: str, split: str, earlier: Baskets, later: Baskets, rivals: tuple[str, ...]) -> Iterator[Score]:
    """Let everyone complete the same baskets."""
    for rival in rivals:
        started = time.process_time()
        fitted = RIVALS[rival](earlier)
        seconds = time.process_time() - started
        yield _score(name, split, rival, try_weights(fitted, later), seconds)  # type: ignore[arg-type]
    choice = choose(earlier)
    started = time.process_time()
    weights = fit_weights(earlier, choice)
    seconds = time.process_time() - started
    yield _score(name, split, OURS, try_weights(weights, later), seconds, str(choice))


def _score(name: str, split: str, who: str, trial: Trial, seconds: float, choice: str = "") -> Score:
    return Score(name, split, who, trial.hit_rate, trial.coverage, seconds, choice)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--window", type=click.Choice(list(WINDOWS)), default="development", show_default=True)
@click.option("--rival", "rivals", multiple=True, type=click.Choice(list(RIVALS)), help="Only these.")
@click.option("--json", "as_json", is_flag=True, help="All scores, for programs.")
def main(files: tuple[Path, ...], window: str, rivals: tuple[str, ...], as_json: bool) -> None:
    """Score everyone on the window and print one table."""
    scores: list[Score] = []
    for path in files:
        for name, whole in read_sets(path):
            for start, end in WINDOWS[window]:
                earlier, later = cut(whole, start, end)
                split = f"{start:.0%}-{end:.0%}"
                scores += run(name, split, earlier, later, rivals or tuple(RIVALS))
                if not as_json:
                    last = scores[-1]
                    print(
                        f"{name} {split}: {last.hit_rate:.4f} cover {last.coverage:.2f} {last.choice}",
                        flush=True,
                    )
    if as_json:
        print(json.dumps([asdict(score) for score in scores], indent=1))
        return
    _print_table(scores)


def _print_table(scores: list[Score]) -> None:
    """Means over the splits of each set: ours, each rival, and the best of them."""
    found: dict[tuple[str, str], list[Score]] = defaultdict(list)
    for score in scores:
        found[score.set, score.name].append(score)
    sets = list(dict.fromkeys(score.set for score in scores))
    names = list(dict.fromkeys(score.name for score in scores))
    print(f"\n{'hit rate at 5':22}" + "".join(f"{name:>20}" for name in sets))
    for name in names:
        print(f"{name:22}" + "".join(f"{_mean(found[each, name], 'hit_rate'):>20.4f}" for each in sets))
    print(
        f"{'coverage of ours':22}"
        + "".join(f"{_mean(found[each, OURS], 'coverage'):>20.3f}" for each in sets)
    )
    print(
        f"{'fit of ours, CPU-s':22}"
        + "".join(f"{_mean(found[each, OURS], 'seconds'):>20.2f}" for each in sets)
    )
    print(f"\n{MEASURED}")


def _mean(scores: list[Score], name: str) -> float:
    return float(np.mean([getattr(score, name) for score in scores]))


if __name__ == "__main__":
    main()
