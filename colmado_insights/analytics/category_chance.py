"""How likely each known customer buys of each category in the next 7 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.chance_scores import auc, calibration_error
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.history import WEEK
from colmado_insights.analytics.logistic import Logistic
from colmado_insights.analytics.recurrence import is_known_sale
from colmado_insights.analytics.results import CategoryChance, CategoryChances, ModelScore, NotEnough
from colmado_insights.analytics.threads import one_thread, with_one_algebra_thread
from colmado_insights.domain import (
    CATEGORIES,
    LINE_COLUMNS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    Reason,
    day_number,
)
from colmado_insights.progress import Progress

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_WINDOWS = (7, 14, 28, 56, 112, 400)
"""Days back in which purchases and visits are counted."""
_WEEKS = 8
"""Weeks back that the plain rule counts, and that are told apart."""
_KINDS = len(CATEGORIES)
_LEAST_DAYS = 21
_LEAST_CUSTOMERS = 5
_LEAST_TO_LEARN = 20
"""Customers that more than the plain rule is learnt from."""
_DAYS_TO_LEARN = 84
_TESTED_WEEKS = 4
_TAUGHT_WEEKS = 16
_ROWS = 60_000
_LEAST_CHANCE = 0.02
_UNTRIED_CONFIDENCE = 0.3


@with_one_algebra_thread
def compute_category_chances(
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    until: date,
    progress: Progress | None = None,
) -> CategoryChances | NotEnough:
    """Tell the chance that each known customer buys of each category within 7 days.

    Parameters
    ----------
    receipts, lines : DataFrame
        Columns of RECEIPT_COLUMNS and LINE_COLUMNS (`receipt` is a row position in `receipts`); anonymous receipts,
        refunds and those after `until` do not count.
    until : date
        Last complete day.
    progress : Progress, optional
        Told of every step; raises Cancelled when asked to stop.

    Returns
    -------
    CategoryChances or NotEnough
        Categories that the customer has bought of, with a chance of at least 2 in 100. The method is the one with the
        lowest Brier score in the last 4 weeks, having learnt from the weeks before.

    Notes
    -----
    The plain rule (`frequency`) is the share of the customer's last 8 weeks in which the category was bought, drawn
    towards a tenth; the others learn from counts of purchases and visits over six windows.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    check_frame(lines, LINE_COLUMNS, "lines")
    progress = progress or Progress()
    log = _Log.of(receipts, lines, day_number(until))
    span = log.last + 1
    if len(log.customers) < _LEAST_CUSTOMERS:
        return NotEnough(_LEAST_CUSTOMERS, len(log.customers), "customers", until)
    if span < _LEAST_DAYS:
        return NotEnough(_LEAST_DAYS, span, "days", until)
    trials, best = _choose(log, progress)
    now = log.rows(log.last)
    items = _items(log, now, best.predict(now))
    used = dict(trials).get(best.name, ())
    return CategoryChances(
        items=items,
        method=best.name,
        trials=tuple(ModelScore(name, scores, name == best.name) for name, scores in trials),
        until=until,
        confidence=float(dict(used).get("accuracy", _UNTRIED_CONFIDENCE)),
        reasons=_reasons(log, dict(used)),
    )


@dataclass(frozen=True)
class _Log:
    """Visits and purchases as sorted numbers, so that any window is counted by two searches.

    Days count from the first (0) to `last`; a visit is `customer * span + day`, a purchase `unit * span + day`, a
    unit `customer * kinds + category`, with customers numbered in the order of their ids.
    """

    customers: IntArray  # ids
    visits: IntArray
    purchases: IntArray
    span: int
    last: int

    @classmethod
    def of(cls, receipts: pd.DataFrame, lines: pd.DataFrame, last: int) -> _Log:
        day = receipts["sold_at"].to_numpy() // SECONDS_A_DAY
        customer = receipts["customer_id"].to_numpy()
        counted = is_known_sale(receipts, last)
        first = int(day[counted].min(initial=last + 1))
        span = last - first + 2
        ids, code = np.unique(customer[counted], return_inverse=True)
        number = np.zeros(len(receipts), dtype=np.int64)
        number[counted] = code
        visits = np.unique(code * span + day[counted] - first)
        receipt = lines["receipt"].to_numpy()
        keep = counted[receipt] & (lines["quantity_milli"].to_numpy() > 0)
        receipt = receipt[keep]
        unit = number[receipt] * _KINDS + lines["category"].to_numpy()[keep].astype(np.int64)
        return cls(ids, visits, np.unique(unit * span + day[receipt] - first), span, last - first)

    def count(self, keys: IntArray, of: IntArray, after: int, until: int) -> IntArray:
        """How many of the keys of each of some customers or units fall into the days after … until."""
        base = of * self.span
        return np.asarray(
            np.searchsorted(keys, base + until, side="right")
            - np.searchsorted(keys, base + max(after, -1), side="right")
        )

    def newest(self, keys: IntArray, of: IntArray, until: int) -> IntArray:
        """The last day with a key of each, which must have one by `until`."""
        return np.asarray(keys[np.searchsorted(keys, of * self.span + until, side="right") - 1] % self.span)

    def rows(self, day: int, most: int | None = None) -> _Rows:
        """What was known by the end of a day of every customer and category they had bought of, or of a sample."""
        known = self.purchases[self.purchases % self.span <= day]
        unit = np.unique(known // self.span)
        if most is not None and len(unit) > most:
            unit = np.sort(np.random.default_rng(day).permutation(unit)[:most])
        customer = unit // _KINDS
        weeks = np.stack(
            [
                self.count(self.purchases, unit, day - WEEK * (back + 1), day - WEEK * back) > 0
                for back in range(_WEEKS)
            ]
        )
        return _Rows(unit, self._columns(unit, customer, weeks, day), self._frequency(unit, weeks, day))

    def bought_after(self, unit: IntArray, day: int) -> FloatArray:
        """1 where the unit bought within the 7 days after a day, else 0."""
        return (self.count(self.purchases, unit, day, day + WEEK) > 0).astype(np.float64)

    def _columns(self, unit: IntArray, customer: IntArray, weeks: NDArray[np.bool_], day: int) -> FloatArray:
        columns: list[np.ndarray] = []
        for window in _WINDOWS:
            seen = min(window, day + 1) / WEEK
            columns += [
                np.log((self.count(self.purchases, unit, day - window, day) + 0.3) / (seen + 1)),
                np.log((self.count(self.visits, customer, day - window, day) + 0.3) / (seen + 1)),
            ]
        times = self.count(self.purchases, unit, -1, day)
        waited = np.log1p(day - self.newest(self.purchases, unit, day))
        columns += [waited, np.log1p(day - self.newest(self.visits, customer, day)), np.log1p(times)]
        # How late the category is in its own rhythm, counted in visits.
        columns.append(waited + np.log((times + 1) / (self.count(self.visits, customer, -1, day) + 2)))
        fading = np.exp(-np.arange(_WEEKS) / 3)[:, None]
        columns += [weeks.mean(axis=0), (weeks * fading).sum(axis=0), weeks[0], weeks[1]]
        columns += [unit % _KINDS == kind for kind in range(_KINDS)]
        return np.column_stack(columns).astype(np.float64)

    def _frequency(self, unit: IntArray, weeks: NDArray[np.bool_], day: int) -> FloatArray:
        """The plain rule: the share of the last weeks seen, drawn towards a tenth."""
        customer = unit // _KINDS
        first = self.visits[np.searchsorted(self.visits, customer * self.span)] % self.span
        seen = np.clip((day - first + 1) / WEEK, 1, _WEEKS)
        return np.asarray(np.minimum((weeks.sum(axis=0) + 0.1) / (seen + 1.0), 1.0))


@dataclass(frozen=True)
class _Rows:
    """One row a customer and category: `unit` (n,), `columns` (n, k), and what the plain rule says (n,)."""

    unit: IntArray
    columns: FloatArray
    frequency: FloatArray


class _Method(Protocol):
    name: str

    def fit(self, columns: FloatArray, came: FloatArray) -> Self: ...

    def predict(self, rows: _Rows) -> FloatArray: ...


class _Frequency:
    name = "frequency"

    def fit(self, columns: FloatArray, came: FloatArray) -> Self:
        return self

    def predict(self, rows: _Rows) -> FloatArray:
        return rows.frequency


class _Logistic:
    name = "logistic"

    def fit(self, columns: FloatArray, came: FloatArray) -> Self:
        self.model_ = Logistic.fit(columns, came)
        return self

    def predict(self, rows: _Rows) -> FloatArray:
        return self.model_.predict(rows.columns)


class _Boosting:
    name = "boosting"

    def fit(self, columns: FloatArray, came: FloatArray) -> Self:
        from sklearn.ensemble import HistGradientBoostingClassifier

        trees: Any = HistGradientBoostingClassifier(
            learning_rate=0.06, max_iter=120, max_leaf_nodes=8, min_samples_leaf=100, early_stopping=False,
            random_state=0,
        )  # fmt: skip
        with one_thread():
            self.trees_ = trees.fit(columns, came)
        return self

    def predict(self, rows: _Rows) -> FloatArray:
        with one_thread():
            return np.asarray(self.trees_.predict_proba(rows.columns)[:, 1])


def _choose(
    log: _Log, progress: Progress
) -> tuple[tuple[tuple[str, tuple[tuple[str, float], ...]], ...], _Method]:
    """The scores of every method on the last weeks, and the best of them, fitted up to the end."""
    if len(log.customers) < _LEAST_TO_LEARN or log.last < _DAYS_TO_LEARN:
        return (), _Frequency()
    tested = [log.last - WEEK * back for back in range(_TESTED_WEEKS, 0, -1)]
    rows = [log.rows(day, _ROWS // _TESTED_WEEKS) for day in tested]
    came = np.concatenate([log.bought_after(each.unit, day) for each, day in zip(rows, tested, strict=True)])
    taught = _taught(log, tested[0])
    trials = []
    for method in (_Frequency(), _Logistic(), _Boosting()):
        progress.step()
        if not 0 < taught[1].mean() < 1:
            return (), _Frequency()
        method.fit(*taught)
        trials.append((method, _scores(np.concatenate([method.predict(each) for each in rows]), came)))
    best = min(trials, key=lambda trial: dict(trial[1])["brier"])[0]
    progress.step()
    return tuple((method.name, scores) for method, scores in trials), best.fit(*_taught(log, log.last))


def _taught(log: _Log, last: int) -> tuple[FloatArray, FloatArray]:
    """Rows of the weeks whose 7 days were over by `last`, and what came; a seeded sample where there are many."""
    days = [last - WEEK * back for back in range(1, _TAUGHT_WEEKS + 1) if last - WEEK * back >= _LEAST_DAYS]
    parts = [log.rows(day, _ROWS // len(days)) for day in days]
    came = [log.bought_after(rows.unit, day) for rows, day in zip(parts, days, strict=True)]
    return np.concatenate([rows.columns for rows in parts]), np.concatenate(came)


def _scores(said: FloatArray, came: FloatArray) -> tuple[tuple[str, float], ...]:
    """Accuracy beside that of always saying the commoner answer, and how good the chances are."""
    return (
        ("accuracy", float(((said >= 0.5) == (came > 0)).mean())),
        ("base_rate", float(max(came.mean(), 1 - came.mean()))),
        ("brier", float(((said - came) ** 2).mean())),
        ("auc", auc(said, came)),
        ("ece", calibration_error(said, came)),
    )


def _items(log: _Log, now: _Rows, chances: FloatArray) -> tuple[CategoryChance, ...]:
    """By customer, likeliest first."""
    customer = now.unit // _KINDS
    order = np.lexsort((now.unit, -chances, customer))
    return tuple(
        CategoryChance(
            int(log.customers[customer[row]]),
            CATEGORIES[int(now.unit[row]) % _KINDS],
            float(np.clip(chances[row], 0.0, 1.0)),
        )
        for row in order
        if chances[row] >= _LEAST_CHANCE
    )


def _reasons(log: _Log, scores: dict[str, float]) -> tuple[Reason, ...]:
    if not scores:
        return (Reason.of("chance_rule", weeks=_WEEKS),)
    return (
        Reason.of("chance_method", share=scores["accuracy"], base_share=scores["base_rate"]),
        Reason.of("chance_sample", customers=len(log.customers), days=log.last + 1),
    )
