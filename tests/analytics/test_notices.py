"""Which live insights reach the owner by themselves: few, sure, new, the most useful first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from colmado_insights.analytics.notices import choose_notices
from colmado_insights.analytics.results import LiveInsight, LiveType
from colmado_insights.domain import Notice, Reason

NOW = datetime(2026, 11, 20, 17, 22)


def make(kind: LiveType, subject: str, confidence: float = 0.8, why: tuple[Reason, ...] = ()) -> LiveInsight:
    return LiveInsight(
        kind, subject, Reason.of("x", now=20), (), confidence, NOW, NOW + timedelta(hours=1), why
    )


BUSY = make(LiveType.TRAFFIC, "busy")
SLOW = make(LiveType.TRAFFIC, "slow")
REVENUE = make(LiveType.REVENUE, "rest_of_day")
BASKET = make(LiveType.OPERATIONAL, "basket")
FRESH = make(LiveType.PRODUCT_DEMAND, "fresh")
BEER = make(LiveType.PRODUCT_DEMAND, "beer_and_snacks", 0.9)
CLOCK = make(LiveType.CLOCK, "clock", 1.0)


def test_the_most_useful_three_in_their_order() -> None:
    assert choose_notices((FRESH, SLOW, BASKET, REVENUE, BUSY), (), NOW) == (BUSY, REVENUE, BASKET)


def test_what_is_known_beforehand_takes_one_place() -> None:
    assert choose_notices((FRESH, BEER), (), NOW) == (BEER,)
    earlier = Notice("product_demand", "fresh", NOW - timedelta(hours=5))
    assert choose_notices((BEER, SLOW), (earlier,), NOW) == (SLOW,)


def test_the_clock_is_never_pushed() -> None:
    assert choose_notices((CLOCK,), (), NOW) == ()


@pytest.mark.parametrize(("confidence", "is_sure"), [(0.6, True), (0.599, False)])
def test_only_the_sure(confidence: float, is_sure: bool) -> None:
    assert bool(choose_notices((make(LiveType.TRAFFIC, "busy", confidence),), (), NOW)) is is_sure


@pytest.mark.parametrize(
    ("lo", "hi", "is_beyond"),
    [(3.0, 19.9, True), (3.0, 20.0, False), (20.0, 30.0, False), (20.1, 30.0, True)],
)
def test_only_what_is_more_than_chance(lo: float, hi: float, is_beyond: bool) -> None:
    for band in (
        Reason.of("usual_receipts", mean=10.0, lo=lo, hi=hi),
        Reason.of("usual_basket", mean_cents=10, lo_cents=lo, hi_cents=hi),
    ):
        assert bool(choose_notices((make(LiveType.TRAFFIC, "busy", why=(band,)),), (), NOW)) is is_beyond


@pytest.mark.parametrize(
    ("ago", "is_told"),
    [(timedelta(0), False), (timedelta(hours=3, minutes=59), False), (timedelta(hours=4), True)],
)
def test_not_again_within_four_hours(ago: timedelta, is_told: bool) -> None:
    sent = (Notice("traffic", "busy", NOW - ago),)
    assert bool(choose_notices((BUSY,), sent, NOW)) is is_told
    assert choose_notices((SLOW,), sent, NOW) == (SLOW,)


def test_three_a_day_whatever_comes() -> None:
    morning = tuple(
        Notice("traffic", subject, NOW.replace(hour=hour))
        for hour, subject in ((8, "a"), (9, "b"), (10, "c"))
    )
    assert choose_notices((BUSY, REVENUE), morning[:2], NOW) == (BUSY,)
    assert choose_notices((BUSY, REVENUE), morning, NOW) == ()
    assert choose_notices((BUSY,), morning, NOW + timedelta(days=1)) == (BUSY,)
