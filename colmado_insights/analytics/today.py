"""The few sentences worth saying right now, against what is usual.

What is usual, `usual.py` knows; where nothing is, nothing is compared. A day runs from midnight to midnight,
as in the daily sums; the window of the last hour, and the usual beside it, may reach across midnight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from colmado_insights.analytics.alcohol import AlcoholHours
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
    OpenDays,
    Receipts,
    Timeline,
    UsualDays,
    get_candidate_days,
    get_receipts,
    get_usual,
    is_shop_open,
)
from colmado_insights.domain import SECONDS_A_DAY, Category, Reason, day_of, moment_of, wall_seconds

__all__ = [
    "HISTORY_COLUMNS",
    "Today",
    "compute_live",
    "compute_rest_of_day",
    "compute_traffic",
    "find_clock_jump",
    "is_shop_open",
    "merge_live",
    "pushes_alcohol",
    "today_of",
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
_ALCOHOL_SEGMENT = "beer_and_snacks"

LONGEST_LIFE = max(_EXPIRES.values())
"""What was said longer ago than this has expired."""


class Today:
    """The rules of one day, ready to be asked about any moment of it; a moment never sees what comes after it.

    Parameters
    ----------
    timed : Receipts
        Receipts that have a time, of the last 60 days with data up to and including the day, in any order.
    today : int
        Day number.
    days : DominicanDays
        The shop's calendar.
    segments : Segments, optional
        The rule segments as of the day before; without them nothing is said about demand.
    day_forecast_cents : float, optional
        Revenue of the whole day as forecast before it; without it nothing is said about revenue.
    alcohol_hours : AlcoholHours, optional
        When alcohol may be sold; nothing tells to push it outside of them.
    """

    def __init__(
        self,
        timed: Receipts,
        today: int,
        days: DominicanDays,
        *,
        segments: Segments | NotEnough | None = None,
        day_forecast_cents: float | None = None,
        alcohol_hours: AlcoholHours | None = None,
    ) -> None:
        self._days = days
        self._segments = segments if isinstance(segments, Segments) else None
        self._day_forecast_cents = day_forecast_cents
        self._alcohol_hours = alcohol_hours or AlcoholHours()
        sales, past = timed.take(timed.is_sale), timed.take(timed.day < today)
        self._sales, self._past = Timeline.of(sales), Timeline.of(past)
        self._open_days = OpenDays.of(sales.sold_at)
        self._candidates = get_candidate_days(past, today, days)
        self._usual = self._candidates.choose()

    def find(self, now: datetime, rest_forecast_cents: float | None = None) -> tuple[LiveInsight, ...]:
        """The insights that hold at a moment of the day, most urgent first, one of each type and subject."""
        if rest_forecast_cents is None:
            rest_forecast_cents = self.rest_of_day(now)
        found = [*self._against_usual(now, rest_forecast_cents), *self._demand(now)]
        return tuple(sorted(found, key=lambda insight: _ORDER.index(insight.type)))

    def traffic(self, now: datetime) -> Traffic:
        """The sales of the last hour, and how many are usual."""
        count, _cents = self._last_hour(now)
        if self._usual is None:
            return Traffic(count, None)
        counts, _sums = self._hours_of(self._usual.numbers, now)
        return Traffic(count, get_usual(counts))

    def is_open(self, now: datetime) -> bool:
        """Tell whether the shop is open, as far as its sales can tell (see `is_shop_open`)."""
        return self._open_days.is_open(wall_seconds(now))

    def rest_of_day(self, now: datetime) -> float | None:
        """Cents of the day's forecast still to come, by the share usually sold later; None without a forecast."""
        if self._day_forecast_cents is None or self._usual is None:
            return None
        midnight = self._usual.numbers * SECONDS_A_DAY
        _receipts, whole = self._past.sums(midnight - 1, midnight + SECONDS_A_DAY - 1)
        total = float(whole.sum())
        if total <= 0:
            return None
        return self._day_forecast_cents * float(self._rest_of(self._usual, now).sum()) / total

    def _last_hour(self, now: datetime) -> tuple[int, int]:
        """Receipts and cents of the last hour."""
        moment = np.array([wall_seconds(now)])
        count, cents = self._sales.sums(moment - TRAFFIC_SECONDS, moment)
        return int(count[0]), int(cents[0])

    def _hours_of(self, numbers: np.ndarray, now: datetime) -> tuple[np.ndarray, np.ndarray]:
        """Receipts and cents of the same hour by the clock on each of these days."""
        moments = numbers * SECONDS_A_DAY + wall_seconds(now) % SECONDS_A_DAY
        return self._sales.sums(moments - TRAFFIC_SECONDS, moments)

    def _rest_of(self, usual: UsualDays, now: datetime) -> np.ndarray:
        """Cents sold after this time of the clock on each of these days."""
        midnight = usual.numbers * SECONDS_A_DAY
        _receipts, cents = self._past.sums(
            midnight + wall_seconds(now) % SECONDS_A_DAY, midnight + SECONDS_A_DAY - 1
        )
        return cents

    def _against_usual(self, now: datetime, rest_forecast_cents: float | None) -> Iterator[LiveInsight]:
        """Traffic, mean basket and revenue where they are off what is usual."""
        if self._usual is None:
            return
        count, cents = self._last_hour(now)
        counts, _sums = self._hours_of(self._usual.numbers, now)
        yield from _traffic(count, counts, self._usual, now, self.is_open(now))
        if count:
            yield from self._baskets(cents / count, now)
        if rest_forecast_cents is not None:
            yield from _revenue(rest_forecast_cents, self._rest_of(self._usual, now), self._usual, now)

    def _baskets(self, mean_cents: float, now: datetime) -> Iterator[LiveInsight]:
        """The last hour's mean basket against that of the days that sold in the same hour."""
        counts, sums = self._hours_of(self._candidates.numbers, now)
        has_sold = counts > 0
        usual = self._candidates.choose(has_sold)
        if usual is None:
            return
        baskets = (sums[has_sold] / counts[has_sold])[
            np.isin(self._candidates.numbers[has_sold], usual.numbers)
        ]
        yield from _basket(mean_cents, baskets, usual, now)

    def _demand(self, now: datetime) -> list[LiveInsight]:
        """The segments that buy most at this hour, those that say what will be asked for first."""
        if self._segments is None:
            return []
        alcohol_until = self._alcohol_hours.close_of(now, self._days)
        peaking = [segment for segment in self._segments.segments if now.hour in segment.peak_hours]
        peaking.sort(
            key=lambda segment: (_SEGMENT_ORDER.index(segment.type), -segment.receipts_by_hour[now.hour])
        )
        found = (_segment_peak(segment, now, alcohol_until) for segment in peaking)
        return [insight for insight in found if insight is not None]


def compute_live(
    history: pd.DataFrame,
    now: datetime,
    days: DominicanDays,
    *,
    segments: Segments | NotEnough | None = None,
    rest_forecast_cents: float | None = None,
    alcohol_hours: AlcoholHours | None = None,
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
        Forecast revenue from now until midnight, as `compute_rest_of_day` says; without it nothing is said
        about revenue.
    alcohol_hours : AlcoholHours, optional
        When alcohol may be sold; nothing tells to push it outside of them.

    Returns
    -------
    tuple of LiveInsight
        At most one of each type and subject; only one CLOCK when the clock cannot be trusted. Its
        `confidence` is that of the rule with four or more same weekdays behind "usual", and falls in
        proportion below, another weekday counting half; that of a segment is the segment's own.
    """
    now = now.replace(microsecond=0)
    if jump := find_clock_jump(history, now):
        return (jump,)
    today = today_of(history, now, days, segments=segments, alcohol_hours=alcohol_hours)
    return today.find(now, rest_forecast_cents)


def today_of(
    history: pd.DataFrame,
    now: datetime,
    days: DominicanDays,
    *,
    segments: Segments | NotEnough | None = None,
    day_forecast_cents: float | None = None,
    alcohol_hours: AlcoholHours | None = None,
) -> Today:
    """The rules of the day of `now`; what a till whose clock is a little ahead sold counts as sold now."""
    _everything, timed = get_receipts(history)
    moment = wall_seconds(now)
    timed = timed.take(timed.sold_at <= moment + CLOCK_TOLERANCE_SECONDS)
    timed = replace(timed, sold_at=np.minimum(timed.sold_at, moment))
    return Today(
        timed,
        moment // SECONDS_A_DAY,
        days,
        segments=segments,
        day_forecast_cents=day_forecast_cents,
        alcohol_hours=alcohol_hours,
    )


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
    return today_of(history, now, days).traffic(now)


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
    return today_of(history, now, days, day_forecast_cents=day_forecast_cents).rest_of_day(now)


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
        One per type and subject, most urgent first, what holds now before what held. What still holds
        keeps its `created_at` and takes the new numbers and expiry; what holds no longer stays until it
        expires, except that traffic is either busy or slow and that a clock put right is forgotten. An
        untrusted clock silences everything else.
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
            for key, insight in sorted(standing.items(), key=_by_freshness)
            if key not in merged and insight.type not in over
        }
    return tuple(sorted(merged.values(), key=lambda insight: _ORDER.index(insight.type)))


def pushes_alcohol(insight: LiveInsight) -> bool:
    """Tell whether an insight asks for alcohol, by its segment, its families or its pair."""
    if insight.type is not LiveType.PRODUCT_DEMAND:
        return False
    if insight.subject == _ALCOHOL_SEGMENT:
        return True
    said = [dict(reason.values) for reason in (insight.message, *insight.why)]
    pair = [reason.get(name) for reason in said for name in ("first", "second")]
    families = [family for reason in said for family in reason.get("categories", ())]
    return Category.ALCOHOL in (*pair, *families)


def _by_freshness(item: tuple[tuple[LiveType, str], LiveInsight]) -> tuple[int, str]:
    """What held last goes first, whatever order it was kept in."""
    (_kind, subject), insight = item
    return -wall_seconds(insight.expires_at), subject


def find_clock_jump(history: pd.DataFrame, now: datetime) -> LiveInsight | None:
    """The one thing to say when the last sale is in the future, or the PC's date before it; else None."""
    everything, _timed = get_receipts(history)
    if everything.sold_at.size == 0:
        return None
    last = moment_of(int(everything.sold_at.max()))
    if last <= now + timedelta(seconds=CLOCK_TOLERANCE_SECONDS) and last.date() <= now.date():
        return None
    message = Reason.of("clock_jumped", now_at=wall_seconds(now), last_sale_at=wall_seconds(last))
    return LiveInsight(LiveType.CLOCK, "clock", message, ("check_clock",), 1.0, now, now + _EXPIRES["clock"])


def _by_day(usual: UsualDays, values: np.ndarray) -> tuple[tuple[str, int], ...]:
    """What each day behind "usual" brought, the newest first."""
    pairs = zip(usual.numbers.tolist(), values.tolist(), strict=True)
    return tuple((day_of(number).isoformat(), round(value)) for number, value in pairs)[::-1]


def _traffic(
    count: int, counts: np.ndarray, usual: UsualDays, now: datetime, is_open: bool
) -> Iterator[LiveInsight]:
    """Busy or slow, when the last hour is."""
    mean = float(counts.mean())
    band = get_usual(counts)
    why = (
        usual.reason,
        Reason.of("usual_receipts", mean=mean, lo=band.lo, hi=band.hi),
        Reason.of("receipts_by_day", by_day=_by_day(usual, counts)),
    )
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


def _basket(mean_cents: float, baskets: np.ndarray, usual: UsualDays, now: datetime) -> Iterator[LiveInsight]:
    """People buy more at a time than usual in the last hour."""
    basket = get_usual(baskets)
    if basket.mean > 0 and mean_cents > _BASKET * basket.mean:
        yield LiveInsight(
            LiveType.OPERATIONAL,
            "basket",
            Reason.of("basket_high", now_cents=round(mean_cents), usual_cents=round(basket.mean)),
            ("offer_complements", "have_bags_ready", "family_combos"),
            usual.confidence(0.7),
            now,
            now + _EXPIRES["basket"],
            (
                usual.reason,
                _money_band("usual_basket", basket),
                Reason.of("baskets_by_day", by_day_cents=_by_day(usual, baskets)),
            ),
        )


def _revenue(rest_cents: float, rests: np.ndarray, usual: UsualDays, now: datetime) -> Iterator[LiveInsight]:
    """More is expected of the rest of the day than usual."""
    rest = get_usual(rests)
    if rest.mean > 0 and rest_cents > _REVENUE * rest.mean:
        yield LiveInsight(
            LiveType.REVENUE,
            "rest_of_day",
            Reason.of("revenue_rest_high", expected_cents=round(rest_cents), usual_cents=round(rest.mean)),
            ("upsell", "everyone_on_floor", "stay_open_longer"),
            usual.confidence(0.8),
            now,
            now + _EXPIRES["rest_of_day"],
            (
                usual.reason,
                _money_band("usual_rest", rest),
                Reason.of("rest_by_day", by_day_cents=_by_day(usual, rests)),
            ),
        )


def _money_band(code: str, usual: Usual) -> Reason:
    return Reason.of(code, mean_cents=round(usual.mean), lo_cents=round(usual.lo), hi_cents=round(usual.hi))


def _segment_peak(segment: Segment, now: datetime, alcohol_until: datetime | None) -> LiveInsight | None:
    """One segment at its peak; only what can be done is asked: no pair, no offer, no alcohol out of its hours.

    A segment that is about alcohol has nothing to say while it may not be sold.
    """
    known = [category for category, _share in segment.top_categories if category is not Category.OTHER]
    pair = segment.usual_pair
    if alcohol_until is None:
        if segment.segment_id == _ALCOHOL_SEGMENT or known == [Category.ALCOHOL]:
            return None
        known = [category for category in known if category is not Category.ALCOHOL]
        pair = None if pair is not None and Category.ALCOHOL in pair else pair
    categories = tuple(str(category) for category in known[:_NAMED_CATEGORIES])
    actions = ["stock_top_category"] if categories else []
    actions.append("fast_lane")
    why = [
        Reason.of("segment_peak_hours", segment=segment.segment_id, hours=segment.peak_hours),
        *segment.reasons,
    ]
    if pair is not None:
        actions.append("offer_usual_pair")
        first, second, share = pair
        why.append(Reason.of("usual_pair", first=str(first), second=str(second), share=share))
    insight = LiveInsight(
        LiveType.PRODUCT_DEMAND,
        segment.segment_id,
        Reason.of(
            "segment_peak" if categories else "segment_peak_plain",
            segment=segment.segment_id,
            hour=now.hour,
            categories=categories,
        ),
        tuple(actions),
        segment.confidence_score,
        now,
        now + _EXPIRES["segment"],
        tuple(why),
    )
    if alcohol_until is None or not pushes_alcohol(insight):
        return insight
    return replace(insight, expires_at=min(insight.expires_at, alcohol_until))
