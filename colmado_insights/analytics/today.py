"""The few sentences worth saying right now, against what is usual.

What is usual, `usual.py` knows; where nothing is, nothing is compared. A day runs from midnight to midnight, as in the daily sums; the window
of the last hour, and the usual beside it, may reach across midnight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import (
    LiveInsight,
    LiveType,
    NotEnough,
    Segment,
    Segments,
    SegmentType,
    Traffic,
    Usual,
)
from colmado_insights.analytics.usual import (
    HISTORY_COLUMNS,
    Receipts,
    UsualDays,
    get_receipts,
    get_usual,
    get_usual_basket,
    get_usual_days,
    is_open_at,
    is_shop_open,
)
from colmado_insights.domain import SECONDS_A_DAY, Category, Reason, moment_of, wall_seconds

__all__ = [
    "HISTORY_COLUMNS",
    "compute_live",
    "compute_rest_of_day",
    "compute_traffic",
    "is_shop_open",
    "merge_live",
]

TRAFFIC_SECONDS = 3600
CLOCK_TOLERANCE_SECONDS = 300

_BUSY, _SLOW, _REVENUE, _BASKET = 1.5, 0.5, 1.2, 1.3
_NAMED_CATEGORIES = 3

_EXPIRES: dict[str, timedelta] = {
    "busy": timedelta(minutes=30),
    "slow": timedelta(minutes=60),
    "segment": timedelta(hours=2),
    "rest_of_day": timedelta(hours=4),
    "basket": timedelta(hours=2),
    "clock": timedelta(minutes=60),
}
_ORDER = (
    LiveType.CLOCK,
    LiveType.TRAFFIC,
    LiveType.OPERATIONAL,
    LiveType.REVENUE,
    LiveType.PRODUCT_DEMAND,
)
"""What has to be read first."""
_SEGMENT_ORDER = (SegmentType.PRODUCT_PREFERENCE, SegmentType.TEMPORAL, SegmentType.BASKET_VALUE)


def compute_live(
    history: pd.DataFrame,
    now: datetime,
    days: DominicanDays,
    *,
    segments: Segments | NotEnough | None = None,
    rest_forecast_cents: float | None = None,
) -> tuple[LiveInsight, ...]:
    """Compute the live insights of a moment, most urgent first.

    Parameters
    ----------
    history : DataFrame
        HISTORY_COLUMNS of the last 60 days with data up to and beyond `now`, in any order. Receipts later
        than `now` must be in it, or a clock that was set back cannot be seen; up to five minutes ahead
        they count as sold now.
    now : datetime
        Naive wall-clock time.
    days : DominicanDays
        The shop's calendar.
    segments : Segments, optional
        The rule segments; without them nothing is said about demand.
    rest_forecast_cents : float, optional
        Forecast revenue from now until midnight, as `compute_rest_of_day` says; without it nothing is said about revenue.

    Returns
    -------
    tuple of LiveInsight
        At most one of each type and subject; only one CLOCK when the clock cannot be trusted. Its
        `confidence` is that of the rule with four or more same weekdays behind "usual", and falls in
        proportion below, another weekday counting half; that of a segment is the segment's own.
    """
    everything, timed = get_receipts(history)
    now = now.replace(microsecond=0)
    if jump := _clock_jump(everything.sold_at, now):
        return (jump,)
    timed = replace(timed, sold_at=np.minimum(timed.sold_at, wall_seconds(now)))
    found = [*_against_usual(timed, now, days, rest_forecast_cents), *_demand(segments, now)]
    return tuple(sorted(found, key=lambda insight: _ORDER.index(insight.type)))


def compute_traffic(history: pd.DataFrame, now: datetime, days: DominicanDays) -> Traffic:
    """Count the last hour's sales against the same hour of the usual days.

    Parameters
    ----------
    history, now, days
        As in `compute_live`.

    Returns
    -------
    Traffic
        `usual` is None where nothing is usual.
    """
    moment = wall_seconds(now)
    _everything, timed = get_receipts(history)
    timed = timed.take(timed.sold_at <= moment + CLOCK_TOLERANCE_SECONDS)
    timed = replace(timed, sold_at=np.minimum(timed.sold_at, moment))
    today = moment // SECONDS_A_DAY
    usual = get_usual_days(timed.take(timed.day < today), today, days)
    _window, window_day = _last_hour(timed.take(timed.is_sale), moment)
    count = int((window_day == today).sum())
    return Traffic(count, None if usual is None else get_usual(usual.sums(window_day)))


def compute_rest_of_day(
    history: pd.DataFrame, now: datetime, days: DominicanDays, day_forecast_cents: float
) -> float | None:
    """Compute how much of a day's forecast revenue is still to come, by the share usually sold later.

    Parameters
    ----------
    history, now, days
        As in `compute_day`.
    day_forecast_cents : float
        Forecast revenue of the whole day.

    Returns
    -------
    float or None
        Cents from `now` until midnight; None where nothing is usual.
    """
    today, second = divmod(wall_seconds(now), SECONDS_A_DAY)
    _everything, timed = get_receipts(history)
    past = timed.take(timed.day < today)
    usual = get_usual_days(past, today, days)
    if usual is None:
        return None
    whole = float(usual.sums(past.day, past.cents).sum())
    rest = past.take(past.second > second)
    return day_forecast_cents * float(usual.sums(rest.day, rest.cents).sum()) / whole if whole > 0 else None


def merge_live(
    previous: tuple[LiveInsight, ...], new: tuple[LiveInsight, ...], now: datetime
) -> tuple[LiveInsight, ...]:
    """Bring the standing insights up to date with those just computed.

    Parameters
    ----------
    previous : tuple of LiveInsight
        What stood before.
    new : tuple of LiveInsight
        What holds now, from `compute_live`.
    now : datetime
        Naive wall-clock time.

    Returns
    -------
    tuple of LiveInsight
        One per type and subject, most urgent first. What still holds keeps its `created_at` and takes the
        new numbers and expiry; what holds no longer stays until it expires, except that traffic is either
        busy or slow and that a clock put right is forgotten. An untrusted clock silences everything else.
    """
    standing = {
        (insight.type, insight.subject): insight
        for insight in previous
        if insight.created_at <= now < insight.expires_at
    }
    merged = {(insight.type, insight.subject): insight for insight in new}
    for key, insight in merged.items():
        if key in standing:
            merged[key] = replace(insight, created_at=standing[key].created_at)
    types = {insight.type for insight in new}
    if LiveType.CLOCK not in types:
        over = {LiveType.CLOCK} | (types & {LiveType.TRAFFIC})
        merged |= {
            key: insight
            for key, insight in standing.items()
            if key not in merged and insight.type not in over
        }
    return tuple(sorted(merged.values(), key=lambda insight: _ORDER.index(insight.type)))


def _clock_jump(sold_at: np.ndarray, now: datetime) -> LiveInsight | None:
    """The one thing to say when the last sale is in the future."""
    if sold_at.size == 0:
        return None
    last = moment_of(int(sold_at.max()))
    if last <= now + timedelta(seconds=CLOCK_TOLERANCE_SECONDS) and last.date() <= now.date():
        return None
    message = Reason.of("clock_jumped", now_at=wall_seconds(now), last_sale_at=wall_seconds(last))
    return LiveInsight(LiveType.CLOCK, "clock", message, ("check_clock",), 1.0, now, now + _EXPIRES["clock"])


def _against_usual(
    timed: Receipts, now: datetime, days: DominicanDays, rest_forecast_cents: float | None
) -> Iterator[LiveInsight]:
    """Traffic, mean basket and revenue where they are off what is usual."""
    moment = wall_seconds(now)
    today, second = divmod(moment, SECONDS_A_DAY)
    past = timed.take(timed.day < today)
    usual = get_usual_days(past, today, days)
    if usual is None:
        return
    sales = timed.take(timed.is_sale)
    window, window_day = _last_hour(sales, moment)
    is_now = window_day == today
    counts = usual.sums(window_day)
    yield from _traffic(int(is_now.sum()), counts, usual, now, is_open_at(sales, moment))
    basket = get_usual_basket(counts, usual.sums(window_day, window.cents))
    if basket and is_now.any():
        yield from _baskets(float(window.cents[is_now].mean()), basket, usual, now)
    if rest_forecast_cents is not None:
        rest = past.take(past.second > second)
        usual_cents = float(usual.sums(rest.day, rest.cents).mean())
        yield from _revenue(rest_forecast_cents, usual_cents, usual, now)


def _last_hour(sales: Receipts, moment: int) -> tuple[Receipts, np.ndarray]:
    """The sales of the hour before this time of the clock on every day, and the day each belongs to."""
    days_back, seconds_back = np.divmod(moment - sales.sold_at, SECONDS_A_DAY)
    is_inside = seconds_back < TRAFFIC_SECONDS
    return sales.take(is_inside), moment // SECONDS_A_DAY - days_back[is_inside]


def _traffic(
    count: int, counts: np.ndarray, usual: UsualDays, now: datetime, is_open: bool
) -> Iterator[LiveInsight]:
    """Busy or slow, when the last hour is."""
    mean = float(counts.mean())
    band = get_usual(counts)
    why = (usual.reason, Reason.of("usual_receipts", mean=mean, lo=band.lo, hi=band.hi))
    if mean > 0 and count > _BUSY * mean:
        yield LiveInsight(
            LiveType.TRAFFIC,
            "busy",
            Reason.of("traffic_busy", now=count, usual=mean),
            ("open_second_till", "refill_fast_movers", "prepare_change"),
            usual.confidence(0.9),
            now,
            now + _EXPIRES["busy"],
            why,
        )
    elif count < _SLOW * mean and is_open:
        yield LiveInsight(
            LiveType.TRAFFIC,
            "slow",
            Reason.of("traffic_slow", now=count, usual=mean),
            ("count_stock", "clean_and_refill", "prepare_next_peak"),
            usual.confidence(0.8),
            now,
            now + _EXPIRES["slow"],
            why,
        )


def _baskets(mean_cents: float, basket: Usual, usual: UsualDays, now: datetime) -> Iterator[LiveInsight]:
    """People buy more at a time than usual in the last hour."""
    if basket.mean > 0 and mean_cents > _BASKET * basket.mean:
        yield LiveInsight(
            LiveType.OPERATIONAL,
            "basket",
            Reason.of("basket_high", now_cents=round(mean_cents), usual_cents=round(basket.mean)),
            ("offer_complements", "have_bags_ready", "family_combos"),
            usual.confidence(0.7),
            now,
            now + _EXPIRES["basket"],
            (usual.reason,),
        )


def _revenue(rest_cents: float, usual_cents: float, usual: UsualDays, now: datetime) -> Iterator[LiveInsight]:
    """More is expected of the rest of the day than usual."""
    if usual_cents > 0 and rest_cents > _REVENUE * usual_cents:
        yield LiveInsight(
            LiveType.REVENUE,
            "rest_of_day",
            Reason.of("revenue_rest_high", expected_cents=round(rest_cents), usual_cents=round(usual_cents)),
            ("upsell", "everyone_on_floor", "stay_open_longer"),
            usual.confidence(0.8),
            now,
            now + _EXPIRES["rest_of_day"],
            (usual.reason,),
        )


def _demand(segments: Segments | NotEnough | None, now: datetime) -> list[LiveInsight]:
    """The segments that buy most at this hour, those that say what will be asked for first."""
    if not isinstance(segments, Segments):
        return []
    peaking = [segment for segment in segments.segments if now.hour in segment.peak_hours]
    peaking.sort(
        key=lambda segment: (_SEGMENT_ORDER.index(segment.type), -segment.receipts_by_hour[now.hour])
    )
    return [_segment_peak(segment, now) for segment in peaking]


def _segment_peak(segment: Segment, now: datetime) -> LiveInsight:
    """One segment at its peak; only what can be done is asked: no pair, no offer."""
    known = [category for category, _share in segment.top_categories if category is not Category.OTHER]
    categories = tuple(str(category) for category in known[:_NAMED_CATEGORIES])
    actions = ["stock_top_category"] if categories else []
    actions.append("fast_lane")
    why = [Reason.of("segment_peak_hours", segment=segment.segment_id, hours=segment.peak_hours)]
    if segment.usual_pair is not None:
        actions.append("offer_usual_pair")
        first, second, share = segment.usual_pair
        why.append(Reason.of("usual_pair", first=str(first), second=str(second), share=share))
    return LiveInsight(
        LiveType.PRODUCT_DEMAND,
        segment.segment_id,
        Reason.of("segment_peak", segment=segment.segment_id, hour=now.hour, categories=categories),
        tuple(actions),
        segment.confidence_score,
        now,
        now + _EXPIRES["segment"],
        tuple(why),
    )
