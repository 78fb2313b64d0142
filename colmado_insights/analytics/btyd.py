"""Buy till you die: how often customers come, whether they still do, and what they spend, from few numbers each.

A customer buys at random at a pace of their own and after a purchase may leave for good without a word.
Paces and chances of leaving differ from customer to customer by a gamma and a beta distribution.

Every fit carries a weak prior (normal on the logs of the parameters with a standard deviation of 2, a factor of
seven either way), counted once whatever the number of customers: with thousands it moves nothing,
with three it keeps the answer finite where plain maximum likelihood runs away.

References
----------
P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting your customers the easy way: an alternative to the
Pareto/NBD model", Marketing Science 24, 2005 (BG/NBD).
E. P. Batislam, M. Denizel, A. Filiztekin, "Empirical validation and comparison of models for customer base
analysis", International Journal of Research in Marketing 24, 2007 (MBG/NBD).
P. S. Fader, B. G. S. Hardie, "The gamma-gamma model of monetary value", brucehardie.com/notes/025, 2013.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from colmado_insights.analytics.threads import with_one_algebra_thread

FloatArray = NDArray[np.float64]

_PURCHASE_PRIOR = ((0.0, 2.0), (0.0, 2.0), (0.0, 2.0), (1.0, 2.0))
"""Centre and width of log r, log alpha (in units of the usual gap), log a and log b."""
_SPEND_PRIOR = ((np.log(4.0), 2.0), (np.log(3.0), 2.0), (np.log(0.75), 2.0))
"""Centre and width of log p, log (q - 1) and log gamma (in units of the mean spend)."""
_FARTHEST = 12.0
"""Logs of parameters stay within this, also where the prior is taken away."""
_NEAR_ONE = 1e-6


class Variant(StrEnum):
    """When a customer may leave: after a repeat purchase (BG/NBD), or after the first too (MBG/NBD)."""

    BGNBD = "bgnbd"
    MBGNBD = "mbgnbd"


@dataclass(frozen=True, slots=True)
class PurchaseModel:
    """A fitted BG/NBD or MBG/NBD; paces are gamma(r, alpha), chances of leaving beta(a, b).

    `alpha` is in the unit of time it was fitted in. In all methods `frequency` is how many repeat purchases,
    `recency` when the last of them was and `age` how long the customer is watched, both since the first
    purchase; arrays of one shape.
    """

    variant: Variant
    r: float
    alpha: float
    a: float
    b: float

    def alive(self, frequency: FloatArray, recency: FloatArray, age: FloatArray) -> FloatArray:
        """Compute the probability of still being a customer.

        Notes
        -----
        The BG/NBD calls everyone alive who came once, as it lets nobody leave before the second purchase;
        for churn ask `none` instead.
        """
        chances = self._chances(frequency)
        odds = _log_odds_of_leaving(self, frequency, recency, age, chances)
        return np.where(chances > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)

    def none(
        self, frequency: FloatArray, recency: FloatArray, age: FloatArray, ahead: FloatArray | float
    ) -> FloatArray:
        """Compute the probability of no purchase in the time ahead (exact)."""
        quiet = ((self.alpha + age) / (self.alpha + age + ahead)) ** (self.r + frequency)
        return 1 - self.alive(frequency, recency, age) * (1 - quiet)

    def visits(
        self, frequency: FloatArray, recency: FloatArray, age: FloatArray, ahead: FloatArray | float
    ) -> FloatArray:
        """Compute the purchases expected in the time ahead.

        Notes
        -----
        The hypergeometric function of the papers overflows for customers with hundreds of purchases; by Euler's
        transformation its large parameters cancel.
        """
        from scipy.special import hyp2f1

        a = self.a if abs(self.a - 1) > _NEAR_ONE else 1 + _NEAR_ONE
        flips = a + self.b + self._chances(frequency) - 1
        share = ahead / (self.alpha + age + ahead)
        stays = (1 - share) ** (a - 1) * hyp2f1(flips - self.r - frequency, a - 1, flips, share)
        return np.maximum(flips / (a - 1) * (1 - stays) * self.alive(frequency, recency, age), 0.0)

    def _chances(self, frequency: FloatArray) -> FloatArray:
        """How often each customer could have left."""
        return frequency if self.variant is Variant.BGNBD else frequency + 1


@dataclass(frozen=True, slots=True)
class SpendModel:
    """A fitted Gamma-Gamma: a purchase is gamma(p, v) with v of each customer gamma(q, gamma); q > 1."""

    p: float
    q: float
    gamma: float

    def mean(self, purchases: FloatArray, spend: FloatArray) -> FloatArray:
        """Compute the mean purchase to expect from how many were seen and their mean; never negative.

        It lies between the customer's own mean and that of all customers, `p * gamma / (q - 1)`.
        """
        return self.p * (self.gamma + purchases * spend) / (self.p * purchases + self.q - 1)


def fit_bgnbd(
    frequency: FloatArray,
    recency: FloatArray,
    age: FloatArray,
    *,
    variant: Variant = Variant.BGNBD,
    penalty: float = 1.0,
) -> PurchaseModel:
    """Fit a BG/NBD or MBG/NBD by maximum likelihood under the weak prior.

    Parameters
    ----------
    frequency, recency, age : ndarray of shape (customers,)
        Repeat purchases, time of the last one and of the end of watching, both since the first purchase, in one
        unit of time; 0 <= recency <= age.
    variant : Variant
        Which of the two.
    penalty : float
        Weight of the prior; 0 is plain maximum likelihood.

    Raises
    ------
    ValueError
        Where there is no customer, or recency is not between 0 and age.
    """
    if not len(frequency) or not np.all((recency >= 0) & (recency <= age) & (frequency >= 0)):
        raise ValueError("customers need 0 <= recency <= age")
    unit = float(age.sum() / (frequency.sum() + len(age))) or 1.0
    # Gamma functions of whole numbers of purchases are asked for once each, not once a customer.
    counts, place = np.unique(frequency, return_inverse=True)
    last, end = recency / unit, age / unit

    def cost(logs: FloatArray) -> tuple[float, FloatArray]:
        return _purchase_cost(np.exp(logs), frequency, counts, place, last, end, variant)

    r, alpha, a, b = _fit(cost, _PURCHASE_PRIOR, penalty)
    return PurchaseModel(variant, r, alpha * unit, a, b)


def fit_gamma_gamma(purchases: FloatArray, spend: FloatArray, *, penalty: float = 1.0) -> SpendModel:
    """Fit the Gamma-Gamma model by maximum likelihood under the weak prior; q stays above 1.

    Parameters
    ----------
    purchases, spend : ndarray of shape (customers,)
        How many purchases of each customer and their mean; customers with either not positive are passed over.
    penalty : float
        Weight of the prior; 0 is plain maximum likelihood.

    Notes
    -----
    Assumes that who comes often does not spend more or less a time for that. Below q = 1 the mean spend is
    negative or infinite, so what is fitted is q - 1.
    """
    from scipy.special import gammaln, psi

    is_known = (purchases > 0) & (spend > 0)
    count = purchases[is_known]
    unit = float(spend[is_known].mean()) if is_known.any() else 1.0
    mean = spend[is_known] / unit

    def cost(logs: FloatArray) -> tuple[float, FloatArray]:
        p, above, gamma = np.exp(logs)
        q, shape, total = 1 + above, p * count, gamma + count * mean
        likelihood = (
            gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma)
            + (shape - 1) * np.log(mean) + shape * np.log(count) - (shape + q) * np.log(total)
        )  # fmt: skip
        common = psi(shape + q) - np.log(total)
        slopes = np.array(
            [
                p * (count * (common - psi(shape) + np.log(mean * count))).sum(),
                above * (common - psi(q) + np.log(gamma)).sum(),
                gamma * (q / gamma - (shape + q) / total).sum(),
            ]
        )
        return -float(likelihood.sum()), -slopes

    p, above, gamma = _fit(cost, _SPEND_PRIOR, penalty)
    return SpendModel(p, 1 + above, gamma * unit)


def _log_odds_of_leaving(
    model: PurchaseModel, frequency: FloatArray, recency: FloatArray, age: FloatArray, chances: FloatArray
) -> FloatArray:
    """Log of P(left) over P(alive); only where there was a chance to leave."""
    before = np.where(chances > 0, model.b + chances - 1, 1.0)
    silence = np.log((model.alpha + age) / (model.alpha + recency))
    odds: FloatArray = np.log(model.a) - np.log(before) + (model.r + frequency) * silence
    return odds


def _purchase_cost(
    parameters: FloatArray,
    frequency: FloatArray,
    counts: FloatArray,
    place: NDArray[np.int64],
    recency: FloatArray,
    age: FloatArray,
    variant: Variant,
) -> tuple[float, FloatArray]:
    """Negative log-likelihood and its slopes in the logs of r, alpha, a, b."""
    from scipy.special import gammaln, psi

    r, alpha, a, b = parameters
    model = PurchaseModel(variant, r, alpha, a, b)
    chances = model._chances(frequency)
    could = chances > 0
    flips = model._chances(counts)
    of_count = (
        gammaln(r + counts) - gammaln(r) + r * np.log(alpha)
        + gammaln(b + flips) - gammaln(a + b + flips) - gammaln(b) + gammaln(a + b)
    )  # fmt: skip
    log_end, log_last = np.log(alpha + age), np.log(alpha + recency)
    odds = np.where(could, _log_odds_of_leaving(model, frequency, recency, age, chances), -np.inf)
    likelihood = of_count[place] - (r + frequency) * log_end + np.logaddexp(0, odds)
    left = np.where(could, 1 / (1 + np.exp(-np.clip(odds, -700, 700))), 0.0)
    in_r = (psi(r + counts) - psi(r) + np.log(alpha))[place] - (1 - left) * log_end - left * log_last
    in_alpha = r / alpha - (r + frequency) * ((1 - left) / (alpha + age) + left / (alpha + recency))
    in_a = (psi(a + b) - psi(a + b + flips))[place] + left / a
    in_b = (psi(b + flips) - psi(a + b + flips) - psi(b) + psi(a + b))[place]
    in_b -= left / np.where(could, b + chances - 1, 1.0)
    slopes = np.array([in_r.sum(), in_alpha.sum(), in_a.sum(), in_b.sum()]) * parameters
    return -float(likelihood.sum()), -slopes


@with_one_algebra_thread
def _fit(
    cost: Callable[[FloatArray], tuple[float, FloatArray]],
    prior: tuple[tuple[float, float], ...],
    penalty: float,
) -> list[float]:
    """The parameters of least cost under a normal prior on their logs."""
    from scipy.optimize import minimize

    centre, width = np.array(prior).T

    def total(logs: FloatArray) -> tuple[float, FloatArray]:
        value, slopes = cost(logs)
        away = (logs - centre) / width
        return value + penalty * float(away @ away) / 2, slopes + penalty * away / width

    found = minimize(
        total, centre, jac=True, method="L-BFGS-B", bounds=[(-_FARTHEST, _FARTHEST)] * len(centre),
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-6},
    )  # fmt: skip
    return [float(value) for value in np.exp(found.x)]
