"""The same sales in overlapping files, in any order, are the same database (bench.overlap, fewer days)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import overlap
from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.schema import open_database
from tests.storage.till import bring_one, dump, write_rows

HEADER = ("Recibo", "Fecha", "Producto", "Cantidad", "Total")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


def test_twenty_days_in_24_files_are_the_days_of_one_file(tmp_path: Path) -> None:
    check_days(tmp_path, 20)


@pytest.mark.slow
def test_a_year_in_24_files_is_the_year_of_one_file(tmp_path: Path) -> None:
    check_days(tmp_path, overlap.A_YEAR)


def check_days(folder: Path, days: int) -> None:
    whole = overlap.write_year(folder, days)
    parts = overlap.cut_in_halves(whole, folder)
    assert len(parts) == overlap.PARTS
    random.Random(24).shuffle(parts)
    assert overlap.differing(folder, whole, parts) == []


def test_two_of_one_number_around_a_kept_one_do_not_claim_it_both(database: Database, tmp_path: Path) -> None:
    noon = ("7", "17/09/2026 12:00", "Pan", 1, 10)
    night, late = ("7", "17/09/2026 03:00", "Café", 1, 30), ("7", "17/09/2026 17:00", "Ron", 1, 500)
    bring_one(database, write_rows(tmp_path / "a.csv", [noon], HEADER))
    bring_one(database, write_rows(tmp_path / "b.csv", [night, late], HEADER))
    before = dump(database)
    # The one nearer to noon is its newer version; the other is a receipt of its own.
    assert [line[4] for line in before["lines"]] == ["Café", "Ron"]
    assert health.find_problems(database) == ()
    again = bring_one(database, write_rows(tmp_path / "c.csv", [late, night], HEADER))
    assert (again.new, again.replaced) == (0, 0)
    assert dump(database) == before


def test_lines_without_their_receipts_time_stay_with_it(database: Database, tmp_path: Path) -> None:
    header = ("Recibo", "Fecha", "Hora", "Producto", "Cantidad", "Total")
    rows = [
        ("7", "17/09/2026", "", "Pan", 1, 10),
        ("7", "17/09/2026", "20:15", "Ron", 1, 500),
        ("8", "17/09/2026", "20:30", "Café", 1, 30),
    ]
    bring_one(database, write_rows(tmp_path / "a.csv", rows, header))
    assert [(sale[0], sale[4], sale[1] // 60 % 1440) for sale in dump(database)["sales"]] == [
        ("7", 510_00, 20 * 60 + 15),
        ("8", 30_00, 20 * 60 + 30),
    ]
    again = bring_one(database, write_rows(tmp_path / "b.csv", rows, header))
    assert (again.new, again.replaced) == (0, 0)
