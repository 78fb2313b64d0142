"""Every check finds what it is there for, and nothing in a good file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database
from tests.storage.till import bring_one, write_rows


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    rows = [
        (n, f"{2 + n % 3:02d}/03/2026 08:{n:02d}", name, 1, "5.00", "", "", "")
        for n in range(1, 31)
        for name in ("Pan", "Sal")
    ]
    with open_database(tmp_path / "shop.db") as opened:
        bring_one(opened, write_rows(tmp_path / "a.csv", rows))
        yield opened


def test_a_good_file_has_no_problem(shop: Database) -> None:
    assert health.find_problems(shop) == ()


@pytest.mark.parametrize(
    ("harm", "code", "count"),
    [
        ("UPDATE sale SET batch_id = 9 WHERE id <= 2", "receipts_without_batch", 2),
        ("UPDATE batch SET undone_at = 1", "receipts_of_undone_batch", 30),
        ("UPDATE sale_line SET sale_id = 999 WHERE sale_id = 1", "lines_without_receipt", 2),
        ("DELETE FROM product WHERE name = 'Sal'", "lines_without_product", 30),
        ("UPDATE sale SET customer_id = 99 WHERE id <= 4", "receipts_of_unknown_customer", 4),
        ("DELETE FROM sale_line WHERE sale_id = 3 AND line_no = 0", "receipts_with_wrong_lines", 1),
        ("UPDATE sale_line SET amount_cents = 1 WHERE sale_id = 3", "receipts_with_wrong_lines", 1),
        ("UPDATE daily SET revenue_cents = revenue_cents + 1 WHERE day % 3 = 0", "wrong_daily_sums", 1),
        ("DELETE FROM daily WHERE day % 3 = 0", "wrong_daily_sums", 1),
        ("UPDATE hourly SET receipts = 0", "wrong_hourly_sums", 3),
        ("UPDATE batch SET new = new + 1", "batches_that_do_not_add_up", 1),
        ("UPDATE product SET merged_into = 1 WHERE id = 2", "wrong_merges", 1),
    ],
)
def test_harm_is_found_and_counted(shop: Database, harm: str, code: str, count: int) -> None:
    shop.connection.execute("PRAGMA foreign_keys = OFF")
    shop.connection.execute(harm)
    assert {problem.code: problem.count for problem in health.find_problems(shop)}[code] == count


def test_each_check_is_tried_above() -> None:
    tried = {
        mark.args[1][i][1]
        for mark in test_harm_is_found_and_counted.pytestmark
        for i in range(len(mark.args[1]))
    }  # type: ignore[attr-defined]
    assert tried == set(health.CHECKS)
