"""What answering needs at hand, and what an answer is made of before it is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from colmado_insights.config import Settings
from colmado_insights.domain import CATEGORIES, PAYMENT_CODE, Payment, Role, day_number, moment_of
from colmado_insights.insights import read_whole_day
from colmado_insights.progress import Progress
from colmado_insights.questions.intents import Clock
from colmado_insights.questions.query import DateSpan, Named, SubjectKind
from colmado_insights.questions.subjects import NameBook
from colmado_insights.storage import catalog, sales
from colmado_insights.storage.database import Database
from colmado_insights.storage.slices import Slice

GOODS = (SubjectKind.PRODUCTS, SubjectKind.CATEGORY)


@dataclass(frozen=True)
class Said:
    """An answer's words and figures; `is_known` is False for an honest "no sé"."""

    words: str
    figures: tuple[tuple[str, str], ...] = ()
    is_known: bool = True
    page: str = ""
    subject: str = ""
    suggestions: tuple[str, ...] = ()
    slots: tuple[tuple[str, str], ...] = ()  # what another wording of it may be filled with


@dataclass(frozen=True)
class Desk:
    """Where a question is answered: the shop's file, its calendar and names, the moment, and who asks."""

    database: Database
    settings: Settings
    now: datetime
    clock: Clock
    book: NameBook
    role: Role
    progress: Progress

    @cached_property
    def whole_day(self) -> date:
        """The last day with sales that is over, or the last of all."""
        return read_whole_day(self.database, self.now) or self.clock.last

    @property
    def is_open(self) -> bool:
        """Whether today has sales, and more may come."""
        return self.whole_day < self.clock.today == self.clock.last

    @cached_property
    def hours_over(self) -> int:
        """Hours of today that are over and that the sales reach: a file read at noon knows nothing of the afternoon."""
        last = sales.read_last_moment(self.database)
        reach = self.now if last is None else min(self.now, moment_of(last) + timedelta(hours=1))
        return reach.hour if reach.date() == self.now.date() else self.now.hour

    @property
    def yesterday(self) -> date:
        """The last day that forecasts are made from."""
        return self.now.date() - timedelta(days=1)

    @cached_property
    def product_names(self) -> dict[int, str]:
        """What each product is called."""
        return catalog.read_product_names(self.database)

    def slice(self, span: DateSpan, subjects: tuple[Named, ...]) -> Slice:
        """The sales that a question is about."""
        products: tuple[int, ...] | None = None
        people: dict[SubjectKind, int] = {}
        for each in subjects:
            if each.kind in GOODS:
                products = self.book.members(each.ids)
            elif each.kind is SubjectKind.PAYMENT:
                people[each.kind] = PAYMENT_CODE[Payment(each.key)]
            elif each.ids:
                people[each.kind] = each.ids[0]
        return Slice(
            first=day_number(span.first),
            last=day_number(span.last),
            from_hour=span.from_hour,
            to_hour=span.to_hour,
            weekday=span.weekday,
            products=products,
            customer_id=people.get(SubjectKind.CUSTOMER),
            cashier_id=people.get(SubjectKind.CASHIER),
            payment=people.get(SubjectKind.PAYMENT),
        )


def page_of(subjects: tuple[Named, ...]) -> tuple[str, str]:
    """The page that shows more of what was asked, and its subject."""
    for each in subjects:
        if each.kind is SubjectKind.CUSTOMER:
            return "customer", str(each.ids[0])
        if each.kind is SubjectKind.PRODUCTS and len(each.ids) == 1:
            return "product", str(each.ids[0])
        if each.kind in GOODS:
            return "products", each.key
        if each.kind is SubjectKind.SEGMENT:
            return "segment", each.key
    return "", ""


def category_of(code: int) -> str:
    """A category's id by its position."""
    return str(CATEGORIES[code])
