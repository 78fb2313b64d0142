"""Chances of buying of a category: calibrated, in order, and plain where little is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.category_chance import compute_category_chances
from colmado_insights.analytics.chance_scores import auc, calibration_error
from colmado_insights.analytics.results import CategoryChances, NotEnough
from colmado_insights.domain import CATEGORIES, CATEGORY_CODE, LINE_COLUMNS, Category
from colmado_insights.text.sentences import sentence
from tests.analytics.known_customers import UNTIL, receipts_of

MEAT, FRESH, ALCOHOL = (CATEGORY_CODE[name] for name in (Category.MEAT, Category.FRESH, Category.ALCOHOL))


def frames(bought: list[tuple[int, int, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Receipts of one line each, from (customer, days ago, category)."""
    receipts = receipts_of([(who, ago, 100_00) for who, ago, _category in bought])
    lines = pd.DataFrame(dict.fromkeys(LINE_COLUMNS, 1000), index=range(len(bought)))
    lines["receipt"] = np.arange(len(bought))
    lines["category"] = [category for _who, _ago, category in bought]
    return receipts, lines.astype(LINE_COLUMNS)


def shopping(customers: int, days: int = 200, ahead: int = 0, seed: int = 0) -> list[tuple[int, int, int]]:
    """Who comes every third day or so: meat at every second visit, fresh at every tenth, more or less of each by taste."""
    rng = np.random.default_rng(seed)
    taste = rng.uniform(0.4, 1.6, (customers, 2))
    return [
        (who + 1, ago, category)
        for who in range(customers)
        for ago in range(-ahead, days)
        if rng.random() < 0.33
        for category, share in ((MEAT, 0.5 * taste[who, 0]), (FRESH, 0.1 * taste[who, 1]))
        if rng.random() < share
    ]


@pytest.fixture(scope="module")
def answer() -> tuple[CategoryChances, dict[tuple[int, Category], bool]]:
    """What is said, and what came in the 7 days after."""
    bought = shopping(100, days=150, ahead=7)
    answer = compute_category_chances(*frames(bought), until=UNTIL)
    assert isinstance(answer, CategoryChances)
    later = {(who, CATEGORIES[category]) for who, ago, category in bought if ago < 0}
    return answer, {
        (item.customer_id, item.category): (item.customer_id, item.category) in later for item in answer.items
    }


def test_chances_come_true(answer: tuple[CategoryChances, dict[tuple[int, Category], bool]]) -> None:
    said = np.array([item.probability for item in answer[0].items])
    came = np.array([answer[1][item.customer_id, item.category] for item in answer[0].items], dtype=float)
    assert said.mean() == pytest.approx(came.mean(), abs=0.06)
    assert calibration_error(said, came) < 0.12
    assert auc(said, came) > 0.75


def test_learnt_methods_beat_the_rule_and_are_better_than_the_base(
    answer: tuple[CategoryChances, dict[tuple[int, Category], bool]],
) -> None:
    scores = {trial.method: dict(trial.scores) for trial in answer[0].trials}
    used = scores[answer[0].method]
    assert used["brier"] <= scores["frequency"]["brier"]
    assert used["accuracy"] > used["base_rate"]
    assert used["ece"] < 0.08


def test_customers_in_order_likeliest_category_first(
    answer: tuple[CategoryChances, dict[tuple[int, Category], bool]],
) -> None:
    items = answer[0].items
    keys = [(item.customer_id, -item.probability) for item in items]
    assert keys == sorted(keys)
    assert all(0 <= item.probability <= 1 for item in items)
    assert {item.category for item in items} == {Category.MEAT, Category.FRESH}


def test_few_customers_get_the_share_of_their_weeks() -> None:
    weekly = [(who, 7 * week + 3, MEAT) for who in range(1, 7) for week in range(10)]
    answer = compute_category_chances(*frames([*weekly, (1, 60, ALCOHOL)]), until=UNTIL)
    assert isinstance(answer, CategoryChances)
    assert answer.method == "frequency"
    assert answer.trials == ()
    assert [reason.code for reason in answer.reasons] == ["chance_rule"]
    assert "{" not in sentence(answer.reasons[0])
    assert all(item.probability > 0.8 for item in answer.items if item.category is Category.MEAT)


def test_nobody_known_and_a_short_history_are_not_enough() -> None:
    assert compute_category_chances(*frames([(0, 3, MEAT)]), until=UNTIL) == NotEnough(
        5, 0, "customers", UNTIL
    )
    few_days = [(who, ago, MEAT) for who in range(1, 9) for ago in range(10)]
    assert compute_category_chances(*frames(few_days), until=UNTIL) == NotEnough(21, 10, "days", UNTIL)


def test_later_receipts_are_not_looked_at() -> None:
    bought = shopping(30, days=120)
    later = [(who, -3, ALCOHOL) for who in range(1, 31)]
    first, second = (
        compute_category_chances(*frames(each), until=UNTIL) for each in (bought, [*bought, *later])
    )
    assert first == second
