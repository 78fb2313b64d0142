"""Looking back: what was known then, what followed, and no peeking."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from colmado_insights.analytics.btyd import Variant
from colmado_insights.analytics.customer_cuts import (
    MOST_ROWS,
    Sales,
    cut_days,
    design,
    some_rows,
    take_cut,
)
from colmado_insights.domain import day_number
from tests.analytics.known_customers import UNTIL, receipts_of, simulate

LAST = day_number(UNTIL)


def test_what_followed_by_hand() -> None:
    receipts = receipts_of(
        [(1, 40, 10_00), (2, 40, 10_00), (3, 9, 10_00), (1, 20, 70_00), (1, 18, -20_00), (2, 5, 5_00)]
    )
    sales, cut = Sales.of(receipts, UNTIL), take_cut(receipts, None, LAST - 30)
    assert cut.ids.tolist() == [1, 2], "who was not known yet is not asked about"
    assert sales.cents_after(cut, 20).tolist() == [50_00, 0]
    assert sales.cents_after(cut, 30).tolist() == [50_00, 5_00]
    assert sales.days_to_next(cut).tolist() == [10, 25]
    assert np.isinf(Sales.of(receipts, UNTIL - timedelta(days=10)).days_to_next(cut)[1]), "not seen by then"
    assert sales.days(UNTIL) == 41


def test_a_refund_is_no_visit() -> None:
    receipts = receipts_of([(1, 40, 10_00), (1, 20, -5_00)])
    assert np.isinf(Sales.of(receipts, UNTIL).days_to_next(take_cut(receipts, None, LAST - 30))[0])


def test_cut_days_leave_a_whole_horizon_after_and_a_month_before() -> None:
    receipts = receipts_of([(1, 199, 1_00), (1, 0, 1_00)])
    days = cut_days(Sales.of(receipts, UNTIL), UNTIL, 60, 99)
    assert days[0] == LAST - 60 and set(np.diff(days)) == {-30}
    assert days[-1] >= LAST - 199 + 29
    assert len(cut_days(Sales.of(receipts, UNTIL), UNTIL, 60, 2)) == 2
    assert cut_days(Sales.of(receipts, UNTIL), UNTIL, 190, 9) == []


@pytest.mark.parametrize("with_lines", [True, False])
def test_design_is_finite_and_sees_nothing_of_the_future(with_lines: bool) -> None:
    known = simulate(40, mean_gap=25, seed=4)
    past = known.before(UNTIL)
    seen, all_of_it = (
        take_cut(receipts, lines if with_lines else None, LAST)
        for receipts, lines in (past, (known.receipts, known.lines))
    )
    columns = design(seen, 60.0)
    assert len(columns) == len(seen) and np.isfinite(columns).all()
    np.testing.assert_array_equal(columns, design(all_of_it, 60.0))


def test_a_whatif_keeps_the_models() -> None:
    cut = take_cut(simulate(30, seed=2).receipts, None, LAST)
    other = cut.with_columns({"recency_days": np.zeros(len(cut))})
    assert other.purchases is cut.purchases and other.spend is cut.spend
    assert (
        other.purchases[Variant.MBGNBD].alive(*other.seen) >= cut.purchases[Variant.MBGNBD].alive(*cut.seen)
    ).all()
    assert cut.column("recency_days").any(), "the first is not changed"


def test_rows_are_all_or_the_same_pick() -> None:
    assert some_rows(5).tolist() == [0, 1, 2, 3, 4]
    picked = some_rows(3 * MOST_ROWS)
    assert len(picked) == len(set(picked.tolist())) == MOST_ROWS
    np.testing.assert_array_equal(picked, some_rows(3 * MOST_ROWS))


def test_nobody_known_is_an_empty_cut() -> None:
    cut = take_cut(receipts_of([(0, 3, 5_00)]), None, LAST)
    assert len(cut) == 0 and pd.isna(cut.features["recency_days"]).sum() == 0
