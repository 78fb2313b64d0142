"""Every small export under tests/data, dropped as a shopkeeper would: its sales stand beside it, or why it is refused.

A folder with an `expected.csv` holds several writings of the same sales, each imported alone, or one
export of several files (EXPORTS) that are dropped together.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench import fuzz_import
from colmado_insights.domain import PAYMENTS, ImportReport, moment_of
from colmado_insights.errors import FileProblem
from colmado_insights.storage import health
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.sources import open_sources
from colmado_insights.storage.schema import open_database
from tests.storage.presets.made import DATA, sold
from tests.storage.till import bring_in, dump

LEAST = 60
ANY_NUMBER = "*"
EXPORTS = ("ecf", "eleventa", "unicenta", "square/pair")
"""Folders whose files are one export, as those whose name ends in "together"."""

PRESETS = {
    "loyverse-items": "loyverse_items",
    "loyverse-receipts": "loyverse_receipts",
}
"""The preset that knows a folder, where it is not named like the folder; what nobody knows is generic."""

SEVERAL = ("shopify", "odoo", "erpnext", "vend", "square")
BESIDE = {
    "corpus/loyverse-items": ("receipts-by-item-2026-10-01-2026-10-31.csv", "receipts-by-item-es.csv"),
    "corpus/loyverse-receipts": ("receipts-2026-10-01-2026-10-31.csv", "receipts-es.csv"),
}
"""Files of the folder above whose sales are those of a folder."""

SUMMARY_XML = ("resúmenes, acuses", "XML completos")
"""What is told of papers that the preset of e-CF knows, and that are no invoices."""

RECEIPTS = """
    SELECT sale.number, sold_at, kind, total_cents, payment, coalesce(cashier.name, ''),
        coalesce(customer.name, '')
    FROM sale LEFT JOIN cashier ON cashier.id = cashier_id LEFT JOIN customer ON customer.id = customer_id
    ORDER BY sale.number, kind, sold_at"""


@dataclass(frozen=True)
class Drop:
    """Files dropped together, and the folder whose sales they hold."""

    folder: Path
    files: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The folder, and the file where there is one."""
        place = self.folder.relative_to(DATA).as_posix().removeprefix("corpus/")
        return f"{place}/{self.files[0].name}" if len(self.files) == 1 else place

    @property
    def preset(self) -> str:
        """The preset that must know it."""
        top = self.name.split("/")[0]
        known = top in SEVERAL or top in ("dexie", "ecf", "eleventa", "unicenta", "aronium")
        return PRESETS.get(top, top if known else "generic")


def find_drops() -> list[Drop]:
    """All that can be dropped of what lies under tests/data, refused files and catalogs apart."""
    drops: list[Drop] = []
    for table in sorted(DATA.rglob("expected.csv")):
        folder = table.parent
        place = folder.relative_to(DATA).as_posix()
        if folder.name in ("refused", "catalogs"):
            continue
        if place == "ecf":
            drops.append(Drop(folder, (folder / "emitidos",)))
            continue
        files = sorted(path for path in folder.iterdir() if path.is_file() and path != table)
        if place in EXPORTS or folder.name.endswith("together"):
            drops.append(Drop(folder, tuple(files)))
        else:
            files += [DATA / name for name in BESIDE.get(place, ())]
            drops += [Drop(folder, (file,)) for file in files]
    return drops


DROPS = find_drops()


def refused_files() -> list[tuple[Path, str, str]]:
    """Files that hold no sales, with words of what they are told to be and of what to export instead."""
    with (DATA / "refused" / "expected.csv").open(encoding="utf-8", newline="") as stream:
        files = [(DATA / "refused" / row[0], row[1], row[2]) for row in list(csv.reader(stream))[1:]]
    files = [(path, *(SUMMARY_XML if path.suffix == ".xml" else words)) for path, *words in files]
    catalogs = [path for path in (DATA / "catalogs").iterdir() if path.name != "expected.csv"]
    return files + [(path, "", "") for path in sorted(catalogs)]


def wanted(folder: Path) -> tuple[bool, list[tuple[str, ...]]]:
    """Whether the lines are told, and the lines or receipts that must come of a folder."""
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = map(tuple, csv.reader(stream))
    return "product" in header, [(row[0], row[1][:16], *row[2:]) for row in rows]


def kept(database: Database, *, has_lines: bool) -> list[tuple[str, ...]]:
    """What came in, to the cent and the minute."""
    if has_lines:
        return [(row[0], row[1][:16], *row[2:]) for row in sold(database)]
    return [
        (
            number, moment_of(at).isoformat(sep=" ")[:16], ("sale", "refund")[kind], f"{cents / 100:.2f}",
            str(PAYMENTS[payment]), cashier, customer,
        )
        for number, at, kind, cents, payment, cashier, customer in database.read(RECEIPTS)
    ]  # fmt: skip


def check_rows(reports: Sequence[ImportReport]) -> None:
    """Every row of every file ended somewhere."""
    for report in reports:
        assert report.is_accounted
        assert report.rows_read > 0


def test_the_corpus_is_large_enough(record_property: Callable[[str, object], None]) -> None:
    """The counts are kept with the run's report (`pytest --junit-xml`)."""
    record_property("drops_of_sales", len(DROPS))
    record_property("refused_files", len(refused_files()))
    assert len(DROPS) + len(refused_files()) >= LEAST


@pytest.mark.parametrize("drop", DROPS, ids=lambda drop: drop.name)
def test_what_is_dropped_comes_in(drop: Drop, tmp_path: Path) -> None:
    with open_sources(drop.files) as sources:
        assert drop.preset in {source.preset for source in sources}
    has_lines, expected = wanted(drop.folder)
    with open_database(tmp_path / "shop.db") as database:
        check_rows(bring_in(database, *drop.files))
        found = kept(database, has_lines=has_lines)
        if expected[0][0] == ANY_NUMBER:
            assert len({row[0] for row in found}) > 1
            found = [(ANY_NUMBER, *row[1:]) for row in found]
        assert found == expected
        before = dump(database)
        again = bring_in(database, *drop.files)
        check_rows(again)
        assert [(report.receipts_new, report.new, report.replaced) for report in again] == [(0, 0, 0)] * len(
            again
        )
        assert dump(database) == before
        assert health.find_problems(database) == ()


@pytest.mark.parametrize(
    ("path", "what", "todo"), refused_files(), ids=lambda value: getattr(value, "name", "")
)
def test_what_holds_no_sales_is_refused_with_what_to_do(
    path: Path, what: str, todo: str, tmp_path: Path
) -> None:
    with open_database(tmp_path / "shop.db") as database:
        with pytest.raises(FileProblem) as refusal:
            bring_in(database, path)
        assert what in refusal.value.what
        assert todo in refusal.value.todo
        assert refusal.value.todo.strip()
        assert database.read("SELECT count(*) FROM batch") == [(0,)]


@pytest.mark.parametrize(("files", "seed"), [(300, 1), pytest.param(2_000, 2, marks=pytest.mark.slow)])
def test_broken_files_come_in_whole_or_are_refused(files: int, seed: int) -> None:
    fates = fuzz_import.fates(files, seed)
    assert len(fates) == files
    assert [fate for fate in fates if fate.what not in ("in", "refused")] == []
    assert all(fate.seconds < fuzz_import.MOST_SECONDS for fate in fates[1:])
    # Both ends are reached: what is only refused, or only let in, was not broken in earnest.
    shares = [sum(fate.what == what for fate in fates) / files for what in ("in", "refused")]
    assert min(shares) > 0.1
