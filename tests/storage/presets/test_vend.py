"""Vend's sales, lines and payments in one table, and ERPNext's invoices, become sales once."""

from __future__ import annotations

import random
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.presets import erpnext, vend
from colmado_insights.storage.importing.quarantine import read_bad_rows
from colmado_insights.storage.schema import open_database
from tests.storage.presets.made import DATA, bring_made, can_come_in, expected, mutate, sold
from tests.storage.till import dump

SALES = DATA / "vend" / "sales" / "vend-sales-history.csv"
INVOICES = DATA / "erpnext" / "invoices" / "POS-Invoice.csv"
BOTH = [(vend, SALES), (erpnext, INVOICES)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "shop.db") as opened:
        yield opened


@pytest.mark.parametrize(("preset", "path"), BOTH, ids=["vend", "erpnext"])
def test_it_comes_in_to_the_cent_and_the_minute(
    database: Database, preset: types.ModuleType, path: Path
) -> None:
    report = bring_made(database, preset, path)
    assert sold(database) == expected(path.parent)
    assert (report.voided, report.quarantined) == (2, 0)
    before = dump(database)
    again = bring_made(database, preset, path)
    assert (again.new, again.replaced) == (0, 0)
    assert dump(database) == before


def test_a_sale_without_lines_counts_once_and_stray_rows_are_kept_aside(
    database: Database, tmp_path: Path
) -> None:
    lines = SALES.read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "x.csv"
    path.write_text(
        lines[0] + lines[1] + lines[4] + lines[8].replace("Payment", "Layby") + lines[11], encoding="utf-8"
    )
    report = bring_made(database, vend, path)
    assert report.revenue_cents == 110_00
    assert [(line[3], line[9]) for line in sold(database)] == [("SIN NOMBRE", "cash")]
    assert report.batch is not None
    assert ["102" in bad.raw or "103" in bad.raw for bad in read_bad_rows(database, report.batch)] == [
        True
    ] * 2


def test_files_that_overlap_tell_each_sale_once(database: Database, tmp_path: Path) -> None:
    again = tmp_path / "otra vez.csv"
    again.write_bytes(SALES.read_bytes())
    bring_made(database, vend, SALES, again)
    assert sold(database) == expected(SALES.parent)


@pytest.mark.parametrize(("preset", "path"), BOTH, ids=["vend", "erpnext"])
def test_it_alone_takes_its_file(preset: types.ModuleType, path: Path) -> None:
    assert preset.recognise(path, path.read_bytes()) >= 0.9
    others = [
        other for name in ("square", "odoo", "shopify", "refused") for other in (DATA / name).rglob("*.*")
    ]
    for other in [*others, *DATA.glob("*.csv"), *(file for module, file in BOTH if module is not preset)]:
        assert preset.recognise(other, other.read_bytes()) == 0


@pytest.mark.parametrize(("preset", "path"), BOTH, ids=["vend", "erpnext"])
def test_broken_files_are_refused_with_a_sentence_or_read(
    database: Database, tmp_path: Path, preset: types.ModuleType, path: Path
) -> None:
    chance = random.Random(5)
    read = 0
    for _round in range(100):
        broken = tmp_path / path.name
        broken.write_bytes(mutate(chance, path.read_bytes()))
        read += can_come_in(database, preset, [broken])
    assert read > 50
