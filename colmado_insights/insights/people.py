"""Who of the known customers may be lost, is worth winning back, or is due for something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from colmado_insights.analytics.results import AT_RISK, CustomerOutlook, Replenishment
from colmado_insights.domain import Customer
from colmado_insights.insights.customers import CustomerBook


@dataclass(frozen=True)
class Person:
    """A customer with what is expected of them."""

    customer: Customer
    outlook: CustomerOutlook


def list_people(book: CustomerBook) -> list[Person]:
    """All customers of whom something is expected, who spent most first."""
    known = {customer.customer_id: customer for customer in book.customers}
    people = [Person(known[one.customer_id], one) for one in book.outlooks if one.customer_id in known]
    return sorted(people, key=lambda one: -one.outlook.spent_cents)


def list_at_risk(people: Iterable[Person]) -> list[Person]:
    """Those who may well be lost, who would be missed most first."""
    return sorted(
        (one for one in people if one.outlook.risk >= AT_RISK), key=lambda one: -one.outlook.stake_cents
    )


def list_to_win_back(people: Iterable[Person]) -> list[Person]:
    """Those who go or are gone, who would be missed most first."""
    return sorted((one for one in people if one.outlook.is_leaving), key=lambda one: -one.outlook.stake_cents)


def list_due(people: Iterable[Person], last: date) -> list[tuple[Person, Replenishment]]:
    """What is due for whom up to a day, soonest first."""
    found = [(one, item) for one in people for item in one.outlook.due if item.day <= last]
    return sorted(found, key=lambda each: (each[1].day, -each[1].probability))
