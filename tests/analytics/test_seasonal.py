"""Seasons: what comes each year is known in time; what came once, or is far away, is not told."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import SeasonalProduct
from colmado_insights.analytics.seasonal import compute_seasonal
from tests.analytics.planted_baskets import UNTIL as FRAME_DAY
from tests.analytics.planted_baskets import frames_of, shelf_of

DAYS = DominicanDays()


def find(until: date, years: float, seed: int = 0, *, times: float = 4.0) -> tuple[SeasonalProduct, ...]:
    """Twelve products, two a day each; 3 sells in December, 5 around Mothers' Day."""
    rng = np.random.default_rng(seed)
    baskets, back = [], []
    for ago in range(round(365 * years) - 1, -1, -1):
        day = until - timedelta(days=ago)
        is_near = any(DAYS.occasion(day + timedelta(days=ahead)) == "mothers_day" for ahead in range(7))
        for product in range(1, 13):
            season = times if (product == 3 and day.month == 12) or (product == 5 and is_near) else 1.0
            bought = int(rng.poisson(2.0 * season))
            baskets += [[product]] * bought
            back += [ago] * bought
    receipts, lines = frames_of(baskets, days=back)
    receipts["sold_at"] += ((until - FRAME_DAY).days) * 86_400
    return compute_seasonal(receipts, lines, shelf_of(count=12), until=until, days=DAYS)


def test_december_is_known_in_november() -> None:
    (found,) = find(date(2026, 11, 20), 3.0)
    assert (found.product_id, found.month, found.occasion, found.seen) == (3, 12, "", 3)
    assert found.lo < 4.0 < found.hi


def test_an_occasion_is_known_six_weeks_before() -> None:
    (found,) = find(date(2026, 5, 1), 3.0)
    assert (found.product_id, found.occasion, found.month) == (5, "mothers_day", 0)
    assert found.seen >= 2
    assert found.lo < 4.0 < found.hi


def test_what_is_far_away_is_not_told() -> None:
    assert find(date(2026, 8, 1), 3.0) == ()


def test_once_is_never() -> None:
    assert find(date(2026, 11, 20), 1.5) == ()


@pytest.mark.parametrize("seed", range(4))
def test_chance_is_no_season(seed: int) -> None:
    assert find(date(2026, 11, 20), 3.0, seed, times=1.0) == ()
