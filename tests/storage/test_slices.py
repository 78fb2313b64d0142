"""Sums of slices, against SQL that adds the raw lines up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from colmado_insights.domain import day_number
from colmado_insights.shop import Shop
from colmado_insights.storage import slices
from colmado_insights.storage.schema import open_database
from colmado_insights.storage.slices import Part, Slice
from tests.small_shop import LAST_DAY
from tests.storage import till
from tests.storage.till import bring_lines

LAST = day_number(LAST_DAY)
FIRST = LAST - 13


def test_sums_of_everything_are_the_receipts(small_shop: Shop) -> None:
    database = small_shop._database
    kept = slices.read_sums(database, Slice(FIRST, LAST))
    (raw,) = database.read(
        "SELECT sum(total_cents), sum(kind = 0), sum(units_milli),"
        " -sum(CASE WHEN kind = 1 THEN total_cents ELSE 0 END), count(DISTINCT sold_at / 86400)"
        " FROM sale WHERE sold_at / 86400 BETWEEN ? AND ?",
        (FIRST, LAST),
    )
    assert (kept.revenue_cents, kept.receipts, kept.units_milli, kept.returns_cents, kept.days) == raw


def test_kept_sums_and_receipts_tell_the_same_of_hours_and_weekdays(small_shop: Shop) -> None:
    database = small_shop._database
    wanted = Slice(FIRST, LAST, from_hour=17, to_hour=20, weekday=0)
    every_product = tuple(key for (key,) in database.read("SELECT id FROM product"))
    by_lines = slices.read_sums(
        database, Slice(FIRST, LAST, from_hour=17, to_hour=20, weekday=0, products=every_product)
    )
    kept = slices.read_sums(database, wanted)
    assert kept.revenue_cents == by_lines.revenue_cents > 0
    assert kept.units_milli == by_lines.units_milli
    assert kept.days == by_lines.days == 2


def test_parts_make_the_whole(small_shop: Shop) -> None:
    database = small_shop._database
    wanted = Slice(FIRST, LAST)
    whole = slices.read_sums(database, wanted).revenue_cents
    for part in (
        Part.DAY,
        Part.WEEKDAY,
        Part.HOUR,
        Part.MONTH,
        Part.PRODUCT,
        Part.CATEGORY,
        Part.CASHIER,
        Part.PAYMENT,
    ):
        found = slices.read_parts(database, wanted, part)
        assert sum(sums.revenue_cents for sums in found.values()) == whole, part


def test_a_slice_of_a_person_is_theirs_alone(small_shop: Shop) -> None:
    database = small_shop._database
    someone = slices.read_known_names(database)[0]
    sums = slices.read_sums(database, Slice(0, LAST, customer_id=someone.customer_id))
    known = next(each for each in small_shop.read_customers() if each.customer_id == someone.customer_id)
    assert (sums.revenue_cents, sums.receipts) == (known.spent_cents, known.receipts)


def test_what_was_earned_is_sold_less_what_it_cost(small_shop: Shop) -> None:
    database = small_shop._database
    earned = slices.read_earned(database, Slice(FIRST, LAST))
    rows = database.read(
        "SELECT amount_cents, quantity_milli, (SELECT cost_cents FROM product_cost"
        " WHERE product_cost.product_id = sale_line.product_id ORDER BY day LIMIT 1), cost_cents"
        " FROM sale JOIN sale_line ON sale_id = sale.id WHERE sold_at / 86400 BETWEEN ? AND ?",
        (FIRST, LAST),
    )
    costed = [
        (amount, milli * cost / 1000) for amount, milli, cost, line_cost in rows if cost and not line_cost
    ]
    assert earned.revenue_cents == sum(amount for amount, *_rest in rows)
    if not any(line_cost for *_rest, line_cost in rows):
        assert earned.costed_cents == sum(amount for amount, _cost in costed)
        assert abs(earned.profit_cents - sum(amount - cost for amount, cost in costed)) < len(rows)
    assert 0 < earned.profit_cents < earned.costed_cents <= earned.revenue_cents


def test_what_was_brought_back_takes_its_profit_along(tmp_path: Path) -> None:
    with open_database(tmp_path / "shop.db") as database:
        bring_lines(database, tmp_path, (0, "Café", 2, "80.00", "30.00"), (0, "Café", -1, "-40.00", ""))
        today = day_number(till.LAST)
        wanted = Slice(today, today)
        # One is left of two: sold at 40, bought at 30.
        assert slices.read_earned(database, wanted) == slices.Earned(10_00, 40_00, 40_00)
        assert slices.count_refunds(database, wanted) == 1


def test_a_slice_without_sales_is_nothing(small_shop: Shop) -> None:
    nothing = Slice(day_number(date(2020, 1, 1)), day_number(date(2020, 1, 2)))
    assert slices.read_sums(small_shop._database, nothing) == slices.Sums()
    assert slices.read_parts(small_shop._database, nothing, Part.PRODUCT) == {}
    assert slices.read_last_sold(small_shop._database, nothing) is None
