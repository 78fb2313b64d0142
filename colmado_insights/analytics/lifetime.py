"""What each known customer will spend in the months ahead, by the method that did best on the shop's own past.

Methods. *simple*: mean basket times the yearly frequency. *bgnbd*, *mbgnbd*: buy till you die, with Gamma-Gamma
for the spending. *forest*, *boosting*: learnt from what followed at past cut-offs; as trees learn who spends more
than whom better than how much all will, their total is set to that of the MBG/NBD, corrected by half of what it was
off lately. *blend*: the mean of those two.

Choice. At past cut-offs every method sees only what was known, and is judged by mean absolute error (as a share of
the mean spending) and rank correlation together, as the error alone rewards calling everybody lost; a total that is
far off counts against it. The blend is used unless another did clearly better. Where the past is shorter than three
horizons, a shorter one is tested and stretched to the whole by each customer's expected visits.

Intervals are conformal: quantiles of actual over expected among customers with about as many expected visits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from colmado_insights.analytics.btyd import Variant
from colmado_insights.analytics.customer_cuts import (
    ENOUGH_TRIED,
    LEAST_CUSTOMERS,
    LEAST_PAST_DAYS,
    LEAST_ROWS,
    Cut,
    FloatArray,
    Sales,
    cut_days,
    design,
    look_back,
    some_rows,
    take_cut,
)
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import Lifetime, Lifetimes, ModelScore, NotEnough
from colmado_insights.analytics.threads import one_thread
from colmado_insights.domain import RECEIPT_COLUMNS, Reason, day_number
from colmado_insights.progress import Progress

SIMPLE, FOREST, BOOSTING, BLEND = "simple", "forest", "boosting", "blend"
_MODELS = tuple(Variant)
_MOST_CUTS = 6
_MOST_TRIALS = 3
_MOST_BIAS, _BIAS_COST = 0.10, 5.0
"""A total that is off by more costs so much."""
_CLEARLY = 0.03
"""Share of its cost by which a method must beat the blend: less is chance, and following it costs accuracy."""
_MOST_A_TREE = 1_500
"""Rows that one tree of the forest is grown on: more take longer and rank no better."""
_BASE = 0.15
"""A customer's expected spending is told apart from nothing by this share of the mean customer's."""
_LEVELS = (0.5, 2.0)
_LEVEL_CUTS = 3
_BANDS = 4
_LEAST_IN_BAND = 20
_SHARE = 0.80
_WIDE = (0.2, 2.5)
"""Interval in times the expected spending where nothing could be tested yet."""

Past = Sequence[tuple[Cut, FloatArray]]
"""Cut-offs with what each customer spent in the days after them."""


def compute_lifetimes(
    receipts: pd.DataFrame,
    *,
    until: date,
    horizon_days: int = 365,
    progress: Progress | None = None,
    lines: pd.DataFrame | None = None,
) -> Lifetimes | NotEnough:
    """Expect what every known customer spends in the days after `until`.

    Parameters
    ----------
    receipts : DataFrame
        RECEIPT_COLUMNS, n rows in any order; anonymous ones and those after `until` are passed over.
    until : date
        The last day known.
    horizon_days : int
        How far ahead.
    progress : Progress or None
        Told of each cut-off; may cancel.
    lines : DataFrame or None
        LINE_COLUMNS; with them the learned methods see what is bought too.

    Returns
    -------
    Lifetimes or NotEnough
        In the order of the ids; `NotEnough` without any known customer. With fewer than 20 customers, or under
        90 days of sales, by the simple rule, and the reasons say so.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    sales = Sales.of(receipts, until)
    progress = progress or Progress()
    now = take_cut(receipts, lines, day_number(until))
    if not len(now):
        return NotEnough(needed=1, have=0, unit="customers", until=until)
    days = sales.days(until)
    tested = min(horizon_days, days // 3)
    if days < 3 * LEAST_PAST_DAYS:
        reason = Reason.of("lifetime_short_history", days=days, needed=3 * LEAST_PAST_DAYS)
        return _by_rule(now, until, horizon_days, reason)
    numbers = cut_days(sales, until, tested, _MOST_CUTS)
    past = [(cut, sales.cents_after(cut, tested)) for cut in look_back(receipts, lines, numbers, progress)]
    trials = run_trials(past, tested, progress)
    if min(len(now), len(trials.actual)) < LEAST_CUSTOMERS:
        have = min(len(now), len(trials.actual))
        reason = Reason.of("lifetime_few_customers", have=have, needed=LEAST_CUSTOMERS)
        return _by_rule(now, until, horizon_days, reason)
    return _answer(trials, past, now, until, tested, horizon_days)


@dataclass(frozen=True)
class Trials:
    """What every method expected at past cut-offs, and what came; rows of all cut-offs one below the other."""

    actual: FloatArray
    visits: FloatArray
    expected: dict[str, FloatArray]

    def costs(self) -> dict[str, float]:
        """What each method is judged by, least is best."""
        found = {name: score(values, self.actual) for name, values in self.expected.items()}
        mean = max(float(self.actual.mean()), 1.0)
        return {
            name: scores["mae"] / mean
            + (1 - scores["spearman"])
            + _BIAS_COST * max(0.0, abs(scores["bias"]) - _MOST_BIAS)
            for name, scores in found.items()
        }

    def choice(self) -> str:
        """The method to use: the blend, unless another did clearly better."""
        costs = self.costs()
        best = min(costs, key=lambda name: costs[name])
        return BLEND if costs.get(BLEND, np.inf) <= costs[best] * (1 + _CLEARLY) else best


def run_trials(past: Past, ahead: int, progress: Progress | None = None) -> Trials:
    """Let every method expect the days after the newest cut-offs from what was known on them.

    A method that learns does so at cut-offs whose outcome was known by then; without enough of them anywhere only
    the others are tried. `Trials` is empty when there is no cut-off at all.
    """
    tried = _places(past, ahead)
    parts: list[dict[str, FloatArray]] = []
    for place in tried:
        if progress:
            progress.step(_MOST_CUTS + len(parts), _MOST_CUTS + _MOST_TRIALS)
        cut = past[place][0]
        parts.append(expect(_known_before(past, cut.day, ahead), cut, ahead))
    if not parts:
        return Trials(np.zeros(0), np.zeros(0), {})
    expected = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    actual = np.concatenate([past[place][1] for place in tried])
    visits = np.concatenate([past[place][0].expected_visits(Variant.MBGNBD, float(ahead)) for place in tried])
    return Trials(actual, visits, expected)


def expect(past: Past, now: Cut, ahead: int) -> dict[str, FloatArray]:
    """What each method expects every customer to spend in the days ahead, in cents."""
    expected = {SIMPLE: simple_cents(now, ahead)}
    expected |= {str(variant): now.expected_cents(variant, float(ahead)) for variant in _MODELS}
    if _can_learn(past):
        expected |= _learned(past, now, ahead)
        expected[BLEND] = (expected[FOREST] + expected[BOOSTING]) / 2
    return expected


def simple_cents(cut: Cut, ahead: float) -> FloatArray:
    """Mean basket times frequency times horizon; who came once is taken to come in the shop's rhythm."""
    frequency = cut.column("receipts") / (cut.column("age_days") + np.maximum(cut.column("rhythm_days"), 1.0))
    cents: FloatArray = cut.column("avg_basket_cents") * frequency * ahead
    return cents


def score(expected: FloatArray, actual: FloatArray) -> dict[str, float]:
    """Mean absolute and root mean squared error in cents, error of the total, and rank correlation."""
    away = expected - actual
    return {
        "mae": float(np.abs(away).mean()),
        "rmse": float(np.sqrt((away**2).mean())),
        "bias": float(away.sum() / max(actual.sum(), 1.0)),
        "spearman": _rank_correlation(expected, actual),
    }


@dataclass(frozen=True)
class Spread:
    """How far spending lies from what was expected, by how many visits are: `low` and `high` in times of it."""

    edges: FloatArray
    low: FloatArray
    high: FloatArray
    little: float

    @classmethod
    def of(cls, expected: FloatArray, actual: FloatArray, visits: FloatArray) -> Spread:
        """Learn from customers at past cut-offs."""
        little = _BASE * max(float(expected.mean()), 1.0)
        ratio = (np.maximum(actual, 0) + little) / (expected + little)
        bands = int(np.clip(len(ratio) // _LEAST_IN_BAND, 1, _BANDS))
        edges = np.quantile(visits, np.arange(1, bands) / bands)
        band = np.searchsorted(edges, visits, side="right")
        # Where many have the same visits a band may be empty: nobody will fall into it either.
        pairs = [
            _conformal_pair(part if len(part := ratio[band == number]) else ratio) for number in range(bands)
        ]
        return cls(
            edges, np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs]), little
        )

    def bounds(self, expected: FloatArray, visits: FloatArray) -> tuple[FloatArray, FloatArray]:
        """80 % intervals around what is expected; never below zero, never beside it."""
        band = np.searchsorted(self.edges, visits, side="right")
        low = (expected + self.little) * self.low[band] - self.little
        high = (expected + self.little) * self.high[band] - self.little
        return np.clip(low, 0, expected), np.maximum(high, expected)


def _places(past: Past, ahead: int) -> list[int]:
    """Which cut-offs to try, newest first: where trees can learn, else the newest; until enough are tried."""
    able = [place for place in range(len(past)) if _can_learn(_known_before(past, past[place][0].day, ahead))]
    tried: list[int] = []
    for place in able[:_MOST_TRIALS] or range(min(len(past), 1)):
        if sum(len(past[other][0]) for other in tried) < ENOUGH_TRIED:
            tried.append(place)
    return tried


def _can_learn(past: Past) -> bool:
    """Whether there are customers enough for trees."""
    return sum(len(cut) for cut, _spent in past) >= LEAST_ROWS


def _known_before(past: Past, day: int, ahead: int) -> Past:
    """The cut-offs whose outcome was known by a day."""
    return [(cut, spent) for cut, spent in past if cut.day + ahead <= day]


def _learned(past: Past, now: Cut, ahead: int) -> dict[str, FloatArray]:
    """Trees, in two unlike ways that err in unlike places.

    What came at a cut-off is taken relative to its total, so a month in which all bought more teaches nothing of
    one customer. Boosting learns the ratio to what was to be expected and aims at its median: it errs least, and is
    not moved by one purchase for a feast. The forest learns the square root of the spending itself.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor

    bases = [_base(cut, ahead) for cut, _spent in past]
    rows = some_rows(sum(len(base) for base in bases))
    columns = np.concatenate([design(cut, float(ahead)) for cut, _spent in past])[rows]
    weight = np.concatenate(bases)[rows]
    cents = np.concatenate(
        [
            np.maximum(spent, 0.0) * (base.sum() / max(spent.sum(), 1.0))
            for (_cut, spent), base in zip(past, bases, strict=True)
        ]
    )[rows]
    boosting = HistGradientBoostingRegressor(
        loss="absolute_error", max_iter=100, learning_rate=0.05, max_leaf_nodes=6, min_samples_leaf=20,
        l2_regularization=5.0, max_features=0.3, early_stopping=False, random_state=0,
    )  # fmt: skip
    forest = RandomForestRegressor(
        n_estimators=100, min_samples_leaf=5, max_features=0.33, max_samples=min(len(rows), _MOST_A_TREE),
        random_state=0, n_jobs=1,
    )  # fmt: skip
    asked = design(now, float(ahead))
    with one_thread():
        boosting.fit(columns, cents / weight, sample_weight=weight)
        forest.fit(columns, np.sqrt(cents))
        said = {FOREST: forest.predict(asked) ** 2, BOOSTING: boosting.predict(asked) * _base(now, ahead)}
    total = now.expected_cents(Variant.MBGNBD, float(ahead)).sum() * _level(past, ahead)
    return {
        name: np.maximum(part, 0) * (total / max(np.maximum(part, 0).sum(), 1.0))
        for name, part in said.items()
    }


def _level(past: Past, ahead: int) -> float:
    """What came over what the MBG/NBD expected at the newest cut-offs, half believed."""
    levels = []
    for cut, spent in past[:_LEVEL_CUTS]:
        expected = cut.expected_cents(Variant.MBGNBD, float(ahead)).sum()
        levels.append(np.clip(max(spent.sum(), 1.0) / max(expected, 1.0), *_LEVELS))
    return float(np.exp(np.log(levels).mean() / 2))


def _base(cut: Cut, ahead: int) -> FloatArray:
    """What a customer may be expected to spend by model and pace, kept away from zero."""
    base = (cut.expected_cents(Variant.MBGNBD, float(ahead)) + cut.pace_cents(float(ahead))) / 2
    return base + _BASE * max(float(base.mean()), 1.0)


def _answer(trials: Trials, past: Past, now: Cut, until: date, tested: int, horizon_days: int) -> Lifetimes:
    """Use the best method on all that is known, stretched to the horizon."""
    best = trials.choice()
    # What is not asked learns nothing: trees over thousands of customers take seconds.
    expected = expect(past if best in (FOREST, BOOSTING, BLEND) else (), now, tested)
    soon, visits = (now.expected_visits(Variant.MBGNBD, float(days)) for days in (tested, horizon_days))
    stretch = np.full(len(now), horizon_days / tested) if best == SIMPLE else visits / np.maximum(soon, 1e-9)
    spread = Spread.of(trials.expected[best], trials.actual, trials.visits)
    low, high = spread.bounds(expected[best], soon)
    scores = {name: score(values, trials.actual) for name, values in trials.expected.items()}
    reasons = [
        Reason.of("lifetime_method", method=best, customers=len(trials.actual), days=tested),
        Reason.of("lifetime_error", error_cents=scores[best]["mae"], mean_cents=float(trials.actual.mean())),
    ]
    if tested < horizon_days:
        reasons.append(Reason.of("lifetime_stretched", days=tested, ahead=horizon_days))
    return _lifetimes(
        now, (expected[best] * stretch, low * stretch, high * stretch), until, horizon_days, best,
        trials=tuple(
            ModelScore(name, tuple(found.items()), name == best) for name, found in scores.items()
        ),
        # Ranks that hold on held-out time, less where only a part of the horizon could be tried.
        confidence=float(np.clip(scores[best]["spearman"] * (tested / horizon_days) ** 0.25, 0.1, 0.95)),
        reasons=tuple(reasons),
    )  # fmt: skip


def _by_rule(now: Cut, until: date, horizon_days: int, why: Reason) -> Lifetimes:
    """The simple formula where nothing can be learnt or tested, with an interval as wide as that deserves."""
    cents = simple_cents(now, float(horizon_days))
    return _lifetimes(
        now, (cents, cents * _WIDE[0], cents * _WIDE[1]), until, horizon_days, SIMPLE,
        trials=(), confidence=0.1, reasons=(why,),
    )  # fmt: skip


def _lifetimes(
    now: Cut,
    cents: tuple[FloatArray, FloatArray, FloatArray],
    until: date,
    horizon_days: int,
    method: str,
    *,
    trials: tuple[ModelScore, ...],
    confidence: float,
    reasons: tuple[Reason, ...],
) -> Lifetimes:
    """The answer from what is expected, the least and the most of it."""
    model = now.purchases[Variant.MBGNBD]
    whole = [
        np.rint(part).astype(np.int64).tolist() for part in (*cents, simple_cents(now, float(horizon_days)))
    ]
    visits = now.expected_visits(Variant.MBGNBD, float(horizon_days)).tolist()
    alive = model.alive(*now.seen).tolist()
    names = ("r", "alpha", "a", "b", "p", "q", "v")
    values = (model.r, model.alpha, model.a, model.b, now.spend.p, now.spend.q, now.spend.gamma)
    return Lifetimes(
        customers=tuple(Lifetime(*row) for row in zip(now.ids.tolist(), *whole, visits, alive, strict=True)),
        method=method,
        trials=trials,
        horizon_days=horizon_days,
        until=until,
        confidence=confidence,
        reasons=reasons,
        parameters=tuple(zip(names, values, strict=True)),
    )


def _conformal_pair(ratio: FloatArray) -> tuple[float, float]:
    """Quantiles that leave a tenth on either side, the next customer counted as one more."""
    tail = (1 - _SHARE) / 2
    known = np.sort(ratio)
    rank = max(tail * (len(known) + 1) - 1, 0.0)
    places = np.arange(len(known))
    return float(np.interp(rank, places, known)), float(np.interp(len(known) - 1 - rank, places, known))


def _rank_correlation(first: FloatArray, second: FloatArray) -> float:
    """Spearman's rho; 0 where one of them is all the same."""
    ranks = [pd.Series(values).rank().to_numpy() for values in (first, second)]
    if min(float(np.ptp(rank)) for rank in ranks) == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
