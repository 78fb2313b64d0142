"""Answers are kept as long as the sales they came from do not change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from colmado_insights.domain import day_number
from colmado_insights.storage import results, sales
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database
from tests.storage.till import NOW, bring_one, write_rows

DAY = day_number(date(2026, 3, 4))
"""The last day of the sales, which are of the 2nd to the 4th."""
ROWS = [(n, f"{2 + n % 3:02d}/03/2026 08:{n:02d}", "Pan", 1, "5.00", "", "", "") for n in range(1, 31)]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        bring_one(opened, write_rows(tmp_path / "a.csv", ROWS))
        yield opened


def test_an_answer_is_fresh_until_the_sales_change(shop: Database, tmp_path: Path) -> None:
    version = sales.read_data_version(shop)
    results.write_result(shop, "segments", DAY, "p", {"a": "ñ"}, made_at=NOW, version=version)
    assert results.read_result(shop, "segments", DAY, "p") == '{"a": "ñ"}'
    assert results.read_result(shop, "segments", DAY, "q") is None
    assert results.read_result(shop, "segments", DAY + 1, "p") is None
    bring_one(shop, write_rows(tmp_path / "b.csv", [(99, *ROWS[0][1:])]))
    assert results.read_result(shop, "segments", DAY, "p") is None
    assert results.read_latest_result(shop, "segments", DAY + 5) == '{"a": "ñ"}'
    assert results.read_latest_result(shop, "segments", DAY - 1) is None


def test_an_answer_made_while_sales_came_in_is_not_fresh(shop: Database, tmp_path: Path) -> None:
    version = sales.read_data_version(shop)
    bring_one(shop, write_rows(tmp_path / "b.csv", [(99, *ROWS[0][1:])]))
    results.write_result(shop, "segments", DAY, "p", {}, made_at=NOW, version=version)
    assert results.read_result(shop, "segments", DAY, "p") is None


def test_sales_of_a_later_day_leave_an_answer_fresh(shop: Database, tmp_path: Path) -> None:
    version = sales.read_data_version(shop)
    for until in (DAY - 1, DAY):
        results.write_result(shop, "forecast", until, "p", {"until": until}, made_at=NOW, version=version)
    bring_one(shop, write_rows(tmp_path / "b.csv", [(99, "04/03/2026 19:00", *ROWS[0][2:])]))
    assert results.read_result(shop, "forecast", DAY, "p") is None
    assert results.read_result(shop, "forecast", DAY - 1, "p") == f'{{"until": {DAY - 1}}}'


def test_the_last_forecast_made_before_a_day_speaks_for_it(shop: Database) -> None:
    for until, mean in ((10, 1.0), (12, 2.0)):
        points = [(day, mean, 0, 3, 0, 4) for day in range(until + 1, until + 5)]
        results.write_forecast(shop, "revenue", until, "theta", points, NOW)
    assert [results.read_forecast_mean(shop, "revenue", day) for day in (10, 12, 13, 16, 17)] == [
        None, 1.0, 2.0, 2.0, None,
    ]  # fmt: skip


def features(days: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "day": np.array(days, "int64"),
            "share": np.linspace(0, 1, len(days)),
            "kind": np.arange(len(days)).astype("int8"),
            "is_weekend": np.arange(len(days)) % 2 == 0,
        }
    )


def test_features_are_kept_a_day_at_a_time(shop: Database) -> None:
    days = sales.read_daily(shop)["day"].tolist()
    assert results.find_days_without_features(shop) == days
    frame = features([days[0], days[0], days[1], days[2]])
    results.write_features(shop, frame.iloc[:3])
    assert results.find_days_without_features(shop) == days[2:]
    assert results.read_features(shop, days[0], days[2]) is None
    results.write_features(shop, frame.iloc[3:])
    read = results.read_features(shop, days[0], days[2])
    assert read is not None
    pd.testing.assert_frame_equal(read, frame)
    part = results.read_features(shop, days[1], days[1])
    assert part is not None
    pd.testing.assert_frame_equal(part, frame.iloc[2:3].reset_index(drop=True))


def test_changed_days_lose_their_features(shop: Database, tmp_path: Path) -> None:
    days = sales.read_daily(shop)["day"].tolist()
    results.write_features(shop, features(days))
    row = (99, datetime(2026, 3, 3, 9).strftime("%d/%m/%Y %H:%M"), *ROWS[0][2:])
    bring_one(shop, write_rows(tmp_path / "b.csv", [row]))
    assert results.find_days_without_features(shop) == [days[1]]
    results.write_settings(shop, {"shop_name": "Colmado Ñ"})
    assert results.find_days_without_features(shop) == [days[1]], "they do not depend on a name"
    results.write_settings(shop, {"pay_days": [5, 20]}, is_new_start=True)
    assert results.find_days_without_features(shop) == days


def test_assignments_of_a_day_are_replaced(shop: Database) -> None:
    results.write_assignments(
        shop,
        [5, 6],
        ["basket_value"],
        [(5, "quick_picks", "basket_value", 3, 100), (6, "quick_picks", "basket_value", 1, 5)],
    )
    results.write_assignments(shop, [5], ["learned"], [(5, "learned_1", "learned", 3, 100)])
    results.write_assignments(shop, [5, 6], ["basket_value"], [(5, "big_shoppers", "basket_value", 2, 900)])
    assert shop.read(
        "SELECT day, name, receipts, revenue_cents FROM segment_assignment JOIN segment ON id = segment_id"
        " ORDER BY day, name"
    ) == [(5, "big_shoppers", 2, 900), (5, "learned_1", 3, 100)]


def test_insights_are_replaced_never_repeated(shop: Database) -> None:
    for body in ({"a": 1}, {"a": 2}):
        results.write_insights(shop, [("traffic", "busy", NOW, NOW, body)])
    assert results.read_insights(shop) == [{"a": 2}]


def test_settings_are_remembered(shop: Database) -> None:
    results.write_settings(shop, {"shop_name": "Colmado Ñ", "pay_days": [15, 30]})
    results.write_settings(shop, {"shop_name": "Colmado Z"})
    assert results.read_settings(shop) == {"shop_name": "Colmado Z", "pay_days": [15, 30]}
