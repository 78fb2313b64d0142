"""Which method foresees what recurs best, tried on the shop's own past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.history import WEEK
from colmado_insights.analytics.recurrence import (
    NEVER,
    REACH,
    SIDE,
    FloatArray,
    IntArray,
    Method,
    Recurrences,
    ShopDays,
)
from colmado_insights.progress import Progress

_LEAST_LEARNT_GAPS = 150
_LEAST_UNITS = 10
_TRIAL_UNITS = 1_500


@dataclass(frozen=True)
class Trials:
    """One method at past days: what it expected and what came, stacked over all origins."""

    surprise: FloatArray
    middle_error: FloatArray  # days, of those who came within reach
    window_error: FloatArray
    before: FloatArray  # share expected before the day that came
    by_then: FloatArray  # and by its end
    week_said: FloatArray
    week_came: FloatArray

    @property
    def log_loss(self) -> float:
        """What methods are chosen by: it judges the whole distribution, and counts those who did not come."""
        return float(self.surprise.mean()) if len(self.surprise) else float("inf")

    @property
    def scores(self) -> tuple[tuple[str, float], ...]:
        """By the field's names; `mae` is of the middle day, `within3` of the likeliest window's."""
        if not len(self.middle_error):
            return ()
        return (
            ("mae", float(self.middle_error.mean())),
            ("within3", float((self.window_error <= SIDE).mean())),
            ("brier", float(((self.week_said - self.week_came) ** 2).mean())),
            ("log_loss", self.log_loss),
        )


def past_origins(events: Recurrences, last: int) -> tuple[list[int], int]:
    """Four days a week apart to try methods at, and how many days were seen after each; none in a short history."""
    span = last - int(events.day.min()) + 1
    seen = min(REACH, span // 4)
    origins = [last - seen - WEEK * back for back in (3, 2, 1, 0)]
    return (origins, seen) if seen >= 2 * WEEK else ([], 0)


def try_method(
    method: Method, events: Recurrences, days: DominicanDays, origins: list[int], seen: int, least: int
) -> Trials:
    """Fit at the first origin and expect at each of them with what was known at its time.

    Only units with `least` events by then count. Errors in days are those of who came within `seen` days; of the
    others it is not known when they come, and they count by the chance that was given to their staying away.
    """
    parts: list[tuple[FloatArray, ...]] = []
    fitted: Method | None = None
    for origin in origins:
        past, units = events.before(origin)
        layout = ShopDays.of(days, past.day, origin)
        fitted = fitted or method.fit(past, layout, origin)
        said = fitted.predict(past, layout, origin)
        came = next_days(events, units, origin) - origin
        counted = past.times[past.last] + 1 >= least
        near = counted & (came <= seen)
        parts.append(
            (
                said.surprise(came, seen)[counted],
                np.abs(said.middle() - came)[near].astype(np.float64),
                np.abs(said.window()[0] - came)[near].astype(np.float64),
                *(place[counted] for place in said.placed(came, seen)),
                said.within(WEEK)[counted],
                (came <= WEEK)[counted].astype(np.float64),
            )
        )
    return Trials(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def can_learn(events: Recurrences) -> bool:
    """Whether there is enough for more than the plain rule."""
    gaps = np.bincount(events.unit[events.times > 0], minlength=1)
    return int(gaps.sum()) >= _LEAST_LEARNT_GAPS and int((gaps >= 2).sum()) >= _LEAST_UNITS


def choose(
    methods: Sequence[Method],
    events: Recurrences,
    days: DominicanDays,
    last: int,
    least: int,
    progress: Progress | None = None,
) -> tuple[Method, dict[str, Trials]]:
    """Try the methods on the shop's own past and answer the best by log loss, not yet fitted, and all trials.

    The first one is the plain rule: it answers where there is too little to learn from or to try on. Where there are
    many units, a seeded sample of them is enough to choose by.
    """
    if events.units > _TRIAL_UNITS:
        order = np.random.default_rng(0).permutation(events.units)
        events = events.of_units(order < _TRIAL_UNITS)
    origins, seen = past_origins(events, last)
    if not origins or not can_learn(events.before(origins[0])[0]):
        return methods[0], {}
    trials = {}
    for method in methods:
        if progress:
            progress.step()
        trials[method.name] = try_method(method, events, days, origins, seen, least)
    return min(methods, key=lambda method: trials[method.name].log_loss), trials


def next_days(events: Recurrences, units: IntArray, origin: int) -> IntArray:
    """Day of the first event after `origin` of each of some units, NEVER without one."""
    later = events.day > origin
    first = np.full(events.units, NEVER, dtype=np.int64)
    np.minimum.at(first, events.unit[later], events.day[later])
    return first[units]
