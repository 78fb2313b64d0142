"""Buy till you die: the published figures, what was simulated found again, and customers that break other fits."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import check_grad
from scipy.special import beta, betaln, gamma, gammaln

from colmado_insights.analytics import btyd
from colmado_insights.analytics.btyd import (
    FloatArray,
    PurchaseModel,
    SpendModel,
    Variant,
    fit_bgnbd,
    fit_gamma_gamma,
)

CDNOW = PurchaseModel(Variant.BGNBD, 0.243, 4.414, 0.793, 2.426)
"""As published by Fader, Hardie and Lee (2005) for the 2,357 CDNOW customers, in weeks."""

each_variant = pytest.mark.parametrize("variant", Variant)


def row(*values: float) -> list[FloatArray]:
    """One customer."""
    return [np.array([float(value)]) for value in values]


def simulate(model: PurchaseModel, count: int, age: float, seed: int = 0) -> tuple[FloatArray, ...]:
    """Frequency, recency and age of customers who live by the model."""
    rng = np.random.default_rng(seed)
    pace = rng.gamma(model.r, 1 / model.alpha, count)
    leaves = rng.beta(model.a, model.b, count)
    frequency, recency = np.zeros(count), np.zeros(count)
    for i in range(count):
        is_alive, now = model.variant is Variant.BGNBD or rng.random() >= leaves[i], 0.0
        while is_alive:
            now += rng.exponential(1 / max(pace[i], 1e-9))
            if now > age:
                break
            frequency[i], recency[i] = frequency[i] + 1, now
            is_alive = rng.random() >= leaves[i]
    return frequency, recency, np.full(count, age)


# ── published ──


def test_expected_purchases_of_the_published_customer() -> None:
    """Fader, Hardie and Lee's worked example: x = 2, t_x = 30.43, T = 38.86, 39 weeks ahead."""
    assert CDNOW.visits(*row(2, 30.43, 38.86), 39.0)[0] == pytest.approx(1.226, abs=5e-4)


def test_expected_purchases_of_a_new_customer_are_the_papers_closed_form() -> None:
    """E[X(t)] of one just met: (a+b-1)/(a-1) (1 - (α/(α+t))^r 2F1(r, b; a+b-1; t/(α+t)))."""
    from scipy.special import hyp2f1

    m, t = CDNOW, 52.0
    form = (m.alpha / (m.alpha + t)) ** m.r * hyp2f1(m.r, m.b, m.a + m.b - 1, t / (m.alpha + t))
    assert m.visits(*row(0, 0, 0), t)[0] == pytest.approx((m.a + m.b - 1) / (m.a - 1) * (1 - form))


def test_gamma_gamma_of_the_published_customer() -> None:
    """Fader and Hardie (2013): p 6.25, q 3.74, γ 15.44; one purchase of 22.35 twice, drawn towards 35.2."""
    model = SpendModel(6.25, 3.74, 15.44)
    assert model.mean(*row(0, 0))[0] == pytest.approx(6.25 * 15.44 / 2.74)
    assert model.mean(*row(2, 22.35))[0] == pytest.approx(24.66, abs=0.02)


# ── the likelihood ──


@each_variant
def test_likelihood_is_the_integral_over_paces_and_chances(variant: Variant) -> None:
    """The closed form against numbers: ∫∫ of what one customer does, over the gamma and the beta."""
    r, alpha, a, b = 0.7, 3.0, 0.9, 2.0
    x, t, age = 3.0, 7.0, 11.0
    flips = x if variant is Variant.BGNBD else x + 1

    def over_pace(stretch: float) -> float:
        def part(pace: float) -> float:
            return float(pace ** (r + x - 1) * np.exp(-pace * (alpha + stretch)) * alpha**r / gamma(r))

        return float(quad(part, 0, np.inf)[0])

    stays = beta(a, b + flips) / beta(a, b)
    left = beta(a + 1, b + flips - 1) / beta(a, b)
    plain = np.log(stays * over_pace(age) + left * over_pace(t))
    one = row(x, t, age)
    counts, place = np.unique(one[0], return_inverse=True)
    cost, _slopes = btyd._purchase_cost(
        np.array([r, alpha, a, b]), one[0], counts, place, one[1], one[2], variant
    )
    assert -cost == pytest.approx(float(plain))
    assert float(betaln(a, b)) == pytest.approx(float(gammaln(a) + gammaln(b) - gammaln(a + b)))


@each_variant
def test_slopes_are_those_of_the_likelihood(variant: Variant) -> None:
    seen = simulate(CDNOW, 200, 40.0)
    counts, place = np.unique(seen[0], return_inverse=True)

    def cost(logs: FloatArray) -> tuple[float, FloatArray]:
        return btyd._purchase_cost(np.exp(logs), seen[0], counts, place, seen[1], seen[2], variant)

    for logs in (np.array([-1.0, 1.0, 0.3, 0.8]), np.array([0.5, 2.0, -2.0, 1.5])):
        assert check_grad(lambda at: cost(at)[0], lambda at: cost(at)[1], logs) < 1e-3


# ── simulate and recover ──


@each_variant
def test_simulated_customers_are_found_again(variant: Variant) -> None:
    truth = PurchaseModel(variant, 0.8, 6.0, 0.6, 2.5)
    found = fit_bgnbd(*simulate(truth, 6_000, 100.0), variant=variant)
    assert found.r == pytest.approx(truth.r, rel=0.1)
    assert found.r / found.alpha == pytest.approx(truth.r / truth.alpha, rel=0.1)
    assert found.a / (found.a + found.b) == pytest.approx(truth.a / (truth.a + truth.b), rel=0.1)


def draw_ahead(
    model: PurchaseModel,
    frequency: FloatArray,
    recency: FloatArray,
    age: FloatArray,
    *,
    ahead: float,
    draws: int,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Purchases in the time ahead of customers seen so far; shape (draws, customers)."""
    shape = (draws, len(frequency))
    is_alive = rng.random(shape) < model.alive(frequency, recency, age)
    wanted = rng.poisson(rng.gamma(model.r + frequency, 1 / (model.alpha + age), shape) * ahead)
    could_leave = frequency if model.variant is Variant.BGNBD else frequency + 1
    until_left = rng.geometric(np.maximum(rng.beta(model.a, model.b + could_leave, shape), 1e-12))
    return np.where(is_alive, np.minimum(wanted, until_left), 0)


@each_variant
def test_expectations_hold_for_simulated_customers(variant: Variant) -> None:
    """Of customers who live by the model: purchases in the time ahead, and the share without any, in total."""
    truth = PurchaseModel(variant, 0.8, 6.0, 0.6, 2.5)
    rng = np.random.default_rng(5)
    seen = simulate(truth, 3_000, 60.0, seed=2)
    drawn = draw_ahead(truth, *seen, ahead=30.0, draws=200, rng=rng)
    assert drawn.mean() == pytest.approx(truth.visits(*seen, 30.0).mean(), rel=0.02)
    assert (drawn == 0).mean() == pytest.approx(truth.none(*seen, 30.0).mean(), rel=0.02)


def test_simulated_spending_is_found_again() -> None:
    rng = np.random.default_rng(3)
    purchases = rng.integers(1, 12, 4_000).astype(float)
    scale = rng.gamma(3.5, 1 / 20.0, 4_000)
    spend = rng.gamma(6.0 * purchases) / scale / purchases
    found = fit_gamma_gamma(purchases, spend)
    assert found.p == pytest.approx(6.0, rel=0.15)
    assert found.p * found.gamma / (found.q - 1) == pytest.approx(6.0 * 20.0 / 2.5, rel=0.05)


# ── what the models say ──


def test_bgnbd_calls_one_time_buyers_alive_and_mbgnbd_does_not() -> None:
    once = row(0, 0, 300)
    assert CDNOW.alive(*once)[0] == 1
    other = PurchaseModel(Variant.MBGNBD, 0.5, 6.0, 0.9, 1.6)
    assert other.alive(*once)[0] < 0.7
    assert CDNOW.none(*once, 30.0)[0] > 0.9, "no purchase is the fair question of both"


@each_variant
def test_silence_costs_hope_and_more_of_who_came_often(variant: Variant) -> None:
    model = PurchaseModel(variant, 0.8, 6.0, 0.6, 2.5)
    frequency = np.array([2.0, 2.0, 20.0])
    alive = model.alive(frequency, np.array([90.0, 40.0, 40.0]), np.full(3, 100.0))
    assert alive[0] > alive[1] > alive[2]


@each_variant
def test_hundreds_of_purchases_do_not_overflow(variant: Variant) -> None:
    """The papers' hypergeometric form is infinite here."""
    model = PurchaseModel(variant, 0.8, 6.0, 1.0, 2.5)  # and a = 1 divides by zero in it
    visits = model.visits(*row(3_000, 3_000, 3_001), 365.0)[0]
    assert 250 < visits < 366


# ── nasty customers ──

NASTY: dict[str, tuple[list[float], list[float], list[float]]] = {
    "all once": ([0.0] * 30, [0.0] * 30, [90.0] * 30),
    "all the same": ([10.0] * 30, [90.0] * 30, [100.0] * 30),
    "three": ([0.0, 3.0, 40.0], [0.0, 50.0, 200.0], [10.0, 60.0, 200.0]),
    "one, today": ([0.0], [0.0], [0.0]),
    "all gone": ([20.0] * 30, [20.0] * 30, [2_000.0] * 30),
    "every day": ([2_000.0] * 5, [2_000.0] * 5, [2_000.0] * 5),
}


@each_variant
@pytest.mark.parametrize("name", NASTY)
def test_every_fit_converges_to_something_sensible(variant: Variant, name: str) -> None:
    seen = tuple(np.array(values) for values in NASTY[name])
    model = fit_bgnbd(*seen, variant=variant)
    assert np.isfinite([model.r, model.alpha, model.a, model.b]).all()
    for answer in (model.alive(*seen), model.none(*seen, 30.0)):
        assert ((answer >= 0) & (answer <= 1)).all()
    visits = model.visits(*seen, 365.0)
    assert (visits >= 0).all() and (visits <= 800).all()


def test_all_gone_are_not_expected_back() -> None:
    seen = tuple(np.array(values) for values in NASTY["all gone"])
    assert (fit_bgnbd(*seen).none(*seen, 90.0) > 0.95).all()


@pytest.mark.parametrize(
    ("purchases", "spend"),
    [
        ([], []),
        ([3.0], [100.0]),
        ([5.0] * 9, [100.0] * 9),
        ([1.0, 2.0], [0.0, -5.0]),
        ([1.0] * 4, [1.0, 9e6, 2.0, 3.0]),
    ],
)
def test_spending_is_never_negative(purchases: list[float], spend: list[float]) -> None:
    """With a tiny penalty the usual fit lets q below 1, and the mean below zero."""
    model = fit_gamma_gamma(np.array(purchases), np.array(spend))
    assert model.q > 1
    expected = model.mean(np.array([0.0, 1.0, 50.0]), np.array([0.0, 10.0, 500.0]))
    assert np.isfinite(expected).all() and (expected > 0).all()


def test_the_prior_moves_thousands_by_nothing() -> None:
    seen = simulate(CDNOW, 4_000, 40.0, seed=4)
    with_prior, without = fit_bgnbd(*seen), fit_bgnbd(*seen, penalty=0.0)
    for name in ("r", "alpha", "a", "b"):
        assert getattr(with_prior, name) == pytest.approx(getattr(without, name), rel=0.02)


def test_units_of_time_do_not_matter() -> None:
    frequency, recency, age = simulate(CDNOW, 500, 40.0)
    weeks, days = fit_bgnbd(frequency, recency, age), fit_bgnbd(frequency, recency * 7, age * 7)
    assert days.alpha == pytest.approx(7 * weeks.alpha, rel=1e-3)
    assert days.a == pytest.approx(weeks.a, rel=1e-3)


@pytest.mark.parametrize("seen", [([], [], []), ([1.0], [5.0], [4.0]), ([-1.0], [0.0], [4.0])])
def test_impossible_customers_are_refused(seen: tuple[list[float], ...]) -> None:
    with pytest.raises(ValueError, match="recency"):
        fit_bgnbd(*(np.array(values) for values in seen))
