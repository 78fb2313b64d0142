"""A preview says what will come, by the same code, and writes nothing; a choice of columns is remembered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from colmado_insights.analytics.categories import CategoryGuess
from colmado_insights.domain import Category, CategorySource, MappingChoice
from colmado_insights.storage.database import Database
from colmado_insights.storage.importing.intake import import_files
from colmado_insights.storage.importing.preview import count_receipts, preview_files
from colmado_insights.storage.schema import open_database

NOW = datetime(2026, 11, 20, 12)
SALES = """fecha,recibo,producto,cantidad,total
2026-05-04 08:10:00,1,Pan de agua,2,20.00
2026-05-04 08:10:00,1,Queso,1,90.50
2026-05-04 19:30:00,2,Cerveza,6,noventa
"""
ODD = "a,b,c,d\n03/04/2026,Pan,2,20\n13/04/2026,Queso,1,90\n"


def categorize(names: Sequence[str], _pos: Sequence[str]) -> list[CategoryGuess]:
    return [CategoryGuess(Category.OTHER, CategorySource.NONE, 0.0, "") for _name in names]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "shop.db")
    yield database
    database.close()


def write(folder: Path, text: str, name: str = "ventas.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def dump(shop: Database) -> list[object]:
    tables = ("batch", "sale", "sale_line", "product", "quarantine", "daily", "layout")
    return [shop.read(f"SELECT * FROM {table}") for table in tables]


def test_it_tells_what_will_come_and_writes_nothing(shop: Database, tmp_path: Path) -> None:
    path = write(tmp_path, SALES)
    before = dump(shop)
    (preview,) = preview_files(shop, [path], categorize=categorize, now=NOW)
    assert dump(shop) == before
    assert preview.report is not None
    assert (preview.report.new, preview.report.quarantined) == (2, 1)
    (sale,) = preview.sales
    assert (sale.number, sale.total_cents, [line.product for line in sale.lines]) == (
        "1",
        11_050,
        ["Pan de agua", "Queso"],
    )
    (report,) = import_files(shop, [path], categorize=categorize, now=NOW)
    assert (report.new, report.quarantined) == (preview.report.new, preview.report.quarantined)


def test_one_bad_file_does_not_hide_the_others(shop: Database, tmp_path: Path) -> None:
    good, bad = write(tmp_path, SALES), write(tmp_path, "", "vacio.csv")
    previews = preview_files(shop, [bad, good], categorize=categorize, now=NOW)
    assert [(preview.file, bool(preview.trouble)) for preview in previews] == [
        ("ventas.csv", False),
        ("vacio.csv", True),
    ]


def test_a_choice_of_columns_is_used_and_remembered(shop: Database, tmp_path: Path) -> None:
    path = write(tmp_path, ODD)
    (unknown,) = preview_files(shop, [path], categorize=categorize, now=NOW)
    assert unknown.trouble
    assert unknown.can_map
    assert unknown.header == ("a", "b", "c", "d")
    choice = MappingChoice(
        {"moment": 0, "product": 1, "quantity": 2, "line_total": 3}, "dmy", ".", "line_total"
    )
    (chosen,) = preview_files(shop, [path], categorize=categorize, now=NOW, choices={path: choice})
    assert not chosen.trouble
    assert chosen.report is not None
    assert chosen.report.new == 2
    import_files(shop, [path], categorize=categorize, now=NOW, choices={path: choice})
    other = write(tmp_path, ODD.replace("Pan", "Arroz"), "otra.csv")
    (again,) = preview_files(shop, [other], categorize=categorize, now=NOW)
    assert again.is_remembered
    assert again.sales[0].sold_at == datetime(2026, 4, 3)


def test_a_zip_of_several_files_comes_in_whole(shop: Database, tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "mes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mayo/ventas.csv", SALES)
        archive.writestr("junio/ventas.csv", SALES.replace("2026-05", "2026-06"))
        archive.writestr("leeme.pdf", "%PDF")
    reports = import_files(shop, [path], categorize=categorize, now=NOW)
    assert [report.new for report in reports] == [2, 2]


PAIR = [
    Path(__file__).parent.parent / "data" / f"receipts{kind}-2026-10-01-2026-10-31.csv"
    for kind in ("", "-by-item")
]
DAY = "2026-05-04 08:10:00"


def table(folder: Path, name: str, *receipts: tuple[int, str, str]) -> Path:
    rows = [f"{when},{number},{till},Pan,1,10.00" for number, when, till in receipts]
    return write(folder, "\n".join(["fecha,recibo,caja,producto,cantidad,total", *rows]) + "\n", name)


def test_files_that_share_receipts_bring_each_once(shop: Database, tmp_path: Path) -> None:
    """What is counted before is what comes, whichever of the files are left out."""
    one, two, next_day = "Caja 1", "Caja 2", "2026-05-05 08:10:00"
    files = [
        *PAIR,
        table(tmp_path, "mayo.csv", (1, DAY, one), (2, DAY, one), (1, next_day, one)),
        table(tmp_path, "otra caja.csv", (1, DAY, two), (3, DAY, two)),
        table(tmp_path, "sin caja.csv", (2, DAY, ""), (4, DAY, "")),
        table(tmp_path, "otra vez.csv", (1, next_day, one), (4, DAY, one), (5, DAY, one)),
    ]
    import_files(shop, [table(tmp_path, "antes.csv", (5, DAY, one))], categorize=categorize, now=NOW)
    previews = preview_files(shop, files, categorize=categorize, now=NOW)
    news = [preview.report.receipts_new for preview in previews if preview.report]
    assert sum(news) > count_receipts(previews) > max(news)
    for chosen in (files[:2], files[2:4], files[2:5:2], files[2:], files):
        wanted = count_receipts([preview for preview in previews if preview.path in chosen])
        with closing(open_database(tmp_path / f"{len(chosen)} {chosen[-1].stem}.db")) as copy:
            import_files(copy, [tmp_path / "antes.csv"], categorize=categorize, now=NOW)
            reports = import_files(copy, chosen, categorize=categorize, now=NOW)
        assert wanted == sum(report.receipts_new for report in reports), [path.name for path in chosen]
