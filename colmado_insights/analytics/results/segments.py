"""What is answered about segments: by rule and learned, how they move and what they bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from colmado_insights.domain import Category, Payment, Reason


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
    pay_lift: float | None = None  # receipts a day while pay is spent against other days; None within noise
