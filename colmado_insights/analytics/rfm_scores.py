"""Recency in the own rhythm, frequency and monetary value of every known customer, and their segment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import CustomerSegment
from colmado_insights.analytics.rhythm import Counts, Floats, compute_rhythms, find_visits
from colmado_insights.domain import RECEIPT_COLUMNS, SECONDS_A_DAY, SaleKind, day_number

WINDOW_DAYS = 365
SEGMENTS: tuple[CustomerSegment, ...] = tuple(CustomerSegment)

_NEW_DAYS, _NEW_RECEIPTS = 30, 5
_LOYAL_RECEIPTS = 3
"""Fifths compare customers with each other: where nobody came back, the best of them is not loyal either."""
IN_TIME = 1.5
"""So many rhythms without a visit are nothing unusual."""
LATE, LATE_DAYS = 2.0, 10
"""By chance one in thirty gaps of a customer is twice their rhythm; a few days' absence is nobody's risk."""
_GONE, _GONE_DAYS = 4.0, 30
_PATIENCE = 2.0
"""A valuable customer is given up only after so many times the absence of others."""
_FIFTHS = 5


@dataclass(frozen=True, slots=True)
class RfmTable:
    """Every customer who ever bought, one row each, ordered by id; all arrays are (n,)."""

    customer: Counts
    first: Counts  # day numbers
    recency: Counts
    frequency: Counts
    monetary: Counts
    rhythm: Floats
    lateness: Floats
    r: Counts
    f: Counts
    m: Counts
    segment: Counts  # position in SEGMENTS
    history_days: int  # from the first known purchase of anybody to the day looked from


def score_customers(receipts: pd.DataFrame, *, until: date, window_days: int) -> RfmTable | None:
    """Score and segment every customer who bought up to a day; None without any.

    Parameters
    ----------
    receipts, until, window_days
        As in `rfm.compute_rfm`.

    Notes
    -----
    *Fifths.* f and m are fifths of midranks: of n customers one at mean rank k has (k − ½) / n of them below,
    and equal ones get the same fifth, the middle one when all are equal. They are taken among customers who
    bought in the window; the others have 1. Refunds reduce the monetary value, which may be negative.

    *Recency* counts in the customer's own rhythm (`rhythm.Rhythms`): lateness is days since the last purchase
    over the gap in which half of the customer's time passes, so that who buys for a week when paid and then
    not for three is never late. r is the fifth of lateness, 5 for the least late.

    *Segments.* The first line that holds; `here` is r ≥ 3 or lateness ≤ 1.5, worth is f + m:

    ===================  ======================================================================
    LOST                 nothing in the window; or lateness > 4 and 30 days away, 8 and 60 when
                         worth ≥ 8
    NEW                  first purchase in the last 30 days, at most 5 receipts, and the shop's
                         history begins 30 days before
    AT_RISK              lateness > 2 and 10 days away
    CHAMPIONS            here, f ≥ 4, m ≥ 4, worth ≥ 9, 3 receipts
    LOYAL                here, worth ≥ 6, f ≥ 3, 3 receipts
    POTENTIAL_LOYALISTS  here, worth ≥ 4, 2 receipts
    PROMISING            here
    NEED_ATTENTION       the rest: a little late
    ===================  ======================================================================

    References
    ----------
    .. [1] A. M. Hughes, "Strategic Database Marketing", 1994 (RFM by fifths).
    .. [2] R. J. Hyndman, Y. Fan, "Sample quantiles in statistical packages", Am. Stat. 50 (1996): (k − ½) / n.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    visits = find_visits(receipts, until)
    if not visits.customer.size:
        return None
    last = day_number(until)
    frequency, monetary = _sums(receipts, visits.customer, last, window_days)
    rhythms = compute_rhythms(visits)
    recency = last - visits.last
    lateness = recency / rhythms.wait
    is_active = frequency > 0
    r, f, m = (_fifths(values, is_active) for values in (-lateness, frequency, monetary))
    history_days = last - int(visits.first.min()) + 1
    return RfmTable(
        customer=visits.customer,
        first=visits.first,
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        rhythm=rhythms.gap,
        lateness=lateness,
        r=r,
        f=f,
        m=m,
        segment=_segments(recency, lateness, frequency, last - visits.first, r, f, m, history_days),
        history_days=history_days,
    )


def _sums(receipts: pd.DataFrame, customers: Counts, last: int, window_days: int) -> tuple[Counts, Counts]:
    """Receipts and money in the window of each of the customers, whose ids are ascending."""
    customer, day = receipts["customer_id"].to_numpy(), receipts["sold_at"].to_numpy() // SECONDS_A_DAY
    place = np.minimum(np.searchsorted(customers, customer), customers.size - 1)
    is_in = (customers[place] == customer) & (day > last - window_days) & (day <= last)
    is_sale = receipts["kind"].to_numpy() == SaleKind.SALE
    frequency = np.bincount(place[is_in & is_sale], minlength=customers.size)
    cents = receipts["total_cents"].to_numpy()[is_in]
    # Sums of cents stay far below 2**53, where floats are exact.
    monetary = np.bincount(place[is_in], cents, minlength=customers.size)
    return frequency.astype(np.int64), np.rint(monetary).astype(np.int64)


def _fifths(values: Counts | Floats, is_active: np.ndarray) -> Counts:
    """1 (least) … 5 (most) by midranks among the active, 1 for the others."""
    fifths = np.ones(values.size, dtype=np.int64)
    own = values[is_active]
    if own.size:
        ordered = np.sort(own)
        below, not_above = (np.searchsorted(ordered, own, side) for side in ("left", "right"))
        share = (below + not_above) / (2 * own.size)  # (midrank − ½) / n
        fifths[is_active] = np.minimum(np.floor(_FIFTHS * share).astype(np.int64), _FIFTHS - 1) + 1
    return fifths


def _segments(
    recency: Counts,
    lateness: Floats,
    frequency: Counts,
    tenure: Counts,
    r: Counts,
    f: Counts,
    m: Counts,
    history_days: int,
) -> Counts:
    """The decision table of `score_customers`, its first line that holds."""
    worth = f + m
    patience = np.where(worth >= 8, _PATIENCE, 1.0)
    is_gone = (lateness > _GONE * patience) & (recency >= _GONE_DAYS * patience)
    is_here = (r >= 3) | (lateness <= IN_TIME)
    is_loyal = is_here & (frequency >= _LOYAL_RECEIPTS)
    # Where the history itself is young nobody is known to be new.
    is_new = (tenure < _NEW_DAYS) & (frequency <= _NEW_RECEIPTS) & (history_days - tenure > _NEW_DAYS)
    table = {
        CustomerSegment.LOST: is_gone | (frequency == 0),
        CustomerSegment.NEW: is_new,
        CustomerSegment.AT_RISK: (lateness > LATE) & (recency >= LATE_DAYS),
        CustomerSegment.CHAMPIONS: is_loyal & (worth >= 9) & (np.minimum(f, m) >= 4),
        CustomerSegment.LOYAL: is_loyal & (worth >= 6) & (f >= 3),
        CustomerSegment.POTENTIAL_LOYALISTS: is_here & (worth >= 4) & (frequency > 1),
        CustomerSegment.PROMISING: is_here,
    }
    return np.select(
        list(table.values()),
        [SEGMENTS.index(segment) for segment in table],
        SEGMENTS.index(CustomerSegment.NEED_ATTENTION),
    )
