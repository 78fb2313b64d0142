"""The whole shop that a segment is a part of, and the days ahead of it: what makes a figure telling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from colmado_insights.analytics.results import SegmentPerformance, Segments, SegmentType
from colmado_insights.config import Settings
from colmado_insights.domain import CATEGORIES, Category, Payment
from colmado_insights.insights import SpecialDay, find_special_days

PAYDAY = "payday"
AHEAD_DAYS = 21
"""A feast further off than this is nothing to prepare for tomorrow."""


@dataclass(frozen=True)
class House:
    """All purchases of a window together, and the calendar from the day after it."""

    receipts: int
    revenue_cents: int
    avg_basket_cents: int
    avg_items_per_basket: float
    categories: Mapping[Category, float]  # share of value; nearly, since segments tell only their largest
    payments: Mapping[Payment, float]  # share of receipts
    pay_lift: float | None  # purchases a day while pay is spent, against other days
    ahead: tuple[SpecialDay, ...]  # pay days, holidays and occasions of the next three weeks
    alcohol_until_hour: int  # from Sunday to Thursday; 24 is midnight
    alcohol_until_hour_late: int  # on Friday and Saturday

    @classmethod
    def of(
        cls, segments: Segments, settings: Settings, performances: Sequence[SegmentPerformance] = ()
    ) -> Self:
        """The house whose rule segments these are: by size of purchase they hold every receipt once."""
        parts = [one for one in segments.segments if one.type is SegmentType.BASKET_VALUE]
        receipts = sum(part.transaction_count for part in parts)
        revenue = sum(part.revenue_cents for part in parts)
        lines = sum(part.transaction_count * part.avg_items_per_basket for part in parts)
        categories: defaultdict[Category, float] = defaultdict(float)
        payments: defaultdict[Payment, float] = defaultdict(float)
        for part in parts:
            for category, share in _all_shares(part.top_categories).items():
                categories[category] += share * part.revenue_cents / max(revenue, 1)
            for payment, share in part.payment_preferences:
                payments[payment] += share * part.transaction_count / max(receipts, 1)
        lifts = {each.segment_id: each.pay_lift for each in performances if each.pay_lift is not None}
        lifted = sum(part.transaction_count * lifts.get(part.segment_id, 0.0) for part in parts)
        tomorrow = segments.until + timedelta(days=1)
        return cls(
            receipts=receipts,
            revenue_cents=revenue,
            avg_basket_cents=round(revenue / receipts) if receipts else 0,
            avg_items_per_basket=lines / receipts if receipts else 0.0,
            categories=categories,
            payments=payments,
            pay_lift=lifted / receipts if receipts and lifts else None,
            ahead=find_special_days(settings, tomorrow, segments.until + timedelta(days=AHEAD_DAYS)),
            alcohol_until_hour=settings.alcohol_until_hour,
            alcohol_until_hour_late=settings.alcohol_until_hour_late,
        )

    @property
    def next_payday(self) -> date | None:
        """The next pay day; None where it is far."""
        return next((each.day for each in self.ahead if each.what == PAYDAY), None)

    @property
    def feasts(self) -> tuple[SpecialDay, ...]:
        """The holidays and occasions ahead, soonest first."""
        return tuple(each for each in self.ahead if each.what != PAYDAY)

    @property
    def next_feast(self) -> SpecialDay | None:
        """The next holiday or occasion; None where it is far."""
        return next(iter(self.feasts), None)


def _all_shares(told: tuple[tuple[Category, float], ...]) -> dict[Category, float]:
    """The shares told, and what is left dealt out evenly to the other categories."""
    shares = dict(told)
    others = [category for category in CATEGORIES if category not in shares]
    rest = max(0.0, 1 - sum(shares.values())) if shares else 0.0
    return shares | dict.fromkeys(others, min([rest / max(len(others), 1), *shares.values()]))
