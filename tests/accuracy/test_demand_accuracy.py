"""Products, categories and hours on simulated shops: ahead of the plain rules, right in total, honest in width.

At every origin the whole of the analysis sees the past only. The margins recorded here are a little under those
measured when the methods were chosen, so that a loss of accuracy shows.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.backtest import bias, coverage, wape
from colmado_insights.analytics.demand import compute_demands
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.history import FloatArray
from colmado_insights.analytics.hours import compute_hours
from colmado_insights.analytics.results import HourForecast
from colmado_insights.domain import PRODUCT_SERIES_COLUMNS, Target, day_of
from tests.accuracy.simulated_days import Truth, simulate_days
from tests.analytics.simulated_parts import LAST, UNTIL, WEEK_FACTORS, shop_hours

pytestmark = pytest.mark.accuracy

DAYS = DominicanDays()
HORIZON = 14
ORIGINS = 8
PRODUCTS = 40


@cache
def shop_and_products() -> tuple[pd.DataFrame, pd.DataFrame, FloatArray]:
    """A colmado of two years and forty products from ten units a day to one in ten days, lumpy ones among them."""
    shop = simulate_days(Truth(days=600), seed=3)
    rng = np.random.default_rng(5)
    rates = np.geomspace(10.0, 0.1, PRODUCTS)
    level = np.exp(np.cumsum(rng.normal(0, 0.01, (len(shop), PRODUCTS)), axis=0))
    buyers = rng.poisson(rates * level * (shop["receipts"] / shop["receipts"].mean()).to_numpy()[:, None])
    size = np.where(np.arange(PRODUCTS) % 3 == 0, rng.choice([1, 1, 1, 6], buyers.shape), 1)
    units = (buyers * size).astype(np.float64)
    row, product = np.nonzero(units)
    sold = pd.DataFrame(
        {
            "product_id": product + 1, "category": 0, "day": shop["day"].to_numpy()[row],
            "units_milli": units[row, product] * 1000, "revenue_cents": units[row, product] * 50_00,
        }
    )  # fmt: skip
    return shop, sold.astype(PRODUCT_SERIES_COLUMNS), units


@cache
def scored_products() -> dict[str, FloatArray]:
    """Forecasts, bounds, the plain rule and what came, each of shape (origins, products, horizon)."""
    shop, sold, units = shop_and_products()
    days = shop["day"].to_numpy()
    rows: dict[str, list[FloatArray]] = {
        name: [] for name in ("mean", "lo80", "hi80", "lo95", "hi95", "rule", "actual")
    }
    for back in range(ORIGINS):
        until = int(days[-1]) - HORIZON - 11 * back
        found = compute_demands(
            sold[sold["day"] <= until],
            shop[shop["day"] <= until],
            until=day_of(until),
            horizon=HORIZON,
            days=DAYS,
        )
        assert [forecast.product_id for forecast in found] == list(range(1, PRODUCTS + 1))
        ahead = np.arange(until + 1, until + 1 + HORIZON)
        place = np.searchsorted(days, ahead)
        is_open = days[np.minimum(place, len(days) - 1)] == ahead
        rows["actual"].append(np.where(is_open, units[np.minimum(place, len(days) - 1)].T, np.nan))
        rows["rule"].append(plain_rule(units[days <= until], days[days <= until], ahead))
        for name in ("mean", "lo80", "hi80", "lo95", "hi95"):
            rows[name].append(np.array([[getattr(p, name) for p in each.points] for each in found]))
    return {name: np.array(values) for name, values in rows.items()}


def plain_rule(units: FloatArray, days: FloatArray, ahead: FloatArray) -> FloatArray:
    """Mean of four weeks times the weekday's profile of eight."""
    recent = units[-56:]
    weekday = (days[-56:] + 4) % 7
    mean = np.maximum(recent.mean(axis=0), 1e-9)
    profile = np.array([recent[weekday == number].mean(axis=0) for number in range(7)]) / mean
    return np.asarray((units[-28:].mean(axis=0) * profile[(ahead + 4) % 7]).T)


def test_products_are_ahead_of_the_plain_rule() -> None:
    scored = scored_products()
    assert wape(scored["mean"], scored["actual"]) < 0.96 * wape(scored["rule"], scored["actual"])


def test_products_have_right_totals() -> None:
    scored = scored_products()
    assert abs(bias(scored["mean"], scored["actual"])) < 0.10
    slow = slice(PRODUCTS // 2, None)
    assert abs(bias(scored["mean"][:, slow], scored["actual"][:, slow])) < 0.15


def test_intervals_of_products_keep_their_word() -> None:
    scored = scored_products()
    assert 0.77 <= coverage(scored["lo80"], scored["hi80"], scored["actual"]) <= 0.83
    assert 0.92 <= coverage(scored["lo95"], scored["hi95"], scored["actual"]) <= 0.98


def test_hours_are_ahead_of_the_plain_rule_and_keep_their_word() -> None:
    hours = np.array([0] * 7 + [2, 4, 3, 2, 3, 6, 5, 3, 2, 3, 6, 9, 8, 6, 4] + [0] * 2)
    sales = shop_hours(300, 2 * WEEK_FACTORS[:, None] * hours[None, :], seed=2)
    counts = np.zeros((300, 24))
    np.add.at(counts, (sales["day"] - (LAST - 299), sales["hour"]), sales["receipts"])
    weekday = (np.arange(LAST - 299, LAST + 1) + 4) % 7
    told, rule, came, low, high = ([] for _ in range(5))
    for back in range(ORIGINS):
        known = 300 - HORIZON - 11 * back
        until = UNTIL - timedelta(days=300 - known)
        found = compute_hours(sales, Target.RECEIPTS, until=until, horizon=HORIZON, days=DAYS)
        assert isinstance(found, HourForecast)
        for point in found.points:
            row = known + (point.day - until).days - 1
            same = np.arange(row - 7 * ((row - known) // 7 + 1), known - 56, -7)
            told.append(point.mean)
            rule.append(counts[same, point.hour].mean())
            came.append(counts[row, point.hour])
            low.append(point.lo80)
            high.append(point.hi80)
        assert (weekday[same] == weekday[row]).all()
    actual = np.array(came)
    assert wape(np.array(told), actual) < 0.97 * wape(np.array(rule), actual)
    assert abs(bias(np.array(told), actual)) < 0.05
    assert 0.77 <= coverage(np.array(low), np.array(high), actual) <= 0.87
