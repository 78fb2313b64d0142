"""How likely each known customer does not come again soon, with the reasons, by methods that learn from the past.

*Soon* is three times the customer's own rhythm, and 30 days at least: who comes once a month is not lost after two
weeks. What is asked is P(no purchase in that time), which is fair to one-time buyers too, unlike P(alive).

Methods. *rfm*: logistic regression on the logs of recency, frequency and spending, the usual way. *logistic*: a
strongly penalised one on all that is known. *forest*, *boosting*: trees on the same. *mbgnbd*: what the model of
buying till you die says, which needs no losses to learn from. *blend*: the mean of rfm, logistic and boosting in
log-odds, and of mbgnbd the more the fewer losses were seen. All learn from past cut-offs, at the customer's own
horizon and at shorter and longer ones, so that few losses teach more.

Choice. On the newest cut-offs whose outcome is known, each method sees only what was known then. The blend is used
unless another has a lower Brier score by more than chance. Its probabilities are then calibrated by Platt's way, drawn
towards leaving them alone, on those held-out predictions. Where hardly anybody was lost yet, mbgnbd answers.

*rhythm*, with fewer than 20 customers or 90 days: with L the days since the last visit over the customer's rhythm,
the risk is L² / (L² + 25): 4 % when due, one half at five times the rhythm.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from colmado_insights.analytics.btyd import Variant
from colmado_insights.analytics.chance_scores import auc
from colmado_insights.analytics.customer_cuts import (
    ENOUGH_TRIED,
    LEAST_CUSTOMERS,
    LEAST_PAST_DAYS,
    MOST_ROWS,
    Cut,
    FloatArray,
    Sales,
    cut_days,
    design,
    look_back,
    some_rows,
    take_cut,
)
from colmado_insights.analytics.customer_features import HALF_LIVES, RHYTHM_COLUMNS, TASTE_COLUMNS, WINDOWS
from colmado_insights.analytics.door import check_frame
from colmado_insights.analytics.results import AT_RISK, Churn, Churns, ModelScore, NotEnough, RiskLevel
from colmado_insights.analytics.threads import one_thread, with_one_algebra_thread
from colmado_insights.domain import RECEIPT_COLUMNS, Reason, day_number
from colmado_insights.progress import Progress

RFM, LOGISTIC, FOREST, BOOSTING, BLEND, RHYTHM = "rfm", "logistic", "forest", "boosting", "blend", "rhythm"
MODEL = str(Variant.MBGNBD)
LEAST_HORIZON_DAYS = 30
_RHYTHMS = 3.0
_STRETCHES = (1.0, 0.5, 0.75, 1.5)
"""Horizons that are learnt from, in times of the customer's own."""
_LEAST_CUTS, _MOST_CUTS = 6, 12
_ROWS_A_CUT = 4
"""With many customers fewer cut-offs are looked at: there are this many times the rows wanted all the same."""
_MOST_TRIALS = 3
_LEAST_LOST = 8
"""Customers lost, and as many kept, without which nothing is learnt."""
_MODEL_LOST = 20.0
"""In the blend the model of buying till you die is believed in like so many losses seen."""
_MOST_A_TREE = 2_000
"""Rows that one tree of the forest is grown on: more take longer and rank no better."""
_CLEARLY = 2.0
"""Standard errors by which a method must have the lower Brier score than the blend: less is chance."""
_BINS = 5
_HALF_LOST = 5.0
_RULE_DOUBT = 0.02
"""A rule that learnt nothing is never surer than this."""
_PLATT_WEIGHT = 20.0
"""Calibration that changes nothing is believed in like so many customers."""
_LEVELS = ((0.8, RiskLevel.CRITICAL), (AT_RISK, RiskLevel.HIGH), (0.3, RiskLevel.MEDIUM))
_FEWEST_TOLD = 10
_MOST_FACTORS = 3
_LEAST_FACTOR = 0.1
"""In log-odds; less is not worth a sentence."""
_CLIP = 1e-4

Past = Sequence[tuple[Cut, FloatArray]]
"""Cut-offs with the days until each customer came again."""
Horizons = Callable[[Cut], FloatArray]
BoolArray = NDArray[np.bool_]
Row = dict[Hashable, Any]
"""One customer's features by name."""


def compute_churns(
    receipts: pd.DataFrame,
    lines: pd.DataFrame | None,
    *,
    until: date,
    progress: Progress | None = None,
    horizon_days: int | None = None,
) -> Churns | NotEnough:
    """Compute how likely each known customer does not buy in the days after `until`.

    Parameters
    ----------
    receipts : DataFrame
        RECEIPT_COLUMNS, n rows in any order; anonymous ones and those after `until` are passed over.
    lines : DataFrame or None
        LINE_COLUMNS; without them what is bought tells nothing.
    until : date
        The last day known.
    progress : Progress or None
        Told of each cut-off; may cancel.
    horizon_days : int or None
        The same for all customers; None is three times each one's rhythm, at least 30 days.

    Returns
    -------
    Churns or NotEnough
        In the order of the ids; `NotEnough` without any known customer. By the rhythm rule with fewer than 20
        customers or 90 days, by mbgnbd with fewer than 8 losses to learn from; the reasons say so.
    """
    check_frame(receipts, RECEIPT_COLUMNS, "receipts")
    sales = Sales.of(receipts, until)
    progress = progress or Progress()
    now = take_cut(receipts, lines, day_number(until))
    if not len(now):
        return NotEnough(needed=1, have=0, unit="customers", until=until)
    horizons = own_horizons if horizon_days is None else _fixed(horizon_days)
    ahead, last = horizons(now), day_number(until)
    if len(now) < LEAST_CUSTOMERS:
        reason = Reason.of("churn_few_customers", have=len(now), needed=LEAST_CUSTOMERS)
        return _by_rule(now, ahead, until, reason)
    if (days := sales.days(until)) < 3 * LEAST_PAST_DAYS:
        reason = Reason.of("churn_short_history", days=days, needed=3 * LEAST_PAST_DAYS)
        return _by_rule(now, ahead, until, reason)
    # The shortest horizon learnt from is half the own one: as new as that may a cut-off be.
    most = int(np.clip(_ROWS_A_CUT * MOST_ROWS / len(now), _LEAST_CUTS, _MOST_CUTS))
    numbers = cut_days(sales, until, int(np.quantile(ahead, 0.75) * min(_STRETCHES)), most)
    past = [(cut, sales.days_to_next(cut)) for cut in look_back(receipts, lines, numbers, progress)]
    trials = run_trials(past, horizons, last, progress)
    return _answer(now, ahead, learn(past, horizons, last), trials, until)


def own_horizons(cut: Cut) -> FloatArray:
    """Three times each customer's rhythm in whole days, 30 at least."""
    return np.maximum(np.rint(_RHYTHMS * cut.column("rhythm_days")), float(LEAST_HORIZON_DAYS))


def rhythm_rule(cut: Cut) -> FloatArray:
    """The risk by lateness alone."""
    late = cut.column("lateness") ** 2
    return np.clip(late / (late + _HALF_LOST**2), _RULE_DOUBT, 1 - _RULE_DOUBT)


@dataclass(frozen=True)
class Fitted:
    """All methods, learnt; `predict` answers the probability of each of no purchase in the days ahead."""

    models: Mapping[str, Any] = field(default_factory=dict)
    lost: int = 0
    """Customers lost that were learnt from."""

    def predict(self, cut: Cut, ahead: FloatArray) -> dict[str, FloatArray]:
        """Probabilities by method, each of shape (customers,)."""
        columns = {True: _all_columns(cut, ahead), False: _rfm_columns(cut, ahead)}
        with one_thread():
            found = {
                name: np.asarray(model.predict_proba(columns[name != RFM])[:, 1])
                for name, model in self.models.items()
            }
        found[MODEL] = cut.purchases[Variant.MBGNBD].none(*cut.seen, ahead)
        if self.models:
            learnt = np.mean([logit(found[name]) for name in (RFM, LOGISTIC, BOOSTING)], axis=0)
            trust = self.lost / (self.lost + _MODEL_LOST)
            found[BLEND] = expit(trust * learnt + (1 - trust) * logit(found[MODEL]))
        return found


@dataclass(frozen=True)
class Trials:
    """What each method said of customers at past cut-offs, and whether they were lost."""

    lost: BoolArray
    said: dict[str, FloatArray]
    cut: NDArray[np.int64]
    """Which cut-off each row is of."""

    def choice(self) -> str:
        """The blend, unless another has a lower Brier score by more than chance."""
        wrong = {name: (said - self.lost) ** 2 for name, said in self.said.items()}
        best = min(wrong, key=lambda name: float(wrong[name].mean()))
        lead = wrong[BLEND] - wrong[best]
        is_clear = lead.mean() > _CLEARLY * lead.std() / np.sqrt(len(lead))
        return best if is_clear else BLEND

    def calibrated(self, name: str) -> FloatArray:
        """What a method said, each cut-off calibrated by the others alone."""
        said = self.said[name].copy()
        for number in np.unique(self.cut):
            own = self.cut == number
            if not own.all():
                said[own] = Platt.of(self.said[name][~own], self.lost[~own])(self.said[name][own])
        return said


@dataclass(frozen=True, slots=True)
class Platt:
    """Log-odds moved and stretched so that probabilities keep their word."""

    shift: float = 0.0
    slope: float = 1.0

    @classmethod
    def of(cls, said: FloatArray, lost: BoolArray) -> Platt:
        """Fit by maximum likelihood, drawn towards changing nothing."""
        from scipy.optimize import minimize

        odds = logit(said)

        def cost(at: FloatArray) -> tuple[float, FloatArray]:
            moved = at[0] + at[1] * odds
            away = np.array([at[0], at[1] - 1])
            wrong = expit(moved) - lost
            value = np.logaddexp(0, moved).sum() - moved[lost].sum() + _PLATT_WEIGHT * float(away @ away) / 2
            return float(value), np.array([wrong.sum(), wrong @ odds]) + _PLATT_WEIGHT * away

        shift, slope = minimize(cost, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B").x
        return cls(float(shift), max(float(slope), 0.05))

    def __call__(self, said: FloatArray) -> FloatArray:
        """Calibrate."""
        return expit(self.shift + self.slope * logit(said))


def run_trials(past: Past, horizons: Horizons, last: int, progress: Progress | None = None) -> Trials | None:
    """Let every method speak on the newest cut-offs by what was known then; None where too little was."""
    said: list[dict[str, FloatArray]] = []
    lost: list[BoolArray] = []
    number: list[NDArray[np.int64]] = []
    newest = last
    for cut, wait in past:
        ahead = horizons(cut)
        seen = cut.day + ahead <= last
        # Half a horizon apart: nearer ones would ask the same of the same customers.
        is_next = cut.day <= newest - np.quantile(ahead, 0.75) / 2 and seen.mean() > 0.5
        is_wanted = len(said) < _MOST_TRIALS and sum(len(part) for part in lost) < ENOUGH_TRIED
        fitted = learn(past, horizons, cut.day) if is_next and is_wanted else Fitted()
        if not fitted.models:
            continue
        newest = cut.day
        if progress:
            progress.step(len(said), _MOST_TRIALS)
        said.append({name: values[seen] for name, values in fitted.predict(cut, ahead).items()})
        lost.append(wait[seen] > ahead[seen])
        number.append(np.full(int(seen.sum()), cut.day, dtype=np.int64))
    if not said:
        return None
    joined = {name: np.concatenate([part[name] for part in said]) for name in said[0]}
    return Trials(np.concatenate(lost), joined, np.concatenate(number))


@with_one_algebra_thread
def learn(past: Past, horizons: Horizons, last: int) -> Fitted:
    """Fit all methods to what was known by a day; nothing is learnt from too few customers lost or kept."""
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    every, few, target = [], [], []
    for cut, wait in past:
        for stretch in _STRETCHES:
            ahead = np.rint(horizons(cut) * stretch)
            known = cut.day + ahead <= last
            if known.any():
                every.append(_all_columns(cut, ahead)[known])
                few.append(_rfm_columns(cut, ahead)[known])
                target.append(wait[known] > ahead[known])
    rows = some_rows(sum(len(part) for part in target))
    lost = np.concatenate([*target, np.zeros(0, bool)])[rows]
    if min(lost.sum(), (~lost).sum()) < _LEAST_LOST:
        return Fitted()
    columns = {True: np.concatenate(every)[rows], False: np.concatenate(few)[rows]}
    models = {
        RFM: make_pipeline(StandardScaler(), LogisticRegression(C=100.0, max_iter=1000)),
        LOGISTIC: make_pipeline(StandardScaler(), LogisticRegression(C=0.001, max_iter=1000)),
        FOREST: RandomForestClassifier(
            n_estimators=60, min_samples_leaf=15, max_features=0.3, max_samples=min(len(rows), _MOST_A_TREE),
            random_state=0, n_jobs=1,
        ),
        BOOSTING: HistGradientBoostingClassifier(
            max_iter=60, learning_rate=0.05, max_leaf_nodes=3, min_samples_leaf=60, l2_regularization=5.0,
            max_features=0.3, early_stopping=False, random_state=0,
        ),
    }  # fmt: skip
    with one_thread():
        for name, model in models.items():
            model.fit(columns[name != RFM], lost)
    return Fitted(models, int(lost.sum()))


def score(said: FloatArray, lost: BoolArray) -> dict[str, float]:
    """Area under the curve, Brier score, calibration error over bins of alike probability, share lost.

    And of those told to be at high risk the share that was lost (`precision`), where enough were told.
    """
    told = said >= AT_RISK
    precision = {"precision": float(lost[told].mean())} if told.sum() >= _FEWEST_TOLD else {}
    return {
        "auc": auc(said, lost.astype(np.float64)),
        "brier": float(((said - lost) ** 2).mean()),
        "ece": float(sum(abs(mean - share) * count for mean, share, count in bins(said, lost)) / len(said)),
        "base_rate": float(lost.mean()),
    } | precision


def bins(said: FloatArray, lost: BoolArray, count: int = _BINS) -> list[tuple[float, float, int]]:
    """Mean said, share lost and customers in bins of alike probability and equal size."""
    parts = np.array_split(np.argsort(said, kind="stable"), min(count, len(said)))
    return [(float(said[part].mean()), float(lost[part].mean()), len(part)) for part in parts]


def logit(share: FloatArray) -> FloatArray:
    """Log-odds, kept finite."""
    clipped = np.clip(share, _CLIP, 1 - _CLIP)
    odds: FloatArray = np.log(clipped / (1 - clipped))
    return odds


def expit(odds: FloatArray) -> FloatArray:
    """Probability of log-odds."""
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


def level_of(probability: float) -> RiskLevel:
    """The risk level of a probability."""
    return next((level for least, level in _LEVELS if probability >= least), RiskLevel.LOW)


def _fixed(days: int) -> Horizons:
    return lambda cut: np.full(len(cut), float(days))


def _rfm_columns(cut: Cut, ahead: FloatArray) -> FloatArray:
    """Recency, frequency, spending and the horizon, as logs."""
    spent = np.maximum(cut.column("spent_cents"), 0) / 100
    values = (cut.column("recency_days"), cut.column("visits"), spent, ahead)
    return np.log1p(np.column_stack(values))


def _all_columns(cut: Cut, ahead: FloatArray) -> FloatArray:
    """All that is known, what the model of leaving says, and the horizon."""
    silent = cut.purchases[Variant.MBGNBD].none(*cut.seen, ahead)
    return np.column_stack([design(cut, ahead), logit(silent), np.log(ahead)])


# ── the answer, with its factors ──


def _answer(now: Cut, ahead: FloatArray, fitted: Fitted, trials: Trials | None, until: date) -> Churns:
    """Use the best method on all that is known, calibrated on held-out time where there was any."""
    best, platt = BLEND if fitted.models else MODEL, Platt()
    scores: dict[str, dict[str, float]] = {}
    calibration: list[tuple[float, float, int]] = []
    reasons = [Reason.of("churn_untried" if fitted.models else "churn_few_lost", needed=_LEAST_LOST)]
    if trials is not None:
        best = trials.choice()
        platt = Platt.of(trials.said[best], trials.lost)
        held_out = trials.calibrated(best)
        scores = {name: score(said, trials.lost) for name, said in trials.said.items()}
        scores[best] = score(held_out, trials.lost)
        calibration = bins(held_out, trials.lost)
        reasons = [
            Reason.of("churn_method", method=best, customers=len(trials.lost)),
            Reason.of(
                "churn_ranking",
                share=scores[best]["auc"],
                lost=int(trials.lost.sum()),
                stayed=int((~trials.lost).sum()),
            ),
        ]

    def risk(cut: Cut) -> FloatArray:
        return platt(fitted.predict(cut, ahead)[best])

    probability = risk(now)
    return Churns(
        customers=_customers(now, probability, ahead, _factors(now, probability, risk)),
        method=best,
        trials=tuple(ModelScore(name, tuple(found.items()), name == best) for name, found in scores.items()),
        calibration=tuple(calibration),
        until=until,
        confidence=float(np.clip(2 * scores[best]["auc"] - 1, 0.1, 0.95)) if scores else 0.3,
        reasons=tuple(reasons),
    )


def _by_rule(now: Cut, ahead: FloatArray, until: date, why: Reason) -> Churns:
    """The risk by lateness alone, where nothing can be learnt."""
    probability = rhythm_rule(now)
    return Churns(
        customers=_customers(now, probability, ahead, _factors(now, probability, rhythm_rule)),
        method=RHYTHM,
        trials=(),
        calibration=(),
        until=until,
        confidence=0.2,
        reasons=(why,),
    )


def _customers(
    now: Cut, probability: FloatArray, ahead: FloatArray, factors: Sequence[tuple[Reason, ...]]
) -> tuple[Churn, ...]:
    rows = zip(now.ids.tolist(), probability.tolist(), ahead.astype(int).tolist(), factors, strict=True)
    return tuple(Churn(who, risk, level_of(risk), days, why) for who, risk, days, why in rows)


def _factors(
    now: Cut, probability: FloatArray, risk: Callable[[Cut], FloatArray]
) -> list[tuple[Reason, ...]]:
    """What moves each customer's risk most: how it would change were they usual in one respect.

    True to the method used, whatever it is: the same method is asked again with one respect of the customers put
    to what is usual. A factor is told only where its words fit the customer.
    """
    odds = logit(probability)
    features = now.features[list(RHYTHM_COLUMNS)]
    rows: list[Row] = features.assign(usual_visits=features["visits"].median()).to_dict("records")
    told: list[list[tuple[float, Reason]]] = [[] for _row in rows]
    for usual, write in _RESPECTS:
        effect = odds - logit(risk(now.with_columns(usual(now))))
        for place in np.flatnonzero(np.abs(effect) >= _LEAST_FACTOR).tolist():
            if reason := write(rows[place], bool(effect[place] > 0)):
                told[place].append((-abs(float(effect[place])), reason))
    return [
        tuple(reason for _effect, reason in sorted(found, key=lambda pair: pair[0])[:_MOST_FACTORS])
        for found in told
    ]


def _on_time(now: Cut) -> dict[str, FloatArray]:
    """As if each had come as lately, in their own rhythm, as the middle customer."""
    late = float(np.median(now.column("lateness")))
    recency = np.minimum(np.rint(late * now.column("rhythm_days")), now.column("age_days"))
    rank = np.full(len(now), float(np.median(now.column("lateness_rank"))))
    return {"recency_days": recency, "lateness": recency / now.column("rhythm_days"), "lateness_rank": rank}


def _at_own_pace(now: Cut) -> dict[str, FloatArray]:
    """As if each had come and spent lately as much as ever."""
    days = now.column("age_days") + 1
    pace, spend = now.column("visits") / days, now.column("spent_cents") / days
    return (
        {f"visits_{window}": pace * np.minimum(window, days) for window in WINDOWS}
        | {f"spent_{window}": spend * np.minimum(window, days) for window in WINDOWS}
        | {f"pace_{half_life}": pace for half_life in HALF_LIVES}
    )


def _as_known_as_others(now: Cut) -> dict[str, FloatArray]:
    """As if each had come and spent as often as the middle customer."""
    return _medians(now, ("visits", "receipts", "spent_cents"))


def _usual_basket(now: Cut) -> dict[str, FloatArray]:
    """As if the last baskets were as large as ever."""
    return {"basket_trend": np.zeros(len(now))}


def _usual_taste(now: Cut) -> dict[str, FloatArray]:
    """As if each bought what the middle customer buys."""
    return _medians(now, tuple(name for name in TASTE_COLUMNS if name in now.features.columns))


def _medians(now: Cut, names: Sequence[str]) -> dict[str, FloatArray]:
    return {name: np.full(len(now), float(np.median(now.column(name)))) for name in names}


def _write_lateness(row: Row, raises: bool) -> Reason | None:
    days, rhythm = int(row["recency_days"]), max(round(float(row["rhythm_days"])), 1)
    if raises:
        return Reason.of("churn_factor_late", days=days, rhythm=rhythm) if row["lateness"] > 1 else None
    return Reason.of("churn_factor_on_time", days=days, rhythm=rhythm) if row["lateness"] <= 1 else None


def _write_pace(row: Row, raises: bool) -> Reason | None:
    change = float(row["pace_45"] / (row["visits"] / (row["age_days"] + 1)) - 1)
    if raises:
        return Reason.of("churn_factor_slower", share=-change) if change <= -0.1 else None
    return Reason.of("churn_factor_faster", share=change) if change >= 0.1 else None


def _write_visits(row: Row, raises: bool) -> Reason | None:
    visits = int(row["visits"])
    if raises:
        return Reason.of("churn_factor_few_visits", visits=visits) if visits < row["usual_visits"] else None
    return Reason.of("churn_factor_many_visits", visits=visits) if visits > row["usual_visits"] else None


def _write_basket(row: Row, raises: bool) -> Reason | None:
    change = float(np.expm1(row["basket_trend"]))
    if raises:
        return Reason.of("churn_factor_smaller_baskets", share=-change) if change <= -0.1 else None
    return Reason.of("churn_factor_larger_baskets", share=change) if change >= 0.1 else None


def _write_taste(row: Row, raises: bool) -> Reason | None:
    return Reason.of("churn_factor_taste_leaves" if raises else "churn_factor_taste_stays")


_RESPECTS: tuple[tuple[Callable[[Cut], dict[str, FloatArray]], Callable[[Row, bool], Reason | None]], ...] = (
    (_on_time, _write_lateness),
    (_at_own_pace, _write_pace),
    (_as_known_as_others, _write_visits),
    (_usual_basket, _write_basket),
    (_usual_taste, _write_taste),
)
"""What to put to the usual, and how to say what it did; to add a factor, add its two functions here."""
