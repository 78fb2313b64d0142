"""The crowd: counts as they are, usual prices by month, bargains and treats, and goods sold by amount."""

from __future__ import annotations

import numpy as np
import pandas as pd

from colmado_insights.analytics.crowd import Crowd, compute_crowd, find_bargains, find_sold_lines
from colmado_insights.domain import (
    CATEGORY_CODE,
    LINE_COLUMNS,
    RECEIPT_COLUMNS,
    SECONDS_A_DAY,
    Category,
    SaleKind,
    day_number,
)
from tests.analytics.known_customers import UNTIL

PRODUCTS = pd.DataFrame(
    {"product_id": [1, 2, 3], "name": ["Leche", "Platanito", "Salami"], "category": [2, 4, 8]}
)
CATEGORY = {1: Category.BAKERY, 2: Category.SNACKS, 3: Category.MEAT}
LAST = day_number(UNTIL)

Sold = tuple[int, int, list[tuple[int, int, int]]]
"""Days ago, hour, and the lines: product, thousandths, cents."""


def frames(sales: list[Sold], customer: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Receipts and lines; cents below nought make a refund."""
    rows = [
        (place, product, CATEGORY_CODE[CATEGORY[product]], quantity, cents)
        for place, (_ago, _hour, lines) in enumerate(sales)
        for product, quantity, cents in lines
    ]
    lines = pd.DataFrame(rows, columns=list(LINE_COLUMNS)).astype(LINE_COLUMNS)
    receipts = pd.DataFrame(dict.fromkeys(RECEIPT_COLUMNS, 0), index=range(len(sales)))
    receipts["sale_id"] = np.arange(len(sales)) + 1
    receipts["sold_at"] = [(LAST - ago) * SECONDS_A_DAY + hour * 3600 for ago, hour, _lines in sales]
    receipts["has_time"] = True
    receipts["total_cents"] = [sum(cents for *_line, cents in own) for *_when, own in sales]
    receipts["kind"] = np.where(receipts["total_cents"] < 0, SaleKind.REFUND, SaleKind.SALE)
    receipts["payment"] = 1
    receipts["customer_id"] = customer
    return receipts.astype(RECEIPT_COLUMNS), lines


def crowd_of(sales: list[Sold]) -> Crowd:
    return compute_crowd(*frames(sales), PRODUCTS, until=UNTIL)


def test_sales_are_counted_and_refunds_and_the_future_are_not() -> None:
    crowd = crowd_of([(1, 8, [(1, 1000, 80_00)]), (2, 8, [(1, -1000, -80_00)]), (-1, 9, [(1, 1000, 80_00)])])
    assert crowd.receipts == 1
    assert crowd.hours[8] == sum(crowd.hours) == 1
    assert crowd.lines == {1: 1}


def test_usual_prices_are_medians_by_month_where_five_lines_tell_them() -> None:
    now = [(ago, 9, [(1, 1000, 90_00)]) for ago in range(9)]
    before = [(ago, 9, [(1, 1000, 80_00)]) for ago in range(30, 36)]
    few = [(ago, 9, [(2, 1000, 10_00)]) for ago in range(3)]
    crowd = crowd_of([*now, *before, *few])
    assert crowd.usual_cents == {1: (90_00, 80_00, *[0] * 11)}


def test_a_cut_price_is_a_bargain_and_a_risen_one_is_not() -> None:
    sales = [
        *[(ago, 9, [(1, 1000, 80_00)]) for ago in range(30, 50)],
        *[(ago, 9, [(1, 1000, 70_00)]) for ago in range(10)],
    ]
    receipts, lines = frames(sales)
    sold = find_sold_lines(receipts, lines, LAST)
    is_priced, is_bargain = find_bargains(sold, crowd_of(sales).usual_cents, LAST)
    assert is_priced.all()
    assert is_bargain.tolist() == [False] * 20 + [True] * 10
    risen = [(ago, hour, [(1, 1000, 160_00 - cents)]) for ago, hour, [(_p, _q, cents)] in sales]
    assert crowd_of(risen).bargain_share == 0


def test_goods_sold_by_amount_have_no_unit_price() -> None:
    crowd = crowd_of([(ago, 9, [(3, 137, 25_00)]) for ago in range(9)])
    assert crowd.by_amount == (3,)
    assert crowd.usual_cents == {}
    assert crowd.bargain_share == 0


def test_treats_are_small_and_nothing_else() -> None:
    treat, milk = (2, 1000, 25_00), (1, 1000, 80_00)
    crowd = crowd_of([(1, 9, [treat]), (1, 10, [treat, milk]), (2, 9, [treat] * 3), (2, 10, [milk])])
    assert crowd.treat_share == 0.25
