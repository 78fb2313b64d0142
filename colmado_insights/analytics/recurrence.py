"""When something comes again: a customer to the shop, a customer to a product. One idea for both: a hazard a day.

A *unit* is what recurs (a customer, or a customer with one product); its *events* are days. For every day since
the last event a method says how likely the next one falls on just that day, given that it has not come before.
What follows is the whole distribution of the next day, and from it a day, an interval, a chance within a week.

References
----------
P. D. Allison, "Discrete-time methods for the analysis of event histories", Sociological Methodology 13, 1982.
D. R. Cox, "Regression models and life-tables", J. of the Royal Statistical Society B 34, 1972.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.closed_days import closed_ahead
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.history import WEEK, Calendar, History
from colmado_insights.analytics.logistic import Logistic
from colmado_insights.analytics.threads import one_thread
from colmado_insights.domain import PAY_PHASES, SECONDS_A_DAY, SaleKind
from colmado_insights.progress import Progress

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

HORIZON = 90
"""Days ahead that are told one by one; beyond them the last weeks' hazard goes on."""
REACH = 60
"""A day is named as if the next event came within so many days: who never returns has none."""
PAST = 1_095
"""Days back that are learnt from: what is older is another life, or a clock that had stopped."""
LEAST_GAPS = 10
"""Gaps between two events that a rhythm is learnt from, of all units together."""
SIDE = 3
"""Days on each side of the middle of a window of a week."""

_ROWS = 200_000
_TREE_ROWS = 60_000
_LONGEST_WAIT = 150
_SPANS = (0.4, 0.1)
"""Weight of the newest gap in the quick and the slow rhythm."""
_PRIOR_WEIGHT = 0.3
_USUAL_SCATTER = 0.8
_BUSY_EVENTS = 5.0
"""Events a day of a shop in which a day without any was closed."""
_CHUNK = 50_000
_TAIL_DAYS = 28
_LONGEST_DAYS = 730
_KNOTS = (-1.5, -0.75, -0.3, 0.0, 0.3, 0.75, 1.5)


@dataclass(frozen=True)
class Recurrences:
    """Events ordered by unit and day, one a unit and day.

    `unit` (n,) is 0 … units - 1 and each has an event; `day` (n,) are day numbers; `size` (n,) is how much of it.
    """

    unit: IntArray
    day: IntArray
    size: FloatArray

    @classmethod
    def of(cls, unit: IntArray, day: IntArray, size: FloatArray) -> tuple[Recurrences, IntArray]:
        """Put events in order; several of a unit on one day are one. Also answers what each unit was called."""
        names, code = np.unique(unit, return_inverse=True)
        first = int(day.min(initial=0))
        span = int(day.max(initial=0)) - first + 1
        key, place = np.unique(code * span + day - first, return_inverse=True)
        sums = np.bincount(place, size, minlength=len(key))
        return cls(key // span, key % span + first, np.asarray(sums, dtype=np.float64)), names

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def units(self) -> int:
        """How many recur."""
        return int(self.unit[-1]) + 1 if len(self) else 0

    @property
    def start(self) -> IntArray:
        """Position of each unit's first event, shape (units,)."""
        return np.flatnonzero(np.diff(self.unit, prepend=-1))

    @property
    def last(self) -> IntArray:
        """Position of each unit's last event, shape (units,)."""
        return np.flatnonzero(np.diff(self.unit, append=-1))

    @property
    def times(self) -> IntArray:
        """How many events of the unit lie before each, shape (n,)."""
        start = self.start
        return np.arange(len(self)) - np.repeat(start, np.diff(start, append=len(self)))

    @property
    def gap(self) -> FloatArray:
        """Days since the unit's event before, NaN at its first; shape (n,)."""
        return np.where(self.times > 0, np.diff(self.day, prepend=0), np.nan).astype(np.float64)

    @property
    def next_day(self) -> IntArray:
        """Day of the unit's next event, a day never reached where it has not come; shape (n,)."""
        is_last = np.diff(self.unit, append=-1) != 0
        return np.where(is_last, NEVER, np.append(self.day[1:], NEVER))

    def before(self, day: int) -> tuple[Recurrences, IntArray]:
        """What was known at the end of a day, and which units (by their number here) it holds."""
        keep = self.day <= day
        units, unit = np.unique(self.unit[keep], return_inverse=True)
        return Recurrences(unit.astype(np.int64), self.day[keep], self.size[keep]), units

    def of_units(self, wanted: BoolArray) -> Recurrences:
        """The events of some units; `wanted` has shape (units,)."""
        keep = wanted[self.unit]
        return Recurrences(
            np.unique(self.unit[keep], return_inverse=True)[1].astype(np.int64),
            self.day[keep],
            self.size[keep],
        )


NEVER = 2**40
"""A day number that no shop reaches."""


def visits_of(receipts: pd.DataFrame, last: int) -> tuple[Recurrences, IntArray]:
    """Days on which known customers bought, with the cents spent; the units are customer ids. Refunds are no visits."""
    day = receipts["sold_at"].to_numpy() // SECONDS_A_DAY
    customer = receipts["customer_id"].to_numpy()
    keep = is_known_sale(receipts, last)
    cents = np.maximum(receipts["total_cents"].to_numpy()[keep], 0).astype(np.float64)
    return Recurrences.of(customer[keep], day[keep], cents)


def is_known_sale(receipts: pd.DataFrame, last: int) -> BoolArray:
    """Which receipts are purchases of known customers in the PAST days up to `last`; shape (n,)."""
    day = receipts["sold_at"].to_numpy() // SECONDS_A_DAY
    is_sale = receipts["kind"].to_numpy() == SaleKind.SALE
    is_recent = (day <= last) & (day > last - PAST)
    return np.asarray(is_sale & is_recent & (receipts["customer_id"].to_numpy() > 0))


@dataclass(frozen=True)
class ShopDays:
    """The calendar that events fall into, from day number `first` on.

    `kinds` (days, k) are what a day can be (weekday, pay phase, holiday), `is_shut` (days,) the days on which nobody
    came to a busy shop, and those ahead that it keeps closed.
    """

    first: int
    kinds: FloatArray
    is_shut: BoolArray

    @classmethod
    def of(cls, days: DominicanDays, events: IntArray, last: int) -> ShopDays:
        """Lay out the days from the first event to HORIZON days after `last`."""
        first = int(events.min(initial=last))
        calendar = Calendar.of(days, first, last + HORIZON)
        frame = calendar.frame
        weekday, phase = frame["weekday"].to_numpy(), frame["pay_phase"].to_numpy()
        kinds = [weekday == number for number in range(1, WEEK)]
        kinds += [phase == number for number in range(1, len(PAY_PHASES))]
        kinds += [frame["is_holiday"].to_numpy(), frame["is_eve"].to_numpy()]
        came = np.bincount(events[events <= last] - first, minlength=last - first + 1).astype(np.float64)
        is_shut = np.zeros(len(frame), dtype=bool)
        if came.mean() >= _BUSY_EVENTS:
            is_shut[: len(came)] = came == 0
            history = History(np.where(came > 0, came, np.nan), calendar)
            is_shut[len(came) :] = closed_ahead(history, HORIZON)
        return cls(first, np.column_stack(kinds).astype(np.float64), is_shut)

    def shut_on(self, days: IntArray) -> BoolArray:
        """Whether each of some days is a closed one."""
        return np.asarray(self.is_shut[days - self.first])


@dataclass(frozen=True)
class Memory:
    """What was known of a unit right after each of its events; all of shape (n,), `weekdays` (n, 7)."""

    quick: FloatArray  # log of the usual gap, the newest counting much
    slow: FloatArray
    scatter: FloatArray  # usual distance of a gap's log from the slow rhythm
    bulk: FloatArray  # log of the event's size over what was usual
    times: FloatArray  # log of the number of events so far
    weekdays: FloatArray  # log of how much likelier than others each weekday is

    @classmethod
    def of(cls, events: Recurrences, prior: float) -> Memory:
        """Remember every event; a unit's rhythm starts from the `prior` log gap of all."""
        logs = np.log(np.where(events.times > 0, events.gap, 1.0))
        quick, slow = (_smooth(events, logs, weight, prior) for weight in _SPANS)
        before = np.where(events.times > 0, np.append(prior, slow[:-1]), 0.0)
        scatter = _smooth(events, np.abs(logs - before), 0.15, _USUAL_SCATTER)
        size = np.log(np.maximum(events.size, 1.0))
        so_far = _cumulate(events, size[:, None])[:, 0] / (events.times + 1)
        seen = _cumulate(events, np.eye(WEEK)[(events.day + 4) % WEEK]) + 1.0
        return cls(
            quick,
            slow,
            scatter,
            np.clip(size - so_far, -2.0, 2.0),
            np.log1p(events.times),
            np.log(seen / seen.mean(axis=1, keepdims=True)),
        )


def _smooth(events: Recurrences, values: FloatArray, weight: float, prior: float) -> FloatArray:
    """Exponential mean of each unit's values from its second event on, drawn towards the prior; shape (n,)."""
    start = events.start
    count = np.diff(start, append=len(events))
    answer = np.full(len(events), prior)
    level, trust = np.zeros(len(start)), np.zeros(len(start))
    for turn in range(1, int(count.max(initial=0))):
        alive = count > turn
        level[alive] += weight * (values[start[alive] + turn] - level[alive])
        trust[alive] += weight * (1.0 - trust[alive])
        doubt = _PRIOR_WEIGHT * weight
        answer[start[alive] + turn] = (level[alive] + doubt * prior) / (trust[alive] + doubt)
    return answer


def _cumulate(events: Recurrences, values: FloatArray) -> FloatArray:
    """Sums of each unit's rows up to and with each event; shapes (n, k)."""
    total = np.cumsum(values, axis=0)
    start = events.start
    before = np.where(start[:, None] > 0, total[start - 1], 0.0)
    return np.asarray(total - np.repeat(before, np.diff(start, append=len(events)), axis=0))


def typical_log_gap(events: Recurrences) -> float:
    """Mean log gap of the units, each counting once however often it came."""
    has = events.times > 0
    logs = np.log(events.gap[has])
    if not len(logs):
        return float(np.log(30.0))
    gaps = np.bincount(events.unit[has], minlength=events.units)
    means = np.bincount(events.unit[has], logs, minlength=events.units)[gaps > 0] / gaps[gaps > 0]
    return float(means.mean())


@dataclass(frozen=True)
class Arrivals:
    """When the next event of each unit is expected.

    `chances` (units, HORIZON) are the probabilities of each day after `last`; what is missing to 1 comes later.
    """

    last: int
    chances: FloatArray
    rhythm: FloatArray  # days, shape (units,)
    is_shut: BoolArray  # of the days ahead, shape (HORIZON,)

    @property
    def reached(self) -> FloatArray:
        """Probability of having come by the end of each day, shape (units, HORIZON)."""
        return np.cumsum(self.chances, axis=1)

    def within(self, days: int) -> FloatArray:
        """Probability of coming within so many days, shape (units,)."""
        return np.asarray(np.clip(self.chances[:, :days].sum(axis=1), 0.0, 1.0))

    def middle(self) -> IntArray:
        """Days ahead by which half of those come that come at all within reach; shape (units,).

        Of all days this one has the smallest absolute error.
        """
        reach = np.clip(np.ceil(2 * self.rhythm), REACH, HORIZON).astype(np.int64)
        reached = self.reached
        half = reached[np.arange(len(reach)), reach - 1] / 2
        return self._open_from(np.asarray((reached < half[:, None]).sum(axis=1) + 1))

    def window(self, side: int = SIDE) -> tuple[IntArray, FloatArray]:
        """Days ahead of the middle of the likeliest window of 2 × side + 1 days, and its probability.

        Of all days this one most often lies within `side` days of what comes.
        """
        reached = np.pad(self.reached, ((0, 0), (1, 0)))
        width = 2 * side + 1
        sums = reached[:, width:] - reached[:, :-width]
        sums = sums[:, :REACH]
        best = sums.argmax(axis=1)
        return self._open_from(best + side + 1), sums[np.arange(len(sums)), best]

    def quantile(self, level: FloatArray | float) -> IntArray:
        """Days ahead by which a share `level` (each, or one for all) has come; shape (units,)."""
        wanted = np.broadcast_to(np.asarray(level, dtype=np.float64), len(self.chances))
        reached = self.reached
        days = (reached < wanted[:, None]).sum(axis=1) + 1
        end = np.minimum(reached[:, -1], 1 - 1e-9)
        late = np.clip(reached[:, -1] - reached[:, -_TAIL_DAYS - 1], 1e-9, 1.0)
        pace = -np.log1p(-np.minimum(late / (1 - end + late), 0.999)) / _TAIL_DAYS
        more = np.log((1 - end) / np.maximum(1 - wanted, 1e-9)) / pace
        beyond = np.minimum(HORIZON + np.ceil(np.maximum(more, 1.0)), _LONGEST_DAYS)
        return np.asarray(np.where(days > HORIZON, beyond, days), dtype=np.int64)

    def placed(self, ahead: IntArray, seen: int = HORIZON) -> tuple[FloatArray, FloatArray]:
        """What share was expected before, and what by the end of, each day that came.

        What had not come after `seen` days of waiting counts as amid all that comes later.
        """
        reached = np.pad(self.reached, ((0, 0), (1, 0)))
        rows, day = np.arange(len(ahead)), np.clip(ahead, 1, seen)
        late = ahead > seen
        before = np.where(late, (1 + reached[:, seen]) / 2, reached[rows, day - 1])
        return before, np.where(late, 1.0, reached[rows, day])

    def surprise(self, ahead: IntArray, seen: int = HORIZON) -> FloatArray:
        """Minus the log of the probability given to the day that came, or to waiting longer than `seen` days."""
        rows, day = np.arange(len(ahead)), np.clip(ahead, 1, seen)
        said = np.where(ahead > seen, 1 - self.within(seen), self.chances[rows, day - 1])
        return np.asarray(-np.log(np.maximum(said, 1e-6)))

    def _open_from(self, ahead: IntArray) -> IntArray:
        """The days themselves, or the next open ones after closed days."""
        open_days = np.flatnonzero(~self.is_shut) + 1
        place = np.minimum(np.searchsorted(open_days, ahead), len(open_days) - 1)
        return open_days[place] if len(open_days) else ahead


class Method(Protocol):
    """The one shape of every candidate."""

    name: str

    def fit(self, events: Recurrences, days: ShopDays, last: int) -> Self:
        """Learn from the events up to day number `last`; returns self."""
        ...

    def predict(self, events: Recurrences, days: ShopDays, last: int) -> Arrivals:
        """Expect each unit's next event, from events up to `last` (they may be later than those of `fit`)."""
        ...


class MedianGap:
    """The plain rule: the last day and the unit's median gap, with the scatter of all units' gaps around theirs."""

    name = "median_gap"

    def fit(self, events: Recurrences, days: ShopDays, last: int) -> Self:
        """Learn how gaps scatter around each unit's median, in ratios."""
        self.prior_ = typical_log_gap(events)
        has = events.times > 0
        ratio = events.gap[has] / typical_gaps(events, self.prior_)[events.unit[has]]
        self.ratios_ = np.sort(ratio)
        return self

    def predict(self, events: Recurrences, days: ShopDays, last: int) -> Arrivals:
        """Each unit's scatter is that of all, in its own rhythm, given that it has not come so far."""
        rhythm = typical_gaps(events, self.prior_)
        elapsed = last - events.day[events.last]
        waited = (elapsed[:, None] + np.arange(HORIZON + 1)) / rhythm[:, None]
        later = len(self.ratios_) - np.searchsorted(self.ratios_, waited, side="right")
        survival = (later + np.exp(-waited)) / (len(self.ratios_) + 1.0)
        chances = (survival[:, :-1] - survival[:, 1:]) / survival[:, :1]
        return Arrivals(last, _without_shut(chances, days, last), rhythm, _ahead(days, last))


def typical_gaps(events: Recurrences, prior: float = np.nan) -> FloatArray:
    """Each unit's median gap in days, the prior's (given as a log) where it came once; shape (units,)."""
    gaps = pd.Series(events.gap).groupby(events.unit).median().to_numpy(dtype=np.float64)
    return np.where(np.isnan(gaps), np.exp(prior), gaps)


class Hazard:
    """Logistic regression of the hazard on the days waited in the unit's own rhythm, its habits and the calendar.

    It learns from waits after at least `learn_from` + 1 events: where only the regular ones are asked for, what came
    once or twice would teach it the rest. `progress` is asked between the parts of a prediction of many units.
    """

    name = "hazard"
    rows = _ROWS

    def __init__(self, learn_from: int = 0, progress: Progress | None = None) -> None:
        self.learn_from = learn_from
        self.progress = progress or Progress()

    def fit(self, events: Recurrences, days: ShopDays, last: int) -> Self:
        """Learn from every day on which units waited; a seeded sample of the waits where there are many."""
        self.prior_ = typical_log_gap(events)
        memory = Memory.of(events, self.prior_)
        event, day = _waits(events, last, self.learn_from, self.rows)
        is_open = ~days.shut_on(day)
        event, day = event[is_open], day[is_open]
        came = (day == events.next_day[event]).astype(np.float64)
        # A part at a time: the columns of all of them, beside the table that they become, would take twice the memory.
        basis = np.empty((len(event), _basis(events, memory, days, event[:0], day[:0]).shape[1]))
        for first in range(0, len(event), _CHUNK):
            part = slice(first, first + _CHUNK)
            basis[part] = _basis(events, memory, days, event[part], day[part])
        self._learn(basis, came)
        return self

    def predict(self, events: Recurrences, days: ShopDays, last: int) -> Arrivals:
        """Walk each unit through the days ahead."""
        memory = Memory.of(events, self.prior_)
        ahead = np.arange(1, HORIZON + 1)
        hazard = np.empty((events.units, HORIZON))
        step = _CHUNK // HORIZON
        for first in range(0, events.units, step):
            self.progress.step()
            event = np.repeat(events.last[first : first + step], HORIZON)
            day = np.tile(last + ahead, len(event) // HORIZON)
            said = self._hazard(_basis(events, memory, days, event, day))
            hazard[first : first + step] = said.reshape(-1, HORIZON)
        hazard[:, _ahead(days, last)] = 0.0
        left = np.cumprod(1 - hazard, axis=1)
        chances = np.column_stack([np.ones(len(left)), left[:, :-1]]) * hazard
        return Arrivals(last, chances, np.exp(memory.slow[events.last]), _ahead(days, last))

    def _learn(self, basis: FloatArray, came: FloatArray) -> None:
        self.model_ = Logistic.fit(basis, came)

    def _hazard(self, basis: FloatArray) -> FloatArray:
        return self.model_.predict(basis)


class Boosting(Hazard):
    """The same hazard by boosted trees, which find what bends and crosses by themselves."""

    name = "boosting"
    rows = _TREE_ROWS

    def _learn(self, basis: FloatArray, came: FloatArray) -> None:
        from sklearn.ensemble import HistGradientBoostingClassifier

        trees: Any = HistGradientBoostingClassifier(
            learning_rate=0.06, max_iter=100, max_leaf_nodes=8, min_samples_leaf=100, l2_regularization=5.0,
            early_stopping=False, random_state=0,
        )  # fmt: skip
        with one_thread():
            self.trees_ = trees.fit(basis, came)

    def _hazard(self, basis: FloatArray) -> FloatArray:
        with one_thread():
            return np.asarray(self.trees_.predict_proba(basis)[:, 1])


class HazardAndBoosting:
    """The mean of what both expect: steadier than either where there are few customers."""

    name = "hazard+boosting"

    def __init__(self, progress: Progress | None = None) -> None:
        self.progress = progress

    def fit(self, events: Recurrences, days: ShopDays, last: int) -> Self:
        """Fit both."""
        methods = (Hazard(progress=self.progress), Boosting(progress=self.progress))
        self.parts_ = [method.fit(events, days, last) for method in methods]
        return self

    def predict(self, events: Recurrences, days: ShopDays, last: int) -> Arrivals:
        """Average the chances of each day."""
        said = [part.predict(events, days, last) for part in self.parts_]
        return replace(said[0], chances=np.mean([each.chances for each in said], axis=0))


def _ahead(days: ShopDays, last: int) -> BoolArray:
    """Which of the days after `last` are closed, shape (HORIZON,)."""
    return days.shut_on(last + np.arange(1, HORIZON + 1))


def _without_shut(chances: FloatArray, days: ShopDays, last: int) -> FloatArray:
    """Move what falls on closed days to the others, in proportion."""
    is_open = ~_ahead(days, last)
    kept = chances * is_open
    scale = chances.sum(axis=1) / np.maximum(kept.sum(axis=1), 1e-12)
    return np.asarray(kept * np.where(kept.sum(axis=1) > 0, scale, 1.0)[:, None])


def _waits(events: Recurrences, last: int, learn_from: int, rows: int) -> tuple[IntArray, IntArray]:
    """Event and day of every day on which a unit waited for its next event, whole waits sampled up to `rows` days."""
    end = np.minimum(np.minimum(events.next_day, last), events.day + _LONGEST_WAIT)
    length = np.where(events.times >= learn_from, end - events.day, 0)
    order = np.random.default_rng(0).permutation(len(events))
    chosen = np.sort(order[np.cumsum(length[order]) <= rows])
    length = length[chosen]
    event = np.repeat(chosen, length)
    since = np.arange(len(event)) - np.repeat(np.cumsum(length) - length, length) + 1
    return event, events.day[event] + since


def _basis(events: Recurrences, memory: Memory, days: ShopDays, event: IntArray, day: IntArray) -> FloatArray:
    """What the hazard of `day` after `event` depends on, one row each."""
    waited = (day - events.day[event]).astype(np.float64)
    log_waited = np.log(waited)
    slow, quick, scatter = memory.slow[event], memory.quick[event], memory.scatter[event]
    lateness, quick_lateness = log_waited - slow, log_waited - quick
    # A clockwork unit's hazard turns sharply when it is due, an irregular one's hardly.
    sharp = 1.0 / (np.minimum(scatter, 2.0) + 0.25)
    weekday = memory.weekdays[event, (day + 4) % WEEK]
    bulk = memory.bulk[event]
    columns = [
        slow, quick, scatter, sharp, log_waited, memory.times[event], weekday, weekday * slow,
        bulk, bulk * np.minimum(lateness, 1.0), lateness * sharp, (waited % WEEK == 0) & (waited > WEEK),
    ]  # fmt: skip
    for knot in _KNOTS:
        past = np.maximum(lateness - knot, 0.0)
        columns += [past, past * sharp]
    columns += [np.maximum(quick_lateness - knot, 0.0) for knot in _KNOTS[1::2]]
    columns += [waited == number for number in range(1, WEEK + 1)]
    return np.column_stack([*columns, days.kinds[day - days.first]])
