"""Receipts as a matrix: what counts, once, in the order of time."""

from __future__ import annotations

import numpy as np
import pytest

from colmado_insights.analytics.basket_matrix import lay_baskets
from colmado_insights.domain import NO_HOUR, day_number
from tests.analytics.planted_baskets import UNTIL, frames_of

LAST = day_number(UNTIL)


def test_a_product_counts_once_a_receipt_and_a_refund_not_at_all() -> None:
    receipts, lines = frames_of([[1, 1, 2], [2], [1, 2, 3], [1]], kinds=[0, 0, 0, 1])
    baskets = lay_baskets(receipts, lines, first=LAST, last=LAST)
    assert baskets.product_ids.tolist() == [2, 1, 3]  # best sellers first
    assert baskets.receipts.tolist() == [3, 2, 1]
    assert baskets.sizes.tolist() == [2, 1, 3]
    assert baskets.count_pairs().toarray().tolist() == [[3, 2, 1], [2, 2, 1], [1, 1, 1]]


def test_only_the_window_and_the_wanted_products_count_oldest_first() -> None:
    receipts, lines = frames_of([[1, 2], [1, 9], [2]], days=[0, 3, 1], hours=[9, 10, 11])
    receipts.loc[2, "has_time"] = False
    baskets = lay_baskets(receipts, lines, first=LAST - 1, last=LAST, product_ids=np.array([1, 2]))
    assert baskets.day.tolist() == [LAST - 1, LAST]
    assert baskets.hour.tolist() == [NO_HOUR, 9]
    assert baskets.count_days(LAST - 1, LAST).tolist() == [[1, 0], [1, 1]]  # product 2 sells best


@pytest.mark.parametrize(("fewest", "most", "kept"), [(2, 10, [1, 2]), (1, 1, [1]), (4, 10, [])])
def test_rare_products_stay_out_and_a_receipt_without_any_too(
    fewest: int, most: int, kept: list[int]
) -> None:
    receipts, lines = frames_of([[1, 2], [1, 3], [1, 2], [4]])
    baskets = lay_baskets(receipts, lines, first=LAST, last=LAST, fewest=fewest, most=most)
    assert baskets.product_ids.tolist() == kept
    assert baskets.matrix.shape == (3 if kept else 0, len(kept))
