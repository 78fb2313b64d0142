"""Styles of choosing: each by hand, and none where a customer is like everybody or too little is known."""

from __future__ import annotations

import pytest

from colmado_insights import text
from colmado_insights.analytics.results import DecisionStyle
from tests.analytics.test_crowd import Sold
from tests.analytics.test_profile import MILK, TREAT, everybody, profile_of


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
