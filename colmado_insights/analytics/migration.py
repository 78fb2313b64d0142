"""What became of learned segments from one run to the next."""

from __future__ import annotations

import numpy as np
import pandas as pd

from colmado_insights.analytics.clusters import assign_learned
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.features import FEATURE_COLUMNS
from colmado_insights.analytics.results import Flow, LearnedSegments, Migration, NotEnough
from colmado_insights.analytics.segments import NO_SEGMENT
from colmado_insights.domain import day_number


def compute_migration(
    features: pd.DataFrame, *, earlier: LearnedSegments, later: LearnedSegments
) -> Migration | NotEnough:
    """Label the receipts of the later run's window by both runs, and count who went where.

    Parameters
    ----------
    features : DataFrame
        FEATURE_COLUMNS; rows outside the later run's window are passed over.
    earlier, later : LearnedSegments
        Two runs whose ids were matched.

    Returns
    -------
    Migration or NotEnough
        Flows with at least one receipt, largest first; `NotEnough` when the window has no sale.

    Notes
    -----
    Baskets are anonymous: what moves is not a customer but the border between segments, and what kind of
    receipt falls on which side of it. The same receipts are labelled twice, so that a busier month does
    not look like a migration.
    """
    check_frame(features, FEATURE_COLUMNS, "features")
    day = features["day"].to_numpy()
    rows = features[(day >= day_number(later.first_day)) & (day <= day_number(later.until))]
    source, target = (assign_learned(rows, run) for run in (earlier, later))
    is_sale = target != NO_SEGMENT
    if not is_sale.any():
        return NotEnough(needed=1, have=0, unit="receipts", until=later.until)
    count = len(later.segments)
    pairs = np.bincount(
        source[is_sale].astype(np.int64) * count + target[is_sale], minlength=len(earlier.segments) * count
    )
    flows = tuple(
        Flow(earlier.segments[pair // count].segment_id, later.segments[pair % count].segment_id, receipts)
        for pair in np.argsort(-pairs, kind="stable").tolist()
        if (receipts := int(pairs[pair]))
    )
    named = {segment.segment_id: segment.name for segment in (*earlier.segments, *later.segments)}
    stayed = sum(flow.receipts for flow in flows if flow.source == flow.target)
    return Migration(
        before=earlier.until,
        until=later.until,
        flows=flows,
        names=tuple(named.items()),
        stayed=stayed / int(is_sale.sum()),
    )
