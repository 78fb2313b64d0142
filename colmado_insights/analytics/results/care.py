"""What is answered about the care of products, and about what became of advice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from colmado_insights.analytics.results.customers import Estimate
from colmado_insights.domain import Category, Reason


@dataclass(frozen=True, slots=True)
class ProductCare:
    """One product's weight in the shop, its margin, and its stock where that is known. Window sums."""

    product_id: int
    category: Category
    abc: str  # A: the products of the first 80 % of revenue, B: of the next 15 %, C: the rest
    revenue_cents: int
    revenue_share: float
    units_milli: int
    margin_cents: int | None  # None without a cost
    margin_share: float | None
    costed_share: float  # of its revenue whose cost is known
    last_sold: date | None
    quiet_days: int | None  # since the last sale, in its own rhythm's words only where it stopped
    is_dead: bool  # sold before, not in the last 60 days and beyond its own rhythm
    stock_milli: int | None
    asleep_cents: int | None  # stock × cost of what is dead; None without stock or cost
    days_left: Estimate | None  # until sold out; None without stock or forecast
    reasons: tuple[Reason, ...] = ()
    stock_age_days: int | None = None  # since it was counted; None without stock


@dataclass(frozen=True, slots=True)
class MarginPart:
    """Margin of a category or supplier."""

    key: str  # category or supplier
    revenue_cents: int
    margin_cents: int  # of what has a cost
    margin_share: float | None
    costed_share: float
    products: int


@dataclass(frozen=True, slots=True)
class CareBoard:
    """All products' care."""

    products: tuple[ProductCare, ...]  # most revenue first
    by_category: tuple[MarginPart, ...]
    by_supplier: tuple[MarginPart, ...]  # empty where no supplier is known
    revenue_cents: int
    margin_cents: int | None
    costed_share: float
    asleep_cents: int | None
    dead: int
    first_day: date
    until: date
    window_days: int
    confidence: float
    reasons: tuple[Reason, ...] = ()


class Outcome(StrEnum):
    """What followed an advice, against what was expected without it."""

    BETTER = "better"
    AS_BEFORE = "as_before"
    WORSE = "worse"
    TOO_EARLY = "too_early"
    UNKNOWN = "unknown"  # not measurable


@dataclass(frozen=True, slots=True)
class AdviceOutcome:
    """What the 14 days after an advice brought. Cents, of the whole stretch."""

    outcome: Outcome
    expected: Estimate | None  # without the advice
    actual: float | None
    change: Estimate | None  # actual − expected
    promised_cents: int | None
    days: int  # of the 14 that have passed with the shop open
    until: date
    reasons: tuple[Reason, ...] = ()
