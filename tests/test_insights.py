"""Answers are kept and stay fresh: computed once, again only when sales or settings change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread, Timer
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from colmado_insights import insights
from colmado_insights.analytics.results import Forecast, NotEnough, Segments
from colmado_insights.domain import Target, day_number
from colmado_insights.insights.assigning import read_run
from colmado_insights.insights.keeping import read_until
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.shop import Shop
from colmado_insights.storage import results, sales
from tests.small_shop import EVENING, LAST_DAY
from tests.storage.till import write_rows

NEW_SALE = (
    "999999",
    (LAST_DAY).strftime("%d/%m/%Y 18:30"),
    "Cerveza Presidente",
    2,
    "500.00",
    "Efectivo",
    "",
    "",
)


class Calls:
    """Counts the calls of a function that goes on working."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
        self.count = 0
        work = getattr(module, name)

        def counted(*args: Any, **how: Any) -> Any:
            self.count += 1
            return work(*args, **how)

        monkeypatch.setattr(module, name, counted)


@pytest.fixture
def segment_calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    yield Calls(monkeypatch, insights.segments, "compute_segments")


@pytest.fixture
def forecast_calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    yield Calls(monkeypatch, insights.forecasts, "compute_forecast")


def test_segments_are_kept_until_sales_change(small_shop: Shop, tmp_path: Path, segment_calls: Calls) -> None:
    first = small_shop.compute_segments()
    assert small_shop.compute_segments() == first
    with Shop(small_shop.path) as other:
        assert other.compute_segments() == first
    assert segment_calls.count == 1
    small_shop.import_files([write_rows(tmp_path / "a.csv", [NEW_SALE])])
    second = small_shop.compute_segments()
    assert segment_calls.count == 2
    assert isinstance(first, Segments)
    assert isinstance(second, Segments)
    assert second.receipts == first.receipts + 1
    small_shop.undo_import(small_shop.read_imports()[0].batch)
    assert small_shop.compute_segments() == first
    assert segment_calls.count == 3


def test_waiting_for_who_makes_the_same_can_be_stopped(small_shop: Shop) -> None:
    """A page that asks for what the night is making must let go when it is left."""
    stopped = Progress()
    has_begun, may_end = Event(), Event()

    def make() -> None:
        with small_shop._database.alone("segments"):
            has_begun.set()
            may_end.wait(10)

    maker = Thread(target=make)
    maker.start()
    assert has_begun.wait(10)
    Timer(0.2, stopped.cancel).start()
    try:
        with pytest.raises(Cancelled):
            insights.find_segments(small_shop._database, small_shop.settings, LAST_DAY, stopped)
    finally:
        may_end.set()
        maker.join()


def test_a_forecast_is_kept_until_sales_or_settings_change(
    small_shop: Shop, tmp_path: Path, forecast_calls: Calls
) -> None:
    first = small_shop.compute_forecast(Target.RECEIPTS, as_of=LAST_DAY)
    assert small_shop.compute_forecast(Target.RECEIPTS, as_of=LAST_DAY) == first
    assert forecast_calls.count == 1
    small_shop.compute_forecast(Target.RECEIPTS, 7, as_of=LAST_DAY)
    assert forecast_calls.count == 2
    small_shop.write_settings(small_shop.settings.with_values({"theme": "dark", "shop_name": "Otro"}))
    small_shop.compute_forecast(Target.RECEIPTS, as_of=LAST_DAY)
    assert forecast_calls.count == 2
    small_shop.write_settings(small_shop.settings.with_values({"pay_days": (10, 25)}))
    small_shop.compute_forecast(Target.RECEIPTS, as_of=LAST_DAY)
    assert forecast_calls.count == 3
    small_shop.import_files([write_rows(tmp_path / "a.csv", [NEW_SALE])])
    small_shop.compute_forecast(Target.RECEIPTS, as_of=LAST_DAY)
    assert forecast_calls.count == 4


def test_an_answer_up_to_a_day_uses_no_later_sale(small_shop: Shop, small_shop_made: Path) -> None:
    """The same as if the later sales had never come."""
    middle = LAST_DAY - timedelta(days=10)
    forecast, segments = (
        small_shop.compute_forecast(Target.REVENUE, as_of=middle),
        small_shop.compute_segments(middle),
    )
    assert isinstance(forecast, Forecast)
    assert isinstance(segments, Segments)
    assert forecast.until == segments.until == middle
    pattern = small_shop.compute_pattern(middle)
    database = small_shop._database
    with database.transaction() as connection:
        connection.execute("DELETE FROM sale WHERE sold_at >= ?", ((day_number(middle) + 1) * 86_400,))
        connection.execute("DELETE FROM result")  # they would be fresh
        sales.refresh_sums(connection, range(day_number(middle) + 1, day_number(LAST_DAY) + 1))
    assert small_shop.compute_forecast(Target.REVENUE, as_of=LAST_DAY) == forecast
    assert small_shop.compute_segments(LAST_DAY) == segments
    assert small_shop.compute_pattern(LAST_DAY) == pattern


def test_features_kept_by_day_are_those_computed_at_once(small_shop: Shop) -> None:
    database, settings = small_shop._database, small_shop.settings
    first, last = day_number(LAST_DAY) - 30, day_number(LAST_DAY)
    kept = results.read_features(database, first, last)
    assert kept is not None
    computed = insights.features._make_features(database, settings, first, last)
    pd.testing.assert_frame_equal(kept, computed)


def test_features_follow_every_change(small_shop: Shop, tmp_path: Path) -> None:
    database = small_shop._database
    day = day_number(LAST_DAY)
    before = results.read_features(database, day, day)
    small_shop.import_files([write_rows(tmp_path / "a.csv", [NEW_SALE])])
    after = results.read_features(database, day, day)
    assert before is not None
    assert after is not None
    assert len(after) == len(before) + 1
    small_shop.undo_import(small_shop.read_imports()[0].batch)
    again = results.read_features(database, day, day)
    assert again is not None
    pd.testing.assert_frame_equal(
        again.drop(columns=["sale_id"], errors="ignore"), before.drop(columns=["sale_id"], errors="ignore")
    )
    assert results.find_days_without_features(database) == []


def test_each_day_knows_how_many_receipts_fell_into_a_segment(small_shop: Shop) -> None:
    segments = small_shop.compute_segments(LAST_DAY)
    assert isinstance(segments, Segments)
    last = day_number(LAST_DAY)
    kept = dict(
        small_shop._database.read(
            "SELECT name, sum(receipts) FROM segment_assignment JOIN segment ON segment.id = segment_id"
            " WHERE day BETWEEN ? AND ? GROUP BY name",
            (last - segments.window_days + 1, last),
        )
    )
    assert kept == {s.segment_id: s.transaction_count for s in segments.segments if s.transaction_count}


def test_refresh_tells_what_it_did(small_shop: Shop) -> None:
    done = small_shop.refresh()
    assert done["days"] == 0
    assert done["segments"] == 12
    assert done["receipts"] == small_shop.read_summary().receipts


def test_todays_sales_leave_answers_about_the_days_before_alone(
    small_shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sale a minute must not have yesterday's answers made anew each minute; one of yesterday must."""
    before = LAST_DAY - timedelta(days=1)
    answer = small_shop.compute_segments(before)
    made: list[date] = []
    monkeypatch.setattr(
        "colmado_insights.insights.segments.compute_segments",
        lambda *_given, until, **_more: made.append(until) or answer,
    )
    for number, day in ((1, LAST_DAY), (2, before)):
        row = (f"99000{number}", f"{day:%d/%m/%Y} 18:30", "Pan", 2, "500.00", "", "", "")
        small_shop.import_files([write_rows(tmp_path / f"{number}.csv", [row])])
        small_shop.compute_segments(before)
        assert made == ([before] if day == before else [])


def test_a_sale_of_a_wrong_clock_is_not_where_the_data_end(tmp_path: Path) -> None:
    days = ("02/03/2020", "03/03/2020", "05/01/2090", "06/01/2090")
    with Shop(tmp_path / "shop.db") as shop:
        shop.import_files([write_rows(tmp_path / "ahead.csv", _sold_on(days[2:]))])
        assert read_until(shop._database, None) == date(2090, 1, 6)  # the PC's clock may be the wrong one
        shop.import_files([write_rows(tmp_path / "sold.csv", _sold_on(days[:2]))])
        assert read_until(shop._database, None) == date(2020, 3, 3)
        assert read_until(shop._database, date(2090, 1, 5)) == date(2090, 1, 5)


def test_a_pc_clock_set_back_hides_no_sales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Yesteryear(date):
        @classmethod
        def today(cls) -> Yesteryear:
            return cls(2020, 3, 2)

    monkeypatch.setattr(insights.keeping, "date", Yesteryear)
    with Shop(tmp_path / "shop.db") as shop:
        days = ("01/03/2020", "02/03/2020", "03/03/2020", "04/06/2020")
        shop.import_files([write_rows(tmp_path / "sold.csv", _sold_on(days))])
        assert read_until(shop._database, None) == date(2020, 6, 4)


def _sold_on(days: tuple[str, ...]) -> list[tuple[object, ...]]:
    return [(day, f"{day} 10:00", "Malta", 1, "50.00", "Efectivo", "", "") for day in days]


def test_an_answer_that_another_version_kept_in_another_shape_is_none(small_shop: Shop) -> None:
    database, last = small_shop._database, day_number(LAST_DAY)
    version = sales.read_data_version(database)
    for kind in ("segments", "learned", "baskets", "basket_model", "customers", "crowd"):
        results.write_result(
            database, kind, last, "old", {"of": "another version"}, made_at=EVENING, version=version
        )
    assert insights.read_offers(database, EVENING) is None
    assert read_run(database) is None
    assert small_shop.read_cashier(EVENING).last_sale is not None
    assert not isinstance(small_shop.compute_customers(LAST_DAY), NotEnough)
