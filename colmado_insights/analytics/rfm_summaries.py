"""Each RFM segment as a whole: what it brings, whether that changed, what to do, and whether a gift pays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.results import CustomerSegment, CustomerSegmentSummary, Estimate
from colmado_insights.analytics.rfm_scores import SEGMENTS, RfmTable, score_customers
from colmado_insights.analytics.rhythm import Counts, Floats
from colmado_insights.domain import SECONDS_A_DAY, Reason, SaleKind, day_number

MARGIN = 0.20
"""What a colmado keeps of a sale, where nothing better is known."""
GIFT_PART, LEAST_GIFT_CENTS, GIFT_GRID_CENTS = 0.10, 25_00, 5_00
"""A small gift is a tenth of a usual purchase, at least RD$25, on the grid of prices."""
BACK_DAYS, BACK_PART, MOST_BACK_VISITS = 90, 0.5, 12.0
"""Who comes back is taken to stay so many days, at half of their old rhythm."""

_COMPARED_RECEIPTS = 10
_COMPARED_CUSTOMERS = 5
_DEVIATIONS = 2.58
_LEAST_CHANGE = 0.10
"""Fifths move a little by themselves: less than this is no news."""


@dataclass(frozen=True, slots=True)
class Response:
    """What is assumed of a gift until the shop's own advice ledger knows better.

    `more` is the share of customers who come because of it, `anyway` the share who would have come and take
    it too, `visits` how many visits each of the first makes more; None = they come back for a while.
    """

    more: float
    anyway: float
    visits: float | None


RESPONSES: dict[CustomerSegment, Response] = {
    CustomerSegment.POTENTIAL_LOYALISTS: Response(0.06, 0.80, 2.0),
    CustomerSegment.NEW: Response(0.10, 0.60, 2.0),
    CustomerSegment.PROMISING: Response(0.08, 0.60, 2.0),
    CustomerSegment.NEED_ATTENTION: Response(0.08, 0.50, 2.0),
    CustomerSegment.AT_RISK: Response(0.08, 0.30, None),
    CustomerSegment.LOST: Response(0.03, 0.05, None),
}
"""Cautious guesses, smaller than what loyalty programmes report [GK]; who comes anyway is offered nothing."""


@dataclass(frozen=True, slots=True)
class _Spans:
    """What each customer spent in two spans of equal length, and in which segment they were at the end of each."""

    now: Floats  # cents, (n,)
    before: Floats
    days_now: Counts  # on which they were known
    days_before: Counts
    receipts_before: Counts
    segment_now: Counts  # by the span alone; -1 of those who did not buy in it
    segment_before: Counts
    days: int


def summarise_segments(
    receipts: pd.DataFrame, table: RfmTable, *, until: date, window_days: int
) -> tuple[CustomerSegmentSummary, ...]:
    """Sum up the eight segments, in the order of `CustomerSegment`.

    Parameters
    ----------
    receipts : DataFrame
        RECEIPT_COLUMNS, all history.
    table : RfmTable
        The customers of that history, scored.
    until, window_days
        As in `rfm.compute_rfm`.

    Returns
    -------
    tuple of CustomerSegmentSummary
        Always eight; of one without customers everything is nought.

    Notes
    -----
    *Growth* is what those in the segment spent per day on which they were known, against those who were in it
    at the end of the window before; with less history than two windows, the later half of it against the
    earlier. Who was in it is told by each span alone: the present members' own past would always look poorer
    for the best and richer for the others, as they were chosen by their present. It is None under 10 receipts
    in the earlier span, and beyond noise when the log of the ratio of both rates is 2.58 standard deviations
    from 0 and at least a tenth; its variance is that of a ratio of sums over customers, linearised [1]_.

    *Return on spend* is what the shop keeps of the purchases that a small gift brings, per peso of gift, from
    what the members spend and the assumptions in RESPONSES, MARGIN and BACK_*; its interval halves and doubles
    the response. Where most would have come anyway the gift is paid for nothing, and that is counted.

    References
    ----------
    .. [1] W. G. Cochran, "Sampling Techniques", 3rd ed. (1977), chapter 6.
    """
    spans = _spans(receipts, table, until, window_days)
    earned = np.maximum(table.monetary, 0)
    whole = max(int(earned.sum()), 1)
    return tuple(
        _summary(segment, table, table.segment == code, _growth(code, spans), spans.days, whole)
        for code, segment in enumerate(SEGMENTS)
    )


def _spans(receipts: pd.DataFrame, table: RfmTable, until: date, window_days: int) -> _Spans:
    """The two spans that are compared."""
    days, last = max(1, min(window_days, table.history_days // 2)), day_number(until)
    customer, day = receipts["customer_id"].to_numpy(), receipts["sold_at"].to_numpy() // SECONDS_A_DAY
    size = table.customer.size
    place = np.minimum(np.searchsorted(table.customer, customer), size - 1)
    is_known = table.customer[place] == customer
    is_now = is_known & (day > last - days) & (day <= last)
    is_before = is_known & (day > last - 2 * days) & (day <= last - days)
    cents = receipts["total_cents"].to_numpy()
    is_sale = receipts["kind"].to_numpy() == SaleKind.SALE
    return _Spans(
        now=np.bincount(place[is_now], cents[is_now], minlength=size).astype(np.float64),
        before=np.bincount(place[is_before], cents[is_before], minlength=size).astype(np.float64),
        days_now=np.clip(last - table.first + 1, 0, days),
        days_before=np.clip(last - days - table.first + 1, 0, days),
        receipts_before=np.bincount(place[is_before & is_sale], minlength=size),
        segment_now=_segments(receipts, table, until, days),
        segment_before=_segments(receipts, table, until - timedelta(days=days), days),
        days=days,
    )


def _segments(receipts: pd.DataFrame, table: RfmTable, until: date, days: int) -> Counts:
    """The segments of the table's customers as one span shows them, -1 of those who did not buy in it."""
    own = score_customers(receipts, until=until, window_days=days)
    segments = np.full(table.customer.size, -1, dtype=np.int64)
    if own is not None:
        is_active = own.frequency > 0
        segments[np.searchsorted(table.customer, own.customer[is_active])] = own.segment[is_active]
    return segments


def _summary(
    segment: CustomerSegment,
    table: RfmTable,
    own: NDArray[np.bool_],
    change: tuple[float | None, bool],
    days: int,
    whole: int,
) -> CustomerSegmentSummary:
    """One segment's record."""
    customers, receipts = int(own.sum()), int(table.frequency[own].sum())
    revenue = int(table.monetary[own].sum())
    share = max(revenue, 0) / whole
    growth, is_beyond_noise = change
    gift, returns = _gift(segment, table, own)
    earns = (Reason.of("customers_earn", share=share), _change(growth, is_beyond_noise, days))
    return CustomerSegmentSummary(
        segment=segment,
        customers=customers,
        share=customers / own.size,
        revenue_cents=revenue,
        revenue_share=share,
        avg_basket_cents=round(revenue / receipts) if receipts else 0,
        receipts=receipts,
        growth=growth,
        is_beyond_noise=is_beyond_noise,
        strategy=Reason.of(f"customer_strategy_{segment}"),
        message=Reason.of(f"customer_message_{segment}"),
        return_on_spend=returns,
        why=(*earns, *gift) if customers else (),
    )


def _growth(code: int, spans: _Spans) -> tuple[float | None, bool]:
    """Growth of what the customers in a segment spend a day, and whether chance would hardly make it."""
    is_now, is_before = spans.segment_now == code, spans.segment_before == code
    now, before = spans.now * is_now, spans.before * is_before
    days_now, days_before = spans.days_now * is_now, spans.days_before * is_before
    receipts = int(spans.receipts_before[is_before].sum())
    if receipts < _COMPARED_RECEIPTS or min(now.sum(), before.sum()) <= 0:
        return None, False
    ratio = float((now.sum() / days_now.sum()) / (before.sum() / days_before.sum()))
    pull = (
        now / now.sum() - days_now / days_now.sum() - before / before.sum() + days_before / days_before.sum()
    )
    known = int((is_now | is_before).sum())
    deviation = math.sqrt(float(pull @ pull) * known / max(known - 1, 1))
    is_compared = min(int(is_now.sum()), int(is_before.sum())) >= _COMPARED_CUSTOMERS
    change = abs(math.log(ratio))
    return ratio - 1, is_compared and change > max(_DEVIATIONS * deviation, _LEAST_CHANGE)


def _change(growth: float | None, is_beyond_noise: bool, days: int) -> Reason:
    """How their spending moved, in one reason."""
    if growth is None:
        return Reason.of("customers_not_compared")
    if not is_beyond_noise:
        return Reason.of("customers_as_before", days=days)
    if growth > 0:
        return Reason.of("customers_grew", share=growth, days=days)
    return Reason.of("customers_shrank", share=-growth, days=days)


def _gift(
    segment: CustomerSegment, table: RfmTable, own: NDArray[np.bool_]
) -> tuple[tuple[Reason, ...], Estimate | None]:
    """What a small gift would bring per peso, and the assumptions; None where none is suggested or can be told."""
    response = RESPONSES.get(segment)
    if response is None:
        return (Reason.of("customer_gift_none"),), None
    buyers = own & (table.frequency > 0) & (table.monetary > 0)
    if not buyers.any():
        return (), None
    basket = table.monetary[buyers] / table.frequency[buyers]
    visits = (
        np.minimum(BACK_PART * BACK_DAYS / table.rhythm[buyers], MOST_BACK_VISITS)
        if response.visits is None
        else np.full(basket.size, response.visits)
    )
    usual = float(basket.mean())
    gift = max(round(GIFT_PART * usual / GIFT_GRID_CENTS) * GIFT_GRID_CENTS, LEAST_GIFT_CENTS)
    brought = MARGIN * float((basket * visits).mean())
    lo, mean, hi = (
        brought * more / (gift * (more + response.anyway))
        for more in (response.more / 2, response.more, 2 * response.more)
    )
    assumed = Reason.of(
        "customer_gift_back" if response.visits is None else "customer_gift_more",
        cents=gift,
        more=round(100 * response.more),
        anyway=round(100 * response.anyway),
        share=MARGIN,
        visits=round(float(visits.mean())),
    )
    verdict = Reason.of(
        "customer_gift_pays" if mean >= 1 else "customer_gift_costs", gained=round(100 * mean)
    )
    return (verdict, assumed), Estimate(mean, lo, hi)
