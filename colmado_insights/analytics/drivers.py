"""What each effect of the calendar adds to a day: effects in logs turned into amounts and reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from colmado_insights.analytics.history import Calendar, FloatArray
from colmado_insights.analytics.results import Driver
from colmado_insights.domain import Reason

_SMALLEST = 0.01
"""As a share of the day: nobody asks for less."""


def explain_days(
    calendar: Calendar, start: int, mean: FloatArray, effects: FloatArray, trend: FloatArray
) -> tuple[tuple[Driver, ...], ...]:
    """Part forecasts into what the calendar's effects and the trend add to each.

    Parameters
    ----------
    calendar : Calendar
        Of the days known and ahead.
    start : int
        Row of the first day forecast.
    mean : ndarray of shape (horizon,)
        The forecasts, in the target's unit.
    effects : ndarray of shape (columns,)
        The effect of each calendar column in logs, from a plain day.
    trend : ndarray of shape (horizon,)
        How far, in logs, the level of each day lies from the last weeks'.

    Returns
    -------
    tuple of tuple of Driver
        One a day, the largest first.
    """
    days = slice(start, start + len(mean))
    names = [code for code, _ in calendar.names]
    columns = {code: np.array([name == code for name in names]) for code in dict.fromkeys(names)}
    rows = calendar.effects[days] * effects
    frame = calendar.frame.iloc[days]
    return tuple(
        _explain(
            amount, {code: float(row[mine].sum()) for code, mine in columns.items()} | {"trend": step}, day
        )
        for amount, row, step, day in zip(mean, rows, trend, frame.itertuples(), strict=True)
    )


def _explain(amount: float, effects: dict[str, float], day: Any) -> tuple[Driver, ...]:
    drivers = [
        # What the day would be without the effect is amount / exp(effect).
        Driver(_reason(code, day), float(amount * -np.expm1(-effect)))
        for code, effect in effects.items()
    ]
    told = [driver for driver in drivers if abs(driver.amount) > _SMALLEST * amount]
    return tuple(sorted(told, key=lambda driver: -abs(driver.amount)))


def _reason(code: str, day: Any) -> Reason:
    """The code with what the sentence about it needs to know."""
    match code:
        case "weekday":
            return Reason.of(code, weekday=int(day.weekday))
        case "payday":
            return Reason.of(code, days=int(day.days_since_payroll))
        case "before_payday":
            return Reason.of(code, days=int(day.days_to_payroll))
        case "holiday":
            return Reason.of(code, holiday=str(day.holiday))
        case "occasion":
            return Reason.of(code, occasion=str(day.occasion))
    return Reason.of(code)
