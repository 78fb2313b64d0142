"""Streams of chance and the arrays they fill."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def stream(seed: int, stage: int) -> np.random.Generator:
    """One stream of chance a stage, so that a change in one leaves the others alone."""
    return np.random.default_rng([seed, stage])


def bell(hour: Floats, centre: float, width: float) -> Floats:
    """A bell of height one."""
    return np.asarray(np.exp(-0.5 * ((hour - centre) / width) ** 2))


def bells(hour: Floats, humps: Iterable[tuple[float, float]]) -> Floats:
    """Sum of bells given as (centre, width)."""
    return np.asarray(sum((bell(hour, centre, width) for centre, width in humps), np.zeros(len(hour))))


def summed(values: Ints, receipt: Ints, count: int) -> Ints:
    """Sum of the lines of each receipt; exact, for sums stay far below 2**53."""
    return np.bincount(receipt, weights=values, minlength=count).astype(np.int64)
