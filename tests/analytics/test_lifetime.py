"""What customers will spend: against the truth of simulated ones, and sensible where there is next to nothing."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.btyd import FloatArray
from colmado_insights.analytics.customer_cuts import Sales, take_cut
from colmado_insights.analytics.lifetime import (
    BLEND,
    SIMPLE,
    Spread,
    Trials,
    compute_lifetimes,
    score,
    simple_cents,
)
from colmado_insights.analytics.results import Lifetimes, NotEnough
from colmado_insights.domain import SECONDS_A_DAY, day_number
from colmado_insights.progress import Cancelled, Progress
from tests.analytics.known_customers import UNTIL, Known, receipts_of, simulate

AHEAD = 150


@pytest.fixture(scope="module")
def known() -> Known:
    return simulate(150, mean_gap=10, ahead=AHEAD, seed=1)


@pytest.fixture(scope="module")
def found(known: Known) -> Lifetimes:
    receipts, lines = known.before(UNTIL)
    answer = compute_lifetimes(receipts, until=UNTIL, horizon_days=AHEAD, lines=lines)
    assert isinstance(answer, Lifetimes)
    return answer


def came(known: Known, ahead: int = AHEAD) -> FloatArray:
    """What each customer spent after UNTIL."""
    cut = take_cut(known.receipts, None, day_number(UNTIL))
    return Sales.of(known.receipts, UNTIL + timedelta(days=ahead)).cents_after(cut, ahead)


def column(found: Lifetimes, name: str) -> FloatArray:
    """One value of all customers."""
    return np.array([getattr(one, name) for one in found.customers], dtype=np.float64)


def weekly(customers: int, weeks: int) -> pd.DataFrame:
    """Customers who come every week and spend 100 pesos."""
    visits = [(who, 7 * week, 100_00) for who in range(1, customers + 1) for week in range(weeks)]
    return receipts_of(sorted(visits, key=lambda visit: -visit[1]))


def test_beats_the_simple_rule_by_far(known: Known, found: Lifetimes) -> None:
    actual = came(known)
    ours, simple = score(column(found, "clv_cents"), actual), score(column(found, "simple_cents"), actual)
    assert ours["mae"] < 0.85 * simple["mae"]
    assert ours["spearman"] > max(0.7, simple["spearman"] + 0.05)
    assert abs(ours["bias"]) < 0.15


def test_intervals_are_in_order_and_cover(known: Known, found: Lifetimes) -> None:
    low, middle, high = (column(found, name) for name in ("lo_cents", "clv_cents", "hi_cents"))
    assert ((low >= 0) & (low <= middle) & (middle <= high)).all()
    inside = (came(known) >= low) & (came(known) <= high)
    is_alive = column(found, "alive") > 0.3  # who is long gone spends nothing for certain
    assert is_alive.sum() > 60
    assert 0.70 <= float(inside[is_alive].mean()) <= 0.92
    assert float(inside[~is_alive].mean()) >= 0.8


def test_tells_the_method_and_how_all_did(found: Lifetimes) -> None:
    names = [trial.method for trial in found.trials]
    assert names == ["simple", "bgnbd", "mbgnbd", "forest", "boosting", "blend"]
    assert [trial.method for trial in found.trials if trial.is_used] == [found.method]
    assert {name for name, _value in found.trials[0].scores} == {"mae", "rmse", "bias", "spearman"}
    assert [reason.code for reason in found.reasons] == ["lifetime_method", "lifetime_error"]
    assert dict(found.parameters)["q"] > 1


def test_who_left_is_worth_little(known: Known, found: Lifetimes) -> None:
    gone = known.left[[one.customer_id - 1 for one in found.customers]] < day_number(UNTIL) - 150
    worth, simple = column(found, "clv_cents"), column(found, "simple_cents")
    assert gone.sum() > 20
    assert worth[gone].sum() < 0.1 * simple[gone].sum()
    assert column(found, "alive")[gone].mean() < 0.2 < column(found, "alive")[~gone].mean()


def test_same_answer_from_shuffled_rows(known: Known) -> None:
    receipts, _lines = known.before(UNTIL)
    few = receipts[receipts["customer_id"] <= 60].reset_index(drop=True)
    assert compute_lifetimes(few, until=UNTIL) == compute_lifetimes(
        few.sample(frac=1, random_state=3), until=UNTIL
    )


def test_the_future_changes_nothing(known: Known) -> None:
    few = known.receipts[known.receipts["customer_id"] <= 40].reset_index(drop=True)
    past = few[few["sold_at"] < (day_number(UNTIL) + 1) * SECONDS_A_DAY].reset_index(drop=True)
    assert len(past) < len(few)
    assert compute_lifetimes(few, until=UNTIL) == compute_lifetimes(past, until=UNTIL)


def test_a_year_is_stretched_from_what_could_be_tried() -> None:
    found = compute_lifetimes(weekly(40, 40), until=UNTIL, horizon_days=365)
    assert isinstance(found, Lifetimes)
    assert "lifetime_stretched" in [reason.code for reason in found.reasons]
    worth = column(found, "clv_cents")
    assert worth == pytest.approx(52 * 100_00, rel=0.15), "every week 100 pesos, for a year"


@pytest.mark.parametrize(
    ("receipts", "code"),
    [
        (weekly(19, 40), "lifetime_few_customers"),
        (weekly(40, 12), "lifetime_short_history"),
        (receipts_of([(1, 3, 50_00)]), "lifetime_short_history"),
    ],
)
def test_too_little_to_learn_from_is_said(receipts: pd.DataFrame, code: str) -> None:
    found = compute_lifetimes(receipts, until=UNTIL)
    assert isinstance(found, Lifetimes)
    assert found.method == SIMPLE and [reason.code for reason in found.reasons] == [code]
    assert found.confidence <= 0.2 and not found.trials
    for one in found.customers:
        assert 0 < one.lo_cents < one.clv_cents == one.simple_cents < one.hi_cents


def test_two_weeks_ahead_are_tried_as_two_weeks() -> None:
    found = compute_lifetimes(weekly(40, 40), until=UNTIL, horizon_days=14)
    assert isinstance(found, Lifetimes)
    assert found.method != SIMPLE or found.trials, "a short horizon is not a short history"
    assert column(found, "clv_cents") == pytest.approx(2 * 100_00, rel=0.15)


def test_no_known_customer_is_an_answer() -> None:
    assert compute_lifetimes(receipts_of([(0, 3, 50_00)]), until=UNTIL) == NotEnough(1, 0, "customers", UNTIL)


def test_simple_rule_by_hand() -> None:
    """Ten weeks, ten visits of 100 pesos: one a week; and who came once, today, does not come every day."""
    cut = take_cut(weekly(5, 10), None, day_number(UNTIL))
    assert simple_cents(cut, 70.0) == pytest.approx(10 * 100_00)
    once = pd.concat([weekly(5, 10), receipts_of([(9, 0, 100_00)])], ignore_index=True)
    assert simple_cents(take_cut(once, None, day_number(UNTIL)), 70.0)[-1] == pytest.approx(10 * 100_00)


def test_customers_who_all_came_once_are_worth_little() -> None:
    found = compute_lifetimes(receipts_of([(who, 200 - who, 100_00) for who in range(1, 150)]), until=UNTIL)
    assert isinstance(found, Lifetimes)
    assert 0 <= column(found, "clv_cents").mean() < 100_00


def test_only_refunds_after_the_cut_do_not_break_it() -> None:
    visits = [(who, 7 * week, 100_00) for who in range(1, 41) for week in range(20, 40)]
    back = [(who, 5, -500_00) for who in range(1, 41)]
    found = compute_lifetimes(receipts_of(visits + back), until=UNTIL, horizon_days=60)
    assert isinstance(found, Lifetimes)
    assert (column(found, "clv_cents") >= 0).all()


def test_choice_prefers_the_blend_unless_another_is_clearly_better() -> None:
    rng = np.random.default_rng(0)
    actual = rng.gamma(2.0, 100_00.0, 400)
    visits = rng.uniform(1, 9, 400)

    def choice(blend: float, other: float) -> str:
        near = {
            name: actual * (1 + away * rng.standard_normal(400))
            for name, away in ((BLEND, blend), (SIMPLE, other))
        }
        return Trials(actual, visits, near).choice()

    assert choice(0.30, 0.30) == BLEND
    assert choice(0.30, 0.10) == SIMPLE


def test_a_method_that_calls_everybody_lost_is_not_chosen() -> None:
    """Where most never come back, nothing errs less than zero."""
    rng = np.random.default_rng(1)
    actual = np.where(rng.random(500) < 0.15, rng.gamma(2.0, 500_00.0, 500), 0.0)
    chance = np.clip(0.05 + 0.6 * (actual > 0) * rng.random(500), 0, 1)
    said = {SIMPLE: np.zeros(500), "mbgnbd": chance * actual.sum() / chance.sum()}
    assert score(said[SIMPLE], actual)["mae"] < score(said["mbgnbd"], actual)["mae"]
    assert Trials(actual, chance, said).choice() == "mbgnbd"


def test_spread_covers_what_it_says_on_new_customers() -> None:
    rng = np.random.default_rng(2)
    visits = rng.uniform(0.2, 40, 4_000)
    expected = visits * 100_00
    actual = rng.gamma(visits) * 100_00  # the fewer visits, the wider
    spread = Spread.of(expected[:2_000], actual[:2_000], visits[:2_000])
    low, high = spread.bounds(expected[2_000:], visits[2_000:])
    inside = (actual[2_000:] >= low) & (actual[2_000:] <= high)
    assert inside.mean() == pytest.approx(0.8, abs=0.03)
    assert inside[visits[2_000:] < 10].mean() == pytest.approx(0.8, abs=0.06)


def test_cancel_stops_between_cut_offs(known: Known) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        compute_lifetimes(known.receipts, until=UNTIL, progress=progress)
