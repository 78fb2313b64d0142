"""One receipt read alone is the receipt read with its day; runs are read whatever was sold since."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from colmado_insights.domain import day_number
from colmado_insights.shop import Shop
from colmado_insights.storage import assignments, results, sales
from tests.small_shop import LAST_DAY


def test_a_receipt_alone_is_the_receipt_of_its_day(small_shop: Shop) -> None:
    database = small_shop._database
    last = day_number(LAST_DAY)
    day = sales.read_sales(database, last, last)
    lines = day.lines.groupby("receipt").size()
    place = int(lines.index[lines > 2][0])
    alone = assignments.read_receipt(database, int(day.receipts["sale_id"].iloc[place]))
    assert alone is not None
    pd.testing.assert_frame_equal(alone.receipts, day.receipts.iloc[[place]].reset_index(drop=True))
    wanted = day.lines[day.lines["receipt"] == place].assign(receipt=0).reset_index(drop=True)
    order = list(wanted.columns)
    pd.testing.assert_frame_equal(
        alone.lines.sort_values(order, ignore_index=True), wanted.sort_values(order, ignore_index=True)
    )


def test_a_receipt_that_is_not_there_is_none(small_shop: Shop) -> None:
    assert assignments.read_receipt(small_shop._database, 10**9) is None


def test_receipts_are_found_by_their_number(small_shop: Shop) -> None:
    ((sale_id, number),) = small_shop._database.read("SELECT id, number FROM sale LIMIT 1")
    assert sale_id in assignments.find_receipts(small_shop._database, number)
    assert assignments.find_receipts(small_shop._database, "no such number") == ()


def test_a_run_is_read_though_sales_changed_since(small_shop: Shop) -> None:
    database = small_shop._database
    made = datetime(2026, 11, 19, 23)
    results.write_result(database, "learned", 20_000, "{}", {"k": 8}, made_at=made, version=-1)
    assert results.read_result(database, "learned", 20_000, "{}") is None
    assert assignments.read_run(database, "learned", 20_000, "{}") == '{"k": 8}'
    assert assignments.read_run(database, "learned", 19_999, "{}") is None
    assert assignments.find_last_run(database, "learned") == 20_000
    assert assignments.find_last_run(database, "other") is None


def test_assignments_of_no_day_are_an_empty_frame(small_shop: Shop) -> None:
    frame = assignments.read_assignments(small_shop._database, 1, 2)
    assert frame.empty
    assert list(frame.columns) == list(assignments.SEGMENT_DAYS)
