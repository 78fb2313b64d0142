"""Rows in quarantine: mended once for all of a reason, taken in, undone, and known again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from colmado_insights.analytics.categories import CategoryGuess
from colmado_insights.domain import Category, CategorySource, ImportReport
from colmado_insights.errors import UnknownBatch, UnknownColumns
from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing import retry
from colmado_insights.storage.importing.history import undo_batch
from colmado_insights.storage.importing.intake import import_files
from colmado_insights.storage.importing.mending import Columns, mend_cells
from colmado_insights.storage.importing.sources import open_sources
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 12)
HEADER = "fecha,recibo,producto,cantidad,total\n"
GOOD = "2026-05-04 08:10:00,1,Pan de agua,2,20.00\n2026-05-04 19:30:00,2,Cerveza Presidente,6,900.00\n"
BAD_AMOUNT = "2026-05-04 08:10:00,1,Queso,1,noventa\n"
BAD_DATE = "31/12/26,3,Arroz,1,195.00\n"


def categorize(names: Sequence[str], _pos: Sequence[str]) -> list[CategoryGuess]:
    return [CategoryGuess(Category.OTHER, CategorySource.NONE, 0.0, "") for _name in names]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "shop.db")
    yield database
    database.close()


def bring(shop: Database, folder: Path, text: str, name: str = "ventas.csv") -> ImportReport:
    path = folder / name
    path.write_text(HEADER + text, encoding="utf-8")
    return import_files(shop, [path], categorize=categorize, now=NOW)[0]


def total(shop: Database) -> int:
    return int(shop.read_one("SELECT coalesce(sum(revenue_cents), 0) FROM daily"))


def test_rows_are_grouped_by_their_reason(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, GOOD + BAD_AMOUNT + BAD_DATE)
    groups = {group.code: group for group in retry.read_groups(shop)}
    assert groups["bad_amount"].rows == 1
    assert groups["bad_amount"].files == ("ventas.csv",)
    assert "Queso" in groups["bad_amount"].examples[0].raw


def test_a_mended_line_joins_its_receipt(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, GOOD + BAD_AMOUNT)
    report = retry.retry(shop, "bad_amount", {"amount": "90"}, categorize=categorize, now=NOW)
    assert (report.rows_read, report.replaced, report.quarantined) == (1, 1, 0)
    assert total(shop) == 101_000
    assert shop.read("SELECT line_count, total_cents FROM sale WHERE number = '1'") == [(2, 11_000)]
    assert retry.read_groups(shop) == ()
    assert health.find_problems(shop) == ()


def test_undo_lets_the_row_wait_again(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, GOOD + BAD_AMOUNT)
    report = retry.retry(shop, "bad_amount", {"amount": "90"}, categorize=categorize, now=NOW)
    assert report.batch is not None
    undo_batch(shop, report.batch, now=NOW)
    assert total(shop) == 92_000
    assert [group.code for group in retry.read_groups(shop)] == ["bad_amount"]
    assert health.find_problems(shop) == ()


def test_the_same_row_in_a_later_export_changes_nothing(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, GOOD + BAD_AMOUNT)
    retry.retry(shop, "bad_amount", {"amount": "90"}, categorize=categorize, now=NOW)
    again = bring(shop, tmp_path, GOOD + BAD_AMOUNT, "otra-vez.csv")
    assert (again.unchanged, again.new, again.replaced, again.quarantined) == (3, 0, 0, 0)
    assert total(shop) == 101_000


def test_what_still_cannot_be_read_goes_on_waiting(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, GOOD + BAD_AMOUNT + "2026-05-04 09:00:00,4,Salami,1,\n")
    with pytest.raises(UnknownColumns, match="Ninguna fila"):
        retry.retry(shop, "bad_amount", {"quantity": "1"}, categorize=categorize, now=NOW)
    assert {group.code for group in retry.read_groups(shop)} == {"bad_amount", "no_amount"}


def test_dismissed_rows_wait_no_more(shop: Database, tmp_path: Path) -> None:
    bring(shop, tmp_path, GOOD + BAD_AMOUNT)
    assert retry.dismiss(shop, "bad_amount", now=NOW) == 1
    assert retry.read_groups(shop) == ()
    with pytest.raises(UnknownBatch):
        retry.retry(shop, "bad_amount", {"amount": "90"}, categorize=categorize, now=NOW)


def columns_of(folder: Path) -> Columns:
    path = folder / "ventas.csv"
    path.write_text(HEADER + GOOD, encoding="utf-8")
    with open_sources([path]) as (source,):
        return Columns(source.table.header, source.mapping)


@pytest.mark.parametrize(
    ("cells", "fix", "mended"),
    [
        (["05/04/26 8:10 AM", "1", "Pan", "1", "20"], {"date_order": "mdy"}, "2026-05-04 08:10:00"),
        (["05/04/26", "1", "Pan", "1", "20"], {"date_order": "dmy"}, "2026-04-05"),
        (["ayer", "1", "Pan", "1", "20"], {"date": "2026-05-03"}, "2026-05-03"),
        (["ayer", "1", "Pan", "1", "20"], {"date_order": "dmy"}, "ayer"),
    ],
)
def test_dates_are_mended(tmp_path: Path, cells: list[str], fix: dict[str, str], mended: str) -> None:
    assert mend_cells(cells, columns_of(tmp_path), fix)[0] == mended


def test_a_name_with_commas_is_put_together(tmp_path: Path) -> None:
    cells = ["2026-05-04 08:10:00", "1", "Salsa", " roja", "2", "50.00"]
    assert mend_cells(cells, columns_of(tmp_path), {"join": "product"}) == [
        "2026-05-04 08:10:00",
        "1",
        "Salsa, roja",
        "2",
        "50.00",
    ]


def test_a_decimal_comma_is_read(tmp_path: Path) -> None:
    cells = ["2026-05-04 08:10:00", "1", "Pan", "1", "1.234,50"]
    assert float(mend_cells(cells, columns_of(tmp_path), {"decimal": ","})[4]) == 1234.5
