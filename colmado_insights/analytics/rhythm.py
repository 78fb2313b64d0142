"""How often each known customer comes: their usual gap between visits, lent by the shop where they have few."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.domain import SECONDS_A_DAY, SaleKind, day_number

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

USUAL_GAP_DAYS = 7.0
"""What a shop is taken for before it has customers who came twice; worth one customer afterwards."""
_PRIOR_SPREAD = 0.5
"""Variance of log gaps, within a customer and between customers, before any are known."""
_PRIOR_GAPS, _PRIOR_CUSTOMERS = 10, 5
"""How many gaps and customers that is worth."""
_MEDIAN_COSTS = np.pi / 2
"""A median of n is as sure as a mean of n / (π/2), on the normal scale that logs are near to."""


@dataclass(frozen=True, slots=True)
class Visits:
    """The days on which each customer bought, each day once; `day` is ascending within a customer.

    Customer i's days are `day[start[i] : start[i + 1]]`.
    """

    customer: Counts  # (n,) ids, ascending
    start: Counts  # (n + 1,)
    day: Counts

    @property
    def count(self) -> Counts:
        """Days with a purchase of each customer, (n,)."""
        return np.diff(self.start)

    @property
    def first(self) -> Counts:
        """The day of each customer's first purchase, (n,)."""
        return self.day[self.start[:-1]]

    @property
    def last(self) -> Counts:
        """The day of each customer's last purchase, (n,)."""
        return self.day[self.start[1:] - 1]


@dataclass(frozen=True, slots=True)
class Rhythms:
    """The rhythm of each customer, in days, (n,) each.

    `gap` is the usual time between two visits. `wait` is the gap in which half of their time passes: the
    same for who comes like a clock, but a whole month for who comes five days running when paid and then no
    more until the next pay day, whose usual gap is one day.
    """

    gap: Floats
    wait: Floats


def find_visits(receipts: pd.DataFrame, until: date) -> Visits:
    """The days on which known customers bought, up to a day; refunds are no visits.

    Parameters
    ----------
    receipts : DataFrame
        RECEIPT_COLUMNS, in any order; anonymous receipts are passed over.
    until : date
        Last day looked at.
    """
    customer, day = receipts["customer_id"].to_numpy(), receipts["sold_at"].to_numpy() // SECONDS_A_DAY
    is_visit = (customer > 0) & (receipts["kind"].to_numpy() == SaleKind.SALE) & (day <= day_number(until))
    customer, day = customer[is_visit], day[is_visit]
    order = np.lexsort((day, customer))
    customer, day = customer[order], day[order]
    is_other = np.append(True, (customer[1:] != customer[:-1]) | (day[1:] != day[:-1]))[: customer.size]
    customer, day = customer[is_other], day[is_other]
    ids, start = np.unique(customer, return_index=True)
    return Visits(ids, np.append(start, day.size).astype(np.int64), day)


def compute_rhythms(visits: Visits) -> Rhythms:
    """Learn the rhythm of every customer, of those with few visits mostly from the others.

    Parameters
    ----------
    visits : Visits
        Of n customers.

    Returns
    -------
    Rhythms
        Positive; who came once has the shop's.

    Notes
    -----
    The log of a customer's median gap over n gaps is taken as normal about their true rhythm with variance
    (π/2)·s²/n, and the true rhythms as normal about the shop's with variance t². s² is pooled over
    customers, t² is the moment estimate of random effects [2]_, and both start from a prior worth ten gaps
    and five customers, so that three customers have an answer too. The estimate is the posterior mean:
    empirical Bayes [1]_.

    Assumes
    -------
    Rhythms keep: a customer who came weekly for a year and monthly since has a gap in between.

    References
    ----------
    .. [1] B. Efron, C. Morris, "Data analysis using Stein's estimator and its generalizations", JASA 70 (1975).
    .. [2] R. DerSimonian, N. Laird, "Meta-analysis in clinical trials", Control. Clin. Trials 7 (1986).
    """
    customers = visits.customer.size
    owner = np.repeat(np.arange(customers), visits.count)
    gap = np.diff(visits.day)
    is_gap = owner[1:] == owner[:-1]
    owner, gap = owner[1:][is_gap], gap[is_gap]
    order = np.lexsort((gap, owner))
    owner, gap = owner[order], gap[order]
    count = np.bincount(owner, minlength=customers)
    has_gaps = count > 0
    start = np.cumsum(count) - count
    middle = start[has_gaps] + (count[has_gaps] - 1) // 2
    upper = start[has_gaps] + count[has_gaps] // 2
    log_gap = np.log(gap.astype(np.float64))
    medians = (log_gap[middle] + log_gap[upper]) / 2
    passed = np.cumsum(gap)
    before = np.append(0, passed)[start[has_gaps]]
    whole = np.append(0, passed)[start[has_gaps] + count[has_gaps]] - before
    waits = log_gap[np.searchsorted(passed, before + whole / 2)]
    means = np.bincount(owner, log_gap, minlength=customers) / np.maximum(count, 1)
    misfit = float(((log_gap - means[owner]) ** 2).sum())
    freedom = int((count[has_gaps] - 1).sum())
    spread = (misfit + _PRIOR_GAPS * _PRIOR_SPREAD) / (freedom + _PRIOR_GAPS)
    return Rhythms(
        gap=np.exp(_shrink(medians, count, spread)),
        wait=np.exp(_shrink(np.maximum(waits, medians), count, spread)),
    )


def _shrink(observed: Floats, count: Counts, spread: float) -> Floats:
    """The log rhythm of all customers from the observed ones of those with gaps."""
    has_gaps = count > 0
    noise = _MEDIAN_COSTS * spread / np.maximum(count[has_gaps], 1)
    between = _variance_between(observed, noise)
    weight = 1 / (between + noise)
    own_weight = 1 / (2 * _PRIOR_SPREAD)
    shop = (weight @ observed + own_weight * np.log(USUAL_GAP_DAYS)) / (weight.sum() + own_weight)
    shrunk = np.full(count.size, float(shop))
    shrunk[has_gaps] = (observed / noise + shop / between) / (1 / noise + 1 / between)
    return shrunk


def _variance_between(observed: Floats, noise: Floats) -> float:
    """How far customers' true log rhythms lie apart, from a prior worth a few customers; never nought."""
    moment, known = 0.0, observed.size
    if known > 1:
        weight = 1 / noise
        mean = weight @ observed / weight.sum()
        excess = float(weight @ (observed - mean) ** 2) - (known - 1)
        moment = max(0.0, excess / float(weight.sum() - (weight**2).sum() / weight.sum()))
    return (known * moment + _PRIOR_CUSTOMERS * _PRIOR_SPREAD) / (known + _PRIOR_CUSTOMERS)
