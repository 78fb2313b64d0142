"""Forecasts of the shop, its parts and its hours are asked for in one way, kept, and compared with what came."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from colmado_insights import insights
from colmado_insights.analytics.results import Forecast, HourForecast, ModelTrack, NotEnough
from colmado_insights.domain import Category, Subject, Target, day_number
from colmado_insights.errors import UnknownProduct
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.shop import Shop
from colmado_insights.storage import results
from tests.small_shop import LAST_DAY

LAST = day_number(LAST_DAY)


def best_seller(shop: Shop) -> int:
    return max(shop.read_catalog(), key=lambda product: product.revenue_cents).product_id


def test_a_target_alone_means_the_whole_shop(small_shop: Shop) -> None:
    whole = small_shop.compute_forecast(Subject(Target.RECEIPTS), as_of=LAST_DAY)
    assert isinstance(whole, Forecast)
    assert small_shop.compute_forecast(Target.RECEIPTS, as_of=LAST_DAY) == whole


@pytest.mark.parametrize("target", [Target.UNITS, Target.REVENUE])
def test_parts_of_the_shop_are_forecast_and_kept(small_shop: Shop, target: Target) -> None:
    product = best_seller(small_shop)
    for subject in (Subject(target, product_id=product), Subject(target, category=Category.STAPLES)):
        found = small_shop.compute_forecast(subject, 7, LAST_DAY)
        assert isinstance(found, Forecast)
        assert (found.target, found.product_id, found.category) == (
            target,
            subject.product_id,
            subject.category,
        )
        assert found.until == LAST_DAY
        assert len(found.points) == 7
        assert small_shop.compute_forecast(subject, 7, LAST_DAY) == found
        points = results.read_forecasts(small_shop._database, subject.key, LAST)
        assert points["mean"].tolist() == pytest.approx([point.mean for point in found.points])


def test_a_categorys_days_are_as_much_as_its_products_brought(small_shop: Shop) -> None:
    found = small_shop.compute_forecast(Subject(Target.REVENUE, category=Category.STAPLES), 7, LAST_DAY)
    assert isinstance(found, Forecast)
    sold = sum(
        product.revenue_cents
        for product in small_shop.read_catalog(LAST_DAY)
        if product.category is Category.STAPLES
    )
    assert sum(cents for _day, cents in found.history[-30:]) == pytest.approx(sold, rel=0.02)


def test_units_of_the_whole_shop_make_no_sense(small_shop: Shop) -> None:
    with pytest.raises(ValueError, match="units"):
        small_shop.compute_forecast(Target.UNITS, as_of=LAST_DAY)


def test_hours_are_kept_too(small_shop: Shop) -> None:
    found = small_shop.compute_hours(Target.RECEIPTS, 7, LAST_DAY)
    assert isinstance(found, HourForecast)
    assert small_shop.compute_hours(Target.RECEIPTS, 7, LAST_DAY) == found
    assert {point.day for point in found.points} <= {
        LAST_DAY + timedelta(days=ahead) for ahead in range(1, 8)
    }
    early = LAST_DAY - timedelta(days=20)
    assert isinstance(small_shop.compute_hours(Target.RECEIPTS, 7, early), HourForecast)


def test_an_empty_shop_answers(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Shop(tmp_path_factory.mktemp("empty") / "shop.db") as shop:
        for answer in (
            shop.compute_hours(Target.REVENUE, as_of=LAST_DAY),
            shop.compute_forecast(Subject(Target.UNITS, category=Category.MEAT), as_of=LAST_DAY),
            shop.read_track(Target.REVENUE, LAST_DAY),
        ):
            assert isinstance(answer, NotEnough)


def test_the_best_sellers_are_made_at_once_and_only_once(
    small_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insights.demands, "MOST_PRODUCTS", 25)
    database, settings = small_shop._database, small_shop.settings
    made = insights.refresh_demands(database, settings, LAST_DAY, 14)
    assert made >= 20
    assert insights.refresh_demands(database, settings, LAST_DAY, 14) <= 5, (
        "only those with too little are tried again"
    )
    product = best_seller(small_shop)
    kept = results.read_result(
        database, f"forecast:units:product:{product}:14", LAST, insights.shop_parameters(settings)
    )
    assert kept is not None
    alone = insights.demands.make_demand(
        database, settings, Subject(Target.UNITS, product_id=product), LAST_DAY, 14, None
    )
    found = small_shop.compute_forecast(Subject(Target.UNITS, product_id=product), as_of=LAST_DAY)
    assert found == alone


def test_the_best_sellers_can_be_stopped(small_shop: Shop) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        insights.refresh_demands(small_shop._database, small_shop.settings, LAST_DAY, 14, progress)


# ── products by their names ──


def test_a_product_is_found_by_id_name_or_what_only_it_is_called(small_shop: Shop) -> None:
    product = small_shop.read_catalog()[0]
    assert small_shop.find_product(str(product.product_id)) == product.product_id
    assert small_shop.find_product(product.name.upper()) == product.product_id
    assert small_shop.find_product(f" {product.name[:-1]}") == product.product_id


def test_a_merged_product_is_the_one_it_counts_as(small_shop: Shop) -> None:
    kept, other, *_rest = small_shop.read_catalog()
    small_shop.merge_products(kept.product_id, [other.product_id])
    assert small_shop.find_product(str(other.product_id)) == kept.product_id
    assert small_shop.find_product(other.name) == kept.product_id


@pytest.mark.parametrize(("words", "told"), [("Xyz Nada", "No hay"), ("a", "varios"), ("999999", "No hay")])
def test_who_cannot_be_found_is_one_sentence(small_shop: Shop, words: str, told: str) -> None:
    with pytest.raises(UnknownProduct, match=told):
        small_shop.find_product(words)


def test_a_product_nobody_knows_is_refused(small_shop: Shop) -> None:
    with pytest.raises(UnknownProduct):
        small_shop.compute_forecast(Subject(Target.UNITS, product_id=999_999), as_of=LAST_DAY)


# ── how they turned out ──


def keep(shop: Shop, days_back: int, mean: float, made_after: int = 0) -> None:
    """A forecast of receipts from so many days back, made so many days after the first day it speaks of."""
    until = LAST - days_back
    made_at = datetime.combine(LAST_DAY - timedelta(days=days_back - 1 - made_after), time(7, 0))
    points = [(until + ahead, mean, mean * 0.8, mean * 1.2, mean * 0.7, mean * 1.3) for ahead in range(1, 15)]
    results.write_forecast(shop._database, "receipts", until, "theta", points, made_at)


def test_what_was_kept_is_compared_with_what_came(small_shop: Shop) -> None:
    keep(small_shop, 14, 1e6)
    track = small_shop.read_track(Target.RECEIPTS, LAST_DAY)
    assert isinstance(track, ModelTrack)
    kept = [week for week in track.weeks if week.is_kept]
    assert [(week.week, week.model) for week in kept] == [(LAST_DAY - timedelta(days=13), "theta")]
    assert track.bias > 100
    assert track.challengers


def test_a_replay_neither_counts_nor_overwrites(small_shop: Shop) -> None:
    """Someone asks for the forecast of a day long past: it is answered, but proves nothing."""
    keep(small_shop, 14, 1e6)
    keep(small_shop, 14, 300.0, made_after=30)
    honest = results.read_forecasts(small_shop._database, "receipts", LAST)
    assert set(honest["mean"]) == {1e6}
    keep(small_shop, 14, 2e6)
    assert set(results.read_forecasts(small_shop._database, "receipts", LAST)["mean"]) == {2e6}
    small_shop.compute_forecast(Target.REVENUE, as_of=LAST_DAY - timedelta(days=10))
    track = small_shop.read_track(Target.REVENUE, LAST_DAY)
    assert isinstance(track, ModelTrack)
    assert not any(week.is_kept for week in track.weeks)
    assert [reason.code for reason in track.reasons] == ["track_backtest"]


def test_a_part_of_the_shop_has_its_track(small_shop: Shop) -> None:
    subject = Subject(Target.UNITS, category=Category.STAPLES)
    until = LAST - 7
    points = [(until + ahead, 1.0, 0.5, 2.0, 0.2, 4.0) for ahead in range(1, 8)]
    made_at = datetime.combine(LAST_DAY - timedelta(days=6), time(6, 0))
    results.write_forecast(small_shop._database, subject.key, until, "share", points, made_at)
    track = small_shop.read_track(subject, LAST_DAY)
    assert isinstance(track, ModelTrack)
    assert track.bias < -0.5
    assert track.target is Target.UNITS


def test_only_what_drifted_is_named(small_shop: Shop) -> None:
    assert insights.find_drifted(small_shop._database, small_shop.settings, LAST_DAY) == ()
