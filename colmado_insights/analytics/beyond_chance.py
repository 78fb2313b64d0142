"""Which counts are beyond what chance makes of everybody's shares, several asked together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

LEVEL = 0.05
"""Chance may make so many of the findings of one kind, all its questions together."""
LEAST_TIMES = 3
_WILSON = 1.96


def find_preferred(own: Counts, everybody: Counts) -> tuple[int, ...]:
    """Positions where a customer's counts are beyond everybody else's shares and beyond chance, ascending.

    Parameters
    ----------
    own, everybody : ndarray of int64, shape (k,)
        How often at each position; everybody's hold the customer's own.

    Notes
    -----
    A binomial tail against the others' share, under 5 % for all positions together by Holm [1]_, and three
    times at least.

    References
    ----------
    .. [1] S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Stat. 6 (1979).
    """
    others = np.maximum(everybody - own, 0) + 0.5  # a place where nobody else comes is rare, not impossible
    tails = tails_of(own, int(own.sum()), others / others.sum())
    return tuple(np.flatnonzero(stand_out(tails) & (own >= LEAST_TIMES)).tolist())


def tails_of(count: Counts | Floats, whole: int, share: Floats) -> Floats:
    """The chance of so many or more out of a whole, each with its share: binomial tails."""
    from scipy.special import bdtrc

    tails: Floats = np.where(
        count > 0, bdtrc(np.maximum(count - 1, 0), max(whole, 1), np.clip(share, 0, 1)), 1.0
    )
    return tails


def stand_out(tails: Floats) -> NDArray[np.bool_]:
    """Which findings stand when all questions together may err in 5 %."""
    order = np.argsort(tails, kind="stable")
    stands = tails[order] <= LEVEL / np.arange(tails.size, 0, -1)
    found = np.zeros(tails.size, dtype=bool)
    found[order[: tails.size if stands.all() else int(np.argmin(stands))]] = True
    return found


def wilson_low(count: int, whole: int) -> float:
    """The lower end of the 95 % Wilson interval of a share."""
    share, z2 = count / whole, _WILSON**2
    spread = _WILSON * float(np.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole)))
    return (share + z2 / (2 * whole) - spread) / (1 + z2 / whole)
