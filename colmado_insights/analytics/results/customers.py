"""What is answered about known customers: who they are, what they are worth, when they come again, what to do.

Customers are ids here; their names live in storage and never enter an analysis.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from colmado_insights.domain import Category, Payment, Reason


class CustomerSegment(StrEnum):
    """The eight RFM segments, best first."""

    CHAMPIONS = "champions"
    LOYAL = "loyal"
    POTENTIAL_LOYALISTS = "potential_loyalists"
    NEW = "new"
    PROMISING = "promising"
    NEED_ATTENTION = "need_attention"
    AT_RISK = "at_risk"
    LOST = "lost"


AT_RISK = 0.6
"""From this chance of not coming back on, a customer is at risk."""
LEAVING = frozenset({CustomerSegment.AT_RISK, CustomerSegment.LOST})
"""The segments of those who go or are gone."""


class RiskLevel(StrEnum):
    """How likely a customer is lost: below 0.3, AT_RISK, 0.8, and above."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class DecisionStyle(StrEnum):
    """How a customer chooses."""

    REGULAR = "regular"
    BARGAIN = "bargain"
    IMPULSE = "impulse"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 80 % interval."""

    mean: float
    lo: float
    hi: float


@dataclass(frozen=True, slots=True)
class ModelScore:
    """How one method did on held-out time, and whether it is the one used.

    `scores` are named by the field's terms: `mae`, `rmse`, `bias`, `spearman`, `auc`, `brier`, `ece`,
    `accuracy`, `base_rate`, `within3`.
    """

    method: str
    scores: tuple[tuple[str, float], ...]
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class RfmScore:
    """One customer's recency, frequency and monetary value with their fifths (1 worst … 5 best)."""

    customer_id: int
    recency_days: int
    frequency: int  # receipts in the window
    monetary_cents: int  # spent in the window
    rhythm_days: float  # the usual time between two visits, shrunk towards the shop's
    lateness: float  # recency in the customer's own rhythm: 1 = due now
    r: int
    f: int
    m: int
    segment: CustomerSegment
    cluster: int = -1  # position in Rfm.clusters; -1 without clusters


@dataclass(frozen=True, slots=True)
class RfmCluster:
    """A group that k-means finds on log recency, frequency and monetary value."""

    customers: int
    share: float
    revenue_share: float
    recency_days: float  # medians
    frequency: float
    monetary_cents: int
    name: Reason  # rfm_cluster_…: what sets it apart


@dataclass(frozen=True, slots=True)
class CustomerSegmentSummary:
    """One RFM segment as a whole: what it brings, how it changed, what to do, and whether that pays."""

    segment: CustomerSegment
    customers: int
    share: float
    revenue_cents: int  # of the window
    revenue_share: float
    avg_basket_cents: int
    receipts: int
    growth: float | None  # revenue per customer-day against the window before
    is_beyond_noise: bool
    strategy: Reason  # customer_strategy_…
    message: Reason  # customer_message_…: what to tell them, ready to copy
    return_on_spend: Estimate | None = None  # gain per peso of the suggested gift or discount; None unknown
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Rfm:
    """All known customers by recency, frequency and monetary value."""

    customers: tuple[RfmScore, ...]
    segments: tuple[CustomerSegmentSummary, ...]  # the eight, in the order of CustomerSegment
    clusters: tuple[RfmCluster, ...]  # empty with too few customers
    trials: tuple[tuple[int, float, float], ...]  # k, inertia, silhouette
    agreement: float | None  # adjusted Rand index between segments and clusters
    until: date
    window_days: int
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerMove:
    """A customer who changed segment between two month ends, and why."""

    customer_id: int
    source: CustomerSegment | None  # None = was not known yet
    target: CustomerSegment
    why: Reason  # move_…


@dataclass(frozen=True, slots=True)
class CustomerMigration:
    """Who moved between the RFM segments from one month end to the next."""

    before: date
    until: date
    flows: tuple[tuple[str, str, int], ...]  # source segment ("" = new), target, customers
    moves: tuple[CustomerMove, ...]  # the largest spenders first
    stayed: float


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What one customer is expected to spend in the horizon."""

    customer_id: int
    clv_cents: int
    lo_cents: int  # 80 %
    hi_cents: int
    simple_cents: int  # mean basket × yearly frequency × horizon
    visits: float  # expected
    alive: float  # probability of still being a customer


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """The value of all known customers, by the method that did best on the shop's own held-out time."""

    customers: tuple[Lifetime, ...]
    method: str  # bgnbd | mbgnbd | forest | boosting | blend | simple
    trials: tuple[ModelScore, ...]
    horizon_days: int
    until: date
    confidence: float
    reasons: tuple[Reason, ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()  # of the probabilistic model: r, alpha, a, b, p, q, v


@dataclass(frozen=True, slots=True)
class Churn:
    """How likely one customer does not come again within the horizon."""

    customer_id: int
    probability: float
    level: RiskLevel
    horizon_days: int  # max(30, 3 × the customer's rhythm)
    factors: tuple[Reason, ...]  # churn_factor_…, the weightiest first


@dataclass(frozen=True, slots=True)
class Churns:
    """The risk of all known customers, by the method that did best on held-out time; calibrated."""

    customers: tuple[Churn, ...]
    method: str  # rfm | logistic | forest | boosting | mbgnbd | blend | rhythm
    trials: tuple[ModelScore, ...]
    calibration: tuple[tuple[float, float, int], ...]  # (mean predicted, observed share, customers) a bin
    until: date
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class NextPurchase:
    """When one customer is expected next."""

    customer_id: int
    day: date
    lo: date  # 80 %
    hi: date
    within_week: float  # probability of coming within 7 days
    likely_day: date | None = None  # middle of the 7 days that most likely hold the visit


@dataclass(frozen=True, slots=True)
class NextPurchases:
    """When all known customers are expected next."""

    customers: tuple[NextPurchase, ...]
    method: str  # hazard | boosting | median_gap
    trials: tuple[ModelScore, ...]
    until: date
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Replenishment:
    """When one customer is expected to need a product again."""

    customer_id: int
    product_id: int
    day: date
    lo: date
    hi: date
    quantity_milli: int  # the usual
    times: int  # bought so far
    probability: float  # of buying it within lo … hi
    is_due: bool  # the interval has begun, or begins tomorrow


@dataclass(frozen=True, slots=True)
class Replenishments:
    """What is due for whom, soonest first; only products bought often and regularly enough."""

    items: tuple[Replenishment, ...]
    method: str
    trials: tuple[ModelScore, ...]
    until: date
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryChance:
    """How likely one customer buys of a category in the next 7 days."""

    customer_id: int
    category: Category
    probability: float


@dataclass(frozen=True, slots=True)
class CategoryChances:
    """The chances of all known customers in all categories they might buy of; calibrated."""

    items: tuple[CategoryChance, ...]  # by customer, likeliest first
    method: str
    trials: tuple[ModelScore, ...]
    until: date
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class NextAction:
    """What to do about one customer now."""

    customer_id: int
    what: Reason  # action_…
    why: tuple[Reason, ...]
    gain_cents: int  # expected, if it works
    probability: float  # that it works
    product_id: int | None = None

    @property
    def expected_cents(self) -> float:
        """What actions are ranked by."""
        return self.gain_cents * self.probability


@dataclass(frozen=True, slots=True)
class ProductHabit:
    """How one customer buys one product."""

    product_id: int
    category: Category
    times: int  # visits with it
    quantity_per_week_milli: int
    regularity: float | None  # 0 = by chance … 1 = like a clock; None with fewer than 3 purchases
    gap_days: float | None  # the usual time between two purchases
    last_day: date
    last_price_cents: int | None  # of one unit; None where it is sold by amount
    spent_cents: int


@dataclass(frozen=True, slots=True)
class BrandTaste:
    """A brand that one customer prefers where there was a choice."""

    brand: str
    category: Category
    share: float  # of the customer's branded purchases, in that category, of the things the brand makes
    confidence: float  # lower end of the 95 % interval of the share against what all others choose
    purchases: int


@dataclass(frozen=True, slots=True)
class CustomerProfile:
    """What one customer's purchases tell; everything up to `until`."""

    customer_id: int
    until: date
    first_day: date
    last_day: date
    receipts: int
    spent_cents: int
    avg_basket_cents: int
    avg_lines: float
    rhythm_days: float | None  # median time between visits; None with one visit
    months: tuple[tuple[date, int, int], ...]  # first of the month, receipts, cents; the last 24, gaps as 0
    hours: tuple[int, ...]  # receipts in each of 24 hours
    weekdays: tuple[int, ...]  # receipts on each weekday, 0 = Sunday
    preferred_hours: tuple[int, ...]  # beyond chance; empty when none stands out
    preferred_weekdays: tuple[int, ...]
    pay_phases: tuple[tuple[str, float], ...]  # share of receipts by PayPhase
    payments: tuple[tuple[Payment, float], ...]  # share of receipts, largest first
    credit_share: float  # of what was spent, on the account
    categories: tuple[tuple[Category, float], ...]  # share of spending, largest first
    habits: tuple[ProductHabit, ...]  # most often bought first, at most 30
    brands: tuple[BrandTaste, ...]
    style: DecisionStyle
    style_confidence: float
    style_reasons: tuple[Reason, ...]
    loyalty: tuple[Reason, ...]  # loyalty_…: signs of it, or of its loss
    recent: tuple[tuple[int, date, int, int], ...]  # the last 20 receipts: sale id, day, cents, lines
    confidence: float = 0.0
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerOutlook:
    """Everything that the batch says of one customer, kept as one record; a part is None without an answer."""

    customer_id: int
    until: date
    first_day: date
    last_day: date
    receipts: int
    spent_cents: int  # in the window
    rfm: RfmScore
    lifetime: Lifetime | None = None
    churn: Churn | None = None
    next: NextPurchase | None = None
    chances: tuple[CategoryChance, ...] = ()
    due: tuple[Replenishment, ...] = ()
    action: NextAction | None = None
    more_actions: tuple[NextAction, ...] = ()

    @property
    def risk(self) -> float:
        """Chance of not coming back; 0 where nobody can say."""
        return self.churn.probability if self.churn else 0.0

    @property
    def stake_cents(self) -> int:
        """What a year of them brings if they come as they used to: what is lost with them."""
        return self.lifetime.simple_cents if self.lifetime else self.spent_cents

    @property
    def is_leaving(self) -> bool:
        """Worth a word to win them back: at risk, or in a segment of those who go."""
        return self.risk >= AT_RISK or self.rfm.segment in LEAVING


@dataclass(frozen=True, slots=True)
class CustomerModels:
    """Which methods answered in a batch, and how they did on held-out time: for the screen and the CLI."""

    until: date
    customers: int
    methods: tuple[tuple[str, str], ...]  # (question, method): clv, churn, next_purchase, replenish, chance
    trials: tuple[tuple[str, tuple[ModelScore, ...]], ...]  # question → scores
    reasons: tuple[Reason, ...] = ()  # fallbacks, in words


@dataclass(frozen=True, slots=True)
class PredictionTrack:
    """How kept predictions about customers turned out: `scores` as in ModelScore, by month made."""

    question: str  # churn | next_purchase | clv | segment
    months: tuple[tuple[date, int, tuple[tuple[str, float], ...]], ...]  # day made, customers, scores
    until: date
    reasons: tuple[Reason, ...] = field(default_factory=tuple)
