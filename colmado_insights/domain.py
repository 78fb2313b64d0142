"""What a shop is made of: the enums, records and frame columns that all rooms share.

Money is integer cents of a peso, quantities integer thousandths, times the shop's
wall clock as whole seconds since 1970-01-01 00:00 *of that wall clock* (no zone: the
country keeps UTC-4 all year). `sold_at // 86400` is therefore the day number and
`sold_at % 86400 // 3600` the hour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any

SECONDS_A_DAY = 86_400
EPOCH = date(1970, 1, 1)
NO_HOUR = -1
"""Hour of a sale whose till gave only a date; such a sale takes part in nothing hourly."""


class Category(StrEnum):
    """Product families of a colmado; a category's code in frames is its position here."""

    ALCOHOL = "alcohol"
    STAPLES = "staples"
    BAKERY = "bakery"
    HOUSEHOLD = "household"
    SNACKS = "snacks"
    BEVERAGES = "beverages"
    FRESH = "fresh"
    OTHER = "other"
    MEAT = "meat"
    PERSONAL_CARE = "personal_care"
    TOBACCO = "tobacco"
    RECHARGES = "recharges"


CATEGORIES: tuple[Category, ...] = tuple(Category)
CATEGORY_CODE: dict[Category, int] = {category: code for code, category in enumerate(CATEGORIES)}


class CategorySource(StrEnum):
    """Who said so, most trusted first."""

    OWNER = "owner"
    POS = "pos"
    RULES = "rules"
    CLASSIFIER = "classifier"
    NONE = "none"


class Payment(StrEnum):
    """How a receipt was paid; a payment's code in frames is its position here."""

    UNKNOWN = "unknown"
    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    CREDIT = "credit"
    CHECK = "check"
    VOUCHER = "voucher"
    WALLET = "wallet"
    MIXED = "mixed"


PAYMENTS: tuple[Payment, ...] = tuple(Payment)
PAYMENT_CODE: dict[Payment, int] = {payment: code for code, payment in enumerate(PAYMENTS)}


class SaleKind(IntEnum):
    """A receipt that brings money in, or one that gives it back (negative amounts)."""

    SALE = 0
    REFUND = 1


class PayPhase(StrEnum):
    """Where a day stands in the pay cycle; its code in frames is its position here."""

    BEFORE = "before"
    PAYDAY = "payday"
    MIDDLE = "middle"


PAY_PHASES: tuple[PayPhase, ...] = tuple(PayPhase)


class Target(StrEnum):
    """What a forecast is about."""

    REVENUE = "revenue"  # cents
    RECEIPTS = "receipts"
    UNITS = "units"  # thousandths in frames, whole units in forecasts


SHOP_TARGETS = (Target.REVENUE, Target.RECEIPTS)
"""What the shop as a whole is forecast by; units only make sense of one category or product."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a forecast is about: a target of the whole shop, of one category or of one product."""

    target: Target
    category: Category | None = None
    product_id: int | None = None

    @property
    def key(self) -> str:
        """A stable word for it, such as `revenue`, `units:category:alcohol` or `units:product:12`."""
        if self.product_id is not None:
            return f"{self.target}:product:{self.product_id}"
        return f"{self.target}:category:{self.category}" if self.category else str(self.target)


class Role(StrEnum):
    """Who is looking; a cashier never sees costs, profits or money totals."""

    OWNER = "owner"
    MANAGER = "manager"
    CASHIER = "cashier"


@dataclass(frozen=True, slots=True)
class Reason:
    """A wordless statement: a code and its numbers; `text.sentence` turns it into words."""

    code: str
    values: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        """Make tuples of the lists that JSON makes of tuples, so that a kept reason equals a fresh one."""
        object.__setattr__(self, "values", _without_lists(self.values))

    @classmethod
    def of(cls, code: str, /, **values: Any) -> Reason:
        """Build a reason from keyword numbers, in the order given."""
        return cls(code, tuple(values.items()))

    def __getitem__(self, name: str) -> Any:
        return dict(self.values)[name]


def _without_lists(value: Any) -> Any:
    return tuple(map(_without_lists, value)) if isinstance(value, (list, tuple)) else value


@dataclass(frozen=True, slots=True)
class Snooze:
    """A live insight that the owner put to sleep; without a subject, all of its type."""

    type: str
    subject: str
    until: datetime

    def silences(self, kind: str, subject: str, now: datetime) -> bool:
        """Tell whether an insight sleeps at a moment."""
        return self.type == kind and self.subject in ("", subject) and now < self.until


@dataclass(frozen=True, slots=True)
class Notice:
    """A live insight that was pushed to the owner."""

    type: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not become a sale: kept with its reason, never dropped."""

    line: int
    raw: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one file; `rows_read` is the sum of the five parts."""

    file: str
    preset: str
    rows_read: int = 0
    new: int = 0
    unchanged: int = 0
    replaced: int = 0
    voided: int = 0
    quarantined: int = 0
    receipts_new: int = 0
    first_day: date | None = None
    last_day: date | None = None
    batch: int | None = None
    revenue_cents: int = 0
    reasons: tuple[Reason, ...] = field(default_factory=tuple)

    @property
    def is_accounted(self) -> bool:
        """True when no row went missing."""
        return self.rows_read == (self.new + self.unchanged + self.replaced + self.voided + self.quarantined)


# Frames. Declared once, checked at the door of analytics (`analytics.check_frame`).

RECEIPT_COLUMNS: dict[str, str] = {
    "sale_id": "int64",
    "sold_at": "int64",  # wall-clock seconds
    "has_time": "bool",
    "kind": "int8",  # SaleKind
    "total_cents": "int64",  # negative for a refund
    "payment": "int8",  # position in PAYMENTS
    "cashier_id": "int64",  # 0 = unknown
    "shift_id": "int64",  # 0 = unknown
    "customer_id": "int64",  # 0 = anonymous
}
"""One row a receipt, ordered by (sold_at, sale_id)."""

LINE_COLUMNS: dict[str, str] = {
    "receipt": "int64",  # row position in the receipts frame
    "product_id": "int64",
    "category": "int8",  # position in CATEGORIES
    "quantity_milli": "int64",  # negative for a refund
    "amount_cents": "int64",  # after discount, negative for a refund
}
"""One row a line, ordered by receipt; a receipt may have none."""

DAILY_COLUMNS: dict[str, str] = {
    "day": "int64",  # day number since 1970-01-01
    "receipts": "int64",  # sales, refunds not counted
    "lines": "int64",
    "units_milli": "int64",
    "revenue_cents": "int64",  # sales less refunds
    "returns_cents": "int64",  # refunds, as a positive amount
}
"""One row a day with at least one receipt."""

HOURLY_COLUMNS: dict[str, str] = {"day": "int64", "hour": "int64"} | {
    name: dtype for name, dtype in DAILY_COLUMNS.items() if name != "day"
}
"""One row an hour with at least one receipt; hour is NO_HOUR for sales without a time."""

SERIES_COLUMNS: dict[str, str] = {
    "day": "int64",
    "units_milli": "int64",  # less what came back
    "revenue_cents": "int64",  # less what came back
}
"""One row a day on which something of one product or category was sold or came back."""

PRODUCT_SERIES_COLUMNS: dict[str, str] = {"product_id": "int64", "category": "int8"} | SERIES_COLUMNS
"""The same of several products, ordered by product and day; category is the position in CATEGORIES."""

PRICE_DAY_COLUMNS: dict[str, str] = {
    "product_id": "int64",
    "category": "int8",  # position in CATEGORIES
    "day": "int64",
    "price_cents": "int64",  # of one unit, as most of the day's buyers paid it; 0 = no line tells
    "is_exact": "bool",  # told by whole units; those of fractions are rounded
    "cost_cents": "int64",  # of one unit, as known on that day; 0 = unknown
    "lines": "int64",  # bought, of any kind
    "units_milli": "int64",  # bought by quantity at the price of the day
    "unclear_milli": "int64",  # a round amount that is a usual quantity as well: nobody can tell which was asked for
    "unclear_lines": "int64",
    "round_lines": "int64",  # of `units_milli`, whole ones for a round amount: most likely just that many
    "by_amount_milli": "int64",  # bought by amount: "deme 25 pesos de salami"
    "by_amount_lines": "int64",
    "off_milli": "int64",  # at another price than the day's: discounts, prices typed by hand
    "off_lines": "int64",
    "returned_milli": "int64",
    "revenue_cents": "int64",  # of all of it, less what came back
}
"""One row a product and day on which it was bought or came back, ordered by product and day."""

SOLD_COLUMNS: dict[str, str] = {
    "product_id": "int64",
    "day": "int64",
    "quantity_milli": "int64",  # negative for a refund
    "amount_cents": "int64",  # negative for a refund
    "cost_cents": "int64",  # of the whole line as the till told it, negative for a refund; 0 = not told
}
"""One row a line sold, in no order, for what is asked of products."""

GOODS_COLUMNS: dict[str, str] = {
    "product_id": "int64",
    "category": "int8",  # position in CATEGORIES
    "supplier": "str",  # "" = unknown
    "is_by_amount": "bool",  # "deme 25 pesos de salami"
}
"""One row a product, sold or only listed."""

TOLD_COST_COLUMNS: dict[str, str] = {
    "product_id": "int64",
    "day": "int64",  # from this day on
    "cost_cents": "int64",  # of one unit
}
"""What the owner or a list of products told of costs, one row a product and day."""

STOCK_COLUMNS: dict[str, str] = {
    "product_id": "int64",
    "day": "int64",  # on which it was counted last
    "stock_milli": "int64",  # that count less what was sold since
}
"""One row a product whose stock is known."""

SHELF_COLUMNS: dict[str, str] = {
    "product_id": "int64",
    "name": "str",
    "category": "int8",  # position in CATEGORIES
    "price_cents": "int64",  # of one unit, as sold last; 0 = unknown
    "cost_cents": "int64",  # of one unit; 0 = unknown
    "is_by_amount": "bool",  # "deme 25 pesos de salami"
}
"""One row a product that may be offered by name: VARIOS and its kin are none."""

FORECAST_COLUMNS: dict[str, str] = {
    "until": "int64",  # last day of data behind it
    "day": "int64",  # the day it is about
    "mean": "float64",
    "lo80": "float64",
    "hi80": "float64",
    "lo95": "float64",
    "hi95": "float64",
    "made_day": "int64",  # on which it was made
    "model": "str",
}
"""One row a day that a kept forecast of one subject spoke of, ordered by (until, day)."""

CUSTOMER_MONTH_COLUMNS: dict[str, str] = {
    "day": "int64",  # last day of data used
    "customer_id": "int64",
    "segment": "str",  # CustomerSegment
    "recency_days": "int64",
    "frequency": "int64",
    "monetary_cents": "int64",
    "churn": "float64",  # from here on NaN where nothing was said
    "churn_days": "float64",
    "next_day": "float64",  # day numbers
    "next_lo": "float64",
    "next_hi": "float64",
    "clv_cents": "float64",
    "clv_days": "float64",
}
"""One row a customer and month end: what was said then, to be compared with what came."""


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=int(number))


def wall_seconds(moment: datetime) -> int:
    """Wall-clock seconds since 1970-01-01 of a naive local time."""
    return day_number(moment.date()) * SECONDS_A_DAY + (
        moment.hour * 3600 + moment.minute * 60 + moment.second
    )


def moment_of(seconds: int) -> datetime:
    """The naive local time of wall-clock seconds."""
    return datetime.combine(EPOCH, datetime.min.time()) + timedelta(seconds=int(seconds))


def weekday_of(day: int) -> int:
    """Weekday of a day number, 0 = Sunday … 6 = Saturday (1970-01-01 was a Thursday)."""
    return (int(day) + 4) % 7


# ── the catalog and its care ──


@dataclass(frozen=True, slots=True)
class CatalogProduct:
    """One product as the catalog page shows it; money in cents, of one unit."""

    product_id: int
    name: str
    sku: str
    category: Category
    source: CategorySource
    confidence: float
    price_cents: int | None  # the last price it was sold at, per whole unit
    cost_cents: int | None
    revenue_cents: int  # of the last 30 days with data
    units_milli: int
    last_sold: date | None
    is_sold_by_amount: bool = False  # "deme 25 pesos de salami": no unit price to speak of


@dataclass(frozen=True, slots=True)
class PriceChange:
    """The price of one unit from a day on."""

    day: date
    price_cents: int
    cost_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Twins:
    """Two products that look like one: `kept` is the better known of them."""

    kept: int
    kept_name: str
    other: int
    other_name: str
    likeness: float  # 0-1


@dataclass(frozen=True, slots=True)
class Merge:
    """Products that were made one, and can be parted again."""

    merge_id: int
    kept_name: str
    other_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QualityIssue:
    """One thing that makes the figures worse than they could be; `page` is where to act."""

    what: Reason
    share: float  # of sales (or products, or days), as the reason says
    count: int
    page: str  # products | quarantine | imports | settings
    examples: tuple[str, ...] = ()


# ── bringing files in, step by step ──


@dataclass(frozen=True, slots=True)
class BadGroup:
    """All rows in quarantine with the same reason."""

    code: str
    rows: int
    batches: tuple[int, ...]
    files: tuple[str, ...]
    examples: tuple[BadRow, ...]


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A line of a receipt as it would come in."""

    product: str
    category: Category
    quantity_milli: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class PreviewSale:
    """A receipt as it would come in."""

    number: str
    sold_at: datetime
    has_time: bool
    kind: SaleKind
    total_cents: int
    payment: Payment
    lines: tuple[PreviewLine, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of one file, before anything is written; `trouble` says why when it cannot be read."""

    path: Path
    file: str
    preset: str = ""
    confidence: float = 0.0  # 0-1
    header: tuple[str, ...] = ()
    columns: dict[str, int] = field(default_factory=dict)  # field name → column position
    examples: tuple[tuple[str, ...], ...] = ()  # first rows, as they stand in the file
    date_order: str = ""  # dmy | mdy | ymd
    decimal: str = ""  # "." or ","
    amount: str = ""  # how a line's net amount is had (line_total, price_times_quantity, …)
    sales: tuple[PreviewSale, ...] = ()
    report: ImportReport | None = None  # of the dry run
    is_remembered: bool = False  # the owner chose this layout's columns before
    trouble: str = ""
    can_map: bool = False  # structured formats have no columns to choose
    others: tuple[Path, ...] = ()  # files that are read together with it, as one
    receipts: dict[int, frozenset[str]] = field(default_factory=dict, repr=False)
    """What is new in it: receipts by what another file knows them by too, and the tills that gave that number."""


@dataclass(frozen=True, slots=True)
class MappingChoice:
    """What the owner says that a file's columns are."""

    columns: dict[str, int]  # field name → column position
    date_order: str
    decimal: str
    amount: str


# ── known customers ──


class Consent(IntEnum):
    """Whether a customer agreed that the shop looks at what they buy and writes to them."""

    UNKNOWN = 0
    YES = 1
    NO = 2


@dataclass(frozen=True, slots=True)
class Customer:
    """One known customer; what the owner wrote, and the sums of their sales. Never logged, never in an analysis."""

    customer_id: int
    name: str  # as the till says it
    nickname: str = ""  # as the owner says it
    phone: str = ""
    contact: str = ""  # e-mail or what else the till's list told
    note: str = ""
    consent: Consent = Consent.UNKNOWN
    consent_at: datetime | None = None
    is_listed: bool = False  # entered by the owner or by a list, sales or not
    first_day: date | None = None
    last_day: date | None = None
    receipts: int = 0
    spent_cents: int = 0

    @property
    def shown_name(self) -> str:
        """What the shop calls them."""
        return self.nickname or self.name


# ── Grok ──


class Topic(StrEnum):
    """What Grok may be asked about; the owner allows each by itself, and none is allowed at first."""

    SEGMENT = "segment"
    CUSTOMER = "customer"
    WEEK = "week"
    QUESTION = "question"


class Source(StrEnum):
    """Who wrote a text: Grok just now, Grok earlier, or this program's own rules."""

    GROK = "grok"
    CACHE = "cache"
    RULES = "rules"


NANO_A_DOLLAR = 1_000_000_000
"""Costs are counted in thousand-millionths of a US$."""
PRICE_UNITS_A_DOLLAR = 10_000
"""Prices are listed in ten-thousandths of a US$ per million tokens."""


class CallOutcome(StrEnum):
    """What became of one request that left this PC."""

    SENT = "sent"  # nothing is known yet: the power went, or it is under way
    ANSWERED = "answered"
    REJECTED = "rejected"  # answered, but the answer failed a check and was not used
    REFUSED = "refused"  # 400, 401, 403, 404: asked wrongly or not allowed
    BUSY = "busy"  # 429 and 5xx
    LOST = "lost"  # no or half an answer: it may have been charged all the same


@dataclass(frozen=True, slots=True)
class ModelPrice:
    """One model of Grok; prices as the service lists them (`PRICE_UNITS_A_DOLLAR`)."""

    name: str
    prompt_price: int
    cached_price: int
    answer_price: int
    aliases: tuple[str, ...] = ()
    is_offered: bool = True  # False: it was in an earlier list and is in the last one no more
    read_at: datetime | None = None  # None: the price this program was shipped with


@dataclass(frozen=True, slots=True)
class TokenUse:
    """What one answer consumed; `cached` are those of `prompt` that cost less, `answer` holds reasoning too."""

    prompt: int
    cached: int
    answer: int


@dataclass(frozen=True, slots=True)
class GrokCall:
    """One request that left this PC: a row of the ledger, written before it leaves.

    Until the cost is known, and for ever when no answer came, `cost_nano` is the most it can have cost and
    `is_estimate` says so. A thousand-millionth of a US$ is one.
    """

    call_id: int
    at: datetime
    topic: Topic
    subject: str  # a segment's id; a customer's id; else ""
    question_key: str  # SHA-256 of the very text that was sent
    model: str
    prompt: str  # variant and version, such as "plain-1"
    attempt: int  # 1 is the first
    sent_bytes: int
    cost_nano: int
    is_estimate: bool = True
    outcome: CallOutcome = CallOutcome.SENT
    status: int | None = None  # of HTTP
    tokens: TokenUse | None = None
    latency_ms: int | None = None
    experiment_id: int | None = None
    failed_checks: tuple[str, ...] = ()  # codes of the checks the answer failed
    vote: int = 0  # the owner's thumb: 1 up, -1 down


@dataclass(frozen=True, slots=True)
class MonthSpending:
    """What Grok cost in one month."""

    first_day: date
    cost_nano: int
    calls: int
    answered: int


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer of Grok that passed its checks, as kept; `body` is its JSON."""

    question_key: str
    topic: Topic
    subject: str
    language: str
    model: str
    prompt: str
    call_id: int
    made_at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the ways that an experiment compares: a way to ask, and the model asked."""

    prompt: str  # variant, such as "plain"
    model: str


@dataclass(frozen=True, slots=True)
class Experiment:
    """Two or more ways to ask about one topic, dealt out by the content of each question."""

    experiment_id: int
    topic: Topic
    arms: tuple[Arm, ...]
    started_at: datetime
    ended_at: datetime | None = None
    adopted: Arm | None = None  # the arm that became the shop's own way to ask
    replaced: Arm | None = None  # the way that it took the place of


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """A file that may be put back in the place of the shop's: what it holds, or why it cannot be used."""

    path: Path
    made_at: datetime
    size_bytes: int
    receipts: int = 0
    first_day: date | None = None
    last_day: date | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and where that lies which it took the place of."""

    facts: BackupFacts
    kept: Path | None = None  # None where there was nothing
    is_kept_whole: bool = True  # False of a damaged file, which is no backup
