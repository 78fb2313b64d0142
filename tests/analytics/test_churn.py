"""Who may be lost: against the truth of simulated customers, calibrated, with factors that fit them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics import customer_cuts
from colmado_insights.analytics.btyd import FloatArray
from colmado_insights.analytics.churn import (
    BLEND,
    MODEL,
    RHYTHM,
    Platt,
    Trials,
    bins,
    compute_churns,
    level_of,
    logit,
    own_horizons,
    rhythm_rule,
    score,
)
from colmado_insights.analytics.customer_cuts import Sales, take_cut
from colmado_insights.analytics.results import Churns, NotEnough, RiskLevel
from colmado_insights.domain import day_number
from colmado_insights.progress import Cancelled, Progress
from tests.analytics.known_customers import UNTIL, Known, receipts_of, simulate

LAST = day_number(UNTIL)


@pytest.fixture(scope="module")
def known() -> Known:
    return simulate(250, mean_gap=10, leave=1 / 300, seed=1)


@pytest.fixture(scope="module")
def found(known: Known) -> Churns:
    answer = compute_churns(*known.before(UNTIL), until=UNTIL)
    assert isinstance(answer, Churns)
    return answer


def probability(found: Churns) -> FloatArray:
    """Of all customers."""
    return np.array([one.probability for one in found.customers])


def lost(known: Known, found: Churns) -> np.ndarray:
    """Who did not come within the own horizon."""
    wait = Sales.of(known.receipts, UNTIL + timedelta(days=365)).days_to_next(
        take_cut(known.receipts, None, LAST)
    )
    return wait > np.array([one.horizon_days for one in found.customers])


def weekly(customers: int, weeks: int, skip: int = 0) -> list[tuple[int, int, int]]:
    """Customers who come every week up to so many weeks ago."""
    return [(who, 7 * week, 100_00) for who in range(1, customers + 1) for week in range(skip, weeks)]


def test_tells_the_lost_from_the_kept(known: Known, found: Churns) -> None:
    gone = lost(known, found)
    ours = score(probability(found), gone)
    assert 0.2 < ours["base_rate"] < 0.9
    assert ours["auc"] > 0.93
    assert ours["brier"] < 0.10


def test_probabilities_keep_their_word(known: Known, found: Churns) -> None:
    assert score(probability(found), lost(known, found))["ece"] < 0.07
    assert len(found.calibration) == 5
    assert (
        sum(abs(said - came) * count for said, came, count in found.calibration)
        / sum(count for _said, _came, count in found.calibration)
        < 0.05
    )


def test_horizon_is_three_rhythms_and_a_month_at_least(known: Known, found: Churns) -> None:
    cut = take_cut(known.receipts, None, LAST)
    for one, rhythm in zip(found.customers, cut.column("rhythm_days"), strict=True):
        assert one.horizon_days == max(30, round(3 * rhythm))
    assert min(one.horizon_days for one in found.customers) == 30
    assert max(one.horizon_days for one in found.customers) > 40


def test_levels_are_those_of_the_domain(found: Churns) -> None:
    assert [level_of(share) for share in (0.29, 0.3, 0.59, 0.6, 0.79, 0.8)] == [
        RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.MEDIUM, RiskLevel.HIGH, RiskLevel.HIGH, RiskLevel.CRITICAL,
    ]  # fmt: skip
    assert all(one.level == level_of(one.probability) for one in found.customers)
    assert {RiskLevel.LOW, RiskLevel.CRITICAL} <= {one.level for one in found.customers}


def test_tells_the_method_and_how_all_did(found: Churns) -> None:
    assert [trial.method for trial in found.trials if trial.is_used] == [found.method]
    assert {trial.method for trial in found.trials} == {
        "rfm",
        "logistic",
        "forest",
        "boosting",
        "blend",
        "mbgnbd",
    }
    names = {name for name, _value in found.trials[0].scores}
    assert names - {"precision"} == {"auc", "brier", "ece", "base_rate"}
    assert [reason.code for reason in found.reasons] == ["churn_method", "churn_ranking"]


def test_factors_fit_the_customer(known: Known, found: Churns) -> None:
    features = take_cut(known.receipts, known.lines, LAST).features.set_index("customer_id")
    told = 0
    for one in found.customers:
        assert len(one.factors) <= 3
        row = features.loc[one.customer_id]
        for factor in one.factors:
            told += 1
            match factor.code:
                case "churn_factor_late":
                    assert row["lateness"] > 1 and factor["days"] == row["recency_days"]
                case "churn_factor_on_time":
                    assert row["lateness"] <= 1
                case "churn_factor_slower" | "churn_factor_smaller_baskets":
                    assert 0.1 <= factor["share"] <= 1
                case "churn_factor_few_visits" | "churn_factor_many_visits":
                    assert factor["visits"] == row["visits"]
    assert told > len(found.customers)


def test_the_weightiest_factor_of_the_very_late_is_lateness(found: Churns) -> None:
    critical = [one for one in found.customers if one.level is RiskLevel.CRITICAL]
    firsts = [one.factors[0].code for one in critical if one.factors]
    assert len(firsts) > 20
    late = {"churn_factor_late", "churn_factor_slower"}
    assert sum(code in late for code in firsts) > 0.8 * len(firsts)


def test_a_fixed_horizon_is_the_same_for_all(known: Known) -> None:
    few = known.receipts[known.receipts["customer_id"] <= 25].reset_index(drop=True)
    found = compute_churns(few, None, until=UNTIL, horizon_days=60)
    assert isinstance(found, Churns)
    assert {one.horizon_days for one in found.customers} == {60}
    shuffled = few.sample(frac=1, random_state=3)
    assert compute_churns(shuffled, None, until=UNTIL, horizon_days=60) == found


# ── little data ──


@pytest.mark.parametrize(
    ("receipts", "method", "code"),
    [
        (receipts_of(weekly(19, 40)), RHYTHM, "churn_few_customers"),
        (receipts_of(weekly(40, 10)), RHYTHM, "churn_short_history"),
        (receipts_of(weekly(40, 60)), MODEL, "churn_few_lost"),
    ],
)
def test_too_little_to_learn_from_is_said(receipts: pd.DataFrame, method: str, code: str) -> None:
    found = compute_churns(receipts, None, until=UNTIL)
    assert isinstance(found, Churns)
    assert found.method == method and [reason.code for reason in found.reasons] == [code]
    assert not found.trials and not found.calibration and found.confidence <= 0.3
    assert (probability(found) < 0.3).all(), "they all came this week"


def test_the_rule_goes_by_the_own_rhythm() -> None:
    """Two weeks of silence: nothing for who comes once a month, much for who comes every other day."""
    monthly = [(1, 14 + 30 * n, 1_00) for n in range(8)]
    daily = [(2, 14 + 2 * n, 1_00) for n in range(60)]
    cut = take_cut(receipts_of(monthly + daily), None, LAST)
    risk = rhythm_rule(cut)
    assert 0.02 <= risk[0] < 0.05 and 0.5 < risk[1] <= 0.98, "a rule is never sure"
    assert own_horizons(cut)[0] > 60 and own_horizons(cut)[1] == 30


def test_no_known_customer_is_an_answer() -> None:
    assert compute_churns(receipts_of([(0, 3, 5_00)]), None, until=UNTIL) == NotEnough(
        1, 0, "customers", UNTIL
    )


def test_all_lost_or_all_once_gives_an_answer() -> None:
    for visits in (weekly(60, 80, skip=40), [(who, 250 - who, 10_00) for who in range(1, 240)]):
        found = compute_churns(receipts_of(visits), None, until=UNTIL)
        assert isinstance(found, Churns)
        assert np.isfinite(probability(found)).all()
        assert (probability(found)[:30] > 0.6).all(), "silent for months"


def test_cancel_stops_between_cut_offs(known: Known) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        compute_churns(known.receipts, None, until=UNTIL, progress=progress)


def test_a_pick_of_many_rows_without_losses_learns_nothing(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of thousands of customers a few are learnt from: hardly one of them may be lost."""
    monkeypatch.setattr(customer_cuts, "MOST_ROWS", 12)
    found = compute_churns(known.receipts, None, until=UNTIL)
    assert isinstance(found, Churns)
    assert found.method == MODEL


# ── scores, calibration, choice ──


def test_scores_by_hand() -> None:
    said = np.array([0.1, 0.4, 0.4, 0.9])
    gone = np.array([False, False, True, True])
    assert score(said, gone)["auc"] == pytest.approx(3.5 / 4)
    assert score(said, np.zeros(4, bool))["auc"] == 0.5
    assert score(said, gone)["brier"] == pytest.approx((0.01 + 0.16 + 0.36 + 0.01) / 4)
    assert bins(said, gone, 2) == [(0.25, 0.0, 2), (0.65, 1.0, 2)]


def test_platt_puts_right_what_is_too_sure() -> None:
    rng = np.random.default_rng(0)
    truth = rng.beta(1, 2, 8_000)
    gone = rng.random(8_000) < truth
    odds = 1.0 + 2.0 * logit(truth)
    said = 1 / (1 + np.exp(-odds))
    mended = Platt.of(said[:4_000], gone[:4_000])(said[4_000:])
    assert score(said[4_000:], gone[4_000:])["ece"] > 0.1
    assert score(mended, gone[4_000:])["ece"] < 0.025
    ranked = [score(values, gone[4_000:])["auc"] for values in (mended, said[4_000:])]
    assert ranked[0] == pytest.approx(ranked[1], abs=1e-3)


def test_platt_leaves_few_alone() -> None:
    few = Platt.of(np.array([0.2, 0.3, 0.4]), np.array([True, True, True]))
    assert abs(few.shift) < 0.2 and few.slope == pytest.approx(1, abs=0.1)


def test_blend_is_used_unless_another_is_better_by_more_than_chance() -> None:
    rng = np.random.default_rng(1)
    truth = rng.beta(1, 3, 400)
    gone = rng.random(400) < truth
    noisy = np.clip(truth + rng.normal(0, 0.02, 400), 0, 1)
    day = np.zeros(400, dtype=np.int64)
    assert Trials(gone, {BLEND: noisy, "forest": truth}, day).choice() == BLEND
    assert Trials(gone, {BLEND: 1 - truth, "forest": truth}, day).choice() == "forest"


def test_says_how_many_of_those_at_high_risk_were_lost() -> None:
    said = np.array([0.9] * 10 + [0.1] * 10)
    lost = np.array([True] * 8 + [False] * 12)
    assert score(said, lost)["precision"] == pytest.approx(0.8)
    assert "precision" not in score(said[5:], lost[5:])
