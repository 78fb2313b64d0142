"""What a forecast lives on: how much worse it would have been without knowing one group of things.

References
----------
L. Breiman, "Random forests", Machine Learning 45, 2001 (permutation importance).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from colmado_insights.analytics.backtest import blend, wape
from colmado_insights.analytics.forecast_methods import Method
from colmado_insights.analytics.history import WEEK, YEAR, Calendar, FloatArray, History
from colmado_insights.progress import Progress

_EVERY_SO_MANY = 2
_RECENT_DAYS = 4 * WEEK
_SEASON_DAYS = YEAR - 8 * WEEK


@dataclass(frozen=True)
class _Group:
    """What belongs together: codes of the calendar's effects and columns of its frame."""

    name: str
    codes: tuple[str, ...]
    columns: tuple[str, ...]


_GROUPS = (
    _Group("weekday", ("weekday",), ("weekday", "is_weekend")),
    _Group(
        "payday",
        ("payday", "before_payday"),
        ("days_since_payroll", "days_to_payroll", "pay_phase", "is_payroll_day"),
    ),
    _Group("holiday", ("holiday", "eve", "occasion"), ("is_holiday", "holiday", "is_eve", "occasion")),
    _Group("season", ("december",), ()),
    _Group("recent", (), ()),
)


def compute_importance(
    history: History,
    methods: Sequence[type[Method]],
    weights: Sequence[float],
    origins: NDArray[np.int64],
    horizon: int,
    progress: Progress | None = None,
) -> tuple[tuple[str, float], ...]:
    """Loss in WAPE on the days of a back-test when one group of features is shuffled or withheld.

    Parameters
    ----------
    history : History
        All days known now.
    methods, weights
        The blend that is used.
    origins : ndarray of int
        How many days are known at each origin of the back-test, oldest first.
    horizon : int
        Days forecast at each.
    progress : Progress, optional
        Told of every origin; raises Cancelled when asked to stop.

    Returns
    -------
    tuple of (str, float)
        (group, loss), largest first: `weekday`, `payday`, `holiday` are drawn from other days of the
        back-test; `recent` withholds the last four weeks, `season` December and last year, where four
        weeks of sales are left without them. Empty where nothing was sold after any origin.

    Assumes
    -------
    The methods are fitted before the first origin, so that nothing scored was learnt from.
    """
    origins = origins[::-_EVERY_SO_MANY][::-1]
    before = history.before(int(origins[0]))
    fitted = []
    for method in methods:
        if progress:
            progress.step()
        fitted.append(method().fit(before))
    rng = np.random.default_rng(0)
    span = np.arange(int(origins[0]), len(history))
    actual, plain = [], []
    shuffled: dict[str, list[FloatArray]] = {group.name: [] for group in _GROUPS}
    for turn, origin in enumerate(origins):
        if progress:
            progress.step(turn, len(origins))
        past = history.before(int(origin))
        ahead = slice(int(origin), int(origin) + horizon)
        actual.append(
            np.pad(history.values[ahead], (0, horizon - len(history.values[ahead])), constant_values=np.nan)
        )
        plain.append(_told(fitted, weights, past, horizon))
        drawn = rng.choice(span, horizon)
        for group in _GROUPS:
            shuffled[group.name].append(_told(fitted, weights, _without(past, group, ahead, drawn), horizon))
    known = np.array(actual)
    if np.isnan(known).all():
        return ()
    error = wape(np.array(plain), known)
    losses = [(name, wape(np.array(told), known) - error) for name, told in shuffled.items()]
    return tuple(sorted(losses, key=lambda pair: -pair[1]))


def _told(fitted: Sequence[Method], weights: Sequence[float], past: History, horizon: int) -> FloatArray:
    return blend([method.predict(past, horizon) for method in fitted], weights)


def _without(past: History, group: _Group, ahead: slice, drawn: NDArray[np.int64]) -> History:
    """A history that does not know one group of features of the days ahead."""
    values = past.values.copy()
    if group.name == "recent":
        values[-_RECENT_DAYS:] = np.nan
    if group.name == "season":
        values[:-_SEASON_DAYS] = np.nan
    is_enough = np.count_nonzero(~np.isnan(values)) > _RECENT_DAYS
    return History(values if is_enough else past.values, _shuffled(past.calendar, group, ahead, drawn))


def _shuffled(calendar: Calendar, group: _Group, ahead: slice, drawn: NDArray[np.int64]) -> Calendar:
    """The calendar with one group's columns of the days ahead taken from the days drawn."""
    chosen = np.flatnonzero([code in group.codes for code, _ in calendar.names])
    effects, weekday = calendar.effects.copy(), calendar.weekday.copy()
    effects[ahead, chosen] = effects[drawn[:, None], chosen]
    if "weekday" in group.codes:
        weekday[ahead] = weekday[drawn]
    frame = calendar.frame.copy()
    for column in group.columns:
        values = frame[column].to_numpy().copy()
        values[ahead] = values[drawn]
        frame[column] = values
    return replace(calendar, effects=effects, weekday=weekday, frame=frame)
