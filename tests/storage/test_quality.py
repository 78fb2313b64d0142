"""Each thing that makes the figures worse is found, with its share - and not where all is well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from colmado_insights import text
from colmado_insights.domain import Category, CategorySource, QualityIssue, wall_seconds
from colmado_insights.storage.corrections import write_category
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.basket import number_keys
from colmado_insights.storage.importing.intake import import_files
from colmado_insights.storage.products import write_cost
from colmado_insights.storage.quality import find_jumps, find_quality, is_catch_all
from colmado_insights.storage.schema import open_database
from tests.storage.till import NOW, Guess, write_rows

HEADER = ("Recibo", "Fecha", "Producto", "Cantidad", "Total", "Costo", "Cliente", "Caja")
LAST = date(2026, 11, 19)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def sorts(names: Sequence[str], _departments: Sequence[str]) -> list[Guess]:
    """A categoriser that knows everything but what begins with X."""
    sure = Guess(Category.BAKERY, CategorySource.RULES, 0.95)
    return [Guess() if name.startswith("X") else sure for name in names]


def row(
    number: object, moment: str, product: str = "Pan", total: object = 100, cost: object = 60, till: str = ""
) -> tuple[object, ...]:
    return (number, moment, product, 1, total, cost, "Doña Altagracia", till)


def days(count: int, skipped: Sequence[int] = ()) -> list[tuple[object, ...]]:
    """A receipt on each of the last days, but for those so many days ago."""
    return [
        row(1000 - ago, f"{LAST - timedelta(days=ago):%d/%m/%Y} 10:00")
        for ago in range(count)
        if ago not in skipped
    ]


def look(
    shop: Database, folder: Path, rows: Sequence[Sequence[object]], now: datetime = NOW
) -> dict[str, QualityIssue]:
    import_files(shop, [write_rows(folder / "sales.csv", rows, HEADER)], categorize=sorts, now=NOW)
    issues = find_quality(shop, now)
    for issue in issues:
        words = text.sentence(issue.what)
        assert "{" not in words
        assert 0 <= issue.share <= 1
        assert issue.count > 0
        assert not [example for example in (*issue.examples, words) if "Altagracia" in example]
    return {issue.what.code: issue for issue in issues}


def test_a_shop_in_order_has_nothing_to_say(shop: Database, tmp_path: Path) -> None:
    assert find_quality(shop, NOW) == ()
    assert look(shop, tmp_path, days(30)) == {}


def test_missing_costs_are_weighed_by_what_they_bring(shop: Database, tmp_path: Path) -> None:
    moment = f"{LAST:%d/%m/%Y} 11:00"
    found = look(
        shop, tmp_path, [*days(2), row(2001, moment, "Café", 600, ""), row(2002, moment, "VARIOS", 200, "")]
    )
    assert set(found) == {"missing_cost", "catch_all_products"}
    missing, varios = found["missing_cost"], found["catch_all_products"]
    assert (missing.share, missing.count, missing.examples, missing.page) == (0.6, 1, ("Café",), "products")
    assert (varios.share, varios.examples) == (0.2, ("VARIOS",))
    write_cost(shop, shop.read_one("SELECT id FROM product WHERE name = 'Café'"), 40_00, LAST)
    assert {issue.what.code for issue in find_quality(shop, NOW)} == {"catch_all_products"}


def test_a_price_under_its_cost(shop: Database, tmp_path: Path) -> None:
    found = look(shop, tmp_path, [*days(3), row(2001, f"{LAST:%d/%m/%Y} 11:00", "Café", 100, 120)])
    issue = found["price_under_cost"]
    assert (issue.share, issue.count) == (0.25, 1)
    assert issue.examples == ("Café: se vende a RD$ 100.00 y cuesta RD$ 120.00",)


def test_unknown_categories_until_the_owner_tells(shop: Database, tmp_path: Path) -> None:
    found = look(shop, tmp_path, [*days(3), row(2001, f"{LAST:%d/%m/%Y} 11:00", "Xyz 44")])
    assert (found["unsure_category"].share, found["unsure_category"].examples) == (0.25, ("Xyz 44",))
    write_category(shop, [shop.read_one("SELECT id FROM product WHERE name = 'Xyz 44'")], Category.OTHER, NOW)
    assert find_quality(shop, NOW) == ()


def test_sales_without_a_name(shop: Database, tmp_path: Path) -> None:
    found = look(shop, tmp_path, [*days(3), row(2001, f"{LAST:%d/%m/%Y} 11:00", "", 100, "")])
    assert (set(found), found["unnamed_products"].share) == ({"unnamed_products"}, 0.25)


def test_rows_that_wait_are_told_by_their_reason_alone(shop: Database, tmp_path: Path) -> None:
    found = look(shop, tmp_path, [*days(9), row(2001, "ayer")])
    issue = found["rows_in_quarantine"]
    assert (issue.share, issue.count, issue.page) == (0.1, 1, "quarantine")
    assert issue.examples == (text.bad_row_reason("bad_date"),)
    with shop.transaction() as connection:
        connection.execute("UPDATE quarantine SET dismissed_at = 1")
    assert find_quality(shop, NOW) == ()


def test_sales_of_tomorrow(shop: Database, tmp_path: Path) -> None:
    found = look(shop, tmp_path, [*days(3), row(2001, "20/11/2027 09:30")])
    issue = found["future_sales"]
    assert (issue.share, issue.count, issue.page) == (0.25, 1, "imports")
    assert issue.examples == ("sáb 20 nov 2027, 9:30 a. m.",)
    assert set(found) == {"future_sales"}  # and they make no year of empty days


def test_days_without_sales_but_for_those_one_closes(shop: Database, tmp_path: Path) -> None:
    sundays = [ago for ago in range(60) if (LAST - timedelta(days=ago)).isoweekday() == 7]
    found = look(shop, tmp_path, days(60, [*sundays, 9, 10, 30]))
    issue = found["days_without_sales"]
    assert (issue.count, issue.what["days"]) == (3, 3)
    assert issue.share == pytest.approx(3 / (60 - len(sundays)))
    assert issue.examples == ("lun 9 nov 2026 a mar 10 nov 2026", "mar 20 oct 2026")


def test_receipts_that_have_only_a_date(shop: Database, tmp_path: Path) -> None:
    found = look(shop, tmp_path, [*days(3), row(2001, f"{LAST:%d/%m/%Y}")])
    assert (found["receipts_without_time"].share, set(found)) == (0.25, {"receipts_without_time"})


def test_a_clock_that_jumps_back(shop: Database, tmp_path: Path) -> None:
    rows = [
        row(number, f"19/11/2026 {hour:02d}:00")
        for number, hour in ((1, 9), (2, 10), (3, 14), (4, 12), (5, 15))
    ]
    found = look(shop, tmp_path, rows)
    assert found["clock_jumps"].count == 1
    assert found["clock_jumps"].examples == ("jue 19 nov 2026, 2:00 p. m. → jue 19 nov 2026, 12:00 p. m.",)


def test_two_tills_have_two_clocks(shop: Database, tmp_path: Path) -> None:
    rows = [row(f"{till}-{n}", f"19/11/2026 {8 + n + 3 * till:02d}:00", till=f"Caja {till}") for n in range(1, 5)
            for till in (1, 2)]  # fmt: skip
    assert "clock_jumps" not in look(shop, tmp_path, rows)


def jumps(numbers: Sequence[str], moments: Sequence[datetime]) -> int:
    keys = number_keys(np.array(numbers, object))
    return len(
        find_jumps(np.zeros(len(keys), np.int64), keys, np.array([wall_seconds(each) for each in moments]))
    )


def test_numbers_that_begin_anew_each_day_are_no_jumps() -> None:
    start = datetime(2026, 3, 1, 8)
    numbers = [str(n) for _day in range(5) for n in range(1, 21)]
    moments = [start + timedelta(days=day, minutes=30 * n) for day in range(5) for n in range(1, 21)]
    assert jumps(numbers, moments) == 0
    moments[46] -= timedelta(hours=2)
    assert jumps(numbers, moments) == 1


def test_a_clock_that_forgot_the_year() -> None:
    start = datetime(2026, 3, 1, 8)
    moments = [start + timedelta(minutes=10 * n) for n in range(100)]
    moments[40:60] = [datetime(2015, 1, 1) + timedelta(minutes=n) for n in range(20)]
    assert jumps([str(n) for n in range(1, 101)], moments) == 1
    assert jumps([], []) == 0


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("VARIOS", True), ("Artículos varios", True), ("Producto 1", True), ("MISCELÁNEOS", True),
        ("Venta libre", True), ("Otros", True), ("Varios 2", True), ("General", True),
        ("Jugo sabores varios", False), ("Pan", False), ("Departamento 3", True), ("Galletas varias", False),
        ("Venta de hielo", False), ("Producto de limpieza", False),
    ],
)  # fmt: skip
def test_what_stands_for_many_things(name: str, is_one: bool) -> None:
    assert is_catch_all(name) is is_one
