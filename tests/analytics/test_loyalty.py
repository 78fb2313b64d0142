"""Signs of loyalty and of its loss, each by hand."""

from __future__ import annotations

import numpy as np

from colmado_insights import text
from colmado_insights.analytics.loyalty import find_signs


def codes(ago: list[int]) -> set[str]:
    """The signs of who bought so many days ago; each can be said."""
    signs = find_signs(np.sort(1_000 - np.array(ago)), 1_000)
    assert all(text.sentence(sign) for sign in signs)
    return {sign.code for sign in signs}


def test_who_comes_every_third_day_of_the_year() -> None:
    assert codes(list(range(0, 360, 3))) == {
        "loyalty_tenure",
        "loyalty_weeks",
        "loyalty_in_rhythm",
        "loyalty_steady",
    }


def test_who_stopped_and_who_comes_more() -> None:
    assert {"loyalty_late", "loyalty_less"} <= codes(list(range(60, 360, 3)))
    assert "loyalty_more" in codes([*range(0, 90, 2), *range(90, 360, 9)])


def test_who_comes_once_a_month_comes_in_some_weeks_and_in_rhythm() -> None:
    assert codes(list(range(20, 360, 30))) == {"loyalty_tenure", "loyalty_some_weeks", "loyalty_in_rhythm"}


def test_nothing_is_said_of_who_came_once_lately() -> None:
    assert not codes([3])
