"""What followed an advice: a planted change is found, none is found where there was none."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.outcome import MEASURE_COLUMNS, compute_outcome
from colmado_insights.analytics.results import AdviceOutcome, Outcome
from colmado_insights.domain import DAILY_COLUMNS, day_number

TAKEN = date(2026, 6, 1)
DAY = day_number(TAKEN)
WEEK = np.array([1.3, 0.8, 0.8, 0.9, 1.0, 1.3, 1.4])


def simulate(
    seed: int,
    *,
    lift: float = 0.0,
    rate: float = 60.0,
    history: int = 250,
    shop_lift: float = 0.0,
    ahead: int = 14,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A product in a shop that wanders, with weekdays and pay days; the last two weeks lifted."""
    rng = np.random.default_rng(seed)
    days = np.arange(DAY - history, DAY + 1 + ahead)
    level = WEEK[(days + 4) % 7] * np.exp(np.cumsum(rng.normal(0, 0.01, len(days))) + 0.15 * (days % 15 < 3))
    is_after = days > DAY
    level = level * np.where(is_after, 1 + shop_lift, 1.0)
    own = np.exp(np.cumsum(rng.normal(0, 0.006, len(days))))
    mean = rate * level * own * np.where(is_after, 1 + lift, 1.0)
    units = rng.negative_binomial(rate, rate / (rate + mean))
    cents = units * 50_00
    measure = pd.DataFrame({"day": days, "cents": cents, "revenue_cents": cents})
    shop = pd.DataFrame(
        {
            "day": days, "receipts": 300, "lines": 400, "units_milli": 1,
            "revenue_cents": (rng.normal(1, 0.05, len(days)) * level * 30_000_00).astype(int), "returns_cents": 0,
        }
    )  # fmt: skip
    return measure[cents > 0].astype(MEASURE_COLUMNS), shop.astype(DAILY_COLUMNS)


def judge(measure: pd.DataFrame | None, shop: pd.DataFrame, until: int = 14) -> AdviceOutcome:
    return compute_outcome(
        measure, shop, taken=TAKEN, until=TAKEN + timedelta(days=until), promised_cents=1_000_00
    )


def outcomes(runs: int, **how: float) -> list[Outcome]:
    return [judge(*simulate(seed, **how)).outcome for seed in range(runs)]  # type: ignore[arg-type]


def test_a_planted_quarter_more_is_found() -> None:
    found = outcomes(60, lift=0.25)
    assert found.count(Outcome.BETTER) >= 0.8 * len(found)
    assert Outcome.WORSE not in found
    assert outcomes(40, lift=-0.3).count(Outcome.WORSE) >= 32


@pytest.mark.parametrize(("rate", "history"), [(60, 250), (60, 90), (6, 250), (0.7, 250)])
def test_nothing_is_found_where_nothing_was_done(rate: float, history: int) -> None:
    found = outcomes(60, rate=rate, history=history)
    assert found.count(Outcome.AS_BEFORE) >= 0.9 * len(found)


def test_the_interval_holds_the_truth_in_eight_of_ten_cases() -> None:
    results = [judge(*simulate(seed)) for seed in range(80)]
    held = np.mean([each.change.lo <= 0 <= each.change.hi for each in results if each.change])
    assert 0.68 <= held <= 0.92


def test_what_the_whole_shop_gained_is_not_the_advices() -> None:
    """The shop sells a quarter more (a feast): the product that moves along was not helped by the advice."""
    blind = []
    for seed in range(40):
        measure, shop = simulate(seed, shop_lift=0.25)
        others = shop.assign(
            revenue_cents=shop["revenue_cents"].where(shop["day"] <= DAY, shop["revenue_cents"] / 1.25)
        )
        blind.append(judge(measure, others.astype(DAILY_COLUMNS)).outcome)
    found = outcomes(40, shop_lift=0.25)
    assert blind.count(Outcome.BETTER) >= 0.8 * len(blind)
    assert found.count(Outcome.BETTER) <= 0.1 * len(found)


def test_the_sums_are_those_of_the_fourteen_days() -> None:
    measure, shop = simulate(1, ahead=30)
    answer = judge(measure, shop, until=30)
    after = measure[(measure["day"] > DAY) & (measure["day"] <= DAY + 14)]
    assert answer.actual == after["cents"].sum()
    assert answer.expected is not None and answer.change is not None
    assert answer.change.mean == pytest.approx(answer.actual - answer.expected.mean)
    assert answer.change.lo <= answer.change.mean <= answer.change.hi
    assert (answer.days, answer.promised_cents) == (14, 1_000_00)


def test_closed_days_are_not_missed_sales() -> None:
    measure, shop = simulate(3)
    closed = [DAY + 3, DAY + 4, DAY + 5, DAY + 6]
    answer = judge(measure[~measure["day"].isin(closed)], shop[~shop["day"].isin(closed)])
    assert (answer.outcome, answer.days) == (Outcome.AS_BEFORE, 10)
    shut = [DAY + ahead for ahead in range(1, 9)]
    answer = judge(measure[~measure["day"].isin(shut)], shop[~shop["day"].isin(shut)])
    assert (answer.outcome, answer.reasons[0].code) == (Outcome.UNKNOWN, "outcome_closed")


def test_too_early_not_measurable_and_too_little() -> None:
    measure, shop = simulate(4)
    early = judge(measure, shop, until=5)
    assert (early.outcome, early.days, early.expected) == (Outcome.TOO_EARLY, 5, None)
    assert judge(measure, shop, until=-3).days == 0  # the clock was set back after the answer
    assert judge(None, shop).reasons[0].code == "outcome_not_measurable"
    short = judge(*simulate(4, history=60))
    assert (short.outcome, short.reasons[0].code) == (Outcome.UNKNOWN, "outcome_little_history")


def test_what_sold_only_lately_has_too_few_placebos() -> None:
    measure, shop = simulate(4)
    lately = judge(measure[measure["day"] > DAY - 40], shop)
    assert (lately.outcome, lately.reasons[0].code) == (Outcome.UNKNOWN, "outcome_little_history")


def test_what_did_not_sell_at_all_is_better_from_two_usual_days_on() -> None:
    _measure, shop = simulate(5)
    old = [(DAY - ago, 100_00, 100_00) for ago in range(80, 200, 5)]
    columns = list(MEASURE_COLUMNS)
    for extra, outcome in (
        ([], Outcome.AS_BEFORE),
        ([(DAY + 2, 100_00, 100_00)], Outcome.AS_BEFORE),
        ([(DAY + 2, 100_00, 100_00), (DAY + 9, 200_00, 200_00)], Outcome.BETTER),
    ):
        measure = pd.DataFrame([*old, *extra], columns=columns).astype(MEASURE_COLUMNS)
        assert judge(measure, shop).outcome is outcome


def test_a_profit_that_was_a_loss_is_judged_too() -> None:
    measure, shop = simulate(6)
    is_after = measure["day"] > DAY
    loss = measure.assign(
        cents=(-measure["revenue_cents"] // 10).where(~is_after, measure["revenue_cents"] // 5)
    )
    answer = judge(loss.astype(MEASURE_COLUMNS), shop)
    assert answer.outcome is Outcome.BETTER
    assert answer.expected is not None and answer.expected.mean < 0


def test_the_whole_shop_is_judged_by_its_own_days() -> None:
    found = []
    for seed in range(40):
        _measure, shop = simulate(seed)
        own = shop.assign(cents=shop["revenue_cents"])[list(MEASURE_COLUMNS)]
        found.append(judge(own, shop).outcome)
    assert found.count(Outcome.AS_BEFORE) >= 36
