"""The shop at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from colmado_insights.domain import day_number, day_of
from colmado_insights.storage import sales
from colmado_insights.storage.database import Database


@dataclass(frozen=True)
class Summary:
    """The shop at a glance."""

    receipts: int
    lines: int
    revenue_cents: int
    returns_cents: int
    avg_basket_cents: int
    customers: int
    products: int
    days_open: int
    first_day: date | None
    last_day: date | None


def read_summary(database: Database, as_of: date | None = None) -> Summary:
    """Count and sum the sales up to `as_of`."""
    last = day_number(as_of) if as_of else None
    daily = sales.read_daily(database, last=last)
    receipts, lines = int(daily["receipts"].sum()), int(daily["lines"].sum())
    revenue, returns = int(daily["revenue_cents"].sum()), int(daily["returns_cents"].sum())
    customers, products = sales.count_known(database, last)
    return Summary(
        receipts=receipts,
        lines=lines,
        revenue_cents=revenue,
        returns_cents=returns,
        avg_basket_cents=round((revenue + returns) / receipts) if receipts else 0,
        customers=customers,
        products=products,
        days_open=len(daily),
        first_day=day_of(daily["day"].iloc[0]) if len(daily) else None,
        last_day=day_of(daily["day"].iloc[-1]) if len(daily) else None,
    )
