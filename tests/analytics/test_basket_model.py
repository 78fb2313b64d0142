"""The completion of baskets: right by hand, by another way, and on planted shops."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.basket_matrix import Baskets, lay_baskets
from colmado_insights.analytics.basket_model import (
    FEWEST_BASKETS,
    Choice,
    Weights,
    complete,
    compute_basket_model,
    fit_popularity,
    fit_weights,
    try_weights,
)
from colmado_insights.analytics.results import BasketModel, NotEnough
from colmado_insights.domain import day_number
from tests.analytics.planted_baskets import UNTIL, days_of, draw, frames_of

PAIRS = [(5, 30, 0.6), (11, 41, 0.5), (17, 52, 0.7)]


def lay(baskets: list[list[int]], days: list[int] | None = None) -> Baskets:
    receipts, lines = frames_of(baskets, days=days)
    last = day_number(UNTIL)
    return lay_baskets(receipts, lines, first=last - 3000, last=last)


def model_of(baskets: list[list[int]], days: int = 200) -> BasketModel:
    receipts, lines = frames_of(baskets, days=days_of(len(baskets), days))
    model = compute_basket_model(receipts, lines, until=UNTIL)
    assert isinstance(model, BasketModel)
    return model


@pytest.mark.parametrize("has_constant", [False, True])
def test_weights_are_those_of_a_ridge_of_each_product_on_the_others(has_constant: bool) -> None:
    """The closed form against the regression it stands for, product by product, receipts weighted by age."""
    days = days_of(400, 300)
    baskets = lay(draw(400, PAIRS, seed=1, extra_lines=2.0, goods=12), days)
    choice = Choice(7.0, 90, has_constant)
    weights = fit_weights(baskets, choice)
    x = baskets.matrix.toarray()
    age = 0.5 ** ((baskets.day.max() - baskets.day) / 90)
    for product in range(x.shape[1]):
        others = np.delete(x, product, axis=1)
        if has_constant:
            others = np.column_stack([others, np.ones(len(x))])
        gram = others.T @ (others * age[:, None]) + 7.0 * np.eye(others.shape[1])
        right = np.linalg.solve(gram, others.T @ (x[:, product] * age))
        pull = np.delete(weights.pull[:, product], product)
        assert pull == pytest.approx(right[: len(pull)], abs=1e-9)
        assert weights.pull[product, product] == 0
        assert weights.constant[product] == pytest.approx(right[-1] if has_constant else 0.0, abs=1e-9)


def test_a_trial_by_hand() -> None:
    """Of eight products, 1 calls for 2 alone: {1, 2} lacks 2 (found) and 1 (nothing says so), {7} does not count."""
    baskets = lay([[1, 2], [7], [1, 2], *([each] for each in range(3, 9))])
    place = {int(product): at for at, product in enumerate(baskets.product_ids)}
    pull = np.full((8, 8), 0.0)
    pull[place[1], place[2]] = 1.0
    pull[place[2]] = np.array([0.1 if at != place[1] else 0.0 for at in range(8)])
    trial = try_weights(Weights(pull, np.zeros(8)), baskets)
    assert trial.hit_rate == 0.5


def test_what_goes_together_is_completed_better_than_by_what_sells() -> None:
    baskets = draw(6000, PAIRS, seed=2, extra_lines=0.5)
    model = model_of(baskets)
    assert model.hit_rate > model.popular_hit_rate + 0.05
    for first, second, _rate in PAIRS:
        best = complete(model, {first: 1.0})[0]
        assert (best.product_id, best.because_id) == (second, first)
        assert best.score > 0.2


def test_a_kept_model_answers_as_the_whole_one() -> None:
    """Sixty weights a product are all there are here: the plain numbers lose nothing but the fifth digit."""
    baskets = draw(4000, PAIRS, seed=3)
    model = model_of(baskets)
    weights = fit_weights(
        lay(baskets, days_of(len(baskets), 200)),
        Choice(model.penalty, model.half_life_days, any(model.constants)),
    )
    place = {product: at for at, product in enumerate(model.product_ids)}
    for each in complete(model, {5: 1.0, 17: 1.0})[:8]:
        at = place[each.product_id]
        whole = weights.pull[place[5], at] + weights.pull[place[17], at] + weights.constant[at]
        assert each.score == pytest.approx(whole, abs=2e-4)


def test_what_was_bought_lately_counts_more() -> None:
    """Until a year ago 1 went with 2, since then with 3; each of the three is also bought alone."""
    old, new = [[1, 2], [1], [2], [3]] * 300, [[1, 3], [1], [2], [3]] * 300
    baskets = lay(old + new, days_of(2400, 720))
    place = {int(product): at for at, product in enumerate(baskets.product_ids)}
    pull = fit_weights(baskets, Choice(1.0, 90)).pull[place[1]]
    assert pull[place[3]] > 3 * pull[place[2]]
    pull = fit_weights(baskets, Choice(1.0, 0)).pull[place[1]]
    assert pull[place[3]] == pytest.approx(pull[place[2]], rel=0.01)


def test_completion_knows_its_own_basket_and_strangers_say_nothing() -> None:
    model = model_of(draw(3000, PAIRS, seed=4))
    offered = [each.product_id for each in complete(model, {5: 1.0, 30: 1.0, 9999: 1.0})]
    assert 5 not in offered and 30 not in offered
    assert complete(model, {9999: 1.0}) == [] == complete(model, {})


def test_too_few_baskets_of_two_say_so() -> None:
    receipts, lines = frames_of([[1, 2]] * 30 + [[3]] * 400)
    found = compute_basket_model(receipts, lines, until=UNTIL)
    assert found == NotEnough(FEWEST_BASKETS, 30, "receipts", UNTIL)


def test_popularity_offers_the_best_sellers() -> None:
    baskets = lay([[1, 2], [1, 3], [1]])
    score = fit_popularity(baskets).score(baskets.matrix[:1])
    assert score.argmax() == baskets.product_ids.tolist().index(1)
