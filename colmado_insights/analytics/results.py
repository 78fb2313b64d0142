"""What analyses answer: frozen records of values, intervals, confidence and reasons.

No words here: names, sentences and money formats belong to `text.py`. Money is in
cents, shares are 0-1, hours 0-23, weekdays 0 = Sunday.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from colmado_insights.domain import Category, Payment, Reason, Target


@dataclass(frozen=True, slots=True)
class NotEnough:
    """Too little data: a normal answer. `unit` is `days`, `receipts` or `prices`."""

    needed: int
    have: int
    unit: str
    until: date | None = None


class SegmentType(StrEnum):
    """The ways the same receipts are cut: three by rule, one learned from the baskets themselves."""

    TEMPORAL = "temporal"
    BASKET_VALUE = "basket_value"
    PRODUCT_PREFERENCE = "product_preference"
    LEARNED = "learned"


RULE_TYPES = (SegmentType.TEMPORAL, SegmentType.BASKET_VALUE, SegmentType.PRODUCT_PREFERENCE)
"""The types of the twelve rule segments."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment over the window; `segment_id` is a stable word such as `morning_commute` or `learned_3`."""

    segment_id: str
    type: SegmentType
    transaction_count: int
    share: float
    revenue_cents: int
    avg_basket_cents: int
    avg_items_per_basket: float
    peak_hours: tuple[int, ...]
    peak_days: tuple[int, ...]
    confidence_score: float
    top_categories: tuple[tuple[Category, float], ...]  # share of the segment's value
    payment_preferences: tuple[tuple[Payment, float], ...]
    frequency_pattern: str  # daily | weekly | occasional
    receipts_by_hour: tuple[int, ...]  # 24 counts
    growth: float | None  # receipts per open day against the window before; None without one
    usual_pair: tuple[Category, Category, float] | None  # of receipts with the first, share with the second
    reasons: tuple[Reason, ...] = ()
    name: Reason | None = None  # of a learned segment: what its name is made of


@dataclass(frozen=True, slots=True)
class Segments:
    """The twelve rule segments of one window; shares of a type plus `unassigned[type]` make 1."""

    segments: tuple[Segment, ...]
    unassigned: dict[SegmentType, float]
    receipts: int
    first_day: date
    until: date
    window_days: int


@dataclass(frozen=True, slots=True)
class KTrial:
    """One number of clusters tried: inertia for the elbow, mean silhouette and stability (ARI of halves)."""

    k: int
    inertia: float
    silhouette: float
    stability: float | None = None
    shuffled: float | None = None  # silhouette of the same data with every column shuffled
    smallest: float | None = None  # share of the smallest cluster


@dataclass(frozen=True, slots=True)
class LearnedSegments:
    """Segments that the baskets fall into by themselves, largest first, and how firm they are.

    `centres[i]` is the centre of `segments[i]` in standardised features: a value x of column j of
    `columns` stands as (x - means[j]) / scales[j]. The nearest centre is a new sale's segment.
    """

    segments: tuple[Segment, ...]  # type LEARNED; ids keep their meaning from run to run
    columns: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    centres: tuple[tuple[float, ...], ...]
    trials: tuple[KTrial, ...]
    silhouette: float
    shuffled_silhouette: float  # of the same data with every column shuffled: what chance alone gives
    stability: float  # mean adjusted Rand index between fits on halves
    seed_stability: float  # the same between seeds
    agreement: float | None  # adjusted Rand index with hierarchical clustering on a sample
    one_item_share: float  # receipts of one line, in which there is little to see
    receipts: int
    first_day: date
    until: date
    window_days: int
    reasons: tuple[Reason, ...] = ()
    next_number: int = 1  # of the next new id: one that was given is never given again


@dataclass(frozen=True, slots=True)
class Flow:
    """How many receipts of the window the last run put into `source` and this run into `target`."""

    source: str  # segment ids; "" = in none
    target: str
    receipts: int


@dataclass(frozen=True, slots=True)
class Migration:
    """What became of the segments of one run in the next, on the receipts of the later window."""

    before: date  # last day of the earlier run's data
    until: date
    flows: tuple[Flow, ...]
    names: tuple[tuple[str, Reason | None], ...]  # of every id named here, both runs
    stayed: float  # share of receipts whose segment kept its id


@dataclass(frozen=True, slots=True)
class SegmentWeek:
    """What one segment brought in a week that begins on Monday `week`."""

    week: date
    receipts: int
    revenue_cents: int
    open_days: int


@dataclass(frozen=True, slots=True)
class SegmentPerformance:
    """How one segment has done over the weeks, against the window before, and what to do with it."""

    segment_id: str
    type: SegmentType
    weeks: tuple[SegmentWeek, ...]  # oldest first
    revenue_share: float
    revenue_growth: float | None  # per open day against the window before
    receipts_growth: float | None
    is_beyond_noise: bool  # the change in receipts is more than chance makes
    strategy: Reason  # code strategy_…: what to do
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """One day ahead, in the target's unit (cents for revenue)."""

    day: date
    mean: float
    lo80: float
    hi80: float
    lo95: float
    hi95: float


@dataclass(frozen=True, slots=True)
class Driver:
    """What one cause adds to one day's forecast, in the target's unit.

    `reason.code` is one of weekday, payday, before_payday, holiday, eve, occasion, december, trend.
    """

    reason: Reason
    amount: float


@dataclass(frozen=True, slots=True)
class WeekError:
    """How one week of the back-test went: WAPE and bias, as shares of what was sold."""

    week: date
    wape: float
    naive_wape: float
    bias: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """Rolling-origin errors of the method used, the seasonal naive's beside them.

    WAPE = sum of absolute errors / sum of actuals; coverage is the share of days inside the interval.
    """

    wape: float
    naive_wape: float
    coverage80: float
    coverage95: float
    within15: float  # share of days within 15 % of what happened
    origins: int
    horizon: int
    weeks: tuple[WeekError, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast with its own back-test. `drivers[i]` explains `points[i]`."""

    target: Target
    model: str
    until: date
    points: tuple[ForecastPoint, ...]
    backtest: Backtest | None
    drivers: tuple[tuple[Driver, ...], ...]
    candidates: tuple[tuple[str, float], ...]  # (method, WAPE), best first
    confidence: float
    history: tuple[tuple[date, float], ...]  # the days before, for the chart
    reasons: tuple[Reason, ...] = ()
    category: Category | None = None  # of one category only
    product_id: int | None = None  # of one product only
    importance: tuple[
        tuple[str, float], ...
    ] = ()  # (feature group, loss in WAPE when it is shuffled), largest first


@dataclass(frozen=True, slots=True)
class HourPoint:
    """One hour ahead, in the target's unit."""

    day: date
    hour: int
    mean: float
    lo80: float
    hi80: float
    lo95: float
    hi95: float


@dataclass(frozen=True, slots=True)
class HourForecast:
    """A forecast by the hour; hours in which the shop is closed have no point."""

    target: Target
    model: str
    until: date
    points: tuple[HourPoint, ...]
    backtest: Backtest | None  # errors of single hours
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackedWeek:
    """How one week of forecasts turned out; `is_kept` tells those made at the time from the back-test's."""

    week: date  # first day forecast
    wape: float
    naive_wape: float
    bias: float
    coverage80: float
    days: int
    model: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class ModelTrack:
    """A forecast against what happened since: errors by week, champion and challengers, drift."""

    target: Target
    until: date
    model: str  # the champion now
    challengers: tuple[tuple[str, float], ...]  # (method, WAPE in the back-test), best first
    weeks: tuple[TrackedWeek, ...]  # oldest first
    wape: float
    naive_wape: float
    bias: float
    coverage80: float
    coverage95: float
    days: int  # scored
    changes: tuple[tuple[date, str], ...]  # from when which method was used
    drift: (
        Reason | None
    )  # drift_none, drift_worse, drift_bias_high, drift_bias_low …; None with too few weeks
    reasons: tuple[Reason, ...] = ()


class Verdict(StrEnum):
    """How a number stands to what is normal: different only when beyond noise."""

    MORE = "more"
    AS_USUAL = "as_usual"
    LESS = "less"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Normal:
    """What is normal for one day (or a stretch of it): by weekday, pay phase and kind of holiday.

    `lo` and `hi` hold 80 % of such days, `lo95` and `hi95` 95 %. `like` tells which days stand behind it.
    """

    mean: float
    lo: float
    hi: float
    lo95: float
    hi95: float
    days: int  # of the shop's history that it was learnt from
    like: Reason  # normal_like: weekday, pay_phase, holiday
    parts: tuple[Driver, ...]  # what pay phase, holiday, occasion add to a plain such weekday
    verdict: Verdict = Verdict.UNKNOWN  # of the number it is compared with


@dataclass(frozen=True, slots=True)
class Usual:
    """What is normal for a stretch of the day: mean and the band that 8 of 10 such days fall into."""

    mean: float
    lo: float
    hi: float
    days: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """Receipts of the last 60 minutes, and the usual number at this time."""

    count: int
    usual: Usual | None


@dataclass(frozen=True, slots=True)
class DayView:
    """One day against what is normal for it, up to `until`.

    `usual_*` compare the same clock window (from opening to `until`); `normal` says which days stand
    behind "usual" (code `normal_like` or `normal_all_weekdays`); the verdicts say what is beyond noise.
    """

    day: date
    until: datetime
    is_open_day: bool  # False: no sale yet on this day
    revenue_cents: int
    receipts: int
    avg_basket_cents: int | None
    usual_revenue: Usual | None
    usual_receipts: Usual | None
    usual_basket: Usual | None
    remaining_revenue: Usual | None  # still to come until closing, from the usual hours ahead
    hours: tuple[int, ...]  # the opening hours shown, ascending
    receipts_by_hour: tuple[int | None, ...]  # None = still ahead
    usual_by_hour: tuple[Usual | None, ...]
    normal: Reason | None
    verdict_revenue: Verdict = Verdict.UNKNOWN
    verdict_receipts: Verdict = Verdict.UNKNOWN
    verdict_basket: Verdict = Verdict.UNKNOWN
    parts: tuple[Driver, ...] = ()  # what pay phase, holiday, occasion add to the usual revenue


@dataclass(frozen=True, slots=True)
class NormalSpan:
    """A stretch of whole days against what is normal for such a stretch, verdicts included.

    `basket` is the mean purchase; each is None where too little is known.
    """

    first: date
    last: date
    revenue: Normal | None
    receipts: Normal | None
    basket: Normal | None
    open_days: int  # on which the shop usually opens
    until: date  # last day learnt from


@dataclass(frozen=True, slots=True)
class HourPattern:
    """Mean receipts and revenue per open day for each weekday (0 = Sunday) and hour."""

    receipts: tuple[tuple[float, ...], ...]  # 7 x 24
    revenue_cents: tuple[tuple[float, ...], ...]  # 7 x 24
    open_days: tuple[int, ...]  # days seen of each weekday
    first_day: date
    until: date


@dataclass(frozen=True, slots=True)
class Effect:
    """A factor on a plain day (1 = none) with its 95 % interval, and the days it was seen on."""

    factor: float
    lo: float
    hi: float
    days: int


@dataclass(frozen=True, slots=True)
class PayCurve:
    """The pay cycle: how each day around a pay day stands to a plain day of its weekday."""

    target: Target
    points: tuple[tuple[int, Effect], ...]  # days after the nearest pay day, ascending; before it < 0
    first_day: date
    until: date
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Seasons:
    """Weekdays, months, holidays and the long run, each freed of the others."""

    target: Target
    weekdays: tuple[Effect, ...]  # 0 = Sunday
    months: tuple[tuple[int, Effect], ...]  # 1-12; only months seen, and only with a year of data
    holidays: tuple[tuple[str, Effect], ...]  # ids of holidays and occasions seen
    levels: tuple[tuple[date, float], ...]  # first day of each month → mean a day with sales
    trend: Effect | None  # growth factor a year
    shifts: tuple[tuple[date, float], ...]  # from this day on the level was so many times the one before
    first_day: date
    until: date
    reasons: tuple[Reason, ...] = ()


class LiveType(StrEnum):
    """The kinds of live insight; at most one stands per kind and subject."""

    TRAFFIC = "traffic"
    PRODUCT_DEMAND = "product_demand"
    REVENUE = "revenue"
    OPERATIONAL = "operational"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class LiveInsight:
    """One useful sentence of this moment; `actions` are codes, `why` holds the numbers behind it."""

    type: LiveType
    subject: str  # busy | slow | a segment_id | rest_of_day | basket | …
    message: Reason
    actions: tuple[str, ...]
    confidence: float
    created_at: datetime
    expires_at: datetime
    why: tuple[Reason, ...] = field(default_factory=tuple)
