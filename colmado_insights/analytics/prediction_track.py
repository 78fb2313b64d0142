"""How kept predictions about known customers turned out, month by month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.chance_scores import auc
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.recurrence import (
    NEVER,
    BoolArray,
    FloatArray,
    IntArray,
    Recurrences,
    visits_of,
)
from colmado_insights.analytics.results import CustomerSegment, PredictionTrack
from colmado_insights.analytics.rfm_scores import SEGMENTS, score_customers
from colmado_insights.domain import (
    CUSTOMER_MONTH_COLUMNS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    Reason,
    day_number,
    day_of,
)
from colmado_insights.progress import Progress

_MONTH = 30
_LEAST_CUSTOMERS = 5
_LEAST_CLV_DAYS = 28
_STAYING_WORTH = 3.0
"""Before a month is known, a customer is thought to stay in the segment, as firmly as so many that did."""
_WITHIN = 3

_Scores = tuple[int, dict[str, float]]


def compute_prediction_tracks(
    kept: pd.DataFrame, receipts: pd.DataFrame, *, until: date, progress: Progress | None = None
) -> tuple[PredictionTrack, ...]:
    """Score what was kept of customers at month ends against what came.

    Parameters
    ----------
    kept : DataFrame
        Columns of CUSTOMER_MONTH_COLUMNS, NaN where nothing was said.
    receipts : DataFrame
        Columns of RECEIPT_COLUMNS; those after `until` are not looked at.
    until : date
        Last complete day.
    progress : Progress, optional
        A step for every month.

    Returns
    -------
    tuple of PredictionTrack
        One a question that has something to tell, each with the months that can be judged, oldest first:

        - churn: `auc`, `brier`, `base_rate` (share that stayed away), of customers whose days are over;
        - next_purchase: `mae` and `within3` of those who came, `coverage` of the intervals (who has not come by the
          end of the interval lies outside; who may still come within it is not counted);
        - clv: `mae` in cents and `bias` (as a share of what came), over the days gone by so far, pro rata;
        - segment: `accuracy` of the likeliest segment a month later, learnt from the months judged before it, and
          `base_rate`, that of staying where one is.
    """
    check_frame(kept, CUSTOMER_MONTH_COLUMNS, "kept")
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    progress = progress or Progress()
    last = day_number(until)
    known = receipts[receipts["customer_id"] > 0]
    visits, ids = visits_of(known, last)
    kept = kept[kept["day"] < last].sort_values(["day", "customer_id"])
    months = [(int(str(day)), month) for day, month in kept.groupby("day")]
    questions: dict[str, Callable[[int, pd.DataFrame], _Scores | None]] = {
        "churn": lambda day, month: _churn(month, _next_visits(month, visits, ids, day), day, last),
        "next_purchase": lambda day, month: _next_purchase(
            month, _next_visits(month, visits, ids, day), last
        ),
        "clv": lambda day, month: _clv(month, known, day, last),
        "segment": _SegmentTrial(known, last),
    }
    tracks = []
    for question, judge in questions.items():
        judged = []
        for day, month in months:
            progress.step()
            found = judge(day, month)
            if found is not None:
                judged.append((day_of(day), found[0], tuple(found[1].items())))
        if judged:
            reason = Reason.of(
                "predictions_judged", months=len(judged), customers=sum(n for _, n, _s in judged)
            )
            tracks.append(PredictionTrack(question, tuple(judged), until, (reason,)))
    return tuple(tracks)


def _next_visits(month: pd.DataFrame, visits: Recurrences, ids: IntArray, day: int) -> IntArray:
    """Day of each customer's first visit after the day of the prediction, NEVER without one so far."""
    later = visits.day > day
    first = np.full(len(ids) + 1, NEVER, dtype=np.int64)  # the last place is for who never bought
    np.minimum.at(first, visits.unit[later], visits.day[later])
    wanted = month["customer_id"].to_numpy()
    place = np.searchsorted(ids, wanted)
    is_known = np.append(ids, -1)[place] == wanted
    return np.asarray(first[np.where(is_known, place, len(ids))])


def _churn(month: pd.DataFrame, came: IntArray, day: int, last: int) -> _Scores | None:
    said, days = (month[name].to_numpy() for name in ("churn", "churn_days"))
    told = ~np.isnan(said) & ~np.isnan(days)
    over = told & (day + np.where(told, days, 0) <= last)
    if np.count_nonzero(over) < _LEAST_CUSTOMERS:
        return None
    stayed_away = (came > day + np.where(told, days, 0))[over].astype(np.float64)
    said = said[over]
    return len(said), {
        "auc": auc(said, stayed_away),
        "brier": float(((said - stayed_away) ** 2).mean()),
        "base_rate": float(stayed_away.mean()),
    }


def _next_purchase(month: pd.DataFrame, came: IntArray, last: int) -> _Scores | None:
    said, low, high = (month[name].to_numpy() for name in ("next_day", "next_lo", "next_hi"))
    told = ~(np.isnan(said) | np.isnan(low) | np.isnan(high))
    has_come = told & (came <= last)
    sure = has_come | (told & (np.where(told, high, NEVER) <= last))
    if np.count_nonzero(has_come) < _LEAST_CUSTOMERS:
        return None
    error = np.abs(said[has_come] - came[has_come])
    return int(np.count_nonzero(sure)), {
        "mae": float(error.mean()),
        "within3": float((error <= _WITHIN).mean()),
        "coverage": float(((low <= came) & (came <= high))[sure].mean()),
    }


def _clv(month: pd.DataFrame, receipts: pd.DataFrame, day: int, last: int) -> _Scores | None:
    said, days = (month[name].to_numpy() for name in ("clv_cents", "clv_days"))
    told: BoolArray = ~np.isnan(said) & (np.nan_to_num(days) > 0)
    if last - day < _LEAST_CLV_DAYS or np.count_nonzero(told) < _LEAST_CUSTOMERS:
        return None
    gone = np.minimum(days[told], last - day)
    came = _spent(receipts, month["customer_id"].to_numpy()[told], day, gone)
    expected = said[told] * gone / days[told]
    scores = {"mae": float(np.abs(expected - came).mean())}
    if came.sum() > 0:
        scores["bias"] = float(expected.sum() / came.sum() - 1)
    return len(came), scores


def _spent(receipts: pd.DataFrame, customers: IntArray, day: int, days: FloatArray) -> FloatArray:
    """Cents, less refunds, of each customer in so many days after a day; customers are ascending."""
    when = receipts["sold_at"].to_numpy() // SECONDS_A_DAY
    who = receipts["customer_id"].to_numpy()
    place = np.minimum(np.searchsorted(customers, who), len(customers) - 1)
    counted = (customers[place] == who) & (when > day) & (when <= day + days[place])
    cents = receipts["total_cents"].to_numpy()[counted].astype(np.float64)
    return np.asarray(np.bincount(place[counted], cents, minlength=len(customers)), dtype=np.float64)


class _SegmentTrial:
    """Foresees a month's segments from the moves of the months before it; asked month by month, oldest first."""

    def __init__(self, receipts: pd.DataFrame, last: int) -> None:
        self._receipts, self._last = receipts, last
        self._moves = np.eye(len(SEGMENTS)) * _STAYING_WORTH
        self._waiting: list[tuple[int, IntArray, IntArray]] = []

    def __call__(self, day: int, month: pd.DataFrame) -> _Scores | None:
        """Judge a month, if it is over, by what had been learnt when it began."""
        if day + _MONTH > self._last:
            return None
        self._learn(day)
        before = np.array(
            [SEGMENTS.index(CustomerSegment(name)) for name in month["segment"]], dtype=np.int64
        )
        table = score_customers(self._receipts, until=day_of(day + _MONTH), window_days=365)
        if table is None:
            return None
        wanted = month["customer_id"].to_numpy()
        place = np.minimum(np.searchsorted(table.customer, wanted), len(table.customer) - 1)
        known = table.customer[place] == wanted
        before, after = before[known], table.segment[place][known]
        if len(after) < _LEAST_CUSTOMERS:
            return None
        said = self._moves.argmax(axis=1)[before]
        self._waiting.append((day + _MONTH, before, after))
        return len(after), {
            "accuracy": float((said == after).mean()),
            "base_rate": float((before == after).mean()),
        }

    def _learn(self, day: int) -> None:
        """Count the moves of months that were over by a day."""
        for _over, before, after in [month for month in self._waiting if month[0] <= day]:
            np.add.at(self._moves, (before, after), 1.0)
        self._waiting = [month for month in self._waiting if month[0] > day]
