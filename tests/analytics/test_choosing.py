"""Styles of choosing: each by hand, and none where a customer is like everybody or too little is known."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights import text
from colmado_insights.analytics.choosing import decide_style
from colmado_insights.analytics.crowd import Crowd, SoldLines
from colmado_insights.analytics.results import DecisionStyle
from colmado_insights.domain import day_number
from tests.analytics.known_customers import UNTIL
from tests.analytics.test_crowd import Sold
from tests.analytics.test_customer_profile import MILK, TREAT, everybody, profile_of


def bargains() -> list[Sold]:
    """Milk on the days it is sold cheaper, one in five."""
    return [(ago, 9, [(1, 1000, 60_00)]) for ago in range(0, 300, 5)]


STYLES = {
    "cheap days only": (bargains(), DecisionStyle.BARGAIN),
    "a snack in passing": ([(ago, 16, [TREAT]) for ago in range(0, 200, 5)], DecisionStyle.IMPULSE),
    "like everybody": (everybody(9, 60), DecisionStyle.UNKNOWN),
    "too little": ([(ago, 9, [MILK]) for ago in range(0, 30, 6)], DecisionStyle.UNKNOWN),
}


@pytest.mark.parametrize(("own", "style"), STYLES.values(), ids=STYLES.keys())
def test_styles_by_hand(own: list[Sold], style: DecisionStyle) -> None:
    found = profile_of(own, everybody())
    assert found.style is style
    assert (found.style_confidence > 0.9) == (style is not DecisionStyle.UNKNOWN)
    assert all(text.sentence(reason) for reason in found.style_reasons)


def test_who_draws_like_everybody_is_hardly_ever_given_a_style() -> None:
    crowd = everybody(1, 600)
    styled = [profile_of(everybody(seed, 40), crowd).style for seed in range(2, 32)]
    assert sum(style is not DecisionStyle.UNKNOWN for style in styled) <= 2


def choose(product: np.ndarray) -> DecisionStyle:
    """The style of who bought these products, one at a visit, in a shop that sells a hundred alike."""
    size = product.size
    day = day_number(UNTIL) - np.arange(size)
    sold = SoldLines(
        receipt=np.arange(size), product=product, category=np.ones(size, np.int64), quantity=np.full(size, 1000),
        amount=np.full(size, 50_00), day=day, unit=np.full(size, 50_00), is_by_amount=np.zeros(size, bool),
    )  # fmt: skip
    crowd = Crowd(
        since=UNTIL - timedelta(days=365), until=UNTIL, receipts=1_000, hours=(0,) * 24, weekdays=(0,) * 7,
        lines=dict.fromkeys(range(100), 10), categories={}, brands={}, usual_cents={}, by_amount=(),
        bargain_share=0.1, treat_share=0.1,
    )  # fmt: skip
    products = pd.DataFrame({"product_id": np.arange(100)})
    return decide_style(sold, products, np.arange(size), crowd)[0]


def test_who_takes_the_same_four_things_is_regular_and_who_draws_is_not() -> None:
    assert choose(np.arange(40) % 4) is DecisionStyle.REGULAR
    rng = np.random.default_rng(3)
    drawn = [choose(rng.integers(0, 100, 60)) for _ in range(60)]
    assert sum(style is not DecisionStyle.UNKNOWN for style in drawn) <= 3
