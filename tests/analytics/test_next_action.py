"""What to do about a customer: what fits them, in order of what it brings, and always decent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colmado_insights.analytics.next_action import WRITTEN, choose_actions
from colmado_insights.analytics.results import (
    CategoryChance,
    Churn,
    CustomerSegment,
    Lifetime,
    NextAction,
    NextPurchase,
    Replenishment,
    RfmScore,
    RiskLevel,
)
from colmado_insights.domain import Category
from colmado_insights.text.sentences import sentence

UNTIL = date(2026, 6, 26)


def customer(segment: CustomerSegment = CustomerSegment.LOYAL, **more: Any) -> RfmScore:
    usual = {
        "recency_days": 4,
        "frequency": 50,
        "monetary_cents": 25_000_00,
        "rhythm_days": 7.0,
        "lateness": 0.6,
    }
    return RfmScore(customer_id=7, r=3, f=3, m=3, segment=segment, **(usual | more))


def churn(probability: float) -> Churn:
    return Churn(7, probability, RiskLevel.LOW, 30, ())


def coming(within_week: float) -> NextPurchase:
    day = UNTIL + timedelta(days=3)
    return NextPurchase(7, day, day, day + timedelta(days=9), within_week)


def due(product_id: int = 5, *, is_due: bool = True, probability: float = 0.6) -> Replenishment:
    day = UNTIL + timedelta(days=2)
    return Replenishment(7, product_id, day, UNTIL + timedelta(days=1), day, 1000, 9, probability, is_due)


def choose(who: RfmScore, **more: Any) -> tuple[NextAction, ...]:
    usual: dict[str, Any] = {
        "churn": churn(0.05),
        "lifetime": None,
        "next": coming(0.5),
        "due": (),
        "chances": (),
    }
    return choose_actions(who, until=UNTIL, **({"may_write": True} | usual | more))


def codes(actions: tuple[NextAction, ...]) -> list[str]:
    return [action.what.code for action in actions]


def test_who_comes_by_themselves_is_left_alone() -> None:
    actions = choose(customer(CustomerSegment.PROMISING), next=coming(0.95), due=(due(),))
    assert codes(actions) == ["action_leave_alone"]
    assert actions[0].gain_cents == 0
    assert actions[0].probability == pytest.approx(0.95)


def test_due_product_is_reminded_of_for_one_basket_times_who_would_not_come() -> None:
    first = choose(customer(CustomerSegment.PROMISING), due=(due(5), due(6, probability=0.7)))[0]
    assert first.what.code == "action_remind"
    assert first.product_id == 6
    assert first.gain_cents == 500_00
    assert first.probability == pytest.approx(0.5 * 0.10)
    assert first.expected_cents == pytest.approx(25_00)


def test_alcohol_and_what_is_not_due_are_not_reminded_of() -> None:
    promising = customer(CustomerSegment.PROMISING)
    assert codes(choose(promising, due=(due(5),), quiet_products={5})) == ["action_leave_alone"]
    assert codes(choose(promising, due=(due(5, is_due=False),))) == ["action_leave_alone"]


def test_slipping_customers_are_asked_and_not_sold_to() -> None:
    lost = customer(CustomerSegment.AT_RISK, recency_days=30, lateness=4.0)
    beer = CategoryChance(7, Category.ALCOHOL, 0.4)
    meat = CategoryChance(7, Category.MEAT, 0.4)
    actions = choose(lost, churn=churn(0.7), next=coming(0.1), due=(due(),), chances=(beer, meat))
    assert codes(actions) == ["action_win_back", "action_greet"]
    quarter = 500_00 * 90 / 7
    assert actions[0].gain_cents == pytest.approx(quarter / 2, abs=1)
    assert actions[0].probability == pytest.approx(0.07)


def test_very_late_answer_less_and_strangers_are_not_written_to() -> None:
    late = customer(CustomerSegment.LOST, lateness=9.0)
    assert choose(late, churn=churn(0.9), next=None)[0].probability == pytest.approx(0.9 * 0.03)
    once = customer(CustomerSegment.LOST, lateness=9.0, frequency=2)
    assert "action_win_back" not in codes(choose(once, churn=churn(0.9), next=None))


def test_who_is_lost_and_spent_nothing_lately_is_let_go() -> None:
    gone = customer(CustomerSegment.LOST, frequency=0, monetary_cents=0, recency_days=400, lateness=40.0)
    for may_write in (True, False):
        assert codes(choose(gone, churn=None, next=None, may_write=may_write)) == ["action_let_go"]


def test_new_customers_are_thanked_and_welcomed_and_capped_by_the_model() -> None:
    new = customer(CustomerSegment.NEW, frequency=2, monetary_cents=400_00)
    assert codes(choose(new)) == ["action_thank_new", "action_welcome"]
    value = Lifetime(7, 100_00, 0, 300_00, 0, 1.0, 0.5)
    assert choose(new, lifetime=value)[0].gain_cents == 100_00


def test_best_customers_are_thanked_in_the_shop() -> None:
    actions = choose(customer(CustomerSegment.CHAMPIONS), may_write=False)
    assert codes(actions) == ["action_thank"]
    assert actions[0].gain_cents == pytest.approx(0.05 * 500_00 * 90 / 7, abs=1)


def test_category_bought_now_and_then_is_shown_and_no_vice() -> None:
    chances = tuple(
        CategoryChance(7, category, probability)
        for category, probability in (
            (Category.ALCOHOL, 0.45),
            (Category.TOBACCO, 0.44),
            (Category.FRESH, 0.3),
            (Category.MEAT, 0.2),
            (Category.STAPLES, 0.9),
        )
    )
    offer = next(a for a in choose(customer(), chances=chances) if a.what.code == "action_offer")
    assert offer.what["category"] == "fresh"


def test_late_customer_is_asked_whether_anything_is_needed() -> None:
    assert codes(choose(customer(CustomerSegment.NEED_ATTENTION, lateness=1.7)))[0] == "action_check_in"


@given(
    segment=st.sampled_from(CustomerSegment),
    risk=st.none() | st.floats(0, 1),
    week=st.none() | st.floats(0, 1),
    visits=st.integers(0, 400),
    cents=st.integers(-10_000, 10**8),
    rhythm=st.floats(0.5, 200),
    lateness=st.floats(0, 50),
    may_write=st.booleans(),
)
def test_any_customer_gets_decent_actions_in_order(
    segment: CustomerSegment,
    risk: float | None,
    week: float | None,
    visits: int,
    cents: int,
    rhythm: float,
    lateness: float,
    may_write: bool,
) -> None:
    who = customer(segment, frequency=visits, monetary_cents=cents, rhythm_days=rhythm, lateness=lateness)
    actions = choose(
        who,
        churn=None if risk is None else churn(risk),
        next=None if week is None else coming(week),
        due=(due(),),
        chances=(CategoryChance(7, Category.ALCOHOL, 0.3), CategoryChance(7, Category.FRESH, 0.3)),
        may_write=may_write,
    )
    expected = [action.expected_cents for action in actions]
    assert actions
    assert expected == sorted(expected, reverse=True)
    for action in actions:
        assert 0 <= action.probability <= 1
        assert action.gain_cents >= 0
        assert may_write or action.what.code not in WRITTEN
        words = " ".join([sentence(action.what), *map(sentence, action.why)])
        assert "{" not in words
        assert "descuento" not in words
        assert "cerveza" not in words
