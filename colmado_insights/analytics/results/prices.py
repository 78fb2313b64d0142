"""What is answered about prices: how buyers answer them, what to charge, which costs ate the margin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from colmado_insights.analytics.results.answer import NotEnough
from colmado_insights.analytics.results.customers import Estimate
from colmado_insights.domain import Reason


class ElasticityType(StrEnum):
    """How units answer the price."""

    ELASTIC = "elastic"  # below −1
    UNIT = "unit"  # about −1: the interval holds it and it is within ± 0.1
    INELASTIC = "inelastic"  # −1 … 0
    UNUSUAL = "unusual"  # above 0


@dataclass(frozen=True, slots=True)
class Elasticity:
    """By how many per cent units change when the price changes by one, with its 95 % interval."""

    product_id: int
    elasticity: float  # shrunk towards the category's when weak
    lo95: float
    hi95: float
    r_squared: float  # of log units, controls included
    type: ElasticityType
    n_prices: int
    days: int  # with sales, used
    lowest_cents: int  # observed prices
    highest_cents: int
    raw: float  # the product's own, before shrinking
    own_weight: float  # 1 = nothing borrowed from the category
    category_elasticity: float | None
    left_out_share: float  # of units: by amount, discounts, out of stock
    until: date
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceRefusal:
    """A product whose price could not be judged, and what is missing (see `why_refused`)."""

    product_id: int
    why: NotEnough


@dataclass(frozen=True, slots=True)
class Elasticities:
    """How buyers of all products answer prices; who could not be judged is named with the reason."""

    found: tuple[Elasticity, ...]  # by product id
    refused: tuple[PriceRefusal, ...]
    categories: tuple[tuple[str, float], ...]  # those with a product whose price moved
    until: date
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class PricePoint:
    """What one price would bring in a week; profit is None without a cost. Money in cents."""

    price_cents: int
    units: Estimate
    revenue: Estimate
    profit: Estimate | None


@dataclass(frozen=True, slots=True)
class PriceAdvice:
    """The price that pays best inside what was tried ± 15 %, and what other prices would bring.

    Changes are per week against the current price, with 80 % intervals.
    """

    product_id: int
    elasticity: Elasticity
    current_cents: int
    optimal_cents: int  # equals current_cents when no change is sure to pay
    goal: str  # profit | revenue (without a cost)
    cost_cents: int | None
    grid_cents: int
    lowest_cents: int  # bounds of the advice
    highest_cents: int
    points: tuple[PricePoint, ...]  # on the grid between the bounds, ascending; the current price among them
    units_change: Estimate
    revenue_change: Estimate
    profit_change: Estimate | None
    until: date
    confidence: float
    reasons: tuple[Reason, ...] = ()  # price_…: what moved it, and what to mind
    step_cents: int = 0  # next on the way to the best: a tenth away at most, or one step of the grid
    step_change: Estimate | None = None  # of the goal at that price


@dataclass(frozen=True, slots=True)
class CostAlarm:
    """A cost that rose and ate the margin; the proposed price restores the margin share, on the grid."""

    product_id: int
    since: date
    old_cost_cents: int
    new_cost_cents: int
    price_cents: int
    old_margin: float  # shares of the price
    new_margin: float
    proposed_cents: int
    weekly_loss_cents: int  # profit lost a week at the present price and units
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceBoard:
    """All products' price advice at once, largest sure gain first; who could not be judged is counted."""

    advices: tuple[PriceAdvice, ...]
    alarms: tuple[CostAlarm, ...]
    judged: int
    refused: tuple[tuple[str, int], ...]  # unit of NotEnough, or by_amount … → products
    category_elasticities: tuple[tuple[str, float], ...]
    until: date
    reasons: tuple[Reason, ...] = ()
    refusals: tuple[PriceRefusal, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceWeek:
    """What a product sold in a week and what it cost then."""

    week: date  # its Monday
    units: float
    price_cents: int | None  # at the end of it; None before the first price is known


def why_refused(found: NotEnough) -> Reason:
    """Why a price could not be judged, ready to be put into words.

    Units are `prices`, `days`, `by_amount`, `open_price` (typed by hand at each sale), `receipts` (hardly
    sold lately) and `sales` (never sold).
    """
    return Reason.of(f"price_refused_{found.unit}", needed=found.needed, have=found.have)
