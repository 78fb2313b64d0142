"""What a forecast lives on: what moves a shop weighs, what does not weighs nothing, and it can be stopped."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.backtest import weekly_origins
from colmado_insights.analytics.forecast_methods import CalendarRidge, WeekdayMean
from colmado_insights.analytics.importance import compute_importance
from colmado_insights.progress import Cancelled, Progress
from tests.accuracy.simulated_days import Truth, simulate_history

PLAIN_WEEK = (0.0,) * 7


def importance_of(truth: Truth) -> dict[str, float]:
    history = simulate_history(truth, seed=6)
    origins = weekly_origins(len(history), 26, 100)
    return dict(compute_importance(history, [CalendarRidge, WeekdayMean], [0.8, 0.2], origins, 14))


def test_each_shop_lives_on_what_moves_it() -> None:
    by_week = importance_of(Truth(days=400, pay_lift=0.0))
    by_pay = importance_of(Truth(days=400, weekday=PLAIN_WEEK, pay_lift=0.5))
    assert max(by_week, key=lambda name: by_week[name]) == "weekday"
    assert max(by_pay, key=lambda name: by_pay[name]) == "payday"
    assert by_pay["payday"] > 0.05 > abs(by_week["payday"])


def test_largest_first_the_same_every_time_and_no_group_missing() -> None:
    truth = Truth(days=300)
    history = simulate_history(truth, seed=6)
    before = history.calendar.effects.copy()
    origins = weekly_origins(len(history), 12, 100)
    rows = compute_importance(history, [CalendarRidge], [1.0], origins, 14)
    assert [loss for _, loss in rows] == sorted((loss for _, loss in rows), reverse=True)
    assert {name for name, _ in rows} == {"weekday", "payday", "holiday", "season", "recent"}
    assert rows == compute_importance(history, [CalendarRidge], [1.0], origins, 14)
    assert np.array_equal(history.calendar.effects, before)


def test_it_can_be_stopped() -> None:
    history = simulate_history(Truth(days=300), seed=6)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        compute_importance(history, [CalendarRidge], [1.0], weekly_origins(300, 12, 100), 14, progress)
