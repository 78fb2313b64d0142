"""The last whole week, what moved beyond its noise, and the days that move sales."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from colmado_insights.analytics.results import NotEnough
from colmado_insights.config import Settings
from colmado_insights.domain import Category, Target
from colmado_insights.insights.weeks import ShopWeek, SpecialDay, find_special_days, find_week
from colmado_insights.shop import Shop
from tests.small_shop import LAST_DAY
from tests.storage.till import write_rows

HEADER = ("Recibo", "Fecha", "Producto", "Cantidad", "Total", "Método de pago", "Cajero", "Cliente")
MONDAY = date(2026, 8, 10)


def week_of(shop: Shop, as_of: date | None = None) -> ShopWeek:
    week = find_week(shop._database, shop.settings, as_of)
    assert isinstance(week, ShopWeek)
    return week


def test_it_runs_from_monday_to_sunday(small_shop: Shop) -> None:
    week = week_of(small_shop, LAST_DAY)
    assert (week.first, week.last) == (date(2026, 11, 9), date(2026, 11, 15))
    daily = small_shop.compute_span(week.first, week.last)
    assert not isinstance(daily, NotEnough)
    assert (week.revenue_cents, week.receipts) == (daily.revenue_cents, daily.receipts)
    assert week_of(small_shop, date(2026, 11, 15)).last == date(2026, 11, 15)
    assert week_of(small_shop, date(2026, 11, 14)).last == date(2026, 11, 8)


@pytest.mark.parametrize(("factor", "is_moved"), [(1.0, False), (0.97, False), (2.0, True), (0.3, True)])
def test_a_category_moved_beyond_its_noise(tmp_path: Path, factor: float, is_moved: bool) -> None:
    rows = []
    for day in range(63):
        noise = 1 + (day // 7 * 37 % 11 - 5) / 100
        pesos = 100 * noise * (factor if day >= 56 else 1)
        moment = f"{MONDAY + timedelta(days=day):%d/%m/%Y} 09:00"
        rows += [(2 * day, moment, "Pan", 1, round(pesos), "Efectivo", "Ana", "")]
        rows += [(2 * day + 1, moment, "Arroz", 1, 100, "Efectivo", "Ana", "")]
    with Shop(tmp_path / "shop.db") as shop:
        shop.import_files([write_rows(tmp_path / "ventas.csv", rows, header=HEADER)])
        week = week_of(shop, MONDAY + timedelta(days=62))
    (bread,) = (each for each in week.categories if each.category is Category.BAKERY)
    assert (bread.change is not None) == is_moved
    if bread.change is not None:
        assert bread.change == pytest.approx(factor - 1, abs=0.15)


def test_special_days_count_where_they_begin() -> None:
    found = find_special_days(Settings(), date(2026, 3, 29), date(2026, 4, 5))
    assert found == (
        SpecialDay(date(2026, 3, 29), "semana_santa"),
        SpecialDay(date(2026, 3, 30), "payday"),
        SpecialDay(date(2026, 4, 3), "viernes_santo"),
    )


def test_without_a_week_there_is_none(tmp_path: Path) -> None:
    with Shop(tmp_path / "shop.db") as shop:
        assert isinstance(find_week(shop._database, shop.settings), NotEnough)
        monday = [(1, "16/11/2026 09:00", "Pan", 1, 10, "Efectivo", "Ana", "")]
        shop.import_files([write_rows(tmp_path / "ventas.csv", monday, header=HEADER)])
        assert isinstance(find_week(shop._database, shop.settings, date(2026, 11, 16)), NotEnough)


def test_the_next_week_is_foreseen_where_a_forecast_is_kept(small_shop: Shop) -> None:
    assert week_of(small_shop, LAST_DAY).forecast_cents is None
    forecast = small_shop.compute_forecast(Target.REVENUE, as_of=date(2026, 11, 15))
    assert not isinstance(forecast, NotEnough)
    expected = sum(point.mean for point in forecast.points[:7])
    assert week_of(small_shop, LAST_DAY).forecast_cents == pytest.approx(expected, abs=1)
