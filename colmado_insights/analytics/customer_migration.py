"""Which known customers changed segment from one day to a later one, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.results import CustomerMigration, CustomerMove, CustomerSegment, NotEnough
from colmado_insights.analytics.rfm_scores import SEGMENTS, WINDOW_DAYS, RfmTable, score_customers
from colmado_insights.analytics.rhythm import Counts, Floats
from colmado_insights.domain import SECONDS_A_DAY, Reason, SaleKind, day_number, day_of
from colmado_insights.progress import Progress

_AWAY = (CustomerSegment.AT_RISK, CustomerSegment.LOST)
_LATE = (*_AWAY, CustomerSegment.NEED_ATTENTION)
_CLEARLY = 1.2
"""Visits or money must differ so many times to be named as the cause."""


@dataclass(frozen=True, slots=True)
class _Between:
    """What each customer of the later day did since the earlier one, and in the same time before that."""

    visits: Counts  # (n,)
    visits_before: Counts
    cents: Floats
    cents_before: Floats


def compute_customer_migration(
    receipts: pd.DataFrame,
    *,
    before: date,
    until: date,
    window_days: int = WINDOW_DAYS,
    progress: Progress | None = None,
) -> CustomerMigration | NotEnough:
    """Segment the customers as of two days, and tell who moved and why.

    Parameters
    ----------
    receipts : DataFrame
        RECEIPT_COLUMNS, all history, in any order; anonymous receipts are passed over.
    before, until : date
        The earlier and the later day, such as two month ends.
    window_days : int
        As in `rfm.compute_rfm`.
    progress : Progress, optional
        Two steps.

    Returns
    -------
    CustomerMigration or NotEnough
        `NotEnough` when nobody was known on the earlier day.

    Raises
    ------
    ValueError
        When `before` is not before `until`.

    Notes
    -----
    Each move has one cause, the first that holds: first purchase; stopped coming; a little late; came again; no longer new;
    visits up or down by a fifth, in the direction of the move, against as many days before; the same of money;
    else the others moved past: fifths are ranks.
    """
    if before >= until:
        raise ValueError(f"{before} is not before {until}")
    progress = progress or Progress()
    progress.step(0, 2)
    earlier = score_customers(receipts, until=before, window_days=window_days)
    progress.step(1, 2)
    later = score_customers(receipts, until=until, window_days=window_days)
    if earlier is None or later is None:
        return NotEnough(needed=1, have=0, unit="receipts", until=until)
    # Nobody who was known is ever forgotten: the earlier ids are among the later ones.
    source = np.full(later.customer.size, -1)
    source[np.searchsorted(later.customer, earlier.customer)] = earlier.segment
    pairs = Counter(zip(source.tolist(), later.segment.tolist(), strict=True))
    flows = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    stayed = sum(count for (old, new), count in pairs.items() if old == new)
    return CustomerMigration(
        before=before,
        until=until,
        flows=tuple((_word(old), _word(new), count) for (old, new), count in flows),
        moves=_moves(source, later, _between(receipts, later, before, until)),
        stayed=stayed / earlier.customer.size,
    )


def _word(code: int) -> str:
    """The segment's stable word; "" for who was not known yet."""
    return str(SEGMENTS[code]) if code >= 0 else ""


def _between(receipts: pd.DataFrame, later: RfmTable, before: date, until: date) -> _Between:
    """Visits and money since the earlier day, and over as many days up to it."""
    customer, day = receipts["customer_id"].to_numpy(), receipts["sold_at"].to_numpy() // SECONDS_A_DAY
    size = later.customer.size
    place = np.minimum(np.searchsorted(later.customer, customer), size - 1)
    is_known = later.customer[place] == customer
    start, end = day_number(before), day_number(until)
    is_since = is_known & (day > start) & (day <= end)
    is_earlier = is_known & (day > 2 * start - end) & (day <= start)
    is_sale = receipts["kind"].to_numpy() == SaleKind.SALE
    cents = receipts["total_cents"].to_numpy()
    return _Between(
        visits=np.bincount(place[is_since & is_sale], minlength=size),
        visits_before=np.bincount(place[is_earlier & is_sale], minlength=size),
        cents=np.bincount(place[is_since], cents[is_since], minlength=size).astype(np.float64),
        cents_before=np.bincount(place[is_earlier], cents[is_earlier], minlength=size).astype(np.float64),
    )


def _moves(source: np.ndarray, later: RfmTable, between: _Between) -> tuple[CustomerMove, ...]:
    """Everybody whose segment changed, the largest spenders first, ties by id."""
    moved = np.flatnonzero(source != later.segment)
    moved = moved[np.argsort(-later.monetary[moved], kind="stable")]
    return tuple(
        CustomerMove(
            customer_id=int(later.customer[place]),
            source=SEGMENTS[source[place]] if source[place] >= 0 else None,
            target=SEGMENTS[later.segment[place]],
            why=_why(place, int(source[place]), later, between),
        )
        for place in moved.tolist()
    )


def _why(place: int, old: int, later: RfmTable, between: _Between) -> Reason:
    """The cause of one move, as the notes of `compute_customer_migration` say."""
    new = int(later.segment[place])
    visits, visits_before = int(between.visits[place]), int(between.visits_before[place])
    cents, cents_before = round(float(between.cents[place])), round(float(between.cents_before[place]))
    if old < 0:
        return Reason.of("move_first_purchase", day=day_of(int(later.first[place])).isoformat())
    if SEGMENTS[new] in _AWAY:
        days, gap = int(later.recency[place]), max(1, round(float(later.rhythm[place])))
        return Reason.of("move_stopped_coming", days_away=days, gap_days=gap)
    if SEGMENTS[new] is CustomerSegment.NEED_ATTENTION:
        return Reason.of("move_is_late", days_away=int(later.recency[place]))
    if SEGMENTS[old] in _LATE and visits:
        return Reason.of("move_came_again", purchases=visits)
    if SEGMENTS[old] is CustomerSegment.NEW:
        return Reason.of("move_no_longer_new", purchases=int(later.frequency[place]))
    is_up = new < old
    if _has_moved(visits, visits_before, is_up):
        code = "move_comes_more" if is_up else "move_comes_less"
        return Reason.of(code, purchases=visits, purchases_before=visits_before)
    if _has_moved(cents, cents_before, is_up):
        code = "move_spends_more" if is_up else "move_spends_less"
        return Reason.of(code, now_cents=cents, before_cents=cents_before)
    return Reason.of("move_others_less" if is_up else "move_others_more")


def _has_moved(now: float, before: float, is_up: bool) -> bool:
    """Whether one of two numbers is clearly above the other in the direction asked for."""
    high, low = (now, before) if is_up else (before, now)
    return high > 0 and high >= _CLEARLY * max(low, 0)
