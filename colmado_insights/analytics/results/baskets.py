"""What is answered about what goes together: pairs, bundles, trends, seasons, recommendations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from colmado_insights.domain import Reason


class RecommendationKind(StrEnum):
    """Why one thing is recommended."""

    SIMILAR = "similar"
    CROSS_SELL = "cross_sell"
    UPSELL = "upsell"
    BUNDLE = "bundle"
    TRENDING = "trending"
    SEASONAL = "seasonal"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class ProductPair:
    """Two products that one receipt holds more often than chance makes."""

    first_id: int
    second_id: int
    receipts: int  # with both
    first_receipts: int
    second_receipts: int
    confidence: float  # of receipts with the first, share with the second
    lift: float
    lift_lo: float  # lower end of the 95 % interval
    held_out_lift: float | None  # on the last part of the window, which had no say
    hours: tuple[int, ...]  # when the pair is bought beyond its own share; empty when none stands out
    pay_phase: str  # before | payday | middle when it stands out, else ""
    gain_cents: int = 0  # a month, cautious, for offering the second; weighs pairs against each other


@dataclass(frozen=True, slots=True)
class ProductSet:
    """Three products that one receipt holds more often than their pairs explain."""

    product_ids: tuple[int, ...]
    receipts: int  # with all of them
    confidence: float  # of receipts with the first two, share with the third
    lift: float
    lift_lo: float


@dataclass(frozen=True, slots=True)
class BasketModel:
    """What each product says for each other in one basket, as plain numbers; places count in `product_ids`."""

    product_ids: tuple[int, ...]
    neighbours: tuple[tuple[int, ...], ...]  # of each product, the places it says most about
    pulls: tuple[tuple[int, ...], ...]  # and how much, in ten-thousandths
    constants: tuple[int, ...]  # what speaks for each product in any basket, ten-thousandths
    penalty: float
    half_life_days: int  # a receipt so old counts half; 0 = all count the same
    hit_rate: float  # at 5, leave one out, on the held-out last part
    popular_hit_rate: float
    coverage: float
    until: date
    cases: int = 0  # products taken out of baskets to measure the rates

    @property
    def is_better(self) -> bool:
        """Whether it completes more baskets than always offering what sells most, beyond chance."""
        variance = sum(rate * (1 - rate) for rate in (self.hit_rate, self.popular_hit_rate))
        return self.hit_rate - self.popular_hit_rate > 2 * math.sqrt(variance / max(1, self.cases))


@dataclass(frozen=True, slots=True)
class Bundle:
    """Two or three products offered as one."""

    product_ids: tuple[int, ...]
    single_cents: int  # what they cost apart
    price_cents: int  # on the price grid
    saving_cents: int
    receipts: int  # that held all of them
    expected_sales: float  # a month, cautious
    expected_profit_cents: int | None  # a month, against selling as now; None where a cost is unknown
    expected_revenue_cents: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ProductTrend:
    """A product that grows or falls against its own season and the shop, beyond chance."""

    product_id: int
    growth: float  # share, against what season and shop explain
    lo: float  # 95 %
    hi: float
    p_value: float  # corrected for the number of products looked at
    recent_units: float  # a week
    before_units: float


@dataclass(frozen=True, slots=True)
class SeasonalProduct:
    """A product whose time of the year is coming: months or an occasion in the next six weeks."""

    product_id: int
    occasion: str  # an occasion's id, or ""
    month: int  # 1-12, 0 when it is an occasion
    index: float  # 1 = as in other times
    lo: float
    hi: float
    seen: int  # years or occasions behind it


@dataclass(frozen=True, slots=True)
class Basket:
    """What goes together in this shop."""

    pairs: tuple[ProductPair, ...]  # by what offering the second would bring, best first
    bundles: tuple[Bundle, ...]
    trends: tuple[ProductTrend, ...]
    seasonal: tuple[SeasonalProduct, ...]
    receipts: int
    receipts_of_two: int  # with at least two products
    hit_rate: float | None  # at 5, leave one out, on the held-out last part
    popular_hit_rate: float | None  # of always offering what sells most
    coverage: float | None  # share of the selling products that get recommended
    first_day: date
    until: date
    confidence: float
    reasons: tuple[Reason, ...] = ()
    sets: tuple[ProductSet, ...] = ()  # of three, after the pairs


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One product recommended, and why."""

    product_id: int
    score: float  # 0-1 within its list
    why: Reason  # recommend_…
    reasons: tuple[Reason, ...] = ()

    @property
    def told(self) -> tuple[Reason, ...]:
        """All that is said of it."""
        return self.why, *self.reasons


@dataclass(frozen=True, slots=True)
class Recommendations:
    """A list for a product, a basket, a customer, or for the shop."""

    kind: RecommendationKind
    items: tuple[Recommendation, ...]
    until: date
    confidence: float
    reasons: tuple[Reason, ...] = ()
