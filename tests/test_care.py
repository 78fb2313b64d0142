"""The board of care is kept until sales, costs, suppliers or stock change, and only the last one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from colmado_insights import insights
from colmado_insights.analytics.results import CareBoard, NotEnough
from colmado_insights.progress import Progress
from colmado_insights.shop import Shop
from colmado_insights.storage.products import write_cost
from colmado_insights.storage.stock import write_stock
from tests.small_shop import EVENING, LAST_DAY
from tests.test_insights import Calls


@pytest.fixture
def care_calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    yield Calls(monkeypatch, insights.care, "compute_care")


def board(shop: Shop) -> CareBoard:
    found = shop.compute_care(LAST_DAY)
    assert isinstance(found, CareBoard)
    return found


def test_a_board_is_kept_until_something_it_lives_on_changes(small_shop: Shop, care_calls: Calls) -> None:
    first = board(small_shop)
    assert board(small_shop) == first
    assert care_calls.count == 1
    best = first.products[0].product_id
    write_cost(small_shop._database, best, 1_00, LAST_DAY - timedelta(days=90))
    dearer = board(small_shop).products[0]
    assert (care_calls.count, dearer.costed_share) == (2, 1.0)
    write_stock(small_shop._database, best, 5_000, LAST_DAY)
    stocked = board(small_shop).products[0]
    assert (care_calls.count, stocked.stock_milli) == (3, 5_000)
    small_shop.write_supplier(best, "Nacional")
    assert "Nacional" in {part.key for part in board(small_shop).by_supplier}
    assert small_shop._database.read_one("SELECT count(*) FROM result WHERE kind = 'care'") == 1


def test_the_night_makes_it_for_home(small_shop: Shop) -> None:
    made = insights.refresh_care(
        small_shop._database, small_shop.settings, EVENING + timedelta(days=1), Progress()
    )
    assert made == len(board(small_shop).products) > 100


def test_before_any_sale_it_says_what_it_needs(small_shop: Shop) -> None:
    found = small_shop.compute_care(LAST_DAY - timedelta(days=4000))
    assert found == NotEnough(7, 0, "days")
    nothing = insights.refresh_care(
        small_shop._database, small_shop.settings, datetime(2001, 1, 1), Progress()
    )
    assert nothing == 0
