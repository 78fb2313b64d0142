"""Which products each known customer is about to need again: "le toca leche mañana, ±2 días"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.recurrence import (
    REACH,
    SIDE,
    FloatArray,
    Hazard,
    IntArray,
    MedianGap,
    Method,
    Recurrences,
    ShopDays,
    is_known_sale,
    typical_gaps,
)
from colmado_insights.analytics.recurrence_trials import Trials, choose
from colmado_insights.analytics.results import ModelScore, NotEnough, Replenishment, Replenishments
from colmado_insights.analytics.threads import with_one_algebra_thread
from colmado_insights.domain import (
    LINE_COLUMNS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    Reason,
    day_number,
    day_of,
)
from colmado_insights.progress import Progress

LEAST_TIMES = 4
"""Days on which a customer bought a product before it is said when they need it again."""
_LEAST_CHANCE = 0.4
"""A window of a week that holds the next purchase with less than this says nothing: bought too irregularly."""
_SURE = 0.5
"""The narrowest window with at least this chance is told."""
_LEAST_PAIRS = 5
_LAST_QUANTITIES = 5
_UNTRIED_CONFIDENCE = 0.3
_PAIR = 2**31


@with_one_algebra_thread
def compute_replenishments(
    receipts: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    until: date,
    days: DominicanDays | None = None,
    left_out: Collection[int] = (),
    progress: Progress | None = None,
) -> Replenishments | NotEnough:
    """Expect when each known customer needs each of their regular products again.

    Parameters
    ----------
    receipts, lines : DataFrame
        Columns of RECEIPT_COLUMNS and LINE_COLUMNS (`receipt` is a row position in `receipts`); anonymous receipts,
        refunds and those after `until` do not count.
    until : date
        Last complete day.
    days : DominicanDays, optional
        The shop's calendar; the country's by default.
    left_out : collection of int
        Products that say nothing of what was bought (VARIOS) or that nobody is to be reminded of.
    progress : Progress, optional
        Told of every step; raises Cancelled when asked to stop.

    Returns
    -------
    Replenishments or NotEnough
        `day` is the middle of the likeliest window and `lo` … `hi` that window: the narrowest of 1, 3, 5 or 7 days
        that holds the next purchase with an even chance, else of 7 days. What has no window of a week with four
        chances in ten is not regular enough to be told.

    Assumes
    -------
    What was bought in larger quantity lasts longer: how much longer is learnt, as an effect of the last quantity
    over the usual one on the daily hazard.

    References
    ----------
    See `recurrence`.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    check_frame(lines, LINE_COLUMNS, "lines")
    days = days or DominicanDays()
    last = day_number(until)
    bought = _purchases(receipts, lines, last, left_out)
    times = np.bincount(bought.events.unit, minlength=1)
    regular = times >= LEAST_TIMES
    if int(regular.sum()) < _LEAST_PAIRS:
        return NotEnough(_LEAST_PAIRS, int(regular.sum()), "habits", until)
    bought = bought.of_units(regular)
    events = bought.events
    methods: tuple[Method, ...] = (MedianGap(), Hazard(LEAST_TIMES - 1, progress))
    method, trials = choose(methods, events, days, last, LEAST_TIMES, progress)
    if progress:
        progress.step()
    method.fit(events, ShopDays.of(days, events.day, last), last)
    items = _items(method, bought.of_units(_is_awaited(events, last)), days, last)
    tried = trials.get(method.name)
    return Replenishments(
        items=items,
        method=method.name,
        trials=tuple(ModelScore(name, trial.scores, name == method.name) for name, trial in trials.items()),
        until=until,
        confidence=float(np.mean([item.probability for item in items])) if items else _UNTRIED_CONFIDENCE,
        reasons=_reasons(events, tried, len(items)),
    )


@dataclass(frozen=True)
class _Purchases:
    """Days on which customers bought products, with quantities in thousandths; a unit is a customer and a product."""

    events: Recurrences
    customer: IntArray  # shape (units,)
    product: IntArray

    def of_units(self, wanted: np.ndarray) -> _Purchases:
        return _Purchases(self.events.of_units(wanted), self.customer[wanted], self.product[wanted])


def _purchases(
    receipts: pd.DataFrame, lines: pd.DataFrame, last: int, left_out: Collection[int]
) -> _Purchases:
    day = receipts["sold_at"].to_numpy() // SECONDS_A_DAY
    customer = receipts["customer_id"].to_numpy()
    counted = is_known_sale(receipts, last)
    receipt = lines["receipt"].to_numpy()
    quantity = lines["quantity_milli"].to_numpy()
    product = lines["product_id"].to_numpy()
    keep = counted[receipt] & (quantity > 0) & ~np.isin(product, list(left_out))
    receipt = receipt[keep]
    pair = customer[receipt] * _PAIR + product[keep]
    events, names = Recurrences.of(pair, day[receipt], quantity[keep].astype(np.float64))
    return _Purchases(events, names // _PAIR, names % _PAIR)


def _is_awaited(events: Recurrences, last: int) -> np.ndarray:
    """Which units may still come: who has waited thrice the usual has gone over to something else."""
    return np.asarray(last - events.day[events.last] <= np.maximum(3 * typical_gaps(events), SIDE * 2))


def _items(method: Method, bought: _Purchases, days: DominicanDays, last: int) -> tuple[Replenishment, ...]:
    """What is regular enough, soonest first, likelier ones before others."""
    events = bought.events
    if not len(events):
        return ()
    expected = method.predict(events, ShopDays.of(days, events.day, last), last)
    side = np.full(events.units, SIDE)
    ahead, chance = (array.copy() for array in expected.window(SIDE))
    for narrower in range(SIDE - 1, -1, -1):
        middle, held = expected.window(narrower)
        enough = held >= _SURE
        side[enough], ahead[enough], chance[enough] = narrower, middle[enough], held[enough]
    told = np.flatnonzero((chance >= _LEAST_CHANCE) & (ahead <= REACH))
    quantity = _usual_quantities(events)
    order = told[np.lexsort((bought.product[told], bought.customer[told], -chance[told], ahead[told]))]
    times = np.bincount(events.unit)
    return tuple(
        Replenishment(
            customer_id=int(bought.customer[unit]),
            product_id=int(bought.product[unit]),
            day=day_of(last + int(ahead[unit])),
            lo=day_of(last + max(int(ahead[unit] - side[unit]), 1)),
            hi=day_of(last + int(ahead[unit] + side[unit])),
            quantity_milli=int(quantity[unit]),
            times=int(times[unit]),
            probability=float(min(chance[unit], 1.0)),
            is_due=bool(ahead[unit] - side[unit] <= 1),
        )
        for unit in order
    )


def _usual_quantities(events: Recurrences) -> FloatArray:
    """Median quantity of each unit's last purchases, shape (units,)."""
    from_last = np.repeat(events.last, np.bincount(events.unit)) - np.arange(len(events))
    recent = from_last < _LAST_QUANTITIES
    medians = pd.Series(events.size[recent]).groupby(events.unit[recent]).median()
    return np.asarray(medians.to_numpy(), dtype=np.float64)


def _reasons(events: Recurrences, tried: Trials | None, told: int) -> tuple[Reason, ...]:
    reasons = [Reason.of("replenish_sample", habits=events.units, told=told)]
    scores = dict(tried.scores) if tried else {}
    if scores:
        reasons.append(Reason.of("replenish_method", error_days=scores["mae"], share=scores["within3"]))
    else:
        reasons.append(Reason.of("replenish_rule"))
    return tuple(reasons)
