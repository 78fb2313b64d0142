"""Known customers by recency, frequency and monetary value, and the segment that each is in."""

from __future__ import annotations

from datetime import date

import pandas as pd

from colmado_insights.analytics.results import NotEnough, Rfm, RfmScore
from colmado_insights.analytics.rfm_clusters import find_clusters
from colmado_insights.analytics.rfm_scores import SEGMENTS, WINDOW_DAYS, RfmTable, score_customers
from colmado_insights.analytics.rfm_summaries import summarise_segments
from colmado_insights.analytics.rhythm import Counts
from colmado_insights.domain import Reason
from colmado_insights.progress import Progress

_CONFIDENCE = ((10, 0.3), (50, 0.6), (100, 0.8))
_MOST_CONFIDENCE = 0.9
_SHORT_HISTORY_DAYS, _SHORT_CONFIDENCE = 60, 0.5


def compute_rfm(
    receipts: pd.DataFrame,
    *,
    until: date,
    window_days: int = WINDOW_DAYS,
    previous: Rfm | None = None,
    progress: Progress | None = None,
) -> Rfm | NotEnough:
    """Tell every known customer's recency, frequency, monetary value and segment.

    Parameters
    ----------
    receipts : DataFrame
        RECEIPT_COLUMNS, all history, in any order; anonymous receipts and those after `until` are passed over.
    until : date
        The day looked from.
    window_days : int
        Days over which frequency and monetary value count.
    previous : Rfm, optional
        The last run: its number of clusters stays when nearly as good as the best.
    progress : Progress, optional
        A step for every number of clusters tried.

    Returns
    -------
    Rfm or NotEnough
        `NotEnough` when no known customer ever bought. Who only brought things back has bought nothing that
        is known, and is left out. Clusters are empty under 40 customers.

    Notes
    -----
    `rfm_scores.score_customers` says how they are scored and segmented, `rfm_clusters` how they are grouped.

    Confidence is by the number of customers, at most 0.5 with under 60 days of history.
    """
    table = score_customers(receipts, until=until, window_days=window_days)
    if table is None:
        return NotEnough(needed=1, have=0, unit="receipts", until=until)
    progress = progress or Progress()
    kept = None if previous is None else len(previous.clusters) or None
    grouping = find_clusters(table.recency, table.frequency, table.monetary, table.segment, kept, progress)
    return Rfm(
        customers=_scores(table, grouping.labels),
        segments=summarise_segments(receipts, table, until=until, window_days=window_days),
        clusters=grouping.clusters,
        trials=grouping.trials,
        agreement=grouping.agreement,
        until=until,
        window_days=window_days,
        confidence=_confidence(table),
        reasons=_reasons(table),
    )


def _scores(table: RfmTable, labels: Counts) -> tuple[RfmScore, ...]:
    """One record a customer, in the order of their ids."""
    return tuple(
        RfmScore(
            customer_id=int(table.customer[i]),
            recency_days=int(table.recency[i]),
            frequency=int(table.frequency[i]),
            monetary_cents=int(table.monetary[i]),
            rhythm_days=float(table.rhythm[i]),
            lateness=float(table.lateness[i]),
            r=int(table.r[i]),
            f=int(table.f[i]),
            m=int(table.m[i]),
            segment=SEGMENTS[table.segment[i]],
            cluster=int(labels[i]),
        )
        for i in range(table.customer.size)
    )


def _confidence(table: RfmTable) -> float:
    """By how many are compared with each other, and for how long they were watched."""
    count = int((table.frequency > 0).sum())
    sure = next((confidence for below, confidence in _CONFIDENCE if count < below), _MOST_CONFIDENCE)
    return min(sure, _SHORT_CONFIDENCE) if table.history_days < _SHORT_HISTORY_DAYS else sure


def _reasons(table: RfmTable) -> tuple[Reason, ...]:
    """What the answer rests on."""
    reasons = [Reason.of("rfm_sample", customers=table.customer.size, days=table.history_days)]
    if table.history_days < _SHORT_HISTORY_DAYS:
        reasons.append(Reason.of("rfm_short_history", days=table.history_days))
    return tuple(reasons)
