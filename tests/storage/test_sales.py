"""Sales are written in batches and read back as frames; sums follow every write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from colmado_insights.analytics.door import check_frame
from colmado_insights.domain import (
    DAILY_COLUMNS,
    HOURLY_COLUMNS,
    LINE_COLUMNS,
    RECEIPT_COLUMNS,
    day_number,
)
from colmado_insights.storage import sales
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database
from tests.storage.till import bring_one, write_rows

HEADER = ("Recibo", "Fecha", "Tipo de recibo", "Producto", "Cantidad", "Total", "Pago", "Cliente")
ROWS = [
    ("3", "04/03/2026 19:00", "Venta", "Pan", 2, "30.00", "Efectivo", "Ana"),
    ("1", "02/03/2026 08:15", "Venta", "Pan", 1, "15.00", "Efectivo", ""),
    ("1", "02/03/2026 08:15", "Venta", "Café", "0.500", "40.00", "Efectivo", ""),
    ("2", "02/03/2026 08:50", "Reembolso", "Pan", 1, "15.00", "Tarjeta", "Ana"),
]
DAY = day_number(date(2026, 3, 2))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        bring_one(opened, write_rows(tmp_path / "a.csv", ROWS, HEADER))
        yield opened


def test_frames_come_ordered_and_typed(shop: Database) -> None:
    frames = sales.read_sales(shop, DAY, DAY + 5)
    check_frame(frames.receipts, RECEIPT_COLUMNS, "frame")
    check_frame(frames.lines, LINE_COLUMNS, "frame")
    assert frames.receipts["total_cents"].tolist() == [55_00, -15_00, 30_00]
    assert frames.receipts["kind"].tolist() == [0, 1, 0]
    assert frames.receipts["payment"].tolist() == [1, 2, 1]
    assert (frames.receipts["customer_id"] > 0).tolist() == [False, True, True]
    assert frames.lines["receipt"].tolist() == [0, 0, 1, 2]
    assert frames.lines["amount_cents"].tolist() == [15_00, 40_00, -15_00, 30_00]
    assert frames.lines["quantity_milli"].tolist() == [1000, 500, -1000, 2000]


def test_a_stretch_of_days_holds_only_its_own(shop: Database) -> None:
    frames = sales.read_sales(shop, DAY + 1, DAY + 2)
    assert frames.receipts["total_cents"].tolist() == [30_00]
    assert frames.lines["receipt"].tolist() == [0]
    empty = sales.read_sales(shop, DAY + 3, DAY + 9)
    assert (len(empty.receipts), len(empty.lines)) == (0, 0)
    check_frame(empty.receipts, RECEIPT_COLUMNS, "frame")
    check_frame(empty.lines, LINE_COLUMNS, "frame")


def test_pieces_do_not_change_what_is_read(shop: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sales.read_sales(shop, DAY, DAY + 5)
    monkeypatch.setattr(sales, "_PIECE", 1)
    pieces = sales.read_sales(shop, DAY, DAY + 5)
    assert whole.receipts.equals(pieces.receipts)
    assert whole.lines.equals(pieces.lines)
    assert sales.read_receipts(shop, DAY, DAY + 5).equals(whole.receipts)
    known = whole.receipts["sale_id"][whole.receipts["customer_id"] > 0]
    assert sorted(sales.read_known_sales(shop, DAY, DAY + 5)) == sorted(known)


def test_sums_of_days_and_hours(shop: Database) -> None:
    daily, hourly = sales.read_daily(shop), sales.read_hourly(shop)
    check_frame(daily, DAILY_COLUMNS, "frame")
    check_frame(hourly, HOURLY_COLUMNS, "frame")
    assert daily.to_numpy().tolist() == [
        [DAY, 1, 3, 500, 40_00, 15_00],
        [DAY + 2, 1, 1, 2000, 30_00, 0],
    ]
    assert hourly["hour"].tolist() == [8, 19]
    assert sales.read_daily(shop, first=DAY + 1)["day"].tolist() == [DAY + 2]
    assert sales.read_daily(shop, last=DAY + 1)["day"].tolist() == [DAY]


def test_refreshed_sums_are_made_anew_and_counted(shop: Database) -> None:
    version = sales.read_data_version(shop)
    with shop.transaction() as connection:
        connection.execute("UPDATE sale SET sold_at = sold_at + 3600 WHERE number = '3'")
        sales.refresh_sums(connection, [DAY + 2])
    assert sales.read_hourly(shop)["hour"].tolist() == [8, 20]
    assert sales.read_data_version(shop) == version + 1


def test_last_day_and_what_is_known(shop: Database) -> None:
    assert sales.read_last_day(shop) == DAY + 2
    assert sales.read_last_day(shop, date(2026, 3, 3)) == DAY
    assert sales.read_last_day(shop, date(2026, 3, 1)) is None
    assert sales.read_last_moment(shop) == (DAY + 2) * 86_400 + 19 * 3600
    assert sales.count_known(shop) == (1, 2)
    assert sales.count_known(shop, DAY - 1) == (0, 0)
    assert sales.count_quarantined(shop) == 0


@pytest.mark.parametrize(
    ("ids", "runs"),
    [([], []), ([4], [(4, 4)]), ([7, 3, 4, 5, 4], [(3, 5), (7, 7)]), (list(range(1, 1000)), [(1, 999)])],
)
def test_receipts_seen_again_are_kept_as_runs(
    shop: Database, ids: list[int], runs: list[tuple[int, int]]
) -> None:
    with shop.transaction() as connection:
        sales.write_seen(connection, 1, np.array(ids, np.int64))
    assert shop.read("SELECT first_id, last_id FROM seen ORDER BY first_id") == runs


def test_an_id_is_never_given_twice(shop: Database) -> None:
    with shop.transaction() as connection:
        sales.pick(connection, [3])
        sales.archive_picked(connection, 1)
        sales.delete_picked(connection)
        assert sales.next_sale_id(connection) == 4
        sales.restore_picked(connection, 1)
        assert sales.next_sale_id(connection) == 4
