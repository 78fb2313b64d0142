"""Sample purchases: typical ones, of nobody in particular, the same for the same sales."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import pytest

from colmado_insights.analytics.segments import SEGMENT_IDS
from colmado_insights.insights.samples import SampleBasket, find_samples
from colmado_insights.shop import Shop
from tests.small_shop import LAST_DAY
from tests.storage.till import write_rows

HEADER = ("Recibo", "Fecha", "Producto", "Cantidad", "Total", "Método de pago", "Cajero", "Cliente")
SUNDAY = date(2026, 11, 15)


def row(number: int, day: date, pesos: int, product: str = "Pan", who: str = "") -> tuple[object, ...]:
    return (number, f"{day:%d/%m/%Y} 08:30", product, 1, pesos, "Efectivo", "Ana", who)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop.db")


def samples(shop: Shop, segment_id: str, until: date) -> tuple[SampleBasket, ...]:
    return find_samples(shop._database, shop.settings, [segment_id], until)[segment_id]


def bring(shop: Shop, rows: list[tuple[object, ...]]) -> tuple[SampleBasket, ...]:
    with shop:
        shop.import_files([write_rows(shop.path.with_suffix(".csv"), rows, header=HEADER)])
        return samples(shop, "quick_picks", SUNDAY)


def test_they_spread_over_the_usual_sizes(shop: Shop) -> None:
    rows = [row(number, SUNDAY - timedelta(days=number % 20), 10 + number) for number in range(100)]
    found = bring(shop, rows)
    totals = [sample.total_cents for sample in found]
    assert len(totals) == 5
    assert totals == sorted(totals)
    assert totals[0] < 30_00 < 60_00 < totals[-1]


def test_what_is_unusual_is_left_out(shop: Shop) -> None:
    """The largest purchase, and a mix of goods that only one person bought."""
    rows = [row(number, SUNDAY - timedelta(days=number % 20), 50) for number in range(60)]
    rows += [row(100, SUNDAY, 199), row(101, SUNDAY, 55, "Detergente"), row(101, SUNDAY, 5)]
    found = bring(shop, rows)
    assert {sample.total_cents for sample in found} == {50_00}
    assert {sample.lines for sample in found} == {1}


def test_known_customers_are_in_none(shop: Shop) -> None:
    rows = [
        row(number, SUNDAY - timedelta(days=number % 20), 50, who=f"Vecino {number}") for number in range(60)
    ]
    rows += [row(100 + number, SUNDAY - timedelta(days=number), 70) for number in range(12)]
    assert {sample.total_cents for sample in bring(shop, rows)} == {70_00}


def test_of_few_there_are_none(shop: Shop) -> None:
    assert bring(shop, [row(number, SUNDAY, 50) for number in range(9)]) == ()


def test_they_change_once_a_week(shop: Shop) -> None:
    rows = [row(number, SUNDAY + timedelta(days=number % 27 - 20), 10 + number) for number in range(120)]
    with shop:
        shop.import_files([write_rows(shop.path.with_suffix(".csv"), rows, header=HEADER)])
        found = [samples(shop, "quick_picks", SUNDAY + timedelta(days=days)) for days in range(7)]
    assert found == [found[0]] * 7


def test_no_day_and_no_id_is_in_one(small_shop: Shop) -> None:
    assert [field.name for field in fields(SampleBasket)] == ["hour", "total_cents", "lines", "categories"]
    found = find_samples(small_shop._database, small_shop.settings, [*SEGMENT_IDS, "learned_7"], LAST_DAY)
    assert found.pop("learned_7") == ()
    assert all(len(each) <= 5 for each in found.values())
    assert sum(map(len, found.values())) > 40
    assert found["fresh"] == samples(small_shop, "fresh", LAST_DAY)
