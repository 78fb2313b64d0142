"""How segments have done over the weeks, whether a change is more than chance, and what to do."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import Segment, SegmentPerformance, SegmentWeek
from colmado_insights.analytics.segments import WINDOW_DAYS
from colmado_insights.domain import DAILY_COLUMNS, PAY_PHASES, PayPhase, Reason, day_number, day_of

SEGMENT_DAY_COLUMNS: dict[str, str] = {
    "day": "int64",
    "segment": "int64",  # position in the segments looked at
    "receipts": "int64",
    "revenue_cents": "int64",
}
"""One row a day and segment with at least one receipt."""

WEEKS = 26
DEVIATIONS = 2.58
"""A change must be so many standard deviations from none: 1 %, because two dozen segments are looked at."""

_COMPARED_RECEIPTS = 10
_FEW_RECEIPTS = 30
_MAJOR_SHARE, _MAJOR_PARTS, _MAJOR_ANYWAY = 0.20, 1.2, 0.30
"""A segment is major with a fifth of the income that is more than its even part among those of its type, or with
three tenths of it."""
_RUSH_SHARE, _RUSH_LINES, _RUSH_PART = 0.5, 1.8, 0.05
_SMALL_BASKET, _FEW_LINES = 0.8, 1.8

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Days:
    """Sums of every open day; the window is the last part of them, the window before it the part before."""

    day: Counts
    is_now: NDArray[np.bool_]
    is_before: NDArray[np.bool_]
    revenue: Counts  # of all sales, cents
    receipts: Counts
    window_days: int

    @property
    def is_comparable(self) -> bool:
        """True when the window before had at least half as many open days."""
        return bool(2 * self.is_before.sum() >= self.is_now.sum())


def compute_performance(
    sums: pd.DataFrame,
    daily: pd.DataFrame,
    segments: Sequence[Segment],
    *,
    until: date,
    window_days: int = WINDOW_DAYS,
    calendar: DominicanDays | None = None,
) -> tuple[SegmentPerformance, ...]:
    """Compute how each segment has done, and what to do with it.

    Parameters
    ----------
    sums : DataFrame
        SEGMENT_DAY_COLUMNS, in any order.
    daily : DataFrame
        DAILY_COLUMNS: which days were open, and what all segments together brought.
    segments : sequence of Segment
        The segments with their profile over the window.
    until : date
        Last day looked at; the window ends on the last open day up to it.
    window_days : int
        Length of the window and of the one before it.
    calendar : DominicanDays, optional
        The shop's pay days; without them there is no `pay_lift`.

    Returns
    -------
    tuple of SegmentPerformance
        One a segment, in their order; empty when no day was open. Growth is per open day, and None where
        the window before had under half as many open days or the segment under 10 receipts in it.

    Notes
    -----
    A change in receipts is beyond noise when the log of the ratio of the two windows' rates is 2.58
    standard deviations from 0. Rates are per open day weighted by the segment's own weekdays, since one
    window may hold a weekend more. Counts vary more than Poisson: their variance is taken as φ times the
    mean, with φ = Pearson's χ² of the days over its degrees of freedom, never under 1 [1]_. What pay days
    lift is told by the same test, between the days on which pay is spent and all other days of the weeks.

    References
    ----------
    .. [1] P. McCullagh, J. A. Nelder, "Generalized Linear Models", 2nd ed. (1989), section 4.5.
    """
    check_frame(sums, SEGMENT_DAY_COLUMNS, "sums")
    check_frame(daily, DAILY_COLUMNS, "daily")
    days = _open_days(daily, day_number(until), window_days)
    if days is None:
        return ()
    receipts = _table(sums, "receipts", days, len(segments))
    revenue = _table(sums, "revenue_cents", days, len(segments))
    of_type = Counter(segment.type for segment in segments)
    is_pay = None if calendar is None else _pay_days(days, calendar)
    return tuple(
        _performance(
            segment,
            receipts[row],
            revenue[row],
            days,
            major_share=min(max(_MAJOR_SHARE, _MAJOR_PARTS / of_type[segment.type]), _MAJOR_ANYWAY),
            is_pay=is_pay,
        )
        for row, segment in enumerate(segments)
    )


def _open_days(daily: pd.DataFrame, until: int, window_days: int) -> _Days | None:
    """The open days of the weeks shown and of both windows, ascending."""
    daily = daily[(daily["receipts"].to_numpy() > 0) & (daily["day"].to_numpy() <= until)].sort_values("day")
    if daily.empty:
        return None
    day = daily["day"].to_numpy()
    last = int(day[-1])
    is_wanted = day > last - max(2 * window_days, 7 * WEEKS)
    day = day[is_wanted]
    return _Days(
        day=day,
        is_now=day > last - window_days,
        is_before=(day > last - 2 * window_days) & (day <= last - window_days),
        revenue=(daily["revenue_cents"] + daily["returns_cents"]).to_numpy()[is_wanted],
        receipts=daily["receipts"].to_numpy()[is_wanted],
        window_days=window_days,
    )


def _table(sums: pd.DataFrame, column: str, days: _Days, segments: int) -> Counts:
    """One row a segment, one column an open day."""
    day, segment = sums["day"].to_numpy(), sums["segment"].to_numpy()
    place = np.minimum(np.searchsorted(days.day, day), days.day.size - 1)
    is_open = days.day[place] == day
    table = np.zeros((segments, days.day.size), dtype=np.int64)
    np.add.at(table, (segment[is_open], place[is_open]), sums[column].to_numpy()[is_open])
    return table


def _performance(
    segment: Segment,
    receipts: Counts,
    revenue: Counts,
    days: _Days,
    major_share: float,
    is_pay: NDArray[np.bool_] | None,
) -> SegmentPerformance:
    """One segment's performance."""
    is_compared = days.is_comparable and int(receipts[days.is_before].sum()) >= _COMPARED_RECEIPTS
    receipts_growth = _growth(receipts, days) if is_compared else None
    is_beyond_noise = (
        is_compared and _change_beyond_noise(receipts, days, days.is_now, days.is_before) is not None
    )
    earned, whole = int(revenue[days.is_now].sum()), int(days.revenue[days.is_now].sum())
    share = min(max(earned / whole, 0.0), 1.0) if whole > 0 else 0.0  # sums below zero are no share
    real_growth = receipts_growth if is_beyond_noise and receipts_growth else 0.0
    strategy, own_reasons = _strategy(segment, share >= major_share, real_growth, days)
    return SegmentPerformance(
        segment_id=segment.segment_id,
        type=segment.type,
        weeks=_weeks(receipts, revenue, days),
        revenue_share=share,
        revenue_growth=_growth(revenue, days) if is_compared else None,
        receipts_growth=receipts_growth,
        is_beyond_noise=is_beyond_noise,
        strategy=strategy,
        why=(
            Reason.of("segment_earns", share=share),
            _change(receipts_growth, is_beyond_noise, days.window_days),
            *own_reasons,
        ),
        pay_lift=None if is_pay is None else _pay_lift(receipts, days, is_pay),
    )


def _pay_lift(receipts: Counts, days: _Days, is_pay: NDArray[np.bool_]) -> float | None:
    """How much more they come while pay is spent; None within noise, or where they never come otherwise."""
    lift = _change_beyond_noise(receipts, days, is_pay, ~is_pay)
    return None if lift is None or math.isinf(lift) else lift


def _pay_days(days: _Days, calendar: DominicanDays) -> NDArray[np.bool_]:
    """Which days pay is spent on."""
    frame = calendar.frame(day_of(int(days.day[0])), day_of(int(days.day[-1])))
    is_pay = frame["pay_phase"].to_numpy() == PAY_PHASES.index(PayPhase.PAYDAY)
    return np.asarray(is_pay[days.day - days.day[0]], dtype=bool)


def _growth(values: Counts, days: _Days) -> float | None:
    """Growth per open day against the window before; None where that had nothing."""
    before = values[days.is_before].sum() / max(int(days.is_before.sum()), 1)
    now = values[days.is_now].sum() / int(days.is_now.sum())
    return float(now / before - 1) if before > 0 else None


def _change_beyond_noise(
    receipts: Counts, days: _Days, is_now: NDArray[np.bool_], is_before: NDArray[np.bool_]
) -> float | None:
    """How much more comes on some days than on others, of equal weekdays; None where days differ as much anyway."""
    weekday = (days.day + 4) % 7
    is_either = is_now | is_before
    opened = np.bincount(weekday[is_either], minlength=7)
    of_weekday = np.bincount(weekday[is_either], receipts[is_either], minlength=7) / np.maximum(opened, 1)
    expected = of_weekday[weekday]
    now, before = ((float(receipts[part].sum()), float(expected[part].sum())) for part in (is_now, is_before))
    if min(*now, *before) <= 0:
        if now[0] + before[0] < _FEW_RECEIPTS:
            return None
        return -1.0 if now[0] <= 0 else math.inf
    level = np.where(is_now, now[0] / now[1], before[0] / before[1])
    fitted = (expected * level)[is_either]
    freedom = int(is_either.sum()) - int((of_weekday > 0).sum()) - 1
    misfit = float(((receipts[is_either] - fitted) ** 2 / np.maximum(fitted, 1e-9))[fitted > 0].sum())
    dispersion = max(1.0, misfit / max(freedom, 1))
    deviation = math.sqrt(dispersion * (1 / now[0] + 1 / before[0]))
    ratio = (now[0] / now[1]) / (before[0] / before[1])
    return ratio - 1 if abs(math.log(ratio)) >= DEVIATIONS * deviation else None


def _weeks(receipts: Counts, revenue: Counts, days: _Days) -> tuple[SegmentWeek, ...]:
    """The sums of each week from Monday, oldest first, from the first with an open day."""
    monday = days.day - (days.day + 3) % 7
    last = int(monday[-1])
    first = max(int(monday[0]), last - 7 * (WEEKS - 1))
    weeks = []
    for start in range(first, last + 1, 7):
        is_in = monday == start
        weeks.append(
            SegmentWeek(
                week=day_of(start),
                receipts=int(receipts[is_in].sum()),
                revenue_cents=int(revenue[is_in].sum()),
                open_days=int(is_in.sum()),
            )
        )
    return tuple(weeks)


def _change(growth: float | None, is_beyond_noise: bool, window_days: int) -> Reason:
    """How the receipts moved, in one reason."""
    if growth is None:
        return Reason.of("segment_not_compared")
    if not is_beyond_noise:
        return Reason.of("segment_as_before")
    if growth > 0:
        return Reason.of("segment_grew", share=growth, days=window_days)
    return Reason.of("segment_shrank", share=-growth, days=window_days)


def _strategy(
    segment: Segment, is_major: bool, real_growth: float, days: _Days
) -> tuple[Reason, tuple[Reason, ...]]:
    """What to do with a segment, and what beyond share and change speaks for it.

    The first rule that holds: too few receipts, less than before, more than before, much of the income,
    many quick purchases in few hours, purchases smaller than the house's.
    """
    if segment.transaction_count < _FEW_RECEIPTS:
        return Reason.of("strategy_wait"), ()
    if real_growth < 0:
        return Reason.of("strategy_win_back"), ()
    if real_growth > 0:
        return Reason.of("strategy_grow"), ()
    if is_major:
        return Reason.of("strategy_protect"), ()
    lines = Reason.of("segment_few_lines", lines_each=round(segment.avg_items_per_basket, 2))
    rush = _rush(segment)
    if rush is not None and segment.avg_items_per_basket <= _RUSH_LINES and segment.share >= _RUSH_PART:
        return Reason.of("strategy_serve_fast"), (rush, lines)
    now = days.is_now
    usual = days.revenue[now].sum() / max(int(days.receipts[now].sum()), 1)
    if segment.avg_basket_cents < _SMALL_BASKET * usual and segment.avg_items_per_basket < _FEW_LINES:
        money = Reason.of(
            "segment_basket", own_cents=segment.avg_basket_cents, usual_cents=round(float(usual))
        )
        return Reason.of("strategy_raise_basket"), (money, lines, *_pair(segment))
    return Reason.of("strategy_watch"), ()


def _pair(segment: Segment) -> tuple[Reason, ...]:
    """What could be offered with what they take, when two families go together."""
    if segment.usual_pair is None:
        return ()
    first, second, share = segment.usual_pair
    return (Reason.of("usual_pair", first=str(first), second=str(second), share=share),)


def _rush(segment: Segment) -> Reason | None:
    """The three busiest hours, when half of the receipts fall into them."""
    by_hour = np.array(segment.receipts_by_hour)
    busiest = np.argsort(-by_hour, kind="stable")[:3]
    part = by_hour[busiest].sum() / max(int(by_hour.sum()), 1)
    if part < _RUSH_SHARE:
        return None
    return Reason.of("segment_rush", share=float(part), hours=tuple(sorted(busiest.tolist())))
