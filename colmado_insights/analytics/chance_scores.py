"""How good chances were that were said beforehand: who was told apart, and how often what was said came."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_BINS = 10


def auc(said: FloatArray, came: FloatArray) -> float:
    """Probability that one who came was given more than one who did not; 0.5 where all or none came."""
    positive = came > 0
    if not positive.any() or positive.all():
        return 0.5
    ranks = pd.Series(said).rank().to_numpy()
    wins = ranks[positive].sum() - positive.sum() * (positive.sum() + 1) / 2
    return float(wins / (positive.sum() * (~positive).sum()))


def calibration_error(said: FloatArray, came: FloatArray) -> float:
    """Mean distance of what was said from what came, over ten bins of what was said, each by its rows."""
    if not len(said):
        return 0.0
    place = np.minimum((said * _BINS).astype(np.int64), _BINS - 1)
    distance = np.bincount(place, said, _BINS) - np.bincount(place, came, _BINS)
    return float(np.abs(distance).sum() / len(said))
