"""What each kind of day does: planted effects come back inside their doubt, wild days teach little."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.effects import Columns, Effects, FloatArray, IntArray, lay_out, pay_offset
from colmado_insights.domain import day_number

DAYS = DominicanDays()
FIRST, LAST = date(2025, 1, 1), date(2026, 6, 30)
FRAME = DAYS.frame(FIRST, LAST)
NUMBERS: IntArray = FRAME["day"].to_numpy()
COLUMNS = lay_out(FRAME)
RNG = np.random.default_rng(7)


def planted(**effects: float) -> FloatArray:
    """Logs of a level of 200 with these effects by code, and code_id of one kind."""
    logs = np.full(len(NUMBERS), np.log(200.0))
    for j, (code, name) in enumerate(COLUMNS.names):
        logs += effects.get(f"{code}_{name}" if name else code, 0.0) * COLUMNS.matrix[:, j]
    return logs


def fit(values: FloatArray, keep: np.ndarray | None = None) -> Effects:
    rows = np.ones(len(values), dtype=bool) if keep is None else keep
    columns = Columns(COLUMNS.matrix[rows], COLUMNS.names, COLUMNS.prior, COLUMNS.spread)
    return Effects().fit(NUMBERS[rows], values[rows].astype(float), columns, 1.0)


def learnt(model: Effects, code: str, name: str = "") -> tuple[float, float]:
    """An effect and its standard error."""
    place = COLUMNS.names.index((code, name))
    at = len(model.level_) + place
    return float(model.beta_[place]), float(model.covariance_[at, at] ** 0.5)


def test_planted_effects_come_back_within_their_doubt() -> None:
    logs = planted(payday=0.25, weekday_5=0.3, weekday_2=-0.2, eve=0.15, holiday_viernes_santo=-0.5)
    values = RNG.poisson(np.exp(logs + RNG.normal(0, 0.06, len(logs)))).astype(float)
    model = fit(values)
    for code, name, truth in (("payday", "", 0.25), ("eve", "", 0.15), ("before_payday", "", 0.0)):
        effect, error = learnt(model, code, name)
        assert abs(effect - truth) < 2.5 * error
    friday, tuesday = learnt(model, "weekday", "5")[0], learnt(model, "weekday", "2")[0]
    assert friday - tuesday == pytest.approx(0.5, abs=0.05)
    seen_twice, error = learnt(model, "holiday", "viernes_santo")
    assert -0.5 < seen_twice < -0.2, "twice seen is believed, but not wholly"
    assert error > 0.05


def test_what_was_never_seen_keeps_what_is_thought_of_it() -> None:
    model = fit(planted(), keep=np.arange(len(NUMBERS)) < 120)  # January to April of 2025: no Christmas
    effect, error = learnt(model, "holiday", "navidad")
    place = COLUMNS.names.index(("holiday", "navidad"))
    assert effect == pytest.approx(COLUMNS.prior[place], abs=1e-6)
    assert error == pytest.approx(COLUMNS.spread[place], rel=1e-6)


def test_power_cuts_do_not_lower_what_is_expected() -> None:
    values = RNG.poisson(np.exp(planted(weekday_5=0.2)), len(NUMBERS)).astype(float)
    cut = values.copy()
    cut[::15] *= RNG.uniform(0.1, 0.5, len(cut[::15]))
    rows = fit(values).rows(
        NUMBERS[-30:], Columns(COLUMNS.matrix[-30:], COLUMNS.names, COLUMNS.prior, COLUMNS.spread)
    )
    assert fit(cut).expect(rows).mean() == pytest.approx(fit(values).expect(rows).mean(), rel=0.02)
    assert np.median(np.abs(fit(cut).residuals_)) < 1
    assert fit(cut).residuals_[::15].max() < -2


def test_a_new_level_is_followed_within_weeks() -> None:
    logs = planted()
    logs[-60:] += np.log(0.7)
    values = RNG.poisson(np.exp(logs)).astype(float)
    model = fit(values)
    columns = Columns(COLUMNS.matrix[-10:], COLUMNS.names, COLUMNS.prior, COLUMNS.spread)
    assert model.expect(model.rows(NUMBERS[-10:], columns)).mean() == pytest.approx(140, rel=0.06)


def test_doubt_grows_with_the_days_ahead_and_is_shared() -> None:
    model = fit(RNG.poisson(np.exp(planted() + np.cumsum(RNG.normal(0, 0.02, len(NUMBERS))))).astype(float))
    ahead = np.arange(NUMBERS[-1] + 1, NUMBERS[-1] + 29)
    frame = DAYS.frame(date(2026, 7, 1), date(2026, 7, 28))
    doubt = model.doubt(model.rows(ahead, lay_out(frame)), ahead)
    assert np.linalg.eigvalsh(doubt).min() > -1e-9
    assert doubt[27, 27] > doubt[0, 0]
    assert doubt[20, 27] > 0, "what is not known of the level touches all days alike"


def test_scatter_beyond_chance_is_found_and_counting_is_the_floor() -> None:
    quiet = fit(RNG.poisson(np.exp(planted())).astype(float))
    lively = fit(RNG.poisson(np.exp(planted() + RNG.normal(0, 0.15, len(NUMBERS)))).astype(float))
    assert quiet.noise_.excess < 0.04
    assert lively.noise_.excess == pytest.approx(0.15, abs=0.03)
    assert quiet.noise_.variance(np.array([4.0]))[0] >= 0.25


def test_days_of_refunds_do_no_harm() -> None:
    values = planted()
    values = np.exp(values)
    values[10], values[50] = 0.0, -300.0
    model = fit(values)
    assert np.isfinite(model.beta_).all()
    assert model.noise_.excess < 0.05


def test_the_nearest_pay_day_counts() -> None:
    frame = DAYS.frame(date(2026, 6, 13), date(2026, 6, 30))
    assert pay_offset(frame).tolist() == [-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, -7, -6, -5, -4, -3, -2, -1, 0]


def test_first_knot_is_not_after_the_first_day() -> None:
    model = fit(np.exp(planted()))
    assert model.first_knot_ <= day_number(FIRST) < model.first_knot_ + 7
