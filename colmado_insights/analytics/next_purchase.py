"""When each known customer comes again: a day, an interval, and the chance of coming within the week."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.history import WEEK
from colmado_insights.analytics.recurrence import (
    HORIZON,
    LEAST_GAPS,
    Arrivals,
    Hazard,
    HazardAndBoosting,
    MedianGap,
    Method,
    Recurrences,
    ShopDays,
    visits_of,
)
from colmado_insights.analytics.recurrence_trials import Trials, choose
from colmado_insights.analytics.results import ModelScore, NextPurchase, NextPurchases, NotEnough
from colmado_insights.analytics.threads import with_one_algebra_thread
from colmado_insights.domain import RECEIPT_COLUMNS, Reason, day_number, day_of
from colmado_insights.progress import Progress

_LEAST_VISITS = 3
"""Visits of a customer whose next one counts in trials."""
_LEAST_CHANCE = 0.2
"""Who comes within HORIZON days with less than this is not given a day."""
_LEVELS = (0.1, 0.9)
_LEVELS_WORTH = 100.0
_UNTRIED_CONFIDENCE = 0.3


@with_one_algebra_thread
def compute_next_purchases(
    receipts: pd.DataFrame,
    *,
    until: date,
    days: DominicanDays | None = None,
    progress: Progress | None = None,
) -> NextPurchases | NotEnough:
    """Expect each known customer's next visit.

    Parameters
    ----------
    receipts : DataFrame
        Columns of RECEIPT_COLUMNS, in any order; anonymous ones, refunds and those after `until` do not count.
    until : date
        Last complete day.
    days : DominicanDays, optional
        The shop's calendar; the country's by default.
    progress : Progress, optional
        Told of every step; raises Cancelled when asked to stop.

    Returns
    -------
    NextPurchases or NotEnough
        `day` is the one by which half of those come that come within some two months: it has the smallest
        absolute error. `likely_day` is the middle of the seven days in which the visit most likely falls: it is
        most often right to three days. They differ most for who comes seldom, whose chances lie spread over
        weeks. `lo` and `hi` are levels of the distribution that held four of five of what came in the trials.
        Customers who will hardly come within a quarter year are left out.

    Assumes
    -------
    A day with purchases is one visit, however many receipts. Who has not come yet when the data end is waiting
    still: trials count such a customer by the chance given to staying away that long, and not in days of error.

    References
    ----------
    See `recurrence`.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    days = days or DominicanDays()
    last = day_number(until)
    visits, ids = visits_of(receipts, last)
    gaps = len(visits) - visits.units
    if gaps < LEAST_GAPS:
        return NotEnough(LEAST_GAPS, gaps, "visits", until)
    methods: tuple[Method, ...] = (MedianGap(), Hazard(progress=progress), HazardAndBoosting(progress))
    method, trials = choose(methods, visits, days, last, _LEAST_VISITS, progress)
    layout = ShopDays.of(days, visits.day, last)
    expected = method.fit(visits, layout, last).predict(visits, layout, last)
    tried = trials.get(method.name)
    customers = _answers(expected, ids, interval_levels(tried))
    return NextPurchases(
        customers=customers,
        method=method.name,
        trials=tuple(ModelScore(name, trial.scores, name == method.name) for name, trial in trials.items()),
        until=until,
        confidence=_confidence(tried),
        reasons=_reasons(method.name, visits, tried, len(ids) - len(customers)),
    )


def interval_levels(tried: Trials | None) -> tuple[float, float]:
    """Levels of the distribution whose days held 80 % of what came, drawn towards 0.1 and 0.9 where little was tried.

    A day is held when by its end at least the lower level was expected, and before it less than the upper one: days
    are whole, so that for who comes daily the levels themselves would hold far more.
    """
    if tried is None or not len(tried.before):
        return _LEVELS
    weight = len(tried.before) / (len(tried.before) + _LEVELS_WORTH)
    low, high = np.quantile(tried.by_then, _LEVELS[0]), np.quantile(tried.before, _LEVELS[1])
    return (
        float(weight * low + (1 - weight) * _LEVELS[0]),
        float(weight * high + (1 - weight) * _LEVELS[1]),
    )


def _answers(expected: Arrivals, ids: np.ndarray, levels: tuple[float, float]) -> tuple[NextPurchase, ...]:
    """One record a customer who may come, by id."""
    middle, (likely, _chance) = expected.middle(), expected.window()
    low, high = (expected.quantile(level) for level in levels)
    week = expected.within(WEEK)
    rows = np.flatnonzero(expected.within(HORIZON) >= _LEAST_CHANCE)
    return tuple(
        NextPurchase(
            customer_id=int(ids[row]),
            day=day_of(expected.last + int(max(middle[row], low[row]))),
            lo=day_of(expected.last + int(low[row])),
            hi=day_of(expected.last + int(max(high[row], middle[row]))),
            within_week=float(week[row]),
            likely_day=day_of(expected.last + int(likely[row])),
        )
        for row in rows
    )


def _confidence(tried: Trials | None) -> float:
    """How often the likeliest days held the visit in the trials."""
    scores = dict(tried.scores) if tried else {}
    return float(np.clip(scores.get("within3", _UNTRIED_CONFIDENCE), 0.1, 0.95))


def _reasons(method: str, visits: Recurrences, tried: Trials | None, left_out: int) -> tuple[Reason, ...]:
    """What it was learnt from, how it was chosen, and who is not in it."""
    reasons = [Reason.of("next_sample", customers=visits.units, visits=len(visits))]
    scores = dict(tried.scores) if tried else {}
    if scores:
        reasons.append(
            Reason.of("next_method", method=method, error_days=scores["mae"], share=scores["within3"])
        )
    else:
        reasons.append(Reason.of("next_rule"))
    if left_out:
        reasons.append(Reason.of("next_left_out", customers=left_out, days=HORIZON))
    return tuple(reasons)
