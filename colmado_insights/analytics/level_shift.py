"""A shop's level that changed from one day to the next: a rival opened, the street was closed, a wall came down.

References
----------
D. M. Hawkins, "Testing a sequence of observations for a shift in location", Journal of the American
Statistical Association 72, 1977.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from colmado_insights.analytics.history import WEEK, FloatArray, robust_sigma

_LEAST_AFTER = 8
"""Days with sales that a new level must have lasted: a bad week is none."""
_LONGEST_AGO = 12 * WEEK
"""An older shift has long been learnt by following the level."""
_BEFORE = 6 * WEEK
_WINDOW = 2 * WEEK
_LEAST_SIZE = 0.2
_SURENESS = 4.0
_KINSHIP = 1.5
"""Days beside each other are kin: so many times the variance that independent ones would have."""
_USUAL_WANDER = 0.06
_ENOUGH_WINDOWS = 8 * WEEK


@dataclass(frozen=True, slots=True)
class LevelShift:
    """From row `row` on, days lie `size` (in logs) above or below the weeks before."""

    row: int
    size: float


def find_level_shift(rest: FloatArray) -> LevelShift | None:
    """Find the level shift of the last twelve weeks, if there was one.

    Parameters
    ----------
    rest : ndarray of shape (days,)
        Logs freed of the calendar, NaN where nothing is known.

    Returns
    -------
    LevelShift or None
        None where the level only wandered as it always did, rose steadily, or has not stayed for
        eight days with sales.
    """
    sums = np.concatenate([[0.0], np.cumsum(np.nan_to_num(rest))])
    counts = np.concatenate([[0.0], np.cumsum(~np.isnan(rest))])
    days = len(rest)
    rows = np.arange(max(_WINDOW, days - _LONGEST_AGO), days - _LEAST_AFTER + 1)
    if len(rows) == 0:
        return None
    start = np.maximum(rows - _BEFORE, 0)
    before, after = counts[rows] - counts[start], counts[days] - counts[rows]
    able = (before >= _WINDOW) & (after >= _LEAST_AFTER)
    if not able.any():
        return None
    rows, start, before, after = rows[able], start[able], before[able], after[able]
    sizes = (sums[days] - sums[rows]) / after - (sums[rows] - sums[start]) / before
    row = int(np.argmax(before * after / (before + after) * sizes**2))
    scatter = robust_sigma(np.diff(rest[-_LONGEST_AGO - _BEFORE :])) / np.sqrt(2)
    doubt = np.hypot(scatter * np.sqrt(_KINSHIP * (1 / before[row] + 1 / after[row])), _wander(sums, counts))
    shift = LevelShift(int(rows[row]), float(sizes[row]))
    is_sure = abs(shift.size) > max(_LEAST_SIZE, _SURENESS * doubt)
    return shift if is_sure and _is_step(rest[int(start[row]) :], shift.row - int(start[row])) else None


def aligned(rest: FloatArray, shift: LevelShift | None) -> FloatArray:
    """The same days with those before a shift lifted or lowered to what came after it."""
    if shift is None:
        return rest
    moved = rest.copy()
    moved[: shift.row] += shift.size
    return moved


def _wander(sums: FloatArray, counts: FloatArray) -> float:
    """How far two weeks usually lie from the six before them, the last twelve weeks left out."""
    rows = np.arange(_BEFORE, len(sums) - 1 - _LONGEST_AGO - _WINDOW)
    if len(rows) < _ENOUGH_WINDOWS:
        return _USUAL_WANDER
    later = (sums[rows + _WINDOW] - sums[rows]) / np.maximum(counts[rows + _WINDOW] - counts[rows], 1)
    earlier = (sums[rows] - sums[rows - _BEFORE]) / np.maximum(counts[rows] - counts[rows - _BEFORE], 1)
    return robust_sigma(later - earlier)


def _is_step(rest: FloatArray, row: int) -> bool:
    """Whether a step fits these days better than a straight line."""
    known = ~np.isnan(rest)
    place, values = np.flatnonzero(known), rest[known]
    is_after = place >= row
    step = np.where(is_after, values[is_after].mean(), values[~is_after].mean())
    line = np.polynomial.polynomial.polyval(place, np.polynomial.polynomial.polyfit(place, values, 1))
    return bool(((values - step) ** 2).sum() < ((values - line) ** 2).sum())
