"""The door to a shop, end to end: what comes in, what is kept, what is told, and to whom."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from colmado_insights import config
from colmado_insights.analytics.results import (
    DayView,
    Forecast,
    HourPattern,
    Normal,
    NormalSpan,
    NotEnough,
    Segments,
    Verdict,
)
from colmado_insights.domain import Category, Target
from colmado_insights.errors import DatabaseDamaged, EmptyFile, ShopError, UnknownBatch
from colmado_insights.progress import Cancelled, Progress
from colmado_insights.reports import REPORTS
from colmado_insights.shop import Shop
from tests.small_shop import DAYS, EVENING, LAST_DAY
from tests.storage.till import write_rows


def test_the_sample_comes_in_whole(small_shop: Shop) -> None:
    summary = small_shop.read_summary()
    assert (summary.last_day, summary.days_open) == (LAST_DAY, DAYS)
    assert summary.receipts > 1000
    assert summary.revenue_cents == sum(
        cents for (cents,) in small_shop._database.read("SELECT total_cents FROM sale")
    )
    imports = small_shop.read_imports()
    assert {batch.preset for batch in imports} == {"loyverse_items", "loyverse_receipts"}
    assert sum(batch.quarantined for batch in imports) == 0
    assert small_shop.find_problems() == ()


def test_importing_the_same_files_again_adds_nothing(small_shop: Shop, small_shop_made: Path) -> None:
    files = sorted((small_shop_made.parent / "till").glob("receipts*.csv"))
    before = small_shop.read_summary()
    reports = small_shop.import_files(files)
    assert [(report.new, report.replaced) for report in reports] == [(0, 0)] * len(files)
    assert small_shop.read_summary() == before


def test_undo_of_everything_empties_the_shop(small_shop: Shop) -> None:
    small_shop.undo_import(small_shop.read_imports()[0].batch)  # of a sample all goes with one
    assert small_shop.read_summary().receipts == 0
    assert small_shop.find_problems() == ()
    assert isinstance(small_shop.compute_segments(), NotEnough)
    with pytest.raises(UnknownBatch):
        small_shop.undo_import(1)


class _StopsWhileUnderstanding(Progress):
    def step(self, done: int = 0, total: int = 0, text: str = "") -> None:
        if text.startswith("Entendiendo"):
            raise Cancelled


def test_stopping_after_the_import_keeps_the_import(small_shop: Shop, tmp_path: Path) -> None:
    row = ("999999", f"{LAST_DAY:%d/%m/%Y} 18:30", "Pan", 2, "500.00", "", "", "")
    (report,) = small_shop.import_files([write_rows(tmp_path / "a.csv", [row])], _StopsWhileUnderstanding())
    assert report.receipts_new == 1
    assert isinstance(small_shop.compute_segments(), Segments)
    assert small_shop.refresh()["days"] == 1


def test_the_summary_up_to_a_day_knows_nothing_later(small_shop: Shop) -> None:
    middle = LAST_DAY - timedelta(days=20)
    early, whole = small_shop.read_summary(middle), small_shop.read_summary()
    assert early.last_day == middle
    assert 0 < early.receipts < whole.receipts
    assert early.products <= whole.products
    assert small_shop.read_summary(LAST_DAY - timedelta(days=400)).receipts == 0


def test_an_empty_shop_answers_everything_with_what_it_needs(tmp_path: Path) -> None:
    with Shop(tmp_path / "empty.db") as shop:
        assert isinstance(shop.compute_segments(), NotEnough)
        assert isinstance(shop.compute_forecast(Target.REVENUE), NotEnough)
        assert isinstance(shop.compute_pattern(), NotEnough)
        assert isinstance(shop.read_day(EVENING), NotEnough)
        assert shop.compute_actions(EVENING) == ()
        shop.read_live(EVENING)
        assert shop.read_cashier(EVENING).state in ("unknown", "clock")
        assert shop.read_summary().avg_basket_cents == 0
        with pytest.raises(EmptyFile):
            shop.write_features(tmp_path / "features.csv")
        for kind in REPORTS:
            with pytest.raises(EmptyFile):
                shop.write_report(kind, tmp_path / "report.xlsx", EVENING)
        assert not (tmp_path / "report.xlsx").exists()


def test_what_a_shop_of_45_days_says(small_shop: Shop) -> None:
    assert isinstance(small_shop.compute_segments(), Segments)
    assert isinstance(small_shop.compute_pattern(), HourPattern)
    assert isinstance(small_shop.read_day(EVENING), DayView)
    forecast = small_shop.compute_forecast(Target.RECEIPTS, as_of=LAST_DAY)
    assert isinstance(forecast, Forecast)
    assert forecast.points[0].day == LAST_DAY + timedelta(days=1)


def test_answered_advice_is_not_given_again(small_shop: Shop) -> None:
    advice = small_shop.compute_actions(EVENING + timedelta(days=1))
    assert advice
    small_shop.write_answer(advice[0].key, done=False)
    assert advice[0].key not in {left.key for left in small_shop.compute_actions(EVENING + timedelta(days=1))}


def test_settings_stay_where_they_belong(small_shop: Shop, tmp_path: Path) -> None:
    changed = small_shop.settings.with_values(
        {"shop_name": "Colmado Ñ", "pay_days": (10, 25), "theme": "dark", "text_percent": 120}
    )
    small_shop.write_settings(changed)
    with Shop(small_shop.path) as again:
        assert again.settings == changed
    with Shop(tmp_path / "other.db") as other:
        assert (other.settings.shop_name, other.settings.theme) == ("Mi colmado", "dark")
    assert "Ñ" not in config.machine_file().read_text(encoding="utf-8")


def test_a_backup_is_a_shop_of_its_own(small_shop: Shop) -> None:
    path = small_shop.write_backup()
    assert [found for _moment, found in small_shop.read_backups()] == [path]
    with Shop(path) as copy:
        assert copy.read_summary() == small_shop.read_summary()


def test_a_file_that_is_no_shop(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes(b"nada" * 1000)
    with pytest.raises(DatabaseDamaged):
        Shop(path)


def test_customers_are_named_to_nobody(
    small_shop: Shop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the log, not in errors, not in what the analyses keep, not in the reports."""
    caplog.set_level(logging.DEBUG, "colmado_insights")
    names = [name for (name,) in small_shop._database.read("SELECT name FROM customer")]
    assert len(names) > 5
    small_shop.refresh()
    small_shop.read_live(EVENING)
    told = [caplog.text]
    told += [
        body
        for (body,) in small_shop._database.read("SELECT body FROM result UNION ALL SELECT body FROM insight")
    ]
    for kind in (kind for kind in REPORTS if kind != "customers"):  # which says on each page whom it names
        path, _tables = small_shop.write_report(kind, tmp_path / f"{kind}.xlsx", EVENING)
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(str(path))
        told += [str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    broken = tmp_path / "ventas.csv"
    broken.write_text(
        "Recibo,Fecha,Producto,Total,Cliente\n" + f"1,ayer,Pan,x,{names[0]}\n" * 3, encoding="utf-8"
    )
    with pytest.raises(ShopError) as caught:
        small_shop.import_files([broken])
    told.append(str(caught.value))
    features = tmp_path / "features.csv"
    small_shop.write_features(features)
    told.append(features.read_text(encoding="utf-8"))
    for text in told:
        assert not [name for name in names if name in text]


def test_the_sample_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    summaries = []
    for name in ("a", "b"):
        with Shop(tmp_path / f"{name}.db") as shop:
            shop.make_sample(days=10, seed=3, last_day=date(2026, 3, 10))
            summaries.append(shop.read_summary())
    assert summaries[0] == summaries[1]


def test_a_sample_of_today_holds_nothing_of_the_future(tmp_path: Path) -> None:
    now = datetime(2026, 3, 10, 14, 30)
    with Shop(tmp_path / "shop.db") as shop:
        shop.make_sample(days=10, seed=3, now=now)
        day = shop.read_day(now)
        assert isinstance(day, DayView)
        last = shop.read_cashier(now).last_sale
        assert last is not None
        assert datetime(2026, 3, 10, 7) < last <= now


def derived(shop: Shop) -> list[list[object]]:
    """What is kept of the categories: the features of each day, and its segments."""
    return [
        shop._database.read(f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in ("sale_features", "segment_assignment")
    ]


def test_a_corrected_category_reaches_all_history_and_goes_again(small_shop: Shop) -> None:
    before, segments = derived(small_shop), small_shop.compute_segments()
    beers = [each for each in small_shop.read_catalog() if each.category is Category.ALCOHOL]
    assert sum(beer.revenue_cents for beer in beers) > 0
    change = small_shop.write_category([beer.product_id for beer in beers], Category.HOUSEHOLD)
    corrected = small_shop.compute_segments()
    assert isinstance(segments, Segments)
    assert isinstance(corrected, Segments)
    counts = {each.segment_id: each.transaction_count for each in corrected.segments}
    assert counts["beer_and_snacks"] < next(
        each.transaction_count for each in segments.segments if each.segment_id == "beer_and_snacks"
    )
    assert derived(small_shop) != before
    small_shop.undo_category(change)
    assert (derived(small_shop), small_shop.compute_segments()) == (before, segments)


def test_stopping_after_a_correction_keeps_the_correction(small_shop: Shop) -> None:
    beer = next(each for each in small_shop.read_catalog() if each.category is Category.ALCOHOL)
    change = small_shop.write_category([beer.product_id], Category.HOUSEHOLD, _StopsWhileUnderstanding())
    now = next(each for each in small_shop.read_catalog() if each.product_id == beer.product_id)
    assert now.category is Category.HOUSEHOLD
    small_shop.undo_category(change, _StopsWhileUnderstanding())
    assert small_shop.refresh()["days"] > 0, "the features that were not made are made when needed"


def test_new_pay_days_make_everything_anew_in_one_breath(
    small_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = small_shop.settings.with_values({"pay_days": (10, 25)})
    made = derived(small_shop)
    with monkeypatch.context() as patch:
        patch.setattr("json.dumps", _break)
        with pytest.raises(RuntimeError):
            small_shop.write_settings(changed)
    assert derived(small_shop) == made, "neither the settings nor what stands on them"
    with Shop(small_shop.path) as again:
        assert again.settings.pay_days == small_shop.settings.pay_days
    small_shop.write_settings(changed)
    assert derived(small_shop)[0] == []


def _break(*_args: object, **_how: object) -> str:
    raise RuntimeError


def test_merged_products_share_a_category_and_part_again(small_shop: Shop) -> None:
    before, catalog = derived(small_shop), small_shop.read_catalog()
    kept = next(each for each in catalog if each.category is Category.STAPLES)
    other = next(each for each in catalog if each.category is Category.ALCOHOL)
    merge = small_shop.merge_products(kept.product_id, [other.product_id])
    merged = {each.product_id: each for each in small_shop.read_catalog()}
    assert merged[kept.product_id].revenue_cents == kept.revenue_cents + other.revenue_cents
    assert len(small_shop.read_merges()) == 1
    assert derived(small_shop) != before
    small_shop.undo_merge(merge)
    assert (derived(small_shop), small_shop.read_catalog()) == (before, catalog)


def test_the_care_of_the_catalog_through_the_door(small_shop: Shop, tmp_path: Path) -> None:
    product = small_shop.read_catalog()[0]
    small_shop.write_cost(product.product_id, 12_34)
    path = tmp_path / "lista.csv"
    path.write_text(f"Nombre,Precio,Costo\n{product.name},50,13.50\nEscoba azul,150,90\n", encoding="utf-8")
    matched, changed = small_shop.import_catalog(path)
    assert (matched, changed) == (1, 1)
    found = {each.name: each.cost_cents for each in small_shop.read_catalog()}
    assert (found[product.name], found["Escoba azul"]) == (12_34, 90_00)  # today the owner's word is newer
    assert small_shop.read_price_history(product.product_id)
    twins = small_shop.find_twins()
    for pair in twins:
        small_shop.write_not_twins(pair.kept, pair.other)
    assert small_shop.find_twins() == ()
    assert "catch_all_products" in {issue.what.code for issue in small_shop.find_quality(EVENING)}


def test_the_shop_says_what_is_normal(small_shop: Shop) -> None:
    day = small_shop.compute_normal(Target.RECEIPTS, LAST_DAY)
    assert isinstance(day, Normal)
    assert day.days == DAYS - 1, "the day itself is not learnt from"
    earlier = small_shop.compute_normal(Target.RECEIPTS, LAST_DAY, LAST_DAY - timedelta(days=10))
    assert isinstance(earlier, Normal)
    assert earlier.days == DAYS - 10
    assert isinstance(small_shop.compute_normal_basket(LAST_DAY, 200), Normal)
    span = small_shop.compute_normal_span(LAST_DAY - timedelta(days=6), LAST_DAY)
    assert isinstance(span, NormalSpan)
    assert (span.open_days, span.until) == (7, LAST_DAY - timedelta(days=7))
    assert span.revenue is not None
    assert span.revenue.verdict is not Verdict.UNKNOWN
    too_early = small_shop.compute_normal_span(date(2020, 1, 1), date(2020, 1, 15))
    assert isinstance(too_early, NotEnough)
    assert isinstance(small_shop.compute_normal(Target.REVENUE, date(2020, 1, 1)), NotEnough)
