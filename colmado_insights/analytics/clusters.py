"""Segments that the baskets fall into by themselves: k-means, and how far its answer can be trusted.

Fitting needs scikit-learn; telling a sale its segment needs only the centres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.cluster_naming import name_segments
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.features import FEATURE_COLUMNS, VALUE_SHARE_COLUMNS
from colmado_insights.analytics.results import (
    KTrial,
    LearnedSegments,
    NotEnough,
    Segment,
    SegmentType,
)
from colmado_insights.analytics.segments import (
    NO_SEGMENT,
    WINDOW_DAYS,
    Window,
    find_window,
    find_window_before,
    make_segment,
)
from colmado_insights.analytics.threads import one_thread
from colmado_insights.domain import NO_HOUR, PAY_PHASES, Reason, SaleKind, day_of
from colmado_insights.progress import Progress

Floats: TypeAlias = NDArray[np.float32]
Labels: TypeAlias = NDArray[np.intp]

SIZE_COLUMNS = ("log_total", "log_lines", "log_item_price")
HOUR_COLUMNS = ("hour_sin", "hour_cos")
WEEKDAY_COLUMNS = tuple(f"weekday_{weekday}" for weekday in range(7))
PAY_COLUMNS = tuple(f"pay_{phase}" for phase in PAY_PHASES)
CLUSTER_COLUMNS: tuple[str, ...] = (
    *SIZE_COLUMNS,
    *HOUR_COLUMNS,
    *WEEKDAY_COLUMNS,
    *PAY_COLUMNS,
    *VALUE_SHARE_COLUMNS,
)
"""What k-means sees of a receipt; weekday and pay phase are 1 where the receipt stands and 0 elsewhere."""


@dataclass(frozen=True, slots=True)
class Block:
    """Columns that say one thing together, and how much of it counts: the variance they get in sum.

    With `is_even` each column counts alike; without, they keep their proportions, so that a category
    which few buy does not weigh as much as one that everybody buys.
    """

    columns: tuple[str, ...]
    weight: float
    is_even: bool = False


BLOCKS: tuple[Block, ...] = (
    Block(VALUE_SHARE_COLUMNS, 1.0),
    Block(SIZE_COLUMNS, 0.2, is_even=True),
    Block(HOUR_COLUMNS, 0.2),
    Block(WEEKDAY_COLUMNS, 0.02),
    Block(PAY_COLUMNS, 0.02),
)
"""What was bought leads. With every column at the same weight, baskets of one or two lines fall apart by
size and by weekday alone, with less in common between two fits; `bench/clusters.py` shows both."""

LEAST_RECEIPTS = 300
RECEIPTS_A_CLUSTER = 25
"""No more clusters are tried than one for so many receipts."""
WANTED_SEGMENTS = range(8, 13)
MOST_SEGMENTS = 12
FIT_SAMPLE = 30_000
SCORE_SAMPLE = 5_000
TREE_SAMPLE = 750
FIT_STARTS = 4
REFIT_STARTS = 2
FIRST_STEPS = 3
REFITS = 3
OTHER_SEEDS = 2
TRIAL_REFITS = 2

LEAST_STABILITY = 0.70
LEAST_SHARE = 0.03
LEAST_ABOVE_CHANCE = 0.03
"""By so much a silhouette must lie above that of shuffled columns."""
NEAR_BEST = 0.90

_SCORE_ROWS = 500


def compute_learned(
    features: pd.DataFrame,
    *,
    until: date,
    window_days: int = WINDOW_DAYS,
    previous: LearnedSegments | None = None,
    before: pd.DataFrame | None = None,
    random_state: int = 0,
    progress: Progress | None = None,
) -> LearnedSegments | NotEnough:
    """Learn the segments of the last days of data.

    Parameters
    ----------
    features : DataFrame
        FEATURE_COLUMNS; rows outside the window are passed over, their order does not matter.
    until, window_days
        As in `compute_segments`.
    previous : LearnedSegments, optional
        The last run: segments that are still there keep its ids, and its number of segments stays when
        nearly as good as the best. A retired id is never given again.
    before : DataFrame, optional
        FEATURE_COLUMNS with the window before, for growth; its receipts are labelled by this run.
    random_state : int
        Seed of samples and starts; the same seed gives the same answer.
    progress : Progress, optional
        A step for every number of clusters tried.

    Returns
    -------
    LearnedSegments or NotEnough
        `NotEnough` under 300 sales, or when all are the same. Every other shop gets its best segments;
        `reasons` say when they are fewer than eight or not distinct.

    Notes
    -----
    Columns are standardised by block (`BLOCKS`), k-means from four starts is fitted on at most 30,000
    sales for every k from 2 to 12, and all sales go to their nearest centre. `choose_k` says which k.
    Of every k is known: inertia; mean silhouette of 5,000 sales, and that of the same sales with every
    column shuffled, as they stand or along their principal axes, whichever is higher [4]_; the adjusted
    Rand index between fits on two halves; the share of the smallest cluster. Stability alone proves
    nothing: one may cut a cloud in the same two halves every time.

    Confidence of a segment is that of its number of receipts times its mean silhouette moved from -1 … 1
    to 0 … 1.

    References
    ----------
    .. [1] P. J. Rousseeuw, "Silhouettes", J. Comput. Appl. Math. 20 (1987).
    .. [2] U. von Luxburg, "Clustering stability: an overview", Found. Trends Mach. Learn. 2 (2010).
    .. [3] L. Hubert, P. Arabie, "Comparing partitions", J. Classif. 2 (1985).
    .. [4] R. Tibshirani, G. Walther, T. Hastie, "Estimating the number of clusters in a data set via the
       gap statistic", J. R. Stat. Soc. B 63 (2001): a reference along the principal axes.
    """
    check_frame(features, FEATURE_COLUMNS, "features")
    window = find_window(features, until, window_days)
    have = 0 if window is None else len(window.sales)
    if window is None or have < LEAST_RECEIPTS:
        return NotEnough(needed=LEAST_RECEIPTS, have=have, unit="receipts", until=until)
    sales = window.sales.sort_values("sale_id", kind="stable")
    window = replace(window, sales=sales)
    progress = progress or Progress()
    progress.step()
    values = encode(sales)
    means, scales = _standards(values)
    points = _standardise(values, means, scales)
    progress.step()
    most = _most_clusters(points)
    if most < 2:
        return NotEnough(needed=LEAST_RECEIPTS, have=1, unit="receipts", until=until)
    with one_thread():
        search = _Search(points, random_state, progress)
        progress.step()
        trials = search.try_all(most)
        k, is_distinct = choose_k(trials, None if previous is None else len(previous.centres))
        verdict = search.judge(k)
    labels = _nearest(points, verdict.centres)
    order = np.argsort(-np.bincount(labels, minlength=k), kind="stable")
    place = np.argsort(order)
    centres = verdict.centres[order]
    found = LearnedSegments(
        segments=(),
        columns=CLUSTER_COLUMNS,
        means=tuple(means.tolist()),
        scales=tuple(scales.tolist()),
        centres=tuple(map(tuple, centres.tolist())),
        trials=trials,
        silhouette=verdict.silhouette,
        shuffled_silhouette=next(trial.shuffled or 0.0 for trial in trials if trial.k == k),
        stability=verdict.stability,
        seed_stability=verdict.seed_stability,
        agreement=verdict.agreement,
        one_item_share=float((sales["item_count"].to_numpy() == 1).mean()),
        receipts=have,
        first_day=day_of(window.first_day),
        until=day_of(window.until),
        window_days=window_days,
    )
    ids, next_number = match_ids(found, previous)
    firmness = verdict.of_clusters[order]
    segments = _profiles(
        window, place[labels], ids, firmness, find_window_before(before, window, window_days), found
    )
    return replace(
        found,
        segments=_named(segments, previous),
        reasons=_reasons(found, k, is_distinct),
        next_number=next_number,
    )


def assign_learned(features: pd.DataFrame, learned: LearnedSegments) -> NDArray[np.int8]:
    """Tell the learned segment of each receipt, of a million or of the one just sold.

    Parameters
    ----------
    features : DataFrame
        FEATURE_COLUMNS, n rows.
    learned : LearnedSegments
        Of any run with the columns of today.

    Returns
    -------
    ndarray of int8
        Position in `learned.segments` of each row; NO_SEGMENT for refunds. Needs no library but numpy.
    """
    check_frame(features, FEATURE_COLUMNS, "features")
    means, scales, centres = (
        np.array(numbers, dtype=np.float32) for numbers in (learned.means, learned.scales, learned.centres)
    )
    codes = _nearest(_standardise(encode(features), means, scales), centres).astype(np.int8)
    return np.where(features["kind"].to_numpy() == SaleKind.SALE, codes, np.int8(NO_SEGMENT))


def encode(features: pd.DataFrame) -> Floats:
    """What k-means sees of each receipt, before it is standardised.

    Parameters
    ----------
    features : DataFrame
        FEATURE_COLUMNS, n rows.

    Returns
    -------
    ndarray of float32, shape (n, len(CLUSTER_COLUMNS))
        NaN where the till does not say: the hour of a sale without a time, the price of one without lines.
    """
    hour = features["hour_of_day"].to_numpy()
    angle = np.where(hour == NO_HOUR, np.nan, hour * (2 * np.pi / 24))
    price = features["avg_item_price"].to_numpy()
    columns = {
        "log_total": np.log1p(np.maximum(features["total_value"].to_numpy(), 0) / 100),
        "log_lines": np.log1p(features["item_count"].to_numpy()),
        "log_item_price": np.log1p(np.maximum(price, 0) / 100),  # NaN stays NaN
        "hour_sin": np.sin(angle),
        "hour_cos": np.cos(angle),
    }
    weekday, phase = features["day_of_week"].to_numpy(), features["pay_phase"].to_numpy()
    columns |= {name: weekday == code for code, name in enumerate(WEEKDAY_COLUMNS)}
    columns |= {name: phase == code for code, name in enumerate(PAY_COLUMNS)}
    columns |= {name: features[name].to_numpy() for name in VALUE_SHARE_COLUMNS}
    table = np.empty((len(features), len(CLUSTER_COLUMNS)), dtype=np.float32)
    for position, name in enumerate(CLUSTER_COLUMNS):
        table[:, position] = columns[name]
    return table


def choose_k(trials: Sequence[KTrial], previous: int | None = None) -> tuple[int, bool]:
    """Choose the number of segments from what is known of every number tried.

    Parameters
    ----------
    trials : sequence of KTrial
        At least one, ascending in k.
    previous : int, optional
        The number of segments of the last run.

    Returns
    -------
    int, bool
        The k, and whether its segments are distinct.

    Notes
    -----
    1. *Distinct* is a k whose halves agree (adjusted Rand ≥ 0.7), whose smallest cluster holds 3 % and
       whose silhouette lies 0.03 above that of shuffled columns. Where no k is, the most stable one is
       answered, and said not to be distinct.
    2. Of the distinct ones those stay whose silhouette is at least 0.9 of their best: cutting a real
       cluster in two costs more than that.
    3. Those before the elbow of the inertia go, when others remain: they lump together what lies apart.
    4. When any of them is one of 8 … 12, only those stay: so many an owner can use, fewer hide things.
    5. Of these the largest wins whose silhouette times stability is at least 0.9 of the best of them: more
       can be seen, as firmly. Both are estimates, and without slack the choice would follow their noise
       from night to night; for the same reason the last run's k stays when it is among those.
    """
    distinct = [trial for trial in trials if _is_distinct(trial)]
    if not distinct:
        steadiest = max(trials, key=lambda trial: (trial.stability or 0.0, -trial.k))
        return steadiest.k, False
    best = max(trial.silhouette for trial in distinct)
    left = [trial for trial in distinct if trial.silhouette >= NEAR_BEST * best]
    elbow = find_elbow(trials)
    left = [trial for trial in left if trial.k >= elbow] or left
    left = [trial for trial in left if trial.k in WANTED_SEGMENTS] or left
    quality = {trial.k: trial.silhouette * (trial.stability or 0.0) for trial in left}
    firm = [k for k in quality if quality[k] >= NEAR_BEST * max(quality.values())]
    return (previous if previous in firm else max(firm)), True


def find_elbow(trials: Sequence[KTrial]) -> int:
    """The k at which the inertia lies furthest below the line from its first to its last value."""
    inertia = np.array([trial.inertia for trial in trials])
    if len(trials) < 3 or not inertia[0] > inertia[-1]:
        return trials[0].k
    line = np.linspace(inertia[0], inertia[-1], len(trials))
    return trials[int(np.argmax(line - inertia))].k


def match_ids(found: LearnedSegments, previous: LearnedSegments | None) -> tuple[tuple[str, ...], int]:
    """Give each centre the id of the segment it continues, or a new one.

    Parameters
    ----------
    found : LearnedSegments
        The new run; only its standards and centres are read.
    previous : LearnedSegments, optional
        The last run, with ids.

    Returns
    -------
    tuple of str, int
        An id for each centre, and the number of the next new one.

    Notes
    -----
    Centres are paired so that the distances in the last run's scale add to the least. A pair counts only
    when it is closer than the last run's two nearest centres to it are to each other: a segment that came
    into being is not an old one that went.
    """
    count = len(found.centres)
    if previous is None or previous.columns != found.columns:
        first = 1 if previous is None else previous.next_number
        return tuple(f"learned_{first + i}" for i in range(count)), first + count
    from scipy.optimize import linear_sum_assignment

    old = np.array(previous.centres)
    raw = np.array(found.centres) * np.array(found.scales) + np.array(found.means)
    new = (raw - np.array(previous.means)) / np.array(previous.scales)
    distance = np.linalg.norm(new[:, None] - old[None], axis=2)
    apart = np.linalg.norm(old[:, None] - old[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    reach = apart.min(axis=1)
    ids = [""] * count
    rows, columns = linear_sum_assignment(distance)
    for position, kept in zip(rows.tolist(), columns.tolist(), strict=True):
        if distance[position, kept] < reach[kept]:
            ids[position] = previous.segments[kept].segment_id
    number = previous.next_number
    for position in range(count):
        if not ids[position]:
            ids[position], number = f"learned_{number}", number + 1
    return tuple(ids), number


# ── the points ──


def _standards(values: Floats) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Means and scales of the columns; a column that never varies has scale 1."""
    means, variances = (np.zeros(len(CLUSTER_COLUMNS)) for _ in range(2))
    for column, numbers in enumerate(values.T):  # one at a time: a million receipts stay in the cache
        known = numbers[~np.isnan(numbers)].astype(np.float64)
        if known.size:
            means[column], variances[column] = known.mean(), known.var()
    variances[variances < 1e-9] = 0.0
    scales = np.ones(len(CLUSTER_COLUMNS))
    for block in BLOCKS:
        columns = [CLUSTER_COLUMNS.index(name) for name in block.columns]
        varies = [column for column in columns if variances[column] > 0]
        if varies and block.is_even:
            scales[varies] = np.sqrt(variances[varies] * len(varies) / block.weight)
        elif varies:
            scales[columns] = np.sqrt(variances[columns].sum() / block.weight)
    return means.astype(np.float32), scales.astype(np.float32)


def _standardise(values: Floats, means: Floats, scales: Floats) -> Floats:
    """The points k-means works on; what is not known stands at the mean."""
    points: Floats = (values - means) / scales
    points[np.isnan(points)] = 0.0
    return points


def _nearest(points: Floats, centres: Floats) -> Labels:
    """Position of the centre nearest to each point."""
    # |x - c|² less |x|², which is the same for every centre.
    farness: Floats = (centres**2).sum(axis=1) - 2 * points @ centres.T
    return np.asarray(farness.argmin(axis=1))


def _most_clusters(points: Floats) -> int:
    """The highest k worth trying: not more than receipts or different receipts allow."""
    some = points[:FIT_SAMPLE]
    mixed = some @ np.random.default_rng(0).random(points.shape[1], dtype=np.float32)
    different = np.unique(mixed.round(4)).size
    return min(MOST_SEGMENTS, len(points) // RECEIPTS_A_CLUSTER, different // 4)


# ── the search ──


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is known of the k that was chosen."""

    centres: Floats
    silhouette: float
    of_clusters: NDArray[np.float64]  # mean silhouette of each cluster
    stability: float
    seed_stability: float
    agreement: float


class _Fitter:
    """Fits k-means to some points with any number of clusters, each time from several starts.

    A start is Ward's tree of a small sample, cut at so many clusters; one tree serves every number.
    Where most baskets hold one category, the clusters lie apart like the corners of a cube, and random
    starts settle with two corners in one cluster and another cut in two; they cost more besides.
    """

    def __init__(self, points: Floats, trees: int, seed: int) -> None:
        from scipy.cluster.hierarchy import linkage

        self._points = points
        rng = np.random.default_rng(seed)
        samples = [_sample(points, TREE_SAMPLE, rng) for _ in range(trees)]
        self._trees = [(sample, linkage(sample, method="ward")) for sample in samples]

    def fit(self, k: int) -> tuple[Floats, float]:
        """Centres of the best start and their inertia a point."""
        from scipy.cluster.hierarchy import fcluster
        from sklearn.cluster import KMeans

        begun = []
        for sample, tree in self._trees:
            labels = fcluster(tree, k, criterion="maxclust")
            corners = np.array([sample[labels == label].mean(axis=0) for label in np.unique(labels)])
            if len(corners) == k:
                begun.append(KMeans(k, init=corners, n_init=1, max_iter=FIRST_STEPS).fit(self._points))
        if begun:
            # Who leads after a few steps nearly always wins: the others need not walk to their end.
            start = min(begun, key=lambda model: model.inertia_).cluster_centers_
            model = KMeans(k, init=start, n_init=1).fit(self._points)
        else:  # ties: no tree can be cut into so many
            model = KMeans(k, n_init=1, random_state=0).fit(self._points)
        return model.cluster_centers_, float(model.inertia_ / len(self._points))


class _Search:
    """Tries numbers of clusters on a sample of the points, and looks closer at the one chosen."""

    def __init__(self, points: Floats, random_state: int, progress: Progress) -> None:
        rng = np.random.default_rng(random_state)
        self._seed = random_state
        self._progress = progress
        self._fit_on = _sample(points, FIT_SAMPLE, rng)
        self._score_on = _sample(self._fit_on, SCORE_SAMPLE, rng)
        self._shuffled = _shuffles(self._score_on, rng)
        self._small_halves = [
            _halves(_sample(self._fit_on, 2 * SCORE_SAMPLE, rng), rng) for _ in range(TRIAL_REFITS)
        ]
        self._halves = [_halves(self._fit_on, rng) for _ in range(REFITS)]
        self._trees_on = _sample(self._fit_on, TREE_SAMPLE, rng)
        self._centres: dict[int, Floats] = {}
        self._of_points: dict[int, NDArray[np.float64]] = {}

    def try_all(self, most: int) -> tuple[KTrial, ...]:
        """Fit and judge every number of clusters from 2 to `most`."""
        numbers = range(2, most + 1)
        whole = _Fitter(self._fit_on, FIT_STARTS, self._seed)
        by_chance = np.max([self._silhouettes_of(table, numbers) for table in self._shuffled], axis=0)
        inertia: dict[int, float] = {}
        stability: dict[int, float] = {}
        for k in numbers:
            self._progress.step(k - 2, most)
            self._centres[k], inertia[k] = whole.fit(k)
            stability[k] = self._agreement_of(self._small_halves, k, self._score_on)
        labels = [_nearest(self._score_on, self._centres[k]) for k in numbers]
        self._of_points = dict(zip(numbers, silhouettes(self._score_on, labels), strict=True))
        self._progress.step(most - 1, most)
        return tuple(
            KTrial(
                k=k,
                inertia=inertia[k],
                silhouette=float(self._of_points[k].mean()),
                stability=stability[k],
                shuffled=float(by_chance[k - 2]),
                smallest=self._smallest(k),
            )
            for k in numbers
        )

    def _silhouettes_of(self, points: Floats, numbers: range) -> list[float]:
        """Mean silhouette of some points for each number of clusters."""
        fitter = _Fitter(points, REFIT_STARTS, self._seed)
        labels = []
        for k in numbers:
            self._progress.step()
            labels.append(_nearest(points, fitter.fit(k)[0]))
        return [float(found.mean()) for found in silhouettes(points, labels)]

    def judge(self, k: int) -> _Verdict:
        """Look closer at one number of clusters: more refits, other seeds, another algorithm."""
        from sklearn.cluster import AgglomerativeClustering
        from sklearn.metrics import adjusted_rand_score

        centres = self._centres[k]
        of_points = self._of_points[k]
        scored = _nearest(self._score_on, centres)
        counts = np.maximum(np.bincount(scored, minlength=k), 1)
        stability = self._agreement_of(self._halves, k, self._fit_on)
        seeds = [_Fitter(self._fit_on, FIT_STARTS, self._seed + 1 + i) for i in range(OTHER_SEEDS)]
        own = _nearest(self._fit_on, centres)
        self._progress.step()
        others = [_nearest(self._fit_on, seed.fit(k)[0]) for seed in seeds]
        self._progress.step()
        tree = AgglomerativeClustering(n_clusters=k, linkage="ward").fit_predict(self._trees_on)
        return _Verdict(
            centres=centres,
            silhouette=float(of_points.mean()),
            of_clusters=np.bincount(scored, of_points, minlength=k) / counts,
            stability=stability,
            seed_stability=float(np.mean([adjusted_rand_score(own, other) for other in others])),
            agreement=float(adjusted_rand_score(tree, _nearest(self._trees_on, centres))),
        )

    def _agreement_of(self, pairs: list[tuple[_Fitter, _Fitter]], k: int, on: Floats) -> float:
        """Mean agreement, over the points `on`, between the two fits of each pair."""
        found = []
        for pair in pairs:
            self._progress.step()
            found.append(_agreement(k, pair, on))
        return float(np.mean(found))

    def _smallest(self, k: int) -> float:
        counts = np.bincount(_nearest(self._fit_on, self._centres[k]), minlength=k)
        return float(counts.min() / counts.sum())


def _agreement(k: int, refits: tuple[_Fitter, _Fitter], on: Floats) -> float:
    """Adjusted Rand index, over the points `on`, between two fits."""
    from sklearn.metrics import adjusted_rand_score

    first, second = (_nearest(on, refit.fit(k)[0]) for refit in refits)
    return float(adjusted_rand_score(first, second))


def _sample(points: Floats, most: int, rng: np.random.Generator) -> Floats:
    """At most so many of the points, in their order."""
    if len(points) <= most:
        return points
    return points[np.sort(rng.choice(len(points), most, replace=False))]


def _shuffles(points: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """The points with every column shuffled, as they stand and along their principal axes.

    The first loses what goes with what. The second keeps what correlates: without it a single crowd in
    which dear receipts are long ones would look like two.
    """
    centred = points - points.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2]
    turned = rng.permuted(centred @ axes.T, axis=0)
    return np.ascontiguousarray(rng.permuted(points, axis=0)), np.ascontiguousarray(turned)


def _halves(points: Floats, rng: np.random.Generator) -> tuple[_Fitter, _Fitter]:
    """Two fitters, each of a half of the points at random."""
    order = rng.permutation(len(points))
    middle = len(points) // 2
    first, second = (points[np.sort(half)] for half in (order[:middle], order[middle:]))
    return _Fitter(first, REFIT_STARTS, 0), _Fitter(second, REFIT_STARTS, 1)


def silhouettes(points: Floats, labelings: Sequence[Labels]) -> list[NDArray[np.float64]]:
    """Silhouettes of the points under several labelings in one pass over their distances.

    Parameters
    ----------
    points : ndarray, shape (n, p)
        At least one.
    labelings : sequence of ndarray of int, shape (n,)
        Labels from 0.

    Returns
    -------
    list of ndarray, shape (n,)
        For each labeling what `sklearn.metrics.silhouette_samples` answers, which measures all distances
        anew for every labeling: eleven numbers of clusters cost eleven times as much there. A point alone
        in its cluster has 0, and so has every point where there is one cluster only.
    """
    members = [np.eye(int(labels.max()) + 1, dtype=np.float32)[labels] for labels in labelings]
    counts = [table.sum(axis=0) for table in members]
    beside = np.cumsum([0, *(table.shape[1] for table in members)])
    together = np.concatenate(members, axis=1)
    squares = (points**2).sum(axis=1)
    answers = [np.zeros(len(points)) for _ in labelings]
    for start in range(0, len(points), _SCORE_ROWS):
        rows = slice(start, start + _SCORE_ROWS)
        squared = squares[rows, None] + squares[None] - 2 * points[rows] @ points.T
        sums = np.sqrt(np.maximum(squared, 0)) @ together
        for i, labels in enumerate(labelings):
            part = sums[:, beside[i] : beside[i + 1]].astype(np.float64)
            answers[i][rows] = _silhouette(part, labels[rows], counts[i])
    return answers


def _silhouette(sums: NDArray[np.float64], labels: Labels, counts: Floats) -> NDArray[np.float64]:
    """Silhouettes of some points from the sums of their distances to the members of each cluster."""
    own = counts[labels]
    row = np.arange(len(labels))
    inside = sums[row, labels] / np.maximum(own - 1, 1)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    means[row, labels] = np.inf
    outside = means.min(axis=1)
    is_known = (own > 1) & np.isfinite(outside)
    longest = np.maximum(np.maximum(inside, outside), 1e-12)
    return np.where(is_known, (np.where(is_known, outside, 0.0) - inside) / longest, 0.0)


def _is_distinct(trial: KTrial) -> bool:
    return (
        (trial.stability or 0.0) >= LEAST_STABILITY
        and (trial.smallest or 0.0) >= LEAST_SHARE
        and trial.silhouette >= (trial.shuffled or 0.0) + LEAST_ABOVE_CHANCE
    )


# ── the answer ──


def _profiles(
    window: Window,
    labels: Labels,
    ids: Sequence[str],
    firmness: NDArray[np.float64],
    before: Window | None,
    learned: LearnedSegments,
) -> tuple[Segment, ...]:
    """The segments with their profiles, still without names."""
    was = None
    if before is not None:
        was = np.bincount(assign_learned(before.sales, learned), minlength=len(ids))
    segments = []
    for code, segment_id in enumerate(ids):
        segment = make_segment(
            segment_id,
            SegmentType.LEARNED,
            labels == code,
            window,
            before,
            None if was is None else int(was[code]),
        )
        confidence = segment.confidence_score * (1 + float(firmness[code])) / 2
        segments.append(replace(segment, confidence_score=round(confidence, 3)))
    return tuple(segments)


def _named(segments: tuple[Segment, ...], previous: LearnedSegments | None) -> tuple[Segment, ...]:
    """The segments with their names, which lean on those of the last run."""
    before = {} if previous is None else {segment.segment_id: segment.name for segment in previous.segments}
    names = name_segments(segments, before)
    return tuple(replace(segment, name=name) for segment, name in zip(segments, names, strict=True))


def _reasons(found: LearnedSegments, k: int, is_distinct: bool) -> tuple[Reason, ...]:
    """What must be known before the segments are believed."""
    if not is_distinct:
        first = Reason.of("learned_not_distinct", count=k)
    elif k < WANTED_SEGMENTS.start:
        first = Reason.of("learned_fewer", count=k, wanted=WANTED_SEGMENTS.start)
    else:
        first = Reason.of("learned_found", count=k)
    return (
        first,
        Reason.of("learned_steady", share=max(found.stability, 0.0)),
        Reason.of("learned_apart", separation=found.silhouette, chance=found.shuffled_silhouette),
        Reason.of("learned_one_item", share=found.one_item_share),
    )
