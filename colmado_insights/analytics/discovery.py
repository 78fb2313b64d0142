"""Many things looked at together: which of them are more than chance, and by how much at least.

Only `scipy.special`: the distributions of `scipy.stats` take two seconds to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def adjust(p: NDArray[np.float64], looked_at: int | None = None) -> NDArray[np.float64]:
    """Correct p-values for how many there are.

    Parameters
    ----------
    p : ndarray
        P-values, shape (n,).
    looked_at : int, optional
        How many things were looked at, where those without a chance were left out of `p`; n if not said.

    Returns
    -------
    ndarray
        The smallest share of false finds at which each would be found, shape (n,).

    Assumes
    -------
    The things are independent, or lean the same way.

    References
    ----------
    Y. Benjamini, Y. Hochberg, "Controlling the False Discovery Rate", J. R. Stat. Soc. B 57 (1995).
    """
    order = np.argsort(p, kind="stable")
    scaled = p[order] * (len(p) if looked_at is None else looked_at) / np.arange(1, len(p) + 1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.minimum(adjusted, 1.0)


def chance_of_count(seen: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance that a Poisson count of these means is at least what was seen; what was seen is 1 or more."""
    from scipy.special import gammainc

    return np.asarray(gammainc(seen, expected), dtype=np.float64)


def chance_of_share(
    seen: NDArray[np.number[Any]], tries: NDArray[np.number[Any]], share: float
) -> NDArray[np.float64]:
    """Chance that of so many tries at least as many as seen come out, at this share; 1 where none was seen."""
    from scipy.special import betainc

    some = np.maximum(seen, 1)
    chance = betainc(some, np.maximum(tries - some + 1, 1), share)
    return np.asarray(np.where(seen > 0, chance, 1.0), dtype=np.float64)


def lowest_mean(seen: float) -> float:
    """The lower end of the exact 95 % interval of a Poisson mean of which so many were seen.

    References
    ----------
    F. Garwood, "Fiducial Limits for the Poisson Distribution", Biometrika 28 (1936).
    """
    from scipy.special import gammaincinv

    return float(gammaincinv(seen, 0.025)) if seen > 0 else 0.0
