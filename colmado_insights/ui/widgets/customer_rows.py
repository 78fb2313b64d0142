"""Known customers as the tables show them: one row a person, with what is expected of each, ready to be searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from colmado_insights.analytics.results import (
    CustomerOutlook,
    CustomerSegment,
    NextPurchase,
    Replenishment,
    RiskLevel,
)
from colmado_insights.domain import Consent, Customer
from colmado_insights.ui.dialogs.quick_open import plain

WEEK = timedelta(days=7)
LIKELY = 0.5
SELDOM_DAYS = 4
"""Who comes more often needs no reminder of a visit."""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One person; who does not want to be looked at has no outlook."""

    customer: Customer
    outlook: CustomerOutlook | None
    said: str  # what the search looks in: lower case, without accents

    @property
    def customer_id(self) -> int:
        """Who it is."""
        return self.customer.customer_id

    @property
    def segment(self) -> CustomerSegment | None:
        """The RFM segment."""
        return self.outlook.rfm.segment if self.outlook else None

    @property
    def level(self) -> RiskLevel | None:
        """How likely they are lost, in four steps."""
        return self.outlook.churn.level if self.outlook and self.outlook.churn else None

    @property
    def risk(self) -> float | None:
        """The same as a probability."""
        return self.outlook.churn.probability if self.outlook and self.outlook.churn else None

    @property
    def worth_cents(self) -> int | None:
        """What they are expected to spend in twelve months."""
        return self.outlook.lifetime.clv_cents if self.outlook and self.outlook.lifetime else None

    @property
    def stake_cents(self) -> int:
        """What a year of them brings if they come as they used to: what is lost with them."""
        return self.outlook.stake_cents if self.outlook else 0

    @property
    def is_leaving(self) -> bool:
        """Worth winning back: at risk, or in a segment of those who go."""
        return self.outlook is not None and self.outlook.is_leaving


@dataclass(frozen=True, slots=True)
class DueRow:
    """What one customer is expected to come for: a product, or simply their next visit."""

    row: CustomerRow
    expected: Replenishment | NextPurchase

    @property
    def product_id(self) -> int | None:
        """What they need; none for the visit itself."""
        return self.expected.product_id if isinstance(self.expected, Replenishment) else None

    @property
    def identity(self) -> tuple[int, int]:
        """What tells it from the others."""
        return self.row.customer_id, self.product_id or 0

    @property
    def probability(self) -> float:
        """Of buying it in the days said, or of coming within the week."""
        each = self.expected
        return each.probability if isinstance(each, Replenishment) else each.within_week


def make_rows(customers: Iterable[Customer], outlooks: Iterable[CustomerOutlook]) -> tuple[CustomerRow, ...]:
    """A row a customer, those who bring most first; nothing is said of who does not want it."""
    known: Mapping[int, CustomerOutlook] = {each.customer_id: each for each in outlooks}
    rows = (
        CustomerRow(
            each,
            None if each.consent is Consent.NO else known.get(each.customer_id),
            plain(f"{each.nickname} {each.name} {each.phone}"),
        )
        for each in customers
    )
    return tuple(sorted(rows, key=lambda row: (-row.customer.spent_cents, row.said)))


def at_risk(rows: Iterable[CustomerRow], threshold: float, limit: int = 0) -> list[CustomerRow]:
    """Those at least so likely to be lost, who would be missed most first; no limit is 0."""
    found = [row for row in rows if row.risk is not None and row.risk >= threshold]
    found.sort(key=lambda row: -row.stake_cents)
    return found[:limit] if limit else found


def to_win_back(rows: Iterable[CustomerRow]) -> list[CustomerRow]:
    """Those who go or are gone, who brought most first."""
    return sorted((row for row in rows if row.is_leaving), key=lambda row: -row.stake_cents)


def is_worth_saying(row: CustomerRow, visit: NextPurchase) -> bool:
    """A visit to prepare for: likely, and not of someone who comes nearly every day anyway."""
    assert row.outlook is not None
    return visit.within_week >= LIKELY and row.outlook.rfm.rhythm_days >= SELDOM_DAYS


def due_rows(rows: Sequence[CustomerRow], today: date, *, is_week: bool) -> list[DueRow]:
    """What is due for whom, soonest first: products by their own rhythm, and visits of who has none due."""
    last = today + (WEEK if is_week else timedelta(days=1))
    found = []
    for row in rows:
        if row.outlook is None:
            continue
        goods = [each for each in row.outlook.due if each.day <= last]
        found += [DueRow(row, each) for each in goods]
        visit = row.outlook.next
        if not goods and visit is not None and today <= visit.day <= last and is_worth_saying(row, visit):
            found.append(DueRow(row, visit))
    return sorted(found, key=lambda each: (each.expected.day, -each.probability))
