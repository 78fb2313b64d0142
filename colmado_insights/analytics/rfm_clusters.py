"""Groups that customers fall into by themselves on recency, frequency and monetary value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from colmado_insights.analytics.clusters import find_elbow
from colmado_insights.analytics.results import KTrial, RfmCluster
from colmado_insights.analytics.rhythm import Counts, Floats
from colmado_insights.analytics.threads import one_thread
from colmado_insights.domain import Reason
from colmado_insights.progress import Progress

LEAST_CUSTOMERS = 40
MOST_CLUSTERS = 8
CUSTOMERS_A_CLUSTER = 10
"""No more clusters are tried than one for so many customers."""
_NEAR_BEST = 0.90
_STARTS = 4
_SCORE_SAMPLE = 2_000
_CLEAR = 0.5
"""A trait sets a cluster apart when its mean lies so many standard deviations from everybody's."""
_TRAITS = (("lately", "long_ago"), ("seldom", "often"), ("little", "much"))
"""What few and many of recency, frequency and monetary value are called."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The clusters, largest first, which customer is in which, and how well they agree with the segments."""

    labels: Counts  # (n,), -1 = in none
    clusters: tuple[RfmCluster, ...] = ()
    trials: tuple[tuple[int, float, float], ...] = ()  # k, inertia, silhouette
    agreement: float | None = None


def find_clusters(
    recency: Counts,
    frequency: Counts,
    monetary: Counts,
    segment: Counts,
    previous: int | None,
    progress: Progress,
) -> Grouping:
    """Group the customers who bought in the window by k-means on standardised logs.

    Parameters
    ----------
    recency, frequency, monetary, segment : ndarray of int64, shape (n,)
        Days, receipts, cents and the RFM segment of each customer.
    previous : int, optional
        The number of clusters of the last run, which stays when among the nearly best.
    progress : Progress
        A step for every number of clusters tried.

    Returns
    -------
    Grouping
        Without clusters under 40 customers, or when they fall into no two groups.

    Notes
    -----
    k is tried from 2 to 8. Of those whose mean silhouette is at least 0.9 of the best, the ones before the elbow
    of the inertia go when others remain, and the fewest of the rest are taken. Agreement is the adjusted
    Rand index between clusters and segments [1]_.

    References
    ----------
    .. [1] L. Hubert, P. Arabie, "Comparing partitions", J. Classif. 2 (1985).
    """
    labels = np.full(recency.size, -1, dtype=np.int64)
    is_active = frequency > 0
    raw = np.column_stack((recency, frequency, np.maximum(monetary, 0) / 100)).astype(np.float64)[is_active]
    points = _standardised(np.log1p(raw))
    most = min(MOST_CLUSTERS, len(points) // CUSTOMERS_A_CLUSTER)
    if len(points) >= LEAST_CUSTOMERS:
        most = min(most, len(np.unique(points, axis=0)) - 1)
    if len(points) < LEAST_CUSTOMERS or most < 2:
        return Grouping(labels)
    fits = _try_all(points, most, progress)
    trials = [trial for trial, _labels in fits]
    own = next(found for trial, found in fits if trial.k == _choose_k(trials, previous))
    order = np.argsort(-np.bincount(own), kind="stable")
    own = np.argsort(order)[own]
    labels[is_active] = own
    return Grouping(
        labels=labels,
        clusters=_clusters(raw, points, own),
        trials=tuple((trial.k, trial.inertia, trial.silhouette) for trial in trials),
        agreement=_agreement(segment[is_active], own),
    )


def _standardised(values: Floats) -> Floats:
    """Each column with mean 0 and variance 1; one that never varies stays 0."""
    if not len(values):
        return values
    scale = values.std(axis=0)
    standard: Floats = (values - values.mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    return standard


def _try_all(points: Floats, most: int, progress: Progress) -> list[tuple[KTrial, Counts]]:
    """Every number of clusters with its labels."""
    with one_thread():
        from sklearn.cluster import KMeans
        from sklearn.metrics import silhouette_score

        fits = []
        for k in range(2, most + 1):
            progress.step(k - 2, most - 1)
            model = KMeans(k, n_init=_STARTS, random_state=0).fit(points)
            sample = min(len(points), _SCORE_SAMPLE)
            clear = float(silhouette_score(points, model.labels_, sample_size=sample, random_state=0))
            fits.append((KTrial(k, float(model.inertia_), clear), model.labels_.astype(np.int64)))
    return fits


def _choose_k(trials: Sequence[KTrial], previous: int | None) -> int:
    """The number of clusters, as the notes of `find_clusters` say."""
    best = max(trial.silhouette for trial in trials)
    left = [trial for trial in trials if trial.silhouette >= _NEAR_BEST * best]
    elbow = find_elbow(trials)
    left = [trial for trial in left if trial.k >= elbow] or left
    if previous in {trial.k for trial in left}:
        return int(previous or 0)
    return min(trial.k for trial in left)


def _clusters(raw: Floats, points: Floats, labels: Counts) -> tuple[RfmCluster, ...]:
    """The record of each cluster, in the order of their labels, each named differently."""
    whole = max(float(raw[:, 2].sum()), 1.0)
    names: list[Reason] = []
    clusters = []
    for cluster in range(int(labels.max()) + 1):
        own = labels == cluster
        recency, frequency, pesos = np.median(raw[own], axis=0)
        names.append(next(name for name in _names(points[own].mean(axis=0)) if name not in names))
        clusters.append(
            RfmCluster(
                customers=int(own.sum()),
                share=float(own.mean()),
                revenue_share=float(raw[own, 2].sum() / whole),
                recency_days=float(recency),
                frequency=float(frequency),
                monetary_cents=round(float(pesos) * 100),
                name=names[-1],
            )
        )
    return tuple(clusters)


def _names(centre: Floats) -> Iterator[Reason]:
    """Names that fit a centre, the best first, without end: what it has most of all, and what besides."""
    order = np.argsort(-np.abs(centre), kind="stable").tolist()
    traits = [_TRAITS[axis][int(centre[axis] > 0)] for axis in order if abs(centre[axis]) >= _CLEAR]
    if not traits:
        yield Reason.of("rfm_cluster_usual")
    for count in range(1, len(traits) + 1):
        yield Reason.of("rfm_cluster_traits", traits=tuple(traits[:count]))
    number = 2
    while True:
        yield (
            Reason.of("rfm_cluster_numbered", traits=tuple(traits), number=number)
            if traits
            else Reason.of("rfm_cluster_usual_numbered", number=number)
        )
        number += 1


def _agreement(segment: Counts, labels: Counts) -> float:
    """Adjusted Rand index between segments and clusters; 1 where all are in one segment and one cluster."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(segment, labels))
