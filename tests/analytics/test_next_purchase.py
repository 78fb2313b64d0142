"""When customers come again: intervals that hold what they say, and the traps of a till's data."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from colmado_insights.analytics.next_purchase import compute_next_purchases, interval_levels
from colmado_insights.analytics.results import NextPurchase, NextPurchases, NotEnough
from colmado_insights.domain import SECONDS_A_DAY, day_number
from colmado_insights.text.sentences import sentence
from tests.analytics.known_customers import UNTIL, receipts_of, simulate


def compute(visits: list[tuple[int, int, int]]) -> NextPurchases:
    answer = compute_next_purchases(receipts_of(visits), until=UNTIL)
    assert isinstance(answer, NextPurchases)
    return answer


def of(answer: NextPurchases, customer: int) -> NextPurchase:
    return next(said for said in answer.customers if said.customer_id == customer)


def weekly(customers: int, weeks: int = 9) -> list[tuple[int, int, int]]:
    """Customers who come every 7 days, the last time between 0 and 6 days ago."""
    return [(who, 7 * week + who % 7, 100_00) for who in range(1, customers + 1) for week in range(weeks)]


@pytest.fixture(scope="module")
def gamma() -> tuple[NextPurchases, np.ndarray, np.ndarray]:
    """What is said of 200 customers with gamma gaps, and who came when."""
    known = simulate(200, days=300, mean_gap=14.0, leave=1 / 20_000, seed=4)
    answer = compute_next_purchases(known.before(UNTIL)[0], until=UNTIL)
    assert isinstance(answer, NextPurchases)
    day = known.receipts["sold_at"].to_numpy() // SECONDS_A_DAY
    later = day > day_number(UNTIL)
    came = np.full(300, 2**40)
    np.minimum.at(came, known.receipts["customer_id"].to_numpy()[later], day[later])
    ids = np.array([said.customer_id for said in answer.customers])
    return answer, ids, came[ids]


def test_eighty_percent_intervals_hold_eighty_percent(
    gamma: tuple[NextPurchases, np.ndarray, np.ndarray],
) -> None:
    answer, ids, came = gamma
    low, high = (np.array([day_number(getattr(c, name)) for c in answer.customers]) for name in ("lo", "hi"))
    assert len(ids) > 150
    assert ((low <= came) & (came <= high)).mean() == pytest.approx(0.80, abs=0.05)


def test_better_than_the_median_rule_and_chances_come_true(
    gamma: tuple[NextPurchases, np.ndarray, np.ndarray],
) -> None:
    answer, _ids, came = gamma
    scores = {trial.method: dict(trial.scores) for trial in answer.trials}
    assert answer.method != "median_gap"
    assert scores[answer.method]["log_loss"] < scores["median_gap"]["log_loss"]
    assert scores[answer.method]["mae"] < scores["median_gap"]["mae"]
    said = np.array([customer.within_week for customer in answer.customers])
    assert said.mean() == pytest.approx((came <= day_number(UNTIL) + 7).mean(), abs=0.06)


def test_every_day_lies_in_its_interval_and_ahead(
    gamma: tuple[NextPurchases, np.ndarray, np.ndarray],
) -> None:
    for said in gamma[0].customers:
        assert UNTIL < said.lo <= said.day <= said.hi
        assert said.likely_day is not None
        assert said.likely_day > UNTIL
        assert 0 <= said.within_week <= 1


def test_too_few_visits_are_not_enough() -> None:
    assert compute_next_purchases(receipts_of([(1, 3, 100), (1, 9, 100)]), until=UNTIL) == NotEnough(
        10, 1, "visits", UNTIL
    )
    assert isinstance(compute_next_purchases(receipts_of([]), until=UNTIL), NotEnough)


def test_few_customers_get_the_plain_rule_and_it_is_said() -> None:
    answer = compute(weekly(4, weeks=6))
    assert answer.method == "median_gap"
    assert answer.trials == ()
    assert "next_rule" in [reason.code for reason in answer.reasons]
    for said in answer.customers:
        due = UNTIL + timedelta(days=7 - said.customer_id % 7)
        assert abs((said.day - due).days) <= 1


def test_weekly_customers_are_expected_on_their_day() -> None:
    answer = compute(weekly(40, weeks=26))
    errors = [abs((said.day - UNTIL).days - (7 - said.customer_id % 7)) for said in answer.customers]
    assert np.mean(errors) <= 0.5


def test_customer_with_one_visit_waits_like_the_others_with_a_wide_interval() -> None:
    answer = compute([*weekly(30), (99, 2, 100_00)])
    said = of(answer, 99)
    assert (said.hi - said.lo).days >= (of(answer, 1).hi - of(answer, 1).lo).days
    assert (said.day - UNTIL).days <= 60


def test_receipts_of_one_day_are_one_visit() -> None:
    once = weekly(30)
    assert compute(once + once).customers == compute(once).customers


def test_refunds_are_no_visits() -> None:
    visits = weekly(30)
    more = [*visits, (77, 3, -50_00), (1, 1, -50_00)]
    assert compute(more).customers == compute(visits).customers


def test_anonymous_receipts_and_those_after_the_day_do_not_count() -> None:
    visits = weekly(30)
    assert compute(
        [*visits, *[(0, ago, 100) for ago in range(90)], (1, -5, 100), (2, -4000, 100)]
    ) == compute(visits)


def test_a_clock_that_had_stopped_does_not_matter() -> None:
    visits = weekly(30)
    assert compute([*visits, (1, 20_000, 100), (2, 9_000, 100)]) == compute(visits)


def test_who_has_been_gone_for_long_has_no_day() -> None:
    visits = [*weekly(25, weeks=40), *[(99, 200 + 3 * turn, 100_00) for turn in range(30)]]
    answer = compute(visits)
    assert 99 not in [said.customer_id for said in answer.customers]
    assert "next_left_out" in [reason.code for reason in answer.reasons]


def test_closed_sundays_are_nobodys_day() -> None:
    rng = np.random.default_rng(2)
    sunday = (day_number(UNTIL) + 4) % 7
    open_days = [ago for ago in range(250) if (sunday - ago) % 7 != 0]
    visits = [
        (who, int(ago), 100_00) for who in range(1, 41) for ago in rng.choice(open_days, 50, replace=False)
    ]
    for said in compute(visits).customers:
        assert said.day.isoweekday() != 7
        assert said.likely_day is not None
        assert said.likely_day.isoweekday() != 7


def test_levels_without_trials_are_a_tenth_on_each_side() -> None:
    assert interval_levels(None) == (0.1, 0.9)


def test_every_reason_has_words() -> None:
    for visits in (weekly(4, weeks=6), [*weekly(25, weeks=40), *[(99, 200 + turn, 1) for turn in range(30)]]):
        for reason in compute(visits).reasons:
            assert "{" not in sentence(reason)
