"""One customer's profile: habits, months, payments and hours by hand, and what is not said of too little."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import numpy as np
import pytest

from colmado_insights.analytics.crowd import compute_crowd
from colmado_insights.analytics.customer_profile import compute_profile
from colmado_insights.analytics.results import CustomerProfile, DecisionStyle, NotEnough
from colmado_insights.domain import Category, Payment
from tests.analytics.known_customers import UNTIL
from tests.analytics.test_crowd import PRODUCTS, Sold, frames

MILK, TREAT = (1, 1000, 80_00), (2, 1000, 25_00)


def profile_of(own: list[Sold], others: list[Sold] | None = None) -> CustomerProfile:
    """The profile of a customer beside what others buy."""
    crowd = compute_crowd(*frames([*own, *(others or [])]), PRODUCTS, until=UNTIL)
    found = compute_profile(*frames(own, 5), PRODUCTS, customer_id=5, until=UNTIL, crowd=crowd)
    assert isinstance(found, CustomerProfile)
    return found


def everybody(seed: int = 0, count: int = 400) -> list[Sold]:
    """What a crowd buys at any hour from 7 to 21."""
    rng = np.random.default_rng(seed)
    basket = [[MILK], [TREAT], [MILK, TREAT], [(3, 1000, 150_00), MILK]]
    return [
        (int(rng.integers(0, 360)), int(rng.integers(7, 22)), basket[int(rng.integers(4))])
        for _ in range(count)
    ]


def test_who_never_bought_has_no_profile() -> None:
    receipts, lines = frames([(2, 9, [(1, -1000, -80_00)])], 5)
    crowd = compute_crowd(receipts, lines, PRODUCTS, until=UNTIL)
    found = compute_profile(receipts, lines, PRODUCTS, customer_id=5, until=UNTIL, crowd=crowd)
    assert found == NotEnough(1, 0, "receipts", UNTIL)


def test_one_purchase_has_a_profile_without_claims() -> None:
    found = profile_of([(3, 9, [MILK])], everybody())
    assert (found.receipts, found.spent_cents, found.rhythm_days) == (1, 80_00, None)
    assert (found.preferred_hours, found.preferred_weekdays, found.brands) == ((), (), ())
    assert found.style is DecisionStyle.UNKNOWN
    assert found.habits[0].regularity is None
    assert found.habits[0].gap_days is None


def test_a_weekly_habit_by_hand() -> None:
    found = profile_of([(ago, 9, [(1, 2000, 160_00)]) for ago in range(0, 70, 7)])
    (habit,) = found.habits
    assert (habit.product_id, habit.category, habit.times) == (1, Category.BAKERY, 10)
    assert habit.quantity_per_week_milli == pytest.approx(20_000 / (64 / 7), abs=1)
    assert habit.regularity == 1
    assert habit.gap_days == 7
    assert habit.last_price_cents == 80_00
    assert habit.last_day == UNTIL
    assert found.rhythm_days == 7


def test_chance_is_not_regular_and_goods_by_amount_have_no_price() -> None:
    rng = np.random.default_rng(4)
    days = np.cumsum(np.ceil(rng.exponential(5, 40))).astype(int)
    found = profile_of([(int(ago), 9, [(3, 137, 25_00)]) for ago in days])
    assert found.habits[0].regularity is not None
    assert found.habits[0].regularity < 0.35
    assert found.habits[0].last_price_cents is None


def test_refunds_and_months_without_purchases() -> None:
    own = [(100, 9, [MILK]), (40, 9, [MILK]), (38, 9, [(1, -1000, -80_00)]), (2, 9, [MILK])]
    found = profile_of(own)
    assert (found.receipts, found.spent_cents) == (3, 160_00)
    assert [receipts for _month, receipts, _cents in found.months] == [1, 0, 1, 1]
    assert sum(cents for *_month, cents in found.months) == 160_00
    assert found.months[0][0] == date(2026, 3, 1)
    assert [cents for _sale, _day, cents, _lines in found.recent] == [80_00, -80_00, 80_00, 80_00]


def test_hours_are_preferred_only_beyond_the_crowd() -> None:
    at_seven = [(ago, 7, [MILK]) for ago in range(0, 120, 4)]
    assert profile_of(at_seven, everybody()).preferred_hours == (7,)
    others_at_seven = [(ago % 300, 7, [MILK]) for ago in range(600)]
    assert profile_of(at_seven, others_at_seven).preferred_hours == ()


def test_payments_and_the_share_on_account() -> None:
    receipts, lines = frames([(ago, 9, [MILK]) for ago in range(4)], 5)
    receipts["payment"] = np.array([4, 4, 4, 1], dtype=np.int8)
    crowd = compute_crowd(receipts, lines, PRODUCTS, until=UNTIL)
    found = compute_profile(receipts, lines, PRODUCTS, customer_id=5, until=UNTIL, crowd=crowd)
    assert isinstance(found, CustomerProfile)
    assert found.payments == ((Payment.CREDIT, 0.75), (Payment.CASH, 0.25))
    assert found.credit_share == 0.75


def test_two_thousand_lines_are_read_at_once() -> None:
    own = [(place % 360, 7 + place % 14, [MILK, TREAT]) for place in range(1_000)]
    receipts, lines = frames(own, 5)
    crowd, spent = compute_crowd(receipts, lines, PRODUCTS, until=UNTIL), []
    for _ in range(3):
        start = perf_counter()
        compute_profile(receipts, lines, PRODUCTS, customer_id=5, until=UNTIL, crowd=crowd)
        spent.append(perf_counter() - start)
    assert min(spent) < 0.1


def test_only_days_that_the_crowd_knows_are_held_against_it() -> None:
    own = [(ago, 7, [MILK]) for ago in range(0, 360, 4)]
    receipts, lines = frames([*everybody(), *own])
    recent = receipts["sold_at"] >= receipts["sold_at"].max() - 20 * 86_400
    place = np.cumsum(recent) - 1
    lines = lines[recent.to_numpy()[lines["receipt"]]]
    crowd = compute_crowd(
        receipts[recent], lines.assign(receipt=place[lines["receipt"]].to_numpy()), PRODUCTS, until=UNTIL
    )
    found = compute_profile(*frames(own, 5), PRODUCTS, customer_id=5, until=UNTIL, crowd=crowd)
    assert isinstance(found, CustomerProfile)
    assert found.receipts == 90
    assert found.style_reasons[0].code == "style_few"  # of twenty days


def test_what_the_catalogue_does_not_name_is_bought_but_is_no_habit() -> None:
    own = [(ago, 9, [MILK, TREAT]) for ago in range(0, 90, 3)]
    crowd = compute_crowd(*frames(own), PRODUCTS[:1], until=UNTIL)
    found = compute_profile(*frames(own, 5), PRODUCTS[:1], customer_id=5, until=UNTIL, crowd=crowd)
    assert isinstance(found, CustomerProfile)
    assert [habit.product_id for habit in found.habits] == [1]
    assert found.spent_cents == 30 * 105_00
    assert len(found.categories) == 2
