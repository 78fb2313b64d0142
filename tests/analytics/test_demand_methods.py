"""The methods for what sells seldom: published recurrences, and truth that comes back."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.demand_methods import (
    Croston,
    Demand,
    LastWeek,
    RecentMean,
    TrafficShare,
    Tsb,
    croston_rate,
    own_effects,
    tsb_rates,
)
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.history import Calendar, FloatArray, History
from colmado_insights.analytics.market import LONGEST_HORIZON, Market
from colmado_insights.domain import day_number
from tests.analytics.simulated_parts import LAST, UNTIL, WEEK_FACTORS, shop_days


def market_of(days: int, **how: int | None) -> Market:
    shop = shop_days(days, **how)  # type: ignore[arg-type]
    first = int(shop["day"].min())
    values = shop.set_index("day")["receipts"].reindex(range(first, LAST + 1)).to_numpy(dtype=np.float64)
    calendar = Calendar.of(DominicanDays(), first, day_number(UNTIL) + LONGEST_HORIZON)
    return Market.of(History(values, calendar))


def demand_of(market: Market, values: FloatArray, **how: float) -> Demand:
    columns = market.history.calendar.effects.shape[1]
    return Demand(np.where(np.isnan(market.history.values), np.nan, values), market, np.zeros(columns), **how)


def test_croston_follows_its_recurrence() -> None:
    """Size and gap by hand: sales of 2 on day 2, 4 on day 4, 2 on day 5; alpha 0.1."""
    sold = np.array([0.0, 2, 0, 4, 2, 0])
    size = (2.0 + 0.1 * 2) + 0.1 * (2 - 2.2)
    gap = (2.0 + 0.1 * 0) + 0.1 * (1 - 2.0)
    assert croston_rate(sold, 0.1) == pytest.approx(0.95 * size / gap)
    assert croston_rate(np.zeros(9), 0.1) == 0.0


def test_tsb_follows_its_recurrence_and_fades() -> None:
    """The chance moves on every day, the size only with a sale."""
    sold = np.array([2.0, 0, 0, 4])
    rates = tsb_rates(sold, alpha=0.5, beta=0.2)
    chance, size = 0.5 + 0.2 * 0.5, 3.0 + 0.5 * (2 - 3.0)
    assert rates[0] == pytest.approx(chance * size)
    assert rates[1] == pytest.approx(chance * 0.8 * size)
    assert rates[3] == pytest.approx((chance * 0.64 + 0.2 * (1 - chance * 0.64)) * (size + 0.5 * (4 - size)))
    silent = tsb_rates(np.append(np.ones(60), np.zeros(60)), 0.1, 0.05)
    assert silent[-1] < 0.1 * silent[59]


def test_what_sells_seldom_has_its_rate_recovered() -> None:
    rng = np.random.default_rng(3)
    sold = np.where(rng.random(3000) < 0.2, rng.poisson(2.0, 3000) + 1.0, 0.0)
    assert croston_rate(sold, 0.02) == pytest.approx(0.6, rel=0.15)
    assert tsb_rates(sold, 0.02, 0.01)[-1] == pytest.approx(0.6, rel=0.15)


def test_a_part_of_the_traffic_has_the_shops_week() -> None:
    """Sold by nothing but who comes in: the forecast is that part of the days expected."""
    market = market_of(300)
    demand = demand_of(market, 0.05 * market.history.values)
    forecast = TrafficShare().fit(demand).predict(demand, 14)
    assert forecast == pytest.approx(0.05 * market.ahead[-1, :14], rel=0.05)
    assert forecast.sum() == pytest.approx(2 * 0.05 * 200 * WEEK_FACTORS.sum(), rel=0.08)


def test_a_week_of_its_own_is_learnt_from_many_sales_and_borrowed_with_few() -> None:
    """Ten times as many on Sundays."""
    market = market_of(300)
    rate = np.where(market.history.weekday == 0, 10.0, 1.0)
    rng = np.random.default_rng(5)
    sunday = market.history.calendar.weekday[300:314] == 0

    def lift(scale: float, prior: float) -> float:
        demand = demand_of(market, rng.poisson(rate * scale).astype(np.float64))
        columns = [code == "weekday" and day == "0" for code, day in market.history.calendar.names]
        demand = Demand(demand.values, market, np.where(columns, prior, 0.0))
        forecast = TrafficShare().fit(demand).predict(demand, 14)
        return float(forecast[sunday].mean() / forecast[~sunday].mean())

    assert lift(20.0, 0.0) > 4
    assert lift(0.01, 0.0) == pytest.approx(WEEK_FACTORS[0] / WEEK_FACTORS[1:].mean(), rel=0.35)
    assert lift(0.01, 2.0) > 4


def test_someones_bulk_purchase_does_not_become_the_level() -> None:
    market = market_of(200)
    usual = np.full(200, 3.0)
    wild = usual.copy()
    wild[-5] = 300.0
    plain, bulk = (
        TrafficShare().fit(demand).predict(demand, 7).sum()
        for demand in (demand_of(market, usual), demand_of(market, wild))
    )
    assert bulk == pytest.approx(plain, rel=0.05)


def test_a_new_product_leans_on_its_category_and_soon_stands_alone() -> None:
    market = market_of(200)

    def first_days(days: int) -> float:
        values = np.full(200, np.nan)
        values[-days:] = 0.02 * market.history.values[-days:]
        demand = demand_of(market, values, usual=0.10)
        return float(TrafficShare().fit(demand).predict(demand, 7).sum() / market.ahead[-1, :7].sum())

    assert 0.03 < first_days(3) < 0.09
    assert first_days(60) == pytest.approx(0.02, rel=0.1)


@pytest.mark.parametrize("method", [LastWeek, RecentMean, TrafficShare, Croston, Tsb])
def test_nothing_is_promised_on_days_the_shop_keeps_closed(method: type[TrafficShare]) -> None:
    market = market_of(200, closed_weekday=2)
    known = len(market.history)
    demand = demand_of(market, np.full(known, 4.0))
    forecast = method().fit(demand).predict(demand, 14)
    is_closed = market.history.calendar.weekday[known : known + 14] == 2
    assert (forecast[is_closed] == 0).all()
    assert (forecast[~is_closed] > 1).all()


def test_a_product_that_was_never_sold_keeps_its_categorys_effects() -> None:
    market = market_of(100)
    demand = demand_of(market, np.zeros(100))
    assert own_effects(demand, demand.values) is demand.prior
