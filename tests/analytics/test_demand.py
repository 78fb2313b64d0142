"""What sells of a product or category: zeros count, closed days do not, little is said to be little."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from colmado_insights.analytics import demand as demand_module
from colmado_insights.analytics.demand import DAYS_TO_CHOOSE, Family, compute_demand, compute_demands
from colmado_insights.analytics.demand_methods import DemandMethod
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.results import Forecast, NotEnough
from colmado_insights.domain import CATEGORY_CODE, PRODUCT_SERIES_COLUMNS, Category, Target
from colmado_insights.progress import Cancelled, Progress
from tests.analytics.simulated_parts import LAST, UNTIL, WEEK_FACTORS, part_of, shop_days

DAYS = DominicanDays()
SHOP = shop_days(300)
Draw = Callable[[np.random.Generator, NDArray[np.int64]], NDArray[np.int64]]


def seldom(rng: np.random.Generator, receipts: NDArray[np.int64]) -> NDArray[np.int64]:
    """One in five days, one or two units."""
    return np.where(rng.random(len(receipts)) < 0.2, rng.integers(1, 3, len(receipts)), 0)


def often(rng: np.random.Generator, receipts: NDArray[np.int64]) -> NDArray[np.int64]:
    """A twentieth of those who come."""
    return rng.poisson(receipts * 0.05)


def lumpy(rng: np.random.Generator, receipts: NDArray[np.int64]) -> NDArray[np.int64]:
    """One in five days, one unit or twenty."""
    return np.where(rng.random(len(receipts)) < 0.2, rng.choice([1, 1, 1, 20], len(receipts)), 0)


def wild(rng: np.random.Generator, receipts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every day, five units or fifty."""
    return rng.choice([5, 5, 5, 5, 5, 50], len(receipts))


def forecast_of(series: pd.DataFrame, shop: pd.DataFrame = SHOP, **how: object) -> Forecast:
    """Of a product, unless a category is named."""
    of = how if "category" in how else {"product_id": 1} | how
    found = compute_demand(series, shop, until=UNTIL, days=DAYS, **of)  # type: ignore[arg-type]
    assert isinstance(found, Forecast)
    return found


@pytest.mark.parametrize(
    ("draw", "code"),
    [
        (often, "demand_smooth"), (wild, "demand_erratic"),
        (seldom, "demand_intermittent"), (lumpy, "demand_lumpy"),
    ],
)  # fmt: skip
def test_how_it_sells_is_said(draw: Draw, code: str) -> None:
    assert code in [reason.code for reason in forecast_of(part_of(SHOP, draw)).reasons]


@pytest.mark.parametrize(("draw", "mean", "chance"), [(often, 10.4, 0.10), (seldom, 0.3, 0.25)])
def test_totals_come_out_right(draw: Draw, mean: float, chance: float) -> None:
    """The mean of many draws: none that wins by expecting nothing."""
    totals = [sum(p.mean for p in forecast_of(part_of(SHOP, draw, seed)).points) for seed in range(4)]
    assert np.mean(totals) / 14 == pytest.approx(mean, rel=chance)


def test_days_without_a_sale_are_zeros_and_closed_days_are_none() -> None:
    shop = shop_days(300, closed_weekday=2)
    found = forecast_of(part_of(shop, often), shop)
    closed = [p for p in found.points if p.day.isoweekday() % 7 == 2]
    assert [(p.mean, p.hi95) for p in closed] == [(0.0, 0.0)] * 2
    share = sum(p.mean for p in found.points) / (2 * 200 * np.delete(WEEK_FACTORS, 2).sum())
    assert share == pytest.approx(0.05, rel=0.1)
    assert len(found.history) == 48


def test_what_sells_well_beats_last_week_and_intervals_keep_their_word() -> None:
    found = forecast_of(part_of(SHOP, often))
    assert found.backtest is not None
    assert found.backtest.wape < 0.85 * found.backtest.naive_wape
    assert 0.74 <= found.backtest.coverage80 <= 0.9
    assert found.backtest.coverage95 >= 0.91
    for point in found.points:
        assert 0 <= point.lo95 <= point.lo80 <= point.mean <= point.hi80 <= point.hi95


def test_what_no_longer_sells_fades_and_is_named() -> None:
    series = part_of(SHOP, often)
    found = forecast_of(series[series["day"] <= LAST - 60])
    assert [r["days"] for r in found.reasons if r.code == "not_sold_lately"] == [60]
    assert max(p.mean for p in found.points) < 2.5


def test_too_little_is_an_answer() -> None:
    series = part_of(SHOP, often)
    assert compute_demand(series.tail(2), SHOP, until=UNTIL, days=DAYS) == NotEnough(3, 2, "days", UNTIL)
    nothing = compute_demand(series.head(0), SHOP, until=UNTIL, days=DAYS)
    assert isinstance(nothing, NotEnough)
    assert isinstance(compute_demand(series, SHOP.head(0), until=UNTIL, days=DAYS), NotEnough)


def test_a_new_product_has_wide_intervals_and_says_so() -> None:
    series = part_of(SHOP, often).tail(20)
    found = forecast_of(series)
    assert found.backtest is None
    assert found.candidates == ()
    (reason,) = found.reasons
    assert (reason.code, reason["needed"]) == ("little_history", DAYS_TO_CHOOSE)
    old = forecast_of(part_of(SHOP, often)).points[0]
    new = found.points[0]
    assert (new.hi80 - new.lo80) / new.mean > (old.hi80 - old.lo80) / old.mean


def test_a_new_product_learns_from_its_category() -> None:
    """A category that sells on Sundays alone: three days of a product are enough to expect its Sundays."""
    sundays = SHOP["day"].map(lambda day: (day + 4) % 7 == 0).to_numpy()
    category = part_of(SHOP, lambda rng, receipts: np.where(sundays, 60, 2))
    series = part_of(SHOP, often).tail(4)
    points = forecast_of(series, family=Family(category, 10)).points
    sunday = np.mean([p.mean for p in points if p.day.isoweekday() == 7])
    other = np.mean([p.mean for p in points if p.day.isoweekday() != 7])
    assert sunday > 2 * other


def test_later_rows_are_not_looked_at() -> None:
    series = part_of(SHOP, often)
    early = SHOP["day"] <= LAST - 30
    before = compute_demand(
        series[series["day"] <= LAST - 30], SHOP[early], until=UNTIL - pd.Timedelta(days=30), days=DAYS
    )
    assert compute_demand(series, SHOP, until=UNTIL - pd.Timedelta(days=30), days=DAYS) == before


def test_a_power_cut_is_not_a_day_without_demand() -> None:
    """Ten days that brought a tenth of their receipts leave the product's part as it was."""
    cut = SHOP["day"].isin(range(LAST - 40, LAST, 4))
    shop = SHOP.assign(receipts=SHOP["receipts"].where(~cut, SHOP["receipts"] // 10))
    series = part_of(SHOP, often)
    whole = sum(p.mean for p in forecast_of(series).points)
    dark = sum(p.mean for p in forecast_of(series[~series["day"].isin(SHOP["day"][cut])], shop).points)
    assert dark == pytest.approx(whole, rel=0.08)


def test_revenue_of_a_category_is_its_units_times_their_price() -> None:
    series = part_of(SHOP, often)
    units = forecast_of(series, category=Category.BAKERY)
    cents = forecast_of(series, target=Target.REVENUE, category=Category.BAKERY)
    assert (cents.category, cents.product_id, cents.target) == (Category.BAKERY, None, Target.REVENUE)
    assert [p.mean for p in cents.points] == pytest.approx([p.mean * 50_00 for p in units.points], rel=0.05)


class Exploding:
    """A method that erred little so far and explodes at the end."""

    name = "exploding"
    needs_days = 1

    def fit(self, demand: object) -> Exploding:
        return self

    def predict(self, demand: demand_module.Demand, horizon: int) -> NDArray[np.float64]:
        is_end = len(demand) == len(demand.market.history)
        return 1e6 * np.ones(horizon) if is_end else 0.05 * demand.market.ahead_of(len(demand))[:horizon]


def test_no_method_may_promise_what_never_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    methods: tuple[type[DemandMethod], ...] = (*demand_module.DEMAND_METHODS[:2], Exploding)
    monkeypatch.setattr(demand_module, "DEMAND_METHODS", methods)
    monkeypatch.setattr(demand_module, "FAST_METHODS", ())
    series = part_of(SHOP, often)
    found = forecast_of(series)
    assert "exploding" in found.model
    assert max(p.mean for p in found.points) <= 2 * series["units_milli"].max() / 1000


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    parts = {key: part_of(SHOP, draw, key) for key, draw in enumerate((often, seldom, lumpy), start=1)}
    code = CATEGORY_CODE[Category.SNACKS]
    panel = pd.concat(
        [part.assign(product_id=key, category=code) for key, part in parts.items()], ignore_index=True
    )[list(PRODUCT_SERIES_COLUMNS)].astype(PRODUCT_SERIES_COLUMNS)
    family = Family(parts[1], 3)
    found = compute_demands(panel, SHOP, until=UNTIL, days=DAYS, families={Category.SNACKS: family})
    assert [forecast.product_id for forecast in found] == [1, 2, 3]
    for forecast in found:
        key = forecast.product_id
        assert key is not None
        assert forecast == forecast_of(parts[key], family=family, product_id=key)


def test_many_at_once_can_be_stopped() -> None:
    panel = part_of(SHOP, often).assign(product_id=1, category=0)[list(PRODUCT_SERIES_COLUMNS)]
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        compute_demands(panel.astype(PRODUCT_SERIES_COLUMNS), SHOP, until=UNTIL, days=DAYS, progress=progress)


def test_the_calendar_explains_days_that_differ() -> None:
    found = forecast_of(part_of(SHOP, often))
    assert len(found.drivers) == len(found.points)
    for point, drivers in zip(found.points, found.drivers, strict=True):
        weekday = point.day.isoweekday() % 7
        told = {driver.reason.code: driver.amount for driver in drivers}
        if weekday in (5, 6):
            assert 0.5 < told["weekday"] < point.mean / 2
        if weekday == 0:
            assert told["weekday"] < -0.5
    assert forecast_of(part_of(SHOP, seldom)).drivers == ((),) * 14, "nothing to tell of a third of a unit"


@pytest.mark.parametrize("horizon", [0, 29])
def test_horizons_are_one_to_twenty_eight(horizon: int) -> None:
    with pytest.raises(ValueError, match="horizon"):
        compute_demand(part_of(SHOP, often), SHOP, until=UNTIL, horizon=horizon, days=DAYS)


def test_receipts_are_no_demand() -> None:
    with pytest.raises(ValueError, match="units or revenue"):
        compute_demand(part_of(SHOP, often), SHOP, Target.RECEIPTS, until=UNTIL, days=DAYS)


def test_a_month_ahead_is_the_longest() -> None:
    assert len(forecast_of(part_of(SHOP, often), horizon=28).points) == 28
