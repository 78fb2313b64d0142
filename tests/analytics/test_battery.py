"""One battery over all ANALYSES: every kind of shop gets an answer, and the same one however it is asked."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics import ANALYSES
from colmado_insights.analytics.brands import BrandWords
from colmado_insights.analytics.clusters import compute_learned
from colmado_insights.analytics.crowd import compute_crowd
from colmado_insights.analytics.dominican_days import DominicanDays
from colmado_insights.analytics.experiments import ARM_CALL_COLUMNS
from colmado_insights.analytics.features import FEATURE_COLUMNS, compute_features
from colmado_insights.analytics.outcome import MEASURE_COLUMNS
from colmado_insights.analytics.performance import SEGMENT_DAY_COLUMNS
from colmado_insights.analytics.results import Elasticity, ElasticityType, LearnedSegments, Segment, Segments
from colmado_insights.analytics.segments import assign_segments, compute_segments
from colmado_insights.domain import (
    CATEGORIES,
    CUSTOMER_MONTH_COLUMNS,
    DAILY_COLUMNS,
    FORECAST_COLUMNS,
    GOODS_COLUMNS,
    HOURLY_COLUMNS,
    LINE_COLUMNS,
    NO_HOUR,
    PRICE_DAY_COLUMNS,
    PRODUCT_SERIES_COLUMNS,
    RECEIPT_COLUMNS,
    SHELF_COLUMNS,
    SOLD_COLUMNS,
    STOCK_COLUMNS,
    TOLD_COST_COLUMNS,
    SaleKind,
    Target,
    day_number,
)

UNTIL = date(2026, 6, 26)
NOW = datetime(2026, 6, 26, 17, 30)
DAYS = DominicanDays()
LEARNED_DAYS = 6
"""A short window for learned segments: they must be right here, not rich."""


@dataclass(frozen=True)
class Shop:
    """The frames that analyses read."""

    receipts: pd.DataFrame
    lines: pd.DataFrame
    hourly: pd.DataFrame
    daily: pd.DataFrame
    features: pd.DataFrame

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}


def make_shop(receipts: pd.DataFrame, lines: pd.DataFrame) -> Shop:
    """A shop with the sums that storage keeps, made here in the plainest way."""
    receipts, lines = receipts.astype(RECEIPT_COLUMNS), lines.astype(LINE_COLUMNS)
    is_sale = receipts["kind"] == SaleKind.SALE
    per_receipt = lines.groupby("receipt")
    sums = pd.DataFrame(
        {
            "day": receipts["sold_at"] // 86_400,
            "hour": (receipts["sold_at"] % 86_400 // 3600).where(receipts["has_time"], NO_HOUR),
            "receipts": is_sale.astype("int64"),
            "lines": per_receipt.size().reindex(receipts.index, fill_value=0),
            "units_milli": per_receipt["quantity_milli"].sum().reindex(receipts.index, fill_value=0),
            "revenue_cents": receipts["total_cents"],
            "returns_cents": (-receipts["total_cents"]).where(~is_sale, 0),
        }
    ).astype(HOURLY_COLUMNS)
    hourly = sums.groupby(["day", "hour"], as_index=False).sum().astype(HOURLY_COLUMNS)
    daily = sums.drop(columns="hour").groupby("day", as_index=False).sum().astype(DAILY_COLUMNS)
    return Shop(receipts, lines, hourly, daily, compute_features(receipts, lines, DAYS))


def shop_of(moments: list[datetime], seed: int, *, is_constant: bool = False) -> Shop:
    """Receipts at these moments; a constant shop sells the same thing every time."""
    rng = np.random.default_rng(seed)
    n = len(moments)
    count = np.ones(n, dtype=int) if is_constant else rng.integers(0, 5, n)
    receipt = np.repeat(np.arange(n), count)
    m = receipt.size
    kind = np.zeros(n, dtype=int) if is_constant else (rng.random(n) < 0.03).astype(int)
    sign = 1 - 2 * kind[receipt]
    category = np.zeros(m, dtype=int) if is_constant else rng.integers(0, len(CATEGORIES), m)
    amount = sign * (np.full(m, 100_00) if is_constant else rng.integers(5_00, 400_00, m))
    lines = pd.DataFrame(
        {
            "receipt": receipt,
            "product_id": category + 1,
            "category": category,
            "quantity_milli": sign * 1000,
            "amount_cents": amount,
        },
        columns=list(LINE_COLUMNS),
    )
    epoch = datetime(1970, 1, 1)
    receipts = pd.DataFrame(
        {
            "sale_id": np.arange(n) + 1,
            "sold_at": [int((moment - epoch).total_seconds()) for moment in moments],
            "has_time": np.ones(n, dtype=bool) if is_constant else rng.random(n) < 0.95,
            "kind": kind,
            "total_cents": np.bincount(receipt, amount, minlength=n),
            "payment": 1 if is_constant else rng.integers(0, 5, n),
            "cashier_id": 0,
            "shift_id": 0,
            "customer_id": 0,
        },
        columns=list(RECEIPT_COLUMNS),
    )
    return make_shop(receipts, lines)


def moments_of(days: list[int], pace: int, seed: int | None = None) -> list[datetime]:
    """So many moments an hour from 7 to 22 on the days so far back, all before NOW; random with a seed."""
    rng = np.random.default_rng(seed)
    moments = [
        datetime.combine(UNTIL - timedelta(days=back), datetime.min.time())
        + timedelta(hours=hour, seconds=int(rng.integers(3600)) if seed is not None else 3600 * i // pace)
        for back in sorted(days, reverse=True)
        for hour in range(7, 22)
        for i in range(pace if seed is None else int(rng.poisson(pace)))
    ]
    return sorted(moment for moment in moments if moment <= NOW)


SHOPS: dict[str, Callable[[], Shop]] = {
    "empty": lambda: shop_of([], 0),
    "one_row": lambda: shop_of([NOW - timedelta(hours=1)], 0, is_constant=True),
    "one_day": lambda: shop_of(moments_of([0], 4, seed=1), 1),
    "constant": lambda: shop_of(moments_of(list(range(45)), 2), 2, is_constant=True),
    "gaps": lambda: shop_of(moments_of([d for d in range(70) if d % 7 and not 20 < d < 33], 3, seed=3), 3),
    "busy": lambda: shop_of(moments_of(list(range(75)), 6, seed=4), 4),
}


@cache
def learned_runs() -> dict[str, LearnedSegments]:
    """Two runs of the busy shop, the later one continuing the earlier."""
    features = SHOPS["busy"]().features
    earlier = compute_learned(features, until=UNTIL - timedelta(days=LEARNED_DAYS), window_days=LEARNED_DAYS)
    later = compute_learned(features, until=UNTIL, window_days=LEARNED_DAYS, previous=earlier)
    return {"earlier": earlier, "later": later}


def segment_days(shop: Shop) -> pd.DataFrame:
    """What fell into each rule segment of a type each day."""
    codes = assign_segments(shop.features)["temporal"].to_numpy()
    wanted = shop.features[codes >= 0].assign(segment=codes[codes >= 0])
    sums = wanted.groupby(["day", "segment"])["total_value"].agg(["size", "sum"]).reset_index()
    return sums.set_axis(list(SEGMENT_DAY_COLUMNS), axis=1).astype(SEGMENT_DAY_COLUMNS)


def segments_of(shop: Shop) -> tuple[Segment, ...]:
    """The rule segments of a shop; none where there is too little."""
    found = compute_segments(shop.features, until=UNTIL)
    return found.segments[:4] if isinstance(found, Segments) else ()


def product_days(shop: Shop) -> pd.DataFrame:
    """What storage reads of each product's days, made here in the plainest way."""
    day = shop.receipts["sold_at"].to_numpy()[shop.lines["receipt"]] // 86_400
    days = shop.lines.assign(
        day=day, units_milli=shop.lines["quantity_milli"], revenue_cents=shop.lines["amount_cents"]
    )
    sums = days.groupby(["product_id", "category", "day"], as_index=False)[
        ["units_milli", "revenue_cents"]
    ].sum()
    return sums.astype(PRODUCT_SERIES_COLUMNS)


def kept_points(shop: Shop) -> pd.DataFrame:
    """A forecast a week that expects what came a week before."""
    rows = [
        (until, until + ahead, count, count / 2, count * 2, count / 3, count * 3, until + 1, "theta")
        for until in sorted(shop.daily["day"].tolist())[:-7:7]
        for ahead, count in enumerate(shop.daily.sort_values("day")["receipts"].tolist()[:7], start=1)
    ]
    return pd.DataFrame(rows, columns=list(FORECAST_COLUMNS)).astype(FORECAST_COLUMNS)


def sold_lines(shop: Shop) -> pd.DataFrame:
    """What storage reads of all lines sold; every second one tells its cost."""
    day = shop.receipts["sold_at"].to_numpy()[shop.lines["receipt"]] // 86_400
    cost = (shop.lines["amount_cents"] * 8 // 10).where(shop.lines["amount_cents"] % 2 == 0, 0)
    return shop.lines.assign(day=day, cost_cents=cost)[list(SOLD_COLUMNS)].astype(SOLD_COLUMNS)


def goods_of(shop: Shop) -> pd.DataFrame:
    """Every product that was sold, and one that is only listed."""
    sold = shop.lines.groupby("product_id", as_index=False)["category"].first()
    listed = pd.DataFrame({"product_id": [99], "category": [7]})
    goods = pd.concat([sold, listed]).assign(supplier="", is_by_amount=False)
    goods.loc[goods["product_id"] % 3 == 0, "supplier"] = "Suplidor"
    return goods[list(GOODS_COLUMNS)].astype(GOODS_COLUMNS)


def told_costs() -> pd.DataFrame:
    rows = [(product, day_number(UNTIL) - 20, 150_00) for product in (1, 2, 99)]
    return pd.DataFrame(rows, columns=list(TOLD_COST_COLUMNS)).astype(TOLD_COST_COLUMNS)


def counted_stock() -> pd.DataFrame:
    rows = [(product, day_number(UNTIL) - 3, (product - 2) * 5000) for product in (1, 2, 3, 99)]
    return pd.DataFrame(rows, columns=list(STOCK_COLUMNS)).astype(STOCK_COLUMNS)


def measure_days(shop: Shop) -> pd.DataFrame:
    """What a product sold each day."""
    days = product_days(shop).query("product_id == 1")
    return days.assign(cents=days["revenue_cents"])[list(MEASURE_COLUMNS)].astype(MEASURE_COLUMNS)


CATALOGUE = pd.DataFrame(
    {
        "product_id": np.arange(len(CATEGORIES)) + 1,
        "name": [f"Cosa Goya {category}" for category in CATEGORIES],
        "category": np.arange(len(CATEGORIES), dtype=np.int8),
    }
)
BRAND_WORDS = BrandWords(frozenset({("goya",)}), frozenset(), frozenset(), ())


def with_customers(shop: Shop) -> pd.DataFrame:
    """The receipts given out among eleven customers, some of them anonymous."""
    return shop.receipts.assign(customer_id=shop.receipts["sale_id"] % 12)


def of_customer(shop: Shop, customer: int) -> dict[str, pd.DataFrame]:
    """Receipts and lines of one customer only."""
    is_own = (with_customers(shop)["customer_id"] == customer).to_numpy()
    place = np.cumsum(is_own) - 1
    lines = shop.lines[is_own[shop.lines["receipt"]]]
    return {
        "receipts": with_customers(shop)[is_own].reset_index(drop=True),
        "lines": lines.assign(receipt=place[lines["receipt"]]),
    }


def kept_customers() -> pd.DataFrame:
    """What was said of every customer two months ago and one month ago."""
    said = [
        (day_number(UNTIL) - back, who, "loyal", 3, 9, 900_00, who / 12, 20, 1, 0, 5 + who, 500_00, 365)
        for back in (62, 31)
        for who in range(1, 12)
    ]
    kept = pd.DataFrame(said, columns=list(CUSTOMER_MONTH_COLUMNS)).astype(CUSTOMER_MONTH_COLUMNS)
    return kept.assign(**{name: kept["day"] + kept[name] for name in ("next_day", "next_lo", "next_hi")})


def price_days(shop: Shop) -> pd.DataFrame:
    """Each product's days at a price that rises every three weeks, and a cost that rises with it at first."""
    days = product_days(shop)
    step = (days["day"] - day_number(UNTIL)) // 21 + 5
    lines = (days["units_milli"].abs() // 1000).clip(lower=1)
    whole = days.assign(
        price_cents=100_00 + 10_00 * step, cost_cents=60_00 + 8_00 * step, is_exact=True, lines=lines,
        units_milli=1000 * lines,
    )  # fmt: skip
    return whole.reindex(columns=list(PRICE_DAY_COLUMNS)).fillna(0).astype(PRICE_DAY_COLUMNS)


def arm_calls(shop: Shop) -> pd.DataFrame:
    """A call for each receipt, dealt to three arms; who buys for more is answered and voted for."""
    sold = shop.receipts["total_cents"]
    calls = pd.DataFrame(
        {
            "arm": shop.receipts["sale_id"] % 3,
            "is_answer": sold > 0,
            "is_passed": sold > 50_00,
            "cost_nano": sold.abs(),
            "latency_ms": sold.where(sold > 0).astype("float64"),
            "vote": (sold > 100_00).astype("int64") - (sold < 0),
        }
    )
    return calls[list(ARM_CALL_COLUMNS)].astype(ARM_CALL_COLUMNS)


ELASTICITY = Elasticity(
    product_id=1, elasticity=-1.5, lo95=-2.0, hi95=-1.0, r_squared=0.3, type=ElasticityType.ELASTIC, n_prices=4,
    days=40, lowest_cents=100_00, highest_cents=150_00, raw=-1.6, own_weight=0.6, category_elasticity=-1.2,
    left_out_share=0.0, until=UNTIL, confidence=0.6,
)  # fmt: skip

SHELF = pd.DataFrame(
    {
        "product_id": range(1, len(CATEGORIES) + 1),
        "name": [f"Producto {name}" for name in CATEGORIES],
        "category": range(len(CATEGORIES)),
        "price_cents": 100_00,
        "cost_cents": 70_00,
        "is_by_amount": False,
    }
).astype(SHELF_COLUMNS)
"""What may be offered by name: one product of each family."""

CALLS: dict[str, Callable[[Callable[..., Any], Shop], Any]] = {
    "features": lambda run, shop: run(shop.receipts, shop.lines, DAYS),
    "assignments": lambda run, shop: run(shop.features),
    "segments": lambda run, shop: run(shop.features, until=UNTIL, previous=shop.features),
    "learned": lambda run, shop: run(
        shop.features, until=UNTIL, window_days=LEARNED_DAYS, before=shop.features
    ),
    "migration": lambda run, shop: run(shop.features, **learned_runs()),
    "performance": lambda run, shop: run(segment_days(shop), shop.daily, segments_of(shop), until=UNTIL),
    "pattern": lambda run, shop: run(shop.hourly, shop.daily, UNTIL),
    "pay_curve": lambda run, shop: run(shop.daily, Target.REVENUE, DAYS, UNTIL),
    "seasons": lambda run, shop: run(shop.daily, Target.RECEIPTS, DAYS, UNTIL),
    "normal": lambda run, shop: run(shop.daily, Target.REVENUE, UNTIL, DAYS),
    "normal_span": lambda run, shop: run(shop.daily, Target.RECEIPTS, UNTIL - timedelta(days=9), UNTIL, DAYS),
    "normal_basket": lambda run, shop: run(shop.daily, UNTIL, DAYS),
    "span": lambda run, shop: run(shop.daily, UNTIL - timedelta(days=9), UNTIL, DAYS),
    "day": lambda run, shop: run(shop.receipts, NOW, DAYS),
    "traffic": lambda run, shop: run(shop.receipts, NOW, DAYS),
    "rest_of_day": lambda run, shop: run(shop.receipts, NOW, DAYS, 1e6),
    "forecast": lambda run, shop: run(shop.daily, Target.REVENUE, until=UNTIL, horizon=7, days=DAYS),
    "live": lambda run, shop: run(
        shop.receipts,
        NOW,
        DAYS,
        segments=compute_segments(shop.features, until=UNTIL),
        rest_forecast_cents=1e7,
    ),
    "hours": lambda run, shop: run(shop.hourly, Target.RECEIPTS, until=UNTIL, horizon=7, days=DAYS),
    "demand": lambda run, shop: run(
        product_days(shop).query("product_id == 1"), shop.daily, until=UNTIL, horizon=7, days=DAYS
    ),
    "demands": lambda run, shop: run(product_days(shop), shop.daily, until=UNTIL, horizon=7, days=DAYS),
    "care": lambda run, shop: run(
        sold_lines(shop), goods_of(shop), told_costs(), counted_stock(), until=UNTIL
    ),
    "outcome": lambda run, shop: run(
        measure_days(shop), shop.daily, taken=UNTIL - timedelta(days=14), until=UNTIL
    ),
    "basket_model": lambda run, shop: run(shop.receipts, shop.lines, until=UNTIL),
    "baskets": lambda run, shop: run(shop.receipts, shop.lines, SHELF, until=UNTIL, days=DAYS),
    "trends": lambda run, shop: run(shop.receipts, shop.lines, SHELF, until=UNTIL),
    "seasonal": lambda run, shop: run(shop.receipts, shop.lines, SHELF, until=UNTIL, days=DAYS),
    "track": lambda run, shop: run(
        kept_points(shop), shop.daily.set_index("day")["receipts"], None, Target.RECEIPTS, until=UNTIL
    ),
    "elasticity": lambda run, shop: run(price_days(shop), shop.daily, product_id=1, until=UNTIL, days=DAYS),
    "elasticities": lambda run, shop: run(price_days(shop), shop.daily, until=UNTIL, days=DAYS),
    "price_advice": lambda run, shop: run(price_days(shop), ELASTICITY, until=UNTIL),
    "cost_alarms": lambda run, shop: run(price_days(shop), until=UNTIL),
    "price_board": lambda run, shop: run(price_days(shop), shop.daily, until=UNTIL, days=DAYS),
    "experiment": lambda run, shop: run(arm_calls(shop), 3, until=UNTIL),
    "next_purchases": lambda run, shop: run(with_customers(shop), until=UNTIL),
    "replenishments": lambda run, shop: run(with_customers(shop), shop.lines, until=UNTIL),
    "category_chances": lambda run, shop: run(with_customers(shop), shop.lines, until=UNTIL),
    "prediction_tracks": lambda run, shop: run(kept_customers(), with_customers(shop), until=UNTIL),
    "rfm": lambda run, shop: run(with_customers(shop), until=UNTIL),
    "lifetimes": lambda run, shop: run(with_customers(shop), until=UNTIL, lines=shop.lines),
    "churns": lambda run, shop: run(with_customers(shop), shop.lines, until=UNTIL),
    "customer_migration": lambda run, shop: run(
        with_customers(shop), before=UNTIL - timedelta(days=14), until=UNTIL
    ),
    "crowd": lambda run, shop: run(shop.receipts, shop.lines, CATALOGUE, until=UNTIL, words=BRAND_WORDS),
    "profile": lambda run, shop: run(
        **of_customer(shop, 3),
        products=CATALOGUE,
        customer_id=3,
        until=UNTIL,
        crowd=compute_crowd(shop.receipts, shop.lines, CATALOGUE, until=UNTIL, words=BRAND_WORDS),
    ),
}

FIRST_FRAME = {
    "features": "receipts", "assignments": "features", "segments": "features",
    "learned": "features", "migration": "features", "pattern": "hourly",
    "basket_model": "receipts", "baskets": "receipts", "trends": "receipts", "seasonal": "receipts",
    "day": "receipts", "live": "receipts", "traffic": "receipts", "rest_of_day": "receipts",
    "hours": "hourly", "demand": "daily", "demands": "daily", "forecast": "daily",
    "pay_curve": "daily", "seasons": "daily", "normal": "daily", "normal_span": "daily",
    "elasticity": "daily", "elasticities": "daily", "price_board": "daily",
    "normal_basket": "daily", "span": "daily", "performance": "daily", "outcome": "daily",
    "next_purchases": "receipts", "replenishments": "receipts", "category_chances": "receipts",
    "prediction_tracks": "receipts",
    "lifetimes": "receipts", "churns": "receipts",
    "rfm": "receipts", "customer_migration": "receipts", "crowd": "receipts", "profile": "receipts",
}  # fmt: skip


@pytest.fixture(scope="module", params=SHOPS)
def shop(request: pytest.FixtureRequest) -> Shop:
    return SHOPS[request.param]()


each_analysis = pytest.mark.parametrize(("name", "run"), ANALYSES, ids=[name for name, _run in ANALYSES])


def shuffle(shop: Shop) -> Shop:
    """The same shop with the rows of every frame in another order."""
    order = np.random.default_rng(11).permutation(len(shop.receipts))
    place = np.argsort(order)
    mixed = {name: frame.sample(frac=1, random_state=5) for name, frame in shop.frames.items()}
    mixed["receipts"] = shop.receipts.iloc[order].reset_index(drop=True)
    mixed["lines"] = mixed["lines"].assign(receipt=place[mixed["lines"]["receipt"]])
    return Shop(**mixed)


def assert_same(first: Any, second: Any, where: str = "") -> None:
    """Equal, or as equal as sums of floats taken in another order."""
    assert type(first) is type(second), where
    if isinstance(first, pd.DataFrame):
        by_sale = [frame.sort_values("sale_id").reset_index(drop=True) for frame in (first, second)]
        pd.testing.assert_frame_equal(*by_sale)
    elif dataclasses.is_dataclass(first):
        for field in dataclasses.fields(first):
            assert_same(getattr(first, field.name), getattr(second, field.name), f"{where}.{field.name}")
    elif isinstance(first, tuple | list):
        assert len(first) == len(second), where
        for i, (one, other) in enumerate(zip(first, second, strict=True)):
            assert_same(one, other, f"{where}[{i}]")
    elif isinstance(first, float):
        assert first == pytest.approx(second, rel=1e-9, abs=1e-9), where
    else:
        assert first == second, where


def test_every_analysis_is_in_the_battery() -> None:
    names = [name for name, _run in ANALYSES]
    assert sorted(names) == sorted(CALLS)


def test_shops_are_what_they_are_called() -> None:
    made = {name: make() for name, make in SHOPS.items()}
    assert [len(made[name].receipts) for name in ("empty", "one_row")] == [0, 1]
    assert made["constant"].receipts["total_cents"].nunique() == 1
    assert (made["gaps"].daily["day"].diff() > 7).any()
    assert (made["busy"].receipts["kind"] == SaleKind.REFUND).any()
    assert (made["busy"].hourly["hour"] == NO_HOUR).any()
    assert made["busy"].daily["day"].max() == day_number(UNTIL)


@each_analysis
def test_same_answer_twice_and_from_shuffled_rows(name: str, run: Callable[..., Any], shop: Shop) -> None:
    answer = CALLS[name](run, shop)
    assert_same(answer, CALLS[name](run, shop))
    assert_same(answer, CALLS[name](run, shuffle(shop)))


@each_analysis
def test_input_is_not_changed(name: str, run: Callable[..., Any], shop: Shop) -> None:
    before = {frame_name: frame.copy(deep=True) for frame_name, frame in shop.frames.items()}
    CALLS[name](run, shop)
    for frame_name, frame in shop.frames.items():
        pd.testing.assert_frame_equal(frame, before[frame_name])


@each_analysis
def test_answer_survives_json(name: str, run: Callable[..., Any], shop: Shop) -> None:
    answer = CALLS[name](run, shop)
    if isinstance(answer, pd.DataFrame):
        assert len(answer) == len(shop.receipts)
        return
    parts = answer if isinstance(answer, tuple) else (answer,)
    plain = [dataclasses.asdict(part) if dataclasses.is_dataclass(part) else part for part in parts]
    text = json.dumps(plain, default=lambda value: value.isoformat(), allow_nan=False)
    assert len(json.loads(text)) == len(plain)
    for part in parts:
        assert msgspec.json.decode(msgspec.json.encode(part), type=type(part)) == part


@pytest.mark.parametrize(("name", "wrong"), FIRST_FRAME.items())
def test_foreign_frame_is_refused_at_the_door(name: str, wrong: str) -> None:
    good, run = SHOPS["one_day"](), dict(ANALYSES)[name]
    columns = {"hourly": HOURLY_COLUMNS, "daily": DAILY_COLUMNS, "features": FEATURE_COLUMNS}
    for column in list(columns.get(wrong, {"sold_at": ""}))[:1]:
        bad = dataclasses.replace(good, **{wrong: good.frames[wrong].rename(columns={column: "x"})})
        with pytest.raises(TypeError, match=f"column {column} is missing"):
            CALLS[name](run, bad)
