"""Weak estimates borrow from their kind: partial pooling of many, in groups, by their own doubt.

References
----------
B. Efron, C. Morris, "Data analysis using Stein's estimator and its generalizations", Journal of the American
Statistical Association 70, 1975.
A. Gelman, J. Hill, "Data Analysis Using Regression and Multilevel/Hierarchical Models", 2007, chapter 12.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SPREADS = np.geomspace(0.05, 1.5, 35)
"""Spreads within a group that are tried."""


@dataclass(frozen=True)
class Prior:
    """What is thought before any estimate is seen: of the mean of all, of groups around it, of members in a group."""

    mean: float
    mean_spread: float
    group_spread: float
    member_spread: float
    member_doubt: float  # in logs, of the member spread
    shared: float = 1.0  # the variance of a group's mean is so many times what independent members would give


@dataclass(frozen=True)
class Pooled:
    """What was learnt of the groups; arrays of shape (groups,)."""

    mean: FloatArray
    variance: FloatArray  # of each group's mean
    spread: float  # of members around the mean of their group
    overall: float

    def shrink(
        self, raw: FloatArray, variance: FloatArray, group: IntArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Posterior mean and variance of each member, and the weight of its own estimate; shape as `raw`."""
        own = self.spread**2 / (self.spread**2 + variance)
        mean = own * raw + (1 - own) * self.mean[group]
        return mean, own * variance + (1 - own) ** 2 * self.variance[group], own


def pool(raw: FloatArray, variance: FloatArray, group: IntArray, groups: int, prior: Prior) -> Pooled:
    """Learn the means of the groups and how far members lie from them.

    Parameters
    ----------
    raw, variance : ndarray of shape (members,)
        Each one's own estimate and its variance, above zero.
    group : ndarray of shape (members,)
        Position of each one's group.
    groups : int
        How many groups there are; those without members get what the others and the prior say.
    prior : Prior
        What is thought beforehand; with few members it decides.

    Returns
    -------
    Pooled
        Means by the spread that is most probable given the estimates and its prior (restricted likelihood).

    Assumes
    -------
    Members scatter normally around their group, groups around the overall mean.
    """
    scored = [(_score(spread, raw, variance, group, groups, prior), spread) for spread in _SPREADS]
    spread = float(max(scored)[1])
    mean, doubt, overall = _means(spread, raw, variance, group, groups, prior)
    return Pooled(mean, doubt * prior.shared, spread, overall)


def _score(
    spread: float, raw: FloatArray, variance: FloatArray, group: IntArray, groups: int, prior: Prior
) -> float:
    """Log of how probable a spread is, up to a constant."""
    mean, doubt, _overall = _means(spread, raw, variance, group, groups, prior)
    total = variance + spread**2
    fit = -0.5 * float((np.log(total) + (raw - mean[group]) ** 2 / total).sum())
    surprise = float(np.log(spread / prior.member_spread)) / prior.member_doubt
    return fit + 0.5 * float(np.log(doubt).sum()) - 0.5 * surprise**2


def _means(
    spread: float, raw: FloatArray, variance: FloatArray, group: IntArray, groups: int, prior: Prior
) -> tuple[FloatArray, FloatArray, float]:
    """Mean of each group with its variance, and the overall mean, given the spread."""
    weight = 1 / (variance + spread**2)
    own = np.bincount(group, weight, groups)
    sums = np.bincount(group, weight * raw, groups)
    between = prior.group_spread**2
    told = own > 0
    of_group = 1 / (1 / np.where(told, own, 1.0) + between)
    first = 1 / prior.mean_spread**2
    overall = (first * prior.mean + (of_group * sums / np.where(told, own, 1.0))[told].sum()) / (
        first + of_group[told].sum()
    )
    doubt = 1 / (own + 1 / between)
    return (sums + overall / between) * doubt, doubt, float(overall)
