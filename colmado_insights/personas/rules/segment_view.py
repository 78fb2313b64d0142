"""A segment as the rules look at it: beside its house, with what sets it apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

from colmado_insights import text
from colmado_insights.analytics.results import Segment, SegmentPerformance
from colmado_insights.domain import Category
from colmado_insights.personas.rules.goods import GOODS, say_goods
from colmado_insights.personas.rules.hours import say_hours
from colmado_insights.personas.rules.house import House
from colmado_insights.text import _

TOLD_SHARE, SIGNATURE_SHARE = 0.03, 0.08
"""Families with less of their money are not told of, or make nothing to act on."""
LED = 0.5
"""With so much of their money a family is what they come for."""
NEARLY_ALL = 0.95


@dataclass(frozen=True)
class SegmentView:
    """A segment and what it is held against."""

    segment: Segment
    performance: SegmentPerformance | None
    house: House | None

    @property
    def growth(self) -> float:
        """The change in purchases, where it is more than chance; else 0."""
        is_sure = self.performance is not None and self.performance.is_beyond_noise
        return self.segment.growth or 0.0 if is_sure else 0.0

    @property
    def revenue_share(self) -> float | None:
        """What of all that is sold they bring."""
        if self.performance is not None:
            return self.performance.revenue_share
        if self.house is not None and self.house.revenue_cents > 0:
            return self.segment.revenue_cents / self.house.revenue_cents
        return None

    @property
    def size(self) -> float | None:
        """Their purchase in purchases of the house."""
        if self.house is None or min(self.house.avg_basket_cents, self.segment.avg_basket_cents) <= 0:
            return None
        return self.segment.avg_basket_cents / self.house.avg_basket_cents

    @property
    def signature(self) -> tuple[tuple[Category, float], ...]:
        """What sets them apart most, first: the share of a category weighed by how much more it is than usual."""
        usual = self.house.categories if self.house else {}
        apart = {
            category: share * math.log(share / max(usual.get(category, 0.01), 0.01))
            for category, share in self.segment.top_categories
            if share >= SIGNATURE_SHARE
        }
        shares = dict(self.segment.top_categories)
        told = tuple((each, shares[each]) for each in sorted(apart, key=lambda each: -apart[each]))
        return told or self.segment.top_categories[:1]

    def is_led_by(self, *categories: Category) -> bool:
        """True when most of their money goes there."""
        return sum(share for each, share in self.segment.top_categories if each in categories) >= LED

    @property
    def offered(self) -> str:
        """What of their own may be announced; empty for want of it."""
        own = [category for category, _share in self.signature if GOODS[category].can_add]
        return say_goods(own[0]) if own else ""

    @property
    def addition(self) -> str:
        """What may be offered to who has what he came for: the next of their own goods."""
        own = [each for each, share in self.segment.top_categories if share >= TOLD_SHARE]
        others = [each for each in own[1:] if GOODS[each].can_add]
        return say_goods(others[0]) if others else _("algo de picar")

    @property
    def money(self) -> str:
        """Their mean purchase."""
        return text.money(self.segment.avg_basket_cents)

    @property
    def days(self) -> str:
        """Their weekdays in the plural, from Monday."""
        return text.join_words(
            [text.weekdays_name(day) for day in sorted(self.segment.peak_days, key=monday_first)]
        )

    @property
    def hours(self) -> str:
        """Their busy hours as the shop's day goes."""
        return say_hours(self.segment.peak_hours)

    @property
    def first_hour(self) -> str:
        """The first of their busy hours."""
        return say_hours(self.segment.peak_hours, first=True)


def monday_first(day: int) -> int:
    """The place of a weekday in a week that begins on Monday."""
    return (day + 6) % 7
