"""What a question comes down to, and what is answered: the contract between understanding and answering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from colmado_insights.domain import Category, Source

DAY_HOURS = 24


class Intent(StrEnum):
    """What is wanted; the closed list that Grok, too, may choose from."""

    SUM = "sum"  # one figure of some days: sold, receipts, units …
    COMPARE = "compare"  # the same figure of two stretches, or of two subjects
    RANK = "rank"  # the best or worst product, category, customer, day, hour …
    LAST_SOLD = "last_sold"
    STOCK = "stock"
    RUNNING_OUT = "running_out"
    DEAD_STOCK = "dead_stock"
    PRICE = "price"
    COST = "cost"
    UNIT_PROFIT = "unit_profit"
    LACKS = "lacks"  # what a customer is due for
    DUE = "due"  # who is due for something
    NEXT_VISIT = "next_visit"
    AT_RISK = "at_risk"
    WHO_IS = "who_is"  # a customer in a few figures
    FORECAST = "forecast"
    PROGRESS = "progress"  # a day, week, fortnight or month against what is normal
    ACTIONS = "actions"
    TOGETHER = "together"
    TRENDS = "trends"
    KNOWN = "known"  # how many products or customers there are
    DATA = "data"  # from when until when the data reach
    HELP = "help"


class Measure(StrEnum):
    """What is counted."""

    REVENUE = "revenue"
    RECEIPTS = "receipts"
    UNITS = "units"
    BASKET = "basket"  # mean purchase
    DAY_MEAN = "day_mean"  # revenue a day with sales
    PROFIT = "profit"
    REFUNDS = "refunds"
    OPEN_DAYS = "open_days"
    SHARE = "share"  # of all revenue
    OWED = "owed"  # sold on credit: what of it was paid, no till's sales tell


class Dimension(StrEnum):
    """What is ranked."""

    PRODUCT = "product"
    CATEGORY = "category"
    CUSTOMER = "customer"
    CASHIER = "cashier"
    PAYMENT = "payment"
    SEGMENT = "segment"
    DAY = "day"
    WEEKDAY = "weekday"
    HOUR = "hour"
    MONTH = "month"


class SubjectKind(StrEnum):
    """What can be named in a question."""

    PRODUCTS = "products"
    CATEGORY = "category"
    CUSTOMER = "customer"
    CASHIER = "cashier"
    PAYMENT = "payment"
    SEGMENT = "segment"


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the shop that a question names: `words` as it is called, `ids` of its products or its person."""

    kind: SubjectKind
    words: str
    ids: tuple[int, ...] = ()
    key: str = ""  # of a category, payment or segment

    @property
    def category(self) -> Category | None:
        """The category, where one is named."""
        return Category(self.key) if self.kind is SubjectKind.CATEGORY else None


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Whole days, both ends included, or some hours of each of them, or one weekday among them."""

    first: date
    last: date
    from_hour: int = 0
    to_hour: int = DAY_HOURS  # not included
    weekday: int | None = None  # 0 = Sunday
    is_assumed: bool = False  # nobody said when

    @property
    def is_whole(self) -> bool:
        """Of whole days."""
        return (self.from_hour, self.to_hour) == (0, DAY_HOURS)

    @property
    def days(self) -> int:
        """How many days, closed ones among them."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Query:
    """A question understood: nothing of it is left open, and nothing in it is a figure of the shop."""

    intent: Intent
    span: DateSpan
    measure: Measure = Measure.REVENUE
    subjects: tuple[Named, ...] = ()
    against: DateSpan | None = None
    dimension: Dimension | None = None
    is_most: bool = True
    most_named: int = 1  # how many of them are asked for, los 5 más vendidos

    def named(self, kind: SubjectKind) -> Named | None:
        """The first subject of a kind."""
        return next((each for each in self.subjects if each.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A question that was not understood: which words nobody knows, and what it could mean."""

    unknown: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()  # whole questions to ask instead
    near: tuple[str, ...] = ()  # names that are like an unknown word


@dataclass(frozen=True, slots=True)
class ShopAnswer:
    """An answer in words, with the figures behind it; `page` and `subject` say where the window shows more."""

    question: str
    words: str
    is_known: bool
    intent: str
    figures: tuple[tuple[str, str], ...]  # what, and how much
    source: Source
    suggestions: tuple[str, ...]
    page: str = ""
    subject: str = ""
